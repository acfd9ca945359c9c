//! Which positions of a map a window sees, in one to three dimensions.

/// How windows walk over a map, along each axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The positions of the map that comes in.
    pub size: Vec<usize>,
    pub kernel: Vec<usize>,
    pub stride: Vec<usize>,
    /// Positions of zeros before and behind each axis.
    pub padding: Vec<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a window of {kernel:?} does not fit into a map of {size:?} with a padding of {padding:?}")]
pub struct WindowsError {
    size: Vec<usize>,
    kernel: Vec<usize>,
    padding: Vec<usize>,
}

/// For each window, and each tap of it in raster order, the position that it sees; none where that is padding.
#[derive(Debug)]
pub struct Seen {
    pub taps: usize,
    pub positions: Vec<Option<usize>>,
}

impl Windows {
    /// Blocks of `kernel` positions next to each other, from the first position of a map of `size` on.
    pub fn blocks(size: Vec<usize>, kernel: &[usize]) -> Self {
        Self { kernel: kernel.into(), stride: kernel.into(), padding: vec![0; size.len()], size }
    }

    /// The positions that leave: one for each window.
    ///
    /// # Errors
    /// If no window fits.
    pub fn output(&self) -> Result<Vec<usize>, WindowsError> {
        let Self { size, kernel, stride, padding } = self;
        let along = |axis: usize| {
            let rest = (size[axis] + 2 * padding[axis]).checked_sub(kernel[axis]);
            rest.map(|rest| rest / stride[axis] + 1)
        };
        let lengths: Option<Vec<usize>> = (0..size.len()).map(along).collect();
        lengths.ok_or_else(|| WindowsError {
            size: size.clone(),
            kernel: kernel.clone(),
            padding: padding.clone(),
        })
    }

    /// # Panics
    /// If no window fits.
    pub fn seen(&self) -> Seen {
        let output = self.output().unwrap_or_else(|error| panic!("{error}"));
        let taps = self.kernel.iter().product();
        let windows: usize = output.iter().product();
        let position = |window: usize, tap: usize| {
            let (mut window, mut tap, mut position, mut inner) = (window, tap, 0, 1);
            for axis in (0..self.size.len()).rev() {
                let at = (window % output[axis] * self.stride[axis] + tap % self.kernel[axis])
                    .checked_sub(self.padding[axis])
                    .filter(|at| *at < self.size[axis])?;
                position += at * inner;
                inner *= self.size[axis];
                window /= output[axis];
                tap /= self.kernel[axis];
            }
            Some(position)
        };
        let positions = (0..windows)
            .flat_map(|window| (0..taps).map(move |tap| (window, tap)))
            .map(|(w, t)| position(w, t));
        Seen { taps, positions: positions.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_see_what_they_stand_on() {
        let windows =
            Windows { size: vec![2, 3], kernel: vec![2, 2], stride: vec![1, 2], padding: vec![0, 1] };
        assert_eq!(windows.output().unwrap(), [1, 2]);
        assert_eq!(
            windows.seen().positions,
            [None, Some(0), None, Some(3), Some(1), Some(2), Some(4), Some(5)]
        );
        let wide = Windows { kernel: vec![3, 2], ..windows };
        assert!(wide.output().unwrap_err().to_string().contains("a window of [3, 2] does not fit"));
    }
}

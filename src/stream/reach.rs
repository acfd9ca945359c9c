//! How far the maps of a graph see: what of a patch is as it would be in the whole picture or volume.

use num_integer::Integer;

/// A map along one axis, next to that of the input from which it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Positions along the axis.
    pub length: usize,
    /// Positions at its start that would be other integers if the input went on before it.
    pub before: usize,
    /// Positions at its end that would be other integers if the input went on after it.
    pub after: usize,
    /// Positions of the input for so many of this map, in lowest terms: `(2, 1)` after windows at every second one.
    pub step: (usize, usize),
    /// A patch may begin at multiples of so many positions of the input: everywhere else windows would lie otherwise.
    pub grid: usize,
}

impl Reach {
    /// That of the input itself, which sees itself.
    pub fn input(length: usize) -> Self {
        Self { length, before: 0, after: 0, step: (1, 1), grid: 1 }
    }

    /// Windows over this map: window `o` of `windows` sees the `span` positions from `o * stride - padding` on.
    pub fn windows(self, windows: usize, span: usize, stride: usize, padding: usize) -> Self {
        let before = (self.before + padding).div_ceil(stride).min(windows);
        // Window o is as it would be where o * stride - padding + span <= length - after.
        let whole =
            (self.length + padding).checked_sub(self.after + span).map_or(0, |room| room / stride + 1);
        Self { length: windows, before, after: windows - whole.min(windows), ..self.slower(stride) }
    }

    /// Each position becomes `factor` of them; a position adds to the `span - factor` after these too.
    pub fn spread(self, factor: usize, span: usize) -> Self {
        let length = (self.length - 1) * factor + span;
        let more = span - factor;
        let (before, after) = (self.before * factor + more, self.after * factor + more);
        let (over, under) = self.step;
        let common = over.gcd(&factor);
        Self { length, before, after, step: (over / common, under * (factor / common)), ..self }
    }

    /// What follows from this map and `other`, position by position; none where these do not lie side by side.
    pub fn beside(self, other: Self) -> Option<Self> {
        let alike = (self.length, self.step) == (other.length, other.step);
        let (before, after) = (self.before.max(other.before), self.after.max(other.after));
        alike.then_some(Self { before, after, grid: self.grid.lcm(&other.grid), ..self })
    }

    fn slower(self, stride: usize) -> Self {
        let (over, under) = self.step;
        let common = stride.gcd(&under);
        let step = (over * (stride / common), under / common);
        // So many positions of the input are a whole number of this map's.
        Self { step, grid: self.grid.lcm(&step.0), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3DQ's U-Net: two convolutions of 3, a pool of 2, two convolutions, back to full size, joined with the skip, one more.
    #[test]
    fn a_u_net_sees_seven_positions_around() {
        let same = |reach: Reach| reach.windows(reach.length, 3, 1, 1);
        let skip = same(same(Reach::input(24)));
        assert_eq!((skip.before, skip.after), (2, 2));
        let low = same(same(skip.windows(12, 2, 2, 0)));
        assert_eq!(low, Reach { length: 12, before: 3, after: 3, step: (2, 1), grid: 2 });
        let up = low.spread(2, 2);
        assert_eq!(up, Reach { length: 24, before: 6, after: 6, step: (1, 1), grid: 2 });
        assert_eq!(skip.beside(low), None);
        let all = same(skip.beside(up).unwrap());
        assert_eq!(all, Reach { length: 24, before: 7, after: 7, step: (1, 1), grid: 2 });
    }

    /// Against sums of windows, one by one, over a line and over the same line with more around it.
    #[test]
    fn positions_that_would_change_are_counted() {
        for (span, stride, padding, length) in
            [(3, 1, 1, 9), (3, 2, 1, 9), (5, 2, 0, 12), (2, 3, 1, 10), (4, 1, 3, 6)]
        {
            let windows = (length + 2 * padding - span) / stride + 1;
            let sees = |window: usize, at: i64| {
                let start = (window * stride) as i64 - padding as i64;
                (start..start + span as i64).contains(&at)
            };
            let outside = |mut beyond: std::ops::Range<i64>, window| beyond.any(|at| sees(window, at));
            let before = (0..windows).filter(|window| outside(-100..0, *window)).count();
            let after = (0..windows).filter(|window| outside(length as i64..200, *window)).count();
            let reach = Reach::input(length).windows(windows, span, stride, padding);
            assert_eq!((reach.before, reach.after), (before, after), "{span} {stride} {padding} {length}");
        }
    }
}

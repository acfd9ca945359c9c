//! Pictures and volumes that are larger than the frames of a datapath: cut into patches that overlap, and joined from what of
//! each patch's results is as it would be in the whole.

use crate::datapath::{Datapath, Tensor};
use crate::stream::{Port, Reach};
use std::collections::BTreeMap;
use std::ops::Range;

/// How wholes of one size are cut and joined.
#[derive(Clone, Debug)]
pub struct Patches {
    /// Positions of a whole along each axis, the outermost first.
    whole: Vec<usize>,
    /// Positions of a patch along each axis.
    patch: Vec<usize>,
    channels: usize,
    /// Where patches begin along each axis.
    starts: Vec<Vec<usize>>,
    /// Of each output, and of the input itself, how it sees along each axis, and its channels.
    maps: BTreeMap<String, (Vec<Reach>, usize)>,
}

impl Patches {
    /// For `datapath` and wholes of this shape, which may have further lengths in front and ends in its axes, and in its channels where
    /// there are several.
    ///
    /// # Errors
    /// Why they cannot be cut so, and what to do, in one sentence.
    pub fn plan(datapath: &dyn Datapath, shape: &[usize]) -> Result<Self, String> {
        let ports = datapath.ports();
        let [input] = &ports.inputs[..] else {
            return Err("there are several inputs; a patch is cut from one".into());
        };
        let (patch, channels) = (input.frame.lengths(), input.frame.channels());
        if patch.is_empty() || input.is_varying() {
            return Err(format!(
                "frames of `{}` are {}; patches are maps of one size",
                input.name, input.frame
            ));
        }
        let whole = whole(shape, &patch, channels)?;
        let outputs = |axis, length| datapath.reach(axis, &[Reach::input(length)]);
        let seen = (0..patch.len()).map(|axis| outputs(axis, patch[axis])).collect::<Option<Vec<_>>>().ok_or(
            "a node looks at more than what lies around a position, as a dense layer, a pool of the whole map or random rounding does; \
             give it whole frames",
        )?;
        let starts = (0..patch.len())
            .map(|axis| starts(whole[axis], patch[axis], |length| outputs(axis, length).unwrap_or_default()));
        let starts = starts.collect::<Result<Vec<_>, _>>()?;
        let of_output = |(index, port): (usize, &Port)| {
            let reaches = seen.iter().map(|axis| axis[index]).collect();
            (port.name.clone(), (reaches, port.frame.channels()))
        };
        let seen_as_it_is = || patch.iter().map(|length| Reach::input(*length)).collect();
        let maps = (ports.outputs.iter().enumerate().map(of_output))
            .chain([(input.name.clone(), (seen_as_it_is(), channels))])
            .collect();
        Ok(Self { whole, patch, channels, starts, maps })
    }

    /// Patches of a whole.
    pub fn count(&self) -> usize {
        self.starts.iter().map(Vec::len).product()
    }

    /// Integers of the whole map of an output.
    pub fn integers(&self, output: &str) -> usize {
        let (reaches, channels) = &self.maps[output];
        self.lengths(reaches).iter().product::<usize>() * channels
    }

    /// The lengths of a whole map that sees so.
    fn lengths(&self, reaches: &[Reach]) -> Vec<usize> {
        let length =
            |((reach, whole), patch): ((&Reach, &usize), &usize)| scaled(whole - patch, reach) + reach.length;
        reaches.iter().zip(&self.whole).zip(&self.patch).map(length).collect()
    }

    /// Of what share of the positions of all patches an output is used: the rest is computed again in another one.
    pub fn share(&self) -> f64 {
        let positions: usize = self.whole.iter().product();
        positions as f64 / (self.count() * self.patch.iter().product::<usize>()) as f64
    }

    /// The frames of all wholes of `tensor`, patch after patch.
    pub fn cut(&self, tensor: &Tensor) -> Tensor {
        let size = self.whole.iter().product::<usize>() * self.channels;
        let mut values = Vec::new();
        for whole in tensor.values.chunks(size) {
            for start in self.corners() {
                let ranges: Vec<Range<usize>> =
                    start.iter().zip(&self.patch).map(|(&start, length)| start..start + length).collect();
                runs(&self.whole, &ranges, self.channels)
                    .for_each(|run| values.extend_from_slice(&whole[run]));
            }
        }
        let frames = values.len() / (self.patch.iter().product::<usize>() * self.channels);
        Tensor { shape: [&[frames], &self.patch[..], &[self.channels]].concat(), values }
    }

    /// The maps of all wholes of an output, or of the input, out of its frames for all patches.
    pub fn join(&self, stream: &str, frames: &[i64]) -> Tensor {
        let (reaches, channels) = &self.maps[stream];
        let lengths = self.lengths(reaches);
        let size = lengths.iter().product::<usize>() * channels;
        let patch: Vec<usize> = reaches.iter().map(|reach| reach.length).collect();
        let frame = patch.iter().product::<usize>() * channels;
        let wholes = frames.len() / (frame * self.count());
        let mut values = vec![0; wholes * size];
        let mut given = frames.chunks(frame);
        for whole in values.chunks_mut(size.max(1)) {
            for (start, frame) in self.corners().into_iter().zip(&mut given) {
                let exact: Vec<Range<usize>> = self.exact(&start, reaches);
                let there: Vec<Range<usize>> = exact
                    .iter()
                    .zip(start.iter().zip(reaches))
                    .map(|(range, (start, reach))| {
                        let first = scaled(*start, reach);
                        first + range.start..first + range.end
                    })
                    .collect();
                for (to, from) in runs(&lengths, &there, *channels).zip(runs(&patch, &exact, *channels)) {
                    whole[to].copy_from_slice(&frame[from]);
                }
            }
        }
        Tensor { shape: [&[wholes], &lengths[..], &[*channels]].concat(), values }
    }

    /// The positions of the patch that begins at `start` that are as they would be in the whole.
    fn exact(&self, start: &[usize], reaches: &[Reach]) -> Vec<Range<usize>> {
        let along = |axis: usize| {
            let reach = &reaches[axis];
            let first = if start[axis] == 0 { 0 } else { reach.before };
            let ends = start[axis] + self.patch[axis] == self.whole[axis];
            first..if ends { reach.length } else { reach.length - reach.after }
        };
        (0..start.len()).map(along).collect()
    }

    /// Where each patch begins, in raster order.
    fn corners(&self) -> Vec<Vec<usize>> {
        self.starts.iter().fold(vec![Vec::new()], |corners, starts| {
            corners
                .iter()
                .flat_map(|corner| starts.iter().map(|start| [&corner[..], &[*start]].concat()))
                .collect()
        })
    }
}

/// Position `at` of the input as one of a map, where both lie on the grid of patches.
fn scaled(at: usize, Reach { step: (over, under), .. }: &Reach) -> usize {
    at * under / over
}

/// The lengths of the axes of a whole of this shape.
fn whole(shape: &[usize], patch: &[usize], channels: usize) -> Result<Vec<usize>, String> {
    let axes = match shape {
        [axes @ .., last] if channels > 1 && *last == channels => axes,
        axes if channels == 1 => axes,
        _ => {
            return Err(format!("the tensor has shape {shape:?}, which does not end in {channels} channels"));
        }
    };
    let whole = axes.len().checked_sub(patch.len()).map(|from| &axes[from..]);
    match whole.filter(|whole| whole.iter().zip(patch).all(|(whole, patch)| whole >= patch)) {
        Some(whole) => Ok(whole.into()),
        None => Err(format!(
            "the tensor has shape {shape:?}, which does not end in axes of at least {patch:?} positions; choose a smaller `size`"
        )),
    }
}

/// Where patches of `patch` positions begin along an axis of `whole`, so that each position of each output is exact in one: `outputs`
/// says how these see where a patch has so many positions.
fn starts(whole: usize, patch: usize, outputs: impl Fn(usize) -> Vec<Reach>) -> Result<Vec<usize>, String> {
    let seen = outputs(patch);
    let grid = seen.iter().map(|reach| reach.grid).fold(1, num_integer::lcm);
    if !(whole - patch).is_multiple_of(grid) {
        let (more, wider) = ((whole - patch) % grid, (whole - patch).next_multiple_of(grid));
        return Err(format!(
            "an axis of {whole} positions is no patch of {patch} and a multiple of {grid} more, so that the last patch would lie \
             between; choose a `size` of {} along it, or give {} positions",
            patch + more,
            patch + wider
        ));
    }
    let step = exact(patch, &seen) / grid * grid;
    if step == 0 && whole > patch {
        let lengths = (patch..=whole).step_by(grid);
        let enough =
            lengths.skip(1).find(|&length| length == whole || exact(length, &outputs(length)) >= grid);
        return Err(format!(
            "a patch of {patch} positions has not {grid} in a row that are as in the whole, for all of what lies around them is \
             missing; choose a `size` of at least {} along this axis",
            enough.unwrap_or(whole)
        ));
    }
    // A patch's exact part begins where the one before it ended.
    let last = whole - patch;
    Ok((0..last.div_ceil(step.max(1))).map(|index| index * step).chain([last]).collect())
}

/// As many positions of a patch of `patch` as those of each output stand for that are as in the whole wherever the patch lies.
fn exact(patch: usize, outputs: &[Reach]) -> usize {
    let of_input = |reach: &Reach| {
        let positions = reach.length.saturating_sub(reach.before + reach.after);
        positions * reach.step.0 / reach.step.1
    };
    outputs.iter().map(of_input).fold(patch, usize::min)
}

/// The runs of integers that lie next to each other, of the positions in `ranges` of a map with these lengths.
fn runs<'a>(
    lengths: &'a [usize],
    ranges: &'a [Range<usize>],
    channels: usize,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let (inner, outer) = ranges.split_last().expect("a map has an axis");
    let rows = outer.iter().map(ExactSizeIterator::len).product::<usize>();
    let width = lengths[lengths.len() - 1];
    (0..rows).map(move |row| {
        let mut rest = row;
        let (mut line, mut lines) = (0, 1);
        for (range, length) in outer.iter().zip(lengths).rev() {
            line += (range.start + rest % range.len()) * lines;
            (rest, lines) = (rest / range.len(), lines * length);
        }
        (line * width + inner.start) * channels..(line * width + inner.end) * channels
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patches(whole: &[usize], patch: &[usize], channels: usize, reach: impl Fn(Reach) -> Reach) -> Patches {
        let seen: Vec<Reach> = patch.iter().map(|length| reach(Reach::input(*length))).collect();
        let starts = (0..patch.len()).map(|axis| {
            starts(whole[axis], patch[axis], |length| vec![reach(Reach::input(length))]).unwrap()
        });
        let starts = starts.collect();
        let maps = BTreeMap::from([("y".to_owned(), (seen, channels))]);
        Patches { whole: whole.into(), patch: patch.into(), channels, starts, maps }
    }

    /// The sum of 3 neighbours along each axis, with zeros around.
    fn smooth(values: &[i64], lengths: &[usize], channels: usize) -> Vec<i64> {
        let mut values = values.to_vec();
        let mut stride = channels;
        for length in lengths.iter().rev() {
            let at = |place: usize| place / stride % length;
            let before = values.clone();
            for (place, value) in values.iter_mut().enumerate() {
                *value += if at(place) > 0 { before[place - stride] } else { 0 };
                *value += if at(place) + 1 < *length { before[place + stride] } else { 0 };
            }
            stride *= length;
        }
        values
    }

    #[test]
    fn what_is_joined_is_what_the_whole_gives() {
        for (whole, patch, channels) in [
            (vec![10], vec![4], 1),
            (vec![9, 7], vec![5, 7], 2),
            (vec![6, 9, 8], vec![4, 5, 6], 3),
            (vec![5], vec![5], 1),
        ] {
            let patches = patches(&whole, &patch, channels, |reach| reach.windows(reach.length, 3, 1, 1));
            let size = whole.iter().product::<usize>() * channels;
            let shape = [&[2], &whole[..], &[channels]].concat();
            let values: Vec<i64> = (0..2 * size as i64).map(|value| value * value % 101).collect();
            let cut = patches.cut(&Tensor { shape: shape.clone(), values: values.clone() });
            let frame = patch.iter().product::<usize>() * channels;
            let given: Vec<i64> =
                cut.values.chunks(frame).flat_map(|frame| smooth(frame, &patch, channels)).collect();
            let expected: Vec<i64> =
                values.chunks(size).flat_map(|whole_| smooth(whole_, &whole, channels)).collect();
            assert_eq!(patches.join("y", &given), Tensor { shape, values: expected });
            assert!(patches.share() <= 1.0);
        }
    }

    #[test]
    fn what_cannot_be_cut_says_why() {
        let along = |whole, patch, [span, stride, padding]: [usize; 3]| {
            let windows = |length| (length + 2 * padding - span) / stride + 1;
            let seen = |length| Reach::input(length).windows(windows(length), span, stride, padding);
            starts(whole, patch, |length| vec![seen(length)])
        };
        assert_eq!(along(20, 8, [3, 1, 1]).unwrap(), [0, 6, 12]);
        // Without padding fewer windows leave than positions enter.
        assert_eq!(along(20, 8, [3, 1, 0]).unwrap(), [0, 6, 12]);
        let why = along(21, 8, [2, 2, 0]).unwrap_err();
        assert!(
            why.contains("a multiple of 2 more") && why.contains("a `size` of 9 along it, or give 22"),
            "{why}"
        );
        assert!(along(21, 9, [2, 2, 0]).is_ok() && along(22, 8, [2, 2, 0]).is_ok());
        let why = along(20, 4, [5, 1, 2]).unwrap_err();
        assert!(why.contains("a `size` of at least 5 along"), "{why}");
        assert!(along(20, 5, [5, 1, 2]).is_ok());
        let why = along(21, 3, [9, 2, 4]).unwrap_err();
        assert!(why.contains("a `size` of at least 9 along"), "{why}");
        assert!(along(21, 9, [9, 2, 4]).is_ok() && along(21, 7, [9, 2, 4]).is_err());
        assert!(whole(&[2, 3], &[4, 4], 1).unwrap_err().contains("at least [4, 4] positions"));
        assert!(whole(&[9, 9, 2], &[4, 4], 3).unwrap_err().contains("does not end in 3 channels"));
    }
}

//! Parts of a tensor: some of its channels, or of its positions.

use super::Lowering;
use super::codes::Codes;
use super::maker::Keys;
use super::shapes::from_end;
use super::value::{Held, Layout, Origin, Stream, Value, Windows};
use crate::graph::Endpoint;
use crate::import::meaning::{Each, Step};
use crate::import::onnx::{Constant, Node};

/// Of an axis the places `first`, `first + step` and so on, so many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub axis: usize,
    pub first: usize,
    pub count: usize,
    pub step: usize,
}

impl Part {
    fn places(self) -> impl Iterator<Item = usize> {
        (0..self.count).map(move |place| self.first + place * self.step)
    }

    /// What is left out at both ends of an axis of so many places.
    fn margin(self, length: usize) -> [usize; 2] {
        [self.first, length - 1 - (self.first + (self.count - 1) * self.step)]
    }

    /// What Python's `[start:end:step]` takes of an axis of so many places.
    fn of_slice(axis: usize, length: usize, [start, end, step]: [i64; 3]) -> Result<Self, String> {
        let step = usize::try_from(step).ok().filter(|step| *step > 0);
        let step = step.ok_or("it goes backwards, and positions come in one order")?;
        let all = length as i64;
        let within =
            |place: i64| if place < 0 { place.saturating_add(all) } else { place }.clamp(0, all) as usize;
        let (first, end) = (within(start), within(end));
        let count = end.saturating_sub(first).div_ceil(step);
        if count == 0 {
            return Err(format!("it leaves nothing of the {length} places of axis {axis}"));
        }
        Ok(Self { axis, first, count, step })
    }
}

impl Lowering<'_> {
    /// Parts of an axis, one after the other.
    pub fn split(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let shape = self.shape(node)?;
        let axis = self.axis_of(node, node.attributes.int("axis", 0)?, shape.len())?;
        let mut first = 0;
        let lengths = self.split_lengths(node, shape[axis])?;
        let parts = lengths.into_iter().map(|count| {
            first += count;
            Part { axis, first: first - count, count, step: 1 }
        });
        parts.map(|part| self.parts(node, &[part])).collect()
    }

    /// How long the parts are: as they are said, or all alike but for the last one.
    fn split_lengths(&self, node: &Node, all: usize) -> Result<Vec<usize>, String> {
        let lengths = match (node.attributes.counts("split")?, self.optional(node, 1)?) {
            (Some(lengths), _) => lengths,
            (None, Some(lengths)) => {
                let lengths = lengths.integers()?;
                let lengths =
                    lengths.iter().map(|length| usize::try_from(*length).ok()).collect::<Option<_>>();
                lengths.ok_or("the length of a part is below 0")?
            }
            (None, None) => {
                let length = all.div_ceil(node.outputs.len().max(1));
                (0..node.outputs.len()).map(|part| length.min(all.saturating_sub(part * length))).collect()
            }
        };
        let sum = lengths.iter().try_fold(0usize, |sum, length| sum.checked_add(*length));
        match sum == Some(all) && !lengths.contains(&0) {
            true => Ok(lengths),
            false => {
                Err(format!("its parts {lengths:?} are not the {all} places of its axis, each 1 or more"))
            }
        }
    }

    /// `[start:end:step]` of some axes, which are attributes up to opset 9.
    pub fn slice(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let shape = self.shape(node)?;
        let list = |name: &str, index: usize| match node.attributes.ints(name)? {
            Some(list) => Ok(Some(list)),
            None => self.optional(node, index)?.map(Constant::integers).transpose(),
        };
        let starts = list("starts", 1)?.ok_or("its starts are not said")?;
        let ends = list("ends", 2)?.ok_or("its ends are not said")?;
        let axes = list("axes", 3)?.unwrap_or((0..starts.len() as i64).collect());
        let steps = list("steps", 4)?.unwrap_or(vec![1; starts.len()]);
        if [ends.len(), axes.len(), steps.len()] != [starts.len(); 3] {
            return Err(format!(
                "it has {} starts and {} ends for {} axes",
                starts.len(),
                ends.len(),
                axes.len()
            ));
        }
        let part = |index: usize| {
            let axis = self.axis_of(node, axes[index], shape.len())?;
            Part::of_slice(axis, shape[axis], [starts[index], ends[index], steps[index]])
        };
        let parts: Vec<Part> = (0..starts.len()).map(part).collect::<Result<_, _>>()?;
        Ok(vec![self.parts(node, &parts)?])
    }

    /// As [`Lowering::axis`], also of a constant.
    fn axis_of(&self, node: &Node, axis: i64, axes: usize) -> Result<usize, String> {
        match self.taken(node, 0)? {
            Held::Constant(_) => from_end(axis, axes).ok_or_else(|| format!("it has no axis {axis}")),
            _ => self.axis(axis, axes),
        }
    }

    fn shape(&self, node: &Node) -> Result<Vec<usize>, String> {
        match self.taken(node, 0)? {
            Held::Constant(constant) => Ok(constant.shape.clone()),
            _ => Ok(self.value(node, 0)?.layout.shape()),
        }
    }

    /// These parts of the first input.
    fn parts(&mut self, node: &Node, parts: &[Part]) -> Result<Held, String> {
        if let Held::Constant(constant) = self.taken(node, 0)? {
            let constant = constant.clone();
            return Ok(Held::Constant(
                parts.iter().fold(constant, |constant, part| part_of(&constant, *part)),
            ));
        }
        let mut codes = self.codes(node, 0)?;
        for part in parts {
            if part.count < codes.layout.shape()[part.axis] {
                codes = self.part(node, codes, *part)?;
            }
        }
        let step = Step::affine(codes.scale, codes.offset);
        Ok(Held::Value(Value::new(codes.stream, vec![step], codes.layout)))
    }

    pub fn part(&mut self, node: &Node, codes: Codes, part: Part) -> Result<Codes, String> {
        match (part.axis, codes.layout.clone()) {
            (0, _) => Err("it takes a part of the batch, which comes one after the other".into()),
            (_, Layout::Vector { of: Some(_), .. }) => {
                Err("it takes a part of a flattened map; take it before the map is flattened".into())
            }
            (1, layout) => self.some_channels(node, codes, &layout, part),
            (axis, Layout::Map { channels, size }) => {
                let axis = axis - 2;
                let mut margin = vec![[0; 2]; size.len()];
                margin[axis] = part.margin(size[axis]);
                let mut inner = size.clone();
                inner[axis] -= margin[axis].iter().sum::<usize>();
                let layout = Layout::Map { channels, size: inner };
                let keys = Keys::default().with_padding("margin", &margin);
                let mut stream = self.moved_stream(node, "crop", codes.stream, keys, &layout)?;
                if part.step > 1 {
                    let mut stride = vec![1; size.len()];
                    stride[axis] = part.step;
                    let (ones, padding) = (vec![1; size.len()], vec![[0; 2]; size.len()]);
                    let (kernel, dilation, name) = (Some(ones.clone()), ones, node.name.clone());
                    let windows = Windows { kernel, stride, dilation, padding, ceil: false, name };
                    stream = self.window_node(stream, "max", &windows)?;
                }
                let layout = self.streams[stream].layout.clone();
                Ok(Codes { stream, layout, ..codes })
            }
            _ => Err("a vector has no positions".into()),
        }
    }

    /// Some channels: as positions of a line of them, after which a map is made of what is left.
    fn some_channels(
        &mut self,
        node: &Node,
        codes: Codes,
        layout: &Layout,
        part: Part,
    ) -> Result<Codes, String> {
        self.emitted(codes.stream)?;
        let (channels, size) = (layout.rows(), layout.size());
        let positions: usize = size.iter().product();
        let input = self.stream_type(codes.stream);
        let margin = part.margin(channels);
        let left = channels - margin[0] - margin[1];
        let flat = |size: &[usize], channels: usize| Keys::of_map(size, channels, input);
        let mut from = self.endpoint(codes.stream);
        if !size.is_empty() {
            from = self.unnamed(node, "flatten", from, flat(size, channels))?;
        }
        let cut = flat(&[positions, channels], 1).with_padding("margin", &[[0; 2], margin]);
        from = self.unnamed(node, "crop", from, cut)?;
        if part.step > 1 {
            let keys = flat(&[positions, left], 1).with("operation", "max").with_count("kernel", 1);
            from = self.unnamed(node, "pool", from, keys.with_counts("stride", &[1, part.step]))?;
        }
        if !size.is_empty() {
            self.unnamed(node, "flatten", from, flat(&[positions, part.count], 1))?;
        }
        let index = self.maker.nodes.len() - 1;
        self.closed.insert(index);
        let layout = match layout {
            Layout::Map { size, .. } => Layout::Map { channels: part.count, size: size.clone() },
            Layout::Vector { .. } => Layout::Vector { length: part.count, of: None },
        };
        let bounds = self.bounds(codes.stream, false, channels);
        let bounds = Each::of(bounds);
        let bounds = picked(&bounds, part).iter().copied().collect();
        self.streams.push(Stream::new(Origin::Node(index), bounds, layout.clone()));
        let (scale, offset) = (picked(&codes.scale, part).merged(), picked(&codes.offset, part).merged());
        Ok(Codes { stream: self.streams.len() - 1, scale, offset, layout })
    }

    /// A node of this kind after `from`, and where it leaves.
    pub fn unnamed(
        &mut self,
        node: &Node,
        kind: &str,
        from: Endpoint,
        keys: Keys,
    ) -> Result<Endpoint, String> {
        let name = self.maker.names.legal(&node.name, kind);
        let index = self.maker.add(name, kind, &[("x", from)], keys)?;
        Ok(self.maker.endpoint(index))
    }
}

/// Those of the channels that are taken.
fn picked<T: Clone>(each: &Each<T>, part: Part) -> Each<T> {
    match each.count() {
        1 => each.clone(),
        _ => Each::of(part.places().map(|channel| each.get(channel).clone()).collect()),
    }
}

fn part_of(constant: &Constant, part: Part) -> Constant {
    let outer: usize = constant.shape[..part.axis].iter().product();
    let inner: usize = constant.shape[part.axis + 1..].iter().product();
    let block = |block: usize, place: usize| (block * constant.shape[part.axis] + place) * inner;
    let index: Vec<usize> = (0..outer)
        .flat_map(|outer| {
            part.places().flat_map(move |place| block(outer, place)..block(outer, place) + inner)
        })
        .collect();
    let mut shape = constant.shape.clone();
    shape[part.axis] = part.count;
    constant.rearranged(shape, &index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_pythons() {
        let slice = |start, end, step| {
            Part::of_slice(1, 10, [start, end, step]).map(|part| part.places().collect::<Vec<_>>())
        };
        assert_eq!(slice(2, 8, 3), Ok(vec![2, 5]));
        assert_eq!(slice(-3, i64::MAX, 1), Ok(vec![7, 8, 9]));
        assert_eq!(slice(0, -1, 4), Ok(vec![0, 4, 8]));
        assert!(slice(9, 3, 1).unwrap_err().contains("leaves nothing"));
        assert!(slice(9, 3, -1).unwrap_err().contains("backwards"));
        assert_eq!(Part::of_slice(1, 10, [2, 8, 3]).unwrap().margin(10), [2, 4]);
    }

    #[test]
    fn parts_of_constants() {
        let matrix = Constant::of_ints((0..12).collect()).reshaped(vec![3, 4]);
        let part = |axis, first, count, step| part_of(&matrix, Part { axis, first, count, step });
        assert_eq!(part(0, 1, 2, 1).integers().unwrap(), [4, 5, 6, 7, 8, 9, 10, 11]);
        let columns = part(1, 1, 2, 2);
        assert_eq!(
            (columns.shape.clone(), columns.integers().unwrap()),
            (vec![3, 2], vec![1, 3, 5, 7, 9, 11])
        );
    }
}

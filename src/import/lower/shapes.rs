//! The same integers in another shape or order.

use super::Lowering;
use super::maker::Keys;
use super::value::{Held, Layout, Origin, Stream, Value, View};
use crate::import::meaning::{Each, Step};
use crate::import::onnx::{Constant, Node};
use toml::Value as Toml;

const TRANSPOSED: &str = "it changes the order of an activation's axes; a stream has channels innermost";

impl Lowering<'_> {
    pub fn flatten(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let axis = node.attributes.int("axis", 1)?;
        if axis != 1 {
            return Err(format!("it flattens from axis {axis} on; from axis 1 on is imported"));
        }
        let value = self.value(node, 0)?;
        self.flat(node, value)
    }

    /// A map as a vector.
    fn flat(&mut self, node: &Node, value: Value) -> Result<Vec<Held>, String> {
        let Layout::Map { channels, size } = value.layout.clone() else {
            return Ok(vec![Held::Value(value)]);
        };
        let positions: usize = size.iter().product();
        let layout = Layout::Vector { length: channels * positions, of: Some((channels, positions)) };
        let quantized = value.quantized.clone();
        let (stream, steps, pool) = if value.steps.iter().any(|step| step.codes().is_some())
            || value.pool.is_some()
            || quantized.is_some()
        {
            let codes = self.codes(node, 0)?;
            (codes.stream, vec![Step::affine(codes.scale, codes.offset)], None)
        } else {
            (value.stream, value.steps, value.pool)
        };
        self.emitted(stream)?;
        let name = self.maker.names.legal(&node.name, "flat");
        let keys = Keys::of_map(&size, channels, self.stream_type(stream));
        let open = matches!(self.streams[stream].origin, Origin::Input(None));
        if open {
            return Err(
                "it flattens the network's input before a quantizer: write --input, such as --input u8/256"
                    .into(),
            );
        }
        let from = self.endpoint(stream);
        let index = self.maker.add(name, "flatten", &[("x", from)], keys)?;
        self.closed.insert(index);
        let bounds = self.bounds(stream, false, channels);
        let bounds = if bounds.len() == 1 {
            bounds
        } else {
            (0..channels * positions).map(|row| bounds[row % channels]).collect()
        };
        self.streams.push(Stream::new(Origin::Node(index), bounds, layout.clone()));
        let steps = steps.iter().map(|step| repeated(step, channels, positions)).collect::<Result<_, _>>()?;
        let stream = self.streams.len() - 1;
        Ok(vec![Held::Value(Value {
            stream,
            steps,
            pool,
            layout,
            sole: false,
            quantized,
            view: View::Plain,
        })])
    }

    pub fn reshape(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let target = self.constant(node, 1)?.integers()?;
        let allow_zero = node.attributes.int("allowzero", 0)? != 0;
        if let Held::Constant(constant) = self.taken(node, 0)? {
            let shape = resolved(&target, &constant.shape, allow_zero)?;
            return Ok(vec![Held::Constant(constant.clone().reshaped(shape))]);
        }
        let value = self.value(node, 0)?;
        let shape = resolved(&target, &value.layout.shape(), allow_zero)?;
        self.reshaped(node, value, &shape)
    }

    /// The tensor in this shape: as it is, or flattened.
    fn reshaped(&mut self, node: &Node, value: Value, shape: &[usize]) -> Result<Vec<Held>, String> {
        let before = value.layout.shape();
        if shape == before {
            return Ok(vec![Held::Value(value)]);
        }
        match shape {
            [1, length] if *length == before[1..].iter().product::<usize>() => self.flat(node, value),
            _ => Err(format!(
                "it makes {before:?} a tensor of {shape:?}; flattening to [1, length] is imported"
            )),
        }
    }

    /// `Squeeze` and `Unsqueeze`, whose axes are an attribute up to opset 12.
    pub fn squeezed(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let axes = match node.attributes.ints("axes")? {
            Some(axes) => Some(axes),
            None => self.optional(node, 1)?.map(Constant::integers).transpose()?,
        };
        let before = match self.taken(node, 0)? {
            Held::Constant(constant) => constant.shape.clone(),
            Held::Value(_) => self.value(node, 0)?.layout.shape(),
            _ => return Ok(vec![self.taken(node, 0)?.clone()]),
        };
        let shape = if node.op == "Squeeze" { squeezed(&before, axes) } else { unsqueezed(&before, axes) };
        let shape = shape.ok_or_else(|| format!("its axes do not fit a tensor of {before:?}"))?;
        match self.taken(node, 0)?.clone() {
            Held::Constant(constant) => Ok(vec![Held::Constant(constant.reshaped(shape))]),
            Held::Value(value) => self.reshaped(node, value, &shape),
            other => Ok(vec![other]),
        }
    }

    pub fn transpose(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let order = node.attributes.counts("perm")?;
        match self.taken(node, 0)? {
            Held::Constant(constant) => {
                let axes = constant.shape.len();
                let order = order.unwrap_or((0..axes).rev().collect());
                let mut sorted = order.clone();
                sorted.sort_unstable();
                if sorted != (0..axes).collect::<Vec<_>>() {
                    return Err(format!("its perm {order:?} is no order of {axes} axes"));
                }
                Ok(vec![Held::Constant(constant.transposed(&order))])
            }
            Held::Value(value) => {
                let view = match (order.as_deref(), &value.view) {
                    (Some([0, 2, 3, 1]), View::Plain) if value.layout.size().len() == 2 => View::Last,
                    (Some([0, 3, 1, 2]), View::Last) => View::Plain,
                    _ => return Err(TRANSPOSED.into()),
                };
                Ok(vec![Held::Value(Value { view, ..value.clone() })])
            }
            _ => Err(TRANSPOSED.into()),
        }
    }

    pub fn depth_to_space(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let block = usize::try_from(node.attributes.int("blocksize", 0)?)
            .ok()
            .filter(|block| (1..=11).contains(block));
        let block = block.ok_or("its blocksize is not 1 to 11")?;
        let order = match &node.attributes.text("mode", "DCR")?[..] {
            "DCR" => "dcr",
            "CRD" => "crd",
            other => return Err(format!("its mode is {other:?}, which ONNX does not know")),
        };
        let codes = self.codes(node, 0)?;
        let Layout::Map { channels, size } = codes.layout.clone() else {
            return Err("its input is no map".into());
        };
        if size.len() != 2 || !channels.is_multiple_of(block * block) {
            return Err(format!("its input has {channels} channels and {} axes of positions", size.len()));
        }
        let left = channels / (block * block);
        let taken = |channel: usize| if order == "dcr" { channel % left } else { channel / (block * block) };
        let alike =
            |scale: &Each<_>| (0..channels).all(|channel| scale.get(channel) == scale.get(taken(channel)));
        if codes.scale.count() > 1 && !alike(&codes.scale)
            || codes.offset.count() > 1 && !alike(&codes.offset)
        {
            return Err("channels that become positions have different scales; share one quantizer".into());
        }
        let pick = |each: &Each<crate::import::exact::Surd>| {
            let of = |channel: usize| if order == "dcr" { channel } else { channel * block * block };
            Each::of((0..left).map(|channel| each.get(of(channel)).clone()).collect()).merged()
        };
        let (scale, offset) = (pick(&codes.scale), pick(&codes.offset));
        let keys = Keys::default().with_count("factor", block).with("order", order);
        let layout = Layout::Map { channels: left, size: size.iter().map(|length| length * block).collect() };
        self.moved(node, "pixel_shuffle", codes.stream, keys, (layout, scale, offset))
    }

    /// A node that moves integers of a map.
    pub fn moved(
        &mut self,
        node: &Node,
        kind: &str,
        stream: usize,
        keys: Keys,
        (layout, scale, offset): (Layout, Each<crate::import::exact::Surd>, Each<crate::import::exact::Surd>),
    ) -> Result<Vec<Held>, String> {
        let stream = self.moved_stream(node, kind, stream, keys, &layout)?;
        Ok(vec![Held::Value(Value::new(stream, vec![Step::affine(scale, offset)], layout))])
    }

    /// The integers of a stream with its axes in another order: those of the positions, and the channels as the last number.
    pub fn in_order(
        &mut self,
        node: &Node,
        stream: usize,
        order: &[usize],
        layout: &Layout,
    ) -> Result<usize, String> {
        let axes: Vec<Toml> = order.iter().map(|axis| Toml::Integer(*axis as i64)).collect();
        self.moved_stream(node, "flatten", stream, Keys::default().with("order", axes), layout)
    }

    /// The stream of a node that moves integers of a map.
    pub fn moved_stream(
        &mut self,
        node: &Node,
        kind: &str,
        stream: usize,
        keys: Keys,
        layout: &Layout,
    ) -> Result<usize, String> {
        self.emitted(stream)?;
        let before = self.streams[stream].layout.clone();
        let mut all = Keys::of_map(before.size(), before.rows(), self.stream_type(stream));
        all.0.extend(keys.0);
        let name = self.maker.names.legal(&node.name, kind);
        let from = self.endpoint(stream);
        let index = self.maker.add(name, kind, &[("x", from)], all)?;
        self.closed.insert(index);
        let bounds = self.bounds(stream, false, before.rows());
        let hull = bounds.iter().fold(bounds[0], |(lo, hi), (least, most)| (lo.min(*least), hi.max(*most)));
        self.streams.push(Stream::new(Origin::Node(index), vec![hull], layout.clone()));
        Ok(self.streams.len() - 1)
    }
}

/// A step of channels as one of all elements, channels innermost.
fn repeated(step: &Step, channels: usize, positions: usize) -> Result<Step, String> {
    fn of<T: Clone>(each: &Each<T>, channels: usize, positions: usize) -> Each<T> {
        if each.count() == 1 {
            return each.clone();
        }
        Each::of((0..channels * positions).map(|row| each.get(row % channels).clone()).collect())
    }
    match step {
        _ if step.channels() == 1 => Ok(step.clone()),
        Step::Affine { scale, offset } => {
            Ok(Step::affine(of(scale, channels, positions), of(offset, channels, positions)))
        }
        _ => Err("it flattens a map before its quantizer is made; flatten after the quantizer".into()),
    }
}

/// The shape that a `Reshape` means: 0 keeps a length, -1 is what is left.
fn resolved(target: &[i64], before: &[usize], allow_zero: bool) -> Result<Vec<usize>, String> {
    let wrong = || format!("it makes {before:?} a tensor of {target:?}");
    let mut shape: Vec<Option<usize>> = Vec::new();
    for (axis, length) in target.iter().enumerate() {
        shape.push(match length {
            -1 => None,
            0 if !allow_zero => Some(*before.get(axis).ok_or_else(wrong)?),
            length => Some(usize::try_from(*length).map_err(|_| wrong())?),
        });
    }
    let all: usize = before.iter().product();
    let known =
        shape.iter().flatten().try_fold(1usize, |all, length| all.checked_mul(*length)).ok_or_else(wrong)?;
    match shape.iter().filter(|length| length.is_none()).count() {
        0 if known == all => {}
        1 if known > 0 && all.is_multiple_of(known) => {}
        _ => return Err(wrong()),
    }
    Ok(shape.into_iter().map(|length| length.unwrap_or(all / known.max(1))).collect())
}

pub fn from_end(axis: i64, axes: usize) -> Option<usize> {
    usize::try_from(if axis < 0 { axis + axes as i64 } else { axis }).ok().filter(|axis| *axis < axes)
}

fn squeezed(shape: &[usize], axes: Option<Vec<i64>>) -> Option<Vec<usize>> {
    let Some(axes) = axes else { return Some(shape.iter().copied().filter(|length| *length != 1).collect()) };
    let dropped: Vec<usize> = axes.iter().map(|axis| from_end(*axis, shape.len())).collect::<Option<_>>()?;
    let fits = dropped.iter().all(|axis| shape[*axis] == 1);
    fits.then(|| {
        shape
            .iter()
            .enumerate()
            .filter(|(axis, _)| !dropped.contains(axis))
            .map(|(_, length)| *length)
            .collect()
    })
}

fn unsqueezed(shape: &[usize], axes: Option<Vec<i64>>) -> Option<Vec<usize>> {
    let axes = axes?;
    let all = shape.len().checked_add(axes.len()).filter(|all| *all <= 16)?;
    let added: Vec<usize> = axes.iter().map(|axis| from_end(*axis, all)).collect::<Option<_>>()?;
    let mut rest = shape.iter();
    (0..all).map(|axis| if added.contains(&axis) { Some(1) } else { rest.next().copied() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_resolved_as_onnx_says() {
        assert_eq!(resolved(&[0, -1], &[1, 2, 3], false), Ok(vec![1, 6]));
        assert_eq!(resolved(&[1, 6], &[1, 2, 3], false), Ok(vec![1, 6]));
        assert!(resolved(&[4, -1], &[1, 2, 3], false).is_err());
        assert!(resolved(&[-1, -1], &[1, 2, 3], false).is_err());
        assert!(resolved(&[i64::MAX, i64::MAX], &[1, 2, 3], false).is_err());
        assert_eq!(squeezed(&[1, 8, 1, 1], Some(vec![2, -1])), Some(vec![1, 8]));
        assert_eq!(squeezed(&[1, 8], Some(vec![1])), None);
        assert_eq!(unsqueezed(&[8], Some(vec![0, -1])), Some(vec![1, 8, 1]));
    }
}

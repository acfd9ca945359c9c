//! Maps of another size: with positions around them, or each position several.

use super::Lowering;
use super::codes::Codes;
use super::maker::Keys;
use super::parts::Part;
use super::shapes::from_end;
use super::value::{Held, Layout, Value};
use crate::import::exact::Rational;
use crate::import::meaning::Step;
use crate::import::onnx::{Constant, Node};
use num_traits::ToPrimitive;

impl Lowering<'_> {
    /// A constant around a map, or what is inside of it.
    pub fn pad(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let mode = node.attributes.text("mode", "constant")?;
        let pads = match node.attributes.ints("pads")? {
            Some(pads) => pads,
            None => self.constant(node, 1)?.integers()?,
        };
        let value = match self.optional(node, 2)? {
            Some(constant) => constant.real(0).ok_or("its value is no number")?,
            None => crate::import::exact::of_f64(node.attributes.float("value", 0.0)?.into())
                .ok_or("its value is no number")?,
        };
        let named = self.optional(node, 3)?.map(Constant::integers).transpose()?;
        let codes = self.codes(node, 0)?;
        let Layout::Map { channels, size } = codes.layout.clone() else {
            return Err("its input is no map".into());
        };
        let axes = size.len() + 2;
        let pads =
            of_all_axes(pads, named.as_deref(), axes).ok_or("its pads are not two for each of its axes")?;
        let ends: Option<Vec<[usize; 2]>> = (0..axes)
            .map(|axis| {
                Some([
                    usize::try_from(*pads.get(axis)?).ok()?,
                    usize::try_from(*pads.get(axis + axes)?).ok()?,
                ])
            })
            .collect();
        let ends = ends.filter(|ends| ends[..2] == [[0; 2]; 2] && pads.len() == 2 * axes);
        let ends =
            ends.ok_or_else(|| format!("its pads are {pads:?}; positions around a map are imported"))?;
        if mode != "constant" {
            let Codes { stream, scale, offset, layout } =
                self.padded_inside(node, codes, &mode, &ends[2..])?;
            return Ok(vec![Held::Value(Value::new(stream, vec![Step::affine(scale, offset)], layout))]);
        }
        let (scale, offset) =
            codes.alike().ok_or("channels of its input have different scales; share one quantizer")?;
        let integer = (value - offset) / scale;
        let bounds = self.bounds(codes.stream, false, channels);
        let ty = self.stream_type(codes.stream);
        let integer =
            Some(integer.to_integer()).filter(|_| integer.is_integer()).and_then(|integer| integer.to_i64());
        let integer = integer.filter(|integer| (ty.lo()..=ty.hi()).contains(integer));
        let integer = integer.ok_or("no integer of its input stands for what it pads with")?;
        let widened = bounds.iter().map(|(lo, hi)| (*lo.min(&integer), *hi.max(&integer))).collect();
        let mut keys = Keys::default().with_padding("padding", &ends[2..]);
        if integer != 0 {
            keys = keys.with("value", integer);
        }
        let size =
            size.iter().zip(&ends[2..]).map(|(length, [before, after])| length + before + after).collect();
        let layout = Layout::Map { channels, size };
        let made = self.moved(node, "pad", codes.stream, keys, (layout, codes.scale, codes.offset))?;
        let last = self.streams.len() - 1;
        self.streams[last].bounds = widened;
        Ok(made)
    }

    /// A map with parts of itself around it, along one axis after the other.
    fn padded_inside(
        &mut self,
        node: &Node,
        mut codes: Codes,
        mode: &str,
        ends: &[[usize; 2]],
    ) -> Result<Codes, String> {
        for (axis, [before, after]) in ends.iter().enumerate().rev() {
            let length = codes.layout.size()[axis];
            let (first, last) = around(mode, length, [*before, *after])?;
            if first.is_empty() && last.is_empty() {
                continue;
            }
            let mut copies = |pieces: Vec<(usize, usize, usize)>| -> Result<Vec<Codes>, String> {
                let part = |first, count| Part { axis: axis + 2, first, count, step: 1 };
                let copy = |(first, count, times)| self.copies(node, &codes, part(first, count), times);
                pieces.into_iter().map(copy).collect()
            };
            let (before, after) = (copies(first)?, copies(last)?);
            let sides = [before, vec![codes], after].concat();
            codes = self.joined(node, sides, axis)?;
        }
        Ok(codes)
    }

    /// A part of a map along an axis of positions, each position of it so many times.
    fn copies(&mut self, node: &Node, codes: &Codes, part: Part, times: usize) -> Result<Codes, String> {
        let axis = part.axis - 2;
        let whole = part.count == codes.layout.size()[axis];
        let Codes { stream, scale, offset, layout } =
            if whole { codes.clone() } else { self.part(node, codes.clone(), part)? };
        let Layout::Map { channels, mut size } = layout else { return Err("its input is no map".into()) };
        if times == 1 {
            return Ok(Codes { stream, scale, offset, layout: Layout::Map { channels, size } });
        }
        let mut factors = vec![1; size.len()];
        factors[axis] = times;
        size[axis] *= times;
        let layout = Layout::Map { channels, size };
        let keys = Keys::default().with_axes("factor", &factors, None);
        let stream = self.moved_stream(node, "upsample", stream, keys, &layout)?;
        Ok(Codes { stream, scale, offset, layout })
    }

    /// `Resize` and `Upsample` to the nearest, by whole numbers.
    pub fn resize(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let attributes = &node.attributes;
        let nearest = attributes.text("mode", "nearest")? == "nearest";
        let transform = attributes.text("coordinate_transformation_mode", "half_pixel")?;
        let rounding = attributes.text("nearest_mode", "round_prefer_floor")?;
        // Whole factors: each position becomes as many, in both of these ways.
        let plain = node.op == "Upsample"
            || transform == "asymmetric" && rounding == "floor"
            || transform == "half_pixel" && rounding.starts_with("round_prefer");
        if !nearest || !plain {
            return Err(
                "it interpolates; mode = nearest, asymmetric and floor or half_pixel, is imported".into()
            );
        }
        let codes = self.codes(node, 0)?;
        let Layout::Map { channels, size } = codes.layout.clone() else {
            return Err("its input is no map".into());
        };
        let scales_at = if node.op == "Upsample" { 1 } else { 2 };
        let scales = self
            .optional(node, scales_at)?
            .filter(|scales| scales.count() > 0)
            .map(Constant::reals)
            .transpose()?;
        let sizes = self.optional(node, 3)?.map(Constant::integers).transpose()?;
        let shape = codes.layout.shape();
        let named = attributes.ints("axes")?;
        let whole = Rational::from_integer(1.into());
        let scales = scales.and_then(|scales| spread(scales, named.as_deref(), vec![whole; shape.len()]));
        let sizes = sizes.and_then(|sizes| {
            spread(sizes, named.as_deref(), shape.iter().map(|length| *length as i64).collect())
        });
        let factors: Option<Vec<usize>> = match (scales, sizes) {
            (Some(scales), _) => scales
                .iter()
                .map(|scale| scale.to_integer().to_usize().filter(|_| scale.is_integer()))
                .collect(),
            (None, Some(sizes)) if sizes.len() == shape.len() => (sizes.iter().zip(&shape))
                .map(|(size, length)| {
                    usize::try_from(*size)
                        .ok()
                        .filter(|size| size.is_multiple_of(*length))
                        .map(|size| size / length)
                })
                .collect(),
            _ => None,
        };
        let factors = factors.filter(|factors| factors.len() == shape.len() && factors[..2] == [1, 1]);
        let factors = factors
            .ok_or("it does not make each position a whole number of them; whole factors are imported")?;
        let keys = Keys::default().with_axes("factor", &factors[2..], None);
        let size = size.iter().zip(&factors[2..]).map(|(length, factor)| length * factor).collect();
        self.moved(
            node,
            "upsample",
            codes.stream,
            keys,
            (Layout::Map { channels, size }, codes.scale, codes.offset),
        )
    }
}

/// Parts of an axis that pad it: the first position of each, how many, and how often each position comes.
type Parts = Vec<(usize, usize, usize)>;

/// Positions of an axis.
const MOST_LENGTH: usize = 1 << 16;

/// Positions that are mirrored at one end, each of which is a part of its own.
const MOST_MIRRORED: usize = 3;

/// What stands before and after an axis of `length` positions.
fn around(mode: &str, length: usize, [before, after]: [usize; 2]) -> Result<(Parts, Parts), String> {
    let longest = before.max(after);
    let some = |part: (usize, usize, usize), count: usize| if count == 0 { Vec::new() } else { vec![part] };
    match mode {
        "edge" if longest <= MOST_LENGTH => {
            Ok((some((0, 1, before), before), some((length - 1, 1, after), after)))
        }
        "wrap" if longest <= length => {
            Ok((some((length - before.min(length), before, 1), before), some((0, after, 1), after)))
        }
        "reflect" if longest <= MOST_MIRRORED && longest < length => {
            let before = (1..=before).rev().map(|place| (place, 1, 1));
            let after = (1..=after).map(|place| (length - 1 - place, 1, 1));
            Ok((before.collect(), after.collect()))
        }
        "edge" | "wrap" | "reflect" => Err(format!(
            "it pads {length} positions with {before} and {after} of mode {mode:?}; at most as many as there are, or {MOST_MIRRORED} mirrored ones, are imported"
        )),
        _ => Err(format!("its mode is {mode:?}, which ONNX does not know")),
    }
}

/// `values` of the axes that are named, in a list of all axes; as they are where none are named.
fn spread<T>(values: Vec<T>, named: Option<&[i64]>, mut all: Vec<T>) -> Option<Vec<T>> {
    let Some(named) = named else { return Some(values) };
    if named.len() != values.len() {
        return None;
    }
    for (axis, value) in named.iter().zip(values) {
        let axis = from_end(*axis, all.len())?;
        all[axis] = value;
    }
    Some(all)
}

/// Pads before and after the axes that are named, as those of all axes.
fn of_all_axes(pads: Vec<i64>, named: Option<&[i64]>, axes: usize) -> Option<Vec<i64>> {
    let (before, after) = pads.split_at_checked(pads.len() / 2)?;
    let all = |ends: &[i64]| spread(ends.to_vec(), named, vec![0; axes]);
    Some([all(before)?, all(after)?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_are_padded_by_what_is_inside() {
        // 0 1 2 3 4
        assert_eq!(around("edge", 5, [2, 0]), Ok((vec![(0, 1, 2)], vec![])));
        assert_eq!(around("wrap", 5, [2, 1]), Ok((vec![(3, 2, 1)], vec![(0, 1, 1)])));
        assert_eq!(around("reflect", 5, [2, 1]), Ok((vec![(2, 1, 1), (1, 1, 1)], vec![(3, 1, 1)])));
        assert!(around("reflect", 2, [2, 0]).is_err());
        assert!(around("wrap", 2, [3, 0]).is_err());
    }

    #[test]
    fn axes_that_are_named_are_put_among_all() {
        assert_eq!(of_all_axes(vec![1, 2, 3, 4], Some(&[3, -2]), 4), Some(vec![0, 0, 2, 1, 0, 0, 4, 3]));
        assert_eq!(of_all_axes(vec![0, 1, 0, 2], None, 2), Some(vec![0, 1, 0, 2]));
        assert_eq!(of_all_axes(vec![1, 2], Some(&[4]), 4), None);
        assert_eq!(spread(vec![7], Some(&[1, 2]), vec![0; 3]), None);
    }
}

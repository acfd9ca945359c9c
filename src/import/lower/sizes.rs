//! Maps of another size: with positions around them, or each position several.

use super::Lowering;
use super::maker::Keys;
use super::shapes::from_end;
use super::value::{Held, Layout};
use crate::import::exact::Rational;
use crate::import::onnx::{Constant, Node};
use num_traits::ToPrimitive;

impl Lowering<'_> {
    /// Zeros around, which are the zero point.
    pub fn pad(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        if node.attributes.text("mode", "constant")? != "constant" {
            return Err("it pads with what is inside; a constant 0 is imported".into());
        }
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
    fn axes_that_are_named_are_put_among_all() {
        assert_eq!(of_all_axes(vec![1, 2, 3, 4], Some(&[3, -2]), 4), Some(vec![0, 0, 2, 1, 0, 0, 4, 3]));
        assert_eq!(of_all_axes(vec![0, 1, 0, 2], None, 2), Some(vec![0, 1, 0, 2]));
        assert_eq!(of_all_axes(vec![1, 2], Some(&[4]), 4), None);
        assert_eq!(spread(vec![7], Some(&[1, 2]), vec![0; 3]), None);
    }
}

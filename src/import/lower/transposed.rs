//! Transposed convolutions.

use super::Lowering;
use super::maker::Keys;
use super::matrix::{Sums, Walk, span};
use super::operands::{Operands, Phases};
use super::value::{Held, Layout};
use super::weights::Weights;
use crate::datapath::LARGEST_KERNEL;
use crate::import::onnx::{Constant, Node};

impl Lowering<'_> {
    pub fn conv_transpose(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let constant = self.constant(node, 1)?.clone();
        let bias = self.optional(node, 2)?.map(Constant::reals).transpose()?;
        let codes = self.codes(node, 0)?;
        let Layout::Map { channels, size } = codes.layout.clone() else {
            return Err("its input is a vector, which has no positions".into());
        };
        let [_, _, kernel @ ..] = &constant.shape[..] else {
            return Err(format!("its weights have the shape {:?}", constant.shape));
        };
        let Walk { strides, dilations, groups } = Walk::of(node, kernel)?;
        let constant = dilated(&constant, &dilations)?;
        let [ins, of_group, kernel @ ..] = &constant.shape[..] else {
            return Err(format!("its weights have the shape {:?}", constant.shape));
        };
        if *ins != channels || kernel.len() != size.len() || kernel.contains(&0) {
            return Err(format!(
                "its weights have the shape {:?}, but its input {channels} channels along {} axes",
                constant.shape,
                size.len()
            ));
        }
        if !channels.is_multiple_of(groups) {
            return Err(format!("its weights are in {groups} groups, but its input has {channels} channels"));
        }
        let padding = left_out(node, &size, kernel, &strides)?;
        let (per_group, taps, filters) =
            (channels / groups, kernel.iter().product::<usize>(), groups * of_group);
        let weights = Weights::of(&rows(&constant, groups))?;
        let operands = Operands { codes, weights, bias };
        let channel = |filter: usize, column: usize| filter / of_group * per_group + column / taps;
        let meaning = operands.meaning_of_phases(filters, &channel)?;
        let inputs = &self.streams[operands.codes.stream].bounds;
        let phases = Phases::of_stride(kernel, &strides);
        // At a border some of the positions that a phase sees are not there.
        let is_apart = strides.iter().zip(kernel).all(|(stride, taps)| stride >= taps);
        let zero = if is_apart { None } else { Some(0) };
        let bounds = operands.bounds_of_phases(inputs, zero, &phases, &channel)?;
        let sides = operands.sides(inputs, zero, &phases, &channel)?;
        let length = |axis: usize| {
            (size[axis] - 1) * strides[axis] + kernel[axis] - padding[axis].iter().sum::<usize>()
        };
        let layout = Layout::Map { channels: filters, size: (0..size.len()).map(length).collect() };
        let keys = Keys::default()
            .with_counts("size", &size)
            .with_count("channels", channels)
            .with_type("input", self.stream_type(operands.codes.stream))
            .with_count("filters", filters)
            .with_axes("kernel", kernel, None)
            .with_padding("padding", &padding);
        let keys = if strides == kernel { keys } else { keys.with_axes("stride", &strides, None) };
        let keys = if groups > 1 { keys.with_count("groups", groups) } else { keys };
        let values = turned(&operands.weights.codes, [channels, groups, *of_group, taps]);
        let sums = Sums { layout, bounds, sides, meaning };
        self.layer_of(node, "transposed_convolution", (operands, constant.shape.clone(), values), keys, sums)
    }
}

/// Positions of the whole result that are left out before and after each axis, as `pads`, `output_padding`, `output_shape` and `auto_pad` say.
fn left_out(
    node: &Node,
    size: &[usize],
    kernel: &[usize],
    strides: &[usize],
) -> Result<Vec<[usize; 2]>, String> {
    let (axes, attributes) = (size.len(), &node.attributes);
    let list = |name: &str, length: usize| -> Result<Option<Vec<usize>>, String> {
        let list = attributes.counts(name)?;
        match &list {
            Some(list) if list.len() != length => {
                Err(format!("its {name} {list:?} are not {length} numbers"))
            }
            _ => Ok(list),
        }
    };
    let more = list("output_padding", axes)?.unwrap_or(vec![0; axes]);
    let pads = list("pads", 2 * axes)?.unwrap_or(vec![0; 2 * axes]);
    let auto = attributes.text("auto_pad", "NOTSET")?;
    let shape = list("output_shape", axes)?;
    let wanted = match (&auto[..], shape) {
        (_, Some(shape)) => Some(shape),
        ("SAME_UPPER" | "SAME_LOWER", None) => {
            Some(size.iter().zip(strides).map(|(length, stride)| length * stride).collect())
        }
        ("NOTSET" | "" | "VALID", None) => None,
        _ => return Err(format!("its auto_pad is {auto:?}, which ONNX does not know")),
    };
    let along = |axis: usize| -> Result<[usize; 2], String> {
        let all = (size[axis] - 1) * strides[axis] + kernel[axis];
        let [before, after] = match &wanted {
            Some(wanted) => {
                let less = (all + more[axis]).checked_sub(wanted[axis]);
                let less = less.ok_or_else(|| {
                    format!(
                        "its output of {} positions is longer than what {} become",
                        wanted[axis], size[axis]
                    )
                })?;
                let half = if auto == "SAME_UPPER" { less / 2 } else { less - less / 2 };
                [half, less - half]
            }
            None if auto == "VALID" => [0, 0],
            None => [pads[axis], pads[axis + axes]],
        };
        let after = after.checked_sub(more[axis]).ok_or_else(|| {
            format!(
                "its output_padding of {} adds positions that no input reaches; take it off its pads",
                more[axis]
            )
        })?;
        let holds = before.max(after) < kernel[axis] && before + after < all;
        holds.then_some([before, after]).ok_or_else(|| {
            format!(
                "its pads {before} and {after} of axis {axis} leave out positions of a whole kernel of {}",
                kernel[axis]
            )
        })
    };
    (0..axes).map(along).collect()
}

/// Weights `[channels, filters / groups, ...]` with the zeros of these dilations between their taps.
fn dilated(constant: &Constant, dilations: &[usize]) -> Result<Constant, String> {
    let taps = &constant.shape[2..];
    let is_long = |(taps, dilation): (&usize, &usize)| *taps > 1 && span(*taps, *dilation) > LARGEST_KERNEL;
    if taps.iter().zip(dilations).any(is_long) {
        return Err(format!(
            "its dilations are {dilations:?}: with the zeros between its taps a kernel of {taps:?} has more than {LARGEST_KERNEL} along an axis"
        ));
    }
    Ok(constant.dilated(&[&[1, 1], dilations].concat()))
}

/// Weights `[channels, filters / groups, ...]` as rows: for each filter the taps of the channels of its group.
fn rows(constant: &Constant, groups: usize) -> Constant {
    let [channels, of_group, kernel @ ..] = &constant.shape[..] else { unreachable!("a kernel") };
    let (per_group, taps) = (channels / groups, kernel.iter().product::<usize>());
    let place = |filter: usize, column: usize| {
        let channel = filter / of_group * per_group + column / taps;
        (channel * of_group + filter % of_group) * taps + column % taps
    };
    let filters = groups * of_group;
    let index: Vec<usize> = (0..filters)
        .flat_map(|filter| (0..per_group * taps).map(move |column| place(filter, column)))
        .collect();
    let shape = [&[filters, per_group], kernel].concat();
    constant.rearranged(shape, &index)
}

/// The codes of such rows in the order of the tensor that they come from.
fn turned(codes: &[i64], [channels, groups, of_group, taps]: [usize; 4]) -> Vec<i64> {
    let per_group = channels / groups;
    let of = |channel: usize, filter: usize| {
        let row = channel / per_group * of_group + filter;
        &codes[(row * per_group + channel % per_group) * taps..][..taps]
    };
    let all = |channel: usize| (0..of_group).flat_map(move |filter| of(channel, filter).iter().copied());
    (0..channels).flat_map(all).collect()
}

//! Maxima and averages of windows.

use super::Lowering;
use super::codes::Codes;
use super::maker::Keys;
use super::matrix::span;
use super::value::{Held, Layout, Origin, Stream, Value, Windows};
use crate::blocks::Kernel;
use crate::datapath::mean_factors;
use crate::import::activation::Bounds;
use crate::import::exact::Rational;
use crate::import::meaning::Step;
use crate::import::onnx::Node;

impl Lowering<'_> {
    pub fn max_pool(&mut self, node: &Node, whole: bool) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        let windows = windows(node, &value.layout, whole)?;
        if value.pool.is_some() {
            return Err(
                "its input is a maximum of windows that is not quantized yet; put a quantizer between both"
                    .into(),
            );
        }
        if value.quantized.is_none() {
            // It is decided later on which side of the quantizer the windows are taken.
            let layout = pooled_layout(&value.layout, &windows)?;
            let after = value.steps.len();
            return Ok(vec![Held::Value(Value { pool: Some((after, windows)), layout, ..value })]);
        }
        let quantized = value.quantized.clone();
        let codes = self.codes(node, 0)?;
        if codes.scale.iter().any(|scale| scale.sign() <= 0) {
            return Err(
                "its input falls with the codes that stand for it, so that it is no maximum of them".into()
            );
        }
        let stream = self.window_node(codes.stream, "max", &windows)?;
        let layout = self.streams[stream].layout.clone();
        let value = Value::new(stream, vec![Step::affine(codes.scale, codes.offset)], layout);
        Ok(vec![Held::Value(Value { quantized, ..value })])
    }

    pub fn average_pool(&mut self, node: &Node, whole: bool) -> Result<Vec<Held>, String> {
        let codes = self.codes(node, 0)?;
        self.average_of(node, codes, whole)
    }

    /// The mean of windows of integers: their sum, whose scale is divided.
    pub fn average_of(&mut self, node: &Node, codes: Codes, whole: bool) -> Result<Vec<Held>, String> {
        let windows = windows(node, &codes.layout, whole)?;
        let padded = windows.padding.iter().flatten().any(|positions| *positions > 0);
        let counts_padding = padded && node.attributes.int("count_include_pad", 0)? != 0;
        let pooled = pooled_layout(&codes.layout, &windows)?;
        let (operation, count) = if counts_padding {
            if windows.ceil
                && pooled != pooled_layout(&codes.layout, &Windows { ceil: false, ..windows.clone() })?
            {
                return Err(
                    "a last window that is not full averages fewer positions; leave out ceil_mode".into()
                );
            }
            if codes.offset.iter().any(|offset| offset.sign() != 0) {
                return Err("its padding is 0, but the codes of its input have another zero point; pad before the quantizer".into());
            }
            ("sum", windows.kernel.as_deref().unwrap_or(codes.layout.size()).iter().product::<usize>() as i64)
        } else {
            let counts = counts(&codes.layout, &windows)?;
            let alike = counts.iter().all(|(factors, _)| factors.iter().all(|factor| *factor == 1));
            let common = common(&counts)?;
            (if alike { "sum" } else { "mean" }, common)
        };
        let stream = self.window_node(codes.stream, operation, &windows)?;
        let mean = Rational::new(1.into(), count.into());
        // The mean of `scale c + offset` is `scale / n` times the sum, and the offset.
        let scale = codes
            .scale
            .try_map(|scale| scale.times(&mean.clone().into()))
            .map_err(super::codes::two_roots)?;
        let layout = self.streams[stream].layout.clone();
        Ok(vec![Held::Value(Value::new(stream, vec![Step::affine(scale, codes.offset)], layout))])
    }

    /// A node of windows over a stream.
    pub fn window_node(
        &mut self,
        stream: usize,
        operation: &str,
        windows: &Windows,
    ) -> Result<usize, String> {
        let Layout::Map { channels, size } = self.streams[stream].layout.clone() else {
            return Err("it takes windows of a vector, which has no positions".into());
        };
        self.emitted(stream)?;
        let layout = pooled_layout(&self.streams[stream].layout, windows)?;
        let mut keys = Keys::of_map(&size, channels, self.stream_type(stream)).with("operation", operation);
        if let Some(kernel) = &windows.kernel {
            keys = keys.with_axes("kernel", kernel, None);
            if windows.stride != *kernel {
                keys = keys.with_axes("stride", &windows.stride, None);
            }
        }
        keys = keys.with_axes("dilation", &windows.dilation, Some(1));
        keys = keys.with_padding("padding", &windows.padding);
        if windows.ceil {
            keys = keys.with("ceil", true);
        }
        let positions: usize = windows.kernel.as_deref().unwrap_or(&size).iter().product();
        let times =
            if operation == "mean" { common(&counts(&self.streams[stream].layout, windows)?)? } else { 1 };
        let bounds: Vec<Bounds> = self.streams[stream]
            .bounds
            .iter()
            .map(|(lo, hi)| match operation {
                "max" => (*lo, *hi),
                "mean" => (lo.saturating_mul(times), hi.saturating_mul(times)),
                _ => {
                    let padded = windows.padding.iter().flatten().any(|ends| *ends > 0);
                    let (lo, hi) = if padded { (*lo.min(&0), *hi.max(&0)) } else { (*lo, *hi) };
                    (lo * positions as i64, hi * positions as i64)
                }
            })
            .collect();
        let name = self.maker.names.legal(&windows.name, "pool");
        let from = self.endpoint(stream);
        let index = self.maker.add(name, "pool", &[("x", from)], keys)?;
        self.streams.push(Stream::new(Origin::Node(index), bounds, layout));
        Ok(self.streams.len() - 1)
    }
}

/// The map that windows make.
fn pooled_layout(layout: &Layout, windows: &Windows) -> Result<Layout, String> {
    let Layout::Map { channels, size } = layout else {
        return Err("it takes windows of a vector, which has no positions".into());
    };
    let Some(kernel) = &windows.kernel else {
        return Ok(Layout::Map { channels: *channels, size: vec![1; size.len()] });
    };
    let along = |axis: usize| {
        let [before, after] = windows.padding[axis];
        let (length, stride) =
            (size[axis].saturating_add(before).saturating_add(after), windows.stride[axis]);
        let span = span(kernel[axis], windows.dilation[axis]);
        let rest = length
            .checked_sub(span)
            .ok_or(format!("a window of {span} does not fit into {length} positions"))?;
        let last = if windows.ceil { rest.div_ceil(stride) } else { rest / stride };
        // A last window starts inside the map or the padding before it.
        let inside = |window: &usize| !windows.ceil || window * stride < size[axis] + before;
        Ok::<usize, String>((0..=last).rev().find(inside).unwrap_or(0) + 1)
    };
    let size = (0..size.len()).map(along).collect::<Result<Vec<_>, _>>()?;
    Ok(Layout::Map { channels: *channels, size })
}

/// Of each axis the factors of its windows, and what the counts of positions that they see have in common: [`mean_factors`].
fn counts(layout: &Layout, windows: &Windows) -> Result<Vec<(Vec<i64>, i64)>, String> {
    let pooled = pooled_layout(layout, windows)?;
    let of = |axis: usize| {
        let length = layout.size()[axis];
        let size = windows.kernel.as_ref().map_or(length, |kernel| kernel[axis]);
        let (stride, dilation, [before, _]) =
            (windows.stride[axis], windows.dilation[axis], windows.padding[axis]);
        let reach = (pooled.size()[axis] - 1) * stride + span(size, dilation);
        let after = reach.saturating_sub(before + length);
        let kernel = Kernel { size, stride, dilation, before, after, ..Kernel::POINT };
        mean_factors(&kernel, length)
            .ok_or("its windows see too many different numbers of positions; take smaller ones".into())
    };
    (0..layout.size().len()).map(of).collect()
}

/// What the counts of all axes have in common.
fn common(counts: &[(Vec<i64>, i64)]) -> Result<i64, String> {
    let common = counts.iter().try_fold(1i64, |all, (_, common)| all.checked_mul(*common));
    common.ok_or("its windows see too many different numbers of positions; take smaller ones".into())
}

/// The windows that a node asks for.
fn windows(node: &Node, layout: &Layout, whole: bool) -> Result<Windows, String> {
    let axes = layout.size().len();
    let attributes = &node.attributes;
    let ones = vec![1; axes];
    if whole {
        let padding = vec![[0; 2]; axes];
        let (dilation, name) = (ones.clone(), node.name.clone());
        return Ok(Windows { kernel: None, stride: ones, dilation, padding, ceil: false, name });
    }
    let kernel = attributes.counts("kernel_shape")?.ok_or("it has no kernel_shape")?;
    let stride = attributes.counts("strides")?.unwrap_or(ones.clone());
    let dilation = attributes.counts("dilations")?.unwrap_or(ones);
    for (what, lengths) in [("kernel_shape", &kernel), ("strides", &stride), ("dilations", &dilation)] {
        if lengths.len() != axes || lengths.contains(&0) {
            return Err(format!("its {what} {lengths:?} is not of {axes} axes, each 1 or more"));
        }
    }
    let padding = super::matrix::padding(node, layout.size(), &kernel, &stride, &dilation)?;
    let ceil = attributes.int("ceil_mode", 0)? != 0;
    Ok(Windows { kernel: Some(kernel), stride, dilation, padding, ceil, name: node.name.clone() })
}

//! Layers with weights: convolutions, their transposes, dense layers.

use super::codes::{Codes, two_roots};
use super::maker::{Keys, type_of};
use super::value::{Held, Layout, Origin, Stream, Value};
use super::weights::Weights;
use super::{Layer, Lowering};
use crate::import::activation::{Bounds, Sides};
use crate::import::exact::{Rational, Surd};
use crate::import::meaning::{Each, Step};
use crate::import::onnx::{Constant, Node};
use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};
use toml::{Table, Value as Toml};

/// Integers, weights and a bias on their way into a layer.
pub struct Operands {
    pub codes: Codes,
    pub weights: Weights,
    /// Of each row, a real.
    pub bias: Option<Vec<Rational>>,
}

/// What leaves a layer.
struct Sums {
    layout: Layout,
    bounds: Vec<Bounds>,
    sides: Vec<Vec<Sides>>,
    meaning: Step,
}

/// How a convolution walks.
struct Windows {
    kernel: Vec<usize>,
    strides: Vec<usize>,
    dilations: Vec<usize>,
    padding: Vec<[usize; 2]>,
    groups: usize,
}

/// Positions before and after each axis, as `pads` or `auto_pad` say.
pub fn padding(
    node: &Node,
    size: &[usize],
    kernel: &[usize],
    strides: &[usize],
    dilations: &[usize],
) -> Result<Vec<[usize; 2]>, String> {
    let axes = size.len();
    let auto = node.attributes.text("auto_pad", "NOTSET")?;
    match &auto[..] {
        "NOTSET" | "" => {
            let pads = node.attributes.counts("pads")?.unwrap_or(vec![0; 2 * axes]);
            if pads.len() != 2 * axes {
                return Err(format!("its pads {pads:?} are not two for each of {axes} axes"));
            }
            Ok((0..axes).map(|axis| [pads[axis], pads[axis + axes]]).collect())
        }
        "VALID" => Ok(vec![[0; 2]; axes]),
        "SAME_UPPER" | "SAME_LOWER" => {
            let along = |axis: usize| {
                let windows = size[axis].div_ceil(strides[axis]);
                let span = (kernel[axis] - 1) * dilations[axis] + 1;
                let all = ((windows - 1) * strides[axis] + span).saturating_sub(size[axis]);
                let (less, more) = (all / 2, all - all / 2);
                if auto == "SAME_UPPER" { [less, more] } else { [more, less] }
            };
            Ok((0..axes).map(along).collect())
        }
        _ => Err(format!("its auto_pad is {auto:?}, which ONNX does not know")),
    }
}

impl Windows {
    fn of(node: &Node, size: &[usize], kernel: &[usize]) -> Result<Self, String> {
        let axes = size.len();
        let attributes = &node.attributes;
        let said = attributes.counts("kernel_shape")?.unwrap_or(kernel.into());
        if said != kernel {
            return Err(format!("its kernel_shape is {said:?}, but its weights are of {kernel:?}"));
        }
        let list = |name: &str| -> Result<Vec<usize>, String> {
            let list = attributes.counts(name)?.unwrap_or(vec![1; axes]);
            match list.len() == axes && !list.contains(&0) {
                true => Ok(list),
                false => Err(format!("its {name} {list:?} is not of {axes} axes, each 1 or more")),
            }
        };
        let (strides, dilations) = (list("strides")?, list("dilations")?);
        let padding = padding(node, size, kernel, &strides, &dilations)?;
        let groups = usize::try_from(attributes.int("group", 1)?).ok().filter(|groups| *groups > 0);
        let groups = groups.ok_or("its group is not 1 or more")?;
        Ok(Self { kernel: kernel.into(), strides, dilations, padding, groups })
    }

    fn is_padded(&self) -> bool {
        self.padding.iter().flatten().any(|positions| *positions > 0)
    }

    /// The positions that leave.
    fn windows(&self, size: &[usize]) -> Result<Vec<usize>, String> {
        let along = |axis: usize| {
            let span = (self.kernel[axis] - 1) * self.dilations[axis] + 1;
            let [before, after] = self.padding[axis];
            let rest = (size[axis] + before + after).checked_sub(span);
            rest.map(|rest| rest / self.strides[axis] + 1).ok_or_else(|| {
                format!("a window of {span} positions does not fit into {} of axis {axis}", size[axis])
            })
        };
        (0..size.len()).map(along).collect()
    }
}

impl Lowering<'_> {
    pub fn conv(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let weights = self.constant(node, 1)?.clone();
        let bias = self.optional(node, 2)?.cloned();
        let codes = self.codes(node, 0)?;
        self.convolution(node, codes, &weights, bias.map(|bias| bias.reals()).transpose()?)
    }

    /// A convolution of integers with the weights of `constant`, `[filters, channels / groups, ...]`.
    pub fn convolution(
        &mut self,
        node: &Node,
        codes: Codes,
        constant: &Constant,
        bias: Option<Vec<Rational>>,
    ) -> Result<Vec<Held>, String> {
        let Layout::Map { channels, size } = codes.layout.clone() else {
            return Err("its input is a vector, which has no positions".into());
        };
        let [filters, of_group, kernel @ ..] = &constant.shape[..] else {
            return Err(format!("its weights have the shape {:?}", constant.shape));
        };
        if kernel.len() != size.len() || kernel.contains(&0) {
            return Err(format!(
                "its weights have the shape {:?} for an input of {} axes",
                constant.shape,
                size.len()
            ));
        }
        let windows = Windows::of(node, &size, kernel)?;
        if of_group * windows.groups != channels || !filters.is_multiple_of(windows.groups) {
            let why = format!(
                "its weights are {:?} in {} groups, but its input has {channels} channels",
                constant.shape, windows.groups
            );
            return Err(why);
        }
        let operands = Operands { codes, weights: Weights::of(constant)?, bias };
        let zero = if windows.is_padded() { Some(operands.zero_point()?) } else { None };
        let per_filter = filters / windows.groups;
        let taps: usize = kernel.iter().product();
        // For each filter the channel of each of its columns.
        let channel = |filter: usize, column: usize| filter / per_filter * of_group + column / taps;
        let meaning = operands.meaning(*filters, &channel)?;
        let inputs = &self.streams[operands.codes.stream].bounds;
        let (bounds, sides) =
            (operands.bounds(inputs, zero, &channel)?, operands.sides(inputs, zero, 1, &channel)?);
        let layout = Layout::Map { channels: *filters, size: windows.windows(&size)? };
        let keys = Keys::default()
            .with_counts("size", &size)
            .with_count("channels", channels)
            .with_type("input", self.stream_type(operands.codes.stream))
            .with_count("filters", *filters)
            .with_axes("kernel", kernel, None)
            .with_axes("stride", &windows.strides, Some(1))
            .with_axes("dilation", &windows.dilations, Some(1))
            .with_padding("padding", &windows.padding);
        let keys = if windows.groups > 1 { keys.with_count("groups", windows.groups) } else { keys };
        let keys = match zero {
            Some(zero) if zero != 0 => keys.with("zero_point", zero),
            _ => keys,
        };
        self.layer(
            node,
            "convolution",
            (operands, constant.shape.clone()),
            keys,
            Sums { layout, bounds, sides, meaning },
        )
    }

    pub fn conv_transpose(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let constant = self.constant(node, 1)?.clone();
        let bias = self.optional(node, 2)?.map(Constant::reals).transpose()?;
        let codes = self.codes(node, 0)?;
        let Layout::Map { channels, size } = codes.layout.clone() else {
            return Err("its input is a vector, which has no positions".into());
        };
        let [ins, of_group, kernel @ ..] = &constant.shape[..] else {
            return Err(format!("its weights have the shape {:?}", constant.shape));
        };
        if *ins != channels || kernel.len() != size.len() {
            return Err(format!(
                "its weights have the shape {:?}, but its input {channels} channels",
                constant.shape
            ));
        }
        let windows = Windows::of(node, &size, kernel)?;
        let plain = windows.strides == kernel
            && !windows.is_padded()
            && windows.dilations.iter().all(|dilation| *dilation == 1);
        let shaped = node
            .attributes
            .counts("output_padding")?
            .is_some_and(|padding| padding.iter().any(|positions| *positions > 0))
            || node.attributes.has("output_shape");
        if !plain || shaped || windows.groups != 1 {
            return Err("its blocks overlap or are padded; a stride that is the kernel, without padding and groups, is imported".into());
        }
        let (filters, taps) = (*of_group, kernel.iter().product::<usize>());
        // Rows are filters, columns the channels and taps.
        let turned: Vec<usize> = [1, 0].into_iter().chain(2..constant.shape.len()).collect();
        let weights = Weights::of(&constant.transposed(&turned))?;
        let operands = Operands { codes, weights, bias };
        let meaning = operands.meaning_of_phases(filters, taps)?;
        let inputs = &self.streams[operands.codes.stream].bounds;
        let bounds = operands.bounds_of_phases(inputs, taps)?;
        let sides = operands.sides(inputs, None, taps, &|_, column| column / taps)?;
        let layout = Layout::Map {
            channels: filters,
            size: size.iter().zip(kernel).map(|(length, taps)| length * taps).collect(),
        };
        let keys = Keys::default()
            .with_counts("size", &size)
            .with_count("channels", channels)
            .with_type("input", self.stream_type(operands.codes.stream))
            .with_count("filters", filters)
            .with_axes("kernel", kernel, None);
        let sums = Sums { layout, bounds, sides, meaning };
        self.layer(node, "transposed_convolution", (operands, constant.shape.clone()), keys, sums)
    }

    pub fn gemm(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let attributes = &node.attributes;
        let weights = self.constant(node, 1)?;
        if weights.shape.len() != 2 || attributes.int("transA", 0)? != 0 {
            return Err("its weights are no matrix, or its input is transposed".into());
        }
        let weights =
            if attributes.int("transB", 0)? != 0 { weights.clone() } else { weights.transposed(&[1, 0]) };
        let number = |name: &str| -> Result<Rational, String> {
            crate::import::exact::of_f64(attributes.float(name, 1.0)?.into())
                .ok_or_else(|| format!("its {name} is no number"))
        };
        let (alpha, beta) = (number("alpha")?, number("beta")?);
        let bias = self.optional(node, 2)?.map(|bias| -> Result<_, String> {
            Ok(bias.reals()?.into_iter().map(|number| number * &beta).collect())
        });
        let bias = bias.transpose()?;
        let codes = self.codes(node, 0)?;
        self.dense(node, codes, &weights, bias, &alpha)
    }

    pub fn mat_mul(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let weights = self.constant(node, 1)?;
        if weights.shape.len() != 2 {
            return Err(format!("its weights have the shape {:?}, and a matrix is imported", weights.shape));
        }
        let weights = weights.transposed(&[1, 0]);
        let codes = self.codes(node, 0)?;
        self.dense(node, codes, &weights, None, &Rational::from_integer(1.into()))
    }

    /// A matrix `[rows, columns]` times a vector.
    pub fn dense(
        &mut self,
        node: &Node,
        codes: Codes,
        constant: &Constant,
        bias: Option<Vec<Rational>>,
        alpha: &Rational,
    ) -> Result<Vec<Held>, String> {
        let Layout::Vector { length, .. } = codes.layout else {
            return Err("its input is a map; flatten it before a matrix".into());
        };
        let [rows, columns] = constant.shape[..] else { return Err("its weights are no matrix".into()) };
        if columns != length {
            return Err(format!("its weights have {columns} columns, but its input {length} elements"));
        }
        // Columns in the order of the stream.
        let order = codes.layout.order();
        let index: Vec<usize> =
            (0..rows).flat_map(|row| order.iter().map(move |column| row * columns + column)).collect();
        let constant = constant.rearranged(constant.shape.clone(), &index);
        let mut weights = Weights::of(&constant)?;
        weights.scales = weights.scales.map(|scale| scale * alpha);
        let operands = Operands { codes, weights, bias };
        let channel = |_: usize, column: usize| column;
        let meaning = operands.meaning(rows, &channel)?;
        let inputs = &self.streams[operands.codes.stream].bounds;
        let (bounds, sides) =
            (operands.bounds(inputs, None, &channel)?, operands.sides(inputs, None, 1, &channel)?);
        let keys = Keys::default()
            .with_count("rows", rows)
            .with_count("columns", columns)
            .with_type("input", self.stream_type(operands.codes.stream));
        let layout = Layout::Vector { length: rows, of: None };
        let kind = if operands.weights.is_ternary() { "ternary_mac" } else { "nm_mac" };
        self.layer(node, kind, (operands, constant.shape), keys, Sums { layout, bounds, sides, meaning })
    }

    /// A node with weights in memory.
    fn layer(
        &mut self,
        node: &Node,
        kind: &str,
        (operands, shape): (Operands, Vec<usize>),
        mut keys: Keys,
        Sums { layout, bounds, sides, meaning }: Sums,
    ) -> Result<Vec<Held>, String> {
        let name = self.maker.names.legal(&node.name, &node.op);
        let Operands { codes, weights, .. } = operands;
        let (lo, hi) = weights.codes.iter().fold((0, 0), |(lo, hi), code| (*code.min(&lo), *code.max(&hi)));
        let ty = type_of(lo.min(-1), hi);
        if !weights.is_ternary() && ty.bits > 8 {
            return Err(format!(
                "its weights are {lo} to {hi}, of more than 8 bits; quantize them to 8 bits, with a zero point of 0"
            ));
        }
        match (kind, weights.is_ternary()) {
            ("ternary_mac", _) => {}
            (_, true) => keys = keys.with("weight", "ternary"),
            (_, false) => keys = keys.with_type("weight", ty),
        }
        if kind == "nm_mac" {
            keys = keys.with("pattern", "1:1");
        }
        let transposed = kind == "transposed_convolution";
        let values = if transposed { turned(&weights, &shape) } else { weights.codes.clone() };
        let tensor = self.maker.tensor(format!("{name}.weight"), shape, values);
        let mut table = Table::from_iter([("from".to_owned(), Toml::from("memory"))]);
        table.extend(tensor.as_table().cloned().unwrap_or_default());
        if let Some(sides) = &weights.sides {
            let values = sides.iter().flatten().copied().collect();
            let shape = if sides.len() == 1 { vec![2] } else { vec![sides.len(), 2] };
            table.insert("scales".into(), self.maker.tensor(format!("{name}.scales"), shape, values));
        }
        let keys = keys.with("weights", Toml::Table(table));
        let from = self.endpoint(codes.stream);
        let index = self.maker.add(name.clone(), kind, &[("x", from)], keys)?;
        self.layers.push(Layer {
            name: node.name.clone(),
            op: node.op.clone(),
            node: name,
            kind: kind.into(),
            bounds: bounds.clone(),
        });
        self.streams.push(Stream { sides, ..Stream::new(Origin::Node(index), bounds, layout.clone()) });
        Ok(vec![Held::Value(Value::new(self.streams.len() - 1, vec![meaning], layout))])
    }
}

/// Weights of filters in the order `[channels, filters, ...]`, whose shape that is.
fn turned(weights: &Weights, shape: &[usize]) -> Vec<i64> {
    let [channels, filters, kernel @ ..] = shape else { unreachable!("a kernel") };
    let taps: usize = kernel.iter().product();
    let of = |channel: usize, filter: usize| {
        let first = (filter * channels + channel) * taps;
        weights.codes[first..first + taps].to_vec()
    };
    (0..*channels).flat_map(|channel| (0..*filters).flat_map(move |filter| of(channel, filter))).collect()
}

impl Operands {
    /// The integer that stands for 0.
    fn zero_point(&self) -> Result<i64, String> {
        let wrong = || {
            "no integer stands for 0 in its input, which is padded; give its quantizer a whole zero point"
                .to_owned()
        };
        let zero = |scale: &Surd, offset: &Surd| {
            let zero = offset.negative().times(&scale.inverse()).ok()?;
            let zero = zero.rational()?.clone();
            zero.is_integer().then(|| zero.to_integer().to_i64()).flatten()
        };
        if self.codes.scale.iter().any(|scale| scale.sign() == 0) {
            return Err(wrong());
        }
        let zeros = self
            .codes
            .scale
            .zip(&self.codes.offset, |scale, offset| zero(scale, offset).ok_or_else(wrong))?
            .merged();
        let only = "channels of its input have different zero points, and it is padded; share one quantizer";
        zeros.only().copied().ok_or_else(|| only.into())
    }

    /// What an accumulator of each row stands for: the channel of a column is `channel(row, column)`.
    fn meaning(&self, rows: usize, channel: &dyn Fn(usize, usize) -> usize) -> Result<Step, String> {
        let columns = self.weights.columns();
        let mut lines = (Vec::new(), Vec::new());
        for row in 0..rows {
            let scale = self.codes.scale.get(channel(row, 0));
            let alike = (0..columns).all(|column| self.codes.scale.get(channel(row, column)) == scale);
            if !alike {
                return Err(
                    "channels of its input have different scales; share one quantizer, or one scale".into()
                );
            }
            let row_scale = Surd::from(self.weights.scales.get(row).clone());
            // The offset times the sum of the weights of each channel.
            let mut offset = Surd::from(self.bias_of(row));
            let mut sums: std::collections::BTreeMap<usize, i64> = std::collections::BTreeMap::new();
            for column in 0..columns {
                let key = if self.codes.offset.count() == 1 { 0 } else { channel(row, column) };
                *sums.entry(key).or_default() += self.weights.integer(row * columns + column);
            }
            for (key, sum) in sums {
                let term =
                    self.codes.offset.get(key).times(&row_scale).and_then(|term| term.times(&sum.into()));
                offset = term.and_then(|term| offset.plus(&term)).map_err(two_roots)?;
            }
            lines.0.push(scale.times(&row_scale).map_err(two_roots)?);
            lines.1.push(offset);
        }
        Ok(Step::affine(Each::of(lines.0).merged(), Each::of(lines.1).merged()))
    }

    /// As [`Operands::meaning`], of a transposed convolution, whose phases share a scale but not the sum of their weights.
    fn meaning_of_phases(&self, rows: usize, taps: usize) -> Result<Step, String> {
        if self.codes.offset.iter().any(|offset| offset.sign() != 0) {
            return Err("its input has a zero point, which each of its taps would move otherwise; quantize it with a zero point of 0".into());
        }
        self.meaning(rows, &|_, column| column / taps)
    }

    fn bias_of(&self, row: usize) -> Rational {
        let bias = self.bias.as_deref().unwrap_or_default();
        bias.get(if bias.len() == 1 { 0 } else { row }).cloned().unwrap_or_else(Rational::zero)
    }

    /// The least and the greatest accumulator of each row; `zero` pads.
    fn bounds(
        &self,
        inputs: &[Bounds],
        zero: Option<i64>,
        channel: &dyn Fn(usize, usize) -> usize,
    ) -> Result<Vec<Bounds>, String> {
        let columns = self.weights.columns();
        let sum = |row: usize| {
            let columns = (0..columns).map(|column| (column, channel(row, column)));
            self.sum(row, inputs, zero, columns, |weight| weight)
        };
        (0..self.weights.rows).map(sum).collect()
    }

    /// Of weights with two scales both sums of each row, for each of so many phases of its columns.
    fn sides(
        &self,
        inputs: &[Bounds],
        zero: Option<i64>,
        phases: usize,
        channel: &dyn Fn(usize, usize) -> usize,
    ) -> Result<Vec<Vec<Sides>>, String> {
        let Some(scales) = &self.weights.sides else { return Ok(Vec::new()) };
        let columns = self.weights.columns();
        let of = |row: usize, phase: usize| {
            let columns = || (phase..columns).step_by(phases).map(|column| (column, channel(row, column)));
            let ones = |positive: bool| move |weight: i64| i64::from(weight != 0 && (weight > 0) == positive);
            Ok(Sides {
                scales: if let [all] = &scales[..] { *all } else { scales[row] },
                plus: self.sum(row, inputs, zero, columns(), ones(true))?,
                minus: self.sum(row, inputs, zero, columns(), ones(false))?,
            })
        };
        (0..self.weights.rows).map(|row| (0..phases).map(|phase| of(row, phase)).collect()).collect()
    }

    fn bounds_of_phases(&self, inputs: &[Bounds], taps: usize) -> Result<Vec<Bounds>, String> {
        let columns = self.weights.columns();
        let phase = |row: usize, tap: usize| {
            let columns = (tap..columns).step_by(taps).map(|column| (column, column / taps));
            self.sum(row, inputs, None, columns, |weight| weight)
        };
        let of_row = |row: usize| {
            (0..taps).map(|tap| phase(row, tap)).try_fold(None, |all: Option<Bounds>, phase| {
                let (lo, hi) = phase?;
                Ok::<_, String>(Some(all.map_or((lo, hi), |(least, most)| (least.min(lo), most.max(hi)))))
            })
        };
        (0..self.weights.rows).map(|row| of_row(row).map(|bounds| bounds.unwrap_or((0, 0)))).collect()
    }

    /// The bounds of the sum of these columns, each with its channel, times what `of` makes of its weight.
    fn sum(
        &self,
        row: usize,
        inputs: &[Bounds],
        zero: Option<i64>,
        columns: impl Iterator<Item = (usize, usize)>,
        of: impl Fn(i64) -> i64,
    ) -> Result<Bounds, String> {
        let (mut lo, mut hi) = (BigInt::zero(), BigInt::zero());
        for (column, channel) in columns {
            let (mut least, mut most) = if let [one] = inputs { *one } else { inputs[channel] };
            if let Some(zero) = zero {
                (least, most) = (least.min(zero), most.max(zero));
            }
            let weight = BigInt::from(of(self.weights.integer(row * self.weights.columns() + column)));
            let ends = [&weight * BigInt::from(least), weight * BigInt::from(most)];
            lo += ends.iter().min().expect("two ends");
            hi += ends.iter().max().expect("two ends");
        }
        let narrow = |end: &BigInt| end.to_i64().filter(|end| end.unsigned_abs() >> 61 == 0);
        let wide = "its sums have more than 62 bits; take narrower weights or inputs";
        narrow(&lo).zip(narrow(&hi)).ok_or_else(|| wide.into())
    }
}

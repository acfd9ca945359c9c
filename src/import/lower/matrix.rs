//! Layers with weights: convolutions, their transposes, dense layers.

use super::codes::Codes;
use super::maker::{Keys, type_of};
use super::operands::{Operands, Phases};
use super::value::{Columns, Held, Layout, Origin, Stream, Value, View};
use super::weights::Weights;
use super::{Layer, Lowering};
use crate::datapath::IntType;
use crate::graph::Endpoint;
use crate::import::activation::{Bounds, Sides};
use crate::import::exact::Rational;
use crate::import::meaning::{Each, Step};
use crate::import::onnx::{Constant, Node};
use toml::{Table, Value as Toml};

/// What leaves a layer.
pub struct Sums {
    pub layout: Layout,
    pub bounds: Vec<Bounds>,
    pub sides: Vec<Vec<Sides>>,
    pub meaning: Step,
}

/// The shape of a tensor of weights, its values, and what +1 and -1 are where there are two scales.
type Tensor<'w> = (Vec<usize>, Vec<i64>, Option<&'w [[i64; 2]]>);

/// How a convolution walks.
pub struct Windows {
    pub kernel: Vec<usize>,
    pub walk: Walk,
    pub padding: Vec<[usize; 2]>,
}

/// What convolutions of both kinds say.
pub struct Walk {
    pub strides: Vec<usize>,
    pub dilations: Vec<usize>,
    pub groups: usize,
}

impl Walk {
    pub fn of(node: &Node, kernel: &[usize]) -> Result<Self, String> {
        let (attributes, axes) = (&node.attributes, kernel.len());
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
        let groups = usize::try_from(attributes.int("group", 1)?).ok().filter(|groups| *groups > 0);
        let groups = groups.ok_or("its group is not 1 or more")?;
        Ok(Self { strides: list("strides")?, dilations: list("dilations")?, groups })
    }
}

/// Positions from the first to the last one that a window sees.
pub fn span(kernel: usize, dilation: usize) -> usize {
    (kernel - 1).saturating_mul(dilation).saturating_add(1)
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
                let span = span(kernel[axis], dilations[axis]);
                let all = ((windows - 1) * strides[axis]).saturating_add(span).saturating_sub(size[axis]);
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
        let walk = Walk::of(node, kernel)?;
        let padding = padding(node, size, kernel, &walk.strides, &walk.dilations)?;
        Ok(Self { kernel: kernel.into(), walk, padding })
    }

    fn is_padded(&self) -> bool {
        self.padding.iter().flatten().any(|positions| *positions > 0)
    }

    /// The positions that leave.
    fn windows(&self, size: &[usize]) -> Result<Vec<usize>, String> {
        let along = |axis: usize| {
            let span = span(self.kernel[axis], self.walk.dilations[axis]);
            let [before, after] = self.padding[axis];
            let rest = size[axis].saturating_add(before).saturating_add(after).checked_sub(span);
            rest.map(|rest| rest / self.walk.strides[axis] + 1).ok_or_else(|| {
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
        let Layout::Map { size, .. } = codes.layout.clone() else {
            return Err("its input is a vector, which has no positions".into());
        };
        let [_, _, kernel @ ..] = &constant.shape[..] else {
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
        self.convolved(node, codes, (constant, bias), &windows)
    }

    /// A convolution of a map by weights of as many axes.
    pub fn convolved(
        &mut self,
        node: &Node,
        codes: Codes,
        (constant, bias): (&Constant, Option<Vec<Rational>>),
        windows: &Windows,
    ) -> Result<Vec<Held>, String> {
        let (channels, size) = (codes.layout.rows(), codes.layout.size().to_vec());
        let [filters, of_group, kernel @ ..] = &constant.shape[..] else { unreachable!("axes were counted") };
        let Walk { strides, dilations, groups } = &windows.walk;
        if of_group.checked_mul(*groups) != Some(channels) || !filters.is_multiple_of(*groups) {
            let why = format!(
                "its weights are {:?} in {groups} groups, but its input has {channels} channels",
                constant.shape
            );
            return Err(why);
        }
        let operands = Operands { codes, weights: Weights::of(constant)?, bias };
        let zero = if windows.is_padded() { Some(operands.zero_point()?) } else { None };
        let per_filter = filters / groups;
        let taps: usize = kernel.iter().product();
        // For each filter the channel of each of its columns.
        let channel = |filter: usize, column: usize| filter / per_filter * of_group + column / taps;
        let meaning = operands.meaning(*filters, &channel)?;
        let inputs = &self.streams[operands.codes.stream].bounds;
        let (bounds, sides) = (
            operands.bounds(inputs, zero, &channel)?,
            operands.sides(inputs, zero, &Phases::one(taps), &channel)?,
        );
        let layout = Layout::Map { channels: *filters, size: windows.windows(&size)? };
        let keys = Keys::of_map(&size, channels, self.stream_type(operands.codes.stream))
            .with_count("filters", *filters)
            .with_axes("kernel", kernel, None)
            .with_axes("stride", strides, Some(1))
            .with_axes("dilation", dilations, Some(1))
            .with_padding("padding", &windows.padding);
        let keys = if *groups > 1 { keys.with_count("groups", *groups) } else { keys };
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
        if let Held::Value(Value { view: View::Columns(columns), .. }) = self.taken(node, 0)? {
            let columns = Columns::clone(columns);
            return self.columns_times_matrix(node, columns);
        }
        let weights = one_matrix(self.constant(node, 1)?)?.transposed(&[1, 0]);
        let codes = self.codes(node, 0)?;
        if codes.layout.size().is_empty() {
            return self.dense(node, codes, &weights, None, &Rational::from_integer(1.into()));
        }
        let made = self.times_matrix(node, codes, &weights)?;
        Ok(vec![Held::Value(self.as_positions(node, made)?)])
    }

    /// A matrix `[rows, columns]` times each of a map's vectors along its last axis: a convolution of maps whose channels these are. What leaves
    /// has them as channels too, and those of the input before its positions.
    pub fn times_matrix(&mut self, node: &Node, codes: Codes, constant: &Constant) -> Result<Value, String> {
        let (channels, size) = (codes.layout.rows(), codes.layout.size());
        let (Some((last, others)), Some((scale, offset))) = (size.split_last(), codes.alike()) else {
            return Err("channels of its input have different scales; share one quantizer".into());
        };
        let [rows, columns] = constant.shape[..] else { return Err("its weights are no matrix".into()) };
        if columns != *last {
            return Err(format!(
                "its weights have {columns} columns, but its input {last} along its last axis"
            ));
        }
        let axes = size.len();
        let layout = Layout::Map { channels: *last, size: [&[channels], others].concat() };
        let order: Vec<usize> = std::iter::once(axes).chain(0..axes).collect();
        let stream = self.in_order(node, codes.stream, &order, &layout)?;
        let ones = vec![1; axes];
        let weights = constant.clone().reshaped([&[rows, columns], &ones[..]].concat());
        let walk = Walk { strides: ones.clone(), dilations: ones.clone(), groups: 1 };
        let windows = Windows { kernel: ones, walk, padding: vec![[0; 2]; axes] };
        let codes =
            Codes { stream, scale: Each::all(scale.into()), offset: Each::all(offset.into()), layout };
        match self.convolved(node, codes, (&weights, None), &windows)?.remove(0) {
            Held::Value(value) => Ok(value),
            _ => Err("it gives no tensor".into()),
        }
    }

    /// What leaves [`Lowering::times_matrix`] in the order of the file: its channels become the last axis again.
    pub fn as_positions(&mut self, node: &Node, value: Value) -> Result<Value, String> {
        let quantized = value.quantized.clone();
        let codes = self.as_codes(value)?;
        let (Some(scale), Some(offset)) = (codes.scale.only(), codes.offset.only()) else {
            return Err("its columns have different scales, and leave as positions; share one scale".into());
        };
        let step = Step::affine(Each::all(scale.clone()), Each::all(offset.clone()));
        let axes = codes.layout.size().len();
        let (channels, others) = codes.layout.size().split_first().ok_or("it gives no map")?;
        let size = [others, &[codes.layout.rows()]].concat();
        let layout = Layout::Map { channels: *channels, size };
        let order: Vec<usize> = (1..=axes).chain([0]).collect();
        let stream = self.in_order(node, codes.stream, &order, &layout)?;
        // What another program records has the file's order.
        let (before, after) = (self.endpoint(codes.stream), self.endpoint(stream));
        for made in self.activations.iter_mut().filter(|made| made.codes == before) {
            (made.codes, made.order) = (after.clone(), layout.order());
        }
        Ok(Value { quantized, ..Value::new(stream, vec![step], layout) })
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
        let (bounds, sides) = (
            operands.bounds(inputs, None, &channel)?,
            operands.sides(inputs, None, &Phases::one(1), &channel)?,
        );
        let keys = Keys::default()
            .with_count("rows", rows)
            .with_count("columns", columns)
            .with_type("input", self.stream_type(operands.codes.stream));
        let layout = Layout::Vector { length: rows, of: None };
        let kind = if operands.weights.is_ternary() { "ternary_mac" } else { "nm_mac" };
        self.layer(node, kind, (operands, constant.shape), keys, Sums { layout, bounds, sides, meaning })
    }

    /// A node with weights in memory, in the order of their rows.
    pub fn layer(
        &mut self,
        node: &Node,
        kind: &str,
        (operands, shape): (Operands, Vec<usize>),
        keys: Keys,
        sums: Sums,
    ) -> Result<Vec<Held>, String> {
        let values = operands.weights.codes.clone();
        self.layer_of(node, kind, (operands, shape, values), keys, sums)
    }

    /// A node with weights in memory: a tensor of this shape with these values.
    pub fn layer_of(
        &mut self,
        node: &Node,
        kind: &str,
        (operands, shape, values): (Operands, Vec<usize>, Vec<i64>),
        keys: Keys,
        Sums { layout, bounds, sides, meaning }: Sums,
    ) -> Result<Vec<Held>, String> {
        let name = self.maker.names.legal(&node.name, &node.op);
        let from = self.endpoint(operands.codes.stream);
        let sides_of = operands.weights.sides.as_deref();
        let index = match middle(&values)? {
            None => self.array(name.clone(), kind, (shape, values, sides_of), keys, from)?,
            Some(middle) => self.wide(&name, kind, (shape, values, middle), keys, (from, &layout))?,
        };
        self.layers.push(Layer {
            name: node.name.clone(),
            op: node.op.clone(),
            node: name,
            kind: self.maker.nodes[index].kind.clone(),
            bounds: bounds.clone(),
        });
        self.streams.push(Stream { sides, ..Stream::new(Origin::Node(index), bounds, layout.clone()) });
        Ok(vec![Held::Value(Value::new(self.streams.len() - 1, vec![meaning], layout))])
    }

    /// The node itself.
    fn array(
        &mut self,
        name: String,
        kind: &str,
        (shape, values, sides): Tensor<'_>,
        mut keys: Keys,
        from: Endpoint,
    ) -> Result<usize, String> {
        let is_ternary = values.iter().all(|code| code.abs() <= 1);
        match (kind, is_ternary) {
            ("ternary_mac", _) => {}
            (_, true) => keys = keys.with("weight", "ternary"),
            (_, false) => keys = keys.with_type("weight", weight_type(&values)),
        }
        if kind == "nm_mac" {
            keys = keys.with("pattern", "1:1");
        }
        let tensor = self.maker.tensor(format!("{name}.weight"), shape, values);
        let mut table = Table::from_iter([("from".to_owned(), Toml::from("memory"))]);
        table.extend(tensor.as_table().cloned().unwrap_or_default());
        if let Some(sides) = sides {
            let values = sides.iter().flatten().copied().collect();
            let shape = if sides.len() == 1 { vec![2] } else { vec![sides.len(), 2] };
            table.insert("scales".into(), self.maker.tensor(format!("{name}.scales"), shape, values));
        }
        let keys = keys.with("weights", Toml::Table(table));
        self.maker.add(name, kind, &[("x", from)], keys)
    }

    /// Weights of 9 bits, as those of 8 bits with a zero point are: the sums of those of 8 bits around `middle`, and `middle` times the sum of
    /// all that is multiplied.
    fn wide(
        &mut self,
        name: &str,
        kind: &str,
        (shape, values, middle): (Vec<usize>, Vec<i64>, i64),
        keys: Keys,
        (from, layout): (Endpoint, &Layout),
    ) -> Result<usize, String> {
        let ones = vec![1; values.len()];
        let around = values.iter().map(|value| value - middle).collect();
        let [products, sum] =
            ["products", "sum"].map(|part| self.maker.names.legal(&format!("{name}_{part}"), part));
        let products =
            self.array(products, kind, (shape.clone(), around, None), keys.clone(), from.clone())?;
        let plain = if kind == "nm_mac" { "ternary_mac" } else { kind };
        let sum = self.array(sum, plain, (shape, ones, None), keys, from)?;
        let mut keys = Keys::default();
        if !layout.size().is_empty() {
            keys = keys.with_counts("size", layout.size());
        }
        let [a, b] = [products, sum].map(|index| self.maker.output(index));
        let keys = keys.with_count("channels", layout.rows()).with_type("a", a).with_type("b", b);
        let keys = keys.with("factors", vec![Toml::Integer(1), Toml::Integer(middle)]);
        let from = [products, sum].map(|index| self.maker.endpoint(index));
        let [a, b] = from;
        self.maker.add(name.to_owned(), "add", &[("a", a), ("b", b)], keys)
    }
}

/// The matrix of a tensor whose last two axes are one; of several they are all the same.
pub fn one_matrix(constant: &Constant) -> Result<Constant, String> {
    let wrong = || {
        format!(
            "its weights have the shape {:?}, and a matrix is imported, one for all vectors",
            constant.shape
        )
    };
    let [.., rows, columns] = constant.shape[..] else { return Err(wrong()) };
    let count = rows.checked_mul(columns).filter(|count| *count > 0).ok_or_else(wrong)?;
    let matrix = |number: usize| {
        let index: Vec<usize> = (number * count..(number + 1) * count).collect();
        constant.rearranged(vec![rows, columns], &index)
    };
    let first = matrix(0);
    let alike = (1..constant.count() / count).all(|number| matrix(number) == first);
    if alike { Ok(first) } else { Err(wrong()) }
}

/// The type of weights.
fn weight_type(values: &[i64]) -> IntType {
    let (lo, hi) = ends(values);
    type_of(if hi > 127 { lo } else { lo.min(-1) }, hi)
}

/// The least and the greatest of weights and 0.
fn ends(values: &[i64]) -> (i64, i64) {
    values.iter().fold((0, 0), |(lo, hi), code| (*code.min(&lo), *code.max(&hi)))
}

/// What is taken off weights that are too wide for an array; none of those that are not.
fn middle(values: &[i64]) -> Result<Option<i64>, String> {
    if weight_type(values).bits <= 8 {
        return Ok(None);
    }
    let (lo, hi) = ends(values);
    let (least, most) =
        values.iter().fold((i64::MAX, i64::MIN), |(a, b), code| (*code.min(&a), *code.max(&b)));
    if most - least > 255 {
        return Err(format!(
            "its weights are {lo} to {hi}, of more than 8 bits; quantize them to 8 bits, with a zero point of 0"
        ));
    }
    Ok(Some(least + 128))
}

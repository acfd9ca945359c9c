//! Where a layer needs integers: the steps since the last ones become a staircase, and that a form in hardware.

use super::maker::{Keys, type_of};
use super::value::{Held, Origin, Stream, Value, Windows};
use super::{Activation, Lowering, Made};
use crate::datapath::IntType;
use crate::graph::Endpoint;
use crate::import::activation::{Bounds, Form, Requantized, Sides, Staircase, Undecided};
use crate::import::exact::{Rational, Surd, TwoRoots};
use crate::import::meaning::{Each, Quantizer, Step};
use crate::import::onnx::Node;
use num_traits::{ToPrimitive, Zero};
use toml::Value as Toml;

/// Integers of a stream, each of which stands for `scale * integer + offset`.
#[derive(Clone, Debug)]
pub struct Codes {
    pub stream: usize,
    pub scale: Each<Surd>,
    pub offset: Each<Surd>,
    pub layout: super::value::Layout,
}

const UNQUANTIZED: &str =
    "what comes in is not quantized: a matrix takes integers; put a quantizer before it";

/// `scale * x`.
pub fn scaled(scale: Rational) -> Step {
    Step::affine(Each::all(scale.into()), Each::all(Surd::zero()))
}

pub fn two_roots(_: TwoRoots) -> String {
    "two batch norms of different variances meet in one channel; put a quantizer between them".into()
}

fn undecided(why: Undecided) -> String {
    match why {
        Undecided::TwoRoots(roots) => two_roots(roots),
        near @ Undecided::TooNear => format!("{near}; change the scale of its quantizer a little"),
    }
}

/// Affine steps as one.
fn composed(steps: &[Step]) -> Result<(Each<Surd>, Each<Surd>), String> {
    let mut all = (Each::all(Surd::one()), Each::all(Surd::zero()));
    for step in steps {
        let Step::Affine { scale, offset } = step else { return Err(UNQUANTIZED.into()) };
        let moved = all.1.zip(scale, Surd::times).map_err(two_roots)?;
        all = (
            all.0.zip(scale, Surd::times).map_err(two_roots)?.merged(),
            moved.zip(offset, Surd::plus).map_err(two_roots)?.merged(),
        );
    }
    Ok(all)
}

impl Codes {
    /// What an integer stands for, if it is the same in all channels and rational.
    pub fn alike(&self) -> Option<(Rational, Rational)> {
        Some((self.scale.only()?.rational()?.clone(), self.offset.only()?.rational()?.clone()))
    }
}

impl Lowering<'_> {
    /// The integers of input `index` of `node`, made if they are not yet.
    pub fn codes(&mut self, node: &Node, index: usize) -> Result<Codes, String> {
        let value = self.value(node, index)?;
        let name = node.input(index).unwrap_or_default().to_owned();
        self.codes_of(&name, value)
    }

    /// As [`Lowering::codes`], of the tensor `name`.
    pub fn codes_of(&mut self, name: &str, value: Value) -> Result<Codes, String> {
        let value = self.integers(value)?;
        self.held.insert(name.into(), Held::Value(value.clone()));
        self.as_codes(value)
    }

    /// As [`Lowering::codes`], of a tensor that is no node's.
    pub fn as_codes(&mut self, value: Value) -> Result<Codes, String> {
        let value = self.integers(value)?;
        let (scale, offset) = composed(&value.steps)?;
        Ok(Codes { stream: value.stream, scale, offset, layout: value.layout })
    }

    /// The same tensor as integers with affine steps.
    fn integers(&mut self, value: Value) -> Result<Value, String> {
        let Some(last) = value.steps.iter().rposition(|step| step.codes().is_some()) else {
            return self.raw(value);
        };
        let (steps, rest) = value.steps.split_at(last + 1);
        let (steps, rest) = clamped(steps, rest)?;
        let key = (value.stream, steps.clone(), value.pool.clone());
        let known = self.made.iter().find(|(known, _)| *known == key).map(|(_, stream)| *stream);
        let stream = match known {
            Some(stream) => stream,
            None => {
                let stream = self.quantized(&value, &steps)?;
                if let Some(made) = self.activations.last_mut() {
                    (made.scale, made.offset) = composed(&rest)?;
                }
                self.made.push((key, stream));
                stream
            }
        };
        Ok(Value { stream, steps: rest, pool: None, sole: false, ..value })
    }

    /// Accumulators as they are.
    fn raw(&mut self, value: Value) -> Result<Value, String> {
        let (scale, offset) = composed(&value.steps)?;
        if let Origin::Input(None) = self.streams[value.stream].origin {
            return Err("what integers come in is not said: write --input, such as --input u8/256".into());
        }
        let mut stream = value.stream;
        if let Some((after, windows)) = &value.pool {
            self.rises(&value.steps[..*after])?;
            stream = self.pooled(stream, windows)?;
        }
        let index = self.emitted(stream)?;
        self.closed.extend(index);
        Ok(Value { stream, steps: vec![Step::affine(scale, offset)], pool: None, sole: false, ..value })
    }

    fn rises(&self, steps: &[Step]) -> Result<(), String> {
        let rising = steps.iter().all(Step::rises);
        let why = "a maximum of windows stands between steps that fall with their input; put it after the quantizer";
        if rising { Ok(()) } else { Err(why.into()) }
    }

    /// The codes that `steps` make of a stream, as a stream.
    fn quantized(&mut self, value: &Value, steps: &[Step]) -> Result<usize, String> {
        let Some((after, windows)) = &value.pool else { return self.stepped(value, value.stream, steps) };
        if steps[*after..].iter().all(Step::rises) {
            let codes = self.stepped(value, value.stream, steps)?;
            return self.pooled(codes, windows);
        }
        self.rises(&steps[..*after])?;
        let pooled = self.pooled(value.stream, windows)?;
        self.stepped(value, pooled, steps)
    }

    /// The same without a pool between.
    fn stepped(&mut self, value: &Value, stream: usize, steps: &[Step]) -> Result<usize, String> {
        if let Origin::Input(None) = self.streams[stream].origin {
            return self.outside(value, stream, steps);
        }
        let rows = self.streams[stream].layout.rows();
        let bounds = self.bounds(stream, steps.iter().any(|step| step.channels() > 1), rows);
        let (staircase, margin) =
            Staircase::of(steps, &bounds, &self.streams[stream].sides).map_err(undecided)?;
        if let Origin::Sum { .. } = self.streams[stream].origin
            && let Some(made) = self.summed(stream, &staircase)?
        {
            let (stream, sum, pairs) = made;
            self.note_activation(value, stream, (staircase, Made::Sum(sum), pairs, margin));
            return Ok(stream);
        }
        let (form, mut pairs) = Form::of(&staircase);
        if !self.streams[stream].sides.is_empty() {
            pairs = self.streams[stream].sides.iter().flatten().map(Sides::pairs).sum();
        }
        if !form.is_possible(&staircase) {
            let levels = staircase.channels[0].thresholds.len();
            return Err(format!(
                "no multiplier is exact for all accumulators, and {levels} thresholds are more than 255; quantize to 8 bits"
            ));
        }
        let reached = (staircase.codes, staircase.reached());
        let made = self.shaped(value, stream, &staircase, &form)?;
        let stream = if form == Form::Wires { stream } else { self.codes_stream(made, stream, reached) };
        self.note_activation(value, stream, (staircase, Made::Form(form), pairs, margin));
        Ok(stream)
    }

    /// The bounds of a stream, one for each channel where they are told apart.
    pub fn bounds(&self, stream: usize, apart: bool, rows: usize) -> Vec<Bounds> {
        match &self.streams[stream].bounds[..] {
            [one] if apart => vec![*one; rows],
            bounds => bounds.to_vec(),
        }
    }

    fn codes_stream(&mut self, node: usize, before: usize, (codes, _): (Bounds, Vec<Bounds>)) -> usize {
        let layout = self.streams[before].layout.clone();
        self.streams.push(Stream::new(Origin::Node(node), vec![codes], layout));
        self.streams.len() - 1
    }

    /// The first quantizer of a network of which is not said what comes in: its codes come in.
    fn outside(&mut self, value: &Value, stream: usize, steps: &[Step]) -> Result<usize, String> {
        let [Step::Quantize(quantizer)] = steps else {
            return Err("what integers come in is not said, and the first quantizer is not the first node: write --input, such as --input u8/256".into());
        };
        let (lo, hi) = quantizer.range;
        let ty = type_of(lo, hi);
        let bounds = vec![(lo, hi)];
        self.input.1 = Some(ty);
        (self.streams[stream].origin, self.streams[stream].bounds) =
            (Origin::Input(Some(ty)), bounds.clone());
        let identity = Step::Quantize(Quantizer {
            scale: Each::all(Rational::from_integer(1.into())),
            before: Each::all(Rational::zero()),
            after: Each::all(0),
            ..quantizer.clone()
        });
        let (staircase, margin) = Staircase::of(&[identity], &bounds, &[]).map_err(undecided)?;
        self.note_activation(value, stream, (staircase, Made::Outside, 0, margin));
        Ok(stream)
    }

    fn note_activation(
        &mut self,
        value: &Value,
        stream: usize,
        (staircase, form, pairs, margin): (Staircase, Made, u128, crate::import::activation::Margin),
    ) {
        let (tensor, number) = value.quantized.clone().unwrap_or_default();
        let layout = &self.streams[stream].layout;
        let activation = Activation {
            tensor,
            number,
            codes: self.endpoint(stream),
            staircase,
            form,
            pairs,
            margin,
            scale: Each::all(Surd::one()),
            offset: Each::all(Surd::zero()),
            order: layout.order(),
        };
        self.activations.push(activation);
    }

    /// Where the integers of a stream pass.
    pub fn endpoint(&self, stream: usize) -> Endpoint {
        match &self.streams[stream].origin {
            Origin::Input(_) => Endpoint::stream("input", "x"),
            Origin::Node(index) => self.maker.endpoint(*index),
            Origin::Sum { name, .. } => Endpoint::of(name),
        }
    }

    /// The type of the integers of a stream.
    pub fn stream_type(&self, stream: usize) -> IntType {
        match &self.streams[stream].origin {
            Origin::Input(ty) => ty.unwrap_or(type_of(0, 0)),
            Origin::Node(index) => self.maker.output(*index),
            Origin::Sum { .. } => {
                let (lo, hi) = self.streams[stream]
                    .bounds
                    .iter()
                    .fold((0, 0), |(a, b), (lo, hi)| (a.min(*lo), b.max(*hi)));
                type_of(lo, hi)
            }
        }
    }

    /// The form in the node that gives the stream, or in a node of its own; the node from which the codes come.
    fn shaped(
        &mut self,
        value: &Value,
        stream: usize,
        staircase: &Staircase,
        form: &Form,
    ) -> Result<usize, String> {
        let index = self.emitted(stream)?;
        let of_value =
            stream == value.stream || self.streams[stream].layout != self.streams[value.stream].layout;
        let free = index.filter(|index| value.sole && of_value && !self.closed.contains(index));
        if *form == Form::Wires {
            self.closed.extend(index);
            return Ok(index.unwrap_or(0));
        }
        if let Some(index) = free {
            let name = self.maker.nodes[index].name.clone();
            let (key, table) = self.table(&name, staircase, form);
            self.maker.extend(index, key, table)?;
            self.closed.insert(index);
            return Ok(index);
        }
        self.closed.extend(index);
        let quantizer = value.quantized.as_ref().map_or("", |(tensor, _)| &tensor[..]);
        let name = self.maker.names.legal(quantizer, "codes");
        let (kind, table) = self.table(&name, staircase, form);
        let layout = &self.streams[stream].layout;
        let mut keys = Keys::default().with_count("rows", layout.rows());
        if !layout.size().is_empty() {
            keys = keys.with_counts("size", layout.size());
        }
        let keys = keys.with_type("input", self.stream_type(stream)).with(kind, Toml::Table(table.0));
        let from = self.endpoint(stream);
        let index = self.maker.add(name, kind, &[("acc", from)], keys)?;
        self.closed.insert(index);
        Ok(index)
    }

    /// The table of a form, with its tensors.
    fn table(&mut self, name: &str, staircase: &Staircase, form: &Form) -> (&'static str, Keys) {
        let codes = staircase.codes;
        let ty = type_of(codes.0, codes.1);
        let keys = Keys::default().with_type("output", ty);
        match form {
            Form::Requantize(Requantized { scaling, .. }) => {
                let mut keys = self.clamped_keys(keys, codes, ty);
                for (key, values) in [("multiplier", &scaling.multipliers), ("bias", &scaling.biases)] {
                    let value = self.per_row(name, key, values);
                    keys = keys.with(key, value);
                }
                ("requantize", keys.with("shift", i64::from(scaling.shift)).with("rounding", "floor"))
            }
            _ => {
                let rows = staircase.channels.len();
                let levels = staircase.channels[0].thresholds.len();
                let values = staircase.channels.iter().flat_map(|stairs| stairs.thresholds.clone()).collect();
                let thresholds = self.maker.tensor(format!("{name}.threshold"), vec![rows, levels], values);
                let signs: Vec<i64> = staircase.channels.iter().map(|stairs| stairs.sign).collect();
                let mut keys = keys.with("thresholds", thresholds);
                if signs.contains(&-1) {
                    let signs = self.per_row(name, "sign", &signs);
                    keys = keys.with("signs", signs);
                }
                if codes.0 != ty.lo() {
                    keys = keys.with("least", codes.0);
                }
                ("thresholds", keys)
            }
        }
    }

    /// With the bounds of the clamp, where they are not those of the type.
    pub fn clamped_keys(&self, keys: Keys, codes: Bounds, ty: IntType) -> Keys {
        let narrow = codes != (ty.lo(), ty.hi());
        if narrow { keys.with("bounds", vec![Toml::Integer(codes.0), Toml::Integer(codes.1)]) } else { keys }
    }

    /// One integer for all rows, or a tensor.
    pub fn per_row(&mut self, name: &str, key: &str, values: &[i64]) -> Toml {
        match values {
            [one] => Toml::Integer(*one),
            _ if values.iter().all(|value| *value == values[0]) => Toml::Integer(values[0]),
            _ => self.maker.tensor(format!("{name}.{key}"), vec![values.len()], values.to_vec()),
        }
    }

    /// The node of windows over a stream.
    fn pooled(&mut self, stream: usize, windows: &Windows) -> Result<usize, String> {
        self.window_node(stream, "max", windows)
    }
}

/// `steps`, whose last one gives integers, and what comes after them: limits of these integers go into the quantizer, what is left is affine.
fn clamped(steps: &[Step], rest: &[Step]) -> Result<(Vec<Step>, Vec<Step>), String> {
    let mut steps = steps.to_vec();
    let mut after: Vec<Step> = Vec::new();
    for step in rest {
        match step {
            Step::Affine { .. } => after.push(step.clone()),
            Step::Clip { least, most } => {
                let (scale, offset) = composed(&after)?;
                let wrong =
                    "after the quantizer comes a limit that is none of its codes; put the limit before it";
                let (Some(scale), Some(offset)) =
                    (scale.only().and_then(Surd::rational), offset.only().and_then(Surd::rational))
                else {
                    return Err(wrong.into());
                };
                let Some(Step::Quantize(quantizer)) = steps.last_mut() else { return Err(wrong.into()) };
                if *scale <= Rational::zero() {
                    return Err(wrong.into());
                }
                let code = |end: &Rational| ((end - offset) / scale).clone();
                let (lo, hi) = quantizer.range;
                let lo_code = least.as_ref().map(code);
                let hi_code = most.as_ref().map(code);
                let limit = |end: Option<Rational>, open: i64, lower: bool| match end {
                    None => Ok(open),
                    Some(end) if lower && end <= Rational::from_integer(lo.into()) => Ok(open),
                    Some(end) if !lower && end >= Rational::from_integer(hi.into()) => Ok(open),
                    Some(end) if end.is_integer() => {
                        end.to_integer().to_i64().map(|end| end.clamp(lo, hi)).ok_or(wrong)
                    }
                    Some(_) => Err(wrong),
                };
                quantizer.range = (limit(lo_code, lo, true)?, limit(hi_code, hi, false)?);
            }
            _ => return Err(UNQUANTIZED.into()),
        }
    }
    let (scale, offset) = composed(&after)?;
    Ok((steps, vec![Step::affine(scale, offset)]))
}

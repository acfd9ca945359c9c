//! Quantizers of every format, as steps.

use super::Lowering;
use super::codes::scaled;
use super::value::{Held, Value};
use crate::import::exact::{Rational, Surd};
use crate::import::meaning::{Each, Levels, Mode, Quantizer, Step};
use crate::import::onnx::{Constant, Element, Node, Values};
use num_traits::{Signed, ToPrimitive, Zero};

/// The most bits of a quantizer.
const MOST_BITS: i64 = 16;

/// Scale, zero point and range of a quantizer of QONNX.
pub struct Uniform {
    pub scale: Constant,
    pub zero: Constant,
    pub range: (i64, i64),
    pub mode: Mode,
    /// Signed with 1 bit: -1 and +1.
    pub bipolar: bool,
}

/// The number of bits that a constant says.
fn bits(constant: &Constant) -> Result<i64, String> {
    if constant.count() != 1 {
        return Err(format!("its bits are {} numbers, and one for all is imported", constant.count()));
    }
    let bits = constant.real(0).filter(Rational::is_integer).and_then(|bits| bits.to_integer().to_i64());
    match bits {
        Some(bits) if (1..=MOST_BITS).contains(&bits) => Ok(bits),
        _ => Err(format!("it has {} bits; 1 to {MOST_BITS} whole bits are imported", constant.floats()[0])),
    }
}

/// The least and the greatest integer of so many bits.
fn range(bits: i64, signed: bool, narrow: bool) -> (i64, i64) {
    let narrow = i64::from(narrow);
    match signed {
        true => (-(1 << (bits - 1)) + narrow, (1 << (bits - 1)) - 1),
        false => (0, (1 << bits) - 1 - narrow),
    }
}

/// That all numbers are scales.
pub fn positive(constant: &Constant) -> Result<Vec<Rational>, String> {
    let wrong = |index: usize| {
        format!("its scale is {}; a scale is more than 0 and finite", constant.floats()[index])
    };
    let of = |index| constant.real(index).filter(Rational::is_positive).ok_or_else(|| wrong(index));
    (0..constant.count()).map(of).collect()
}

impl Lowering<'_> {
    /// What `Quant` and `IntQuant` say.
    pub fn uniform(&self, node: &Node) -> Result<Uniform, String> {
        let attributes = &node.attributes;
        let bits = bits(self.constant(node, 3)?)?;
        let (signed, narrow) = (attributes.int("signed", 1)? != 0, attributes.int("narrow", 0)? != 0);
        let mode = mode(node, "ROUND")?;
        let (scale, zero) = (self.constant(node, 1)?.clone(), self.constant(node, 2)?.clone());
        positive(&scale)?;
        Ok(Uniform { scale, zero, range: range(bits, signed, narrow), mode, bipolar: signed && bits == 1 })
    }

    pub fn quant(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let uniform = self.uniform(node)?;
        if let Held::Constant(constant) = self.taken(node, 0)? {
            return Ok(vec![Held::Constant(uniform.folded(constant)?)]);
        }
        let value = self.value(node, 0)?;
        let scale = Each::of(self.per_channel(&value, &uniform.scale)?).merged();
        let zero = Each::of(self.per_channel(&value, &uniform.zero)?).merged();
        let back = Step::affine(
            scale.map(|scale| Surd::from(scale.clone())),
            zero.zip(&scale, |zero, scale| Ok::<_, String>(Surd::from(-(zero * scale))))?,
        );
        let step = match uniform.bipolar {
            true => Step::Levels(Levels { least: -1, levels: Each::all(vec![Rational::zero(); 2]) }),
            false => Step::Quantize(Quantizer {
                scale,
                before: zero,
                after: Each::all(0),
                range: uniform.range,
                mode: uniform.mode,
            }),
        };
        Ok(vec![Held::Value(self.stepping(node, value, [step, back]))])
    }

    /// `value` after a quantizer that is `node`.
    fn stepping(&self, node: &Node, value: Value, steps: impl IntoIterator<Item = Step>) -> Value {
        let quantized = Some((node.outputs.first().cloned().unwrap_or_default(), self.order));
        let value = steps.into_iter().fold(value, Value::then);
        Value { quantized, ..value }
    }

    pub fn bipolar(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let scale = self.constant(node, 1)?.clone();
        positive(&scale)?;
        if let Held::Constant(constant) = self.taken(node, 0)? {
            let code = |value: &f32| if *value >= 0.0 { 1 } else { -1 };
            let codes = constant.floats().iter().map(code).collect();
            return Ok(vec![Held::Constant(grid(constant, codes, &scale)?)]);
        }
        let value = self.value(node, 0)?;
        let scale = Each::of(self.per_channel(&value, &scale)?).merged();
        let sign = Step::Levels(Levels { least: -1, levels: Each::all(vec![Rational::zero(); 2]) });
        let back = Step::affine(scale.map(|scale| Surd::from(scale.clone())), Each::all(Surd::zero()));
        Ok(vec![Held::Value(self.stepping(node, value, [sign, back]))])
    }

    /// `Trunc` of both versions: the first shifts by the difference of bits, the second by that of scales.
    pub fn trunc(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        let second = node.inputs.len() > 5;
        let mode = mode(node, "FLOOR")?;
        let scale = self.constant(node, 1)?.clone();
        positive(&scale)?;
        let zero = self.constant(node, 2)?.reals()?;
        if zero.iter().any(|zero| !zero.is_zero()) {
            return Err("its zero point is not 0, which is not imported for Trunc".into());
        }
        let scale = Each::of(self.per_channel(&value, &scale)?).merged();
        let one = || Each::all(Rational::from_integer(1.into()));
        let plain = |mode, scale, range| {
            Step::Quantize(Quantizer {
                scale,
                before: Each::all(Rational::zero()),
                after: Each::all(0),
                range,
                mode,
            })
        };
        let wide = (-(1 << 40), 1 << 40);
        let attributes = &node.attributes;
        let (shift, range) = if second {
            let out = self.constant(node, 4)?.clone();
            let out = Each::of(self.per_channel(&value, &{
                positive(&out)?;
                out
            })?)
            .merged();
            let (Some(out), Some(scale)) = (out.only(), scale.only()) else {
                return Err(
                    "its scales differ from channel to channel, which is not imported for Trunc".into()
                );
            };
            let shift = crate::import::exact::approximate(&(out / scale)).log2().round_ties_even();
            let (signed, narrow) = (attributes.int("signed", 1)? != 0, attributes.int("narrow", 0)? != 0);
            (shift as i64, range(bits(self.constant(node, 5)?)?, signed, narrow))
        } else {
            (bits(self.constant(node, 3)?)? - bits(self.constant(node, 4)?)?, wide)
        };
        if !(0..=30).contains(&shift) {
            return Err(format!("it shifts by {shift} bits; 0 to 30 are imported"));
        }
        let unit = Rational::from_integer((1i64 << shift).into());
        let steps = [
            plain(Mode::HalfEven, scale.clone(), wide),
            scaled(unit.recip()),
            plain(mode, one(), range),
            // Back to reals: a code is so many steps of the output.
            Step::affine(scale.map(|scale| Surd::from(scale * &unit)), Each::all(Surd::zero())),
        ];
        Ok(vec![Held::Value(self.stepping(node, value, steps))])
    }

    pub fn quantize_linear(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        refuse_blocks(node)?;
        let scale = self.constant(node, 1)?.clone();
        positive(&scale)?;
        let zero = self.optional(node, 2)?.cloned();
        let element = zero.as_ref().map_or(Element::Int(false, 8), |zero| zero.element);
        let range = small(element)?;
        let axis = node.attributes.int("axis", 1)?;
        if let Held::Constant(constant) = self.taken(node, 0)? {
            let scales = along(&scale, constant, axis)?;
            let zeros =
                zero.map_or(Ok(vec![0; constant.count()]), |zero| along(&zero, constant, axis)?.integers())?;
            let code = |((value, scale), zero): ((&f32, f32), &i64)| {
                let code = (value / scale).round_ties_even() + *zero as f32;
                code.clamp(range.0 as f32, range.1 as f32) as i64
            };
            let codes = constant.floats().iter().zip(scales.floats()).zip(&zeros).map(code).collect();
            return Ok(vec![Held::Constant(Constant {
                shape: constant.shape.clone(),
                element,
                values: Values::Int(codes),
            })]);
        }
        let value = self.value(node, 0)?;
        let axis = axis.saturating_add(i64::from(!self.is_batched && axis >= 0));
        let scale = Each::of(self.per_axis(&value, &scale, axis)?).merged();
        let after = self.zeros(&value, zero.as_ref(), axis)?;
        let step = Step::Quantize(Quantizer {
            scale,
            before: Each::all(Rational::zero()),
            after,
            range,
            mode: Mode::HalfEven,
        });
        Ok(vec![Held::Value(self.stepping(node, value, [step]))])
    }

    /// Zero points as integers.
    pub fn zeros(&self, value: &Value, zero: Option<&Constant>, axis: i64) -> Result<Each<i64>, String> {
        let Some(zero) = zero else { return Ok(Each::all(0)) };
        let integer = |zero: &Rational| zero.to_integer().to_i64().filter(|_| zero.is_integer());
        let zeros = self.per_axis(value, zero, axis)?.iter().map(integer).collect::<Option<Vec<_>>>();
        Ok(Each::of(zeros.ok_or("its zero point is no integer")?).merged())
    }

    pub fn dequantize_linear(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        refuse_blocks(node)?;
        let scale = self.constant(node, 1)?.clone();
        positive(&scale)?;
        let zero = self.optional(node, 2)?.cloned();
        let axis = node.attributes.int("axis", 1)?;
        if let Held::Constant(constant) = self.taken(node, 0)? {
            let zeros =
                zero.map_or(Ok(vec![0; constant.count()]), |zero| along(&zero, constant, axis)?.integers())?;
            let codes: Vec<i64> =
                constant.integers()?.iter().zip(zeros).map(|(code, zero)| code - zero).collect();
            let scale = along(&scale, constant, axis)?;
            return Ok(vec![Held::Constant(grid(constant, codes, &scale)?)]);
        }
        let value = self.value(node, 0)?;
        let axis = axis.saturating_add(i64::from(!self.is_batched && axis >= 0));
        let zeros = self.zeros(&value, zero.as_ref(), axis)?;
        let scale = Each::of(self.per_axis(&value, &scale, axis)?).merged();
        let step = dequantized(&scale, &zeros)?;
        Ok(vec![Held::Value(value.then(step))])
    }

    /// FINN's thresholds.
    pub fn multi_threshold(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        let thresholds = self.constant(node, 1)?;
        let [channels, levels] = thresholds.shape[..] else {
            return Err(format!(
                "its thresholds have the shape {:?}, not [channels, levels]",
                thresholds.shape
            ));
        };
        let rows = value.layout.rows();
        if (channels != 1 && channels != rows) || levels == 0 || levels > 65535 {
            return Err(format!(
                "its thresholds have the shape {:?}, but there are {rows} channels",
                thresholds.shape
            ));
        }
        let attributes = &node.attributes;
        let layout = attributes.text("data_layout", "NCHW")?;
        if !["NCHW", "NC", "NCW", "NCDHW"].contains(&&layout[..]) {
            return Err(format!(
                "its channels are not the second axis ({layout}); import the model before that transformation"
            ));
        }
        let (scale, bias) = (attributes.float("out_scale", 1.0)?, attributes.float("out_bias", 0.0)?);
        let reals = thresholds.reals()?;
        let mut levels: Vec<Vec<Rational>> = reals.chunks(levels).map(<[Rational]>::to_vec).collect();
        levels.iter_mut().for_each(|levels| levels.sort());
        let order = value.layout.order();
        let levels = if channels == 1 {
            Each::of(levels)
        } else {
            Each::of(order.iter().map(|place| levels[*place].clone()).collect())
        };
        let [scale, bias] = [scale, bias].map(|number| crate::import::exact::of_f64(number.into()));
        let (Some(scale), Some(bias)) = (scale.filter(Rational::is_positive), bias) else {
            return Err("its out_scale is more than 0, and out_bias a number".into());
        };
        // Whole codes where the bias is whole steps.
        let least = &bias / &scale;
        let (least, offset) = match least.is_integer() {
            true => (least.to_integer().to_i64().ok_or("its out_bias is too large")?, Rational::zero()),
            false => (0, bias),
        };
        let back = Step::affine(Each::all(scale.into()), Each::all(offset.into()));
        Ok(vec![Held::Value(self.stepping(node, value, [Step::Levels(Levels { least, levels }), back]))])
    }
}

/// `(code - zero) * scale`.
pub fn dequantized(scale: &Each<Rational>, zeros: &Each<i64>) -> Result<Step, String> {
    let offset = zeros
        .zip(scale, |zero, scale| Ok::<_, String>(Surd::from(scale * num_bigint::BigInt::from(-zero))))?;
    Ok(Step::affine(scale.map(|scale| Surd::from(scale.clone())), offset))
}

impl Uniform {
    /// The integers of a constant, computed in float32 as QONNX does.
    fn folded(&self, constant: &Constant) -> Result<Constant, String> {
        let scale = broadcast(&self.scale, constant)?;
        let zero = broadcast(&self.zero, constant)?;
        let zeros =
            zero.integers().map_err(|_| "its zero point is no integer, and its input is a constant")?;
        let (lo, hi) = (self.range.0 as f32, self.range.1 as f32);
        let code = |((value, scale), zero): ((&f32, f32), &i64)| {
            let scaled = value / scale + *zero as f32;
            let code = match self.bipolar {
                true => return if scaled >= 0.0 { 1 } else { -1 },
                false => self.mode.round_float(scaled.clamp(lo, hi)),
            };
            code as i64 - zero
        };
        if constant.floats().iter().any(|value| value.is_nan()) {
            return Err("its input holds a number that is none (NaN)".into());
        }
        let codes = constant.floats().iter().zip(scale.floats()).zip(&zeros).map(code).collect();
        grid(constant, codes, &scale)
    }
}

/// Codes in the shape of a constant, each times its scale.
fn grid(constant: &Constant, codes: Vec<i64>, scale: &Constant) -> Result<Constant, String> {
    let scale = broadcast(scale, constant)?;
    let scales = match &scale.values {
        Values::F64(scales) => scales.clone(),
        _ => scale.floats().into_iter().map(f64::from).collect(),
    };
    Ok(Constant {
        shape: constant.shape.clone(),
        element: Element::F32,
        values: Values::Grid { codes, scales },
    })
}

/// `small`, repeated along the axes of `large` where it has one element.
fn broadcast(small: &Constant, large: &Constant) -> Result<Constant, String> {
    let missing = large.shape.len().checked_sub(small.shape.len());
    let wrong =
        || format!("its parameters have the shape {:?}, which does not fit {:?}", small.shape, large.shape);
    let shape = [vec![1; missing.ok_or_else(wrong)?], small.shape.clone()].concat();
    if shape.iter().zip(&large.shape).any(|(small, large)| *small != 1 && small != large) {
        return Err(wrong());
    }
    let index = |mut place: usize| {
        let (mut index, mut stride) = (0, 1);
        for (small, large) in shape.iter().zip(&large.shape).rev() {
            if *small != 1 {
                index += place % large * stride;
                stride *= small;
            }
            place /= large;
        }
        index
    };
    let index: Vec<usize> = (0..large.count()).map(index).collect();
    Ok(small.rearranged(large.shape.clone(), &index))
}

/// `small`, one number or a list along `axis`, in the shape of `large`.
fn along(small: &Constant, large: &Constant, axis: i64) -> Result<Constant, String> {
    if small.count() == 1 {
        return broadcast(&small.clone().reshaped(Vec::new()), large);
    }
    let axes = large.shape.len() as i64;
    let axis = if axis < 0 { axis + axes } else { axis };
    let length = usize::try_from(axis).ok().and_then(|axis| large.shape.get(axis));
    if length != Some(&small.count()) {
        return Err(format!(
            "its parameters are {} numbers, which do not fit axis {axis} of {:?}",
            small.count(),
            large.shape
        ));
    }
    let after = (axes - 1 - axis) as usize;
    broadcast(&small.clone().reshaped([vec![small.count()], vec![1; after]].concat()), large)
}

/// The range of integers of 16 bits or fewer.
pub fn small(element: Element) -> Result<(i64, i64), String> {
    match element {
        Element::Int(_, bits) if bits <= 16 => element.bounds().ok_or_else(|| "it has no range".into()),
        _ => Err(format!("its integers are {element}; integers of 16 bits or fewer are imported")),
    }
}

fn refuse_blocks(node: &Node) -> Result<(), String> {
    if node.attributes.int("block_size", 0)? != 0 {
        return Err(
            "its scales are of blocks of an axis, which are not imported; quantize per tensor or axis".into(),
        );
    }
    Ok(())
}

fn mode(node: &Node, default: &str) -> Result<Mode, String> {
    let name = node.attributes.text("rounding_mode", default)?;
    let known = "ROUND, HALF_EVEN, CEIL, FLOOR, UP, DOWN, HALF_UP, HALF_DOWN";
    Mode::named(&name).ok_or_else(|| format!("its rounding_mode is {name:?}; there are {known}"))
}

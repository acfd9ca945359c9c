//! Operators on integers, of ONNX and of onnxruntime: a layer, its scales and its quantizer in one node.

use super::Lowering;
use super::codes::Codes;
use super::matrix::one_matrix;
use super::quantizers::{dequantized, positive, small};
use super::value::{Held, Value};
use crate::import::exact::{Rational, Surd};
use crate::import::meaning::{Each, Mode, Quantizer, Step};
use crate::import::onnx::{Constant, Element, Node, Values};
use num_bigint::BigInt;
use num_traits::{One, Zero};

/// Where a node has the scale and the zero point of a tensor.
#[derive(Clone, Copy)]
struct At(usize, usize);

impl Lowering<'_> {
    /// Input `index` as the reals that its scale and zero point make of it.
    fn scaled_codes(&mut self, node: &Node, index: usize, at: At) -> Result<Codes, String> {
        let scale = self.constant(node, at.0)?.clone();
        positive(&scale)?;
        let zero = self.optional(node, at.1)?.cloned();
        let value = self.value(node, index)?;
        let scale = Each::of(self.per_axis(&value, &scale, 1)?).merged();
        let zeros = self.zeros(&value, zero.as_ref(), 1)?;
        let step = dequantized(&scale, &zeros)?;
        let codes = self.codes(node, index)?;
        let Step::Affine { scale, offset } = step else { unreachable!("a line") };
        let (scale, offset) = (
            codes.scale.zip(&scale, Surd::times).map_err(super::codes::two_roots)?.merged(),
            codes
                .offset
                .zip(&scale, Surd::times)
                .and_then(|moved| moved.zip(&offset, Surd::plus))
                .map_err(super::codes::two_roots)?
                .merged(),
        );
        Ok(Codes { scale, offset, ..codes })
    }

    /// What leaves: integers of a scale and a zero point, which is added after the rounding, or before it.
    fn requantized(
        &mut self,
        node: &Node,
        value: Value,
        at: At,
        zero_before: bool,
    ) -> Result<Vec<Held>, String> {
        let scale = self.constant(node, at.0)?.clone();
        positive(&scale)?;
        let zero = self.optional(node, at.1)?.cloned();
        let range = small(zero.as_ref().map_or(Element::Int(false, 8), |zero| zero.element))?;
        let scale = Each::of(self.per_axis(&value, &scale, 1)?).merged();
        let zeros = self.zeros(&value, zero.as_ref(), 1)?;
        let (before, after) = match zero_before {
            true => (zeros.map(|zero| Rational::from_integer(BigInt::from(*zero))), Each::all(0)),
            false => (Each::all(Rational::zero()), zeros),
        };
        let step = Step::Quantize(Quantizer { scale, before, after, range, mode: Mode::HalfEven });
        let quantized = Some((node.outputs.first().cloned().unwrap_or_default(), self.order));
        let value = value.then(step);
        Ok(vec![Held::Value(Value { quantized, ..value })])
    }

    fn one_value(&self, held: Vec<Held>) -> Result<Value, String> {
        match held.into_iter().next() {
            Some(Held::Value(value)) => Ok(value),
            _ => Err("it gives no tensor".into()),
        }
    }

    /// Weights as integers times scales, per tensor or along `axis`.
    fn scaled_weights(&self, node: &Node, index: usize, at: At, axis: usize) -> Result<Constant, String> {
        let (codes, scale) = (self.constant(node, index)?, self.constant(node, at.0)?);
        positive(scale)?;
        let zero = self.optional(node, at.1)?;
        let along: usize = codes.shape.get(axis).copied().ok_or("its weights have too few axes")?;
        let inner: usize = codes.shape[axis + 1..].iter().product();
        let place =
            |index: usize, constant: &Constant| if constant.count() == 1 { 0 } else { index / inner % along };
        for constant in [Some(scale), zero].into_iter().flatten() {
            if constant.count() != 1 && constant.count() != along {
                return Err(format!(
                    "its weights' parameters are {} numbers for {along} rows",
                    constant.count()
                ));
            }
        }
        let (values, scales) = (codes.integers()?, scale.floats());
        let zeros = zero.map(Constant::integers).transpose()?;
        let code = |(index, value): (usize, &i64)| {
            value - zero.zip(zeros.as_ref()).map_or(0, |(zero, zeros)| zeros[place(index, zero)])
        };
        let codes_of = values.iter().enumerate().map(code).collect();
        let scales = (0..values.len()).map(|index| f64::from(scales[place(index, scale)])).collect();
        let values = Values::Grid { codes: codes_of, scales };
        Ok(Constant { shape: codes.shape.clone(), element: Element::F32, values })
    }

    /// A bias of int32 has the scale of the sums: that of the input times that of the weights.
    fn scaled_bias(
        &self,
        bias: Option<&Constant>,
        codes: &Codes,
        scale: &Constant,
        rows: usize,
    ) -> Result<Option<Vec<Rational>>, String> {
        let Some(bias) = bias else { return Ok(None) };
        let (input, _) = codes.alike().ok_or("channels of its input have different scales")?;
        let (bias, scales) = (bias.integers()?, scale.reals()?);
        if bias.len() != rows || ![1, rows].contains(&scales.len()) {
            return Err(format!("its bias has {} numbers for {rows} rows", bias.len()));
        }
        let of =
            |row: usize| &scales[if scales.len() == 1 { 0 } else { row }] * &input * BigInt::from(bias[row]);
        Ok(Some((0..rows).map(of).collect()))
    }

    pub fn qlinear_conv(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let weights = self.scaled_weights(node, 3, At(4, 5), 0)?;
        let codes = self.scaled_codes(node, 0, At(1, 2))?;
        let bias =
            self.scaled_bias(self.optional(node, 8)?, &codes, self.constant(node, 4)?, weights.shape[0])?;
        let held = self.convolution(node, codes, &weights, bias)?;
        let value = self.one_value(held)?;
        self.requantized(node, value, At(6, 7), false)
    }

    pub fn qlinear_mat_mul(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let last = self.constant(node, 3)?.shape.len().saturating_sub(1);
        let weights = one_matrix(&self.scaled_weights(node, 3, At(4, 5), last)?)?.transposed(&[1, 0]);
        let codes = self.scaled_codes(node, 0, At(1, 2))?;
        if !codes.layout.size().is_empty() {
            let value = self.times_matrix(node, codes, &weights)?;
            let held = self.requantized(node, value, At(6, 7), false)?;
            let value = self.one_value(held)?;
            return Ok(vec![Held::Value(self.as_positions(node, value)?)]);
        }
        let held = self.dense(node, codes, &weights, None, &Rational::one())?;
        let value = self.one_value(held)?;
        self.requantized(node, value, At(6, 7), false)
    }

    /// onnxruntime's: A, its scale and zero point, B, its scale and zero point, C, the scale and zero point of Y.
    pub fn qgemm(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let attributes = &node.attributes;
        if attributes.int("transA", 0)? != 0 {
            return Err("its input is transposed".into());
        }
        let turned = attributes.int("transB", 0)? != 0;
        let weights = self.scaled_weights(node, 3, At(4, 5), usize::from(!turned))?;
        if weights.shape.len() != 2 {
            return Err(format!("its weights have the shape {:?}, and a matrix is imported", weights.shape));
        }
        let weights = if turned { weights } else { weights.transposed(&[1, 0]) };
        let alpha = crate::import::exact::of_f64(attributes.float("alpha", 1.0)?.into())
            .ok_or("its alpha is no number")?;
        let codes = self.scaled_codes(node, 0, At(1, 2))?;
        let bias =
            self.scaled_bias(self.optional(node, 6)?, &codes, self.constant(node, 4)?, weights.shape[0])?;
        // The bias has the scale of the sums, alpha with it.
        let bias = bias.map(|bias| bias.into_iter().map(|number| number * &alpha).collect());
        let held = self.dense(node, codes, &weights, bias, &alpha)?;
        let value = self.one_value(held)?;
        match node.input(7) {
            Some(_) => self.requantized(node, value, At(7, 8), false),
            None => Ok(vec![Held::Value(value)]),
        }
    }

    pub fn qlinear_add(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let a = self.scaled_codes(node, 0, At(1, 2))?;
        let b = self.scaled_codes(node, 3, At(4, 5))?;
        let held = self.sum_of(node, a, b)?;
        let value = self.one_value(held)?;
        self.requantized(node, value, At(6, 7), true)
    }

    /// onnxruntime's: the scale and zero point of Y, then those of each side after it.
    pub fn qlinear_concat(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let sides: Vec<Codes> = (2..node.inputs.len())
            .step_by(3)
            .map(|index| self.scaled_codes(node, index, At(index + 1, index + 2)))
            .collect::<Result<_, _>>()?;
        let held = self.concat_of(node, node.attributes.int("axis", 1)?, sides)?;
        let value = self.one_value(held)?;
        self.requantized(node, value, At(0, 1), false)
    }

    /// Sums of integers without their zero points, as they are.
    pub fn integer_layer(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let one = Constant { shape: Vec::new(), element: Element::F32, values: Values::F32(vec![1.0]) };
        let zero = self.optional(node, 2)?.cloned();
        let value = self.value(node, 0)?;
        let zeros = self.zeros(&value, zero.as_ref(), 1)?;
        let mut codes = self.codes(node, 0)?;
        let moved = zeros.map(|zero| Surd::from(-zero));
        codes.offset = codes.offset.zip(&moved, Surd::plus).map_err(super::codes::two_roots)?.merged();
        let is_conv = node.op == "ConvInteger";
        let weights = self.constant(node, 1)?.clone();
        let zeros = self.optional(node, 3)?.map(Constant::integers).transpose()?.unwrap_or(vec![0]);
        let axis = if is_conv { 0 } else { weights.shape.len().saturating_sub(1) };
        let (along, inner) = (
            *weights.shape.get(axis).ok_or("its weights have no axes")?,
            weights.shape[axis + 1..].iter().product::<usize>(),
        );
        if ![1, along].contains(&zeros.len()) {
            return Err(format!("its weights have {} zero points", zeros.len()));
        }
        let zero_of = |index: usize| zeros[if zeros.len() == 1 { 0 } else { index / inner % along }];
        let integers =
            weights.integers()?.iter().enumerate().map(|(index, code)| code - zero_of(index)).collect();
        let weights = Constant { shape: weights.shape, element: one.element, values: Values::Int(integers) };
        if is_conv {
            return self.convolution(node, codes, &weights, None);
        }
        let weights = one_matrix(&weights)?.transposed(&[1, 0]);
        if codes.layout.size().is_empty() {
            return self.dense(node, codes, &weights, None, &Rational::one());
        }
        let made = self.times_matrix(node, codes, &weights)?;
        Ok(vec![Held::Value(self.as_positions(node, made)?)])
    }

    /// onnxruntime's average of integers: the whole map.
    pub fn qlinear_average(&mut self, node: &Node, whole: bool) -> Result<Vec<Held>, String> {
        if node.attributes.int("channels_last", 0)? != 0 {
            return Err("its channels are the last axis; the second one is imported".into());
        }
        let codes = self.scaled_codes(node, 0, At(1, 2))?;
        let held = self.average_of(node, codes, whole)?;
        let value = self.one_value(held)?;
        self.requantized(node, value, At(3, 4), false)
    }
}

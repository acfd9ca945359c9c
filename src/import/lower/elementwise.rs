//! Functions of each element, and constants that differ from channel to channel at most.

use super::Lowering;
use super::value::{Held, Value};
use crate::import::exact::{Rational, Surd, of_f64};
use crate::import::meaning::{Each, Step};
use crate::import::onnx::{Constant, Node, Values};
use num_traits::{Signed, Zero};

impl Lowering<'_> {
    /// A constant, one number for each row of the stream, or one for all; it is broadcast as ONNX does.
    pub fn per_channel(&self, value: &Value, constant: &Constant) -> Result<Vec<Rational>, String> {
        let shape = value.layout.shape();
        let reals = constant.reals()?;
        if reals.len() == 1 {
            return Ok(reals);
        }
        let missing = shape.len().checked_sub(constant.shape.len());
        let padded = missing.map(|missing| [vec![1; missing], constant.shape.clone()].concat());
        match padded.as_deref() {
            Some([1, rows, rest @ ..]) if *rows == shape[1] && rest.iter().all(|length| *length == 1) => {
                Ok(value.layout.order().into_iter().map(|place| reals[place].clone()).collect())
            }
            _ => Err(format!(
                "its constant has the shape {:?}, and its input {shape:?}; one number, or one a channel, is imported",
                constant.shape
            )),
        }
    }

    /// As [`Lowering::per_channel`], with roots.
    fn surds(&self, value: &Value, constant: &Constant) -> Result<Vec<Surd>, String> {
        if !matches!(constant.values, Values::Roots(_)) {
            return Ok(self.per_channel(value, constant)?.into_iter().map(Surd::from).collect());
        }
        match constant.count() {
            1 => Ok(vec![constant.surd(0).ok_or("its constant is no finite number")?]),
            _ => Err("its constant is a root of several numbers, and of one is imported".into()),
        }
    }

    /// A constant of one number, or of one along `axis`, which is that of channels.
    pub fn per_axis(&self, value: &Value, constant: &Constant, axis: i64) -> Result<Vec<Rational>, String> {
        let reals = constant.reals()?;
        if reals.len() == 1 {
            return Ok(reals);
        }
        let shape = value.layout.shape();
        let axis = if axis < 0 { axis + shape.len() as i64 } else { axis };
        if axis != 1 || reals.len() != shape[1] {
            return Err(format!(
                "its {} numbers are along axis {axis} of {shape:?}; those of the channels, axis 1, are imported",
                reals.len()
            ));
        }
        Ok(value.layout.order().into_iter().map(|place| reals[place].clone()).collect())
    }

    /// `Add`, `Sub`, `Mul` and `Div`, of which one side is a constant; the sum of two tensors.
    pub fn arithmetic(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let constant_at = |index| matches!(self.taken(node, index), Ok(Held::Constant(_)));
        let (first, second) = (constant_at(0), constant_at(1));
        if !first && !second {
            return match &node.op[..] {
                "Add" => self.sum(node),
                "Sub" => Err("it subtracts two tensors; add them, with a negative scale".into()),
                _ => Err("it multiplies or divides two tensors, of which one must be a constant".into()),
            };
        }
        let value = self.value(node, usize::from(first))?;
        let constant = self.constant(node, usize::from(!first))?;
        let surds = Each::of(self.surds(&value, constant)?).merged();
        let (one, zero) = (|| Each::all(Surd::one()), || Each::all(Surd::zero()));
        let step = match (&node.op[..], first) {
            ("Add", _) => Step::affine(one(), surds),
            ("Sub", false) => Step::affine(one(), surds.map(Surd::negative)),
            ("Sub", true) => Step::affine(Each::all(Surd::one().negative()), surds),
            ("Mul", _) => Step::affine(surds, zero()),
            ("Div", false) if surds.iter().all(|number| number.sign() != 0) => {
                Step::affine(surds.map(Surd::inverse), zero())
            }
            ("Div", false) => return Err("it divides by 0".into()),
            _ => return Err("it divides a constant by its input, which is no step of a line".into()),
        };
        Ok(vec![Held::Value(value.then(step))])
    }

    pub fn batch_norm(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        if node.attributes.int("training_mode", 0)? != 0 {
            return Err("it is in training mode; export the model for inference (model.eval())".into());
        }
        let epsilon =
            of_f64(node.attributes.float("epsilon", 1e-5)?.into()).ok_or("its epsilon is no number")?;
        let mut parameters = Vec::new();
        for index in 1..=4 {
            let constant = self.constant(node, index)?;
            if constant.shape != [value.layout.rows()] {
                return Err(format!(
                    "its parameters have the shape {:?} for {} channels",
                    constant.shape,
                    value.layout.rows()
                ));
            }
            parameters.push(self.per_axis(&value, constant, 1)?);
        }
        let [gamma, beta, mean, variance] = &parameters[..] else { unreachable!("four parameters") };
        let (mut scales, mut offsets) = (Vec::new(), Vec::new());
        for channel in 0..value.layout.rows() {
            let of = |list: &Vec<Rational>| list.get(channel).unwrap_or(&list[0]).clone();
            let variance = of(variance) + &epsilon;
            if !variance.is_positive() {
                return Err(format!("its variance and epsilon are not above 0 in channel {channel}"));
            }
            // gamma (x - mean) / sqrt(v) + beta
            let scale =
                Surd::inverse_root(&variance).times(&of(gamma).into()).map_err(super::codes::two_roots)?;
            let moved = scale.times(&(-of(mean)).into()).and_then(|moved| moved.plus(&of(beta).into()));
            offsets.push(moved.map_err(super::codes::two_roots)?);
            scales.push(scale);
        }
        Ok(vec![Held::Value(value.then(Step::affine(Each::of(scales), Each::of(offsets))))])
    }

    pub fn clip(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let end = |lowering: &Self, index: usize, name: &str| -> Result<Option<Rational>, String> {
            if node.attributes.has(name) {
                return Ok(of_f64(node.attributes.float(name, 0.0)?.into()));
            }
            let Some(constant) = lowering.optional(node, index)? else { return Ok(None) };
            if constant.count() != 1 {
                return Err(format!("its {name} is {} numbers, not one", constant.count()));
            }
            // An end that is infinite is open.
            Ok(constant.real(0))
        };
        let (least, most) = (end(self, 1, "min")?, end(self, 2, "max")?);
        if let (Some(least), Some(most)) = (&least, &most)
            && least > most
        {
            return Err("its min is above its max".into());
        }
        if let Held::Constant(constant) = self.taken(node, 0)? {
            return Ok(vec![Held::Constant(super::fold::clipped(constant, least.as_ref(), most.as_ref())?)]);
        }
        let value = self.value(node, 0)?;
        Ok(vec![Held::Value(value.then(Step::Clip { least, most }))])
    }

    pub fn relu(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        Ok(vec![Held::Value(value.then(Step::relu()))])
    }

    pub fn leaky_relu(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        let slope = of_f64(node.attributes.float("alpha", 0.01)?.into()).filter(Rational::is_positive);
        let slope = slope.ok_or("its alpha is not above 0")?;
        Ok(vec![Held::Value(value.then(Step::Leaky { slope }))])
    }

    /// `max(0, min(1, alpha x + beta))`.
    pub fn hard_sigmoid(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        let number = |name: &str, default| -> Result<Surd, String> {
            let number = of_f64(node.attributes.float(name, default)?.into());
            Ok(number.ok_or_else(|| format!("its {name} is no number"))?.into())
        };
        let line = Step::affine(Each::all(number("alpha", 0.2)?), Each::all(number("beta", 0.5)?));
        let clip = Step::Clip { least: Some(Rational::zero()), most: Some(Rational::from_integer(1.into())) };
        Ok(vec![Held::Value(value.then(line).then(clip))])
    }

    pub fn sigmoid(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        Ok(vec![Held::Value(value.then(Step::Logistic))])
    }

    /// `tanh(x)` is `2 / (1 + exp(-2 x)) - 1`.
    pub fn tanh(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let value = self.value(node, 0)?;
        let line = |scale: i64, offset: i64| Step::affine(Each::all(scale.into()), Each::all(offset.into()));
        Ok(vec![Held::Value(value.then(line(2, 0)).then(Step::Logistic).then(line(2, -1)))])
    }

    /// What passes its input on, where the model is not in training.
    pub fn dropout(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let training =
            self.optional(node, 2)?.is_some_and(|training| training.real(0) != Some(Rational::zero()));
        if training {
            return Err("it is in training mode; export the model for inference (model.eval())".into());
        }
        self.passed(node)
    }

    /// What passes its input on.
    pub fn passed(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        Ok(vec![self.taken(node, 0)?.clone()])
    }
}

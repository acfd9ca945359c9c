//! What is computed of constants, once.

use super::Lowering;
use super::value::Held;
use crate::import::exact::Rational;
use crate::import::onnx::{Constant, Element, Node, Values};
use num_traits::ToPrimitive;

/// The elements within limits.
pub fn clipped(
    constant: &Constant,
    least: Option<&Rational>,
    most: Option<&Rational>,
) -> Result<Constant, String> {
    let end = |end: Option<&Rational>, round: fn(&Rational) -> Rational, open: i64| {
        end.map_or(Some(open), |end| round(end).to_integer().to_i64())
    };
    let values = match &constant.values {
        Values::Int(values) => {
            let ends = end(least, Rational::ceil, i64::MIN).zip(end(most, Rational::floor, i64::MAX));
            let (lo, hi) = ends.filter(|(lo, hi)| lo <= hi).ok_or("its limits leave no integer")?;
            Values::Int(values.iter().map(|value| *value.clamp(&lo, &hi)).collect())
        }
        Values::F32(values) => {
            let lo = least.map_or(f32::NEG_INFINITY, |end| crate::import::exact::approximate(end) as f32);
            let hi = most.map_or(f32::INFINITY, |end| crate::import::exact::approximate(end) as f32);
            Values::F32(values.iter().map(|value| value.max(lo).min(hi)).collect())
        }
        _ => return Err("it limits a constant that is no plain tensor, which is not imported".into()),
    };
    Ok(Constant { values, ..constant.clone() })
}

/// Constants along an axis.
pub fn concat(lowering: &Lowering<'_>, node: &Node) -> Result<Vec<Held>, String> {
    let mut all = Vec::new();
    for index in 0..node.inputs.len() {
        let constant = lowering.constant(node, index)?;
        if constant.shape.len() > 1 {
            return Err("it joins constants of several axes, which is not imported".into());
        }
        all.extend(constant.integers()?);
    }
    Ok(vec![Held::Constant(Constant::of_ints(all))])
}

impl Lowering<'_> {
    /// The shape of a tensor, which is known.
    pub fn shape_of(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let shape = match self.taken(node, 0)? {
            Held::Value(_) => self.value(node, 0)?.layout.shape(),
            Held::Constant(constant) => constant.shape.clone(),
            _ => return Err("its input has no shape".into()),
        };
        Ok(vec![Held::Constant(Constant::of_ints(shape.into_iter().map(|length| length as i64).collect()))])
    }

    /// Elements of a list of constants.
    pub fn gather(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let (list, index) = (self.constant(node, 0)?, self.constant(node, 1)?);
        let (values, places) = (list.integers()?, index.integers()?);
        let length = values.len() as i64;
        let value = |place: &i64| {
            values.get(usize::try_from(if *place < 0 { place + length } else { *place }).ok()?).copied()
        };
        if list.shape.len() != 1 {
            return Err("it takes parts of a tensor; of lists of constants they are imported".into());
        }
        let taken = places
            .iter()
            .map(value)
            .collect::<Option<Vec<i64>>>()
            .ok_or("it takes elements that are not there")?;
        Ok(vec![Held::Constant(Constant::of_ints(taken).reshaped(index.shape.clone()))])
    }

    /// `Sqrt`, and `Pow` with 1/2, of a constant: an exact root.
    pub fn root(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let constant = self.constant(node, 0)?;
        if node.op == "Pow" && self.constant(node, 1)?.real(0) != Some(Rational::new(1.into(), 2.into())) {
            return Err("its exponent is not 0.5".into());
        }
        let values = match &constant.values {
            Values::F64(values) => values.clone(),
            Values::F32(values) => values.iter().map(|value| f64::from(*value)).collect(),
            _ => return Err("it takes the root of a constant that is no plain tensor of numbers".into()),
        };
        if values.iter().any(|value| !value.is_finite() || *value < 0.0) {
            return Err("it takes the root of a number that has none".into());
        }
        Ok(vec![Held::Constant(Constant { values: Values::Roots(values), ..constant.clone() })])
    }

    /// `Cast`: of an activation to floating point, or of constants.
    pub fn cast(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let to = node.attributes.int("to", 0)?;
        match self.taken(node, 0)? {
            Held::Constant(constant) => {
                let values = match to {
                    1 => Values::F32(constant.floats()),
                    11 => Values::F64(constant.floats().into_iter().map(f64::from).collect()),
                    _ => Values::Int(constant.integers()?),
                };
                let element = match to {
                    1 => Element::F32,
                    11 => Element::F64,
                    2 => Element::Int(false, 8),
                    3 => Element::Int(true, 8),
                    6 => Element::Int(true, 32),
                    7 => Element::Int(true, 64),
                    _ => return Err(format!("it makes constants of type {to}, which is not imported")),
                };
                Ok(vec![Held::Constant(Constant { shape: constant.shape.clone(), element, values })])
            }
            held if [1, 11].contains(&to) => Ok(vec![held.clone()]),
            _ => Err("it makes an activation integers by cutting; put a quantizer there".into()),
        }
    }
}

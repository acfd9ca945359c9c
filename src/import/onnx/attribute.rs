//! The attributes of a node.

use super::constant::Constant;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
pub enum Attribute {
    Float(f32),
    Int(i64),
    Text(String),
    Tensor(Constant),
    Floats(Vec<f32>),
    Ints(Vec<i64>),
    /// Of a kind that nothing here asks for.
    Other,
}

/// By name. What is asked for is checked: another kind is an error in a sentence.
#[derive(Clone, Debug, Default)]
pub struct Attributes(pub(super) BTreeMap<String, Attribute>);

impl Attributes {
    pub fn of(attributes: BTreeMap<String, Attribute>) -> Self {
        Self(attributes)
    }

    fn other<T>(&self, name: &str, wanted: &str) -> Result<T, String> {
        Err(format!("its attribute {name} is not {wanted}, as ONNX says"))
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn int(&self, name: &str, default: i64) -> Result<i64, String> {
        match self.0.get(name) {
            None => Ok(default),
            Some(Attribute::Int(value)) => Ok(*value),
            Some(_) => self.other(name, "an integer"),
        }
    }

    pub fn float(&self, name: &str, default: f32) -> Result<f32, String> {
        match self.0.get(name) {
            None => Ok(default),
            Some(Attribute::Float(value)) => Ok(*value),
            Some(_) => self.other(name, "a number"),
        }
    }

    pub fn text(&self, name: &str, default: &str) -> Result<String, String> {
        match self.0.get(name) {
            None => Ok(default.into()),
            Some(Attribute::Text(value)) => Ok(value.clone()),
            Some(_) => self.other(name, "a text"),
        }
    }

    pub fn ints(&self, name: &str) -> Result<Option<Vec<i64>>, String> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Attribute::Ints(values)) => Ok(Some(values.clone())),
            Some(_) => self.other(name, "a list of integers"),
        }
    }

    pub fn floats(&self, name: &str) -> Result<Option<Vec<f32>>, String> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Attribute::Floats(values)) => Ok(Some(values.clone())),
            Some(_) => self.other(name, "a list of numbers"),
        }
    }

    pub fn tensor(&self, name: &str) -> Result<Option<Constant>, String> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Attribute::Tensor(value)) => Ok(Some(value.clone())),
            Some(_) => self.other(name, "a tensor"),
        }
    }

    /// Numbers of axes from 0 on: `strides`, `kernel_shape` and the like.
    pub fn counts(&self, name: &str) -> Result<Option<Vec<usize>>, String> {
        let Some(values) = self.ints(name)? else { return Ok(None) };
        let counts: Option<Vec<usize>> = values
            .iter()
            .map(|value| usize::try_from(*value).ok().filter(|count| *count <= 1 << 16))
            .collect();
        counts
            .map(Some)
            .ok_or_else(|| format!("its attribute {name} = {values:?} is not numbers from 0 to 65536"))
    }
}

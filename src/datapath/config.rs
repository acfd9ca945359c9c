//! What a person may ask of a datapath, and how what is wrong with it is reported.

use super::Datapath;
use super::tensor::Source;
use crate::hdl::{Range, signed, unsigned};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// The table of a datapath in a design file. What is written back reads the same.
pub trait Config: DeserializeOwned + Serialize + 'static {
    /// The one word for it in TOML, Verilog, Rust and docs.
    const KIND: &'static str;
    /// What it computes, in a line.
    const SUMMARY: &'static str;
    /// A commented design file to start from, which is complete without other files.
    const EXAMPLE: &'static str;

    /// The datapath, with the weights that it reads.
    ///
    /// # Errors
    /// All problems at once.
    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>>;
}

/// A value that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConfigError {
    /// The key, with dots between tables: `requantize.shift`.
    pub field: String,
    pub value: String,
    pub why: String,
    /// What to do; empty where `why` says it.
    pub help: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}: {}", self.field, self.value, self.why)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", self.help) }
    }
}

/// Why there is no datapath of some keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// A key that is unknown or missing, or a value of another type.
    Key {
        /// The key, or the table around it, with dots between tables; `.` is the table of the datapath itself.
        field: String,
        message: String,
    },
    /// All values that cannot be.
    Values(Vec<ConfigError>),
}

/// The problems of one configuration.
#[derive(Debug, Default)]
pub struct Problems(Vec<ConfigError>);

impl Problems {
    /// Notes that `field` has `value`, unless `holds`.
    pub fn require(
        &mut self,
        holds: bool,
        field: &str,
        value: impl fmt::Display,
        why: &str,
        help: impl fmt::Display,
    ) {
        if !holds {
            self.0.push(ConfigError {
                field: field.into(),
                value: value.to_string(),
                why: why.into(),
                help: help.to_string(),
            });
        }
    }

    /// Notes that `file` cannot be read, as a [`Source`] says.
    pub fn unreadable(&mut self, field: &str, file: &str, why: &str) {
        self.require(false, field, format!("\"{file}\""), why, "");
    }

    /// Notes the problems of a table inside, under its key.
    pub fn inside(&mut self, table: &str, problems: Vec<ConfigError>) {
        let under =
            |problem: ConfigError| ConfigError { field: format!("{table}.{}", problem.field), ..problem };
        self.0.extend(problems.into_iter().map(under));
    }

    /// Notes these too.
    pub fn extend(&mut self, problems: Vec<ConfigError>) {
        self.0.extend(problems);
    }

    /// `value`, if there is no problem.
    pub fn finish<T>(self, value: impl FnOnce() -> T) -> Result<T, Vec<ConfigError>> {
        if self.0.is_empty() { Ok(value()) } else { Err(self.0) }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An integer type of 1 to 32 bits, or up to `s63` and `u62` where [`wide`] reads it: `u5` is `0..=31`, `s8` is `-128..=127`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntType {
    pub signed: bool,
    pub bits: u32,
}

impl IntType {
    pub fn range(self) -> Range {
        if self.signed { signed(self.bits) } else { unsigned(self.bits) }
    }

    pub fn lo(self) -> i64 {
        if self.signed { -1 - self.hi() } else { 0 }
    }

    pub fn hi(self) -> i64 {
        let magnitude = self.bits - u32::from(self.signed);
        i64::MAX >> (63 - magnitude)
    }
}

/// The widest type: twice an integer of it is an `i64`.
pub(super) const WIDEST: IntType = IntType { signed: true, bits: 63 };

/// A type of at most 62 bits and a sign, for what is as wide as exact sums and products are: `#[serde(deserialize_with = "wide")]`.
pub(super) fn wide<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IntType, D::Error> {
    let most = [WIDEST.bits - 1, WIDEST.bits];
    IntType::parse(&String::deserialize(deserializer)?, most).map_err(D::Error::custom)
}

impl IntType {
    /// The type that is written so, if it has at most so many bits, an unsigned one and a signed one.
    fn parse(text: &str, most: [u32; 2]) -> Result<Self, String> {
        let signed = text.starts_with('s');
        let most = most[usize::from(signed)];
        let bits = text.strip_prefix(['u', 's']).and_then(|bits| bits.parse::<u32>().ok());
        match bits {
            Some(bits) if (1..=most).contains(&bits) => Ok(Self { signed, bits }),
            Some(bits) => Err(format!("type `{text}` has {bits} bits; a type has 1 to {most}")),
            None => Err(format!("`{text}` is no integer type; write `u5` or `s8`")),
        }
    }
}

impl fmt::Display for IntType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.signed { 's' } else { 'u' }, self.bits)
    }
}

impl Serialize for IntType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for IntType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?, [32, 32]).map_err(D::Error::custom)
    }
}

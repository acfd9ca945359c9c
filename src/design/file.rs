//! The shape of a design file: its own keys here, those of `[datapath]` in the catalog.

use super::error::{Problem, Text, of_toml};
use super::tensor_files::TensorFiles;
use crate::datapath::{Config, Datapath, Source, Tensor, Visitor, entries, visit};
use serde::de::{Error, IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The keys of a design file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub name: String,
    pub board: Option<String>,
    pub frequency_mhz: Option<f64>,
    #[serde(rename = "datapath")]
    _datapath: IgnoredAny,
    pub input: Option<Input>,
    #[serde(default)]
    pub expected: BTreeMap<String, TensorRef>,
    pub labels: Option<LabelsTable>,
}

/// A tensor in a file; a file with one tensor only needs no name of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorRef {
    pub file: String,
    pub tensor: Option<String>,
    /// What floating-point numbers are multiplied by before they are rounded.
    pub scale: Option<f64>,
}

impl TensorRef {
    /// # Errors
    /// What is wrong, in one sentence.
    pub fn read(&self, files: &TensorFiles) -> Result<Tensor, String> {
        let Self { file, tensor, scale } = self;
        match *scale {
            None => files.tensor(file, tensor.as_deref()),
            Some(scale) if scale > 0.0 && scale.is_finite() => files.scaled(file, tensor.as_deref(), scale),
            Some(scale) => Err(format!("scale = {scale}: a scale is above 0; write such a number")),
        }
    }
}

/// The table `[labels]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelsTable {
    pub file: String,
    pub tensor: Option<String>,
    /// The output that should equal the label.
    pub stream: String,
    /// Height and width of the picture that each frame of the input is, for the report.
    pub picture: Option<[usize; 2]>,
    /// The output with a score for each class, for the report.
    pub scores: Option<String>,
}

/// The table `[input]`: one tensor, or a table for each input stream.
#[derive(Clone, Debug)]
pub enum Input {
    One(TensorRef),
    Each(BTreeMap<String, TensorRef>),
}

impl<'de> Deserialize<'de> for Input {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InputVisitor)
    }
}

struct InputVisitor;

impl<'de> serde::de::Visitor<'de> for InputVisitor {
    type Value = Input;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a table { file = \"...\", tensor = \"...\", scale = ... }, or one for each input stream")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Input, A::Error> {
        let (mut file, mut tensor, mut scale, mut streams) = (None, None, None, BTreeMap::new());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "file" => file = Some(map.next_value()?),
                "tensor" => tensor = Some(map.next_value()?),
                "scale" => scale = Some(map.next_value()?),
                _ => drop(streams.insert(key, map.next_value()?)),
            }
        }
        match file {
            Some(file) if streams.is_empty() => Ok(Input::One(TensorRef { file, tensor, scale })),
            None if tensor.is_none() && scale.is_none() && !streams.is_empty() => Ok(Input::Each(streams)),
            _ => Err(A::Error::custom("give one `file`, or a table for each input stream")),
        }
    }
}

/// The keys of the file, and its datapath with the weights that it reads.
///
/// # Errors
/// All problems that can be told at once.
pub fn parse(text: &Text, source: &dyn Source) -> Result<(File, Box<dyn Datapath>), Vec<Problem>> {
    let table = DeTable::parse(text.raw).map_err(|error| vec![of_toml(text.raw, &error)])?;
    let file = File::deserialize(toml::de::Deserializer::from(table.clone()))
        .map_err(|error| of_toml(text.raw, &error));
    let datapath = datapath(text, table, source);
    match (file, datapath) {
        (Ok(file), Ok(datapath)) => Ok((file, datapath)),
        (Ok(_), Err(problems)) => Err(problems),
        (Err(problem), Ok(_)) => Err(vec![problem]),
        (Err(problem), Err(mut problems)) => {
            problems.insert(0, problem);
            problems.dedup();
            Err(problems)
        }
    }
}

fn datapath(
    text: &Text,
    table: Spanned<DeTable>,
    source: &dyn Source,
) -> Result<Box<dyn Datapath>, Vec<Problem>> {
    let kinds = entries().into_iter().map(|entry| entry.kind).collect::<Vec<_>>().join(", ");
    let Some(kind) = text.string("datapath.kind") else {
        let message = format!("a design has a table [datapath] with its kind = \"...\", one of {kinds}");
        return Err(vec![text.problem("datapath", message)]);
    };
    let mut root = table.into_inner();
    let Some(mut table) = root.remove("datapath") else { unreachable!("it has a kind") };
    if let DeValue::Table(keys) = table.get_mut() {
        keys.remove("kind");
    }
    visit(kind, Load { text, table, source }).unwrap_or_else(|| {
        let message = format!("there is no datapath \"{kind}\"; the datapaths are {kinds}");
        Err(vec![text.problem("datapath.kind", message)])
    })
}

/// Reads the table `[datapath]`, without its `kind`, as the configuration that the kind stands for.
struct Load<'t, 'a> {
    text: &'t Text<'a>,
    table: Spanned<DeValue<'t>>,
    source: &'t dyn Source,
}

impl Visitor for Load<'_, '_> {
    type Output = Result<Box<dyn Datapath>, Vec<Problem>>;

    fn visit<C: Config>(self) -> Self::Output {
        let config = C::deserialize(toml::de::ValueDeserializer::from(self.table))
            .map_err(|error| vec![of_toml(self.text.raw, &error)])?;
        config.load(self.source).map_err(|errors| {
            let problem = |error: crate::datapath::ConfigError| {
                self.text.problem(&format!("datapath.{}", error.field), format!("datapath.{error}"))
            };
            errors.into_iter().map(problem).collect()
        })
    }
}

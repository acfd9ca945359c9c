//! The shape of a design file: its own keys here, those of the graph in `graph`, those of its nodes in the catalog.

use super::error::{Noted, Problem, Text, of_toml};
use super::link::LinkKeys;
use super::located::Located;
use super::numbers::Fractions;
use super::tensor_files::TensorFiles;
use crate::datapath::{Catalog, Source, Tensor};
use crate::device::Family;
use crate::graph::{Graph, GraphError, Network};
use crate::tools::Cache;
use serde::de::{Error, IgnoredAny, MapAccess};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// The keys of a design file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub name: String,
    pub board: Option<String>,
    pub family: Option<Family>,
    pub frequency_mhz: Option<f64>,
    #[serde(default)]
    pub link: LinkKeys,
    /// These five are the graph's, which reads them itself.
    #[serde(rename = "datapath")]
    _datapath: Option<IgnoredAny>,
    #[serde(rename = "node")]
    _node: Option<IgnoredAny>,
    #[serde(rename = "outputs")]
    _outputs: Option<IgnoredAny>,
    #[serde(rename = "probes")]
    _probes: Option<IgnoredAny>,
    #[serde(rename = "fifo")]
    _fifo: Option<IgnoredAny>,
    pub input: Option<Input>,
    #[serde(default)]
    pub expected: ExpectedTables,
    pub labels: Option<LabelsTable>,
}

/// A tensor in a file; a file with one tensor only needs no name of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table { file = \"...\", tensor = \"...\" }")]
pub struct TensorRef {
    pub file: String,
    pub tensor: Option<String>,
    /// What floating-point numbers are multiplied by before they are rounded.
    pub scale: Option<f64>,
    /// Whether it is larger than a frame, and is cut into patches.
    #[serde(default)]
    pub patches: bool,
}

impl TensorRef {
    /// The tensor of this name, whose numbers are integers.
    pub fn of(file: impl Into<String>, tensor: Option<String>) -> Self {
        Self { file: file.into(), tensor, scale: None, patches: false }
    }

    /// The tensor; where it has no scale, numbers that are no integers are refused with `help`.
    ///
    /// # Errors
    /// What is wrong and what to do, in one sentence.
    pub fn read(&self, files: &TensorFiles, help: &str) -> Result<Tensor, String> {
        let fractions = match self.scale {
            None => Fractions::Refused(help),
            Some(scale) if scale > 0.0 && scale.is_finite() => Fractions::Scaled(scale),
            Some(scale) => {
                return Err(format!("scale = {scale}: a scale is above 0; write such a number"));
            }
        };
        files.read(&self.file, self.tensor.as_deref(), fractions)
    }

    /// Where it is, if it is in a large file and whole frames; [`TensorRef::read`] says what is wrong with it.
    pub fn locate(&self, files: &TensorFiles) -> Option<Located> {
        let is_sound = self.scale.is_none_or(|scale| scale > 0.0 && scale.is_finite());
        if self.patches || !is_sound {
            return None;
        }
        files.locate(&self.file, self.tensor.as_deref(), self.scale)
    }
}

/// The table `[expected]`, by output.
#[derive(Clone, Debug, Default)]
pub struct ExpectedTables(pub BTreeMap<String, ExpectedTable>);

impl<'de> Deserialize<'de> for ExpectedTables {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ByOutput;
        impl<'de> serde::de::Visitor<'de> for ByOutput {
            type Value = BTreeMap<String, ExpectedTable>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a table [expected] with an entry for each output: y = { file = \"...\", tensor = \"...\" }")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut tables = BTreeMap::new();
                while let Some((output, table)) = map.next_entry()? {
                    tables.insert(output, table);
                }
                Ok(tables)
            }
        }
        deserializer.deserialize_map(ByOutput).map(Self)
    }
}

/// An entry of the table `[expected]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table { file = \"...\", tensor = \"...\" }")]
pub struct ExpectedTable {
    file: String,
    tensor: Option<String>,
    scale: Option<f64>,
    /// The frames that the tensor holds, of all that come out: `0..16`. All of them if it is left out.
    frames: Option<String>,
}

impl ExpectedTable {
    pub fn tensor(&self) -> TensorRef {
        TensorRef { scale: self.scale, ..TensorRef::of(&self.file, self.tensor.clone()) }
    }

    /// # Errors
    /// What is wrong with `frames`, in one sentence.
    pub fn frames(&self) -> Result<Option<Range<usize>>, String> {
        let Some(text) = &self.frames else { return Ok(None) };
        let ends = text.split_once("..").and_then(|(start, end)| {
            Some(start.trim().parse::<usize>().ok()?..end.trim().parse::<usize>().ok()?)
        });
        match ends {
            Some(frames) if !frames.is_empty() => Ok(Some(frames)),
            _ => Err(format!(
                "frames = \"{text}\": write those that the tensor holds, such as \"0..16\" for the first 16"
            )),
        }
    }
}

/// The table `[labels]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table { file = \"...\", tensor = \"...\", stream = \"...\" }")]
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
        let (mut file, mut tensor, mut scale, mut patches) = (None, None, None, None);
        let mut streams = BTreeMap::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "file" => file = Some(map.next_value()?),
                "tensor" => tensor = Some(map.next_value()?),
                "scale" => scale = Some(map.next_value()?),
                "patches" => patches = Some(map.next_value()?),
                _ => drop(streams.insert(key, map.next_value()?)),
            }
        }
        match file {
            Some(file) if streams.is_empty() => {
                Ok(Input::One(TensorRef { file, tensor, scale, patches: patches.unwrap_or(false) }))
            }
            None if tensor.is_none() && scale.is_none() && patches.is_none() && !streams.is_empty() => {
                Ok(Input::Each(streams))
            }
            _ => Err(A::Error::custom("give one `file`, or a table for each input stream")),
        }
    }
}

/// The keys of the file, its graph, and the datapaths with the weights that they read.
///
/// # Errors
/// All problems that can be reported at once.
pub fn parse(
    text: &Text,
    catalog: &Catalog,
    source: &dyn Source,
) -> Result<(File, Graph, Network), Vec<Problem>> {
    let file = toml::from_str::<File>(text.raw).map_err(|error| of_toml(text.raw, &error));
    let graph = graph(text, catalog, source);
    match (file, graph) {
        (Ok(file), Ok((graph, network))) => Ok((file, graph, network)),
        (Ok(_), Err(problems)) => Err(problems),
        (Err(problem), Ok(_)) => Err(vec![problem]),
        (Err(problem), Err(mut problems)) => {
            problems.insert(0, problem);
            problems.dedup();
            Err(problems)
        }
    }
}

fn graph(text: &Text, catalog: &Catalog, source: &dyn Source) -> Result<(Graph, Network), Vec<Problem>> {
    let problems = |errors: Vec<GraphError>| {
        let mut noted = Noted::of(text);
        errors.iter().for_each(|GraphError { at, message }| noted.add(at, message));
        noted.finish()
    };
    let table = toml::from_str(text.raw).map_err(|error| vec![of_toml(text.raw, &error)])?;
    let graph = Graph::of_table(&table).map_err(problems)?;
    let network = match Cache::open() {
        Ok(cache) => graph.load_with(catalog, source, &cache),
        Err(_) => graph.load(catalog, source),
    };
    let network = network.map_err(problems)?;
    Ok((graph, network))
}

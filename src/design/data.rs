//! Real data for a datapath's streams.

use super::Design;
use super::error::{Noted, Problem, Text};
use super::file::{ExpectedTable, File, LabelsTable, TensorRef};
use super::frames::Frames;
use super::outside::{Expected, Labels};
use super::patches::Patches;
use super::tensor_files::TensorFiles;
use super::transfers::transfers;
use crate::datapath::{Datapath, Tensor};
use crate::stream::Port;

/// What a design file says of real data.
pub struct Data {
    pub input: Option<Frames>,
    /// How it was cut, if it is larger than a frame.
    pub patches: Option<Patches>,
    pub expected: Vec<Expected>,
    pub labels: Option<Labels>,
}

/// What to do about numbers that are no integers, in a table that may have a `scale`.
const SCALE: &str = "give the table a `scale` that makes them so";

impl Data {
    /// # Errors
    /// All problems at once.
    pub fn read(
        text: &Text,
        file: &File,
        datapath: &dyn Datapath,
        files: &TensorFiles,
    ) -> Result<Self, Vec<Problem>> {
        let mut noted = Noted::of(text);
        let mut note = |key: &str, why: String| noted.add_at(key, &why);
        let input = file.input.as_ref().and_then(|input| {
            let found = transfers(input, datapath, files, SCALE);
            found.map_err(|wrong| wrong.into_iter().for_each(|(key, why)| note(&key, why))).ok()
        });
        let (input, patches) = input.map_or((None, None), |given| (Some(given.frames), given.patches));
        let ports = datapath.ports();
        let frames = input.as_ref().map(Frames::count);
        let results = Results {
            outputs: &ports.outputs,
            files,
            given: file.input.is_some(),
            frames,
            patches: patches.as_ref(),
        };
        let mut expected = Vec::new();
        for (stream, table) in &file.expected.0 {
            let key = format!("expected.{stream}");
            let found = results.expected(stream, table);
            expected.extend(found.map_err(|wrong| wrong.into_iter().for_each(|why| note(&key, why))).ok());
        }
        let labels = file.labels.as_ref().and_then(|labels| {
            let found = results.labels(labels, &ports.inputs[0]);
            found.map_err(|(key, why)| note(key, why)).ok()
        });
        let problems = noted.finish();
        if problems.is_empty() { Ok(Self { input, patches, expected, labels }) } else { Err(problems) }
    }
}

/// The labels in a tensor of a file, in place of `old` ones.
///
/// # Errors
/// Why they are none of the design's data.
pub fn labels(
    design: &Design,
    old: Labels,
    (file, tensor): (&str, Option<String>),
    files: &TensorFiles,
) -> Result<Labels, String> {
    let Labels { stream, picture, scores, .. } = old;
    let table = LabelsTable { file: file.into(), tensor, stream, picture, scores };
    let ports = design.probed.as_ref().unwrap_or(&design.datapath).ports();
    let results = Results {
        outputs: &ports.outputs,
        files,
        given: design.input.is_some(),
        frames: design.input.as_ref().map(Frames::count),
        patches: design.patches.as_ref(),
    };
    results.labels(&table, &ports.inputs[0]).map_err(|(_, why)| why)
}

/// What outputs should be.
struct Results<'a> {
    outputs: &'a [Port],
    files: &'a TensorFiles,
    /// Whether there is an input, and how many frames it has, if it could be read.
    given: bool,
    frames: Option<usize>,
    patches: Option<&'a Patches>,
}

impl Results<'_> {
    /// The output called `stream`.
    fn output(&self, stream: &str) -> Result<&Port, String> {
        self.outputs.iter().find(|port| port.name == stream).ok_or_else(|| {
            let names: Vec<&str> = self.outputs.iter().map(|port| port.name.as_str()).collect();
            format!("there is no output `{stream}`; the outputs are {}", names.join(", "))
        })
    }

    /// Integers of an output that come of the input.
    fn integers(&self, port: &Port) -> Option<usize> {
        let frames = self.frames?;
        Some(match self.patches {
            Some(patches) => frames / patches.count() * patches.integers(&port.name),
            None => frames * port.frame_values(),
        })
    }

    fn input_is_given(&self) -> Result<(), String> {
        let missing = || "there is no [input] that it could belong to; add one".to_owned();
        self.given.then_some(()).ok_or_else(missing)
    }

    fn expected(&self, stream: &str, table: &ExpectedTable) -> Result<Expected, Vec<String>> {
        let (port, tensor) = (self.output(stream), table.tensor().read(self.files, SCALE));
        let frames = table.frames().and_then(|frames| match (&frames, &port) {
            (Some(_), Ok(port)) if port.is_varying() => {
                Err("frames of this output vary in size; leave `frames` out, and give all of them".to_owned())
            }
            _ => Ok(frames),
        });
        match (self.input_is_given(), port, frames, tensor) {
            (Ok(()), Ok(_), Ok(frames), Ok(Tensor { values, .. })) => {
                Ok(Expected { stream: stream.into(), values, frames })
            }
            (given, port, frames, tensor) => {
                let problems = [given.err(), port.err(), frames.err(), tensor.err()];
                Err(problems.into_iter().flatten().collect())
            }
        }
    }

    /// # Errors
    /// The first problem, with its key.
    fn labels(&self, table: &LabelsTable, input: &Port) -> Result<Labels, (&'static str, String)> {
        let LabelsTable { file, tensor, stream, picture, scores } = table;
        self.input_is_given().map_err(|why| ("labels", why))?;
        let port = self.output(stream).map_err(|why| ("labels.stream", why))?;
        if port.is_varying() || port.frame.channels() != 1 {
            let why = format!(
                "`{stream}` gives frames of {}; a label stands for one integer a frame, or one at each position of a picture, such as \
                 the index of an argmax",
                port.frame
            );
            return Err(("labels.stream", why));
        }
        if let Some(scores) = scores {
            let port = self.output(scores).map_err(|why| ("labels.scores", why))?;
            if port.is_varying() {
                let why =
                    format!("frames of `{scores}` vary in size; name an output of a score for each class");
                return Err(("labels.scores", why));
            }
        }
        let values = input.frame_values();
        let fits = |[height, width]: &[usize; 2]| height.checked_mul(*width) == Some(values);
        if let Some([height, width]) = picture.filter(|picture| !fits(picture)) {
            let why = format!("{height} x {width} pixels are not the {values} integers of a frame");
            return Err(("labels.picture", why));
        }
        let named = TensorRef::of(file, tensor.clone());
        let found = named.read(self.files, "save the classes as integers").map_err(|why| ("labels", why))?;
        if let Some(count) = self.integers(port).filter(|count| *count != found.values.len()) {
            let Tensor { shape, values } = &found;
            let what = match port.frame_values() {
                1 => format!("{count} frames of input; give each frame one"),
                _ => format!("{count} positions of `{stream}`; give each position one"),
            };
            let why = format!(
                "{file}: there are {} labels (shape {shape:?}) for {what}, the number of its class and not a 1 in its place",
                values.len()
            );
            return Err(("labels", why));
        }
        let (stream, picture, scores) = (stream.clone(), *picture, scores.clone());
        Ok(Labels { stream, values: found.values, picture, scores })
    }
}

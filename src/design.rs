//! Reads design files: a datapath with its weights, a board, a clock, and real data to run.
//!
//! ```toml
//! name = "scale"            # also the name of the Verilog module
//! board = "icebreaker"      # the default
//! frequency_mhz = 24        # the default is the board's oscillator
//!
//! [datapath]
//! kind = "requantize"       # and the keys of this kind: `ternlet new requantize`
//!
//! [input]                   # data that `simulate` runs behind its corners and random frames; of several input
//! file = "digits.safetensors"  # streams each has a table: [input.x]
//! tensor = "test.image"
//!
//! [expected]                # what an outsider computed for that data: outputs must equal it bit for bit
//! score = { file = "digits.safetensors", tensor = "test.score" }
//!
//! [labels]                  # the accuracy is how many integers of this output are the label
//! stream = "class"
//! file = "digits.safetensors"
//! tensor = "test.label"
//! ```
//!
//! Files are named relative to the design file.

mod data;
mod error;
mod file;
mod tensor_files;

pub use data::{Accuracy, Agreement, Expected, Labels, results};
pub use error::{DesignError, Problem};
pub use tensor_files::{TensorFiles, to_safetensors};

use crate::datapath::{Datapath, Source, Tensor, Transfers};
use crate::flow::Board;
use crate::hdl::{Delays, Timing};
use error::Text;
use file::{File, Input, TensorRef};
use std::fs;
use std::path::Path;
use tensor_files::folder_of;

/// The board of a design that names none.
const DEFAULT_BOARD: &str = "icebreaker";

/// A design, ready to be made.
pub struct Design {
    /// Also the name of its Verilog module.
    pub name: String,
    pub board: Board,
    pub frequency_mhz: f64,
    pub datapath: Box<dyn Datapath>,
    /// The data of `[input]`, one sequence of tokens for each input stream.
    pub input: Option<Transfers>,
    /// What the outputs for `input` must be.
    pub expected: Vec<Expected>,
    pub labels: Option<Labels>,
}

/// What a command line says instead of the design file.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub board: Option<String>,
    pub frequency_mhz: Option<f64>,
}

impl Design {
    /// The design of the file at `path`, with the tensors that it names.
    ///
    /// # Errors
    /// All problems at once, each with its line.
    pub fn read(path: &Path, choices: &Choices) -> Result<Design, DesignError> {
        let raw = fs::read_to_string(path)
            .map_err(|source| DesignError::Unreadable { path: path.into(), source })?;
        let wrong = |problems| DesignError::Wrong { path: path.into(), problems };
        let text = Text::parse(&raw).map_err(|problem| wrong(vec![problem]))?;
        let files = TensorFiles::relative_to(folder_of(path));
        let (file, datapath) = file::parse(&text, &files).map_err(wrong)?;
        let board = board(&text, &file, choices);
        let clock = clock(&text, &file, choices);
        let data = Data::read(&text, &file, &*datapath, &files);
        let name = name(&text, &file);
        match (name, board, clock, data) {
            (Ok(name), Ok(board), Ok(clock), Ok(Data { input, expected, labels })) => {
                let frequency_mhz = clock.unwrap_or(board.oscillator_mhz);
                Ok(Design { name, board, frequency_mhz, datapath, input, expected, labels })
            }
            (name, board, clock, data) => {
                let mut problems: Vec<Problem> =
                    [name.err(), board.err(), clock.err()].into_iter().flatten().collect();
                problems.extend(data.err().into_iter().flatten());
                Err(wrong(problems))
            }
        }
    }

    /// Replaces the data by that of `given`, `FILE` or `FILE:TENSOR`; in a file with many tensors, each input stream
    /// takes the one called as it. What is expected of the old data goes with it.
    ///
    /// # Errors
    /// What is wrong with the file, or does not suit the streams.
    pub fn replace_input(&mut self, given: &str) -> Result<(), DesignError> {
        let wrong = |why| DesignError::Given { given: given.into(), why };
        let whole = Path::new(given).is_file();
        let (path, tensor) = match given.rsplit_once(':').filter(|_| !whole) {
            Some((path, tensor)) => (path, Some(tensor.to_owned())),
            None => (given, None),
        };
        let files = TensorFiles::relative_to("");
        let inputs = self.datapath.ports().inputs;
        let input = if inputs.len() == 1 {
            Input::One(TensorRef { file: path.into(), tensor })
        } else if tensor.is_some() {
            let names: Vec<&str> = inputs.iter().map(|port| port.name.as_str()).collect();
            let why = format!(
                "each input stream takes the tensor of its name ({}); give the file alone",
                names.join(", ")
            );
            return Err(wrong(why));
        } else {
            let named = |name: &String| TensorRef { file: path.into(), tensor: Some(name.clone()) };
            Input::Each(inputs.iter().map(|port| (port.name.clone(), named(&port.name))).collect())
        };
        let transfers = transfers(&input, &*self.datapath, &files);
        let transfers = transfers.map_err(|problems| {
            wrong(problems.into_iter().map(|(_, why)| why).collect::<Vec<_>>().join("; "))
        })?;
        self.input = Some(transfers);
        self.expected.clear();
        self.labels = None;
        Ok(())
    }

    /// What the pipeliner aims at: the design's frequency on its board's family.
    pub fn timing(&self) -> Timing {
        match Delays::of(self.board.family.name()) {
            Some(delays) => Timing::clock(delays, self.frequency_mhz),
            None => Timing::levels(4),
        }
    }
}

fn name(text: &Text, file: &File) -> Result<String, Problem> {
    let name = &file.name;
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    if starts && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Ok(name.clone());
    }
    let rule = "it names a Verilog module; write a lower-case letter, then such letters, digits and _";
    Err(text.problem("name", format!("name = \"{name}\": {rule}")))
}

fn board(text: &Text, file: &File, choices: &Choices) -> Result<Board, Problem> {
    match (&choices.board, &file.board) {
        (Some(name), _) => {
            Board::named(name).map_err(|error| Problem { line: None, message: format!("--board: {error}") })
        }
        (None, Some(name)) => Board::named(name).map_err(|error| text.problem("board", error)),
        (None, None) => Board::named(DEFAULT_BOARD).map_err(|error| text.problem("board", error)),
    }
}

/// The frequency that was asked for, if one was.
fn clock(text: &Text, file: &File, choices: &Choices) -> Result<Option<f64>, Problem> {
    let possible = |mhz: f64| mhz > 0.0 && mhz <= 1000.0;
    let rule = "a clock has more than 0 and at most 1000 MHz";
    match (choices.frequency_mhz, file.frequency_mhz) {
        (Some(mhz), _) if !possible(mhz) => {
            Err(Problem { line: None, message: format!("--frequency {mhz}: {rule}") })
        }
        (None, Some(mhz)) if !possible(mhz) => {
            Err(text.problem("frequency_mhz", format!("frequency_mhz = {mhz}: {rule}")))
        }
        (chosen, written) => Ok(chosen.or(written)),
    }
}

/// What a design file says of real data.
struct Data {
    input: Option<Transfers>,
    expected: Vec<Expected>,
    labels: Option<Labels>,
}

impl Data {
    fn read(
        text: &Text,
        file: &File,
        datapath: &dyn Datapath,
        files: &TensorFiles,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut note = |key: &str, why: String| problems.push(text.problem(key, format!("{key}: {why}")));
        let input = file.input.as_ref().and_then(|input| {
            let found = transfers(input, datapath, files);
            found.map_err(|wrong| wrong.into_iter().for_each(|(key, why)| note(&key, why))).ok()
        });
        let outputs: Vec<String> = datapath.ports().outputs.into_iter().map(|port| port.name).collect();
        let mut results_of = |key: &str, stream: &str, path: &str, tensor: Option<&str>| {
            if file.input.is_none() {
                note(key, "there is no [input] that it could belong to; add one".into());
            }
            if !outputs.iter().any(|output| output == stream) {
                note(key, format!("there is no output `{stream}`; the outputs are {}", outputs.join(", ")));
            }
            files.tensor(path, tensor).map_err(|why| note(key, why)).ok()
        };
        let mut expected = Vec::new();
        for (stream, TensorRef { file, tensor }) in &file.expected {
            let key = format!("expected.{stream}");
            if let Some(Tensor { values, .. }) = results_of(&key, stream, file, tensor.as_deref()) {
                expected.push(Expected { stream: stream.clone(), values });
            }
        }
        let labels = file.labels.as_ref().and_then(|labels| {
            let tensor = results_of("labels", &labels.stream, &labels.file, labels.tensor.as_deref())?;
            Some(Labels { stream: labels.stream.clone(), values: tensor.values })
        });
        if problems.is_empty() { Ok(Self { input, expected, labels }) } else { Err(problems) }
    }
}

/// The tokens of each input stream; problems come with their key.
fn transfers(
    input: &Input,
    datapath: &dyn Datapath,
    files: &TensorFiles,
) -> Result<Transfers, Vec<(String, String)>> {
    let ports = datapath.ports().inputs;
    let names = ports.iter().map(|port| port.name.as_str()).collect::<Vec<_>>().join(", ");
    let mut problems = Vec::new();
    if let Input::Each(streams) = input {
        let strangers = streams.keys().filter(|stream| ports.iter().all(|port| port.name != **stream));
        problems.extend(strangers.map(|stream| {
            (format!("input.{stream}"), format!("there is no input `{stream}`; the inputs are {names}"))
        }));
    }
    let mut found = Transfers::new();
    for port in &ports {
        let (key, tensor) = match input {
            Input::One(tensor) if ports.len() == 1 => ("input".to_owned(), Some(tensor)),
            Input::One(_) => ("input".to_owned(), None),
            Input::Each(streams) => (format!("input.{}", port.name), streams.get(&port.name)),
        };
        let Some(TensorRef { file, tensor }) = tensor else {
            let why = format!(
                "stream `{0}` has no data; the inputs are {names}, each with a table [input.{0}]",
                port.name
            );
            problems.push((key, why));
            continue;
        };
        let tokens = files
            .tensor(file, tensor.as_deref())
            .and_then(|tensor| data::tokens(port, &tensor).map_err(|why| format!("{file}: {why}")));
        match tokens {
            Ok(tokens) => found.push(tokens),
            Err(why) => problems.push((key, why)),
        }
    }
    let frames = |(port, tokens): (&crate::datapath::StreamPort, &crate::datapath::Tokens)| {
        tokens.beats() / port.frame_beats
    };
    let counts: Vec<usize> = ports.iter().zip(&found).map(frames).collect();
    if problems.is_empty() && counts.windows(2).any(|pair| pair[0] != pair[1]) {
        let why = format!("the inputs {names} have {counts:?} frames; give each as many");
        problems.push(("input".into(), why));
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

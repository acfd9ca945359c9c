//! Reads design files: a datapath with its weights, a board, a clock, and real data to run.
//!
//! ```toml
//! name = "scale"            # also the name of the Verilog module
//! board = "icebreaker"      # the default; for only Verilog: family = "generic"
//! frequency_mhz = 24        # the default is the board's oscillator
//! link = { kind = "uart" }  # the default where the board has a serial line; "scan": a shift register on four pins
//!
//! [datapath]
//! kind = "requantize"       # and the keys of this kind: `ternlet new requantize`; or several datapaths that feed each other,
//!                           # each a table [[node]], as `graph` says
//!
//! [input]                   # data that `simulate` runs behind its corners and random frames; of several input
//! file = "digits.safetensors"  # streams each has a table: [input.x]
//! tensor = "test.image"
//! scale = 256.0             # of numbers that are no integers: times this, then rounded to the nearest, halves to even
//!
//! [expected]                # what a reference computed for that data: outputs must equal it bit for bit
//! score = { file = "digits.safetensors", tensor = "test.score" } # frames = "0..16": it holds these only
//!
//! [labels]                  # the accuracy is how many integers of this output are the label
//! stream = "class"
//! file = "digits.safetensors"
//! tensor = "test.label"
//! ```
//!
//! Files are named relative to the design file.

mod archive;
mod beats;
mod board;
mod data;
mod error;
mod file;
mod files;
mod frames;
mod link;
mod located;
mod npy;
mod numbers;
mod outside;
mod patches;
mod pictures;
mod rooms;
mod tensor_files;
mod transfers;

pub use archive::{bytes_to_safetensors, safetensors_head, to_safetensors};
pub use error::{DesignError, Problem};
pub(crate) use error::{Text, listed, of_toml};
pub use files::{extension_of, read as read_file};
pub use frames::{BATCH_INTEGERS, Frames, batch_frames, batches};
pub use link::{LinkKeys, LinkKind};
pub use npy::{npy_head, to_npy};
pub use numbers::Fractions;
pub use outside::{Accuracy, Agreement, Expected, Labels};
pub use patches::Patches;
pub use tensor_files::TensorFiles;

use crate::datapath::{Catalog, Datapath, Source, Tensor};
use crate::device::Board;
use crate::graph::{Graph, name_fault};
use crate::hdl::{HardProducts, Timing};
use crate::stream::{Port, Ports, Tokens, Transfers};
use crate::verilog::is_reserved;
use data::Data;
use file::{File, Input, TensorRef};
use files::folder_of;
use std::path::{Path, PathBuf};
use transfers::transfers;

/// The board of a design that names none.
pub const DEFAULT_BOARD: &str = "icebreaker";

/// A design, ready to be made.
pub struct Design {
    /// Also the name of its Verilog module.
    pub name: String,
    pub board: Board,
    pub frequency_mhz: f64,
    /// How its streams are reached at the pins of the board.
    pub link: LinkKeys,
    /// What the design file means.
    pub graph: Graph,
    /// The datapaths of the graph, joined.
    pub datapath: Box<dyn Datapath>,
    /// The same with its probes as further outputs, if it has any: for simulation only.
    pub probed: Option<Box<dyn Datapath>>,
    /// The data of `[input]`.
    pub input: Option<Frames>,
    /// How the input was cut, if it is larger than a frame.
    pub patches: Option<Patches>,
    /// What the outputs for `input` must be.
    pub expected: Vec<Expected>,
    pub labels: Option<Labels>,
    /// Which products get a hard multiplier of the board; none where all do that one takes.
    pub products: Option<HardProducts>,
    /// The files that it was read from.
    sources: Vec<PathBuf>,
}

/// What a command line says instead of the design file.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    pub board: Option<String>,
    pub frequency_mhz: Option<f64>,
    pub link: Option<LinkKind>,
}

impl Design {
    /// The design of the file at `path`, with the tensors that it names.
    ///
    /// # Errors
    /// All problems at once, each with its line.
    pub fn read(path: &Path, choices: &Choices, catalog: &Catalog) -> Result<Design, DesignError> {
        let raw =
            files::read_text(path).map_err(|source| DesignError::Unreadable { path: path.into(), source })?;
        let wrong = |problems| DesignError::Wrong { path: path.into(), problems };
        let text = Text::parse(&raw).map_err(|problem| wrong(vec![problem]))?;
        let files = TensorFiles::relative_to(folder_of(path));
        let (file, graph, network) = file::parse(&text, catalog, &files).map_err(wrong)?;
        let clock = clock(&text, &file, choices);
        let mhz = clock.as_ref().ok().copied().flatten();
        let board = board(&text, &file, choices, &folder_of(path), mhz);
        let link = link(&text, &file, choices, &network.ports().inputs, board.as_ref().ok());
        let probed = network.probed();
        let data = Data::read(&text, &file, probed.as_ref().unwrap_or(&network), &files);
        let name = name(&text, &file, &network.ports());
        match (name, board, clock, link, data) {
            (Ok(name), Ok(board), Ok(clock), Ok(link), Ok(Data { input, patches, expected, labels })) => {
                let frequency_mhz = clock.unwrap_or(board.oscillator_mhz);
                let probed = probed.map(|probed| Box::new(probed) as Box<dyn Datapath>);
                let datapath = Box::new(network);
                let sources = [vec![path.into()], files.paths()].concat();
                Ok(Design {
                    name,
                    board,
                    frequency_mhz,
                    link,
                    graph,
                    datapath,
                    probed,
                    input,
                    patches,
                    expected,
                    labels,
                    products: None,
                    sources,
                })
            }
            (name, board, clock, link, data) => {
                let mut problems: Vec<Problem> =
                    [name.err(), board.err(), clock.err(), link.err()].into_iter().flatten().collect();
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
        let (path, tensor) = file_and_tensor(given);
        let files = TensorFiles::relative_to("");
        let inputs = self.datapath.ports().inputs;
        let carries = |tensor| self.datapath.carry(&tensor).is_some();
        let input = if inputs.len() == 1 || files.tensor(path, tensor.as_deref()).is_ok_and(carries) {
            Input::One(TensorRef { patches: self.patches.is_some(), ..TensorRef::of(path, tensor) })
        } else if tensor.is_some() {
            let names: Vec<&str> = inputs.iter().map(|port| port.name.as_str()).collect();
            let why = format!(
                "each input stream takes the tensor of its name ({}); give the file alone",
                names.join(", ")
            );
            return Err(wrong(why));
        } else {
            let named = |name: &String| TensorRef::of(path, Some(name.clone()));
            Input::Each(inputs.iter().map(|port| (port.name.clone(), named(&port.name))).collect())
        };
        let help = "save integers, or name it in the table [input] of the design file with a `scale`";
        let observed = self.probed.as_deref().unwrap_or(&*self.datapath);
        let transfers = transfers(&input, observed, &files, help);
        let transfers = transfers.map_err(|problems| {
            let file = format!("{path}: ");
            let why = |(_, why): (String, String)| why.strip_prefix(&file).map(str::to_owned).unwrap_or(why);
            wrong(problems.into_iter().map(why).collect::<Vec<_>>().join("; "))
        })?;
        self.sources.extend(files.paths());
        (self.input, self.patches) = (Some(transfers.frames), transfers.patches);
        self.expected.clear();
        self.labels = None;
        Ok(())
    }

    /// As [`Design::replace_input`], and the labels by those of `labels`, of the output that the design's own are of.
    ///
    /// # Errors
    /// As of [`Design::replace_input`]; if the design has no labels, or there are not as many as the data needs.
    pub fn replace_input_and_labels(&mut self, input: &str, labels: &str) -> Result<(), DesignError> {
        let old = self.labels.take();
        self.replace_input(input)?;
        let wrong = |why| DesignError::Given { given: labels.into(), why };
        let missing = "the design file has no table [labels] that says which output they are of; add one";
        let old = old.ok_or_else(|| wrong(missing.into()))?;
        let (path, tensor) = file_and_tensor(labels);
        let files = TensorFiles::relative_to("");
        self.labels = Some(data::labels(self, old, (path, tensor), &files).map_err(wrong)?);
        self.sources.extend(files.paths());
        Ok(())
    }

    /// The integers of each output of `datapath`, this design's or the one with its probes: shaped frames by integers in a frame; only
    /// the integers where frames are not equally long; whole maps where the input was cut.
    pub fn results(&self, datapath: &dyn Datapath, outputs: &Transfers) -> Vec<(String, Tensor)> {
        let tensor = |(port, tokens): (&Port, &Tokens)| (port.name.clone(), self.tensor(port, tokens));
        datapath.ports().outputs.iter().zip(outputs).map(tensor).collect()
    }

    /// As [`Design::results`], of one port, the input's too.
    pub fn tensor(&self, port: &Port, tokens: &Tokens) -> Tensor {
        let values = tokens.unpack(port);
        match &self.patches {
            Some(patches) => patches.join(&port.name, &values),
            None if port.is_varying() => Tensor { shape: vec![values.len()], values },
            None => Tensor { shape: vec![values.len() / port.frame_values(), port.frame_values()], values },
        }
    }

    /// Whether it was read from the file at `path`, among others: no result may be written there.
    pub fn is_from(&self, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else { return false };
        self.sources.iter().any(|source| source.canonicalize().is_ok_and(|source| source == path))
    }

    /// What the pipeliner aims at: the design's frequency on its board's family, with the hard multipliers that there are.
    pub fn timing(&self) -> Timing {
        let timing = Timing::clock(self.board.family, self.frequency_mhz);
        self.products.map_or(timing, |products| timing.with_products(products))
    }

    /// What a report says: of the datapath, and of products where not all get a hard multiplier.
    pub fn facts(&self) -> Vec<(String, String)> {
        let dsp = self.board.resources.dsp;
        let products = self.products.map(|products| match products {
            HardProducts::NONE => "none for products".into(),
            HardProducts { bits, of_these } => format!(
                "{dsp} are too few: those products get one whose factors' bits multiply to more than {bits}, and {of_these} of {bits}; \
                 of others adders are made"
            ),
        });
        let products = products.map(|fact| ("DSP blocks".to_owned(), fact));
        self.datapath.facts(self.timing()).into_iter().chain(products).collect()
    }
}

/// `FILE` or `FILE:TENSOR`.
fn file_and_tensor(given: &str) -> (&str, Option<String>) {
    let whole = Path::new(given).is_file();
    match given.rsplit_once(':').filter(|_| !whole) {
        Some((path, tensor)) => (path, Some(tensor.to_owned())),
        None => (given, None),
    }
}

/// The design's name, which is also its module's: no word that Verilog or C++ reserve, and none of its ports, which Verilator refuses.
fn name(text: &Text, file: &File, ports: &Ports) -> Result<String, Problem> {
    let name = &file.name;
    let wrong = |why: String| Err(text.problem("name", format!("name = {why}")));
    if let Some(why) = name_fault(name) {
        return wrong(why);
    }
    let streams = ports.inputs.iter().chain(&ports.outputs);
    let is_port = |stream: &Port| {
        let end = name.strip_prefix(stream.name.as_str()).and_then(|end| end.strip_prefix('_'));
        end.is_some_and(|end| ["valid", "ready", "payload", "last"].contains(&end))
    };
    let taken = match name.as_str() {
        "clk" | "rst" => "is the name of a port",
        _ if streams.clone().any(is_port) => "is the name of a port",
        _ if is_reserved(name) => "is a word that Verilog or C++ reserve",
        _ => return Ok(name.clone()),
    };
    wrong(format!("\"{name}\": this {taken}; write another, such as my_{name}"))
}

/// The board, or none where the file names a family instead, of which the design has a clock of `mhz`.
fn board(
    text: &Text,
    file: &File,
    choices: &Choices,
    folder: &Path,
    mhz: Option<f64>,
) -> Result<Board, Problem> {
    let named = |name: &str| board::named(name, folder).map_err(|why| text.problem("board", why));
    match (&choices.board, &file.board, file.family) {
        (Some(name), ..) => board::named(name, Path::new(""))
            .map_err(|why| Problem { line: None, message: format!("--board: {why}") }),
        (None, Some(_), Some(_)) => {
            Err(text.problem("family", "family: a board says its own; leave one of the two out"))
        }
        (None, Some(name), None) => named(name),
        (None, None, None) => named(DEFAULT_BOARD),
        (None, None, Some(family)) => match mhz {
            Some(mhz) => Ok(Board::none(family, mhz)),
            None => Err(text.problem(
                "family",
                format!(
                    "family = {:?}: without a board no clock is known; add frequency_mhz = 100",
                    family.name
                ),
            )),
        },
    }
}

/// The keys of `[link]`, of a design with these inputs on a board, if that is known.
fn link(
    text: &Text,
    file: &File,
    choices: &Choices,
    inputs: &[Port],
    board: Option<&Board>,
) -> Result<LinkKeys, Problem> {
    let wrong = |why: String| {
        let key = why.split(' ').next().unwrap_or_default();
        text.problem(&format!("link.{key}"), &why)
    };
    file.link.check().map_err(wrong)?;
    let link = file.link.clone().or(choices.link);
    board.map_or(Ok(()), |board| link.check_flash(inputs, board)).map_err(wrong)?;
    Ok(link)
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

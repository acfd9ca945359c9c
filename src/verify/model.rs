//! A compiled model, and its runs.

use super::abi::{self, Ending};
use super::harness;
use super::verilator::{Options, VerilatorTools};
use super::{CannotLoad, SimulationError};
use crate::stream::packing::{pack, payload_words, unpack};
use crate::stream::{Port, Ports, Tokens, Transfers};
use crate::verilog::SourceFile;
use libloading::{Library, Symbol};
use std::ffi::{CString, c_char};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

/// When the streams' other ends hold them back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stalls {
    Never,
    /// Every stream in bursts: stretches of up to 128 cycles, each with a probability of its own.
    Random,
    /// One stream (inputs first, then outputs) stands for 400 cycles and more, first of all; the others never do.
    Held(usize),
}

/// What to simulate.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// Decides the stalls and what registers hold before their reset.
    pub seed: u64,
    pub stalls: Stalls,
    pub inputs: &'a [Tokens],
    /// Beats that each output must give; the run ends some idle cycles after them.
    pub expected_beats: Vec<usize>,
    /// A reset in this cycle, after which all is sent again from the start.
    pub reset_at: Option<u64>,
    /// Cycles after which the run ends anyway.
    pub limit: u64,
    /// Cycles without any transfer after which nothing more is awaited.
    pub stall_limit: u64,
    /// Cycles in which, after the last beat, no more may come.
    pub idle: u64,
    /// What the model's select input holds, if it is compiled with one.
    pub select: u32,
    /// A waveform file, and the first cycle in it; the model must be compiled for it.
    pub waves: Option<(&'a Path, u64)>,
}

impl<'a> Run<'a> {
    /// A run without stalls, limits that suit a datapath of any size, and no waveform.
    pub fn new(seed: u64, inputs: &'a [Tokens], expected_beats: Vec<usize>) -> Self {
        Self {
            seed,
            stalls: Stalls::Never,
            inputs,
            expected_beats,
            reset_at: None,
            limit: u64::MAX,
            stall_limit: 1_000_000,
            // Longer than a stream is ever held back: an input's last beats may come to nothing, as those of a margin.
            idle: 1000,
            select: 0,
            waves: None,
        }
    }
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub outputs: Transfers,
    /// For each input, the cycle in which each beat was accepted, counted from the reset.
    pub input_cycles: Vec<Vec<u64>>,
    /// As `input_cycles`, of the outputs.
    pub output_cycles: Vec<Vec<u64>>,
    pub ending: Ending,
    /// The stream that broke the protocol, inputs first, then outputs.
    pub culprit: usize,
    /// What the design said.
    pub text: String,
    /// The cycle in which the run ended.
    pub cycles: u64,
    /// The cycle of the last transfer.
    pub last_transfer: u64,
    /// All cycles simulated, and the processor time that they took.
    pub all_cycles: u64,
    pub seconds: f64,
}

/// A module as a compiled, loaded simulation.
#[derive(Debug)]
pub struct Model {
    library: Library,
    ports: Ports,
    cached: bool,
}

impl Model {
    /// Compiles module `top` of `sources`, whose ports are `ports`, or takes it from the cache.
    ///
    /// # Errors
    /// If a tool fails: the Verilog is wrong, or its ports are not those.
    pub fn compile(
        tools: &VerilatorTools,
        sources: &[SourceFile],
        top: &str,
        ports: &Ports,
        options: &Options,
    ) -> Result<Self, SimulationError> {
        let text = |units: &[String]| harness::text(top, ports, options.select.as_deref(), units);
        let (path, cached) = tools.shared_object(sources, top, &text, options)?;
        // SAFETY: the object is of our own making; its initializers are those of the C++ library.
        let library = unsafe { Library::new(&path) }.map_err(|source| CannotLoad { path, source })?;
        Ok(Self { library, ports: ports.clone(), cached })
    }

    /// Whether it was compiled before.
    pub fn cached(&self) -> bool {
        self.cached
    }

    /// Simulates from the reset to the end of the streams, with all registers new; runs may go on side by side.
    ///
    /// # Panics
    /// If the streams of `run` are not those of the ports.
    pub fn run(&self, run: &Run) -> Outcome {
        assert_eq!(run.inputs.len(), self.ports.inputs.len(), "one sequence of tokens for each input");
        assert_eq!(run.expected_beats.len(), self.ports.outputs.len(), "one count of beats for each output");
        let mut inputs: Vec<Source> = self
            .ports
            .inputs
            .iter()
            .zip(run.inputs)
            .map(|(port, tokens)| Source::new(port, tokens))
            .collect();
        let mut outputs: Vec<Sink> = self
            .ports
            .outputs
            .iter()
            .zip(&run.expected_beats)
            .map(|(port, &beats)| Sink::new(port, beats))
            .collect();
        let mut input_structs: Vec<abi::Input> = inputs.iter_mut().map(Source::lend).collect();
        let mut output_structs: Vec<abi::Output> = outputs.iter_mut().map(Sink::lend).collect();
        let waves = run.waves.map(|(path, from)| {
            (CString::new(path.as_os_str().as_bytes()).expect("a path without NUL"), from)
        });
        let (stalls, held_stream) = match run.stalls {
            Stalls::Never => (0, 0),
            Stalls::Random => (1, 0),
            Stalls::Held(stream) => (2, stream as u32),
        };
        let mut raw = abi::Run {
            seed: run.seed,
            stalls,
            held_stream,
            reset_at: run.reset_at.unwrap_or(0),
            limit: run.limit,
            stall_limit: run.stall_limit,
            idle: run.idle,
            select: run.select,
            waves: waves.as_ref().map_or(ptr::null(), |(path, _)| path.as_ptr()),
            waves_from: waves.as_ref().map_or(0, |&(_, from)| from),
            inputs: input_structs.as_mut_ptr(),
            outputs: output_structs.as_mut_ptr(),
            cycles: 0,
            all_cycles: 0,
            last_transfer: 0,
            nanoseconds: 0,
            ending: 0,
            culprit: 0,
            text: [0 as c_char; 2048],
        };
        // SAFETY: the object was compiled with the structures of `abi`; the arrays that they point to live until the
        // call returns, and hold as many beats as they say.
        unsafe {
            let simulate: Symbol<unsafe extern "C" fn(*mut abi::Run)> =
                self.library.get(b"ternlet_run").expect("the harness exports it");
            simulate(&mut raw);
        }
        let accepted_inputs = input_structs.iter().map(|input| input.accepted as usize);
        let accepted_outputs = output_structs.iter().map(|output| output.accepted as usize);
        let input_cycles =
            inputs.into_iter().zip(accepted_inputs).map(|(input, n)| input.cycles[..n].to_vec());
        let (outputs, output_cycles) = self
            .ports
            .outputs
            .iter()
            .zip(outputs.into_iter().zip(accepted_outputs))
            .map(|(port, (output, beats))| output.tokens(port, beats))
            .unzip();
        Outcome {
            outputs,
            input_cycles: input_cycles.collect(),
            output_cycles,
            ending: Ending::from_number(raw.ending),
            culprit: raw.culprit as usize,
            text: raw.text(),
            cycles: raw.cycles,
            last_transfer: raw.last_transfer,
            all_cycles: raw.all_cycles,
            seconds: raw.nanoseconds as f64 * 1e-9,
        }
    }
}

/// Memory that the loop over the cycles fills. Zeros would come as pages that do not exist until they are written,
/// which costs that loop a sixth of its time.
fn touched<T: Clone>(len: usize, not_zero: T) -> Vec<T> {
    vec![not_zero; len]
}

/// The memory of an [`abi::Input`].
struct Source {
    words: Vec<u32>,
    last: Vec<u8>,
    cycles: Vec<u64>,
}

impl Source {
    fn new(port: &Port, tokens: &Tokens) -> Self {
        assert_eq!(tokens.lanes, port.lanes(), "lanes of a beat of {}", port.name);
        let mut last: Vec<u8> = tokens.last.iter().map(|&last| last.into()).collect();
        last.resize(tokens.beats(), 0);
        Self { words: pack(port, tokens), cycles: touched(last.len(), 1), last }
    }

    fn lend(&mut self) -> abi::Input {
        abi::Input {
            words: self.words.as_ptr(),
            last: self.last.as_ptr(),
            beats: self.last.len() as u64,
            cycles: self.cycles.as_mut_ptr(),
            accepted: 0,
        }
    }
}

/// The memory of an [`abi::Output`].
struct Sink {
    words: Vec<u32>,
    last: Vec<u8>,
    cycles: Vec<u64>,
    expected: usize,
}

impl Sink {
    /// Room for beats beyond the expected ones, to show them.
    const SURPLUS_BEATS: usize = 16;

    fn new(port: &Port, expected: usize) -> Self {
        let capacity = expected + Self::SURPLUS_BEATS;
        let words = touched(capacity * payload_words(port), 1);
        Self { words, last: touched(capacity, 1), cycles: touched(capacity, 1), expected }
    }

    fn lend(&mut self) -> abi::Output {
        abi::Output {
            words: self.words.as_mut_ptr(),
            last: self.last.as_mut_ptr(),
            cycles: self.cycles.as_mut_ptr(),
            capacity: self.last.len() as u64,
            expected: self.expected as u64,
            accepted: 0,
        }
    }

    fn tokens(self, port: &Port, beats: usize) -> (Tokens, Vec<u64>) {
        let last = if port.is_framed() {
            self.last[..beats].iter().map(|&last| last != 0).collect()
        } else {
            vec![]
        };
        let values = unpack(port, &self.words[..beats * payload_words(port)]);
        (Tokens { lanes: port.lanes(), values, last }, self.cycles[..beats].to_vec())
    }
}

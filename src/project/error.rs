//! Why nothing came of what was asked for.

use crate::design::DesignError;
use crate::flow::FlowError;
use crate::tools::ToolError;
use crate::verify::SimulationError;
use std::io;
use std::path::PathBuf;

/// What keeps a result from being computed or written. What was computed but does not hold is a result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Design(#[from] DesignError),
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error(transparent)]
    Simulation(#[from] SimulationError),
    #[error(transparent)]
    Flow(#[from] FlowError),
    #[error(
        "name = \"{name}\": Verilog or C++ reserve this word, or a port has this name; write another, such as my_{name}"
    )]
    ReservedName { name: String },
    /// Beyond all that could be built or simulated.
    #[error("{design} takes {over}")]
    TooLarge { design: String, over: String },
    #[error("design {design} has no data; give some with --input, or in its table [input]")]
    NoData { design: String },
    #[error(
        "{stream} of {design} comes from the flash, and nobody says what: name a file in its weights, or give the stream data in [input]"
    )]
    NoWeights { design: String, stream: String },
    #[error("{}: {source}; name a bitstream that is there", .path.display())]
    NoBitstream { path: PathBuf, source: io::Error },
    /// Cells that Project IceStorm does not read back.
    #[error(
        "{design} uses {dsp} DSP on {board}, which Project IceStorm's icebox_vlog leaves out of the circuit that it reads from a \
         bitstream; place it without any (--no-dsp, and load what `synthesize --no-dsp` writes), choose --board hx8k, or \
         simulate the netlist (--stage netlist), which has them"
    )]
    DspNotUnpackable { design: String, dsp: u64, board: String },
    /// There is no bitstream to simulate.
    #[error("{0}")]
    DoesNotFit(String),
    /// No area is reported of Verilog that was not seen to compute the right bits.
    #[error("{0}")]
    NotProven(String),
    /// No answer from a board.
    #[error(
        "nothing at {port} answers in {seconds} s: is the board's bitstream loaded (`ternlet load`), and is this its port?"
    )]
    Silent { port: String, seconds: f64 },
    #[error(
        "the board at {port} holds another design ({holds}), not {design} ({wanted}): load that (`ternlet load`), or run the one that it holds"
    )]
    OtherDesign { port: String, holds: String, design: String, wanted: String },
    /// A run that came to no end.
    #[error("the board at {port} went silent in the middle: {why}")]
    Stopped { port: String, why: String },
    #[error("no program on PATH loads {board}; get one, then type{help}")]
    NoLoader { board: String, help: String },
    #[error("{port}: {why}")]
    NoPort { port: String, why: String },
    /// Impossible; in a sentence, with what would do.
    #[error("{0}")]
    Refused(String),
    #[error("{} is there already; name another file with -o", .path.display())]
    AlreadyThere { path: PathBuf },
    #[error(
        "{} was not written by ternlet, or was changed since: move or remove it, or choose another folder with -o",
        .path.display()
    )]
    NotOurs { path: PathBuf },
    #[error("{}: {source}", .path.display())]
    NotRead { path: PathBuf, source: io::Error },
    #[error("{} cannot be written: {source}; choose another place", .path.display())]
    NotWritten { path: PathBuf, source: io::Error },
}

impl Error {
    /// For `map_err`: what could not be written at `path`.
    pub(super) fn writing(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Error {
        let path = path.into();
        |source| Error::NotWritten { path, source }
    }
}

//! Why a design did not get onto a board, and what to do about it.

use crate::device::UnknownBoard;
use crate::tools::ToolError;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error(transparent)]
    UnknownBoard(#[from] UnknownBoard),
    #[error(
        "nextpnr's router comes to no end on {board} with {}: the design is too dense; take fewer lanes or parallel rows, \
         try more placements (--seeds), or another board",
        seeds.iter().map(|seed| format!("seed {seed}")).collect::<Vec<_>>().join(", ")
    )]
    Unroutable { board: String, seeds: Vec<u32> },
    #[error(
        "{board} has no pins of a serial line; give it some (uart in its [pins]), or say link = {{ kind = \"scan\" }}"
    )]
    NoUart { board: String },
    #[error(
        "{board} has no flash that ternlet knows; give it one (flash in its [pins]), or leave flash out of the design's [link]"
    )]
    NoFlash { board: String },
    #[error(
        "no pin and no cell of {board} drives the clock of its flash: name its pin (sck in its [pins.flash])"
    )]
    NoFlashClock { board: String },
    #[error("what is to come from the flash of {board} takes {needed} bytes of {there} that are free there")]
    SmallFlash { board: String, needed: usize, there: u32 },
    #[error(
        "{design} has {streams} streams one way: a serial line names 32; join some of them, or say link = {{ kind = \"scan\" }}"
    )]
    ManyStreams { design: String, streams: usize },
    #[error(
        "{board} has no pins for a shift register; give it some (scan in its [pins]), or say link = {{ kind = \"uart\" }}"
    )]
    NoScan { board: String },
    #[error(
        "no serial line of at most {most} bits a second at a clock of {clock_mhz} MHz: a bit takes at least 6 cycles, and the least \
         rate is 115,200; raise the clock"
    )]
    NoRate { clock_mhz: f64, most: u32 },
    #[error(
        "{design} is for {board}: there is its Verilog, and what simulates it; for a bitstream name a board (board = \"icebreaker\" in \
         the design, or --board), which `ternlet boards` lists"
    )]
    NoBoard { design: String, board: String },
    #[error(
        "a design of family generic has no netlist: its Verilog is for other tools; name a board, or another family"
    )]
    NoCells,
    #[error("0 seeds: at least one placement must be tried")]
    NoSeeds,
    #[error("{path}: not what the tool that wrote it should write: {source}")]
    Unreadable { path: PathBuf, source: serde_json::Error },
    #[error(
        "the bitstream of {board} cannot be turned back into a circuit: only those of iCE40 boards can; \
             simulate the netlist (--stage netlist), or choose --board icebreaker or hx8k"
    )]
    NotUnpackable { board: String },
    #[error(
        "what nextpnr places for {board} has no simulation models: only for Gowin boards there are; simulate the netlist \
         (--stage netlist), of an iCE40 board the bitstream (--stage bitstream)"
    )]
    NoPlacedCells { board: String },
    #[error(
        "ternlet cannot simulate the cell {cell} as nextpnr places it on {board}, only look-up tables, carries, registers and small \
         memories; simulate the netlist (--stage netlist), or, if it is a multiplier, place the design without (--no-dsp); if it is a block \
         RAM of the link, place it behind a shift register (--link scan)"
    )]
    NotModelled { cell: String, board: String },
    #[error(
        "the clock in the bitstream is not the one of the board top: {} are {found:?}, not {asked:?}",
        dividers.join(", ")
    )]
    ClockDiffers { dividers: &'static [&'static str], found: Vec<Option<u32>>, asked: Vec<Option<u32>> },
    #[error(
        "ternlet has no simulation model of the cell {cell} of {family}, so this netlist cannot be simulated"
    )]
    NoModel { cell: String, family: &'static str },
    #[error(
        "Yosys would lose bits of a product of {design}: the register after it holds some of them twice, which its pass \
         ice40_dsp gets wrong; make products of look-up tables (--no-dsp), or take another board"
    )]
    ProductLost { design: String },
}

//! Why a design did not get onto a board, and what to do about it.

use super::report::Usage;
use super::synthesis::Synthesis;
use crate::device::{Board, UnknownBoard};
use crate::tools::ToolError;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    #[error(transparent)]
    Tool(#[from] ToolError),
    #[error(transparent)]
    UnknownBoard(#[from] UnknownBoard),
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
        "the clock in the bitstream is not the one of the board top: {} are {found:?}, not {asked:?}",
        dividers.join(", ")
    )]
    ClockDiffers { dividers: &'static [&'static str], found: Vec<Option<u32>>, asked: Vec<Option<u32>> },
    #[error(
        "ternlet has no simulation model of the cell {cell} of {family}, so this netlist cannot be simulated"
    )]
    NoModel { cell: String, family: &'static str },
    #[error(
        "Yosys would lose bits of a product of {design}: the register behind it holds some of them twice, which its pass \
         ice40_dsp gets wrong; make products of look-up tables (--no-dsp), or take another board"
    )]
    ProductLost { design: String },
    /// More of `over` is needed than the board has, or nearly all of it, so that no placement was found.
    #[error("the design does not fit on {board}: {}\n{mend}", describe(.over))]
    DoesNotFit { board: String, over: Vec<Usage>, mend: String },
    /// Placed and routed, but slower than asked.
    #[error("{}", missed(.0))]
    TimingMissed(Box<Synthesis>),
}

impl FlowError {
    /// What is over on `board`, with the boards that have more.
    pub(super) fn does_not_fit(board: &Board, over: Vec<Usage>) -> FlowError {
        let larger: Vec<String> = Board::all()
            .into_iter()
            .filter(|other| over.iter().all(|usage| has_more(other, usage)))
            .map(|other| other.name)
            .collect();
        let mut mends: Vec<&str> = over.iter().map(|usage| mend(&usage.resource)).collect();
        mends.dedup();
        let mut mend = mends.join(", ");
        if !larger.is_empty() {
            mend += &format!(", or a board with more: {}", larger.join(", "));
        }
        FlowError::DoesNotFit { board: board.title.clone(), over, mend }
    }
}

/// What to change where there is too little of a resource.
fn mend(resource: &str) -> &'static str {
    match resource {
        "block RAM" | "SPRAM" => "store fewer words or pack them denser (5 trits in 8 bits)",
        "DSP" => "take fewer multipliers in parallel",
        _ => "take fewer lanes or parallel rows (more cycles a frame)",
    }
}

/// Whether `board` has enough of it, and more than the board that it was to be on.
fn has_more(board: &Board, Usage { resource, used, available }: &Usage) -> bool {
    let has = self::available(board, resource);
    has >= *used && has > *available
}

/// What `board` has of a resource that nextpnr reports.
fn available(board: &Board, resource: &str) -> u64 {
    match resource {
        "logic cells" | "LUT4" => board.resources.lut4,
        "flip-flops" => board.resources.ff,
        "block RAM" => board.resources.block_ram,
        "DSP" => board.resources.dsp,
        "SPRAM" => board.resources.spram,
        _ => 0,
    }
}

fn describe(over: &[Usage]) -> String {
    let one = |usage: &Usage| {
        let Usage { resource, used, available } = usage;
        match used.checked_sub(*available) {
            Some(excess @ 1..) => format!("{used} {resource} of {available} ({excess} too many)"),
            _ => format!("{used} {resource} of {available} leave too little room to place them"),
        }
    };
    over.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn missed(synthesis: &Synthesis) -> String {
    let Synthesis { board, fmax_mhz, frequency_mhz, median_fmax_mhz, seeds, .. } = synthesis;
    let short = frequency_mhz - fmax_mhz;
    let mut text = format!(
        "the design misses its clock on {board}: it reaches {fmax_mhz:.1} MHz of {frequency_mhz} MHz ({short:.1} MHz \
         short; seeds tried: {}, median {median_fmax_mhz:.1} MHz)",
        seeds.len()
    );
    if let Some(path) = &synthesis.critical_path {
        let names: Vec<&str> = path.steps.iter().map(|step| step.name.as_str()).collect();
        text += &format!("\nslowest path ({:.1} ns): {}", path.delay_ns, names.join(" -> "));
    }
    let slower = fmax_mhz.floor();
    text + &format!(
        "\nask for {slower} MHz or less, take fewer lanes, try more placements (--seeds), or a faster board"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_comes_with_how_much_and_what_to_change() {
        let board = Board::named("icebreaker").unwrap();
        let over = vec![Usage { resource: "logic cells".into(), used: 6012, available: 5280 }];
        assert_eq!(
            FlowError::does_not_fit(&board, over).to_string(),
            "the design does not fit on iCEBreaker: 6012 logic cells of 5280 (732 too many)\n\
             take fewer lanes or parallel rows (more cycles a frame), or a board with more: hx8k, ulx3s, tangnano9k"
        );
        let over = vec![Usage { resource: "block RAM".into(), used: 64, available: 30 }];
        assert_eq!(
            FlowError::does_not_fit(&board, over).to_string(),
            "the design does not fit on iCEBreaker: 64 block RAM of 30 (34 too many)\n\
             store fewer words or pack them denser (5 trits in 8 bits), or a board with more: ulx3s"
        );
        let nearly = vec![Usage { resource: "logic cells".into(), used: 5190, available: 5280 }];
        assert_eq!(
            FlowError::does_not_fit(&board, nearly).to_string(),
            "the design does not fit on iCEBreaker: 5190 logic cells of 5280 leave too little room to place them\n\
             take fewer lanes or parallel rows (more cycles a frame), or a board with more: hx8k, ulx3s, tangnano9k"
        );
    }
}

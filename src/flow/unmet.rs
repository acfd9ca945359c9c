//! What a synthesis leaves to be wished for, and what to change.

use super::board_top::clock_mhz;
use super::report::Usage;
use super::synthesis::{Outcome, Placement, Synthesis};
use crate::device::Board;

impl Synthesis {
    /// Why it is not good enough, if it is not: it does not fit, or misses its clock.
    pub fn unmet(&self) -> Option<String> {
        match &self.outcome {
            Outcome::TooLarge { over } => Some(does_not_fit(&self.board, over)),
            Outcome::Placed(placement) if placement.timing_met => None,
            Outcome::Placed(placement) => Some(self.missed(placement)),
        }
    }

    /// Whether there are too few memory blocks.
    pub fn lacks_memory(&self) -> bool {
        let Outcome::TooLarge { over } = &self.outcome else { return false };
        over.iter().any(|usage| ["block_ram", "spram"].contains(&usage.resource.as_str()))
    }

    fn missed(&self, placement: &Placement) -> String {
        let Self { board, needed_mhz, .. } = self;
        let Placement { fmax_mhz, median_fmax_mhz, seeds, .. } = placement;
        let short = needed_mhz - fmax_mhz;
        let mut text = format!(
            "the design misses its clock on {board}: it reaches {fmax_mhz:.1} MHz of {needed_mhz} MHz ({short:.1} MHz \
             short; seeds tried: {}, median {median_fmax_mhz:.1} MHz)",
            seeds.len()
        );
        if let Some(path) = &placement.critical_path {
            let names: Vec<&str> = path.steps.iter().map(|step| step.name.as_str()).collect();
            text += &format!("\nslowest path ({:.1} ns): {}", path.delay_ns, names.join(" -> "));
        }
        let slower = fmax_mhz.floor();
        let is_made = |board: &Board| clock_mhz(board, slower) <= *fmax_mhz;
        let slower = match Board::named(board).is_ok_and(|board| is_made(&board)) {
            true => format!("ask for {slower} MHz or less, "),
            false => format!("the board makes no clock of {slower} MHz or less; "),
        };
        text + &format!("\n{slower}take fewer lanes, try more placements (--seeds), or a faster board")
    }
}

/// What is over on the board of this name, with the smallest boards that have more, one of each size.
pub fn does_not_fit(board: &str, over: &[Usage]) -> String {
    let mut larger = Board::all();
    larger.retain(|other| over.iter().all(|usage| has_more(other, usage)));
    larger.sort_by_key(|other| other.resources.lut4);
    larger.dedup_by_key(|other| other.resources.lut4);
    let larger: Vec<&str> = larger.iter().map(|other| other.name.as_str()).take(3).collect();
    let mut changes: Vec<&str> = over.iter().map(change).collect();
    changes.dedup();
    let listed = over.iter().map(described).collect::<Vec<_>>().join(", ");
    let mut text = format!("the design does not fit on {board}: {listed}\n{}", changes.join(", "));
    if !larger.is_empty() {
        text += &format!(", or a board with more: {}", larger.join(", "));
    }
    text
}

fn described(usage: &Usage) -> String {
    let (used, noun, there_is) = (usage.used, usage.noun(), usage.there_is);
    match used.checked_sub(there_is) {
        Some(excess @ 1..) => format!("{used} {noun} of {there_is} ({excess} too many)"),
        _ => format!("{used} {noun} of {there_is} leave too little room to place them"),
    }
}

/// What to change where there is too little of a resource.
fn change(usage: &Usage) -> &'static str {
    match usage.resource.as_str() {
        "block_ram" | "spram" => "store fewer words",
        "dsp" => "take fewer multipliers in parallel",
        _ => "take fewer lanes or parallel rows (more cycles a frame)",
    }
}

/// Whether `board` has enough of it, and more than the board that it was to be on.
fn has_more(board: &Board, usage: &Usage) -> bool {
    let has = match usage.resource.as_str() {
        "logic_cell" | "lut4" => board.resources.lut4,
        "ff" => board.resources.ff,
        "block_ram" => board.resources.block_ram,
        "dsp" => board.resources.dsp,
        "spram" => board.resources.spram,
        _ => 0,
    };
    has >= usage.used && has > usage.there_is
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_comes_with_how_much_and_what_to_change() {
        let text = |resource: &str, used, there_is| {
            does_not_fit("icebreaker", &[Usage { resource: resource.into(), used, there_is }])
        };
        assert_eq!(
            text("logic_cell", 6012, 5280),
            "the design does not fit on icebreaker: 6012 logic cells of 5280 (732 too many)\n\
             take fewer lanes or parallel rows (more cycles a frame), or a board with more: hx8k, tangnano9k, tangnano20k"
        );
        assert_eq!(
            text("block_ram", 64, 30),
            "the design does not fit on icebreaker: 64 block RAM of 30 (34 too many)\n\
             store fewer words, or a board with more: gatemate_evb, ulx3s"
        );
        assert_eq!(
            text("logic_cell", 5190, 5280),
            "the design does not fit on icebreaker: 5190 logic cells of 5280 leave too little room to place them\n\
             take fewer lanes or parallel rows (more cycles a frame), or a board with more: hx8k, tangnano9k, tangnano20k"
        );
    }
}

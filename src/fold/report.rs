//! A folding as a person reads it.

use super::{Folded, FoldedNode, Step};
use crate::device::Counts;
use std::fmt;

impl fmt::Display for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.nodes.iter().map(|node| node.name.len()).max().unwrap_or(0);
        for node in &self.nodes {
            let FoldedNode { name, kind, keys, .. } = node;
            let keys: Vec<String> = keys.iter().map(|(key, number)| format!("{key} = {number}")).collect();
            let keys = if keys.is_empty() { String::new() } else { format!("; {}", keys.join(", ")) };
            writeln!(f, "  {name:width$}  {kind}: {}{keys}", node.cost())?;
        }
        if let Some(slowest) = self.slowest() {
            writeln!(
                f,
                "  the slowest is {}: {} of {} cycles a frame",
                slowest.name, slowest.cycles, self.cycles_per_frame
            )?;
        }
        write!(
            f,
            "  the whole: {} cycles a frame, {} by the estimate",
            self.cycles_per_frame,
            shown(&self.counts)
        )?;
        if let Some(roofline) = &self.roofline {
            write!(f, "\n{roofline}")?;
        }
        let Some(next) = &self.next else { return write!(f, "\n  no folding is faster") };
        let Step { cycles_per_frame, counts, fits, taken } = next;
        let times = self.cycles_per_frame as f64 / *cycles_per_frame as f64;
        let takes = if *fits { shown(counts) } else { format!("{taken}: it does not fit") };
        write!(
            f,
            "\n  the next step: {cycles_per_frame} cycles a frame, {times:.2} times as fast, with {takes}"
        )
    }
}

impl Folded {
    /// The node that takes most cycles.
    pub fn slowest(&self) -> Option<&FoldedNode> {
        self.nodes.iter().max_by_key(|node| node.cycles)
    }
}

impl FoldedNode {
    /// Cycles a frame, and what it takes, as a person reads it.
    pub fn cost(&self) -> String {
        let cycles = match self.cycles {
            0 => "cycles are not known".into(),
            cycles => format!("{cycles} cycles"),
        };
        format!("{cycles}, {}", shown(&self.counts))
    }
}

fn shown(counts: &Counts) -> String {
    let Counts { lut4, block_ram, dsp, .. } = counts;
    format!("{lut4} LUT4, {block_ram} block RAM, {dsp} DSP")
}

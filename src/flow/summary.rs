//! A synthesis in words and bars.

use super::synthesis::{Outcome, Placement, Synthesis};
use crate::device::{Counts, Resources};
use std::fmt;

/// Characters of a full bar.
const BAR: u64 = 20;

impl fmt::Display for Synthesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} on {} ({})", self.design, self.board, self.family.name)?;
        f.write_str(&resources(&self.counts, &self.device))?;
        match &self.outcome {
            Outcome::Placed(placement) => self.placed(placement, f)?,
            Outcome::TooLarge { .. } => writeln!(f, "  no placement was found")?,
        }
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        let tools: Vec<String> =
            self.tools.iter().map(|tool| format!("{} {}", tool.name, tool.version)).collect();
        write!(f, "  {}", tools.join(", "))?;
        self.placement().map_or(Ok(()), |placement| write!(f, "\n  {}", placement.bitstream.display()))
    }
}

/// A line for each kind of resource that the device has: what is used of it, in numbers and as a bar.
pub fn resources(counts: &Counts, device: &Resources) -> String {
    let rows = [
        ("LUT4", counts.lut4, Some(device.lut4)),
        ("flip-flops", counts.ff, Some(device.ff)),
        ("carry cells", counts.carry, None),
        ("block RAM", counts.block_ram, Some(device.block_ram)),
        ("DSP", counts.dsp, Some(device.dsp)),
        ("SPRAM", counts.spram, Some(device.spram)),
    ];
    let row = |(name, used, available): (&str, u64, Option<u64>)| match available {
        Some(0) if used == 0 => String::new(),
        Some(0) => format!("  {name:12} {used:>6} of      0\n"),
        Some(available) => {
            let percent = 100.0 * used as f64 / available as f64;
            format!("  {name:12} {used:>6} of {available:>6}  {} {percent:.1} %\n", bar(used, available))
        }
        None => format!("  {name:12} {used:>6}\n"),
    };
    rows.map(row).concat()
}

impl Synthesis {
    fn placed(&self, placement: &Placement, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Placement { used, fmax_mhz, timing_met, critical_path, seeds, median_fmax_mhz, seed, .. } =
            placement;
        let used: Vec<String> = used.iter().map(|usage| format!("{} {}", usage.used, usage.noun())).collect();
        writeln!(f, "  with the board top, placed: {}", used.join(", "))?;
        let met = if *timing_met { "met" } else { "missed" };
        writeln!(
            f,
            "  clock {fmax_mhz:.2} MHz, {} MHz needed: {met} (seed {seed} of {}, median {median_fmax_mhz:.2} MHz)",
            self.needed_mhz,
            seeds.len()
        )?;
        if let Some(path) = critical_path {
            let names: Vec<&str> = path.steps.iter().map(|step| step.name.as_str()).collect();
            let routing = 100.0 * path.routing_ns / path.delay_ns;
            let (delay, names) = (path.delay_ns, names.join(" -> "));
            writeln!(f, "  slowest path {delay:.1} ns, {routing:.0} % of it wires: {names}")?;
        }
        Ok(())
    }
}

/// `used` of `available` as a bar; anything that is used shows.
fn bar(used: u64, available: u64) -> String {
    let full = (used * BAR).div_ceil(available).min(BAR) as usize;
    format!("[{}{}]", "#".repeat(full), ".".repeat(BAR as usize - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_show_what_is_used() {
        assert_eq!(bar(0, 30), "[....................]");
        assert_eq!(bar(1, 5280), "[#...................]");
        assert_eq!(bar(15, 30), "[##########..........]");
        assert_eq!(bar(31, 30), "[####################]");
    }
}

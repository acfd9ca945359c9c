//! What a synthesis and a simulation of a design would say of its size and its speed, before either.

use super::cycles::cycles;
use super::error::Error;
use super::generate::circuit_of;
use crate::design::Design;
use crate::device::{Counts, Family, Resources};
use crate::estimate::{Cost, cost_in_parts};
use crate::flow::{Usage, clock_mhz, does_not_fit, resources};
use crate::stream::OutputSchedule;
use serde::Serialize;
use std::fmt;

/// What a design takes of its board by the estimate, and its cycles.
#[derive(Clone, Debug, Serialize)]
pub struct Estimated {
    pub design: String,
    pub board: String,
    pub family: Family,
    /// The cells of the design alone, without the board top.
    #[serde(flatten)]
    pub counts: Counts,
    /// What the device has.
    pub device: Resources,
    /// Whether the device has as much of everything.
    pub fits: bool,
    /// Of what there is too little.
    pub over: Vec<Usage>,
    /// What a register-to-register path allows.
    pub clock_mhz: f64,
    /// What was asked for.
    pub frequency_mhz: f64,
    /// What must be reached: the frequency that was asked for, or the board's clock if that is higher.
    pub needed_mhz: f64,
    pub timing_met: bool,
    /// What the clock runs at on the board.
    pub board_clock_mhz: f64,
    /// None where it depends on what the frames hold.
    pub cycles_per_frame: Option<u64>,
    /// At the board's clock.
    pub frames_per_second: Option<f64>,
    pub latency_cycles: Option<u64>,
    pub outputs: Vec<OutputSchedule>,
    /// What each part of the top module takes with all that is inside.
    pub parts: Vec<Part>,
}

/// A part of the top module: of a graph its nodes, and what joins them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    pub name: String,
    pub counts: Counts,
}

/// What `design` would take, without any tool; products may be made in DSP blocks if `dsp`.
///
/// # Errors
/// If it is many times larger than any board.
pub fn estimate(mut design: Design, dsp: bool) -> Result<Estimated, Error> {
    let circuit = circuit_of(&mut design, dsp)?;
    let Cost { counts, parts, period_ns } = cost_in_parts(&circuit, design.board.family, dsp);
    let cycles = cycles(&design, &circuit);
    let (board, frequency_mhz) = (&design.board, design.frequency_mhz);
    let board_clock_mhz = clock_mhz(board, frequency_mhz);
    let (needed_mhz, clock_mhz) = (frequency_mhz.max(board_clock_mhz), 1000.0 / period_ns);
    let over = over(&counts, &board.resources);
    Ok(Estimated {
        family: board.family,
        counts,
        device: board.resources,
        fits: over.is_empty(),
        over,
        clock_mhz,
        frequency_mhz,
        needed_mhz,
        timing_met: clock_mhz >= needed_mhz,
        board_clock_mhz,
        cycles_per_frame: cycles.initiation_interval,
        frames_per_second: cycles.initiation_interval.map(|cycles| board_clock_mhz * 1e6 / cycles as f64),
        latency_cycles: cycles.latency_cycles,
        outputs: cycles.outputs,
        parts: parts.into_iter().map(|(name, counts)| Part { name, counts }).collect(),
        board: board.name.clone(),
        design: design.name,
    })
}

/// Of what the device has too little.
fn over(counts: &Counts, device: &Resources) -> Vec<Usage> {
    let kinds = shares(counts, device).into_iter().filter(|(_, used, there_is)| used > there_is);
    kinds.map(|(resource, used, there_is)| Usage { resource: resource.into(), used, there_is }).collect()
}

/// What is used of each kind, and what there is.
fn shares(counts: &Counts, device: &Resources) -> [(&'static str, u64, u64); 5] {
    [
        ("lut4", counts.lut4, device.lut4),
        ("ff", counts.ff, device.ff),
        ("block_ram", counts.block_ram, device.block_ram),
        ("dsp", counts.dsp, device.dsp),
        ("spram", counts.spram, device.spram),
    ]
}

impl Estimated {
    /// Why it will not do, if it will not, as a person reads it: it does not fit. A clock is decided by placements.
    pub fn unmet(&self) -> Option<String> {
        (!self.fits).then(|| format!("by the estimate, {}", does_not_fit(&self.board, &self.over)))
    }

    /// What there is least of, in percent, and the part that takes most of it.
    fn limit(&self) -> String {
        let share = |(_, used, there_is): &(&str, u64, u64)| *used as f64 / (*there_is).max(1) as f64;
        let most =
            shares(&self.counts, &self.device).into_iter().max_by(|a, b| share(a).total_cmp(&share(b)));
        let (resource, used, there_is) = most.expect("there are kinds");
        let usage = Usage { resource: resource.into(), used, there_is };
        let of = |part: &&Part| {
            let kinds = shares(&part.counts, &self.device);
            kinds.iter().find(|(kind, ..)| *kind == resource).map_or(0, |(_, used, _)| *used)
        };
        let largest = self.parts.iter().max_by_key(of).filter(|part| of(part) > 0);
        let largest = largest.map(|part| format!(", most of it for {} ({})", part.name, of(&part)));
        let percent = 100.0 * share(&(resource, used, there_is));
        format!("{} limit: {percent:.0} % of what there is{}", usage.noun(), largest.unwrap_or_default())
    }
}

impl fmt::Display for Estimated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { design, board, family, counts, device, parts, .. } = self;
        writeln!(f, "{design} on {board} ({}), by the estimate", family.name)?;
        f.write_str(&resources(counts, device))?;
        if parts.len() > 1 {
            let width = parts.iter().map(|part| part.name.len()).max().unwrap_or(0);
            writeln!(f, "  of these")?;
            for Part { name, counts: Counts { lut4, ff, block_ram, dsp, .. } } in parts {
                writeln!(
                    f,
                    "    {name:width$}  {lut4:>6} LUT4 {ff:>6} flip-flops {block_ram:>4} block RAM {dsp:>4} DSP"
                )?;
            }
        }
        writeln!(f, "  {}", self.limit())?;
        let met = if self.timing_met { "enough for" } else { "too slow for" };
        writeln!(f, "  clock about {:.0} MHz, {met} the {} MHz needed", self.clock_mhz, self.needed_mhz)?;
        match (self.cycles_per_frame, self.frames_per_second) {
            (Some(cycles), Some(rate)) => {
                write!(
                    f,
                    "  {cycles} cycles a frame: {rate:.0} frames a second at {} MHz",
                    self.board_clock_mhz
                )?;
            }
            _ => write!(f, "  how many cycles a frame takes depends on what it holds")?,
        }
        self.latency_cycles.map_or(Ok(()), |cycles| {
            write!(f, "\n  a frame's last result comes {cycles} cycles after its first beat")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_named() {
        let counts = Counts { lut4: 10, dsp: 9, spram: 1, ..Counts::default() };
        let device = Resources { lut4: 10, ff: 10, block_ram: 3, dsp: 8, spram: 0 };
        let usage = |resource: &str, used, there_is| Usage { resource: resource.into(), used, there_is };
        assert_eq!(over(&counts, &device), [usage("dsp", 9, 8), usage("spram", 1, 0)]);
    }
}

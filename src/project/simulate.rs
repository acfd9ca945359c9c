//! A stage of a project against its golden model, bit for bit.

use super::budget::check_frames;
use super::dut::Dut;
use super::error::Error;
use super::generate::Project;
use super::on_line::OnLine;
use super::probes::Probed;
use super::references::{against_references, unmet_reference, write_references};
use super::run::{Found, Run, Runner};
use super::shown::Shown;
use super::stage::Stage;
use super::stimuli::Stimuli;
use crate::datapath::schedule;
use crate::design::{Accuracy, Agreement};
use crate::flow::clock_mhz;
use crate::stream::Schedule;
use crate::tools::Toolchain;
use crate::verify::{Bench, OutputTiming, Plan, Report, VerilatorTools, off_schedule, tenths};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// What a simulation has shown.
#[derive(Clone, Debug, Serialize)]
pub struct Simulated {
    pub design: String,
    pub stage: Stage,
    pub verilog_hash: String,
    pub board: String,
    /// The content of the netlist; `synthesize` reports the area of the one of this hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub netlist_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bitstream_hash: Option<String>,
    /// What a person should know of the stage.
    pub notes: Vec<String>,
    #[serde(flatten)]
    pub report: Report,
    /// What the design takes by its configuration and its circuit; not at the pins of a bitstream.
    pub schedule: Schedule,
    /// Where the report shows otherwise, a sentence each.
    pub off_schedule: Vec<String>,
    /// What the design is pipelined for.
    pub frequency_mhz: f64,
    /// What its clock runs at on the board: the highest frequency not above that one that the board makes, or its oscillator's.
    pub clock_mhz: f64,
    /// At that clock; none of a bitstream, which is reached through four pins.
    pub frames_per_second: Option<f64>,
    /// Whether each output of `[expected]` equals what a reference computed.
    pub expected: BTreeMap<String, Agreement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<Accuracy>,
    /// The first fault, as a person reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    pub simulator: String,
    #[serde(skip)]
    pub shown: Option<Shown>,
}

/// Which waveform (VCD) is recorded.
#[derive(Clone, Debug, Default)]
pub enum Waves {
    #[default]
    None,
    /// The first fault's.
    OfFault(PathBuf),
    /// The first fault's, else that of the last frames that are sent.
    Always(PathBuf),
}

impl Waves {
    fn path(&self) -> Option<&Path> {
        match self {
            Waves::None => None,
            Waves::OfFault(path) | Waves::Always(path) => Some(path),
        }
    }
}

/// Simulates `dut`, a stage of `project`: corners, random frames and the design's data, each never stalled, with random stalls,
/// with each stream held back in turn, and, where the stage can be, reset in the middle. Nothing is written but the waveform.
///
/// # Errors
/// If a tool fails or the waveform cannot be written. A fault is a result: [`Simulated::unmet`].
pub fn simulate(
    toolchain: &Toolchain,
    project: &Project,
    dut: &Dut,
    stimuli: &Stimuli,
    waves: &Waves,
) -> Result<Simulated, Error> {
    let (design, progress) = (&project.design, toolchain.progress());
    check_frames(design)?;
    if dut.line.is_some() && matches!(waves, Waves::Always(_)) {
        let why =
            "a board behind its serial line gives no waveform; look at --stage netlist, or say --link scan";
        return Err(Error::Refused(why.into()));
    }
    let ports = design.datapath.ports();
    let tools = VerilatorTools::of(toolchain)?;
    let plan = Plan { waves: waves.path(), ..dut.plan(&ports, stimuli.seed) };
    let what = match dut.stage {
        Stage::Rtl => design.name.clone(),
        stage => format!("the {} of {}", stage.noun(), design.name),
    };
    let probed = Probed::of(design, dut.stage);
    let probed_plan = probed.as_ref().map(|probed| probed.plan(stimuli));
    let task = progress.task(&format!("compiling {what}"));
    let (bench, probed_bench) = rayon::join(
        || match &dut.line {
            None => Bench::compile(&tools, &plan).map(Runner::Streams).map_err(Error::from),
            Some(line) => OnLine::compile(&tools, &plan, line).map(Runner::Line),
        },
        || probed_plan.as_ref().map(|plan| Bench::compile(&tools, plan)).transpose(),
    );
    let (bench, probed_bench) = (bench?, probed_bench?);
    drop(task);
    let task = progress.task(&format!("simulating {what}"));
    let probes = probed.as_ref().zip(probed_bench.as_ref());
    let found = Run { toolchain, bench: &bench, probes, plan: &plan, dut, stimuli }.all(design, &task)?;
    if let (None, Waves::Always(path), Some(last), Runner::Streams(bench)) =
        (&found.fault, waves, &found.last, &bench)
    {
        bench.record(last, path)?;
    }
    drop(task);
    let Found { report, fault, timed, shown, results, .. } = found;
    let (expected, accuracy) = against_references(design, &results);
    let schedule = schedule(&*design.datapath, &project.latency, design.timing(), &timed);
    let off_schedule = match (&fault, dut.stage) {
        (None, Stage::Rtl | Stage::Netlist) => off_schedule(&schedule, &report),
        _ => Vec::new(),
    };
    let clock_mhz = clock_mhz(&design.board, design.frequency_mhz);
    let interval = report.initiation_interval.filter(|_| !dut.stage.at_pins());
    Ok(Simulated {
        design: design.name.clone(),
        stage: dut.stage,
        verilog_hash: project.hash.clone(),
        board: design.board.name.clone(),
        netlist_hash: dut.hash.clone().filter(|_| dut.stage == Stage::Netlist),
        placed_hash: dut.hash.clone().filter(|_| dut.stage == Stage::Placed),
        bitstream_hash: dut.hash.clone().filter(|_| dut.stage == Stage::Bitstream),
        notes: dut.notes.clone(),
        report,
        schedule,
        off_schedule,
        frequency_mhz: design.frequency_mhz,
        clock_mhz,
        frames_per_second: interval.map(|cycles| 1e6 * clock_mhz / cycles),
        expected,
        accuracy,
        fault,
        simulator: format!("verilator {}", tools.verilator.version),
        shown,
    })
}

impl Simulated {
    /// The file of a fault's waveform in the folder of the results.
    pub const FAULT: &str = "fault.vcd";

    /// What was measured of a design without fault.
    pub fn measured(&self) -> Option<&Report> {
        Some(&self.report).filter(|_| self.fault.is_none())
    }

    /// What does not hold, as a person reads it.
    pub fn unmet(&self) -> Option<String> {
        if let Some(fault) = &self.fault {
            return Some(fault.clone());
        }
        if let Some(difference) = self.off_schedule.first() {
            return Some(difference.clone());
        }
        unmet_reference(&self.expected)
    }
}

impl fmt::Display for Simulated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { seed, frames, beats_in, beats_out, passes, cycles, cycles_per_second, .. } =
            &self.report;
        let noun = self.stage.noun();
        if self.fault.is_some() {
            return write!(f, "{}: the {noun} is not its golden model (seed {seed})", self.design);
        }
        writeln!(f, "{}: the {noun} is its golden model, bit for bit ({})", self.design, self.simulator)?;
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        let each = match passes {
            1 => "each once, never stalled".to_owned(),
            _ => format!("each {passes} times under other stalls, seed {seed}"),
        };
        writeln!(f, "  {frames} frames ({beats_in} beats in, {beats_out} out), {each}")?;
        write!(f, "  {cycles} cycles, {:.1} million a second", cycles_per_second / 1e6)?;
        match self.stage {
            stage if stage.at_pins() => write!(f, " at the pins")?,
            _ => self.speed(f)?,
        }
        for difference in &self.off_schedule {
            write!(f, "\n  {difference}")?;
        }
        write_references(f, &self.expected, self.accuracy.as_ref())
    }
}

impl Simulated {
    fn speed(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let several = self.report.outputs.len() > 1;
        for OutputTiming { name, latency_first_cycles, latency_last_cycles } in &self.report.outputs {
            let (Some(first), Some(last)) = (latency_first_cycles, latency_last_cycles) else { continue };
            let of = if several { format!(" of {name}") } else { String::new() };
            match first == last {
                true => write!(f, "\n  latency{of} {last} cycles")?,
                false => {
                    write!(f, "\n  latency{of} {first} cycles to a frame's first beat, {last} to its last")?
                }
            }
        }
        if let (Some(interval), Some(frames)) = (self.report.initiation_interval, self.frames_per_second) {
            let every = if interval == 1.0 { "cycle".into() } else { format!("{} cycles", tenths(interval)) };
            write!(
                f,
                "\n  a frame every {every}: {frames:.0} a second at the board's {} MHz",
                self.clock_mhz
            )?;
        }
        Ok(())
    }
}

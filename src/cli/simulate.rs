//! `ternlet simulate`

use super::answer::pretty;
use super::arguments::{DesignArguments, StimulusArguments};
use super::generate::Generated;
use super::output::{Output, check_folder, folder_of};
use super::page::figures;
use super::stage::{Stage, Subject};
use super::{Answer, Failure, Session};
use crate::design::{Accuracy, Agreement, Design, results};
use crate::report::file;
use crate::stream::{Draw, Ports, Tokens};
use crate::tools::Toolchain;
use crate::verify::{Bench, Case, Plan, Report, RunOptions, VerilatorTools, tenths};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Simulate the Verilog of a design against its golden model, bit for bit.
///
/// Extreme frames first, then random ones, then the data of `--input` or of the design file; each several times: never
/// stalled, with random stalls, with each stream held back in turn, and with a reset in the middle. What `[expected]` lists is
/// compared with the golden model's results, and `[labels]` are counted.
///
/// A mismatch is told with its stream, frame, beat and lane, and the waveform that ends there is kept.
///
/// `--stage netlist` simulates the cells that synthesis makes of the Verilog, with models of the cells of the board's family:
/// the netlist that `synthesize` counts and places. `--stage bitstream` simulates the very bits that `synthesize` writes
/// for an iCE40 board, turned back into a circuit by Project IceStorm, through the board's pins.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet simulate examples/requantize.toml\n  \
                    ternlet simulate design.toml --input digits.safetensors:test.image --frames 1000 --seed 7\n  \
                    ternlet simulate design.toml --waves run.vcd\n  \
                    ternlet simulate design.toml --stage netlist --board ulx3s\n  \
                    ternlet simulate design.toml --stage bitstream --no-dsp")]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
    #[command(flatten)]
    stimuli: StimulusArguments,
    /// What is simulated.
    #[arg(long, value_enum, default_value = "rtl")]
    stage: Stage,
    /// With `--stage bitstream`: this bitstream of the design, instead of the one that `synthesize` writes.
    #[arg(long, value_name = "FILE.bin")]
    bitstream: Option<PathBuf>,
    /// Record a waveform: of the first fault, else of the last frames that are sent.
    #[arg(long, value_name = "FILE.vcd")]
    waves: Option<PathBuf>,
}

/// What a simulation has shown.
#[derive(Serialize)]
pub struct Simulated {
    pub design: String,
    pub stage: Stage,
    pub verilog_hash: String,
    pub board: String,
    /// The content of the netlist; `synthesize` reports the area of the one of this hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub netlist_hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bitstream_hash: Option<String>,
    /// What a person should know of the stage.
    pub notes: Vec<String>,
    #[serde(flatten)]
    pub report: Report,
    pub frequency_mhz: f64,
    /// Whether each output of `[expected]` equals what an outsider computed.
    pub expected: BTreeMap<String, Agreement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<Accuracy>,
    /// The first fault, as a person is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    pub simulator: String,
}

pub fn run(arguments: Arguments, session: Session) -> Result<Answer, Failure> {
    let Arguments { design, stimuli, stage, bitstream, waves } = arguments;
    if bitstream.is_some() && stage != Stage::Bitstream {
        return Err(Failure::BadInput("--bitstream is of no use without --stage bitstream; add it".into()));
    }
    let (design, generated, output) = design.open(stimuli.input.as_deref(), session)?;
    if let Some(waves) = &waves {
        if waves.extension().is_none_or(|extension| extension != "vcd") {
            let why = format!("--waves {}: waveforms are VCD; call the file .vcd", waves.display());
            return Err(Failure::BadInput(why));
        }
        check_folder(&folder_of(waves))?;
    }
    let toolchain = Toolchain::new(session.progress)?;
    let subject = Subject::of(stage, &toolchain, &design, &generated, bitstream.as_deref(), session)?;
    let job = Job { design: &design, generated: &generated, output: &output };
    let simulated = simulate(&toolchain, job, &subject, &stimuli, waves.as_deref(), session)?;
    let failure = simulated.failure();
    Ok(Answer::new(&simulated, simulated.to_string()).failed(failure))
}

/// A design, its Verilog, and where results go.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    pub design: &'a Design,
    pub generated: &'a Generated,
    pub output: &'a Output,
}

/// Simulates `subject`, a stage of the job's design, and writes the Verilog and what was found.
pub fn simulate(
    toolchain: &Toolchain,
    job: Job,
    subject: &Subject,
    stimuli: &StimulusArguments,
    waves: Option<&Path>,
    session: Session,
) -> Result<Simulated, Failure> {
    let Job { design, generated, output } = job;
    let stage = subject.stage;
    let ports = design.datapath.ports();
    let cases = cases(design, stimuli.frames(&ports, stage), stimuli.seed);
    for (number, case) in cases.iter().enumerate() {
        session.note(format_args!("  case {number}: {} beats in", beats(&case.inputs)));
    }
    let tools = VerilatorTools::of(toolchain)?;
    let kept = output.path("fault.vcd");
    let plan = Plan {
        sources: &subject.sources,
        top: &subject.top,
        ports: &ports,
        defines: subject.defines.clone(),
        cases: &cases,
        seed: stimuli.seed,
        waves: Some(waves.unwrap_or(&kept)),
        stall_limit: 1_000_000,
    };
    let what = if stage == Stage::Rtl { String::new() } else { format!("the {} of ", stage.noun()) };
    let step = session.progress.step(&format!("compiling {what}{}", design.name));
    let bench = Bench::compile(&tools, &plan)?;
    drop(step);
    let bar = session.progress.bar(&format!("simulating {what}{}", design.name));
    let options =
        RunOptions { resets: subject.resets, watch: &|done, all| bar.at(done, all), ..RunOptions::default() };
    let (report, fault) = match bench.run(options) {
        Ok(report) => (report, None),
        Err(failure) => (Report::of_failure(&plan, &failure), Some(failure.to_string())),
    };
    if fault.is_none() {
        let _ = fs::remove_file(&kept); // of an earlier run that found a fault
        if let (Some(path), Some(last)) = (waves, cases.last()) {
            bench.record(last, path)?;
        }
    }
    drop(bar);
    let (expected, accuracy) = match (&design.input, cases.last()) {
        (Some(_), Some(data)) => against_outsiders(design, &ports, data),
        _ => Default::default(),
    };
    if stage != Stage::Bitstream {
        generated.publish(design, output, Some(&report).filter(|_| fault.is_none()))?;
    }
    let simulated = Simulated {
        design: design.name.clone(),
        stage,
        verilog_hash: generated.hash.clone(),
        board: design.board.name.clone(),
        netlist_hash: subject.hash.clone().filter(|_| stage == Stage::Netlist),
        bitstream_hash: subject.hash.clone().filter(|_| stage == Stage::Bitstream),
        notes: subject.notes.clone(),
        report,
        frequency_mhz: design.frequency_mhz,
        expected,
        accuracy,
        fault,
        simulator: format!("verilator {}", tools.verilator.version),
    };
    output.write(stage.file(), pretty(&simulated))?;
    for figure in figures(design) {
        let (ending, bytes) = file(&figure);
        output.write(&format!("{}.{ending}", figure.title().replace(' ', "_")), bytes)?;
    }
    Ok(simulated)
}

/// Corners, then random frames, then the design's data.
pub fn cases(design: &Design, frames: usize, seed: u64) -> Vec<Case> {
    let mut inputs = design.datapath.corners();
    if frames > 0 {
        inputs.push(design.datapath.random(frames, &mut Draw::seeded(seed)));
    }
    inputs.extend(design.input.clone());
    let case = |inputs| Case { expected: design.datapath.golden(&inputs), inputs };
    inputs.into_iter().map(case).collect()
}

fn beats(streams: &[Tokens]) -> usize {
    streams.iter().map(Tokens::beats).sum()
}

/// The golden results for the design's data, beside what outsiders say they are.
fn against_outsiders(
    design: &Design,
    ports: &Ports,
    data: &Case,
) -> (BTreeMap<String, Agreement>, Option<Accuracy>) {
    let results: BTreeMap<_, _> = results(&*design.datapath, &data.expected).into_iter().collect();
    let frame = |stream: &str| {
        ports.outputs.iter().find(|port| port.name == stream).map_or(1, |port| port.frame_values())
    };
    let agree = design.expected.iter().map(|expected| {
        let stream = &expected.stream;
        (stream.clone(), expected.compare(&results[stream], frame(stream)))
    });
    let accuracy = design.labels.as_ref().map(|labels| labels.accuracy(&results[&labels.stream]));
    (agree.collect(), accuracy)
}

impl Simulated {
    /// What did not hold.
    pub fn failure(&self) -> Option<Failure> {
        if let Some(fault) = &self.fault {
            return Some(Failure::CheckFailed(fault.clone()));
        }
        let (stream, agreement) = self.expected.iter().find(|(_, agreement)| !agreement.equal)?;
        let Agreement { values, different, first, .. } = agreement;
        let first = first.as_deref().unwrap_or_default();
        Some(Failure::CheckFailed(format!(
            "output {stream} is not what [expected] lists: {different} of {values} integers differ; {first}"
        )))
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
        writeln!(
            f,
            "  {frames} frames ({beats_in} beats in, {beats_out} out), each {passes} times under other stalls, seed {seed}"
        )?;
        write!(f, "  {cycles} cycles, {:.1} million a second", cycles_per_second / 1e6)?;
        if self.stage == Stage::Bitstream {
            write!(f, " at the pins")?;
        } else if let Some(latency) = self.report.latency_cycles {
            write!(f, "\n  latency {latency} cycles")?;
        }
        if let Some(interval) = self.report.initiation_interval.filter(|_| self.stage != Stage::Bitstream) {
            let microseconds = interval / self.frequency_mhz;
            let every = if interval == 1.0 { "cycle".into() } else { format!("{} cycles", tenths(interval)) };
            write!(f, ", a frame every {every}: {microseconds:.3} us at {} MHz", self.frequency_mhz)?;
        }
        for (stream, Agreement { equal, values, .. }) in &self.expected {
            let word = if *equal { "equals" } else { "differs from" };
            write!(f, "\n  {stream} {word} what [expected] lists ({values} integers)")?;
        }
        if let Some(Accuracy { right, of }) = self.accuracy {
            write!(f, "\n  accuracy {right} of {of} ({:.1} %)", 100.0 * right as f64 / of.max(1) as f64)?;
        }
        Ok(())
    }
}

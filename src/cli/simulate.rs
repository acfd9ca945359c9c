//! `ternlet simulate`

use super::answer::pretty;
use super::arguments::{DesignArguments, StimulusArguments};
use super::generate::Generated;
use super::output::{Output, check_folder, folder_of};
use super::page::figures;
use super::{Answer, Failure, Session};
use crate::datapath::stimulus::Draw;
use crate::datapath::{Ports, Tokens};
use crate::design::{Accuracy, Agreement, Design, results};
use crate::report::file;
use crate::tools::Toolchain;
use crate::verify::{self, Case, Plan, Report, SimulationError, VerilatorTools};
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
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet simulate examples/requantize.toml\n  \
                    ternlet simulate design.toml --input digits.safetensors:test.image --frames 1000 --seed 7\n  \
                    ternlet simulate design.toml --waves run.vcd")]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
    #[command(flatten)]
    stimuli: StimulusArguments,
    /// Record a waveform: of the first fault, else of the last frames that are sent.
    #[arg(long, value_name = "FILE.vcd")]
    waves: Option<PathBuf>,
}

/// What a simulation has shown.
#[derive(Serialize)]
pub struct Simulated {
    pub design: String,
    pub stage: &'static str,
    pub verilog_hash: String,
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
    let Arguments { design, stimuli, waves } = arguments;
    let (design, generated, output) = design.open(stimuli.input.as_deref(), session)?;
    if let Some(waves) = &waves {
        if waves.extension().is_none_or(|extension| extension != "vcd") {
            let why = format!("--waves {}: waveforms are VCD; call the file .vcd", waves.display());
            return Err(Failure::BadInput(why));
        }
        check_folder(&folder_of(waves))?;
    }
    let toolchain = Toolchain::new(session.progress)?;
    let simulated = simulate(&toolchain, &design, &generated, &stimuli, waves.as_deref(), &output, session)?;
    let failure = simulated.failure();
    Ok(Answer::new(&simulated, simulated.to_string()).failed(failure))
}

/// Simulates, and writes the Verilog and what was found.
pub fn simulate(
    toolchain: &Toolchain,
    design: &Design,
    generated: &Generated,
    stimuli: &StimulusArguments,
    waves: Option<&Path>,
    output: &Output,
    session: Session,
) -> Result<Simulated, Failure> {
    let ports = design.datapath.ports();
    let cases = cases(design, stimuli);
    for (number, case) in cases.iter().enumerate() {
        session.note(format_args!("  case {number}: {} beats in", beats(&case.inputs)));
    }
    let tools = VerilatorTools::of(toolchain)?;
    let kept = output.path("fault.vcd");
    let sources = [&generated.sources[..], &generated.models].concat();
    let plan = Plan {
        sources: &sources,
        top: &design.name,
        ports: &ports,
        defines: Vec::new(),
        cases: &cases,
        seed: stimuli.seed,
        waves: Some(waves.unwrap_or(&kept)),
        patience: 1_000_000,
    };
    let step = session.progress.step(&format!("simulating {}", design.name));
    let (report, fault) = match verify::simulate(&tools, &plan) {
        Ok(report) => (report, None),
        Err(SimulationError::Failed(failure)) => {
            (Report::of_failure(&plan, &failure), Some(failure.to_string()))
        }
        Err(error) => return Err(error.into()),
    };
    if fault.is_none() {
        let _ = fs::remove_file(&kept); // of an earlier run that found a fault
        if let (Some(path), Some(last)) = (waves, cases.last()) {
            plan.record(&tools, last, path)?;
        }
    }
    drop(step);
    let (expected, accuracy) = match (&design.input, cases.last()) {
        (Some(_), Some(data)) => against_outsiders(design, &ports, data),
        _ => Default::default(),
    };
    generated.publish(design, output, Some(&report).filter(|_| fault.is_none()))?;
    let simulated = Simulated {
        design: design.name.clone(),
        stage: "rtl",
        verilog_hash: generated.hash.clone(),
        report,
        frequency_mhz: design.frequency_mhz,
        expected,
        accuracy,
        fault,
        simulator: format!("verilator {}", tools.verilator.version),
    };
    output.write("simulate.json", pretty(&simulated))?;
    for figure in figures(design) {
        let (ending, bytes) = file(&figure);
        output.write(&format!("{}.{ending}", figure.title().replace(' ', "_")), bytes)?;
    }
    Ok(simulated)
}

/// Corners, then random frames, then the design's data.
fn cases(design: &Design, stimuli: &StimulusArguments) -> Vec<Case> {
    let mut inputs = design.datapath.corners();
    let frames = stimuli.frames(&design.datapath.ports());
    if frames > 0 {
        inputs.push(design.datapath.random(frames, &mut Draw::seeded(stimuli.seed)));
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
        ports.outputs.iter().find(|port| port.name == stream).map_or(1, |port| port.frame_values)
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
        if self.fault.is_some() {
            return write!(f, "{}: the Verilog is not its golden model (seed {seed})", self.design);
        }
        writeln!(f, "{}: the Verilog is its golden model, bit for bit ({})", self.design, self.simulator)?;
        writeln!(
            f,
            "  {frames} frames ({beats_in} beats in, {beats_out} out), each {passes} times under other stalls, seed {seed}"
        )?;
        write!(f, "  {cycles} cycles, {:.1} million a second", cycles_per_second / 1e6)?;
        if let Some(latency) = self.report.latency_cycles {
            write!(f, "\n  latency {latency} cycles")?;
        }
        if let Some(interval) = self.report.initiation_interval {
            let microseconds = interval / self.frequency_mhz;
            write!(
                f,
                ", a frame every {interval} cycles: {microseconds:.3} us at {} MHz",
                self.frequency_mhz
            )?;
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

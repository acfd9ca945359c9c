//! A stage at the pins of its board's serial line: a host sends each case, and compares what comes back.

use super::error::Error;
use super::flashed;
use super::talk::{Broken, Talk};
use crate::flash::{image, image_bytes};
use crate::flow::{Fed, Serial};
use crate::stream::{Port, Transfers};
use crate::verify::compare::compare;
use crate::verify::{
    Case, Desk, Failure, Fault, Pass, Plan, Report, RunOptions, Twin, VerilatorTools, Waveform,
};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The serial line of a stage, and the clock behind it.
#[derive(Clone, Debug)]
pub struct Line {
    pub serial: Serial,
    pub mhz: f64,
}

/// Cycles that a board top takes for its reset, and some more.
const POWER_UP: u64 = 1024;

/// A plan's design behind its line, compiled, to be run as often as one likes.
pub struct OnLine<'a> {
    plan: &'a Plan<'a>,
    line: &'a Line,
    twin: Mutex<Twin>,
}

impl<'a> OnLine<'a> {
    /// Compiles the board top of `plan`.
    ///
    /// # Errors
    /// If a tool fails.
    pub fn compile(tools: &VerilatorTools, plan: &'a Plan<'a>, line: &'a Line) -> Result<Self, Error> {
        let flash = line.serial.fed.is_some();
        let desk = Desk { mhz: line.mhz, baud: line.serial.baud, seed: plan.seed, resets: false, flash };
        let mut twin = Twin::start(tools, plan.sources, &plan.defines, plan.top, desk)?;
        // Until its reset is over a board hears nothing.
        twin.run(POWER_UP, &[]).map_err(|said| Error::Refused(format!("{}: {said}", plan.top)))?;
        Ok(Self { plan, line, twin: Mutex::new(twin) })
    }

    /// Runs each of `cases` once, in a session of its own, which resets the design.
    ///
    /// # Errors
    /// The first fault.
    pub fn run_cases(&self, cases: &[Case], options: RunOptions) -> Result<Report, Box<Failure>> {
        let Self { plan, line, twin } = self;
        let mut twin = twin.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, before) = (Instant::now(), twin.now());
        let cycles = |twin: &Twin| ((twin.now() - before).as_secs_f64() * line.mhz * 1e6) as u64;
        // Until what is in the flash has come nothing else moves.
        let read = |fed: &Fed| fed.place(line.mhz).cycles(image_bytes(&fed.ports));
        let stalls = plan.stall_limit + line.serial.fed.as_ref().map_or(0, read);
        let limit = Duration::from_secs_f64(stalls as f64 / line.mhz / 1e6);
        for (number, case) in (options.first_case..).zip(cases) {
            let session = (number % 32) as u8;
            let of_ports = |ports: &[Port]| flashed::of_ports(ports, plan.ports, &case.inputs);
            if let Some(fed) = &line.serial.fed {
                flashed::write(&mut twin, fed, &image(&fed.ports, &of_ports(&fed.ports)));
            }
            let sent = of_ports(&line.serial.ports.inputs);
            let talk = Talk::begin(&mut *twin, &line.serial, session, limit);
            if let Some(fault) = self.fault(talk, &sent, case) {
                let cycle = cycles(&twin);
                let (held, seed, waves) = (String::new(), plan.seed, Waveform::NotAsked);
                return Err(Box::new(Failure {
                    fault,
                    case: number,
                    pass: Pass::Free,
                    held,
                    cycle,
                    seed,
                    waves,
                }));
            }
            (options.watch)(number + 1 - options.first_case, cases.len());
        }
        let cycles = cycles(&twin);
        let cycles_per_second = cycles as f64 / begun.elapsed().as_secs_f64().max(1e-9);
        Ok(Report { passes: 1, cycles, cycles_per_second, ..Report::before(plan, cases) })
    }

    fn fault(&self, mut talk: Talk<&mut Twin>, sent: &Transfers, case: &Case) -> Option<Fault> {
        let outputs = &self.plan.ports.outputs;
        talk.give(sent);
        let beats: Vec<usize> = case.expected.iter().map(|tokens| tokens.beats()).collect();
        let got = match talk.take(&beats, |_, _| {}) {
            Ok(got) => got,
            Err(Broken::Still(_)) => {
                let streams = outputs.iter().zip(talk.beats()).zip(beats);
                let missing = streams.filter(|((_, given), all)| given < all);
                return Some(Fault::Stuck {
                    cycles: self.plan.stall_limit,
                    inputs: Vec::new(),
                    outputs: missing.map(|((port, given), all)| (port.name.clone(), given, all)).collect(),
                });
            }
            Err(Broken::Wire(said)) => return Some(Fault::Said(said.to_string())),
        };
        let streams = outputs.iter().zip(got.iter().zip(&case.expected));
        let wrong = streams.filter_map(|(port, (got, expected))| compare(port, got, expected));
        let wrong: Vec<_> = wrong.collect();
        let mismatches = wrong.iter().map(|(_, wrong)| wrong).sum();
        if let Some((first, _)) = wrong.into_iter().next() {
            return Some(Fault::Wrong { first, mismatches });
        }
        let (stream, payload) = talk.surplus()?;
        let at = outputs.iter().position(|port| port.name == stream)?;
        Some(Fault::Surplus { stream, expected_beats: beats[at], payload })
    }
}

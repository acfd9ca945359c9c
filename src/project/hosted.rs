//! A design on a board: its data goes there, and what comes back is compared with the golden model.

use super::error::Error;
use super::expected::expected;
use super::generate::Project;
use super::identity::shown;
use super::references::{against_references, unmet_reference, write_references};
use super::results::{ResultFile, TensorFormat};
use super::run::Results;
use super::talk::{Broken, Talk};
use crate::design::{Accuracy, Agreement, Frames, batch_frames};
use crate::flow::Serial;
use crate::link::{Counters, Wire};
use crate::stream::{Tokens, Transfers};
use crate::tools::Progress;
use crate::verify::compare::{Mismatch, compare};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

/// What is asked of a run.
#[derive(Clone, Copy, Debug)]
pub struct RunRequest<'a> {
    /// The port, as a person named it.
    pub port: &'a str,
    /// Whether what comes is compared with the golden model.
    pub check: bool,
    /// Where the results go.
    pub output: Option<(&'a Path, TensorFormat)>,
    /// How long nothing may move.
    pub limit: Duration,
}

/// What a run has shown.
#[derive(Clone, Debug, Serialize)]
pub struct Hosted {
    pub design: String,
    pub board: String,
    pub port: String,
    pub baud: u32,
    pub frames: usize,
    /// From the first byte of the first frame to the last of the last result.
    pub seconds: f64,
    pub frames_per_second: f64,
    /// Bytes on the line, sent and heard, and how much of the time it carried them.
    pub bytes_sent: u64,
    pub bytes_heard: u64,
    pub line_sent: f64,
    pub line_heard: f64,
    /// What happened to frames of the line on their way.
    pub broken: u64,
    pub refused: u64,
    pub repeated: u64,
    /// Whether what came was compared with the golden model.
    pub checked: bool,
    /// The first integer that is another one.
    pub mismatch: Option<Mismatch>,
    pub expected: BTreeMap<String, Agreement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<Accuracy>,
    /// What does not hold besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// The next frames, and what is to come of them.
struct Batch {
    sent: Transfers,
    expected: Transfers,
    frames: usize,
}

/// Sends the data of `project` over `wire`, its board's line `serial`, to the board that holds it. The golden model computes meanwhile.
///
/// # Errors
/// If the board says nothing, holds another design, or stops; or if something cannot be read or written. An integer that is wrong is a result.
pub fn run<W: Wire>(
    project: &Project,
    serial: &Serial,
    wire: W,
    request: RunRequest,
    progress: &Progress,
) -> Result<Hosted, Error> {
    let design = &project.design;
    let input = design.input.as_ref().ok_or_else(|| Error::NoData { design: design.name.clone() })?;
    let ports = design.datapath.ports();
    let mut file = request.output.map(|(path, format)| ResultFile::at(design, path, format)).transpose()?;
    let mut talk = Talk::begin(wire, serial, rand::random_range(0..32), request.limit);
    let task = progress.task(&format!("asking the board at {} what it is", request.port));
    let found = talk.greeting().map_err(|broken| broken.at(request.port, false, serial))?;
    drop(task);
    if found != serial.identity {
        let (port, design) = (request.port.into(), design.name.clone());
        return Err(Error::OtherDesign {
            port,
            holds: shown(&found),
            design,
            wanted: shown(&serial.identity),
        });
    }
    let task = progress.task(&format!("running {} on {}", design.name, design.board.title));
    let begun = talk.now();
    let (mut mismatch, mut frames) = (None, 0);
    let mut results = Results::of(design, &*design.datapath);
    let count = input.count();
    std::thread::scope(|scope| -> Result<(), Error> {
        let batches = computed(scope, project, serial, input);
        let give_next = |talk: &mut Talk<W>| -> Result<Option<Batch>, Error> {
            let batch = batches.recv().ok().transpose()?;
            if let Some(batch) = &batch {
                talk.give(&batch.sent);
            }
            Ok(batch)
        };
        let mut next = give_next(&mut talk)?;
        while let Some(batch) = next.take() {
            // What follows goes while this is waited for.
            next = give_next(&mut talk)?;
            let beats: Vec<usize> = batch.expected.iter().map(Tokens::beats).collect();
            let watch = |done: usize, all: usize| {
                task.at(frames + batch.frames * done / all.max(1), count);
            };
            let got =
                talk.take(&beats, watch).map_err(|broken: Broken| broken.at(request.port, true, serial))?;
            if request.check {
                let streams = ports.outputs.iter().zip(got.iter().zip(&batch.expected));
                let mut wrong = streams.filter_map(|(port, (got, expected))| compare(port, got, expected));
                if let Some((first, _)) = wrong.next() {
                    mismatch = Some(Mismatch { frame: first.frame + frames, ..first });
                    return Ok(());
                }
            }
            results.add(&got);
            if let Some(file) = &mut file {
                file.append(design.results(&*design.datapath, &got))?;
            }
            frames += batch.frames;
        }
        Ok(())
    })?;
    drop(task);
    let seconds = (talk.now() - begun).as_secs_f64();
    if let Some(file) = file.filter(|_| mismatch.is_none()) {
        file.write()?;
    }
    let (expected, accuracy) = against_references(design, &results.tensors());
    let fault =
        talk.surplus().map(|(stream, _)| format!("more came of {stream} than the golden model makes"));
    let [bytes_sent, bytes_heard] = talk.bytes();
    let share = |bytes: u64| bytes as f64 * 10.0 / f64::from(serial.baud) / seconds.max(1e-9);
    let Counters { broken, refused, repeated, .. } = talk.counters();
    Ok(Hosted {
        design: design.name.clone(),
        board: design.board.name.clone(),
        port: request.port.into(),
        baud: serial.baud,
        frames,
        seconds,
        frames_per_second: frames as f64 / seconds.max(1e-9),
        bytes_sent,
        bytes_heard,
        line_sent: share(bytes_sent),
        line_heard: share(bytes_heard),
        broken,
        refused,
        repeated,
        checked: request.check,
        mismatch,
        expected,
        accuracy,
        fault,
    })
}

/// The batches of the data with what is to come of them, a few ahead of who asks.
fn computed<'scope, 'env>(
    scope: &'scope std::thread::Scope<'scope, 'env>,
    project: &'env Project,
    serial: &'env Serial,
    input: &'env Frames,
) -> Receiver<Result<Batch, Error>> {
    let (sender, receiver) = sync_channel(1);
    let datapath = &*project.design.datapath;
    scope.spawn(move || {
        for frames in input.batches(batch_frames(&datapath.ports())) {
            let (count, is_first) = (frames.len(), frames.start == 0);
            let batch = input.frames(frames).map_err(Error::from).map(|inputs| {
                let expected = expected(datapath, &inputs);
                let ports = datapath.ports().inputs;
                let of_line = ports.iter().zip(inputs).filter(|(port, _)| serial.ports.inputs.contains(port));
                let sent = of_line.map(|(port, tokens)| match port.is_once() && !is_first {
                    true => Tokens { lanes: tokens.lanes, ..Tokens::default() },
                    false => tokens,
                });
                Batch { sent: sent.collect(), expected, frames: count }
            });
            // Who asked may have had enough.
            if sender.send(batch).is_err() {
                break;
            }
        }
    });
    receiver
}

impl Hosted {
    /// What does not hold, as a person reads it.
    pub fn unmet(&self) -> Option<String> {
        if let Some(mismatch) = &self.mismatch {
            return Some(format!("{}: the board does not compute its golden model: {mismatch}", self.design));
        }
        if let Some(fault) = &self.fault {
            return Some(fault.clone());
        }
        unmet_reference(&self.expected)
    }
}

impl fmt::Display for Hosted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { design, port, frames, seconds, frames_per_second, baud, .. } = self;
        write!(f, "{design} at {port}: {frames} frames in {seconds:.2} s, {frames_per_second:.1} a second")?;
        if self.checked && self.mismatch.is_none() {
            write!(f, "; every integer is the golden model's")?;
        }
        write!(
            f,
            "\n  the line ({baud} bits a second) was busy {:.0} % of the time out and {:.0} % back",
            100.0 * self.line_sent,
            100.0 * self.line_heard
        )?;
        if self.broken + self.refused + self.repeated > 0 {
            let Self { broken, refused, repeated, .. } = self;
            write!(
                f,
                "\n  {broken} packets came broken, {refused} were refused, {repeated} were sent again"
            )?;
        }
        write_references(f, &self.expected, self.accuracy.as_ref())
    }
}

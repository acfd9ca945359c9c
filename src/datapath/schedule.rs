//! The schedule of a datapath and its circuit.

use super::Datapath;
use crate::hdl::{Latency, Stages, Timing};
use crate::stream::timeline::{Beat, Channel, Cycles, Timeline};
use crate::stream::{Draw, OutputSchedule, Pace, Port, Ports, Schedule, Tokens};

/// Frames of a timed run at most, and at least; in between as many as have so many beats.
const FRAMES: [usize; 2] = [64, 8];
const MOST_BEATS: usize = 1 << 20;

/// Frames of a run at first, where frames go on without end and the longest has more than so many beats: what waits between nodes is then
/// less than a frame or two.
const FEW: usize = 3;
const LARGE: usize = 1 << 12;

/// Of more frames than run the last ones may leave sooner than the others, as none follows.
const HURRYING: usize = 3;

/// Cycles of a timed run at most.
const MOST_CYCLES: u64 = 1 << 24;

/// The schedule of `datapath` for `inputs`, whose first frames it is of. `latency` is that of the circuit that
/// [`circuit`](super::circuit) makes of it for `timing`. Where not all frames of an input are equally long, no interval is known.
pub fn schedule(datapath: &dyn Datapath, latency: &Latency, timing: Timing, inputs: &[Tokens]) -> Schedule {
    scheduled(datapath, (latency, timing), inputs, false)
}

/// As [`schedule`]; where frames are `endless`, their steady state is all that is asked for.
fn scheduled(
    datapath: &dyn Datapath,
    (latency, timing): (&Latency, Timing),
    inputs: &[Tokens],
    endless: bool,
) -> Schedule {
    let ports = datapath.ports();
    let lengths: Vec<Vec<usize>> =
        ports.inputs.iter().zip(inputs).map(|(port, tokens)| lengths(port, tokens)).collect();
    let alike = lengths.iter().all(|lengths| lengths.windows(2).all(|pair| pair[0] == pair[1]));
    let first = |lengths: &Vec<usize>| lengths.first().map(|&beats| Pace::dense(beats));
    let paces = match lengths.iter().map(first).collect::<Option<Vec<Pace>>>() {
        Some(paces) => datapath.schedule(&paces, timing),
        None => vec![None; ports.outputs.len()],
    };
    let known = paces.iter().all(|pace| pace.as_ref().is_some_and(|pace| pace.interval.is_some()));
    if !known && let Some(schedule) = timed(datapath, (latency, timing), inputs, [alike, endless]) {
        return schedule;
    }
    let entry = u64::from(latency.entry);
    let ends = paces.iter().zip(&ports.outputs).map(|(pace, port)| {
        let (pace, stages) = pace.as_ref().zip(stages(latency, port))?;
        let after = |cycle: u64| (cycle + stages).checked_sub(entry);
        after(pace.first).zip(after(pace.last))
    });
    let interval = paces.first().and_then(|pace| pace.as_ref()?.interval).filter(|_| alike);
    of_ends(&ports, ends.collect(), interval)
}

/// The schedule of `datapath` for frames that come without a gap and whose lengths alone matter: the longest, or, where another stream says
/// how long they are, some of any length.
pub fn schedule_of_frames(datapath: &dyn Datapath, latency: &Latency, timing: Timing) -> Schedule {
    let (ports, [_, frames]) = (datapath.ports(), FRAMES);
    let inputs = match ports.inputs.iter().any(|port| ports.size_of(port).is_some()) {
        true => datapath.random(frames, &mut Draw::seeded(1)),
        false => {
            let zeros = |port: &Port| Tokens::pack(port, &vec![0; frames * port.frame_values()]);
            ports.inputs.iter().map(zeros).collect()
        }
    };
    scheduled(datapath, (latency, timing), &inputs, true)
}

/// The schedule of outputs of which the first frame's first and last cycle are known, or not.
fn of_ends(ports: &Ports, ends: Vec<Option<(u64, u64)>>, interval: Option<u64>) -> Schedule {
    let output = |(port, ends): (&Port, Option<(u64, u64)>)| OutputSchedule {
        name: port.name.clone(),
        latency_first_cycles: ends.map(|(first, _)| first),
        latency_last_cycles: ends.map(|(_, last)| last),
    };
    let outputs: Vec<OutputSchedule> = ports.outputs.iter().zip(ends).map(output).collect();
    let latencies: Option<Vec<u64>> = outputs.iter().map(|output| output.latency_last_cycles).collect();
    Schedule {
        latency_cycles: latencies.and_then(|latencies| latencies.into_iter().max()),
        outputs,
        initiation_interval: interval,
    }
}

/// Registers on the way to an output.
fn stages(latency: &Latency, port: &Port) -> Option<u64> {
    let stages = latency.outputs.iter().find(|(name, _)| *name == port.name);
    stages.map_or(Stages::UNKNOWN, |(_, stages)| *stages).count().map(u64::from)
}

/// As a timed run of the first frames shows it; none where the datapath has no such run.
fn timed(
    datapath: &dyn Datapath,
    times: (&Latency, Timing),
    inputs: &[Tokens],
    [alike, endless]: [bool; 2],
) -> Option<Schedule> {
    let ports = &datapath.ports();
    let longest = longest(ports);
    if endless && alike && longest > LARGE {
        let run = Timed::of(datapath, times, inputs, FEW)?;
        if let Some(interval) = run.repeats() {
            return Some(run.schedule(ports, times.0, Some(interval)));
        }
    }
    let [most, least] = FRAMES;
    let count = (MOST_BEATS / longest).clamp(least, most);
    let all = ports.inputs.iter().zip(inputs).all(|(port, tokens)| tokens.frames(port).count() <= count);
    let run = Timed::of(datapath, times, inputs, count)?;
    let interval = run.frames.first().filter(|_| alike).and_then(|frames| steady(frames, all));
    Some(run.schedule(ports, times.0, interval))
}

/// Beats of the longest frame that comes in.
fn longest(ports: &Ports) -> usize {
    ports.inputs.iter().map(Port::frame_beats).max().unwrap_or(1)
}

/// A timed run of the first frames.
struct Timed {
    /// The cycle in which the first beat is accepted.
    start: u64,
    /// For each output the first and the last cycle of each of its frames.
    frames: Vec<Vec<(u64, u64)>>,
}

impl Timed {
    /// Of `count` frames at most; none where the datapath has no such run, or it takes too long.
    fn of(
        datapath: &dyn Datapath,
        (latency, timing): (&Latency, Timing),
        inputs: &[Tokens],
        count: usize,
    ) -> Option<Self> {
        let ports = &datapath.ports();
        let ports_in = || ports.inputs.iter().zip(inputs);
        let sent: Vec<Tokens> = ports_in().map(|(port, tokens)| tokens.first_frames(port, count)).collect();
        let mut timeline = Timeline::of(latency, timing);
        let sources =
            ports.inputs.iter().zip(&sent).map(|(port, tokens)| timeline.source(beats(port, tokens)));
        let sources = sources.collect();
        let channels = datapath.timed(&mut timeline, sources, &sent)?.into_iter().zip(&ports.outputs);
        let channels: Vec<Channel> =
            channels.map(|(channel, port)| timeline.crossing(channel, &port.name)).collect();
        let Cycles { start, outputs } = timeline.run(&channels, longest(ports) as u64 + 64, MOST_CYCLES)?;
        let frames = ports.outputs.iter().zip(&outputs).map(|(port, beats)| frames(port, beats)).collect();
        Some(Self { start, frames })
    }

    /// Cycles from one frame to the next, if there are the same twice in a row, at the first and at the last beat of every output. An output
    /// that others will still hold up, once what waits for them is full, comes faster than theirs.
    fn repeats(&self) -> Option<u64> {
        let distances = |frames: &Vec<(u64, u64)>| -> Vec<u64> {
            let pairs = frames.windows(2).rev().take(2);
            pairs.flat_map(|pair| [pair[1].0 - pair[0].0, pair[1].1 - pair[0].1]).collect()
        };
        let all: Vec<Vec<u64>> = self.frames.iter().map(distances).collect();
        let first = *all.first()?.first()?;
        all.iter().all(|of| of.len() == 4 && of.iter().all(|cycles| *cycles == first)).then_some(first)
    }

    fn schedule(&self, ports: &Ports, latency: &Latency, interval: Option<u64>) -> Schedule {
        let ends = self.frames.iter().zip(&ports.outputs).map(|(frames, port)| {
            stages(latency, port)?;
            let after = |cycle: u64| cycle.saturating_sub(self.start);
            frames.first().map(|(first, last)| (after(*first), after(*last)))
        });
        of_ends(ports, ends.collect(), interval)
    }
}

/// The beats of an input.
fn beats(port: &Port, tokens: &Tokens) -> Vec<Beat> {
    let last =
        |beat: usize| tokens.last.get(beat).copied().unwrap_or((beat + 1).is_multiple_of(port.frame_beats()));
    let beat = |last: bool| Beat { last, ends: last.into(), flags: 0 };
    (0..tokens.beats()).map(|number| beat(last(number))).collect()
}

/// The first and the last cycle of each frame of an output.
fn frames(port: &Port, beats: &[(u64, Beat)]) -> Vec<(u64, u64)> {
    let axes = port.frame.axes().len();
    let ends = |number: usize, beat: Beat| match port.is_varying() {
        true => beat.ends_frame(axes),
        false => (number + 1).is_multiple_of(port.frame_beats()),
    };
    let mut first = None;
    let mut frames = Vec::new();
    for (number, (cycle, beat)) in beats.iter().enumerate() {
        let start = *first.get_or_insert(*cycle);
        if ends(number, *beat) {
            frames.push((start, *cycle));
            first = None;
        }
    }
    frames
}

/// Cycles from one frame to the next in the later half of the frames: of `all` in their mean, else where they are the same.
fn steady(frames: &[(u64, u64)], all: bool) -> Option<u64> {
    let later = &frames[(frames.len() / 2).saturating_sub(1)..];
    let intervals: Vec<u64> = later.windows(2).map(|pair| pair[1].0 - pair[0].0).collect();
    let first = *intervals.first()?;
    if all {
        let sum: u64 = intervals.iter().sum();
        return sum.is_multiple_of(intervals.len() as u64).then(|| sum / intervals.len() as u64);
    }
    let settled = &intervals[..intervals.len().saturating_sub(HURRYING)];
    settled.iter().all(|interval| *interval == first).then_some(first)
}

/// Beats of each frame.
fn lengths(port: &Port, tokens: &Tokens) -> Vec<usize> {
    tokens.frames(port).map(|frame| frame.len() / port.lanes()).collect()
}

//! What becomes of the sums of a multiplier array before they leave a datapath: requantized, or compared with thresholds.
//!
//! Every kind of layer has the tables `requantize` and `thresholds`, gives the one that is there the form of its sums, and calls what
//! comes of it: the hardware after the stream of sums, their integers, and when they leave.

use super::LaneStream;
use super::accumulators::Accumulators;
use super::config::Problems;
use super::requantize::{Requantize, Scale};
use super::scales::{Scales, ScalesConfig};
use super::tail::zero_tail;
use super::tensor::Source;
use super::thresholds::{Steps, Thresholds};
use super::{Datapath, Footprint};
use crate::hdl::{Range, Signal, Timing};
use crate::stream::timeline::{Channel, Delay, Framed, Repeat, Timeline};
use crate::stream::{Pace, Port};

/// The tables of a layer, of which there is one at most.
#[derive(Clone, Debug, Default)]
pub struct ActivationConfig {
    pub requantize: Option<Scale>,
    pub thresholds: Option<Steps>,
}

/// An activation after sums.
#[derive(Clone, Debug)]
pub struct Activation {
    /// What makes one of the two sums of a row.
    scales: Option<Scales>,
    kind: Option<Kind>,
    /// The range of what comes of the scales.
    scaled: Range,
    /// The sums as they come.
    sums: Accumulators,
    /// Rows that are taken at once: a beat of sums is so many times as few. As few as keep the pace of the sums.
    lanes: usize,
}

#[derive(Clone, Debug)]
enum Kind {
    Requantize(Requantize),
    Thresholds(Thresholds),
}

impl ActivationConfig {
    /// The activation of `sums`, if there is one; problems are noted. With `scales` each row has two sums next to each other. The last
    /// beat of a position may have fewer rows. It takes as few rows at once as keep the pace of the sums.
    pub fn load(
        self,
        sums: Accumulators,
        scales: Option<&ScalesConfig>,
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Activation> {
        self.load_lanes(sums, None, scales, source, problems)
    }

    /// The same with so many rows at once if they are given, a divisor of those of a beat.
    pub fn load_lanes(
        self,
        sums: Accumulators,
        wanted: Option<usize>,
        scales: Option<&ScalesConfig>,
        source: &dyn Source,
        problems: &mut Problems,
    ) -> Option<Activation> {
        if self.requantize.is_none() && self.thresholds.is_none() && scales.is_none() {
            return None;
        }
        let both = self.requantize.is_some() && self.thresholds.is_some();
        let why = "rows are requantized, or compared with thresholds";
        problems.require(!both, "thresholds", "(a table)", why, "leave one of both tables out");
        let cycles = match (&self.requantize, &self.thresholds) {
            (Some(scale), _) if scales.is_none() => scale.cycles(&sums.range),
            (None, Some(steps)) => steps.cycles(),
            _ => 1,
        };
        let lanes = wanted.unwrap_or_else(|| lanes(&sums, cycles));
        let cycles = sums.cycles / (sums.lanes / lanes);
        let mut acc = Accumulators { lanes, cycles, ..sums.clone() };
        let scales = match scales {
            Some(scales) => {
                let loaded = scales.load(&acc, source, problems)?;
                acc.range = loaded.output();
                Some(loaded)
            }
            None => None,
        };
        let scaled = acc.range.clone();
        let (table, loaded) = match (&self.requantize, &self.thresholds) {
            (Some(scale), _) => {
                ("requantize", scale.load(acc, source).map(|loaded| Some(Kind::Requantize(loaded))))
            }
            (None, Some(steps)) => {
                ("thresholds", steps.load(acc, source).map(|loaded| Some(Kind::Thresholds(loaded))))
            }
            (None, None) => ("", Ok(None)),
        };
        let kind = loaded.map_err(|inside| problems.inside(table, inside)).ok()?;
        Some(Activation { scales, kind, scaled, sums, lanes })
    }
}

/// The fewest rows at once of which a beat of sums takes at most the cycles until the next, where each takes `cycles`. They divide the
/// rows of a beat, and those of a position if there are several.
fn lanes(sums: &Accumulators, cycles: usize) -> usize {
    let several = sums.frame.positions() > 1;
    let divides =
        |lanes: &usize| sums.lanes.is_multiple_of(*lanes) && (!several || sums.rows().is_multiple_of(*lanes));
    let fits = |lanes: &usize| sums.lanes / lanes * cycles <= sums.cycles;
    let possible: Vec<usize> = (1..=sums.lanes).filter(divides).collect();
    possible.iter().copied().find(fits).unwrap_or(possible[possible.len() - 1])
}

impl Activation {
    /// The range of what leaves.
    pub fn output(&self) -> Range {
        match &self.kind {
            Some(Kind::Requantize(requantize)) => requantize.output(),
            Some(Kind::Thresholds(thresholds)) => thresholds.output(),
            None => self.scaled.clone(),
        }
    }

    /// Whether an integer depends on those before it, and not on its accumulator alone: then a map is none of where its positions lie.
    pub fn is_stochastic(&self) -> bool {
        matches!(&self.kind, Some(Kind::Requantize(requantize)) if requantize.is_stochastic())
    }

    /// Rows of a beat that leaves.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// The stream of what leaves, called `name`.
    pub fn port(&self, name: &str) -> Port {
        Port::new(name, name, self.lanes, self.output(), self.sums.frame.clone())
    }

    /// In a few words.
    pub fn title(&self) -> &'static str {
        match (&self.scales, &self.kind) {
            (_, Some(Kind::Requantize(_))) => "requantized",
            (_, Some(Kind::Thresholds(_))) => "compared with thresholds",
            _ => "scaled",
        }
    }

    fn sums_of_row(&self) -> usize {
        if self.scales.is_some() { 2 } else { 1 }
    }

    /// Beats that one of sums becomes.
    fn parts(&self) -> usize {
        self.sums.lanes / self.lanes
    }

    /// Beats that a position's last one becomes.
    fn tail(&self) -> usize {
        let beats = self.sums.beats();
        (self.sums.rows() - (beats - 1) * self.sums.lanes).div_ceil(self.lanes)
    }

    fn frame_beats(&self) -> usize {
        self.port("y").frame_beats()
    }

    /// Whether frames end where beats of sums may be cut short.
    fn is_cut_by_frames(&self, is_framed: bool) -> bool {
        is_framed && (self.sums.frame.positions() == 1 || self.tail() == self.parts())
    }

    /// Clock cycles that each beat after the cut takes.
    fn cycles(&self, timing: Timing) -> usize {
        match &self.kind {
            Some(Kind::Requantize(requantize)) => requantize.cycles(timing),
            Some(Kind::Thresholds(thresholds)) => thresholds.cycles(timing),
            None => 1,
        }
    }

    /// Whether a register holds the sums, while the next ones are summed up.
    fn holds(&self, timing: Timing) -> bool {
        self.parts() * self.cycles(timing) > 1
    }

    /// The hardware after a stream of sums. Lanes of a position's last beat that are no row may be anything.
    pub fn after<'m>(&self, sums: LaneStream<'m>) -> LaneStream<'m> {
        let timing = *sums.module().timing();
        let sums = if self.holds(timing) { sums.noted("held").stage() } else { sums };
        let rows = match self.parts() {
            1 => sums,
            _ => {
                let cut = |sums: Vec<Signal<'m>>| -> Vec<Vec<Signal<'m>>> {
                    sums.chunks(self.lanes * self.sums_of_row()).map(<[_]>::to_vec).collect()
                };
                if self.is_cut_by_frames(sums.is_framed()) {
                    sums.map(cut).flatten(self.tail())
                } else {
                    sums.framed(self.sums.beats()).map(cut).flatten(self.tail()).framed(self.frame_beats())
                }
            }
        };
        let rows = self.scales.iter().fold(rows, |rows, scales| scales.part(rows));
        match &self.kind {
            Some(Kind::Requantize(requantize)) => requantize.part(rows),
            Some(Kind::Thresholds(thresholds)) => thresholds.part(rows),
            None => zero_tail(rows, &self.port("y")),
        }
    }

    /// When beats leave, where the sums come as in `sums`.
    pub fn pace(&self, sums: &Pace, timing: Timing) -> Option<Pace> {
        let beats = self.frame_beats();
        let rows = if self.is_cut_by_frames(true) { sums.spread(self.parts(), beats)? } else { return None };
        match &self.kind {
            Some(Kind::Requantize(requantize)) => requantize.pace(&rows, timing),
            Some(Kind::Thresholds(thresholds)) => thresholds.pace(&rows, timing),
            None => Some(rows),
        }
    }

    /// The same as a timed run.
    pub fn timed(&self, t: &mut Timeline, sums: Channel) -> Channel {
        let sums = if self.holds(t.timing()) {
            let sums = t.crossing(sums, "held");
            t.through(sums, 1, Delay::default())
        } else {
            sums
        };
        let rows = match self.parts() {
            1 => sums,
            parts => {
                let framed = t.through(sums, 0, Framed::new(self.sums.beats()));
                let cut = t.through(framed, 0, Repeat::new(parts, self.tail()));
                t.through(cut, 0, Framed::new(self.frame_beats()))
            }
        };
        let rows = self.scales.iter().fold(rows, |rows, _| {
            t.part("scales", |t| {
                let sums = t.crossing(rows, "sums");
                t.crossing(sums, "a")
            })
        });
        let name = match &self.kind {
            Some(Kind::Requantize(_)) => "requantize",
            Some(Kind::Thresholds(_)) => "thresholds",
            None => return rows,
        };
        t.part(name, |t| {
            let acc = t.crossing(rows, "acc");
            let y = match &self.kind {
                Some(Kind::Requantize(requantize)) => requantize.timed_after(t, acc),
                Some(Kind::Thresholds(thresholds)) => thresholds.timed_after(t, acc),
                None => acc,
            };
            t.crossing(y, "y")
        })
    }

    /// What becomes of all sums, from the first on, row after row and position after position; with scales both of a row.
    pub fn of_all(&self, sums: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let rows = match &self.scales {
            Some(scales) => scales.of_all(sums),
            None => sums.into_iter().collect(),
        };
        match &self.kind {
            Some(Kind::Requantize(requantize)) => requantize.of_all(rows),
            Some(Kind::Thresholds(thresholds)) => thresholds.of_all(rows),
            None => rows,
        }
    }

    pub fn footprint(&self) -> Footprint {
        self.datapath().map_or_else(Footprint::default, Datapath::footprint)
    }

    pub fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let mut facts = self.datapath().map_or_else(Vec::new, |datapath| datapath.facts(timing));
        if self.lanes > 1 {
            facts.push(("rows after the sums".into(), format!("{} at once", self.lanes)));
        }
        facts
    }

    fn datapath(&self) -> Option<&dyn Datapath> {
        match self.kind.as_ref()? {
            Kind::Requantize(requantize) => Some(requantize),
            Kind::Thresholds(thresholds) => Some(thresholds),
        }
    }
}

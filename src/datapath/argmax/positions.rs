//! The index of the largest of each position's channels: the class of each pixel or voxel.

use super::{ArgmaxConfig, argmax, decided, shown};
use crate::blocks::{Ties, largest_and_index, number};
use crate::datapath::config::{Config, IntType};
use crate::datapath::map::Map;
use crate::datapath::{Datapath, LaneStream};
use crate::hdl::{Module, Range, Signal, Timing};
use crate::stream::timeline::{Channel, Framed, Timeline};
use crate::stream::{Pace, Ports, Reach, Tokens, Transfers, corners_of};

/// The class of each position of a map of scores.
pub struct ArgmaxOfPositions {
    pub(super) map: Map,
    pub(super) input: IntType,
    pub(super) ties: Ties,
}

/// The largest of a beat, its index in it, and the index of the beat.
#[derive(Clone)]
struct Largest<'m> {
    value: Signal<'m>,
    index: Signal<'m>,
    beat: Signal<'m>,
}

crate::payload!(Largest { value, index, beat });

/// The largest so far, and its index.
#[derive(Clone)]
struct Search<'m> {
    value: Signal<'m>,
    index: Signal<'m>,
}

struct SearchShape {
    value: Range,
    index: Range,
}

crate::payload!(Search { value, index } of SearchShape);

impl ArgmaxOfPositions {
    fn indices(&self) -> Range {
        Range::new(0, self.map.channels - 1)
    }

    /// The index of each position, of positions of several beats: of each beat the largest, and the largest of these.
    fn of_beats<'m>(&self, m: &'m Module, x: LaneStream<'m>) -> LaneStream<'m> {
        let (lanes, beats) = (self.map.lanes, self.map.beats());
        let counted = x.scan("beat", &Range::new(0, beats - 1), &[0], |beat, x, _| {
            (beat.next_count(beat.eq(beats as i64 - 1)), (x, beat))
        });
        let largest = counted.map(|(x, beat)| {
            let (value, index) = largest_and_index(&x, self.ties);
            Largest { value, index, beat }
        });
        let state = SearchShape { value: self.input.range(), index: self.indices() };
        let found = largest.framed(beats).fold("largest", &state, &[self.input.lo(), 0], |found, x| {
            // Of a single lane it is 0.
            m.ignore(x.index);
            let larger = self.ties.replaces(x.value, found.value).named("larger");
            let index = number(m, &[(x.beat, beats), (x.index, lanes)]);
            Search { value: larger.mux(x.value, found.value), index: larger.mux(index, found.index) }
        });
        let indices = found.map(|found| {
            m.ignore(found.value);
            vec![found.index]
        });
        indices.framed(self.map.frame().positions())
    }
}

impl Datapath for ArgmaxOfPositions {
    fn kind(&self) -> &'static str {
        ArgmaxConfig::KIND
    }

    fn doc(&self) -> String {
        let Map { lanes, .. } = self.map;
        format!(
            "index = that of the largest channel of each position of a map of {} ({}, {lanes} channels a beat), {}",
            self.map.frame(),
            self.input,
            shown(self.ties)
        )
    }

    fn ports(&self) -> Ports {
        let index = Map { channels: 1, lanes: 1, ..self.map.clone() };
        Ports {
            inputs: vec![self.map.port("x", self.input.range())],
            outputs: vec![index.port("index", self.indices())],
        }
    }

    fn build<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let x = inputs.remove(0);
        if self.map.beats() > 1 {
            return vec![self.of_beats(m, x)];
        }
        vec![x.map(|x| {
            let (largest, index) = largest_and_index(&x, self.ties);
            m.ignore(largest);
            vec![index]
        })]
    }

    /// Besides the extremes, positions in which one bit alone decides.
    fn corners(&self) -> Vec<Transfers> {
        let port = &self.ports().inputs[0];
        let mut values = decided(self.input, self.map.channels).concat();
        values.resize(values.len().next_multiple_of(port.frame_values()), 0);
        let decided = vec![Tokens::pack(port, &values)];
        corners_of(&self.ports()).into_iter().chain([decided]).collect()
    }

    /// An index comes with the last beat of its position.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![inputs[0].gathered(self.map.beats())]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let beats = self.map.beats();
        if beats == 1 {
            return Some(inputs);
        }
        let largest = t.through(inputs[0], 0, Framed::new(beats));
        let found = t.fold(largest, "largest");
        Some(vec![t.through(found, 0, Framed::new(self.map.frame().positions()))])
    }

    fn reach(&self, _: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        Some(inputs.to_vec())
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let values = inputs[0].unpack(&ports.inputs[0]);
        let indices: Vec<i64> =
            values.chunks(self.map.channels).map(|position| argmax(position, self.ties) as i64).collect();
        vec![Tokens::pack(&ports.outputs[0], &indices)]
    }
}

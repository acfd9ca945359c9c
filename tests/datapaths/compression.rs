//! Compressing and putting back: together they change nothing.

use crate::check::*;
use ternlet::blocks::{Entry, Flagged, compact, expand, scatter};
use ternlet::datapath::{Datapath, LaneStream};
use ternlet::hdl::{Module, Range, Signal, Stream, Timing, signed};
use ternlet::stream::{Frame, Port, Ports, Tokens, Transfers};

/// The lanes that are not 0 are kept.
fn flagged(lanes: Vec<Signal<'_>>) -> Vec<Flagged<'_, Signal<'_>>> {
    lanes.into_iter().map(|lane| Flagged { flag: lane.ne(0), lane }).collect()
}

/// Frames of `values` integers through [`compact`] and back.
struct RoundTrip {
    lanes: usize,
    values: usize,
    by_places: bool,
}

impl Datapath for RoundTrip {
    fn kind(&self) -> &'static str {
        "round_trip"
    }

    fn doc(&self) -> String {
        format!("{} values, {} a beat, by places: {}", self.values, self.lanes, self.by_places)
    }

    fn ports(&self) -> Ports {
        let stream = |name: &str| Port::vectors(name, name, self.lanes, signed(5), self.values);
        Ports { inputs: vec![stream("x")], outputs: vec![stream("y")] }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let x = inputs.remove(0);
        let beats = self.values / self.lanes;
        if self.by_places {
            let numbered = x.scan("beat", &Range::new(0, beats - 1), &[0], |beat, lanes, last| {
                let next = last.mux(0, (beat + 1).saturate(Range::new(0, beats - 1)));
                (next, (lanes, beat))
            });
            let entries: Stream<'m, Vec<Flagged<'m, Entry<'m>>>> = numbered.map(|(lanes, beat)| {
                let index = |lane: usize| beat * self.lanes as i64 + lane as i64;
                let entry = |(lane, value): (usize, Signal<'m>)| Flagged {
                    flag: value.ne(0),
                    lane: Entry { value, index: index(lane) },
                };
                lanes.into_iter().enumerate().map(entry).collect()
            });
            return vec![scatter(compact(entries), beats)];
        }
        let [values, flags] = x.fork_to(["values", "flags"]);
        let values = compact(values.map(flagged));
        let flags = flags.map(|lanes| lanes.iter().map(|lane| lane.ne(0)).collect());
        // Values come after the flags: these wait.
        vec![expand(flags.named("flags").fifo(8), values)]
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        inputs.clone()
    }
}

#[test]
fn compress_then_decompress_is_the_identity() {
    for by_places in [false, true] {
        for (lanes, values) in
            [(1, 1), (1, 7), (2, 2), (2, 8), (3, 12), (4, 4), (4, 32), (5, 20), (8, 40), (16, 64)]
        {
            interpreter(&RoundTrip { lanes, values, by_places }, 60, 9);
        }
        let round_trip = RoundTrip { lanes: 4, values: 32, by_places };
        let report = verilator(&round_trip, 2000, 10, Timing::levels(2));
        assert_eq!(report.mismatches, 0);
    }
}

/// The kept lanes of frames of up to 9 beats.
struct Compact {
    lanes: usize,
}

impl Datapath for Compact {
    fn kind(&self) -> &'static str {
        "compact"
    }

    fn doc(&self) -> String {
        format!("those of {} lanes that are not 0", self.lanes)
    }

    fn ports(&self) -> Ports {
        let frame = Frame::steps(9, self.lanes).varying();
        let stream = |name: &str| Port::new(name, name, self.lanes, signed(4), frame.clone());
        Ports { inputs: vec![stream("x")], outputs: vec![stream("y")] }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        vec![compact(inputs.remove(0).map(flagged))]
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let mut y = Tokens { lanes: self.lanes, ..Tokens::default() };
        for frame in inputs[0].frames(&ports.inputs[0]) {
            let kept: Vec<i64> = frame.iter().copied().filter(|value| *value != 0).collect();
            y.push_frame(&ports.outputs[0], &kept);
        }
        vec![y]
    }
}

#[test]
fn compact_keeps_the_order_at_a_beat_a_cycle() {
    for lanes in [1, 2, 3, 4, 7, 16] {
        interpreter(&Compact { lanes }, 200, 11);
    }
    let report = verilator(&Compact { lanes: 4 }, 3000, 12, Timing::levels(1));
    assert_eq!(report.mismatches, 0);
}

//! The channels of several feature maps at each position, one map after the other: where a skip connection meets.

use super::config::{Config, ConfigError, IntType, Problems};
use super::map::{Map, check_lanes, check_size};
use super::requantize::one;
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::blocks::Digit;
use crate::hdl::{Module, Signal, Stages, Stream};
use crate::stream::timeline::{Actor, Beat, Channel, Timeline};
use crate::stream::{Ports, Reach, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConcatConfig {
    /// Positions of all maps, the outermost axis first; none where they are vectors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub size: Vec<usize>,
    /// Of each map.
    pub channels: Vec<usize>,
    /// Channels a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    pub input: IntType,
}

/// Maps by turns.
pub struct Concat {
    maps: Vec<Map>,
    input: IntType,
}

/// What the inputs are called, in their order.
const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// At each position the channels of all maps, one map after the other; each map has as many channels as said with it.
///
/// ```
/// use ternlet::datapath::concat;
/// // Two positions: of 2 channels, and of 1.
/// assert_eq!(concat(&[(&[1, 2, 3, 4], 2), (&[7, 8], 1)]), [1, 2, 7, 3, 4, 8]);
/// ```
pub fn concat(maps: &[(&[i64], usize)]) -> Vec<i64> {
    let positions = maps.first().map_or(0, |(values, channels)| values.len() / channels);
    let of = |position: usize| {
        maps.iter()
            .flat_map(move |(values, channels)| &values[position * channels..(position + 1) * channels])
    };
    (0..positions).flat_map(of).copied().collect()
}

impl Config for ConcatConfig {
    const KIND: &'static str = "concat";
    const SUMMARY: &'static str = "the channels of several feature maps as those of one";
    const EXAMPLE: &'static str = r#"# A picture of 4 channels and one of 8 as one of 12.
name = "my_concat"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "concat"
size = [4, 4]       # [width], [height, width] or [depth, height, width]; left out: vectors
channels = [4, 8]   # of each map, which come as a, b, ..., h
lanes = 2           # channels in a beat, a divisor of all of them
input = "u4"        # their type: u or s, and 1 to 32 bits
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { size, channels, lanes, input } = self;
        let mut problems = Problems::default();
        check_size(&size, &mut problems);
        let (shown, most) = (format!("{channels:?}"), NAMES.len());
        let why = format!("there are 2 to {most} maps");
        problems.require(
            (2..=most).contains(&channels.len()),
            "channels",
            &shown,
            &why,
            "give one number for each",
        );
        let counts = channels.iter().all(|channels| (1..=1 << 16).contains(channels));
        problems.require(
            counts,
            "channels",
            &shown,
            "a position has 1 to 65536 channels",
            "write 1 to 65536 for each",
        );
        // What divides all of them divides their greatest common divisor.
        check_lanes(channels.iter().copied().fold(0, common), lanes, &mut problems);
        let map = |channels| Map { lengths: size.clone(), channels, lanes };
        problems.finish(|| {
            Box::new(Concat { maps: channels.into_iter().map(map).collect(), input }) as Box<dyn Datapath>
        })
    }
}

/// The greatest common divisor.
fn common(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common(b, a % b) }
}

impl Concat {
    /// Beats of each map at a position.
    fn beats(&self) -> Vec<usize> {
        self.maps.iter().map(Map::beats).collect()
    }
}

impl Datapath for Concat {
    fn kind(&self) -> &'static str {
        ConcatConfig::KIND
    }

    fn doc(&self) -> String {
        let channels: Vec<String> = self.maps.iter().map(|map| map.channels.to_string()).collect();
        let y = &self.ports().outputs[0];
        format!(
            "y = the channels of maps of {} channels as those of one of {} ({}, {} a beat)",
            channels.join(" and "),
            y.frame,
            self.input,
            y.lanes()
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        let inputs = self.maps.iter().zip(NAMES).map(|(map, name)| map.port(name, range.clone()));
        let channels = self.maps.iter().map(|map| map.channels).sum();
        let y = Map { channels, ..self.maps[0].clone() };
        Ports { inputs: inputs.collect(), outputs: vec![y.port("y", range.clone())] }
    }

    /// A counter of a position's beats says whose turn it is; the others wait.
    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let beats = self.beats();
        let beat = Digit::new(m, "beat", beats.iter().sum(), 0);
        let start = |map: usize| beats[..map].iter().sum::<usize>();
        let turns: Vec<Signal<'m>> = (0..beats.len())
            .map(|map| {
                let begun = if map == 0 { m.always() } else { beat.value.ge(start(map) as i64) };
                let over =
                    if map + 1 == beats.len() { m.never() } else { beat.value.ge(start(map + 1) as i64) };
                (begun & !over).named(format!("turn_of_{}", NAMES[map]))
            })
            .collect();
        let chosen = |signals: Vec<Signal<'m>>| {
            let all = turns.iter().zip(signals).rev();
            all.map(|(turn, signal)| (*turn, signal))
                .reduce(|(_, rest), (turn, signal)| (turn, turn.mux(signal, rest)))
        };
        let of = |signals: Vec<Signal<'m>>| chosen(signals).expect("a concatenation of maps").1;
        let valid = of(inputs.iter().map(Stream::valid).collect());
        let lane = |lane: usize| of(inputs.iter().map(|stream| stream.payload()[lane]).collect());
        let lanes: Vec<Signal<'m>> = (0..self.maps[0].lanes).map(lane).collect();
        // The last map's frame ends with that of all.
        let last = turns[turns.len() - 1] & inputs[inputs.len() - 1].last().unwrap_or(m.always());
        let (y, ready) = Stream::offer("y", valid, Some(last), lanes);
        let stages = inputs.iter().map(Stream::stages).reduce(Stages::meet).expect("inputs");
        for (input, &turn) in inputs.into_iter().zip(&turns) {
            input.last().iter().for_each(|last| m.ignore(*last));
            input.take(ready & turn);
        }
        beat.step(valid & ready);
        vec![y.after(stages)]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let turns: Vec<usize> =
            self.beats().into_iter().enumerate().flat_map(|(map, beats)| vec![map; beats]).collect();
        Some(t.add(&inputs, 1, Turns { turns, now: 0 }))
    }

    fn reach(&self, _: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let all = inputs[1..].iter().try_fold(inputs[0], |all, &map| all.beside(map))?;
        Some(vec![all])
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let values: Vec<Vec<i64>> =
            inputs.iter().zip(&ports.inputs).map(|(tokens, port)| tokens.unpack(port)).collect();
        let maps: Vec<(&[i64], usize)> =
            values.iter().zip(&self.maps).map(|(values, map)| (&values[..], map.channels)).collect();
        vec![Tokens::pack(&ports.outputs[0], &concat(&maps))]
    }
}

/// Beats of several streams by turns.
struct Turns {
    /// The stream of each beat.
    turns: Vec<usize>,
    now: usize,
}

impl Actor for Turns {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let turn = self.turns[self.now];
        outputs[0] = inputs[turn].map(|beat| Beat { last: beat.last && turn + 1 == inputs.len(), ..beat });
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready.fill(false);
        ready[self.turns[self.now]] = free[0];
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        let turn = self.turns[self.now];
        if inputs[turn].is_some() && ready[turn] {
            self.now = (self.now + 1) % self.turns.len();
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

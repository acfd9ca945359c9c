//! A feature map with a constant around it.

use super::config::{Config, ConfigError, IntType, Problems, wide};
use super::inset::Inset;
use super::map::{Map, numbered, positions};
use super::per_axis::Around;
use super::requantize::one;
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::hdl::{Module, Signal, Stream};
use crate::stream::timeline::{Actor, Beat, Channel, Timeline};
use crate::stream::{Ports, Reach, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PadConfig {
    /// Positions of the map that comes in, the outermost axis first.
    pub size: Vec<usize>,
    pub channels: usize,
    /// Channels a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    #[serde(deserialize_with = "wide")]
    pub input: IntType,
    /// Positions around the map.
    pub padding: Around,
    /// What they are, one of the input's type.
    #[serde(default)]
    pub value: i64,
}

/// A map and what is around it.
pub struct Pad {
    map: Map,
    input: IntType,
    padding: Vec<[usize; 2]>,
    value: i64,
}

/// A map with axes of these `lengths`, with so many positions before and after it along each axis, of which all channels are `value`.
///
/// ```
/// use ternlet::datapath::pad;
/// assert_eq!(pad(&[1, 2], &[2], 1, &[[1, 2]], 0), [0, 1, 2, 0, 0]);
/// assert_eq!(pad(&[1, 2], &[1, 1], 2, &[[0, 1], [1, 0]], 9), [9, 9, 1, 2, 9, 9, 9, 9]);
/// ```
pub fn pad(x: &[i64], lengths: &[usize], channels: usize, ends: &[[usize; 2]], value: i64) -> Vec<i64> {
    let longer: Vec<usize> =
        lengths.iter().zip(ends).map(|(length, [before, after])| before + length + after).collect();
    let mut y = Vec::new();
    for at in positions(&longer) {
        let from = at.iter().zip(ends).map(|(at, [before, _])| at.checked_sub(*before));
        let from = from.zip(lengths).map(|(at, length)| at.filter(|at| at < length));
        match from.collect::<Option<Vec<usize>>>().map(|from| numbered(&from, lengths) * channels) {
            Some(start) => y.extend_from_slice(&x[start..start + channels]),
            None => y.extend(vec![value; channels]),
        }
    }
    y
}

impl Config for PadConfig {
    const KIND: &'static str = "pad";
    const SUMMARY: &'static str = "a feature map with a constant around it";
    const EXAMPLE: &'static str = r#"# Pictures of 4 channels with a border of zeros.
name = "my_pad"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "pad"
size = [4, 4]       # of what comes in: [width], [height, width] or [depth, height, width]
channels = 4
lanes = 2           # channels in a beat, a divisor of the channels
input = "u4"        # their type: u1 to u62, or s1 to s63
padding = 1         # positions around the map, or a list of one or of [before, after] for each axis
value = 0           # what they are
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let Self { size, channels, lanes, input, padding, value } = self;
        let map = Map::check(&size, channels, lanes, &mut problems);
        let padding = padding.resolve(size.len(), "padding", &mut problems);
        let longer = |(length, [before, after]): (&usize, &[usize; 2])| {
            length.saturating_add(*before).saturating_add(*after)
        };
        let fits = size.iter().zip(&padding).map(longer).all(|length| length <= 1 << 16);
        let why = "each axis has at most 65536 positions that leave";
        problems.require(fits, "padding", format!("{padding:?}"), why, "write less");
        let why = format!("the positions around are integers of {input}");
        let help = format!("write {} to {}", input.lo(), input.hi());
        problems.require((input.lo()..=input.hi()).contains(&value), "value", value, &why, help);
        problems.finish(|| Box::new(Pad { map, input, padding, value }) as Box<dyn Datapath>)
    }
}

impl Pad {
    fn inset(&self) -> Inset {
        let longer = |(length, [before, after]): (&usize, &[usize; 2])| before + length + after;
        let lengths = self.map.lengths.iter().zip(&self.padding).map(longer).collect();
        Inset { lengths, ends: self.padding.clone(), beats: self.map.beats() }
    }
}

impl Datapath for Pad {
    fn kind(&self) -> &'static str {
        PadConfig::KIND
    }

    fn doc(&self) -> String {
        format!(
            "y = maps of {} ({}, {} channels a beat) with {:?} positions of {} around them",
            self.map.frame(),
            self.input,
            self.map.lanes,
            self.padding,
            self.value
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        let longer = Map { lengths: self.inset().lengths, ..self.map.clone() };
        Ports { inputs: vec![self.map.port("x", range.clone())], outputs: vec![longer.port("y", range)] }
    }

    /// What is before the map's last beat leaves when the next beat of it is there, so that nothing leaves of a map that never comes.
    fn build<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let (x, place) = (inputs.remove(0), self.inset().place(m));
        let over = m.flag("over");
        let lanes: Vec<Signal<'m>> =
            x.payload().iter().map(|lane| place.inside.mux(*lane, self.value)).collect();
        let last = self.ports().outputs[0].is_framed().then_some(place.last);
        let (y, ready) = Stream::offer("y", x.valid() | over.get(), last, lanes);
        let stages = x.stages();
        let passes = y.valid() & ready;
        x.last().iter().for_each(|last| m.ignore(*last));
        x.take(ready & place.inside);
        over.set_when(passes, (over.get() | place.last_inside) & !place.last);
        place.step(passes);
        vec![y.after(stages)]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        Some(t.add(&inputs, 1, Padded { inside: self.inset().inside(), next: 0 }))
    }

    fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let [before, after] = self.padding[axis];
        Some(vec![inputs[0].windows(before + inputs[0].length + after, 1, 1, before)])
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let frames = x.chunks(ports.inputs[0].frame_values());
        let of = |x| pad(x, &self.map.lengths, self.map.channels, &self.padding, self.value);
        vec![Tokens::pack(&ports.outputs[0], &frames.flat_map(of).collect::<Vec<_>>())]
    }
}

/// Beats, and others between them.
struct Padded {
    /// Which of those that leave come in.
    inside: Vec<bool>,
    next: usize,
}

impl Actor for Padded {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let over = !self.inside[self.next..].contains(&true);
        let last = self.next + 1 == self.inside.len();
        outputs[0] = (over || inputs[0].is_some()).then_some(Beat { last, ..Beat::default() });
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] && self.inside[self.next];
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        let over = !self.inside[self.next..].contains(&true);
        if free[0] && (over || inputs[0].is_some()) {
            self.next = (self.next + 1) % self.inside.len();
        }
    }
}

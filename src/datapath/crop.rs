//! A feature map without its margins.

use super::config::{Config, ConfigError, IntType, Problems, wide};
use super::inset::Inset;
use super::map::{Map, numbered, positions};
use super::per_axis::Around;
use super::requantize::one;
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::hdl::{Module, Stream};
use crate::stream::timeline::{Actor, Beat, Channel, Timeline, passing};
use crate::stream::{Ports, Reach, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CropConfig {
    /// Positions of the map that comes in, the outermost axis first.
    pub size: Vec<usize>,
    pub channels: usize,
    /// Channels a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    #[serde(deserialize_with = "wide")]
    pub input: IntType,
    /// Positions that are left out at the ends of each axis.
    pub margin: Around,
}

/// The inner part of a map.
pub struct Crop {
    map: Map,
    input: IntType,
    margin: Vec<[usize; 2]>,
}

/// A map with axes of these `lengths` without so many positions at the ends of each axis.
///
/// ```
/// use ternlet::datapath::crop;
/// assert_eq!(crop(&[1, 2, 3, 4], &[4], 1, &[[1, 2]]), [2]);
/// assert_eq!(crop(&[1, 2, 3, 4, 5, 6, 7, 8], &[2, 2], 2, &[[1, 0], [0, 1]]), [5, 6]);
/// ```
///
/// # Panics
/// If more are left out than an axis has.
pub fn crop(x: &[i64], lengths: &[usize], channels: usize, ends: &[[usize; 2]]) -> Vec<i64> {
    let shorter: Vec<usize> =
        lengths.iter().zip(ends).map(|(length, [before, after])| length - before - after).collect();
    let from = |at: Vec<usize>| {
        let from: Vec<usize> = at.iter().zip(ends).map(|(at, [before, _])| at + before).collect();
        let start = numbered(&from, lengths) * channels;
        &x[start..start + channels]
    };
    positions(&shorter).flat_map(from).copied().collect()
}

impl Config for CropConfig {
    const KIND: &'static str = "crop";
    const SUMMARY: &'static str = "a feature map without its margins";
    const EXAMPLE: &'static str = r#"# The middle of pictures of 4 channels.
name = "my_crop"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "crop"
size = [6, 6]       # of what comes in: [width], [height, width] or [depth, height, width]
channels = 4
lanes = 2           # channels in a beat, a divisor of the channels
input = "u4"        # their type: u1 to u62, or s1 to s63
margin = 1          # positions left out at the ends of each axis, or a list of one or of [before, after] for each axis
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let Self { size, channels, lanes, input, margin } = self;
        let map = Map::check(&size, channels, lanes, &mut problems);
        let margin = margin.resolve(size.len(), "margin", &mut problems);
        let some_left =
            |(length, [before, after]): (&usize, &[usize; 2])| before.saturating_add(*after) < *length;
        let holds = size.iter().zip(&margin).all(some_left);
        let why = format!("nothing is left of an axis of {size:?}");
        problems.require(
            holds,
            "margin",
            format!("{margin:?}"),
            &why,
            "write less than the positions of each axis",
        );
        problems.finish(|| Box::new(Crop { map, input, margin }) as Box<dyn Datapath>)
    }
}

impl Crop {
    fn inset(&self) -> Inset {
        Inset { lengths: self.map.lengths.clone(), ends: self.margin.clone(), beats: self.map.beats() }
    }

    fn shorter(&self) -> Map {
        let shorter = |(length, [before, after]): (&usize, &[usize; 2])| length - before - after;
        let lengths = self.map.lengths.iter().zip(&self.margin).map(shorter);
        Map { lengths: lengths.collect(), ..self.map.clone() }
    }
}

impl Datapath for Crop {
    fn kind(&self) -> &'static str {
        CropConfig::KIND
    }

    fn doc(&self) -> String {
        format!(
            "y = maps of {} ({}, {} channels a beat) without {:?} positions at the ends of the axes",
            self.map.frame(),
            self.input,
            self.map.lanes,
            self.margin
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        Ports {
            inputs: vec![self.map.port("x", range.clone())],
            outputs: vec![self.shorter().port("y", range)],
        }
    }

    /// What is in the margins is taken at once.
    fn build<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let (x, place) = (inputs.remove(0), self.inset().place(m));
        let last = if self.ports().outputs[0].is_framed() { Some(place.last_inside) } else { None };
        m.ignore(place.last_inside);
        let (y, ready) = Stream::offer("y", x.valid() & place.inside, last, x.payload().clone());
        x.last().iter().for_each(|last| m.ignore(*last));
        let taken = x.take(ready | !place.inside);
        place.step(taken.passes);
        vec![y.after(taken.stages)]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        Some(t.add(&inputs, 1, Cropped { inside: self.inset().inside(), next: 0 }))
    }

    fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let (x, [before, after]) = (inputs[0], self.margin[axis]);
        let length = x.length - before - after;
        let left = |wrong: usize, margin| wrong.saturating_sub(margin).min(length);
        Some(vec![Reach { length, before: left(x.before, before), after: left(x.after, after), ..x }])
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let frames = x.chunks(ports.inputs[0].frame_values());
        let of = |x| crop(x, &self.map.lengths, self.map.channels, &self.margin);
        vec![Tokens::pack(&ports.outputs[0], &frames.flat_map(of).collect::<Vec<_>>())]
    }
}

/// Beats without some of them.
struct Cropped {
    /// Which of those that come in leave.
    inside: Vec<bool>,
    next: usize,
}

impl Actor for Cropped {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let last = !self.inside[self.next + 1..].contains(&true);
        outputs[0] = inputs[0].filter(|_| self.inside[self.next]).map(|beat| Beat { last, ..beat });
    }

    fn takes(&self, _: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        ready[0] = free[0] || !self.inside[self.next];
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        if passing(inputs, ready, 0).is_some() {
            self.next = (self.next + 1) % self.inside.len();
        }
    }
}

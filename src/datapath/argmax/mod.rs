//! The index of the largest of a frame's integers, or of a position's; the first of equals, or the last.

mod positions;

pub use positions::ArgmaxOfPositions;

use super::config::{Config, ConfigError, IntType, Problems, wide};
use super::map::Map;
use super::requantize::one;
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::blocks::Ties;
use crate::hdl::{Module, Range, Signal, Timing};
use crate::stream::timeline::{Channel, Repeat, Timeline};
use crate::stream::{Pace, Port, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArgmaxConfig {
    /// Integers in a frame; of a map the channels.
    #[serde(alias = "channels")]
    pub columns: usize,
    /// Positions of a map, the outermost axis first, each of which has its own index; none of a vector.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub size: Vec<usize>,
    /// Integers a beat. Of a vector one is compared in a clock cycle, of a map all of a beat.
    #[serde(default = "one")]
    pub lanes: usize,
    #[serde(deserialize_with = "wide")]
    pub input: IntType,
    /// Which of equals it is.
    #[serde(default)]
    pub ties: Ties,
}

/// The class of each frame of scores.
pub struct Argmax {
    columns: usize,
    lanes: usize,
    input: IntType,
    ties: Ties,
}

/// The index of the largest of `x`; the first of equals, or the last.
///
/// # Panics
/// If there is none.
///
/// ```
/// use ternlet::{blocks::Ties, datapath::argmax};
/// assert_eq!(argmax(&[3, 9, -1, 9], Ties::Lower), 1);
/// assert_eq!(argmax(&[3, 9, -1, 9], Ties::Higher), 3);
/// ```
pub fn argmax(x: &[i64], ties: Ties) -> usize {
    let largest = x.iter().max().expect("at least one integer");
    let mut places = (0..x.len()).filter(|place| x[*place] == *largest);
    let place = if ties == Ties::Lower { places.next() } else { places.next_back() };
    place.expect("the largest is one of them")
}

/// In a sentence.
fn shown(ties: Ties) -> &'static str {
    match ties {
        Ties::Lower => "the first of equals",
        Ties::Higher => "the last of equals",
    }
}

impl Config for ArgmaxConfig {
    const KIND: &'static str = "argmax";
    const SUMMARY: &'static str =
        "the index of the largest integer of a vector, or of each position of a feature map";
    const EXAMPLE: &'static str = r#"# The class of ten scores.
name = "my_argmax"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "argmax"
columns = 10        # integers in a frame
lanes = 1           # integers in a beat
input = "s16"       # their type: u1 to u62, or s1 to s63
ties = "lower"      # of equals; or "higher": the last

# Of a feature map, the largest of each position's channels; a beat a cycle.
# size = [8, 8]     # [width], [height, width] or [depth, height, width]
# channels = 10     # in place of columns
# lanes = 5         # a divisor of the channels
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { columns, size, lanes, input, ties } = self;
        let mut problems = Problems::default();
        if !size.is_empty() {
            let map = Map::check(&size, columns, lanes, &mut problems);
            return problems.finish(|| Box::new(ArgmaxOfPositions { map, input, ties }) as Box<dyn Datapath>);
        }
        let range = 1..=1 << 16;
        let why = "a frame has 1 to 65536 integers";
        problems.require(range.contains(&columns), "columns", columns, why, "write 1 to 65536");
        let why = "a beat has 1 to `columns` lanes";
        problems.require(
            (1..=columns).contains(&lanes),
            "lanes",
            lanes,
            why,
            format!("write 1 to {columns}"),
        );
        problems.finish(|| Box::new(Argmax { columns, lanes, input, ties }) as Box<dyn Datapath>)
    }
}

/// The largest so far, its index, and the index of the next one.
#[derive(Clone)]
struct Search<'m> {
    value: Signal<'m>,
    index: Signal<'m>,
    next: Signal<'m>,
}

struct SearchShape {
    value: Range,
    index: Range,
    next: Range,
}

crate::payload!(Search { value, index, next } of SearchShape);

/// Vectors of which all integers are equal, but for one that is larger by one bit. They are about 0, and at both ends of the type.
fn decided(input: IntType, columns: usize) -> Vec<Vec<i64>> {
    let mut vectors = Vec::new();
    for bit in 0..input.bits {
        let sign = input.signed && bit + 1 == input.bits;
        let weight = if sign { input.lo() } else { 1 << bit };
        // At the lower end not the first place: there an empty search ends too.
        let late = 1 + bit as usize % (columns - 1).max(1);
        let bases = [(0, bit as usize), (input.hi() & !weight, 1 + bit as usize), (input.lo(), late)];
        for (base, place) in bases {
            // The sign makes an integer smaller: then all others have it.
            let (rest, largest) = if sign { (base | weight, base & !weight) } else { (base, base | weight) };
            let mut vector = vec![rest; columns];
            vector[place % columns] = largest;
            vectors.push(vector);
        }
    }
    vectors
}

impl Argmax {
    fn indices(&self) -> Range {
        Range::new(0, self.columns - 1)
    }
}

impl Datapath for Argmax {
    fn kind(&self) -> &'static str {
        ArgmaxConfig::KIND
    }

    fn doc(&self) -> String {
        let Self { columns, lanes, input, ties } = self;
        format!(
            "index = that of the largest of {columns} integers ({input}, {lanes} a beat), {}",
            shown(*ties)
        )
    }

    fn ports(&self) -> Ports {
        Ports {
            inputs: vec![Port::vectors("x", "x", self.lanes, self.input.range(), self.columns)],
            outputs: vec![Port::vectors("index", "index", 1, self.indices(), 1)],
        }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let classes = inputs.into_iter().map(|x| {
            let tail = self.columns - (self.columns.div_ceil(self.lanes) - 1) * self.lanes;
            let serial = x.flatten(tail).framed(self.columns);
            if self.columns == 1 {
                return serial.map(|x| {
                    m.ignore(x);
                    vec![m.constant(0)]
                });
            }
            let state =
                SearchShape { value: self.input.range(), index: self.indices(), next: self.indices() };
            let found = serial.fold_from_first("largest", &state, |first, largest, x| {
                let larger = (first | self.ties.replaces(x, largest.value)).named("larger");
                let place = first.mux(0, largest.next).named("place");
                Search {
                    value: larger.mux(x, largest.value),
                    index: larger.mux(place, largest.index),
                    next: place.next_count(place.eq(self.columns as i64 - 1)),
                }
            });
            found.map(|largest| {
                m.ignore(largest.value);
                m.ignore(largest.next);
                vec![largest.index]
            })
        });
        classes.collect()
    }

    /// Besides the extremes, frames in which one bit alone decides.
    fn corners(&self) -> Vec<Transfers> {
        let port = &self.ports().inputs[0];
        let frames = Tokens::pack(port, &decided(self.input, self.columns).concat());
        super::corners_of(&self.ports()).into_iter().chain([vec![frames]]).collect()
    }

    /// A frame takes `columns` cycles, and its index comes with the last of them.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![inputs[0].spread(self.lanes, self.columns).map(|serial| serial.folded())]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let tail = self.columns - (self.columns.div_ceil(self.lanes) - 1) * self.lanes;
        let serial = t.through(inputs[0], 0, Repeat::new(self.lanes, tail));
        if self.columns == 1 {
            return Some(vec![serial]);
        }
        Some(vec![t.fold(serial, "largest")])
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let values = inputs[0].unpack(&ports.inputs[0]);
        let classes: Vec<i64> =
            values.chunks(self.columns).map(|frame| argmax(frame, self.ties) as i64).collect();
        vec![Tokens::pack(&ports.outputs[0], &classes)]
    }
}

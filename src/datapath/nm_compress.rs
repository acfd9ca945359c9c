//! The N of largest magnitude of each group of M values, and the metadata that says where they were.
//!
//! Source: N:M fine-grained structured sparsity (arXiv 2102.04010). The paper leaves open which of equal
//! magnitudes is kept, and its programs differ: [`Ties`] says it.

use super::config::{Config, ConfigError, IntType, Problems};
use super::nm_groups::NmGroups;
use super::nm_pattern::NmPattern;
use super::tail::zero_tail;
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::blocks::{self, Ties, nm_largest, nm_places};
use crate::hdl::{Module, Payload, Signal, Timing};
use crate::stream::timeline::{Channel, Fork, Timeline};
use crate::stream::{Pace, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NmCompressConfig {
    /// N:M, for example `2:4`.
    pub pattern: NmPattern,
    /// Values in a frame, a multiple of M.
    pub columns: usize,
    /// Values a beat, a multiple of M; M if it is left out.
    pub lanes: Option<usize>,
    /// The type of the values.
    pub input: IntType,
    /// Which of equal magnitudes is kept.
    #[serde(default)]
    pub ties: Ties,
}

/// Ranks groups by magnitude.
pub struct NmCompress {
    groups: NmGroups,
    input: IntType,
    ties: Ties,
}

/// The places, ascending, of the `kept` largest magnitudes of a group: always so many, be they zeros.
///
/// # Panics
/// If there are fewer values.
///
/// ```
/// use ternlet::{blocks::Ties, datapath::nm_largest_places};
/// assert_eq!(nm_largest_places(&[3, -8, 0, 7], 2, Ties::Lower), [1, 3]);
/// assert_eq!(nm_largest_places(&[5, -5, 5, 0], 2, Ties::Lower), [0, 1]);
/// assert_eq!(nm_largest_places(&[5, -5, 5, 0], 2, Ties::Higher), [1, 2]);
/// ```
pub fn nm_largest_places(group: &[i64], kept: usize, ties: Ties) -> Vec<i64> {
    let mut places: Vec<usize> = match ties {
        Ties::Lower => (0..group.len()).collect(),
        Ties::Higher => (0..group.len()).rev().collect(),
    };
    places.sort_by_key(|&place| std::cmp::Reverse(group[place].unsigned_abs()));
    let mut largest: Vec<i64> = places[..kept].iter().map(|&place| place as i64).collect();
    largest.sort_unstable();
    largest
}

/// The kept values of a group, and where they were.
#[derive(Clone)]
struct Kept<'m> {
    value: Vec<Signal<'m>>,
    place: Vec<Signal<'m>>,
}

crate::payload!(Kept { value, place });

impl Config for NmCompressConfig {
    const KIND: &'static str = "nm_compress";
    const SUMMARY: &'static str = "the N largest magnitudes of each group of M values, and their metadata";
    const EXAMPLE: &'static str = r#"# Dense 8-bit values to 2:4 sparse ones, a group a cycle.
name = "my_nm_compress"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "nm_compress"
pattern = "2:4"     # N of every M are kept, M at most 16
columns = 16        # values in a frame, a multiple of M
lanes = 4           # values in a beat, a multiple of M; M if it is left out
input = "s8"        # their type: u or s, and 1 to 32 bits
ties = "lower"      # of equal magnitudes the one at the lower place is kept; or "higher"
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { pattern, columns, lanes, input, ties } = self;
        let mut problems = Problems::default();
        let groups = NmGroups::check(pattern, columns, lanes, &mut problems);
        problems.finish(|| Box::new(NmCompress { groups, input, ties }) as Box<dyn Datapath>)
    }
}

impl Datapath for NmCompress {
    fn kind(&self) -> &'static str {
        NmCompressConfig::KIND
    }

    fn doc(&self) -> String {
        let NmGroups { pattern, columns, lanes } = self.groups;
        let ties = match self.ties {
            Ties::Lower => "lower",
            Ties::Higher => "higher",
        };
        format!(
            "the {pattern} largest magnitudes of {columns} values ({}, {lanes} a beat) and their places; of equals the {ties} place",
            self.input
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        Ports {
            inputs: vec![self.groups.dense("x", range.clone())],
            outputs: vec![self.groups.kept("values", range), self.groups.metadata()],
        }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let (kept, group) = (self.groups.pattern.kept(), self.groups.pattern.group());
        let compressed = inputs.remove(0).map(|x| {
            let of_group = |group: &[Signal<'m>]| {
                let magnitudes: Vec<_> = group.iter().map(|&value| blocks::magnitude(value)).collect();
                let places = nm_places(&nm_largest(&magnitudes, kept, self.ties), kept);
                Kept { value: blocks::nm_select(group, &places), place: places }
            };
            let groups: Vec<Kept<'m>> = x.chunks(group).map(of_group).collect();
            groups.each("kept", |signal, name| signal.named(name))
        });
        let [values, places] = compressed.noted("compressed").fork_to(["values", "metadata"]);
        let values = values.map(|groups| groups.into_iter().flat_map(|group| group.value).collect());
        let places = places.map(|groups| groups.into_iter().flat_map(|group| group.place).collect());
        let ports = self.ports().outputs;
        let streams = [values, places].into_iter().zip(&ports);
        streams.map(|(stream, port)| zero_tail(stream, port)).collect()
    }

    /// A beat a cycle of both outputs, each with its values.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![Some(inputs[0].clone()); 2]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let compressed = t.crossing(inputs[0], "compressed");
        Some(t.add(&[compressed], 2, Fork::new(2)))
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let (mut values, mut metadata) = (Vec::new(), Vec::new());
        for group in x.chunks(self.groups.pattern.group()) {
            let places = nm_largest_places(group, self.groups.pattern.kept(), self.ties);
            values.extend(places.iter().map(|&place| group[place as usize]));
            metadata.extend(places);
        }
        vec![Tokens::pack(&ports.outputs[0], &values), Tokens::pack(&ports.outputs[1], &metadata)]
    }

    fn facts(&self, _: Timing) -> Vec<(String, String)> {
        let pattern = self.groups.pattern;
        let dense = pattern.group() as u32 * self.input.bits;
        let bits = pattern.kept() as u32 * self.input.bits + pattern.metadata_bits();
        vec![(
            "a group of weights".into(),
            format!("{bits} bits with its metadata, {dense} without sparsity"),
        )]
    }
}

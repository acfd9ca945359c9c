//! The activations of each group of M that meet the N kept weights, picked by metadata.
//!
//! Source: N:M fine-grained structured sparsity (arXiv 2102.04010); the metadata is that of NVIDIA's sparse
//! tensor core.

use super::config::{Config, ConfigError, IntType, Problems};
use super::nm_groups::NmGroups;
use super::nm_pattern::NmPattern;
use super::tail::zero_tail;
use super::tensor::Source;
use super::{Datapath, LaneStream};
use crate::blocks;
use crate::hdl::{Module, Payload, Timing};
use crate::stream::timeline::{Channel, Timeline, Zip};
use crate::stream::{Draw, Pace, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NmSelectConfig {
    /// N:M, for example `2:4`.
    pub pattern: NmPattern,
    /// Activations in a frame, a multiple of M.
    pub columns: usize,
    /// Activations a beat, a multiple of M; M if it is left out.
    pub lanes: Option<usize>,
    /// The type of the activations.
    pub input: IntType,
}

/// Multiplexers that metadata steers.
pub struct NmSelect {
    groups: NmGroups,
    input: IntType,
}

/// `y[i] = group[places[i]]`. Places should ascend within the group; one that has no room for those before and after it
/// counts as the nearest that has: `clamp(places[i], i, i + M - N)`.
///
/// ```
/// use ternlet::datapath::nm_select;
/// assert_eq!(nm_select(&[10, 11, 12, 13], &[1, 3]), [11, 13]);
/// assert_eq!(nm_select(&[10, 11, 12, 13], &[3, 0]), [12, 11]); // impossible metadata
/// ```
pub fn nm_select(group: &[i64], places: &[i64]) -> Vec<i64> {
    let spare = group.len() - places.len();
    let of_place = |(index, &place): (usize, &i64)| group[(place as usize).clamp(index, index + spare)];
    places.iter().enumerate().map(of_place).collect()
}

impl Config for NmSelectConfig {
    const KIND: &'static str = "nm_select";
    const SUMMARY: &'static str = "the N activations of each group of M that metadata names";
    const EXAMPLE: &'static str = r#"# The two activations of each four that meet 2:4 sparse weights.
name = "my_nm_select"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "nm_select"
pattern = "2:4"     # N of every M are kept, M at most 16
columns = 16        # activations in a frame, a multiple of M
lanes = 8           # activations in a beat, a multiple of M; M if it is left out
input = "s8"        # their type: u or s, and 1 to 32 bits
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        let groups = NmGroups::check(self.pattern, self.columns, self.lanes, &mut problems);
        problems.finish(|| Box::new(NmSelect { groups, input: self.input }) as Box<dyn Datapath>)
    }
}

impl Datapath for NmSelect {
    fn kind(&self) -> &'static str {
        NmSelectConfig::KIND
    }

    fn doc(&self) -> String {
        let NmGroups { pattern, columns, lanes } = self.groups;
        let input = self.input;
        format!(
            "y = the kept ones of {columns} activations ({input}, {lanes} a beat), {pattern}, at the places of the metadata"
        )
    }

    fn ports(&self) -> Ports {
        let range = self.input.range();
        Ports {
            inputs: vec![self.groups.dense("x", range.clone()), self.groups.metadata()],
            outputs: vec![self.groups.kept("y", range)],
        }
    }

    fn build<'m>(&self, _: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let (metadata, x) = (inputs.remove(1), inputs.remove(0));
        let (kept, group) = (self.groups.pattern.kept(), self.groups.pattern.group());
        let y = x.zip(metadata).map(|(x, places)| {
            let groups = x.chunks(group).zip(places.chunks(kept));
            let kept: Vec<_> = groups.flat_map(|(group, places)| blocks::nm_select(group, places)).collect();
            kept.each("kept", |signal, name| signal.hint(name))
        });
        vec![zero_tail(y, &self.ports().outputs[0])]
    }

    /// A beat a cycle, when its activations and its metadata are there.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![inputs[0].joined(&inputs[1])]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        Some(t.add(&inputs, 1, Zip))
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let (x, places) = (inputs[0].unpack(&ports.inputs[0]), inputs[1].unpack(&ports.inputs[1]));
        let groups = x.chunks(self.groups.pattern.group()).zip(places.chunks(self.groups.pattern.kept()));
        let y: Vec<i64> = groups.flat_map(|(group, places)| nm_select(group, places)).collect();
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    fn check(&self, inputs: &Transfers) -> Result<(), (String, String)> {
        let port = self.groups.metadata();
        let places = inputs[1].unpack(&port);
        let kept = self.groups.pattern.kept();
        for (group, places) in places.chunks(kept).enumerate() {
            if let Err(why) = self.groups.pattern.check(places) {
                let groups = port.frame_values() / kept;
                let place = format!("group {} of frame {}", group % groups, group / groups);
                return Err((port.name, format!("{place}: {why}")));
            }
        }
        Ok(())
    }

    /// Metadata is possible in every other group; a range alone seldom makes it so.
    fn random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        let mut inputs = draw.transfers(&self.ports(), frames);
        let (kept, group) = (self.groups.pattern.kept(), self.groups.pattern.group());
        for places in inputs[1].values.chunks_mut(kept) {
            if draw.integer(0, 1) == 0 {
                continue;
            }
            let mut found = 0;
            for place in 0..group {
                let (wanted, left) = (kept - found, group - place);
                if draw.integer(1, left as i64) <= wanted as i64 {
                    places[found] = place as i64;
                    found += 1;
                }
            }
        }
        inputs
    }

    fn facts(&self, _: Timing) -> Vec<(String, String)> {
        vec![("metadata".into(), format!("{} bits a group", self.groups.pattern.metadata_bits()))]
    }
}

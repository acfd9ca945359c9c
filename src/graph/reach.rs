//! How far the maps that leave a graph see of the map that enters it.

use super::adaptor::Adaptor;
use super::network::Network;
use super::wiring::{Edge, Source};
use crate::stream::Reach;

impl Network {
    /// The reach of each output along an axis of the one input, the outermost first; none where a map is read as one of other axes, or as
    /// a vector.
    pub(super) fn reaches(&self, axis: usize, input: Reach) -> Option<Vec<Reach>> {
        let mut given: Vec<Vec<Reach>> = vec![Vec::new(); self.nodes.len()];
        let of = |given: &[Vec<Reach>], source| match source {
            Source::Input(_) => input,
            Source::Node { node, stream } => given[node][stream],
        };
        for &node in &self.wiring.order {
            let mut adaptors = self.wiring.edges[node].iter().flat_map(|edge| &edge.adaptors);
            if adaptors.any(|adaptor| matches!(adaptor, Adaptor::Reshape { .. })) {
                return None;
            }
            let taken: Vec<Reach> =
                self.wiring.edges[node].iter().map(|edge: &Edge| of(&given, edge.from)).collect();
            given[node] = self.nodes[node].datapath.reach(axis, &taken)?;
        }
        Some(self.leaving().map(|(_, source)| of(&given, *source)).collect())
    }
}

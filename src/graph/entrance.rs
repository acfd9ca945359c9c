//! What may enter a graph: the frames that its first nodes are made for.
//!
//! A node whose inputs are all inputs of the graph knows what goes together in them, such as a size and as many samples. Inputs that
//! no such node takes whole get frames by their ports alone.

use super::network::{Network, Placed};
use super::wiring::{Edge, Source};
use crate::datapath::{Datapath, Tensor};
use crate::stream::{Draw, Tokens, Transfers, corners_of};

/// A node of which each input is an input of the graph, and which.
struct Entrance<'a> {
    node: &'a Placed,
    inputs: Vec<usize>,
}

impl Network {
    /// Nodes that take inputs of the graph whole and as they are, so that no two take the same; those that take most come first.
    fn entrances(&self) -> Vec<Entrance<'_>> {
        let input = |edge: &Edge| match edge.from {
            Source::Input(input) if edge.adaptors.is_empty() => Some(input),
            _ => None,
        };
        let whole = self.nodes.iter().zip(&self.wiring.edges).filter_map(|(node, edges)| {
            let inputs = edges.iter().map(input).collect::<Option<Vec<_>>>()?;
            (!inputs.is_empty()).then_some(Entrance { node, inputs })
        });
        let mut whole: Vec<Entrance> = whole.collect();
        whole.sort_by_key(|entrance| std::cmp::Reverse(entrance.inputs.len()));
        let mut taken = vec![false; self.wiring.inputs.len()];
        whole.retain(|entrance| {
            let free = entrance.inputs.iter().all(|&input| !taken[input]);
            entrance.inputs.iter().filter(|_| free).for_each(|&input| taken[input] = true);
            free
        });
        whole
    }

    /// Transfers of the inputs of entrances in place of those of `all`, as many frames of each as all have.
    fn entered(&self, mut all: Transfers, of_entrances: Vec<(Vec<usize>, Transfers)>) -> Transfers {
        let alone = matches!(&of_entrances[..], [(inputs, _)] if inputs.len() == all.len());
        for (inputs, transfers) in of_entrances {
            inputs.into_iter().zip(transfers).for_each(|(input, tokens)| all[input] = tokens);
        }
        if alone {
            return all;
        }
        let ports = &self.wiring.inputs;
        let some = ports.iter().zip(&all).filter(|(port, _)| !port.is_once());
        let counts = some.map(|(port, tokens)| tokens.frames(port).count());
        let least = counts.min().unwrap_or(0);
        let shortened = ports.iter().zip(&all).map(|(port, tokens)| {
            let mut first = Tokens { lanes: port.lanes(), ..Tokens::default() };
            tokens.frames(port).take(least).for_each(|frame| first.push_beats(port, frame));
            first
        });
        shortened.collect()
    }

    pub(super) fn entering_corners(&self) -> Vec<Transfers> {
        let own: Vec<(Vec<usize>, Vec<Transfers>)> = self
            .entrances()
            .into_iter()
            .map(|entrance| (entrance.inputs, entrance.node.datapath.corners()))
            .collect();
        let by_ports = corners_of(&self.ports());
        let alone = matches!(&own[..], [(inputs, _)] if inputs.len() == self.wiring.inputs.len());
        let least = if alone { 0 } else { by_ports.len() };
        let count = own.iter().map(|(_, corners)| corners.len()).max().unwrap_or(0).max(least);
        let corner = |index: usize| {
            let of = |(inputs, corners): &(Vec<usize>, Vec<Transfers>)| {
                (inputs.clone(), corners[index % corners.len()].clone())
            };
            self.entered(by_ports[index % by_ports.len()].clone(), own.iter().map(of).collect())
        };
        (0..count).map(corner).collect()
    }

    pub(super) fn entering_random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        let entrances = self.entrances();
        let alone = matches!(&entrances[..], [entrance] if entrance.inputs.len() == self.wiring.inputs.len());
        let by_ports = match alone {
            true => vec![Tokens::default(); self.wiring.inputs.len()],
            false => draw.transfers(&self.ports(), frames),
        };
        let own = entrances
            .into_iter()
            .map(|entrance| (entrance.inputs, entrance.node.datapath.random(frames, draw)));
        let own = own.collect();
        self.entered(by_ports, own)
    }

    /// A tensor enters where one node takes all inputs.
    pub(super) fn entering_tensor(&self, tensor: &Tensor) -> Option<Result<Transfers, String>> {
        let all = self.wiring.inputs.len();
        let entrance = self.entrances().into_iter().find(|entrance| entrance.inputs.len() == all)?;
        let carried = entrance.node.datapath.carry(tensor)?;
        let none = vec![Tokens::default(); all];
        Some(carried.map(|transfers| self.entered(none, vec![(entrance.inputs, transfers)])))
    }

    pub(super) fn check_entering(&self, inputs: &Transfers) -> Result<(), (String, String)> {
        self.entrances().into_iter().try_for_each(|Entrance { node, inputs: taken }| {
            let own = taken.iter().map(|&input| inputs[input].clone()).collect();
            node.datapath.check(&own).map_err(|(stream, why)| {
                let place = node.ports.inputs.iter().position(|port| port.name == stream).unwrap_or(0);
                (self.wiring.inputs[taken[place]].name.clone(), why)
            })
        })
    }
}

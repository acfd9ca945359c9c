//! The ports of a part that is cut out, and what they are called.

use super::cut::Cut;
use super::node::{NodeId, Op, Type};
use super::part::Home;
use super::pipeline::aged;
use std::collections::{BTreeMap, HashMap};

/// A port of a part, and the nodes of the flat circuit that pass it: one, or several that are packed.
pub(super) struct Port {
    pub name: String,
    pub nodes: Vec<NodeId>,
}

/// What the author of a part calls a node: the lane of a port, or a copy of it that is so many cycles late.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Called {
    pub port: usize,
    pub age: u32,
    pub lane: usize,
}

/// Names of the ports of a part.
pub(super) struct PortNames {
    /// Those in use, and the last number that was put after each.
    taken: HashMap<String, usize>,
}

impl PortNames {
    /// Names that differ from all of `taken`.
    pub fn new<'n>(taken: impl Iterator<Item = &'n str>) -> Self {
        Self { taken: taken.map(|name| (name.to_owned(), 0)).collect() }
    }

    /// `wanted`, with the least free `_1`, `_2`, ... after it if it is taken.
    fn claim(&mut self, wanted: String) -> String {
        let Some(mut number) = self.taken.get(&wanted).copied() else {
            self.taken.insert(wanted.clone(), 0);
            return wanted;
        };
        let name = loop {
            number += 1;
            let name = format!("{wanted}_{number}");
            if !self.taken.contains_key(&name) {
                break name;
            }
        };
        self.taken.insert(wanted, number);
        self.taken.insert(name.clone(), 0);
        name
    }
}

impl Cut<'_> {
    /// What the author calls node `id` here; a delayed copy is called by what it is a copy of.
    pub(super) fn called(&self, id: NodeId) -> Option<Called> {
        let (mut current, mut late) = (id, 0);
        loop {
            if let Some(called) = self.tables.called.get(current) {
                return Some(Called { age: called.age + late, ..called });
            }
            match (&self.layout.homes[current], &self.flat.nodes[current].op) {
                (Home::Readers(_), Op::Register { next: Some(next), .. }) => {
                    (current, late) = (*next, late + 1)
                }
                _ => return None,
            }
        }
    }

    /// What a node that its author calls so is named.
    pub(super) fn name(&self, Called { port, age, lane }: Called) -> String {
        let named = &self.layout.parts[self.part].ports[port];
        let one = named.signals.len() == 1;
        aged(if one { &named.name } else { &named.lanes[lane] }, age)
    }

    /// The ports of these nodes: those that the author names, in that order, then the others.
    pub(super) fn ports(
        &self,
        ids: impl Iterator<Item = NodeId>,
        otherwise: &str,
        names: &mut PortNames,
    ) -> Vec<Port> {
        let mut called: Vec<(Option<Called>, NodeId)> = ids.map(|id| (self.called(id), id)).collect();
        called.sort_by_key(|&(called, id)| (called.is_none(), called, id));
        let key = |called: &Option<Called>| called.map(|called| (called.port, called.age));
        let groups = called.chunk_by(|(a, _), (b, _)| self.packs && a.is_some() && key(a) == key(b));
        let port = |group: &[(Option<Called>, NodeId)]| {
            let node = &self.flat.nodes[group[0].1];
            let wanted = match group {
                [(Some(called), _)] => Some(self.name(*called)),
                [(None, _)] => node.name.clone().or(node.hint.clone()),
                [(Some(Called { port, age, .. }), _), ..] => {
                    Some(aged(&self.layout.parts[self.part].ports[*port].name, *age))
                }
                _ => None,
            };
            let name = names.claim(wanted.unwrap_or_else(|| otherwise.into()));
            Port { name, nodes: group.iter().map(|(_, id)| *id).collect() }
        };
        groups.map(port).collect()
    }

    /// The lanes of the ports that hold several nodes.
    pub(super) fn payloads<'p>(
        &self,
        ports: impl Iterator<Item = &'p Port>,
    ) -> BTreeMap<String, Vec<(String, Type)>> {
        let lane = |id: &NodeId| {
            let called = self.called(*id).expect("only ports with names hold several nodes");
            (self.name(called), self.flat.nodes[*id].ty.clone())
        };
        let several = ports.filter(|port| port.nodes.len() > 1);
        several.map(|port| (port.name.clone(), port.nodes.iter().map(lane).collect())).collect()
    }
}

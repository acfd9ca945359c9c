//! Where everything of a flat circuit stands, and what crosses the boundaries of its parts.

use super::node::{Circuit, NodeId};
use super::part::{Home, Part};
use std::collections::{BTreeMap, BTreeSet};

/// Where everything of a flat circuit stands.
pub(super) struct Layout {
    pub homes: Vec<Home>,
    pub memory_homes: Vec<usize>,
    pub instance_homes: Vec<usize>,
    pub parts: Vec<Part>,
}

/// Calls `f` with each node that is read and the part that reads it.
pub(super) fn for_each_read(
    flat: &Circuit,
    layout: &Layout,
    homes: &[usize],
    mut f: impl FnMut(NodeId, usize),
) {
    for (node, &home) in flat.nodes.iter().zip(homes) {
        node.op.operands().into_iter().for_each(|id| f(id, home));
    }
    for_each_use(flat, layout, f);
}

/// As [`for_each_read`], of what is no node: memories, instances and outputs.
fn for_each_use(flat: &Circuit, layout: &Layout, mut f: impl FnMut(NodeId, usize)) {
    for (memory, &home) in flat.memories.iter().zip(&layout.memory_homes) {
        let written = memory.write.iter().flat_map(|write| [write.enable, write.address, write.value]);
        written.for_each(|id| f(id, home));
    }
    for (instance, &home) in flat.instances.iter().zip(&layout.instance_homes) {
        instance.inputs.iter().for_each(|&id| f(id, home));
    }
    flat.outputs.iter().for_each(|output| f(output.node, 0));
}

impl Layout {
    fn depth(&self, mut part: usize) -> usize {
        let mut depth = 0;
        while part != 0 {
            (part, depth) = (self.parts[part].around, depth + 1);
        }
        depth
    }

    /// The innermost part that holds both.
    fn common(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.depth(a) < self.depth(b) {
                std::mem::swap(&mut a, &mut b);
            }
            a = self.parts[a].around;
        }
        a
    }

    /// The part of each node, now that all readers are known.
    pub fn settled(&self, flat: &Circuit) -> Vec<usize> {
        let mut readers: Vec<Option<usize>> = vec![None; self.homes.len()];
        let floats = |id: NodeId| matches!(self.homes[id], Home::Readers(_));
        let read = |readers: &mut Vec<Option<usize>>, id: NodeId, by: usize| {
            if floats(id) {
                readers[id] = Some(readers[id].map_or(by, |other| self.common(other, by)));
            }
        };
        for_each_use(flat, self, |id, by| read(&mut readers, id, by));
        for (node, home) in flat.nodes.iter().zip(&self.homes) {
            if let Home::Part(part) = home {
                node.op.operands().into_iter().for_each(|id| read(&mut readers, id, *part));
            }
        }
        let mut homes = vec![0; self.homes.len()];
        // A delayed copy of a delayed copy is made after it.
        for (id, home) in self.homes.iter().enumerate().rev() {
            homes[id] = match (home, readers[id]) {
                (Home::Part(part), _) => *part,
                (Home::Readers(part), Some(by)) if self.common(*part, by) == *part => by,
                (Home::Readers(part), _) => *part,
            };
            if floats(id) {
                flat.nodes[id].op.operands().into_iter().for_each(|a| read(&mut readers, a, homes[id]));
            }
        }
        homes
    }
}

/// How a part comes by a node of another.
#[derive(Clone, Copy)]
pub(super) enum Way {
    /// By an input.
    Around,
    /// By an output of a part inside it.
    Inside,
    /// By a copy: constants are where they are read.
    Copy,
}

/// Which nodes cross which boundaries.
pub(super) struct Crossings<'c> {
    pub homes: &'c [usize],
    pub parts: &'c [Part],
    pub is_constant: Vec<bool>,
    /// For each part, the nodes of others that are known in it.
    pub foreign: Vec<BTreeMap<NodeId, Way>>,
    /// For each part, the nodes that leave it.
    pub outputs: Vec<BTreeSet<NodeId>>,
}

impl Crossings<'_> {
    /// Makes node `id` known in part `to`.
    pub fn bring(&mut self, id: NodeId, to: usize) {
        if self.is_constant[id] {
            self.foreign[to].insert(id, Way::Copy);
        } else if self.homes[id] != to && !self.foreign[to].contains_key(&id) {
            match self.towards(to, self.homes[id]) {
                Some(child) => {
                    self.foreign[to].insert(id, Way::Inside);
                    self.bring(id, child);
                    self.outputs[child].insert(id);
                }
                None => {
                    self.foreign[to].insert(id, Way::Around);
                    self.bring(id, self.parts[to].around);
                }
            }
        }
    }

    /// The part right inside `part` that holds `inner`, or is it.
    fn towards(&self, part: usize, mut inner: usize) -> Option<usize> {
        while inner != 0 {
            let around = self.parts[inner].around;
            if around == part {
                return Some(inner);
            }
            inner = around;
        }
        None
    }
}

//! Where everything of a flat circuit stands, and what crosses the boundaries of its parts.

use super::node::{Circuit, NodeId, Op};
use super::part::{Home, Part};
use std::collections::HashMap;

/// Where everything of a flat circuit stands.
pub(super) struct Layout {
    pub homes: Vec<Home>,
    pub memory_homes: Vec<usize>,
    pub instance_homes: Vec<usize>,
    pub parts: Vec<Part>,
}

/// Calls `f` with each node that is read and the part that reads it.
fn for_each_read(flat: &Circuit, layout: &Layout, homes: &[usize], mut f: impl FnMut(NodeId, usize)) {
    for (node, &home) in flat.nodes.iter().zip(homes) {
        node.op.operands().for_each(|id| f(id, home));
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

    /// The innermost part between `inner` and `outer`, which is around it, that stands in none of those `naming` a node as their
    /// port: what an author calls a port is one.
    fn outside(&self, inner: usize, outer: usize, naming: &[usize]) -> usize {
        let (mut home, mut part) = (inner, inner);
        while part != outer {
            let around = self.parts[part].around;
            if naming.contains(&part) {
                home = around;
            }
            part = around;
        }
        home
    }

    /// The part of each node, now that all readers are known.
    fn settled(&self, flat: &Circuit) -> Vec<usize> {
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
                node.op.operands().for_each(|id| read(&mut readers, id, *part));
            }
        }
        let mut naming: HashMap<NodeId, Vec<usize>> = HashMap::new();
        for (part, Part { ports, .. }) in self.parts.iter().enumerate() {
            let named = ports.iter().flat_map(|port| &port.signals).filter(|id| **id < self.homes.len());
            named.filter(|id| floats(**id)).for_each(|id| naming.entry(*id).or_default().push(part));
        }
        let mut homes = vec![0; self.homes.len()];
        // A delayed copy of a delayed copy is made after it.
        for (id, home) in self.homes.iter().enumerate().rev() {
            homes[id] = match (home, readers[id]) {
                (Home::Part(part), _) => *part,
                (Home::Readers(part), Some(by)) if self.common(*part, by) == *part => {
                    self.outside(by, *part, naming.get(&id).map_or(&[], Vec::as_slice))
                }
                (Home::Readers(part), _) => *part,
            };
            if floats(id) {
                flat.nodes[id].op.operands().for_each(|a| read(&mut readers, a, homes[id]));
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

/// What stands in a part, and what crosses its boundary, each in the order of making.
#[derive(Clone, Default)]
pub(super) struct Contents {
    /// But constants: these are where they are read.
    pub nodes: Vec<NodeId>,
    pub memories: Vec<usize>,
    pub instances: Vec<usize>,
    /// Nodes of other parts that are known here.
    pub foreign: Vec<(NodeId, Way)>,
    /// Nodes that leave.
    pub outputs: Vec<NodeId>,
}

impl Layout {
    /// The contents of each part.
    pub fn contents(&self, flat: &Circuit) -> Vec<Contents> {
        let homes = self.settled(flat);
        let is_constant = |id: NodeId| matches!(flat.nodes[id].op, Op::Constant(_));
        let mut contents = vec![Contents::default(); self.parts.len()];
        for (id, &home) in homes.iter().enumerate().filter(|(id, _)| !is_constant(*id)) {
            contents[home].nodes.push(id);
        }
        for (index, &home) in self.memory_homes.iter().enumerate() {
            contents[home].memories.push(index);
        }
        for (index, &home) in self.instance_homes.iter().enumerate() {
            contents[home].instances.push(index);
        }
        let mut reads = Vec::new();
        for_each_read(flat, self, &homes, |id, reader| {
            if homes[id] != reader || is_constant(id) {
                reads.push((id, reader));
            }
        });
        // All reads of a node one after the other.
        reads.sort_unstable();
        for (id, reader) in reads {
            let from = (!is_constant(id)).then(|| homes[id]);
            self.bring(&mut contents, id, from, reader);
        }
        contents
    }

    /// Makes node `id` known in part `to`: from where it stands, or by a copy.
    fn bring(&self, contents: &mut [Contents], id: NodeId, from: Option<usize>, to: usize) {
        let known = contents[to].foreign.last().is_some_and(|(last, _)| *last == id);
        if known || from == Some(to) {
            return;
        }
        let (way, next) = match from.map(|home| self.towards(to, home)) {
            None => (Way::Copy, None),
            Some(Some(child)) => (Way::Inside, Some(child)),
            Some(None) => (Way::Around, Some(self.parts[to].around)),
        };
        contents[to].foreign.push((id, way));
        if let Some(next) = next {
            self.bring(contents, id, from, next);
        }
        if let (Way::Inside, Some(child)) = (way, next) {
            contents[child].outputs.push(id);
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

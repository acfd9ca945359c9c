//! The end of a description: sweeps what nothing reads, and reports every design rule that is broken.

use super::cut::{cut, instance_names};
use super::layout::Layout;
use super::module::{Module, Violation};
use super::node::{Circuit, Instance, Memory, Node, NodeId, Op, OutputPort};
use super::order::{order, seal};
use super::part::{Home, Part};
use super::stages::Latency;
use std::collections::{BTreeMap, HashMap};
use std::panic::Location;

/// The finished circuit of `module`, or all that is wrong with it.
pub(super) fn finish(module: Module) -> Result<Circuit, Vec<Violation>> {
    let described = Described {
        parts: module.parts.into_inner(),
        homes: module.homes.into_inner(),
        memory_homes: module.memory_homes.into_inner(),
        instance_homes: module.instance_homes.into_inner(),
        nodes: module.nodes.into_inner(),
        memories: module.memories.into_inner(),
        instances: module.instances.into_inner(),
        inputs: module.inputs.into_inner(),
        outputs: module.outputs.into_inner(),
    };
    let read = described.outputs.iter().map(|output| output.node);
    let read: Vec<NodeId> =
        read.chain(described.instances.iter().flat_map(|instance| instance.inputs.clone())).collect();
    let mut live = vec![false; described.nodes.len()];
    described.reach(&mut live, read);
    let mut meant = live.clone();
    described.reach(&mut meant, module.ignored.into_inner());
    let mut violations = described.unread(&meant);
    violations.extend(described.undriven(&live));
    violations.extend(described.clashes());
    if !violations.is_empty() {
        return Err(violations);
    }
    let (flat, layout) = described.swept(&live);
    let sealed = if layout.parts.len() > 1 { order(&flat).map(|_| cut(&flat, &layout)) } else { seal(flat) };
    let mut circuit = sealed.map_err(|violation| vec![violation])?;
    circuit.kept = module.kept.get();
    circuit.payloads = module.payloads.into_inner();
    circuit.frames = module.frames.into_inner();
    circuit.latency = Latency {
        outputs: module.stages.into_inner(),
        parts: module.crossing.into_inner(),
        pipelines: module.pipelines.into_inner(),
        entry: module.entries.into_inner().into_iter().min().unwrap_or(0),
    };
    Ok(circuit)
}

/// The name of a node for a message, if it has one; its line is there in any case.
fn quoted(node: &Node) -> String {
    node.name.as_deref().filter(|name| !name.is_empty()).map(|name| format!(" `{name}`")).unwrap_or_default()
}

/// What a module was described to be, its parts still in one.
struct Described {
    parts: Vec<Part>,
    homes: Vec<Home>,
    memory_homes: Vec<usize>,
    instance_homes: Vec<usize>,
    nodes: Vec<Node>,
    memories: Vec<Memory>,
    instances: Vec<Instance>,
    inputs: Vec<NodeId>,
    outputs: Vec<OutputPort>,
}

impl Described {
    fn violation(&self, part: usize, what: String, at: &'static Location<'static>) -> Violation {
        Violation { module: self.parts[part].name.clone(), what, at }
    }

    fn part_of(&self, id: NodeId) -> usize {
        let (Home::Part(part) | Home::Readers(part)) = self.homes[id];
        part
    }

    /// Adds to the `live` nodes all that one of `roots` depends on, in this cycle or an earlier one.
    fn reach(&self, live: &mut [bool], roots: Vec<NodeId>) {
        let mut open = roots;
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut live[id], true) {
                continue;
            }
            open.extend(self.nodes[id].op.operands());
            if let Op::Read { memory, .. } = self.nodes[id].op
                && let Some(write) = &self.memories[memory].write
            {
                open.extend([write.enable, write.address, write.value]);
            }
        }
    }

    fn read_memories(&self, live: &[bool]) -> Vec<bool> {
        let mut read = vec![false; self.memories.len()];
        for (node, _) in self.nodes.iter().zip(live).filter(|(_, live)| **live) {
            if let Op::Read { memory, .. } = node.op {
                read[memory] = true;
            }
        }
        read
    }

    fn unread(&self, live: &[bool]) -> Vec<Violation> {
        let nodes = self.nodes.iter().enumerate().filter(|(id, _)| !live[*id]);
        let nodes = nodes.filter_map(|(id, node)| {
            let what = match node.op {
                Op::Input => "input",
                Op::Register { .. } => "register",
                _ => return None,
            };
            Some(self.violation(self.part_of(id), format!("{what}{} is never read", quoted(node)), node.at))
        });
        let read = self.read_memories(live);
        let memories = self.memories.iter().enumerate().filter(|(index, _)| !read[*index]);
        let memories = memories.map(|(index, memory)| {
            let what = format!("memory `{}` is never read", memory.name);
            self.violation(self.memory_homes[index], what, memory.at)
        });
        nodes.chain(memories).collect()
    }

    fn undriven(&self, live: &[bool]) -> Vec<Violation> {
        let nodes = self.nodes.iter().enumerate().filter(|(id, _)| live[*id]);
        let registers = nodes.filter_map(|(id, node)| {
            let name = quoted(node);
            let what = match node.op {
                Op::Register { next: None, .. } => format!("register{name} has no next value"),
                Op::Wire { driver: None } => format!("nothing takes the stream of{name}"),
                _ => return None,
            };
            Some(self.violation(self.part_of(id), what, node.at))
        });
        let read = self.read_memories(live);
        let memories = self.memories.iter().enumerate();
        let memories = memories
            .filter(|(index, memory)| read[*index] && memory.init.is_none() && memory.write.is_none());
        let memories = memories.map(|(index, memory)| {
            let what = format!("memory `{}` is read but never written", memory.name);
            self.violation(self.memory_homes[index], what, memory.at)
        });
        let reads = |index: usize| {
            let is_read = |node: &&Node| matches!(node.op, Op::Read { memory, .. } if memory == index);
            self.nodes.iter().filter(is_read).count()
        };
        let large = self.memories.iter().enumerate();
        let large = large.filter(|(index, memory)| memory.is_large && reads(*index) > 1);
        let large = large.map(|(index, memory)| {
            let what = format!("memory `{}` has one port, but is read in several places", memory.name);
            self.violation(self.memory_homes[index], what, memory.at)
        });
        registers.chain(memories).chain(large).collect()
    }

    /// Ports keep their names in the Verilog, so each name is one port; those of parts are named around the others. Memories,
    /// and instances and parts, get another there where theirs is that of something else; no two of a kind have one name.
    fn clashes(&self) -> Vec<Violation> {
        let inputs = self.inputs.iter().map(|&id| {
            let node = &self.nodes[id];
            (0, "input", node.name.clone().unwrap_or_default(), node.at)
        });
        let outputs =
            self.outputs.iter().map(|output| (0, "output", output.name.clone(), self.nodes[output.node].at));
        let memories = self.memories.iter().zip(&self.memory_homes);
        let memories = memories.map(|(memory, &part)| (part, "memory", memory.name.clone(), memory.at));
        let instances = self.instances.iter().zip(&self.instance_homes);
        let instances =
            instances.map(|(instance, &part)| (part, "instance", instance.name.clone(), instance.at));
        let names = instance_names(&self.parts);
        let parts = self.parts.iter().zip(names).skip(1);
        let parts = parts.map(|(part, name)| (part.around, "part", name, part.at));
        let mut known = HashMap::new();
        for part in 0..self.parts.len() {
            known.insert((part, 0, "clk".to_string()), "the clock");
            known.insert((part, 0, "rst".to_string()), "the reset");
        }
        let ports = inputs.chain(outputs).map(|port| (0, port));
        let inside = memories.map(|memory| (1, memory)).chain(instances.chain(parts).map(|inner| (2, inner)));
        let mut violations = Vec::new();
        for (group, (part, kind, name, at)) in ports.chain(inside) {
            let text = format!("{kind} `{name}` has the name of");
            match known.insert((part, group, name), kind) {
                Some(other @ ("the clock" | "the reset")) => {
                    violations.push(self.violation(part, format!("{text} {other}"), at));
                }
                Some(other) => violations.push(self.violation(part, format!("{text} another {other}"), at)),
                None => {}
            }
        }
        violations
    }

    /// The circuit of the live nodes and the inputs, neither sealed nor cut, and where each of them stands.
    fn swept(self, live: &[bool]) -> (Circuit, Layout) {
        let kept: Vec<NodeId> =
            (0..self.nodes.len()).filter(|&id| live[id] || matches!(self.nodes[id].op, Op::Input)).collect();
        let mut place = vec![usize::MAX; self.nodes.len()];
        kept.iter().enumerate().for_each(|(new, &old)| place[old] = new);
        let read = self.read_memories(live);
        let mut memory_place = vec![usize::MAX; self.memories.len()];
        (0..read.len()).filter(|&old| read[old]).enumerate().for_each(|(new, old)| memory_place[old] = new);

        let mut nodes = Vec::with_capacity(kept.len());
        for (mut node, _) in self.nodes.into_iter().zip(&place).filter(|(_, place)| **place != usize::MAX) {
            node.op.for_each_operand(|operand| *operand = place[*operand]);
            if let Op::Read { memory, .. } = &mut node.op {
                *memory = memory_place[*memory];
            }
            nodes.push(node);
        }
        let mut memories = self.memories;
        let mut index = 0..;
        memories.retain(|_| index.next().is_some_and(|index: usize| read[index]));
        for write in memories.iter_mut().filter_map(|memory| memory.write.as_mut()) {
            for id in [&mut write.enable, &mut write.address, &mut write.value] {
                *id = place[*id];
            }
        }
        let mut instances = self.instances;
        instances.iter_mut().flat_map(|instance| &mut instance.inputs).for_each(|id| *id = place[*id]);
        let mut outputs = self.outputs;
        outputs.iter_mut().for_each(|output| output.node = place[output.node]);
        let mut parts = self.parts;
        // A name of what nothing reads is that of no node.
        let named = parts.iter_mut().flat_map(|part| &mut part.ports).flat_map(|port| &mut port.signals);
        named.for_each(|id| *id = place[*id]);
        let circuit = Circuit {
            name: parts[0].name.clone(),
            doc: parts[0].doc.clone(),
            payloads: BTreeMap::new(),
            frames: BTreeMap::new(),
            nodes,
            memories,
            instances,
            inputs: self.inputs.iter().map(|&id| place[id]).collect(),
            outputs,
            order: Vec::new(),
            paths: Vec::new(),
            clocked: false,
            kept: false,
            latency: Latency::default(),
        };
        let memory_homes = self.memory_homes.iter().zip(&read).filter(|(_, read)| **read);
        let layout = Layout {
            homes: kept.iter().map(|&old| self.homes[old]).collect(),
            memory_homes: memory_homes.map(|(home, _)| *home).collect(),
            instance_homes: self.instance_homes,
            parts,
        };
        (circuit, layout)
    }
}

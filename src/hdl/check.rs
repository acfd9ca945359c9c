//! The end of a description: sweeps what nothing reads, and reports every design rule that is broken.

use super::module::{Module, Violation};
use super::node::{Circuit, Definition, Instance, Memory, Node, NodeId, Op, OutputPort};
use std::collections::{BTreeSet, HashMap};
use std::panic::Location;

/// The finished circuit of `module`, or all that is wrong with it.
pub(super) fn finish(module: Module) -> Result<Circuit, Vec<Violation>> {
    let parts = Parts {
        name: module.name,
        nodes: module.nodes.into_inner(),
        memories: module.memories.into_inner(),
        instances: module.instances.into_inner(),
        inputs: module.inputs.into_inner(),
        outputs: module.outputs.into_inner(),
    };
    let read = parts.outputs.iter().map(|output| output.node);
    let read: Vec<NodeId> =
        read.chain(parts.instances.iter().flat_map(|instance| instance.inputs.clone())).collect();
    let live = parts.reachable(read.clone());
    let meant = parts.reachable(read.into_iter().chain(module.ignored.into_inner()).collect());
    let mut violations = parts.unread(&meant);
    violations.extend(parts.undriven(&live));
    violations.extend(parts.clashes());
    if !violations.is_empty() {
        return Err(violations);
    }
    let mut circuit = parts.circuit(module.doc.into_inner(), &live);
    circuit.kept = module.kept.get();
    circuit.order = order(&circuit).map_err(|violation| vec![violation])?;
    Ok(circuit)
}

/// What a module was described to be.
struct Parts {
    name: String,
    nodes: Vec<Node>,
    memories: Vec<Memory>,
    instances: Vec<Instance>,
    inputs: Vec<NodeId>,
    outputs: Vec<OutputPort>,
}

impl Parts {
    fn violation(&self, what: String, at: &'static Location<'static>) -> Violation {
        Violation { module: self.name.clone(), what, at }
    }

    /// For each node whether one of `roots` depends on it, in this cycle or an earlier one.
    fn reachable(&self, roots: Vec<NodeId>) -> Vec<bool> {
        let mut live = vec![false; self.nodes.len()];
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
        live
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
        let nodes = self.nodes.iter().zip(live).filter(|(_, live)| !**live);
        let nodes = nodes.filter_map(|(node, _)| {
            let what = match node.op {
                Op::Input => "input",
                Op::Register { .. } => "register",
                _ => return None,
            };
            let name = node.name.as_deref().map(|name| format!(" `{name}`")).unwrap_or_default();
            Some(self.violation(format!("{what}{name} is never read"), node.at))
        });
        let read = self.read_memories(live);
        let memories = self.memories.iter().zip(read).filter(|(_, read)| !read);
        let memories = memories
            .map(|(memory, _)| self.violation(format!("memory `{}` is never read", memory.name), memory.at));
        nodes.chain(memories).collect()
    }

    fn undriven(&self, live: &[bool]) -> Vec<Violation> {
        let nodes = self.nodes.iter().zip(live).filter(|(_, live)| **live).map(|(node, _)| node);
        let registers = nodes.filter_map(|node| {
            let name = node.name.as_deref().unwrap_or_default();
            let what = match node.op {
                Op::Register { next: None, .. } => format!("register `{name}` has no next value"),
                Op::Wire { driver: None } => format!("nothing takes the stream of `{name}`"),
                _ => return None,
            };
            Some(self.violation(what, node.at))
        });
        let read = self.read_memories(live);
        let memories = self
            .memories
            .iter()
            .zip(read)
            .filter(|(memory, read)| *read && memory.init.is_none() && memory.write.is_none());
        let memories = memories.map(|(memory, _)| {
            self.violation(format!("memory `{}` is read but never written", memory.name), memory.at)
        });
        registers.chain(memories).collect()
    }

    /// Ports, memories and instances keep their names in the Verilog, so each name is one thing.
    fn clashes(&self) -> Vec<Violation> {
        let inputs = self.inputs.iter().map(|&id| {
            let node = &self.nodes[id];
            ("input", node.name.clone().unwrap_or_default(), node.at)
        });
        let outputs =
            self.outputs.iter().map(|output| ("output", output.name.clone(), self.nodes[output.node].at));
        let memories = self.memories.iter().map(|memory| ("memory", memory.name.clone(), memory.at));
        let instances =
            self.instances.iter().map(|instance| ("instance", instance.name.clone(), instance.at));
        let mut known = HashMap::from([("clk".to_string(), "the clock"), ("rst".to_string(), "the reset")]);
        let mut violations = Vec::new();
        for (kind, name, at) in inputs.chain(outputs).chain(memories).chain(instances) {
            let text = format!("{kind} `{name}` has the name of");
            match known.insert(name, kind) {
                Some(other @ ("the clock" | "the reset")) => {
                    violations.push(self.violation(format!("{text} {other}"), at));
                }
                Some(other) => violations.push(self.violation(format!("{text} another {other}"), at)),
                None => {}
            }
        }
        violations
    }

    /// The circuit of the live nodes and the inputs, not yet in order.
    fn circuit(self, doc: String, live: &[bool]) -> Circuit {
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
        let inputs: Vec<NodeId> = self.inputs.iter().map(|&id| place[id]).collect();

        let paths = paths(&nodes, &instances, &inputs, &outputs);
        let clocked = !memories.is_empty()
            || nodes.iter().any(|node| node.op.is_state())
            || instances.iter().any(|instance| instance.definition.is_clocked());
        let order = Vec::new();
        Circuit {
            name: self.name,
            doc,
            nodes,
            memories,
            instances,
            inputs,
            outputs,
            order,
            paths,
            clocked,
            kept: false,
        }
    }
}

impl Definition {
    pub(super) fn is_clocked(&self) -> bool {
        match self {
            Definition::Circuit(circuit) => circuit.clocked,
            Definition::BlackBox(black_box) => black_box.clocked,
        }
    }

    /// The inputs that output `port` depends on within one clock cycle.
    fn path(&self, port: usize) -> Vec<usize> {
        match self {
            Definition::Circuit(circuit) => circuit.paths[port].clone(),
            Definition::BlackBox(black_box) if black_box.clocked => Vec::new(),
            Definition::BlackBox(black_box) => (0..black_box.inputs.len()).collect(),
        }
    }
}

/// What the value of `node` depends on within one clock cycle.
fn needs(nodes: &[Node], instances: &[Instance], node: NodeId) -> Vec<NodeId> {
    match &nodes[node].op {
        Op::Output { instance, port } => {
            let instance = &instances[*instance];
            instance.definition.path(*port).into_iter().map(|input| instance.inputs[input]).collect()
        }
        op if op.is_state() => Vec::new(),
        op => op.operands(),
    }
}

/// Every node behind those that it depends on within one clock cycle, otherwise in the order of making; or the loop.
fn order(circuit: &Circuit) -> Result<Vec<NodeId>, Violation> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let (nodes, instances) = (&circuit.nodes, &circuit.instances);
    let mut state = vec![State::New; nodes.len()];
    let mut order = Vec::with_capacity(nodes.len());
    let mut path: Vec<(NodeId, std::vec::IntoIter<NodeId>)> = Vec::new();
    for root in 0..nodes.len() {
        if state[root] == State::New {
            state[root] = State::Open;
            path.push((root, needs(nodes, instances, root).into_iter()));
        }
        while let Some((node, rest)) = path.last_mut() {
            match rest.next() {
                Some(next) if state[next] == State::New => {
                    state[next] = State::Open;
                    path.push((next, needs(nodes, instances, next).into_iter()));
                }
                Some(next) if state[next] == State::Open => {
                    let start = path.iter().position(|(node, _)| *node == next).unwrap_or(0);
                    let names = path[start..].iter().filter_map(|(node, _)| nodes[*node].name.clone());
                    let names: Vec<String> = names.collect();
                    let what = format!(
                        "a loop without a register through {}; break it with `spill`",
                        names.join(", ")
                    );
                    return Err(Violation { module: circuit.name.clone(), what, at: nodes[next].at });
                }
                Some(_) => {}
                None => {
                    state[*node] = State::Done;
                    order.push(*node);
                    path.pop();
                }
            }
        }
    }
    Ok(order)
}

/// For each output the inputs that it depends on within one clock cycle.
fn paths(
    nodes: &[Node],
    instances: &[Instance],
    inputs: &[NodeId],
    outputs: &[OutputPort],
) -> Vec<Vec<usize>> {
    let position: HashMap<NodeId, usize> =
        inputs.iter().enumerate().map(|(place, &id)| (id, place)).collect();
    let reach = |output: &OutputPort| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![output.node]);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(needs(nodes, instances, id));
            }
        }
        let inputs: BTreeSet<usize> = seen.iter().filter_map(|id| position.get(id).copied()).collect();
        inputs.into_iter().collect()
    };
    outputs.iter().map(reach).collect()
}

//! What depends on what within a clock cycle: an order of evaluation, or a loop.

use super::module::Violation;
use super::node::{Circuit, Definition, Instance, Node, NodeId, Op, OutputPort};
use std::collections::{BTreeSet, HashMap};

/// `circuit` with what follows from its nodes: its order, its paths, and whether it has state.
///
/// # Errors
/// A loop without a register.
pub(super) fn seal(mut circuit: Circuit) -> Result<Circuit, Violation> {
    circuit.order = order(&circuit)?;
    circuit.paths = paths(&circuit.nodes, &circuit.instances, &circuit.inputs, &circuit.outputs);
    circuit.clocked |= !circuit.memories.is_empty()
        || circuit.nodes.iter().any(|node| node.op.is_state())
        || circuit.instances.iter().any(|instance| instance.definition.is_clocked());
    Ok(circuit)
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
pub(super) fn order(circuit: &Circuit) -> Result<Vec<NodeId>, Violation> {
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

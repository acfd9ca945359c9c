//! What depends on what within a clock cycle: an order of evaluation, or a loop.

use super::module::Violation;
use super::node::{Circuit, Definition, Instance, Node, NodeId, Op, OutputPort};

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
}

/// Calls `f` with each node that the value of `node` depends on within one clock cycle.
fn for_each_need(nodes: &[Node], instances: &[Instance], node: NodeId, f: impl FnMut(NodeId)) {
    match &nodes[node].op {
        Op::Output { instance, port } => {
            let Instance { definition, inputs, .. } = &instances[*instance];
            match definition {
                Definition::Circuit(circuit) => {
                    circuit.paths[*port].iter().map(|&input| inputs[input]).for_each(f);
                }
                Definition::BlackBox(black_box) if black_box.clocked => {}
                Definition::BlackBox(_) => inputs.iter().copied().for_each(f),
            }
        }
        op if op.is_state() => {}
        op => op.operands().for_each(f),
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
    // A node that is open stands below what it needs, and is done when it is met again.
    let mut stack: Vec<(NodeId, bool)> = Vec::new();
    for root in 0..nodes.len() {
        stack.push((root, false));
        while let Some((node, open)) = stack.pop() {
            match state[node] {
                State::New => {
                    state[node] = State::Open;
                    stack.push((node, true));
                    let needed = stack.len();
                    for_each_need(nodes, instances, node, |next| stack.push((next, false)));
                    stack[needed..].reverse();
                }
                State::Open if open => {
                    state[node] = State::Done;
                    order.push(node);
                }
                State::Open => {
                    let path = stack.iter().filter(|(_, open)| *open).skip_while(|(id, _)| *id != node);
                    let names: Vec<&str> = path.filter_map(|(id, _)| nodes[*id].name.as_deref()).collect();
                    let what = format!(
                        "a loop without a register through {}; break it with `spill`",
                        names.join(", ")
                    );
                    return Err(Violation { module: circuit.name.clone(), what, at: nodes[node].at });
                }
                State::Done => {}
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
    // For each node the last output that was found to depend on it.
    let mut reached = vec![usize::MAX; nodes.len()];
    let mut open = Vec::new();
    let mut reach = |(index, output): (usize, &OutputPort)| {
        open.push(output.node);
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut reached[id], index) != index {
                for_each_need(nodes, instances, id, |need| open.push(need));
            }
        }
        (0..inputs.len()).filter(|&input| reached[inputs[input]] == index).collect()
    };
    outputs.iter().enumerate().map(&mut reach).collect()
}

//! A circuit and all circuits inside it as one list of nodes, in an order of evaluation.

use super::interpret::InterpretError;
use super::node::{Circuit, Definition, Memory, Node, NodeId, Op};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// One instance of a circuit. Its node `id` is node `base + id` of the whole.
pub struct Scope {
    /// The names of the instances that lead to it, each with a dot behind it.
    pub path: String,
    pub body: Arc<Body>,
    pub base: usize,
}

/// What a circuit holds besides its instances, shared by all instances of it. A [`Circuit`] stays in its thread; this
/// lets one that runs go to another.
pub struct Body {
    pub nodes: Vec<Node>,
    pub memories: Vec<Memory>,
}

/// An instance while the whole is put together.
struct Within {
    path: String,
    circuit: Rc<Circuit>,
    base: usize,
    /// The scope of each instance.
    children: Vec<usize>,
    /// For each input, the node of the whole that it is connected to; none in the top.
    drivers: Vec<usize>,
}

/// Where a node of the whole is, and the node that it copies, if it is a port of an inner instance.
#[derive(Clone, Copy)]
pub struct Place {
    pub scope: usize,
    pub node: NodeId,
    pub source: Option<usize>,
}

pub struct Flat {
    pub scopes: Vec<Scope>,
    /// Every node of the whole.
    pub places: Vec<Place>,
    /// Every node once, behind those that its value in the same cycle depends on.
    pub order: Vec<usize>,
}

/// # Errors
/// If a black box is inside.
pub fn flatten(top: Rc<Circuit>) -> Result<Flat, InterpretError> {
    let mut scopes: Vec<Within> = Vec::new();
    let mut nodes = 0;
    add_scope(top, String::new(), Vec::new(), &mut scopes, &mut nodes)?;
    let mut places = Vec::with_capacity(nodes);
    for (index, scope) in scopes.iter().enumerate() {
        let first = places.len();
        places.extend((0..scope.circuit.nodes.len()).map(|node| Place { scope: index, node, source: None }));
        for (&input, &driver) in scope.circuit.inputs.iter().zip(&scope.drivers) {
            places[first + input].source = Some(driver);
        }
        for (id, node) in scope.circuit.nodes.iter().enumerate() {
            if let Op::Output { instance, port } = node.op {
                let child = &scopes[scope.children[instance]];
                places[first + id].source = Some(child.base + child.circuit.outputs[port].node);
            }
        }
    }
    let order = order(&scopes, &places);
    Ok(Flat { scopes: with_bodies(scopes), places, order })
}

/// The scopes with one body for all instances of a circuit.
fn with_bodies(scopes: Vec<Within>) -> Vec<Scope> {
    let mut bodies: HashMap<*const Circuit, Arc<Body>> = HashMap::new();
    let of = |circuit: &Circuit| {
        Arc::new(Body { nodes: circuit.nodes.clone(), memories: circuit.memories.clone() })
    };
    let scope = |Within { path, circuit, base, .. }: &Within| {
        let body = bodies.entry(Rc::as_ptr(circuit)).or_insert_with(|| of(circuit)).clone();
        Scope { path: path.clone(), body, base: *base }
    };
    scopes.iter().map(scope).collect()
}

fn add_scope(
    circuit: Rc<Circuit>,
    path: String,
    drivers: Vec<usize>,
    scopes: &mut Vec<Within>,
    nodes: &mut usize,
) -> Result<usize, InterpretError> {
    let (index, base) = (scopes.len(), *nodes);
    *nodes += circuit.nodes.len();
    scopes.push(Within { path: path.clone(), circuit: circuit.clone(), base, children: Vec::new(), drivers });
    for instance in &circuit.instances {
        let name = format!("{path}{}", instance.name);
        let child = match &instance.definition {
            Definition::Circuit(inner) => {
                let drivers = instance.inputs.iter().map(|id| base + id).collect();
                add_scope(inner.clone(), format!("{name}."), drivers, scopes, nodes)?
            }
            Definition::BlackBox(black_box) => {
                return Err(InterpretError::BlackBox { instance: name, module: black_box.name.clone() });
            }
        };
        scopes[index].children.push(child);
    }
    Ok(index)
}

/// The nodes in the order of a depth-first walk along what they depend on in the same cycle.
fn order(scopes: &[Within], places: &[Place]) -> Vec<usize> {
    let needs = |flat: usize| -> Vec<usize> {
        let place = places[flat];
        let scope = &scopes[place.scope];
        let op = &scope.circuit.nodes[place.node].op;
        match place.source {
            Some(source) => vec![source],
            None if op.is_state() => Vec::new(),
            None => op.operands().map(|id| scope.base + id).collect(),
        }
    };
    let mut order = Vec::with_capacity(places.len());
    let mut seen = vec![false; places.len()];
    let mut path: Vec<(usize, std::vec::IntoIter<usize>)> = Vec::new();
    for root in 0..places.len() {
        if !std::mem::replace(&mut seen[root], true) {
            path.push((root, needs(root).into_iter()));
        }
        while let Some((node, rest)) = path.last_mut() {
            match rest.next() {
                Some(next) if !std::mem::replace(&mut seen[next], true) => {
                    path.push((next, needs(next).into_iter()));
                }
                Some(_) => {}
                None => {
                    order.push(*node);
                    path.pop();
                }
            }
        }
    }
    order
}

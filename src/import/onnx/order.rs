//! Nodes in an order in which each comes after what it takes.

use super::node::Node;
use crate::import::error::Problem;
use std::collections::HashMap;

/// The nodes, those of one time in their order in the file.
///
/// # Errors
/// The nodes of which there is no order, since they wait for each other.
pub fn in_order(nodes: Vec<Node>) -> Result<Vec<Node>, Vec<Problem>> {
    let mut makers = HashMap::new();
    for (index, node) in nodes.iter().enumerate() {
        makers.extend(node.outputs.iter().filter(|name| !name.is_empty()).map(|name| (name.clone(), index)));
    }
    let mut takers = vec![Vec::new(); nodes.len()];
    let mut missing = vec![0; nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        for maker in node.inputs.iter().filter_map(|name| makers.get(name)) {
            takers[*maker].push(index);
            missing[index] += 1;
        }
    }
    let mut ready: std::collections::BTreeSet<usize> =
        (0..nodes.len()).filter(|index| missing[*index] == 0).collect();
    let mut order = Vec::new();
    while let Some(index) = ready.pop_first() {
        order.push(index);
        for taker in &takers[index] {
            missing[*taker] -= 1;
            if missing[*taker] == 0 {
                ready.insert(*taker);
            }
        }
    }
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let ordered = order.into_iter().filter_map(|index| nodes[index].take()).collect();
    let circle: Vec<String> = nodes.iter().flatten().map(Node::shown).collect();
    match circle.first() {
        None => Ok(ordered),
        Some(first) => {
            let why = format!(
                "it waits for its own output, with {} other nodes; export the model again",
                circle.len() - 1
            );
            Err(vec![Problem::new(first, why)])
        }
    }
}

//! What an array takes, for datapaths that have one.

use super::{WeightKind, constant_facts};
use crate::blocks::{MacArray, Weights};
use crate::datapath::{ArrayWork, Footprint};
use crate::hdl::Timing;

/// The products and the weights: about 18 look-up tables for a product of activations of 8 bits.
pub fn array_footprint(array: &MacArray, kind: &dyn WeightKind) -> Footprint {
    let products = (array.groups() * kind.products()) as u128;
    let lut4 = match array.weights {
        Weights::Constant(_) => 0,
        _ => products * u128::from(2 * (array.input.width() + 1)),
    };
    let denser = match array.weights {
        Weights::Memory(_) => kind.denser().into_iter().collect(),
        _ => Vec::new(),
    };
    let cycles = (array.steps() * array.vectors) as u64;
    Footprint { lut4, denser, cycles, ..Footprint::default() }.with_memory(array.memory_bits() as u128)
}

/// What it multiplies in a frame, if its weights lie in memory.
pub fn array_work(array: &MacArray, kind: &dyn WeightKind) -> Vec<ArrayWork> {
    let Weights::Memory(_) = array.weights else { return Vec::new() };
    vec![ArrayWork {
        name: String::new(),
        products: (array.groups() * kind.products()) as u64,
        cycles: (array.steps() * array.vectors) as u64,
        weight_bits: u64::from(kind.word_bits(array.groups())),
    }]
}

/// How it multiplies, for reports.
pub fn array_facts(array: &MacArray, kind: &dyn WeightKind, timing: Timing) -> Vec<(String, String)> {
    if let Weights::Constant(graph) = &array.weights {
        return constant_facts(graph, timing);
    }
    let (folding, products) = (&array.folding, array.groups() * kind.products());
    let beat = format!(
        "{products}: {} of {} rows, {} of {} columns",
        folding.parallel_rows, folding.rows, folding.lanes, folding.columns
    );
    let mut facts = vec![("products a cycle".to_string(), beat)];
    facts.extend(kind.facts());
    if let Weights::Memory(_) = &array.weights {
        facts.push(("weight memory".into(), format!("{} bits", array.memory_bits())));
    }
    facts
}

//! Which products get the DSP blocks of a board that has too few of them.

use crate::device::Family;
use crate::estimate::product_dsp;
use crate::hdl::{Circuit, HardProducts};

/// What `circuit`, in which all products have the DSP blocks that they want, is to be made with where there are `there` of them: the
/// products that would take the most look-up tables get them, the first of those that are alike. Products that are wider than a block get
/// none. None if there are enough.
pub fn shared_out(circuit: &Circuit, family: Family, there: u64) -> Option<HardProducts> {
    let products = circuit.products();
    let wanted = products.iter().map(|(a, b)| (HardProducts::rank(a, b), product_dsp(family, a, b)));
    let wanted: Vec<(u32, u64)> = wanted.filter(|(_, blocks)| *blocks > 0).collect();
    if wanted.iter().map(|(_, blocks)| blocks).sum::<u64>() <= there {
        return None;
    }
    if there == 0 {
        return Some(HardProducts::NONE);
    }
    let mut ranks: Vec<u32> =
        wanted.iter().filter(|(_, blocks)| *blocks == 1).map(|(rank, _)| *rank).collect();
    ranks.sort_unstable_by_key(|rank| std::cmp::Reverse(*rank));
    let bits = ranks.get(there as usize).copied().unwrap_or(0);
    let larger = ranks.iter().filter(|rank| **rank > bits).count() as u64;
    Some(HardProducts { bits, of_these: if bits == 0 { 0 } else { there - larger } })
}

//! How long operations take, for the pipeliner, by the delays of an FPGA family, and the time that a stage may take.

use super::node::{Circuit, Comparison, Definition, Instance, Node, NodeId, Op};
use super::range::Range;
use crate::device::{Delays, Family, HardMultiplier, Numbers};

/// Which products get a hard multiplier where a device has too few: those whose factors' numbers of bits have a larger product than
/// `bits`, and so many of those that have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HardProducts {
    pub bits: u32,
    pub of_these: u64,
}

impl HardProducts {
    /// No product at all.
    pub const NONE: Self = Self { bits: u32::MAX, of_these: 0 };

    /// What products of integers in `a` and `b` are ranked by: the look-up tables that they would take grow with it.
    pub fn rank(a: &Range, b: &Range) -> u32 {
        a.width() * b.width()
    }
}

/// What the pipeliner aims at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// None where operations are counted in levels, or not at all.
    family: Option<Family>,
    delays: Delays,
    /// None where every product gets a hard multiplier that one takes.
    products: Option<HardProducts>,
    /// What the operations between two registers may take together.
    budget: f64,
    /// Whether results leave a `map` through registers.
    registered: bool,
}

impl Timing {
    /// No stage but those of memories.
    pub fn combinational() -> Self {
        let budget = f64::INFINITY;
        Self { family: None, delays: Delays::default(), products: None, budget, registered: false }
    }

    /// Stages of at most `levels` operations, each of which counts one; wiring counts none.
    ///
    /// # Panics
    /// If `levels` is 0.
    #[track_caller]
    pub fn levels(levels: u32) -> Self {
        assert!(levels > 0, "a stage has at least 1 level");
        let budget = f64::from(levels);
        Self { family: None, delays: Delays::levels(), products: None, budget, registered: true }
    }

    /// Stages for a clock of `frequency_mhz` on `family`. An operation that takes longer than a clock cycle gets a stage of its
    /// own.
    pub fn clock(family: Family, frequency_mhz: f64) -> Self {
        let &Numbers { delays, .. } = family.numbers();
        let budget = 1000.0 / frequency_mhz - delays.register;
        Self { family: Some(family), delays, products: None, budget, registered: true }
    }

    /// The same where not every product gets a hard multiplier.
    pub fn with_products(self, products: HardProducts) -> Self {
        Self { products: Some(products), ..self }
    }

    /// The family whose delays these are, if any. Datapaths whose best form depends on the family ask for it.
    pub fn family(&self) -> Option<Family> {
        self.family
    }

    /// Whether the family has large memories of one port: SPRAM.
    pub fn has_large_memory(&self) -> bool {
        self.family.is_some_and(|family| family.numbers().large_memory.is_some())
    }

    /// Whether a product of integers in `a` and `b` may be a `*`, and fits in a stage.
    pub fn multiplies(&self, a: &Range, b: &Range) -> bool {
        !self.is_short_of_multipliers(a, b) && self.fits(self.product(a, b))
    }

    /// Whether products of integers in `a` and `b` may not be a `*` as hard multipliers are too few: synthesis would take one.
    fn is_short_of_multipliers(&self, a: &Range, b: &Range) -> bool {
        self.multiplier().is_some() && self.products.is_some() && !self.has_hard_multiplier(a, b)
    }

    /// Whether every product of integers in `a` and `b` gets a hard multiplier of the family: one takes it, and there are enough.
    pub fn has_hard_multiplier(&self, a: &Range, b: &Range) -> bool {
        let enough = self.products.is_none_or(|products| HardProducts::rank(a, b) > products.bits);
        enough && self.hard_multiplier(a, b).is_some()
    }

    /// How many products get one within a clock cycle, of those that are like that of integers in `a` and `b`, where not all do.
    pub(super) fn some_hard_multipliers(&self, a: &Range, b: &Range) -> u64 {
        let like = self.products.filter(|products| HardProducts::rank(a, b) == products.bits);
        let fits = |multiplier: HardMultiplier| self.fits(multiplier.delay);
        like.filter(|_| self.hard_multiplier(a, b).is_some_and(fits)).map_or(0, |products| products.of_these)
    }

    /// Whether a word of `x` that a memory gives is compared, and the next address chosen, within a clock cycle.
    pub fn searches(&self, x: &Range) -> bool {
        let Delays { lut, carry_start, carry_bit, memory, .. } = self.delays;
        self.fits(memory + carry_start + f64::from(x.width()) * carry_bit + lut)
    }

    fn multiplier(&self) -> Option<HardMultiplier> {
        self.family.and_then(|family| family.numbers().multiplier)
    }

    /// The family's hard multiplier, if it takes a product of integers in `a` and `b`.
    fn hard_multiplier(&self, a: &Range, b: &Range) -> Option<HardMultiplier> {
        // Its inputs are both signed or both unsigned.
        let signed = a.is_signed() || b.is_signed();
        let width = |factor: &Range| factor.width() + u32::from(signed && !factor.is_signed());
        // Of what is smaller synthesis makes look-up tables.
        let (least, bits) = (a.width().min(b.width()), a.width() + b.width());
        let large = |of: &HardMultiplier| least >= of.least && bits >= of.least_product;
        let fits = |of: &HardMultiplier| width(a).max(width(b)) <= of.width;
        self.multiplier().filter(|multiplier| fits(multiplier) && large(multiplier))
    }

    fn product(&self, a: &Range, b: &Range) -> f64 {
        let Delays { multiply_start, multiply_bit, .. } = self.delays;
        match self.hard_multiplier(a, b) {
            Some(multiplier) => multiplier.delay,
            None => multiply_start + f64::from(a.width() + b.width()) * multiply_bit,
        }
    }

    pub(super) fn fits(&self, delay: f64) -> bool {
        // Sums of a few delays are exact only up to rounding.
        delay <= self.budget * (1.0 + 1e-9)
    }

    pub(super) fn registered(&self) -> bool {
        self.registered
    }

    pub(super) fn memory(&self) -> f64 {
        self.delays.memory
    }

    /// What node `id` of `nodes` takes from its operands' values to its own.
    pub(super) fn delay(&self, nodes: &[Node], instances: &[Instance], id: NodeId) -> f64 {
        let Delays { lut, carry_start, carry_bit, .. } = self.delays;
        let width = |id: NodeId| nodes[id].ty.width();
        let carry = |bits: u32| carry_start + f64::from(bits) * carry_bit;
        match &nodes[id].op {
            Op::Sub(a, _) if is_minus_one(&nodes[*a].op) => lut,
            Op::Add(..) | Op::Sub(..) | Op::Adder { .. } => carry(width(id)),
            &Op::Compare(Comparison::Lt | Comparison::Le, a, b) => carry(width(a).max(width(b))),
            &Op::Compare(_, a, b) => {
                // Two bits of each operand a table, then tables of four.
                let pairs = width(a).max(width(b)).div_ceil(2);
                lut * (1.0 + f64::from(pairs).log(4.0).ceil())
            }
            &Op::Clamp(a) => carry(width(a)) + lut,
            &Op::Mul(a, b) => self.product(&nodes[a].ty.range(), &nodes[b].ty.range()),
            Op::Mux { .. } | Op::Not(_) | Op::And(..) | Op::Or(..) | Op::Xor(..) => lut,
            Op::Output { instance, .. } => match &instances[*instance].definition {
                Definition::Circuit(circuit) => self.longest_path(circuit),
                Definition::BlackBox(_) => lut,
            },
            _ => 0.0,
        }
    }

    /// The longest path through `circuit`, from its inputs to any of its outputs.
    fn longest_path(&self, circuit: &Circuit) -> f64 {
        let mut arrival = vec![0.0f64; circuit.nodes.len()];
        for &node in &circuit.order {
            let op = &circuit.nodes[node].op;
            if !op.is_state() {
                let from = op.operands().map(|operand| arrival[operand]).fold(0.0, f64::max);
                arrival[node] = from + self.delay(&circuit.nodes, &circuit.instances, node);
            }
        }
        circuit.outputs.iter().map(|output| arrival[output.node]).fold(0.0, f64::max)
    }
}

/// Whether `a - b` with this as `a` is the complement of `b`.
fn is_minus_one(op: &Op) -> bool {
    matches!(op, Op::Constant(value) if *value == (-1).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{signed, unsigned};

    #[test]
    fn a_hard_multiplier_has_inputs_of_one_kind() {
        let timing = Timing::clock(Family::ICE40_UP, 12.0);
        for (a, b, fits) in [
            (unsigned(4), signed(4), false),
            (unsigned(7), signed(4), true),
            (unsigned(16), unsigned(16), true),
            (signed(16), signed(16), true),
            (unsigned(15), signed(16), true),
            (unsigned(16), signed(4), false),
            (signed(17), signed(2), false),
        ] {
            assert_eq!(timing.has_hard_multiplier(&a, &b), fits, "{a} * {b}");
            assert_eq!(timing.has_hard_multiplier(&b, &a), fits, "{b} * {a}");
        }
        let none = Timing::clock(Family::ICE40_HX, 12.0);
        assert!(!none.has_hard_multiplier(&signed(4), &signed(4)));
    }
}

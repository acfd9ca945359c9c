//! What was measured on a family: its TOML file.

use super::Family;
use serde::Deserialize;
use std::sync::LazyLock;

/// The numbers of a family.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    pub delays: Delays,
    /// None where products are made of look-up tables.
    pub multiplier: Option<HardMultiplier>,
}

/// What operations take, in nanoseconds with typical routing; in levels for [`Delays::levels`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delays {
    /// Overhead of a stage: clock to output, set-up, and routing between.
    pub register: f64,
    /// One level of look-up tables.
    pub lut: f64,
    /// An adder of n bits takes `carry_start + n * carry_bit`.
    pub carry_start: f64,
    pub carry_bit: f64,
    /// Clock to output of a block RAM.
    pub memory: f64,
    /// A product of w by h bits in look-up tables takes `multiply_start + (w + h) * multiply_bit`.
    pub multiply_start: f64,
    pub multiply_bit: f64,
}

/// A multiplier in silicon, whose inputs are both signed or both not.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HardMultiplier {
    /// Bits of each input, at most.
    pub width: u32,
    /// What it takes without its registers, in nanoseconds.
    pub delay: f64,
}

impl Numbers {
    fn read(text: &str) -> Numbers {
        toml::from_str(text).expect("the families' numbers are ours, and tested")
    }
}

impl Delays {
    /// Each operation takes 1, of no family: stages that can be counted by hand.
    pub fn levels() -> Delays {
        Numbers::read(include_str!("unit.toml")).delays
    }
}

pub(super) fn of(family: Family) -> &'static Numbers {
    static NUMBERS: LazyLock<Vec<(Family, Numbers)>> =
        LazyLock::new(|| Family::ALL.map(|family| (family, Numbers::read(family.numbers))).into());
    let found = NUMBERS.iter().find(|(of, _)| *of == family);
    &found.expect("a family is in the list of all").1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_reads_and_is_plausible() {
        let tables = Family::ALL.map(|family| (family.name, family.numbers().delays));
        for (name, delays) in tables.into_iter().chain([("levels", Delays::levels())]) {
            assert!(delays.lut > 0.0 && delays.carry_start > 0.0 && delays.memory > 0.0, "{name}");
        }
        for multiplier in Family::ALL.iter().filter_map(|family| family.numbers().multiplier) {
            assert!(multiplier.width > 1 && multiplier.delay > 0.0);
        }
    }
}

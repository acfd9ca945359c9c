//! What was measured on a family: its TOML file.

use super::counts::Counts;
use serde::Deserialize;

/// The numbers of a family.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    pub delays: Delays,
    /// None where products are made of look-up tables.
    pub multiplier: Option<HardMultiplier>,
    pub carry: CarryCell,
    /// The shapes of a block RAM with one port to write and one to read, the widest first: words, and bits of each.
    pub block_ram: Vec<[u64; 2]>,
    /// Of a word of the widest shape the bits that can be written without the others: then several words of a memory share it.
    pub block_ram_byte: u64,
    /// Look-up tables that a block RAM is worth where either would do: as many as the device has for each.
    pub block_ram_lut4: u64,
    /// The share of flip-flops that take a look-up table's place: where a logic cell's flip-flop gets nothing but what its table gives.
    #[serde(default)]
    pub lone_ff: f64,
    /// Words and bits of a large memory of one port without contents: SPRAM.
    #[serde(default)]
    pub large_memory: Option<[u64; 2]>,
    /// None where look-up tables cannot be memory.
    pub lut_ram: Option<LutRam>,
    /// Where they cannot: bits of a written memory, for each block RAM that it would fill, up to which synthesis makes flip-flops of it
    /// unless it is asked for block RAM.
    #[serde(default)]
    pub flop_bits: Option<u64>,
}

/// A cell of the carry chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarryCell {
    /// Bits that it adds.
    pub bits: u32,
    /// Look-up tables whose place it takes; 0 where it makes carries only.
    pub lut4: u32,
    /// Bits of a sum or a comparison for which it is taken at least.
    pub least: u32,
    /// Bits of a comparison with a constant up to which that is a look-up table at once.
    #[serde(default)]
    pub compared: u32,
}

impl CarryCell {
    /// Whether the sum is made in a look-up table next to the cell, with its operands as they enter the cell.
    pub fn sums_in_luts(self) -> bool {
        self.lut4 == 0
    }
}

/// Look-up tables as memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LutRam {
    pub words: u64,
    pub width: u64,
    /// Look-up tables that it takes.
    pub lut4: u64,
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
    /// Synthesis makes a smaller product of look-up tables: one of its inputs has fewer bits,
    pub least: u32,
    /// or both together have.
    pub least_product: u32,
    /// Whether synthesis takes the register after a product into the multiplier.
    pub holds_result: bool,
}

impl Numbers {
    /// What a circuit takes, as logic cells: each has a look-up table and a flip-flop, and a block RAM is worth as many as the device has
    /// for each.
    pub fn logic_cells(&self, counts: &Counts) -> u64 {
        counts.lut4.max(counts.ff) + self.block_ram_lut4 * counts.block_ram
    }

    /// Look-up tables whose place a design takes, with those beside which only a flip-flop is used.
    pub fn places(&self, counts: &Counts) -> u64 {
        counts.lut4 + (self.lone_ff * counts.ff as f64).ceil() as u64
    }

    /// Bytes that a block RAM holds, a byte a word.
    pub fn block_ram_bytes(&self) -> usize {
        let words = self.block_ram.iter().filter(|[_, bits]| *bits >= 8).map(|[words, _]| *words);
        words.max().map_or(0, |words| words as usize)
    }

    /// Block RAMs of a memory of so many words, one port to write and one to read.
    pub fn block_rams(&self, words: u64, bits: u64) -> u64 {
        self.block_rams_and_banks(words, bits, true)[0]
    }

    /// Large memories of one of so many words, and of how many banks a word is read; none where the family has no such.
    pub fn large_memories_and_banks(&self, words: u64, bits: u64) -> Option<[u64; 2]> {
        let [deep, wide] = self.large_memory?;
        let banks = words.div_ceil(deep);
        Some([banks * bits.div_ceil(wide), banks])
    }

    /// Block RAMs of a memory of so many words with one port to read, and one to write if it is `written`; and of how many banks each bit
    /// that is read comes.
    ///
    /// A bank is as many words as a shape has. Where the widest shape has room for more bits than a bank of the memory has, banks stand
    /// next to each other in it: each in bits of its own that can be written alone, or in any where nothing is written.
    pub fn block_rams_and_banks(&self, words: u64, bits: u64, written: bool) -> [u64; 2] {
        let stacked =
            |&[deep, wide]: &[u64; 2]| [words.div_ceil(deep) * bits.div_ceil(wide), words.div_ceil(deep)];
        let packed = self.block_ram.first().map(|&[deep, wide]| {
            let banks = words.div_ceil(deep);
            let bits = if written { bits.next_multiple_of(self.block_ram_byte) } else { bits };
            [(banks * bits).div_ceil(wide), banks]
        });
        self.block_ram.iter().map(stacked).chain(packed).min().unwrap_or([0, 1])
    }

    pub(super) fn read(text: &str) -> Numbers {
        toml::from_str(text).expect("the families' numbers are ours, and tested")
    }
}

impl Delays {
    /// Each operation takes 1, of no family: stages that can be counted by hand.
    pub fn levels() -> Delays {
        toml::from_str(include_str!("unit.toml")).expect("our table")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{Board, Counts, Family};

    #[test]
    fn a_memory_takes_the_shape_that_fits_best() {
        let ice40 = Family::ICE40_UP.numbers();
        let counted = [(256, 16), (257, 8), (512, 9), (2048, 2), (2049, 2), (1, 1)];
        assert_eq!(counted.map(|(words, bits)| ice40.block_rams(words, bits)), [1, 1, 2, 1, 2, 1]);
    }

    #[test]
    fn a_block_ram_is_worth_its_share_of_a_device() {
        for board in Board::all() {
            let there = board.resources;
            let of_device = there.lut4 as f64 / there.block_ram as f64;
            let ratio = board.family.numbers().block_ram_lut4 as f64 / of_device;
            assert!((0.7..1.4).contains(&ratio), "{}: {of_device}", board.name);
        }
        let counts = Counts { lut4: 10, ff: 12, block_ram: 2, ..Counts::default() };
        assert_eq!(Family::ICE40_UP.numbers().logic_cells(&counts), 12 + 2 * 176);
    }

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

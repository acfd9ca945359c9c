//! What a circuit takes of a device.

use serde::{Deserialize, Serialize};
use std::ops::Add;

/// How many of each kind of cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counts {
    /// Four-input look-up tables; where a carry cell takes the place of look-up tables (two of each CCU2C on ECP5,
    /// one of each ALU on Gowin) they are counted too.
    pub lut4: u64,
    pub ff: u64,
    /// Carry cells: SB_CARRY, CCU2C (two bits each), ALU.
    pub carry: u64,
    pub block_ram: u64,
    /// Multipliers of any size.
    pub dsp: u64,
    pub spram: u64,
}

impl Counts {
    /// Nothing, for tables that name what there is.
    pub(super) const NONE: Counts = Counts { lut4: 0, ff: 0, carry: 0, block_ram: 0, dsp: 0, spram: 0 };

    /// `number` of these.
    pub fn times(self, number: u64) -> Counts {
        Counts {
            lut4: self.lut4 * number,
            ff: self.ff * number,
            carry: self.carry * number,
            block_ram: self.block_ram * number,
            dsp: self.dsp * number,
            spram: self.spram * number,
        }
    }
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts {
            lut4: self.lut4 + other.lut4,
            ff: self.ff + other.ff,
            carry: self.carry + other.carry,
            block_ram: self.block_ram + other.block_ram,
            dsp: self.dsp + other.dsp,
            spram: self.spram + other.spram,
        }
    }
}

//! The memory that a person chooses for what waits.

use serde::{Deserialize, Serialize};

/// A memory of the family.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemoryKind {
    /// Block RAM, or what synthesis makes of a small one.
    #[default]
    BlockRam,
    /// SPRAM of iCE40 UltraPlus, which has one port; block RAM where the family has none.
    Spram,
}

impl MemoryKind {
    pub fn is_large(self) -> bool {
        self == Self::Spram
    }

    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

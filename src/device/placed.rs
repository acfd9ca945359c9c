//! What a family's place-and-route program writes: its known faults, and models of the cells that it leaves.

use super::template::fits;

/// A parameter that a place-and-route program sets wrongly, put right before the bitstream is packed.
#[derive(Debug)]
pub struct Correction {
    /// The type of the cells.
    pub cell: &'static str,
    /// The parameter and the value that mark the cells that are affected.
    pub mark: (&'static str, &'static str),
    pub parameter: &'static str,
    /// The low bits of the wrong value, and of the right one.
    pub wrong: &'static str,
    pub right: &'static str,
    /// What to say after the number of cells.
    pub note: &'static str,
}

/// How the placed design, of which the program writes the cells as JSON, is simulated.
#[derive(Debug)]
pub struct PlacedCells {
    /// Name and text of the models of the cells that Yosys has no model of, or another one.
    pub ours: (&'static str, &'static str),
    /// The cells, other than ours, of which the model of Yosys is the one of the placed cell; a star stands for any end.
    pub(super) theirs: &'static [&'static str],
    /// The inputs of a cell that may be open: the device reads something there all the same.
    pub(super) open: &'static [(&'static str, &'static [&'static str])],
    /// The cells of which an output is a register's, and that output.
    pub(super) register: (&'static str, &'static str),
}

impl PlacedCells {
    /// Whether the model of Yosys is that of the placed cell of this type.
    pub fn is_theirs(&self, cell: &str) -> bool {
        self.theirs.iter().any(|pattern| fits(pattern, cell))
    }

    /// The inputs of a cell of this type that may be open.
    pub fn open_inputs(&self, cell: &str) -> &'static [&'static str] {
        self.open.iter().find(|(name, _)| *name == cell).map_or(&[], |(_, inputs)| inputs)
    }

    /// The output of a cell of this type that a register drives, if there is one.
    pub fn register_output(&self, cell: &str) -> Option<&'static str> {
        Some(self.register.1).filter(|_| fits(self.register.0, cell))
    }
}

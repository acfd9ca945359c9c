//! How a matrix is spread over time: columns a beat, rows at once.

/// A matrix, and the part of it that is multiplied at once.
#[derive(Clone, Copy, Debug)]
pub struct Folding {
    pub rows: usize,
    pub columns: usize,
    /// Columns a beat (SIMD in FINN's words).
    pub lanes: usize,
    /// Rows at once (PE in FINN's words).
    pub parallel_rows: usize,
}

impl Folding {
    /// Beats of a vector.
    pub fn beats(&self) -> usize {
        self.columns.div_ceil(self.lanes)
    }

    /// Passes over a vector: sets of rows that are computed at once.
    pub fn passes(&self) -> usize {
        self.rows.div_ceil(self.parallel_rows)
    }

    /// Lanes of a vector's last beat that stand for columns.
    pub fn column_tail(&self) -> usize {
        self.columns - (self.beats() - 1) * self.lanes
    }

    /// Rows of the last pass.
    pub fn row_tail(&self) -> usize {
        self.rows - (self.passes() - 1) * self.parallel_rows
    }
}

//! How a matrix is spread over time: columns a beat, rows at once.

use crate::datapath::config::Problems;

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

    /// Notes what cannot be, for weights in groups of `group`.
    pub fn check(&self, group: usize, problems: &mut Problems) {
        let mut counted = |field: &str, value: usize, most: usize, of: &str| {
            let why = format!("there must be 1 to {most} ({of})");
            problems.require((1..=most).contains(&value), field, value, &why, format!("write 1 to {most}"));
        };
        counted("rows", self.rows, 1 << 16, "a limit of the counters");
        counted("columns", self.columns, 1 << 16, "a limit of the counters");
        counted("lanes", self.lanes, self.columns.max(1).next_multiple_of(group), "the columns");
        counted("parallel_rows", self.parallel_rows, self.rows.max(1), "the rows");
        let below = self.lanes - self.lanes % group;
        let mend = if below == 0 { group.to_string() } else { format!("{below} or {}", below + group) };
        let why = format!("a beat has whole groups of {group} columns");
        problems.require(
            self.lanes.is_multiple_of(group),
            "lanes",
            self.lanes,
            &why,
            format!("write {mend}"),
        );
    }
}

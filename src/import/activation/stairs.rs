//! A staircase of one channel.

/// The least and the greatest integer that comes.
pub type Bounds = (i64, i64);

/// `least + number of thresholds at or below sign * acc`, of one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Stairs {
    pub bounds: Bounds,
    /// 1 or -1.
    pub sign: i64,
    /// One for each code but the least; they rise. One that every accumulator in bounds reaches is the least of `sign * acc`, one that none
    /// reaches is one more than the greatest.
    pub thresholds: Vec<i64>,
}

impl Stairs {
    /// How many thresholds an accumulator reaches.
    pub fn reached(&self, acc: i64) -> i64 {
        let signed = self.sign * acc;
        self.thresholds.partition_point(|threshold| *threshold <= signed) as i64
    }

    /// The least and the greatest of `sign * acc`.
    pub fn signed_bounds(&self) -> Bounds {
        let (lo, hi) = self.bounds;
        if self.sign > 0 { (lo, hi) } else { (-hi, -lo) }
    }
}

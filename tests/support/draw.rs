//! Choices that follow from a seed.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What random designs are drawn from.
pub struct Draw(pub StdRng);

impl Draw {
    pub fn seeded(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// Below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end.max(1))
    }

    pub fn of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

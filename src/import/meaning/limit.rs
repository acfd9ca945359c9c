//! For which reals something holds: those from a limit on.

use crate::import::exact::{Surd, TwoRoots};
use std::cmp::Ordering;

/// A border of a quantizer, seen from a real before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub at: Surd,
    /// Whether the limit itself is left out.
    pub strict: bool,
    /// Steps of the quantizer for 1 of the real.
    pub slope: f64,
    /// The border in steps of the quantizer.
    pub border: f64,
    /// False where it is known but for a part of 2^-256.
    pub exact: bool,
}

/// When a quantizer's code is at least some integer.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    Always,
    Never,
    AtLeast(Limit),
    AtMost(Limit),
}

impl Limit {
    pub fn moved(self, at: Surd, slope: f64) -> Self {
        Self { at, slope: self.slope * slope.abs(), ..self }
    }

    /// Whether `value` is at least this.
    pub fn is_below(&self, value: &Surd) -> Result<bool, TwoRoots> {
        let order = value.compare(&self.at)?;
        Ok(order == Ordering::Greater || order == Ordering::Equal && !self.strict)
    }

    /// Whether `value` is at most this.
    pub fn is_above(&self, value: &Surd) -> Result<bool, TwoRoots> {
        let order = value.compare(&self.at)?;
        Ok(order == Ordering::Less || order == Ordering::Equal && !self.strict)
    }
}

impl Condition {
    pub fn of(holds: bool) -> Self {
        if holds { Self::Always } else { Self::Never }
    }
}

//! The range of an integer signal: width and sign follow from it.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};
use std::fmt;
use std::sync::{Arc, LazyLock};

/// All integers from `lo` to `hi`, both included. Never empty. A copy costs no more than a pointer.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Range(Arc<Bounds>);

#[derive(PartialEq, Eq, Hash)]
struct Bounds {
    lo: BigInt,
    hi: BigInt,
    /// Follows from the bounds, and is asked for most.
    width: u32,
}

/// Words of up to this many bits are made once.
const COMMON: u32 = 64;

static SIGNED: LazyLock<Vec<Range>> = LazyLock::new(|| (1..=COMMON).map(signed_word).collect());
static UNSIGNED: LazyLock<Vec<Range>> = LazyLock::new(|| (0..=COMMON).map(unsigned_word).collect());

/// The range of a two's-complement word: `-2^(width-1) ..= 2^(width-1) - 1`.
///
/// # Panics
/// If `width` is 0.
#[track_caller]
pub fn signed(width: u32) -> Range {
    assert!(width > 0, "a signed integer has at least 1 bit, not 0");
    SIGNED.get(width as usize - 1).cloned().unwrap_or_else(|| signed_word(width))
}

fn signed_word(width: u32) -> Range {
    let half = BigInt::one() << (width - 1);
    Range::of(-&half, half - 1)
}

/// The range of an unsigned word: `0 ..= 2^width - 1`. Width 0 holds only the number 0.
pub fn unsigned(width: u32) -> Range {
    UNSIGNED.get(width as usize).cloned().unwrap_or_else(|| unsigned_word(width))
}

fn unsigned_word(width: u32) -> Range {
    Range::of(BigInt::zero(), (BigInt::one() << width) - 1)
}

impl Range {
    /// The range `lo ..= hi`.
    ///
    /// # Panics
    /// If `lo > hi`.
    #[track_caller]
    pub fn new(lo: impl Into<BigInt>, hi: impl Into<BigInt>) -> Self {
        let (lo, hi) = (lo.into(), hi.into());
        assert!(lo <= hi, "the range {lo}..={hi} is empty");
        Self::of(lo, hi)
    }

    /// The range of these bounds, of which the second is not below the first.
    fn of(lo: BigInt, hi: BigInt) -> Self {
        let magnitude =
            |value: &BigInt| if value.is_negative() { (-value - 1u8).bits() } else { value.bits() };
        let bits = magnitude(&lo).max(magnitude(&hi)) as u32;
        let width = (bits + u32::from(lo.is_negative())).max(1);
        Self(Arc::new(Bounds { lo, hi, width }))
    }

    /// The range that holds only `value`.
    pub fn only(value: impl Into<BigInt>) -> Self {
        let value = value.into();
        Self::of(value.clone(), value)
    }

    /// The range of the truth values: 0 and 1.
    pub fn condition() -> Self {
        unsigned(1)
    }

    /// The least range that holds all `values`.
    ///
    /// # Panics
    /// If there is no value.
    #[track_caller]
    pub fn hull(values: impl IntoIterator<Item = BigInt>) -> Self {
        let mut values = values.into_iter();
        let first = values.next().expect("a hull of at least one value");
        let (lo, hi) =
            values.fold((first.clone(), first), |(lo, hi), value| (lo.min(value.clone()), hi.max(value)));
        Self::of(lo, hi)
    }

    /// The least range that holds both ranges.
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.lo().min(other.lo()).clone(), self.hi().max(other.hi()).clone())
    }

    /// The integers that lie in both ranges, if there are any.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let (lo, hi) = (self.lo().max(other.lo()), self.hi().min(other.hi()));
        (lo <= hi).then(|| Self::of(lo.clone(), hi.clone()))
    }

    pub fn lo(&self) -> &BigInt {
        &self.0.lo
    }

    pub fn hi(&self) -> &BigInt {
        &self.0.hi
    }

    pub fn contains(&self, value: &BigInt) -> bool {
        (self.lo()..=self.hi()).contains(&value)
    }

    /// Whether every integer of `other` is in this range.
    pub fn covers(&self, other: &Self) -> bool {
        self.lo() <= other.lo() && other.hi() <= self.hi()
    }

    /// Whether some integer of the range is negative; such a signal is two's complement.
    pub fn is_signed(&self) -> bool {
        self.lo().is_negative()
    }

    /// Whether the range has no value but 0 and 1: such a signal may steer a multiplexer.
    pub fn is_condition(&self) -> bool {
        !self.is_signed() && self.width() == 1
    }

    /// Bits that hold every integer of the range, the sign bit included; at least 1.
    ///
    /// ```
    /// use ternlet::hdl::Range;
    /// assert_eq!(Range::new(-4, 3).width(), 3);
    /// assert_eq!(Range::new(0, 8).width(), 4);
    /// assert_eq!(Range::new(-1, 8).width(), 5);
    /// ```
    pub fn width(&self) -> u32 {
        self.0.width
    }

    /// The range of the whole word that this range is stored in.
    pub fn word(&self) -> Self {
        if self.is_signed() { signed(self.width()) } else { unsigned(self.width()) }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..={}", self.lo(), self.hi())
    }
}

impl fmt::Debug for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Range").field("lo", self.lo()).field("hi", self.hi()).finish()
    }
}

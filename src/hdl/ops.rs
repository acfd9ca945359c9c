//! Arithmetic without surprises: `+ - *`, shifts and comparisons are those of the integers, and every result's
//! range follows from the operands'. Narrowing is a verb: [`Signal::wrap`], [`Signal::saturate`],
//! [`Signal::round_shift`].

use super::node::{Comparison, Op, Type};
use super::range::Range;
use super::signal::{Operand, Signal};
use num_bigint::BigInt;
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Mul, Neg, Shl, Shr, Sub};

/// Which integer stands for `a / 2^k` where it is none itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// The next lower one: what an arithmetic shift does.
    Floor,
    /// The nearest; halves go up.
    #[default]
    HalfUp,
    /// The nearest; halves go to the even one.
    HalfEven,
    /// The next one in the direction of 0.
    TowardZero,
    /// The next higher one.
    Ceil,
    /// The next one in the direction away from 0.
    AwayFromZero,
    /// The nearest; halves go away from 0.
    HalfAwayFromZero,
    /// The nearest; halves go in the direction of 0.
    HalfTowardZero,
}

impl Rounding {
    /// Every mode.
    pub const ALL: [Rounding; 8] = [
        Self::Floor,
        Self::HalfUp,
        Self::HalfEven,
        Self::TowardZero,
        Self::Ceil,
        Self::AwayFromZero,
        Self::HalfAwayFromZero,
        Self::HalfTowardZero,
    ];
}

impl fmt::Display for Rounding {
    /// As a design file names it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Floor => "floor",
            Self::HalfUp => "half_up",
            Self::HalfEven => "half_even",
            Self::TowardZero => "toward_zero",
            Self::Ceil => "ceil",
            Self::AwayFromZero => "away_from_zero",
            Self::HalfAwayFromZero => "half_away_from_zero",
            Self::HalfTowardZero => "half_toward_zero",
        })
    }
}

macro_rules! arithmetic {
    ($($(#[$doc:meta])* $trait:ident $method:ident $symbol:literal $range:expr;)*) => { $(
        $(#[$doc])*
        impl<'m, R: Operand<'m>> $trait<R> for Signal<'m> {
            type Output = Signal<'m>;
            #[track_caller]
            fn $method(self, right: R) -> Signal<'m> {
                let right = right.operand(self.module);
                let range: fn(&Range, &Range) -> Range = $range;
                let range = range(&self.number($symbol), &right.number($symbol));
                self.module.push(Op::$trait(self.id, right.id), Type::Int(range))
            }
        }
        impl<'m> $trait<Signal<'m>> for i64 {
            type Output = Signal<'m>;
            #[track_caller]
            fn $method(self, right: Signal<'m>) -> Signal<'m> {
                $trait::$method(self.operand(right.module), right)
            }
        }
    )* };
}

arithmetic! {
    /// `a + b`, in `a.lo + b.lo ..= a.hi + b.hi`.
    Add add "+" |a, b| Range::new(a.lo() + b.lo(), a.hi() + b.hi());
    /// `a - b`, in `a.lo - b.hi ..= a.hi - b.lo`.
    Sub sub "-" |a, b| Range::new(a.lo() - b.hi(), a.hi() - b.lo());
    /// `a * b`, in the hull of the products of the bounds.
    Mul mul "*" |a, b| Range::hull([a.lo() * b.lo(), a.lo() * b.hi(), a.hi() * b.lo(), a.hi() * b.hi()]);
}

impl<'m> Neg for Signal<'m> {
    type Output = Signal<'m>;
    #[track_caller]
    fn neg(self) -> Signal<'m> {
        0 - self
    }
}

impl<'m> Shl<u32> for Signal<'m> {
    type Output = Signal<'m>;
    /// `a * 2^k`, exact.
    #[track_caller]
    fn shl(self, k: u32) -> Signal<'m> {
        let range = self.number("<<");
        self.module.push(Op::ShiftLeft(self.id, k), Type::Int(Range::new(range.lo() << k, range.hi() << k)))
    }
}

impl<'m> Shr<u32> for Signal<'m> {
    type Output = Signal<'m>;
    /// `floor(a / 2^k)`.
    #[track_caller]
    fn shr(self, k: u32) -> Signal<'m> {
        let range = self.number(">>");
        self.module.push(Op::ShiftRight(self.id, k), Type::Int(Range::new(range.lo() >> k, range.hi() >> k)))
    }
}

impl<'m> Signal<'m> {
    /// The range of a number, or a panic that names the operator that wants one.
    #[track_caller]
    fn number(self, operator: &str) -> Range {
        match self.ty() {
            Type::Int(range) => range,
            Type::Bits(width) => panic!(
                "`{operator}` wants integers, not a word of {width} bits; say which number it is with `int(range)`"
            ),
        }
    }

    /// `a + b + carry_in` in a module of its own that synthesis does not merge with its neighbours. Use it where
    /// adders meet in trees: merged sums cost up to three times the LUTs.
    #[track_caller]
    pub fn add_with_carry(self, b: Signal<'m>, carry_in: Option<Signal<'m>>) -> Signal<'m> {
        self.adder(b, carry_in, false, false)
    }

    /// `-(a + b + carry_in) - 1`, the complement of [`Signal::add_with_carry`], which costs no more than that.
    #[track_caller]
    pub fn add_complemented(self, b: Signal<'m>, carry_in: Option<Signal<'m>>) -> Signal<'m> {
        self.adder(b, carry_in, false, true)
    }

    /// `a - b` in a module of its own, as [`Signal::add_with_carry`].
    #[track_caller]
    pub fn subtract(self, b: Signal<'m>) -> Signal<'m> {
        self.adder(b, None, true, false)
    }

    #[track_caller]
    fn adder(
        self,
        b: Signal<'m>,
        carry_in: Option<Signal<'m>>,
        subtracts: bool,
        inverted: bool,
    ) -> Signal<'m> {
        self.module.own(b);
        let (left, right) = (self.number("+"), b.number("+"));
        let right = if subtracts { Range::new(-right.hi(), -right.lo()) } else { right };
        let mut range = Range::new(left.lo() + right.lo(), left.hi() + right.hi());
        if let Some(carry) = carry_in {
            self.module.own(carry);
            carry.condition("a carry-in");
            let carry = carry.range();
            range = Range::new(range.lo() + carry.lo(), range.hi() + carry.hi());
        }
        if inverted {
            range = Range::new(-range.hi() - 1u8, -range.lo() - 1u8);
        }
        let carry_in = carry_in.map(|carry| carry.id);
        self.module.push(Op::Adder { a: self.id, b: b.id, carry_in, subtracts, inverted }, Type::Int(range))
    }

    /// `-a - 1`: every bit of the two's complement turned over.
    #[track_caller]
    pub fn complement(self) -> Signal<'m> {
        -1 - self
    }

    #[track_caller]
    fn compare(self, comparison: Comparison, right: Signal<'m>) -> Signal<'m> {
        use Comparison::*;
        let (left_ty, right_ty) = (self.ty(), right.ty());
        let known = match (&left_ty, &right_ty) {
            (Type::Int(a), Type::Int(b)) => match comparison {
                Lt if a.hi() < b.lo() => Some(1),
                Lt if a.lo() >= b.hi() => Some(0),
                Le if a.hi() <= b.lo() => Some(1),
                Le if a.lo() > b.hi() => Some(0),
                Eq | Ne if a.hi() < b.lo() || b.hi() < a.lo() => Some(i64::from(comparison == Ne)),
                _ => None,
            },
            (Type::Bits(a), Type::Bits(b)) if a == b && matches!(comparison, Eq | Ne) => None,
            _ => panic!(
                "a comparison wants two integers, or two words of one width for equality, not {} and {}",
                super::signal::describe(&left_ty),
                super::signal::describe(&right_ty)
            ),
        };
        match known {
            Some(value) => self.module.constant(value),
            None => {
                let op = Op::Compare(comparison, self.id, right.id);
                self.module.push(op, Type::Int(Range::condition()))
            }
        }
    }

    /// Whether `a = b`: a condition.
    #[track_caller]
    pub fn eq(self, b: impl Operand<'m>) -> Signal<'m> {
        self.compare(Comparison::Eq, b.operand(self.module))
    }

    /// Whether `a != b`: a condition.
    #[track_caller]
    pub fn ne(self, b: impl Operand<'m>) -> Signal<'m> {
        self.compare(Comparison::Ne, b.operand(self.module))
    }

    /// Whether `a < b`: a condition.
    #[track_caller]
    pub fn lt(self, b: impl Operand<'m>) -> Signal<'m> {
        self.compare(Comparison::Lt, b.operand(self.module))
    }

    /// Whether `a <= b`: a condition.
    #[track_caller]
    pub fn le(self, b: impl Operand<'m>) -> Signal<'m> {
        self.compare(Comparison::Le, b.operand(self.module))
    }

    /// Whether `a > b`: a condition.
    #[track_caller]
    pub fn gt(self, b: impl Operand<'m>) -> Signal<'m> {
        b.operand(self.module).lt(self)
    }

    /// Whether `a >= b`: a condition.
    #[track_caller]
    pub fn ge(self, b: impl Operand<'m>) -> Signal<'m> {
        b.operand(self.module).le(self)
    }

    /// `self ? then : otherwise`. Integers give the union of their ranges; words must have one width.
    #[track_caller]
    pub fn mux(self, then: impl Operand<'m>, otherwise: impl Operand<'m>) -> Signal<'m> {
        self.condition("the choice of a multiplexer");
        let (then, otherwise) = (then.operand(self.module), otherwise.operand(self.module));
        let ty = match (then.ty(), otherwise.ty()) {
            (Type::Int(a), Type::Int(b)) => Type::Int(a.union(&b)),
            (Type::Bits(a), Type::Bits(b)) if a == b => Type::Bits(a),
            (a, b) => panic!(
                "a multiplexer wants two integers or two words of one width, not {} and {}",
                super::signal::describe(&a),
                super::signal::describe(&b)
            ),
        };
        match self.constant_value() {
            Some(value) if value.is_zero() => otherwise,
            Some(_) => then,
            None if then.id == otherwise.id => then,
            None => {
                let op = Op::Mux { condition: self.id, then: then.id, otherwise: otherwise.id };
                self.module.push(op, ty)
            }
        }
    }

    /// `items[self]`.
    ///
    /// # Panics
    /// If the index may reach past the items, or there are none.
    #[track_caller]
    pub fn choose(self, items: &[Signal<'m>]) -> Signal<'m> {
        let range = self.number("choose");
        let reaches = !range.is_signed() && range.hi() < &BigInt::from(items.len());
        assert!(reaches, "an index in {range} chooses of {} items", items.len());
        if let [only] = items {
            return *only;
        }
        // A tree over the index's bits, the most significant nearest to the result; items are repeated up to a
        // power of two, and equal arms need no multiplexer.
        let bits = items.len().next_power_of_two().trailing_zeros();
        let last = items[items.len() - 1];
        let mut level: Vec<_> = (0..1 << bits).map(|i| items.get(i).copied().unwrap_or(last)).collect();
        for place in 0..bits {
            let bit = self.bit(place);
            level = level.chunks(2).map(|pair| bit.mux(pair[1], pair[0])).collect();
        }
        level[0]
    }

    /// Bit `place` of the two's complement of an integer, as a condition.
    #[track_caller]
    pub fn bit(self, place: u32) -> Signal<'m> {
        match self.ty() {
            Type::Bits(_) => self.slice(place, 1).int(Range::condition()),
            Type::Int(_) => (self >> place).wrap(Range::condition()),
        }
    }

    /// The low bits of two's-complement `a`, read as an integer of `range`: `a` modulo `2^width`.
    ///
    /// # Panics
    /// If `range` is not a whole word, `signed(n)` or `unsigned(n)`.
    #[track_caller]
    pub fn wrap(self, range: Range) -> Signal<'m> {
        let from = self.number("wrap");
        assert!(range.word() == range || range == Range::only(0), "`wrap` wants a whole word, not {range}");
        if from == range {
            return self;
        }
        self.module.push(Op::Wrap(self.id), Type::Int(range))
    }

    /// The integer of `range` that is nearest to `a`.
    #[track_caller]
    pub fn saturate(self, range: Range) -> Signal<'m> {
        let from = self.number("saturate");
        if range.covers(&from) {
            return self;
        }
        let clamp = |value: &BigInt| value.clamp(range.lo(), range.hi()).clone();
        self.module.push(Op::Clamp(self.id), Type::Int(Range::new(clamp(from.lo()), clamp(from.hi()))))
    }

    /// `a / 2^k`, rounded to an integer as `rounding` says.
    #[track_caller]
    pub fn round_shift(self, k: u32, rounding: Rounding) -> Signal<'m> {
        if k == 0 {
            return self;
        }
        let half = BigInt::one() << (k - 1);
        let below = (BigInt::one() << k) - 1;
        match rounding {
            Rounding::Floor => self >> k,
            Rounding::HalfUp => (self + &half) >> k,
            Rounding::HalfEven => (self + &(half - 1) + (self >> k).wrap(Range::condition())) >> k,
            Rounding::TowardZero => (self + self.lt(0).mux(&below, 0)) >> k,
            Rounding::Ceil => (self + &below) >> k,
            Rounding::AwayFromZero => (self + self.lt(0).mux(0, &below)) >> k,
            Rounding::HalfAwayFromZero => (self + self.lt(0).mux(&(&half - 1), &half)) >> k,
            Rounding::HalfTowardZero => (self + self.lt(0).mux(&half, &(&half - 1))) >> k,
        }
    }

    /// `a`, of which the author says that it lies in `range`. Simulation asserts it, synthesis relies on it.
    ///
    /// # Panics
    /// If no value of `a` does.
    #[track_caller]
    pub fn assume(self, range: Range) -> Signal<'m> {
        self.assumed(None, range)
    }

    /// `a`, of which the author says that it lies in `range` where `when` is 1; elsewhere it is not to be read.
    #[track_caller]
    pub fn assume_when(self, when: Signal<'m>, range: Range) -> Signal<'m> {
        self.module.own(when);
        when.condition("an assumption");
        self.assumed(Some(when.id), range)
    }

    #[track_caller]
    fn assumed(self, when: Option<super::NodeId>, range: Range) -> Signal<'m> {
        let from = self.number("assume");
        let Some(range) = from.intersection(&range) else {
            panic!("an integer in {from} cannot be assumed to lie in {range}")
        };
        if from == range {
            return self;
        }
        self.module.push(Op::Assume { a: self.id, when }, Type::Int(range))
    }

    /// The next value of a counter: `a + 1`, or 0 where `end` is 1, which is so at the counter's greatest value at the
    /// latest. The result has the counter's range.
    #[track_caller]
    pub fn next_count(self, end: Signal<'m>) -> Signal<'m> {
        let range = self.number("counted");
        if range.lo() == range.hi() {
            return self;
        }
        end.mux(0, (self + 1).assume_when(!end, range))
    }

    /// `|a|`, in the unsigned word that holds it.
    #[track_caller]
    pub fn abs(self) -> Signal<'m> {
        let range = self.number("abs");
        if !range.is_signed() {
            return self;
        }
        let most = range.hi().max(&-range.lo()).clone();
        self.lt(0).mux(-self, self).wrap(Range::new(0, most).word())
    }

    /// The greater of two integers.
    #[track_caller]
    pub fn max(self, b: impl Operand<'m>) -> Signal<'m> {
        let b = b.operand(self.module);
        self.lt(b).mux(b, self)
    }

    /// The lesser of two integers.
    #[track_caller]
    pub fn min(self, b: impl Operand<'m>) -> Signal<'m> {
        let b = b.operand(self.module);
        self.lt(b).mux(self, b)
    }
}

//! Words of bits, and conditions: the bitwise operators, slices and concatenation.

use super::module::{Module, NO_BITS};
use super::node::{Op, Type};
use super::range::Range;
use super::signal::{Signal, describe};
use std::ops::{BitAnd, BitOr, BitXor, Not};

macro_rules! bitwise {
    ($($trait:ident $method:ident $symbol:literal $op:ident;)*) => { $(
        impl<'m> $trait for Signal<'m> {
            type Output = Signal<'m>;
            /// Bitwise, on two conditions or two words of one width.
            #[track_caller]
            fn $method(self, right: Signal<'m>) -> Signal<'m> {
                self.module.own(right);
                let ty = bitwise_type($symbol, &self.ty(), &right.ty());
                self.module.push(Op::$op(self.id, right.id), ty)
            }
        }
    )* };
}

bitwise! {
    BitAnd bitand "&" And;
    BitOr bitor "|" Or;
    BitXor bitxor "^" Xor;
}

#[track_caller]
fn bitwise_type(symbol: &str, left: &Type, right: &Type) -> Type {
    match (left, right) {
        (Type::Bits(a), Type::Bits(b)) if a == b => Type::Bits(*a),
        (Type::Int(a), Type::Int(b)) if a.is_condition() && b.is_condition() => Type::Int(Range::condition()),
        _ => panic!(
            "`{symbol}` wants two conditions or two words of one width, not {} and {}",
            describe(left),
            describe(right)
        ),
    }
}

impl<'m> Not for Signal<'m> {
    type Output = Signal<'m>;
    /// Bitwise, on a condition or a word.
    #[track_caller]
    fn not(self) -> Signal<'m> {
        let ty = bitwise_type("!", &self.ty(), &self.ty());
        self.module.push(Op::Not(self.id), ty)
    }
}

impl<'m> Signal<'m> {
    /// The two's-complement word of an integer; a word stays as it is.
    #[track_caller]
    pub fn to_bits(self) -> Signal<'m> {
        match self.ty() {
            Type::Bits(_) => self,
            Type::Int(range) => self.module.push(Op::ToBits(self.id), Type::Bits(range.width())),
        }
    }

    /// The word of `width` bits that holds an integer of `range`, extended where the integer's own range is
    /// narrower: what a port or a memory of that range takes.
    ///
    /// # Panics
    /// If `range` does not cover the integer's range.
    #[track_caller]
    pub fn to_bits_of(self, range: &Range) -> Signal<'m> {
        let own = self.range();
        assert!(range.covers(&own), "an integer in {own} does not fit in {range}");
        self.wrap(range.word()).to_bits()
    }

    /// A word read as an integer of `range`, which has the word's width. Where `range` is not the whole word, this
    /// is an assumption that simulation asserts.
    #[track_caller]
    pub fn int(self, range: Range) -> Signal<'m> {
        let width = self.width();
        assert!(matches!(self.ty(), Type::Bits(_)), "`int` reads a word, not {}", describe(&self.ty()));
        assert!(range.width() == width, "a word of {width} bits is no integer in {range}");
        self.module.push(Op::ToInt(self.id), Type::Int(range.word())).assume(range)
    }

    /// Bits `lsb .. lsb + width` of a word.
    #[track_caller]
    pub fn slice(self, lsb: u32, width: u32) -> Signal<'m> {
        let ty = self.ty();
        let Type::Bits(whole) = ty else { panic!("`slice` cuts words, not {}", describe(&ty)) };
        assert!(width > 0 && lsb + width <= whole, "bits {lsb}..{} of a word of {whole} bits", lsb + width);
        if width == whole {
            return self;
        }
        self.module.push(Op::Slice { a: self.id, lsb }, Type::Bits(width))
    }

    /// The word cut into integers of `range`, the first from the least significant bits.
    ///
    /// # Panics
    /// If the word's width is not `count` times the range's.
    #[track_caller]
    pub fn lanes(self, count: usize, range: &Range) -> Vec<Signal<'m>> {
        let _credit = self.module.credit_caller();
        let width = range.width();
        assert!(
            self.width() as usize == count * width as usize,
            "a word of {} bits is not {count} lanes of {width} bits",
            self.width()
        );
        (0..count).map(|lane| self.slice(lane as u32 * width, width).int(range.clone())).collect()
    }

    /// The word of `count` copies of a word or a condition.
    ///
    /// # Panics
    /// If `count` is 0.
    #[track_caller]
    pub fn repeat(self, count: usize) -> Signal<'m> {
        self.module.concat(&vec![self; count])
    }
}

impl Module {
    /// The words (and integers, as their words) behind each other, the first in the least significant bits.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn concat<'m>(&'m self, parts: &[Signal<'m>]) -> Signal<'m> {
        let _credit = self.credit_caller();
        let parts: Vec<_> = parts.iter().map(|part| part.to_bits()).collect();
        parts.iter().for_each(|part| self.own(*part));
        match parts[..] {
            [] => panic!("{NO_BITS}"),
            [only] => only,
            _ => {
                let width = parts.iter().map(|part| part.width()).sum();
                self.push(Op::Concat(parts.iter().map(|part| part.id).collect()), Type::Bits(width))
            }
        }
    }
}

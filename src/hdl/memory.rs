//! Memories with one write port and registered reads, as block RAM has them, and ROMs.

use super::module::{Module, NO_BITS};
use super::node::{self, Op, Type};
use super::signal::{Operand, Signal, describe};
use num_bigint::BigInt;

/// A memory of a module. A handle: copy it freely.
#[derive(Clone, Copy)]
pub struct Memory<'m> {
    module: &'m Module,
    index: usize,
}

impl Module {
    /// A memory of `words` words, whose contents are unspecified until they are written.
    ///
    /// # Panics
    /// If `words` is 0, or a word has no bits.
    #[track_caller]
    pub fn memory(&self, name: impl Into<String>, words: usize, ty: impl Into<Type>) -> Memory<'_> {
        self.add_memory(name.into(), words, ty.into(), None)
    }

    /// The same, but in a large memory where the family has such (SPRAM of iCE40 UltraPlus), whose one port writes in a clock cycle or reads:
    /// what is read in one that writes is unspecified. It is read in one place.
    ///
    /// # Panics
    /// As [`Module::memory`].
    #[track_caller]
    pub fn large_memory(&self, name: impl Into<String>, words: usize, ty: impl Into<Type>) -> Memory<'_> {
        let memory = self.memory(name, words, ty);
        self.memories.borrow_mut()[memory.index].is_large = self.timing().has_large_memory();
        memory
    }

    /// A memory with initial contents, which is a ROM unless it is written.
    ///
    /// # Panics
    /// If there are no contents, or one of them is not of the type.
    #[track_caller]
    pub fn rom(&self, name: impl Into<String>, ty: impl Into<Type>, contents: Vec<BigInt>) -> Memory<'_> {
        let ty = ty.into();
        let range = ty.range();
        if let Some((place, value)) = contents.iter().enumerate().find(|(_, value)| !range.contains(value)) {
            panic!("word {place} of a memory of {} is {value}", describe(&ty));
        }
        self.add_memory(name.into(), contents.len(), ty, Some(contents))
    }

    #[track_caller]
    fn add_memory(&self, name: String, words: usize, ty: Type, init: Option<Vec<BigInt>>) -> Memory<'_> {
        assert!(words > 0, "memory `{name}` has no words; leave it out where its depth is 0");
        assert!(ty != Type::Bits(0), "memory `{name}`: {NO_BITS}");
        let at = std::panic::Location::caller();
        let mut memories = self.memories.borrow_mut();
        let family = self.timing().family();
        memories.push(node::Memory { name, words, ty, init, write: None, is_large: false, family, at });
        self.memory_homes.borrow_mut().push(self.here.get());
        Memory { module: self, index: memories.len() - 1 }
    }
}

impl<'m> Memory<'m> {
    fn ty(self) -> Type {
        self.module.memories.borrow()[self.index].ty.clone()
    }

    #[track_caller]
    fn check_address(self, address: Signal<'m>) {
        let words = self.module.memories.borrow()[self.index].words;
        let (range, reach) = (address.range(), super::Range::new(0, words - 1));
        assert!(reach.covers(&range), "an address in {range} reaches past the {words} words of a memory");
    }

    /// The word at `address`, one clock cycle later; inside `map` the pipeliner counts that cycle. If the same cycle
    /// writes this address, the value is unspecified.
    ///
    /// # Panics
    /// If `address` may be past the last word.
    #[track_caller]
    pub fn read(self, address: Signal<'m>) -> Signal<'m> {
        self.check_address(address);
        self.module.push(Op::Read { memory: self.index, address: address.id, enable: None }, self.ty())
    }

    /// As [`Memory::read`] in clock cycles with `enable`; in the others the value stays.
    #[track_caller]
    pub fn read_when(self, enable: Signal<'m>, address: Signal<'m>) -> Signal<'m> {
        self.check_address(address);
        enable.condition("a read enable");
        let op = Op::Read { memory: self.index, address: address.id, enable: Some(enable.id) };
        self.module.push(op, self.ty())
    }

    /// In each clock cycle with `enable`, the word at `address` becomes `value`.
    ///
    /// # Panics
    /// If the memory is written elsewhere too, `address` may be past the last word, or `value` is not of its type.
    #[track_caller]
    pub fn write_when(self, enable: Signal<'m>, address: Signal<'m>, value: impl Operand<'m>) {
        self.check_address(address);
        enable.condition("a write enable");
        let value = value.operand(self.module);
        let (holds, can_be) = (self.ty(), value.ty());
        let fits = match (&holds, &can_be) {
            (Type::Int(holds), Type::Int(can_be)) => holds.covers(can_be),
            _ => holds == can_be,
        };
        let (holds, can_be) = (describe(&holds), describe(&can_be));
        assert!(
            fits,
            "a memory holds {holds} but is given {can_be}; wrap or saturate it, or widen the memory"
        );
        let write = node::Write { enable: enable.id, address: address.id, value: value.id };
        let memory = &mut self.module.memories.borrow_mut()[self.index];
        assert!(
            memory.write.replace(write).is_none(),
            "memory `{}` has more than one write port",
            memory.name
        );
    }
}

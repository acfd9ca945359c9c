//! Handles of nodes, and what may be asked of them.

use super::module::Module;
use super::node::{NodeId, Op, Type};
use super::range::Range;
use num_bigint::BigInt;

/// A value of a module under description: an integer of a known range, or a word of bits. A handle: copy it freely.
#[derive(Clone, Copy)]
pub struct Signal<'m> {
    pub(super) module: &'m Module,
    pub(super) id: NodeId,
}

/// What can stand beside a signal in an expression: a signal, or an integer constant.
pub trait Operand<'m> {
    #[track_caller]
    fn operand(self, module: &'m Module) -> Signal<'m>;
}

impl<'m> Operand<'m> for Signal<'m> {
    fn operand(self, module: &'m Module) -> Signal<'m> {
        module.own(self);
        self
    }
}

impl<'m> Operand<'m> for i64 {
    fn operand(self, module: &'m Module) -> Signal<'m> {
        module.constant(self)
    }
}

impl<'m> Operand<'m> for &BigInt {
    fn operand(self, module: &'m Module) -> Signal<'m> {
        module.constant(self.clone())
    }
}

impl<'m> Signal<'m> {
    pub fn module(self) -> &'m Module {
        self.module
    }

    pub fn ty(self) -> Type {
        self.module.nodes.borrow()[self.id].ty.clone()
    }

    /// Bits of the signal, the sign bit included.
    pub fn width(self) -> u32 {
        self.module.nodes.borrow()[self.id].ty.width()
    }

    /// The range of an integer.
    ///
    /// # Panics
    /// If the signal is a word of bits: `int` gives it a number.
    #[track_caller]
    pub fn range(self) -> Range {
        match self.ty() {
            Type::Int(range) => range,
            Type::Bits(width) => panic!("a word of {width} bits is no number; say which with `int(range)`"),
        }
    }

    /// Names the signal in the Verilog. Ports keep their names.
    pub fn named(self, name: impl Into<String>) -> Self {
        let node = &mut self.module.nodes.borrow_mut()[self.id];
        if !matches!(node.op, Op::Input) {
            node.name = Some(name.into());
        }
        self
    }

    /// Names the signal's net in the Verilog, if it needs one: a signal that is but bits of another, or stands where it is
    /// read, has none. A name that the signal has stays.
    pub fn hint(self, name: impl Into<String>) -> Self {
        self.module.nodes.borrow_mut()[self.id].hint = Some(name.into());
        self
    }

    /// The name given so far.
    pub fn name(self) -> Option<String> {
        self.module.nodes.borrow()[self.id].name.clone()
    }

    /// The value, where it is known at generation time.
    pub fn constant_value(self) -> Option<BigInt> {
        match &self.module.nodes.borrow()[self.id].op {
            Op::Constant(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The range of a condition, or a panic that says what `who` wanted it for.
    #[track_caller]
    pub(super) fn condition(self, who: &str) {
        let ty = self.ty();
        let fits = matches!(&ty, Type::Int(range) if range.is_condition());
        assert!(fits, "{who} wants a condition (0 or 1), not {}", describe(&ty));
    }
}

/// A type in words, for messages.
pub(super) fn describe(ty: &Type) -> String {
    match ty {
        Type::Int(range) => format!("an integer in {range}"),
        Type::Bits(width) => format!("a word of {width} bits"),
    }
}

//! Registers: the state of a module, and the one way to look back in time.

use super::module::Module;
use super::node::{NodeId, Op, Type};
use super::payload::{Payload, Shape, joined};
use super::range::Range;
use super::signal::{Operand, Signal, describe};
use num_bigint::BigInt;
use num_traits::Zero;

/// A register whose next value is given once, by [`Register::set`] or [`Register::set_when`].
///
/// ```
/// use ternlet::hdl::{Module, unsigned};
/// let m = Module::new("counter");
/// let count = m.register(unsigned(8), 0).named("count");
/// count.set((count.get() + 1).wrap(unsigned(8)));
/// m.output("count", count.get());
/// assert!(m.finish().unwrap().clocked);
/// ```
#[derive(Clone, Copy)]
pub struct Register<'m> {
    signal: Signal<'m>,
}

impl Module {
    /// A register that holds integers of `range` (or [`Type::Bits`]) and takes the value `reset` with `rst`.
    ///
    /// # Panics
    /// If `reset` is not of the type.
    #[track_caller]
    pub fn register(&self, ty: impl Into<Type>, reset: impl Into<BigInt>) -> Register<'_> {
        let (ty, reset) = (ty.into(), reset.into());
        assert!(ty.range().contains(&reset), "a register of {} cannot be reset to {reset}", describe(&ty));
        Register { signal: self.push(Op::Register { next: None, enable: None, reset: Some(reset) }, ty) }
    }

    /// A register without a reset: before it is first set it holds any word, so read it only where a flag with a
    /// reset says that it was set.
    #[track_caller]
    pub fn unreset_register(&self, ty: impl Into<Type>) -> Register<'_> {
        Register { signal: self.push(Op::Register { next: None, enable: None, reset: None }, ty.into()) }
    }

    /// A register of a condition, which is 0 after a reset.
    #[track_caller]
    pub fn flag(&self, name: impl Into<String>) -> Register<'_> {
        self.register(Range::condition(), 0).named(name)
    }

    /// A register for each part of a payload of `shape`, which takes its value of `reset` with `rst`.
    ///
    /// # Panics
    /// If there are not as many values as parts, or one is not of its type.
    #[track_caller]
    pub fn registers<S: Shape>(&self, name: &str, shape: &S, reset: &[i64]) -> Registers<'_, S::Payload<'_>> {
        let types = shape.types();
        assert!(
            types.len() == reset.len(),
            "the state has {} values but {} resets",
            types.len(),
            reset.len()
        );
        let mut resets = reset.iter();
        let mut register = |ty| self.register(ty, *resets.next().expect("one each"));
        Registers::new(name, shape, types.into_iter().map(&mut register))
    }

    /// As [`Module::registers`], without a reset.
    #[track_caller]
    pub fn unreset_registers<S: Shape>(&self, name: &str, shape: &S) -> Registers<'_, S::Payload<'_>> {
        Registers::new(name, shape, shape.types().into_iter().map(|ty| self.unreset_register(ty)))
    }
}

/// Registers that hold a payload, each named after its part.
pub struct Registers<'m, P> {
    registers: Vec<Register<'m>>,
    payload: P,
}

impl<'m, P: Payload<'m>> Registers<'m, P> {
    fn new<S: Shape<Payload<'m> = P>>(
        name: &str,
        shape: &S,
        registers: impl Iterator<Item = Register<'m>>,
    ) -> Self {
        let named = registers.zip(shape.names()).map(|(register, part)| register.named(joined(name, &part)));
        let registers: Vec<Register<'m>> = named.collect();
        let payload = shape.build(&mut registers.iter().map(|register| register.get()));
        Self { registers, payload }
    }

    /// Registers without a reset of the types that `of` makes of those of `like`.
    #[track_caller]
    pub fn like(name: &str, like: &P, of: impl Fn(Type) -> Type) -> Self {
        let mut registers = Vec::new();
        let payload = like.each(name, |signal, name| {
            let register = signal.module.unreset_register(of(signal.ty())).named(name);
            registers.push(register);
            register.get()
        });
        Self { registers, payload }
    }

    /// The payload now.
    pub fn get(&self) -> P {
        self.payload.clone()
    }

    /// As [`Register::set_when`], of all parts.
    #[track_caller]
    pub fn set_when(&self, enable: Signal<'m>, next: &P) {
        for (register, next) in self.registers.iter().zip(next.signals()) {
            register.set_when(enable, next);
        }
    }
}

impl Module {
    /// Whether the value of `node` comes from that of `source`, in this cycle or through other registers.
    fn depends(&self, node: NodeId, source: NodeId) -> bool {
        let nodes = self.nodes.borrow();
        let (mut seen, mut open) = (vec![false; nodes.len()], vec![node]);
        while let Some(id) = open.pop() {
            if id == source {
                return true;
            }
            if !std::mem::replace(&mut seen[id], true) {
                open.extend(nodes[id].op.operands());
            }
        }
        false
    }
}

impl<'m> Register<'m> {
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { signal: self.signal.named(name) }
    }

    /// The value now.
    pub fn get(self) -> Signal<'m> {
        self.signal
    }

    /// The value of the next clock cycle is `next`.
    ///
    /// # Panics
    /// If `next` may leave the register's range, or the register has a next value already.
    #[track_caller]
    pub fn set(self, next: impl Operand<'m>) {
        self.drive(None, next);
    }

    /// The value of the next clock cycle is `next` where `enable` is 1; otherwise it stays.
    ///
    /// # Panics
    /// As [`Register::set`].
    #[track_caller]
    pub fn set_when(self, enable: Signal<'m>, next: impl Operand<'m>) {
        enable.condition("a clock enable");
        self.drive(Some(enable), next);
    }

    #[track_caller]
    fn drive(self, enable: Option<Signal<'m>>, next: impl Operand<'m>) {
        let module = self.signal.module;
        let next = next.operand(module);
        match (self.signal.ty(), next.ty()) {
            (Type::Int(holds), Type::Int(can_be)) if !holds.covers(&can_be) => {
                // A sum with the register's own value leaves any range that the register is given.
                let help = match module.depends(next.id, self.signal.id) {
                    false => "wrap or saturate it, or widen the register",
                    true => {
                        "it grows out of any width, since it comes from the register itself; wrap or saturate it, or \
                         assume the range in which you know it to stay"
                    }
                };
                panic!("a register holds {holds} but its next value can be {can_be}; {help}")
            }
            (Type::Int(_), Type::Int(_)) => {}
            (holds, can_be) => assert!(
                holds == can_be,
                "a register holds {} but its next value is {}",
                describe(&holds),
                describe(&can_be)
            ),
        }
        let enable = enable.filter(|enable| enable.constant_value().is_none_or(|value| value.is_zero()));
        let mut nodes = module.nodes.borrow_mut();
        let Op::Register { next: place, enable: gate, .. } = &mut nodes[self.signal.id].op else {
            unreachable!("made by `register`")
        };
        assert!(place.replace(next.id).is_none(), "a register's next value is given twice");
        *gate = enable.map(|enable| enable.id);
    }
}

impl<'m> Signal<'m> {
    /// This signal as it was in the last clock cycle with `enable`: a register without a reset.
    #[track_caller]
    pub fn delay(self, enable: Signal<'m>) -> Signal<'m> {
        let register = self.module.unreset_register(self.ty());
        register.set_when(enable, self);
        register.get()
    }
}

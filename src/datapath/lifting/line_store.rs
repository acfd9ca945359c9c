//! What waits for later lines, position by position, and the beats that pass in the meantime.

use crate::hdl::{Memory, Module, Payload, Range, Register, Signal, Stream, Type};

/// How long lines are.
#[derive(Clone, Copy)]
pub struct Lines {
    /// The most positions.
    pub length: usize,
    /// Whether all lines have as many.
    pub fixed: bool,
    /// Cycles without a beat that may lie between the lines of two frames which follow each other. None where the next frame may
    /// wait for what this one leaves, so that all of this one leaves first.
    pub pause: Option<i64>,
}

impl Lines {
    /// The numbers of the positions.
    pub fn positions(&self) -> Range {
        Range::new(0, self.length - 1)
    }
}

/// The position after `at`, which is 0 after a line's `last`; asked for where a beat `enters`.
pub(super) fn next_position<'m>(at: Signal<'m>, enters: Signal<'m>, last: Signal<'m>) -> Signal<'m> {
    let range = at.range();
    if range.lo() == range.hi() { at } else { last.mux(0, (at + 1).assume_when(enters & !last, range)) }
}

/// Several words of one position side by side in one memory.
pub(super) struct Store<'m> {
    memory: Option<Memory<'m>>,
    types: Vec<Type>,
}

/// Bits of a word that may differ: what is always negative, as a complemented pixel, keeps no sign.
fn kept_bits(ty: &Type) -> u32 {
    ty.width() - u32::from(is_negative(ty))
}

fn is_negative(ty: &Type) -> bool {
    matches!(ty, Type::Int(range) if *range.hi() < 0.into())
}

impl<'m> Store<'m> {
    pub fn new(m: &'m Module, name: &str, length: usize, like: &[Signal<'m>]) -> Store<'m> {
        let types: Vec<Type> = like.iter().map(|signal| signal.ty()).collect();
        let width: u32 = types.iter().map(kept_bits).sum();
        let memory = (width > 0).then(|| m.memory(name, length, Type::Bits(width)));
        Store { memory, types }
    }

    pub fn read(&self, when: Signal<'m>, at: Signal<'m>) -> Vec<Signal<'m>> {
        let Some(memory) = self.memory else { return Vec::new() };
        let word = memory.read_when(when, at);
        let m = word.module();
        let mut lsb = 0;
        let cut = |ty: &Type| {
            let kept = (kept_bits(ty) > 0).then(|| word.slice(lsb, kept_bits(ty)));
            lsb += kept_bits(ty);
            let sign = is_negative(ty).then(|| m.bits(1, 1));
            let bits = m.concat(&kept.into_iter().chain(sign).collect::<Vec<_>>());
            match ty {
                Type::Int(range) if range.is_condition() => bits.int(Range::condition()),
                Type::Int(range) => bits.int(range.word()),
                Type::Bits(_) => bits,
            }
        };
        self.types.iter().map(cut).collect()
    }

    pub fn write(&self, when: Signal<'m>, at: Signal<'m>, signals: &[Signal<'m>]) {
        let Some(memory) = self.memory else { return };
        // What is always -1 keeps no bit.
        signals.iter().for_each(|signal| signal.module().ignore(*signal));
        let kept = signals.iter().zip(&self.types).filter(|(_, ty)| kept_bits(ty) > 0);
        let word = |(signal, ty): (&Signal<'m>, &Type)| {
            signal.to_bits_of(&ty.range().word()).slice(0, kept_bits(ty))
        };
        let words: Vec<_> = kept.map(word).collect();
        memory.write_when(when, at, signals[0].module().concat(&words));
    }
}

/// Beats beside the words that memories give for them: a register stage whose beats leave where they give something, and
/// are gone in a cycle where not.
pub(super) struct Beside<'m> {
    /// Whether a beat enters the stage in this cycle.
    pub enters: Signal<'m>,
    free: Signal<'m>,
    full: Register<'m>,
    entrance: Stream<'m, Vec<Signal<'m>>>,
}

impl<'m> Beside<'m> {
    pub fn new(m: &'m Module, name: &str, valid: Signal<'m>) -> Beside<'m> {
        let (entrance, free) = Stream::offer(format!("{name}_enter"), valid, None, Vec::new());
        let full = m.register(Range::condition(), 0).named(format!("{name}_full"));
        Beside { enters: (valid & free).named(format!("{name}_enters")), free, full, entrance }
    }

    /// Whether a beat may enter.
    pub fn entrance_free(&self) -> Signal<'m> {
        self.free
    }

    /// `signals` of the beat in the stage.
    pub fn hold(&self, name: &str, signals: &[Signal<'m>]) -> Vec<Signal<'m>> {
        let held = signals.iter().enumerate();
        held.map(|(place, signal)| signal.delay(self.enters).named(format!("{name}_{place}"))).collect()
    }

    /// The beats that give something as a stream, and whether the beat in the stage leaves it.
    pub fn leave<P: Payload<'m>>(
        self,
        name: &str,
        gives: Signal<'m>,
        last: Signal<'m>,
        payload: P,
    ) -> (Stream<'m, P>, Signal<'m>) {
        let full = self.full;
        let (stream, ready) = Stream::offer(name, full.get() & gives, Some(last), payload);
        let leaves = full.get() & (!gives | ready);
        full.set(self.enters | (full.get() & !leaves));
        self.entrance.take(!full.get() | leaves);
        (stream, leaves)
    }
}

//! One beat of a frame's many.

use super::payload::{Payload, Shape};
use super::signal::Signal;
use super::stream::Stream;

impl<'m, P: Payload<'m>> Stream<'m, P> {
    /// One beat a frame: `f` of the state and each payload gives the next state, from `initial` on; the state after the
    /// frame's last beat is the result. A beat is taken in each clock cycle but where a result waits.
    #[track_caller]
    pub fn fold<S: Shape>(
        self,
        name: &str,
        state: &S,
        initial: &[i64],
        f: impl FnOnce(S::Payload<'m>, P) -> S::Payload<'m>,
    ) -> Stream<'m, S::Payload<'m>> {
        self.frame_end("fold");
        let begin = |start: Signal<'m>, before: S::Payload<'m>| {
            let count = before.signals().len();
            assert!(
                count == initial.len(),
                "the state has {count} values but {} initial ones",
                initial.len()
            );
            let mut initial = initial.iter();
            before.each(&format!("{name}_before"), |signal, name| {
                let initial = *initial.next().expect("one each");
                start.mux(initial, signal).named(name)
            })
        };
        self.folded(name, state, begin, f)
    }

    /// As [`Stream::fold`], but the first argument of `f` says whether a beat is its frame's first, where the state means nothing: what
    /// takes its first state from a beat itself needs no multiplexer for an initial one.
    #[track_caller]
    pub fn fold_from_first<S: Shape>(
        self,
        name: &str,
        state: &S,
        f: impl FnOnce(Signal<'m>, S::Payload<'m>, P) -> S::Payload<'m>,
    ) -> Stream<'m, S::Payload<'m>> {
        self.frame_end("fold_from_first");
        self.folded(
            name,
            state,
            |start, before| (start, before),
            |(start, before), payload| f(start, before, payload),
        )
    }

    /// What both share: `begin` makes of the first beat's mark and the state what `f` takes with each payload.
    #[track_caller]
    fn folded<S: Shape, B>(
        self,
        name: &str,
        state: &S,
        begin: impl FnOnce(Signal<'m>, S::Payload<'m>) -> B,
        f: impl FnOnce(B, P) -> S::Payload<'m>,
    ) -> Stream<'m, S::Payload<'m>> {
        let m = self.module();
        let _credit = m.credit_caller();
        let stream = self.registered().noted(&format!("{name}_fold"));
        let _section = m.stream_section(name);
        let last = stream.frame_end("fold");
        let valid = m.flag(format!("{name}_valid"));
        let start = m.register(super::Range::condition(), 1).named(format!("{name}_start"));
        let registers = m.unreset_registers(name, state);
        let begun = begin(start.get(), registers.get());
        let (result, ready) = Stream::offer(name, valid.get(), None, registers.get());
        let taken = stream.take(!valid.get() | ready);
        let next = f(begun, taken.payload);
        registers.set_when(taken.passes, &next);
        start.set_when(taken.passes, last);
        valid.set((taken.passes & last) | (valid.get() & !ready));
        result.after(taken.stages.plus(1))
    }
}

//! Lines on their way through a transform: samples, and pairs of an even and an odd one.

use crate::hdl::{Module, Range, Register, Signal, Stream};

/// Two neighbours of a line, for one or more lines side by side, which share their control.
#[derive(Clone)]
pub struct Pair<'m> {
    /// The even sample, or the low band, of each line.
    pub even: Vec<Signal<'m>>,
    /// The odd sample, or the high band.
    pub odd: Vec<Signal<'m>>,
    /// 0 in the last pair of lines of an odd length, whose odd samples mean nothing.
    pub whole: Signal<'m>,
    /// What else goes along with a line; all pairs of a line have the same.
    pub marks: Vec<Signal<'m>>,
}

crate::payload!(Pair { even, odd, whole, marks });

/// A sample of each of one or more lines side by side, and what goes along with the lines.
#[derive(Clone)]
pub struct Sample<'m> {
    pub values: Vec<Signal<'m>>,
    pub marks: Vec<Signal<'m>>,
}

crate::payload!(Sample { values, marks });

/// A frame for each line.
pub type Pairs<'m> = Stream<'m, Pair<'m>>;
/// A frame for each line.
pub type Samples<'m> = Stream<'m, Sample<'m>>;

/// The samples of pairs, one a beat.
#[track_caller]
pub fn interleave<'m>(pairs: Pairs<'m>) -> Samples<'m> {
    let m = pairs.module();
    let second = m.register(Range::condition(), 0).named("interleave_second");
    let pair = pairs.payload().clone();
    let last = pairs.frame_end("lifting");
    let ends = second.get() | !pair.whole;
    let values = pair.even.iter().zip(&pair.odd).map(|(even, odd)| second.get().mux(*odd, *even)).collect();
    let (stream, ready) =
        Stream::offer("samples", pairs.valid(), Some(last & ends), Sample { values, marks: pair.marks });
    let valid = pairs.valid();
    let taken = pairs.take(ready & ends);
    second.set_when(valid & ready, !ends);
    stream.after(taken.stages)
}

/// Samples two by two. The even one waits for its neighbour; a last even one leaves alone while the next line begins.
#[track_caller]
pub fn pair_up<'m>(samples: Samples<'m>) -> Pairs<'m> {
    let m = samples.module();
    let flag = |name: &str| m.register(Range::condition(), 0).named(name);
    let (second, alone) = (flag("pair_second"), flag("pair_alone"));
    let Sample { values, marks } = samples.payload().clone();
    let last = samples.frame_end("lifting");
    let waiting: Vec<Register<'m>> = registers(m, "pair_even", &values);
    let waiting_marks: Vec<Register<'m>> = registers(m, "pair_marks", &marks);
    let valid = alone.get() | (second.get() & samples.valid());
    let even = waiting.iter().map(|register| register.get()).collect();
    let kept = waiting_marks.iter().map(|register| register.get()).collect();
    let pair = Pair { even, odd: values.clone(), whole: !alone.get(), marks: kept };
    let (stream, ready) = Stream::offer("pairs", valid, Some(alone.get() | last), pair);
    let taken = samples.take((second.get() & ready) | (!second.get() & (!alone.get() | ready)));
    let even_comes = taken.passes & !second.get();
    waiting.iter().zip(&values).for_each(|(register, value)| register.set_when(even_comes, *value));
    waiting_marks.iter().zip(&marks).for_each(|(register, mark)| register.set_when(even_comes, *mark));
    alone.set((even_comes & last) | (alone.get() & !ready));
    second.set_when(taken.passes, !second.get() & !last);
    stream.after(taken.stages)
}

/// A register without a reset for each of `like`.
pub(super) fn registers<'m>(m: &'m Module, name: &str, like: &[Signal<'m>]) -> Vec<Register<'m>> {
    let register = |(place, signal): (usize, &Signal<'m>)| {
        let name = if like.len() == 1 { name.to_string() } else { format!("{name}_{place}") };
        m.unreset_register(signal.ty()).named(name)
    };
    like.iter().enumerate().map(register).collect()
}

/// What the registers hold.
pub(super) fn get<'m>(registers: &[Register<'m>]) -> Vec<Signal<'m>> {
    registers.iter().map(|register| register.get()).collect()
}

/// Each register takes its signal in the cycles with `when`.
#[track_caller]
pub(super) fn load<'m>(registers: &[Register<'m>], when: Signal<'m>, signals: &[Signal<'m>]) {
    registers.iter().zip(signals).for_each(|(register, next)| register.set_when(when, *next));
}

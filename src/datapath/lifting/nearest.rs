//! A predict and an update step of the two nearest samples each, along lines of one sample a beat: a pair leaves every second
//! cycle, and its two cycles share what a window would hold twice.
//!
//! An odd sample joins the even one `e` before it in one sum, `r = e - 2^k (o + 1)`; the next even sample `m` makes
//! `high = -floor((r + m) / 2^k) - 1` of it, which is `o - floor((e + m) / 2^k)`; where differences cost as much as sums,
//! `r = 2^k (o + 1) - 1 - e` and `high = floor((r - m) / 2^k)`. `source` takes each high value behind its adder,
//! and `earlier` the one before from there: at a line's start it takes the first one too, in a cycle of its own, and at the end of
//! an odd length `source` stays. So borders cost no multiplexer but that of `m`, which at an even length's end is `e`. What leaves
//! beside the low value is `earlier`.
//!
//! Lines of 2 samples or more follow each other without a gap; a line of one sample takes two cycles.

use super::arithmetic::{complements, held, lifted};
use super::feed::{Operands, compute};
use super::pairs::{Pair, Pairs, Sample, Samples, get, load, registers};
use super::scheme::{Extension, Kind, Scheme, Sign, Step};
use crate::hdl::{Range, Register, Signal, Stages, Stream};

/// Whether the first two steps of `scheme` are such, so that [`forward`] can take them.
pub fn applies(scheme: &Scheme) -> bool {
    let [predict, update, ..] = &scheme.steps[..] else { return false };
    let nearest = |step: &Step, kind: Kind, first: i64| {
        step.kind == kind && step.first == first && step.taps.len() == 2
    };
    nearest(predict, Kind::Predict, 0)
        && predict.taps == [1, 1]
        && nearest(update, Kind::Update, -1)
        && scheme.extension != Extension::Zero
}

/// An odd sample and the even one before it, which is [`held`], in one sum.
fn joined<'m>(step: &Step, even: Signal<'m>, odd: Signal<'m>) -> Signal<'m> {
    let m = even.module();
    let scaled = odd << step.shift;
    let lowest = (1i64 << step.shift) - 1 - step.offset;
    match step.sign {
        Sign::Plus => (scaled + step.offset).add_with_carry(even, None),
        Sign::Minus if complements(step, m) => (scaled + lowest).add_complemented(even, Some(m.always())),
        Sign::Minus => (scaled + lowest).subtract(even),
    }
}

/// The high value of a sum of [`joined`] and the even sample behind it.
fn predicted<'m>(step: &Step, joined: Signal<'m>, next: Signal<'m>) -> Signal<'m> {
    let sum = match step.sign {
        Sign::Plus => joined.add_with_carry(next, None),
        Sign::Minus if complements(step, next.module()) => joined.add_complemented(next, None),
        Sign::Minus => joined.subtract(next),
    };
    sum >> step.shift
}

/// The pair that comes in, sample by sample.
struct Coming<'m> {
    /// Whether the odd sample is awaited; whether both are there, or all that the line has; whether the line goes on.
    second: Register<'m>,
    full: Register<'m>,
    open: Register<'m>,
    whole: Register<'m>,
    /// Whether the line has but this sample.
    alone: Register<'m>,
    even: Vec<Register<'m>>,
    sum: Vec<Register<'m>>,
    marks: Vec<Register<'m>>,
    /// The sample that comes, and what of it the registers take.
    x: Vec<Signal<'m>>,
    held_x: Vec<Signal<'m>>,
    sums: Vec<Signal<'m>>,
}

impl<'m> Coming<'m> {
    #[track_caller]
    fn new(predict: &Step, samples: &Samples<'m>) -> Self {
        let m = samples.module();
        let Sample { values: x, marks } = samples.payload().clone();
        let flag = |name: &str| m.register(Range::condition(), 0).named(name);
        let (second, full, open) = (flag("second"), flag("full"), flag("open"));
        let whole = m.unreset_register(Range::condition()).named("whole");
        let alone = m.unreset_register(Range::condition()).named("alone");
        let held_x: Vec<Signal<'m>> = x.iter().map(|x| held(predict, *x)).collect();
        let even = registers(m, "even", &held_x);
        let sums: Vec<Signal<'m>> =
            even.iter().zip(&x).map(|(even, odd)| joined(predict, even.get(), *odd)).collect();
        let sum = registers(m, "joined", &sums);
        let marks = registers(m, "pair_mark", &marks);
        Coming { second, full, open, whole, alone, even, sum, marks, x, held_x, sums }
    }

    /// The even value of each pair, and the high one, where `last` says whether the line has ended.
    fn values(&self, predict: &Step, last: Signal<'m>) -> (Vec<Signal<'m>>, Vec<Signal<'m>>) {
        let evens: Vec<Signal<'m>> = self.even.iter().map(|even| held(predict, even.get())).collect();
        let next: Vec<Signal<'m>> = evens.iter().zip(&self.x).map(|(even, x)| last.mux(*even, *x)).collect();
        let highs = self.sum.iter().zip(&next).map(|(sum, next)| predicted(predict, sum.get(), *next));
        (evens, highs.collect())
    }

    /// Takes samples while there is room, and says when the pair leaves, which `may` allow.
    #[track_caller]
    fn take(self, samples: Samples<'m>, last: Signal<'m>, may: Signal<'m>) -> Signal<'m> {
        let Self { second, full, open, whole, alone, .. } = self;
        let x_last = samples.frame_end("lifting");
        let marks = samples.payload().marks.clone();
        let leaves = (full.get() & (last | samples.valid()) & may).named("pair_leaves");
        let taken = samples.take(!full.get() | may);
        let even_comes = (taken.passes & !second.get()).named("even_comes");
        let odd_comes = (taken.passes & second.get()).named("odd_comes");
        second.set_when(taken.passes, !second.get() & !x_last);
        full.set_when(taken.passes | leaves, taken.passes & (second.get() | x_last));
        open.set_when(taken.passes, !x_last);
        whole.set_when(taken.passes, second.get());
        alone.set_when(even_comes, last & x_last);
        load(&self.even, even_comes, &self.held_x);
        load(&self.marks, even_comes, &marks);
        load(&self.sum, odd_comes, &self.sums);
        leaves
    }
}

/// A pair whose high value is there, and whose low one is made.
struct Waiting<'m, 'r> {
    /// Whether there is one, and whether it is its line's first, which waits for its own high value to become the one before.
    waits: Register<'m>,
    first: Signal<'m>,
    /// Whether its low value is made.
    updates: Signal<'m>,
    lows: Vec<Signal<'m>>,
    /// Of the samples.
    stages: Stages,
    /// `last`, `whole` and the marks.
    flags: &'r [Register<'m>],
    earlier: &'r [Register<'m>],
}

impl<'m> Waiting<'m, '_> {
    /// The pairs as a stream, and whether the next one may come: where the low value needs no more stages, it goes behind a register.
    #[track_caller]
    fn leave(
        self,
        update: &Step,
        (target, source, taps): (&[Register<'m>], &[Register<'m>], Vec<Vec<Signal<'m>>>),
    ) -> (Pairs<'m>, Signal<'m>) {
        let Self { waits, first, updates, lows, stages, flags, earlier } = self;
        let m = first.module();
        if !m.settles(&lows) {
            let operands: Operands<'m> = (get(target), taps, get(source), get(&flags[1..]));
            let (stream, ready) = Stream::offer("update", updates, Some(flags[0].get()), operands);
            return (compute(update, stream.after(stages)), ready);
        }
        let valid = m.register(Range::condition(), 0).named("out_valid");
        let low = registers(m, "low", &lows);
        let out_flags = registers(m, "out_flag", &get(flags));
        let values = get(&out_flags);
        let pair = Pair { even: get(&low), odd: get(earlier), whole: values[1], marks: values[2..].to_vec() };
        let (pairs, ready) = Stream::offer("update", valid.get(), Some(values[0]), pair);
        let free = !valid.get() | ready;
        let steps = waits.get() & free;
        valid.set_when(free, updates);
        load(&low, steps, &lows);
        load(&out_flags, steps, &get(flags));
        // A register that the pipeliner would have placed elsewhere.
        (pairs.after(stages.plus(1)), free)
    }
}

/// The samples as [`forward`] takes them: what comes late would not pass an adder in time, and goes behind a register.
#[track_caller]
pub fn in_time<'m>(scheme: &Scheme, samples: Samples<'m>) -> Samples<'m> {
    let predict = &scheme.steps[0];
    let late = samples.payload().values.iter().map(|x| joined(predict, held(predict, *x), *x));
    if samples.module().settles(&late.collect::<Vec<_>>()) { samples } else { samples.registered() }
}

/// The first two steps of `scheme`, for which [`applies`] holds.
#[track_caller]
pub fn forward<'m>(scheme: &Scheme, samples: Samples<'m>) -> Pairs<'m> {
    let m = samples.module();
    let (predict, update) = (&scheme.steps[0], &scheme.steps[1]);
    let marks = samples.payload().marks.clone();
    let flag = |name: &str| m.register(Range::condition(), 0).named(name);
    let each = |name: &str, like: &[Signal<'m>]| registers(m, name, like);
    let comes = Coming::new(predict, &samples);
    let (last, whole, alone) = (!comes.open.get(), comes.whole, comes.alone);
    let (evens, highs) = comes.values(predict, last);

    // The pair that waits for its update.
    let (waits, inside) = (flag("waits"), flag("inside"));
    let first = !inside.get();
    let targets: Vec<Signal<'m>> = evens.iter().map(|even| held(update, *even)).collect();
    let target = each("target", &targets);
    let zero_too = |high: &Signal<'m>| alone.get().mux(0, *high);
    let sources: Vec<Signal<'m>> = highs.iter().map(zero_too).collect();
    let (source, earlier) = (each("source", &sources), each("earlier", &sources));
    let flags = each("flag", &[&[last, whole.get()], &marks[..]].concat());
    let taps: Vec<Vec<Signal<'m>>> =
        earlier.iter().zip(&source).map(|(earlier, source)| vec![earlier.get(), source.get()]).collect();
    let lows: Vec<Signal<'m>> =
        target.iter().zip(&taps).map(|(target, taps)| lifted(update, target.get(), taps)).collect();
    let updates = waits.get() & !first;
    let stages = samples.stages();
    let waiting = Waiting { waits, first, updates, lows, stages, flags: &flags, earlier: &earlier };
    let (pairs, free) = waiting.leave(update, (&target, &source, taps));

    let steps = (waits.get() & free).named("steps");
    let may = !waits.get() | (!first & free);
    let pair_marks = get(&comes.marks);
    let leaves = comes.take(samples, last, may);
    let flags_in = [&[last, whole.get()], &pair_marks[..]].concat();
    load(&flags, leaves, &flags_in);
    load(&target, leaves, &targets);
    load(&source, leaves & (whole.get() | alone.get()), &sources);
    waits.set(leaves | (waits.get() & !(updates & free)));
    inside.set_when(steps, first | !flags[0].get());
    load(&earlier, steps, &get(&source));
    pairs
}

//! A step between streams: what comes into its window, and what its arithmetic makes of a window's operands.

use super::arithmetic::{held, lifted};
use super::pairs::{Pair, Pairs, Sample, Samples};
use super::scheme::{Kind, Step};
use crate::hdl::{Module, Range, Register, Signal, Stages, Stream};

/// What comes into a window, its targets held for the step's arithmetic.
pub(super) struct Feed<'m> {
    pub m: &'m Module,
    /// Whether a pair comes, or a sample.
    pub valid: Signal<'m>,
    /// Of samples the one that comes stands at both places.
    pub pair: Pair<'m>,
    pub last: Signal<'m>,
    /// Of the stream.
    pub stages: Stages,
    pub from: From<'m>,
}

pub(super) enum From<'m> {
    Pairs(Pairs<'m>),
    /// An odd sample, or line, joins the even one before it. The register is 1 where the odd one is awaited.
    Samples(Samples<'m>, Register<'m>),
}

impl<'m> Feed<'m> {
    pub fn of_pairs(pairs: Pairs<'m>, step: &Step) -> Feed<'m> {
        let mut pair = pairs.payload().clone();
        let targets = if step.kind == Kind::Predict { &mut pair.odd } else { &mut pair.even };
        targets.iter_mut().for_each(|target| *target = held(step, *target));
        let last = pairs.frame_end("lifting");
        let (m, valid, stages) = (pairs.module(), pairs.valid(), pairs.stages());
        Feed { m, valid, pair, last, stages, from: From::Pairs(pairs) }
    }

    /// `second` names the register.
    pub fn of_samples(samples: Samples<'m>, step: &Step, second: &str) -> Feed<'m> {
        let m = samples.module();
        let Sample { values, marks } = samples.payload().clone();
        let second = m.register(Range::condition(), 0).named(second);
        let last = samples.frame_end("lifting");
        let odd = values.iter().map(|value| held(step, *value)).collect();
        let pair = Pair { even: values, odd, whole: m.never(), marks };
        let (valid, stages) = (samples.valid(), samples.stages());
        Feed { m, valid, pair, last, stages, from: From::Samples(samples, second) }
    }
}

/// What the arithmetic of a step takes: its targets (held), the sources of its taps, the source beside each target, and the
/// pair's flag and marks.
pub(super) type Operands<'m> = (Vec<Signal<'m>>, Vec<Vec<Signal<'m>>>, Vec<Signal<'m>>, Vec<Signal<'m>>);

/// The arithmetic of a step, in as many stages as the clock asks.
#[track_caller]
pub(super) fn compute<'m>(step: &Step, operands: Stream<'m, Operands<'m>>) -> Pairs<'m> {
    operands.map(|(targets, taps, sources, flags)| {
        let lifted = targets.iter().zip(&taps).map(|(target, taps)| lifted(step, *target, taps)).collect();
        let (even, odd) = if step.kind == Kind::Predict { (sources, lifted) } else { (lifted, sources) };
        Pair { even, odd, whole: flags[0], marks: flags[1..].to_vec() }
    })
}

pub(super) fn split<'m>(step: &Step, pair: &Pair<'m>) -> (Vec<Signal<'m>>, Vec<Signal<'m>>) {
    match step.kind {
        Kind::Predict => (pair.odd.clone(), pair.even.clone()),
        Kind::Update => (pair.even.clone(), pair.odd.clone()),
    }
}

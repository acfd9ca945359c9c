//! Ternary dot products of many rows that share one activation a beat: an accumulator a row, in as many look-up tables as
//! it has bits.

use super::ternary::Trit;
use crate::device::{AccumulatorForm, HandWritten};
use crate::hdl::{BlackBox, Module, Range, Signal, Stream, Type, signed};
use crate::stream::Pace;
use crate::stream::timeline::{Actor, Beat, Channel, Timeline, passing};
use std::rc::Rc;

impl AccumulatorForm {
    /// Beats that a frame of `columns` weights takes.
    pub fn steps(self, columns: usize) -> usize {
        match self {
            Self::Polarity => columns + 1,
            Self::Cell(_) => columns,
        }
    }

    /// When the sums come of frames of `columns` weights that `x` holds one after the other, a beat a cycle: the first with the last
    /// weight. Sums stay a cycle, in which the next frame waits, so that each takes `steps + 1` cycles.
    pub fn pace(self, x: &Pace, columns: usize) -> Option<Pace> {
        let (frames, steps) = (x.beats as usize / columns, self.steps(columns));
        x.is_dense().then(|| x.every(steps + 1, frames, x.first + columns as u64 - 1))
    }

    /// The steps that stand for a row of weights whose positive and negative ones are summed up apart: themselves.
    pub fn encode_apart(self, weights: &[i8]) -> Vec<i8> {
        let head = self.steps(weights.len()) - weights.len();
        std::iter::repeat_n(0, head).chain(weights.iter().copied()).collect()
    }

    /// The steps that stand for a row of weights: of [`AccumulatorForm::Polarity`], [`polarity_steps`].
    pub fn encode(self, weights: &[i8]) -> Vec<i8> {
        match self {
            Self::Polarity => polarity_steps(weights),
            Self::Cell(_) => weights.to_vec(),
        }
    }
}

/// The steps of a polarity-held accumulator for a row of `weights`: one more than weights. A step of 0 leaves the accumulator
/// as it is, +1 makes it `acc + x`, and -1 makes it `~(acc + x)`.
///
/// With `acc` the true sum or its complement, `acc + x` is the true sum plus `x`, or the complement of the true sum minus `x`.
/// So the polarity must be true before a weight of +1 and complemented before one of -1; it is true in the end. The first
/// step, with `x` = 0, makes it so for the first weight.
pub fn polarity_steps(weights: &[i8]) -> Vec<i8> {
    let mut steps = vec![0; weights.len() + 1];
    let (mut last, mut polarity) = (0, 1);
    for (place, &weight) in weights.iter().enumerate().filter(|(_, weight)| **weight != 0) {
        // What the step before left has to be complemented, or not.
        steps[last] = if weight != polarity { -1 } else { i8::from(last > 0) };
        (last, polarity) = (place + 1, weight);
    }
    if last > 0 {
        steps[last] = polarity;
    }
    steps
}

/// A beat: an activation that all rows share, and a step for each row.
#[derive(Clone)]
pub struct SharedStep<'m> {
    pub x: Signal<'m>,
    pub steps: Vec<Trit<'m>>,
}

crate::payload!(SharedStep { x, steps });

/// For each frame the sums of its steps. A frame ends with
/// a beat of all rows' sums, in the whole words of `accumulator`, and takes two clock cycles more than it has beats.
///
/// # Panics
/// If the stream is not framed.
#[track_caller]
pub fn row_accumulators<'m>(
    m: &'m Module,
    stream: Stream<'m, SharedStep<'m>>,
    accumulator: &Range,
    form: AccumulatorForm,
) -> Stream<'m, Vec<Signal<'m>>> {
    // Until the first clear the accumulators hold anything.
    let full = m.flag("rows_valid");
    let stale = m.register(Range::condition(), 1).named("rows_stale");
    let stream = stream.registered().noted("steps");
    let last = stream.frame_end("row_accumulators");
    let taken = stream.take(!full.get() & !stale.get());
    let SharedStep { x: activation, steps } = taken.payload;
    let (result, ready) = Stream::offer("rows", full.get(), None, Vec::<Signal<'m>>::new());
    let clear = (stale.get() | (full.get() & ready)).named("clear");
    stale.set(0);
    full.set((taken.passes & last) | (full.get() & !ready));
    let range = activation.range();
    let x = if range.is_signed() { activation } else { activation.wrap(signed(range.width() + 1)) }
        .named("activation");
    let sums = steps.into_iter().enumerate().map(|(row, step)| match form {
        AccumulatorForm::Polarity => {
            let sum = m.unreset_register(accumulator.clone()).named(format!("sum_{row}"));
            let flip = step.negative.repeat(accumulator.width() as usize);
            let next = (sum.get() + x).wrap(accumulator.clone()).to_bits() ^ flip;
            let moves = clear | (taken.passes & step.nonzero);
            sum.set_when(moves, clear.mux(0, next.int(accumulator.clone())));
            sum.get()
        }
        AccumulatorForm::Cell(written) => {
            let inputs = [clear, taken.passes, x, step.negative, step.nonzero];
            m.black_box(format!("sum_{row}"), cell(written, accumulator, &x.range()), &inputs)[0]
        }
    });
    result.with_payload(sums.collect()).after(taken.stages.plus(1))
}

/// [`row_accumulators`] in a timed run.
pub fn timed_row_accumulators(t: &mut Timeline, steps: Channel) -> Channel {
    let steps = t.crossing(steps, "steps");
    t.through(steps, 1, RowSums::default())
}

/// While the sums wait, and before the first frame, no beat is taken.
#[derive(Default)]
struct RowSums {
    cleared: bool,
    sums: Option<Beat>,
}

impl Actor for RowSums {
    fn offers(&self, _: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = self.sums;
    }

    fn takes(&self, _: &[Option<Beat>], _: &[bool], ready: &mut [bool]) {
        ready[0] = self.cleared && self.sums.is_none();
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        self.cleared = true;
        self.sums = self.sums.filter(|_| !free[0]).or(passing(inputs, ready, 0).filter(|beat| beat.last));
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        self.cleared
    }
}

/// The hand-written accumulator of a family.
fn cell(written: &HandWritten, accumulator: &Range, x: &Range) -> Rc<BlackBox> {
    let condition = || Type::Int(Range::condition());
    Rc::new(BlackBox {
        name: written.name.into(),
        parameters: vec![("WIDTH".into(), accumulator.width().into()), ("X_WIDTH".into(), x.width().into())],
        clocked: true,
        inputs: vec![
            ("clear".into(), condition()),
            ("enable".into(), condition()),
            ("x".into(), Type::Int(x.clone())),
            ("negative".into(), condition()),
            ("nonzero".into(), condition()),
        ],
        outputs: vec![("acc".into(), Type::Int(accumulator.clone()))],
        source: written.source,
        cells: Some(written.models),
    })
}

#[cfg(test)]
mod tests {
    use super::polarity_steps;

    /// What the hardware of a row makes of its steps.
    fn run(steps: &[i8], x: &[i64]) -> i64 {
        let inputs = std::iter::once(&0).chain(x);
        steps.iter().zip(inputs).fold(0, |acc, (step, x)| match step {
            0 => acc,
            1 => acc + x,
            _ => !(acc + x),
        })
    }

    #[test]
    fn every_row_of_up_to_seven_weights_sums_as_it_should() {
        for length in 0..=7u32 {
            for number in 0..3usize.pow(length) {
                let weights: Vec<i8> =
                    (0..length).map(|place| [0, 1, -1][number / 3usize.pow(place) % 3]).collect();
                let x: Vec<i64> = (0..i64::from(length)).map(|place| (place * 37 + 5) % 23 - 9).collect();
                let expected: i64 = weights.iter().zip(&x).map(|(weight, x)| i64::from(*weight) * x).sum();
                assert_eq!(run(&polarity_steps(&weights), &x), expected, "{weights:?}");
            }
        }
    }
}

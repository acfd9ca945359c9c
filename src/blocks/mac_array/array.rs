//! The hardware of the array.

use super::weights::{SharedColumn, Written};
use super::{MacArray, Weights, walk_of_words};
use crate::blocks::adder_tree::Dot;
use crate::blocks::{constant_matrix, replay, timed_replay};
use crate::device::AdderForm;
use crate::hdl::{Memory, Module, Payload, Range, Signal, Stream, Timing, Type};
use crate::stream::timeline::{After, Channel, Framed, Repeat, Timeline, Zip};
use crate::stream::{LaneStream, Pace};

/// Activations next to the word of their weights, and what is loaded for the whole vector.
#[derive(Clone)]
struct Beat<'m> {
    x: Vec<Signal<'m>>,
    word: Signal<'m>,
    loaded: Vec<Signal<'m>>,
}

crate::payload!(Beat { x, word, loaded });

impl MacArray {
    /// The rows' sums, those of `parallel_rows` rows a beat, where a row has several next to each other; `inputs` are the streams of
    /// [`MacArray::inputs`], but that each vector of `x` ends with `last`. Lanes of a frame's last beat that are no row are 0 if
    /// `zero_tail`, otherwise anything.
    pub fn rows<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>, zero_tail: bool) -> LaneStream<'m> {
        let mut inputs = inputs;
        let x = inputs.remove(0);
        let word = self.accumulator();
        if let Weights::Constant(graph) = &self.weights {
            let rows = x.map(|x| {
                // Columns of zeros are read by no row.
                x.iter().for_each(|x| m.ignore(*x));
                let rows = constant_matrix(graph, &x, AdderForm::of(m.timing().family()));
                rows.into_iter().map(|row| row.wrap(word.clone())).collect()
            });
            return rows.framed(self.vectors);
        }
        inputs.insert(0, replay(x, self.folding.beats(), self.folding.passes()));
        self.rows_of_passes(m, inputs, zero_tail)
    }

    /// As [`MacArray::rows`], of weights that are not constant, where each vector comes again for each set of rows, a frame each time: then the
    /// array keeps none.
    pub fn rows_of_passes<'m>(
        &self,
        m: &'m Module,
        inputs: Vec<LaneStream<'m>>,
        zero_tail: bool,
    ) -> LaneStream<'m> {
        let mut inputs = inputs.into_iter();
        let x = inputs.next().expect("a stream of activations");
        let (word, passes) = (self.accumulator(), self.folding.passes());
        let sums = match (&self.weights, self.shared_column()) {
            (Weights::Memory(matrix), Some(shared)) => {
                shared.rows(m, x, (matrix, &self.turns), &self.folding, &word)
            }
            _ => self.sums(m, self.with_weights(m, x, inputs.collect())),
        };
        let rows = sums.framed(passes * self.vectors);
        let some = self.folding.row_tail() < self.folding.parallel_rows;
        if some && self.has_stray_weights() && zero_tail {
            without_last(rows, self.folding.row_tail() * self.kind.sums())
        } else {
            rows
        }
    }

    /// What makes the sums in place of [`MacArray::sums`], if anything does.
    fn shared_column(&self) -> Option<&dyn SharedColumn> {
        let Weights::Memory(_) = self.weights else { return None };
        self.kind.shared_column().filter(|_| self.folding.lanes == 1 && self.folding.beats() > 1)
    }

    /// Of frames of one vector: with `B` beats a vector, `P` passes and `R` beats of weights for each of activations, the sums of pass `p`
    /// come with beat `B R (p + 1) - 1` of the replay, which starts with a vector's last beat, or its first where `P` = 1; a frame takes
    /// `B P R` cycles. Constant weights take a vector a cycle. None where this is not known.
    pub fn pace(&self, inputs: &[Pace], timing: Timing) -> Option<Pace> {
        let (folding, repeats, steps) = (&self.folding, self.kind.repeats(), self.steps());
        let (x, others) = inputs.split_first()?;
        if let Weights::Constant(_) = self.weights {
            return Some(x.clone());
        }
        let (beats, passes) = (folding.beats(), folding.passes());
        let x = if beats == 1 { x.spread(passes, passes)? } else { x.replayed(passes) };
        if let Some(shared) = self.shared_column() {
            return shared.schedule(&x, folding, timing);
        }
        if let Weights::Loaded { .. } = self.weights {
            return None;
        }
        let mut weighted = x.spread(repeats, steps)?;
        for other in others {
            weighted = weighted.joined(&other.spread(steps / other.beats as usize, steps)?)?;
        }
        weighted.gathered(folding.beats() * repeats)
    }

    /// The same as a timed run of the array's blocks.
    pub fn timed(&self, t: &mut Timeline, inputs: &[Channel]) -> Channel {
        if let Weights::Constant(_) = self.weights {
            return match self.vectors {
                1 => inputs[0],
                vectors => t.through(inputs[0], 0, Framed::new(vectors)),
            };
        }
        let x = timed_replay(t, inputs[0], self.folding.beats(), self.folding.passes());
        self.timed_of_passes(t, &[&[x], &inputs[1..]].concat())
    }

    /// [`MacArray::rows_of_passes`] as a timed run.
    pub fn timed_of_passes(&self, t: &mut Timeline, inputs: &[Channel]) -> Channel {
        let (folding, repeats) = (&self.folding, self.kind.repeats());
        let (x, beats, passes) = (inputs[0], folding.beats(), folding.passes());
        let sums = match self.shared_column() {
            Some(shared) => shared.timed(t, x, folding),
            None => {
                let x = t.through(x, 0, Repeat::new(repeats, repeats));
                let mut weighted = vec![x];
                let mut others = inputs[1..].iter().copied();
                match self.weights {
                    Weights::Memory(_) => {
                        weighted[0] = t.part("weights_memory", |t| {
                            let x = t.crossing(x, "x");
                            t.crossing(x, "weighted")
                        });
                    }
                    Weights::Loaded { .. } => {
                        let w = others.next().expect("a stream of weights");
                        weighted[0] = t.part("weights_memory", |t| {
                            let w = t.crossing(w, "w");
                            let x = t.crossing(x, "x");
                            let x = t.add(&[x, w], 1, After::new(self.words_held()))[0];
                            t.crossing(x, "weighted")
                        });
                    }
                    _ => weighted.extend(others.next()),
                }
                let held = self.steps() * self.vectors;
                let loaded = others.next().map(|loaded| t.through(loaded, 0, Repeat::new(held, held)));
                weighted.extend(loaded);
                let weighted = t.add(&weighted, 1, Zip)[0];
                match beats * repeats {
                    1 => weighted,
                    beats => t.part("accumulators", |t| {
                        let dots = t.crossing(weighted, "dots");
                        let dots = t.through(dots, 0, Framed::new(beats));
                        let sums = t.fold(dots, "accumulator");
                        t.crossing(sums, "sums")
                    }),
                }
            }
        };
        t.through(sums, 0, Framed::new(passes * self.vectors))
    }

    /// Whether weights that stand for no row or no column may be other than 0.
    fn has_stray_weights(&self) -> bool {
        matches!(self.weights, Weights::Stream | Weights::Loaded { .. }) || self.kind.zero().is_none()
    }

    fn with_weights<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        others: Vec<LaneStream<'m>>,
    ) -> Stream<'m, Beat<'m>> {
        let mut others = others.into_iter();
        let some = self.folding.column_tail() < self.folding.lanes;
        let x =
            if some && self.has_stray_weights() { without_last(x, self.folding.column_tail()) } else { x };
        let x = x.repeated(self.kind.repeats());
        let beat = |x, word| Beat { x, word, loaded: Vec::new() };
        let weighted = match &self.weights {
            Weights::Memory(matrix) => {
                let words = self.words(matrix);
                m.part("weights_memory", "activations, each beat next to the word of its weights", |part| {
                    let ty = Type::Bits(self.kind.word_bits(self.groups()));
                    let walk = walk_of_words(&self.turns, words.len());
                    let rom: Memory<'m> = m.rom("weights", ty, words);
                    let stepped = walk.numbered(part.input_stream("x", x), "step");
                    part.output_stream("weighted", stepped.map(|(x, step)| beat(x, rom.read(step))))
                })
            }
            &Weights::Loaded { is_large, .. } => {
                let w = others.next().expect("a stream of weights");
                let doc = "activations, each beat next to the word of its weights, once these are there";
                m.part("weights_memory", doc, |part| {
                    let w = part.input_stream("w", w);
                    let word = w.payload().word();
                    let w = w.with_payload(word);
                    let x = part.input_stream("x", x);
                    let (memory, x) = loaded_memory(w, (self.words_held(), is_large), x);
                    let walk = walk_of_words(&self.turns, self.words_held());
                    let stepped = walk.numbered(x, "step");
                    part.output_stream("weighted", stepped.map(|(x, step)| beat(x, memory.read(step))))
                })
            }
            _ => {
                let w = others.next().expect("a stream of weights");
                x.zip(w.unframed()).map(|(x, w)| beat(x, w.word()))
            }
        };
        match others.next() {
            Some(loaded) => {
                let held = loaded.repeated(self.steps() * self.vectors).unframed();
                weighted.zip(held).map(|(beat, loaded)| Beat { loaded, ..beat })
            }
            None => weighted,
        }
    }

    /// An adder tree a row, then an accumulator where a vector takes more than one beat.
    fn sums<'m>(&self, m: &'m Module, weighted: Stream<'m, Beat<'m>>) -> LaneStream<'m> {
        let (rows, kind) = (self.folding.parallel_rows, &self.kind);
        let dots = weighted.map(|beat| {
            // Whatever the codes are, some weights may want none of it.
            beat.signals().iter().for_each(|signal| m.ignore(*signal));
            let is_stored = matches!(self.weights, Weights::Memory(_));
            let weights = Written { word: beat.word, is_stored, groups: self.groups(), rows };
            kind.dots(&beat.x, weights, &beat.loaded)
        });
        let word = self.accumulator();
        let sums_at_once = rows * kind.sums();
        let beats = self.folding.beats() * kind.repeats();
        if beats == 1 {
            return dots.map(|dots| dots.into_iter().map(|dot| dot.whole().wrap(word.clone())).collect());
        }
        m.part("accumulators", format!("the sum of the dots of {beats} beats, for each row"), |part| {
            let dots = part.input_stream("dots", dots);
            let dots = if dots.is_framed() { dots } else { dots.framed(beats) };
            let sums = |accumulators: Vec<Signal<'m>>, dots: Vec<Dot<'m>>| {
                let sums = accumulators.into_iter().zip(dots);
                let total = |(row, (sum, dot)): (usize, (Signal<'m>, Dot<'m>))| {
                    dot.add_to(sum).hint(format!("total_{row}")).wrap(word.clone())
                };
                sums.enumerate().map(total).collect()
            };
            let words = vec![word.clone(); sums_at_once];
            let sums = dots.fold("accumulator", &words, &vec![0; sums_at_once], sums);
            part.output_stream("sums", sums)
        })
    }
}

/// A memory of `words` words that stream `w` fills once, and the beats of `x`, which wait until it has.
fn loaded_memory<'m>(
    w: Stream<'m, Signal<'m>>,
    (words, is_large): (usize, bool),
    x: LaneStream<'m>,
) -> (Memory<'m>, LaneStream<'m>) {
    let (m, ty) = (w.module(), w.payload().ty());
    let memory = if is_large { m.large_memory("weights", words, ty) } else { m.memory("weights", words, ty) };
    let place = m.register(Range::new(0, words - 1), 0).named("place");
    let full = m.flag("loaded");
    w.last().iter().for_each(|last| m.ignore(*last));
    let taken = w.take(!full.get());
    memory.write_when(taken.passes, place.get(), taken.payload);
    let is_last = place.get().eq(words as i64 - 1);
    place.set_when(taken.passes, place.get().next_count(is_last));
    full.set(full.get() | (taken.passes & is_last));
    // What is read at one address only is read ahead of the beats: a cycle later it is there.
    let settled = m.flag("settled");
    settled.set(full.get());
    let (stages, payload) = (x.stages(), x.payload().clone());
    let (open, ready) = Stream::offer("open", x.valid() & settled.get(), x.last(), payload);
    x.take(ready & settled.get());
    (memory, open.after(stages))
}

/// The same beats, but 0 in the lanes from `tail` on of a frame's last one.
fn without_last<'m>(stream: LaneStream<'m>, tail: usize) -> LaneStream<'m> {
    let marked = stream.scan("tail", &Vec::<Range>::new(), &[], |_, lanes, last| (Vec::new(), (lanes, last)));
    marked.map(|(lanes, last)| {
        let kept = |(lane, x): (usize, Signal<'m>)| {
            if lane < tail { x } else { last.mux(0, x).wrap(x.range().word()) }
        };
        lanes.into_iter().enumerate().map(kept).collect()
    })
}

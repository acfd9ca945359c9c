//! Frames, each held and given in another order.

use super::Digit;
use crate::hdl::{Module, Payload, Range, Register, Signal, Stream};
use crate::stream::timeline::{Channel, Repeat, Replay, Timeline};

/// A count of what leaves: each step of it goes `step` beats on in the frame. One of step 0 gives the same again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    pub count: usize,
    pub step: usize,
}

/// Frames of `beats` beats, of which those leave that nested loops name: beat `sum of digit * step`, the innermost loop fastest.
///
/// While one frame is given the next one is taken: without stalls a beat leaves in every clock cycle, where no fewer leave than enter. Two
/// frames lie in one memory, which the payload's ranges widen to; where the order is that in which beats come there is none, and where a
/// frame is one beat neither. The first beat leaves after the frame's last has come.
///
/// ```
/// use ternlet::blocks::Reorder;
/// use ternlet::hdl::{Module, unsigned};
/// // A matrix of 2 rows and 3 columns, column by column.
/// let transposed = Reorder::new(6, &[(3, 1), (2, 3)]);
/// assert_eq!(transposed.given(), 6);
/// let m = Module::new("transpose");
/// let x = m.input_stream("x", false, &unsigned(4));
/// m.output_stream("y", transposed.of(x));
/// m.finish().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reorder {
    beats: usize,
    /// The outermost first; none that is one with the next one, or counts to one.
    loops: Vec<Loop>,
}

impl Reorder {
    /// Of loops that count so far and step so wide, the outermost first.
    ///
    /// # Panics
    /// If a loop counts nothing, or a beat is named that a frame has not.
    #[track_caller]
    pub fn new(beats: usize, loops: &[(usize, usize)]) -> Self {
        let mut merged: Vec<Loop> = Vec::new();
        for &(count, step) in loops.iter().filter(|(count, _)| *count != 1) {
            match merged.last_mut() {
                Some(outer) if outer.step == count * step => {
                    *outer = Loop { count: outer.count * count, step }
                }
                _ => merged.push(Loop { count, step }),
            }
        }
        assert!(loops.iter().all(|(count, _)| *count > 0), "a loop counts to 1 at least");
        let last: usize = merged.iter().map(|each| (each.count - 1) * each.step).sum();
        assert!(last < beats, "the loops name beat {last} of {beats}");
        Self { beats, loops: merged }
    }

    /// Beats that leave for a frame.
    pub fn given(&self) -> usize {
        self.loops.iter().map(|each| each.count).product()
    }

    /// Beats that are held.
    pub fn words(&self) -> usize {
        if self.is_in_order() || self.beats == 1 { 0 } else { 2 * self.beats }
    }

    fn is_in_order(&self) -> bool {
        let all = Loop { count: self.beats, step: 1 };
        if self.beats == 1 { self.loops.is_empty() } else { self.loops == [all] }
    }

    /// The frames that lie one after the other in `stream`; `last` is not looked at, and none leaves.
    pub fn of<'m, P: Payload<'m>>(&self, stream: Stream<'m, P>) -> Stream<'m, P> {
        let stream = stream.unframed();
        if self.is_in_order() {
            return stream;
        }
        if self.beats == 1 {
            return stream.repeated(self.given());
        }
        let doc = format!(
            "each {} beats as {} in another order; the next are taken meanwhile",
            self.beats,
            self.given()
        );
        stream.module().part("reorder", doc, |part| {
            part.output_stream("y", self.reordered(part.input_stream("x", stream)))
        })
    }

    fn reordered<'m, P: Payload<'m>>(&self, stream: Stream<'m, P>) -> Stream<'m, P> {
        let m = stream.module();
        let shape = stream.payload().clone();
        let word = shape.word();
        let memory = m.memory("frames", 2 * self.beats, word.ty());
        let full = m.register(Range::new(0, 2), 0).named("full");

        let fill = Digit::new(m, "fill", 2 * self.beats, 0);
        let taken = stream.take(!full.get().eq(2));
        memory.write_when(taken.passes, fill.value, word);
        fill.step(taken.passes);
        let filled = (taken.passes & (fill.is(self.beats - 1) | fill.end())).named("filled");

        let place = Place::new(m, self);
        let (addresses, ready) = Stream::offer("place", !full.get().eq(0), None, place.address);
        let moves = addresses.valid() & ready;
        let given = (moves & place.end).named("given");
        place.step(self, moves);
        let more = (full.get() + 1).assume_when(!given & filled, Range::new(1, 2));
        let fewer = (full.get() - 1).assume_when(given & !filled, Range::new(0, 1));
        full.set((filled ^ given).mux(filled.mux(more, fewer), full.get()));

        addresses.after(taken.stages.plus(1)).map(|address| {
            shape.cut(memory.read(address)).each("reordered", |signal, name| signal.hint(name))
        })
    }

    /// [`Reorder::of`] in a timed run.
    pub fn timed(&self, t: &mut Timeline, x: Channel) -> Channel {
        if self.is_in_order() {
            return x;
        }
        if self.beats == 1 {
            return t.through(x, 0, Repeat::new(self.given(), self.given()));
        }
        t.block("reorder", x, 1, Replay::counted(self.beats, self.given()))
    }
}

/// Where the next beat lies.
struct Place<'m> {
    digits: Vec<Digit<'m>>,
    register: Register<'m>,
    address: Signal<'m>,
    /// Which of the two frames it is in.
    second: Register<'m>,
    /// Whether it is the last that leaves of its frame.
    end: Signal<'m>,
}

impl<'m> Place<'m> {
    fn new(m: &'m Module, reorder: &Reorder) -> Self {
        let digit = |(index, each): (usize, &Loop)| Digit::new(m, format!("loop_{index}"), each.count, 0);
        let digits: Vec<Digit<'m>> = reorder.loops.iter().enumerate().map(digit).collect();
        let register = m.register(Range::new(0, 2 * reorder.beats - 1), 0).named("address");
        let end = digits.iter().map(Digit::end).reduce(|all, end| all & end).expect("a loop");
        Self {
            digits,
            register,
            address: register.get(),
            second: m.flag("second"),
            end: end.named("frame_end"),
        }
    }

    /// Goes on where `moves`: the innermost digit that is not at its end counts, and all within it start again.
    fn step(&self, reorder: &Reorder, moves: Signal<'m>) {
        let mut moves_digit = moves;
        let mut way: Option<Signal<'m>> = None;
        // How far the digits within have gone.
        let mut gone = 0;
        let mut ends: Option<Signal<'m>> = None;
        for (digit, each) in self.digits.iter().zip(&reorder.loops).rev() {
            let m = moves.module();
            let own = m.constant(each.step as i64 - gone);
            way = Some(match (way, ends) {
                (Some(way), Some(ends)) => ends.mux(own, way),
                _ => own,
            });
            digit.step(moves_digit);
            moves_digit = moves_digit & digit.end();
            ends = Some(ends.map_or(digit.end(), |ends| ends & digit.end()));
            gone += ((each.count - 1) * each.step) as i64;
        }
        let range = Range::new(0, 2 * reorder.beats - 1);
        let on = (self.address + way.expect("a loop")).assume_when(!self.end, range);
        let start = self.second.get().mux(0, reorder.beats as i64);
        self.register.set_when(moves, self.end.mux(start, on));
        self.second.set(self.second.get() ^ (moves & self.end));
    }
}

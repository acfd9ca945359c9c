//! Windows that do not overlap, each folded to one value as its positions stream by.

mod place;
mod timed;

use super::Kernel;
use crate::hdl::{Memory, Module, Range, Register, Signal, Stream, Type};
use crate::stream::LaneStream;
use place::Place;

/// Windows over frames of fixed lengths, of which no two see the same position: along each axis the stride is the kernel at least.
///
/// For each window that is open at once a value a lane is kept: in a memory, and in a register where a window's next beat is the next
/// one. So a beat is taken in each clock cycle, borders cost none, and a window leaves one cycle after its last beat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiles {
    /// The outermost axis first; without dilation. A border is no value: a window folds what is in the frame.
    pub kernels: Vec<Kernel>,
    pub lengths: Vec<usize>,
    /// Beats of a position.
    pub beats: usize,
}

impl Tiles {
    /// Whether windows of these kernels do not overlap.
    pub fn apply(kernels: &[Kernel]) -> bool {
        kernels.iter().all(|kernel| kernel.stride >= kernel.size && kernel.dilation == 1)
    }

    /// Windows along each axis.
    pub fn windows(&self) -> Vec<usize> {
        self.axes().map(|(kernel, length)| kernel.windows(length)).collect()
    }

    /// Values a lane that are kept: one for each window along the axes within the first along which windows fold.
    pub fn words(&self) -> usize {
        self.windows()[self.kept_from()..].iter().product::<usize>() * self.beats
    }

    /// Whether some window sees more than one position.
    fn folds(&self) -> bool {
        self.kernels.iter().any(|kernel| kernel.size > 1)
    }

    fn axes(&self) -> impl DoubleEndedIterator<Item = (&Kernel, usize)> {
        self.kernels.iter().zip(self.lengths.iter().copied())
    }

    /// The first axis within that along which windows fold first.
    fn kept_from(&self) -> usize {
        let folds = self.kernels.iter().position(|kernel| kernel.size > 1);
        folds.map_or(self.kernels.len(), |axis| axis + 1)
    }

    /// For each window and each beat of a position, lane by lane, `fold(fold(x0, x1), x2)` and so on over the window's positions in raster
    /// order; all of it is in `range`. `last` comes with a frame's last; that of `x` is not looked at.
    ///
    /// # Panics
    /// If windows overlap, an axis has none, or there are not as many lengths as kernels.
    #[track_caller]
    pub fn fold<'m>(
        &self,
        x: LaneStream<'m>,
        range: &Range,
        fold: impl Fn(Signal<'m>, Signal<'m>) -> Signal<'m>,
    ) -> LaneStream<'m> {
        assert!(Tiles::apply(&self.kernels), "windows overlap");
        assert!(self.kernels.len() == self.lengths.len(), "an axis has a length and a kernel");
        assert!(self.windows().iter().all(|windows| *windows > 0), "an axis has a window");
        let doc = "windows that do not overlap, each folded to one value as its positions come";
        x.module().part("windows", doc, |part| {
            let x = part.input_stream("x", x.unframed());
            part.output_stream("y", self.folded(x, range, fold))
        })
    }

    fn folded<'m>(
        &self,
        x: LaneStream<'m>,
        range: &Range,
        fold: impl Fn(Signal<'m>, Signal<'m>) -> Signal<'m>,
    ) -> LaneStream<'m> {
        let m = x.module();
        let place = Place::new(m, self);
        let held = m.flag("held");
        let condition = |name: &str| m.unreset_register(Range::condition()).named(name);
        let (opens, closes, last) =
            (condition("held_opens"), condition("held_closes"), condition("held_last"));
        let gives = (held.get() & closes.get()).named("gives");
        let (windows, ready) = Stream::offer("windows", gives, Some(last.get()), Vec::<Signal<'m>>::new());
        let go = !gives | ready;
        let taken = x.take(go);
        let enters = taken.passes;
        held.set((enters & place.seen) | (held.get() & !go));
        for (register, now) in [(opens, place.opens), (closes, place.closes), (last, place.last)] {
            register.set_when(enters, now);
        }

        let x = taken.payload.iter().enumerate();
        let mut values: Vec<Signal<'m>> =
            x.map(|(lane, x)| x.delay(enters).named(format!("held_{lane}"))).collect();
        if self.folds() {
            let kept = Kept::new(m, self, range, values.len());
            let before = kept.read(&place, enters);
            let folded = |(lane, (&x, before)): (usize, (&Signal<'m>, Signal<'m>))| {
                let before = before.assume_when(held.get() & !opens.get(), range.clone());
                let folded = opens.get().mux(x, fold(before, x)).named(format!("folded_{lane}"));
                folded.assume_when(held.get(), range.clone())
            };
            values = values.iter().zip(before).enumerate().map(folded).collect();
            kept.write(&values, [held.get(), closes.get()], &place, enters);
        } else {
            m.ignore(opens.get());
        }
        place.step(enters);
        windows.with_payload(values).after(taken.stages.plus(1))
    }
}

/// The values of the windows that are open.
struct Kept<'m> {
    range: Range,
    /// Of all, where there are several.
    memory: Option<Memory<'m>>,
    /// Of the window that the last beat was in, where the next beat may be in it too.
    running: Option<Vec<Register<'m>>>,
}

impl<'m> Kept<'m> {
    fn new(m: &'m Module, tiles: &Tiles, range: &Range, lanes: usize) -> Self {
        let width = lanes as u32 * range.width();
        let memory = (tiles.words() > 1).then(|| m.memory("open", tiles.words(), Type::Bits(width)));
        let register = |lane: usize| m.unreset_register(range.word()).named(format!("running_{lane}"));
        let running = (tiles.beats == 1).then(|| (0..lanes).map(register).collect());
        Self { range: range.word(), memory, running }
    }

    /// The values of the window of the beat at `place`, when it has entered.
    fn read(&self, place: &Place<'m>, enters: Signal<'m>) -> Vec<Signal<'m>> {
        let running = || self.running.iter().flatten().map(|register| register.get());
        let Some(memory) = self.memory else { return running().collect() };
        let fetches = enters & place.seen;
        let lanes = |word: Signal<'m>| word.lanes((word.width() / self.range.width()) as usize, &self.range);
        if self.running.is_none() {
            return lanes(memory.read_when(fetches, place.address));
        }
        let again = place.again.delay(enters).named("held_again");
        let stored = lanes(memory.read_when(fetches & !place.again, place.address));
        running().zip(stored).map(|(running, stored)| again.mux(running, stored)).collect()
    }

    /// Keeps `values` where a beat is `held` whose window does not close. In the memory the value of one that closes is never read, and is
    /// the same while it waits; a register would be folded again.
    fn write(
        self,
        values: &[Signal<'m>],
        [held, closes]: [Signal<'m>; 2],
        place: &Place<'m>,
        enters: Signal<'m>,
    ) {
        if let Some(memory) = self.memory {
            let address = place.address.delay(enters).named("held_address");
            let words: Vec<Signal<'m>> = values.iter().map(|value| value.to_bits_of(&self.range)).collect();
            memory.write_when(held, address, held.module().concat(&words));
        }
        if let Some(registers) = self.running {
            let stays = held & !closes;
            registers.iter().zip(values).for_each(|(register, &value)| register.set_when(stays, value));
        }
    }
}

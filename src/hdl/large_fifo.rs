//! A FIFO in a large memory, whose one port writes in a clock cycle or reads.

use super::buffer::{count_words, to_next_word};
use super::memory::Memory;
use super::module::Module;
use super::node::Type;
use super::payload::Payload;
use super::range::Range;
use super::register::Register;
use super::signal::Signal;
use super::stream::Stream;

impl<'m, P: Payload<'m>> Stream<'m, P> {
    /// Room for at least `depth` beats in a large memory of the family ([`Module::large_memory`]); where it has none, [`Stream::fifo`]. Two clock
    /// cycles of latency while nothing waits.
    ///
    /// A word of the memory is a pair of beats, so that a beat may enter and another leave in each clock cycle through one port: a pair is
    /// written when its second beat comes, and pairs are read in the cycles between. At the exit a pair and a spare one wait in registers. Beats
    /// that find nothing waiting pass by the memory.
    ///
    /// # Panics
    /// If `depth` is 0.
    #[track_caller]
    pub fn large_fifo(self, depth: usize) -> Self {
        let m = self.module();
        if !m.timing().has_large_memory() {
            return self.fifo(depth);
        }
        assert!(depth > 0, "a FIFO has room for at least 1 beat, not 0");
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        let (name, stages) = (self.name.clone(), self.stages.plus(2));
        let signals: Vec<Signal<'m>> = self.payload.signals().into_iter().chain(self.last).collect();
        let types: Vec<Type> = signals.iter().map(|signal| signal.ty()).collect();
        let (is_framed, payload) = (self.is_framed(), self.payload.clone());
        let exit = Exit::new(m, &name, types.iter().map(Type::width).sum());
        let outputs = m.unpack(exit.now.get(), &types, exit.valid.get());
        let last = is_framed.then(|| outputs[outputs.len() - 1]);
        let payload = payload.rebuild(&mut outputs.into_iter());
        let (stream, ready) = Stream::offer(name.clone(), exit.valid.get(), last, payload);
        Pairs::new(m, &name, depth.div_ceil(2), &exit).fill(exit, ready, self);
        stream.after(stages)
    }
}

/// What waits in registers behind the memory: the beat that is offered, the one after it, and a spare pair.
struct Exit<'m> {
    now: Register<'m>,
    valid: Register<'m>,
    next: Register<'m>,
    has_next: Register<'m>,
    spare: Register<'m>,
    has_spare: Register<'m>,
    /// Whether the memory gives the pair that was read in the clock cycle before.
    arrives: Register<'m>,
}

impl<'m> Exit<'m> {
    #[track_caller]
    fn new(m: &'m Module, name: &str, width: u32) -> Self {
        let word = |what: &str, width| m.unreset_register(Type::Bits(width)).named(format!("{name}_{what}"));
        let flag = |what: &str| m.flag(format!("{name}_{what}"));
        Self {
            now: word("now", width),
            valid: flag("fifo_valid"),
            next: word("next", width),
            has_next: flag("has_next"),
            spare: word("spare", 2 * width),
            has_spare: flag("has_spare"),
            arrives: flag("arrives"),
        }
    }
}

/// The memory, and the beat that waits for the other one of its pair.
struct Pairs<'m> {
    m: &'m Module,
    name: String,
    memory: Memory<'m>,
    words: usize,
    first: Register<'m>,
    has_first: Register<'m>,
    /// Pairs in the memory.
    count: Register<'m>,
    full: Register<'m>,
}

impl<'m> Pairs<'m> {
    #[track_caller]
    fn new(m: &'m Module, name: &str, words: usize, exit: &Exit<'m>) -> Self {
        Self {
            m,
            name: name.into(),
            memory: m.large_memory(format!("{name}_pairs"), words, exit.spare.get().ty()),
            words,
            first: m.unreset_register(exit.now.get().ty()).named(format!("{name}_first")),
            has_first: m.flag(format!("{name}_has_first")),
            count: m.register(Range::new(0, words), 0).named(format!("{name}_count")),
            full: m.flag(format!("{name}_full")),
        }
    }

    #[track_caller]
    fn fill<P: Payload<'m>>(self, exit: Exit<'m>, ready: Signal<'m>, stream: Stream<'m, P>) {
        let Self { m, name, memory, words, first, has_first, count, full } = self;
        let width = first.get().width();
        let called = |signal: Signal<'m>, what: &str| signal.named(format!("{name}_{what}"));
        let address = |what: &str| m.register(Range::new(0, words - 1), 0).named(format!("{name}_{what}"));

        // The first beat of a pair has its own place.
        let taken = stream.take(!(full.get() & has_first.get()));
        let beat: Vec<Signal<'m>> =
            [taken.payload.word()].into_iter().chain(taken.last.map(Signal::to_bits)).collect();
        let beat = m.concat(&beat);
        // What the exit has left is given away: another pair takes its place.
        let empties = called(!exit.has_next.get() & (!exit.valid.get() | ready), "empties");
        let nothing_waits = count.get().eq(0) & !exit.arrives.get() & !exit.has_spare.get();
        let passes_by = called(has_first.get() & nothing_waits & empties, "passes_by");
        let writes = called(taken.passes & has_first.get() & !passes_by, "writes");
        let has_room = !exit.has_spare.get() & !(exit.arrives.get() & exit.valid.get());
        let reads = called(count.get().ne(0) & !writes & has_room, "reads");

        let (read, write) = (address("read"), address("write"));
        let pair = memory.read_when(reads, read.get());
        memory.write_when(writes, write.get(), m.concat(&[first.get(), beat]));
        to_next_word(read, reads, words);
        to_next_word(write, writes, words);
        first.set_when(taken.passes, beat);
        has_first.set(passes_by.mux(taken.passes, taken.passes.mux(!has_first.get(), has_first.get())));
        count_words((count, full), words, writes, reads);

        let comes = exit.has_spare.get() | exit.arrives.get();
        let oldest = exit.has_spare.get().mux(exit.spare.get(), pair);
        let [to_now, to_next] = [0, width].map(|lsb| oldest.slice(lsb, width));
        let moved = exit.has_next.get().mux(exit.next.get(), comes.mux(to_now, first.get()));
        let moves = called(!exit.valid.get() | ready, "moves");
        exit.now.set_when(moves, moved);
        exit.next.set_when(empties, to_next);
        exit.valid.set_when(moves, exit.has_next.get() | comes | passes_by);
        exit.has_next.set_when(moves, empties & comes);
        exit.spare.set_when(exit.arrives.get(), pair);
        exit.has_spare
            .set(exit.arrives.get().mux(!empties | exit.has_spare.get(), exit.has_spare.get() & !empties));
        exit.arrives.set(reads);
    }
}

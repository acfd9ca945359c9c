//! Streams that wait or change their width: FIFOs, spill registers, chunks of beats and their flattening.

use super::memory::Memory;
use super::module::Module;
use super::node::Type;
use super::payload::{Payload, Shape, joined};
use super::range::Range;
use super::register::Register;
use super::signal::Signal;
use super::stages::Stages;
use super::stream::Stream;

impl<'m, P: Payload<'m>> Stream<'m, P> {
    /// Two beats of room that cut every path between both sides, `ready` included. One clock cycle of latency.
    #[track_caller]
    pub fn spill(self) -> Self {
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        let name = self.name.clone();
        let full = m.flag(format!("{name}_full"));
        let spilled = m.flag(format!("{name}_spilled"));
        let ready_now = !spilled.get();
        let taken = self.take(ready_now);
        let load = m.wire(format!("{name}_load"));
        let held = |signal: Signal<'m>, part: &str| {
            let skid = signal.delay(ready_now).named(joined(&format!("{name}_skid"), part));
            let next = spilled.get().mux(skid, signal);
            next.delay(load).named(joined(&format!("{name}_held"), part))
        };
        let payload = taken.payload.each("", |signal, part| held(signal, &part));
        let last = taken.last.map(|last| held(last, "last"));
        let (stream, ready) = Stream::offer(&name, full.get(), last, payload);
        m.drive(load, !full.get() | ready);
        full.set_when(load, spilled.get() | taken.valid);
        spilled.set(!load & (spilled.get() | taken.valid));
        stream.after(taken.stages.plus(1))
    }

    /// One beat of room: a register. Cuts the paths of `valid` and the payload, not that of `ready`.
    #[track_caller]
    pub fn stage(self) -> Self {
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        let name = format!("{}_stage", self.name);
        let valid = m.flag(format!("{name}_valid"));
        let go = m.wire(format!("{name}_go"));
        let taken = self.take(go);
        let held = taken.payload.each(&name, |signal, part| signal.delay(go).named(part));
        let last = taken.last.map(|last| last.delay(go).named(format!("{name}_last")));
        valid.set_when(go, taken.valid);
        let (stream, ready) = Stream::offer(taken.name, valid.get(), last, held);
        m.drive(go, !valid.get() | ready);
        m.leaves_pipeline(taken.stages.plus(1));
        stream.after(taken.stages.plus(1))
    }

    /// Room for `depth` beats, in block RAM where the family has it. Two clock cycles of latency.
    ///
    /// # Panics
    /// If `depth` is 0.
    #[track_caller]
    pub fn fifo(self, depth: usize) -> Self {
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        let signals = self.payload.signals().into_iter().chain(self.last);
        let types: Vec<Type> = signals.map(|signal| signal.ty()).collect();
        let (entrance, valid, ready, outputs) = m.queue(&self.name, depth, &types);
        let last = self.is_framed().then(|| outputs[outputs.len() - 1]);
        let payload = self.payload.rebuild(&mut outputs.into_iter());
        let stages = self.stages.plus(2);
        let stream = Stream { name: self.name.clone(), valid, ready, last, stages, payload };
        entrance.fill(self);
        stream
    }

    /// `count` beats as one, the first as lane 0. A frame whose last beats are fewer ends with a beat whose further
    /// lanes are 0; the result is framed as this stream. Without frames, it is a shift register, as [`Stream::chunk_whole`].
    ///
    /// # Panics
    /// If `count` is 0.
    #[track_caller]
    pub fn chunk(self, count: usize) -> Stream<'m, Vec<P>> {
        if self.is_framed() { self.chunk_padded(count) } else { self.chunk_whole(count) }
    }

    /// As [`Stream::chunk`], where each frame is a multiple of `count` beats: the lanes are a shift register, with no logic but a
    /// counter of the beats. Of a frame that is none, beats would come together with those of the next.
    ///
    /// # Panics
    /// If `count` is 0.
    #[track_caller]
    pub fn chunk_whole(self, count: usize) -> Stream<'m, Vec<P>> {
        assert!(count > 0, "a chunk has at least 1 beat, not 0");
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        if count == 1 {
            return self.map(|payload| vec![payload]);
        }
        let name = format!("{}_chunk", self.name);
        let place = m.register(Range::new(0, count - 1), 0).named(format!("{name}_place"));
        let valid = m.flag(format!("{name}_valid"));
        let ready = m.wire(format!("{name}_taken"));
        let taken = self.take(!valid.get() | ready);
        let end = place.get().eq(count as i64 - 1).named(format!("{name}_ends"));
        let mut lanes: Vec<P> = Vec::new();
        for lane in (0..count).rev() {
            let later = lanes.last().unwrap_or(&taken.payload);
            let held =
                later.each(&format!("{name}_{lane}"), |signal, part| signal.delay(taken.passes).named(part));
            lanes.push(held);
        }
        lanes.reverse();
        let last = taken.last.map(|last| last.delay(taken.passes).named(format!("{name}_last")));
        place.set_when(taken.passes, place.get().next_count(end));
        valid.set((taken.passes & end) | (valid.get() & !ready));
        let (stream, taken_now) = Stream::offer(name, valid.get(), last, lanes);
        m.drive(ready, taken_now);
        stream.after(taken.stages.plus(1))
    }

    #[track_caller]
    fn chunk_padded(self, count: usize) -> Stream<'m, Vec<P>> {
        assert!(count > 0, "a chunk has at least 1 beat, not 0");
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        if count == 1 {
            return self.map(|payload| vec![payload]);
        }
        let name = format!("{}_chunk", self.name);
        let framed = self.is_framed();
        let place = m.register(Range::new(0, count - 1), 0).named(format!("{name}_place"));
        let valid = m.flag(format!("{name}_valid"));
        let ready = m.wire(format!("{name}_taken"));
        let taken = self.take(!valid.get() | ready);
        let full = place.get().eq(count as i64 - 1);
        let end = taken.last.map_or(full, |last| full | last).named(format!("{name}_ends"));
        let starts = place.get().eq(0).named(format!("{name}_starts"));
        let zero = |signal: Signal<'m>| match signal.ty() {
            super::Type::Int(_) => m.constant(0),
            super::Type::Bits(width) => m.bits(width, 0),
        };
        let lanes: Vec<P> = (0..count)
            .map(|lane| {
                let here = if lane == 0 { starts } else { place.get().eq(lane as i64) };
                let enable = taken.passes & if lane == 0 { starts } else { here | starts };
                taken.payload.each(&format!("{name}_{lane}"), |signal, part| {
                    let next = if lane == 0 { signal } else { here.mux(signal, zero(signal)) };
                    next.delay(enable).named(part)
                })
            })
            .collect();
        let last =
            framed.then(|| taken.last.expect("framed").delay(taken.passes).named(format!("{name}_last")));
        place.set_when(taken.passes, place.get().next_count(end));
        valid.set((taken.passes & end) | (valid.get() & !ready));
        let (stream, taken_now) = Stream::offer(name, valid.get(), last, lanes);
        m.drive(ready, taken_now);
        stream.after(taken.stages.plus(1))
    }
}

/// A step of [`Stream::stepped`].
#[derive(Clone, Copy)]
pub struct Step<'m> {
    /// From 0 on.
    pub index: Signal<'m>,
    /// Whether it ends with this clock cycle: a memory that a later step needs is read then.
    pub ends: Signal<'m>,
}

/// The entrance of a FIFO that already has an exit: for streams that come back to where they began.
pub struct Entrance<'m> {
    name: String,
    depth: usize,
    memory: Memory<'m>,
    types: Vec<Type>,
    count: Register<'m>,
    reads: Signal<'m>,
}

impl Module {
    /// A FIFO as that of [`Stream::fifo`], whose exit is there before its entrance is filled. It is not framed.
    ///
    /// # Panics
    /// If `depth` is 0.
    #[track_caller]
    pub fn fifo<S: Shape>(
        &self,
        name: &str,
        depth: usize,
        shape: &S,
    ) -> (Entrance<'_>, Stream<'_, S::Payload<'_>>) {
        let (entrance, valid, ready, outputs) = self.queue(name, depth, &shape.types());
        let payload = shape.build(&mut outputs.into_iter());
        let (name, stages) = (name.into(), Stages::UNKNOWN);
        (entrance, Stream { name, valid, ready, last: None, stages, payload })
    }

    /// A FIFO of words of these types: its entrance, and what its exit is made of.
    #[track_caller]
    fn queue(
        &self,
        name: &str,
        depth: usize,
        types: &[Type],
    ) -> (Entrance<'_>, Signal<'_>, Signal<'_>, Vec<Signal<'_>>) {
        assert!(depth > 0, "a FIFO has room for at least 1 beat, not 0");
        let _section = self.stream_section(name);
        let width = types.iter().map(Type::width).sum();
        let memory = self.memory(format!("{name}_fifo"), depth, Type::Bits(width));
        let count = self.register(Range::new(0, depth), 0).named(format!("{name}_count"));
        let read = self.register(Range::new(0, depth - 1), 0).named(format!("{name}_read"));
        let valid = self.flag(format!("{name}_fifo_valid"));
        let ready = self.wire(format!("{name}_ready"));
        let advance = (!valid.get() | ready).named(format!("{name}_advance"));
        let reads = (count.get().ne(0) & advance).named(format!("{name}_reads"));
        let outputs = self.unpack(memory.read_when(reads, read.get()), types, valid.get());
        to_next_word(read, reads, depth);
        valid.set_when(advance, count.get().ne(0));
        let entrance = Entrance { name: name.into(), depth, memory, types: types.to_vec(), count, reads };
        (entrance, valid.get(), ready, outputs)
    }
}

impl<'m> Entrance<'m> {
    /// What passes through the FIFO.
    ///
    /// # Panics
    /// If the stream's payload is not of the FIFO's types.
    #[track_caller]
    pub fn fill<P: Payload<'m>>(self, stream: Stream<'m, P>) {
        let Self { name, depth, memory, types, count, reads } = self;
        let m = stream.module();
        let _section = m.stream_section(&name);
        let write = m.register(Range::new(0, depth - 1), 0).named(format!("{name}_write"));
        let signals: Vec<Signal<'m>> = stream.payload.signals().into_iter().chain(stream.last).collect();
        assert!(
            signals.len() == types.len(),
            "a FIFO of {} signals is filled with {}",
            types.len(),
            signals.len()
        );
        let word = |(signal, ty): (&Signal<'m>, &Type)| match ty {
            Type::Int(range) => signal.to_bits_of(&range.word()),
            Type::Bits(_) => *signal,
        };
        let words: Vec<Signal<'m>> = signals.iter().zip(&types).map(word).collect();
        // A register of its own may stand next to what fills the FIFO, far from the memory.
        let full = m.flag(format!("{name}_full"));
        let taken = stream.take(!full.get());
        memory.write_when(taken.passes, write.get(), m.concat(&words));
        to_next_word(write, taken.passes, depth);
        count_words((count, full), depth, taken.passes, reads);
    }
}

/// Moves an address of a ring of so many words on.
#[track_caller]
pub(super) fn to_next_word<'m>(address: Register<'m>, moves: Signal<'m>, words: usize) {
    address.set_when(moves, address.get().next_count(address.get().eq(words as i64 - 1)));
}

/// Counts what is in a memory of so many words, and whether it is full.
#[track_caller]
pub(super) fn count_words<'m>(
    (count, full): (Register<'m>, Register<'m>),
    words: usize,
    writes: Signal<'m>,
    reads: Signal<'m>,
) {
    let fills = count.get().eq(words as i64 - 1) & writes;
    full.set((fills | full.get()) & !reads);
    count.set((count.get() + writes - reads).assume(Range::new(0, words)));
}

impl<'m, P: Payload<'m>> Stream<'m, Vec<P>> {
    /// The lanes of each beat as beats of their own, lane 0 first. Of a frame's last beat only the first `tail` lanes
    /// pass; the result is framed as this stream.
    ///
    /// # Panics
    /// If there are no lanes, or `tail` is not one of their numbers.
    #[track_caller]
    pub fn flatten(self, tail: usize) -> Stream<'m, P> {
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        let count = self.payload.len();
        if count == 1 {
            return self.map(|mut lanes| lanes.remove(0));
        }
        assert!(
            (1..=count).contains(&tail),
            "a beat of {count} lanes cannot have {tail} in a frame's last beat"
        );
        assert!(tail == count || self.is_framed(), "only a framed stream has a last beat with fewer lanes");
        let name = format!("{}_lane", self.name);
        let place = m.register(Range::new(0, count - 1), 0).named(format!("{name}_place"));
        let full = place.get().eq(count as i64 - 1);
        let end = match self.last {
            Some(last) if tail < count => last.mux(place.get().eq(tail as i64 - 1), full),
            _ => full,
        };
        let lanes: Vec<Vec<Signal<'m>>> = self.payload.iter().map(P::signals).collect();
        let chosen = (0..lanes[0].len())
            .map(|part| place.get().choose(&lanes.iter().map(|lane| lane[part]).collect::<Vec<_>>()));
        let payload = self.payload[0].rebuild(&mut chosen.collect::<Vec<_>>().into_iter());
        let last = self.last.map(|last| last & end);
        let (stream, ready) = Stream::offer(name, self.valid, last, payload);
        let valid = self.valid;
        let taken = self.take(ready & end);
        place.set_when(valid & ready, place.get().next_count(end));
        stream.after(m.entered(taken.stages.held(count)))
    }
}

impl<'m, P: Payload<'m>> Stream<'m, P> {
    /// Each beat `count` times; `last` is set in the last copy of a frame's last beat. The beat is held where it comes from.
    ///
    /// # Panics
    /// If `count` is 0.
    #[track_caller]
    pub fn repeated(self, count: usize) -> Self {
        assert!(count > 0, "a beat is given at least once, not 0 times");
        if count == 1 {
            return self;
        }
        let m = self.module();
        let _section = m.stream_section(&self.name);
        let copy = m.register(Range::new(0, count - 1), 0).named(format!("{}_copy", self.name));
        let end = copy.get().eq(count as i64 - 1);
        let name = format!("{}_copies", self.name);
        let last = self.last.map(|last| last & end);
        let (stream, ready) = Stream::offer(name, self.valid, last, self.payload.clone());
        copy.set_when(self.valid & ready, copy.get().next_count(end));
        let taken = self.take(ready & end);
        stream.after(m.entered(taken.stages.held(count)))
    }

    /// Each beat for `count` clock cycles, its steps: `f` of the [`Step`], the state and the payload gives the next state and a result,
    /// and the beat passes with the result of the last step. What the state is at the first step means nothing.
    ///
    /// # Panics
    /// If `count` is less than 2.
    #[track_caller]
    pub fn stepped<S: Shape, Q: Payload<'m>>(
        self,
        name: &str,
        count: usize,
        state: &S,
        f: impl FnOnce(Step<'m>, S::Payload<'m>, P) -> (S::Payload<'m>, Q),
    ) -> Stream<'m, Q> {
        assert!(count > 1, "a beat takes at least 2 steps, not {count}");
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(name));
        let step = m.register(Range::new(0, count - 1), 0).named(format!("{name}_step"));
        let state = m.unreset_registers(name, state);
        let ready = m.wire(format!("{name}_taken"));
        let end = step.get().eq(count as i64 - 1).named(format!("{name}_ends"));
        let ends_now = (self.valid & (!end | ready)).named(format!("{name}_steps"));
        let (next, result) = f(Step { index: step.get(), ends: ends_now }, state.get(), self.payload.clone());
        state.set_when(ends_now, &next);
        step.set_when(ends_now, step.get().next_count(end));
        let (stream, taken_now) = Stream::offer(name, self.valid & end, self.last, result);
        m.drive(ready, taken_now);
        let taken = self.take(ready & end);
        stream.after(m.entered(taken.stages.held(count)))
    }

    /// A beat of zeros in front of each frame.
    ///
    /// # Panics
    /// If the stream is not framed.
    #[track_caller]
    pub fn with_leading_zero(self) -> Self {
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        let last = self.frame_end("with_leading_zero");
        let head = m.register(Range::condition(), 1).named(format!("{}_head", self.name));
        let zero = |signal: Signal<'m>| match signal.ty() {
            super::Type::Int(_) => head.get().mux(0, signal),
            super::Type::Bits(width) => head.get().mux(m.bits(width, 0), signal),
        };
        let payload = self.payload.each("", |signal, _| zero(signal));
        let (stream, ready) = Stream::offer(self.name.clone(), self.valid, Some(last & !head.get()), payload);
        head.set_when(self.valid & ready, !head.get() & last);
        let taken = self.take(ready & !head.get());
        // The first beat waits while the zeros pass.
        m.entered(taken.stages.held(2));
        stream.after(taken.stages.plus(1))
    }

    /// The same beats in frames of `beats`: counts them, and sets `last` with each that is a multiple. A `last` that was
    /// there is forgotten. With `beats` = 1 the result is not framed.
    #[track_caller]
    pub fn framed(self, beats: usize) -> Self {
        let mut stream = self.unframed();
        if beats > 1 {
            let m = stream.module();
            let _section = m.stream_section(&stream.name);
            let place = m.register(Range::new(0, beats - 1), 0).named(format!("{}_frame_place", stream.name));
            let last = place.get().eq(beats as i64 - 1);
            place.set_when(stream.valid & stream.ready, place.get().next_count(last));
            stream.last = Some(last);
        }
        stream
    }
}

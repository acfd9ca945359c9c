//! Streams: values that pass when both sides agree, one beat a clock cycle at most.
//!
//! A beat passes in each clock cycle in which `valid` and `ready` are 1. Once `valid` is 1, it stays and the payload
//! does not change until the beat passes; `valid` does not wait for `ready`. While `rst` is 1 nothing passes. A framed
//! stream has `last`, 1 in the last beat of each frame.

use super::module::Module;
use super::node::Type;
use super::payload::{Payload, Shape, part_of};
use super::signal::Signal;
use super::stages::Stages;
use super::wire::Wire;

/// A stream of payloads in a module. Whoever takes it decides when its beats pass; it can be taken but once.
pub struct Stream<'m, P> {
    pub(super) name: String,
    pub(super) valid: Signal<'m>,
    /// A wire that the taker drives.
    pub(super) ready: Signal<'m>,
    pub(super) last: Option<Signal<'m>>,
    pub(super) stages: Stages,
    pub(super) payload: P,
}

/// A stream in the hands of its taker.
pub struct Taken<'m, P> {
    pub name: String,
    /// Whether there is a beat.
    pub valid: Signal<'m>,
    /// Whether a beat passes in this clock cycle.
    pub passes: Signal<'m>,
    pub last: Option<Signal<'m>>,
    /// As of the stream.
    pub stages: Stages,
    pub payload: P,
}

impl Module {
    /// Input ports `<name>_valid`, `<name>_payload`, `<name>_last` if `framed`, and output port `<name>_ready`.
    #[track_caller]
    pub fn input_stream<S: Shape>(&self, name: &str, framed: bool, shape: &S) -> Stream<'_, S::Payload<'_>> {
        let _section = self.stream_section(name);
        let types = shape.types();
        let valid = self.input(Wire::Valid.of(name), super::Range::condition());
        let word = self.input_bits(Wire::Payload.of(name), types.iter().map(Type::width).sum());
        let last = framed.then(|| self.input(Wire::Last.of(name), super::Range::condition()));
        let signals = self.unpack(word, &types, valid);
        let named = signals.iter().zip(shape.names());
        let signals: Vec<_> = named.map(|(signal, part)| signal.hint(part_of(name, &part))).collect();
        self.describe_payload(Wire::Payload.of(name), shape.names(), types);
        let payload = shape.build(&mut signals.into_iter());
        let (stream, ready) = Stream::offer(name, valid, last, payload);
        self.output(Wire::Ready.of(name), ready);
        let mut entries = self.entries.borrow_mut();
        entries.push(0);
        stream.after(Stages::of_input(entries.len() - 1))
    }

    /// Notes that the sender of the framed input stream `name` promises frames of so many beats: the Verilog ends a simulation in
    /// which `last` comes earlier or later. In hardware nothing checks it.
    pub fn promise_frames(&self, name: &str, beats: usize) {
        self.frames.borrow_mut().insert(name.into(), beats);
    }

    /// Output ports `<name>_valid`, `<name>_payload`, `<name>_last` if the stream is framed, and input port `<name>_ready`.
    #[track_caller]
    pub fn output_stream<'m, P: Payload<'m>>(&'m self, name: &str, stream: Stream<'m, P>) {
        let types = stream.payload.signals().iter().map(|signal| signal.ty()).collect();
        self.describe_payload(Wire::Payload.of(name), stream.payload.names(), types);
        self.output_word(name, stream);
    }

    /// As [`Module::output_stream`], but the parts of the payload are words of the types of `shape`, and called as there.
    ///
    /// # Panics
    /// If they have not the widths of these types.
    #[track_caller]
    pub fn output_stream_as<'m, P: Payload<'m>>(
        &'m self,
        name: &str,
        stream: Stream<'m, P>,
        shape: &impl Shape,
    ) {
        let types = shape.types();
        let widths: Vec<u32> = stream.payload.signals().iter().map(|signal| signal.width()).collect();
        let wanted: Vec<u32> = types.iter().map(Type::width).collect();
        assert!(widths == wanted, "the parts of `{name}` have {widths:?} bits but are to have {wanted:?}");
        self.describe_payload(Wire::Payload.of(name), shape.names(), types);
        self.output_word(name, stream);
    }

    #[track_caller]
    fn output_word<'m, P: Payload<'m>>(&'m self, name: &str, stream: Stream<'m, P>) {
        let stream = stream.at_source(Stream::registered);
        let _section = self.stream_section(name);
        self.stages.borrow_mut().push((name.into(), stream.stages));
        let ready = self.input(Wire::Ready.of(name), super::Range::condition());
        self.output(Wire::Valid.of(name), stream.valid);
        self.output(Wire::Payload.of(name), stream.payload.word());
        if let Some(last) = stream.last {
            self.output(Wire::Last.of(name), last);
        }
        self.drive(stream.ready, ready);
    }
}

impl<'m, P: Payload<'m>> Stream<'m, P> {
    /// A stream with these signals, and its `ready`, which its taker will drive. The caller keeps the law of streams.
    #[track_caller]
    pub fn offer(
        name: impl Into<String>,
        valid: Signal<'m>,
        last: Option<Signal<'m>>,
        payload: P,
    ) -> (Self, Signal<'m>) {
        let name = name.into();
        valid.condition("`valid`");
        let ready = valid.module.wire(format!("{name}_ready"));
        (Self { name, valid, ready, last, stages: Stages::UNKNOWN, payload }, ready)
    }

    /// The same stream, of which the caller says how many registers its beats come through.
    pub fn after(self, stages: Stages) -> Self {
        Self { stages, ..self }
    }

    pub fn stages(&self) -> Stages {
        self.stages
    }

    /// Takes the stream: a beat passes where there is one and `ready` is 1.
    #[track_caller]
    pub fn take(self, ready: Signal<'m>) -> Taken<'m, P> {
        ready.condition("`ready`");
        self.module().drive(self.ready, ready);
        let passes = self.valid & ready;
        let Self { name, valid, last, stages, payload, .. } = self;
        Taken { name, valid, passes, last, stages, payload }
    }

    pub fn module(&self) -> &'m Module {
        self.valid.module
    }

    /// Names what follows from the stream in the Verilog: `<name>_valid`, `<name>_ready`.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The same beats with another payload, which the caller keeps as it is while a beat waits.
    pub fn with_payload<Q>(self, payload: Q) -> Stream<'m, Q> {
        let Self { name, valid, ready, last, stages, .. } = self;
        Stream { name, valid, ready, last, stages, payload }
    }

    pub fn payload(&self) -> &P {
        &self.payload
    }

    pub fn is_framed(&self) -> bool {
        self.last.is_some()
    }

    /// Whether there is a beat, for what decides when beats pass; [`Stream::take`] says it too.
    pub fn valid(&self) -> Signal<'m> {
        self.valid
    }

    /// Whether the beat that there is is its frame's last; none where the stream is not framed.
    pub fn last(&self) -> Option<Signal<'m>> {
        self.last
    }

    /// `last`, for what needs frames.
    ///
    /// # Panics
    /// If the stream is not framed; the text says that `who` wants it so.
    #[track_caller]
    pub fn frame_end(&self, who: &str) -> Signal<'m> {
        self.last
            .unwrap_or_else(|| panic!("`{who}` wants a framed stream, but `{}` has no `last`", self.name))
    }

    /// The same beats without `last`.
    pub fn unframed(mut self) -> Self {
        if let Some(last) = self.last.take() {
            self.module().ignore(last);
        }
        self
    }

    /// The same beats; where the stream is not framed, each is a frame of its own.
    #[track_caller]
    pub fn each_framed(mut self) -> Self {
        let always = self.module().always();
        self.last.get_or_insert(always);
        self
    }

    /// The same beats, after which registers [`Latency::parts`](super::Latency::parts) says under this name, as of a stream that crosses
    /// the border of a part.
    pub fn noted(self, name: &str) -> Self {
        self.module().note_crossing(name, self.stages);
        self
    }

    /// The same beats, behind a register if the payload comes through logic and the module is pipelined. A `fold` and an
    /// output port have it in front of them.
    #[track_caller]
    pub fn registered(self) -> Self {
        let m = self.module();
        let signals: Vec<_> = self.payload.signals().into_iter().chain(self.last).collect();
        let late = m.latest(&signals) > 0.0;
        if m.timing.registered() && late { self.stage() } else { self }
    }

    /// `f` of each payload, in as many pipeline stages as the module's [`Timing`](super::Timing) asks: an operation that
    /// no longer fits behind those before it, in this `map` or an earlier one, goes behind a register. All stages move
    /// together, whenever the last one is empty or its beat passes. `f` may read memories, but have no other state.
    ///
    /// # Panics
    /// If `f` makes registers or streams, or reads signals from outside the payload that are not constant.
    #[track_caller]
    pub fn map<Q: Payload<'m>>(self, f: impl FnOnce(P) -> Q) -> Stream<'m, Q> {
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        let first = m.nodes.borrow().len();
        let sources = self.payload.signals();
        m.feed_forward.set(true);
        let result = f(self.payload);
        m.feed_forward.set(false);
        let roots = result.signals();
        let schedule = m.schedule(first, &sources, &roots);
        if schedule.stages == 0 {
            let Self { name, valid, ready, last, stages, .. } = self;
            return Stream { name, valid, ready, last, stages, payload: result };
        }
        let valids: Vec<_> =
            (1..=schedule.stages).map(|stage| m.flag(format!("{}_valid_q{stage}", self.name))).collect();
        let valid = valids[valids.len() - 1].get();
        let ready = m.wire(format!("{}_ready", self.name));
        let go = (!valid | ready).named(format!("{}_go", self.name));
        m.drive(self.ready, go);
        let mut before = self.valid;
        for stage in valids {
            stage.set_when(go, before);
            before = stage.get();
        }
        let last = self.last.map(|last| {
            (1..=schedule.stages)
                .fold(last, |last, stage| last.delay(go).named(format!("{}_last_q{stage}", self.name)))
        });
        let signals = m.retime(&schedule, &roots, go);
        let payload = result.rebuild(&mut signals.into_iter());
        let stages = self.stages.plus(schedule.stages);
        m.leaves_pipeline(stages);
        Stream { name: self.name, valid, ready, last, stages, payload }
    }

    /// Feedback within one beat: `f` of the state, the payload and `last` (1 where the stream has none) gives the next
    /// state and a result. The state starts as `reset` and changes when a beat passes. No stages: `f` is combinational.
    #[track_caller]
    pub fn scan<S: Shape, Q: Payload<'m>>(
        self,
        name: &str,
        state: &S,
        reset: &[i64],
        f: impl FnOnce(S::Payload<'m>, P, Signal<'m>) -> (S::Payload<'m>, Q),
    ) -> Stream<'m, Q> {
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(name));
        let registers = m.registers(name, state, reset);
        let last = self.last.unwrap_or_else(|| m.always());
        let (next, result) = f(registers.get(), self.payload, last);
        let passes = self.valid & self.ready;
        registers.set_when(passes, &next);
        let Self { name, valid, ready, last, stages, .. } = self;
        Stream { name, valid, ready, last, stages, payload: result }
    }

    /// Beats of both streams, side by side; each waits for the other. The result is framed as this stream, or else as
    /// `other`; where both are framed, their frames must be equally long.
    #[track_caller]
    pub fn zip<Q: Payload<'m>>(self, other: Stream<'m, Q>) -> Stream<'m, (P, Q)> {
        if let (Some(_), Some(last)) = (self.last, other.last) {
            self.module().ignore(last);
        }
        let _section = self.module().stream_section(&format!("{}_{}", self.name, other.name));
        let valid = (self.valid & other.valid).named(format!("{}_{}_valid", self.name, other.name));
        let last = self.last.or(other.last);
        let name = format!("{}_{}", self.name, other.name);
        let payload = (self.payload.clone(), other.payload.clone());
        let (stream, ready) = Stream::offer(name, valid, last, payload);
        let (here, there) = (self.valid, other.valid);
        let stages = self.module().met(self.stages, other.stages);
        self.take(ready & there);
        other.take(ready & here);
        stream.after(stages)
    }

    /// Each beat beside the beat of `other` that belongs to its frame: `other` has one beat a frame, which passes with
    /// the frame's last. Without `last` each beat is a frame. The result is framed as this stream.
    #[track_caller]
    pub fn zip_frames<Q: Payload<'m>>(self, other: Stream<'m, Q>) -> Stream<'m, (P, Q)> {
        assert!(
            other.last.is_none(),
            "`zip_frames` wants one beat a frame, but `{}` has `last` itself",
            other.name
        );
        let _section = self.module().stream_section(&format!("{}_{}", self.name, other.name));
        let valid = (self.valid & other.valid).named(format!("{}_{}_valid", self.name, other.name));
        let last = self.last;
        let name = format!("{}_{}", self.name, other.name);
        let payload = (self.payload.clone(), other.payload.clone());
        let (stream, ready) = Stream::offer(name, valid, last, payload);
        let (here, there) = (self.valid, other.valid);
        let stages = self.module().met(self.stages, other.stages);
        self.take(ready & there);
        let taken = ready & here;
        other.take(last.map_or(taken, |last| taken & last));
        stream.after(stages)
    }

    /// The same beats to `count` takers, each of which may take its own when it likes; a beat passes when all have. Who has taken
    /// it is kept also while it is not offered: the board top offers a beat for one cycle at a time, again and again.
    #[track_caller]
    pub fn fork(self, count: usize) -> Vec<Stream<'m, P>> {
        self.forked((0..count).map(|branch| branch.to_string()))
    }

    /// As [`Stream::fork`], to takers that are called so.
    ///
    /// ```
    /// use ternlet::hdl::{Module, unsigned};
    /// let m = Module::new("both");
    /// let [kept, counted] = m.input_stream("x", false, &unsigned(8)).fork_to(["kept", "counted"]);
    /// m.output_stream("y", kept);
    /// m.output_stream("z", counted);
    /// # m.finish().unwrap();
    /// ```
    #[track_caller]
    pub fn fork_to<const N: usize>(self, takers: [&str; N]) -> [Stream<'m, P>; N] {
        let streams = self.forked(takers.into_iter().map(str::to_owned));
        streams.try_into().unwrap_or_else(|_| unreachable!("a stream for each taker"))
    }

    #[track_caller]
    fn forked(self, takers: impl Iterator<Item = String>) -> Vec<Stream<'m, P>> {
        let m = self.module();
        let (_credit, _section) = (m.credit_caller(), m.stream_section(&self.name));
        let (streams, passed): (Vec<_>, Vec<_>) = takers
            .map(|taker| {
                let name = format!("{}_{taker}", self.name);
                let done = m.flag(format!("{name}_done"));
                let valid = self.valid & !done.get();
                let (stream, ready) = Stream::offer(name.clone(), valid, self.last, self.payload.clone());
                let served = (done.get() | ready).named(format!("{name}_served"));
                (stream.after(self.stages), (done, served))
            })
            .unzip();
        let all = passed.iter().map(|(_, passed)| *passed).reduce(|a, b| a & b).expect("a fork has branches");
        let valid = self.valid;
        for (done, passed) in passed {
            done.set_when(valid, !all & passed);
        }
        self.take(all);
        streams
    }
}

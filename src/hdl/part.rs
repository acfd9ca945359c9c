//! Parts: what a person reads as a module of its own, described in place.
//!
//! A part is a mark on what is described, no border: the pipeliner sees the same nodes as without it, so it costs no register
//! and no clock cycle. [`Module::finish`] cuts the marked nodes out and gives each part a port for each signal that crosses.

use super::module::Module;
use super::node::NodeId;
use super::payload::Payload;
use super::signal::Signal;
use super::stream::Stream;
use std::panic::Location;

/// A part as it was described, or the whole module, which is part 0.
pub(super) struct Part {
    pub name: String,
    pub doc: String,
    /// The part around it; that of the whole is itself.
    pub around: usize,
    pub at: &'static Location<'static>,
    /// What its author calls its ports.
    pub ports: Vec<PortName>,
}

/// A port as it was named: one for all signals of a payload, of which those that cross are packed.
pub(super) struct PortName {
    pub name: String,
    /// What the signals are called inside, with a number behind it, if there are several.
    pub lane: String,
    pub signals: Vec<NodeId>,
}

/// Where a node stands.
#[derive(Clone, Copy)]
pub(super) enum Home {
    Part(usize),
    /// With those that read it, if these stand in this part; in this part otherwise. So a delayed copy does not cross a boundary
    /// that what it is a copy of crosses too.
    Readers(usize),
}

/// Names the ports of a part: see [`Module::part`].
pub struct Boundary<'m> {
    module: &'m Module,
    part: usize,
}

impl Module {
    /// What `f` describes as a module `name` inside this one. It is described in place: `f` uses this module's signals, and what it
    /// returns is used outside, as if the call were not there. The registers, the latency and every value are the same as without it.
    ///
    /// A port is made of each signal that crosses; `f` is given a [`Boundary`] to name them, since equal parts are written once only
    /// if their ports have equal names. Parts of one name in one module are numbered: `lane_0`, `lane_1`. A part may stand in a part,
    /// and in the function of a [`Stream::map`].
    ///
    /// ```
    /// use ternlet::hdl::{Module, signed};
    /// let m = Module::new("squares");
    /// let squares = ["a", "b"].map(|name| {
    ///     let x = m.input(name, signed(8));
    ///     m.part("square", "y = x^2", |part| {
    ///         let x = part.input("x", x);
    ///         part.output("y", x * x)
    ///     })
    /// });
    /// m.output("sum", squares[0] + squares[1]);
    /// let circuit = m.finish().unwrap();
    /// let names: Vec<&str> = circuit.instances.iter().map(|instance| instance.name.as_str()).collect();
    /// assert_eq!(names, ["square_0", "square_1"]);
    /// ```
    #[track_caller]
    pub fn part<'m, R>(
        &'m self,
        name: impl Into<String>,
        doc: impl Into<String>,
        f: impl FnOnce(&Boundary<'m>) -> R,
    ) -> R {
        let around = self.here.get();
        let part = {
            let mut parts = self.parts.borrow_mut();
            let (name, doc, at) = (name.into(), doc.into(), Location::caller());
            parts.push(Part { name, doc, around, at, ports: Vec::new() });
            parts.len() - 1
        };
        self.here.set(part);
        let _section = self.stream_section("");
        let result = f(&Boundary { module: self, part });
        self.here.set(around);
        result
    }
}

impl<'m> Boundary<'m> {
    /// The same payload, which enters by a port `name`. Several signals are packed into one port, the first in the least significant
    /// bits, and are called `<name>_0`, `<name>_1` and so on inside. Ports are in the order of these calls; those that no call
    /// names come last.
    pub fn input<P: Payload<'m>>(&self, name: &str, payload: P) -> P {
        self.call(name, name, &payload.signals());
        payload
    }

    /// The same payload, which leaves by a port as that of [`Boundary::input`].
    pub fn output<P: Payload<'m>>(&self, name: &str, payload: P) -> P {
        self.input(name, payload)
    }

    /// The same stream under this name, which enters by ports `<name>_valid`, `<name>_ready`, `<name>_payload` and, if it is framed,
    /// `<name>_last`.
    pub fn input_stream<P: Payload<'m>>(&self, name: &str, stream: Stream<'m, P>) -> Stream<'m, P> {
        let port = |end: &str, signals: &[Signal<'m>]| self.call(&format!("{name}_{end}"), name, signals);
        port("valid", &[stream.valid]);
        port("ready", &[stream.ready]);
        port("payload", &stream.payload.signals());
        port("last", stream.last.as_slice());
        stream.named(name)
    }

    /// The same stream under this name, which leaves by ports named as those of [`Boundary::input_stream`].
    pub fn output_stream<P: Payload<'m>>(&self, name: &str, stream: Stream<'m, P>) -> Stream<'m, P> {
        self.input_stream(name, stream)
    }

    /// Names the port of `signals`. The first name of a signal counts.
    fn call(&self, name: &str, lane: &str, signals: &[Signal<'m>]) {
        let signals = signals.iter().map(|signal| signal.id).collect();
        let port = PortName { name: name.into(), lane: lane.into(), signals };
        self.module.parts.borrow_mut()[self.part].ports.push(port);
    }
}

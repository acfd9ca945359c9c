//! Parts: what a person reads as a module of its own, described in place.
//!
//! A part is a mark on what is described, no border: the pipeliner sees the same nodes as without it, so it costs no register
//! and no clock cycle. [`Module::finish`] cuts the marked nodes out and gives each part a port for each signal that crosses.

use super::module::Module;
use super::node::{NodeId, Op};
use super::payload::{Payload, part_of};
use super::stages::Stages;
use super::stream::Stream;
use super::wire::Wire;
use std::collections::HashMap;
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
    /// The signals, and what each is called inside, if there are several.
    pub signals: Vec<NodeId>,
    pub lanes: Vec<String>,
}

/// Where a node stands.
#[derive(Clone, Copy)]
pub(super) enum Home {
    Part(usize),
    /// With those that read it, if these stand in this part; in this part otherwise. So a delayed copy does not cross a boundary
    /// that what it is a copy of crosses too. Outside a part that names it as its port: there it does cross.
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

    /// What `part` is called after those around it; nothing where it is the whole.
    fn path(&self, part: usize) -> String {
        let parts = self.parts.borrow();
        let around = |part: &usize| Some(parts[*part].around).filter(|around| *around != 0);
        let inside: Vec<usize> =
            std::iter::successors(Some(part).filter(|part| *part != 0), around).collect();
        inside.iter().rev().map(|part| parts[*part].name.as_str()).collect::<Vec<_>>().join(".")
    }

    /// Notes the stages of a stream that is called so in the part that is being described.
    pub(super) fn note_crossing(&self, name: &str, stages: Stages) {
        let path = self.path(self.here.get());
        let path = if path.is_empty() { name.into() } else { format!("{path}.{name}") };
        self.crossing.borrow_mut().push((path, stages));
    }

    /// Notes that what is described here comes out of a pipeline after these stages.
    pub(super) fn leaves_pipeline(&self, stages: Stages) {
        let path = self.path(self.here.get());
        self.pipelines.borrow_mut().push((path, stages));
    }

    /// The innermost part, inside the one that is being described or that one itself, in which all of `nodes` stand.
    fn source(&self, nodes: &[NodeId]) -> usize {
        let (graph, homes, parts) = (self.nodes.borrow(), self.homes.borrow(), self.parts.borrow());
        // From the part itself up to the one that is being described; none where it does not stand in that.
        let path = |part: usize| {
            let around = |part: &usize| (*part != 0).then(|| parts[*part].around);
            let up: Vec<usize> = std::iter::successors(Some(part), around).collect();
            up.iter().position(|&part| part == self.here.get()).map(|at| up[..=at].to_vec())
        };
        let homes =
            nodes.iter().filter(|id| !matches!(graph[**id].op, Op::Constant(_))).map(|id| match homes[*id] {
                Home::Part(part) | Home::Readers(part) => part,
            });
        let paths: Option<Vec<Vec<usize>>> = homes.map(path).collect();
        let Some([first, others @ ..]) = paths.as_deref() else { return self.here.get() };
        let common = first.iter().find(|part| others.iter().all(|path| path.contains(part)));
        *common.expect("all paths end at one part")
    }
}

impl<'m, P: Payload<'m>> Stream<'m, P> {
    /// What `f` makes of the stream, of which it changes but the signals, not the form: it stands in the part that the stream comes
    /// from, and leaves that by the stream's ports. So what is done to a stream at its end needs no place next to all parts.
    #[track_caller]
    pub fn at_source<Q: Payload<'m>>(self, f: impl FnOnce(Self) -> Stream<'m, Q>) -> Stream<'m, Q> {
        let (m, before) = (self.module(), self.signals());
        let here = m.here.replace(m.source(&before));
        let made = f(self);
        let mut part = m.here.replace(here);
        let after = made.signals();
        assert!(before.len() == after.len(), "what stands at a stream's source keeps its form");
        let replaced: HashMap<NodeId, NodeId> = before.into_iter().zip(after).collect();
        let mut parts = m.parts.borrow_mut();
        while part != here {
            for id in parts[part].ports.iter_mut().flat_map(|port| &mut port.signals) {
                *id = replaced.get(id).copied().unwrap_or(*id);
            }
            part = parts[part].around;
        }
        made
    }

    /// What crosses a boundary with the stream.
    fn signals(&self) -> Vec<NodeId> {
        let control = [self.valid, self.ready].into_iter().chain(self.last);
        control.chain(self.payload.signals()).map(|signal| signal.id).collect()
    }
}

impl<'m> Boundary<'m> {
    /// The same payload, which enters by a port `name`. Several signals are packed into one port, the first in the least significant
    /// bits, and are called `<name>_0`, `<name>_1` and so on inside, or as the payload names them. Ports are in the order of these calls; those that no call
    /// names come last.
    pub fn input<P: Payload<'m>>(&self, name: &str, payload: P) -> P {
        self.call(name, name, &payload);
        payload
    }

    /// The same payload, which leaves by a port as that of [`Boundary::input`].
    pub fn output<P: Payload<'m>>(&self, name: &str, payload: P) -> P {
        self.input(name, payload)
    }

    /// The same stream under this name, which enters by ports `<name>_valid`, `<name>_ready`, `<name>_payload` and, if it is framed,
    /// `<name>_last`.
    pub fn input_stream<P: Payload<'m>>(&self, name: &str, stream: Stream<'m, P>) -> Stream<'m, P> {
        self.call(&Wire::Valid.of(name), name, &stream.valid);
        self.call(&Wire::Ready.of(name), name, &stream.ready);
        self.call(&Wire::Payload.of(name), name, &stream.payload);
        stream.last.iter().for_each(|last| self.call(&Wire::Last.of(name), name, last));
        self.module.note_crossing(name, stream.stages);
        stream.named(name)
    }

    /// The same stream under this name, which leaves by ports named as those of [`Boundary::input_stream`].
    pub fn output_stream<P: Payload<'m>>(&self, name: &str, stream: Stream<'m, P>) -> Stream<'m, P> {
        self.input_stream(name, stream)
    }

    /// Names the port of `payload`, and what is packed in it after `whole`. The first name of a signal counts.
    fn call<P: Payload<'m>>(&self, name: &str, whole: &str, payload: &P) {
        let signals = payload.signals().iter().map(|signal| signal.id).collect();
        let lanes = payload.names().iter().map(|lane| part_of(whole, lane)).collect();
        let port = PortName { name: name.into(), signals, lanes };
        self.module.parts.borrow_mut()[self.part].ports.push(port);
    }
}

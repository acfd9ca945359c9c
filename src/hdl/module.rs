//! A module under description: an arena of nodes behind copyable handles.

use super::node::{Circuit, Instance, Memory, Node, NodeId, Op, OutputPort, Type};
use super::part::{Home, Part};
use super::signal::{Operand, Signal};
use super::stages::Stages;
use super::timing::Timing;
use super::{Range, check};
use num_bigint::BigInt;
use num_traits::Zero;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::Arc;

/// A hardware module while it is being described. Signals borrow it; [`Module::finish`] ends the description.
///
/// ```
/// use ternlet::hdl::{Module, Range, signed};
/// let m = Module::new("average");
/// let a = m.input("a", signed(8));
/// let b = m.input("b", signed(8));
/// let average = (a + b) >> 1;
/// assert_eq!(average.range(), Range::new(-128, 127));
/// m.output("average", average);
/// let circuit = m.finish().unwrap();
/// assert_eq!(circuit.outputs[0].ty.width(), 8);
/// ```
pub struct Module {
    pub(super) kept: Cell<bool>,
    pub(super) timing: Timing,
    pub(super) nodes: RefCell<Vec<Node>>,
    pub(super) memories: RefCell<Vec<Memory>>,
    pub(super) instances: RefCell<Vec<Instance>>,
    /// The whole, then the parts that were described so far.
    pub(super) parts: RefCell<Vec<Part>>,
    /// The part that is being described.
    pub(super) here: Cell<usize>,
    /// Where each node, memory and instance stands.
    pub(super) homes: RefCell<Vec<Home>>,
    pub(super) memory_homes: RefCell<Vec<usize>>,
    pub(super) instance_homes: RefCell<Vec<usize>>,
    pub(super) inputs: RefCell<Vec<NodeId>>,
    pub(super) outputs: RefCell<Vec<OutputPort>>,
    pub(super) ignored: RefCell<Vec<NodeId>>,
    pub(super) frames: RefCell<BTreeMap<String, usize>>,
    pub(super) payloads: RefCell<BTreeMap<String, Vec<(String, Type)>>>,
    /// Of the nodes that are made now.
    pub(super) scope: RefCell<Arc<str>>,
    /// When the first nodes are there, after the clock edge; of the others it was not asked.
    pub(super) arrivals: RefCell<Vec<f64>>,
    /// Of each output stream.
    pub(super) stages: RefCell<Vec<(String, Stages)>>,
    /// The same of streams that cross the border of a part.
    pub(super) crossing: RefCell<Vec<(String, Stages)>>,
    /// And of what leaves a pipeline.
    pub(super) pipelines: RefCell<Vec<(String, Stages)>>,
    /// Of each input stream, how long its first beat waits.
    pub(super) entries: RefCell<Vec<u32>>,
    /// Whether the function of a `map` is running, which may make no state.
    pub(super) feed_forward: Cell<bool>,
    /// Products that got a hard multiplier as one of those that are alike and do not all get one.
    hard_products: Cell<u64>,
}

/// A design rule that a finished module breaks, with the line of the description that breaks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub module: String,
    pub what: String,
    pub at: &'static Location<'static>,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: module `{}`: {}", self.at.file(), self.at.line(), self.module, self.what)
    }
}

/// What to do about a word that has nothing in it, to which the smallest parameter of a generator leads.
pub(super) const NO_BITS: &str = "a word of no bits; leave the signal out where its width is 0";

impl Module {
    /// An empty module whose streams are not pipelined: every `map` is combinational.
    #[track_caller]
    pub fn new(name: impl Into<String>) -> Self {
        Self::with_timing(name, Timing::combinational())
    }

    /// An empty module in which every `map` is cut into pipeline stages for `timing`.
    #[track_caller]
    pub fn with_timing(name: impl Into<String>, timing: Timing) -> Self {
        let (name, doc, at) = (name.into(), String::new(), Location::caller());
        let whole = Part { name, doc, around: 0, at, ports: Vec::new() };
        Self {
            parts: RefCell::new(vec![whole]),
            here: Cell::new(0),
            homes: RefCell::default(),
            memory_homes: RefCell::default(),
            instance_homes: RefCell::default(),
            kept: Cell::new(false),
            timing,
            scope: RefCell::new("".into()),
            feed_forward: Cell::new(false),
            hard_products: Cell::new(0),
            nodes: RefCell::default(),
            memories: RefCell::default(),
            instances: RefCell::default(),
            inputs: RefCell::default(),
            outputs: RefCell::default(),
            ignored: RefCell::default(),
            payloads: RefCell::default(),
            frames: RefCell::default(),
            arrivals: RefCell::default(),
            stages: RefCell::default(),
            crossing: RefCell::default(),
            pipelines: RefCell::default(),
            entries: RefCell::default(),
        }
    }

    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// Whether the product of integers in `a` and `b` that is about to be made gets a hard multiplier though not all that are like it
    /// do: the first that ask, so many of them as [`HardProducts`](super::HardProducts) says.
    pub fn takes_hard_multiplier(&self, a: &Range, b: &Range) -> bool {
        let taken = self.hard_products.get();
        let takes = taken < self.timing.some_hard_multipliers(a, b);
        self.hard_products.set(taken + u64::from(takes));
        takes
    }

    /// What the module computes, for the head of its Verilog file.
    pub fn doc(&self, text: impl Into<String>) {
        self.parts.borrow_mut()[0].doc = text.into();
    }

    /// Says that synthesis may not mix the module with what is around it: for a structure that it would undo.
    pub fn keep(&self) {
        self.kept.set(true);
    }

    /// An input port: an integer of `range`, of which the outside must keep to it.
    #[track_caller]
    pub fn input(&self, name: impl Into<String>, range: Range) -> Signal<'_> {
        self.input_port(name.into(), Type::Int(range))
    }

    /// An input port of `width` bits with no number in it.
    ///
    /// # Panics
    /// If `width` is 0.
    #[track_caller]
    pub fn input_bits(&self, name: impl Into<String>, width: u32) -> Signal<'_> {
        self.input_port(name.into(), Type::Bits(width))
    }

    #[track_caller]
    fn input_port(&self, name: String, ty: Type) -> Signal<'_> {
        let signal = self.push(Op::Input, ty);
        self.nodes.borrow_mut()[signal.id].name = Some(name);
        self.inputs.borrow_mut().push(signal.id);
        signal
    }

    /// An output port of the type of `signal`.
    #[track_caller]
    pub fn output<'m>(&'m self, name: impl Into<String>, signal: Signal<'m>) {
        self.own(signal);
        let ty = signal.ty();
        self.outputs.borrow_mut().push(OutputPort { name: name.into(), node: signal.id, ty });
    }

    /// The integer constant `value`.
    #[track_caller]
    pub fn constant(&self, value: impl Into<BigInt>) -> Signal<'_> {
        let value = value.into();
        self.push(Op::Constant(value.clone()), Type::Int(Range::only(value)))
    }

    /// The word of `width` bits whose unsigned integer is `value`.
    ///
    /// # Panics
    /// If `value` has more bits than `width`, or `width` is 0.
    #[track_caller]
    pub fn bits(&self, width: u32, value: impl Into<BigInt>) -> Signal<'_> {
        let (ty, value) = (Type::Bits(width), value.into());
        assert!(ty.range().contains(&value), "{value} is not a word of {width} bits");
        self.push(Op::Constant(value), ty)
    }

    /// Says that `signal` is not read on purpose, so that [`Module::finish`] does not call it unread.
    pub fn ignore(&self, signal: Signal<'_>) {
        self.ignored.borrow_mut().push(signal.id);
    }

    /// Ends the description: sweeps what nothing reads, orders the nodes and checks the design rules.
    ///
    /// # Errors
    /// Every rule that is broken: registers that nothing drives, inputs, registers, memories and
    /// streams that nothing reads, loops without a register, ports, memories or instances of one name, names that Verilog reserves for `clk` and `rst`.
    pub fn finish(self) -> Result<Circuit, Vec<Violation>> {
        check::finish(self)
    }

    /// Adds a node. A node that can have but one value becomes that constant.
    #[track_caller]
    pub(super) fn push(&self, op: Op, ty: Type) -> Signal<'_> {
        let at = Location::caller();
        assert!(ty != Type::Bits(0), "{NO_BITS}");
        let op = match (&op, &ty) {
            (Op::Constant(_) | Op::Input | Op::Wire { .. } | Op::Output { .. }, _) => op,
            (Op::Register { .. } | Op::Read { .. }, _) => op,
            (_, Type::Int(range)) if range.lo() == range.hi() => {
                // The author has read the operands, though the circuit need not.
                self.ignored.borrow_mut().extend(op.operands());
                Op::Constant(range.lo().clone())
            }
            _ => op,
        };
        let enabled_read = matches!(op, Op::Read { enable: Some(_), .. });
        assert!(
            !self.feed_forward.get()
                || !(matches!(op, Op::Register { .. } | Op::Wire { .. }) || enabled_read),
            "`map` takes a function without state; use `scan` or `fold`, and a memory's `read`"
        );
        let home = match op {
            Op::Read { memory, .. } => self.memory_homes.borrow()[memory],
            Op::Input => 0,
            _ => self.here.get(),
        };
        self.homes.borrow_mut().push(Home::Part(home));
        let mut nodes = self.nodes.borrow_mut();
        let scope = self.scope.borrow().clone();
        nodes.push(Node { op, ty, name: None, hint: None, scope, at });
        Signal { module: self, id: nodes.len() - 1 }
    }

    /// What is made until the guard falls belongs to section `name` of the module: the Verilog has it under a heading of its own, and
    /// nets without a name are called after it. Inside another section, it is a section of that one; inside its like, the same.
    ///
    /// ```
    /// use ternlet::hdl::{Module, signed};
    /// let m = Module::new("square");
    /// let x = m.input("x", signed(8));
    /// let section = m.section("power");
    /// let square = x * x;
    /// drop(section);
    /// m.output("y", square + 1);
    /// let text = ternlet::verilog::emit(&m.finish().unwrap())[0].text.clone();
    /// assert!(text.contains("// ---- power\n  assign x_times_x = "), "{text}");
    /// ```
    #[must_use = "the section ends where its guard falls"]
    pub fn section(&self, name: &str) -> Section<'_> {
        let before = self.scope.borrow().clone();
        let inside = before.rsplit('/').next() == Some(name);
        if !name.is_empty() && !inside {
            let path = if before.is_empty() { name.into() } else { format!("{before}/{name}").into() };
            *self.scope.borrow_mut() = path;
        }
        Section { module: self, before }
    }

    /// As [`Module::section`], but not inside the section around it: for a stream, which goes through many of them.
    pub(super) fn stream_section(&self, name: &str) -> Section<'_> {
        Section { module: self, before: self.scope.replace(name.into()) }
    }

    /// Gives the nodes that are made until the guard falls, where the text of this layer makes them, the line of its
    /// caller: closures do not know who called.
    #[track_caller]
    pub(super) fn credit_caller(&self) -> Credit<'_> {
        Credit { module: self, first: self.nodes.borrow().len(), caller: Location::caller() }
    }

    /// Checks that `signal` is of this module.
    #[track_caller]
    pub(super) fn own(&self, signal: Signal<'_>) {
        assert!(
            std::ptr::eq(self, signal.module),
            "a signal of module `{}` is used in module `{}`",
            signal.module.parts.borrow()[0].name,
            self.parts.borrow()[0].name
        );
    }

    /// A wire whose driver comes later, by [`Module::drive`]. It stands where it is driven.
    #[track_caller]
    pub(super) fn wire(&self, name: impl Into<String>) -> Signal<'_> {
        self.push(Op::Wire { driver: None }, Type::Int(Range::condition())).named(name)
    }

    /// What `f` makes of a condition that it gives itself: the way back where a memory's read, which is a register too, decides what is
    /// read next. A way without one is a loop, which [`Module::finish`] reports.
    #[track_caller]
    pub fn feedback<'m, R>(
        &'m self,
        name: impl Into<String>,
        f: impl FnOnce(Signal<'m>) -> (Signal<'m>, R),
    ) -> R {
        let wire = self.wire(name);
        let (driver, result) = f(wire);
        driver.condition("what is fed back");
        self.drive(wire, driver);
        result
    }

    #[track_caller]
    pub(super) fn drive<'m>(&'m self, wire: Signal<'m>, driver: Signal<'m>) {
        self.own(driver);
        let mut nodes = self.nodes.borrow_mut();
        let Op::Wire { driver: place } = &mut nodes[wire.id].op else { unreachable!("made by `wire`") };
        assert!(place.replace(driver.id).is_none(), "a wire is driven twice");
        self.homes.borrow_mut()[wire.id] = Home::Part(self.here.get());
    }

    /// The same stages, where the inputs of which they are wait before their first beat passes.
    pub(super) fn entered(&self, stages: Stages) -> Stages {
        let mut entries = self.entries.borrow_mut();
        stages.waits().for_each(|(input, cycles)| entries[input] = entries[input].max(cycles));
        stages
    }

    /// The stages of what waits for both: what is there first is held.
    pub(super) fn met(&self, here: Stages, there: Stages) -> Stages {
        self.entered(here.waiting_for(there));
        self.entered(there.waiting_for(here));
        here.meet(there)
    }

    /// A condition that is always 1.
    #[track_caller]
    pub fn always(&self) -> Signal<'_> {
        1.operand(self)
    }

    /// A condition that is always 0.
    #[track_caller]
    pub fn never(&self) -> Signal<'_> {
        self.constant(BigInt::zero())
    }
}

/// See [`Module::section`].
pub struct Section<'m> {
    module: &'m Module,
    before: Arc<str>,
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        self.module.scope.replace(self.before.clone());
    }
}

/// See [`Module::credit_caller`].
pub(super) struct Credit<'m> {
    module: &'m Module,
    first: NodeId,
    caller: &'static Location<'static>,
}

impl Drop for Credit<'_> {
    fn drop(&mut self) {
        let layer = file!().strip_suffix("module.rs").expect("the name of this file");
        if let Ok(mut nodes) = self.module.nodes.try_borrow_mut() {
            let made = nodes[self.first..].iter_mut();
            made.filter(|node| node.at.file().starts_with(layer)).for_each(|node| node.at = self.caller);
        }
    }
}

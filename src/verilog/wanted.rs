//! What the nets of nodes want to be called: as their author says, or by where they come from.

use crate::hdl::{Circuit, Comparison, Definition, Node, NodeId, Op};
use std::ops::Deref;
use std::rc::Rc;

/// A name made of others is no longer than this: a longer one would say less than the part of the module and the operation.
const LONGEST: usize = 32;

/// A name of an author's, or one that was made. A copy costs no more than a pointer.
#[derive(Clone)]
enum Name<'c> {
    Given(&'c str),
    Made(Rc<str>),
}

impl Deref for Name<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Name::Given(name) => name,
            Name::Made(name) => name,
        }
    }
}

/// The wishes of a circuit's nodes.
pub(super) struct Wanted<'c> {
    /// Names that authors gave. What is only another name for a net gives its name to the net, if that has none itself.
    given: Vec<Option<&'c str>>,
    /// For each node the one whose net it is: itself, but for a wire or a number that is all of another.
    source: Vec<NodeId>,
    /// Names that follow from an author's: hints, ports of instances, bits and earlier values of what has a name.
    derived: Vec<Option<Name<'c>>>,
    /// For nodes without such a name: the register's next value, the memory's address, the instance's port, by the name of the user and
    /// what the node is there.
    by_use: Vec<Option<[&'c str; 2]>>,
}

impl<'c> Wanted<'c> {
    pub fn of(circuit: &'c Circuit) -> Self {
        let count = circuit.nodes.len();
        let given = circuit.nodes.iter().map(|node| node.name.as_deref()).collect();
        let (derived, by_use) = (vec![None; count], vec![None; count]);
        let mut wanted = Self { given, source: (0..count).collect(), derived, by_use };
        for &id in &circuit.order {
            wanted.find_source(circuit, id);
        }
        wanted.note_uses(circuit);
        // What a register holds is named after its next value, which comes later in the order; then others after the register.
        let is_state = |id: &NodeId| circuit.nodes[*id].op.is_state();
        for _ in 0..2 {
            let formulas = circuit.order.iter().copied().filter(|id| !is_state(id));
            formulas.chain((0..count).filter(is_state)).for_each(|id| wanted.derive(circuit, id));
        }
        wanted
    }

    fn derive(&mut self, circuit: &'c Circuit, id: NodeId) {
        let node = &circuit.nodes[id];
        if self.derived[id].is_none() {
            let hint = node.hint.as_deref().map(Name::Given);
            let name = hint.or_else(|| self.by_operands(circuit, node));
            self.derived[id] = name.filter(|name| name.len() <= LONGEST);
        }
    }

    /// The node whose net holds node `id`.
    pub fn source(&self, id: NodeId) -> NodeId {
        self.source[id]
    }

    /// The name that the author of node `id` gave.
    pub fn given(&self, id: NodeId) -> Option<&'c str> {
        self.given[id]
    }

    /// A name for node `id`; where nothing says more, the innermost part of the module that it belongs to, and its operation.
    pub fn name(&self, circuit: &Circuit, id: NodeId) -> String {
        if let Some(name) = self.origin(id) {
            return name.to_string();
        }
        if let Some([user, role]) = self.by_use[id] {
            return format!("{user}_{role}");
        }
        if let Some(name) = self.by_logic(circuit, id, 0).filter(|name| name.len() <= LONGEST) {
            return name;
        }
        let node = &circuit.nodes[id];
        let part = node.scope.rsplit('/').next().unwrap_or_default();
        if part.is_empty() { word(&node.op).into() } else { format!("{part}_{}", word(&node.op)) }
    }

    fn origin(&self, id: NodeId) -> Option<Name<'c>> {
        self.given[id].map(Name::Given).or_else(|| self.derived[id].clone())
    }

    /// Whose net holds node `id`. A wire's own name is only for want of another; where an author gave one to a number that
    /// has one already, both are there.
    fn find_source(&mut self, circuit: &Circuit, id: NodeId) {
        let node = &circuit.nodes[id];
        let (Op::Wire { driver: Some(a) }
        | Op::ToInt(a)
        | Op::ToBits(a)
        | Op::Assume { a, .. }
        | Op::Wrap(a)) = node.op
        else {
            return;
        };
        let (ty, of) = (&node.ty, &circuit.nodes[a].ty);
        let same = (ty.width(), ty.is_signed()) == (of.width(), of.is_signed());
        let (source, wire) = (self.source[a], matches!(node.op, Op::Wire { .. }));
        let named = self.given[source].is_some();
        if !same
            || matches!(circuit.nodes[a].op, Op::Constant(_))
            || named && !wire && self.given[id].is_some()
        {
            return;
        }
        self.source[id] = source;
        let name = self.given[id].take();
        self.given[source] = self.given[source].take().or(name);
    }

    fn note_uses(&mut self, circuit: &'c Circuit) {
        for (id, node) in circuit.nodes.iter().enumerate() {
            match node.op {
                Op::Register { next, enable, .. } => {
                    if let Some(register) = self.given[id] {
                        self.note(circuit, next, [register, "next"]);
                        self.note(circuit, enable, [register, "enable"]);
                    }
                }
                Op::Read { memory, address, enable } => {
                    let memory = &circuit.memories[memory].name;
                    self.note(circuit, Some(address), [memory, "address"]);
                    self.note(circuit, enable, [memory, "enable"]);
                }
                _ => {}
            }
        }
        for memory in &circuit.memories {
            if let Some(write) = &memory.write {
                for (id, port) in
                    [(write.enable, "write"), (write.address, "write_address"), (write.value, "written")]
                {
                    self.note(circuit, Some(id), [&memory.name, port]);
                }
            }
        }
        for instance in &circuit.instances {
            for (place, &id) in instance.inputs.iter().enumerate() {
                let port = match &instance.definition {
                    Definition::Circuit(inner) => inner.nodes[inner.inputs[place]].name.as_deref(),
                    Definition::BlackBox(inner) => Some(inner.inputs[place].0.as_str()),
                };
                self.note(circuit, Some(id), [&instance.name, port.unwrap_or("input")]);
            }
        }
    }

    /// The first use of a node gives it its name; an assumption passes it on to what it is about.
    fn note(&mut self, circuit: &Circuit, id: Option<NodeId>, name: [&'c str; 2]) {
        let mut next = id;
        while let Some(id) = next {
            self.by_use[id].get_or_insert(name);
            next = match circuit.nodes[id].op {
                Op::Assume { a, .. } => Some(a),
                _ => None,
            };
        }
    }

    /// What follows from a named operand: its value of the cycle before, some of its bits, an operation on it and a constant or
    /// another named operand. A port of an instance and the word of a memory have their names.
    fn by_operands(&self, circuit: &Circuit, node: &Node) -> Option<Name<'c>> {
        let named = |id: NodeId| self.origin(self.source[id]).or_else(|| self.origin(id));
        let name = match node.op {
            Op::ToInt(a) | Op::ToBits(a) | Op::Assume { a, .. } => return named(a),
            Op::Output { instance, port } => {
                let instance = &circuit.instances[instance];
                let port = match &instance.definition {
                    Definition::Circuit(inner) => &inner.outputs[port].name,
                    Definition::BlackBox(inner) => &inner.outputs[port].0,
                };
                [&instance.name, "_", port].concat()
            }
            Op::Read { memory, .. } => format!("{}_word", circuit.memories[memory].name),
            Op::Register { next: Some(next), .. } => older(&named(next)?),
            Op::Slice { a, lsb } => self.bits(circuit, a, lsb, node.ty.width())?,
            Op::Not(a) => ["not_", &*named(a)?].concat(),
            Op::Wrap(a) if matches!(circuit.nodes[a].op, Op::ShiftRight(..)) => {
                self.bits(circuit, a, 0, node.ty.width())?
            }
            Op::Wrap(a) | Op::Clamp(a) | Op::ShiftLeft(a, _) | Op::ShiftRight(a, _) => {
                [&*named(a)?, "_", word(&node.op)].concat()
            }
            Op::Compare(_, a, b) | Op::Add(a, b) | Op::Sub(a, b) | Op::Mul(a, b) => {
                let left = named(a)?;
                let right =
                    constant(&circuit.nodes[b].op).or_else(|| named(b).map(|name| name.to_string()))?;
                [&*left, "_", between(&node.op), "_", &right].concat()
            }
            _ => return None,
        };
        Some(Name::Made(name.into()))
    }

    /// What a node with no better name does with what has one: `a_and_b`; a choice is called after the condition that makes it.
    fn by_logic(&self, circuit: &Circuit, id: NodeId, depth: usize) -> Option<String> {
        let node = &circuit.nodes[id];
        let of = |id: NodeId| {
            let source = self.source[id];
            let name = self.origin(source).or_else(|| self.origin(id)).map(|name| name.to_string());
            let used = || self.by_use[source].map(|[user, role]| format!("{user}_{role}"));
            let name = name.or_else(used).or_else(|| constant(&circuit.nodes[source].op));
            // Of what is itself named so, but once: a longer name would say less.
            name.or_else(|| if depth > 0 { None } else { self.by_logic(circuit, source, depth + 1) })
        };
        match node.op {
            Op::Adder { inverted: true, .. } => None,
            Op::Sub(a, b) if matches!(circuit.nodes[a].op, Op::Constant(_)) => {
                Some(format!("{}_minus_{}", word(&circuit.nodes[a].op), of(b)?))
            }
            Op::And(a, b)
            | Op::Or(a, b)
            | Op::Xor(a, b)
            | Op::Adder { a, b, .. }
            | Op::Compare(_, a, b)
            | Op::Add(a, b)
            | Op::Sub(a, b)
            | Op::Mul(a, b) => {
                let (left, right) = (of(a)?, of(b)?);
                // Of equals that only a number tells apart the name would say nothing.
                (left != right).then(|| format!("{left}_{}_{right}", between(&node.op)))
            }
            Op::Mux { condition, .. } => Some(format!("{}_choice", of(condition)?)),
            Op::Register { next: Some(next), .. } => of(next).map(|next| older(&next)),
            Op::ToInt(a) | Op::ToBits(a) | Op::Assume { a, .. } => of(a),
            Op::Not(a) => of(a).map(|a| format!("not_{a}")),
            Op::Wrap(a) | Op::Clamp(a) | Op::ShiftLeft(a, _) | Op::ShiftRight(a, _) => {
                of(a).map(|a| format!("{a}_{}", word(&node.op)))
            }
            _ => None,
        }
    }

    /// `width` bits of node `a` from `lsb` on, by the name of the word that they are cut out of.
    fn bits(&self, circuit: &Circuit, mut a: NodeId, mut lsb: u32, width: u32) -> Option<String> {
        while self.given[a].is_none() && circuit.nodes[a].hint.is_none() {
            match circuit.nodes[a].op {
                Op::Slice { a: of, lsb: base } | Op::ShiftRight(of, base) => (a, lsb) = (of, lsb + base),
                Op::ToInt(of) | Op::ToBits(of) | Op::Assume { a: of, .. } | Op::Wire { driver: Some(of) }
                    if circuit.nodes[of].ty.width() == circuit.nodes[a].ty.width() =>
                {
                    a = of;
                }
                _ => break,
            }
        }
        let name = self.origin(self.source[a])?;
        let (low, high) = (lsb.to_string(), (lsb + width - 1).to_string());
        Some(if width == 1 { [&*name, "_", &low].concat() } else { [&*name, "_", &high, "_", &low].concat() })
    }
}

/// `x_q` of `x`, `x_q2` of `x_q`, and so on.
fn older(name: &str) -> String {
    let age = name.rsplit_once("_q").and_then(|(base, age)| match age {
        "" => Some((base, 2)),
        age => age.parse::<u32>().ok().map(|age| (base, age + 1)),
    });
    age.map_or(format!("{name}_q"), |(base, age)| format!("{base}_q{age}"))
}

/// A constant in a name.
fn constant(op: &Op) -> Option<String> {
    match op {
        Op::Constant(value) if value.sign() == num_bigint::Sign::Minus => {
            Some(format!("minus_{}", value.magnitude()))
        }
        Op::Constant(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The operation in a word that stands between two names.
fn between(op: &Op) -> &'static str {
    match op {
        Op::Compare(Comparison::Eq, ..) => "is",
        Op::Compare(Comparison::Ne, ..) => "is_not",
        Op::Compare(Comparison::Lt, ..) => "below",
        Op::Compare(Comparison::Le, ..) => "at_most",
        Op::Sub(..) | Op::Adder { subtracts: true, .. } => "minus",
        Op::Mul(..) => "times",
        Op::And(..) => "and",
        Op::Or(..) => "or",
        Op::Xor(..) => "xor",
        _ => "plus",
    }
}

/// What comes out of an operation, in a word.
fn word(op: &Op) -> &'static str {
    match op {
        Op::Input => "input",
        Op::Constant(_) => "constant",
        Op::Add(..) | Op::Adder { subtracts: false, inverted: false, .. } => "sum",
        Op::Sub(..) | Op::Adder { subtracts: true, inverted: false, .. } => "difference",
        Op::Adder { subtracts: false, inverted: true, .. } => "not_sum",
        Op::Adder { subtracts: true, inverted: true, .. } => "not_difference",
        Op::Mul(..) => "product",
        Op::ShiftLeft(..) | Op::ShiftRight(..) => "shifted",
        Op::Compare(Comparison::Eq, ..) => "equal",
        Op::Compare(Comparison::Ne, ..) => "unequal",
        Op::Compare(Comparison::Lt, ..) => "less",
        Op::Compare(Comparison::Le, ..) => "at_most",
        Op::Mux { .. } => "choice",
        Op::Wrap(_) => "wrapped",
        Op::Clamp(_) => "clamped",
        Op::Assume { .. } | Op::ToInt(_) => "number",
        Op::ToBits(_) | Op::Concat(_) => "word",
        Op::Not(_) => "inverted",
        Op::And(..) => "both",
        Op::Or(..) => "either",
        Op::Xor(..) => "differ",
        Op::Slice { .. } => "bits",
        Op::Register { .. } => "held",
        Op::Wire { .. } => "wire",
        Op::Read { .. } => "read",
        Op::Output { .. } => "output",
    }
}

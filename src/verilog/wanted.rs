//! What the nets of nodes want to be called: as their author says, or by where they come from.

use crate::hdl::{Circuit, Comparison, Definition, Node, NodeId, Op};

/// A name made of others is no longer than this: a longer one would say less than the part of the module and the operation.
const LONGEST: usize = 32;

/// The wishes of a circuit's nodes.
pub(super) struct Wanted {
    /// Names that authors gave. What is only another name for a net gives its name to the net, if that has none itself.
    given: Vec<Option<String>>,
    /// For each node the one whose net it is: itself, but for a wire or a number that is all of another.
    source: Vec<NodeId>,
    /// Names that follow from an author's: hints, ports of instances, bits and earlier values of what has a name.
    derived: Vec<Option<String>>,
    /// For nodes without such a name: the register's next value, the memory's address, the instance's port.
    by_use: Vec<Option<String>>,
}

impl Wanted {
    pub fn of(circuit: &Circuit) -> Self {
        let count = circuit.nodes.len();
        let given = circuit.nodes.iter().map(|node| node.name.clone()).collect();
        let none = || vec![None; count];
        let mut wanted = Self { given, source: (0..count).collect(), derived: none(), by_use: none() };
        for &id in &circuit.order {
            wanted.find_source(circuit, id);
        }
        wanted.note_uses(circuit);
        // What a register holds is named after its next value, which comes later in the order; then others after the register.
        for _ in 0..2 {
            let mut ids: Vec<NodeId> = circuit.order.clone();
            ids.sort_by_key(|&id| if circuit.nodes[id].op.is_state() { id + 1 } else { 0 });
            ids.into_iter().for_each(|id| wanted.derive(circuit, id));
        }
        wanted
    }

    fn derive(&mut self, circuit: &Circuit, id: NodeId) {
        let node = &circuit.nodes[id];
        if self.derived[id].is_none() {
            let name = node.hint.clone().or_else(|| self.by_operands(circuit, node));
            self.derived[id] = name.filter(|name| name.len() <= LONGEST);
        }
    }

    /// The node whose net holds node `id`.
    pub fn source(&self, id: NodeId) -> NodeId {
        self.source[id]
    }

    /// The name that the author of node `id` gave.
    pub fn given(&self, id: NodeId) -> Option<&str> {
        self.given[id].as_deref()
    }

    /// A name for node `id`; where nothing says more, the innermost part of the module that it belongs to, and its operation.
    pub fn name(&self, circuit: &Circuit, id: NodeId) -> String {
        let name = self.origin(id).or(self.by_use[id].as_ref());
        name.cloned().unwrap_or_else(|| {
            let node = &circuit.nodes[id];
            let part = node.scope.rsplit('/').next().unwrap_or_default();
            if part.is_empty() { word(&node.op).into() } else { format!("{part}_{}", word(&node.op)) }
        })
    }

    fn origin(&self, id: NodeId) -> Option<&String> {
        self.given[id].as_ref().or(self.derived[id].as_ref())
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

    fn note_uses(&mut self, circuit: &Circuit) {
        for (id, node) in circuit.nodes.iter().enumerate() {
            match node.op {
                Op::Register { next, enable, .. } => {
                    if let Some(register) = self.given[id].clone() {
                        self.note(circuit, next, format!("{register}_next"));
                        self.note(circuit, enable, format!("{register}_enable"));
                    }
                }
                Op::Read { memory, address, enable } => {
                    let memory = &circuit.memories[memory].name;
                    self.note(circuit, Some(address), format!("{memory}_address"));
                    self.note(circuit, enable, format!("{memory}_enable"));
                }
                _ => {}
            }
        }
        for memory in &circuit.memories {
            if let Some(write) = &memory.write {
                for (id, port) in
                    [(write.enable, "write"), (write.address, "write_address"), (write.value, "written")]
                {
                    self.note(circuit, Some(id), format!("{}_{port}", memory.name));
                }
            }
        }
        for instance in &circuit.instances {
            for (place, &id) in instance.inputs.iter().enumerate() {
                let port = match &instance.definition {
                    Definition::Circuit(inner) => inner.nodes[inner.inputs[place]].name.as_deref(),
                    Definition::BlackBox(inner) => Some(inner.inputs[place].0.as_str()),
                };
                self.note(circuit, Some(id), format!("{}_{}", instance.name, port.unwrap_or("input")));
            }
        }
    }

    /// The first use of a node gives it its name; an assumption passes it on to what it is about.
    fn note(&mut self, circuit: &Circuit, id: Option<NodeId>, name: String) {
        let mut next = id;
        while let Some(id) = next {
            self.by_use[id].get_or_insert_with(|| name.clone());
            next = match circuit.nodes[id].op {
                Op::Assume { a, .. } => Some(a),
                _ => None,
            };
        }
    }

    /// What follows from a named operand: its value of the cycle before, some of its bits, an operation on it and a constant or
    /// another named operand. A port of an instance and the word of a memory have their names.
    fn by_operands(&self, circuit: &Circuit, node: &Node) -> Option<String> {
        let named = |id: NodeId| self.origin(self.source[id]).or(self.origin(id));
        match node.op {
            Op::Output { instance, port } => {
                let instance = &circuit.instances[instance];
                let port = match &instance.definition {
                    Definition::Circuit(inner) => &inner.outputs[port].name,
                    Definition::BlackBox(inner) => &inner.outputs[port].0,
                };
                Some(format!("{}_{port}", instance.name))
            }
            Op::Read { memory, .. } => Some(format!("{}_word", circuit.memories[memory].name)),
            Op::Register { next: Some(next), .. } => named(next).map(|next| older(next)),
            Op::Slice { a, lsb } => self.bits(circuit, a, lsb, node.ty.width()),
            Op::ToInt(a) | Op::ToBits(a) | Op::Assume { a, .. } => named(a).cloned(),
            Op::Not(a) => named(a).map(|a| format!("not_{a}")),
            Op::Wrap(a) if matches!(circuit.nodes[a].op, Op::ShiftRight(..)) => {
                self.bits(circuit, a, 0, node.ty.width())
            }
            Op::Wrap(a) | Op::Clamp(a) | Op::ShiftLeft(a, _) | Op::ShiftRight(a, _) => {
                named(a).map(|a| format!("{a}_{}", word(&node.op)))
            }
            Op::Compare(_, a, b) | Op::Add(a, b) | Op::Sub(a, b) | Op::Mul(a, b) => {
                let right = match &circuit.nodes[b].op {
                    Op::Constant(value) if value.sign() == num_bigint::Sign::Minus => {
                        format!("minus_{}", value.magnitude())
                    }
                    Op::Constant(value) => value.to_string(),
                    _ => named(b)?.clone(),
                };
                Some(format!("{}_{}_{right}", named(a)?, between(&node.op)))
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
        let high = lsb + width - 1;
        Some(if width == 1 { format!("{name}_{lsb}") } else { format!("{name}_{high}_{lsb}") })
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

/// The operation in a word that stands between two names.
fn between(op: &Op) -> &'static str {
    match op {
        Op::Compare(Comparison::Eq, ..) => "is",
        Op::Compare(Comparison::Ne, ..) => "is_not",
        Op::Compare(Comparison::Lt, ..) => "below",
        Op::Compare(Comparison::Le, ..) => "at_most",
        Op::Sub(..) => "minus",
        Op::Mul(..) => "times",
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

//! What the nets of nodes want to be called: as their author says, or by what they are for.

use crate::hdl::{Circuit, Comparison, Definition, Node, NodeId, Op};

/// The wishes of a circuit's nodes.
pub(super) struct Wanted {
    /// Names that authors gave. The net that drives a wire takes the name of the wire, if it has none itself.
    given: Vec<Option<String>>,
    /// For nodes without a name: the register's next value, the memory's address, the instance's port.
    by_use: Vec<Option<String>>,
}

impl Wanted {
    pub fn of(circuit: &Circuit) -> Self {
        let mut given: Vec<Option<String>> = circuit.nodes.iter().map(|node| node.name.clone()).collect();
        for (id, node) in circuit.nodes.iter().enumerate() {
            if let Op::Wire { driver: Some(driver) } = node.op
                && given[driver].is_none()
                && circuit.nodes[driver].ty == node.ty
            {
                given[driver] = given[id].take();
            }
        }
        let mut wanted = Self { by_use: vec![None; given.len()], given };
        wanted.note_uses(circuit);
        for (id, node) in circuit.nodes.iter().enumerate() {
            if wanted.by_use[id].is_none() {
                wanted.by_use[id] = wanted.by_operands(circuit, node);
            }
        }
        wanted
    }

    /// The name that the author of node `id` gave.
    pub fn given(&self, id: NodeId) -> Option<&str> {
        self.given[id].as_deref()
    }

    /// A name for node `id`: `n<id>` if there is nothing to say about it.
    pub fn name(&self, id: NodeId) -> String {
        let name = self.given[id].as_ref().or(self.by_use[id].as_ref());
        name.cloned().unwrap_or_else(|| format!("n{id}"))
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

    /// A port of an instance, the word of a memory, or what follows from a named operand: its value of the cycle before,
    /// some of its bits, a comparison or sum with a constant.
    fn by_operands(&self, circuit: &Circuit, node: &Node) -> Option<String> {
        let named = |id: NodeId| self.given[id].as_ref().or(self.by_use[id].as_ref());
        let (a, b, word) = match node.op {
            Op::Output { instance, port } => {
                let instance = &circuit.instances[instance];
                let port = match &instance.definition {
                    Definition::Circuit(inner) => &inner.outputs[port].name,
                    Definition::BlackBox(inner) => &inner.outputs[port].0,
                };
                return Some(format!("{}_{port}", instance.name));
            }
            Op::Read { memory, .. } => return Some(format!("{}_word", circuit.memories[memory].name)),
            Op::Register { next: Some(next), .. } => return named(next).map(|next| format!("{next}_q")),
            Op::ToInt(a) | Op::ToBits(a) | Op::Assume { a, .. } => return named(a).cloned(),
            Op::Slice { a, lsb } => {
                return named(a).map(|a| format!("{a}_{}_{lsb}", lsb + node.ty.width() - 1));
            }
            Op::Compare(Comparison::Eq, a, b) => (a, b, "is"),
            Op::Compare(Comparison::Ne, a, b) => (a, b, "is_not"),
            Op::Add(a, b) => (a, b, "plus"),
            Op::Sub(a, b) => (a, b, "minus"),
            _ => return None,
        };
        let Op::Constant(constant) = &circuit.nodes[b].op else { return None };
        let sign = if constant.sign() == num_bigint::Sign::Minus { "minus_" } else { "" };
        Some(format!("{}_{word}_{sign}{}", self.given(a)?, constant.magnitude()))
    }
}

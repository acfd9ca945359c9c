//! Cuts a description into the modules that its author called parts: see [`Module::part`](super::Module::part).

use super::layout::{Contents, Layout, Way};
use super::module::Violation;
use super::node::{Circuit, Definition, Instance, Memory, Node, NodeId, Op, OutputPort, Type, Write};
use super::order::seal;
use super::part::{Home, Part};
use super::ports::{Called, Port, PortNames};
use super::sparse::Sparse;
use super::stages::Latency;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// The names of the instances of all parts: those of one name in one part are numbered. That of the whole is its own.
pub(super) fn instance_names(parts: &[Part]) -> Vec<String> {
    let mut alike: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate().skip(1) {
        alike.entry((part.around, &part.name)).or_default().push(index);
    }
    let mut names: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
    for ((around, name), parts) in alike.iter().filter(|(_, parts)| parts.len() > 1) {
        let numbered = (0..).map(|number| format!("{name}_{number}"));
        let free = numbered.filter(|name| !alike.contains_key(&(*around, name.as_str())));
        parts.iter().zip(free).for_each(|(&part, name)| names[part] = name);
    }
    names
}

/// The whole of `flat`, whose parts are instances in it. A loop that only packed ports close is none: then none is packed.
pub(super) fn cut(flat: &Circuit, layout: &Layout) -> Circuit {
    let contents = layout.contents(flat);
    let whole = cut_with(flat, layout, &contents, true).or_else(|_| cut_with(flat, layout, &contents, false));
    whole.expect("a loop is reported before parts are cut")
}

fn cut_with(
    flat: &Circuit,
    layout: &Layout,
    contents: &[Contents],
    packs: bool,
) -> Result<Circuit, Violation> {
    let (mut tables, mut made) = (Tables::new(flat.nodes.len()), Made::default());
    let names = instance_names(&layout.parts);
    let mut inside: Vec<Vec<Inside>> = layout.parts.iter().map(|_| Vec::new()).collect();
    // A part is described after the one around it.
    for part in (0..layout.parts.len()).rev() {
        let mut children = std::mem::take(&mut inside[part]);
        children.reverse();
        let is_empty = contents[part].nodes.is_empty() && children.is_empty();
        let cut = Cut::new(flat, layout, part, packs, &contents[part], &mut tables);
        if part == 0 {
            return seal(cut.whole(children));
        }
        if !is_empty {
            let (circuit, inputs, outputs) = cut.part(children);
            let (circuit, name) = (made.sealed(circuit)?, names[part].clone());
            inside[layout.parts[part].around].push(Inside { part, name, circuit, inputs, outputs });
        }
    }
    unreachable!("the whole comes last")
}

/// A finished part, to be put into the one around it.
struct Inside {
    part: usize,
    name: String,
    circuit: Rc<Circuit>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

/// The parts that are finished, by name.
#[derive(Default)]
struct Made {
    named: HashMap<String, Vec<Rc<Circuit>>>,
}

impl Made {
    /// `circuit`, sealed; of parts that are alike all are one circuit, which is sealed, and later written, once.
    fn sealed(&mut self, circuit: Circuit) -> Result<Rc<Circuit>, Violation> {
        let named = self.named.entry(circuit.name.clone()).or_default();
        if let Some(like) = named.iter().find(|other| is_like(&circuit, other)) {
            return Ok(like.clone());
        }
        named.push(Rc::new(seal(circuit)?));
        Ok(named[named.len() - 1].clone())
    }
}

/// Whether two parts of one name are the same but for what follows from the rest.
fn is_like(a: &Circuit, b: &Circuit) -> bool {
    let holds_like = |a: &Instance, b: &Instance| {
        let definition = match (&a.definition, &b.definition) {
            (Definition::Circuit(a), Definition::Circuit(b)) => Rc::ptr_eq(a, b),
            (Definition::BlackBox(a), Definition::BlackBox(b)) => a == b,
            _ => false,
        };
        definition && (&a.name, &a.inputs, a.at) == (&b.name, &b.inputs, b.at)
    };
    (&a.doc, &a.nodes, &a.memories) == (&b.doc, &b.nodes, &b.memories)
        && (&a.inputs, &a.outputs, &a.payloads) == (&b.inputs, &b.outputs, &b.payloads)
        && a.instances.len() == b.instances.len()
        && a.instances.iter().zip(&b.instances).all(|(a, b)| holds_like(a, b))
}

/// What is known of the nodes of the flat circuit in the part that is cut out.
pub(super) struct Tables {
    /// What the author calls them.
    pub called: Sparse<Called>,
    /// Where they are in the module.
    places: Sparse<NodeId>,
    /// The part inside that they leave, and its port.
    exits: Sparse<(usize, usize)>,
}

impl Tables {
    fn new(count: usize) -> Self {
        Self { called: Sparse::new(count), places: Sparse::new(count), exits: Sparse::new(count) }
    }

    fn forget(&mut self) {
        self.called.forget();
        self.places.forget();
        self.exits.forget();
    }

    fn place(&self, id: NodeId) -> NodeId {
        self.places.get(id).expect("what is read is in the module")
    }
}

/// A module while it is cut out.
pub(super) struct Cut<'c> {
    pub flat: &'c Circuit,
    pub layout: &'c Layout,
    pub part: usize,
    /// Whether a port may hold several nodes.
    pub packs: bool,
    contents: &'c Contents,
    pub tables: &'c mut Tables,
    nodes: Vec<Node>,
}

impl<'c> Cut<'c> {
    fn new(
        flat: &'c Circuit,
        layout: &'c Layout,
        part: usize,
        packs: bool,
        contents: &'c Contents,
        tables: &'c mut Tables,
    ) -> Self {
        tables.forget();
        for (port, named) in layout.parts[part].ports.iter().enumerate() {
            for (lane, &id) in named.signals.iter().enumerate() {
                if id < flat.nodes.len() && tables.called.get(id).is_none() {
                    tables.called.insert(id, Called { port, age: 0, lane });
                }
            }
        }
        let nodes = Vec::with_capacity(contents.foreign.len() + contents.nodes.len());
        Self { flat, layout, part, packs, contents, tables, nodes }
    }

    /// The part, and its ports; it is not sealed.
    fn part(mut self, children: Vec<Inside>) -> (Circuit, Vec<Port>, Vec<Port>) {
        let Contents { foreign, outputs, .. } = self.contents;
        let mut names = self.port_names(&children);
        let entering = foreign.iter().filter(|(_, way)| matches!(way, Way::Around)).map(|(id, _)| *id);
        let inputs = self.ports(entering, "in", &mut names);
        let outputs = self.ports(outputs.iter().copied(), "out", &mut names);
        let entrances = inputs.iter().map(|port| self.enter(port)).collect();
        let mut circuit = self.module(children);
        circuit.inputs = entrances;
        circuit.payloads = self.payloads(inputs.iter().chain(&outputs));
        for Port { name, nodes } in &outputs {
            let nodes: Vec<NodeId> = nodes.iter().map(|&id| self.tables.place(id)).collect();
            let node = packed(&mut circuit.nodes, &nodes);
            let ty = circuit.nodes[node].ty.clone();
            circuit.outputs.push(OutputPort { name: name.clone(), node, ty });
        }
        // What is assumed in a part is checked by the clock around it.
        circuit.clocked = circuit.nodes.iter().any(|node| match node.op {
            Op::Assume { a, .. } => !node.ty.range().covers(&circuit.nodes[a].ty.range()),
            _ => false,
        });
        (circuit, inputs, outputs)
    }

    /// The module around all parts.
    fn whole(mut self, children: Vec<Inside>) -> Circuit {
        let mut circuit = self.module(children);
        circuit.inputs = self.flat.inputs.iter().map(|&id| self.tables.place(id)).collect();
        circuit.outputs.clone_from(&self.flat.outputs);
        circuit.outputs.iter_mut().for_each(|output| output.node = self.tables.place(output.node));
        circuit
    }

    /// Names for ports, which are not those of what is inside.
    fn port_names(&self, children: &[Inside]) -> PortNames {
        let Contents { memories, instances, .. } = self.contents;
        let memories = memories.iter().map(|&index| self.flat.memories[index].name.as_str());
        let instances = instances.iter().map(|&index| self.flat.instances[index].name.as_str());
        let children = children.iter().map(|child| child.name.as_str());
        PortNames::new(memories.chain(instances).chain(children).chain(["clk", "rst"]))
    }

    /// A nameless node with this operation that comes of node `id`.
    fn alike(&self, id: NodeId, op: Op, ty: Type) -> Node {
        let Node { scope, at, .. } = &self.flat.nodes[id];
        Node { op, ty, name: None, hint: None, scope: scope.clone(), at }
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The input of `port`, of which each node is its bits.
    fn enter(&mut self, port: &Port) -> NodeId {
        let flat = self.flat;
        let ty = match port.nodes[..] {
            [id] => flat.nodes[id].ty.clone(),
            _ => Type::Bits(port.nodes.iter().map(|&id| flat.nodes[id].ty.width()).sum()),
        };
        let name = Some(port.name.clone());
        let input = self.push(Node { name, ..self.alike(port.nodes[0], Op::Input, ty) });
        self.unpack(input, &port.nodes);
        input
    }

    /// The nodes of the flat circuit that are packed in node `word` of the module, or the one that it is.
    fn unpack(&mut self, word: NodeId, ids: &[NodeId]) {
        if let [id] = ids {
            return self.tables.places.insert(*id, word);
        }
        let mut lsb = 0;
        for &id in ids {
            let name = self.called(id).map(|called| self.name(called));
            let ty = self.flat.nodes[id].ty.clone();
            let width = ty.width();
            let slice = Op::Slice { a: word, lsb };
            let lane = match ty {
                Type::Bits(_) => self.push(Node { name, ..self.alike(id, slice, ty) }),
                Type::Int(_) => {
                    let bits = self.push(self.alike(id, slice, Type::Bits(width)));
                    self.push(Node { name, ..self.alike(id, Op::ToInt(bits), ty) })
                }
            };
            self.tables.places.insert(id, lane);
            lsb += width;
        }
    }

    /// The nodes, memories and instances of the module; its ports are the caller's.
    fn module(&mut self, children: Vec<Inside>) -> Circuit {
        self.copy_nodes(&children);
        let Contents { memories, instances, .. } = self.contents;
        let mut memories: Vec<Memory> =
            memories.iter().map(|&index| self.flat.memories[index].clone()).collect();
        let written = memories.iter_mut().filter_map(|memory| memory.write.as_mut());
        for Write { enable, address, value } in written {
            [enable, address, value].into_iter().for_each(|id| *id = self.tables.place(*id));
        }
        let mut instances: Vec<Instance> =
            instances.iter().map(|&index| self.flat.instances[index].clone()).collect();
        let inputs = instances.iter_mut().flat_map(|instance| &mut instance.inputs);
        inputs.for_each(|id| *id = self.tables.place(*id));
        self.connect(children, &mut instances);
        let Part { name, doc, .. } = &self.layout.parts[self.part];
        Circuit {
            name: name.clone(),
            doc: doc.clone(),
            nodes: std::mem::take(&mut self.nodes),
            memories,
            instances,
            inputs: Vec::new(),
            outputs: Vec::new(),
            payloads: BTreeMap::new(),
            frames: BTreeMap::new(),
            order: Vec::new(),
            paths: Vec::new(),
            clocked: false,
            kept: false,
            latency: Latency::default(),
        }
    }

    /// The nodes of the module but its ports, in the order of their making.
    fn copy_nodes(&mut self, children: &[Inside]) {
        let Contents { nodes, memories, instances, foreign, .. } = self.contents;
        for (child, inside) in children.iter().enumerate() {
            for (port, Port { nodes, .. }) in inside.outputs.iter().enumerate() {
                nodes.iter().for_each(|&id| self.tables.exits.insert(id, (child, port)));
            }
        }
        let foreign = foreign.iter().filter(|(_, way)| !matches!(way, Way::Around)).map(|(id, _)| *id);
        let mut kept: Vec<NodeId> = foreign.chain(nodes.iter().copied()).collect();
        kept.sort();
        let mut copied = Vec::with_capacity(kept.len());
        let local = |all: &[usize], index: usize| all.binary_search(&index).expect("it stands in the part");
        for id in kept {
            if let Some((child, port)) = self.tables.exits.get(id) {
                if self.tables.places.get(id).is_none() {
                    self.leave(&children[child], instances.len() + child, port);
                }
                continue;
            }
            let mut node = self.flat.nodes[id].clone();
            match &mut node.op {
                Op::Read { memory, .. } => *memory = local(memories, *memory),
                Op::Output { instance, .. } => *instance = local(instances, *instance),
                _ => {}
            }
            if let Home::Readers(_) = self.layout.homes[id] {
                node.name = self.called(id).map(|called| self.name(called)).or(node.name);
            }
            let place = self.push(node);
            self.tables.places.insert(id, place);
            copied.push(place);
        }
        let (tables, nodes) = (&self.tables, &mut self.nodes);
        copied.into_iter().for_each(|node| nodes[node].op.for_each_operand(|id| *id = tables.place(*id)));
    }

    /// The parts inside as instances, after the others.
    fn connect(&mut self, children: Vec<Inside>, instances: &mut Vec<Instance>) {
        let mut words: HashMap<Vec<NodeId>, NodeId> = HashMap::new();
        for Inside { part, name, circuit, inputs, .. } in children {
            let mut connected = Vec::with_capacity(inputs.len());
            for Port { nodes, .. } in inputs {
                let nodes: Vec<NodeId> = nodes.into_iter().map(|id| self.tables.place(id)).collect();
                let pack = |nodes: &Vec<NodeId>| packed(&mut self.nodes, nodes);
                connected.push(*words.entry(nodes).or_insert_with_key(pack));
            }
            let (definition, at) = (Definition::Circuit(circuit), self.layout.parts[part].at);
            instances.push(Instance { name, definition, inputs: connected, at });
        }
    }

    /// Output `port` of `inside`, of which each node is its bits.
    fn leave(&mut self, inside: &Inside, instance: usize, port: usize) {
        let (op, ty) = (Op::Output { instance, port }, inside.circuit.outputs[port].ty.clone());
        let nodes = &inside.outputs[port].nodes;
        let output = self.push(self.alike(nodes[0], op, ty));
        self.unpack(output, nodes);
    }
}

/// The node of `nodes` that is all of `ids`: the only one, or the word of all, the first in the least significant bits.
fn packed(nodes: &mut Vec<Node>, ids: &[NodeId]) -> NodeId {
    if let [id] = ids {
        return *id;
    }
    let first = Node { name: None, hint: None, ..nodes[ids[0]].clone() };
    let mut words = Vec::new();
    for &id in ids {
        words.push(match nodes[id].ty {
            Type::Bits(_) => id,
            Type::Int(_) => {
                let ty = Type::Bits(nodes[id].ty.width());
                nodes.push(Node { op: Op::ToBits(id), ty, ..first.clone() });
                nodes.len() - 1
            }
        });
    }
    let ty = Type::Bits(words.iter().map(|&word| nodes[word].ty.width()).sum());
    nodes.push(Node { op: Op::Concat(words), ty, ..first });
    nodes.len() - 1
}

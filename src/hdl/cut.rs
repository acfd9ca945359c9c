//! Cuts a description into the modules that its author called parts: see [`Module::part`](super::Module::part).

use super::layout::{Crossings, Layout, Way, for_each_read};
use super::module::Violation;
use super::node::{Circuit, Definition, Instance, Memory, Node, NodeId, Op, OutputPort, Type, Write};
use super::order::seal;
use super::part::{Home, Part};
use super::stages::Latency;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// The names of the instances of all parts: those of one name in one part are numbered. That of the whole is its own.
pub(super) fn instance_names(parts: &[Part]) -> Vec<String> {
    let mut alike: HashMap<(usize, &str), Vec<usize>> = HashMap::new();
    for (index, part) in parts.iter().enumerate().skip(1) {
        alike.entry((part.around, &part.name)).or_default().push(index);
    }
    let mut names: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
    for parts in alike.values().filter(|parts| parts.len() > 1) {
        parts.iter().enumerate().for_each(|(number, &part)| names[part] += &format!("_{number}"));
    }
    names
}

/// The whole of `flat`, whose parts are instances in it. A loop that only packed ports close is none: then none is packed.
pub(super) fn cut(flat: &Circuit, layout: &Layout) -> Circuit {
    let whole = cut_with(flat, layout, true).or_else(|_| cut_with(flat, layout, false));
    whole.expect("a loop is reported before parts are cut")
}

fn cut_with(flat: &Circuit, layout: &Layout, packs: bool) -> Result<Circuit, Violation> {
    let homes = layout.settled(flat);
    let mut crossings = Crossings {
        homes: &homes,
        parts: &layout.parts,
        is_constant: flat.nodes.iter().map(|node| matches!(node.op, Op::Constant(_))).collect(),
        foreign: vec![BTreeMap::new(); layout.parts.len()],
        outputs: vec![BTreeSet::new(); layout.parts.len()],
    };
    for_each_read(flat, layout, &homes, |id, reader| crossings.bring(id, reader));
    let Crossings { is_constant, foreign, outputs, .. } = crossings;
    let mut local = vec![Vec::new(); layout.parts.len()];
    for (id, &home) in homes.iter().enumerate().filter(|(id, _)| !is_constant[*id]) {
        local[home].push(id);
    }
    let names = instance_names(&layout.parts);
    let mut inside: Vec<Vec<Inside>> = layout.parts.iter().map(|_| Vec::new()).collect();
    // A part is described after the one around it.
    for part in (0..layout.parts.len()).rev() {
        let mut children = std::mem::take(&mut inside[part]);
        children.reverse();
        let module = Cut::new(flat, layout, part, packs, &local[part], &foreign[part]);
        if part == 0 {
            return seal(module.whole(children));
        }
        if !(local[part].is_empty() && children.is_empty()) {
            let around = layout.parts[part].around;
            inside[around].push(module.part(children, &outputs[part], names[part].clone())?);
        }
    }
    unreachable!("the whole comes last")
}

/// A port of a part, and the nodes of the flat circuit that pass it: one, or several that are packed.
struct Port {
    name: String,
    nodes: Vec<NodeId>,
}

/// A finished part, to be put into the one around it.
struct Inside {
    part: usize,
    name: String,
    circuit: Rc<Circuit>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
}

/// What the author of a part calls a node: the lane of a port, or a copy of it that is so many cycles late.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Called {
    port: usize,
    age: u32,
    lane: usize,
}

/// A module while it is cut out.
struct Cut<'c> {
    flat: &'c Circuit,
    layout: &'c Layout,
    part: usize,
    /// Whether a port may hold several nodes.
    packs: bool,
    local: &'c [NodeId],
    foreign: &'c BTreeMap<NodeId, Way>,
    called: HashMap<NodeId, Called>,
    /// Where each node of the flat circuit is in the module.
    places: HashMap<NodeId, NodeId>,
    nodes: Vec<Node>,
}

impl<'c> Cut<'c> {
    fn new(
        flat: &'c Circuit,
        layout: &'c Layout,
        part: usize,
        packs: bool,
        local: &'c [NodeId],
        foreign: &'c BTreeMap<NodeId, Way>,
    ) -> Self {
        let mut called = HashMap::new();
        for (port, named) in layout.parts[part].ports.iter().enumerate() {
            for (lane, id) in named.signals.iter().enumerate() {
                called.entry(*id).or_insert(Called { port, age: 0, lane });
            }
        }
        Self { flat, layout, part, packs, local, foreign, called, places: HashMap::new(), nodes: Vec::new() }
    }

    /// The part, finished.
    fn part(
        mut self,
        children: Vec<Inside>,
        leaving: &BTreeSet<NodeId>,
        name: String,
    ) -> Result<Inside, Violation> {
        let mut taken = self.taken_names(&children);
        let entering = self.foreign.iter().filter(|(_, way)| matches!(way, Way::Around)).map(|(id, _)| *id);
        let inputs = self.ports(entering.collect(), "in", &mut taken);
        let outputs = self.ports(leaving.iter().copied().collect(), "out", &mut taken);
        let entrances = inputs.iter().map(|port| self.enter(port)).collect();
        let mut circuit = self.module(children);
        circuit.inputs = entrances;
        circuit.payloads = self.payloads(inputs.iter().chain(&outputs));
        for Port { name, nodes } in &outputs {
            let nodes: Vec<NodeId> = nodes.iter().map(|id| self.places[id]).collect();
            let node = packed(&mut circuit.nodes, &nodes);
            let ty = circuit.nodes[node].ty.clone();
            circuit.outputs.push(OutputPort { name: name.clone(), node, ty });
        }
        // What is assumed in a part is checked by the clock around it.
        circuit.clocked = circuit.nodes.iter().any(|node| match node.op {
            Op::Assume { a, .. } => !node.ty.range().covers(&circuit.nodes[a].ty.range()),
            _ => false,
        });
        let circuit = Rc::new(seal(circuit)?);
        Ok(Inside { part: self.part, name, circuit, inputs, outputs })
    }

    /// The module around all parts.
    fn whole(mut self, children: Vec<Inside>) -> Circuit {
        let mut circuit = self.module(children);
        circuit.inputs = self.flat.inputs.iter().map(|id| self.places[id]).collect();
        circuit.outputs.clone_from(&self.flat.outputs);
        circuit.outputs.iter_mut().for_each(|output| output.node = self.places[&output.node]);
        circuit
    }

    /// What the author calls node `id` here; a delayed copy is called by what it is a copy of.
    fn called(&self, id: NodeId) -> Option<Called> {
        let (mut current, mut late) = (id, 0);
        loop {
            if let Some(called) = self.called.get(&current) {
                return Some(Called { age: called.age + late, ..*called });
            }
            match (&self.layout.homes[current], &self.flat.nodes[current].op) {
                (Home::Readers(_), Op::Register { next: Some(next), .. }) => {
                    (current, late) = (*next, late + 1)
                }
                _ => return None,
            }
        }
    }

    /// What a node that its author calls so is named.
    fn name(&self, Called { port, age, lane }: Called) -> String {
        let named = &self.layout.parts[self.part].ports[port];
        let one = named.signals.len() == 1;
        aged(if one { &named.name } else { &named.lanes[lane] }, age)
    }

    /// The ports of these nodes: those that the author names, in that order, then the others.
    fn ports(&self, mut ids: Vec<NodeId>, otherwise: &str, taken: &mut HashSet<String>) -> Vec<Port> {
        let key = |id: NodeId| self.called(id).map(|called| (called.port, called.age));
        ids.sort_by_key(|&id| (self.called(id).is_none(), self.called(id), id));
        let groups = ids.chunk_by(|&a, &b| self.packs && key(a).is_some() && key(a) == key(b));
        let port = |nodes: &[NodeId]| {
            let node = &self.flat.nodes[nodes[0]];
            let own = || node.name.clone().or(node.hint.clone());
            let wanted = match (nodes, self.called(nodes[0])) {
                ([_], called) => called.map(|called| self.name(called)).or_else(own),
                (_, Some(Called { port, age, .. })) => {
                    Some(aged(&self.layout.parts[self.part].ports[port].name, age))
                }
                (_, None) => None,
            };
            let wanted = wanted.unwrap_or_else(|| otherwise.into());
            let numbered = (1..).map(|number| format!("{wanted}_{number}"));
            let mut names = std::iter::once(wanted.clone()).chain(numbered);
            let name = names.find(|name| taken.insert(name.clone())).expect("numbers do not end");
            Port { name, nodes: nodes.to_vec() }
        };
        groups.map(port).collect()
    }

    /// The lanes of the ports that hold several nodes.
    fn payloads<'p>(&self, ports: impl Iterator<Item = &'p Port>) -> BTreeMap<String, Vec<(String, Type)>> {
        let lane = |id: &NodeId| {
            let called = self.called(*id).expect("only ports with names hold several nodes");
            (self.name(called), self.flat.nodes[*id].ty.clone())
        };
        let several = ports.filter(|port| port.nodes.len() > 1);
        several.map(|port| (port.name.clone(), port.nodes.iter().map(lane).collect())).collect()
    }

    /// Names that ports may not have.
    fn taken_names(&self, children: &[Inside]) -> HashSet<String> {
        let here = |home: &usize| *home == self.part;
        let memories = self.flat.memories.iter().zip(&self.layout.memory_homes);
        let memories = memories.filter(|(_, home)| here(home)).map(|(memory, _)| memory.name.clone());
        let instances = self.flat.instances.iter().zip(&self.layout.instance_homes);
        let instances = instances.filter(|(_, home)| here(home)).map(|(instance, _)| instance.name.clone());
        let children = children.iter().map(|child| child.name.clone());
        let clock = ["clk", "rst"].map(String::from);
        memories.chain(instances).chain(children).chain(clock).collect()
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// The input of `port`, of which each node is its bits.
    fn enter(&mut self, port: &Port) -> NodeId {
        let flat = self.flat;
        let first = flat.nodes[port.nodes[0]].clone();
        let ty = match port.nodes[..] {
            [_] => first.ty.clone(),
            _ => Type::Bits(port.nodes.iter().map(|&id| flat.nodes[id].ty.width()).sum()),
        };
        let input = self.push(Node { op: Op::Input, ty, name: Some(port.name.clone()), hint: None, ..first });
        match port.nodes[..] {
            [id] => _ = self.places.insert(id, input),
            _ => self.unpack(input, &port.nodes),
        }
        input
    }

    /// The nodes of the flat circuit that are packed in node `word` of the module.
    fn unpack(&mut self, word: NodeId, ids: &[NodeId]) {
        let mut lsb = 0;
        for &id in ids {
            let name = self.called(id).map(|called| self.name(called));
            let node = Node { name, hint: None, ..self.flat.nodes[id].clone() };
            let width = node.ty.width();
            let (op, ty) = (Op::Slice { a: word, lsb }, Type::Bits(width));
            let lane = match node.ty {
                Type::Bits(_) => self.push(Node { op, ..node }),
                Type::Int(_) => {
                    let bits = self.push(Node { op, ty, name: None, ..node.clone() });
                    self.push(Node { op: Op::ToInt(bits), ..node })
                }
            };
            self.places.insert(id, lane);
            lsb += width;
        }
    }

    /// The nodes, memories and instances of the module; its ports are the caller's.
    fn module(&mut self, children: Vec<Inside>) -> Circuit {
        let (flat, layout) = (self.flat, self.layout);
        let here = |homes: &[usize]| -> Vec<usize> {
            (0..homes.len()).filter(|&index| homes[index] == self.part).collect()
        };
        let (memories, instances) = (here(&layout.memory_homes), here(&layout.instance_homes));
        let local = |all: &[usize], index: usize| all.binary_search(&index).expect("it stands in the part");
        let mut exits: HashMap<NodeId, (usize, usize)> = HashMap::new();
        for (child, inside) in children.iter().enumerate() {
            for (port, Port { nodes, .. }) in inside.outputs.iter().enumerate() {
                exits.extend(nodes.iter().map(|id| (*id, (child, port))));
            }
        }
        let mut copied = Vec::new();
        for id in self.kept() {
            if let Some(Way::Inside) = self.foreign.get(&id) {
                let (child, port) = exits[&id];
                if !self.places.contains_key(&id) {
                    self.leave(&children[child], instances.len() + child, port);
                }
                continue;
            }
            let mut node = flat.nodes[id].clone();
            match &mut node.op {
                Op::Read { memory, .. } => *memory = local(&memories, *memory),
                Op::Output { instance, .. } => *instance = local(&instances, *instance),
                _ => {}
            }
            if let (Home::Readers(_), Some(called)) = (&layout.homes[id], self.called(id)) {
                node.name = Some(self.name(called));
            }
            let place = self.push(node);
            self.places.insert(id, place);
            copied.push(place);
        }
        let (places, nodes) = (&self.places, &mut self.nodes);
        let place = |id: &mut NodeId| *id = places[id];
        copied.into_iter().for_each(|node| nodes[node].op.for_each_operand(place));
        let mut memories: Vec<Memory> = memories.iter().map(|&index| flat.memories[index].clone()).collect();
        let written = memories.iter_mut().filter_map(|memory| memory.write.as_mut());
        written.for_each(|Write { enable, address, value }| {
            [enable, address, value].into_iter().for_each(place);
        });
        let mut instances: Vec<Instance> =
            instances.iter().map(|&index| flat.instances[index].clone()).collect();
        instances.iter_mut().flat_map(|instance| &mut instance.inputs).for_each(place);
        let mut words: HashMap<Vec<NodeId>, NodeId> = HashMap::new();
        for Inside { part, name, circuit, inputs, .. } in children {
            let mut connected = Vec::new();
            for port in &inputs {
                let nodes: Vec<NodeId> = port.nodes.iter().map(|id| self.places[id]).collect();
                let pack = |nodes: &Vec<NodeId>| packed(&mut self.nodes, nodes);
                connected.push(*words.entry(nodes).or_insert_with_key(pack));
            }
            let (definition, at) = (Definition::Circuit(circuit), layout.parts[part].at);
            instances.push(Instance { name, definition, inputs: connected, at });
        }
        Circuit {
            name: layout.parts[self.part].name.clone(),
            doc: layout.parts[self.part].doc.clone(),
            nodes: std::mem::take(&mut self.nodes),
            memories,
            instances,
            inputs: Vec::new(),
            outputs: Vec::new(),
            payloads: BTreeMap::new(),
            order: Vec::new(),
            paths: Vec::new(),
            clocked: false,
            kept: false,
            latency: Latency::default(),
        }
    }

    /// Output `port` of `inside`, of which each node is its bits.
    fn leave(&mut self, inside: &Inside, instance: usize, port: usize) {
        let (op, ty) = (Op::Output { instance, port }, inside.circuit.outputs[port].ty.clone());
        let nodes = &inside.outputs[port].nodes;
        let first = self.flat.nodes[nodes[0]].clone();
        let output = self.push(Node { op, ty, name: None, hint: None, ..first });
        match nodes[..] {
            [id] => _ = self.places.insert(id, output),
            _ => self.unpack(output, nodes),
        }
    }

    /// The nodes of the module but its ports, in the order of their making.
    fn kept(&self) -> Vec<NodeId> {
        let copied = self.foreign.iter().filter(|(_, way)| !matches!(way, Way::Around)).map(|(id, _)| *id);
        let mut kept: Vec<NodeId> = copied.chain(self.local.iter().copied()).collect();
        kept.sort_unstable();
        kept
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

/// `name` of a copy that is `age` cycles late.
fn aged(name: &str, age: u32) -> String {
    match age {
        0 => name.into(),
        1 => format!("{name}_q"),
        _ => format!("{name}_q{age}"),
    }
}

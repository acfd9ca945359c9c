//! Cuts a description into the modules that its author called parts: see [`Module::part`](super::Module::part).

use super::node::{Circuit, Definition, Instance, Memory, Node, NodeId, Op, OutputPort, Write};
use super::order::seal;
use super::part::{Home, Part};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// Where everything of a flat circuit stands.
pub(super) struct Layout {
    pub homes: Vec<Home>,
    pub memory_homes: Vec<usize>,
    pub instance_homes: Vec<usize>,
    pub parts: Vec<Part>,
}

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

/// The whole of `flat`, whose parts are instances in it. Neither has an order yet but the parts.
pub(super) fn cut(flat: Circuit, layout: Layout) -> Circuit {
    let homes = layout.settled(&flat);
    let mut crossings = Crossings {
        homes: &homes,
        parts: &layout.parts,
        is_constant: flat.nodes.iter().map(|node| matches!(node.op, Op::Constant(_))).collect(),
        foreign: vec![BTreeMap::new(); layout.parts.len()],
        outputs: vec![BTreeSet::new(); layout.parts.len()],
    };
    for_each_read(&flat, &layout, &homes, |id, reader| crossings.bring(id, reader));
    let Crossings { is_constant, foreign, outputs, .. } = crossings;
    let mut local = vec![Vec::new(); layout.parts.len()];
    for (id, &home) in homes.iter().enumerate().filter(|(id, _)| !is_constant[*id]) {
        local[home].push(id);
    }
    let names = instance_names(&layout.parts);
    let mut inside: Vec<Vec<Inside>> = layout.parts.iter().map(|_| Vec::new()).collect();
    // A part is described after the one around it.
    for part in (1..layout.parts.len()).rev() {
        let mut children = std::mem::take(&mut inside[part]);
        children.reverse();
        if local[part].is_empty() && children.is_empty() {
            continue;
        }
        let module = Cut::new(&flat, &layout, part, &local[part], &foreign[part]);
        let (circuit, inputs, outputs) = module.part(children, &outputs[part]);
        let circuit = Rc::new(seal(circuit).expect("a loop is reported before parts are cut"));
        let around = layout.parts[part].around;
        inside[around].push(Inside { part, name: names[part].clone(), circuit, inputs, outputs });
    }
    inside[0].reverse();
    let children = std::mem::take(&mut inside[0]);
    Cut::new(&flat, &layout, 0, &local[0], &foreign[0]).whole(children)
}

/// Calls `f` with each node that is read and the part that reads it.
fn for_each_read(flat: &Circuit, layout: &Layout, homes: &[usize], mut f: impl FnMut(NodeId, usize)) {
    for (node, &home) in flat.nodes.iter().zip(homes) {
        node.op.operands().into_iter().for_each(|id| f(id, home));
    }
    for_each_use(flat, layout, f);
}

/// As [`for_each_read`], of what is no node: memories, instances and outputs.
fn for_each_use(flat: &Circuit, layout: &Layout, mut f: impl FnMut(NodeId, usize)) {
    for (memory, &home) in flat.memories.iter().zip(&layout.memory_homes) {
        let written = memory.write.iter().flat_map(|write| [write.enable, write.address, write.value]);
        written.for_each(|id| f(id, home));
    }
    for (instance, &home) in flat.instances.iter().zip(&layout.instance_homes) {
        instance.inputs.iter().for_each(|&id| f(id, home));
    }
    flat.outputs.iter().for_each(|output| f(output.node, 0));
}

impl Layout {
    fn depth(&self, mut part: usize) -> usize {
        let mut depth = 0;
        while part != 0 {
            (part, depth) = (self.parts[part].around, depth + 1);
        }
        depth
    }

    /// The innermost part that holds both.
    fn common(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.depth(a) < self.depth(b) {
                std::mem::swap(&mut a, &mut b);
            }
            a = self.parts[a].around;
        }
        a
    }

    /// The part of each node, now that all readers are known.
    fn settled(&self, flat: &Circuit) -> Vec<usize> {
        let mut readers: Vec<Option<usize>> = vec![None; self.homes.len()];
        let floats = |id: NodeId| matches!(self.homes[id], Home::Readers(_));
        let read = |readers: &mut Vec<Option<usize>>, id: NodeId, by: usize| {
            if floats(id) {
                readers[id] = Some(readers[id].map_or(by, |other| self.common(other, by)));
            }
        };
        for_each_use(flat, self, |id, by| read(&mut readers, id, by));
        for (node, home) in flat.nodes.iter().zip(&self.homes) {
            if let Home::Part(part) = home {
                node.op.operands().into_iter().for_each(|id| read(&mut readers, id, *part));
            }
        }
        let mut homes = vec![0; self.homes.len()];
        // A delayed copy of a delayed copy is made after it.
        for (id, home) in self.homes.iter().enumerate().rev() {
            homes[id] = match (home, readers[id]) {
                (Home::Part(part), _) => *part,
                (Home::Readers(part), Some(by)) if self.common(*part, by) == *part => by,
                (Home::Readers(part), _) => *part,
            };
            if floats(id) {
                flat.nodes[id].op.operands().into_iter().for_each(|a| read(&mut readers, a, homes[id]));
            }
        }
        homes
    }
}

/// How a part comes by a node of another.
#[derive(Clone, Copy)]
enum Way {
    /// By an input.
    Around,
    /// By an output of a part inside it.
    Inside,
    /// By a copy: constants are where they are read.
    Copy,
}

/// Which nodes cross which boundaries.
struct Crossings<'c> {
    homes: &'c [usize],
    parts: &'c [Part],
    is_constant: Vec<bool>,
    /// For each part, the nodes of others that are known in it.
    foreign: Vec<BTreeMap<NodeId, Way>>,
    /// For each part, the nodes that leave it.
    outputs: Vec<BTreeSet<NodeId>>,
}

impl Crossings<'_> {
    /// Makes node `id` known in part `to`.
    fn bring(&mut self, id: NodeId, to: usize) {
        if self.is_constant[id] {
            self.foreign[to].insert(id, Way::Copy);
        } else if self.homes[id] != to && !self.foreign[to].contains_key(&id) {
            match self.towards(to, self.homes[id]) {
                Some(child) => {
                    self.foreign[to].insert(id, Way::Inside);
                    self.bring(id, child);
                    self.outputs[child].insert(id);
                }
                None => {
                    self.foreign[to].insert(id, Way::Around);
                    self.bring(id, self.parts[to].around);
                }
            }
        }
    }

    /// The part right inside `part` that holds `inner`, or is it.
    fn towards(&self, part: usize, mut inner: usize) -> Option<usize> {
        while inner != 0 {
            let around = self.parts[inner].around;
            if around == part {
                return Some(inner);
            }
            inner = around;
        }
        None
    }
}

/// A finished part, to be put into the one around it.
struct Inside {
    part: usize,
    name: String,
    circuit: Rc<Circuit>,
    /// The nodes of the flat circuit behind its ports.
    inputs: Vec<NodeId>,
    outputs: Vec<NodeId>,
}

/// A module while it is cut out.
struct Cut<'c> {
    flat: &'c Circuit,
    layout: &'c Layout,
    part: usize,
    local: &'c [NodeId],
    foreign: &'c BTreeMap<NodeId, Way>,
    /// The names of ports by their nodes, and their order.
    called: HashMap<NodeId, (usize, &'c str)>,
    /// Where each node of the flat circuit is in the module.
    places: HashMap<NodeId, NodeId>,
    nodes: Vec<Node>,
}

impl<'c> Cut<'c> {
    fn new(
        flat: &'c Circuit,
        layout: &'c Layout,
        part: usize,
        local: &'c [NodeId],
        foreign: &'c BTreeMap<NodeId, Way>,
    ) -> Self {
        let mut called = HashMap::new();
        for (place, (id, name)) in layout.parts[part].ports.iter().enumerate() {
            called.entry(*id).or_insert((place, name.as_str()));
        }
        Self { flat, layout, part, local, foreign, called, places: HashMap::new(), nodes: Vec::new() }
    }

    /// The module of a part, and the nodes behind its inputs and its outputs.
    fn part(
        mut self,
        children: Vec<Inside>,
        leaving: &BTreeSet<NodeId>,
    ) -> (Circuit, Vec<NodeId>, Vec<NodeId>) {
        let entering = self.foreign.iter().filter(|(_, way)| matches!(way, Way::Around)).map(|(id, _)| *id);
        let inputs = self.in_order(entering);
        let outputs = self.in_order(leaving.iter().copied());
        let mut names = self.taken_names(&children);
        for &id in &inputs {
            let Node { ty, at, scope, .. } = &self.flat.nodes[id];
            let name = Some(self.port_name(id, "in", &mut names));
            self.push(id, Node { op: Op::Input, ty: ty.clone(), name, hint: None, scope: scope.clone(), at });
        }
        let ports: Vec<String> = outputs.iter().map(|&id| self.port_name(id, "out", &mut names)).collect();
        let mut circuit = self.module(children);
        circuit.inputs = (0..inputs.len()).collect();
        let port = |(name, id): (String, &NodeId)| {
            let node = self.places[id];
            OutputPort { name, node, ty: circuit.nodes[node].ty.clone() }
        };
        circuit.outputs = ports.into_iter().zip(&outputs).map(port).collect();
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
        circuit.inputs = self.flat.inputs.iter().map(|id| self.places[id]).collect();
        circuit.outputs.clone_from(&self.flat.outputs);
        circuit.outputs.iter_mut().for_each(|output| output.node = self.places[&output.node]);
        circuit
    }

    /// Those with names in the order of these, then the others.
    fn in_order(&self, ids: impl Iterator<Item = NodeId>) -> Vec<NodeId> {
        let mut ids: Vec<NodeId> = ids.collect();
        ids.sort_by_key(|&id| (self.name_of(id).map_or(usize::MAX, |(place, _)| place), id));
        ids
    }

    /// What the author calls node `id` here, and the place of that name; a delayed copy is called by what it is a copy of.
    fn name_of(&self, id: NodeId) -> Option<(usize, String)> {
        let (mut current, mut age) = (id, 0);
        loop {
            if let Some((place, name)) = self.called.get(&current) {
                let suffix = match age {
                    0 => String::new(),
                    1 => "_q".into(),
                    _ => format!("_q{age}"),
                };
                return Some((*place, format!("{name}{suffix}")));
            }
            match (&self.layout.homes[current], &self.flat.nodes[current].op) {
                (Home::Readers(_), Op::Register { next: Some(next), .. }) => {
                    (current, age) = (*next, age + 1)
                }
                _ => return None,
            }
        }
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

    /// The name of the port of node `id`: as the part's author says, or the node's own, or `otherwise`.
    fn port_name(&self, id: NodeId, otherwise: &str, taken: &mut HashSet<String>) -> String {
        let node = &self.flat.nodes[id];
        let own = || node.name.clone().or(node.hint.clone());
        let wanted = self.name_of(id).map(|(_, name)| name).or_else(own);
        let (wanted, first) = match wanted {
            Some(name) if taken.insert(name.clone()) => return name,
            Some(name) => (name, 1),
            None => (otherwise.to_string(), 0),
        };
        let free = (first..).map(|number| format!("{wanted}_{number}"));
        free.into_iter().find(|name| taken.insert(name.clone())).expect("numbers do not end")
    }

    fn push(&mut self, id: NodeId, node: Node) {
        self.places.insert(id, self.nodes.len());
        self.nodes.push(node);
    }

    /// The nodes, memories and instances of the module; its ports are the caller's.
    fn module(&mut self, children: Vec<Inside>) -> Circuit {
        let (flat, layout) = (self.flat, self.layout);
        let here = |homes: &[usize]| -> Vec<usize> {
            (0..homes.len()).filter(|&index| homes[index] == self.part).collect()
        };
        let (memories, instances) = (here(&layout.memory_homes), here(&layout.instance_homes));
        let local = |all: &[usize], index: usize| all.binary_search(&index).expect("it stands in the part");
        let first = self.nodes.len();
        let mut leaving: HashMap<NodeId, (usize, usize)> = HashMap::new();
        for (child, inside) in children.iter().enumerate() {
            let ports = inside.outputs.iter().enumerate();
            leaving.extend(ports.map(|(port, id)| (*id, (instances.len() + child, port))));
        }
        for id in self.kept() {
            let Node { mut op, ty, mut name, hint, scope, at } = flat.nodes[id].clone();
            match (&mut op, self.foreign.get(&id)) {
                (op, Some(Way::Inside)) => {
                    let (instance, port) = leaving[&id];
                    (*op, name) = (Op::Output { instance, port }, None);
                }
                (Op::Read { memory, .. }, _) => *memory = local(&memories, *memory),
                (Op::Output { instance, .. }, _) => *instance = local(&instances, *instance),
                _ => {}
            }
            if let (Home::Readers(_), Some((_, called))) = (&layout.homes[id], self.name_of(id)) {
                name = Some(called);
            }
            self.push(id, Node { op, ty, name, hint, scope, at });
        }
        let places = &self.places;
        let place = |id: &mut NodeId| *id = places[id];
        self.nodes[first..].iter_mut().for_each(|node| node.op.for_each_operand(place));
        let mut memories: Vec<Memory> = memories.iter().map(|&index| flat.memories[index].clone()).collect();
        let written = memories.iter_mut().filter_map(|memory| memory.write.as_mut());
        written.for_each(|Write { enable, address, value }| {
            [enable, address, value].into_iter().for_each(place)
        });
        let own = instances.iter().map(|&index| flat.instances[index].clone());
        let inner = children.into_iter().map(|Inside { part, name, circuit, inputs, .. }| Instance {
            name,
            definition: Definition::Circuit(circuit),
            inputs,
            at: layout.parts[part].at,
        });
        let mut instances: Vec<Instance> = own.chain(inner).collect();
        instances.iter_mut().flat_map(|instance| &mut instance.inputs).for_each(place);
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

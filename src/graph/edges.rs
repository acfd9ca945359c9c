//! The edges of a graph: from names to streams.

use super::adaptor::join;
use super::names::fault;
use super::room::Room;
use super::value::{Endpoint, Feed, Graph, WORLD};
use super::wiring::{Edge, Source, Wiring};
use super::{GraphError, fifo};
use crate::datapath::Datapath;
use crate::stream::{Port, Ports};
use std::collections::BTreeMap;
use std::fmt::Display;

impl Wiring {
    /// The wiring that `graph` means, whose nodes are `datapaths`.
    ///
    /// # Errors
    /// All edges that cannot be.
    pub fn of(graph: &Graph, datapaths: &[Box<dyn Datapath>]) -> Result<Self, Vec<GraphError>> {
        let ports: Vec<Ports> = datapaths.iter().map(|datapath| datapath.ports()).collect();
        let mut resolver = Resolver {
            graph,
            ports: &ports,
            wiring: Self::default(),
            names: BTreeMap::new(),
            errors: Vec::new(),
        };
        for index in 0..graph.nodes.len() {
            let sources = resolver.sources(index);
            let edges = resolver.edges(index, sources);
            resolver.wiring.edges.push(edges);
        }
        resolver.leaving();
        let Resolver { mut wiring, errors, .. } = resolver;
        if !errors.is_empty() {
            return Err(errors);
        }
        wiring.order = order(graph, &wiring.edges)?;
        fifo::chosen(graph, &ports, &mut wiring)?;
        Ok(wiring)
    }
}

struct Resolver<'a> {
    graph: &'a Graph,
    ports: &'a [Ports],
    wiring: Wiring,
    /// The inputs of the graph by name.
    names: BTreeMap<String, usize>,
    errors: Vec<GraphError>,
}

impl Resolver<'_> {
    fn wrong(&mut self, at: impl Into<String>, why: impl Display) {
        self.errors.push(GraphError::new(at, why));
    }

    /// Where each input of node `index` comes from; none where that is wrong.
    fn sources(&mut self, index: usize) -> Vec<Option<Source>> {
        let node = &self.graph.nodes[index];
        let inputs: Vec<String> = self.ports[index].inputs.iter().map(|port| port.name.clone()).collect();
        let at = format!("{}.from", self.graph.at(index));
        let before = index.checked_sub(1).map(|before| Endpoint::of(&self.graph.nodes[before].name));
        let one = match (&node.feed, before) {
            (Feed::Each(each), _) => {
                for input in each.keys().filter(|input| !inputs.contains(input)) {
                    let why = format!("there is no input `{input}`; the inputs are {}", inputs.join(", "));
                    self.wrong(format!("{at}.{input}"), why);
                }
                let source = |input: &String| match each.get(input) {
                    Some(from) => self.source(&format!("{at}.{input}"), from, index, input),
                    None => Some(self.world(input, index, input)),
                };
                return inputs.iter().map(source).collect();
            }
            (Feed::Before, None) => {
                return inputs.iter().map(|input| Some(self.world(input, index, input))).collect();
            }
            (Feed::Before, Some(before)) => before,
            (Feed::One(from), _) => from.clone(),
        };
        match &inputs[..] {
            [only] => vec![self.source(&at, &one, index, only)],
            _ => {
                let why = format!(
                    "`{}` has several inputs ({}); say where each comes from: from = {{ {} = \"{one}\" }}",
                    node.name,
                    inputs.join(", "),
                    inputs[0]
                );
                self.wrong(&at, why);
                vec![None; inputs.len()]
            }
        }
    }

    /// The stream that `from` names, for `input` of node `index`.
    fn source(&mut self, at: &str, from: &Endpoint, index: usize, input: &str) -> Option<Source> {
        if from.node == WORLD {
            let name = from.stream.clone().unwrap_or_else(|| input.to_owned());
            if let Some(why) = fault(&name) {
                self.wrong(at, format!("input {why}"));
                return None;
            }
            return Some(self.world(&name, index, input));
        }
        self.stream(at, from)
    }

    /// The stream of a node that `from` names.
    fn stream(&mut self, at: &str, from: &Endpoint) -> Option<Source> {
        let nodes = &self.graph.nodes;
        let Some(node) = nodes.iter().position(|node| node.name == from.node) else {
            let names = nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", ");
            let why = format!(
                "there is no node `{}`; the nodes are {names}, and input.NAME is an input of the design",
                from.node
            );
            self.wrong(at, why);
            return None;
        };
        let outputs: Vec<&str> = self.ports[node].outputs.iter().map(|port| port.name.as_str()).collect();
        let listed = outputs.join(", ");
        let found = match &from.stream {
            Some(stream) => outputs.iter().position(|output| output == stream).ok_or_else(|| {
                format!("`{}` gives no stream `{stream}`; its streams are {listed}", from.node)
            }),
            None if outputs.len() == 1 => Ok(0),
            None => Err(format!(
                "`{0}` gives several streams ({listed}); say which: \"{0}.{1}\"",
                from.node, outputs[0]
            )),
        };
        found.map_err(|why| self.wrong(at, why)).ok().map(|stream| Source::Node { node, stream })
    }

    /// The input `name` of the graph, which `input` of node `index` takes: a new one has the port of the first that takes it.
    fn world(&mut self, name: &str, index: usize, input: &str) -> Source {
        let inputs = &mut self.wiring.inputs;
        let number = *self.names.entry(name.to_owned()).or_insert_with(|| {
            let port = self.ports[index].inputs.iter().find(|port| port.name == input);
            let port = port.expect("an input of the node").clone();
            inputs.push(Port { name: name.to_owned(), ..port });
            inputs.len() - 1
        });
        Source::Input(number)
    }

    fn edges(&mut self, index: usize, sources: Vec<Option<Source>>) -> Vec<Edge> {
        let ports = self.ports;
        let mut edges = Vec::new();
        for (to, from) in ports[index].inputs.iter().zip(sources) {
            let Some(from) = from else { continue };
            let given = match from {
                Source::Input(input) => &self.wiring.inputs[input],
                Source::Node { node, stream } => &ports[node].outputs[stream],
            };
            let taker = format!("{}.{}", self.graph.nodes[index].name, to.name);
            match join(given, to, &taker) {
                Ok(adaptors) => edges.push(Edge { from, adaptors, room: Room::default() }),
                Err(why) => {
                    let gives = self.shown(from);
                    self.wrong(self.graph.at(index), format!("`{gives}` {why}"));
                }
            }
        }
        edges
    }

    fn shown(&self, source: Source) -> String {
        match source {
            Source::Input(input) => format!("{WORLD}.{}", self.wiring.inputs[input].name),
            Source::Node { node, stream } => {
                format!("{}.{}", self.graph.nodes[node].name, self.ports[node].outputs[stream].name)
            }
        }
    }

    /// The outputs and probes.
    fn leaving(&mut self) {
        let graph = self.graph;
        if graph.outputs.is_empty() {
            let node = graph.nodes.len() - 1;
            let streams = self.ports[node].outputs.iter().enumerate();
            self.wiring.outputs =
                streams.map(|(stream, port)| (port.clone(), Source::Node { node, stream })).collect();
        } else {
            self.wiring.outputs = self.named("outputs", &graph.outputs);
        }
        self.wiring.probes = self.named("probes", &graph.probes);
        let leaving = [("outputs", &self.wiring.outputs), ("probes", &self.wiring.probes)];
        let taken =
            leaving.iter().flat_map(|(key, streams)| streams.iter().map(move |(port, _)| (key, &port.name)));
        let taken = taken.filter(|(_, name)| self.names.contains_key(*name)).map(|(key, name)| {
            let why = format!("`{name}` is the name of an input too; rename one");
            (format!("{key}.{name}"), why)
        });
        let taken: Vec<(String, String)> = taken.filter(|_| !graph.is_single()).collect();
        taken.into_iter().for_each(|(at, why)| self.wrong(at, why));
    }

    fn named(&mut self, key: &str, streams: &[(String, Endpoint)]) -> Vec<(Port, Source)> {
        let mut found = Vec::new();
        for (name, from) in streams {
            if let Some(source) = self.stream(&format!("{key}.{name}"), from)
                && let Source::Node { node, stream } = source
            {
                let port = Port { name: name.clone(), ..self.ports[node].outputs[stream].clone() };
                found.push((port, source));
            }
        }
        found
    }
}

/// The nodes, each after those that feed it.
fn order(graph: &Graph, edges: &[Vec<Edge>]) -> Result<Vec<usize>, Vec<GraphError>> {
    let (mut order, mut placed) = (Vec::new(), vec![false; edges.len()]);
    let mut left: Vec<usize> = (0..edges.len()).collect();
    while !left.is_empty() {
        let fed = |node: usize| {
            edges[node].iter().all(|edge| match edge.from {
                Source::Input(_) => true,
                Source::Node { node, .. } => placed[node],
            })
        };
        let Some(place) = left.iter().position(|&node| fed(node)) else {
            let circle = circle(edges, &placed, left[0]);
            let names: Vec<&str> = circle.iter().map(|&node| graph.nodes[node].name.as_str()).collect();
            let why = format!(
                "the nodes {} feed each other in a loop, and none could begin; take `{}` from an input or another node",
                names.join(", "),
                names[0]
            );
            return Err(vec![GraphError::new(format!("{}.from", graph.at(circle[0])), why)]);
        };
        let node = left.remove(place);
        placed[node] = true;
        order.push(node);
    }
    Ok(order)
}

/// The nodes of a loop that feeds `node`, itself or through others, each after the one that feeds it.
fn circle(edges: &[Vec<Edge>], placed: &[bool], node: usize) -> Vec<usize> {
    let mut way = vec![node];
    loop {
        let feeder = edges[way[way.len() - 1]].iter().find_map(|edge| match edge.from {
            Source::Node { node, .. } if !placed[node] => Some(node),
            _ => None,
        });
        let feeder = feeder.expect("a node that is not fed by one that is placed");
        if let Some(start) = way.iter().position(|node| *node == feeder) {
            let mut circle = way.split_off(start);
            circle.reverse();
            return circle;
        }
        way.push(feeder);
    }
}

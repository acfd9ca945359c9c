//! The graph as a value.

use crate::datapath::{Config, MemoryKind};
use std::collections::BTreeMap;
use std::fmt;

/// The node that stands for what is outside: its streams are the graph's inputs.
pub const WORLD: &str = "input";

/// The name of the node of a design file with a table `[datapath]`.
pub(super) const ONLY: &str = "datapath";

/// Nodes and their edges.
///
/// ```
/// use ternlet::blocks::Ties;
/// use ternlet::datapath::{ArgmaxConfig, IntType};
/// use ternlet::graph::{Graph, Node};
/// let s16 = IntType { signed: true, bits: 16 };
/// let graph = Graph::new([Node::new("class", &ArgmaxConfig { columns: 10, size: vec![], lanes: 1, input: s16, ties: Ties::Lower })]);
/// let text = graph.to_toml();
/// assert_eq!(Graph::of_table(&text.parse().unwrap()).unwrap(), graph);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    pub nodes: Vec<Node>,
    /// What leaves, by its name; where there is none, the streams of the last node under their own names.
    pub outputs: Vec<(String, Endpoint)>,
    /// Copies of streams for simulation, which the hardware does not have.
    pub probes: Vec<(String, Endpoint)>,
    /// Rooms that a person has chosen.
    pub fifos: Vec<Fifo>,
}

/// A datapath of the graph, by its kind and its keys in a design file.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Also the name of its instance.
    pub name: String,
    pub kind: String,
    pub feed: Feed,
    /// The keys of its kind.
    pub keys: toml::Table,
}

/// Where a node's inputs come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Feed {
    /// The node before it in the list; those of the first node come from outside.
    #[default]
    Before,
    /// Its one input comes from there.
    One(Endpoint),
    /// Each input that is named comes from there, the others from outside.
    Each(BTreeMap<String, Endpoint>),
}

/// A stream that a node gives; without a name the only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub node: String,
    pub stream: Option<String>,
}

/// Room on an edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fifo {
    /// The node that takes, and its input; without a name the only one.
    pub into: Endpoint,
    /// Beats, 0 for none; those that the graph needs if it is not said.
    pub depth: Option<usize>,
    pub memory: MemoryKind,
}

impl Graph {
    /// Nodes that feed each other as they say, and give what the last one gives.
    pub fn new(nodes: impl IntoIterator<Item = Node>) -> Self {
        Self { nodes: nodes.into_iter().collect(), ..Self::default() }
    }

    /// A graph of one node, as a design file with a table `[datapath]` has it.
    pub fn single(kind: impl Into<String>, keys: toml::Table) -> Self {
        Self::new([Node { name: ONLY.into(), kind: kind.into(), feed: Feed::Before, keys }])
    }

    /// Whether it is that of a design file with a table `[datapath]`.
    pub fn is_single(&self) -> bool {
        matches!(&self.nodes[..], [only] if only.name == ONLY && only.feed == Feed::Before)
            && self.outputs.is_empty()
            && self.probes.is_empty()
            && self.fifos.is_empty()
    }

    /// The key of node `index` in a design file.
    pub(super) fn at(&self, index: usize) -> String {
        if self.is_single() { ONLY.into() } else { format!("node[{index}]") }
    }
}

impl Node {
    /// A node of this configuration after the one before it.
    ///
    /// # Panics
    /// If the configuration cannot be written as TOML, which no datapath's is.
    pub fn new<C: Config>(name: impl Into<String>, config: &C) -> Self {
        let keys = toml::Table::try_from(config).expect("a configuration is a table of TOML");
        Self { name: name.into(), kind: C::KIND.into(), feed: Feed::Before, keys }
    }

    /// The same, fed by `feed`.
    pub fn fed(self, feed: Feed) -> Self {
        Self { feed, ..self }
    }
}

impl Endpoint {
    /// The only stream of `node`.
    pub fn of(node: impl Into<String>) -> Self {
        Self { node: node.into(), stream: None }
    }

    pub fn stream(node: impl Into<String>, stream: impl Into<String>) -> Self {
        Self { node: node.into(), stream: Some(stream.into()) }
    }

    /// `node` or `node.stream`.
    pub fn parse(text: &str) -> Self {
        match text.split_once('.') {
            Some((node, stream)) => Self::stream(node, stream),
            None => Self::of(text),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.stream {
            Some(stream) => write!(f, "{}.{stream}", self.node),
            None => f.write_str(&self.node),
        }
    }
}

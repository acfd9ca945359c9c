//! Design files to start from: one for each datapath, and one of a graph.

use crate::datapath::Catalog;
use serde::Serialize;

/// A commented design file that is complete without other files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The datapath's kind, or `graph`.
    pub kind: &'static str,
    pub summary: &'static str,
    #[serde(skip)]
    pub text: &'static str,
}

/// An example of each datapath of `catalog`, and last one of a graph.
pub fn examples(catalog: &Catalog) -> Vec<Example> {
    let entries = catalog.entries().iter();
    let one = entries.map(|entry| Example { kind: entry.kind, summary: entry.summary, text: entry.example });
    one.chain([GRAPH]).collect()
}

const GRAPH: Example = Example {
    kind: "graph",
    summary: "several datapaths that feed each other: a list of [[node]]",
    text: r#"# A ternary layer and the class of its results.
name = "my_graph"
board = "icebreaker"
frequency_mhz = 24

[[node]]             # any kind of `ternlet datapaths` with its keys, and:
name = "hidden"      # also the name of its module
kind = "ternary_mac"
rows = 3
columns = 4
lanes = 2
input = "u5"
weights = { from = "memory", values = [[1, 0, -1, 1], [0, 1, 1, -1], [-1, -1, 0, 1]] }
requantize = { output = "s7", multiplier = 3, shift = 1 }

[[node]]
name = "class"
kind = "argmax"
columns = 3
input = "s7"
from = "hidden"      # left out: the node before. "NODE.STREAM" of a node that gives several, "input.NAME" for an input
                     # of the design; of several inputs a table: from = { x = "hidden", w = "input.w" }

[outputs]            # what leaves; left out: all streams of the last node
hidden = "hidden"
class = "class"

# [probes]           # copies of streams for simulation, which the hardware does not have
# sums = "hidden.y"
# [[fifo]]           # room that you choose, in beats, before an input; where paths meet again it follows by itself
# into = "class"
# depth = 4
"#,
};

//! Datapaths that feed each other: what a design file means.
//!
//! [`Graph`] is the value: nodes, each a kind of the catalog with its keys, and edges by name. It can be made by code, compared,
//! read from TOML and written back. [`Graph::load`] makes a [`Network`] of it: the datapaths themselves, their edges with all that
//! is put between (forks, other lanes, FIFOs), which is a datapath like each of its nodes.

mod adaptor;
mod edges;
mod entrance;
mod example;
mod fifo;
mod load;
mod names;
mod network;
mod reach;
mod read;
mod remembered;
mod room;
mod schedule;
mod sizing;
mod timed;
mod trial;
mod value;
mod wiring;
mod write;

use std::fmt::Display;

pub use adaptor::Adaptor;
pub use example::{Example, examples};
pub use names::fault as name_fault;
pub use network::Network;
pub use remembered::{RoomStore, program};
pub use room::{Reason, Room};
pub use value::{Endpoint, Feed, Fifo, Graph, Node, WORLD};

/// What is wrong with a graph.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GraphError {
    /// The key of a design file, or the table around it: `node[2].rows`.
    pub at: String,
    pub message: String,
}

impl GraphError {
    fn new(at: impl Into<String>, why: impl Display) -> Self {
        let at = at.into();
        let message = format!("{at}: {why}");
        Self { at, message }
    }
}

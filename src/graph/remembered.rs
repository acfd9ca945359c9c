//! Rooms that an earlier load of the same graph has found, kept by content.
//!
//! They follow from the graph, from the tensors that its nodes read, and from the program, which knows when nodes take and give beats.

use super::network::Network;
use super::room::{Reason, Room};
use super::sizing::{TOO_LONG, UNKNOWN};
use super::value::Graph;
use super::wiring::Wiring;
use crate::datapath::{Source, Tensor};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::fs;

/// Of graphs whose longest frame has fewer beats, rooms are found sooner than what is kept.
const SHORT: usize = 256;

/// Where rooms are kept from one load to the next, as text.
pub trait RoomStore {
    /// What is kept under `key`; or what `make` makes, which is then kept if it can be. None where nothing can be kept.
    fn kept(&self, key: &str, make: &mut dyn FnMut() -> String) -> Option<String>;
}

/// Names the program that runs, for results that follow from it too; none where it does not know which one it is.
pub fn program() -> Option<String> {
    let file = fs::metadata(std::env::current_exe().ok()?).ok()?;
    Some(format!("{} {:?}", file.len(), file.modified().ok()?))
}

/// A source, and a hash of what was read of it.
pub(super) struct Noted<'s> {
    source: &'s dyn Source,
    read: RefCell<Sha256>,
}

impl<'s> Noted<'s> {
    pub fn of(source: &'s dyn Source) -> Self {
        Self { source, read: RefCell::default() }
    }

    /// Names the rooms of `graph`, whose nodes were loaded from this source; none where the program does not know which one it is.
    pub fn key(&self, graph: &Graph) -> Option<String> {
        let hash =
            self.read.borrow().clone().chain_update(program()?).chain_update(graph.to_toml()).finalize();
        Some(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Source for Noted<'_> {
    fn tensor(&self, file: &str, name: Option<&str>) -> Result<Tensor, String> {
        let tensor = self.source.tensor(file, name)?;
        let shape = tensor.shape.iter().map(|length| *length as i64);
        let numbers =
            [tensor.shape.len() as i64].into_iter().chain(shape).chain(tensor.values.iter().copied());
        self.read.borrow_mut().update(numbers.flat_map(i64::to_le_bytes).collect::<Vec<u8>>());
        Ok(tensor)
    }
}

/// `network` with the rooms that `store` keeps as `key`, or else those that it needs, which are kept then.
pub(super) fn sized(network: Network, store: &dyn RoomStore, key: &str) -> Network {
    let ports = network.nodes.iter().flat_map(|node| node.ports.each());
    if ports.map(|(port, _)| port.frame_beats()).max().unwrap_or(0) < SHORT {
        return network.sized();
    }
    let mut found = None;
    let kept = store.kept(key, &mut || {
        let edges = &found.insert(network.clone().sized()).wiring.edges;
        let rooms = edges.iter().map(|edges| edges.iter().map(|edge| Kept::of(&edge.room)).collect());
        let rooms: Vec<Vec<Kept>> = rooms.collect();
        serde_json::to_string(&rooms).expect("rooms are numbers and words")
    });
    found.or_else(|| read(&network, &kept?)).unwrap_or_else(|| network.clone().sized())
}

/// `network` with the rooms of a text; none where they are not its own.
fn read(network: &Network, text: &str) -> Option<Network> {
    let kept: Vec<Vec<Kept>> = serde_json::from_str(text).ok()?;
    let mut wiring = Wiring::clone(&network.wiring);
    let lengths = |rooms: &[Vec<Kept>]| rooms.iter().map(Vec::len).collect::<Vec<_>>();
    if lengths(&kept) != wiring.edges.iter().map(Vec::len).collect::<Vec<_>>() {
        return None;
    }
    for (edge, kept) in wiring.edges.iter_mut().flatten().zip(kept.into_iter().flatten()) {
        edge.room = kept.room()?;
    }
    Some(network.clone().with_wiring(wiring))
}

/// A room as it is written.
#[derive(Serialize, Deserialize)]
struct Kept {
    depth: usize,
    needed: Option<usize>,
    reason: KeptReason,
    registers: [u32; 2],
    is_large: bool,
}

#[derive(Serialize, Deserialize)]
enum KeptReason {
    Alone,
    Least,
    Speed,
    Bursts,
    Frame(String),
    Chosen,
}

impl Kept {
    fn of(&Room { depth, needed, reason, registers, is_large }: &Room) -> Self {
        let reason = match reason {
            Reason::Alone => KeptReason::Alone,
            Reason::Least => KeptReason::Least,
            Reason::Speed => KeptReason::Speed,
            Reason::Bursts => KeptReason::Bursts,
            Reason::Frame(why) => KeptReason::Frame(why.into()),
            Reason::Chosen => KeptReason::Chosen,
        };
        Self { depth, needed, reason, registers, is_large }
    }

    /// None where it is none of this program.
    fn room(self) -> Option<Room> {
        let Self { depth, needed, reason, registers, is_large } = self;
        let reason = match reason {
            KeptReason::Alone => Reason::Alone,
            KeptReason::Least => Reason::Least,
            KeptReason::Speed => Reason::Speed,
            KeptReason::Bursts => Reason::Bursts,
            KeptReason::Frame(why) => {
                Reason::Frame([UNKNOWN, TOO_LONG].into_iter().find(|known| *known == why)?)
            }
            KeptReason::Chosen => Reason::Chosen,
        };
        Some(Room { depth, needed, reason, registers, is_large })
    }
}

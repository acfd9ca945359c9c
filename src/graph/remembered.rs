//! Rooms that an earlier load of the same graph has found, kept by content.
//!
//! They follow from the graph, from the tensors that its nodes read, and from the program, which knows when nodes take and give beats.

use super::network::Network;
use super::room::{Reason, Room};
use super::sizing::{TOO_LONG, UNKNOWN};
use super::value::Graph;
use super::wiring::Wiring;
use crate::datapath::{Source, Tensor};
use crate::tools::{Cache, ToolError, key};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::fs;
use std::path::Path;

/// Of graphs whose longest frame has fewer beats, rooms are found sooner than a file.
const SHORT: usize = 256;

/// The file of an entry.
const FILE: &str = "rooms.json";

/// A source, and what was read of it.
pub(super) struct Noted<'s> {
    source: &'s dyn Source,
    read: RefCell<Vec<String>>,
}

impl<'s> Noted<'s> {
    pub fn of(source: &'s dyn Source) -> Self {
        Self { source, read: RefCell::default() }
    }

    /// Names the rooms of `graph`, whose nodes were loaded from this source; none where the program does not know which one it is.
    pub fn key(&self, graph: &Graph) -> Option<String> {
        let program = fs::metadata(std::env::current_exe().ok()?).ok()?;
        let program = format!("{} {:?}", program.len(), program.modified().ok()?);
        Some(key([program, graph.to_toml()].iter().chain(self.read.borrow().iter())))
    }
}

impl Source for Noted<'_> {
    fn tensor(&self, file: &str, name: Option<&str>) -> Result<Tensor, String> {
        let tensor = self.source.tensor(file, name)?;
        let numbers = tensor.shape.iter().map(|length| *length as i64).chain(tensor.values.iter().copied());
        self.read.borrow_mut().push(key([numbers.flat_map(i64::to_le_bytes).collect::<Vec<u8>>()]));
        Ok(tensor)
    }
}

/// `network` with the rooms that are kept in `cache` as `key`, or else those that it needs, which are kept then. A cache that cannot be
/// written or read costs time alone.
pub(super) fn sized(network: Network, cache: &Cache, key: &str) -> Network {
    let ports = network.nodes.iter().flat_map(|node| node.ports.each());
    if ports.map(|(port, _)| port.frame_beats()).max().unwrap_or(0) < SHORT {
        return network.sized();
    }
    let mut found = None;
    let entry = cache.entry("rooms", key, |folder| {
        let sized = found.insert(network.clone().sized());
        let path = folder.join(FILE);
        let kept: Vec<Vec<Kept>> = sized
            .wiring
            .edges
            .iter()
            .map(|edges| edges.iter().map(|edge| Kept::of(&edge.room)).collect())
            .collect();
        let text = serde_json::to_string(&kept).expect("rooms are numbers and words");
        fs::write(&path, text).map_err(ToolError::at(&path))
    });
    let kept = || read(&network, &entry.ok()?.path);
    found.or_else(kept).unwrap_or_else(|| network.clone().sized())
}

/// `network` with the rooms of an entry; none where they are not its own.
fn read(network: &Network, entry: &Path) -> Option<Network> {
    let kept: Vec<Vec<Kept>> = serde_json::from_slice(&fs::read(entry.join(FILE)).ok()?).ok()?;
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
    fn of(&Room { depth, needed, reason, registers }: &Room) -> Self {
        let reason = match reason {
            Reason::Alone => KeptReason::Alone,
            Reason::Least => KeptReason::Least,
            Reason::Speed => KeptReason::Speed,
            Reason::Bursts => KeptReason::Bursts,
            Reason::Frame(why) => KeptReason::Frame(why.into()),
            Reason::Chosen => KeptReason::Chosen,
        };
        Self { depth, needed, reason, registers }
    }

    /// None where it is none of this program.
    fn room(self) -> Option<Room> {
        let Self { depth, needed, reason, registers } = self;
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
        Some(Room { depth, needed, reason, registers })
    }
}

//! Folding: how many lanes, columns and rows of each node of a graph work at once, so that frames follow each other at a pace, for the least
//! that a board has to give.
//!
//! Nodes are folded one by one: of the foldings that keep the pace alone, by their timed run, the one whose estimated look-up tables, block
//! RAM and DSP are the least share of the board's. Then the whole graph runs, with its adaptors and FIFOs; where it is slower than its nodes,
//! they get less time.

mod choice;
mod foldings;
mod report;
mod write;

pub use foldings::KEYS;
pub use write::rewritten;

use crate::datapath::{Catalog, Datapath, Roofline, Source, circuit, schedule_of_frames};
use crate::device::{Board, Counts, Family, Resources};
use crate::estimate::cost;
use crate::graph::{Graph, GraphError, Node};
use crate::hdl::{Latency, Timing};
use choice::Chooser;
use foldings::Folding;
use serde::Serialize;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a graph is folded for.
#[derive(Clone, Copy)]
pub struct Target {
    pub family: Family,
    pub resources: Resources,
    pub timing: Timing,
}

/// How fast a graph is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Cycles a frame, at most.
    Cycles(u64),
    /// As few as fit on the board, by the estimate.
    Fit,
}

/// A node as it is folded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoldedNode {
    pub name: String,
    pub kind: String,
    /// The keys that fold it.
    pub keys: BTreeMap<&'static str, i64>,
    /// Cycles a frame of it alone; 0 where they are not known.
    pub cycles: u64,
    /// What it takes alone, by the estimate.
    pub counts: Counts,
}

/// A folded graph.
#[derive(Clone, Debug, Serialize)]
pub struct Folded {
    pub nodes: Vec<FoldedNode>,
    /// Cycles a frame of the whole graph, by its timed run.
    pub cycles_per_frame: u64,
    /// What the whole takes, by the estimate.
    pub counts: Counts,
    /// What more speed takes; none where no folding is faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Step>,
    /// Its arrays below what the device gives; none where no weights lie in memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roofline: Option<Roofline>,
    #[serde(skip)]
    pub graph: Graph,
}

/// The next folding that is faster.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub cycles_per_frame: u64,
    pub counts: Counts,
    pub fits: bool,
    /// What it takes of what the board has.
    #[serde(skip)]
    taken: String,
}

/// Why a graph is not folded.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Graph(Vec<GraphError>),
    /// A node cannot be so fast.
    #[error(
        "{node} takes at least {least} cycles a frame, but {cycles} are left; ask for {least} cycles or more"
    )]
    TooFast { node: String, least: u64, cycles: u64 },
    #[error("{node}: nobody knows how many cycles a frame takes; fold it by hand")]
    Unknown { node: String },
    /// Whatever its nodes, the whole is slower.
    #[error(
        "the nodes keep a pace of {asked} cycles a frame, but together they take {found}; ask for {found} cycles or more"
    )]
    Slower { asked: u64, found: u64 },
    /// Nothing so fast fits; or nothing at all.
    #[error("{0}")]
    TooLarge(String),
}

/// How often nodes get less time where the whole is slower.
const ATTEMPTS: usize = 4;

/// What the share of block RAM and DSP counts next to that of look-up tables: little, as what the device has of them is there; the more,
/// the scarcer they turn out to be.
const SCARCITIES: [f64; 4] = [0.1, 0.4, 1.0, 4.0];

/// `graph` with the folding of least cost that reaches `goal`.
///
/// # Errors
/// If the graph cannot be loaded, or no folding is so fast: which node, and how fast it can be; or none that is so fast fits: what it takes, and
/// which pace would. `watch` hears how many paces of how many were tried.
pub fn fold(
    graph: &Graph,
    catalog: &Catalog,
    source: &dyn Source,
    target: Target,
    goal: Goal,
    watch: &dyn Fn(usize, usize),
) -> Result<Folded, FoldError> {
    let chooser = Chooser::of(graph, catalog, source, target)?;
    let cycles = match goal {
        Goal::Cycles(cycles) => cycles,
        Goal::Fit => {
            let found = fastest(graph, &chooser, watch)?;
            return Ok(Folded { next: next(graph, &chooser, &found), ..found });
        }
    };
    let found = folded(graph, &chooser, cycles)?;
    watch(1, 2);
    if target.fits(&found.counts) {
        return Ok(Folded { next: next(graph, &chooser, &found), ..found });
    }
    let largest = found
        .nodes
        .iter()
        .max_by(|a, b| target.share(&a.counts, 1.0).total_cmp(&target.share(&b.counts, 1.0)));
    let largest = largest.map(|node| node.name.clone()).unwrap_or_default();
    let help = match fastest(graph, &chooser, watch) {
        Ok(fits) => format!("the fastest that fits takes {} cycles a frame", fits.cycles_per_frame),
        Err(_) => "nothing slower fits either".into(),
    };
    let over = target.over(&found.counts);
    Err(FoldError::TooLarge(format!(
        "{} cycles a frame take {over}, by the estimate, most of it for {largest}; {help}, or take a larger board",
        found.cycles_per_frame
    )))
}

/// Beats of a frame that are run for a report; more take seconds.
const SHOWN_BEATS: u64 = 1 << 19;

/// The nodes of a graph as they are, each with its cycles a frame and what it takes alone; 0 cycles where nobody knows, or a frame has more
/// beats than are worth the wait.
///
/// # Errors
/// If the graph cannot be loaded.
pub fn costs(
    graph: &Graph,
    catalog: &Catalog,
    source: &dyn Source,
    target: Target,
) -> Result<Vec<FoldedNode>, FoldError> {
    let nodes = graph.nodes.iter().map(|node| {
        let own = Folding::of(&node.kind, node.keys.clone(), 1, catalog, source)?;
        let is_run = own.most(|port| port.frame_beats()) <= SHOWN_BEATS;
        Some(FoldedNode::of(node, &own, if is_run { own.cycles() } else { None }, &target))
    });
    let wrong = || FoldError::Graph(graph.load(catalog, source).err().unwrap_or_default());
    nodes.collect::<Option<_>>().ok_or_else(wrong)
}

/// The folding in which the slowest node of `found` is faster, and all others as fast as they are at least.
fn next(graph: &Graph, chooser: &Chooser, found: &Folded) -> Option<Step> {
    let slowest = found.slowest()?.cycles.min(found.cycles_per_frame);
    let Folded { cycles_per_frame, counts, .. } = folded(graph, chooser, slowest.checked_sub(1)?).ok()?;
    let (fits, taken) = (chooser.target.fits(&counts), chooser.target.over(&counts));
    Some(Step { cycles_per_frame, counts, fits, taken })
}

/// The fastest that is estimated to fit; if nothing does, what the smallest takes.
fn fastest(graph: &Graph, chooser: &Chooser, watch: &dyn Fn(usize, usize)) -> Result<Folded, FoldError> {
    let (paces, target) = (chooser.paces(), chooser.target);
    let (mut best, mut smallest) = (None, None);
    // The fastest pace that fits is between one that does not and one that does.
    let (mut low, mut high) = (0, paces.len());
    let (tries, mut tried) = (paces.len().checked_ilog2().map_or(0, |bits| bits as usize + 1), 0);
    while low < high {
        watch(tried, tries.max(tried));
        tried += 1;
        let middle = (low + high) / 2;
        match folded(graph, chooser, paces[middle]) {
            Ok(found) if target.fits(&found.counts) => {
                high = middle;
                best = Some(found);
            }
            Ok(found) => {
                low = middle + 1;
                smallest = Some(found);
            }
            Err(FoldError::TooFast { .. } | FoldError::Slower { .. }) => low = middle + 1,
            Err(error) => return Err(error),
        }
    }
    best.ok_or_else(|| {
        let over = target.over(&smallest.map(|found: Folded| found.counts).unwrap_or_default());
        FoldError::TooLarge(format!(
            "its smallest folding takes {over}, by the estimate; take a larger board"
        ))
    })
}

/// Folded so that the whole takes at most so many cycles, with as few look-up tables as what else there is allows.
fn folded(graph: &Graph, chooser: &Chooser, asked: u64) -> Result<Folded, FoldError> {
    let mut found = None;
    for scarcity in SCARCITIES {
        let folded = in_time(graph, chooser, asked, scarcity)?;
        let fits = chooser.target.fits(&folded.counts);
        found = Some(folded);
        if fits {
            break;
        }
    }
    Ok(found.expect("there are scarcities"))
}

fn in_time(graph: &Graph, chooser: &Chooser, asked: u64, scarcity: f64) -> Result<Folded, FoldError> {
    let (mut cycles, mut found) = (asked, asked);
    for _ in 0..ATTEMPTS {
        let chosen = chooser.choose(cycles, scarcity)?;
        let whole = whole(graph, chooser, chosen)?;
        found = whole.cycles_per_frame;
        if found <= asked {
            return Ok(whole);
        }
        cycles = (cycles * asked / found).min(cycles - 1).max(1);
    }
    Err(FoldError::Slower { asked, found })
}

/// The graph of the chosen foldings, with what it takes.
fn whole(graph: &Graph, chooser: &Chooser, chosen: Vec<Rc<Folding>>) -> Result<Folded, FoldError> {
    let mut graph = graph.clone();
    for (node, chosen) in graph.nodes.iter_mut().zip(&chosen) {
        node.keys.clone_from(&chosen.keys);
    }
    let network = graph.load(chooser.catalog, chooser.source).map_err(FoldError::Graph)?;
    let target = chooser.target;
    let circuit = circuit(&network, "folded", target.timing);
    let unknown = || FoldError::Unknown { node: "the graph".into() };
    let cycles_per_frame = interval(&network, &circuit.latency, target.timing).ok_or_else(unknown)?;
    let counts = cost(&circuit, target.family);
    let roofline = Roofline::of(&network, cycles_per_frame as f64, &counts, &target.resources, target.family);
    let nodes = graph.nodes.iter().zip(&chosen);
    let nodes = nodes.map(|(node, chosen)| FoldedNode::of(node, chosen, chosen.cycles(), &target)).collect();
    Ok(Folded { nodes, cycles_per_frame, counts, next: None, roofline, graph })
}

/// Cycles a frame of a datapath whose inputs never wait.
fn interval(datapath: &dyn Datapath, latency: &Latency, timing: Timing) -> Option<u64> {
    schedule_of_frames(datapath, latency, timing).initiation_interval
}

impl FoldedNode {
    fn of(node: &Node, folding: &Folding, cycles: Option<u64>, target: &Target) -> Self {
        Self {
            name: node.name.clone(),
            kind: node.kind.clone(),
            keys: folding.numbers(),
            cycles: cycles.unwrap_or(0),
            counts: folding.counts(target),
        }
    }
}

impl Target {
    /// A board at a clock.
    pub fn of(board: &Board, frequency_mhz: f64) -> Self {
        let timing = Timing::clock(board.family, frequency_mhz);
        Self { family: board.family, resources: board.resources, timing }
    }

    /// The share of the board's look-up tables that something takes, and `scarcity` times those of block RAM and DSP.
    fn share(&self, counts: &Counts, scarcity: f64) -> f64 {
        let Resources { lut4, block_ram, dsp, .. } = self.resources;
        let share = |used: u64, there: u64| if used == 0 { 0.0 } else { used as f64 / there.max(1) as f64 };
        share(counts.lut4, lut4) + scarcity * (share(counts.block_ram, block_ram) + share(counts.dsp, dsp))
    }

    /// Whether it is estimated to fit: look-up tables with room for what the estimate does not see and for the router, and for flip-flops
    /// that stand alone.
    fn fits(&self, counts: &Counts) -> bool {
        let Resources { lut4, ff, block_ram, dsp, .. } = self.resources;
        let places = self.family.numbers().places(counts);
        counts.lut4 * 10 <= lut4 * 8
            && places * 100 <= lut4 * 95
            && counts.ff <= ff
            && counts.block_ram <= block_ram
            && counts.dsp <= dsp
    }

    /// What it takes of what there is.
    fn over(&self, counts: &Counts) -> String {
        let Resources { lut4, ff, block_ram, dsp, .. } = self.resources;
        let kinds = [
            ("LUT4", counts.lut4, lut4),
            ("flip-flops", counts.ff, ff),
            ("block RAM", counts.block_ram, block_ram),
            ("DSP", counts.dsp, dsp),
        ];
        let shown = kinds.map(|(kind, used, there)| format!("{used} of {there} {kind}"));
        shown.join(", ")
    }
}

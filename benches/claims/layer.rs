//! One layer of a network alone: its cycles and its netlist.

use crate::checked::Candidate;
use crate::network::Network;
use ternlet::datapath::{Datapath, circuit, schedule};
use ternlet::device::{Board, Counts};
use ternlet::hdl::Timing;
use ternlet::stream::Draw;
use ternlet::tools::Toolchain;
use ternlet::verify::Case;

/// Frames that a netlist is simulated with, and those that show the cycles of one.
const SIMULATED: usize = 1;
const SCHEDULED: usize = 4;

pub struct Layer {
    pub cycles: u64,
    pub counts: Counts,
}

impl Layer {
    /// The layer `node`, pipelined for `mhz` on `board`.
    pub fn of(toolchain: &Toolchain, network: &Network, node: &str, (board, mhz): (&str, f64)) -> Self {
        let alone = network.part(|name| name == node, &[("y", &format!("{node}.y"))]).datapath();
        let timing = Timing::clock(Board::named(board).expect("a board").family, mhz);
        let sent = alone.random(SCHEDULED, &mut Draw::seeded(1));
        let latency = circuit(&*alone, "layer", timing).latency;
        let cycles = schedule(&*alone, &latency, timing, &sent).initiation_interval.expect("a steady layer");
        Self { cycles, counts: netlist(toolchain, &*alone, (board, mhz)) }
    }
}

/// The counts of a datapath's netlist, pipelined for `mhz` on `board`, which has passed simulation.
pub fn netlist(toolchain: &Toolchain, datapath: &dyn Datapath, (board, mhz): (&str, f64)) -> Counts {
    let family = Board::named(board).expect("a board").family;
    let inputs = datapath.random(SIMULATED, &mut Draw::seeded(2));
    let case = Case { expected: datapath.golden(&inputs), inputs };
    Candidate::of("layer", datapath, Timing::clock(family, mhz), case).netlist(toolchain, family).counts
}

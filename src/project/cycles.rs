//! The cycles of a design's frames, kept by content: a run of large frames takes seconds.

use crate::datapath::schedule_of_frames;
use crate::design::Design;
use crate::graph::program;
use crate::hdl::Circuit;
use crate::stream::Schedule;
use crate::tools::{Cache, ToolError, key};
use crate::verilog::emit;
use std::fs;

/// Of frames of fewer beats the run takes less time than the cache.
const LONG: usize = 1 << 8;

/// The file of an entry.
const FILE: &str = "cycles.json";

/// The schedule of the frames of `design`, of which this is the circuit. It follows from the circuit, and from the program, which knows
/// when its parts take and give beats.
pub(super) fn cycles(design: &Design, circuit: &Circuit) -> Schedule {
    let run = || schedule_of_frames(&*design.datapath, &circuit.latency, design.timing());
    let ports = design.datapath.ports();
    if ports.inputs.iter().all(|port| port.frame_beats() < LONG) {
        return run();
    }
    kept(circuit, &run).unwrap_or_else(run)
}

/// As it is kept, or as it is found and kept then; none where nothing can be kept.
fn kept(circuit: &Circuit, run: &dyn Fn() -> Schedule) -> Option<Schedule> {
    let program = program()?;
    let sources = emit(circuit);
    let key = key(sources.iter().flat_map(|source| [&source.name, &source.text]).chain([&program]));
    let mut found = None;
    let entry = Cache::open().ok()?.entry("cycles", &key, |folder| {
        let path = folder.join(FILE);
        let text = serde_json::to_string(found.insert(run())).expect("a schedule is numbers and words");
        fs::write(&path, text).map_err(ToolError::at(&path))
    });
    found.or_else(|| serde_json::from_str(&fs::read_to_string(entry.ok()?.path.join(FILE)).ok()?).ok())
}

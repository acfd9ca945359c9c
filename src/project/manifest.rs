//! The manifest next to the Verilog: all that a host program must know of the design's streams.

use super::generate::Project;
use crate::stream::{Field, Port};
use crate::verify::Report;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a host program must know.
#[derive(Serialize)]
pub struct Manifest<'a> {
    ternlet: &'static str,
    design: &'a str,
    datapath: &'static str,
    computes: String,
    board: &'a str,
    frequency_mhz: f64,
    /// The top module, with ports `clk` and `rst` (synchronous, active high) if it is clocked.
    module: &'a str,
    clocked: bool,
    files: Vec<&'a str>,
    verilog_hash: &'a str,
    inputs: Vec<StreamRow>,
    outputs: Vec<StreamRow>,
    /// Inputs that come from the flash of the board.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    flash: &'a [String],
    facts: BTreeMap<String, String>,
    /// All that is measured is known from a simulation on.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_cycles: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    initiation_interval: Option<f64>,
}

/// The ports `<name>_valid`, `_ready`, `_payload` and, if framed, `_last`.
#[derive(Serialize)]
struct StreamRow {
    name: String,
    framed: bool,
    frame_beats: usize,
    frame_values: usize,
    lanes: usize,
    payload_bits: usize,
    fields: Vec<FieldRow>,
    /// Of an output, as `simulate` reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_first_cycles: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency_last_cycles: Option<u64>,
}

/// `lanes` words of `bits` one after the other, lane 0 in the least significant bits.
#[derive(Serialize)]
struct FieldRow {
    name: String,
    lanes: usize,
    bits: u32,
    signed: bool,
    lo: serde_json::Number,
    hi: serde_json::Number,
}

impl<'a> Manifest<'a> {
    /// Of `project`, with its speed if that was `measured`.
    pub fn of(project: &'a Project, measured: Option<&Report>) -> Self {
        let design = &project.design;
        let ports = design.datapath.ports();
        Self {
            ternlet: env!("CARGO_PKG_VERSION"),
            design: &design.name,
            datapath: design.datapath.kind(),
            computes: design.datapath.doc(),
            board: &design.board.name,
            frequency_mhz: design.frequency_mhz,
            module: &design.name,
            clocked: project.clocked,
            files: project.sources.iter().map(|source| source.name.as_str()).collect(),
            verilog_hash: &project.hash,
            inputs: ports.inputs.iter().map(|port| StreamRow::of(port, None)).collect(),
            outputs: ports.outputs.iter().map(|port| StreamRow::of(port, measured)).collect(),
            flash: &design.link.flash,
            facts: design.facts().into_iter().collect(),
            latency_cycles: measured.and_then(|report| report.latency_cycles),
            initiation_interval: measured.and_then(|report| report.initiation_interval),
        }
    }

    /// Without what only a person reads.
    pub(super) fn for_host(self) -> Self {
        Self { facts: BTreeMap::new(), ..self }
    }
}

impl StreamRow {
    fn of(port: &Port, measured: Option<&Report>) -> Self {
        let timing =
            measured.and_then(|report| report.outputs.iter().find(|output| output.name == port.name));
        Self {
            latency_first_cycles: timing.and_then(|timing| timing.latency_first_cycles),
            latency_last_cycles: timing.and_then(|timing| timing.latency_last_cycles),
            name: port.name.clone(),
            framed: port.is_framed(),
            frame_beats: port.frame_beats(),
            frame_values: port.frame_values(),
            lanes: port.lanes(),
            payload_bits: port.width(),
            fields: port.fields.iter().map(FieldRow::of).collect(),
        }
    }
}

impl FieldRow {
    fn of(Field { name, lanes, range }: &Field) -> Self {
        let number = |bound: &num_bigint::BigInt| {
            bound.to_string().parse().expect("a field of at most 64 bits holds JSON's numbers")
        };
        Self {
            name: name.clone(),
            lanes: *lanes,
            bits: range.width(),
            signed: range.is_signed(),
            lo: number(range.lo()),
            hi: number(range.hi()),
        }
    }
}

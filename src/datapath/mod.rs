//! The product: datapaths, each hardware and the integers that it must compute, side by side.

mod catalog;
mod config;
mod ports;
mod requantize;
mod tensor;
mod ternary_mac;

pub use catalog::{Entry, Visitor, entries, visit};
pub use config::{Config, ConfigError, IntType, Problems};
pub use ports::{Field, Ports, StreamPort, Tokens, Transfers};
pub use requantize::{Requantize, RequantizeConfig, Scale, requantize};
pub use tensor::{Source, Tensor};
pub use ternary_mac::{TernaryMac, TernaryMacConfig, ternary_dot_product};

use crate::hdl::{Circuit, Module, Signal, Stream, Timing};

/// A stream whose payload is the lanes of all fields of its port, in the order of a beat.
pub type LaneStream<'m> = Stream<'m, Vec<Signal<'m>>>;

/// Hardware and the integers that it must compute. They share the configuration and the ports, never a computation.
///
/// A datapath is a function of streams: what comes out depends on what went in, never on when.
pub trait Datapath {
    /// The one word for it in TOML, Verilog, Rust and docs.
    fn kind(&self) -> &'static str;

    /// What this one computes, for the head of its Verilog file.
    fn doc(&self) -> String;

    fn ports(&self) -> Ports;

    /// The hardware between its streams, in the order of [`Datapath::ports`]. Lanes have at least the ranges of the ports
    /// when they come in, and must have at most these when they leave.
    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>>;

    /// The tokens of all outputs for those of all inputs, which are whole frames.
    fn golden(&self, inputs: &Transfers) -> Transfers;

    /// Inputs at the edges of what may come: extremes, zeros, alternations. Random ones follow from the ports.
    fn corners(&self) -> Vec<Transfers> {
        corners_of(&self.ports())
    }

    /// Weights and the like that it holds, for reports.
    fn facts(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// The module `name` that is `datapath` between the ports of its streams, pipelined for `timing`.
///
/// # Panics
/// If the datapath breaks a design rule, which is a mistake of its author.
pub fn circuit(datapath: &dyn Datapath, name: &str, timing: Timing) -> Circuit {
    let m = Module::with_timing(name, timing);
    m.doc(datapath.doc());
    let ports = datapath.ports();
    let shape = |port: &StreamPort| port.lane_ranges().cloned().collect::<Vec<_>>();
    let inputs =
        ports.inputs.iter().map(|port| m.input_stream(&port.name, port.framed, &shape(port))).collect();
    let outputs = datapath.build(&m, inputs);
    assert_eq!(outputs.len(), ports.outputs.len(), "`{}` gives a stream for each output", datapath.kind());
    for (port, stream) in ports.outputs.iter().zip(outputs) {
        assert_eq!(stream.is_framed(), port.framed, "output `{}` of `{}`", port.name, datapath.kind());
        let ranges = shape(port);
        let words = stream.map(|lanes| {
            assert_eq!(lanes.len(), ranges.len(), "lanes of output `{}` of `{}`", port.name, datapath.kind());
            lanes.iter().zip(&ranges).map(|(lane, range)| lane.to_bits_of(range)).collect::<Vec<_>>()
        });
        m.output_stream(&port.name, words);
    }
    m.finish().unwrap_or_else(|violations| {
        let violations: Vec<String> = violations.iter().map(ToString::to_string).collect();
        panic!("datapath `{}`:\n{}", datapath.kind(), violations.join("\n"))
    })
}

/// A frame of each constant extreme, and of extremes in turn, at all inputs at once.
pub fn corners_of(ports: &Ports) -> Vec<Transfers> {
    type Pick = fn(usize, i64, i64) -> i64;
    let patterns: [Pick; 5] = [
        |_, lo, hi| 0.clamp(lo, hi),
        |_, lo, _| lo,
        |_, _, hi| hi,
        |place, lo, hi| if place % 2 == 0 { lo } else { hi },
        |place, lo, hi| if place % 2 == 0 { hi } else { lo },
    ];
    let tokens = |port: &StreamPort, pick: Pick| {
        let ends: Vec<(i64, i64)> =
            port.lane_ranges().map(|range| (end(range.lo()), end(range.hi()))).collect();
        let places = 0..port.frame_beats * ends.len();
        let values =
            places.map(|place| pick(place, ends[place % ends.len()].0, ends[place % ends.len()].1)).collect();
        let last =
            (1..=port.frame_beats).map(|beat| beat == port.frame_beats).filter(|_| port.framed).collect();
        Tokens { lanes: ends.len(), values, last }
    };
    patterns.iter().map(|&pick| ports.inputs.iter().map(|port| tokens(port, pick)).collect()).collect()
}

/// A bound of a port's range.
fn end(bound: &num_bigint::BigInt) -> i64 {
    i64::try_from(bound).expect("ports have at most 64 bits")
}

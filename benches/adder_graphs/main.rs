//! Constant matrices as adder graphs: look-up tables, adders and seconds next to da4ml and twn-generator, in one run of the same
//! Yosys, on fresh random matrices. An area is printed only of a netlist that has passed simulation with Yosys's own
//! cell models. If Yosys 0.23 is on PATH (Debian's), it counts too. Exit status 1 where a bound is missed.
//!
//! usage: cargo bench --bench adder_graphs -- [16x16] [64x16] [64x64] [--seed N] [--quick]; columns x rows, all three by
//! default. With --quick only ours is counted with our own Yosys where Debian's, which is some times faster, counts all.

mod cells;
mod netlist;
mod peers;

use netlist::{Candidate, count};
use peers::{Graph, Graphs, Matrix};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Instant, UNIX_EPOCH};
use ternlet::blocks::{AdderGraph, Polarities, constant_matrix};
use ternlet::cli::shown_progress;
use ternlet::device::{AdderForm, Family};
use ternlet::hdl::{Module, signed};
use ternlet::tools::{Tool, Toolchain, text};
use ternlet::verilog::{SourceFile, emit};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let seed = arguments.iter().position(|argument| argument == "--seed");
    let seed = seed.map(|at| arguments[at + 1].parse().expect("--seed wants a number"));
    let seed = seed.unwrap_or_else(|| UNIX_EPOCH.elapsed().expect("a clock").as_nanos() as u64);
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let sizes = [("16x16", 16, 16), ("64x16", 64, 16), ("64x64", 64, 64)].into_iter().filter(|(name, ..)| {
        let named = |argument: &String| argument.contains('x');
        !arguments.iter().any(named) || arguments.iter().any(|argument| argument == name)
    });
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let matrices: Vec<(String, Vec<Vec<i64>>)> = sizes
        .flat_map(|(size, columns, rows)| {
            KINDS.map(|kind| (format!("{size}_{kind}"), random(kind, columns, rows, &mut rng)))
        })
        .collect();
    println!("seed {seed}; columns x rows of ternary weights, signed bytes in, combinational");

    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let list: Vec<Matrix> = matrices.iter().map(|(name, rows)| Matrix { name, rows }).collect();
    let peers = peers::graphs(&toolchain, folder.path(), &list).unwrap_or_else(|error| panic!("{error}"));
    let cases: Vec<Compared> = matrices
        .iter()
        .map(|(name, matrix)| Compared { name, matrix, ours: Ours::of(matrix), peers: &peers[name] })
        .collect();

    println!("adders, and seconds to solve and to write the Verilog (the best of three)");
    let mut met = true;
    for case in &cases {
        met &= case.adders();
    }
    let mut yosyses = vec![toolchain.yosys().expect("Yosys")];
    yosyses.extend(debian_yosys());
    for family in [Family::ICE40_HX, Family::ECP5] {
        let mut ours: Vec<Vec<u64>> = Vec::new();
        for (index, yosys) in yosyses.iter().enumerate() {
            let carry = if family == Family::ECP5 { " and 2 for each CCU2C" } else { "" };
            println!("{} with Yosys {}, LUT4{carry}", family.name, yosys.version);
            let alone = quick && index + 1 < yosyses.len();
            let areas: Vec<(u64, Option<u64>)> = cases
                .iter()
                .map(|case| case.areas(&toolchain, yosys, family, folder.path(), alone))
                .collect();
            let estimated = |(case, areas): (&Compared, &(u64, Option<u64>))| areas.0 == case.ours.estimate;
            met &= family == Family::ECP5 || cases.iter().zip(&areas).all(estimated);
            met &= alone || summary(&areas, family);
            ours.push(areas.into_iter().map(|(ours, _)| ours).collect());
        }
        if let [new, old] = &ours[..] {
            let drift = |(new, old): (&u64, &u64)| (*new as f64 / *old as f64 - 1.0).abs();
            let drift = 100.0 * new.iter().zip(old).map(drift).fold(0.0, f64::max);
            met &= drift <= 1.0;
            println!("  ours differ by {drift:.2} % at most, at most 1 %: {}", verdict(drift <= 1.0));
        }
    }
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A matrix with everybody's graphs.
struct Compared<'a> {
    name: &'a str,
    matrix: &'a [Vec<i64>],
    ours: Ours,
    peers: &'a Graphs,
}

impl Compared<'_> {
    /// Whether we have no more adders than either peer and, for the largest size, take half of da4ml's time.
    fn adders(&self) -> bool {
        let (ours, da4ml) = (&self.ours, &self.peers.da4ml);
        let twn = self.peers.twn.as_ref().map_or(usize::MAX, |twn| twn.adders);
        let fewer = ours.adders <= da4ml.adders.min(twn);
        let seconds = da4ml.seconds.expect("da4ml's time");
        let ratio = ours.seconds / seconds;
        let fast = !self.name.starts_with("64x64") || ratio <= 0.5;
        let bound = if self.name.starts_with("64x64") { ", at most 0.5" } else { ", no bound" };
        let twn = self.peers.twn.as_ref().map_or("failed".into(), |twn| twn.adders.to_string());
        println!(
            "  {:<13} {} adders, da4ml {}, twn {twn} (never more: {}); {:.3} s, da4ml {seconds:.3} s, ratio {ratio:.2}{bound}: {}",
            self.name,
            ours.adders,
            da4ml.adders,
            verdict(fewer),
            ours.seconds,
            verdict(fast)
        );
        fewer && fast
    }

    /// Our look-up tables, and if not `alone` those of the better peer, whose Verilog is in `folder`.
    fn areas(
        &self,
        toolchain: &Toolchain,
        yosys: &Tool,
        family: Family,
        folder: &Path,
        alone: bool,
    ) -> (u64, Option<u64>) {
        let area = |candidate: &Candidate| count(toolchain, yosys, candidate, self.matrix, family);
        let peer = |peer: &str, graph: &Graph| {
            area(&candidate(peer, graph, &folder.join(format!("{}_{peer}.sv", self.name))))
        };
        let ours = area(&self.ours.candidate(family)).expect("our netlist passes its simulation");
        let estimate = match family.adders {
            AdderForm::Difference => String::new(),
            AdderForm::Polarity => {
                format!(", estimated {} ({})", self.ours.estimate, verdict(ours == self.ours.estimate))
            }
        };
        if alone {
            println!("  {:<13} {ours}{estimate}", self.name);
            return (ours, None);
        }
        let da4ml = peer("da4ml", &self.peers.da4ml).expect("da4ml's netlist passes its simulation");
        let twn = self.peers.twn.as_ref().and_then(|graph| peer("twn", graph));
        let best = twn.map_or(da4ml, |twn| twn.min(da4ml));
        let twn = twn.map_or("failed".into(), |twn| twn.to_string());
        let ratio = ours as f64 / best as f64;
        println!("  {:<13} {ours}{estimate}, da4ml {da4ml}, twn {twn}, ratio {ratio:.3}", self.name);
        (ours, Some(best))
    }
}

/// Whether the ratios of ours to the better peer's are within the bounds.
fn summary(areas: &[(u64, Option<u64>)], family: Family) -> bool {
    let ratio = |(ours, best): &(u64, Option<u64>)| best.map(|best| *ours as f64 / best as f64);
    let ratios: Vec<f64> = areas.iter().filter_map(ratio).collect();
    let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
    let worst = ratios.into_iter().fold(0.0, f64::max);
    let (most_mean, most) = if family == Family::ECP5 { (0.93, f64::INFINITY) } else { (0.80, 0.90) };
    let holds = mean <= most_mean && worst <= most;
    let verdict = verdict(holds);
    println!("  geometric mean {mean:.3}, at most {most_mean}; worst {worst:.3}, at most {most}: {verdict}");
    holds
}

fn verdict(holds: bool) -> &'static str {
    if holds { "met" } else { "MISSED" }
}

/// Bits of our products at the ports, more than any row takes.
const PRODUCT: u32 = 20;

/// Uniform trits; +1 or -1 in half of the places; +1 or -1 in two of every four places of a row.
const KINDS: [&str; 3] = ["uniform", "half", "2:4"];

fn random(kind: &str, columns: usize, rows: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<i64>> {
    let sign = |rng: &mut ChaCha8Rng| if rng.random::<bool>() { 1 } else { -1 };
    let row = |rng: &mut ChaCha8Rng| -> Vec<i64> {
        match kind {
            "uniform" => (0..columns).map(|_| rng.random_range(-1..=1)).collect(),
            "half" => (0..columns).map(|_| if rng.random::<bool>() { sign(rng) } else { 0 }).collect(),
            _ => (0..columns / 4)
                .flat_map(|_| {
                    let (first, further) = (rng.random_range(0..4), rng.random_range(1..4));
                    let kept = [first, (first + further) % 4];
                    [0, 1, 2, 3].map(|place| if kept.contains(&place) { sign(rng) } else { 0 })
                })
                .collect(),
        }
    };
    (0..rows).map(|_| row(rng)).collect()
}

/// Our graph, and its Verilog for each family.
struct Ours {
    adders: usize,
    /// Look-up tables on iCE40.
    estimate: u64,
    /// To solve and to write the Verilog for iCE40, the best of three.
    seconds: f64,
    sources: [Vec<SourceFile>; 2],
    columns: usize,
    rows: usize,
}

impl Ours {
    fn of(matrix: &[Vec<i64>]) -> Self {
        let inputs = vec![(-128, 127); matrix[0].len()];
        let run = || {
            let start = Instant::now();
            let graph = AdderGraph::of(matrix, &inputs, AdderGraph::default_effort(matrix));
            let sources = verilog(&graph, AdderForm::Polarity);
            (start.elapsed().as_secs_f64(), graph, sources)
        };
        let runs = (0..3).map(|_| run());
        let (seconds, graph, sources) = runs.min_by(|a, b| a.0.total_cmp(&b.0)).expect("three runs");
        Self {
            adders: graph.adders(),
            estimate: Polarities::of(&graph).luts,
            seconds,
            sources: [sources, verilog(&graph, AdderForm::Difference)],
            columns: inputs.len(),
            rows: matrix.len(),
        }
    }

    fn candidate(&self, family: Family) -> Candidate {
        let sources = self.sources[usize::from(family.adders == AdderForm::Difference)].clone();
        Candidate {
            top: "ours",
            sources,
            x: (0..self.columns).map(|i| format!("x{i}")).collect(),
            y: (0..self.rows).map(|i| format!("y{i}")).collect(),
            products: vec![(PRODUCT, true); self.rows],
            latency: 0,
        }
    }
}

fn verilog(graph: &AdderGraph, form: AdderForm) -> Vec<SourceFile> {
    let m = Module::new("ours");
    let x: Vec<_> = (0..graph.inputs.len()).map(|i| m.input(format!("x{i}"), signed(8))).collect();
    x.iter().for_each(|x| m.ignore(*x));
    for (i, y) in constant_matrix(graph, &x, form).into_iter().enumerate() {
        m.output(format!("y{i}"), y.wrap(signed(PRODUCT)));
    }
    emit(&m.finish().unwrap_or_else(|violations| panic!("{}", violations[0])))
}

/// What a peer wrote to `path`.
fn candidate(peer: &str, graph: &Graph, path: &Path) -> Candidate {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let sources = vec![SourceFile { name: "peer.sv".into(), text }];
    let (top, x, y) = match peer {
        "da4ml" => ("da4ml", "model_inp", "model_out"),
        _ => ("twn", "x", "y"),
    };
    let (x, y) = (vec![x.to_string()], vec![y.to_string()]);
    Candidate { top, sources, x, y, products: graph.outputs.clone(), latency: graph.latency }
}

/// Yosys 0.23 as Debian has it, if it is on PATH.
fn debian_yosys() -> Option<Tool> {
    let yosys = Tool::new("yosys", "yosys", "0.23");
    let output = yosys.output(Path::new("."), &["-V"]).ok()?;
    text(&output).starts_with("Yosys 0.23").then_some(yosys)
}

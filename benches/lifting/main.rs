//! The size and speed of the 5/3 transform of a line on iCE40 HX8K, and how fast whole pictures simulate. A size is printed
//! only of a netlist that has passed simulation with Yosys's own cell models. Exit status 1 where a bound is missed, or where a level
//! by lifting is larger than the same by windows.

mod windows;

use std::process::ExitCode;
use ternlet::cli::shown_progress;
use ternlet::datapath::lifting::{
    Band, Beats, Frames, Line, Pair, Sample, Scheme, forward_line, forward_line_unit, range, scaled_within,
};
use ternlet::device::Family;
use ternlet::flow::{self, Access, Design, Gates, Netlist};
use ternlet::hdl::{Module, Range, Timing, unsigned};
use ternlet::stream::{Draw, Field, Frame, Port, Ports, Tokens};
use ternlet::tools::Toolchain;
use ternlet::verify::{Case, Model, Options, Run, Stalls, VerilatorTools};
use ternlet::verilog::{SourceFile, emit};
use windows::By;

/// The longest line that is simulated.
const LONGEST: usize = 64;

/// A unit: pixels in, `lanes` a beat, lines of any length; pairs of a low and a high value out.
struct Unit {
    name: &'static str,
    sources: Vec<SourceFile>,
    ports: Ports,
    case: Case,
    /// What is meant of the beats that leave.
    meant: fn(&Tokens) -> Tokens,
}

fn scheme() -> Scheme {
    Scheme::named("jpeg2000_5_3").expect("a built-in scheme")
}

fn bands() -> [Range; 2] {
    [Band::Low, Band::High].map(|band| {
        let (lo, hi) = range(&scheme(), (0, 255), 1, &[Some(band)]);
        Range::new(lo, hi).word()
    })
}

fn unit(lanes: usize) -> Unit {
    let name = ["line_1", "line_2"][lanes - 1];
    let field = |name: &str, range: Range| Field { name: name.into(), lanes: 1, range };
    let condition = || field("whole", Range::condition());
    let mut fields = vec![Field { name: "sample".into(), lanes, range: unsigned(8) }];
    fields.extend((lanes == 2).then(condition));
    let port = |name: &str, fields: Vec<Field>, beats: usize| {
        let lanes = fields.iter().map(|field| field.lanes).sum();
        Port { name: name.into(), fields, frame: Frame::steps(beats, lanes).varying() }
    };
    let [low, high] = bands();
    let ports = Ports {
        inputs: vec![port("x", fields, LONGEST / lanes)],
        outputs: vec![port(
            "y",
            vec![field("low", low.clone()), field("high", high.clone()), condition()],
            LONGEST / 2,
        )],
    };
    let m = Module::with_timing(name, Timing::clock(Family::ICE40_HX, 100.0));
    let marks = Vec::new();
    let line = if lanes == 1 {
        let x = m.input_stream("x", true, &unsigned(8));
        let values = vec![*x.payload()];
        Line::Samples(x.with_payload(Sample { values, marks }))
    } else {
        let x = m.input_stream("x", true, &(unsigned(8), unsigned(8), Range::condition()));
        let (even, odd, whole) = *x.payload();
        Line::Pairs(x.with_payload(Pair { even: vec![even], odd: vec![odd], whole, marks }), Beats::SINGLE)
    };
    let pairs = scaled_within(&scheme(), forward_line_unit(&scheme(), line, Frames::Follow), &[[low, high]]);
    m.output_stream("y", pairs);
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    Unit { name, sources: emit(&circuit), case: case(lanes, &ports), ports, meant }
}

/// Lines of any length, and their bands. Where a line ends with an even sample the last high value means nothing.
fn case(lanes: usize, ports: &Ports) -> Case {
    let mut draw = Draw::seeded(53);
    let (mut x, mut y) = (Tokens::default(), Tokens::default());
    for _ in 0..400 {
        let length = draw.integer(1, LONGEST as i64) as usize;
        let mut line = Tokens::default();
        draw.frame(&Port::vectors("x", "x", 1, unsigned(8), LONGEST), length, &mut line);
        let (low, high) = forward_line(&scheme(), &line.values);
        let beats: Vec<i64> = match lanes {
            1 => line.values.clone(),
            _ => line
                .values
                .chunks(2)
                .flat_map(|pair| [pair[0], *pair.get(1).unwrap_or(&0), i64::from(pair.len() == 2)])
                .collect(),
        };
        x.push_beats(&ports.inputs[0], &beats);
        let pair = |(place, low): (usize, &i64)| match high.get(place) {
            Some(high) => [*low, *high, 1],
            None => [*low, 0, 0],
        };
        let pairs: Vec<i64> = low.iter().enumerate().flat_map(pair).collect();
        y.push_beats(&ports.outputs[0], &pairs);
    }
    Case { inputs: vec![x], expected: vec![y] }
}

/// The pairs without the high values that mean nothing.
fn meant(pairs: &Tokens) -> Tokens {
    let values = pairs.values.chunks(3).flat_map(|pair| [pair[0], pair[1] * pair[2], pair[2]]).collect();
    Tokens { values, ..pairs.clone() }
}

fn main() -> ExitCode {
    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    let tools = VerilatorTools::of(&toolchain).expect("Verilator");
    let mut met = true;
    println!(
        "5/3 of a line of any length, 8-bit samples, borders and handshake, iCE40 HX8K (open core: 217 cells, 71 to 75 MHz)"
    );
    for (lanes, bound) in [(1, 110), (2, 140)] {
        let unit = unit(lanes);
        let netlist = checked_netlist(&toolchain, &tools, &unit);
        let (cells, fmax_mhz) = placed(&toolchain, &netlist);
        let holds = cells <= bound && fmax_mhz >= 130.0;
        met &= holds;
        let peer = 73.0 / 217.0;
        println!(
            "  {lanes} a cycle: {} LUT4, {} flip-flops, {cells} logic cells (at most {bound}), {fmax_mhz:.1} MHz, median of 3 \
             seeds (at least 130): {}; {:.2} times the open core's samples a second per cell",
            netlist.counts.lut4,
            netlist.counts.ff,
            if holds { "met" } else { "MISSED" },
            lanes as f64 * fmax_mhz / cells as f64 / peer,
        );
    }
    met &= by_windows(&toolchain, &tools);
    let [rate, all] = pixels_a_second(&tools);
    met &= rate >= 5e6;
    println!(
        "simulation: {:.1} million pixels a second through one 5/3 unit (at least 5); {:.1} by the clock on the wall, with \
         packing, unpacking and comparing",
        rate / 1e6,
        all / 1e6
    );
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether a level by lifting is smaller than one by windows in everything that there is, for each size.
fn by_windows(toolchain: &Toolchain, tools: &VerilatorTools) -> bool {
    let mut met = true;
    for size in [&[64][..], &[16, 64]] {
        println!(
            "5/3 of frames of {size:?} 8-bit samples, one a cycle, borders and handshake, iCE40 HX8K, 100 MHz"
        );
        let [lifted, filtered] = [By::Lifting, By::Windows].map(|by| {
            let unit = windows::level(&scheme(), size, by);
            let counts = checked_netlist(toolchain, tools, &unit).counts;
            let (lut4, ff, ram) = (counts.lut4, counts.ff, counts.block_ram);
            println!("  by {by:?}: {lut4} LUT4, {ff} flip-flops, {ram} block RAM");
            [lut4, ff, ram]
        });
        met &= lifted.iter().zip(filtered).all(|(lifted, filtered)| *lifted <= filtered);
    }
    met
}

/// The netlist of `unit` for HX8K, after it has passed simulation.
fn checked_netlist(toolchain: &Toolchain, tools: &VerilatorTools, unit: &Unit) -> Netlist {
    let ports = unit.ports.clone();
    let design =
        Design { name: unit.name, sources: &unit.sources, ports, clocked: true, access: Access::Scan };
    let netlist =
        flow::netlist(toolchain, &design, Family::ICE40_HX).unwrap_or_else(|error| panic!("{error}"));
    let Gates { sources, defines } = netlist.gates(toolchain).unwrap_or_else(|error| panic!("{error}"));
    let options = Options { defines, ..Options::default() };
    let model = Model::compile(tools, &sources, unit.name, &unit.ports, &options)
        .unwrap_or_else(|error| panic!("the netlist of {}: {error}", unit.name));
    let Case { inputs, expected } = &unit.case;
    for stalls in [Stalls::Never, Stalls::Random, Stalls::Held(0), Stalls::Held(1)] {
        let outcome = model.run(&Run { stalls, ..Run::new(7, inputs, vec![expected[0].beats()]) });
        assert!((unit.meant)(&outcome.outputs[0]) == expected[0], "the netlist of {}, {stalls:?}", unit.name);
    }
    netlist
}

/// Logic cells, and the median clock of three placements.
fn placed(toolchain: &Toolchain, netlist: &Netlist) -> (u64, f64) {
    let nextpnr = toolchain.find("nextpnr-ice40").expect("nextpnr");
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::copy(netlist.verilog.with_file_name("netlist.json"), folder.path().join("unit.json"))
        .expect("the netlist");
    let mut clocks = Vec::new();
    let mut cells = 0;
    for seed in ["1", "2", "3"] {
        let arguments = [
            "--hx8k",
            "--package",
            "ct256",
            "--json",
            "unit.json",
            "--report",
            "report.json",
            "--freq",
            "200",
        ];
        let arguments = [&arguments[..], &["--seed", seed, "--timing-allow-fail"]].concat();
        nextpnr.run(folder.path(), &arguments).unwrap_or_else(|error| panic!("{error}"));
        let text = std::fs::read_to_string(folder.path().join("report.json")).expect("a report");
        let report: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        cells = report["utilization"]["ICESTORM_LC"]["used"].as_u64().expect("a count");
        let clock = report["fmax"].as_object().and_then(|clocks| clocks.values().next()).expect("a clock");
        clocks.push(clock["achieved"].as_f64().expect("a frequency"));
    }
    clocks.sort_by(f64::total_cmp);
    (cells, clocks[1])
}

/// Pixels a second of processor time through the unit of one sample a cycle, never stalled, twenty pictures of 512 x 512: the
/// model alone, and with what goes around it, packing, unpacking and comparing.
fn pixels_a_second(tools: &VerilatorTools) -> [f64; 2] {
    let unit = unit(1);
    let model =
        Model::compile(tools, &unit.sources, unit.name, &unit.ports, &Options::default()).expect("a model");
    let (mut x, mut y) = (Tokens::default(), Tokens::default());
    let mut draw = Draw::seeded(54);
    for _ in 0..20 * 512 {
        let mut line = Tokens::default();
        draw.frame(&unit.ports.inputs[0], 512, &mut line);
        let (low, high) = forward_line(&scheme(), &line.values);
        let pairs: Vec<i64> = low.iter().zip(&high).flat_map(|(low, high)| [*low, *high, 1]).collect();
        x.push_beats(&unit.ports.inputs[0], &line.values);
        y.push_beats(&unit.ports.outputs[0], &pairs);
    }
    let pixels = x.values.len() as f64;
    let (inputs, expected) = ([x], [y]);
    let run = Run::new(1, &inputs, vec![expected[0].beats()]);
    let fastest = (0..3).map(|_| {
        let start = std::time::Instant::now();
        let outcome = model.run(&run);
        assert!(outcome.outputs[..] == expected);
        [pixels / outcome.seconds, pixels / start.elapsed().as_secs_f64()]
    });
    fastest.reduce(|a, b| [a[0].max(b[0]), a[1].max(b[1])]).expect("three runs")
}

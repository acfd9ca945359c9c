//! Look-up tables of a lane and of a row, beside the usual forms, in one run of the same Yosys. An area is printed only of
//! a netlist that has passed simulation with Yosys's own cell models. Exit status 1 where a bound is missed.

#[path = "../checked/mod.rs"]
mod checked;

use checked::Candidate;
use std::process::ExitCode;
use ternlet::blocks::{AccumulatorForm, Trit, row_accumulators};
use ternlet::datapath::{
    Config, Datapath, Field, NmCompressConfig, NmSelectConfig, Ports, SlbSelectConfig, Source,
    SrSteUpdateConfig, StreamPort, Tensor, TernaryMacConfig, Tokens, Transfers, circuit,
    stimulus::{self, Draw},
    ternary_dot_product,
};
use ternlet::flow::Family;
use ternlet::hdl::{Module, Range, Timing, signed};
use ternlet::tools::{Progress, Toolchain};
use ternlet::verify::Case;
use ternlet::verilog::{SourceFile, emit};

const WIDTH: u32 = 16;

struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: the benchmark reads no files"))
    }
}

/// Looks up the area of a candidate on a family.
type Count<'a> = &'a dyn Fn(&Candidate, Family) -> u64;

/// Prints figures, and says whether all bounds are met.
type Section = fn(Count) -> bool;

/// `cargo bench --bench luts -- sparse` prints one of them alone.
const SECTIONS: [(&str, Section); 3] =
    [("lanes", lanes_of_a_beat), ("rows", rows_of_a_column), ("sparse", sparse_training)];

fn main() -> ExitCode {
    let toolchain = Toolchain::new(Progress::new()).expect("a cache folder");
    let count = |candidate: &Candidate, family| candidate.netlist(&toolchain, family).counts.lut4;
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let mut met = true;
    for (name, section) in SECTIONS {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            met &= section(&count);
        }
    }
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Many columns a beat: a lane of a streamed ternary dot product.
fn lanes_of_a_beat(count: Count) -> bool {
    let mut met = true;
    println!("LUT4 a lane, iCE40: streamed ternary weights, 8-bit signed activations, all lanes in one beat");
    for lanes in [16, 64] {
        let ours = dot(lanes, None);
        let a_lane = |luts: u64| luts as f64 / lanes as f64;
        let area = a_lane(count(&ours, Family::Ice40Hx));
        let holds = area <= 18.5;
        met &= holds;
        println!("  {lanes:>2} lanes: ternary_mac {area:.2} (at most 18.5: {})", verdict(holds));
        for text in [include_str!("dot_case.v"), include_str!("dot_product.v")] {
            let usual = dot(lanes, Some(text));
            println!("            {} {:.2}", usual.name, a_lane(count(&usual, Family::Ice40Hx)));
        }
    }
    met
}

/// Many rows that share an activation.
fn rows_of_a_column(count: Count) -> bool {
    let mut met = true;
    println!(
        "LUT4 a row (ECP5: and 2 for each CCU2C), rows that share an 8-bit activation, {WIDTH}-bit accumulators"
    );
    for (family, name, form) in [
        (Family::Ice40Hx, "iCE40", AccumulatorForm::Polarity),
        (Family::Ecp5, "ECP5", AccumulatorForm::Cell),
        (Family::Gowin, "Gowin", AccumulatorForm::Polarity),
    ] {
        let [ours, usual] = [Some(form), None].map(|form| {
            let [few, many] = [16, 32].map(|rows_of| count(&rows(rows_of, form), family));
            (few, (many - few) as f64 / 16.0)
        });
        let area = ours.1;
        let bound = f64::from(WIDTH + 2);
        let holds = area <= bound;
        let asked = if family == Family::Gowin {
            "no bound is asked".to_string()
        } else {
            met &= holds;
            format!("at most {bound}: {}", verdict(holds))
        };
        println!("  {name:<5} ternary_mac {area:.2} ({asked}), 16 rows with their control {}", ours.0);
        println!("        rows_case {:.2}, 16 rows with their control {}", usual.1, usual.0);
    }
    met
}

/// What selects, compresses and updates weights.
fn sparse_training(count: Count) -> bool {
    let mut met = true;
    println!(
        "LUT4 of sparse and low-bit training's side, 8 bits, iCE40: a group or weight more a beat, and the first with control"
    );
    let of = |name, candidate: fn(usize) -> Candidate| {
        let [one, three] = [1, 3].map(|parts| count(&candidate(parts), Family::Ice40Hx));
        let more = (three - one) as f64 / 2.0;
        println!("  {name:<36} {more:>6.2}  {one:>4}");
        more
    };
    let selector = of("nm_select, 2:4", |groups| {
        let toml = format!("pattern = \"2:4\"\ncolumns = {0}\nlanes = {0}\ninput = \"s8\"", 4 * groups);
        of_kind::<NmSelectConfig>("nm_select", &toml, Timing::combinational())
    });
    met &= selector <= 32.0;
    println!("    (at most 32: {})", verdict(selector <= 32.0));
    of("nm_compress, 2:4", |groups| {
        let toml = format!("pattern = \"2:4\"\ncolumns = {0}\nlanes = {0}\ninput = \"s8\"", 4 * groups);
        of_kind::<NmCompressConfig>("nm_compress", &toml, Timing::combinational())
    });
    of("sr_ste_update, 2:4, factors 2^-4, 2^-6", |groups| {
        let toml = format!(
            "pattern = \"2:4\"\ncolumns = {0}\nlanes = {0}\nweight = \"s8\"\ngradient = \"s8\"\n\
             learning_rate = {{ shift = 4 }}\nlambda = {{ shift = 6 }}",
            4 * groups
        );
        of_kind::<SrSteUpdateConfig>("sr_ste_update", &toml, Timing::combinational())
    });
    of("slb_select, 4 scores", |weights| {
        let toml = format!("weights = {weights}\nlanes = {weights}\ncodebook = \"odd2\"\nscore = \"s8\"");
        of_kind::<SlbSelectConfig>("slb_select", &toml, Timing::combinational())
    });
    met
}

fn verdict(holds: bool) -> &'static str {
    if holds { "met" } else { "MISSED" }
}

/// The datapath of the keys of a `[datapath]` table, with random inputs.
fn of_kind<C: Config>(name: &'static str, toml: &str, timing: Timing) -> Candidate {
    let config: C = toml::from_str(toml).expect("a table");
    let datapath = config.load(&NoFiles).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let inputs = datapath.random(2000, &mut Draw::seeded(27));
    let case = Case { expected: datapath.golden(&inputs), inputs };
    Candidate::of(name, &*datapath, timing, case)
}

/// A dot product of `lanes` streamed weights: ours, or the module of `usual`.
fn dot(lanes: usize, usual: Option<&str>) -> Candidate {
    let toml = format!(
        "rows = 1\ncolumns = {lanes}\nlanes = {lanes}\ninput = \"s8\"\nweights = {{ from = \"stream\" }}"
    );
    let config: TernaryMacConfig = toml::from_str(&toml).expect("a table");
    let datapath: Box<dyn Datapath> = config.load(&NoFiles).expect("a datapath");
    let ports = datapath.ports();
    let inputs = stimulus::random(&ports, 2000, 25);
    let case = Case { expected: datapath.golden(&inputs), inputs };
    let (name, sources) = match usual {
        None => {
            let timing = Timing::levels(100);
            ("dot", emit(&circuit(&*datapath, "dot", timing)))
        }
        Some(text) => {
            let width = ports.outputs[0].width();
            let text = text.replace("LANES", &lanes.to_string()).replace("WIDTH", &width.to_string());
            let name = if text.contains("dot_case") { "dot_case" } else { "dot_product" };
            (name, vec![SourceFile { name: format!("{name}.v"), text }])
        }
    };
    Candidate { name, sources, ports, case }
}

/// `count` accumulators that share an activation, fed by a stream of it and a step for each row: ours in `form`, or the usual.
fn rows(count: usize, form: Option<AccumulatorForm>) -> Candidate {
    let columns = 200;
    let beats = form.map_or(columns, |form| form.steps(columns));
    let field = |name: &str, lanes, range| Field { name: name.into(), lanes, range };
    let accumulator = signed(WIDTH);
    let ports = Ports {
        inputs: vec![StreamPort {
            name: "x".into(),
            fields: vec![field("x", 1, signed(8)), field("step", count, Range::new(-1, 1))],
            framed: true,
            varying: false,
            frame_beats: beats,
            frame_values: beats * (count + 1),
        }],
        outputs: vec![StreamPort::frames("y", "y", count, accumulator.clone(), count)],
    };
    let case = frames_of_rows(count, columns, beats, form);
    let Some(form) = form else {
        let text = include_str!("rows_case.v")
            .replace("ROWS", &count.to_string())
            .replace("WIDTH", &WIDTH.to_string());
        return Candidate {
            name: "rows_case",
            sources: vec![SourceFile { name: "rows_case.v".into(), text }],
            ports,
            case,
        };
    };
    let m = Module::with_timing("rows", Timing::levels(100));
    let stream = m.input_stream("x", true, &(signed(8), vec![Range::new(-1, 1); count]));
    let steps = stream.map(|(x, steps)| {
        (x, steps.into_iter().map(|step| Trit::of_bits(step.to_bits())).collect::<Vec<_>>())
    });
    m.output_stream("y", row_accumulators(&m, steps, &accumulator, form));
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    Candidate { name: "rows", sources: emit(&circuit), ports, case }
}

/// Thirty frames of random activations and weights, encoded for `form`, with their dot products.
fn frames_of_rows(count: usize, columns: usize, beats: usize, form: Option<AccumulatorForm>) -> Case {
    let drawn = Ports {
        inputs: vec![
            StreamPort::frames("x", "x", 1, signed(8), columns),
            StreamPort::frames("w", "w", 1, Range::new(-1, 1), count * columns),
        ],
        outputs: Vec::new(),
    };
    let drawn: Transfers = stimulus::random(&drawn, 30, 26);
    let (mut x, mut y) =
        (Tokens { lanes: count + 1, ..Tokens::default() }, Tokens { lanes: count, ..Tokens::default() });
    for (activations, weights) in drawn[0].values.chunks(columns).zip(drawn[1].values.chunks(count * columns))
    {
        let rows: Vec<Vec<i8>> =
            weights.chunks(columns).map(|row| row.iter().map(|weight| *weight as i8).collect()).collect();
        y.values.extend(rows.iter().map(|row| ternary_dot_product(activations, row)));
        let steps: Vec<Vec<i8>> = match form {
            Some(form) => rows.iter().map(|row| form.encode(row)).collect(),
            None => rows,
        };
        for beat in 0..beats {
            let column = (beat + columns).checked_sub(beats);
            x.values.push(column.map_or(0, |column| activations[column]));
            x.values.extend(steps.iter().map(|row| i64::from(row[beat])));
            x.last.push(beat + 1 == beats);
        }
    }
    Case { inputs: vec![x], expected: vec![y] }
}

//! Look-up tables of a lane and of a row, next to the usual forms, in one run of the same Yosys. An area is printed only of
//! a netlist that has passed simulation with Yosys's own cell models. Exit status 1 where a bound is missed.

#[path = "../checked/mod.rs"]
mod checked;

use checked::Candidate;
use std::process::ExitCode;
use ternlet::blocks::{SharedStep, Trit, row_accumulators};
use ternlet::cli::shown_progress;
use ternlet::datapath::{
    Config, Datapath, EdgeEnhanceConfig, LiftingConfig, NmCompressConfig, NmSelectConfig, SlbSelectConfig,
    Source, SrSteUpdateConfig, Tensor, TernaryMacConfig, WaveletQuantizerConfig, circuit,
    ternary_dot_product,
};
use ternlet::device::{AccumulatorForm, Counts, Family};
use ternlet::hdl::{Module, Range, Timing, signed};
use ternlet::stream::{Draw, Field, Frame, Port, Ports, Tokens, Transfers};
use ternlet::tools::Toolchain;
use ternlet::verify::Case;
use ternlet::verilog::{SourceFile, emit};

const WIDTH: u32 = 16;

struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: the benchmark reads no files"))
    }
}

/// Looks up what it takes of a candidate on a family.
type Count<'a> = &'a dyn Fn(&Candidate, Family) -> Counts;

/// Prints figures, and says whether all bounds are met.
type Section = fn(Count) -> bool;

/// `cargo bench --bench luts -- sparse` prints one of them alone.
const SECTIONS: [(&str, Section); 4] = [
    ("lanes", lanes_of_a_beat),
    ("rows", rows_of_a_column),
    ("sparse", sparse_training),
    ("wavelets", wavelets),
];

fn main() -> ExitCode {
    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    let count = |candidate: &Candidate, family| candidate.netlist(&toolchain, family).counts;
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
        let area = a_lane(count(&ours, Family::ICE40_HX).lut4);
        let holds = area <= 18.5;
        met &= holds;
        println!("  {lanes:>2} lanes: ternary_mac {area:.2} (at most 18.5: {})", verdict(holds));
        for text in [include_str!("dot_case.v"), include_str!("dot_product.v")] {
            let usual = dot(lanes, Some(text));
            println!("            {} {:.2}", usual.name, a_lane(count(&usual, Family::ICE40_HX).lut4));
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
    for (family, name) in [(Family::ICE40_HX, "iCE40"), (Family::ECP5, "ECP5"), (Family::GOWIN, "Gowin")] {
        let [ours, usual] = [Some(family.accumulators), None].map(|form| {
            let [few, many] = [16, 32].map(|rows_of| count(&rows(rows_of, form), family).lut4);
            (few, (many - few) as f64 / 16.0)
        });
        let area = ours.1;
        let bound = f64::from(WIDTH + 2);
        let holds = area <= bound;
        let asked = if family == Family::GOWIN {
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
        let [one, three] = [1, 3].map(|parts| count(&candidate(parts), Family::ICE40_HX).lut4);
        let more = (three - one) as f64 / 2.0;
        println!("  {name:<36} {more:>6.2}  {one:>4}");
        more
    };
    let selector = of("nm_select, 2:4", |groups| {
        let toml = format!("pattern = \"2:4\"\ncolumns = {0}\nlanes = {0}\ninput = \"s8\"", 4 * groups);
        of_kind::<NmSelectConfig>("nm_select", &toml, Timing::combinational(), 2000)
    });
    met &= selector <= 32.0;
    println!("    (at most 32: {})", verdict(selector <= 32.0));
    of("nm_compress, 2:4", |groups| {
        let toml = format!("pattern = \"2:4\"\ncolumns = {0}\nlanes = {0}\ninput = \"s8\"", 4 * groups);
        of_kind::<NmCompressConfig>("nm_compress", &toml, Timing::combinational(), 2000)
    });
    of("sr_ste_update, 2:4, factors 2^-4, 2^-6", |groups| {
        let toml = format!(
            "pattern = \"2:4\"\ncolumns = {0}\nlanes = {0}\nweight = \"s8\"\ngradient = \"s8\"\n\
             learning_rate = {{ shift = 4 }}\nlambda = {{ shift = 6 }}",
            4 * groups
        );
        of_kind::<SrSteUpdateConfig>("sr_ste_update", &toml, Timing::combinational(), 2000)
    });
    of("slb_select, 4 scores", |weights| {
        let toml = format!("weights = {weights}\nlanes = {weights}\ncodebook = \"odd2\"\nscore = \"s8\"");
        of_kind::<SlbSelectConfig>("slb_select", &toml, Timing::combinational(), 2000)
    });
    met
}

/// Transforms by the reversible 5/3, and what is built of them.
fn wavelets(count: Count) -> bool {
    println!("5/3 wavelets of 8-bit samples, iCE40 HX8K at 60 MHz: LUT4, flip-flops, block RAM of 4 kbit");
    let of = |what: &str, candidate: Candidate| {
        let Counts { lut4, ff, block_ram, .. } = count(&candidate, Family::ICE40_HX);
        println!("  {what:<68} {lut4:>5} {ff:>5} {block_ram:>3}");
        lut4
    };
    let timing = || Timing::clock(Family::ICE40_HX, 60.0);
    let lifting = |name, size: &str, levels: u32, keys: &str| {
        let toml =
            format!("scheme = \"jpeg2000_5_3\"\nlevels = {levels}\ninput = \"u8\"\nsize = {size}\n{keys}");
        let frames = if size.contains(',') { 4 } else { 40 };
        of_kind::<LiftingConfig>(name, &toml, timing(), frames)
    };
    let folded = "hardware = \"folded\"";
    let line = of("lines of 64, 6 levels at once", lifting("line", "[64]", 6, ""));
    let folded_line = of("the same folded", lifting("line_folded", "[64]", 6, folded));
    of("the same folded, one frame", {
        lifting("line_mallat", "[64]", 6, "hardware = \"folded\"\nsubbands = \"mallat\"")
    });
    of("lines of 64, 1 level, 4 samples a cycle", lifting("line_4", "[64]", 1, "lanes = 4"));
    of("the same, 8 samples a cycle", lifting("line_8", "[64]", 1, "lanes = 8"));
    let back = "direction = \"inverse\"\nlanes = 2";
    of("lines of 64, 1 level back, 2 samples a cycle", lifting("line_back", "[64]", 1, back));
    let picture = of("pictures of 32 x 32, 3 levels at once", lifting("picture", "[32, 32]", 3, ""));
    let folded_picture = of("the same folded", lifting("picture_folded", "[32, 32]", 3, folded));
    of("edge_enhance, limited reconstruction, 32 x 32, 2 levels", {
        let toml = "size = [32, 32]\ninput = \"u8\"\n[limited_reconstruction]\n\
                    scheme = \"jpeg2000_5_3\"\nlevels = 2\noutput = \"s9\"\ngains = { ll2 = 0 }";
        of_kind::<EdgeEnhanceConfig>("limited", toml, timing(), 4)
    });
    of("wavelet_quantizer of `ternlet new`, lines of 16, Haar, there and back", {
        let example: toml::Table = WaveletQuantizerConfig::EXAMPLE.parse().expect("a design file");
        let mut table = example["datapath"].as_table().expect("a table").clone();
        table.remove("kind");
        let toml = toml::to_string(&table).expect("a table");
        of_kind::<WaveletQuantizerConfig>("quantizer", &toml, timing(), 400)
    });
    let holds = folded_line < line && folded_picture < picture;
    println!("  (folded is smaller: {})", verdict(holds));
    holds
}

fn verdict(holds: bool) -> &'static str {
    if holds { "met" } else { "MISSED" }
}

/// The datapath of the keys of a `[datapath]` table, with random frames.
fn of_kind<C: Config>(name: &'static str, toml: &str, timing: Timing, frames: usize) -> Candidate {
    let config: C = toml::from_str(toml).expect("a table");
    let datapath = config.load(&NoFiles).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let inputs = datapath.random(frames, &mut Draw::seeded(27));
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
    let inputs = ternlet::stream::random(&ports, 2000, 25);
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
        inputs: vec![Port {
            name: "x".into(),
            fields: vec![field("x", 1, signed(8)), field("step", count, Range::new(-1, 1))],
            frame: Frame::steps(beats, count + 1),
        }],
        outputs: vec![Port::vectors("y", "y", count, accumulator.clone(), count)],
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
    let steps = stream.map(|(x, steps)| SharedStep {
        x,
        steps: steps.into_iter().map(|step| Trit::of_bits(step.to_bits())).collect(),
    });
    m.output_stream("y", row_accumulators(&m, steps, &accumulator, form));
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    Candidate { name: "rows", sources: emit(&circuit), ports, case }
}

/// Thirty frames of random activations and weights, encoded for `form`, with their dot products.
fn frames_of_rows(count: usize, columns: usize, beats: usize, form: Option<AccumulatorForm>) -> Case {
    let drawn = Ports {
        inputs: vec![
            Port::vectors("x", "x", 1, signed(8), columns),
            Port::vectors("w", "w", 1, Range::new(-1, 1), count * columns),
        ],
        outputs: Vec::new(),
    };
    let drawn: Transfers = ternlet::stream::random(&drawn, 30, 26);
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

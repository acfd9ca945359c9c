//! What 2:4 sparsity costs and saves: dense and 2:4 arrays of equal throughput, side by side in one run of the same tools. An area
//! is printed only of a netlist that has passed simulation with models of its cells. `units` are the parts that grow with an
//! array, which have bounds; `arrays` are whole ones with their weights in block RAM, placed and routed; `codebooks` compares the
//! forms of a codebook's products. Without an argument: all. Exit status 1 where a bound is missed.

#[path = "../checked/mod.rs"]
mod checked;

use checked::Candidate;
use std::process::ExitCode;
use ternlet::blocks::{Codebook, CodebookForm, PairChoice, product_term, tree_with_carries};
use ternlet::cli::shown_progress;
use ternlet::datapath::{Config, Datapath, NmMacConfig, Source, Tensor, codebook_dot_product, dot_product};
use ternlet::device::{Board, Family};
use ternlet::flow::{self, Options};
use ternlet::hdl::{Module, Range, Timing, signed};
use ternlet::stream::{Field, Port, Ports, Tokens, Transfers};
use ternlet::tools::Toolchain;
use ternlet::verify::Case;
use ternlet::verilog::{SourceFile, emit};

struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: the benchmark reads no files"))
    }
}

fn main() -> ExitCode {
    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let runs = |part: &str| asked.is_empty() || asked.iter().any(|asked| asked == part);
    let mut met = true;
    if runs("units") {
        met &= units(&toolchain);
    }
    if runs("codebooks") {
        codebooks(&toolchain);
    }
    if runs("arrays") {
        arrays(&toolchain);
    }
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Weights of a matrix that is 2:4, or anything.
fn matrix(rows: usize, columns: usize, (lo, hi): (i64, i64), sparse: bool) -> Vec<Vec<i64>> {
    let mut state = 24u64;
    let mut draw = |count: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as i64 % count
    };
    let mut group = || {
        let mut weights: Vec<i64> = (0..4).map(|_| lo + draw(hi - lo + 1)).collect();
        while sparse && weights.iter().filter(|weight| **weight != 0).count() > 2 {
            weights[draw(4) as usize] = 0;
        }
        weights
    };
    (0..rows).map(|_| (0..columns / 4).flat_map(|_| group()).collect()).collect()
}

/// An array of 8-bit signed activations: dense (4:4, which has no selectors) or 2:4.
struct Array {
    rows: usize,
    columns: usize,
    lanes: usize,
    parallel_rows: usize,
    weight: &'static str,
    sparse: bool,
}

impl Array {
    fn datapath(&self) -> Box<dyn Datapath> {
        let Self { rows, columns, lanes, parallel_rows, weight, sparse } = self;
        let bounds = match weight.strip_prefix('s') {
            Some(bits) => {
                let half = 1 << (bits.parse::<u32>().expect("bits") - 1);
                (-half, half - 1)
            }
            None => (-1, 1),
        };
        let values = matrix(*rows, *columns, bounds, *sparse);
        let pattern = if *sparse { "2:4" } else { "4:4" };
        let toml = format!(
            "rows = {rows}\ncolumns = {columns}\npattern = \"{pattern}\"\nweight = \"{weight}\"\nlanes = {lanes}\n\
             parallel_rows = {parallel_rows}\ninput = \"s8\"\nweights = {{ from = \"memory\", values = {values:?} }}"
        );
        let config: NmMacConfig = toml::from_str(&toml).expect("a table");
        config.load(&NoFiles).unwrap_or_else(|errors| panic!("{}", errors[0]))
    }

    fn candidate(&self, timing: Timing) -> Candidate {
        let datapath = self.datapath();
        let inputs = ternlet::stream::random(&datapath.ports(), 20, 27);
        let case = Case { expected: datapath.golden(&inputs), inputs };
        Candidate::of("array", &*datapath, timing, case)
    }
}

/// Four columns and their weights in one beat, and for ternary weights a row more of an array: dense, 2:4, and the bounds of their
/// ratio. What a 2:4 unit of multipliers is compared with is the sum of four products that leaves them to synthesis; our own
/// dense unit is printed next to it.
fn units(toolchain: &Toolchain) -> bool {
    println!("LUT4 of a 2:4 unit beside dense ones, iCE40 HX, 8-bit signed activations, soft multipliers");
    let luts = |candidate: &Candidate| candidate.netlist(toolchain, Family::ICE40_HX).counts.lut4 as f64;
    let mut met = true;
    for (bits, bound) in [(2, 0.63), (4, 0.55), (8, 0.51)] {
        let [usual, dense, sparse] =
            [Row::Usual, Row::Dense, Row::Sparse].map(|row| luts(&multiplier_row(bits, row)));
        let (ratio, holds) = within(sparse / usual, bound);
        met &= holds;
        println!(
            "  {bits}-bit weights, the sum of four columns: usual {usual}, dense {dense}, 2:4 {sparse}: {ratio} of the usual one, \
             {:.3} of ours",
            sparse / dense
        );
    }
    // 252 columns of 8-bit activations add up in 16 bits.
    let [dense, sparse] = [false, true].map(|sparse| {
        let of_rows = |parallel_rows| {
            let (rows, columns, lanes, weight) = (4, 252, 4, "ternary");
            let array = Array { rows, columns, lanes, parallel_rows, weight, sparse };
            luts(&array.candidate(Timing::levels(100)))
        };
        (of_rows(4) - of_rows(2)) / 2.0
    });
    let (ratio, holds) = within(sparse / dense, 0.75);
    println!(
        "  ternary, a row of four columns a beat with its 16-bit accumulator: dense {dense}, 2:4 {sparse}: {ratio} of ours"
    );
    met & holds
}

/// `ratio` next to its bound, which is given with two decimals, and whether it is met.
fn within(ratio: f64, bound: f64) -> (String, bool) {
    let holds = ratio < bound + 0.005;
    (format!("{ratio:.3} (at most {bound}: {})", if holds { "met" } else { "MISSED" }), holds)
}

#[derive(Clone, Copy, PartialEq)]
enum Row {
    /// `x0 * w0 + x1 * w1 + x2 * w2 + x3 * w3` in Verilog.
    Usual,
    Dense,
    Sparse,
}

/// The sum of four products, of which two are 0 in a sparse row, and of what was summed before, after a handshake.
fn multiplier_row(bits: u32, row: Row) -> Candidate {
    let sparse = row == Row::Sparse;
    let weights = if sparse { 2 } else { 4 };
    let (x_range, w_range, y_range) = (signed(8), signed(bits), signed(bits + 10));
    let codes = if sparse { vec![Range::new(0, 7)] } else { Vec::new() };
    let (name, sources) = if row == Row::Usual {
        let text = include_str!("row_product.v").replace("BITS", &bits.to_string());
        ("row_product", vec![SourceFile { name: "row_product.v".into(), text }])
    } else {
        let m = Module::with_timing("array", Timing::levels(100));
        let x = m.input_stream("x", false, &vec![x_range.clone(); 4]);
        let w = m.input_stream("w", false, &(vec![w_range.clone(); weights], codes.clone(), y_range.clone()));
        m.output_stream(
            "y",
            x.zip(w).map(|(x, (w, code, before))| {
                let kept = match code[..] {
                    [code] => PairChoice::of_bits(code).select([x[0], x[1], x[2], x[3]]).to_vec(),
                    _ => x,
                };
                let (terms, carries): (Vec<_>, Vec<_>) =
                    kept.into_iter().zip(w).map(|(x, w)| product_term(x, w)).unzip();
                let carries: Vec<_> = carries.into_iter().flatten().collect();
                vec![tree_with_carries(&terms, &carries).add_to(before).wrap(y_range.clone())]
            }),
        );
        ("array", emit(&m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]))))
    };
    let field = |name: &str, lanes, range| Field { name: name.into(), lanes, range };
    let mut fields = vec![field("w", weights, w_range)];
    fields.extend(codes.into_iter().map(|range| field("code", 1, range)));
    fields.push(field("before", 1, y_range.clone()));
    let w = Port::single("w", fields);
    let x = Port::vectors("x", "x", 4, x_range, 4);
    let y = Port::vectors("y", "y", 1, y_range, 1);
    let ports = Ports { inputs: vec![x, w], outputs: vec![y] };
    let mut inputs = ternlet::stream::random(&ports, 1000, 29);
    let mut y = Tokens { lanes: 1, ..Tokens::default() };
    const PAIRS: [[usize; 2]; 6] = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]];
    let beats = inputs[0].values.clone();
    for (beat, (x, w)) in
        beats.chunks(4).zip(inputs[1].values.chunks_mut(ports.inputs[1].lanes())).enumerate()
    {
        let pair = PAIRS[beat % 6];
        let kept = if sparse { pair.map(|place| x[place]).to_vec() } else { x.to_vec() };
        let before = w.last_mut().expect("a sum");
        // So that the whole fits into as many bits.
        *before /= 2;
        let before = *before;
        y.values.push(before + dot_product(&kept, &w[..weights]));
        if sparse {
            w[2] = PairChoice::encode(pair.map(|place| place as i64)).into();
        }
    }
    Candidate { name, sources, ports, case: Case { inputs, expected: vec![y] } }
}

/// Whole arrays at 8 dense multiplications a cycle: 16 x 64 weights, 8 columns a beat, a row at a time.
fn arrays(toolchain: &Toolchain) {
    println!(
        "Arrays of equal throughput: 16 x 64 weights in block RAM, 8 columns a beat, a row at a time, 8-bit signed activations"
    );
    println!("  board  weights  array  LUT4  flip-flops  DSP  block RAM (weight bits)  fmax");
    for (board, frequency_mhz) in [("hx8k", 40.0), ("ulx3s", 40.0)] {
        let board = Board::named(board).expect("a shipped board");
        for weight in ["ternary", "s4", "s8"] {
            for sparse in [false, true] {
                let (rows, columns, lanes, parallel_rows) = (16, 64, 8, 1);
                let array = Array { rows, columns, lanes, parallel_rows, weight, sparse };
                let timing = Timing::clock(board.family, frequency_mhz);
                let candidate = array.candidate(timing);
                let counts = candidate.netlist(toolchain, board.family).counts;
                let options = Options { frequency_mhz, seeds: 1, dsp: true };
                let fmax = match flow::synthesize(toolchain, &candidate.design(), &board, options) {
                    Ok(result) => match result.placement() {
                        Some(placement) => format!("{:.1} MHz", placement.fmax_mhz),
                        None => result.unmet().unwrap_or_default(),
                    },
                    Err(error) => error.to_string(),
                };
                let facts = array.datapath().facts(Timing::combinational());
                let memory =
                    facts.iter().find(|(what, _)| what == "weight memory").expect("weights in memory");
                println!(
                    "  {:<5}  {weight:<7}  {}  {:>5}  {:>5}  {:>3}  {:>2} ({})  {fmax}",
                    board.name,
                    if sparse { "2:4  " } else { "dense" },
                    counts.lut4,
                    counts.ff,
                    counts.dsp,
                    counts.block_ram,
                    memory.1
                );
            }
        }
    }
}

/// Four columns of a codebook's indices for one row and for eight, in either form; which of them the datapath takes.
fn codebooks(toolchain: &Toolchain) {
    println!("LUT4 of four columns a beat by a codebook's form, iCE40 HX, 8-bit signed activations");
    for bits in [1u32, 2, 3, 4] {
        let entries: Vec<i64> = (0..1 << bits).map(|k| 2 * k - ((1 << bits) - 1)).collect();
        for rows in [1usize, 8] {
            let [multiples, shift_adds] = [CodebookForm::Multiples, CodebookForm::ShiftAdd]
                .map(|form| codebook(&entries, rows, form).netlist(toolchain, Family::ICE40_HX).counts.lut4);
            let taken = Codebook::new(&entries, 4, rows, 8);
            println!(
                "  {entries:?}, {rows} rows: multiples {multiples}, shift-adds {shift_adds}; {}",
                taken.summary()
            );
        }
    }
}

fn codebook(entries: &[i64], rows: usize, form: CodebookForm) -> Candidate {
    let (lanes, places) = (4, Range::new(0, entries.len() - 1));
    let m = Module::with_timing("array", Timing::levels(100));
    let x = m.input_stream("x", false, &vec![signed(8); lanes]);
    let k = m.input_stream("k", false, &vec![places.clone(); rows * lanes]);
    let product = Codebook::new(entries, lanes, rows, 8).with_form(form);
    let y = x.zip(k).map(|(x, k)| {
        let rows: Vec<_> = k.chunks(lanes).collect();
        let dots = product.dots(&x, &rows).into_iter();
        dots.map(|dot| dot.whole().wrap(signed(15))).collect::<Vec<_>>()
    });
    m.output_stream("y", y);
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    let ports = Ports {
        inputs: vec![
            Port::vectors("x", "x", lanes, signed(8), lanes),
            Port::vectors("k", "k", rows * lanes, places, rows * lanes),
        ],
        outputs: vec![Port::vectors("y", "y", rows, signed(15), rows)],
    };
    let inputs: Transfers = ternlet::stream::random(&ports, 1000, 28);
    let mut y = Tokens { lanes: rows, ..Tokens::default() };
    for (x, k) in inputs[0].values.chunks(lanes).zip(inputs[1].values.chunks(rows * lanes)) {
        let of_row = |k: &[i64]| {
            codebook_dot_product(x, &k.iter().map(|&index| index as usize).collect::<Vec<_>>(), entries)
        };
        y.values.extend(k.chunks(lanes).map(of_row));
    }
    Candidate { name: "array", sources: emit(&circuit), ports, case: Case { inputs, expected: vec![y] } }
}

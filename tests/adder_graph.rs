//! Adder graphs as hardware: every form computes the matrix, whatever the weights and the types of the inputs.

use num_bigint::BigInt;
use proptest::prelude::*;
use ternlet::blocks::{AdderGraph, Polarities, constant_matrix};
use ternlet::datapath::{
    CodebookMacConfig, Config, Datapath, NmMacConfig, Source, Tensor, TernaryMacConfig, circuit,
};
use ternlet::device::{AdderForm, Family};
use ternlet::estimate::cost;
use ternlet::flow::{self, Access, Design};
use ternlet::hdl::{Interpreter, Module, Range, Timing, signed};
use ternlet::stream::{Port, Ports, Tokens};
use ternlet::tools::{Progress, Toolchain};
use ternlet::verify::{Case, Plan, VerilatorTools, simulate};
use ternlet::verilog::emit;

struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: the test reads no files"))
    }
}

fn products(matrix: &[Vec<i64>], inputs: &[(i64, i64)], x: &[i64], form: AdderForm) -> Vec<BigInt> {
    let graph = AdderGraph::of(matrix, inputs, 5);
    let m = Module::new("matrix");
    let ports: Vec<_> = inputs
        .iter()
        .enumerate()
        .map(|(index, &(lo, hi))| m.input(format!("x{index}"), Range::new(lo, hi)))
        .collect();
    ports.iter().for_each(|port| m.ignore(*port));
    for (index, row) in constant_matrix(&graph, &ports, form).into_iter().enumerate() {
        m.output(format!("y{index}"), row);
    }
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    let x: Vec<BigInt> = x.iter().map(|&x| x.into()).collect();
    Interpreter::new(circuit).expect("no black box").cycle(false, &x)
}

type Product = (Vec<Vec<i64>>, Vec<(i64, i64)>, Vec<i64>);

fn case() -> impl Strategy<Value = Product> {
    let range = prop_oneof![Just((-128i64, 127i64)), Just((0, 31)), Just((-1, 0)), Just((0, 1))];
    let input = range.prop_flat_map(|(lo, hi)| (Just((lo, hi)), prop_oneof![Just(lo), Just(hi), lo..=hi]));
    (1usize..7, 1usize..7).prop_flat_map(move |(rows, columns)| {
        let weight = prop_oneof![4 => -1i64..=1, 1 => -100i64..100];
        let matrix = prop::collection::vec(prop::collection::vec(weight, columns), rows);
        let inputs = prop::collection::vec(input.clone(), columns);
        (matrix, inputs).prop_map(|(matrix, inputs)| {
            let (ranges, x) = inputs.into_iter().unzip();
            (matrix, ranges, x)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_form_computes_the_matrix((matrix, inputs, x) in case()) {
        let expected: Vec<BigInt> = matrix
            .iter()
            .map(|row| row.iter().zip(&x).map(|(weight, x)| weight * x).sum::<i64>().into())
            .collect();
        for form in [AdderForm::Polarity, AdderForm::Difference] {
            prop_assert_eq!(&products(&matrix, &inputs, &x, form), &expected);
        }
    }
}

/// `x0 - x1` and `x1 - x0` are one adder in two polarities, and one complement of an input.
#[test]
fn a_difference_and_its_negative_share_their_adder() {
    let graph = AdderGraph::of(&[vec![1, -1], vec![-1, 1]], &[(-128, 127); 2], 0);
    assert_eq!(graph.adders(), 1);
    assert_eq!(
        Polarities::of(&graph).luts,
        9 + 8 + 9 + 9,
        "the adder, the complement of an input, the complement of the sum and the +1 that makes it negative"
    );
}

/// Small matrices of every kind: ternary ones, one of larger integers, one without zeros, rows of zeros, of one weight, and of
/// negative weights only.
fn matrices() -> Vec<Vec<Vec<i64>>> {
    let weight = |row: i64, column: i64| (row * 7919 + column * 104_729 + row * column * 31) % 97;
    let of = |weight: &dyn Fn(i64, i64) -> i64| -> Vec<Vec<i64>> {
        (0..7).map(|row| (0..8).map(|column| weight(row, column)).collect()).collect()
    };
    let mut corners = vec![vec![0; 5]; 6];
    corners[1][2] = 1;
    corners[2][3] = -1;
    corners[3] = vec![-1, -1, 0, 0, -1];
    corners[4] = vec![-4, 0, 0, 4, 0];
    corners[5][4] = -8;
    vec![
        of(&|row, column| weight(row, column) % 3 - 1),
        of(&|row, column| (weight(row, column) % 2) * 2 - 1),
        of(&|row, column| weight(row, column) % 15 - 7),
        corners,
    ]
}

#[test]
fn verilog_computes_the_matrix() {
    let toolchain = Toolchain::new(Progress::quiet()).unwrap();
    let tools = VerilatorTools::of(&toolchain).unwrap();
    for (matrix, form) in matrices().iter().zip([AdderForm::Polarity, AdderForm::Difference].iter().cycle()) {
        let (rows, columns) = (matrix.len(), matrix[0].len());
        let graph = AdderGraph::of(matrix, &vec![(-128, 127); columns], 50);
        let m = Module::new("matrix");
        let y = m.input_stream("x", false, &vec![signed(8); columns]).map(|x| {
            x.iter().for_each(|x| m.ignore(*x));
            constant_matrix(&graph, &x, *form).into_iter().map(|y| y.wrap(signed(20))).collect::<Vec<_>>()
        });
        m.output_stream("y", y.stage());
        let sources = emit(&m.finish().unwrap_or_else(|violations| panic!("{}", violations[0])));
        let ports = Ports {
            inputs: vec![Port::vectors("x", "x", columns, signed(8), columns)],
            outputs: vec![Port::vectors("y", "y", rows, signed(20), rows)],
        };
        let inputs = ternlet::stream::random(&ports, 300, 5);
        let vectors = inputs[0].values.chunks(columns);
        let product = |x: &[i64], row: &Vec<i64>| x.iter().zip(row).map(|(x, weight)| x * weight).sum();
        let values = vectors.flat_map(|x| matrix.iter().map(|row| product(x, row)).collect::<Vec<i64>>());
        let expected = vec![Tokens { lanes: rows, values: values.collect(), last: Vec::new() }];
        let plan = Plan {
            sources: &sources,
            top: "matrix",
            ports: &ports,
            defines: Vec::new(),
            cases: &[Case { inputs, expected }],
            seed: 1,
            waves: None,
            stall_limit: 1000,
        };
        assert_eq!(simulate(&tools, &plan).unwrap().mismatches, 0);
    }
}

#[test]
fn the_estimate_is_what_yosys_counts() {
    let toolchain = Toolchain::new(Progress::quiet()).unwrap();
    for matrix in matrices() {
        let graph = AdderGraph::of(&matrix, &vec![(-128, 127); matrix[0].len()], 50);
        let m = Module::new("matrix");
        let x: Vec<_> = (0..matrix[0].len()).map(|i| m.input(format!("x{i}"), signed(8))).collect();
        x.iter().for_each(|x| m.ignore(*x));
        for (i, y) in constant_matrix(&graph, &x, AdderForm::Polarity).into_iter().enumerate() {
            m.output(format!("y{i}"), y);
        }
        let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
        let sources = emit(&circuit);
        let design = Design {
            name: "matrix",
            sources: &sources,
            ports: Ports::default(),
            clocked: false,
            access: Access::Scan,
        };
        let netlist = flow::netlist(&toolchain, &design, Family::ICE40_HX).unwrap();
        assert_eq!(Polarities::of(&graph).luts, netlist.counts.lut4, "{matrix:?}");
        assert_eq!(cost(&circuit, Family::ICE40_HX).lut4, netlist.counts.lut4, "of the walk: {matrix:?}");
    }
}

/// What a datapath with constant weights tells before synthesis, whatever its weights are made of: the netlist has as many look-up
/// tables, and two for the handshake around its register.
#[test]
fn the_fact_of_every_datapath_is_what_yosys_counts() {
    fn datapath<C: Config>(toml: &str) -> Box<dyn Datapath> {
        let config: C = toml::from_str(toml).unwrap();
        config.load(&NoFiles).unwrap_or_else(|problems| panic!("{}", problems[0]))
    }
    let toolchain = Toolchain::new(Progress::quiet()).unwrap();
    let weights = |values: &str| format!("weights = {{ from = \"constant\", values = {values} }}\n");
    let shape = |rows: usize, columns: usize| format!("rows = {rows}\ncolumns = {columns}\n");
    let ternary = "[[1, 0, -1, 1, 1, -1], [0, 1, -1, 0, 1, -1], [-1, -1, 0, -1, 0, 0], [0, 0, 0, 0, 0, 0]]";
    let sparse = "[[3, 0, 0, -8, 0, 7, 1, 0], [0, 0, 5, 5, -1, 0, 0, 2], [-1, 0, 0, -4, 0, 0, -2, 0]]";
    let indices = "[[0, 3, 1, 1, 2, 0], [2, 2, 3, 0, 1, 3], [0, 0, 0, 0, 0, 0]]";
    for input in ["s8", "s3", "u5", "u3"] {
        let input = format!("input = \"{input}\"\n");
        let of_kinds = [
            datapath::<TernaryMacConfig>(&(shape(4, 6) + &input + &weights(ternary))),
            datapath::<NmMacConfig>(
                &(shape(3, 8) + &input + "pattern = \"2:4\"\nweight = \"s4\"\n" + &weights(sparse)),
            ),
            datapath::<CodebookMacConfig>(
                &(shape(3, 6) + &input + "codebook = \"odd2\"\n" + &weights(indices)),
            ),
            datapath::<CodebookMacConfig>(
                &(shape(3, 6) + &input + "codebook = [-5, 9, 0, 3]\n" + &weights(indices)),
            ),
        ];
        for datapath in of_kinds {
            let timing = Timing::clock(Family::ICE40_HX, 1.0);
            let (kind, facts) = (datapath.kind(), datapath.facts(timing));
            let told = &facts.iter().find(|(what, _)| what == "look-up tables of the adders").unwrap().1;
            let sources = emit(&circuit(&*datapath, kind, timing));
            let design = Design {
                name: kind,
                sources: &sources,
                ports: Ports::default(),
                clocked: true,
                access: Access::Scan,
            };
            let counted = flow::netlist(&toolchain, &design, Family::ICE40_HX).unwrap().counts.lut4;
            assert_eq!(*told, format!("{} on iCE40", counted - 2), "{kind}, {input}");
            let elsewhere = datapath.facts(Timing::clock(Family::ECP5, 1.0));
            assert!(!elsewhere.iter().any(|(_, value)| value.contains("iCE40")), "{elsewhere:?}");
        }
    }
}

/// What `AdderGraph::of` compares with the matrix before it gives a graph away differs as soon as anything in it does.
#[test]
fn a_broken_graph_is_another_matrix() {
    let matrix = &matrices()[0];
    let graph = AdderGraph::of(matrix, &[(-128, 127); 8], 50);
    assert_eq!(&graph.matrix(), matrix);
    for sum in 0..graph.adders() {
        let mut broken = graph.clone();
        broken.sums[sum].subtracts ^= true;
        assert_ne!(&broken.matrix(), matrix, "sum {sum} with the other sign");
        let mut broken = graph.clone();
        broken.sums[sum].shift += 1;
        assert_ne!(&broken.matrix(), matrix, "sum {sum} shifted");
        let mut broken = graph.clone();
        broken.sums[sum].b = (broken.sums[sum].b + 1) % 8;
        assert_ne!(&broken.matrix(), matrix, "sum {sum} of another node");
    }
    for row in 0..matrix.len() {
        let mut broken = graph.clone();
        broken.rows[row] = None;
        assert_ne!(&broken.matrix(), matrix, "row {row} left out");
    }
}

use crate::check::*;
use proptest::prelude::*;
use ternlet::datapath::TernaryMacConfig;
use ternlet::device::Family;
use ternlet::hdl::Timing;

fn matrix(rows: usize, columns: usize, seed: usize) -> String {
    let weight = |row: usize, column: usize| {
        (((row * 7 + column * 5 + row * column + seed) * 2654435761) >> 7) as i64 % 3 - 1
    };
    let rows: Vec<Vec<i64>> =
        (0..rows).map(|row| (0..columns).map(|column| weight(row, column)).collect()).collect();
    format!("{rows:?}")
}

#[derive(Debug, Clone)]
struct Shape {
    rows: usize,
    columns: usize,
    lanes: usize,
    parallel_rows: usize,
    input: String,
}

impl Shape {
    fn toml(&self, weights: &str) -> String {
        let Self { rows, columns, lanes, parallel_rows, input } = self;
        format!(
            "rows = {rows}\ncolumns = {columns}\nlanes = {lanes}\nparallel_rows = {parallel_rows}\ninput = \"{input}\"\n\
             weights = {weights}\n"
        )
    }

    fn memory(&self, packing: &str) -> String {
        let values = matrix(self.rows, self.columns, self.lanes);
        self.toml(&format!("{{ from = \"memory\", packing = \"{packing}\", values = {values} }}"))
    }

    fn stream(&self) -> String {
        self.toml("{ from = \"stream\" }")
    }
}

fn shape(rows: usize, columns: usize, lanes: usize, parallel_rows: usize, input: &str) -> Shape {
    Shape { rows, columns, lanes, parallel_rows, input: input.into() }
}

const SCALE: &str = "[requantize]\noutput = \"u4\"\nmultiplier = 37\nbias = 11\nshift = 5\n";

fn odd_shapes() -> Vec<Shape> {
    vec![
        shape(1, 1, 1, 1, "u1"),
        shape(1, 1, 1, 1, "s1"),
        shape(37, 37, 5, 4, "s5"),
        shape(3, 8, 8, 1, "u5"),
        shape(4, 8, 8, 4, "s8"),
        shape(5, 1, 1, 2, "s8"),
        shape(1, 9, 2, 1, "u32"),
        shape(2, 7, 1, 2, "s32"),
    ]
}

#[test]
fn hardware_equals_golden_however_rows_and_columns_divide() {
    for shape in odd_shapes() {
        for toml in
            [shape.memory("bits2"), shape.memory("trits5"), shape.stream(), shape.memory("bits2") + SCALE]
        {
            interpreter(&*datapath::<TernaryMacConfig>(&toml), 3, 11);
        }
    }
}

/// Rows that share one activation a beat, in the form of each family: under Verilator, for the cells of ECP5 have no other
/// model.
#[test]
fn rows_that_share_an_activation_equal_golden_on_every_family() {
    let shapes = [
        shape(5, 9, 1, 5, "s8"),
        shape(7, 12, 1, 3, "u5"),
        shape(4, 2, 1, 2, "s1"),
        shape(3, 33, 1, 3, "s32"),
    ];
    for (index, shape) in shapes.iter().enumerate() {
        let toml = if index == 1 { shape.memory("trits5") + SCALE } else { shape.memory("bits2") };
        for family in [Family::ICE40_HX, Family::ECP5] {
            let timing = Timing::clock(family, 60.0);
            let report = verilator(&*datapath::<TernaryMacConfig>(&toml), 100, 23, timing);
            assert_eq!((report.mismatches, report.frames), (0, 105), "{family:?}");
        }
    }
}

fn any_shape() -> impl Strategy<Value = Shape> {
    (1usize..9, 1usize..12).prop_flat_map(|(rows, columns)| {
        (1..=columns, 1..=rows, any::<bool>(), 1u32..=32).prop_map(
            move |(lanes, parallel_rows, signed, bits)| {
                shape(
                    rows,
                    columns,
                    lanes,
                    parallel_rows,
                    &format!("{}{bits}", if signed { 's' } else { 'u' }),
                )
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_shape_of_matrix(shape in any_shape(), kind in 0usize..4) {
        let toml = match kind {
            0 => shape.memory("bits2"),
            1 => shape.memory("trits5"),
            2 => shape.stream(),
            _ => shape.memory("trits5") + SCALE,
        };
        interpreter(&*datapath::<TernaryMacConfig>(&toml), 2, 12);
    }
}

#[test]
fn verilog_equals_golden() {
    let shapes = [shape(37, 37, 5, 4, "s5"), shape(4, 8, 8, 4, "u8"), shape(6, 10, 2, 3, "s8")];
    for (index, shape) in shapes.iter().enumerate() {
        let toml = [shape.memory("trits5"), shape.stream(), shape.memory("bits2") + SCALE][index].clone();
        for timing in [Timing::levels(50), Timing::levels(2)] {
            let report = verilator(&*datapath::<TernaryMacConfig>(&toml), 200, 13, timing);
            assert_eq!((report.mismatches, report.frames), (0, 205));
        }
    }
}

/// Without stalls each row group takes as many cycles as a vector has beats, and nothing between.
#[test]
fn a_beat_is_computed_in_every_cycle() {
    for (shape, cycles) in
        [(shape(8, 12, 3, 2, "s8"), 16.0), (shape(4, 6, 6, 1, "u4"), 4.0), (shape(3, 9, 3, 3, "u4"), 3.0)]
    {
        let report =
            verilator(&*datapath::<TernaryMacConfig>(&shape.memory("bits2")), 100, 14, Timing::levels(3));
        assert_eq!(report.initiation_interval, Some(cycles), "{shape:?}");
    }
}

/// A negated weight row gives a negated sum, and rows may be permuted with their sums: laws that no model here states.
#[test]
fn the_golden_model_is_linear() {
    let mac = |values: &str| {
        datapath::<TernaryMacConfig>(
            &shape(2, 4, 2, 1, "s8").toml(&format!("{{ from = \"memory\", values = {values} }}")),
        )
    };
    let inputs = stimuli(&*mac("[[1,1,0,-1],[0,1,1,1]]"), 50, 15).pop().unwrap();
    let of = |values: &str| mac(values).golden(&inputs)[0].values.clone();
    let plain = of("[[1,1,0,-1],[0,1,1,1]]");
    let negated = of("[[-1,-1,0,1],[0,1,1,1]]");
    for (pair, other) in plain.chunks(2).zip(negated.chunks(2)) {
        assert_eq!((pair[0], pair[1]), (-other[0], other[1]));
    }
    let swapped = of("[[0,1,1,1],[1,1,0,-1]]");
    assert!(plain.chunks(2).zip(swapped.chunks(2)).all(|(a, b)| a[0] == b[1] && a[1] == b[0]));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<TernaryMacConfig>(&shape(4, 6, 0, 9, "s8").memory("bits2"));
    assert!(text.contains("lanes = 0: there must be 1 to 6 (the columns); write 1 to 6"), "{text}");
    assert!(text.contains("parallel_rows = 9: there must be 1 to 4 (the rows); write 1 to 4"), "{text}");
    let text = problems::<TernaryMacConfig>(
        &shape(1, 2, 1, 1, "s8").toml("{ from = \"memory\", values = [[1, 2]] }"),
    );
    assert!(text.contains("2 (row 0, column 1 of weights.values): a ternary weight is -1, 0 or 1"), "{text}");
    let text = problems::<TernaryMacConfig>(
        &shape(1, 2, 1, 1, "s8").toml("{ from = \"memory\", file = \"w.npy\" }"),
    );
    assert!(text.contains("w.npy: no such file"), "{text}");
    let text = problems::<TernaryMacConfig>(&shape(1, 2, 1, 1, "s8").toml("{ from = \"memory\" }"));
    assert!(text.contains("neither a file nor values are given; give one of them"), "{text}");
    let text = problems::<TernaryMacConfig>(&shape(1, 2, 1, 1, "s8").toml("{ from = \"flash\" }"));
    assert!(
        text.contains("unknown variant `flash`, expected one of `stream`, `memory`, `loaded`, `constant`"),
        "{text}"
    );
}

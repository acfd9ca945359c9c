use crate::check::*;
use proptest::prelude::*;
use ternlet::datapath::{
    Config, Datapath, NmMacConfig, NmPattern, Source, Tensor, compress_group, dot_product, expand_group,
};
use ternlet::hdl::Timing;

#[derive(Debug, Clone)]
struct Shape {
    rows: usize,
    columns: usize,
    kept: usize,
    group: usize,
    weight: String,
    lanes: usize,
    parallel_rows: usize,
    input: String,
    dense: bool,
}

impl Shape {
    /// Weights that are N:M, or any if the array may take them; every few groups are zeros, or extremes.
    fn matrix(&self) -> Vec<Vec<i64>> {
        let (lo, hi) = match self.weight.as_str() {
            "ternary" => (-1, 1),
            signed if signed.starts_with('s') => {
                let bits: u32 = signed[1..].parse().unwrap();
                (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
            }
            unsigned => (0, (1i64 << unsigned[1..].parse::<u32>().unwrap()) - 1),
        };
        let mut state = (self.rows * 31 + self.columns) as u64 + 7;
        let mut draw = |count: i64| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as i64 % count
        };
        let mut group = |columns: usize| {
            let manner = draw(4) as usize;
            let mut weights: Vec<i64> =
                (0..columns).map(|_| [0, lo, hi, lo + draw(hi - lo + 1)][manner]).collect();
            let most = if self.dense { columns } else { self.kept };
            while weights.iter().filter(|weight| **weight != 0).count() > most {
                weights[draw(columns as i64) as usize] = 0;
            }
            weights
        };
        let widths: Vec<usize> =
            (0..self.columns).step_by(self.group).map(|first| self.group.min(self.columns - first)).collect();
        (0..self.rows).map(|_| widths.iter().flat_map(|&columns| group(columns)).collect()).collect()
    }

    fn toml(&self, weights: &str) -> String {
        let Self { rows, columns, kept, group, weight, lanes, parallel_rows, input, dense } = self;
        format!(
            "rows = {rows}\ncolumns = {columns}\npattern = \"{kept}:{group}\"\nweight = \"{weight}\"\nlanes = {lanes}\n\
             parallel_rows = {parallel_rows}\ninput = \"{input}\"\ndense = {dense}\nweights = {weights}\n"
        )
    }

    fn memory(&self) -> String {
        self.toml(&format!("{{ from = \"memory\", values = {:?} }}", self.matrix()))
    }

    fn stream(&self) -> String {
        self.toml("{ from = \"stream\" }")
    }
}

fn shape(
    (rows, columns): (usize, usize),
    (kept, group): (usize, usize),
    weight: &str,
    (lanes, parallel_rows): (usize, usize),
    input: &str,
) -> Shape {
    let (weight, input) = (weight.into(), input.into());
    Shape { rows, columns, kept, group, weight, lanes, parallel_rows, input, dense: false }
}

fn nm(toml: &str) -> Box<dyn Datapath> {
    datapath::<NmMacConfig>(toml)
}

#[test]
fn hardware_equals_golden_however_rows_columns_and_groups_divide() {
    for shape in [
        shape((1, 1), (1, 1), "s2", (1, 1), "u1"),
        shape((1, 1), (2, 4), "ternary", (4, 1), "s1"),
        shape((5, 37), (2, 4), "s4", (8, 2), "s5"),
        shape((5, 38), (2, 4), "ternary", (12, 3), "u5"),
        shape((3, 6), (2, 4), "s8", (8, 2), "s8"),
        shape((3, 10), (1, 4), "ternary", (4, 2), "s8"),
        shape((4, 15), (3, 5), "s3", (5, 4), "s8"),
        shape((2, 12), (3, 3), "u8", (6, 1), "u8"),
        shape((2, 9), (4, 6), "ternary", (6, 2), "s32"),
        shape((2, 20), (4, 16), "u2", (16, 2), "s3"),
    ] {
        for dense in [false, true] {
            let shape = Shape { dense, ..shape.clone() };
            interpreter(&*nm(&shape.memory()), 3, 31);
            interpreter(&*nm(&shape.stream()), 3, 32);
        }
        let scale = "[requantize]\noutput = \"u4\"\nmultiplier = 37\nbias = 11\nshift = 5\n";
        interpreter(&*nm(&(shape.stream() + scale)), 2, 33);
    }
}

fn any_shape() -> impl Strategy<Value = Shape> {
    let weight = prop_oneof![Just("ternary"), Just("s2"), Just("s4"), Just("u3"), Just("s8")];
    let pattern = (1usize..6).prop_flat_map(|group| (1..=group, Just(group)));
    (pattern, 1usize..6, 1usize..14, weight, any::<bool>()).prop_flat_map(
        |((kept, group), rows, columns, weight, dense)| {
            let groups = columns.div_ceil(group);
            (1..=groups, 1..=rows, any::<bool>(), 1u32..=12).prop_map(
                move |(lanes, parallel_rows, signed, bits)| {
                    let input = format!("{}{bits}", if signed { 's' } else { 'u' });
                    let folding = (lanes * group, parallel_rows);
                    Shape { dense, ..shape((rows, columns), (kept, group), weight, folding, &input) }
                },
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_shape_of_matrix(shape in any_shape(), streamed in any::<bool>()) {
        interpreter(&*nm(&if streamed { shape.stream() } else { shape.memory() }), 2, 34);
    }
}

#[test]
fn verilog_equals_golden() {
    let shapes = [
        shape((7, 37), (2, 4), "s4", (8, 3), "u5"),
        shape((4, 24), (2, 4), "ternary", (8, 2), "s8"),
        Shape { dense: true, ..shape((4, 24), (2, 4), "ternary", (8, 2), "s8") },
    ];
    for shape in shapes {
        for toml in [shape.memory(), shape.stream()] {
            let report = verilator(&*nm(&toml), 200, 35, Timing::levels(3));
            assert_eq!((report.mismatches, report.frames), (0, 205));
        }
    }
}

/// Every 2:4 group of 4-bit weights, zeros and most negative values among them, as a row of a matrix: products of each
/// of its four columns, in hardware.
#[test]
fn every_2_4_group_of_4_bit_weights() {
    let mut groups: Vec<Vec<i64>> = Vec::new();
    for number in 0..16usize.pow(4) {
        let group: Vec<i64> = (0..4).map(|place| (number >> (4 * place) & 15) as i64 - 8).collect();
        if group.iter().filter(|weight| **weight != 0).count() <= 2 {
            groups.push(group);
        }
    }
    assert_eq!(groups.len(), 1 + 4 * 15 + 6 * 15 * 15);
    let toml = format!(
        "rows = {}\ncolumns = 4\npattern = \"2:4\"\nweight = \"s4\"\nparallel_rows = 17\ninput = \"s8\"\n\
         weights = {{ from = \"memory\", values = {groups:?} }}",
        groups.len()
    );
    let mac = nm(&toml);
    let port = &mac.ports().inputs[0];
    let vectors = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [-128, 127, 3, -77]];
    let x = ternlet::stream::Tokens::pack(port, &vectors.concat());
    let y = mac.golden(&vec![x])[0].unpack(&mac.ports().outputs[0]);
    for (vector, sums) in vectors.iter().zip(y.chunks(groups.len())) {
        for (group, sum) in groups.iter().zip(sums) {
            let expected: i64 = (0..4).map(|place| group[place] * vector[place]).sum();
            assert_eq!(*sum, expected, "{group:?}");
        }
    }
    assert_eq!(verilator(&*mac, 5, 36, Timing::levels(20)).mismatches, 0);
}

/// The published nibbles of the sparse tensor core, by the two places that are kept.
#[test]
fn compressed_groups_have_the_published_metadata() {
    let pattern = NmPattern::new(2, 4).unwrap();
    let published = [
        ([0, 1], 0b0100),
        ([0, 2], 0b1000),
        ([1, 2], 0b1001),
        ([0, 3], 0b1100),
        ([1, 3], 0b1101),
        ([2, 3], 0b1110),
    ];
    for (kept, nibble) in published {
        let mut group = [0; 4];
        kept.iter().for_each(|&place: &usize| group[place] = -8);
        let (values, places) = compress_group(pattern, &group);
        assert_eq!((values, pattern.encode(&places)), (vec![-8, -8], Ok(nibble)));
    }
}

proptest! {
    #[test]
    fn a_compressed_group_expands_to_itself(
        (kept, group) in (1usize..=16).prop_flat_map(|group| (1..=group, Just(group))),
        weights in prop::collection::vec(-2i64..=1, 16),
    ) {
        let mut weights = weights[..group].to_vec();
        while weights.iter().filter(|weight| **weight != 0).count() > kept {
            *weights.iter_mut().find(|weight| **weight != 0).unwrap() = 0;
        }
        let pattern = NmPattern::new(kept, group).unwrap();
        let (values, places) = compress_group(pattern, &weights);
        prop_assert!(pattern.check(&places).is_ok());
        prop_assert_eq!(expand_group(pattern, &values, &places), weights);
    }
}

/// With as many multipliers, 2:4 weights take half the cycles of dense ones, 1:4 a quarter: counted.
#[test]
fn dense_weights_take_m_over_n_times_the_cycles() {
    let dense = |kept, group, rows, dense| {
        let shape = Shape { dense, ..shape((rows, 24), (kept, group), "s4", (8, 2), "s8") };
        verilator(&*nm(&shape.memory()), 60, 37, Timing::levels(3)).initiation_interval.unwrap()
    };
    assert_eq!((dense(2, 4, 4, false), dense(2, 4, 4, true)), (6.0, 12.0));
    assert_eq!((dense(1, 4, 4, false), dense(1, 4, 4, true)), (6.0, 24.0));
    assert_eq!((dense(3, 4, 4, false), dense(3, 4, 4, true)), (6.0, 12.0), "4 / 3, rounded up");
}

struct Tensors(Vec<(&'static str, Tensor)>);

impl Source for Tensors {
    fn tensor(&self, file: &str, name: Option<&str>) -> Result<Tensor, String> {
        let found = self.0.iter().find(|(tensor, _)| Some(*tensor) == name);
        found.map(|(_, tensor)| tensor.clone()).ok_or_else(|| format!("{file}: no such tensor"))
    }
}

const COMPRESSED: &str = "rows = 2\ncolumns = 7\npattern = \"2:4\"\nweight = \"s4\"\nlanes = 4\ninput = \"s8\"\n\
     weights = { from = \"memory\", file = \"w.safetensors\", tensor = \"w\", metadata = \"m\" }";

fn compressed(values: [i64; 8], metadata: [i64; 4]) -> Result<Box<dyn Datapath>, String> {
    let tensor = |columns, values| Tensor { shape: vec![2, columns], values };
    let source = Tensors(vec![("w", tensor(4, values.to_vec())), ("m", tensor(2, metadata.to_vec()))]);
    let config: NmMacConfig = toml::from_str(COMPRESSED).unwrap();
    config.load(&source).map_err(|errors| errors[0].to_string())
}

#[test]
fn a_compressed_matrix_is_its_dense_one() {
    let mac = compressed([3, -8, 1, 2, 7, 7, -1, 0], [0b1101, 0b0100, 0b1000, 0b1110]).unwrap();
    let dense = [[0, 3, 0, -8, 1, 2, 0], [7, 0, 7, 0, 0, 0, -1]];
    let inputs = stimuli(&*mac, 20, 38).pop().unwrap();
    let x = inputs[0].unpack(&mac.ports().inputs[0]);
    let expected: Vec<i64> =
        x.chunks(7).flat_map(|x| dense.iter().map(move |row| dot_product(x, row))).collect();
    assert_eq!(mac.golden(&inputs)[0].values, expected);
    interpreter(&*mac, 3, 39);

    let error = |values, metadata| compressed(values, metadata).err().unwrap();
    let text = error([0; 8], [0b1101, 0b0100, 0b0101, 0b0100]);
    assert!(text.contains("\"m\" (row 1, group 0): places [1, 1] are impossible metadata"), "{text}");
    let text = error([0, 0, 0, 5, 0, 0, 0, 0], [0b1101, 0b1110, 0b0100, 0b0100]);
    assert!(text.contains("row 0 of w.safetensors: a weight is kept beyond the 7 columns"), "{text}");
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let problems = |toml: &str| problems::<NmMacConfig>(toml);
    let good = shape((1, 8), (2, 4), "s4", (4, 1), "s8");
    let text = problems(&good.toml("{ from = \"memory\", values = [[1, 0, 0, 2, 3, 4, 5, 0]] }"));
    let expected = "weights = [3, 4, 5, 0] (row 0, columns 4 to 7, group 1 of weights.values): 3 weights of a group of 2:4 are \
                    not 0; prune the tensor along its rows first, or write dense = true";
    assert!(text.contains(expected), "{text}");
    let text = problems(&good.toml("{ from = \"memory\", values = [[1, 0, 0, 8, 3, 4, 0, 0]] }"));
    assert!(text.contains("8 (row 0, column 3 of weights.values): a weight of s4 is -8 to 7"), "{text}");
    let text = problems(&Shape { lanes: 6, ..good.clone() }.stream());
    assert!(text.contains("lanes = 6: a beat has whole groups of 4 columns; write 4 or 8"), "{text}");
    let text = problems(&Shape { kept: 0, ..good.clone() }.stream());
    assert!(text.contains("pattern `0:4` is not N:M with 1 <= N <= M <= 16"), "{text}");
    let text = problems(&Shape { weight: "s9".into(), ..good.clone() }.stream());
    assert!(text.contains("a weight has 2 to 8 bits; write \"ternary\", or u2 to u8 or s2 to s8"), "{text}");
    let text = problems(&Shape { weight: "float".into(), ..good.clone() }.stream());
    assert!(text.contains("expected \"ternary\", or a type of 2 to 8 bits such as \"s4\""), "{text}");
    let text =
        problems(&good.toml("{ from = \"memory\", packing = \"trits5\", values = [[0,0,0,0,0,0,0,0]] }"));
    assert!(
        text.contains("only the weights of ternary_mac are packed in more than one way; leave it out"),
        "{text}"
    );
}

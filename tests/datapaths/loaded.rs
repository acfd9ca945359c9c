//! Weights that a stream brings once, after a reset: every kind of them.

use crate::check::*;
use ternlet::datapath::{
    CodebookMacConfig, Config, ConvolutionConfig, Datapath, NmMacConfig, TernaryMacConfig,
    TransposedConvolutionConfig, circuit,
};
use ternlet::device::Family;
use ternlet::estimate::cost;
use ternlet::hdl::{Circuit, Timing};
use ternlet::stream::{Tokens, Transfers};
use ternlet::verilog::emit;

const SCALE: &str = "requantize = { output = \"u4\", multiplier = 37, bias = 11, shift = 5 }\n";

/// Configurations without `weights`, each with a matrix for it: rows that do not divide, several beats, groups, two sums.
fn ternary() -> Vec<(String, String)> {
    let shapes = [(1, 1, 1, 1), (3, 8, 8, 1), (5, 7, 3, 2), (4, 6, 1, 4)];
    let values = |rows: usize, columns: usize| {
        let weight = |place: usize| (place * place + place / 3) as i64 % 3 - 1;
        let rows: Vec<Vec<i64>> = (0..rows)
            .map(|row| (0..columns).map(|column| weight(row * columns + column)).collect())
            .collect();
        format!("{rows:?}")
    };
    let keys = |(rows, columns, lanes, at_once)| {
        let keys = format!(
            "rows = {rows}\ncolumns = {columns}\nlanes = {lanes}\nparallel_rows = {at_once}\ninput = \"s5\"\n"
        );
        (keys, values(rows, columns))
    };
    shapes.map(keys).into()
}

const NM: &str = "rows = 3\ncolumns = 8\npattern = \"2:4\"\nweight = \"s3\"\nlanes = 4\nparallel_rows = 2\ninput = \"s4\"\n";
const NM_VALUES: &str = "[[3, 0, 0, -4, 0, 2, 1, 0], [0, 0, 1, 1, -1, 0, 0, 2], [0, 0, 0, 0, 0, -3, 0, 1]]";
const CODEBOOK: &str =
    "rows = 3\ncolumns = 5\ncodebook = [5, -3, 0, 1]\nlanes = 2\nparallel_rows = 2\ninput = \"u4\"\n";
const CODEBOOK_VALUES: &str = "[[0, 1, 2, 3, 0], [3, 3, 1, 0, 2], [2, 0, 0, 1, 1]]";
const GROUPS: &str = "size = [4, 5]\nchannels = 4\nlanes = 2\ninput = \"u3\"\nfilters = 4\nkernel = 3\npadding = 1\ngroups = 2\n\
                      weight = \"s3\"\nparallel_columns = 6\nparallel_rows = 2\n";

fn groups_values() -> String {
    let weight = |place: usize| (place * 5 + place / 7) as i64 % 8 - 4;
    let rows: Vec<Vec<i64>> =
        (0..4).map(|row| (0..18).map(|column| weight(row * 18 + column)).collect()).collect();
    format!("{rows:?}")
}

/// Of whole positions at once, of filters of groups, of two sums a row: the kernel, and the keys of each.
fn transposed() -> Vec<(String, String)> {
    let size = "size = [2, 3]\nchannels = 4\ninput = \"s3\"\nfilters = 2\n";
    let keys = |more: &str, values: usize, least: i64, of: i64| {
        let weight = |place: usize| (place * place + place / 3) as i64 % of + least;
        let rows: Vec<Vec<i64>> =
            (0..4).map(|row| (0..values).map(|column| weight(row * values + column)).collect()).collect();
        (format!("{size}{more}"), format!("{rows:?}"))
    };
    vec![
        keys("kernel = 2\nlanes = 2\nparallel_rows = 4\nweight = \"s3\"\n", 8, -4, 8),
        keys("kernel = [3, 2]\nlanes = 1\nparallel_rows = 1\nweight = \"ternary\"\n", 12, -1, 3),
        keys("kernel = 2\ngroups = 2\nlanes = 4\nparallel_rows = 1\nweight = \"ternary\"\n", 4, -1, 3),
    ]
}

/// The datapath with its weights from there, packed so; of these values, if any.
fn packed<C: Config>(keys: &str, from: &str, packing: &str, values: Option<&str>) -> Box<dyn Datapath> {
    let values = values.map_or(String::new(), |values| format!(", values = {values}"));
    datapath::<C>(&format!("{keys}weights = {{ from = \"{from}\"{packing}{values} }}\n"))
}

fn from<C: Config>(keys: &str, from: &str, values: Option<&str>) -> Box<dyn Datapath> {
    packed::<C>(keys, from, "", values)
}

const TRITS5: &str = ", packing = \"trits5\"";

/// Frames of `x` with the weights of the file.
fn with_preset(loaded: &dyn Datapath, x: &Tokens) -> Transfers {
    vec![x.clone(), loaded.presets().remove(1).expect("the weights of the file")]
}

/// Loaded weights are the same function of `x` as the same weights in memory, which has an oracle of its own; and hardware equals golden for
/// any weights.
fn holds<C: Config>(keys: &str, values: &str) {
    holds_packed::<C>(keys, "", values);
}

fn holds_packed<C: Config>(keys: &str, packing: &str, values: &str) {
    let [memory, loaded] = ["memory", "loaded"].map(|from| packed::<C>(keys, from, packing, Some(values)));
    for inputs in stimuli(&*memory, 6, 3) {
        let given = with_preset(&*loaded, &inputs[0]);
        let values = |datapath: &dyn Datapath, inputs: &Transfers| {
            datapath.golden(inputs)[0].unpack(&datapath.ports().outputs[0])
        };
        assert_eq!(values(&*loaded, &given), values(&*memory, &inputs), "{keys}");
    }
    let unknown = packed::<C>(keys, "loaded", packing, None);
    assert_eq!(unknown.presets(), [None, None], "{keys}");
    interpreter(&*unknown, 4, 17);
}

#[test]
fn loaded_weights_are_those_of_a_memory() {
    for (keys, values) in ternary() {
        holds::<TernaryMacConfig>(&keys, &values);
        holds_packed::<TernaryMacConfig>(&keys, TRITS5, &values);
        holds::<TernaryMacConfig>(&(keys + SCALE), &values);
    }
    holds::<NmMacConfig>(NM, NM_VALUES);
    holds::<CodebookMacConfig>(CODEBOOK, CODEBOOK_VALUES);
    holds::<ConvolutionConfig>(GROUPS, &groups_values());
    for (keys, values) in transposed() {
        holds::<TransposedConvolutionConfig>(&keys, &values);
    }
    let (keys, values) = transposed().remove(1);
    holds_packed::<TransposedConvolutionConfig>(&keys, TRITS5, &values);
}

#[test]
fn verilog_equals_golden_whatever_is_loaded() {
    let (keys, _) = ternary().remove(2);
    let all: [Box<dyn Datapath>; 6] = [
        from::<TernaryMacConfig>(&keys, "loaded", None),
        packed::<TernaryMacConfig>(&keys, "loaded", TRITS5, None),
        from::<NmMacConfig>(NM, "loaded", None),
        from::<CodebookMacConfig>(CODEBOOK, "loaded", None),
        from::<ConvolutionConfig>(GROUPS, "loaded", None),
        from::<TransposedConvolutionConfig>(&transposed().remove(0).0, "loaded", None),
    ];
    for datapath in all {
        for timing in [Timing::levels(2), Timing::levels(9)] {
            assert_eq!(verilator(&*datapath, 40, 23, timing).mismatches, 0, "{}", datapath.doc());
        }
    }
}

/// One frame of `w` passes, whatever else comes; vectors that come first wait for it.
#[test]
fn a_stream_of_weights_has_one_frame() {
    let (keys, _) = ternary().remove(2);
    let datapath = from::<TernaryMacConfig>(&keys, "loaded", None);
    let ports = datapath.ports();
    assert!(ports.inputs[1].is_once() && !ports.inputs[1].is_varying());
    for inputs in stimuli(&*datapath, 9, 4) {
        assert_eq!(inputs[1].frames(&ports.inputs[1]).count(), 1);
    }
}

/// In a large memory of one port, as Verilog and as SB_SPRAM256KA cells.
#[test]
fn spram_holds_what_is_loaded() {
    let keys = "rows = 6\ncolumns = 40\nlanes = 8\nparallel_rows = 2\ninput = \"u4\"\n";
    let weights = "weights = { from = \"loaded\", memory = \"spram\" }\n";
    let datapath = datapath::<TernaryMacConfig>(&format!("{keys}{weights}"));
    let timing = Timing::clock(Family::ICE40_UP, 24.0);
    assert_eq!(verilator(&*datapath, 40, 29, timing).mismatches, 0);
    let (made, elsewhere) = (circuit(&*datapath, "dut", timing), Timing::clock(Family::ECP5, 24.0));
    let is_huge =
        |circuit: &Circuit| emit(circuit).iter().any(|source| source.text.contains("ram_style = \"huge\""));
    assert!(is_huge(&made) && !is_huge(&circuit(&*datapath, "dut", elsewhere)));
    let counts = cost(&made, Family::ICE40_UP);
    assert_eq!(counts.spram, 2, "{counts:?}");
}

use crate::check::*;
use crate::schedule::{agrees, holds};
use serde::Deserialize;
use ternlet::datapath::{Config, ConvolutionConfig, Datapath, NoFiles, Source, Tensor};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::{Draw, Tokens};

/// What the reference evaluator of ONNX computed: tests/vectors/convolution.py.
#[derive(Deserialize)]
struct Vector {
    size: Vec<usize>,
    channels: usize,
    filters: usize,
    kernel: Vec<usize>,
    stride: Vec<usize>,
    dilation: Vec<usize>,
    padding: Vec<[usize; 2]>,
    groups: usize,
    zero_point: i64,
    input: String,
    shape: Vec<usize>,
    x: Vec<i64>,
    w: Vec<Vec<i64>>,
    y: Vec<i64>,
}

#[test]
fn the_golden_model_equals_onnx() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../vectors/convolution.json")).unwrap();
    assert_eq!(vectors.len(), 13);
    for (index, vector) in vectors.iter().enumerate() {
        let Vector { size, channels, filters, kernel, stride, dilation, padding, .. } = vector;
        let Vector { groups, zero_point, input, shape, x, w, y, .. } = vector;
        for from in ["memory", "constant"] {
            let datapath = datapath::<ConvolutionConfig>(&format!(
                "size = {size:?}\nchannels = {channels}\nfilters = {filters}\nkernel = {kernel:?}\nstride = {stride:?}\n\
                 dilation = {dilation:?}\npadding = {padding:?}\ngroups = {groups}\nzero_point = {zero_point}\n\
                 input = \"{input}\"\nweight = \"ternary\"\nweights = {{ from = \"{from}\", values = {w:?} }}"
            ));
            let ports = datapath.ports();
            assert_eq!(&ports.outputs[0].frame.lengths(), shape, "case {index}");
            let golden = datapath.golden(&vec![Tokens::pack(&ports.inputs[0], x)]);
            assert_eq!(&golden[0].unpack(&ports.outputs[0]), y, "case {index}, {from}");
        }
    }
}

fn pick<T: Clone>(all: &[T], random: &mut Draw) -> T {
    all[random.integer(0, all.len() as i64 - 1) as usize].clone()
}

fn divisors(number: usize) -> Vec<usize> {
    (1..=number).filter(|divisor| number.is_multiple_of(*divisor)).collect()
}

/// A convolution of which nothing is too large, and all that divides does.
#[derive(Debug)]
struct Case {
    kernel: Vec<usize>,
    channels: usize,
    filters: usize,
    groups: usize,
    keys: String,
}

impl Case {
    fn drawn(random: &mut Draw) -> Self {
        let axes = random.integer(1, 3) as usize;
        let most = [9, 5, 4][axes - 1];
        let mut draw = |lo: usize, hi: usize| random.integer(lo as i64, hi as i64) as usize;
        let size: Vec<usize> = (0..axes).map(|_| draw(1, most)).collect();
        let (mut kernel, mut stride, mut dilation, mut padding) = (vec![], vec![], vec![], vec![]);
        for &length in &size {
            loop {
                let (taps, apart) = (draw(1, 3), draw(1, 2));
                let span = (taps - 1) * apart + 1;
                let around = [draw(0, span - 1), draw(0, span - 1)];
                if around[0] + length + around[1] >= span {
                    kernel.push(taps);
                    dilation.push(apart);
                    padding.push(around);
                    stride.push(draw(1, 2));
                    break;
                }
            }
        }
        let (groups, zero) = (draw(1, 3), draw(0, 15));
        let (channels, filters) = (groups * draw(1, 4), groups * draw(1, 4));
        let keys = format!(
            "size = {size:?}\nchannels = {channels}\nfilters = {filters}\nkernel = {kernel:?}\nstride = {stride:?}\n\
             dilation = {dilation:?}\npadding = {padding:?}\ngroups = {groups}\nzero_point = {zero}\ninput = \"u4\"\n"
        );
        Self { kernel, channels, filters, groups, keys }
    }

    fn part(&self) -> usize {
        self.channels / self.groups
    }

    /// Lanes, columns and rows at once for weights that are not constant, in groups of `group`.
    fn folding(&self, group: usize, random: &mut Draw) -> String {
        let part = self.part();
        let whole = |lanes: &usize| part.is_multiple_of(*lanes) || lanes.is_multiple_of(part);
        let lanes = pick(&divisors(self.channels).into_iter().filter(whole).collect::<Vec<_>>(), random);
        let all = (self.kernel.iter().product::<usize>() * lanes.min(part)).div_ceil(group);
        let columns = random.integer(1, all as i64) as usize * group;
        let rows = pick(&divisors(self.filters / self.groups), random);
        let out = pick(&divisors(rows), random);
        format!(
            "lanes = {lanes}\nparallel_columns = {columns}\nparallel_rows = {rows}\noutput_lanes = {out}\n"
        )
    }

    /// Weights of `lo` to `hi`.
    fn values(&self, lo: i64, hi: i64, random: &mut Draw) -> String {
        let columns = self.part() * self.kernel.iter().product::<usize>();
        let filter = |random: &mut Draw| (0..columns).map(|_| random.integer(lo, hi)).collect::<Vec<_>>();
        format!("{:?}", (0..self.filters).map(|_| filter(random)).collect::<Vec<_>>())
    }
}

const SCALE: &str = "[requantize]\noutput = \"u4\"\nmultiplier = 37\nbias = 11\nshift = 5\nzero_point = 1\n";

/// Ternary weights whose sums of +1 and -1 are kept apart.
const TWO_SCALES: &str = "# two scales\nweight = \"ternary\"";

/// A kind of weights that is known: its keys, and the least and the greatest code.
const KINDS: [(&str, i64, i64); 7] = [
    ("weight = \"ternary\"", -1, 1),
    ("weight = \"s4\"", -8, 7),
    ("weight = \"ternary\"\npattern = \"2:4\"\ndense = true", -1, 1),
    ("weight = \"s3\"\npattern = \"1:2\"\ndense = true", -4, 3),
    ("codebook = \"odd2\"", 0, 3),
    ("codebook = [0, 5, -3]", 0, 2),
    (TWO_SCALES, -1, 1),
];

/// A convolution with weights of kind `kind`: in memory, streamed or constant.
fn drawn(kind: usize, random: &mut Draw) -> String {
    let case = Case::drawn(random);
    let (keys, lo, hi) = KINDS[kind];
    let group = if keys.contains("2:4") { 4 } else { 1 + usize::from(keys.contains("1:2")) };
    let values = case.values(lo, hi, random);
    let (folding, weights) = match random.integer(0, 3) {
        0 => (case.folding(group, random), "{ from = \"stream\" }".to_string()),
        1 => {
            let lanes = pick(&divisors(case.channels), random);
            let out = pick(&divisors(case.filters), random);
            let folding = format!("lanes = {lanes}\noutput_lanes = {out}\n");
            (folding, format!("{{ from = \"constant\", values = {values} }}"))
        }
        more => {
            let packed = kind == 0 && more == 2;
            let packing = if packed { "packing = \"trits5\", " } else { "" };
            let weights = format!("{{ from = \"memory\", {packing}values = {values} }}");
            (case.folding(group, random), weights)
        }
    };
    let each = (0..case.filters as i64).map(|filter| [3 + filter, 5 - filter]).collect::<Vec<_>>();
    let weights = match (keys == TWO_SCALES, random.integer(0, 1)) {
        (false, _) => weights,
        (true, 0) => weights.replace(" }", ", scales = [3, 5] }"),
        (true, _) => weights.replace(" }", &format!(", scales = {each:?} }}")),
    };
    let scale = if random.integer(0, 1) == 0 { "" } else { SCALE };
    format!("{}{folding}{keys}\nweights = {weights}\n{scale}", case.keys)
}

#[test]
fn hardware_equals_golden_for_every_kind_of_weights_and_folding() {
    let mut random = Draw::seeded(31);
    for case in 0..60 {
        let toml = drawn(case % KINDS.len(), &mut random);
        interpreter(&*datapath::<ConvolutionConfig>(&toml), 2, case as u64);
    }
}

/// Each is known, and equals what the circuit shows.
#[test]
fn schedules_are_those_of_the_hardware() {
    let mut random = Draw::seeded(32);
    for case in 0..40 {
        let toml = drawn(case % KINDS.len(), &mut random);
        let said = agrees(&*datapath::<ConvolutionConfig>(&toml));
        assert!(said.latency_cycles.is_some(), "{toml}");
    }
}

#[test]
fn a_codebook_is_loaded_for_each_map() {
    let mut random = Draw::seeded(33);
    for case in 0..6 {
        let shape = Case::drawn(&mut random);
        let weights = match case % 2 {
            0 => "{ from = \"stream\" }".to_string(),
            _ => format!("{{ from = \"memory\", values = {} }}", shape.values(0, 3, &mut random)),
        };
        let toml = format!(
            "{}{}codebook = {{ from = \"stream\", entries = 4, type = \"s4\" }}\nweights = {weights}\n",
            shape.keys,
            shape.folding(1, &mut random)
        );
        interpreter(&*datapath::<ConvolutionConfig>(&toml), 2, case);
    }
}

#[test]
fn verilog_equals_golden() {
    let mut random = Draw::seeded(34);
    for (case, timing) in [
        Timing::levels(50),
        Timing::levels(2),
        Timing::clock(Family::ICE40_UP, 24.0),
        Timing::clock(Family::ECP5, 60.0),
    ]
    .into_iter()
    .enumerate()
    {
        let toml = drawn(case, &mut random);
        let report = verilator(&*datapath::<ConvolutionConfig>(&toml), 40, 17, timing);
        assert_eq!(report.mismatches, 0, "{toml}");
    }
}

fn ternary(shape: &str, filters: usize, columns: usize, from: &str) -> String {
    let values: Vec<Vec<i64>> = (0..filters)
        .map(|filter| (0..columns).map(|column| ((filter * 7 + column * 5) % 3) as i64 - 1).collect())
        .collect();
    format!(
        "{shape}\nfilters = {filters}\ninput = \"u4\"\nweight = \"ternary\"\nweights = {{ from = \"{from}\", values = {values:?} }}"
    )
}

/// Frames follow each other without a gap, and what pads costs nothing: constant weights take a position a cycle, the array's
/// cycles are those of its multipliers, and each group of a depthwise convolution has its own.
#[test]
fn no_cycle_is_lost() {
    let same = "size = [6, 5]\nkernel = 3\npadding = 1";
    let point = "size = [6, 5]\nkernel = 1";
    for (toml, cycles) in [
        (ternary(&format!("{same}\nchannels = 2"), 3, 18, "constant"), 30),
        (ternary(&format!("{same}\nchannels = 4\ngroups = 4"), 4, 9, "constant"), 30),
        (ternary(&format!("{same}\nchannels = 2\nlanes = 1"), 3, 18, "memory"), 30 * 6),
        (ternary(&format!("{same}\nchannels = 2\nlanes = 2\nparallel_columns = 6"), 3, 18, "memory"), 30 * 9),
        (ternary(&format!("{same}\nchannels = 1\nparallel_rows = 2"), 8, 9, "memory"), 30 * 4),
        (ternary(&format!("{same}\nchannels = 4\ngroups = 4"), 4, 9, "memory"), 30 * 4),
        (ternary(&format!("{same}\nchannels = 4\ngroups = 4\nlanes = 4"), 4, 9, "memory"), 30 * 4),
        (ternary(&format!("{point}\nchannels = 4\nlanes = 2"), 4, 4, "memory"), 30 * 8),
        (ternary(&format!("{point}\nchannels = 4\nlanes = 4\nparallel_rows = 4"), 4, 4, "memory"), 30),
    ] {
        assert_eq!(holds(&*datapath::<ConvolutionConfig>(&toml)).initiation_interval, Some(cycles), "{toml}");
    }
}

/// Several positions a beat: strips that windows overlap and that padding cuts, with a stride, groups, dilation and what becomes of the sums.
const STRIPS: [&str; 9] = [
    "size = [8]\nchannels = 1\nlanes = 2\nkernel = 3\npadding = 1",
    "size = [9]\nchannels = 2\nlanes = 6\nkernel = 1",
    "size = [3, 8]\nchannels = 2\nlanes = 4\nkernel = 3\npadding = 1\nzero_point = 3",
    "size = [4, 8]\nchannels = 2\nlanes = 8\nkernel = [2, 5]\npadding = [[0, 0], [2, 2]]",
    "size = [4, 8]\nchannels = 2\nlanes = 4\nkernel = 3\nstride = 2\npadding = [[1, 0], [1, 0]]",
    "size = [5, 8]\nchannels = 1\nlanes = 4\nkernel = 2\nstride = 2",
    "size = [4, 6]\nchannels = 2\nlanes = 4\nkernel = 3\ngroups = 2",
    "size = [3, 12]\nchannels = 1\nlanes = 3\nkernel = [1, 3]\ndilation = [1, 2]\npadding = [[0, 0], [4, 3]]",
    "size = [3, 2, 4]\nchannels = 2\nlanes = 8\nkernel = [2, 1, 3]\npadding = [[1, 0], [0, 0], [1, 1]]",
];

/// In every kind of weights, with each thing that may become of sums, and with fewer channels a beat after them.
#[test]
fn several_positions_a_beat_give_the_same_map() {
    let mut random = Draw::seeded(36);
    let each = "multiplier = [9, -5, 37, 14]\nbias = [0, 3, 90, -7]\nshift = 5";
    let after = [
        String::new(),
        SCALE.to_string(),
        format!("[requantize]\noutput = \"s5\"\n{each}\n"),
        "[thresholds]\noutput = \"u2\"\nthresholds = [[-3, 0, 9], [1, 2, 3], [-20, 0, 20], [5, 6, 9]]\nsigns = [1, -1, 1, 1]\n"
            .to_string(),
    ];
    for (case, shape) in (0..63).map(|case| (case, STRIPS[case % STRIPS.len()])) {
        let (kind, lo, hi) = KINDS[case % KINDS.len()];
        let keys: toml::Table = shape.parse().unwrap();
        let number = |key: &str| keys.get(key).map_or(1, |value| value.as_integer().unwrap_or(1) as usize);
        let kernel = match &keys["kernel"] {
            toml::Value::Array(sizes) => sizes.iter().map(|size| size.as_integer().unwrap()).product(),
            size => size.as_integer().unwrap().pow(keys["size"].as_array().unwrap().len() as u32),
        };
        let columns = number("channels") / number("groups") * kernel as usize;
        let filter = |random: &mut Draw| (0..columns).map(|_| random.integer(lo, hi)).collect::<Vec<_>>();
        let values: Vec<Vec<i64>> = (0..4).map(|_| filter(&mut random)).collect();
        let scales = if kind == TWO_SCALES { ", scales = [[3, 5], [1, 2], [7, 7], [2, 9]]" } else { "" };
        let lanes = ["", "output_lanes = 2\n", "output_lanes = 4\n"][random.integer(0, 2) as usize];
        let toml = format!(
            "{shape}\ninput = \"u4\"\nfilters = 4\n{lanes}{kind}\nweights = {{ from = \"constant\", values = \
             {values:?}{scales} }}\n{}",
            after[case % after.len()]
        );
        let datapath = datapath::<ConvolutionConfig>(&toml);
        interpreter(&*datapath, 3, case as u64);
        assert!(agrees(&*datapath).latency_cycles.is_some(), "{toml}");
    }
}

/// A strip a cycle.
#[test]
fn several_positions_a_beat_take_as_many_fewer_cycles() {
    let same = "size = [6, 12]\nkernel = 3\npadding = 1\nchannels = 2";
    for strip in [1, 2, 3, 4, 6, 12] {
        let toml = ternary(&format!("{same}\nlanes = {}", strip * 2), 3, 18, "constant");
        let taken = holds(&*datapath::<ConvolutionConfig>(&toml)).initiation_interval;
        assert_eq!(taken, Some(72 / strip), "{toml}");
    }
    let toml = ternary(&format!("{same}\nlanes = 8"), 3, 18, "constant");
    let report = verilator(&*datapath::<ConvolutionConfig>(&toml), 40, 18, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(18.0)));
}

fn said(datapath: &dyn Datapath, timing: Timing) -> String {
    let facts = datapath.facts(timing).into_iter();
    facts.filter(|(name, _)| name == "passes over a vector").map(|(_, text)| text).collect()
}

/// Where each position has a window, all lines are read again for each set of filters: with columns that are cut, with groups, with one channel,
/// with rows whose columns are shared, with streamed weights. A position takes the cycles of its multipliers.
#[test]
fn windows_read_their_lines_again_for_each_set_of_filters() {
    let picture = "size = [3, 4]\nkernel = 3\npadding = 1";
    let mut random = Draw::seeded(35);
    for (shape, [channels, groups, filters, taps], [lanes, columns, rows]) in [
        (picture, [3, 1, 4, 9], [1, 9, 2]),
        (picture, [4, 1, 4, 9], [2, 5, 1]),
        (picture, [1, 1, 6, 9], [1, 3, 2]),
        (picture, [4, 1, 3, 9], [1, 1, 1]),
        (picture, [6, 2, 4, 9], [1, 9, 1]),
        (picture, [4, 2, 6, 9], [2, 4, 1]),
        ("size = [7]\nkernel = 5\npadding = [[1, 3]]", [5, 1, 4, 5], [1, 5, 2]),
        (
            "size = [2, 3, 3]\nkernel = [1, 3, 3]\npadding = [0, 1, 1]\nzero_point = 2",
            [2, 1, 4, 9],
            [1, 9, 1],
        ),
        ("size = [2, 3]\nkernel = [3, 1]\npadding = [1, 0]\ndilation = [1, 1]", [3, 1, 4, 3], [1, 3, 2]),
    ] {
        for kind in [0, 1, 6] {
            let (keys, lo, hi) = KINDS[kind];
            let of_group = channels / groups;
            let weight = |random: &mut Draw| random.integer(lo, hi);
            let filter = |random: &mut Draw| (0..of_group * taps).map(|_| weight(random)).collect::<Vec<_>>();
            let values: Vec<_> = (0..filters).map(|_| filter(&mut random)).collect();
            let streamed = kind == 1 && rows == 2;
            let from =
                if streamed { "{ from = \"stream\" }" } else { "{ from = \"memory\", values = VALUES }" };
            let weights = from.replace("VALUES", &format!("{values:?}"));
            let weights = if kind == 6 { weights.replace(" }", ", scales = [3, 5] }") } else { weights };
            let toml = format!(
                "{shape}\nchannels = {channels}\ngroups = {groups}\nfilters = {filters}\nlanes = {lanes}\n\
                 parallel_columns = {columns}\nparallel_rows = {rows}\ninput = \"u4\"\n{keys}\nweights = {weights}"
            );
            let datapath = datapath::<ConvolutionConfig>(&toml);
            let fact = said(&*datapath, Timing::levels(3));
            assert!(fact.contains("the window reads its lines again"), "{fact}\n{toml}");
            interpreter(&*datapath, 2, kind as u64);
            let positions: usize = datapath.ports().outputs[0].frame.lengths().iter().product();
            let passes = filters / groups / rows;
            let cycles = positions * channels / lanes * (taps * lanes).div_ceil(columns) * passes;
            // Sums of a single column take a cycle more where they are kept as they are.
            if columns > 1 {
                assert_eq!(holds(&*datapath).initiation_interval, Some(cycles as u64), "{toml}");
            } else {
                holds(&*datapath);
            }
        }
    }
}

/// What the window and the array keep, by the words of a fact, and what a block RAM counts as.
fn weighed(fact: &str) -> (&str, &str, &str) {
    let rest = fact.strip_prefix("4: the window reads its lines again and keeps ").expect(fact);
    let (window, rest) = rest.split_once("; the array would keep ").expect(fact);
    let (array, worth) = rest.split_once("; a block RAM counts as ").unwrap_or((rest, ""));
    (window, array, worth)
}

/// The form is the one that costs less, where a block RAM is worth as many logic cells as the device has for each; but none that takes more
/// cycles.
#[test]
fn who_keeps_a_vector_for_all_passes_is_said() {
    let up5k = Timing::clock(Family::ICE40_UP, 24.0);
    let ecp5 = Timing::clock(Family::ECP5, 60.0);
    let fact = |shape: &str, columns: usize, timing: Timing| {
        let toml = format!("{}\nparallel_rows = 4", ternary(shape, 16, columns, "memory"));
        said(&*datapath::<ConvolutionConfig>(&toml), timing)
    };
    let same = "size = [14, 14]\nkernel = 3\npadding = 1\nchannels = 8";
    let few = "lanes = 8\nparallel_columns = 2\nkernel = 2\npadding = [[0, 1], [0, 1]]\nsize = [4, 4]\nchannels = 16";
    let wide = "size = [5]\nkernel = 3\npadding = 1\nchannels = 256\nlanes = 8\nparallel_columns = 1";
    let keeps = |bits: &str, fact: &str| fact.starts_with(&format!("{bits} bits (about "));
    for (shape, columns, timing, [window, array], rams, worth) in [
        (same, 72, up5k, ["64", "576"], [None, Some(3)], "176 cells"),
        (same, 72, ecp5, ["64", "576"], [None, Some(1)], "402 cells"),
        (few, 64, up5k, ["128", "512"], [None, Some(1)], "176 cells"),
    ] {
        let fact = fact(shape, columns, timing);
        let (of_window, of_array, counts_as) = weighed(&fact);
        assert!(keeps(window, of_window) && keeps(array, of_array) && counts_as == worth, "{fact}");
        for (rams, of) in rams.into_iter().zip([of_window, of_array]) {
            let said = rams.map(|rams: u32| format!(" and {rams} block RAM)"));
            assert!(said.map_or(!of.contains("block RAM"), |said| of.ends_with(&said)), "{fact}");
        }
    }
    // Of as many block RAMs the bits do not count.
    let of_wide = fact(wide, 768, up5k);
    let window = "not the window, as it would keep 2048 bits (about ";
    assert!(
        of_wide.starts_with("4: the array keeps 8192 bits (about ") && of_wide.contains(window),
        "{of_wide}"
    );
    assert!(of_wide.ends_with("; a block RAM counts as 176 cells"), "{of_wide}");
    let late = "not the window, as its positions without a window would take the cycles of all passes";
    let valid = "size = [14, 14]\nkernel = 3\nchannels = 8";
    let strided = "size = [14, 14]\nkernel = 3\npadding = 1\nstride = 2\nchannels = 8";
    for shape in [valid, strided] {
        let fact = fact(shape, 72, up5k);
        assert!(fact.starts_with("4: the array keeps 576 bits (about ") && fact.ends_with(late), "{fact}");
    }
}

/// A graph is given its rooms before its family is known: who keeps a vector must then be who keeps it on every family. Vectors so large that both
/// would take as many block RAMs are left out.
#[test]
fn who_keeps_a_vector_is_the_same_on_every_family() {
    let mut random = Draw::seeded(51);
    for _ in 0..60 {
        let mut pick = |from: &[usize]| from[random.integer(0, from.len() as i64 - 1) as usize];
        let (channels, lanes) = (pick(&[2, 4, 8, 16, 32]), pick(&[1, 2]));
        let columns = pick(&[1, 3, 9]) * if lanes == 2 { pick(&[1, 2]) } else { 1 };
        let shape = format!(
            "size = [6, 5]\nkernel = 3\npadding = 1\nchannels = {channels}\nlanes = {lanes}\nparallel_columns = {columns}"
        );
        let toml = format!("{}\nparallel_rows = 2", ternary(&shape, 4, 9 * channels, "memory"));
        let datapath = datapath::<ConvolutionConfig>(&toml);
        let windows = |timing: Timing| said(&*datapath, timing).contains("the window reads its lines again");
        let unknown = windows(Timing::combinational());
        for family in Family::ALL {
            assert_eq!(windows(Timing::clock(family, 24.0)), unknown, "{family:?}\n{toml}");
        }
    }
}

/// A stream of weights that are the same for each position is a memory of them, channel by channel and tap by tap.
#[test]
fn streamed_weights_have_the_order_of_the_window() {
    let shape = "size = [4, 5]\nkernel = 2\nchannels = 3";
    let stored = datapath::<ConvolutionConfig>(&ternary(shape, 2, 12, "memory"));
    let toml = format!(
        "{shape}\nfilters = 2\ninput = \"u4\"\nweight = \"ternary\"\nweights = {{ from = \"stream\" }}"
    );
    let streamed = datapath::<ConvolutionConfig>(&toml);
    let ports = streamed.ports();
    let x = Draw::seeded(1).transfers(&stored.ports(), 2).remove(0);
    let weights: Vec<i64> =
        (0..24usize).map(|index| ((index / 12 * 7 + index % 12 * 5) % 3) as i64 - 1).collect();
    let w = Tokens::pack(&ports.inputs[1], &weights.repeat(2 * 3 * 4));
    assert_eq!(streamed.golden(&vec![x.clone(), w]), stored.golden(&vec![x]));
}

/// A file of one tensor.
struct File(Vec<usize>);

impl Source for File {
    fn tensor(&self, _: &str, _: Option<&str>) -> Result<Tensor, String> {
        Ok(Tensor { shape: self.0.clone(), values: vec![1; self.0.iter().product()] })
    }
}

fn refused(changes: &str, source: &dyn Source) -> String {
    let defaults = [
        ("size", "[6, 5]"),
        ("channels", "4"),
        ("filters", "6"),
        ("kernel", "3"),
        ("input", "\"u4\""),
        ("weight", "\"ternary\""),
        ("weights", "{ from = \"memory\", file = \"w.npy\" }"),
    ];
    let given: toml::Table = changes.parse().unwrap();
    let kept = defaults.iter().filter(|(key, _)| !given.contains_key(*key) && !changes.contains("codebook"));
    let kept: String = kept.map(|(key, value)| format!("{key} = {value}\n")).collect();
    let config: ConvolutionConfig = toml::from_str(&format!("{kept}{changes}")).unwrap();
    let errors = config.load(source).err().unwrap_or_else(|| panic!("{changes} is no problem"));
    errors.iter().map(|error| format!("{error}\n")).collect()
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let file = File(vec![6, 4, 3, 3]);
    for (changes, text) in [
        (
            "stride = 0",
            "stride = [0, 0]: from a window to the next one are 1 to 65536 positions; write 1 to 65536 for each",
        ),
        (
            "kernel = 12",
            "kernel = [12, 12]: a kernel sees 1 to 11 positions along an axis; write 1 to 11 for each",
        ),
        (
            "kernel = 7",
            "kernel = [7, 7]: a window of 7 positions does not fit in 0 + 6 + 0; write a smaller kernel or dilation, or a larger padding or size",
        ),
        ("kernel = [3, 3, 3]", "kernel = [3, 3, 3]: there are 3 numbers for the 2 axes of `size`"),
        (
            "padding = 3",
            "padding = [[3, 3], [3, 3]]: a window of 3 positions would see nothing but padding; write less than 3",
        ),
        ("groups = 4", "groups = 4: groups divide the 6 filters; write a divisor of channels and filters"),
        ("groups = 3", "groups = 3: groups divide the 4 channels"),
        ("groups = 0", "groups = 0: groups divide the 4 channels"),
        ("lanes = 3", "lanes = 3: lanes divide the 4 channels of a position; write 2 or 4"),
        (
            "channels = 12\nlanes = 4\ngroups = 2",
            "lanes = 4: a beat is a whole part of a group of 6 channels, or whole groups; write a divisor or a multiple of 6",
        ),
        (
            "parallel_columns = 10",
            "parallel_columns = 10: there must be 1 to 9 (taps times channels of a beat); write 1 to 9",
        ),
        (
            "parallel_columns = 6\npattern = \"2:4\"",
            "parallel_columns = 6: what is multiplied at once are whole groups of 4 columns; write a multiple of 4",
        ),
        (
            "parallel_rows = 4",
            "parallel_rows = 4: they divide the 6 filters of a group; write a divisor of 6",
        ),
        (
            "parallel_rows = 6\noutput_lanes = 4",
            "output_lanes = 4: they divide the 6 filters at once; write a divisor of 6",
        ),
        ("zero_point = 16", "zero_point = 16: the zero point is an integer of u4; write 0 to 15"),
        ("size = []", "size = []: there are no windows where there is no axis"),
        ("dense = true", "dense = true: only N:M weights have a dense fallback"),
        (
            "weights = { from = \"memory\", file = \"w.npy\", metadata = \"m\" }",
            "weights.metadata = \"m\": kernels are given dense",
        ),
        ("lanes = 8", "lanes = 8: lanes divide the 4 channels of a position; write 4"),
        (
            "weights = { from = \"constant\", file = \"w.npy\" }\nlanes = 8",
            "lanes = 8: a beat holds whole positions, and as many as divide the 5 of a line; write 4",
        ),
        (
            "weights = { from = \"constant\", file = \"w.npy\" }\nsize = [6, 8]\nlanes = 8\nstride = 3",
            "lanes = 8: each beat starts as many windows, but they are 3 positions apart; take a multiple of 3 positions of 4 channels",
        ),
        (
            "weights = { from = \"constant\", file = \"w.npy\" }\nsize = [6, 8]\nlanes = 16",
            "lanes = 16: a line has 6 windows, and 4 leave a beat; take fewer positions a beat, or another padding",
        ),
        (
            "weights = { from = \"constant\", file = \"w.npy\" }\nsize = [6, 8]\nlanes = 8\noutput_lanes = 4",
            "output_lanes = 4: a beat is a part of a position of 6 channels, or whole positions; write a divisor or a multiple of 6",
        ),
        (
            "weights = { from = \"constant\", file = \"w.npy\" }\nparallel_rows = 2",
            "parallel_rows = 2: constant weights multiply all taps and channels of a position in each clock cycle; leave it out, or write 6",
        ),
    ] {
        let said = refused(changes, &file);
        assert!(said.contains(text), "{changes}: {said}");
    }
}

#[test]
fn weights_of_another_rank_are_named_with_both_shapes() {
    let said = refused("", &File(vec![3, 3, 4, 6]));
    assert!(
        said.contains(
            "weights.tensor = \"w.npy\": the tensor has the shape [3, 3, 4, 6], the filters [6, 4, 3, 3]: filters, channels / \
             groups, height, width; transpose the tensor to this order, or change filters, channels, groups or kernel"
        ),
        "{said}"
    );
    let said = refused("weights = { from = \"memory\", values = [[1, 2]] }", &NoFiles);
    assert!(said.contains("weights.values = [...]: the matrix is not 6 rows of 36 weights"), "{said}");
    let said = refused("weight = \"s4\"\npattern = \"1:2\"", &File(vec![6, 4, 3, 3]));
    assert!(said.contains("2 weights of a group of 1:2 are not 0"), "{said}");
    assert!(said.contains("in the order of the window"), "{said}");
}

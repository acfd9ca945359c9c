use crate::check::*;
use crate::schedule::{agrees, holds};
use crate::transposed::{Vector, vectors};
use ternlet::datapath::{Config, Datapath, NoFiles, Source, Tensor, TransposedConvolutionConfig};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::{Draw, Reach, Tokens};

#[test]
fn the_golden_model_equals_onnx() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 17);
    for (index, vector) in vectors.iter().enumerate() {
        let Vector { size, channels, filters, kernel, stride, padding, groups, input, shape, x, w, y } =
            vector;
        for from in ["memory", "constant"] {
            let datapath = datapath::<TransposedConvolutionConfig>(&format!(
                "size = {size:?}\nchannels = {channels}\nfilters = {filters}\nkernel = {kernel:?}\nstride = {stride:?}\n\
                 padding = {padding:?}\ngroups = {groups}\ninput = \"{input}\"\nweight = \"ternary\"\nweights = {{ from = \"{from}\", values = {w:?} }}"
            ));
            let ports = datapath.ports();
            assert_eq!(&ports.outputs[0].frame.lengths(), shape, "case {index}");
            let golden = datapath.golden(&vec![Tokens::pack(&ports.inputs[0], x)]);
            assert_eq!(&golden[0].unpack(&ports.outputs[0]), y, "case {index}, {from}");
        }
    }
}

fn pick(all: &[usize], random: &mut Draw) -> usize {
    all[random.integer(0, all.len() as i64 - 1) as usize]
}

fn divisors(number: usize, holds: impl Fn(usize) -> bool) -> Vec<usize> {
    (1..=number).filter(|divisor| number.is_multiple_of(*divisor) && holds(*divisor)).collect()
}

/// A transposed convolution of which nothing is too large, and all that divides does.
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
        let most = [9, 5, 3][axes - 1];
        let mut draw = |lo: usize, hi: usize| random.integer(lo as i64, hi as i64) as usize;
        let size: Vec<usize> = (0..axes).map(|_| draw(1, most)).collect();
        let kernel: Vec<usize> = (0..axes).map(|_| draw(1, 3)).collect();
        let groups = draw(1, 3);
        let (channels, filters) = (groups * draw(1, 4), groups * draw(1, 4));
        let keys = format!(
            "size = {size:?}\nchannels = {channels}\nfilters = {filters}\nkernel = {kernel:?}\ngroups = {groups}\ninput = \"u4\"\n"
        );
        Self { kernel, channels, filters, groups, keys }
    }

    /// One whose taps overlap, or of whose map margins are left out.
    fn overlapping(random: &mut Draw) -> Self {
        let mut case = Self::drawn(random);
        let mut draw = |lo: usize, hi: usize| random.integer(lo as i64, hi as i64) as usize;
        let stride: Vec<usize> = case.kernel.iter().map(|_| draw(1, 3)).collect();
        let padding: Vec<[usize; 2]> =
            case.kernel.iter().map(|taps| [draw(0, (taps - 1) / 2), draw(0, (taps - 1) / 2)]).collect();
        case.keys = format!("{}stride = {stride:?}\npadding = {padding:?}\n", case.keys);
        case
    }

    /// Lanes, columns and rows at once for weights in memory, in groups of `group`.
    fn folding(&self, group: usize, random: &mut Draw) -> String {
        let (part, own) = (self.channels / self.groups, self.filters / self.groups);
        let whole = |lanes: usize| part.is_multiple_of(lanes) || lanes.is_multiple_of(part);
        let lanes = pick(&divisors(self.channels, whole), random);
        let columns = random.integer(1, lanes.min(part).div_ceil(group) as i64) as usize * group;
        let inner = if self.groups > 1 { 1 } else { self.kernel[self.kernel.len() - 1] };
        let holds = |rows: usize| own.is_multiple_of(rows) || rows.is_multiple_of(own);
        let rows = pick(&divisors(inner * own, holds), random);
        let out = pick(&divisors(rows.min(own), |_| true), random);
        format!(
            "lanes = {lanes}\nparallel_columns = {columns}\nparallel_rows = {rows}\noutput_lanes = {out}\n"
        )
    }

    /// Weights of `lo` to `hi`.
    fn values(&self, lo: i64, hi: i64, random: &mut Draw) -> String {
        let columns = self.filters / self.groups * self.kernel.iter().product::<usize>();
        let channel = |random: &mut Draw| (0..columns).map(|_| random.integer(lo, hi)).collect::<Vec<_>>();
        format!("{:?}", (0..self.channels).map(|_| channel(random)).collect::<Vec<_>>())
    }
}

const AFTER: [&str; 3] = [
    "",
    "[requantize]\noutput = \"u4\"\nmultiplier = 37\nbias = 11\nshift = 5\nzero_point = 1\n",
    "[thresholds]\noutput = \"u2\"\nthresholds = [-3, 0, 4]\n",
];

/// Ternary weights whose sums of +1 and -1 are kept apart.
const TWO_SCALES: &str = "# two scales\nweight = \"ternary\"";

/// A kind of weights: its keys, and the least and the greatest code.
const KINDS: [(&str, i64, i64); 7] = [
    ("weight = \"ternary\"", -1, 1),
    ("weight = \"s4\"", -8, 7),
    ("weight = \"ternary\"\npattern = \"2:4\"\ndense = true", -1, 1),
    ("weight = \"s3\"\npattern = \"1:2\"\ndense = true", -4, 3),
    ("codebook = \"odd2\"", 0, 3),
    ("codebook = [0, 5, -3]", 0, 2),
    (TWO_SCALES, -1, 1),
];

/// With weights of kind `kind`, whose taps overlap.
fn drawn_overlapping(kind: usize, random: &mut Draw) -> String {
    let case = Case::overlapping(random);
    let (keys, lo, hi) = KINDS[kind];
    let values = case.values(lo, hi, random);
    let part = case.channels / case.groups;
    let whole = |lanes: usize| part.is_multiple_of(lanes) || lanes.is_multiple_of(part);
    let lanes = pick(&divisors(case.channels, whole), random);
    let rows = pick(&divisors(case.filters / case.groups, |_| true), random);
    let (folding, from) = match random.integer(0, 2) {
        0 => (String::new(), "constant"),
        _ => (format!("lanes = {lanes}\nparallel_rows = {rows}\n"), "memory"),
    };
    let scales = if keys == TWO_SCALES { ", scales = [3, 5]" } else { "" };
    let each: Vec<usize> = (0..case.filters).map(|filter| 20 + 3 * filter).collect();
    let after =
        AFTER[random.integer(0, 2) as usize].replace("multiplier = 37", &format!("multiplier = {each:?}"));
    format!(
        "{}{folding}{keys}\nweights = {{ from = \"{from}\", values = {values}{scales} }}\n{after}",
        case.keys
    )
}

/// Kinds that have a 0 for the taps that a phase has not.
const WITH_ZERO: [usize; 6] = [0, 1, 2, 3, 5, 6];

#[test]
fn taps_that_overlap_equal_their_golden_model() {
    let mut random = Draw::seeded(51);
    for case in 0..36 {
        let toml = drawn_overlapping(WITH_ZERO[case % WITH_ZERO.len()], &mut random);
        let datapath = datapath::<TransposedConvolutionConfig>(&toml);
        interpreter(&*datapath, 3, case as u64);
        assert!(agrees(&*datapath).latency_cycles.is_some(), "{toml}");
    }
    for (case, timing) in [Timing::levels(2), Timing::clock(Family::ICE40_UP, 24.0)].into_iter().enumerate() {
        let toml = drawn_overlapping(3 * case, &mut random);
        let report = verilator(&*datapath::<TransposedConvolutionConfig>(&toml), 40, 17, timing);
        assert_eq!(report.mismatches, 0, "{toml}");
    }
}

/// A transposed convolution with weights of kind `kind`, in memory or constant.
fn drawn(kind: usize, random: &mut Draw) -> String {
    let case = Case::drawn(random);
    let (keys, lo, hi) = KINDS[kind];
    let group = if keys.contains("2:4") { 4 } else { 1 + usize::from(keys.contains("1:2")) };
    let values = case.values(lo, hi, random);
    let (folding, weights) = match random.integer(0, 3) {
        0 => {
            let lanes = pick(&divisors(case.channels, |_| true), random);
            let out = pick(&divisors(case.filters, |_| true), random);
            let folding = format!("lanes = {lanes}\noutput_lanes = {out}\n");
            (folding, format!("{{ from = \"constant\", values = {values} }}"))
        }
        more => {
            let packed = kind == 0 && more == 1;
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
    let after = AFTER[random.integer(0, 2) as usize];
    format!("{}{folding}{keys}\nweights = {weights}\n{after}", case.keys)
}

#[test]
fn hardware_equals_golden_for_every_kind_of_weights_and_folding() {
    let mut random = Draw::seeded(41);
    for case in 0..56 {
        let toml = drawn(case % KINDS.len(), &mut random);
        interpreter(&*datapath::<TransposedConvolutionConfig>(&toml), 3, case as u64);
    }
}

/// Each is known, and equals what the circuit shows.
#[test]
fn schedules_are_those_of_the_hardware() {
    let mut random = Draw::seeded(42);
    for case in 0..42 {
        let toml = drawn(case % KINDS.len(), &mut random);
        let said = agrees(&*datapath::<TransposedConvolutionConfig>(&toml));
        assert!(said.latency_cycles.is_some(), "{toml}");
    }
}

#[test]
fn a_codebook_is_loaded_for_each_map() {
    let mut random = Draw::seeded(43);
    for case in 0..4 {
        let shape = Case::drawn(&mut random);
        let values = shape.values(0, 3, &mut random);
        let toml = format!(
            "{}{}codebook = {{ from = \"stream\", entries = 4, type = \"s4\" }}\n\
             weights = {{ from = \"memory\", values = {values} }}\n",
            shape.keys,
            shape.folding(1, &mut random)
        );
        interpreter(&*datapath::<TransposedConvolutionConfig>(&toml), 2, case);
    }
}

#[test]
fn verilog_equals_golden() {
    let mut random = Draw::seeded(44);
    let timings = [
        Timing::levels(50),
        Timing::levels(2),
        Timing::clock(Family::ICE40_UP, 24.0),
        Timing::clock(Family::ECP5, 60.0),
    ];
    for (case, timing) in timings.into_iter().enumerate() {
        let toml = drawn(case, &mut random);
        let report = verilator(&*datapath::<TransposedConvolutionConfig>(&toml), 40, 17, timing);
        assert_eq!(report.mismatches, 0, "{toml}");
    }
}

fn ternary(shape: &str, channels: usize, columns: usize, from: &str) -> Box<dyn Datapath> {
    let values: Vec<Vec<i64>> = (0..channels)
        .map(|channel| (0..columns).map(|column| ((channel * 7 + column * 5) % 3) as i64 - 1).collect())
        .collect();
    datapath::<TransposedConvolutionConfig>(&format!(
        "{shape}\nchannels = {channels}\ninput = \"u4\"\nweight = \"ternary\"\nweights = {{ from = \"{from}\", values = {values:?} }}"
    ))
}

/// Frames follow each other without a gap, though planes and rows are read again: an input position takes what its multiplications take, and
/// with constant weights a position leaves a cycle.
#[test]
fn no_cycle_is_lost() {
    let volume = "size = [3, 4, 5]\nkernel = 2";
    let picture = "size = [6, 5]\nkernel = [3, 2]";
    for (shape, channels, columns, from, cycles) in [
        (format!("{volume}\nfilters = 2"), 3, 16, "constant", 60 * 8),
        (format!("{volume}\nfilters = 4\nlanes = 4"), 4, 32, "memory", 60 * 8 * 4),
        (format!("{volume}\nfilters = 4\nlanes = 4\nparallel_rows = 4"), 4, 32, "memory", 60 * 8),
        (format!("{volume}\nfilters = 2\nlanes = 4\nparallel_columns = 2"), 4, 16, "memory", 60 * 8 * 2 * 2),
        (
            format!("{picture}\nfilters = 3\nlanes = 2\nparallel_rows = 6\noutput_lanes = 3"),
            4,
            18,
            "memory",
            30 * 6,
        ),
        (format!("{picture}\nfilters = 4\ngroups = 4\nlanes = 4"), 4, 6, "memory", 30 * 6 * 4),
    ] {
        let datapath = ternary(&shape, channels, columns, from);
        assert_eq!(holds(&*datapath).initiation_interval, Some(cycles), "{shape}");
    }
}

/// A patch's positions are those of the whole volume from the first on.
#[test]
fn it_sees_nothing_of_what_lies_around() {
    let datapath = ternary("size = [3, 4, 5]\nkernel = [2, 1, 3]\nfilters = 2", 3, 12, "memory");
    for (axis, (length, taps)) in [(3, 2), (4, 1), (5, 3)].into_iter().enumerate() {
        let reach = datapath.reach(axis, &[Reach::input(length)]).unwrap()[0];
        assert_eq!((reach.length, reach.before, reach.after), (length * taps, 0, 0));
        assert_eq!(reach.step, (1, taps));
    }
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
        ("kernel", "2"),
        ("input", "\"u4\""),
        ("weight", "\"ternary\""),
        ("weights", "{ from = \"memory\", file = \"w.npy\" }"),
    ];
    let given: toml::Table = changes.parse().unwrap();
    let kept = defaults.iter().filter(|(key, _)| !given.contains_key(*key));
    let kept: String = kept.map(|(key, value)| format!("{key} = {value}\n")).collect();
    let config: TransposedConvolutionConfig = toml::from_str(&format!("{kept}{changes}")).unwrap();
    let errors = config.load(source).err().unwrap_or_else(|| panic!("{changes} is no problem"));
    errors.iter().map(|error| format!("{error}\n")).collect()
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let file = File(vec![4, 6, 2, 2]);
    for (changes, text) in [
        ("stride = 0", "stride = [0, 0]: positions are 1 to 11 apart along an axis; write 1 to 11 for each"),
        (
            "padding = 2",
            "padding = [[2, 2], [2, 2]]: less than the kernel, [2, 2], is left out at each end; leave out fewer",
        ),
        (
            "stride = 1\nsize = [1, 1]\npadding = 1",
            "padding = [[1, 1], [1, 1]]: nothing is left of [2, 2] positions; leave out fewer",
        ),
        (
            "stride = 1\n[requantize]\noutput = \"u4\"\nmultiplier = [1, 2]",
            "requantize.multiplier = 2 integers: there are 2 integers for 6 rows; give one, or 6",
        ),
        (
            "stride = 1\n[requantize]\noutput = \"u4\"\nmultiplier = 1\nshift = 2\nrounding = \"stochastic\"",
            "requantize.rounding = \"stochastic\": where taps overlap, positions do not leave in the order in which they are computed",
        ),
        (
            "stride = 1\noutput_lanes = 4\nparallel_rows = 4",
            "output_lanes = 4: they divide the 6 filters; write 2",
        ),
        (
            "kernel = 12",
            "kernel = [12, 12]: a position adds to 1 to 11 along an axis; write 1 to 11 for each",
        ),
        ("kernel = 0", "kernel = [0, 0]: a position adds to 1 to 11 along an axis"),
        ("kernel = [2, 2, 2]", "kernel = [2, 2, 2]: there are 3 numbers for the 2 axes of `size`"),
        ("size = []", "size = []: a position of no axis becomes no others; write [width]"),
        ("groups = 4", "groups = 4: groups divide the 6 filters; write a divisor of channels and filters"),
        ("filters = 0", "filters = 0: there are 1 to 65536 filters"),
        ("lanes = 3", "lanes = 3: lanes divide the 4 channels of a position; write 2 or 4"),
        (
            "parallel_columns = 3\nlanes = 2",
            "parallel_columns = 3: there must be 1 to 2 (channels of a beat); write 1 to 2",
        ),
        (
            "parallel_rows = 4",
            "parallel_rows = 4: they are a whole part of the 6 filters, or those of whole positions of 2; write a divisor of 6, or \
             6 times a divisor of 2",
        ),
        (
            "parallel_rows = 6\ngroups = 2",
            "parallel_rows = 6: they divide the 3 filters of a group; write a divisor of 3",
        ),
        (
            "parallel_rows = 12\noutput_lanes = 12",
            "output_lanes = 12: they divide the 6 filters at once; write a divisor of 6",
        ),
        (
            "weights = { from = \"stream\" }",
            "weights.from = \"stream\": weights are not streamed; keep them in memory, load them, or take constant ones",
        ),
        (
            "weights = { from = \"loaded\" }\nstride = 1",
            "weights.from = \"loaded\": where taps overlap, weights are known; keep them in memory, take constant ones, or a stride that is the kernel without padding",
        ),
        (
            "weights = { from = \"constant\", file = \"w.npy\" }\nparallel_rows = 2",
            "parallel_rows = 2: constant weights multiply all taps and channels of a position in each clock cycle; leave it out, or write 24",
        ),
        (
            "size = [60000, 60000]",
            "size = [60000, 60000]: a map has 86400000000 integers, and at most 4294967296 may be",
        ),
    ] {
        let said = refused(changes, &file);
        assert!(said.contains(text), "{changes}: {said}");
    }
    let said = refused("", &File(vec![6, 4, 2, 2]));
    assert!(
        said.contains(
            "weights.tensor = \"w.npy\": the tensor has the shape [6, 4, 2, 2], the filters [4, 6, 2, 2]: channels, filters / \
             groups, height, width; transpose the tensor to this order, or change channels, filters, groups or kernel"
        ),
        "{said}"
    );
    let said = refused("weights = { from = \"memory\", values = [[1, 2]] }", &NoFiles);
    assert!(said.contains("weights.values = [...]: the matrix is not 4 rows of 24 weights"), "{said}");
}

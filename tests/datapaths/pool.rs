use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::{Datapath, PoolConfig};
use ternlet::hdl::Timing;
use ternlet::stream::{Draw, Tokens};

/// Windows that do not overlap: of which the last is cut off or left out, with gaps, around borders, and one of all.
const TILES: [&str; 15] = [
    "size = [4]\nchannels = 1\nkernel = 2",
    "size = [7]\nchannels = 3\nkernel = 3\nceil = true",
    "size = [7]\nchannels = 3\nkernel = 3",
    "size = [8]\nchannels = 4\nlanes = 2\nkernel = 2\nstride = 3",
    "size = [5]\nchannels = 2\nkernel = 3\npadding = [[2, 1]]",
    "size = [5]\nchannels = 2\nkernel = 1\nstride = 2",
    "size = [4, 6]\nchannels = 2\nkernel = 2",
    "size = [4, 6]\nchannels = 2\nlanes = 2\nkernel = 2",
    "size = [5, 7]\nchannels = 6\nlanes = 2\nkernel = [2, 3]\nceil = true",
    "size = [5, 7]\nchannels = 1\nkernel = [1, 2]\nstride = [2, 2]",
    "size = [4, 3]\nchannels = 1\nkernel = [2, 3]",
    "size = [3, 5]\nchannels = 4\nlanes = 2",
    "size = [3, 5]\nchannels = 2\nlanes = 2",
    "size = [4, 4, 6]\nchannels = 2\nlanes = 2\nkernel = 2",
    "size = [3, 4, 5]\nchannels = 3\nkernel = [2, 2, 3]\npadding = [[1, 0], [0, 0], [1, 2]]",
];

/// Several positions a beat: windows of whole beats, and beats of whole windows.
const STRIPS: [&str; 8] = [
    "size = [8]\nchannels = 1\nlanes = 2\nkernel = 2",
    "size = [8]\nchannels = 3\nlanes = 12\nkernel = 2",
    "size = [8]\nchannels = 2\nlanes = 4\nkernel = 4",
    "size = [4, 6]\nchannels = 2\nlanes = 4\nkernel = 2",
    "size = [5, 6]\nchannels = 2\nlanes = 4\nkernel = [2, 4]\nceil = true",
    "size = [3, 6]\nchannels = 2\nlanes = 6\nkernel = [2, 1]\npadding = [[1, 0], [0, 0]]",
    "size = [3, 6]\nchannels = 2\nlanes = 6",
    "size = [2, 4, 8]\nchannels = 1\nlanes = 4\nkernel = 2",
];

/// Windows that do.
const OVERLAPPING: [&str; 8] = [
    "size = [6]\nchannels = 1\nkernel = 3\nstride = 1",
    "size = [6]\nchannels = 2\nkernel = 3\nstride = 2\npadding = 1",
    "size = [5, 6]\nchannels = 4\nlanes = 2\nkernel = 3\nstride = 2\npadding = 1",
    "size = [5, 6]\nchannels = 1\nkernel = [2, 3]\nstride = [1, 2]\nceil = true",
    "size = [4, 5]\nchannels = 2\nkernel = [3, 1]\nstride = [2, 3]\npadding = [[1, 0], [0, 0]]",
    "size = [4, 4]\nchannels = 1\nkernel = 3\nstride = 1\npadding = 2",
    "size = [4, 3, 5]\nchannels = 2\nlanes = 2\nkernel = [3, 2, 3]\nstride = [1, 1, 2]\npadding = 1",
    "size = [3, 4, 4]\nchannels = 1\nkernel = 2\nstride = [1, 2, 2]",
];

/// Windows with holes, of which some see padding between their positions.
const DILATED: [&str; 5] = [
    "size = [7]\nchannels = 2\nkernel = 3\nstride = 1\ndilation = 2",
    "size = [5, 6]\nchannels = 4\nlanes = 2\nkernel = 2\nstride = [1, 2]\ndilation = [3, 2]",
    "size = [5, 6]\nchannels = 1\nkernel = [2, 3]\nstride = 2\ndilation = [1, 2]\npadding = 1",
    "size = [6, 5]\nchannels = 1\nkernel = 2\nstride = 2\ndilation = 2\nceil = true",
    "size = [3, 4, 4]\nchannels = 2\nkernel = 2\nstride = 1\ndilation = [2, 1, 3]",
];

fn pool(operation: &str, input: &str, keys: &str) -> Box<dyn Datapath> {
    datapath::<PoolConfig>(&format!("operation = \"{operation}\"\ninput = \"{input}\"\n{keys}"))
}

#[test]
fn hardware_equals_golden() {
    for (case, keys) in TILES.iter().chain(&STRIPS).chain(&OVERLAPPING).chain(&DILATED).enumerate() {
        for (operation, input) in [("max", "s4"), ("sum", "u3")] {
            let pool = pool(operation, input, keys);
            interpreter(&*pool, 6, case as u64);
            holds(&*pool);
        }
    }
}

/// The mean of the positions that a window sees, times what all counts have in common.
#[test]
fn means_at_borders_in_hardware_equal_golden() {
    for (case, keys) in TILES.iter().chain(&OVERLAPPING).chain(&DILATED).enumerate() {
        let pool = pool("mean", "s3", keys);
        interpreter(&*pool, 6, case as u64);
        holds(&*pool);
    }
    // Along a line of four with one position around it counts are 2, 3, 3, 2.
    let keys = "size = [4]\nchannels = 1\nkernel = 3\nstride = 1\npadding = 1";
    let mean = pool("mean", "u4", keys);
    let ports = mean.ports();
    let y = mean.golden(&vec![Tokens::pack(&ports.inputs[0], &[1, 2, 3, 10])]);
    assert_eq!(y[0].unpack(&ports.outputs[0]), [9, 12, 30, 39]);
    assert_eq!(ports.outputs[0].fields[0].range.to_string(), "0..=90");
}

/// A number of `1..=most`, a small one more often.
fn few(most: usize, draw: &mut Draw) -> usize {
    let most = draw.integer(1, most as i64);
    draw.integer(1, most) as usize
}

/// Keys such that each axis has a window.
fn random_keys(draw: &mut Draw) -> String {
    let axes = 1 + draw.integer(0, 2) as usize;
    let most = [12, 7, 4][axes - 1];
    let (mut size, mut kernel, mut stride, mut padding) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..axes {
        let (length, other) = (few(most, draw), few(most, draw));
        let length = length.max(other);
        let before = draw.integer(0, 1) as usize;
        let seen = few(length + before, draw).max(before + 1);
        size.push(length);
        kernel.push(seen);
        stride.push(few(4, draw));
        padding.push([before, draw.integer(0, 1).min(seen as i64 - 1) as usize]);
    }
    let (beats, lanes, ceil) = (few(3, draw), few(3, draw), draw.integer(0, 1) == 1);
    format!(
        "size = {size:?}\nchannels = {}\nlanes = {lanes}\nkernel = {kernel:?}\nstride = {stride:?}\npadding = {padding:?}\nceil = {ceil}",
        beats * lanes
    )
}

/// In the cycles that the schedule says, too.
#[test]
fn random_windows_in_hardware_equal_golden() {
    let mut draw = Draw::seeded(15);
    for case in 0..150 {
        let keys = random_keys(&mut draw);
        let (operation, input) = [("max", "s3"), ("sum", "s2"), ("mean", "s2")][case % 3];
        let pool = pool(operation, input, &keys);
        interpreter_at(Timing::levels([0, 1, 3][case % 3].max(1)), &*pool, 5, case as u64);
        holds(&*pool);
    }
}

#[test]
fn verilog_equals_golden() {
    for (operation, keys, interval) in [
        ("max", "size = [4, 6]\nchannels = 4\nlanes = 2\nkernel = 2", 48.0),
        (
            "sum",
            "size = [4, 4]\nchannels = 3\nrequantize = { output = \"u4\", multiplier = 3, shift = 5 }",
            48.0,
        ),
        ("max", "size = [4, 8]\nchannels = 2\nlanes = 8\nkernel = 2", 8.0),
        ("max", "size = [7, 7]\nchannels = 2\nkernel = 3\nstride = 2\npadding = 1", 98.0),
        ("sum", "size = [3, 4, 5]\nchannels = 1\nkernel = 2\nstride = [1, 2, 2]", 60.0),
        (
            "mean",
            "size = [5, 4]\nchannels = 4\nlanes = 2\nkernel = 3\nstride = 1\npadding = 1\ndilation = [1, 1]",
            40.0,
        ),
    ] {
        let report = verilator(&*pool(operation, "u4", keys), 60, 61, Timing::levels(2));
        assert_eq!((report.mismatches, report.initiation_interval), (0, Some(interval)), "{keys}");
    }
}

/// A sum of all positions has the range of all, and no more.
#[test]
fn sums_are_as_wide_as_they_can_be() {
    let range = pool("sum", "u4", "size = [7, 7]\nchannels = 1").ports().outputs[0].fields[0].range.clone();
    assert_eq!(range.to_string(), "0..=735");
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let said = |keys: &str| problems::<PoolConfig>(&format!("operation = \"sum\"\ninput = \"s8\"\n{keys}"));
    let map = "size = [4, 6]\nchannels = 6";
    for (keys, line) in [
        (
            format!("{map}\nkernel = [2, 7]"),
            "kernel = [2, 7]: a window of 7 positions does not fit in 0 + 6 + 0; write a smaller kernel, or a larger padding or size",
        ),
        (
            format!("{map}\nkernel = 2\nstride = 0"),
            "stride = [0, 0]: a stride is 1 to 65536 positions along each axis; write 1 or more",
        ),
        (
            format!("{map}\nkernel = [0, 2]"),
            "kernel = [0, 2]: a kernel is 1 to 65536 positions along each axis; write 1 or more",
        ),
        (
            format!("{map}\nkernel = [2, 2, 2]"),
            "kernel = [2, 2, 2]: there are 3 numbers for the 2 axes of `size`; give one for all axes, or one for each",
        ),
        (
            format!("{map}\nkernel = 2\npadding = [0, 2]"),
            "padding = [[0, 0], [2, 2]]: a window of 2 positions would see nothing but padding; write less than 2",
        ),
        (format!("{map}\nlanes = 4"), "lanes = 4: lanes divide the 6 channels of a position; write 3 or 6"),
        (
            "size = []\nchannels = 6".into(),
            "size = []: there are no windows where there is no axis; write [width]",
        ),
        (
            "size = [0, 3]\nchannels = 6".into(),
            "size = [0, 3]: an axis has 1 to 65536 positions; write 1 to 65536 for each",
        ),
        (
            format!("{map}\nrequantize = {{ output = \"u4\", multiplier = [1, 2] }}"),
            "requantize.multiplier = 2 integers: there are 2 integers for 6 rows; give one, or 6",
        ),
        (
            format!("{map}\nkernel = \"all\""),
            "expected a whole number from 0 on, or a list with one for each axis",
        ),
    ] {
        let text = said(&keys);
        assert!(text.contains(line), "{text}");
    }
    let wide = "operation = \"sum\"\ninput = \"s32\"\nsize = [65536, 65536]\nchannels = 1";
    let text = problems::<PoolConfig>(wide);
    assert!(text.contains("input = \"s32\": sums of windows have 64 bits, and at most 62 may be"), "{text}");
}

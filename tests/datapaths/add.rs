use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::AddConfig;
use ternlet::hdl::Timing;

const SCALE: &str = "requantize = { output = \"s4\", multiplier = [3, 5], bias = -2, shift = 3 }";

#[test]
fn hardware_equals_golden() {
    for (case, keys) in [
        "channels = 3\na = \"s4\"\nb = \"u6\"",
        "size = [3]\nchannels = 2\nlanes = 2\na = \"s1\"\nb = \"s1\"\nfactors = [-1, 1]",
        "size = [2, 3]\nchannels = 2\na = \"u4\"\nb = \"s5\"\nfactors = [5, -3]",
        "size = [2, 1, 3]\nchannels = 4\nlanes = 2\na = \"u4\"\nb = \"u4\"\nfactors = [0, 7]",
    ]
    .iter()
    .enumerate()
    {
        let sum = datapath::<AddConfig>(keys);
        interpreter(&*sum, 20, case as u64);
        holds(&*sum);
    }
    for lanes in [1, 2, 6] {
        let keys = format!("size = [2, 3]\nchannels = 2\nlanes = {lanes}\na = \"s4\"\nb = \"s5\"\n{SCALE}");
        let sum = datapath::<AddConfig>(&keys);
        interpreter(&*sum, 20, 70);
        holds(&*sum);
    }
}

#[test]
fn verilog_equals_golden() {
    let keys = format!("size = [3, 3]\nchannels = 2\na = \"u4\"\nb = \"s5\"\nfactors = [3, 2]\n{SCALE}");
    let report = verilator(&*datapath::<AddConfig>(&keys), 200, 71, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(18.0)));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<AddConfig>(
        "size = [2, 2, 2, 2]\nchannels = 4\nlanes = 3\na = \"u4\"\nb = \"u4\"\nfactors = [1, 8388608]",
    );
    for line in [
        "size = [2, 2, 2, 2]: a map has at most 3 axes; write [width], [height, width] or [depth, height, width]",
        "lanes = 3: lanes divide the 4 channels of a position; write 2 or 4",
        "factors = [1, 8388608]: a factor has at most 24 bits; divide both by the same number",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

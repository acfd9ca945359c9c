use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::PadConfig;
use ternlet::hdl::Timing;

#[test]
fn hardware_equals_golden() {
    for (case, keys) in [
        "size = [3]\nchannels = 1\npadding = 0",
        "size = [1]\nchannels = 1\npadding = 1",
        "size = [3]\nchannels = 4\nlanes = 2\npadding = [[2, 0]]\nvalue = -8",
        "size = [3]\nchannels = 2\npadding = [[0, 1]]",
        "size = [2, 3]\nchannels = 2\nlanes = 2\npadding = 1\nvalue = 7",
        "size = [2, 3]\nchannels = 2\npadding = [[1, 0], [0, 2]]",
        "size = [2, 3]\nchannels = 2\npadding = [[0, 3], [2, 0]]",
        "size = [2, 2, 3]\nchannels = 2\nlanes = 2\npadding = [0, 1, 2]",
    ]
    .iter()
    .enumerate()
    {
        let maps = datapath::<PadConfig>(&format!("input = \"s4\"\n{keys}"));
        interpreter(&*maps, 8, case as u64);
        holds(&*maps);
    }
}

#[test]
fn verilog_equals_golden() {
    let maps = datapath::<PadConfig>("input = \"u4\"\nsize = [2, 3]\nchannels = 4\nlanes = 2\npadding = 1");
    let report = verilator(&*maps, 100, 77, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(40.0)));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    for (keys, line) in [
        (
            "size = [4]\nchannels = 1\npadding = 1\nvalue = 8",
            "value = 8: the positions around are integers of s4; write -8 to 7",
        ),
        (
            "size = [4]\nchannels = 1\npadding = 65536",
            "padding = [[65536, 65536]]: each axis has at most 65536 positions that leave; write less",
        ),
        (
            "size = [4, 4]\nchannels = 1\npadding = [1]",
            "padding = [1]: there are 1 numbers for the 2 axes of `size`",
        ),
    ] {
        let text = problems::<PadConfig>(&format!("input = \"s4\"\n{keys}"));
        assert!(text.contains(line), "{text}");
    }
}

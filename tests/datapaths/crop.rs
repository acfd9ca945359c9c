use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::CropConfig;
use ternlet::hdl::Timing;

#[test]
fn hardware_equals_golden() {
    for (case, keys) in [
        "size = [3]\nchannels = 1\nmargin = 0",
        "size = [3]\nchannels = 1\nmargin = 1",
        "size = [5]\nchannels = 4\nlanes = 2\nmargin = [[2, 0]]",
        "size = [3]\nchannels = 2\nmargin = [[0, 1]]",
        "size = [4, 3]\nchannels = 2\nlanes = 2\nmargin = 1",
        "size = [2, 3]\nchannels = 2\nmargin = [[1, 0], [0, 2]]",
        "size = [4, 3]\nchannels = 2\nmargin = [[0, 3], [2, 0]]",
        "size = [2, 3, 5]\nchannels = 2\nlanes = 2\nmargin = [0, 1, 2]",
    ]
    .iter()
    .enumerate()
    {
        let maps = datapath::<CropConfig>(&format!("input = \"s4\"\n{keys}"));
        interpreter(&*maps, 8, case as u64);
        holds(&*maps);
    }
}

#[test]
fn verilog_equals_golden() {
    let maps = datapath::<CropConfig>("input = \"u4\"\nsize = [4, 5]\nchannels = 4\nlanes = 2\nmargin = 1");
    let report = verilator(&*maps, 100, 78, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(40.0)));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    for (keys, line) in [
        (
            "size = [4]\nchannels = 1\nmargin = 2",
            "margin = [[2, 2]]: nothing is left of an axis of [4]; write less than the positions of each axis",
        ),
        (
            "size = [4, 4]\nchannels = 1\nmargin = [1]",
            "margin = [1]: there are 1 numbers for the 2 axes of `size`",
        ),
    ] {
        let text = problems::<CropConfig>(&format!("input = \"s4\"\n{keys}"));
        assert!(text.contains(line), "{text}");
    }
}

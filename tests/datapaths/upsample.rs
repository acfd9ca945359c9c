use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::UpsampleConfig;
use ternlet::hdl::Timing;

#[test]
fn hardware_equals_golden() {
    for (case, keys) in [
        "size = [3]\nchannels = 1\nfactor = 1",
        "size = [3]\nchannels = 1\nfactor = 2",
        "size = [3]\nchannels = 4\nlanes = 2\nfactor = 3",
        "size = [2, 3]\nchannels = 2\nlanes = 2\nfactor = 2",
        "size = [3, 2]\nchannels = 6\nlanes = 2\nfactor = [1, 3]",
        "size = [3, 2]\nchannels = 3\nfactor = [3, 1]",
        "size = [2, 3, 2]\nchannels = 2\nfactor = 2",
        "size = [2, 2, 3]\nchannels = 1\nfactor = [1, 3, 2]",
        "size = [1, 1]\nchannels = 1\nfactor = [2, 3]",
    ]
    .iter()
    .enumerate()
    {
        let maps = datapath::<UpsampleConfig>(&format!("input = \"s4\"\n{keys}"));
        interpreter(&*maps, 8, case as u64);
        holds(&*maps);
    }
}

#[test]
fn verilog_equals_golden() {
    let maps =
        datapath::<UpsampleConfig>("input = \"u4\"\nsize = [2, 3]\nchannels = 4\nlanes = 2\nfactor = 2");
    let report = verilator(&*maps, 100, 75, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(48.0)));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    for (keys, line) in [
        (
            "size = [4]\nchannels = 1\nfactor = 0",
            "factor = [0]: each axis has 1 to 65536 positions that leave; write 1 or more",
        ),
        (
            "size = [4, 4]\nchannels = 1\nfactor = [2, 20000]",
            "factor = [2, 20000]: each axis has 1 to 65536 positions that leave",
        ),
        (
            "size = [4, 4]\nchannels = 1\nfactor = [2]",
            "factor = [2]: there are 1 numbers for the 2 axes of `size`",
        ),
    ] {
        let text = problems::<UpsampleConfig>(&format!("input = \"s4\"\n{keys}"));
        assert!(text.contains(line), "{text}");
    }
}

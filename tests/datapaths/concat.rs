use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::ConcatConfig;
use ternlet::hdl::Timing;

#[test]
fn hardware_equals_golden() {
    for (case, keys) in [
        "channels = [1, 1]\ninput = \"s4\"",
        "channels = [3, 6]\nlanes = 3\ninput = \"u2\"",
        "size = [4]\nchannels = [2, 4]\nlanes = 2\ninput = \"s3\"",
        "size = [2, 3]\nchannels = [1, 3, 2]\ninput = \"u4\"",
        "size = [2, 2, 2]\nchannels = [2, 2, 4, 2]\nlanes = 2\ninput = \"u4\"",
    ]
    .iter()
    .enumerate()
    {
        let maps = datapath::<ConcatConfig>(keys);
        interpreter(&*maps, 20, case as u64);
        holds(&*maps);
    }
}

#[test]
fn verilog_equals_golden() {
    let maps = datapath::<ConcatConfig>("size = [2, 3]\nchannels = [4, 8]\nlanes = 2\ninput = \"u4\"");
    let report = verilator(&*maps, 200, 72, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(36.0)));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    for (keys, line) in [
        ("channels = [4]", "channels = [4]: there are 2 to 8 maps; give one number for each"),
        (
            "channels = [4, 0]",
            "channels = [4, 0]: a position has 1 to 65536 channels; write 1 to 65536 for each",
        ),
        ("channels = [4, 6]\nlanes = 4", "lanes = 4: lanes divide the 2 channels"),
    ] {
        let text = problems::<ConcatConfig>(&format!("input = \"u4\"\nsize = [2]\n{keys}"));
        assert!(text.contains(line), "{text}");
    }
}

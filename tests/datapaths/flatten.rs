use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::FlattenConfig;
use ternlet::hdl::Timing;

#[test]
fn hardware_equals_golden() {
    for (case, keys) in
        ["size = [1]\nchannels = 1", "size = [4]\nchannels = 6\nlanes = 3", "size = [2, 3, 2]\nchannels = 2"]
            .iter()
            .enumerate()
    {
        let flat = datapath::<FlattenConfig>(&format!("input = \"s4\"\n{keys}"));
        interpreter(&*flat, 10, case as u64);
        holds(&*flat);
        assert!(flat.ports().outputs[0].frame.is_vector());
    }
}

#[test]
fn channels_come_first() {
    for (case, keys) in [
        "size = [1]\nchannels = 1",
        "size = [5]\nchannels = 1",
        "size = [1]\nchannels = 6\nlanes = 2",
        "size = [4]\nchannels = 6\nlanes = 3",
        "size = [3, 3]\nchannels = 3",
        "size = [2, 3, 2]\nchannels = 2\nlanes = 2",
    ]
    .iter()
    .enumerate()
    {
        let flat = datapath::<FlattenConfig>(&format!("input = \"s4\"\norder = \"channel_first\"\n{keys}"));
        interpreter(&*flat, 10, case as u64);
        holds(&*flat);
    }
    let keys = "size = [2, 3]\nchannels = 4\nlanes = 2\ninput = \"u4\"\norder = \"channel_first\"";
    let report = verilator(&*datapath::<FlattenConfig>(keys), 100, 74, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(24.0)));
}

/// Where channels stay innermost beats stay whole.
#[test]
fn axes_come_in_any_order() {
    for (case, (keys, order, lanes)) in [
        ("size = [4]\nchannels = 6\nlanes = 3", "[1, 0]", 1),
        ("size = [2, 3]\nchannels = 4\nlanes = 2", "[1, 0, 2]", 2),
        ("size = [2, 3]\nchannels = 4\nlanes = 2", "[0, 2, 1]", 1),
        ("size = [2, 3, 2]\nchannels = 2\nlanes = 2", "[3, 1, 0, 2]", 1),
        ("size = [2, 3, 2]\nchannels = 2\nlanes = 2", "[2, 0, 1, 3]", 2),
        ("size = [2, 3]\nchannels = 4\nlanes = 2", "[0, 1, 2]", 2),
    ]
    .iter()
    .enumerate()
    {
        let flat = datapath::<FlattenConfig>(&format!("input = \"s4\"\norder = {order}\n{keys}"));
        interpreter(&*flat, 10, case as u64);
        holds(&*flat);
        assert_eq!(flat.ports().outputs[0].lanes(), *lanes);
    }
    let keys = "size = [3, 2]\nchannels = 4\nlanes = 2\ninput = \"u4\"\norder = [1, 0, 2]";
    let report = verilator(&*datapath::<FlattenConfig>(keys), 100, 75, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(12.0)));
}

#[test]
fn verilog_equals_golden() {
    let flat = datapath::<FlattenConfig>("size = [2, 3]\nchannels = 4\nlanes = 2\ninput = \"u4\"");
    let report = verilator(&*flat, 100, 73, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(12.0)));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<FlattenConfig>("size = [2, 70000]\nchannels = 4\nlanes = 5\ninput = \"u4\"");
    for line in [
        "size = [2, 70000]: an axis has 1 to 65536 positions",
        "lanes = 5: lanes divide the 4 channels of a position; write 4",
    ] {
        assert!(text.contains(line), "{text}");
    }
    for order in ["[0, 1]", "[0, 2, 2]", "[1, 2, 3]"] {
        let keys = format!("size = [2, 3]\nchannels = 4\ninput = \"u4\"\norder = {order}");
        let text = problems::<FlattenConfig>(&keys);
        assert!(text.contains("each axis stands there once"), "{text}");
    }
}

use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::PixelShuffleConfig;
use ternlet::hdl::Timing;

#[test]
fn hardware_equals_golden() {
    for (case, keys) in [
        "size = [3]\nchannels = 2\nfactor = 1",
        "size = [3]\nchannels = 4\nlanes = 2\nfactor = 1\norder = \"crd\"",
        "size = [3]\nchannels = 4\nlanes = 2\nfactor = 2",
        "size = [3]\nchannels = 6\nlanes = 3\nfactor = 3\norder = \"crd\"",
        "size = [2, 3]\nchannels = 8\nlanes = 2\nfactor = 2",
        "size = [2, 3]\nchannels = 4\nlanes = 4\nfactor = 2\norder = \"crd\"",
        "size = [3, 2]\nchannels = 6\nfactor = [1, 3]",
        "size = [3, 2]\nchannels = 6\nlanes = 2\nfactor = [3, 1]",
        "size = [3, 2]\nchannels = 12\nlanes = 4\nfactor = [3, 1]\norder = \"crd\"",
        "size = [2, 2, 3]\nchannels = 16\nlanes = 2\nfactor = 2",
        "size = [2, 2, 3]\nchannels = 24\nlanes = 3\nfactor = [2, 1, 3]\norder = \"crd\"",
    ]
    .iter()
    .enumerate()
    {
        let maps = datapath::<PixelShuffleConfig>(&format!("input = \"s4\"\n{keys}"));
        interpreter(&*maps, 8, case as u64);
        holds(&*maps);
    }
}

#[test]
fn verilog_equals_golden() {
    let maps =
        datapath::<PixelShuffleConfig>("input = \"u4\"\nsize = [2, 3]\nchannels = 8\nlanes = 2\nfactor = 2");
    let report = verilator(&*maps, 100, 76, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(24.0)));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    for (keys, line) in [
        (
            "size = [4, 4]\nchannels = 6\nfactor = 2",
            "channels = 6: channels become 4 positions each, so 4 divides them; write 8",
        ),
        (
            "size = [4, 4]\nchannels = 8\nlanes = 4\nfactor = 2",
            "lanes = 4: lanes divide the 2 channels of a position that leaves; write 2",
        ),
        (
            "size = [4]\nchannels = 1\nfactor = 0",
            "factor = [0]: each axis has 1 to 65536 positions that leave",
        ),
        ("size = [4]\nchannels = 2\nfactor = 2\norder = \"rdc\"", "unknown variant `rdc`"),
    ] {
        let text = problems::<PixelShuffleConfig>(&format!("input = \"s4\"\n{keys}"));
        assert!(text.contains(line), "{text}");
    }
}

//! The example for the Alchitry Cu, run as a test.

#[path = "../../examples/alchitry_cu/design.rs"]
mod design;

use ternlet::tools::{Progress, Toolchain};

#[test]
fn the_example_becomes_a_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let toolchain = Toolchain::new(Progress::quiet()).unwrap();
    let summary = design::bitstream(&toolchain, folder.path()).unwrap();
    let bitstream = std::fs::read(folder.path().join("top.bin")).unwrap();
    assert!(
        bitstream.starts_with(&[0xff, 0x00, 0x00, 0xff, 0x7e, 0xaa, 0x99, 0x7e]),
        "{:?}",
        &bitstream[..8]
    );
    assert_eq!(bitstream.len(), 135_100, "an iCE40 HX8K");
    let design::Summary { fmax_mhz, logic_cells } = summary;
    assert!(fmax_mhz >= 25.0 && logic_cells < 7_680, "{fmax_mhz} MHz, {logic_cells} cells");
}

//! The wavelet design files, on a whole photograph and a whole brain: every subband equals the golden model's, and what the
//! pictures of a report show comes back without a difference.

use std::path::Path;
use ternlet::datapath::Catalog;
use ternlet::datapath::{Figure, circuit};
use ternlet::design::{Choices, Design};
use ternlet::stream::Tokens;
use ternlet::tools::{Progress, Toolchain};
use ternlet::verify::{Model, Options, Run, VerilatorTools};
use ternlet::verilog::emit;

fn whole(name: &str, most_cycles: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/{name}.toml"));
    let design = Design::read(&path, &Choices::default(), &Catalog::standard())
        .unwrap_or_else(|error| panic!("{error}"));
    let datapath = &*design.datapath;
    let data = design.input.as_ref().unwrap();
    let inputs = &data.frames(0..data.count()).unwrap();
    let expected = datapath.golden(inputs);
    let figures = datapath.figures(inputs, &expected);
    let titles: Vec<&str> = figures.iter().map(Figure::title).collect();
    assert_eq!(titles, ["original", "subbands", "reconstruction", "difference"]);

    let sources = emit(&circuit(datapath, name, design.timing()));
    let tools = VerilatorTools::of(&Toolchain::new(Progress::quiet()).unwrap()).unwrap();
    let model = Model::compile(&tools, &sources, name, &datapath.ports(), &Options::default()).unwrap();
    let run = Run::new(1, inputs, expected.iter().map(Tokens::beats).collect());
    let outcome = model.run(&run);
    assert!(outcome.outputs == expected, "{name}");
    assert!(outcome.last_transfer < most_cycles as u64, "{} cycles", outcome.last_transfer);
}

#[test]
fn the_photograph_is_transformed_a_pixel_a_cycle() {
    // But for what follows the last one.
    whole("wavelet_camera", 512 * 512 * 51 / 50);
}

#[test]
fn the_brain_is_transformed_a_voxel_a_cycle() {
    whole("wavelet_brain", 73 * 90 * 78 * 51 / 50);
}

#[test]
fn the_coins_pass_folded_and_leave_as_one_frame() {
    // 4/3 of the samples, then the rows below those that could leave meanwhile.
    whole("wavelet_coins", 303 * 384 * 5 / 2);
}

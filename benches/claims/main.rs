//! What the papers' methods cost and save in trained networks, next to the same networks without them: 2:4 weights (SR-STE's pattern)
//! in the middle layers of `tcnn`, weights of a codebook (SLB) in `vowels`, two scales (3DQ) in `unet3d_ttq`, and the skip of `unet3d` quantized by subbands (MWQ).
//! Accuracy is that of the golden models; an area is printed only of a netlist that has passed simulation. Nothing is trained again: what is
//! lost is an upper bound. Arguments choose claims: `sparse`, `codebook`, `scales`, `skip`; without one all run. Exit status 1 where a bound is missed.

#[path = "../checked/mod.rs"]
mod checked;
mod codebook;
mod layer;
mod network;
mod scales;
mod skip;
mod sparse;

use std::process::ExitCode;
use ternlet::cli::shown_progress;
use ternlet::tools::Toolchain;

fn main() -> ExitCode {
    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let runs = |claim: &str| asked.is_empty() || asked.iter().any(|asked| asked == claim);
    let mut met = true;
    if runs("sparse") {
        met &= sparse::run(&toolchain);
    }
    if runs("codebook") {
        met &= codebook::run(&toolchain);
    }
    if runs("scales") {
        met &= scales::run(&toolchain);
    }
    if runs("skip") {
        met &= skip::run();
    }
    println!("bounds: {}", if met { "met" } else { "MISSED" });
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The share of `classes` that are those of `labels`, in percent.
fn right(classes: &[i64], labels: &[i64]) -> f64 {
    assert_eq!(classes.len(), labels.len());
    let right = classes.iter().zip(labels).filter(|(class, label)| class == label).count();
    100.0 * right as f64 / labels.len() as f64
}

//! SR-STE against the plain straight-through estimator: steadier masks.

use super::{Claim, mean, percent, tested, trained};
use ternlet::datapath::NmPattern;
use ternlet::train::methods::{Method, sr_ste};
use ternlet::train::{Schedule, TrainError};

/// At a constant rate, so that masks change up to the end.
const EPOCHS: usize = 40;

/// Of the last epoch, as a part of that of STE.
const MOST_SAD: f64 = 0.85;

pub fn claim(seeds: u64) -> Result<Claim, TrainError> {
    let pattern = NmPattern::new(2, 4).expect("a pattern");
    let methods = [
        Method::Float,
        Method::Ste { pattern, bits: 4 },
        Method::SrSte { pattern, bits: 4, decay: sr_ste::DECAY },
    ];
    let head = [
        "seed",
        "dense, 8 bits, %",
        "STE, 4 bits, %",
        "SR-STE, 4 bits, %",
        "SAD of STE",
        "of SR-STE",
        "ratio",
    ];
    let mut table = vec![head.map(String::from).to_vec()];
    let (mut ratios, mut accuracies) = (Vec::new(), [const { Vec::new() }; 3]);
    for seed in 1..=seeds {
        let mut sads = Vec::new();
        for (method, accuracies) in methods.iter().zip(&mut accuracies) {
            let trainer = trained("sr_ste.toml", seed, |description| {
                let train = &mut description.train;
                (train.method, train.schedule, train.epochs) = (*method, Schedule::Constant, EPOCHS);
            })?;
            sads.push(trainer.history[EPOCHS - 1].sad);
            accuracies.push(percent(&tested(&trainer)));
        }
        let ratio = sads[2] as f64 / sads[1].max(1) as f64;
        let mut row = vec![seed.to_string()];
        row.extend(accuracies.iter().map(|all| format!("{:.1}", all[all.len() - 1])));
        row.extend([sads[1].to_string(), sads[2].to_string(), format!("{ratio:.2}")]);
        table.push(row);
        ratios.push(ratio);
    }
    let [dense, ste, ours] = accuracies.map(|accuracies| mean(&accuracies));
    let steadier = ratios.iter().filter(|ratio| **ratio <= MOST_SAD).count() as u64;
    Ok(Claim {
        title: "SR-STE: N:M sparse networks from scratch",
        paper: "arXiv 2102.04010: SR-STE's masks change less than STE's (SAD), and 2:4 networks are as accurate as dense ones (ResNet-50 with 2:4 weights on ImageNet: 77.0 %).",
        ours: format!(
            "64-64-10, 2:4, on 1,150 digits of 8 x 8, {EPOCHS} epochs at a constant rate, 4-bit activations; 360 other digits."
        ),
        table,
        verdicts: vec![
            (
                steadier == seeds,
                format!(
                    "the masks of the last epoch change at most {MOST_SAD} times as often as STE's in {steadier} of {seeds} seeds"
                ),
            ),
            (
                dense - ours <= 1.0,
                format!("{ours:.1} % is within one point of dense weights, {dense:.1} % (STE {ste:.1} %)"),
            ),
        ],
        limits: "a gain of accuracy over STE.",
    })
}

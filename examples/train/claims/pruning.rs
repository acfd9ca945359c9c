//! SparseTrain: gradients may be pruned.

use super::{Claim, mean, percent, tested, trained};
use ternlet::train::TrainError;
use ternlet::train::methods::Pruning;

/// Points of accuracy.
const MOST_LOST: f64 = 0.5;

const RATES: [f64; 3] = [0.5, 0.9, 0.99];

pub fn claim(seeds: u64) -> Result<Claim, TrainError> {
    let head = [
        "rate p",
        "accuracy, %, of each seed",
        "mean",
        "gradients not 0 before, %",
        "after",
        "the formula says, of normal ones",
    ];
    let mut table = vec![head.map(String::from).to_vec()];
    let mut means = Vec::new();
    for rate in [None].into_iter().chain(RATES.map(Some)) {
        let (mut accuracies, mut densities) = (Vec::new(), [Vec::new(), Vec::new()]);
        for seed in 1..=seeds {
            let trainer = trained("digits.toml", seed, |description| {
                description.train.prune = rate.map(|rate| Pruning { rate, history: 4 });
            })?;
            accuracies.push(percent(&tested(&trainer)));
            let found = trainer.history.iter().filter_map(|epoch| epoch.density);
            found.for_each(|found| {
                densities.iter_mut().zip(found).for_each(|(all, found)| all.push(100.0 * found))
            });
        }
        let each: Vec<String> = accuracies.iter().map(|accuracy| format!("{accuracy:.1}")).collect();
        let [before, after] =
            densities.map(|all| if all.is_empty() { String::new() } else { format!("{:.1}", mean(&all)) });
        means.push(mean(&accuracies));
        table.push(vec![
            rate.map_or("none".into(), |rate| rate.to_string()),
            each.join(", "),
            format!("{:.1}", means[means.len() - 1]),
            before,
            after,
            rate.map_or(String::new(), |rate| format!("{:.1}", 100.0 * density(rate))),
        ]);
    }
    let lost = means[0] - means[2];
    Ok(Claim {
        title: "SparseTrain: stochastic pruning of activation gradients",
        paper: "arXiv 1908.00173: pruned gradients make the backward passes up to 5.92 times faster with hardly any loss of accuracy; arXiv 2007.13595 builds hardware on it.",
        ours: "1-8-16 on 1,150 digits of 8 x 8, 30 epochs, 8-bit weights, 4-bit activations; gradients are pruned where they leave a batch norm; 360 other digits.".into(),
        table,
        verdicts: vec![(lost <= MOST_LOST, format!("with p = 0.9 the mean accuracy falls by {lost:.1} points, of {MOST_LOST} that are allowed"))],
        limits: "the paper's speed, which is `gradient_prune`'s and an array's, and depths at which small gradients vanish.",
    })
}

/// `(1 - p) + (2 / z) (phi(0) - phi(z))`: what is other than 0 of normal gradients, where `z` is the threshold in standard deviations.
fn density(rate: f64) -> f64 {
    let z = ternlet::datapath::pruning_constant(rate) * (2.0 / std::f64::consts::PI).sqrt();
    let phi = |z: f64| (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    1.0 - rate + 2.0 / z * (phi(0.0) - phi(z))
}

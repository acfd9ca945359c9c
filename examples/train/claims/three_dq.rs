//! 3DQ: ternary networks that segment a brain.

use super::{Claim, mean, tested, trained};
use ternlet::train::methods::Method;
use ternlet::train::{Kind, TrainError, Trainer, Work};

/// What Dice may fall by on the mean of both tissues.
fn most_drop(name: &str) -> f64 {
    if name == "unet3d" { 0.015 } else { 0.02 }
}

pub fn claim(name: &'static str, seeds: u64) -> Result<Claim, TrainError> {
    let head = ["seed", "real weights: grey, white", "ternary: grey, white", "Dice falls by, on the mean"];
    let mut table = vec![head.map(String::from).to_vec()];
    let (mut drops, mut compression) = (Vec::new(), [0.0; 2]);
    for seed in 1..=seeds {
        let real = trained(&format!("{name}.toml"), seed, |description| {
            description.train.method = Method::Float;
        })?;
        let ternary = trained(&format!("{name}.toml"), seed, |_| ())?;
        compression = ratios(&ternary);
        let [real, ternary] = [&real, &ternary].map(|trainer| {
            let dice = tested(trainer).dice;
            [1, 2].map(|class| dice.get(&class).copied().unwrap_or(0.0))
        });
        let drop = mean(&real) - mean(&ternary);
        let both = |dice: [f64; 2]| format!("{:.3}, {:.3}", dice[0], dice[1]);
        table.push(vec![seed.to_string(), both(real), both(ternary), format!("{drop:.3}")]);
        drops.push(drop);
    }
    let (drop, most) = (mean(&drops), most_drop(name));
    let [layers, all] = compression;
    Ok(Claim {
        title: if name == "unet3d" { "3DQ: a ternary 3-D U-Net" } else { "3DQ: a ternary 3-D V-Net" },
        paper: "arXiv 1904.03110: trained ternary quantization makes volumetric networks 16 times smaller and keeps Dice close to that of real weights (V-Net and 3-D U-Net on two sets of brains).",
        ours: format!(
            "one brain (MNI 152, 2 mm), its left half trained on in blocks of 6 x 18 x 26 voxels, its right half tested; first and last layer 8 bits; as many steps for both. \
             The ternary layers are {layers:.1} times smaller than f32, all that is stored (with batch norms, scales, clips and the biases as f32) {all:.1} times."
        ),
        table,
        verdicts: vec![(
            drop <= most,
            format!("the mean Dice falls by {drop:.3}, of {most} that are allowed"),
        )],
        limits: "other brains: both halves are of one, and blocks that validate touch blocks that are trained on.",
    })
}

/// How much smaller than f32 the ternary layers are, and all that is stored.
fn ratios(trainer: &Trainer) -> [f64; 2] {
    let (mut ternary, mut bits, mut stored) = (0, 0, 0);
    let mut reals = 0;
    for (node, keys) in trainer.network.nodes.iter().zip(&trainer.description.node) {
        let Work::Weights(weights) = &node.work else { continue };
        let count = weights.latent[0].values.len();
        let width = u64::from(weights.method.bits());
        reals += 32 * count as u64;
        stored += width * count as u64;
        if width == 2 {
            ternary += 32 * count as u64;
            bits += width * count as u64;
            // Two scales.
            (reals, stored) = (reals + 64, stored + 64);
        }
        let rows = match keys.kind {
            Kind::Convolution { filters, .. } | Kind::TransposedConvolution { filters, .. } => filters as u64,
            _ => 0,
        };
        // A batch norm's line and a clip, or a bias.
        (reals, stored) = (reals + 32 * (2 * rows + 1), stored + 32 * (2 * rows + 1));
    }
    [ternary as f64 / bits.max(1) as f64, reals as f64 / stored.max(1) as f64]
}

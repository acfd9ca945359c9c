//! SLB: searching for low-bit weights.

use super::{Claim, mean, percent, tested, trained};
use ternlet::train::methods::Method;
use ternlet::train::{Kind, Optimizer, TrainError};

const ACTIVATIONS: [u32; 4] = [1, 2, 4, 8];

/// Points of accuracy: by how much a wider activation may fall below a narrower one, and W1/A2 below real weights.
const MOST_FALL: f64 = 0.6;
const MOST_LOST: f64 = 1.2;

pub fn claim(seeds: u64) -> Result<Claim, TrainError> {
    let weights = [1, 2, 4].map(|bits| Method::Slb { bits, start: 0.2, end: 0.6, factor: 1.2 });
    let rows = weights.into_iter().zip(["1", "2", "4"]).chain([(Method::Float, "8, trained as reals")]);
    let mut table = vec![vec!["bits of weights".into()]];
    table[0].extend(ACTIVATIONS.map(|bits| format!("activations of {bits}, %")));
    let mut cells: Vec<Vec<f64>> = Vec::new();
    for (method, title) in rows {
        let mut row = Vec::new();
        for bits in ACTIVATIONS {
            let accuracy = |seed: u64| {
                let trainer = trained("digits.toml", seed, |description| {
                    let train = &mut description.train;
                    (train.method, train.activation.bits) = (method, bits);
                    (train.optimizer, train.rate) = (Optimizer::Adam, 0.01);
                    let last = description.node.len() - 1;
                    for node in [0, last] {
                        if let Kind::Convolution { method, .. } | Kind::Linear { method, .. } =
                            &mut description.node[node].kind
                        {
                            *method = Some(Method::Float);
                        }
                    }
                })?;
                Ok(percent(&tested(&trainer)))
            };
            let all = (1..=seeds).map(accuracy).collect::<Result<Vec<f64>, TrainError>>()?;
            row.push(mean(&all));
        }
        table.push(
            [title.to_owned()].into_iter().chain(row.iter().map(|cell| format!("{cell:.1}"))).collect(),
        );
        cells.push(row);
    }
    let falls = cells.iter().flat_map(|row| row.windows(2).map(|pair| pair[0] - pair[1]));
    let fall = falls.fold(0.0, f64::max);
    let lost = cells[3][1] - cells[0][1];
    Ok(Claim {
        title: "SLB: searching for low-bit weights",
        paper: "arXiv 2009.08695: weights of 1 bit come near to those of 4, and accuracy rises with the bits (ResNet-20 on CIFAR-10: W1/A1 85.5, W1/A2 89.5, W1/A32 90.6, W4/A32 92.1 %).",
        ours: "1-8-16 on 1,150 digits of 8 x 8, 30 epochs; first and last layer 8 bits; the mean of the seeds on 360 other digits.".into(),
        table,
        verdicts: vec![
            (fall <= MOST_FALL, format!("accuracy rises with the bits of activations, but for {fall:.1} points of {MOST_FALL} that are noise")),
            (lost <= MOST_LOST, format!("weights of 1 bit with activations of 2 are {lost:.1} points below real weights, of {MOST_LOST} that are allowed")),
        ],
        limits: "activations of 32 bits, which the hardware does not have, and differences below half a point.",
    })
}

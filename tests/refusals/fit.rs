//! `fit` for samples of any width: no worse than a plain quantizer, and a design that ternlet takes.

use crate::{accepted, folder, i64s, npy, ternlet};
use std::fs;

/// Two tones and some noise, in as many bits as a type holds.
fn samples(bits: u32) -> Vec<i64> {
    let most = (1i64 << (bits - 1)) - 1;
    let mut noise = 12345u64;
    (0..256)
        .map(|at| {
            noise = noise.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let at = f64::from(at);
            let wave = 0.6 * (at / 19.0).sin() + 0.3 * (at / 4.3).cos();
            let noise = ((noise >> 40) as f64 / (1u64 << 24) as f64 - 0.5) / 50.0;
            ((wave + noise) * most as f64) as i64
        })
        .collect()
}

/// The mean squared error of `2^bits` even steps over the range, each value to the middle of its step.
fn plain_error(values: &[i64], bits: i32) -> f64 {
    let (lo, hi) = (*values.iter().min().unwrap() as f64, *values.iter().max().unwrap() as f64);
    let step = (hi - lo) / 2f64.powi(bits);
    let back = |value: f64| lo + (((value - lo) / step).floor().min(2f64.powi(bits) - 1.0) + 0.5) * step;
    values.iter().map(|value| (*value as f64 - back(*value as f64)).powi(2)).sum::<f64>()
        / values.len() as f64
}

#[test]
fn no_width_is_worse_than_a_plain_quantizer() {
    let folder = folder("");
    let path = folder.path();
    for width in [4, 8, 12, 16, 20, 24, 28, 32] {
        let values = samples(width);
        fs::write(path.join("x.npy"), npy("<i8", false, "(4, 64)", &i64s(&values))).unwrap();
        for bits in [1, 4, 8] {
            let file = format!("of_{width}_{bits}.toml");
            let arguments =
                ["fit", "x.npy", "--axes", "1", "--levels", "2", "--scheme", "jpeg2000_5_3", "--json", "-q"];
            let ran = ternlet(path, &[&arguments[..], &["--bits", &bits.to_string(), "-o", &file]].concat());
            accepted(&ran);
            let object: serde_json::Value = serde_json::from_str(&ran.said).unwrap();
            let plain = plain_error(&values, bits);
            for key in ["mean_squared_error", "uniform_mean_squared_error"] {
                let error = object[key].as_f64().unwrap();
                // Values of 4 bits are integers themselves: a quantizer of as many bits has no error but its middle's.
                assert!(error <= plain.max(0.5), "{width} bits to {bits}, {key}: {error} against {plain}");
            }
            accepted(&ternlet(path, &["golden", &file, "-o", "y.npy"]));
            accepted(&ternlet(path, &["generate", &file]));
        }
    }
}

//! A method with its settings, as a training file names it.

use super::uniform::{Codes, FLOAT_BITS};
use super::{slb, sr_ste, ttq, uniform};
use crate::datapath::NmPattern;
use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// How the weights of a node are trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Method {
    /// Real weights, which leave with 8 bits.
    #[default]
    Float,
    /// N:M with the plain straight-through estimator.
    Ste {
        pattern: NmPattern,
        #[serde(default = "float_bits")]
        bits: u32,
    },
    SrSte {
        pattern: NmPattern,
        #[serde(default = "float_bits")]
        bits: u32,
        /// lambda
        #[serde(default = "decay")]
        decay: f64,
    },
    Slb {
        bits: u32,
        /// The parts of the training between which the temperature falls.
        #[serde(default = "start")]
        start: f64,
        #[serde(default = "end")]
        end: f64,
        /// What 1 / tau is multiplied by each epoch.
        #[serde(default = "factor")]
        factor: f64,
    },
    Ttq,
    Twn,
}

fn float_bits() -> u32 {
    FLOAT_BITS
}

fn decay() -> f64 {
    sr_ste::DECAY
}

fn start() -> f64 {
    0.2
}

fn end() -> f64 {
    0.6
}

fn factor() -> f64 {
    1.2
}

impl Method {
    /// # Errors
    /// The key that is out of its range, and a sentence about it.
    pub fn check(&self) -> Result<(), (&'static str, String)> {
        let within = |key, bits: u32| match (2..=8).contains(&bits) {
            true => Ok(()),
            false => Err((key, format!("bits = {bits}: weights of a pattern have 2 to 8 bits"))),
        };
        match *self {
            Self::Float | Self::Ttq | Self::Twn => Ok(()),
            Self::Ste { bits, .. } => within("bits", bits),
            Self::SrSte { decay, .. } if !(0.0..=1.0).contains(&decay) => {
                Err(("decay", format!("decay = {decay}: lambda is 0 to 1; the paper's is 2e-4")))
            }
            Self::SrSte { bits, .. } => within("bits", bits),
            Self::Slb { bits, .. } if ![1, 2, 4].contains(&bits) => {
                Err(("bits", format!("bits = {bits}: SLB searches among values of 1, 2 or 4 bits")))
            }
            Self::Slb { start, end, .. } if !(0.0 <= start && start <= end && end < 1.0) => Err((
                "end",
                format!("start = {start} and end = {end} are parts of the training: 0 <= start <= end < 1"),
            )),
            Self::Slb { factor, .. } if !(1.0..=4.0).contains(&factor) => {
                Err(("factor", format!("factor = {factor}: 1 / tau grows by 1 to 4 each epoch")))
            }
            Self::Slb { .. } => Ok(()),
        }
    }

    /// What is trained of weights of this shape, rows first: from normal numbers of variance `2 / columns` (He et al., arXiv 1502.01852,
    /// equation 10), or the scores of each weight's values.
    pub fn initial(&self, shape: &[usize], random: &mut impl Rng) -> Vec<Array<f32>> {
        let columns: usize = shape[1..].iter().product();
        let deviation = (2.0 / columns as f64).sqrt();
        let mut normals = |shape: Vec<usize>, deviation: f64| {
            let values = (0..shape.iter().product()).map(|_| (deviation * normal(random)) as f32);
            Array { values: values.collect(), shape }
        };
        match *self {
            Self::Slb { bits, .. } => vec![normals([shape, &[1 << bits]].concat(), 1.0)],
            Self::Ttq => vec![normals(shape.into(), deviation), Array::filled([2], deviation as f32)],
            Self::Float | Self::Ste { .. } | Self::SrSte { .. } | Self::Twn => {
                vec![normals(shape.into(), deviation)]
            }
        }
    }

    /// The weights on the tape, after `done` (0 to 1) of a training of so many epochs.
    ///
    /// # Panics
    /// If `latent` is not what [`Method::initial`] makes.
    pub fn weights<T: Real>(&self, tape: &mut Tape<T>, latent: &[Var], done: f64, epochs: usize) -> Var {
        let w = latent[0];
        match *self {
            Self::Float => w,
            Self::Ste { pattern, bits } => sr_ste::weights(tape, w, pattern, bits, 0.0),
            Self::SrSte { pattern, bits, decay } => sr_ste::weights(tape, w, pattern, bits, decay),
            Self::Slb { start, end, factor, .. } => {
                slb::weights(tape, w, slb::sharpness(done, epochs, (start, end), factor))
            }
            Self::Ttq => ttq::weights(tape, w, latent[1]),
            Self::Twn => ttq::twn_weights(tape, w),
        }
    }

    /// The integers that leave.
    ///
    /// # Panics
    /// As of [`Method::weights`].
    pub fn deployed(&self, latent: &[Array<f32>]) -> Codes {
        match *self {
            Self::Float => uniform::codes(&latent[0].values, FLOAT_BITS),
            Self::Ste { pattern, bits } | Self::SrSte { pattern, bits, .. } => {
                sr_ste::deployed(&latent[0], pattern, bits)
            }
            Self::Slb { .. } => slb::deployed(&latent[0]),
            Self::Ttq => ttq::deployed(&latent[0], &latent[1]),
            Self::Twn => ttq::twn_deployed(&latent[0]),
        }
    }

    /// What holds the integer of a weight.
    pub fn bits(&self) -> u32 {
        match *self {
            Self::Float => FLOAT_BITS,
            Self::Ste { bits, .. } | Self::SrSte { bits, .. } | Self::Slb { bits, .. } => bits,
            Self::Ttq | Self::Twn => 2,
        }
    }

    pub fn pattern(&self) -> Option<NmPattern> {
        match *self {
            Self::Ste { pattern, .. } | Self::SrSte { pattern, .. } => Some(pattern),
            _ => None,
        }
    }

    /// Whether a weight decay pulls what is trained to 0: not the scores of values.
    pub fn decays(&self) -> bool {
        !matches!(self, Self::Slb { .. })
    }
}

/// A normal number of variance 1 (Box and Muller).
fn normal(random: &mut impl Rng) -> f64 {
    let (radius, angle): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - radius).ln()).sqrt() * libm::cos(2.0 * std::f64::consts::PI * angle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn a_training_begins_with_normal_numbers() {
        let of =
            |seed| Method::Float.initial(&[40, 50], &mut ChaCha8Rng::seed_from_u64(seed)).remove(0).values;
        let (values, count) = (of(1), 2000.0);
        assert_eq!(values, of(1));
        assert_ne!(values, of(2));
        let variance = values.iter().map(|value| f64::from(value * value)).sum::<f64>() / count;
        assert!((variance * 25.0 - 1.0).abs() < 0.1, "{variance}");
    }

    #[test]
    fn settings_out_of_range_are_named() {
        let of = |text: &str| toml::from_str::<Method>(text).unwrap().check();
        assert_eq!(of("kind = 'sr_ste'\npattern = '2:4'"), Ok(()));
        assert_eq!(of("kind = 'slb'\nbits = 3").unwrap_err().0, "bits");
        assert_eq!(of("kind = 'slb'\nbits = 2\nend = 1.0").unwrap_err().0, "end");
        assert_eq!(of("kind = 'ste'\npattern = '2:4'\nbits = 9").unwrap_err().0, "bits");
        assert_eq!(of("kind = 'sr_ste'\npattern = '2:4'\ndecay = nan").unwrap_err().0, "decay");
    }
}

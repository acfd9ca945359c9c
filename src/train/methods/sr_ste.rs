//! SR-STE: N:M sparse weights, trained from scratch.
//!
//! Source: Zhou et al., "Learning N:M fine-grained structured sparse neural networks from scratch", ICLR 2021, arXiv 2102.04010. With the mask
//! `E` of the N largest magnitudes of every M weights:
//! - forward: `W~ = E * W`;
//! - gradient: `dL/dW := g(W~) + lambda (1 - E) * W`, which pulls pruned weights to 0 (their equation of the update; lambda = 0 is the plain
//!   straight-through estimator, STE);
//! - `SAD_(i:j) = || E_j - E_i ||_1`: how many places of the mask changed.
//!
//! Ours: kept weights are also rounded to so many bits, straight through, as hardware has integers. Groups lie along the last axis, the input
//! channels of a tap, as in the authors' NHWC form; the last group of a row may be shorter. Of equal magnitudes the lower place is kept.

use super::uniform::{Codes, codes, step};
use crate::datapath::NmPattern;
use crate::train::array::Array;
use crate::train::real::Real;
use crate::train::tape::{Tape, Var};

/// What the authors' code takes for lambda.
pub const DECAY: f64 = 2e-4;

/// `E`: which of `weights`, in rows of `columns`, are kept. Groups begin anew in each row.
///
/// # Panics
/// If `columns` is 0.
pub fn mask<T: Real>(weights: &[T], columns: usize, pattern: NmPattern) -> Vec<bool> {
    let group = |group: &[T]| {
        let mut places: Vec<usize> = (0..group.len()).collect();
        // A stable order: of equals the lower place comes first.
        places.sort_by(|a, b| {
            group[*b].abs().partial_cmp(&group[*a].abs()).unwrap_or(std::cmp::Ordering::Equal)
        });
        let mut kept = vec![false; group.len()];
        places.iter().take(pattern.kept()).for_each(|place| kept[*place] = true);
        kept
    };
    weights.chunks(columns).flat_map(|row| row.chunks(pattern.group()).flat_map(group)).collect()
}

/// SAD: the places at which two masks differ.
pub fn sad(before: &[bool], after: &[bool]) -> usize {
    before.iter().zip(after).filter(|(before, after)| before != after).count()
}

/// `W~` on the tape, rounded to `bits`. `w` is `[rows, ..., columns]`, of which the last axis holds the groups.
pub fn weights<T: Real>(tape: &mut Tape<T>, w: Var, pattern: NmPattern, bits: u32, decay: f64) -> Var {
    let latent = tape.value(w);
    let mask = mask(&latent.values, latent.channels(), pattern);
    let kept = pruned(&latent, &mask);
    let step = step(&kept.values, bits);
    let effective = kept.map(|weight| (*weight / step).round() * step);
    tape.push(effective, &[w], move |gradient, gradients| {
        let decay = T::of(decay);
        let values =
            gradient.values.iter().zip(&latent.values).zip(&mask).map(|((gradient, weight), kept)| {
                if *kept { *gradient } else { *gradient + decay * *weight }
            });
        gradients.add(w, Array::new(latent.shape.clone(), values.collect()));
    })
}

fn pruned<T: Real>(latent: &Array<T>, mask: &[bool]) -> Array<T> {
    let values = latent.values.iter().zip(mask).map(|(weight, kept)| if *kept { *weight } else { T::zero() });
    Array::new(latent.shape.clone(), values.collect())
}

/// The integers that leave: the same that [`weights`] computes with.
pub fn deployed<T: Real>(latent: &Array<T>, pattern: NmPattern, bits: u32) -> Codes {
    let mask = mask(&latent.values, latent.channels(), pattern);
    codes(&pruned(latent, &mask).values, bits)
}

#[cfg(test)]
mod tests {
    use super::super::check::straight_through;
    use super::*;

    fn pattern(kept: usize, group: usize) -> NmPattern {
        NmPattern::new(kept, group).unwrap()
    }

    #[test]
    fn the_largest_of_each_group_are_kept() {
        let weights = [3.0f64, -1.0, 2.0, 1.0, 0.5, 0.25, 7.0, 7.0, -7.0, 0.0];
        let kept = |columns, n, m| {
            let mask = mask(&weights, columns, pattern(n, m));
            mask.iter().map(|kept| if *kept { '1' } else { '0' }).collect::<String>()
        };
        assert_eq!(kept(10, 2, 4), "1010001111", "the last group has two, of which two are kept");
        assert_eq!(kept(5, 2, 4), "1010101101", "groups begin anew in each row");
        assert_eq!(kept(10, 1, 4), "1000001010", "of equals the lower place");
        assert_eq!(sad(&mask(&weights, 10, pattern(2, 4)), &mask(&weights, 10, pattern(1, 4))), 3);
    }

    /// `g + lambda (1 - E) w`, exactly, of many shapes and patterns.
    #[test]
    fn the_gradient_is_the_papers() {
        for (seed, (n, m)) in [(1, 4), (2, 4), (4, 8), (2, 8), (1, 16), (3, 5)].into_iter().enumerate() {
            let pattern = pattern(n, m);
            for decay in [0.0, DECAY, 0.5] {
                let (latent, gradient, back) =
                    straight_through(seed as u64, &[3, 2, 11], |tape, w| weights(tape, w, pattern, 8, decay));
                let mask = mask(&latent, 11, pattern);
                for (index, kept) in mask.iter().enumerate() {
                    let pull = if *kept { 0.0 } else { decay * latent[index] };
                    assert_eq!(back[index], gradient[index] + pull, "{index}");
                }
            }
        }
    }

    #[test]
    fn what_leaves_is_what_was_trained() {
        let mut tape = Tape::new();
        let latent = super::super::check::latent(5, &[4, 3, 8]);
        let w = tape.parameter(latent.clone());
        let effective = weights(&mut tape, w, pattern(2, 4), 4, DECAY);
        let codes = deployed(&latent, pattern(2, 4), 4);
        let reals: Vec<f64> = (0..codes.values.len()).map(|index| codes.real(index)).collect();
        assert_eq!(tape.value(effective).values, reals);
        assert!(codes.values.chunks(4).all(|group| group.iter().filter(|code| **code != 0).count() <= 2));
        assert!(codes.values.iter().all(|code| code.abs() <= 7));
    }
}

//! Random transfers that find faults: uniform numbers seldom reach a carry's end or a saturation.

use super::port::{Port, Ports};
use super::tokens::{Tokens, Transfers};
use crate::hdl::Range;
use num_traits::ToPrimitive;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// `frames` frames for each input of `ports`, the same from the same seed on every machine.
pub fn random(ports: &Ports, frames: usize, seed: u64) -> Transfers {
    Draw::seeded(seed).transfers(ports, frames)
}

/// A source of random frames, the same from the same seed on every machine.
///
/// Each frame has a manner of its own: uniform integers; integers of all magnitudes (of a random number of bits); powers of two and
/// what is next to them; extremes (the range's ends, 0, 1, -1); sparse (most are 0); correlated (a lane differs little from the
/// one before); one number in all lanes; or a mix of them all.
pub struct Draw {
    rng: ChaCha8Rng,
}

impl Draw {
    pub fn seeded(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// A uniform integer of `lo..=hi`.
    pub fn integer(&mut self, lo: i64, hi: i64) -> i64 {
        self.rng.random_range(lo..=hi)
    }

    /// `frames` frames for each input. Where frames vary, every fourth is as long as may be, the others of any length.
    pub fn transfers(&mut self, ports: &Ports, frames: usize) -> Transfers {
        let tokens = |port: &Port| {
            let mut tokens = Tokens { lanes: port.lanes(), ..Tokens::default() };
            for _ in 0..if port.is_once() { frames.min(1) } else { frames } {
                let most = port.frame_beats();
                let short = port.is_varying() && self.rng.random_range(0..4) != 0;
                let beats = if short { self.rng.random_range(1..=most) } else { most };
                self.frame(port, beats, &mut tokens);
            }
            tokens
        };
        ports.inputs.iter().map(tokens).collect()
    }

    /// Adds a frame of `beats` beats to `tokens`; `last` is set in its last beat.
    pub fn frame(&mut self, port: &Port, beats: usize, tokens: &mut Tokens) {
        let ranges: Vec<Bounds> = port.lane_ranges().map(Bounds::of).collect();
        let manner = MANNERS[self.rng.random_range(0..MANNERS.len())];
        let mut before = 0;
        let mut values = Vec::with_capacity(beats * ranges.len());
        for _ in 0..beats {
            for bounds in &ranges {
                before = bounds.draw(manner, before, &mut self.rng);
                values.push(before as i64);
            }
        }
        tokens.push_beats(port, &values);
    }
}

#[derive(Clone, Copy)]
enum Manner {
    Uniform,
    Magnitudes,
    Powers,
    Extreme,
    Sparse,
    Correlated,
    Equal,
    Mixed,
}

const MANNERS: [Manner; 8] = [
    Manner::Uniform,
    Manner::Magnitudes,
    Manner::Powers,
    Manner::Extreme,
    Manner::Sparse,
    Manner::Correlated,
    Manner::Equal,
    Manner::Mixed,
];

/// A range of at most 64 bits, signed or not.
struct Bounds {
    lo: i128,
    hi: i128,
}

impl Bounds {
    fn of(range: &Range) -> Self {
        let number = |value: &num_bigint::BigInt| value.to_i128().expect("a field of at most 64 bits");
        Self { lo: number(range.lo()), hi: number(range.hi()) }
    }

    /// The bits of the largest magnitude.
    fn bits(&self) -> u32 {
        i128::BITS - self.lo.abs().max(self.hi).leading_zeros()
    }

    /// `magnitude` with a random sign; of one where the range has numbers of only one.
    fn signed(&self, magnitude: i128, rng: &mut ChaCha8Rng) -> i128 {
        let negative = self.hi <= 0 || (self.lo < 0 && rng.random_range(0..2) == 0);
        if negative { -magnitude } else { magnitude }
    }

    /// A number in the manner of its frame, after the number `before`.
    fn draw(&self, manner: Manner, before: i128, rng: &mut ChaCha8Rng) -> i128 {
        let drawn = match manner {
            Manner::Uniform => rng.random_range(self.lo..=self.hi),
            Manner::Magnitudes => {
                let below = 1i128 << rng.random_range(0..=self.bits());
                self.signed(rng.random_range(0..below), rng)
            }
            Manner::Powers => {
                let power = 1i128 << rng.random_range(0..=self.bits());
                self.signed(power + rng.random_range(-1..=1), rng)
            }
            Manner::Extreme => [self.lo, self.hi, 0, -1, 1, self.lo + 1, self.hi - 1][rng.random_range(0..7)],
            Manner::Sparse if rng.random_range(0..8) != 0 => 0,
            Manner::Sparse => rng.random_range(self.lo..=self.hi),
            Manner::Correlated if before == 0 => rng.random_range(self.lo..=self.hi),
            Manner::Correlated => before + rng.random_range(-2..=2),
            Manner::Equal if rng.random_range(0..64) == 0 => rng.random_range(self.lo..=self.hi),
            Manner::Equal => before,
            Manner::Mixed => {
                return self.draw(MANNERS[rng.random_range(0..MANNERS.len() - 1)], before, rng);
            }
        };
        drawn.clamp(self.lo, self.hi)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{signed, unsigned};
    use crate::stream::Frame;

    fn ports(range: Range) -> Ports {
        Ports { inputs: vec![Port::new("x", "value", 5, range, Frame::steps(3, 5))], outputs: vec![] }
    }

    #[test]
    fn a_seed_names_its_transfers() {
        let ports = ports(signed(8));
        assert_eq!(random(&ports, 20, 7), random(&ports, 20, 7));
        assert_ne!(random(&ports, 20, 7), random(&ports, 20, 8));
    }

    #[test]
    fn numbers_stay_in_range_and_reach_its_ends() {
        for range in [signed(8), Range::new(3, 9), Range::new(-7, -2), signed(64)] {
            let x = &random(&ports(range.clone()), 200, 1)[0];
            let [lo, hi] = [range.lo(), range.hi()].map(|end| end.to_i64().unwrap());
            assert!(x.values.iter().all(|value| (lo..=hi).contains(value)), "{range}");
            assert!(x.values.contains(&lo) && x.values.contains(&hi), "{range}");
        }
        let wide = &random(&ports(unsigned(64)), 200, 1)[0];
        assert!(wide.values.contains(&-1), "2^64 - 1, as its 64 bits");
    }

    #[test]
    fn frames_vary_up_to_the_longest() {
        let mut ports = ports(signed(4));
        ports.inputs[0].frame = Frame::steps(3, 5).varying();
        let x = &random(&ports, 200, 1)[0];
        let lengths: Vec<usize> = x.frames(&ports.inputs[0]).map(|frame| frame.len() / 5).collect();
        assert_eq!(lengths.len(), 200);
        for beats in 1..=3 {
            assert!(lengths.contains(&beats), "{lengths:?}");
        }
        assert!(lengths.iter().all(|beats| *beats <= 3));
    }

    #[test]
    fn last_ends_each_frame() {
        let x = &random(&ports(signed(4)), 4, 1)[0];
        assert_eq!(x.beats(), 12);
        assert_eq!(x.last, [false, false, true].repeat(4));
    }
}

//! Random numbers of datapaths: the seed that a person gives, and the bits that a golden model draws.

use super::config::Problems;
use crate::blocks::Lfsr;
use std::collections::VecDeque;

/// Whether there can be a register for `bits` bits a beat from `seed`; where not, it is noted.
pub(super) fn check(
    seed: u64,
    seed_field: &str,
    bits: usize,
    bits_field: &str,
    problems: &mut Problems,
) -> bool {
    let possible = (1..=Lfsr::MOST_BITS).contains(&bits);
    problems.require(
        seed != 0,
        seed_field,
        seed,
        "a shift register of zeros stays as it is",
        "write 1 or more",
    );
    let why = format!("a beat has 1 to {} random bits", Lfsr::MOST_BITS);
    problems.require(possible, bits_field, bits, &why, "take fewer lanes a beat, or fewer bits a lane");
    seed != 0 && possible
}

/// The sequence that an [`Lfsr`] gives, bit by bit: `s[i + degree] = s[i + a] ^ s[i + b] ^ s[i + c] ^ s[i]`.
///
/// ```
/// use ternlet::{blocks::Lfsr, datapath::RandomBits};
/// let mut bits = RandomBits::of(&Lfsr { degree: 4, taps: [3, 2, 1], start: vec![0b0001] });
/// assert_eq!([bits.next(1), bits.next(4), bits.next(3)], [1, 0b1000, 0b001]);
/// ```
pub struct RandomBits {
    window: VecDeque<bool>,
    taps: [usize; 3],
}

impl RandomBits {
    pub fn of(lfsr: &Lfsr) -> Self {
        let bit = |place: usize| lfsr.start[place / 32] >> (place % 32) & 1 == 1;
        Self { window: (0..lfsr.degree).map(bit).collect(), taps: lfsr.taps }
    }

    /// The next `bits` bits, at most 63, as an integer; the first is the least significant.
    pub fn next(&mut self, bits: u32) -> i64 {
        (0..bits).fold(0, |word, place| word | i64::from(self.bit()) << place)
    }

    /// Leaves out the next `bits` bits.
    pub fn skip(&mut self, bits: u32) {
        for _ in 0..bits {
            self.bit();
        }
    }

    fn bit(&mut self) -> bool {
        let fresh = self.taps.iter().fold(self.window[0], |sum, &tap| sum ^ self.window[tap]);
        self.window.push_back(fresh);
        self.window.pop_front().unwrap_or_default()
    }
}

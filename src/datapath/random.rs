//! Random numbers of datapaths: the seed that a person gives, and the bits that a golden model draws.

use super::config::Problems;
use crate::blocks::Lfsr;
use std::collections::VecDeque;

/// The register for `numbers` numbers of `bits` bits a beat from `seed`; where there can be none, that is noted under the
/// names of the two fields.
pub(super) fn register(
    (seed_field, seed): (&str, u64),
    (bits_field, bits): (&str, u32),
    numbers: usize,
    problems: &mut Problems,
) -> Option<Lfsr> {
    let why = "a shift register of zeros stays as it is";
    problems.require(seed != 0, seed_field, seed, why, "write 1 or more");
    let (all, most) = (numbers * bits as usize, Lfsr::MOST_BITS);
    let why =
        format!("{numbers} numbers of {bits} random bits are {all} a beat, and there are at most {most}");
    problems.require(all <= most, bits_field, bits, &why, "take fewer lanes a beat, or fewer bits a lane");
    (seed != 0 && all <= most).then(|| Lfsr::for_bits(all, seed))
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

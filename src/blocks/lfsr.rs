//! Random bits: a linear feedback shift register that leaps over as many places as a beat takes bits.
//!
//! `s[i + degree] = s[i + a] ^ s[i + b] ^ s[i + c] ^ s[i]` for the polynomial `x^degree + x^a + x^b + x^c + 1`. The
//! polynomials are primitive, so the period is `2^degree - 1`, and their taps lie about a quarter of the degree apart: bits that depend
//! on each other are far from each other in a word (the four-tap generators of R. M. Ziff, Computers in Physics 12, 1998). A new bit is one
//! look-up table however far the register leaps, up to `degree - a` places.

use crate::hdl::{Payload, Range, Shape, Signal, Stream, unsigned};

/// A register and where it starts. What it gives is defined by this alone; a golden model reads these and computes the
/// sequence in a way of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lfsr {
    pub degree: usize,
    /// `a > b > c`.
    pub taps: [usize; 3],
    /// `s[0]` to `s[degree - 1]`, 32 bits a word, the first in the least significant bit.
    pub start: Vec<u32>,
}

/// Found by a search for the taps nearest to three, two and one quarter of the degree; `tests/vectors/lfsr.py` proves
/// them primitive.
const POLYNOMIALS: [(usize, [usize; 3]); 5] = [
    (64, [47, 28, 17]),
    (128, [95, 66, 29]),
    (256, [187, 125, 60]),
    (512, [384, 257, 123]),
    (1024, [765, 510, 264]),
];

/// A beat with its random bits.
#[derive(Clone)]
pub struct WithRandom<'m, P> {
    pub beat: P,
    pub random: Signal<'m>,
}

crate::payload!(WithRandom<P> { beat, random });

impl Lfsr {
    /// The most bits a beat of [`Lfsr::for_bits`].
    pub const MOST_BITS: usize = 256;

    /// A register for `bits` bits a beat: words that depend on each other are at least a beat apart.
    ///
    /// # Panics
    /// If `seed` is 0, which is the state that no register leaves, or there are more bits than [`Lfsr::MOST_BITS`].
    pub fn for_bits(bits: usize, seed: u64) -> Self {
        assert!(seed != 0, "a shift register of zeros stays as it is");
        let &(degree, taps) = POLYNOMIALS
            .iter()
            .find(|(degree, _)| *degree >= 4 * bits)
            .unwrap_or_else(|| panic!("{bits} random bits a beat; there are up to {}", Self::MOST_BITS));
        let word = |index: u64| mix(seed.wrapping_add(index.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let words = (0..degree as u64 / 64).map(word);
        let start = words.flat_map(|word| [word as u32, (word >> 32) as u32]).collect();
        Self { degree, taps, start }
    }

    /// Each beat with its `bits` random bits, the first in the least significant one. The register moves when a beat
    /// passes, so that what a beat gets does not depend on when it passes.
    ///
    /// # Panics
    /// If a new bit would depend on another one: `bits` is more than `degree - a`.
    #[track_caller]
    pub fn with_random<'m, P: Payload<'m>>(
        &self,
        stream: Stream<'m, P>,
        bits: usize,
    ) -> Stream<'m, WithRandom<'m, P>> {
        let Self { degree, taps, start } = self;
        assert!(
            (1..=degree - taps[0]).contains(&bits),
            "a register of degree {degree} whose first tap is {} leaps over {bits} places",
            taps[0]
        );
        let widths = (0..*degree).step_by(32).map(|first| (degree - first).min(32) as u32);
        let words: Vec<Range> = widths.map(unsigned).collect();
        let start: Vec<i64> = start.iter().map(|&word| word.into()).collect();
        stream.scan("random", &words, &start, |state, payload, _| {
            let state = state.word();
            let cut = |first: usize, bits: usize| state.slice(first as u32, bits as u32);
            let fresh =
                taps.iter().fold(cut(0, bits), |sum, &tap| sum ^ cut(tap, bits)).named("random_fresh");
            let next = [cut(bits, degree - bits), fresh].to_vec().word();
            (words.cut(next), WithRandom { beat: payload, random: cut(0, bits) })
        })
    }
}

/// The finalizer of SplitMix64 (Steele, Lea and Flood, 2014, with Stafford's constants): a bijection of 64 bits that
/// keeps 0 where it is.
fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published sequence of SplitMix64 from 1234567.
    #[test]
    fn seeds_are_spread_as_split_mix_does() {
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
        ];
        let start = Lfsr::for_bits(64, 1_234_567u64.wrapping_add(0x9e37_79b9_7f4a_7c15)).start;
        let words: Vec<u64> =
            start.chunks(2).map(|pair| u64::from(pair[0]) | u64::from(pair[1]) << 32).collect();
        assert_eq!(words, published);
    }

    #[test]
    fn a_register_is_long_enough_for_its_leap() {
        for bits in 1..=Lfsr::MOST_BITS {
            let lfsr = Lfsr::for_bits(bits, 1);
            assert!(bits <= lfsr.degree - lfsr.taps[0] && lfsr.start.len() * 32 == lfsr.degree, "{bits}");
        }
    }
}

//! Beats between integers and the words that a simulation moves.

use super::port::Port;
use super::tokens::Tokens;
use crate::hdl::Range;
use num_bigint::BigInt;

/// The word of integers, each in the two's complement of its range's width, the first in the least significant bits: a payload, or a
/// memory word of lanes.
///
/// ```
/// use ternlet::hdl::{signed, unsigned};
/// use ternlet::stream::packing::{values, word};
/// let ranges = [signed(4), unsigned(4)];
/// let packed = word(ranges.iter().zip([-1, 3]));
/// assert_eq!(packed, 0x3f.into());
/// assert_eq!(values(&ranges, &packed), [-1, 3]);
/// ```
pub fn word<'a>(integers: impl IntoIterator<Item = (&'a Range, i64)>) -> BigInt {
    let (mut word, mut lsb) = (BigInt::ZERO, 0);
    for (range, value) in integers {
        let mask = (BigInt::from(1) << range.width()) - 1;
        word |= (BigInt::from(value) & mask) << lsb;
        lsb += range.width();
    }
    word
}

/// The integers of a word, in as many bits as their ranges have: the inverse of [`word`].
///
/// # Panics
/// If one of them has more than 64 bits.
pub fn values<'a>(ranges: impl IntoIterator<Item = &'a Range>, word: &BigInt) -> Vec<i64> {
    let mut rest = word.clone();
    let value = |range: &Range| {
        let modulus = BigInt::from(1) << range.width();
        let low: BigInt = &rest & (&modulus - 1);
        rest >>= range.width();
        let negative = range.is_signed() && low.bit(u64::from(range.width()) - 1);
        i64::try_from(if negative { low - modulus } else { low }).expect("at most 64 bits")
    };
    ranges.into_iter().map(value).collect()
}

/// Words of 32 bits that hold one payload; 1 for an empty one.
pub fn payload_words(port: &Port) -> usize {
    port.width().div_ceil(32).max(1)
}

/// The payloads of all beats one after the other, each in [`payload_words`] words, lane 0 in the least significant bits,
/// integers in two's complement of their range's width.
pub fn pack(port: &Port, tokens: &Tokens) -> Vec<u32> {
    let widths: Vec<u32> = port.lane_ranges().map(|range| range.width()).collect();
    let words = payload_words(port);
    let mut packed = vec![0; tokens.beats() * words];
    for (beat, payload) in packed.chunks_exact_mut(words).enumerate() {
        let mut at = 0;
        for (&value, &width) in tokens.beat(beat).iter().zip(&widths) {
            insert(payload, at, width, value as u64);
            at += width as usize;
        }
    }
    packed
}

/// The integers of the payloads in `packed`: the inverse of [`pack`].
pub fn unpack(port: &Port, packed: &[u32]) -> Vec<i64> {
    let lanes: Vec<(u32, bool)> =
        port.lane_ranges().map(|range| (range.width(), range.is_signed())).collect();
    let mut values = Vec::with_capacity(packed.len() / payload_words(port) * lanes.len());
    for payload in packed.chunks_exact(payload_words(port)) {
        let mut at = 0;
        for &(width, signed) in &lanes {
            let shift = 64 - width;
            let value = extract(payload, at, width) << shift;
            values.push(if signed { value as i64 >> shift } else { (value >> shift) as i64 });
            at += width as usize;
        }
    }
    values
}

/// Writes the low `width` bits of `value` from bit `at` on; they were 0.
fn insert(payload: &mut [u32], at: usize, width: u32, value: u64) {
    let value = u128::from(value << (64 - width) >> (64 - width)) << (at % 32);
    for (index, word) in payload[at / 32..].iter_mut().take(3).enumerate() {
        *word |= (value >> (32 * index)) as u32;
    }
}

/// The `width` bits from bit `at` on, with nothing above them defined.
fn extract(payload: &[u32], at: usize, width: u32) -> u64 {
    let last = (at + width as usize - 1) / 32;
    let words = payload[at / 32..=last].iter().rev();
    let value = words.fold(0u128, |value, &word| value << 32 | u128::from(word));
    (value >> (at % 32)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Range, signed, unsigned};
    use crate::stream::Field;
    use proptest::prelude::*;

    fn port(ranges: &[(Range, usize)]) -> Port {
        let field = |(index, (range, lanes)): (usize, &(Range, usize))| Field {
            name: format!("f{index}"),
            lanes: *lanes,
            range: range.clone(),
        };
        Port::single("x", ranges.iter().enumerate().map(field).collect())
    }

    #[test]
    fn lane_0_is_least_significant() {
        let port = port(&[(signed(8), 3), (unsigned(12), 1)]);
        let tokens = Tokens { lanes: 4, values: vec![-1, 2, -128, 0xabc], last: vec![] };
        assert_eq!(pack(&port, &tokens), [0xbc_80_02_ff, 0xa]);
    }

    proptest! {
        #[test]
        fn unpack_inverts_pack(lanes in prop::collection::vec((1u32..=64, any::<bool>(), any::<u64>(), any::<u64>()), 1..40)) {
            let fields: Vec<_> = lanes.iter().map(|&(width, sign, ..)| (if sign { signed(width) } else { unsigned(width) }, 1)).collect();
            let cut = |bits: u64, width: u32, sign: bool| {
                let shift = 64 - width;
                if sign { (bits << shift) as i64 >> shift } else { (bits << shift >> shift) as i64 }
            };
            let beat = |pick: usize| lanes.iter().map(move |&(width, sign, a, b)| cut([a, b][pick], width, sign));
            let values: Vec<i64> = beat(0).chain(beat(1)).collect();
            let port = port(&fields);
            let tokens = Tokens { lanes: lanes.len(), values: values.clone(), last: vec![] };
            prop_assert_eq!(unpack(&port, &pack(&port, &tokens)), values);
        }
    }
}

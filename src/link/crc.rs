//! The check sum of a frame: the 21 bits of CAN FD (ISO 11898-1), polynomial `x^21 + x^20 + x^13 + x^11 + x^7 + x^4 + x^3 + 1`, from 0, over the bits of all bytes
//! in the order of the wire, the least significant of a byte first.
//!
//! Of frames that something has changed one of two million has a right sum all the same.

/// Bits of the sum.
pub const BITS: u32 = 21;

/// The polynomial without its highest power.
pub const POLYNOMIAL: u32 = 0x10_2899;

/// Bytes that carry the sum: seven bits each, its highest first, and a 1 at the top.
pub const BYTES: usize = 3;

/// The sum after another bit.
pub fn step(sum: u32, bit: bool) -> u32 {
    let top = sum >> (BITS - 1) & 1 == 1;
    let shifted = sum << 1 & ((1 << BITS) - 1);
    if top != bit { shifted ^ POLYNOMIAL } else { shifted }
}

/// The sum after the bits of `bytes`.
pub fn sum(bytes: &[u8]) -> u32 {
    let bits = bytes.iter().flat_map(|byte| (0..8).map(move |place| byte >> place & 1 == 1));
    bits.fold(0, step)
}

/// The bytes that carry `sum`: in the order of the wire its highest bit is first.
pub fn carried(sum: u32) -> [u8; BYTES] {
    [0, 1, 2].map(|byte| {
        let bit = |place: u32| (sum >> (BITS - 1 - 7 * byte - place) & 1) << place;
        0x80 | (0..7).map(bit).sum::<u32>() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the catalogue of parametrised CRC algorithms, where the highest bit of a byte is first.
    #[test]
    fn the_sum_is_that_of_can_fd() {
        let bits = b"123456789".iter().flat_map(|byte| (0..8).rev().map(move |place| byte >> place & 1 == 1));
        assert_eq!(bits.fold(0, step), 0x0e_d841);
    }

    #[test]
    fn a_sum_after_its_own_bits_is_zero() {
        let bytes = b"any bytes";
        let carried = carried(sum(bytes));
        let own = carried.iter().flat_map(|byte| (0..7).map(move |place| byte >> place & 1 == 1));
        assert_eq!(own.fold(sum(bytes), step), 0);
        assert!(carried.iter().all(|byte| *byte >= 0x80));
    }
}

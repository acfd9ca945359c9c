//! N:M sparsity: of each group of M values N are kept, and metadata says which.
//!
//! Source: N:M fine-grained structured sparsity (arXiv 2102.04010); the order of the metadata is that of NVIDIA's sparse
//! tensor core (PTX, `mma.sp`).

use crate::hdl::{Range, unsigned};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// `kept` of every `group`, 1 <= N <= M <= 16; in a design file `"2:4"`.
///
/// The metadata of a group is its kept places, ascending, each in [`NmPattern::place_bits`] bits, the first in the least
/// significant ones. For 2:4 that is the nibble `place0 | place1 << 2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NmPattern {
    kept: usize,
    group: usize,
}

impl NmPattern {
    /// # Errors
    /// If it is not 1 <= `kept` <= `group` <= 16.
    pub fn new(kept: usize, group: usize) -> Result<Self, String> {
        if (1..=16).contains(&group) && (1..=group).contains(&kept) {
            Ok(Self { kept, group })
        } else {
            Err(format!("pattern `{kept}:{group}` is not N:M with 1 <= N <= M <= 16"))
        }
    }

    /// N: values that are kept of each group.
    pub fn kept(self) -> usize {
        self.kept
    }

    /// M: values of a group.
    pub fn group(self) -> usize {
        self.group
    }

    /// Bits of one place: what holds `M - 1`, at least 1.
    pub fn place_bits(self) -> u32 {
        Range::new(0, self.group - 1).width()
    }

    /// A place in a stream: the whole word, for metadata may be anything where it comes from outside.
    pub fn place_range(self) -> Range {
        unsigned(self.place_bits())
    }

    /// Bits of the metadata of a group, at most 64.
    pub fn metadata_bits(self) -> u32 {
        self.kept as u32 * self.place_bits()
    }

    /// Where kept value `index` may lie: there must be room for those before and after it.
    pub fn possible(self, index: usize) -> std::ops::RangeInclusive<usize> {
        index..=index + self.group - self.kept
    }

    /// Which places of a group hold kept values, as metadata should say it.
    ///
    /// # Errors
    /// If there are not N places, ascending and below M.
    pub fn check(self, places: &[i64]) -> Result<(), String> {
        let Self { kept, group } = self;
        let below = places.iter().all(|place| (0..group as i64).contains(place));
        if places.len() == kept && below && places.is_sorted_by(|a, b| a < b) {
            return Ok(());
        }
        Err(format!(
            "places {places:?} are impossible metadata; {self} keeps {kept}, ascending, of 0..={}",
            group - 1
        ))
    }

    /// The metadata of a group whose kept `places` these are.
    ///
    /// # Errors
    /// As [`NmPattern::check`].
    ///
    /// ```
    /// let pattern = ternlet::datapath::NmPattern::new(2, 4).unwrap();
    /// assert_eq!(pattern.encode(&[1, 3]), Ok(0b1101));
    /// ```
    pub fn encode(self, places: &[i64]) -> Result<u64, String> {
        self.check(places)?;
        Ok(places.iter().rev().fold(0, |word, &place| (word << self.place_bits()) | place as u64))
    }

    /// The kept places of a group that has this `metadata`.
    ///
    /// # Errors
    /// If it is impossible: places do not ascend, one is beyond the group, or there are bits beyond
    /// [`NmPattern::metadata_bits`].
    pub fn decode(self, metadata: u64) -> Result<Vec<i64>, String> {
        let bits = self.place_bits();
        let place = |index: usize| (metadata >> (index as u32 * bits) & ((1 << bits) - 1)) as i64;
        let places: Vec<i64> = (0..self.kept).map(place).collect();
        if self.encode(&places)? == metadata {
            return Ok(places);
        }
        Err(format!("metadata {metadata:#b} has more than the {} bits of {self}", self.metadata_bits()))
    }
}

impl fmt::Display for NmPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kept, self.group)
    }
}

impl Serialize for NmPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NmPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parts = text.split_once(':').and_then(|(kept, group)| kept.parse().ok().zip(group.parse().ok()));
        let (kept, group) =
            parts.ok_or_else(|| D::Error::custom(format!("`{text}` is no N:M pattern; write `2:4`")))?;
        Self::new(kept, group).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(kept: usize, group: usize) -> NmPattern {
        NmPattern::new(kept, group).unwrap()
    }

    /// All nibbles of 2:4, as PTX lists them: 0000, 0101, 1010 and 1111 are invalid, and so is what does not ascend.
    #[test]
    fn the_nibbles_of_the_sparse_tensor_core() {
        let possible = [
            (0b0100, [0, 1]),
            (0b1000, [0, 2]),
            (0b1001, [1, 2]),
            (0b1100, [0, 3]),
            (0b1101, [1, 3]),
            (0b1110, [2, 3]),
        ];
        for nibble in 0..16 {
            let expected = possible.iter().find(|(metadata, _)| *metadata == nibble);
            assert_eq!(
                pattern(2, 4).decode(nibble).ok(),
                expected.map(|(_, places)| places.to_vec()),
                "{nibble:04b}"
            );
        }
        let error = pattern(2, 4).decode(0b0101).unwrap_err();
        assert_eq!(error, "places [1, 1] are impossible metadata; 2:4 keeps 2, ascending, of 0..=3");
        let error = pattern(2, 4).decode(0b1_0100).unwrap_err();
        assert_eq!(error, "metadata 0b10100 has more than the 4 bits of 2:4");
    }

    #[test]
    fn metadata_of_every_mask_is_decoded_again() {
        for group in 1..=16 {
            for mask in 1u32..1 << group {
                let places: Vec<i64> =
                    (0..group).filter(|place| mask >> place & 1 == 1).map(|place| place as i64).collect();
                let pattern = pattern(places.len(), group as usize);
                assert_eq!(pattern.decode(pattern.encode(&places).unwrap()).unwrap(), places);
                for (index, place) in places.iter().enumerate() {
                    assert!(pattern.possible(index).contains(&(*place as usize)));
                }
            }
        }
    }

    #[test]
    fn a_pattern_is_two_numbers() {
        let read = |text: &str| NmPattern::deserialize(toml::Value::String(text.into()));
        assert_eq!(read("2:4"), Ok(pattern(2, 4)));
        assert_eq!(pattern(16, 16).metadata_bits(), 64);
        for (text, why) in [
            ("0:4", "pattern `0:4` is not N:M with 1 <= N <= M <= 16"),
            ("5:4", "pattern `5:4` is not N:M with 1 <= N <= M <= 16"),
            ("1:17", "pattern `1:17` is not N:M with 1 <= N <= M <= 16"),
            ("24", "`24` is no N:M pattern; write `2:4`"),
        ] {
            assert_eq!(read(text).unwrap_err().message(), why);
        }
    }
}

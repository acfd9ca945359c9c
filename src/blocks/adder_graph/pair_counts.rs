//! How often each pair of terms occurs: a hash table that is read and written some ten million times a second.

use super::terms::Pair;

/// Open addressing with linear probing; a pair that does not occur takes no place.
pub struct PairCounts {
    /// A packed pair above its count; 0 marks a free place.
    places: Vec<u64>,
    used: usize,
}

/// Bits of a count, of the shift of a pair, and of the number of a node.
const COUNT: u32 = 18;
const SHIFT: u32 = 5;
const NODE: u32 = 20;

fn pack(pair: Pair) -> u64 {
    debug_assert!(pair.a < 1 << NODE && pair.b < 1 << NODE && pair.shift < 1 << SHIFT);
    let nodes = u64::from(pair.a) << NODE | u64::from(pair.b);
    (nodes << SHIFT | u64::from(pair.shift)) << 1 | u64::from(pair.subtracts)
}

fn count(place: u64) -> u32 {
    place as u32 & ((1 << COUNT) - 1)
}

impl PairCounts {
    pub fn new() -> Self {
        Self { places: vec![0; 1 << 10], used: 0 }
    }

    pub fn get(&self, pair: Pair) -> u32 {
        count(self.places[self.find(pack(pair))])
    }

    /// Counts one more, and says how many there are now.
    pub fn add(&mut self, pair: Pair) -> u32 {
        let packed = pack(pair);
        let mut at = self.find(packed);
        if self.places[at] == 0 {
            if self.used * 2 >= self.places.len() {
                self.grow();
                at = self.find(packed);
            }
            self.used += 1;
            self.places[at] = packed << COUNT;
        }
        self.places[at] += 1;
        count(self.places[at])
    }

    /// Counts one less.
    pub fn remove(&mut self, pair: Pair) {
        let mut hole = self.find(pack(pair));
        self.places[hole] -= 1;
        if count(self.places[hole]) > 0 {
            return;
        }
        self.used -= 1;
        // What lies behind in the same run moves up, unless it would get in front of where it belongs.
        let mask = self.places.len() - 1;
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            let place = self.places[at];
            if place == 0 {
                self.places[hole] = 0;
                return;
            }
            let home = self.home(place >> COUNT);
            if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.places[hole] = place;
                hole = at;
            }
        }
    }

    fn home(&self, packed: u64) -> usize {
        let mixed = packed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (64 - self.places.len().trailing_zeros())) as usize
    }

    /// The place of a pair, or the free place where it would be.
    fn find(&self, packed: u64) -> usize {
        let mask = self.places.len() - 1;
        let mut at = self.home(packed);
        while self.places[at] != 0 && self.places[at] >> COUNT != packed {
            at = (at + 1) & mask;
        }
        at
    }

    fn grow(&mut self) {
        let larger = vec![0; self.places.len() * 2];
        for place in std::mem::replace(&mut self.places, larger) {
            if place != 0 {
                let at = self.find(place >> COUNT);
                self.places[at] = place;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn counts_as_a_map_does(steps in prop::collection::vec((0u32..40, 0u32..40, any::<bool>()), 0..4000)) {
            let (mut counts, mut map) = (PairCounts::new(), HashMap::new());
            for (a, b, adds) in steps {
                let pair = Pair { a, b, shift: a % 3, subtracts: b % 2 == 0 };
                let count: &mut u32 = map.entry((a, b)).or_default();
                if adds {
                    *count += 1;
                    prop_assert_eq!(counts.add(pair), *count);
                } else if *count > 0 {
                    counts.remove(pair);
                    *count -= 1;
                }
                prop_assert_eq!(counts.get(pair), *count);
            }
        }
    }
}

//! What the generators of all kinds draw: types, counts, scales, weights.

use super::draw::Draw;
use rand::RngExt;

const ROUNDINGS: [&str; 8] = [
    "half_up",
    "half_even",
    "half_away_from_zero",
    "half_toward_zero",
    "floor",
    "ceil",
    "toward_zero",
    "away_from_zero",
];

impl Draw {
    pub fn between(&mut self, lo: i64, hi: i64) -> i64 {
        self.0.random_range(lo..=hi)
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// Below `usual`; in one of `count` designs below `most`.
    pub fn mostly(&mut self, usual: usize, count: usize, most: usize) -> usize {
        let end = if self.one_in(count) { most } else { usual };
        self.below(end)
    }

    /// A count from `lo`, rarely above half of `hi`.
    pub fn count(&mut self, lo: usize, hi: usize) -> usize {
        let hi = if self.one_in(4) { hi } else { lo.max(hi / 2) };
        lo + self.below(hi - lo + 1)
    }

    /// A type of a sign and of up to `most` bits, mostly narrow.
    pub fn ty(&mut self, most: usize) -> String {
        let sign = self.of(&["s", "u"]);
        let bits = 1 + self.mostly(most.min(9), 5, most);
        format!("{sign}{bits}")
    }

    /// The key with its value in one of two designs, else nothing.
    pub fn perhaps(&mut self, key: &str, value: impl std::fmt::Display) -> String {
        if self.one_in(2) { format!("{key} = {value}\n") } else { String::new() }
    }

    pub fn quoted(&mut self, words: &[&str]) -> String {
        format!("\"{}\"", self.of(words))
    }

    /// A rounding that has no random bits.
    pub fn rounding(&mut self) -> String {
        self.quoted(&ROUNDINGS)
    }

    /// One integer for all rows, or one for each.
    fn per_row(&mut self, rows: usize, most: i64) -> String {
        if self.one_in(2) {
            return self.between(-most, most).to_string();
        }
        let values: Vec<i64> = (0..rows).map(|_| self.between(-most, most)).collect();
        format!("{values:?}")
    }

    /// The table `requantize` of `rows` to the type `output`.
    pub fn scale(&mut self, rows: usize, output: &str) -> String {
        let most = [1, 7, 255, 70_000, i64::from(i32::MAX)][self.below(5)];
        let shift = self.mostly(17, 8, 63);
        let multiplier = self.per_row(rows, most);
        let rounding = if self.one_in(4) { "\"stochastic\"".into() } else { self.rounding() };
        let mut keys = format!("output = \"{output}\", multiplier = {multiplier}, shift = {shift}");
        if self.one_in(2) {
            let bias = self.per_row(rows, most);
            keys += &format!(", bias = {bias}");
        }
        if self.one_in(4) {
            keys += &format!(", zero_point = {}", self.between(-most, most));
        }
        if self.one_in(2) {
            keys += &format!(", rounding = {rounding}");
            if rounding.contains("stochastic") && self.one_in(2) {
                keys += &format!(", seed = {}", 1 + self.below(1000));
            }
        }
        if self.one_in(3) {
            // Sums of shifts are of one multiplier a lane; rarely others, which are refused.
            let one = multiplier.starts_with(|c: char| c != '[') || self.one_in(10);
            let words = &["auto", "multiply", "shift_add"][..if one { 3 } else { 2 }];
            keys += &format!(", product = {}", self.quoted(words));
        }
        format!("requantize = {{ {keys} }}\n")
    }

    /// The table `thresholds` of `rows`, up to `reach`; rarely such that fall, which are refused.
    pub fn steps(&mut self, rows: usize, reach: i64) -> String {
        let (bits, each) = (1 + self.mostly(4, 8, 8), self.one_in(2));
        let levels = self.between(1, (1 << bits) - 1) as usize;
        let falls = self.one_in(20);
        let row = |draw: &mut Self| {
            let mut row: Vec<i64> = (0..levels).map(|_| draw.between(-reach, reach)).collect();
            row.sort_unstable();
            if falls { row.into_iter().rev().collect() } else { row }
        };
        let matrix: Vec<Vec<i64>> = (0..if each { rows } else { 1 }).map(|_| row(self)).collect();
        let signs: Vec<i64> = (0..rows).map(|_| self.between(0, 1) * 2 - 1).collect();
        let form = self.quoted(&["auto", "auto", "comparators", "pipelined_search", "search", "table"]);
        format!(
            "thresholds = {{ output = \"{}{bits}\", thresholds = {matrix:?}, signs = {signs:?}, form = {form} }}\n",
            self.of(&["s", "u"])
        )
    }

    /// A matrix of integers, each from `value`.
    pub fn matrix(
        &mut self,
        rows: usize,
        columns: usize,
        mut value: impl FnMut(&mut Self) -> i64,
    ) -> Vec<Vec<i64>> {
        (0..rows).map(|_| (0..columns).map(|_| value(self)).collect()).collect()
    }

    /// A pattern N:M and its M.
    pub fn pattern(&mut self) -> (usize, usize) {
        let group = if self.one_in(2) { 4 } else { 1 + self.mostly(8, 4, 16) };
        (1 + self.below(group), group)
    }

    /// A codebook's key, and how many integers it has.
    pub fn codebook(&mut self) -> (String, usize) {
        let named = [("binary", 2), ("ternary", 3), ("odd2", 4), ("odd3", 8), ("odd4", 16)];
        if self.one_in(2) {
            let (name, entries) = named[self.below(named.len())];
            return (format!("\"{name}\""), entries);
        }
        let most = [3, 300, 32767][self.below(3)];
        let entries: Vec<i64> = (0..2 + self.below(15)).map(|_| self.between(-most, most)).collect();
        (format!("{entries:?}"), entries.len())
    }

    /// Lengths of `axes` axes, of at most `most` values in all.
    pub fn size(&mut self, axes: usize, most: usize) -> Vec<usize> {
        let longest = (most as f64).powf(1.0 / axes as f64) as usize;
        let length = |draw: &mut Self| if draw.one_in(8) { 1 } else { 1 + draw.below(longest) };
        (0..axes).map(|_| length(self)).collect()
    }
}

//! Which of many actors are to be looked at.

/// A set of numbers below one that is known, a bit each: whoever goes through it skips 64 at once.
pub(super) struct Awake(Vec<u64>);

impl Awake {
    /// All numbers below `count`.
    pub fn all(count: usize) -> Self {
        let word = |first: usize| if count - first >= 64 { u64::MAX } else { (1 << (count - first)) - 1 };
        Self((0..count).step_by(64).map(word).collect())
    }

    pub fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    pub fn remove(&mut self, number: usize) {
        self.0[number / 64] &= !(1 << (number % 64));
    }

    /// The first from `from` on.
    pub fn next(&self, from: usize) -> Option<usize> {
        let mut index = from / 64;
        let mut word = self.0.get(index)? & u64::MAX << (from % 64);
        while word == 0 {
            index += 1;
            word = *self.0.get(index)?;
        }
        Some(index * 64 + word.trailing_zeros() as usize)
    }

    /// The last before `before`.
    pub fn previous(&self, before: usize) -> Option<usize> {
        let last = before.checked_sub(1)?;
        let mut index = last / 64;
        let mut word = self.0[index] & u64::MAX >> (63 - last % 64);
        while word == 0 {
            index = index.checked_sub(1)?;
            word = self.0[index];
        }
        Some(index * 64 + 63 - word.leading_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_in_their_order() {
        for count in [0, 1, 63, 64, 65, 130] {
            let mut awake = Awake::all(count);
            (0..count)
                .filter(|number| number % 3 > 0 && *number != 64)
                .for_each(|number| awake.remove(number));
            let expected: Vec<usize> = (0..count).filter(|number| number % 3 == 0 || *number == 64).collect();
            let up = |from: &usize| awake.next(from + 1);
            assert_eq!(std::iter::successors(awake.next(0), up).collect::<Vec<_>>(), expected);
            let down = |before: &usize| awake.previous(*before);
            let mut falling: Vec<usize> = std::iter::successors(awake.previous(count), down).collect();
            falling.reverse();
            assert_eq!(falling, expected);
        }
    }
}

//! The matrices of a convolution.

/// What is multiplied: rows of weights over the taps and channels of a group, those of one group after those of another.
#[derive(Clone, Copy, Debug)]
pub struct Rows {
    pub taps: usize,
    pub channels: usize,
    pub filters: usize,
    pub groups: usize,
}

impl Rows {
    /// Channels that a row sees.
    pub fn group_channels(&self) -> usize {
        self.channels / self.groups
    }

    /// Rows, each a list in the order `[channel, tap]`, over all taps and channels, tap by tap: 0 where a row does not see a channel. For each
    /// of its sums a row is one of these.
    pub fn diagonal(&self, rows: &[Vec<i64>], sums: usize) -> Vec<Vec<i64>> {
        let channels = self.group_channels();
        let over_all = |(index, weights): (usize, &Vec<i64>)| {
            let group = index / sums % self.filters / (self.filters / self.groups);
            let mut row = vec![0; self.taps * self.channels];
            for (place, weight) in weights.iter().enumerate() {
                row[place % self.taps * self.channels + group * channels + place / self.taps] = *weight;
            }
            row
        };
        rows.iter().enumerate().map(over_all).collect()
    }
}

//! Values of some of many nodes, all forgotten at once.

use super::node::NodeId;

/// A value for some of the nodes from 0 to a count. To forget them costs nothing, so one table serves many parts.
pub(super) struct Sparse<T> {
    /// Only values of this round count.
    round: usize,
    values: Vec<(usize, T)>,
}

impl<T: Copy + Default> Sparse<T> {
    pub fn new(count: usize) -> Self {
        Self { round: 1, values: vec![(0, T::default()); count] }
    }

    pub fn forget(&mut self) {
        self.round += 1;
    }

    pub fn insert(&mut self, id: NodeId, value: T) {
        self.values[id] = (self.round, value);
    }

    pub fn get(&self, id: NodeId) -> Option<T> {
        let (round, value) = self.values[id];
        (round == self.round).then_some(value)
    }
}

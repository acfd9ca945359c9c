//! The thresholds by which a training prunes its gradients, layer by layer.

use super::methods::Pruning;
use super::methods::prune::{Noted, Pruned, pruned};
use super::tape::{Tape, Var};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What is remembered from batch to batch.
#[derive(Clone, Debug)]
pub struct Pruner {
    pruning: Pruning,
    seed: u64,
    /// Batches so far.
    batches: u64,
    /// Of each node of the network its last thresholds, the oldest first.
    pub(super) last: Vec<Vec<f64>>,
    /// Of the batch that is on the tape.
    noted: Vec<(usize, Noted)>,
}

impl Pruner {
    pub fn new(pruning: Pruning, seed: u64, nodes: usize) -> Self {
        Self { pruning, seed, batches: 0, last: vec![Vec::new(); nodes], noted: Vec::new() }
    }

    /// Begins batch `number` of the training, whose random numbers depend on the seed and this alone.
    pub fn begin(&mut self, number: u64) {
        self.batches = number;
        self.noted.clear();
    }

    /// The sums of `node`, whose gradients are pruned by the mean of its last thresholds, if there are enough.
    pub fn prune(&mut self, tape: &mut Tape<f32>, node: usize, sums: Var) -> Var {
        let Pruning { rate, history } = self.pruning;
        let last = &self.last[node];
        let threshold = if last.len() < history { 0.0 } else { last.iter().sum::<f64>() / history as f64 };
        let mut random = ChaCha8Rng::seed_from_u64(self.seed);
        random.set_stream(1 + self.batches * self.last.len() as u64 + node as u64);
        let (sums, noted) = pruned(tape, sums, rate, threshold, random);
        self.noted.push((node, noted));
        sums
    }

    /// After the tape was walked back: remembers the thresholds, and says what became of all gradients.
    pub fn settle(&mut self) -> Pruned {
        let mut all = Pruned::default();
        for (node, noted) in std::mem::take(&mut self.noted) {
            let Some(pruned) = noted.take() else { continue };
            let last = &mut self.last[node];
            last.push(pruned.threshold);
            last.drain(..last.len().saturating_sub(self.pruning.history));
            all.gradients += pruned.gradients;
            all.before += pruned.before;
            all.after += pruned.after;
        }
        all
    }
}

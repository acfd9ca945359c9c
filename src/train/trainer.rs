//! Epoch after epoch.

use super::array::Array;
use super::data::{Data, Frames, batches};
use super::description::Description;
use super::error::TrainError;
use super::front::Front;
use super::methods::prune::Pruned;
use super::methods::sr_ste::{mask, sad};
use super::network::{Network, Work};
use super::ops::cross_entropy;
use super::optimizer::Memory;
use super::pass::Mode;
use super::pruner::Pruner;
use crate::datapath::{Catalog, Tensor};
use crate::design::TensorFiles;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What an epoch came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// The mean over all frames that were trained on.
    pub loss: f64,
    /// Labels of the validation part whose class was right.
    pub validation_right: usize,
    /// The share of pruned gradients that are not 0, before and after; none where nothing is pruned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub density: Option<[f64; 2]>,
    /// Places of N:M masks that changed from the first step of the epoch to its last (SAD), of all nodes.
    pub sad: usize,
}

/// A training under way.
pub struct Trainer {
    pub description: Description,
    pub data: Data,
    pub network: Network,
    pub seed: u64,
    pub history: Vec<Epoch>,
    pub(super) memories: Vec<Memory<f32>>,
    pub(super) pruner: Option<Pruner>,
    pub(super) front: Option<Front>,
}

impl Trainer {
    /// The training of the file at `path`, before its first epoch. Without a `seed` the file's is taken.
    ///
    /// # Errors
    /// What is wrong with the file or its data, with its line.
    pub fn read(path: &Path, seed: Option<u64>) -> Result<Self, TrainError> {
        Self::changed(path, seed, |_| ())
    }

    /// The same with other keys than the file's.
    ///
    /// # Errors
    /// As [`Trainer::read`].
    pub fn changed(
        path: &Path,
        seed: Option<u64>,
        change: impl FnOnce(&mut Description),
    ) -> Result<Self, TrainError> {
        let raw = std::fs::read_to_string(path)
            .map_err(|source| TrainError::Unreadable { path: path.into(), source })?;
        let wrong = |problems| TrainError::Wrong { path: path.into(), problems };
        let mut description = Description::parse(&raw).map_err(wrong)?;
        change(&mut description);
        let seed = seed.unwrap_or(description.train.seed);
        let classes = description.classes().expect("the last node gives scores, as is checked");
        let files = TensorFiles::relative_to(path.parent().unwrap_or(Path::new("")));
        let front = Front::of(&description.front, &Catalog::standard(), &files).map_err(|errors| {
            let problem = |(key, why): (String, String)| Description::problem(&raw, &key, why);
            wrong(errors.into_iter().map(problem).collect())
        })?;
        let data = Data::read(&description, front.as_ref(), (path, &raw), classes, seed)?;
        let network = Network::new(&description, data.train.length, &mut ChaCha8Rng::seed_from_u64(!seed));
        let mut network = network
            .map_err(|(node, why)| wrong(vec![Description::problem(&raw, &format!("node[{node}]"), why)]))?;
        let (given, wanted) = (data.train.labels_each(), network.labels());
        if given != wanted {
            let why = format!("labels: there are {given} for each frame, but {wanted} classes leave for it");
            return Err(wrong(vec![Description::problem(&raw, "data.train", why)]));
        }
        let memories =
            network.parameters().iter().map(|parameter| Memory::new(&parameter.value.shape)).collect();
        let pruner = description.train.prune.map(|pruning| Pruner::new(pruning, seed, network.nodes.len()));
        Ok(Self { description, data, network, seed, history: Vec::new(), memories, pruner, front })
    }

    /// What the network sees of frames as they come in.
    ///
    /// # Errors
    /// In a sentence, if they are none of its frames, or their labels none of its classes.
    pub fn frames(&self, frames: Tensor, labels: Tensor) -> Result<Frames, String> {
        let classes = self.description.classes().unwrap_or(0);
        Frames::behind(self.front.as_ref(), frames, labels, (classes, &self.data.meaning))
    }

    /// Whether all epochs are done.
    pub fn is_done(&self) -> bool {
        self.history.len() >= self.description.train.epochs
    }

    /// Trains an epoch.
    ///
    /// # Errors
    /// If a number is not finite any more: the step and the node.
    pub fn epoch(&mut self) -> Result<&Epoch, TrainError> {
        let keys = self.description.train.clone();
        let epoch = self.history.len();
        let before = self.masks();
        let batches = batches(self.data.train.count(), keys.batch, self.seed, epoch);
        let (mut loss, mut all) = (0.0, Pruned::default());
        for (step, places) in batches.iter().enumerate() {
            let done = (epoch as f64 + step as f64 / batches.len() as f64) / keys.epochs as f64;
            // The first step of a warmup is one, too.
            let next = (epoch as f64 + (step + 1) as f64 / batches.len() as f64) / keys.epochs as f64;
            let rate = keys.rate
                * keys
                    .schedule
                    .factor(if done < keys.warmup { next.min(keys.warmup) } else { done }, keys.warmup);
            if let Some(pruner) = &mut self.pruner {
                pruner.begin((epoch * batches.len() + step) as u64);
            }
            let mean = self.step(places, (done, rate)).map_err(|place| TrainError::NotFinite {
                epoch: epoch + 1,
                step: step + 1,
                place,
            })?;
            if let Some(pruner) = &mut self.pruner {
                let Pruned { gradients, before, after, .. } = pruner.settle();
                all.gradients += gradients;
                all.before += before;
                all.after += after;
            }
            loss += mean * places.len() as f64 / self.data.train.count() as f64;
        }
        let sad = before.iter().zip(&self.masks()).map(|(before, after)| sad(before, after)).sum();
        let mode = Mode::Evaluate { done: (epoch + 1) as f64 / keys.epochs as f64, epochs: keys.epochs };
        let classes = self.network.classes(&self.data.validation, self.data.divisor, mode);
        let validation_right = self.data.validation.accuracy(&classes).right;
        let share = |count: usize| count as f64 / all.gradients.max(1) as f64;
        let density = self.pruner.as_ref().map(|_| [share(all.before), share(all.after)]);
        self.history.push(Epoch { loss, validation_right, density, sad });
        Ok(&self.history[epoch])
    }

    /// A step over these frames; the loss, or where a number is not finite.
    fn step(&mut self, places: &[usize], (done, rate): (f64, f64)) -> Result<f64, String> {
        let keys = &self.description.train;
        let train = &self.data.train;
        let frames: Vec<&[i64]> = places.iter().map(|place| train.frame(*place)).collect();
        let labels: Vec<usize> = places.iter().flat_map(|place| train.labels(*place)).copied().collect();
        let mut pass = self.network.pass(
            &frames,
            self.data.divisor,
            Mode::Train { done, epochs: keys.epochs },
            self.pruner.as_mut(),
        );
        let loss = cross_entropy(&mut pass.tape, pass.scores, &labels);
        let mean = f64::from(pass.tape.value(loss).values[0]);
        if !mean.is_finite() {
            let is_not = |var: &&super::tape::Var| {
                pass.tape.value(**var).values.iter().any(|value| !value.is_finite())
            };
            let node =
                pass.outputs.iter().position(|var| is_not(&var)).map(|index| &self.network.nodes[index]);
            return Err(node.map_or("the loss".into(), |node| format!("node {:?}", node.name)));
        }
        let mut gradients = pass.tape.gradients(loss);
        let all = self.network.parameters().into_iter().zip(pass.parameters).zip(&mut self.memories);
        for ((parameter, var), memory) in all {
            // What rests has no gradient, and no decay either.
            let Some(mut gradient) = gradients.take(var) else { continue };
            if gradient.values.iter().any(|value| !value.is_finite()) {
                return Err(format!("the gradient of {}", parameter.name));
            }
            if parameter.decays && keys.weight_decay > 0.0 {
                let decay = keys.weight_decay as f32;
                gradient = gradient.zip(parameter.value, |gradient, value| gradient + decay * value);
            }
            keys.optimizer.step(rate, parameter.value, &gradient, memory);
        }
        self.network.settle(pass.seen);
        Ok(mean)
    }

    /// The masks of all nodes with a pattern.
    fn masks(&self) -> Vec<Vec<bool>> {
        let of = |latent: &Array<f32>, pattern| mask(&latent.values, latent.channels(), pattern);
        let nodes = self.network.nodes.iter().filter_map(|node| match &node.work {
            Work::Weights(weights) => weights.method.pattern().map(|pattern| of(&weights.latent[0], pattern)),
            _ => None,
        });
        nodes.collect()
    }
}

//! A training as a file, after any epoch: what is trained, what the optimizer remembers, and the epochs so far.

use super::array::Array;
use super::error::TrainError;
use super::network::{After, Network, Work};
use super::trainer::{Epoch, Trainer};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::collections::HashMap;

/// The key of the metadata that says of which training a checkpoint is.
const TRAINING: &str = "training";
const HISTORY: &str = "history";
const STEPS: &str = "steps";
const THRESHOLDS: &str = "thresholds";

impl Trainer {
    /// A safetensors file of F32: `<node>.latent0`, `.gamma`, `.clip` and so on are the weights; `.mean` and `.variance` the running statistics;
    /// what the optimizer remembers has `.first` and `.second` behind it.
    pub fn checkpoint(&mut self) -> Vec<u8> {
        let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
        let mut note = |name: String, shape: &[usize], values: &[f32]| {
            let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
            tensors.push((name, shape.into(), bytes));
        };
        for (name, mean, variance) in running(&mut self.network) {
            note(format!("{name}.mean"), &[mean.len()], mean);
            note(format!("{name}.variance"), &[variance.len()], variance);
        }
        for (parameter, memory) in self.network.parameters().iter().zip(&self.memories) {
            let (name, shape) = (&parameter.name, &parameter.value.shape);
            note(name.clone(), shape, &parameter.value.values);
            note(format!("{name}.first"), shape, &memory.first.values);
            note(format!("{name}.second"), shape, &memory.second.values);
        }
        let steps: Vec<u64> = self.memories.iter().map(|memory| memory.steps).collect();
        let thresholds = self.pruner.as_ref().map(|pruner| &pruner.last);
        let said = [
            (TRAINING, self.training()),
            (HISTORY, serde_json::to_string(&self.history).unwrap_or_default()),
            (STEPS, serde_json::to_string(&steps).unwrap_or_default()),
            (THRESHOLDS, serde_json::to_string(&thresholds).unwrap_or_default()),
        ];
        // One text: the file's own table of texts has no order, and the same training gives the same bytes.
        let said = serde_json::to_string(&said).unwrap_or_default();
        let metadata = HashMap::from([("ternlet".to_owned(), said)]);
        let views = tensors.iter().map(|(name, shape, bytes)| {
            (name, TensorView::new(Dtype::F32, shape.clone(), bytes).expect("as many as its shape says"))
        });
        safetensors::serialize(views, Some(metadata)).expect("names and shapes are text")
    }

    /// What a checkpoint must be of: all that decides the numbers of a training.
    fn training(&self) -> String {
        let keys = serde_json::to_string(&self.description).unwrap_or_default();
        format!("{keys}, seed {}, frames {}", self.seed, self.data.train.count())
    }

    /// Continues where a checkpoint was written.
    ///
    /// # Errors
    /// If it is none, or of another training.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), TrainError> {
        let wrong = |why: &str| TrainError::OtherCheckpoint(why.into());
        let broken = "is no whole checkpoint; remove it to begin anew";
        let tensors = SafeTensors::deserialize(bytes).map_err(|_| wrong(broken))?;
        let (_, head) = SafeTensors::read_metadata(bytes).map_err(|_| wrong(broken))?;
        let said =
            head.metadata().as_ref().and_then(|said| said.get("ternlet")).ok_or_else(|| wrong(broken))?;
        let said: Vec<(String, String)> = serde_json::from_str(said).map_err(|_| wrong(broken))?;
        let of = |key: &str| said.iter().find(|(found, _)| found == key).map_or("", |(_, text)| text);
        if of(TRAINING) != self.training() {
            return Err(wrong(
                "is of another training: a key of the training file, the seed or the data has changed; remove it to begin anew",
            ));
        }
        let history: Vec<Epoch> = serde_json::from_str(of(HISTORY)).map_err(|_| wrong(broken))?;
        let steps: Vec<u64> = serde_json::from_str(of(STEPS)).map_err(|_| wrong(broken))?;
        let thresholds: Option<Vec<Vec<f64>>> =
            serde_json::from_str(of(THRESHOLDS)).map_err(|_| wrong(broken))?;
        let fill = |name: &str, values: &mut [f32]| {
            let tensor = tensors.tensor(name).map_err(|_| wrong(broken))?;
            if tensor.dtype() != Dtype::F32 || tensor.data().len() != 4 * values.len() {
                return Err(wrong(broken));
            }
            let numbers = tensor
                .data()
                .chunks_exact(4)
                .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]));
            values.iter_mut().zip(numbers).for_each(|(value, number)| *value = number);
            Ok(())
        };
        for (name, mean, variance) in running(&mut self.network) {
            fill(&format!("{name}.mean"), mean)?;
            fill(&format!("{name}.variance"), variance)?;
        }
        for ((parameter, memory), steps) in
            self.network.parameters().into_iter().zip(&mut self.memories).zip(steps)
        {
            let name = parameter.name;
            let into = |array: &mut Array<f32>, name: &str| fill(name, &mut array.values);
            into(parameter.value, &name)?;
            into(&mut memory.first, &format!("{name}.first"))?;
            into(&mut memory.second, &format!("{name}.second"))?;
            memory.steps = steps;
        }
        if let (Some(pruner), Some(last)) = (&mut self.pruner, thresholds) {
            if last.len() != pruner.last.len() {
                return Err(wrong(broken));
            }
            pruner.last = last;
        }
        self.history = history;
        Ok(())
    }
}

/// The running statistics of each batch norm.
fn running(network: &mut Network) -> impl Iterator<Item = (String, &mut Vec<f32>, &mut Vec<f32>)> {
    network.nodes.iter_mut().filter_map(|node| match &mut node.work {
        Work::Weights(weights) => match &mut weights.after {
            After::Codes { running, .. } => {
                Some((node.name.clone(), &mut running.mean, &mut running.variance))
            }
            After::Scores { .. } => None,
        },
        _ => None,
    })
}

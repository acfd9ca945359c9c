//! `ternlet train`

use super::answer::{Answer, Failure};
use crate::datapath::Catalog;
use crate::project::{check_folder, folder_of, write, write_new};
use crate::tools::Progress;
use crate::train::{TrainError, Trainer};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// Train the weights of a network, and write the design that computes exactly what was trained.
///
/// A training file names the data, the method of the weights and the schedule, and has a node for each layer. After each epoch a checkpoint is
/// written whole: it holds the weights as F32, and --resume continues from it. At the end the design file and its tensors are written: integers
/// that are proven on every accumulator, as `ternlet import` makes them, with what the trainer's own integers expect of the test data.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  ternlet train examples/train/sr_ste.toml -o digits.toml\n  ternlet simulate digits.toml\n  \
                    ternlet train examples/train/sr_ste.toml --seed 2 --json"
)]
pub struct Arguments {
    /// The training file.
    #[arg(value_name = "TRAIN.toml")]
    file: PathBuf,
    /// The design file, which must not be there yet; next to it are written a file of tensors and the checkpoint [default: nothing is written].
    #[arg(long, short, value_name = "FILE.toml")]
    output: Option<PathBuf>,
    /// Continue from the checkpoint next to --output.
    #[arg(long, requires = "output")]
    resume: bool,
    /// What decides the first weights, the validation part and the order of the frames [default: that of the training file].
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
}

impl From<TrainError> for Failure {
    fn from(error: TrainError) -> Self {
        let text = error.to_string();
        match error {
            TrainError::NotFinite { .. } | TrainError::NoDesign(_) => Failure::CheckFailed(text),
            TrainError::Unreadable { .. } | TrainError::Wrong { .. } | TrainError::OtherCheckpoint(_) => {
                Failure::BadInput(text)
            }
        }
    }
}

pub fn run(arguments: Arguments, catalog: &Catalog, progress: &Progress) -> Result<Answer, Failure> {
    let Arguments { file, output, resume, seed } = arguments;
    let mut trainer = Trainer::read(&file, seed)?;
    let checkpoint = output.as_deref().map(|output| output.with_extension("checkpoint.safetensors"));
    if let (Some(output), Some(checkpoint)) = (&output, &checkpoint) {
        begin(&mut trainer, output, checkpoint, resume)?;
    }
    let epochs = trainer.description.train.epochs;
    let task = progress.task(&format!("training {}", trainer.description.name));
    while !trainer.is_done() {
        let epoch = trainer.epoch()?.clone();
        let done = trainer.history.len();
        let of = trainer.data.validation.labels.len();
        let density = epoch
            .density
            .map_or(String::new(), |[_, after]| format!(", {:.1} % of the gradients not 0", 100.0 * after));
        progress.note(format_args!(
            "epoch {done}: loss {:.4}, {} of {of} of the validation right, {} places of the masks changed{density}",
            epoch.loss, epoch.validation_right, epoch.sad
        ));
        if let Some(checkpoint) = &checkpoint {
            write(checkpoint, trainer.checkpoint())?;
        }
        task.at(done, epochs);
    }
    drop(task);
    let outcome = trainer.outcome(catalog)?;
    let mut text = outcome.figures.to_string();
    if let Some(output) = &output {
        write_new(&folder_of(output).join(&outcome.tensors.0), &outcome.tensors.1)?;
        write_new(output, &outcome.design)?;
        let shown = output.display();
        text += &format!("\n{shown} is written; run\n  ternlet simulate {shown}\n  ternlet flow {shown}");
    }
    Ok(Answer::new(&outcome.figures, text))
}

/// Sees, before anything is trained, that all can be written at the end; and takes a checkpoint up.
fn begin(trainer: &mut Trainer, output: &Path, checkpoint: &Path, resume: bool) -> Result<(), Failure> {
    check_folder(&folder_of(output))?;
    let tensors = folder_of(output).join(format!("{}.safetensors", trainer.description.name));
    for path in [output, &tensors] {
        if path.exists() {
            return Err(Failure::BadInput(format!(
                "{} is there already; name another with --output, or remove it",
                path.display()
            )));
        }
    }
    let shown = checkpoint.display();
    match (resume, checkpoint.exists()) {
        (false, false) => Ok(()),
        (false, true) => Err(Failure::BadInput(format!(
            "{shown} is there already; continue from it with --resume, or remove it"
        ))),
        (true, false) => Err(Failure::BadInput(format!("{shown} is not there; begin without --resume"))),
        (true, true) => {
            let bytes =
                fs::read(checkpoint).map_err(|error| Failure::BadInput(format!("{shown}: {error}")))?;
            trainer.restore(&bytes).map_err(|error| Failure::BadInput(format!("{shown}: {error}")))
        }
    }
}

//! The golden model alone: the integers that the hardware must compute.

use super::error::Error;
use super::expected::expected;
use super::results::{ResultFile, TensorFormat};
use crate::datapath::Tensor;
use crate::design::{Accuracy, Design, Frames, batch_frames};
use rayon::prelude::*;
use std::ops::Range;
use std::path::Path;

/// What was written for the design's data.
pub struct Golden {
    pub design: String,
    /// The shape of each output, as of [`Design::results`].
    pub outputs: Vec<(String, Vec<usize>)>,
    /// Of `[labels]`.
    pub accuracy: Option<Accuracy>,
}

/// Runs the golden model of `design` on its data and writes the results at `path`: a tensor of 64-bit integers for each output stream, one
/// row a frame. A few batches of frames are held at a time, whatever their number, where no frame's results depend on those before it.
///
/// # Errors
/// If it has no data, the format cannot hold the results, or a file cannot be read or written.
pub fn golden(design: &Design, path: &Path, format: TensorFormat) -> Result<Golden, Error> {
    let input = design.input.as_ref().ok_or_else(|| Error::NoData { design: design.name.clone() })?;
    let mut file = ResultFile::at(design, path, format)?;
    let batches: Vec<Range<usize>> = input.batches(batch_frames(&design.datapath.ports())).collect();
    for side_by_side in batches.chunks(rayon::current_num_threads()) {
        let results: Vec<_> =
            side_by_side.par_iter().map(|batch| results(design, input, batch.clone())).collect();
        results.into_iter().try_for_each(|results| file.append(results?))?;
    }
    let (outputs, accuracy) = file.write()?;
    Ok(Golden { design: design.name.clone(), outputs, accuracy })
}

fn results(design: &Design, input: &Frames, frames: Range<usize>) -> Result<Vec<(String, Tensor)>, Error> {
    let inputs = input.frames(frames)?;
    Ok(design.results(&*design.datapath, &expected(&*design.datapath, &inputs)))
}

//! The golden model alone: the integers that the hardware must compute.

use super::error::Error;
use super::expected::expected;
use super::files::{folder_of, write_with};
use crate::datapath::Tensor;
use crate::design::{Accuracy, Design, Frames, batch_frames, npy_head, safetensors_head};
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
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

/// A file format of tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TensorFormat {
    Safetensors,
    /// One tensor alone.
    Npy,
}

/// Runs the golden model of `design` on its data and writes the results at `path`: a tensor of 64-bit integers for each output stream, one
/// row a frame. A few batches of frames are held at a time, whatever their number, where no frame's results depend on those before it.
///
/// # Errors
/// If it has no data, the format cannot hold the results, or a file cannot be read or written.
pub fn golden(design: &Design, path: &Path, format: TensorFormat) -> Result<Golden, Error> {
    let input = design.input.as_ref().ok_or_else(|| Error::NoData { design: design.name.clone() })?;
    let ports = design.datapath.ports();
    if format == TensorFormat::Npy && ports.outputs.len() != 1 {
        let why = "a .npy file holds one tensor, but there are several output streams; write .safetensors";
        return Err(Error::Refused(why.into()));
    }
    let folder = folder_of(path);
    let rows = || Rows::aside(&folder).map_err(Error::writing(path));
    let mut outputs = ports.outputs.iter().map(|_| rows()).collect::<Result<Vec<Rows>, Error>>()?;
    let labels = design.labels.as_ref();
    let mut classes: Option<Tensor> = None;
    let batches: Vec<Range<usize>> = input.batches(batch_frames(&ports)).collect();
    for side_by_side in batches.chunks(rayon::current_num_threads()) {
        let results: Vec<_> =
            side_by_side.par_iter().map(|batch| results(design, input, batch.clone())).collect();
        for result in results {
            for (rows, (name, tensor)) in outputs.iter_mut().zip(result?) {
                rows.append(&tensor).map_err(Error::writing(path))?;
                if labels.is_some_and(|labels| labels.stream == name) {
                    classes = Some(joined(classes, tensor));
                }
            }
        }
    }
    let names = ports.outputs.iter().map(|port| port.name.clone());
    let shapes: Vec<_> = names.zip(outputs.iter().map(|rows| rows.shape.clone())).collect();
    let head = match (format, &shapes[..]) {
        (TensorFormat::Npy, [(_, shape)]) => npy_head(shape),
        _ => safetensors_head(shapes.iter().map(|(name, shape)| (name.as_str(), &shape[..]))),
    };
    write_with(path, |file| {
        file.write_all(&head)?;
        outputs.into_iter().try_for_each(|rows| rows.copy_to(file))
    })?;
    let accuracy = labels.zip(classes).map(|(labels, classes)| labels.accuracy(&classes));
    Ok(Golden { design: design.name.clone(), outputs: shapes, accuracy })
}

/// The rows of both.
fn joined(before: Option<Tensor>, more: Tensor) -> Tensor {
    let Some(mut all) = before else { return more };
    all.shape[0] += more.shape[0];
    all.values.extend(more.values);
    all
}

fn results(design: &Design, input: &Frames, frames: Range<usize>) -> Result<Vec<(String, Tensor)>, Error> {
    let inputs = input.frames(frames)?;
    Ok(design.results(&*design.datapath, &expected(&*design.datapath, &inputs)))
}

/// The rows of a tensor that is not all there yet, in a file without a name.
struct Rows {
    shape: Vec<usize>,
    file: BufWriter<File>,
}

impl Rows {
    fn aside(folder: &Path) -> io::Result<Self> {
        Ok(Self { shape: Vec::new(), file: BufWriter::new(tempfile::tempfile_in(folder)?) })
    }

    fn append(&mut self, Tensor { shape, values }: &Tensor) -> io::Result<()> {
        match (self.shape.first_mut(), shape.first()) {
            (Some(rows), Some(more)) => *rows += more,
            _ => self.shape.clone_from(shape),
        }
        values.iter().try_for_each(|value| self.file.write_all(&value.to_le_bytes()))
    }

    fn copy_to(self, to: &mut File) -> io::Result<()> {
        let mut file = self.file.into_inner()?;
        file.rewind()?;
        io::copy(&mut file, to).map(drop)
    }
}

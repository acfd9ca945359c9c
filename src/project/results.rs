//! A file of results that is written as they come.

use super::error::Error;
use super::files::{folder_of, write_with};
use crate::datapath::Tensor;
use crate::design::{Accuracy, Design, npy_head, safetensors_head};
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// A file format of tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TensorFormat {
    Safetensors,
    /// One tensor alone.
    Npy,
}

/// Streams with the shapes of their results.
pub type Shapes = Vec<(String, Vec<usize>)>;

/// The results of a design in a file to be: a tensor of 64-bit integers for each output stream, one row a frame.
pub struct ResultFile<'d> {
    design: &'d Design,
    path: PathBuf,
    format: TensorFormat,
    names: Vec<String>,
    outputs: Vec<Rows>,
    /// Of the stream that has labels.
    classes: Option<Tensor>,
}

impl<'d> ResultFile<'d> {
    /// Of `design`, to be written at `path`.
    ///
    /// # Errors
    /// If the format cannot hold them, or nothing can be written there.
    pub fn at(design: &'d Design, path: &Path, format: TensorFormat) -> Result<Self, Error> {
        let ports = design.datapath.ports();
        if format == TensorFormat::Npy && ports.outputs.len() != 1 {
            let why =
                "a .npy file holds one tensor, but there are several output streams; write .safetensors";
            return Err(Error::Refused(why.into()));
        }
        let folder = folder_of(path);
        let rows = || Rows::aside(&folder).map_err(Error::writing(path));
        Ok(Self {
            design,
            path: path.into(),
            format,
            names: ports.outputs.iter().map(|port| port.name.clone()).collect(),
            outputs: ports.outputs.iter().map(|_| rows()).collect::<Result<_, _>>()?,
            classes: None,
        })
    }

    /// Adds the results of the next frames, as of [`Design::results`].
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn append(&mut self, results: Vec<(String, Tensor)>) -> Result<(), Error> {
        let labels = self.design.labels.as_ref();
        for (rows, (name, tensor)) in self.outputs.iter_mut().zip(results) {
            rows.append(&tensor).map_err(Error::writing(&self.path))?;
            if labels.is_some_and(|labels| labels.stream == name) {
                self.classes = Some(joined(self.classes.take(), tensor));
            }
        }
        Ok(())
    }

    /// Writes the file: the shape of each output, and how many are what the labels say.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(self) -> Result<(Shapes, Option<Accuracy>), Error> {
        let Self { design, path, format, names, outputs, classes } = self;
        let shapes: Shapes = names.into_iter().zip(outputs.iter().map(|rows| rows.shape.clone())).collect();
        let head = match (format, &shapes[..]) {
            (TensorFormat::Npy, [(_, shape)]) => npy_head(shape),
            _ => safetensors_head(shapes.iter().map(|(name, shape)| (name.as_str(), &shape[..]))),
        };
        write_with(&path, |file| {
            file.write_all(&head)?;
            outputs.into_iter().try_for_each(|rows| rows.copy_to(file))
        })?;
        let labels = design.labels.as_ref();
        Ok((shapes, labels.zip(classes).map(|(labels, classes)| labels.accuracy(&classes))))
    }
}

/// The rows of both.
fn joined(before: Option<Tensor>, more: Tensor) -> Tensor {
    let Some(mut all) = before else { return more };
    all.shape[0] += more.shape[0];
    all.values.extend(more.values);
    all
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

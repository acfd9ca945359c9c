//! Tensors in files, as integers: from `.safetensors`, `.npy` and `.png`.

use super::archive::from_safetensors;
use super::files::{self, extension_of};
use super::located::Located;
use super::npy::from_npy;
use super::numbers::Fractions;
use super::pictures::from_png;
use crate::datapath::{Source, Tensor};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

/// The most axes of a tensor, twice those that any program names.
const MOST_AXES: usize = 64;

/// The files that a folder's relative names mean. Each is read once: many tensors of a design stand in one file.
#[derive(Clone, Debug)]
pub struct TensorFiles {
    folder: PathBuf,
    read: Arc<Mutex<BTreeMap<PathBuf, Arc<[u8]>>>>,
    /// Files of which parts are read.
    large: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl TensorFiles {
    pub fn relative_to(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), read: Arc::default(), large: Arc::default() }
    }

    /// As [`Source::tensor`]; of floating-point numbers becomes what `fractions` says.
    ///
    /// # Errors
    /// What is wrong and what to do, in one sentence that names the file.
    pub fn read(&self, file: &str, name: Option<&str>, fractions: Fractions) -> Result<Tensor, String> {
        let path = self.folder.join(file);
        if let Some(tensor) = self.large(file, name, fractions) {
            return Ok(tensor);
        }
        let read = || self.bytes(&path).map_err(|error| error.to_string());
        let integers = |(shape, numbers)| {
            let integers = |numbers: super::numbers::Numbers| numbers.integers(fractions);
            integers(numbers).map(|values| Tensor { shape, values })
        };
        let tensor = match extension_of(&path).as_str() {
            "safetensors" => read().and_then(|bytes| from_safetensors(&bytes, name).and_then(integers)),
            "npy" => read().and_then(|bytes| from_npy(&bytes).and_then(integers)),
            "png" => read().and_then(|bytes| from_png(&bytes)),
            _ => Err("tensors are read from .safetensors, .npy and .png; convert it, for instance with `numpy.save` of \
                      Python"
                .into()),
        };
        tensor.and_then(countable).map_err(|why| format!("{}: {why}", path.display()))
    }

    /// The tensor alone of a large file, if nothing is wrong with it.
    fn large(&self, file: &str, name: Option<&str>, fractions: Fractions) -> Option<Tensor> {
        let scale = if let Fractions::Scaled(scale) = fractions { Some(scale) } else { None };
        let found = self.locate(file, name, scale)?;
        let values = found.read(0..found.len()).ok()?;
        countable(Tensor { shape: found.shape, values }).ok()
    }

    /// Where a tensor is in a large file, if nothing is wrong with it so far.
    pub fn locate(&self, file: &str, name: Option<&str>, scale: Option<f64>) -> Option<Located> {
        let path = self.folder.join(file);
        let found = Located::find(&path, name, scale)?;
        self.named().insert(path);
        Some(found)
    }

    /// The files that were read.
    pub fn paths(&self) -> Vec<PathBuf> {
        let large = self.named().clone();
        self.files().keys().cloned().chain(large).collect()
    }

    fn named(&self) -> MutexGuard<'_, BTreeSet<PathBuf>> {
        self.large.lock().expect("nothing panics while it is held")
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Arc<[u8]>>> {
        self.read.lock().expect("nothing panics while it reads")
    }

    fn bytes(&self, path: &Path) -> io::Result<Arc<[u8]>> {
        let mut read = self.files();
        if let Some(bytes) = read.get(path) {
            return Ok(bytes.clone());
        }
        let bytes: Arc<[u8]> = files::read(path)?.into();
        read.insert(path.into(), bytes.clone());
        Ok(bytes)
    }
}

/// `tensor`, if the integers of each of its parts can be counted, also where one of its lengths is 0.
fn countable(tensor: Tensor) -> Result<Tensor, String> {
    let lengths = tensor.shape.iter().filter(|length| **length > 0);
    let size = lengths.clone().try_fold(1usize, |size, length| size.checked_mul(*length));
    if tensor.shape.len() <= MOST_AXES && size.is_some() {
        return Ok(tensor);
    }
    Err(format!(
        "the tensor has {} axes and lengths beyond 64 bits; save it in another shape",
        tensor.shape.len()
    ))
}

impl Source for TensorFiles {
    fn tensor(&self, file: &str, name: Option<&str>) -> Result<Tensor, String> {
        self.read(file, name, Fractions::Refused("save the integers that they were quantized to"))
    }
}

//! A tensor that stays in its file: where its numbers are, so that a part of them can be read.

use super::archive::locate_in_safetensors;
use super::files::extension_of;
use super::npy::locate_in_npy;
use super::numbers::{Element, Fractions, Place};
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// Files of at most so many bytes are read whole.
const FEW_BYTES: u64 = 1 << 23;

/// Where the numbers of a tensor are, the last axis running fastest.
#[derive(Clone, Debug)]
pub struct Located {
    pub path: PathBuf,
    pub shape: Vec<usize>,
    element: Element,
    big_endian: bool,
    /// The byte of its file at which they start.
    start: u64,
    /// What floating-point numbers are multiplied by before they are rounded.
    scale: Option<f64>,
}

impl Located {
    /// Tensor `name` of the file at `path`; none where the file is small, or its numbers are in another order, or anything is wrong with it:
    /// reading it whole says what.
    pub fn find(path: &Path, name: Option<&str>, scale: Option<f64>) -> Option<Self> {
        let found = fs::metadata(path).ok().filter(|found| found.is_file() && found.len() > FEW_BYTES)?;
        let file = File::open(path).ok()?;
        let head = |start: u64, length: usize| {
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, start).is_ok().then_some(bytes)
        };
        let place = match extension_of(path).as_str() {
            "safetensors" => locate_in_safetensors(head, found.len(), name),
            "npy" => locate_in_npy(head),
            _ => None,
        }?;
        let Place { shape, element, big_endian, start } = place;
        let values = shape.iter().try_fold(1u64, |values, length| values.checked_mul(*length as u64))?;
        let end = values.checked_mul(element.size() as u64)?.checked_add(start)?;
        (end <= found.len()).then(|| Self { path: path.into(), shape, element, big_endian, start, scale })
    }

    /// Numbers of the tensor.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// For each axis, and after the last one, the numbers of what lies from it on.
    pub fn tails(&self) -> impl Iterator<Item = usize> {
        (0..=self.shape.len()).map(|from| self.shape[from..].iter().product())
    }

    /// The integers that the numbers of these places are.
    ///
    /// # Errors
    /// If they cannot be read, or are none.
    pub fn read(&self, places: Range<usize>) -> io::Result<Vec<i64>> {
        let size = self.element.size();
        let mut bytes = vec![0; places.len() * size];
        File::open(&self.path)?.read_exact_at(&mut bytes, self.start + (places.start * size) as u64)?;
        let fractions = self.scale.map_or(Fractions::Refused("save integers"), Fractions::Scaled);
        let numbers = self.element.numbers(&bytes, self.big_endian);
        let integers = numbers.and_then(|numbers| numbers.integers(fractions));
        integers.map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))
    }
}

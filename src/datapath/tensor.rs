//! Weights and data as arrays of integers, wherever they come from.

/// An array of integers in row-major order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<i64>,
}

/// Where a configuration's files are found.
pub trait Source {
    /// Tensor `name` of `file`; a file of one tensor (`.npy`, `.png`) needs no name.
    ///
    /// # Errors
    /// What is wrong and what to do, in one sentence that names the file.
    fn tensor(&self, file: &str, name: Option<&str>) -> Result<Tensor, String>;
}

/// A source of no files, for a configuration that names none.
pub struct NoFiles;

impl Source for NoFiles {
    fn tensor(&self, file: &str, _: Option<&str>) -> Result<Tensor, String> {
        Err(format!("{file}: no such file; write the integers themselves"))
    }
}

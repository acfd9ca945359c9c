//! The golden model alone: the integers that the hardware must compute.

use super::error::Error;
use crate::datapath::Tensor;
use crate::design::{Design, to_npy, to_safetensors};

/// Its results for the design's data, a tensor for each output stream, one row a frame.
pub struct Golden {
    pub design: String,
    /// As [`Design::results`].
    pub outputs: Vec<(String, Tensor)>,
}

/// A file format of tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TensorFormat {
    Safetensors,
    /// One tensor alone.
    Npy,
}

/// Runs the golden model of `design` on its data.
///
/// # Errors
/// If it has no data.
pub fn golden(design: &Design) -> Result<Golden, Error> {
    let inputs = design.input.as_ref().ok_or_else(|| Error::NoData { design: design.name.clone() })?;
    let outputs = design.results(&*design.datapath, &design.datapath.golden(inputs));
    Ok(Golden { design: design.name.clone(), outputs })
}

impl Golden {
    /// The bytes of a file of these tensors, 64-bit integers.
    ///
    /// # Errors
    /// If the format cannot hold them.
    pub fn encoded(&self, format: TensorFormat) -> Result<Vec<u8>, Error> {
        match (format, &self.outputs[..]) {
            (TensorFormat::Safetensors, outputs) => Ok(to_safetensors(outputs)),
            (TensorFormat::Npy, [(_, tensor)]) => Ok(to_npy(tensor)),
            (TensorFormat::Npy, _) => {
                let why =
                    "a .npy file holds one tensor, but there are several output streams; write .safetensors";
                Err(Error::Refused(why.into()))
            }
        }
    }
}

//! Tensors that another program has recorded, in a safetensors file.

use crate::design::read_file;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::path::Path;

/// A tensor of integers or of floating-point numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    pub shape: Vec<usize>,
    pub values: Vec<f64>,
    pub integers: bool,
}

/// All tensors of a file that are numbers.
///
/// # Errors
/// What the file is not, in a sentence.
pub fn recorded(path: &Path) -> Result<Vec<(String, Recorded)>, String> {
    let bytes = read_file(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let file = SafeTensors::deserialize(&bytes)
        .map_err(|error| format!("{} is truncated or is no safetensors file ({error})", path.display()))?;
    let mut tensors = Vec::new();
    for (name, view) in file.tensors() {
        if let Some((values, integers)) = numbers(&view) {
            tensors.push((name, Recorded { shape: view.shape().to_vec(), values, integers }));
        }
    }
    tensors.sort_by(|(first, _), (second, _)| first.cmp(second));
    Ok(tensors)
}

fn numbers(view: &TensorView<'_>) -> Option<(Vec<f64>, bool)> {
    fn each<const N: usize>(view: &TensorView<'_>, of: impl Fn([u8; N]) -> f64) -> Vec<f64> {
        view.data().chunks_exact(N).map(|chunk| of(chunk.try_into().expect("so many bytes"))).collect()
    }
    Some(match view.dtype() {
        Dtype::F32 => (each(view, |bytes| f32::from_le_bytes(bytes).into()), false),
        Dtype::F64 => (each(view, f64::from_le_bytes), false),
        Dtype::U8 | Dtype::BOOL => (each(view, |[byte]| byte.into()), true),
        Dtype::I8 => (each(view, |bytes| i8::from_le_bytes(bytes).into()), true),
        Dtype::U16 => (each(view, |bytes| u16::from_le_bytes(bytes).into()), true),
        Dtype::I16 => (each(view, |bytes| i16::from_le_bytes(bytes).into()), true),
        Dtype::U32 => (each(view, |bytes| u32::from_le_bytes(bytes).into()), true),
        Dtype::I32 => (each(view, |bytes| i32::from_le_bytes(bytes).into()), true),
        Dtype::I64 => (each(view, |bytes| i64::from_le_bytes(bytes) as f64), true),
        _ => return None,
    })
}

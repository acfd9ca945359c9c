//! Named tensors in safetensors files.

use super::numbers::{Bytes, Element, Numbers};
use crate::datapath::Tensor;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// The shape and the numbers of tensor `name`, which may be left out where there is one only.
///
/// # Errors
/// What the file is not, or has not, in a sentence.
pub fn from_safetensors(bytes: &[u8], name: Option<&str>) -> Result<(Vec<usize>, Numbers), String> {
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| {
        format!("the file is truncated or is no safetensors file ({error}); save it again")
    })?;
    let mut names = tensors.names();
    names.sort_unstable();
    let listed = names.join(", ");
    let name = match (name, &names[..]) {
        (_, []) => return Err("there is no tensor in it; save one".into()),
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, _) => return Err(format!("say which of its tensors is meant: {listed}")),
    };
    let tensor =
        tensors.tensor(name).map_err(|_| format!("there is no tensor \"{name}\"; there are {listed}"))?;
    let element = element(tensor.dtype()).ok_or_else(|| {
        let help = "save it as integers, for instance I32, or as F16, BF16, F32 or F64";
        format!("tensor \"{name}\" holds {:?}; {help}", tensor.dtype())
    })?;
    let numbers = element.numbers(tensor.data(), false).map_err(|why| format!("tensor \"{name}\": {why}"))?;
    Ok((tensor.shape().to_vec(), numbers))
}

fn element(dtype: Dtype) -> Option<Element> {
    Some(match dtype {
        Dtype::BOOL => Element::Bool,
        Dtype::U8 => Element::Unsigned(Bytes::One),
        Dtype::U16 => Element::Unsigned(Bytes::Two),
        Dtype::U32 => Element::Unsigned(Bytes::Four),
        Dtype::U64 => Element::Unsigned(Bytes::Eight),
        Dtype::I8 => Element::Signed(Bytes::One),
        Dtype::I16 => Element::Signed(Bytes::Two),
        Dtype::I32 => Element::Signed(Bytes::Four),
        Dtype::I64 => Element::Signed(Bytes::Eight),
        Dtype::F16 => Element::Float(Bytes::Two),
        Dtype::F32 => Element::Float(Bytes::Four),
        Dtype::F64 => Element::Float(Bytes::Eight),
        Dtype::BF16 => Element::Bfloat16,
        _ => return None,
    })
}

/// `tensors` as a safetensors file of I64.
pub fn to_safetensors(tensors: &[(String, Tensor)]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, tensor)| tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect())
        .collect();
    let named = tensors.iter().zip(&bytes);
    written(Dtype::I64, named.map(|((name, tensor), bytes)| (name.clone(), tensor.shape.clone(), &bytes[..])))
}

/// Tensors of bytes, each with its name and shape, as a safetensors file of U8.
pub fn bytes_to_safetensors<'b>(tensors: impl Iterator<Item = (String, Vec<usize>, &'b [u8])>) -> Vec<u8> {
    written(Dtype::U8, tensors)
}

fn written<'b>(dtype: Dtype, tensors: impl Iterator<Item = (String, Vec<usize>, &'b [u8])>) -> Vec<u8> {
    let views = tensors.map(|(name, shape, bytes)| {
        (name, TensorView::new(dtype, shape, bytes).expect("as many as its shape says"))
    });
    safetensors::serialize(views, None).expect("names and shapes are text")
}

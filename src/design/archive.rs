//! Named tensors in safetensors files.

use super::numbers::{Bytes, Element, Numbers, Place};
use crate::datapath::Tensor;
use safetensors::tensor::{Metadata, TensorInfo, TensorView};
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

/// Where tensor `name` is in a file of `length` bytes, of which `head` reads so many from one on.
pub fn locate_in_safetensors(
    head: impl Fn(u64, usize) -> Option<Vec<u8>>,
    length: u64,
    name: Option<&str>,
) -> Option<Place> {
    let header = u64::from_le_bytes(head(0, 8)?.try_into().ok()?);
    let start = header.checked_add(8).filter(|start| *start <= length)?;
    let metadata: Metadata = serde_json::from_slice(&head(8, usize::try_from(header).ok()?)?).ok()?;
    if start.checked_add(metadata.data_len() as u64)? != length {
        return None;
    }
    let tensors = metadata.tensors();
    let only = || tensors.keys().next().filter(|_| tensors.len() == 1).map(String::as_str);
    let TensorInfo { dtype, shape, data_offsets } = metadata.info(name.or_else(only)?)?;
    Some(Place {
        shape: shape.clone(),
        element: element(*dtype)?,
        big_endian: false,
        start: start.checked_add(data_offsets.0 as u64)?,
    })
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
    let shapes = tensors.iter().map(|(name, tensor)| (name.as_str(), &tensor.shape[..]));
    let mut bytes = safetensors_head(shapes);
    bytes.extend(tensors.iter().flat_map(|(_, tensor)| &tensor.values).flat_map(|value| value.to_le_bytes()));
    bytes
}

/// What stands before the numbers of I64 of these names and shapes, which follow tensor after tensor.
pub fn safetensors_head<'t>(shapes: impl Iterator<Item = (&'t str, &'t [usize])>) -> Vec<u8> {
    let mut end = 0;
    let info = |(name, shape): (&str, &[usize])| {
        let start = end;
        end += 8 * shape.iter().product::<usize>();
        (name.to_owned(), TensorInfo { dtype: Dtype::I64, shape: shape.into(), data_offsets: (start, end) })
    };
    let metadata = Metadata::new(None, shapes.map(info).collect()).expect("each follows the one before it");
    let mut text = serde_json::to_vec(&metadata).expect("names and shapes are text");
    text.resize(text.len().next_multiple_of(8), b' ');
    [&(text.len() as u64).to_le_bytes()[..], &text].concat()
}

/// Tensors of bytes, each with its name and shape, as a safetensors file of U8.
pub fn bytes_to_safetensors<'b>(tensors: impl Iterator<Item = (String, Vec<usize>, &'b [u8])>) -> Vec<u8> {
    let views = tensors.map(|(name, shape, bytes)| {
        (name, TensorView::new(Dtype::U8, shape, bytes).expect("as many as its shape says"))
    });
    safetensors::serialize(views, None).expect("names and shapes are text")
}

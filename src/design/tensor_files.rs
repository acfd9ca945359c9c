//! Tensors in files: integers from `.safetensors`, `.npy` and `.png`, floating-point numbers with a scale, results to
//! `.safetensors`.

use super::npy::from_npy;
use crate::datapath::{Source, Tensor};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

/// The files that a folder's relative names mean.
#[derive(Clone, Debug)]
pub struct TensorFiles {
    folder: PathBuf,
}

impl TensorFiles {
    pub fn relative_to(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl TensorFiles {
    /// As [`Source::tensor`], but of floating-point numbers, each times `scale` and rounded to the nearest integer, halves to
    /// the even one.
    ///
    /// # Errors
    /// What is wrong, in one sentence that names the file.
    pub fn scaled(&self, file: &str, name: Option<&str>, scale: f64) -> Result<Tensor, String> {
        self.read(file, name, Some(scale))
    }

    fn read(&self, file: &str, name: Option<&str>, scale: Option<f64>) -> Result<Tensor, String> {
        let path = self.folder.join(file);
        let read = || fs::read(&path).map_err(|error| error.to_string());
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let tensor = match extension {
            "safetensors" => read().and_then(|bytes| from_safetensors(&bytes, name, scale)),
            _ if scale.is_some() => Err("numbers with a `scale` are read from .safetensors; leave it out".into()),
            "npy" => read().and_then(|bytes| from_npy(&bytes)),
            "png" => read().and_then(|bytes| from_png(&bytes)),
            _ => Err("tensors are read from .safetensors, .npy and .png; convert it, for instance with `numpy.save` of \
                      Python"
                .into()),
        };
        tensor.map_err(|why| format!("{}: {why}", path.display()))
    }
}

impl Source for TensorFiles {
    fn tensor(&self, file: &str, name: Option<&str>) -> Result<Tensor, String> {
        self.read(file, name, None)
    }
}

/// Tensor `name`, which may be left out where there is one only; of floating-point numbers where there is a scale.
fn from_safetensors(bytes: &[u8], name: Option<&str>, scale: Option<f64>) -> Result<Tensor, String> {
    let tensors = SafeTensors::deserialize(bytes)
        .map_err(|error| format!("the file is truncated or is no safetensors file ({error})"))?;
    let mut names = tensors.names();
    names.sort_unstable();
    let listed = names.join(", ");
    let name = match (name, &names[..]) {
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, _) => return Err(format!("say which of its tensors is meant: {listed}")),
    };
    let tensor =
        tensors.tensor(name).map_err(|_| format!("there is no tensor \"{name}\"; there are {listed}"))?;
    let dtype = tensor.dtype();
    let values = match (scale, floats(&tensor)) {
        (Some(scale), Some(numbers)) => rounded(&numbers, scale)?,
        (Some(_), None) => {
            return Err(format!("tensor \"{name}\" holds {dtype:?}, not F32 or F64; leave `scale` out"));
        }
        (None, Some(_)) => {
            let why = "a datapath takes integers; give the [input] a `scale` that makes them so";
            return Err(format!("tensor \"{name}\" holds {dtype:?}; {why}"));
        }
        (None, None) => integers(&tensor).ok_or_else(|| {
            format!("tensor \"{name}\" holds {dtype:?}; a datapath takes integers of at most 32 bits, or I64")
        })?,
    };
    Ok(Tensor { shape: tensor.shape().to_vec(), values })
}

fn floats(tensor: &TensorView) -> Option<Vec<f64>> {
    let bytes = tensor.data();
    Some(match tensor.dtype() {
        Dtype::F32 => bytes.as_chunks::<4>().0.iter().map(|word| f32::from_le_bytes(*word).into()).collect(),
        Dtype::F64 => bytes.as_chunks::<8>().0.iter().map(|word| f64::from_le_bytes(*word)).collect(),
        _ => return None,
    })
}

/// The integers nearest to `numbers` times `scale`; halves go to the even one.
///
/// # Errors
/// If one is beyond 53 bits, where doubles are no longer exact, or is no number.
fn rounded(numbers: &[f64], scale: f64) -> Result<Vec<i64>, String> {
    let most = f64::from(1u32 << 26) * f64::from(1u32 << 27);
    let scaled = |(place, number): (usize, &f64)| match (number * scale).round_ties_even() {
        integer if integer.abs() <= most => Ok(integer as i64),
        _ => Err(format!("number {place} is {number}, which times {scale:?} is no integer of 53 bits")),
    };
    numbers.iter().enumerate().map(scaled).collect()
}

fn integers(tensor: &TensorView) -> Option<Vec<i64>> {
    fn words<const N: usize>(bytes: &[u8], integer: fn([u8; N]) -> i64) -> Vec<i64> {
        bytes.as_chunks::<N>().0.iter().map(|word| integer(*word)).collect()
    }
    let bytes = tensor.data();
    Some(match tensor.dtype() {
        Dtype::BOOL | Dtype::U8 => words(bytes, |word| u8::from_le_bytes(word).into()),
        Dtype::I8 => words(bytes, |word| i8::from_le_bytes(word).into()),
        Dtype::U16 => words(bytes, |word| u16::from_le_bytes(word).into()),
        Dtype::I16 => words(bytes, |word| i16::from_le_bytes(word).into()),
        Dtype::U32 => words(bytes, |word| u32::from_le_bytes(word).into()),
        Dtype::I32 => words(bytes, |word| i32::from_le_bytes(word).into()),
        Dtype::I64 => words(bytes, i64::from_le_bytes),
        _ => return None,
    })
}

/// A picture as rows of pixels, or of pixels of several channels: shape `[height, width]` or `[height, width, channels]`.
fn from_png(bytes: &[u8]) -> Result<Tensor, String> {
    let wrong = |error: png::DecodingError| format!("the picture is truncated or is no PNG ({error})");
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(wrong)?;
    let size = reader.output_buffer_size().ok_or("the picture is too large for this machine")?;
    let mut samples = vec![0; size];
    let frame = reader.next_frame(&mut samples).map_err(wrong)?;
    samples.truncate(frame.buffer_size());
    let values = match frame.bit_depth {
        png::BitDepth::Sixteen => {
            samples.as_chunks::<2>().0.iter().map(|&pair| u16::from_be_bytes(pair).into()).collect()
        }
        _ => samples.into_iter().map(i64::from).collect(),
    };
    let mut shape = vec![frame.height as usize, frame.width as usize];
    if frame.color_type.samples() > 1 {
        shape.push(frame.color_type.samples());
    }
    Ok(Tensor { shape, values })
}

/// `tensors` as a safetensors file of I64.
pub fn to_safetensors(tensors: &[(String, Tensor)]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, tensor)| tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect())
        .collect();
    let views = tensors.iter().zip(&bytes).map(|((name, tensor), bytes)| {
        let view =
            TensorView::new(Dtype::I64, tensor.shape.clone(), bytes).expect("as many as its shape says");
        (name.clone(), view)
    });
    safetensors::serialize(views, None).expect("names and shapes are text")
}

/// The folder of `path`, as names in that file are relative to it.
pub fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, TensorFiles) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let files = TensorFiles::relative_to(folder.path());
        (folder, files)
    }

    fn two() -> Vec<u8> {
        let tensor = |values: &[i64]| Tensor { shape: vec![values.len()], values: values.into() };
        to_safetensors(&[("a".into(), tensor(&[-5, i64::MAX])), ("b".into(), tensor(&[1, 2, 3]))])
    }

    #[test]
    fn what_is_written_is_read() {
        let (_folder, files) = file("t.safetensors", &two());
        let a = files.tensor("t.safetensors", Some("a")).unwrap();
        assert_eq!((a.shape, a.values), (vec![2], vec![-5, i64::MAX]));
    }

    #[test]
    fn what_cannot_be_read_is_said_in_a_sentence() {
        let (_folder, files) = file("t.safetensors", &two());
        let why = |file: &str, name| files.tensor(file, name).unwrap_err();
        assert!(why("t.safetensors", Some("c")).ends_with("there is no tensor \"c\"; there are a, b"));
        assert!(why("t.safetensors", None).ends_with("say which of its tensors is meant: a, b"));
        assert!(why("u.safetensors", None).contains("u.safetensors: No such file"));
        assert!(why("t.npz", None).contains("tensors are read from .safetensors, .npy and .png"));
        let (_folder, files) = file("t.safetensors", &two()[..60]);
        let error = files.tensor("t.safetensors", Some("a")).unwrap_err();
        assert!(error.contains("the file is truncated or is no safetensors file"), "{error}");
        let floats = TensorView::new(Dtype::F32, vec![1], &[0; 4]).unwrap();
        let (_folder, files) = file("f.safetensors", &safetensors::serialize([("w", floats)], None).unwrap());
        let error = files.tensor("f.safetensors", None).unwrap_err();
        assert!(
            error.contains("tensor \"w\" holds F32; a datapath takes integers; give the [input] a `scale`")
        );
    }

    #[test]
    fn scaled_numbers_go_to_the_nearest_integer() {
        let numbers: Vec<u8> =
            [0.25f32, -0.25, 0.75, -1.5, 1e-9, 3.0].iter().flat_map(|number| number.to_le_bytes()).collect();
        let view = |bytes| TensorView::new(Dtype::F32, vec![6], bytes).unwrap();
        let (_folder, files) =
            file("f.safetensors", &safetensors::serialize([("w", view(&numbers))], None).unwrap());
        assert_eq!(files.scaled("f.safetensors", None, 2.0).unwrap().values, [0, 0, 2, -3, 0, 6]);
        let error = files.scaled("f.safetensors", None, 1e300).unwrap_err();
        assert!(error.ends_with("number 0 is 0.25, which times 1e300 is no integer of 53 bits"), "{error}");
        let (_folder, files) = file("t.safetensors", &two());
        let error = files.scaled("t.safetensors", Some("a"), 2.0).unwrap_err();
        assert!(error.ends_with("tensor \"a\" holds I64, not F32 or F64; leave `scale` out"), "{error}");
    }

    #[test]
    fn pictures_are_tensors() {
        let picture = |depth, color, samples: &[u8]| {
            let mut bytes = Vec::new();
            let mut encoder = png::Encoder::new(&mut bytes, 2, 1);
            encoder.set_depth(depth);
            encoder.set_color(color);
            encoder.write_header().unwrap().write_image_data(samples).unwrap();
            bytes
        };
        let grey = picture(png::BitDepth::Sixteen, png::ColorType::Grayscale, &[1, 2, 0, 255]);
        let grey = from_png(&grey).unwrap();
        assert_eq!((grey.shape, grey.values), (vec![1, 2], vec![258, 255]));
        let colored = picture(png::BitDepth::Eight, png::ColorType::Rgb, &[1, 2, 3, 4, 5, 6]);
        assert_eq!(from_png(&colored).unwrap().shape, [1, 2, 3]);
        assert!(from_png(&colored[..colored.len() - 20]).unwrap_err().contains("truncated"));
    }
}

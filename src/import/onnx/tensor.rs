//! A tensor's data, wherever it stands; its size is checked before it is read.

use super::constant::{Constant, Element, Values};
use super::proto::TensorProto;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path};

/// The most elements of a tensor.
const MOST: usize = 1 << 26;

impl TensorProto {
    /// The tensor; files of external data stand in `folder`.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn read(&self, folder: &Path) -> Result<Constant, String> {
        let element = element(self.element)?;
        let shape = self.shape()?;
        let count: usize = shape.iter().product();
        let values = if self.location == 1 {
            of_bytes(element, count, &self.external(folder, bytes(element, count))?)?
        } else if let Some(raw) = &self.raw {
            of_bytes(element, count, raw)?
        } else {
            self.listed(element, count)?
        };
        Ok(Constant { shape, element, values })
    }

    fn shape(&self) -> Result<Vec<usize>, String> {
        let mut count = 1usize;
        let mut shape = Vec::new();
        for dim in &self.dims {
            let length = usize::try_from(*dim).map_err(|_| format!("its shape is {:?}", self.dims))?;
            count = count.checked_mul(length).filter(|count| *count <= MOST).ok_or_else(|| {
                format!("its shape {:?} has more elements than the {MOST} that are read", self.dims)
            })?;
            shape.push(length);
        }
        Ok(shape)
    }

    /// The elements where they are listed one by one.
    fn listed(&self, element: Element, count: usize) -> Result<Values, String> {
        let values = match element {
            Element::F32 => Values::F32(self.floats.clone()),
            Element::F64 => Values::F64(self.doubles.clone()),
            Element::Int(true, 64) => Values::Int(self.longs.clone()),
            Element::Int(false, 32 | 64) => {
                let value =
                    |value: &u64| i64::try_from(*value).map_err(|_| format!("{value} is more than 63 bits"));
                Values::Int(self.unsigned.iter().map(value).collect::<Result<_, _>>()?)
            }
            Element::Int(_, 4) => {
                return of_bytes(element, count, &self.ints.iter().map(|i| *i as u8).collect::<Vec<_>>());
            }
            Element::Int(..) | Element::Bool => {
                Values::Int(self.ints.iter().map(|value| i64::from(*value)).collect())
            }
        };
        let found = match &values {
            Values::F32(values) => values.len(),
            Values::F64(values) => values.len(),
            Values::Int(values) | Values::Grid { codes: values, .. } => values.len(),
            Values::Roots(values) => values.len(),
        };
        let (lo, hi) = element.bounds().unwrap_or((i64::MIN, i64::MAX));
        if found != count {
            return Err(format!("its shape {:?} has {count} elements, but {found} are there", self.dims));
        }
        match &values {
            Values::Int(values) if values.iter().any(|value| !(lo..=hi).contains(value)) => {
                Err(format!("an element is no {element}"))
            }
            _ => Ok(values),
        }
    }

    /// The bytes of a file next to the model, of which there must be so many.
    fn external(&self, folder: &Path, length: usize) -> Result<Vec<u8>, String> {
        let entry =
            |key: &str| self.external.iter().find(|entry| entry.key == key).map(|entry| &entry.value[..]);
        let name = entry("location").ok_or("its data stands in another file, which is not named")?;
        let path = Path::new(name);
        if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(format!(
                "its data stands in {name:?}; only files in the model's own folder are read"
            ));
        }
        let number = |key: &str, default: u64| match entry(key) {
            None => Ok(default),
            Some(text) => text.parse::<u64>().map_err(|_| format!("{key} of its data is {text:?}")),
        };
        let (offset, said) = (number("offset", 0)?, number("length", length as u64)?);
        if said != length as u64 {
            return Err(format!("its data has {length} bytes, but {said} are said to stand in {name:?}"));
        }
        // A model that is named without a folder stands in this one.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let path = folder.join(path);
        let inside = |path: &Path| Some(path.canonicalize().ok()?.starts_with(folder.canonicalize().ok()?));
        let unread =
            |why: &dyn std::fmt::Display| format!("its data stands in {name:?}, which cannot be read: {why}");
        if inside(&path) == Some(false) {
            return Err(format!(
                "its data stands in {name:?}; only files in the model's own folder are read"
            ));
        }
        let mut file = File::open(&path).map_err(|error| unread(&error))?;
        let size = file.metadata().map_err(|error| unread(&error))?.len();
        if offset.checked_add(said).is_none_or(|end| end > size) {
            return Err(format!("its data are bytes {offset} and {said} more of {name:?}, which has {size}"));
        }
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(offset)).map_err(|error| unread(&error))?;
        file.read_exact(&mut bytes).map_err(|error| unread(&error))?;
        Ok(bytes)
    }
}

fn element(number: i32) -> Result<Element, String> {
    Ok(match number {
        1 => Element::F32,
        2 => Element::Int(false, 8),
        3 => Element::Int(true, 8),
        4 => Element::Int(false, 16),
        5 => Element::Int(true, 16),
        6 => Element::Int(true, 32),
        7 => Element::Int(true, 64),
        9 => Element::Bool,
        11 => Element::F64,
        12 => Element::Int(false, 32),
        13 => Element::Int(false, 64),
        21 => Element::Int(false, 4),
        22 => Element::Int(true, 4),
        10 | 16 => return Err("its elements are of 16-bit floating point; save the model in float32".into()),
        17..=20 | 23.. => return Err("its elements are of float8 or float4; quantize to integers".into()),
        _ => return Err("its elements are no numbers".into()),
    })
}

fn bits(element: Element) -> usize {
    match element {
        Element::F32 => 32,
        Element::F64 => 64,
        Element::Bool => 8,
        Element::Int(_, bits) => bits as usize,
    }
}

fn bytes(element: Element, count: usize) -> usize {
    (count * bits(element)).div_ceil(8)
}

/// Little endian, as ONNX says; two integers of 4 bits a byte, the first in the low bits.
fn of_bytes(element: Element, count: usize, data: &[u8]) -> Result<Values, String> {
    let wanted = bytes(element, count);
    if data.len() != wanted {
        return Err(format!(
            "it has {count} elements of {element}, {wanted} bytes, but {} are there",
            data.len()
        ));
    }
    fn each<const N: usize, T>(data: &[u8], of: impl Fn([u8; N]) -> T) -> Vec<T> {
        data.chunks_exact(N).map(|chunk| of(chunk.try_into().expect("so many bytes"))).collect()
    }
    Ok(match element {
        Element::F32 => Values::F32(each(data, f32::from_le_bytes)),
        Element::F64 => Values::F64(each(data, f64::from_le_bytes)),
        Element::Bool => Values::Int(data.iter().map(|byte| i64::from(*byte != 0)).collect()),
        Element::Int(signed, 4) => {
            let nibble = |index: usize| {
                let nibble = data[index / 2] >> (index % 2 * 4) & 15;
                if signed { i64::from((nibble as i8) << 4 >> 4) } else { i64::from(nibble) }
            };
            Values::Int((0..count).map(nibble).collect())
        }
        Element::Int(signed, bits) => {
            let of = |chunk: &[u8]| {
                let mut word = [if signed && chunk[chunk.len() - 1] >= 128 { 0xff } else { 0 }; 8];
                word[..chunk.len()].copy_from_slice(chunk);
                i64::from_le_bytes(word)
            };
            let values: Vec<i64> = data.chunks_exact(bits as usize / 8).map(of).collect();
            if !signed && values.iter().any(|value| *value < 0) {
                return Err("an element has more than 63 bits".into());
            }
            Values::Int(values)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(element: i32, dims: &[i64], raw: &[u8]) -> TensorProto {
        TensorProto { element, dims: dims.into(), raw: Some(raw.into()), ..TensorProto::default() }
    }

    #[test]
    fn bytes_are_integers_of_all_sizes() {
        let read = |element, count, raw: &[u8]| {
            tensor(element, &[count], raw).read(Path::new("")).unwrap().integers().unwrap()
        };
        assert_eq!(read(3, 2, &[0xff, 5]), [-1, 5]);
        assert_eq!(read(2, 2, &[0xff, 5]), [255, 5]);
        assert_eq!(read(6, 1, &[0xfe, 0xff, 0xff, 0xff]), [-2]);
        assert_eq!(read(22, 3, &[0x9f, 0x07]), [-1, -7, 7]);
        assert_eq!(read(21, 3, &[0x9f, 0x07]), [15, 9, 7]);
    }

    #[test]
    fn what_a_tensor_says_of_its_size_is_checked() {
        for (proto, why) in [
            (tensor(1, &[1 << 40, 1 << 40], &[]), "more elements than the"),
            (tensor(1, &[-1], &[]), "its shape is [-1]"),
            (tensor(1, &[3], &[0; 8]), "3 elements of float32, 12 bytes, but 8 are there"),
            (
                TensorProto { element: 1, dims: vec![2], floats: vec![1.0], ..TensorProto::default() },
                "2 elements, but 1",
            ),
            (tensor(99, &[1], &[0]), "float8"),
        ] {
            let error = proto.read(Path::new("")).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }

    #[test]
    fn external_data_stands_in_the_models_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("w.bin"), [1, 2, 3, 4]).unwrap();
        let external = |location: &str, offset: &str| {
            let entry = |key: &str, value: &str| super::super::proto::EntryProto {
                key: key.into(),
                value: value.into(),
            };
            let external = vec![entry("location", location), entry("offset", offset)];
            TensorProto { element: 2, dims: vec![3], location: 1, external, ..TensorProto::default() }
        };
        let read = |proto: TensorProto| proto.read(folder.path());
        assert_eq!(read(external("w.bin", "1")).unwrap().integers().unwrap(), [2, 3, 4]);
        for (location, offset, why) in [
            ("../w.bin", "0", "only files in the model's own folder"),
            ("/etc/passwd", "0", "only files in the model's own folder"),
            ("w.bin", "2", "which has 4"),
            ("none.bin", "0", "cannot be read"),
            ("w.bin", "18446744073709551615", "which has 4"),
        ] {
            let error = read(external(location, offset)).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
    }
}

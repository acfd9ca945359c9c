//! Tensors in the files of numpy (its NEP 1): numbers in, integers out.
//!
//! A file is `\x93NUMPY`, a version, the length of a header, the header, and the bytes of the numbers. The header is a dictionary of
//! Python with three keys, which is read by a grammar of its own: nothing nests, so that its time grows with its length only.

use super::numbers::{Bytes, Element, Numbers, Place};
use crate::datapath::Tensor;

const MAGIC: &[u8] = b"\x93NUMPY";

/// The shape and the numbers of a file, in row-major order whichever order it has.
///
/// # Errors
/// What the file is not, in a sentence.
pub fn from_npy(bytes: &[u8]) -> Result<(Vec<usize>, Numbers), String> {
    let (header, body) = split(bytes).ok_or_else(|| broken("its start is not that of one"))?;
    let Header { descr, fortran_order, shape } = Header::read(header)?;
    let (element, big_endian) = element(&descr)?;
    let needed = size_of(&shape).and_then(|count| count.checked_mul(element.size()));
    let body = needed.and_then(|needed| body.get(..needed)).ok_or_else(|| {
        broken(&format!(
            "shape {shape:?} of '{descr}' takes more than the {} bytes after the header",
            body.len()
        ))
    })?;
    let numbers = element.numbers(body, big_endian)?;
    let numbers = match numbers {
        numbers if !fortran_order => numbers,
        Numbers::Integers(values) => Numbers::Integers(row_major(&shape, &values)),
        Numbers::Floats(values) => Numbers::Floats(row_major(&shape, &values)),
    };
    Ok((shape, numbers))
}

/// Where the tensor is in a file, of which `head` reads so many bytes from one on; none where the first axis runs fastest.
pub fn locate_in_npy(head: impl Fn(u64, usize) -> Option<Vec<u8>>) -> Option<Place> {
    // More than any header that numpy writes.
    let bytes = head(0, 1 << 12)?;
    let (header, rest) = split(&bytes)?;
    let Header { descr, fortran_order, shape } = Header::read(header).ok()?;
    let (element, big_endian) = element(&descr).ok()?;
    let start = (bytes.len() - rest.len()) as u64;
    (!fortran_order).then_some(Place { shape, element, big_endian, start })
}

fn broken(why: &str) -> String {
    format!("the file is truncated or is no .npy file: {why}; save it again, for instance with `numpy.save`")
}

/// The integers of a tensor of `shape`, if so many can be counted.
fn size_of(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |size, length| size.checked_mul(*length))
}

/// The header and what follows it.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (version, rest) = rest.split_at_checked(2)?;
    let (length, rest) = match version[0] {
        1 => rest.split_first_chunk().map(|(length, rest)| (u16::from_le_bytes(*length) as usize, rest))?,
        2 | 3 => {
            rest.split_first_chunk().map(|(length, rest)| (u32::from_le_bytes(*length) as usize, rest))?
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// The type of `descr`, such as `<i4`, and whether its most significant byte comes first.
fn element(descr: &str) -> Result<(Element, bool), String> {
    let big_endian = descr.starts_with('>');
    let name = descr.strip_prefix(['<', '>', '=', '|']).unwrap_or(descr);
    let bytes = name.get(1..).and_then(|count| count.parse().ok()).and_then(Bytes::of);
    let element = match (name.as_bytes().first(), bytes) {
        (Some(b'b'), Some(Bytes::One)) => Some(Element::Bool),
        (Some(b'i'), Some(bytes)) => Some(Element::Signed(bytes)),
        (Some(b'u'), Some(bytes)) => Some(Element::Unsigned(bytes)),
        (Some(b'f'), Some(bytes)) if bytes != Bytes::One => Some(Element::Float(bytes)),
        _ => None,
    };
    element.map(|element| (element, big_endian)).ok_or_else(|| {
        format!("the tensor holds '{descr}'; a datapath takes integers, so save them, for instance as int32")
    })
}

/// `values` that stand with the first dimension running fastest, with the last one running fastest.
fn row_major<T: Copy>(shape: &[usize], values: &[T]) -> Vec<T> {
    let mut strides = vec![1; shape.len()];
    for axis in 1..shape.len() {
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    }
    let (mut index, mut place) = (vec![0; shape.len()], 0);
    let mut sorted = Vec::with_capacity(values.len());
    for _ in 0..values.len() {
        sorted.push(values[place]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            place += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            place -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    sorted
}

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    descr: String,
    fortran_order: bool,
    shape: Vec<usize>,
}

impl Header {
    fn read(text: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(text).map_err(|_| broken("its header is no text"))?;
        let mut words = Words(text);
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        let read = (|| {
            words.take("{")?;
            while words.take("}").is_none() {
                let key = words.quoted()?;
                words.take(":")?;
                match key {
                    "descr" => descr = Some(words.quoted()?.to_owned()),
                    "fortran_order" => {
                        fortran_order = Some(words.take("True").is_some());
                        fortran_order
                            .filter(|order| *order)
                            .or_else(|| words.take("False").map(|()| false))?;
                    }
                    "shape" => shape = Some(words.lengths()?),
                    _ => return None,
                }
                if words.take(",").is_none() {
                    words.take("}")?;
                    break;
                }
            }
            words.rest().is_empty().then_some(())
        })();
        match (read, descr, fortran_order, shape) {
            (Some(()), Some(descr), Some(fortran_order), Some(shape)) => {
                Ok(Self { descr, fortran_order, shape })
            }
            (None, None, _, _) if words.rest().starts_with('[') => {
                Err("the tensor holds records of several fields; save one of them as an array of its own"
                    .into())
            }
            _ => Err(broken("its header does not say descr, fortran_order and shape")),
        }
    }
}

/// The words of a header that are still to be read.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn rest(&self) -> &'a str {
        self.0.trim_start()
    }

    /// Goes on behind `word`, if it is next.
    fn take(&mut self, word: &str) -> Option<()> {
        self.0 = self.rest().strip_prefix(word)?;
        Some(())
    }

    /// A text in quotes, which escapes nothing.
    fn quoted(&mut self) -> Option<&'a str> {
        let quote = self.rest().chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let (text, rest) = self.rest()[1..].split_once(quote)?;
        self.0 = rest;
        (!text.contains('\\')).then_some(text)
    }

    /// `(2, 3)`; Python 2 wrote `(2L, 3L)`.
    fn lengths(&mut self) -> Option<Vec<usize>> {
        self.take("(")?;
        let mut lengths = Vec::new();
        while self.take(")").is_none() {
            let digits =
                self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, rest) = self.rest().split_at(digits);
            lengths.push(number.parse().ok()?);
            self.0 = rest.strip_prefix('L').unwrap_or(rest);
            if self.take(",").is_none() {
                self.take(")")?;
                break;
            }
        }
        Some(lengths)
    }
}

/// `tensor` as a file of int64, as `numpy.save` writes it.
pub fn to_npy(tensor: &Tensor) -> Vec<u8> {
    let mut bytes = npy_head(&tensor.shape);
    bytes.extend(tensor.values.iter().flat_map(|value| value.to_le_bytes()));
    bytes
}

/// What stands before the numbers of a file of int64 of this shape.
pub fn npy_head(shape: &[usize]) -> Vec<u8> {
    let lengths: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let shape = if let [only] = shape {
        format!("({only},)")
    } else {
        format!("({})", lengths.trim_end_matches(", "))
    };
    let mut header = format!("{{'descr': '<i8', 'fortran_order': False, 'shape': {shape}, }}");
    // The numbers start at a multiple of 64 bytes.
    let before = MAGIC.len() + 4;
    let length = (before + header.len() + 1).next_multiple_of(64) - before;
    header.extend(std::iter::repeat_n(' ', length - header.len() - 1));
    header.push('\n');
    let length = u16::try_from(length).expect("a shape of few axes").to_le_bytes();
    [MAGIC, &[1, 0], &length, header.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `numpy.save` of numpy 2.3.5 writes for an array of this `descr`, order and shape.
    fn saved(descr: &str, fortran: bool, shape: &str, bytes: &[u8]) -> Vec<u8> {
        let order = if fortran { "True" } else { "False" };
        with_header(&format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}"), bytes)
    }

    fn with_header(header: &str, bytes: &[u8]) -> Vec<u8> {
        let mut header = header.to_owned();
        header.extend(std::iter::repeat_n(' ', 117usize.saturating_sub(header.len())));
        header.push('\n');
        [b"\x93NUMPY\x02\x00", &(header.len() as u32).to_le_bytes()[..], header.as_bytes(), bytes].concat()
    }

    fn integers(shape: &[usize], values: &[i64]) -> Result<(Vec<usize>, Numbers), String> {
        Ok((shape.into(), Numbers::Integers(values.into())))
    }

    #[test]
    fn types_orders_and_shapes_are_read() {
        let read = |bytes: Vec<u8>| from_npy(&bytes);
        assert_eq!(read(saved("|i1", false, "(2, 1)", &[255, 3])), integers(&[2, 1], &[-1, 3]));
        assert_eq!(read(saved("|u1", false, "(2,)", &[255, 3])), integers(&[2], &[255, 3]));
        assert_eq!(read(saved("|b1", false, "(2,)", &[1, 0])), integers(&[2], &[1, 0]));
        assert_eq!(read(saved("<i2", false, "(1,)", &[254, 255])), integers(&[1], &[-2]));
        assert_eq!(read(saved(">u2", false, "(1,)", &[1, 2])), integers(&[1], &[258]));
        assert_eq!(read(saved("=i4", false, "()", &[0, 1, 0, 0])), integers(&[], &[256]));
        assert_eq!(read(saved("<u8", false, "(1L,)", &[5, 0, 0, 0, 0, 0, 0, 0])), integers(&[1], &[5]));
        assert_eq!(
            read(saved("|i1", true, "(2, 3)", &[1, 4, 2, 5, 3, 6])),
            integers(&[2, 3], &[1, 2, 3, 4, 5, 6])
        );
        assert_eq!(
            read(saved("|i1", true, "(2, 1, 2, 2)", &[1, 5, 3, 7, 2, 6, 4, 8])),
            integers(&[2, 1, 2, 2], &[1, 2, 3, 4, 5, 6, 7, 8])
        );
        assert_eq!(read(saved("<f2", false, "(1,)", &[0, 0x42])), Ok((vec![1], Numbers::Floats(vec![3.0]))));
        let other = "{\"shape\":(1,),\"descr\":\"<i1\",\"fortran_order\":False}";
        assert_eq!(read(with_header(other, &[7])), integers(&[1], &[7]));
    }

    #[test]
    fn what_is_written_is_read() {
        for shape in [&[2, 2][..], &[4], &[1, 1, 4]] {
            let tensor = Tensor { shape: shape.into(), values: vec![i64::MIN, -1, 0, i64::MAX] };
            let bytes = to_npy(&tensor);
            assert_eq!(from_npy(&bytes), integers(shape, &tensor.values));
            assert_eq!((bytes.len() - 32) % 64, 0, "the numbers are aligned");
        }
        let text = to_npy(&Tensor { shape: vec![4], values: vec![0; 4] });
        assert!(text.starts_with(
            b"\x93NUMPY\x01\x00\x76\x00{'descr': '<i8', 'fortran_order': False, 'shape': (4,), }"
        ));
    }

    #[test]
    fn what_cannot_be_read_is_said_in_a_sentence() {
        let error = |bytes: Vec<u8>| from_npy(&bytes).unwrap_err();
        let complex = error(saved("<c8", false, "(1,)", &[0; 8]));
        assert_eq!(
            complex,
            "the tensor holds '<c8'; a datapath takes integers, so save them, for instance as int32"
        );
        let records =
            error(with_header("{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}", &[0; 4]));
        assert!(records.starts_with("the tensor holds records of several fields"), "{records}");
        let short = [
            saved("<i4", false, "(2,)", &[0; 7]),
            // 2^63 + 1 times 2 is 2 in 64 bits.
            saved("|i1", false, "(9223372036854775809, 2)", &[0; 2]),
            saved("<i8", false, "(2305843009213693953,)", &[0; 8]),
            saved("|i1", false, "(99999999999999999999,)", &[0; 2]),
            saved("|i1", false, "(-1,)", &[0; 2]),
            b"\x93NUMPY".to_vec(),
            b"\x93NUMPY\x01\x00\xff\xff{}".to_vec(),
            b"text".to_vec(),
        ];
        for bytes in short {
            let error = error(bytes);
            assert!(error.starts_with("the file is truncated or is no .npy file"), "{error}");
        }
    }

    /// A header of brackets that open and never close took time that doubled with each.
    #[test]
    fn a_header_is_read_in_time_that_grows_with_its_length() {
        for opening in ["[", "(", "{", "('a', [", "{'descr': ["] {
            let header = format!("{{'descr': {}", opening.repeat(100_000));
            assert!(from_npy(&with_header(&header, &[])).is_err());
        }
    }
}

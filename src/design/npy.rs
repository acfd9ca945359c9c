//! Tensors in the files of numpy: integers in and out.

use crate::datapath::Tensor;
use npyz::{Deserialize, NpyFile, Order, WriterBuilder};

/// The integers of a file, in row-major order whichever order it has.
///
/// # Errors
/// What the file is not, in a sentence.
pub fn from_npy(bytes: &[u8]) -> Result<Tensor, String> {
    let wrong = |error: std::io::Error| format!("the file is truncated or is no .npy file ({error})");
    let file = NpyFile::new(bytes).map_err(wrong)?;
    let (dtype, order) = (file.dtype().descr(), file.order());
    let shape: Vec<usize> = file.shape().iter().map(|&length| length as usize).collect();
    fn read<T: Deserialize + Into<i64>>(file: NpyFile<&[u8]>) -> Result<Vec<i64>, ReadError<'_>> {
        let values = file.try_data::<T>().map_err(ReadError::Type)?;
        values.map(|value| value.map(Into::into)).collect::<Result<_, _>>().map_err(ReadError::Io)
    }
    let mut found = read::<i64>(file);
    for next in [read::<i32>, read::<i16>, read::<i8>, read::<u32>, read::<u16>, read::<u8>, read::<bool>] {
        found = match found {
            Err(ReadError::Type(file)) => next(file),
            settled => settled,
        };
    }
    let values = match found {
        Ok(values) => values,
        Err(ReadError::Io(error)) => return Err(wrong(error)),
        Err(ReadError::Type(_)) => {
            let integers = "a datapath takes integers of at most 32 bits, or int64";
            return Err(format!("the tensor holds {dtype}; {integers}"));
        }
    };
    let values = if order == Order::C { values } else { row_major(&shape, &values) };
    Ok(Tensor { shape, values })
}

/// Why no integers of a type came out: they are of another type, or the file ends.
enum ReadError<'a> {
    Type(NpyFile<&'a [u8]>),
    Io(std::io::Error),
}

/// `values` that stand with the first dimension running fastest, with the last one running fastest.
fn row_major(shape: &[usize], values: &[i64]) -> Vec<i64> {
    let place = |mut index: usize| {
        let mut place = 0;
        for (axis, length) in shape.iter().enumerate().rev() {
            place += (index % length) * shape[..axis].iter().product::<usize>();
            index /= length;
        }
        place
    };
    (0..values.len()).map(|index| values[place(index)]).collect()
}

/// `tensor` as a file of int64.
pub fn to_npy(tensor: &Tensor) -> Vec<u8> {
    let mut bytes = Vec::new();
    let shape: Vec<u64> = tensor.shape.iter().map(|&length| length as u64).collect();
    let options = npyz::WriteOptions::new().default_dtype().shape(&shape);
    let written = options.writer(&mut bytes).begin_nd().and_then(|mut writer| {
        writer.extend(&tensor.values)?;
        writer.finish()
    });
    written.expect("writing into memory");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `numpy.save` of numpy 2.3.5 writes for an array of this `descr`, order and shape.
    fn saved(descr: &str, fortran: bool, shape: &str, bytes: &[u8]) -> Vec<u8> {
        let order = if fortran { "True" } else { "False" };
        let mut header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
        header.extend(std::iter::repeat_n(' ', 117 - header.len()));
        header.push('\n');
        [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), bytes].concat()
    }

    #[test]
    fn every_integer_type_and_both_orders_are_read() {
        let tensor = |shape: &[usize], values: &[i64]| Tensor { shape: shape.into(), values: values.into() };
        let read = |bytes: Vec<u8>| from_npy(&bytes).unwrap();
        assert_eq!(read(saved("|i1", false, "(2, 1)", &[255, 3])), tensor(&[2, 1], &[-1, 3]));
        assert_eq!(read(saved("|u1", false, "(2,)", &[255, 3])), tensor(&[2], &[255, 3]));
        assert_eq!(read(saved("|b1", false, "(2,)", &[1, 0])), tensor(&[2], &[1, 0]));
        assert_eq!(read(saved("<i2", false, "(1,)", &[254, 255])), tensor(&[1], &[-2]));
        assert_eq!(read(saved(">u2", false, "(1,)", &[1, 2])), tensor(&[1], &[258]));
        assert_eq!(read(saved("<i4", false, "()", &[0, 1, 0, 0])), tensor(&[], &[256]));
        assert_eq!(
            read(saved("|i1", true, "(2, 3)", &[1, 4, 2, 5, 3, 6])),
            tensor(&[2, 3], &[1, 2, 3, 4, 5, 6])
        );
    }

    #[test]
    fn what_is_written_is_read() {
        let tensor = Tensor { shape: vec![2, 2], values: vec![i64::MIN, -1, 0, i64::MAX] };
        assert_eq!(from_npy(&to_npy(&tensor)).unwrap(), tensor);
    }

    #[test]
    fn what_cannot_be_read_is_said_in_a_sentence() {
        let error = from_npy(&saved("<f4", false, "(1,)", &[0; 4])).unwrap_err();
        assert_eq!(error, "the tensor holds '<f4'; a datapath takes integers of at most 32 bits, or int64");
        for bytes in [saved("<i4", false, "(2,)", &[0; 7]), b"\x93NUMPY".to_vec(), b"text".to_vec()] {
            let error = from_npy(&bytes).unwrap_err();
            assert!(error.starts_with("the file is truncated or is no .npy file"), "{error}");
        }
    }
}

//! The integers of a tensor as the beats of a stream.

use crate::datapath::Tensor;
use crate::stream::{Port, Tokens};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// The beats of `port` that carry the tensor's integers.
///
/// # Errors
/// If its shape does not end in a frame, or an integer is out of its lane's range.
pub fn tokens(port: &Port, tensor: &Tensor) -> Result<Tokens, String> {
    let (name, frame) = (&port.name, port.frame_values());
    let mut ends = (0..=tensor.shape.len()).map(|from| tensor.shape[from..].iter().product::<usize>());
    if tensor.values.is_empty() || !ends.any(|values| values == frame) {
        return Err(format!(
            "the tensor has shape {:?}, but a frame of stream `{name}` is {frame} integers; give a shape that ends \
             in them, such as [1, {frame}]",
            tensor.shape
        ));
    }
    let end = |end: &BigInt| end.to_i128().expect("a field of at most 64 bits");
    let ranges: Vec<_> = port.lane_ranges().map(|range| (end(range.lo()), end(range.hi()))).collect();
    for (place, value) in tensor.values.iter().enumerate() {
        let (frame_at, at) = (place / frame, place % frame);
        let (lo, hi) = ranges[at % ranges.len()];
        if !(lo..=hi).contains(&i128::from(*value)) {
            return Err(format!(
                "integer {at} of frame {frame_at} is {value}, but stream `{name}` takes {lo}..={hi}"
            ));
        }
    }
    Ok(Tokens::pack(port, &tensor.values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::unsigned;

    #[test]
    fn a_shape_ends_in_a_frame() {
        let port = Port::vectors("x", "x", 3, unsigned(4), 4);
        let tensor = |shape: &[usize]| Tensor {
            shape: shape.into(),
            values: (0..shape.iter().product::<usize>() as i64).collect(),
        };
        for shape in [&[2, 4][..], &[4], &[3, 2, 2]] {
            let tokens = tokens(&port, &tensor(shape)).unwrap();
            assert_eq!(tokens.unpack(&port), tensor(shape).values);
        }
        for shape in [&[4, 2][..], &[8], &[0, 4], &[]] {
            let error = tokens(&port, &tensor(shape)).unwrap_err();
            assert!(
                error.contains(&format!("has shape {shape:?}, but a frame of stream `x` is 4")),
                "{error}"
            );
        }
        let error = tokens(&port, &tensor(&[5, 4])).unwrap_err();
        assert_eq!(error, "integer 0 of frame 4 is 16, but stream `x` takes 0..=15");
    }
}

//! Real data for a datapath's streams, and whether an outsider's results equal its own.

use crate::datapath::{Datapath, StreamPort, Tensor, Tokens, Transfers};
use num_bigint::BigInt;
use serde::Serialize;

/// Integers that an outsider computed for an output.
#[derive(Clone, Debug)]
pub struct Expected {
    pub stream: String,
    pub values: Vec<i64>,
}

/// The class of each frame, which an output should name.
#[derive(Clone, Debug)]
pub struct Labels {
    pub stream: String,
    pub values: Vec<i64>,
}

/// Whether an output equals what an outsider computed, bit for bit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Agreement {
    pub equal: bool,
    pub values: usize,
    /// How many differ; and the first of them, or the numbers of integers where those differ.
    pub different: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
}

/// How many outputs are the label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Accuracy {
    pub right: usize,
    pub of: usize,
}

/// The beats of `port` that carry the tensor's integers.
///
/// # Errors
/// If its shape does not end in a frame, or an integer is out of its lane's range.
pub fn tokens(port: &StreamPort, tensor: &Tensor) -> Result<Tokens, String> {
    let (name, frame) = (&port.name, port.frame_values);
    let mut ends = (0..=tensor.shape.len()).map(|from| tensor.shape[from..].iter().product::<usize>());
    if tensor.values.is_empty() || !ends.any(|values| values == frame) {
        return Err(format!(
            "the tensor has shape {:?}, but a frame of stream `{name}` is {frame} integers; give a shape that ends \
             in them, such as [1, {frame}]",
            tensor.shape
        ));
    }
    let ranges: Vec<_> = port.lane_ranges().collect();
    for (place, value) in tensor.values.iter().enumerate() {
        let (frame_at, at) = (place / frame, place % frame);
        let range = ranges[at % ranges.len()];
        let big = BigInt::from(*value);
        if big < *range.lo() || big > *range.hi() {
            return Err(format!(
                "integer {at} of frame {frame_at} is {value}, but stream `{name}` takes {}..={}",
                range.lo(),
                range.hi()
            ));
        }
    }
    Ok(Tokens::pack(port, &tensor.values))
}

/// The integers of each output, frame behind frame.
pub fn results(datapath: &dyn Datapath, outputs: &Transfers) -> Vec<(String, Vec<i64>)> {
    let ports = datapath.ports().outputs;
    ports.iter().zip(outputs).map(|(port, tokens)| (port.name.clone(), tokens.unpack(port))).collect()
}

impl Expected {
    /// Against the integers of the same stream, `frame` of them a frame.
    pub fn compare(&self, got: &[i64], frame: usize) -> Agreement {
        let wrong = |&place: &usize| got[place] != self.values[place];
        let places = 0..got.len().min(self.values.len());
        let different = places.clone().filter(wrong).count() + got.len().abs_diff(self.values.len());
        let first = places.clone().find(wrong).map(|place| {
            let (frame_at, at) = (place / frame, place % frame);
            let (got, expected) = (got[place], self.values[place]);
            format!("integer {at} of frame {frame_at} is {got}, expected {expected}")
        });
        let counts = || format!("there are {} integers, expected {}", got.len(), self.values.len());
        let first = first.or_else(|| (different > 0).then(counts));
        Agreement { equal: different == 0, values: self.values.len(), different, first }
    }
}

impl Labels {
    pub fn accuracy(&self, got: &[i64]) -> Accuracy {
        let right = got.iter().zip(&self.values).filter(|(got, label)| got == label).count();
        Accuracy { right, of: self.values.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::unsigned;

    #[test]
    fn a_shape_ends_in_a_frame() {
        let port = StreamPort::frames("x", "x", 3, unsigned(4), 4);
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

    #[test]
    fn the_first_difference_is_named() {
        let expected = Expected { stream: "y".into(), values: vec![1, 2, 3, 4] };
        assert!(expected.compare(&[1, 2, 3, 4], 2).equal);
        let agreement = expected.compare(&[1, 2, 3, 5], 2);
        assert_eq!(agreement.first.unwrap(), "integer 1 of frame 1 is 5, expected 4");
        let agreement = expected.compare(&[1, 2], 2);
        assert_eq!(
            (agreement.different, agreement.first.unwrap().as_str()),
            (2, "there are 2 integers, expected 4")
        );
        let labels = Labels { stream: "y".into(), values: vec![1, 2, 3] };
        assert_eq!(labels.accuracy(&[1, 0, 3]), Accuracy { right: 2, of: 3 });
    }
}

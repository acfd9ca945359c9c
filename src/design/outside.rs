//! Results that somebody else computed, and whether the datapath's equal them.

use crate::datapath::Datapath;
use crate::stream::Transfers;
use serde::Serialize;
use std::ops::Range;

/// Integers that a reference computed for an output.
#[derive(Clone, Debug)]
pub struct Expected {
    pub stream: String,
    pub values: Vec<i64>,
    /// The frames that they are, of all; none where they are all of them.
    pub frames: Option<Range<usize>>,
}

/// The class of each frame, which an output should name.
#[derive(Clone, Debug)]
pub struct Labels {
    pub stream: String,
    pub values: Vec<i64>,
    /// Height and width of the picture that each frame of the input is.
    pub picture: Option<[usize; 2]>,
    /// The output with a score for each class.
    pub scores: Option<String>,
}

/// Whether an output equals what a reference computed, bit for bit.
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

/// The integers of each output, frame behind frame.
pub fn results(datapath: &dyn Datapath, outputs: &Transfers) -> Vec<(String, Vec<i64>)> {
    let ports = datapath.ports().outputs;
    ports.iter().zip(outputs).map(|(port, tokens)| (port.name.clone(), tokens.unpack(port))).collect()
}

impl Expected {
    /// Against the integers of the same stream, `frame` of them a frame.
    pub fn compare(&self, got: &[i64], frame: usize) -> Agreement {
        let first_frame = self.frames.as_ref().map_or(0, |frames| frames.start);
        let held =
            self.frames.as_ref().map_or(0..got.len(), |frames| frames.start * frame..frames.end * frame);
        let got = &got[held.start.min(got.len())..held.end.min(got.len())];
        let wrong = |&place: &usize| got[place] != self.values[place];
        let places = 0..got.len().min(self.values.len());
        let different = places.clone().filter(wrong).count() + got.len().abs_diff(self.values.len());
        let first = places.clone().find(wrong).map(|place| {
            let (frame_at, at) = (place / frame, place % frame);
            let (got, expected) = (got[place], self.values[place]);
            let frame_at = first_frame + frame_at;
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

    #[test]
    fn the_first_difference_is_named() {
        let mut expected = Expected { stream: "y".into(), values: vec![1, 2, 3, 4], frames: None };
        assert!(expected.compare(&[1, 2, 3, 4], 2).equal);
        let agreement = expected.compare(&[1, 2, 3, 5], 2);
        assert_eq!(agreement.first.unwrap(), "integer 1 of frame 1 is 5, expected 4");
        let agreement = expected.compare(&[1, 2], 2);
        assert_eq!(
            (agreement.different, agreement.first.unwrap().as_str()),
            (2, "there are 2 integers, expected 4")
        );
        expected.frames = Some(1..3);
        assert!(expected.compare(&[9, 9, 1, 2, 3, 4, 9, 9], 2).equal);
        let agreement = expected.compare(&[1, 2, 3, 4, 3, 4], 2);
        assert_eq!(agreement.first.unwrap(), "integer 0 of frame 1 is 3, expected 1");
        assert!(!expected.compare(&[9, 9, 1, 2, 3], 2).equal);
        let labels = Labels { stream: "y".into(), values: vec![1, 2, 3], picture: None, scores: None };
        assert_eq!(labels.accuracy(&[1, 0, 3]), Accuracy { right: 2, of: 3 });
    }
}

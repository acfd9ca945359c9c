//! Results that somebody else computed, and whether the datapath's equal them.

use crate::datapath::Tensor;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accuracy {
    pub right: usize,
    pub of: usize,
    /// Of maps, for each class but 0 how well its positions cover those that are labelled so: `2 |A and B| / (|A| + |B|)`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub dice: BTreeMap<i64, f64>,
}

impl fmt::Display for Accuracy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { right, of, dice } = self;
        write!(f, "{right} of {of} ({:.1} %)", 100.0 * *right as f64 / (*of).max(1) as f64)?;
        dice.iter().try_for_each(|(class, dice)| write!(f, ", Dice of class {class} {dice:.4}"))
    }
}

impl Expected {
    /// Against the integers of the same stream.
    pub fn compare(&self, Tensor { shape, values: got }: &Tensor) -> Agreement {
        let frame = got.len() / if shape.len() > 1 { shape[0].max(1) } else { 1 };
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
    /// Of the classes `got`, a frame or a map of them each.
    pub fn accuracy(&self, Tensor { shape, values: got }: &Tensor) -> Accuracy {
        Accuracy::of(got, &self.values, got.len() > shape[0])
    }
}

impl Accuracy {
    /// Of the classes `got`, of frames or of the positions of maps.
    pub fn of(got: &[i64], labels: &[i64], of_maps: bool) -> Self {
        let right = got.iter().zip(labels).filter(|(got, label)| got == label).count();
        let dice = if of_maps { dice(got, labels) } else { BTreeMap::new() };
        Self { right, of: labels.len(), dice }
    }
}

fn dice(got: &[i64], labels: &[i64]) -> BTreeMap<i64, f64> {
    let mut counts: BTreeMap<i64, (usize, usize)> = BTreeMap::new();
    for (&got, &label) in got.iter().zip(labels) {
        counts.entry(label).or_default().1 += 1;
        let (both, either) = counts.entry(got).or_default();
        *either += 1;
        *both += usize::from(got == label);
    }
    let dice = |(class, (both, either))| (class, 2.0 * both as f64 / either as f64);
    counts.into_iter().filter(|(class, _)| *class != 0).map(dice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of two integers.
    fn frames(values: &[i64]) -> Tensor {
        Tensor { shape: vec![values.len() / 2, 2], values: values.into() }
    }

    #[test]
    fn the_first_difference_is_named() {
        let mut expected = Expected { stream: "y".into(), values: vec![1, 2, 3, 4], frames: None };
        assert!(expected.compare(&frames(&[1, 2, 3, 4])).equal);
        let agreement = expected.compare(&frames(&[1, 2, 3, 5]));
        assert_eq!(agreement.first.unwrap(), "integer 1 of frame 1 is 5, expected 4");
        let agreement = expected.compare(&frames(&[1, 2]));
        assert_eq!(
            (agreement.different, agreement.first.unwrap().as_str()),
            (2, "there are 2 integers, expected 4")
        );
        expected.frames = Some(1..3);
        assert!(expected.compare(&frames(&[9, 9, 1, 2, 3, 4, 9, 9])).equal);
        let agreement = expected.compare(&frames(&[1, 2, 3, 4, 3, 4]));
        assert_eq!(agreement.first.unwrap(), "integer 0 of frame 1 is 3, expected 1");
        assert!(!expected.compare(&frames(&[9, 9, 1, 2, 3])).equal);
        let labels = Labels { stream: "y".into(), values: vec![1, 2, 3], picture: None, scores: None };
        let classes = |values: &[i64], frames| Tensor {
            shape: vec![frames, values.len() / frames],
            values: values.into(),
        };
        let accuracy = labels.accuracy(&classes(&[1, 0, 3], 3));
        assert_eq!(accuracy, Accuracy { right: 2, of: 3, dice: BTreeMap::new() });
        let labels = Labels { values: vec![0, 1, 1, 2, 0, 2], ..labels };
        let accuracy = labels.accuracy(&classes(&[0, 1, 2, 2, 1, 2], 1));
        assert_eq!(accuracy, Accuracy { right: 4, of: 6, dice: BTreeMap::from([(1, 0.5), (2, 0.8)]) });
    }
}

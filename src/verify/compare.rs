//! Equality of what came out and what must come out: never a tolerance.

use crate::stream::{Port, Tokens};
use serde::Serialize;
use std::fmt;

/// The first integer of a stream that is not the expected one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mismatch {
    pub stream: String,
    pub frame: usize,
    /// The beat in its frame.
    pub beat: usize,
    /// The lane in its field.
    pub lane: usize,
    /// `last` where the frame's end is wrong.
    pub field: String,
    pub got: i64,
    pub expected: i64,
    /// The beat in its stream.
    #[serde(skip)]
    pub index: usize,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stream, frame, beat, lane, field, got, expected, .. } = self;
        write!(f, "stream {stream}, frame {frame}, beat {beat}, ")?;
        if field != LAST {
            write!(f, "lane {lane} of ")?;
        }
        write!(f, "{field}: got {got}, expected {expected}")
    }
}

const LAST: &str = "last";

/// Where beat `index` of a stream stands: its frame, and the beat in it. Frames are those of `expected`.
pub fn place(port: &Port, expected: &Tokens, index: usize) -> (usize, usize) {
    if !port.is_framed() || expected.last.is_empty() {
        return (index / port.frame_beats().max(1), index % port.frame_beats().max(1));
    }
    let before = &expected.last[..index.min(expected.last.len())];
    let frame = before.iter().filter(|&&last| last).count();
    let start = before.iter().rposition(|&last| last).map_or(0, |end| end + 1);
    (frame, index - start)
}

/// The first mismatch among the beats that both have, and how many integers differ.
pub fn compare(port: &Port, got: &Tokens, expected: &Tokens) -> Option<(Mismatch, usize)> {
    let beats = got.beats().min(expected.beats());
    let wrong = |index: usize| {
        let lanes = got.beat(index).iter().zip(expected.beat(index));
        lanes.filter(|(got, expected)| got != expected).count()
            + usize::from(last_differs(got, expected, index))
    };
    let index = (0..beats).find(|&index| wrong(index) > 0)?;
    let count = (index..beats).map(wrong).sum();
    Some((mismatch(port, got, expected, index), count))
}

fn last_differs(got: &Tokens, expected: &Tokens, index: usize) -> bool {
    got.last.get(index) != expected.last.get(index)
}

fn mismatch(port: &Port, got: &Tokens, expected: &Tokens, index: usize) -> Mismatch {
    let (frame, beat) = place(port, expected, index);
    let pairs = got.beat(index).iter().zip(expected.beat(index));
    let (lane, field, got, expected) = match pairs.clone().position(|(got, expected)| got != expected) {
        Some(at) => {
            let (field, lane) = field_of(port, at);
            (lane, field, got.beat(index)[at], expected.beat(index)[at])
        }
        None => {
            let last = |tokens: &Tokens| tokens.last.get(index).copied().unwrap_or(false).into();
            (0, LAST.to_string(), last(got), last(expected))
        }
    };
    Mismatch { stream: port.name.clone(), frame, beat, lane, field, got, expected, index }
}

/// The field that the integer `at` of a beat belongs to, and its lane there.
fn field_of(port: &Port, mut at: usize) -> (String, usize) {
    for field in &port.fields {
        if at < field.lanes {
            return (field.name.clone(), at);
        }
        at -= field.lanes;
    }
    unreachable!("a beat of {} has {} integers", port.name, port.lanes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::signed;
    use crate::stream::{Field, Frame};

    fn port() -> Port {
        let field = |name: &str, lanes| Field { name: name.into(), lanes, range: signed(8) };
        Port { name: "y".into(), fields: vec![field("a", 2), field("b", 1)], frame: Frame::steps(2, 3) }
    }

    fn tokens(values: &[i64], last: &[bool]) -> Tokens {
        Tokens { lanes: 3, values: values.into(), last: last.into() }
    }

    #[test]
    fn the_first_wrong_integer_is_named() {
        let expected = tokens(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], &[false, true, false, true]);
        let mut got = expected.clone();
        assert_eq!(compare(&port(), &got, &expected), None);
        got.values[8] = -9;
        got.values[10] = 0;
        let (mismatch, wrong) = compare(&port(), &got, &expected).unwrap();
        assert_eq!(mismatch.to_string(), "stream y, frame 1, beat 0, lane 0 of b: got -9, expected 9");
        assert_eq!(wrong, 2);
    }

    #[test]
    fn a_lost_last_is_named() {
        let expected = tokens(&[0; 6], &[false, true]);
        let got = tokens(&[0; 6], &[false, false]);
        let (mismatch, _) = compare(&port(), &got, &expected).unwrap();
        assert_eq!(mismatch.to_string(), "stream y, frame 0, beat 1, last: got 0, expected 1");
    }
}

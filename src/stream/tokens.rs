//! The integers that pass through streams, whatever the time between.

use super::port::Port;
use serde::Serialize;

/// All that passes through one stream, in order, whatever the time between.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tokens {
    /// Integers in one beat.
    pub lanes: usize,
    /// `lanes` integers a beat; within a beat the fields one after the other, each from lane 0 up.
    pub values: Vec<i64>,
    /// For each beat whether it is its frame's last; empty where the stream is not framed.
    pub last: Vec<bool>,
}

impl Tokens {
    pub fn beats(&self) -> usize {
        self.values.len() / self.lanes.max(1)
    }

    pub fn beat(&self, index: usize) -> &[i64] {
        &self.values[index * self.lanes..(index + 1) * self.lanes]
    }

    /// Adds the tokens of `other`, of the same stream, after these.
    pub fn append(&mut self, other: &Tokens) {
        self.lanes = other.lanes;
        self.values.extend_from_slice(&other.values);
        self.last.extend_from_slice(&other.last);
    }
}

impl Tokens {
    /// The tokens of `port` that carry `values`, a whole number of frames of the full length; further lanes are 0.
    pub fn pack(port: &Port, values: &[i64]) -> Self {
        let mut tokens = Self { lanes: port.lanes(), ..Self::default() };
        for frame in values.chunks(port.frame_values()) {
            tokens.push_frame(port, frame);
        }
        tokens
    }

    /// Adds a frame that carries `values`, padded with zeros to the full length, or to whole beats where frames vary.
    pub fn push_frame(&mut self, port: &Port, values: &[i64]) {
        let lanes = port.lanes();
        let beats = if port.is_varying() { values.len().div_ceil(lanes).max(1) } else { port.frame_beats() };
        let mut padded = values.to_vec();
        padded.resize(beats * lanes, 0);
        self.push_beats(port, &padded);
    }

    /// Adds a frame of whole beats.
    pub fn push_beats(&mut self, port: &Port, values: &[i64]) {
        self.lanes = port.lanes();
        self.values.extend_from_slice(values);
        if port.is_framed() {
            let beats = values.len() / self.lanes;
            self.last.extend((1..=beats).map(|beat| beat == beats));
        }
    }

    /// The beats of each frame one after the other, whatever they mean; a frame that does not end is left out.
    pub fn frames(&self, port: &Port) -> impl Iterator<Item = &[i64]> {
        let ends: Vec<usize> = if port.is_framed() {
            (1..).zip(&self.last).filter(|(_, last)| **last).map(|(end, _)| end).collect()
        } else {
            (1..=self.beats() / port.frame_beats()).map(|frame| frame * port.frame_beats()).collect()
        };
        let starts = std::iter::once(0).chain(ends.clone());
        starts.zip(ends).map(|(start, end)| &self.values[start * self.lanes..end * self.lanes])
    }

    /// The first `count` frames.
    pub fn first_frames(&self, port: &Port, count: usize) -> Self {
        self.some_frames(port, 0..count)
    }

    /// The frames of these numbers, as far as there are so many.
    pub fn some_frames(&self, port: &Port, frames: std::ops::Range<usize>) -> Self {
        let mut lengths = self.frames(port).map(<[i64]>::len);
        let start: usize = lengths.by_ref().take(frames.start).sum();
        let end = start + lengths.take(frames.len()).sum::<usize>();
        let lanes = self.lanes.max(1);
        let beats = if port.is_framed() { start / lanes..end / lanes } else { 0..0 };
        Self { lanes: self.lanes, values: self.values[start..end].to_vec(), last: self.last[beats].to_vec() }
    }

    /// The integers of each frame that mean something, frame after frame: the inverse of [`Tokens::pack`]. Where frames
    /// vary, all lanes of all beats.
    pub fn unpack(&self, port: &Port) -> Vec<i64> {
        if port.is_varying() {
            return self.values.clone();
        }
        let frames = self.values.chunks(port.frame_beats() * self.lanes.max(1));
        frames.flat_map(|frame| &frame[..port.frame_values().min(frame.len())]).copied().collect()
    }
}

/// The tokens of several streams, in the order of the [`Ports`] that they belong to.
pub type Transfers = Vec<Tokens>;

//! Feature maps, as datapaths on them take and give them: positions of channels, some channels or several positions a beat.

use super::accumulators::Accumulators;
use super::config::Problems;
use crate::hdl::Range;
use crate::stream::{Frame, Port};

/// Frames of one size: positions along up to three axes, or one position where there is none, of `channels` integers, of which
/// `lanes` come a beat: a part of a position, or a *strip* of positions next to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Map {
    /// The outermost axis first.
    pub lengths: Vec<usize>,
    pub channels: usize,
    pub lanes: usize,
}

const MOST: usize = 1 << 16;

impl Map {
    /// The map of keys `size`, `channels` and `lanes`, and what cannot be of it.
    pub fn check(size: &[usize], channels: usize, lanes: usize, problems: &mut Problems) -> Self {
        let map = Self::check_positions(size, channels, lanes, problems);
        check_lanes(channels, lanes, problems);
        map
    }

    /// The same where a beat may also be a strip: whole positions, which divide the innermost axis.
    pub fn check_strips(size: &[usize], channels: usize, lanes: usize, problems: &mut Problems) -> Self {
        let map = Self::check_positions(size, channels, lanes, problems);
        let width = size.last().copied().unwrap_or(1);
        let strips = lanes > channels && channels > 0 && lanes.is_multiple_of(channels);
        if strips && width.is_multiple_of(lanes / channels) {
            return map;
        }
        if lanes > channels && width > 1 && problems.is_empty() {
            let most = lanes.checked_div(channels).unwrap_or(1).min(width);
            let strip = (1..=most).rev().find(|strip| width.is_multiple_of(*strip)).unwrap_or(1);
            let why = format!("a beat holds whole positions, and as many as divide the {width} of a line");
            problems.require(false, "lanes", lanes, &why, format!("write {}", strip * channels));
        } else {
            check_lanes(channels, lanes, problems);
        }
        map
    }

    fn check_positions(size: &[usize], channels: usize, lanes: usize, problems: &mut Problems) -> Self {
        check_size(size, problems);
        let why = "a position has 1 to 65536 channels";
        problems.require((1..=MOST).contains(&channels), "channels", channels, why, "write 1 to 65536");
        Self { lengths: size.to_vec(), channels, lanes }
    }

    /// Notes where an axis would be too long with `factors` times its positions; whether none is noted.
    pub fn check_longer(&self, factors: &[usize], field: &str, problems: &mut Problems) -> bool {
        let longer = |(length, factor): (&usize, &usize)| length.checked_mul(*factor).unwrap_or(usize::MAX);
        let why = "each axis has 1 to 65536 positions that leave";
        let fits = self.lengths.iter().zip(factors).map(longer).all(|length| (1..=MOST).contains(&length));
        problems.require(fits, field, format!("{factors:?}"), why, "write 1 or more, but less than that");
        fits && problems.is_empty()
    }

    /// Beats of a position; 1 where a beat is a strip.
    pub fn beats(&self) -> usize {
        (self.channels / self.lanes).max(1)
    }

    /// Positions of a beat; 1 where it is a part of one.
    pub fn strip(&self) -> usize {
        (self.lanes / self.channels).max(1)
    }

    /// The same integers as a map of strips: each is a position of its own, and has the channels of all of its positions.
    pub fn of_strips(&self) -> Self {
        let strip = self.strip();
        let mut lengths = self.lengths.clone();
        if let Some(width) = lengths.last_mut() {
            *width /= strip;
        }
        Self { lengths, channels: self.channels * strip, lanes: self.lanes }
    }

    pub fn frame(&self) -> Frame {
        Frame::of(&self.lengths).with_channels(self.channels)
    }

    /// Such a map of accumulators, a beat of it in each clock cycle.
    pub fn accumulators(&self, range: Range) -> Accumulators {
        Accumulators { range, frame: self.frame(), lanes: self.lanes, cycles: 1 }
    }

    /// A stream of such maps, whose field is called as it is.
    pub fn port(&self, name: &str, range: Range) -> Port {
        Port::new(name, name, self.lanes, range, self.frame())
    }
}

/// Notes what cannot be of the lengths of the axes.
pub(super) fn check_size(size: &[usize], problems: &mut Problems) {
    let shown = format!("{size:?}");
    let help = "write [width], [height, width] or [depth, height, width]";
    problems.require(size.len() <= 3, "size", &shown, "a map has at most 3 axes", help);
    let lengths = size.iter().all(|length| (1..=MOST).contains(length));
    problems.require(
        lengths,
        "size",
        &shown,
        "an axis has 1 to 65536 positions",
        "write 1 to 65536 for each",
    );
}

/// Notes where `lanes` channels a beat are no whole part of a position.
pub(super) fn check_lanes(channels: usize, lanes: usize, problems: &mut Problems) {
    if !(1..=MOST).contains(&channels) || (1..=channels).contains(&lanes) && channels.is_multiple_of(lanes) {
        return;
    }
    let divides = |count: &usize| channels.is_multiple_of(*count);
    let below = (1..=lanes.min(channels)).rev().find(divides).unwrap_or(1);
    let above = (below + 1..=channels).find(divides);
    let help = above.map_or(format!("write {below}"), |above| format!("write {below} or {above}"));
    let why = format!("lanes divide the {channels} channels of a position");
    problems.require(false, "lanes", lanes, &why, help);
}

/// All positions along axes of these lengths, in raster order.
pub(super) fn positions(lengths: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let all = lengths.iter().product();
    (0..all).map(|position| {
        let mut rest = position;
        let mut at: Vec<usize> =
            lengths.iter().rev().map(|length| (rest % length, rest /= length).0).collect();
        at.reverse();
        at
    })
}

/// The number of a position in raster order.
pub(super) fn numbered(at: &[usize], lengths: &[usize]) -> usize {
    at.iter().zip(lengths).fold(0, |outer, (at, length)| outer * length + at)
}

//! In which order taps and channels are the columns of the array: windows come a few channels a beat, and the array takes of each beat
//! as many columns as it multiplies at once.

use crate::datapath::LaneStream;
use crate::hdl::{Range, Signal, Stream};
use crate::stream::timeline::{Channel, Framed, Repeat, Timeline};

/// A window's beats as columns. A part of a beat is what one group has of it: all taps of its channels, the channels of a tap next to
/// each other. It is cut into beats of the array, and the last of these filled up with zeros.
#[derive(Clone, Copy, Debug)]
pub struct Unfolding {
    pub taps: usize,
    /// Channels of a group.
    pub channels: usize,
    /// Channels of a beat: a whole part of a group, or whole groups.
    pub lanes: usize,
    /// Columns of a beat of the array.
    pub columns: usize,
}

impl Unfolding {
    /// Channels of a part.
    fn part_channels(&self) -> usize {
        self.lanes.min(self.channels)
    }

    /// Parts of a beat.
    pub fn parts(&self) -> usize {
        self.lanes / self.part_channels()
    }

    /// Columns of a part.
    pub fn part_columns(&self) -> usize {
        self.taps * self.part_channels()
    }

    /// Beats of the array for each part.
    fn cuts(&self) -> usize {
        self.part_columns().div_ceil(self.columns)
    }

    /// Beats of the array for each of the window.
    pub fn beats(&self) -> usize {
        self.parts() * self.cuts()
    }

    /// Beats of a group at a position.
    pub fn vector_beats(&self) -> usize {
        self.channels / self.part_channels() * self.cuts()
    }

    /// For each beat of the array that a beat of a window becomes its columns: tap and lane; none where there is nothing.
    pub fn cut(&self) -> Vec<Vec<Option<(usize, usize)>>> {
        let channels = self.part_channels();
        let columns = |part: usize, cut: usize| -> Vec<Option<(usize, usize)>> {
            let all = cut * self.columns..(cut + 1) * self.columns;
            let column = |index: usize| (index / channels, part * channels + index % channels);
            all.map(|index| (index < self.part_columns()).then(|| column(index))).collect()
        };
        (0..self.parts()).flat_map(|part| (0..self.cuts()).map(move |cut| columns(part, cut))).collect()
    }

    /// For each column of a group's matrix, which are those of the beats of a vector one after the other, its place among the weights
    /// of a filter in the order `[channel, tap]`; none where there is none.
    pub fn columns(&self) -> Vec<Option<usize>> {
        let channels = self.part_channels();
        let of_part = |part: usize| {
            let columns = 0..self.cuts() * self.columns;
            columns.map(move |index| {
                let (tap, channel) = (index / channels, part * channels + index % channels);
                (index < self.part_columns()).then_some(channel * self.taps + tap)
            })
        };
        (0..self.channels / channels).flat_map(of_part).collect()
    }

    /// The columns of windows of integers in `range`, a vector a frame.
    pub fn columns_of<'m>(&self, windows: Stream<'m, Vec<Vec<Signal<'m>>>>, range: &Range) -> LaneStream<'m> {
        let m = windows.module();
        let beats = windows.map(|taps: Vec<Vec<Signal<'m>>>| {
            // All as wide as the input: what chooses between activations looks at their bits.
            let wide = |x: Signal<'m>| x.to_bits_of(range).int(range.clone());
            let nothing = m.bits(range.width(), 0).int(range.clone());
            let column =
                |place: Option<(usize, usize)>| place.map_or(nothing, |(tap, lane)| wide(taps[tap][lane]));
            let beat = |places: Vec<Option<(usize, usize)>>| places.into_iter().map(column).collect();
            self.cut().into_iter().map(beat).collect::<Vec<Vec<Signal<'m>>>>()
        });
        beats.flatten(self.beats()).framed(self.vector_beats())
    }

    /// The same as a timed run.
    pub fn timed(&self, t: &mut Timeline, windows: Channel) -> Channel {
        let columns = t.through(windows, 0, Framed::new(usize::MAX));
        let columns = t.through(columns, 0, Repeat::new(self.beats(), self.beats()));
        t.through(columns, 0, Framed::new(self.vector_beats()))
    }
}

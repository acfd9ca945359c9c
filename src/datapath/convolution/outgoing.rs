//! From the array's rows to the map that leaves: fewer channels a beat where that is asked for, and requantized.

use crate::datapath::LaneStream;
use crate::datapath::requantize::Requantize;
use crate::hdl::{Range, Signal};
use crate::stream::timeline::{Channel, Delay, Framed, Repeat, Timeline};

/// Rows of sums as the channels of a map.
pub struct Outgoing {
    /// Rows of the array's beats.
    pub rows: usize,
    /// Channels of a beat that leaves, a divisor of the rows.
    pub lanes: usize,
    /// Beats of a frame that leave.
    pub beats: usize,
    /// Whether the array sums up the next rows while these leave.
    pub sums_on: bool,
    pub requantize: Option<Requantize>,
}

impl Outgoing {
    fn cuts(&self) -> usize {
        self.rows / self.lanes
    }

    /// The range of what leaves, where the sums are in `sums`.
    pub fn range(&self, sums: Range) -> Range {
        self.requantize.as_ref().map_or(sums, |requantize| requantize.output().range())
    }

    pub fn build<'m>(&self, rows: LaneStream<'m>) -> LaneStream<'m> {
        let rows = if self.cuts() == 1 { rows } else { self.cut(rows) };
        let rows = rows.framed(self.beats).named("y");
        match &self.requantize {
            Some(requantize) => requantize.part(rows),
            None => rows,
        }
    }

    /// Beats of fewer channels.
    fn cut<'m>(&self, rows: LaneStream<'m>) -> LaneStream<'m> {
        let (lanes, doc) = (self.lanes, format!("beats of {} rows as beats of {}", self.rows, self.lanes));
        rows.module().part("channels", doc, |part| {
            let rows = part.input_stream("rows", rows.unframed());
            let rows = if self.sums_on { rows.stage() } else { rows };
            let cut = |rows: Vec<Signal<'m>>| rows.chunks(lanes).map(<[_]>::to_vec).collect::<Vec<_>>();
            part.output_stream("cut", rows.map(cut).flatten(self.cuts()))
        })
    }

    /// The same as a timed run.
    pub fn timed(&self, t: &mut Timeline, rows: Channel) -> Channel {
        let rows = match self.cuts() {
            1 => rows,
            cuts => t.part("channels", |t| {
                let rows = t.crossing(rows, "rows");
                let rows = t.through(rows, 0, Framed::new(usize::MAX));
                let rows = if self.sums_on { t.through(rows, 1, Delay::default()) } else { rows };
                let cut = t.through(rows, 0, Repeat::new(cuts, cuts));
                t.crossing(cut, "cut")
            }),
        };
        let rows = t.through(rows, 0, Framed::new(self.beats));
        match &self.requantize {
            None => rows,
            Some(_) => t.part("requantize", |t| {
                let acc = t.crossing(rows, "acc");
                t.crossing(acc, "y")
            }),
        }
    }
}

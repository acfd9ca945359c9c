//! From the array's rows to the map that leaves: fewer channels a beat where that is asked for, or what an activation makes of them.

use crate::datapath::LaneStream;
use crate::datapath::activation::Activation;
use crate::datapath::map::Map;
use crate::hdl::{Range, Signal};
use crate::stream::timeline::{Channel, Delay, Framed, Repeat, Timeline};

/// Rows of sums as the channels of a map.
pub struct Outgoing {
    /// Rows of the array's beats: those of a position, a part of them, or those of several positions.
    pub rows: usize,
    /// Sums of a row, next to each other.
    pub sums: usize,
    /// The map that leaves; its lanes divide the rows of a beat, and are a part of a position or a strip of them.
    pub y: Map,
    /// Whether the array sums up the next rows while these leave.
    pub sums_on: bool,
    pub activation: Option<Activation>,
}

impl Outgoing {
    /// Rows of a beat after the cut: an activation cuts itself what is summed up of a position.
    fn at_once(&self) -> usize {
        if self.activation.is_some() && self.sums_on { self.rows.min(self.y.channels) } else { self.y.lanes }
    }

    /// Beats that one of rows becomes.
    fn cuts(&self) -> usize {
        self.rows / self.at_once()
    }

    /// Beats of a frame before the activation.
    fn beats(&self) -> usize {
        self.y.lengths.iter().product::<usize>() * self.y.channels / self.at_once()
    }

    /// The range of what leaves, where the sums are in `sums`.
    pub fn range(&self, sums: Range) -> Range {
        self.activation.as_ref().map_or(sums, Activation::output)
    }

    pub fn build<'m>(&self, rows: LaneStream<'m>) -> LaneStream<'m> {
        let rows = if self.cuts() == 1 { rows } else { self.cut(rows) };
        let rows = rows.framed(self.beats()).named("y");
        self.activation.iter().fold(rows, |rows, activation| activation.after(rows))
    }

    /// Beats of fewer channels.
    fn cut<'m>(&self, rows: LaneStream<'m>) -> LaneStream<'m> {
        let lanes = self.at_once();
        let doc = format!("beats of {} rows as beats of {lanes}", self.rows);
        rows.module().part("channels", doc, |part| {
            let rows = part.input_stream("rows", rows.unframed());
            let rows = if self.sums_on { rows.stage() } else { rows };
            let cut =
                |rows: Vec<Signal<'m>>| rows.chunks(lanes * self.sums).map(<[_]>::to_vec).collect::<Vec<_>>();
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
        let rows = t.through(rows, 0, Framed::new(self.beats()));
        self.activation.iter().fold(rows, |rows, activation| activation.timed(t, rows))
    }
}

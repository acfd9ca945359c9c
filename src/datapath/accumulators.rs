//! Accumulators on their way to an activation.

use super::config::{IntType, Problems};
use crate::hdl::Range;
use crate::stream::{Frame, Port};

/// How accumulators come: a row for each channel of each position, in frames.
#[derive(Clone, Debug)]
pub struct Accumulators {
    pub range: Range,
    /// Its channels are the rows.
    pub frame: Frame,
    /// Rows a beat: a part of a position's, or all rows of several positions.
    pub lanes: usize,
    /// Clock cycles from a beat to the next, at least.
    pub cycles: usize,
}

impl Accumulators {
    /// Those of a stream of `rows` a position, `lanes` a beat: of vectors, or of lines, pictures or volumes of `size`. Problems are noted.
    pub fn of_stream(
        (rows, lanes): (usize, usize),
        size: Option<&[usize]>,
        input: IntType,
        problems: &mut Problems,
    ) -> Self {
        for (field, value, of) in [("rows", rows, "a position"), ("lanes", lanes, "a beat")] {
            let (most, why) = (1 << 16, format!("{of} has 1 to 65536 accumulators"));
            problems.require((1..=most).contains(&value), field, value, &why, "write 1 to 65536");
        }
        let [rows, lanes] = [rows, lanes].map(|count| count.clamp(1, 1 << 16));
        let why = format!("a beat has at most the {rows} accumulators of a position");
        problems.require(lanes <= rows, "lanes", lanes, &why, format!("write 1 to {rows}"));
        let mut frame = Frame::vector(rows);
        if let Some(size) = size {
            let sound =
                (1..=3).contains(&size.len()) && size.iter().all(|length| (1..=1 << 16).contains(length));
            let why = "a size is the lengths of a line, a picture or a volume, each 1 to 65536";
            problems.require(
                sound,
                "size",
                format!("{size:?}"),
                why,
                "write [height, width], or leave it out for vectors",
            );
            let whole = rows.is_multiple_of(lanes);
            let why =
                format!("a beat would hold channels of two positions, as {rows} are no multiple of {lanes}");
            let divisor = (1..=lanes.min(rows)).rev().find(|lanes| rows.is_multiple_of(*lanes)).unwrap_or(1);
            problems.require(whole, "lanes", lanes, &why, format!("write {divisor}"));
            if sound {
                frame = Frame::of(size).with_channels(rows);
            }
        }
        Self { range: input.range(), frame, lanes, cycles: 1 }
    }

    pub fn rows(&self) -> usize {
        self.frame.channels()
    }

    /// Beats of a position; 1 where a beat holds several.
    pub fn beats(&self) -> usize {
        self.rows().div_ceil(self.lanes)
    }

    /// Lanes of a position's last beat that are no row.
    pub fn idle_lanes(&self) -> usize {
        (self.beats() * self.lanes - self.rows()) % self.rows()
    }

    /// The row of a lane in a beat of a position, of so many `rows`, `lanes` a beat; none where the lane is no row. Where a beat holds several
    /// positions each has all rows.
    pub fn row(rows: usize, lanes: usize, beat: usize, lane: usize) -> Option<usize> {
        let row = beat * lanes + lane;
        if lanes > rows { Some(row % rows) } else { Some(row).filter(|row| *row < rows) }
    }

    /// A stream of so many lanes in these frames.
    pub fn port(&self, name: &str, range: Range) -> Port {
        Port::new(name, name, self.lanes, range, self.frame.clone())
    }
}

//! Pixels marked with the ends of their rows.

use super::Raster;
use crate::hdl::{Range, Signal, Stream, unsigned};

/// The rows of the pictures that pass.
pub enum Lines<'m> {
    /// All pictures are of this width and height.
    Fixed { width: usize, height: usize },
    /// Each has the width of one beat of the stream, from 1 to `widest`; `last` of the pixels ends it.
    PerFrame { width: Stream<'m, Signal<'m>>, widest: usize },
}

/// `pixels` with the end of each row, and `last` with the last pixel of each picture. Of pictures with a width of their
/// own that width is held until the last pixel has passed.
#[track_caller]
pub fn raster<'m>(pixels: Stream<'m, Vec<Signal<'m>>>, lines: Lines<'m>) -> Raster<'m> {
    let m = pixels.module();
    let payload = pixels.payload().clone();
    match lines {
        Lines::Fixed { width, height } => {
            let valid = pixels.valid();
            let (columns, rows) = (Range::new(0, width - 1), Range::new(0, height - 1));
            let (column, row) = (m.register(columns, 0).named("column"), m.register(rows, 0).named("row"));
            let row_end = column.get().eq(width as i64 - 1).named("row_end");
            let bottom = row.get().eq(height as i64 - 1);
            let last = (row_end & bottom).named("picture_end");
            let (stream, ready) = Stream::offer("raster", valid, Some(last), (payload, row_end));
            let taken = pixels.unframed().take(ready);
            column.set_when(taken.passes, column.get().counted(row_end));
            row.set_when(taken.passes & row_end, row.get().counted(bottom));
            stream
        }
        Lines::PerFrame { width, widest } => {
            let valid = (pixels.valid() & width.valid()).named("raster_valid");
            let there = pixels.valid();
            let known = width.valid();
            // Counted down, so that only 1 is subtracted from the width.
            let left = m.register(unsigned(Range::new(0, widest).width()), 0).named("columns_left");
            let start = m.register(Range::condition(), 1).named("row_start");
            let now = start.get().mux(*width.payload(), left.get()).named("columns_now");
            let row_end = now.eq(1).named("row_end");
            let last = pixels.last().expect("pictures of any size are framed");
            let (stream, ready) = Stream::offer("raster", valid, Some(last), (payload, row_end));
            let taken = pixels.take(ready & known);
            width.take(ready & there & last);
            left.set_when(taken.passes, (now - 1).wrap(left.get().range()));
            start.set_when(taken.passes, row_end);
            stream
        }
    }
}

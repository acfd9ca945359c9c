//! Windows over pictures that stream pixel by pixel, with a value for every place beyond the border.
//!
//! A picture is a frame of pixels, row behind row; with each pixel comes whether it ends its row. [`rows_window`] puts
//! beside each pixel those above and below it, from a line buffer in block RAM; [`columns_window`] puts beside it those to its
//! left and right, from registers. A square window is one behind the other, which is also what separable filters want.

mod border;
mod columns;
mod raster;
mod rows;

pub use border::{Border, Taps};
pub use columns::columns_window;
pub use raster::{Lines, raster};
pub use rows::rows_window;

use crate::hdl::{Range, Signal, Stream};

/// Pictures: for each pixel its values, and whether it is its row's last; the stream's `last` ends a picture.
pub type Raster<'m> = Stream<'m, (Vec<Signal<'m>>, Signal<'m>)>;

/// A raster with, in place of the first values, their taps; the further values are those of the middle.
pub type Windows<'m> = Stream<'m, (Vec<Vec<Signal<'m>>>, Vec<Signal<'m>>, Signal<'m>)>;

/// For each picture at the middle of a window: how many places before it and behind it are the same picture's, as far as
/// the taps reach.
struct Reach<'m> {
    before: Signal<'m>,
    behind: Signal<'m>,
}

/// `0..=most`, as one place more is counted but no more than `most`.
fn saturating_count<'m>(count: Signal<'m>, most: usize) -> Signal<'m> {
    let range = Range::new(0, most);
    if most == 0 { count } else { (count + 1).saturate(range) }
}

/// How many places behind the middle are the same picture's: `ends[k]` says that the place `k` behind the middle is the
/// last one.
fn places_behind<'m>(ends: &[Signal<'m>], most: Signal<'m>) -> Signal<'m> {
    let m = most.module();
    ends.iter().enumerate().rev().fold(most, |farther, (place, &end)| {
        let here = m.constant(place);
        end.mux(here, farther)
    })
}

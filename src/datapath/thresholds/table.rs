//! A table of the code of every accumulator.

use super::rows::LaneRows;
use crate::datapath::row_memory::{RowIndex, look_up};
use crate::hdl::{Signal, unsigned};

/// Bits that an accumulator has at most.
pub const MOST_BITS: u32 = 8;

/// The bits of the number of codes passed, the first the least significant.
pub fn bits<'m>(
    x: Signal<'m>,
    rows: &LaneRows,
    row: RowIndex<'m>,
    lane: usize,
    bits: u32,
) -> Vec<Signal<'m>> {
    let (width, is_signed) = (x.width(), x.range().is_signed());
    let integer = |word: i64| if is_signed && word >> (width - 1) == 1 { word - (1 << width) } else { word };
    let words =
        rows.0.iter().flat_map(|row| (0..1 << width).map(move |word| vec![row.steps(integer(word)) as i64]));
    let address = row.address(rows.is_constant(), Some(x.to_bits().int(unsigned(width))));
    let words: Vec<Vec<i64>> = words.collect();
    let steps = look_up(x.module(), &format!("codes_{lane}"), &unsigned(bits), &words, address)[0];
    (0..bits).map(|bit| steps.bit(bit)).collect()
}

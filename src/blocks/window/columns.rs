//! The pixels to the left and right of each pixel, from registers.

use super::border::Taps;
use super::{Raster, Reach, Windows, places_behind, saturating_count};
use crate::hdl::{Range, Stream};

/// For each pixel the taps of its first `windowed` values along its row; the further values are those of the pixel itself.
/// `width` is that of all pictures, where they have one.
///
/// A pixel leaves in each clock cycle in which one comes, across rows and pictures; behind the last one that comes, those
/// that wait leave by themselves.
#[track_caller]
pub fn columns_window<'m>(
    pixels: Raster<'m>,
    name: &str,
    taps: &Taps,
    windowed: usize,
    width: Option<usize>,
) -> Windows<'m> {
    let m = pixels.module();
    let (before, behind) = (taps.before(), taps.behind());
    let flag = |what: &str| m.register(Range::condition(), 0).named(format!("{name}_{what}"));
    // Place k is that of the pixel that came k pixels ago; the middle is place `behind`.
    let marks: Vec<_> = (0..=behind)
        .map(|place| ["there", "row_end", "last"].map(|mark| flag(&format!("{mark}_{place}"))))
        .collect();
    let [middle, row_end, last] = marks[behind].map(|mark| mark.get());
    let fresh = flag("fresh");
    let between = flag("between");
    let emits = (fresh.get() & middle).named(format!("{name}_emits"));

    let (values, _) = pixels.payload();
    let places: Vec<Vec<_>> = values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let count = if index < windowed { before + behind } else { behind };
            let place = |place| m.unreset_register(value.ty()).named(format!("{name}_{index}_{place}"));
            (0..=count).map(place).collect()
        })
        .collect();
    let left = m.register(Range::new(0, before), 0).named(format!("{name}_left"));
    let ends: Vec<_> = (0..behind).map(|place| marks[behind - place][1].get()).collect();
    let right = places_behind(&ends, m.constant(behind));

    let windows = places[..windowed].iter().map(|places| {
        let from_first = places.iter().rev().map(|place| place.get());
        from_first.collect::<Vec<_>>()
    });
    let carried = places[windowed..].iter().map(|places| places[behind].get());
    let payload = (windows.collect(), carried.collect(), vec![left.get(), right], row_end);
    let (stream, ready) = Stream::offer(name, emits, Some(last), payload);

    let may = !emits | ready;
    let waits = marks[..behind].iter().fold(m.never(), |waits, mark| waits | mark[0].get());
    let flushes = between.get() & waits & !pixels.valid();
    let taken = pixels.take(may);
    let shifts = (may & (taken.valid | flushes)).named(format!("{name}_shifts"));
    let (values, pixel_ends_row) = taken.payload;
    let ends_picture = taken.last.expect("pictures are framed");
    let incoming = [taken.valid, taken.valid & pixel_ends_row, taken.valid & ends_picture];
    for (place, mark) in marks.iter().enumerate() {
        let from = if place == 0 { incoming } else { marks[place - 1].map(|mark| mark.get()) };
        mark.iter().zip(from).for_each(|(mark, from)| mark.set_when(shifts, from));
    }
    for (places, value) in places.iter().zip(values) {
        places[0].set_when(shifts, value);
        places.windows(2).for_each(|pair| pair[1].set_when(shifts, pair[0].get()));
    }
    let follows = middle & !row_end;
    left.set_when(shifts, follows.mux(saturating_count(left.get(), before), 0));
    between.set_when(taken.passes, ends_picture);
    fresh.set(shifts | (fresh.get() & !may));

    stream.map(|(windows, carried, reach, row_end): (Vec<Vec<_>>, Vec<_>, Vec<_>, _)| {
        let reach = Reach { before: reach[0], behind: reach[1] };
        let windows = windows.iter().map(|places| taps.of(places, &reach, width)).collect();
        (windows, carried, row_end)
    })
}

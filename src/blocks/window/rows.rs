//! The pixels above and below each pixel, from a line buffer.

use super::border::Taps;
use super::{Raster, Reach, Windows, places_behind, saturating_count};
use crate::hdl::{Range, Signal, Stream, Type};

/// For each pixel the taps of its first `windowed` values along its column; the further values are those of the pixel
/// itself. `size` is the width and height of all pictures, where they have one; otherwise they are at most `widest` pixels wide.
///
/// One memory of `widest` words holds, for each column, the pixels of as many rows as the window reaches. A pixel leaves in
/// each clock cycle in which one comes, from the row on that the window needs; the last rows leave while the first rows of the
/// next picture come, or by themselves. Where pictures differ in width, they leave before the next picture comes. Pictures one
/// pixel wide take two clock cycles a pixel.
#[track_caller]
pub fn rows_window<'m>(
    pixels: Raster<'m>,
    name: &str,
    taps: &Taps,
    windowed: usize,
    size: Option<(usize, usize)>,
    widest: usize,
) -> Windows<'m> {
    let (above, below) = (taps.before(), taps.behind());
    if above + below == 0 {
        return pixels.map(|(values, row_end)| {
            let windows = values[..windowed].iter().map(|&value| vec![value; taps.offsets.len()]);
            (windows.collect(), values[windowed..].to_vec(), row_end)
        });
    }
    let m = pixels.module();
    let flag = |what: &str| m.register(Range::condition(), 0).named(format!("{name}_{what}"));
    let columns = Range::new(0, widest - 1);
    // The rows: place k is that of the row that came k rows ago; the middle is place `below`, the row that comes is place 0.
    let marks: Vec<_> =
        (1..=below).map(|place| ["there", "bottom"].map(|mark| flag(&format!("{mark}_{place}")))).collect();
    let rows_above = m.register(Range::new(0, above), 0).named(format!("{name}_above"));
    let between = flag("between");
    let flushing = flag("flushing");
    let column = m.register(columns.clone(), 0).named(format!("{name}_column"));

    // The pixel behind the read of the memory.
    let fresh = flag("fresh");
    let (values, _) = pixels.payload().clone();
    let held =
        |signal: Signal<'m>, what: &str| m.unreset_register(signal.ty()).named(format!("{name}_{what}"));
    let pixel: Vec<_> =
        values.iter().enumerate().map(|(index, &value)| held(value, &format!("{index}_0"))).collect();
    let pixel_column = held(column.get(), "write_column");
    let [emits_row, ends_row, ends_picture] = ["emits_row", "row_end", "last"].map(flag);
    let count = |most: usize, what: &str| m.register(Range::new(0, most), 0).named(format!("{name}_{what}"));
    let (pixel_above, pixel_below) = (count(above, "above_now"), count(below, "below_now"));
    let emits = (fresh.get() & emits_row.get()).named(format!("{name}_emits"));

    // The word of a column: for each value its rows from the youngest to the oldest.
    let rows_of = |index: usize| if index < windowed { above + below } else { below };
    let types: Vec<Type> = values.iter().map(|value| value.ty()).collect();
    let width = types.iter().enumerate().map(|(index, ty)| ty.width() * rows_of(index) as u32).sum();
    let memory = m.memory(format!("{name}_lines"), widest, Type::Bits(width));

    let single = size.is_none_or(|(width, _)| width == 1);
    let clear = if single { !(fresh.get() & pixel_column.get().eq(column.get())) } else { m.always() };
    let start = column.get().eq(0);
    let waits = marks.iter().fold(m.never(), |waits, mark| waits | mark[0].get());
    let pending = between.get() & waits;
    let begins = if size.is_some() { pending & !pixels.valid() } else { pending };
    let flushes = start.mux(begins, flushing.get()).named(format!("{name}_flushes"));

    // The word is read when a pixel passes, which `ready` decides: it joins the stream below.
    let (stream, ready) = Stream::offer(name, emits, Some(ends_picture.get()), Vec::<Signal<'m>>::new());
    let may = !emits | ready;
    let taken = pixels.take(may & clear & !flushes);
    let steps = (may & clear & (taken.valid | flushes)).named(format!("{name}_steps"));
    let word = memory.read_when(steps, column.get());
    let mut lsb = 0;
    let places: Vec<Vec<Signal<'m>>> = types
        .iter()
        .enumerate()
        .map(|(index, ty)| {
            let mut part = || {
                let bits = word.slice(lsb, ty.width());
                lsb += ty.width();
                match ty {
                    Type::Int(range) => bits.int(range.word()),
                    Type::Bits(_) => bits,
                }
            };
            let older: Vec<_> = (0..rows_of(index)).map(|_| part()).collect();
            std::iter::once(pixel[index].get()).chain(older).collect()
        })
        .collect();
    let kept: Vec<Signal<'m>> = places
        .iter()
        .zip(&types)
        .flat_map(|(places, ty)| {
            let word = |place: &Signal<'m>| match ty {
                Type::Int(range) => place.to_bits_of(&range.word()),
                Type::Bits(_) => *place,
            };
            places[..places.len() - 1].iter().map(word).collect::<Vec<_>>()
        })
        .collect();
    memory.write_when(fresh.get(), pixel_column.get(), m.concat(&kept));

    let (values, row_end_in) = taken.payload;
    let last_in = taken.last.expect("pictures are framed");
    let flush_end = match size {
        Some((width, _)) => column.get().eq(width as i64 - 1),
        None => {
            let widest_column = m.register(columns, 0).named(format!("{name}_last_column"));
            widest_column.set_when(taken.passes & row_end_in, column.get());
            column.get().eq(widest_column.get())
        }
    };
    let row_end = flushes.mux(flush_end, row_end_in).named(format!("{name}_ends_row"));
    let row_done = steps & row_end;
    let incoming = [!flushes, !flushes & last_in];
    let rows: Vec<[Signal<'m>; 2]> =
        std::iter::once(incoming).chain(marks.iter().map(|mark| mark.map(|mark| mark.get()))).collect();
    for (place, mark) in marks.iter().enumerate() {
        mark.iter().zip(rows[place]).for_each(|(mark, from)| mark.set_when(row_done, from));
    }
    let [middle, bottom] = rows[below];
    let ends: Vec<_> = (0..below).map(|place| rows[below - place][1]).collect();
    let rows_below = places_behind(&ends, m.constant(below));
    let counted = saturating_count(rows_above.get(), above);
    rows_above.set_when(row_done, (middle & !bottom).mux(counted, 0));
    between.set_when(taken.passes, last_in);
    flushing.set_when(steps & start, flushes);
    if widest > 1 {
        let next = (column.get() + 1).assume_when(steps & !row_end, column.get().range());
        column.set_when(steps, row_end.mux(0, next));
    } else {
        column.set(0);
    }

    pixel.iter().zip(values).for_each(|(pixel, value)| pixel.set_when(steps, value));
    pixel_column.set_when(steps, column.get());
    emits_row.set_when(steps, middle);
    ends_row.set_when(steps, row_end);
    ends_picture.set_when(steps, row_end & bottom);
    pixel_above.set_when(steps, rows_above.get());
    pixel_below.set_when(steps, rows_below);
    fresh.set(steps | (fresh.get() & !may));

    let windows = places[..windowed].iter().map(|places| places.iter().rev().copied().collect()).collect();
    let carried = places[windowed..].iter().map(|places| places[below]).collect();
    let reach = vec![pixel_above.get(), pixel_below.get()];
    let stream: Stream<'m, (Vec<Vec<_>>, Vec<_>, Vec<_>, _)> =
        stream.carrying((windows, carried, reach, ends_row.get()));
    let height = size.map(|(_, height)| height);
    stream.map(|(windows, carried, reach, row_end)| {
        let reach = Reach { before: reach[0], behind: reach[1] };
        let windows = windows.iter().map(|places| taps.of(places, &reach, height)).collect();
        (windows, carried, row_end)
    })
}

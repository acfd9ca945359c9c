//! All subbands of a frame as one stream, in the raster order of Mallat's layout: along each axis the approximation, then the
//! details from the coarsest level to the finest. A FIFO for each subband holds as much of it as a frame has.

use super::Lifting;
use super::subband::{Band, Subband};
use super::turns::{chosen, routed};
use crate::blocks::{Counter, Size};
use crate::datapath::LaneStream;
use crate::hdl::{Module, Signal, Stream};

impl Lifting {
    /// Values of each subband of the largest frame.
    fn counts(&self) -> Vec<usize> {
        self.bands().iter().map(|band| band.shape.iter().product()).collect()
    }

    /// The number of the subband at a place of Mallat's layout; places and lengths count from the innermost axis.
    fn band_at<'m>(&self, m: &'m Module, places: &[Signal<'m>], lengths: &[Signal<'m>]) -> Signal<'m> {
        // Whether the place lies outside the approximation of a level, along each axis.
        let outside = |level: u32| -> Vec<Signal<'m>> {
            let low = |length: &Signal<'m>| (*length + ((1i64 << level) - 1)) >> level;
            places.iter().zip(lengths).map(|(place, length)| place.ge(low(length))).collect()
        };
        // Along an axis of one sample there is but one place.
        places.iter().for_each(|place| m.ignore(*place));
        let outside: Vec<Vec<Signal<'m>>> = (1..=self.levels).map(outside).collect();
        let details = self.bands().into_iter().enumerate().skip(1);
        // The finest levels last: what is outside of a level's approximation is outside of all coarser ones.
        details.fold(m.constant(0), |number, (other, band)| {
            let highs = outside[band.level as usize - 1].iter().zip(band.bands.iter().rev());
            let here = highs.map(|(high, band)| if *band == Band::High { *high } else { !*high });
            here.reduce(|a, b| a & b).expect("a frame has axes").mux(m.constant(other), number)
        })
    }

    /// The subbands of frames as one stream.
    #[track_caller]
    pub(super) fn put_together<'m>(
        &self,
        m: &'m Module,
        bands: Vec<LaneStream<'m>>,
        size: Size<'m>,
    ) -> LaneStream<'m> {
        let doc = "the subbands of a frame as one stream in Mallat's order; each waits in a FIFO";
        m.part("mallat_order", doc, |part| {
            let enter = |(stream, band): (_, Subband)| part.input_stream(&band.name(), stream);
            let bands = bands.into_iter().zip(self.bands()).map(enter).collect();
            part.output_stream("y", self.ordered(m, bands, size.entering(part)))
        })
    }

    #[track_caller]
    fn ordered<'m>(&self, m: &'m Module, bands: Vec<LaneStream<'m>>, size: Size<'m>) -> LaneStream<'m> {
        let lengths: Vec<Signal<'m>> = size.lengths(m).into_iter().rev().collect();
        let counter = Counter::new(m, "mallat", size, m.always());
        let band = self.band_at(m, &counter.places(), &lengths);
        let names = self.bands();
        let waiting = bands.into_iter().zip(self.counts()).zip(&names);
        let waiting =
            waiting.map(|((band, count), name)| waiting_band(band.unframed(), count).named(name.name()));
        let y = chosen("y", band, waiting.collect());
        let stages = counter.stages().map_or(y.stages(), |size| y.stages().meet(size));
        let there = counter.valid;
        let last = counter.ends.iter().copied().reduce(|a, b| a & b);
        let valid = y.valid() & there;
        let (stream, ready) = Stream::offer("y", valid, last, y.payload().clone());
        y.take(ready & there);
        counter.count(valid & ready);
        stream.after(stages)
    }

    /// The subbands of frames that come as one stream.
    #[track_caller]
    pub(super) fn taken_apart<'m>(
        &self,
        m: &'m Module,
        x: LaneStream<'m>,
        size: Size<'m>,
    ) -> Vec<LaneStream<'m>> {
        let doc = "a stream in Mallat's order as the subbands of a frame; each waits in a FIFO";
        m.part("mallat_order", doc, |part| {
            let bands = self.unordered(m, part.input_stream("x", x), size.entering(part));
            let leave = |(stream, band): (_, Subband)| part.output_stream(&band.name(), stream);
            bands.into_iter().zip(self.bands()).map(leave).collect()
        })
    }

    #[track_caller]
    fn unordered<'m>(&self, m: &'m Module, x: LaneStream<'m>, size: Size<'m>) -> Vec<LaneStream<'m>> {
        let lengths: Vec<Signal<'m>> = size.lengths(m).into_iter().rev().collect();
        let x = x.unframed();
        let counter = Counter::new(m, "mallat", size, x.valid());
        let band = self.band_at(m, &counter.places(), &lengths);
        let (stream, ready) = Stream::offer("x", counter.valid, None, x.payload().clone());
        let passes = counter.valid & ready;
        let there = counter.there(m);
        let stages = counter.stages().map_or(x.stages(), |size| x.stages().meet(size));
        x.take(ready & there);
        counter.count(passes);
        let counts = self.counts();
        let bands = routed("band", band, stream.after(stages), counts.len())
            .into_iter()
            .zip(counts)
            .zip(self.bands());
        bands.map(|((band, count), name)| waiting_band(band, count).named(name.name())).collect()
    }
}

/// A band that waits for the others: room for all its `count` values.
#[track_caller]
fn waiting_band<'m>(band: LaneStream<'m>, count: usize) -> LaneStream<'m> {
    band.module().part("fifo", format!("room for the {count} values of a subband"), |part| {
        part.output_stream("y", part.input_stream("x", band).fifo(count))
    })
}

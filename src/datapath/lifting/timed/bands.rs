//! When the beats of subbands come: apart, together, and in Mallat's order.

use super::Shapes;
use crate::stream::timeline::{Actor, Beat, passing};

/// Counts the positions of frames, as `Counter` does.
pub struct Counter {
    shapes: Shapes,
    frame: usize,
    /// The innermost axis first.
    pub places: Vec<usize>,
}

impl Counter {
    pub fn new(shapes: Shapes) -> Self {
        let axes = shapes.first().map_or(0, Vec::len);
        Self { shapes, frame: 0, places: vec![0; axes] }
    }

    /// The lengths of the frame's axes, the innermost first; none after the last frame.
    pub fn lengths(&self) -> Option<impl Iterator<Item = usize> + '_> {
        self.shapes.get(self.frame).map(|shape| shape.iter().rev().copied())
    }

    pub fn ends(&self) -> u8 {
        let places = self.places.iter().zip(self.lengths().into_iter().flatten());
        places.enumerate().map(|(axis, (place, length))| u8::from(place + 1 == length) << axis).sum()
    }

    /// Whether the position is its frame's last.
    pub fn is_last(&self) -> bool {
        usize::from(self.ends()) + 1 == 1 << self.places.len()
    }

    pub fn count(&mut self) {
        let ends = self.ends();
        for (axis, place) in self.places.iter_mut().enumerate() {
            if ends >> axis & 1 == 0 {
                *place += 1;
                return;
            }
            *place = 0;
        }
        self.frame += 1;
    }
}

/// The points of a raster. A second input has the sizes.
pub struct Raster(pub Counter);

impl Actor for Raster {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let there = inputs.iter().all(Option::is_some);
        outputs[0] = there.then(|| Beat { ends: self.0.ends(), ..Beat::default() });
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let passes = free[0] && inputs.iter().all(Option::is_some);
        ready[0] = passes;
        if let Some(size) = ready.get_mut(1) {
            *size = passes && self.0.is_last();
        }
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        if passing(inputs, ready, 0).is_some() {
            self.0.count();
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// The values that exist, as `existing` gives them.
pub struct Existing {
    axes: usize,
    /// None where all exist but a frame's last.
    flags: Option<u8>,
    full: bool,
    ended: bool,
}

impl Existing {
    /// Those of points that have all of `flags`.
    pub fn of_points(axes: usize, flags: u8) -> Self {
        Self { axes, flags: Some(flags), full: false, ended: false }
    }

    /// All but the last of each line.
    pub fn but_last() -> Self {
        Self { axes: 1, flags: None, full: false, ended: false }
    }

    /// Whether the beat that comes has a value, and whether it ends the frame of the one that is held.
    fn comes(&self, input: Option<Beat>) -> (bool, bool) {
        let last = input.is_some_and(|beat| beat.ends_frame(self.axes));
        let exists = match self.flags {
            Some(flags) => input.is_some_and(|beat| beat.flags & flags == flags),
            None => input.is_some() && !last,
        };
        let ends = last && !exists && self.full && !self.ended;
        (exists, ends)
    }
}

impl Actor for Existing {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let (exists, ends) = self.comes(inputs[0]);
        let valid = self.full && (self.ended || exists || ends);
        outputs[0] = valid.then_some(Beat { last: self.ended || ends, ..Beat::default() });
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let (exists, ends) = self.comes(inputs[0]);
        ready[0] = free[0] || !(exists && self.full || ends);
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]) {
        let (exists, ends) = self.comes(inputs[0]);
        let left = self.full && (self.ended || exists || ends) && free[0];
        let comes = passing(inputs, ready, 0).filter(|_| exists);
        if let Some(beat) = comes {
            self.ended = beat.ends_frame(self.axes);
        }
        self.full = comes.is_some() || self.full && !left;
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// The subbands of a level side by side, as `together` puts them: the low one, the details, and a size where there is one.
pub struct Together {
    /// Of the low band, and for each frame which axes are odd, a bit each.
    pub counter: Counter,
    pub odd: Vec<u8>,
    /// The axis of each pass.
    pub order: Vec<usize>,
    /// Of each detail the passes that gave it their high band.
    pub details: Vec<u8>,
    pub sized: bool,
}

impl Together {
    fn wholes(&self) -> u8 {
        let missing = self.counter.ends() & self.odd.get(self.counter.frame).copied().unwrap_or(0);
        let passes = self.order.iter().enumerate();
        passes.map(|(pass, axis)| (!missing >> axis & 1) << pass).sum()
    }

    /// Of each input whether a beat of it belongs to this point.
    fn wanted(&self) -> impl Iterator<Item = bool> + '_ {
        let wholes = self.wholes();
        let details = self.details.iter().map(move |detail| wholes & detail == *detail);
        std::iter::once(true).chain(details).chain(self.sized.then_some(true))
    }

    fn is_there(&self, inputs: &[Option<Beat>]) -> bool {
        inputs.iter().zip(self.wanted()).all(|(input, wanted)| input.is_some() || !wanted)
    }
}

impl Actor for Together {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let point = Beat { ends: self.counter.ends(), flags: self.wholes(), last: false };
        outputs[0] = self.is_there(inputs).then_some(point);
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let passes = free[0] && self.is_there(inputs);
        ready.iter_mut().zip(self.wanted()).for_each(|(ready, wanted)| *ready = passes && wanted);
        if self.sized
            && let Some(size) = ready.last_mut()
        {
            *size = passes && self.counter.is_last();
        }
    }

    fn step(&mut self, _: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        if ready[0] {
            self.counter.count();
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// Pairs in beats of the low and the high band, as `inverse_beats` joins them; the high one may have none in a line's last beat.
pub struct JoinBeats {
    pub always: bool,
}

impl JoinBeats {
    fn wants(&self, low: Option<Beat>) -> bool {
        self.always || low.is_some_and(|beat| !beat.ends_frame(1))
    }

    fn there(&self, inputs: &[Option<Beat>]) -> bool {
        inputs[0].is_some() && inputs.get(1).is_none_or(|high| high.is_some() || !self.wants(inputs[0]))
    }
}

impl Actor for JoinBeats {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].filter(|_| self.there(inputs));
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let passes = free[0] && self.there(inputs);
        ready[0] = passes;
        if let Some(high) = ready.get_mut(1) {
            *high = passes && self.wants(inputs[0]);
        }
    }

    fn step(&mut self, _: &[Option<Beat>], _: &[bool], _: &[bool]) {}

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// Which subband a place of Mallat's layout belongs to.
pub struct Layout {
    pub counter: Counter,
    pub levels: u32,
    /// Of each subband its level and its high axes, the innermost in bit 0; the approximation is the first.
    pub bands: Vec<(u32, u8)>,
}

impl Layout {
    fn band(&self) -> usize {
        let Some(lengths) = self.counter.lengths() else { return 0 };
        let lengths: Vec<usize> = lengths.collect();
        let outside = |level: u32| -> u8 {
            let places = self.counter.places.iter().zip(&lengths).enumerate();
            let low = |length: usize| length.div_ceil(1 << level);
            places.map(|(axis, (place, length))| u8::from(*place >= low(*length)) << axis).sum()
        };
        let found =
            (1..=self.levels).find_map(|level| Some((level, outside(level))).filter(|(_, high)| *high > 0));
        found.and_then(|found| self.bands.iter().position(|band| *band == found)).unwrap_or(0)
    }
}

/// All subbands as one stream; the last input is the size, where there is one.
pub struct Ordered {
    pub layout: Layout,
    pub sized: bool,
}

impl Ordered {
    fn there(&self, inputs: &[Option<Beat>]) -> bool {
        let size = !self.sized || inputs.last().is_some_and(Option::is_some);
        size && self.layout.counter.lengths().is_some() && inputs[self.layout.band()].is_some()
    }
}

impl Actor for Ordered {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        let beat = Beat { last: self.layout.counter.is_last(), ..Beat::default() };
        outputs[0] = self.there(inputs).then_some(beat);
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let passes = free[0] && self.there(inputs);
        ready.fill(false);
        ready[self.layout.band()] = passes;
        if self.sized
            && let Some(size) = ready.last_mut()
        {
            *size = passes && self.layout.counter.is_last();
        }
    }

    fn step(&mut self, inputs: &[Option<Beat>], _: &[bool], free: &[bool]) {
        if free[0] && self.there(inputs) {
            self.layout.counter.count();
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

/// One stream as all subbands; a second input is the size.
pub struct Unordered(pub Layout);

impl Actor for Unordered {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs.fill(None);
        if inputs.iter().all(Option::is_some) {
            outputs[self.0.band()] = inputs[0];
        }
    }

    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]) {
        let passes = free[self.0.band()] && inputs.iter().all(Option::is_some);
        ready[0] = passes;
        if let Some(size) = ready.get_mut(1) {
            *size = passes && self.0.counter.is_last();
        }
    }

    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], _: &[bool]) {
        if passing(inputs, ready, 0).is_some() {
            self.0.counter.count();
        }
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        true
    }
}

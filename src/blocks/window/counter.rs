//! Counts the positions of frames of one size, or of sizes that come before them.

use super::Size;
use crate::hdl::{Module, Range, Register, Signal, Stages, Stream};

/// Counts the places of a frame of `size`, as its points pass. `valid` says whether there is a point, and gets whether there is
/// a size too; the ends are those of the position, the innermost axis first.
pub struct Counter<'m> {
    pub valid: Signal<'m>,
    pub ends: Vec<Signal<'m>>,
    places: Vec<Register<'m>>,
    size: Option<Stream<'m, Vec<Signal<'m>>>>,
}

impl<'m> Counter<'m> {
    #[track_caller]
    pub fn new(m: &'m Module, name: &str, size: Size<'m>, valid: Signal<'m>) -> Counter<'m> {
        let most: Vec<usize> = size.most().iter().rev().copied().collect();
        let place = |(axis, length): (usize, &usize)| {
            m.register(Range::new(0, length - 1), 0).named(format!("{name}_place_{axis}"))
        };
        let places: Vec<_> = most.iter().enumerate().map(place).collect();
        // Along an axis of one position nothing is counted.
        places.iter().for_each(|place| m.ignore(place.get()));
        match size {
            Size::Fixed(_) => {
                let end = |(place, &length): (&Register<'m>, &usize)| match length {
                    1 => m.always(),
                    _ => place.get().eq(length as i64 - 1),
                };
                let ends = places.iter().zip(&most).map(end);
                Counter { valid, ends: ends.collect(), places, size: None }
            }
            Size::PerFrame { lengths: size, .. } => {
                let lengths: Vec<Signal<'m>> = size.payload().iter().rev().copied().collect();
                let ends = places.iter().zip(&lengths).map(|(place, length)| (place.get() + 1).eq(*length));
                Counter { valid: valid & size.valid(), ends: ends.collect(), places, size: Some(size) }
            }
        }
    }

    /// Whether there is a size.
    pub fn there(&self, m: &'m Module) -> Signal<'m> {
        self.size.as_ref().map_or(m.always(), Stream::valid)
    }

    /// Of the stream of sizes, where there is one.
    pub fn stages(&self) -> Option<Stages> {
        self.size.as_ref().map(Stream::stages)
    }

    /// The place itself, the innermost axis first.
    pub fn places(&self) -> Vec<Signal<'m>> {
        self.places.iter().map(|place| place.get()).collect()
    }

    /// Counts on where a point passes.
    pub fn count(self, passes: Signal<'m>) {
        let mut carry = passes;
        for (place, end) in self.places.iter().zip(&self.ends) {
            place.set_when(carry, place.get().next_count(*end));
            carry = carry & *end;
        }
        if let Some(size) = self.size {
            size.take(carry);
        }
    }
}

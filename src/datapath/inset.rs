//! A map within a larger one: what padding adds around it, and cropping leaves out.

use super::map::positions;
use crate::blocks::Digit;
use crate::hdl::{Module, Signal};

/// The inner map has the positions from `ends[0]` on of each axis of the outer one, but for the last `ends[1]`.
#[derive(Clone, Debug)]
pub(super) struct Inset {
    /// Of the outer map.
    pub lengths: Vec<usize>,
    pub ends: Vec<[usize; 2]>,
    /// Beats of a position.
    pub beats: usize,
}

/// Where the next beat of the outer map lies.
pub(super) struct Place<'m> {
    digits: Vec<Digit<'m>>,
    pub inside: Signal<'m>,
    /// Whether it is the last one inside, or the last of all.
    pub last_inside: Signal<'m>,
    pub last: Signal<'m>,
}

impl Inset {
    /// For each beat of the outer map whether it is one of the inner map.
    pub fn inside(&self) -> Vec<bool> {
        let along = |((&at, &length), &[before, after]): ((&usize, &usize), &[usize; 2])| {
            at >= before && at + after < length
        };
        let position = |at: Vec<usize>| at.iter().zip(&self.lengths).zip(&self.ends).all(along);
        positions(&self.lengths).flat_map(|at| vec![position(at); self.beats]).collect()
    }

    /// Counts the beats of the outer map.
    pub fn place<'m>(&self, m: &'m Module) -> Place<'m> {
        let (mut digits, mut inside, mut last_inside) = (Vec::new(), m.always(), m.always());
        for (axis, (&length, &[before, after])) in self.lengths.iter().zip(&self.ends).enumerate() {
            let digit = Digit::new(m, format!("axis_{axis}"), length, 0);
            if before > 0 {
                inside = inside & digit.value.ge(before as i64);
            }
            if after > 0 {
                inside = inside & digit.value.lt((length - after) as i64);
            }
            last_inside = last_inside & digit.is(length - after - 1);
            digits.push(digit);
        }
        let beat = Digit::new(m, "beat", self.beats, 0);
        last_inside = last_inside & beat.end();
        digits.push(beat);
        let last = digits.iter().map(Digit::end).reduce(|all, end| all & end).expect("a digit");
        Place { digits, inside: inside.named("inside"), last_inside: last_inside.named("last_inside"), last }
    }
}

impl<'m> Place<'m> {
    /// Goes on to the next beat where `moves`.
    pub fn step(&self, moves: Signal<'m>) {
        self.digits.iter().rev().fold(moves, |moves, digit| {
            digit.step(moves);
            moves & digit.end()
        });
    }
}

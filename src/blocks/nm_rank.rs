//! The N:M rule: of a group of M magnitudes the N largest are kept.

use super::popcount;
use crate::hdl::{Range, Signal, unsigned};
use serde::{Deserialize, Serialize};

/// Which of equal magnitudes is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// The one at the lower place, as `torch.ao.pruning` and `jax.lax.top_k` do.
    #[default]
    Lower,
    /// The one at the higher place, as an `argsort` whose first M - N are dropped does, and `torch.topk` on a processor.
    Higher,
}

/// For each of a group of unsigned `magnitudes` whether it is one of the `kept` largest: exactly so many are.
///
/// Each pair is compared once, M (M - 1) / 2 comparators; a value is kept if fewer than N beat it. `a > b` is the carry out of
/// `a` and the complement of `b`: on iCE40 a comparison inverts `b` for each comparator anew, in front of its carry chain.
#[track_caller]
pub fn nm_largest<'m>(magnitudes: &[Signal<'m>], kept: usize, ties: Ties) -> Vec<Signal<'m>> {
    let m = magnitudes[0].module();
    let _section = m.section("rank");
    if kept == magnitudes.len() {
        return vec![m.constant(1); kept];
    }
    let doc =
        format!("kept: the {kept} largest of {} magnitudes, of equals the {ties:?} place", magnitudes.len());
    m.part("nm_largest", doc.to_lowercase(), |part| {
        let kept_flags = largest(&part.input("magnitude", magnitudes.to_vec()), kept, ties);
        part.output("kept", kept_flags)
    })
}

fn largest<'m>(magnitudes: &[Signal<'m>], kept: usize, ties: Ties) -> Vec<Signal<'m>> {
    let width = magnitudes.iter().map(|magnitude| magnitude.width()).max().expect("a group has values");
    let word = unsigned(width);
    let complement = |(index, magnitude): (usize, &Signal<'m>)| {
        (!magnitude.to_bits_of(&word)).int(word.clone()).named(format!("complement_{index}"))
    };
    let complements: Vec<_> = magnitudes.iter().enumerate().map(complement).collect();
    let exceeds = |a: usize, b: usize| {
        let sum = (magnitudes[a] + complements[b]).hint(format!("magnitudes_{a}_against_{b}"));
        sum.bit(width).named(format!("magnitude_{a}_above_{b}"))
    };
    let mut beaten_by = vec![Vec::new(); magnitudes.len()];
    for high in 0..magnitudes.len() {
        for low in 0..high {
            let high_beats = match ties {
                Ties::Lower => exceeds(high, low),
                Ties::Higher => !exceeds(low, high),
            };
            beaten_by[low].push(high_beats);
            beaten_by[high].push(!high_beats);
        }
    }
    let beaten = beaten_by.iter().enumerate();
    beaten.map(|(index, wins)| below(popcount(wins), kept).named(format!("kept_{index}"))).collect()
}

/// Whether `count < limit`, bit by bit: no carry chain for so few.
///
/// # Panics
/// If `limit` is 0 or so large that no count reaches it.
#[track_caller]
fn below<'m>(count: Signal<'m>, limit: usize) -> Signal<'m> {
    let mut below: Option<Signal<'m>> = None;
    for place in 0..count.width() {
        let clear = !count.bit(place);
        below = match (limit >> place & 1, below) {
            (1, Some(below)) => Some(clear | below),
            (1, None) => Some(clear),
            (_, below) => below.map(|below| clear & below),
        };
    }
    below.expect("a limit that a count can reach")
}

/// The places of the `kept` conditions of `mask` that are 1, ascending; exactly so many must be.
///
/// From the lowest place on, it is known how many were kept so far; the next one is the kept value of that index.
#[track_caller]
pub fn nm_places<'m>(mask: &[Signal<'m>], kept: usize) -> Vec<Signal<'m>> {
    let m = mask[0].module();
    let _section = m.section("places");
    let spare = mask.len() - kept;
    // For each place and index, where it is possible: whether the place holds that kept value.
    let mut holds: Vec<Vec<Option<Signal<'m>>>> = vec![vec![None; kept]; mask.len()];
    // For each count, where it is possible and not certain: whether so many were kept below the place.
    let mut before: Vec<Option<Signal<'m>>> = vec![None; kept + 1];
    for (place, &here) in mask.iter().enumerate() {
        let mut behind: Vec<Option<Signal<'m>>> = vec![None; kept + 1];
        let mut also = |count: usize, condition: Signal<'m>| {
            behind[count] = Some(behind[count].map_or(condition, |other| other | condition));
        };
        for count in place.saturating_sub(spare)..=place.min(kept) {
            let given = |condition: Signal<'m>| before[count].map_or(condition, |before| before & condition);
            // Where all are kept, or as many left out as may be, the mask itself needs no look.
            if count == kept {
                also(count, before[count].unwrap_or(m.constant(1)));
            } else if place - count == spare {
                let next = before[count].unwrap_or(here);
                holds[place][count] = Some(next);
                also(count + 1, next);
            } else {
                let next = given(here);
                holds[place][count] = Some(next);
                also(count + 1, next);
                also(count, given(!here));
            }
        }
        before = behind;
    }
    let range = Range::new(0, mask.len() - 1).word();
    let of_index = |index: usize| {
        let bit = |bit: u32| {
            let places = (index..=index + spare).filter(|place| place >> bit & 1 == 1);
            let one_of = places.filter_map(|place| holds[place][index]).reduce(|a, b| a | b);
            one_of.unwrap_or(m.constant(0))
        };
        if spare == 0 {
            return m.constant(index as i64);
        }
        let bits: Vec<_> = (0..range.width()).map(bit).collect();
        m.concat(&bits).int(range.clone()).named("place")
    };
    (0..kept).map(of_index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module};
    use num_bigint::BigInt;

    /// Every group of magnitudes below 3, of every pattern up to 5: sorted by a stable sort of the standard library.
    #[test]
    fn the_largest_and_their_places() {
        for (group, ties) in (1..=5usize).flat_map(|group| [(group, Ties::Lower), (group, Ties::Higher)]) {
            for kept in 1..=group {
                let m = Module::new("rank");
                let x: Vec<_> =
                    (0..group).map(|lane| m.input(format!("x{lane}"), Range::new(0, 2))).collect();
                let mask = nm_largest(&x, kept, ties);
                if kept == group {
                    x.iter().for_each(|&x| m.ignore(x));
                }
                for (lane, place) in nm_places(&mask, kept).into_iter().enumerate() {
                    m.output(format!("p{lane}"), place);
                }
                let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
                for number in 0..3usize.pow(group as u32) {
                    let x: Vec<usize> = (0..group).map(|lane| number / 3usize.pow(lane as u32) % 3).collect();
                    let mut places: Vec<usize> = (0..group).collect();
                    if ties == Ties::Higher {
                        places.reverse();
                    }
                    places.sort_by_key(|&place| 2 - x[place]);
                    places.truncate(kept);
                    places.sort();
                    let inputs: Vec<BigInt> = x.iter().map(|&x| x.into()).collect();
                    let expected: Vec<BigInt> = places.into_iter().map(BigInt::from).collect();
                    assert_eq!(interpreter.cycle(false, &inputs), expected, "{kept}:{group} {ties:?} {x:?}");
                }
            }
        }
    }
}

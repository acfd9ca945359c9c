//! The kept ones of a group of M values, picked by N places.

use crate::hdl::Signal;

/// Kept value `i` of N is `group[places[i]]`, by a multiplexer of the `M - N + 1` values that it may be.
///
/// Places ascend and lie in the group. What is not so gives what is nearest: each place for itself is read as
/// `clamp(places[i], i, i + M - N)`.
///
/// # Panics
/// If there are more places than values, or a place may be beyond the next power of two of M.
#[track_caller]
pub fn nm_select<'m>(group: &[Signal<'m>], places: &[Signal<'m>]) -> Vec<Signal<'m>> {
    assert!(places.len() <= group.len(), "{} of {} cannot be kept", places.len(), group.len());
    let spare = group.len() - places.len();
    let of_place = |(index, place): (usize, &Signal<'m>)| {
        let reach = group.len().next_power_of_two().max(2);
        let items: Vec<_> = (0..reach).map(|item| group[item.clamp(index, index + spare)]).collect();
        if spare == 0 {
            place.module().ignore(*place);
        }
        place.choose(&items)
    };
    places.iter().enumerate().map(of_place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::{Interpreter, Module, unsigned};
    use num_bigint::BigInt;

    /// Every metadata, possible or not, of every pattern up to 3 of 5.
    #[test]
    fn places_pick_and_impossible_ones_are_clamped() {
        for group in 1..=5usize {
            for kept in 1..=group.min(3) {
                let bits = (group.next_power_of_two().trailing_zeros()).max(1);
                let m = Module::new("select");
                let x: Vec<_> = (0..group).map(|lane| m.input(format!("x{lane}"), unsigned(4))).collect();
                let places: Vec<_> =
                    (0..kept).map(|lane| m.input(format!("p{lane}"), unsigned(bits))).collect();
                for (lane, y) in nm_select(&x, &places).into_iter().enumerate() {
                    m.output(format!("y{lane}"), y);
                }
                let mut interpreter = Interpreter::new(m.finish().unwrap()).unwrap();
                for metadata in 0..1usize << (bits * kept as u32) {
                    let places = (0..kept).map(|index| metadata >> (index as u32 * bits) & ((1 << bits) - 1));
                    let x = (0..group).map(|place| 7 + place);
                    let inputs: Vec<BigInt> = x.chain(places.clone()).map(BigInt::from).collect();
                    let expected: Vec<BigInt> = places
                        .enumerate()
                        .map(|(index, place)| (7 + place.max(index).min(index + group - kept)).into())
                        .collect();
                    assert_eq!(interpreter.cycle(false, &inputs), expected, "{kept}:{group} {metadata:b}");
                }
            }
        }
    }
}

//! Transfers at the edges of what may come.

use super::port::{Port, Ports, bounds};
use super::tokens::{Tokens, Transfers};

/// A frame of each constant extreme, and of extremes in turn, at all inputs at once.
pub fn corners_of(ports: &Ports) -> Vec<Transfers> {
    type Pick = fn(usize, i64, i64) -> i64;
    let patterns: [Pick; 5] = [
        |_, lo, hi| 0.clamp(lo, hi),
        |_, lo, _| lo,
        |_, _, hi| hi,
        |place, lo, hi| if place % 2 == 0 { lo } else { hi },
        |place, lo, hi| if place % 2 == 0 { hi } else { lo },
    ];
    let tokens = |port: &Port, pick: Pick| {
        let ends: Vec<(i64, i64)> = port.lane_ranges().map(bounds).collect();
        let places = 0..port.frame_beats() * ends.len();
        let values =
            places.map(|place| pick(place, ends[place % ends.len()].0, ends[place % ends.len()].1)).collect();
        let last = (1..=port.frame_beats())
            .map(|beat| beat == port.frame_beats())
            .filter(|_| port.is_framed())
            .collect();
        Tokens { lanes: ends.len(), values, last }
    };
    patterns.iter().map(|&pick| ports.inputs.iter().map(|port| tokens(port, pick)).collect()).collect()
}

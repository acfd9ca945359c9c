//! When windows leave, in closed form: where nobody stalls and frames follow each other without a gap.

use super::kernel::{Departures, Kernel};

/// Clock cycles from one frame to the next: the beats of a frame, as if each axis were as long as its windows ask.
pub(super) fn cycles(kernels: &[Kernel], lengths: &[usize], beats: usize) -> usize {
    let lines = kernels
        .iter()
        .zip(lengths)
        .map(|(kernel, &length)| length + Departures::of(kernel, Some(length)).extra);
    lines.product::<usize>() * beats
}

/// Clock cycles from a frame's first beat to its first window, and from its last beat to its last window; negative where the
/// last windows see nothing of the last beats.
pub(super) fn latency(kernels: &[Kernel], lengths: &[usize], beats: usize) -> [i64; 2] {
    let mut latency = [0, 0];
    let mut line = beats as i64;
    for (kernel, &length) in kernels.iter().zip(lengths).rev() {
        if !kernel.is_point() {
            let Departures { opens, stride, .. } = Departures::of(kernel, Some(length));
            let closes = opens + (kernel.windows(length) - 1) * stride;
            latency[0] += 1 + opens as i64 * line;
            latency[1] += 1 + (closes as i64 + 1 - length as i64) * line;
        }
        line *= length as i64;
    }
    latency
}

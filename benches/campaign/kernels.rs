//! Keys of convolutions: one to three axes, kernels that reach beyond the border, groups, every kind of weights.

use super::arrays::{scaled, weights};
use super::draw::Draw;

/// A divisor of `number` that may be.
pub fn divisor(draw: &mut Draw, number: usize, holds: impl Fn(usize) -> bool) -> usize {
    let all: Vec<usize> = (1..=number).filter(|&by| number.is_multiple_of(by) && holds(by)).collect();
    all[draw.below(all.len())]
}

/// Size, kernel, stride, dilation and padding, and the taps.
fn shape(draw: &mut Draw) -> (String, usize) {
    let axes = 1 + draw.below(3);
    let most = [20, 7, 5][axes - 1];
    let (mut lists, mut taps) = ([vec![], vec![], vec![], vec![]], 1);
    let mut padding = Vec::new();
    for _ in 0..axes {
        let (length, kernel, stride, dilation) =
            (draw.count(1, most), draw.count(1, 4), draw.count(1, 3), draw.count(1, 2));
        let span = (kernel - 1) * dilation + 1;
        padding.push([draw.below(span), draw.below(span)]);
        [length, kernel, stride, dilation].into_iter().zip(&mut lists).for_each(|(n, list)| list.push(n));
        taps *= kernel;
    }
    let [size, kernel, stride, dilation] = lists;
    let keys = format!(
        "size = {size:?}\nkernel = {kernel:?}\nstride = {stride:?}\ndilation = {dilation:?}\npadding = {padding:?}\n"
    );
    (keys, taps)
}

/// Lanes, and what is multiplied at once.
fn folding(draw: &mut Draw, taps: usize, [channels, filters, groups]: [usize; 3], group: usize) -> String {
    let part = channels / groups;
    let lanes = divisor(draw, channels, |by| part.is_multiple_of(by) || by.is_multiple_of(part));
    let all = (taps * lanes.min(part)).div_ceil(group);
    let columns = (1 + draw.below(all)) * group;
    let rows = divisor(draw, filters / groups, |_| true);
    let out = divisor(draw, rows, |_| true);
    let keys = format!("lanes = {lanes}\nparallel_rows = {rows}\noutput_lanes = {out}\n");
    keys + &draw.perhaps("parallel_columns", columns)
}

/// Keys of what a weight is, its group, and the least and the greatest code.
fn weight(draw: &mut Draw) -> (String, usize, [i64; 2]) {
    match draw.below(4) {
        0 => ("weight = \"s5\"\n".into(), 1, [-16, 15]),
        1 => {
            let (kept, of) = draw.pattern();
            (format!("weight = \"ternary\"\npattern = \"{kept}:{of}\"\ndense = true\n"), of, [-1, 1])
        }
        2 => {
            let (codebook, entries) = draw.codebook();
            (format!("codebook = {codebook}\n"), 1, [0, entries as i64 - 1])
        }
        _ => ("weight = \"ternary\"\n".into(), 1, [-1, 1]),
    }
}

pub fn convolution(draw: &mut Draw) -> String {
    let (mut keys, taps) = shape(draw);
    let groups = 1 + draw.below(3);
    let (channels, filters) = (groups * (1 + draw.below(4)), groups * (1 + draw.below(4)));
    let from = ["stream", "memory", "memory", "constant"][draw.below(4)];
    let (kind, group, [lo, hi]) = weight(draw);
    let input = draw.ty(8);
    keys += &format!(
        "channels = {channels}\nfilters = {filters}\ngroups = {groups}\ninput = \"{input}\"\n{kind}"
    );
    if from != "constant" {
        keys += &folding(draw, taps, [channels, filters, groups], group);
    } else if draw.one_in(2) {
        // Several positions a beat, where they divide a line.
        keys += &format!("lanes = {}\n", channels * draw.count(2, 4));
    }
    let matrix = draw.matrix(filters, channels / groups * taps, |draw| draw.between(lo, hi));
    keys += &weights(from, &matrix, "");
    keys + &scaled(draw, filters, None)
}

pub fn transposed_convolution(draw: &mut Draw) -> String {
    let axes = 1 + draw.below(3);
    let size: Vec<usize> = (0..axes).map(|_| draw.count(1, [20, 7, 4][axes - 1])).collect();
    let kernel: Vec<usize> = (0..axes).map(|_| draw.count(1, 3)).collect();
    let groups = 1 + draw.below(3);
    let (channels, filters) = (groups * (1 + draw.below(4)), groups * (1 + draw.below(4)));
    let from = ["memory", "memory", "constant"][draw.below(3)];
    let (kind, group, [lo, hi]) = weight(draw);
    let input = draw.ty(8);
    let mut keys = format!(
        "size = {size:?}\nkernel = {kernel:?}\nchannels = {channels}\nfilters = {filters}\ngroups = {groups}\n\
         input = \"{input}\"\n{kind}"
    );
    if from != "constant" {
        keys += &folding(draw, 1, [channels, filters, groups], group);
    }
    if draw.below(3) == 0 {
        let stride: Vec<usize> = kernel.iter().map(|_| draw.count(1, 3)).collect();
        let padding: Vec<[usize; 2]> =
            kernel.iter().map(|taps| [draw.below(*taps), draw.below(*taps)]).collect();
        keys += &format!("stride = {stride:?}\npadding = {padding:?}\n");
    }
    let columns = filters / groups * kernel.iter().product::<usize>();
    let matrix = draw.matrix(channels, columns, |draw| draw.between(lo, hi));
    keys += &weights(from, &matrix, "");
    keys + &scaled(draw, filters, None)
}

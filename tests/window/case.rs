//! Windows to test, and what they must be: nested loops over plain integers.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use ternlet::blocks::{Border, Kernel, Window};
use ternlet::hdl::*;

pub const BITS: u32 = 5;
/// Taps are compared in words that also hold the pub constants beyond the border.
pub const TAP_BITS: u32 = 7;

/// Windows over frames of `lengths`, each beat with `lanes` values.
#[derive(Clone, Debug)]
pub struct Case {
    pub window: Window,
    pub lengths: Vec<usize>,
    pub lanes: usize,
}

impl Case {
    pub fn circuit(&self, timing: Timing) -> Circuit {
        let m = Module::with_timing("windows", timing);
        let x = m.input_stream("x", true, &vec![unsigned(BITS); self.lanes]);
        let windows = self.window.of(x, "window", &self.lengths);
        let words = windows.map(|taps| {
            let signals = taps.iter().flatten();
            signals.map(|signal| signal.to_bits_of(&signed(TAP_BITS))).collect::<Vec<_>>()
        });
        m.output_stream("y", words);
        m.finish().unwrap_or_else(|violations| panic!("{self:?}: {}", violations[0]))
    }

    pub fn beats(&self) -> usize {
        self.lengths.iter().product::<usize>() * self.window.beats
    }

    /// The beats of a position, in the order in which its windows leave.
    fn order(&self) -> Vec<usize> {
        let Window { beats, groups, passes, .. } = self.window;
        let part = beats / groups;
        (0..groups)
            .flat_map(|group| (0..passes).flat_map(move |_| group * part..(group + 1) * part))
            .collect()
    }

    pub fn frames(&self, count: usize, random: &mut ChaCha8Rng) -> Vec<Vec<i64>> {
        (0..count * self.beats())
            .map(|_| (0..self.lanes).map(|_| random.random_range(0..1 << BITS)).collect())
            .collect()
    }

    /// The windows of `frames`, by nested loops.
    pub fn expected(&self, frames: &[Vec<i64>]) -> Vec<(Vec<i64>, bool)> {
        let Case { window: Window { kernels, beats, .. }, lengths, .. } = self;
        let order = self.order();
        let counts: Vec<usize> =
            kernels.iter().zip(lengths).map(|(kernel, length)| fits(kernel, *length)).collect();
        let sizes: Vec<usize> = kernels.iter().map(|kernel| kernel.size).collect();
        let mut windows = Vec::new();
        for frame in frames.chunks(self.beats()) {
            let all = indices(&counts);
            for (number, output) in all.iter().enumerate() {
                for (turn, beat) in order.iter().enumerate() {
                    let mut taps = Vec::new();
                    for tap in indices(&sizes) {
                        let mut place = Ok(0);
                        for (axis, (spec, &length)) in kernels.iter().zip(lengths).enumerate() {
                            let position = (output[axis] * spec.stride + tap[axis] * spec.dilation) as i64
                                - spec.before as i64;
                            place = match (place, inside(position, length, spec.border)) {
                                (Ok(place), Ok(inside)) => Ok(place * length + inside),
                                // The innermost axis beyond whose border a tap is says its value.
                                (_, Err(value)) | (Err(value), _) => Err(value),
                            };
                        }
                        match place {
                            Ok(place) => taps.extend(&frame[place * beats + beat]),
                            Err(value) => taps.extend(vec![value; self.lanes]),
                        }
                    }
                    windows.push((taps, number + 1 == all.len() && turn + 1 == order.len()));
                }
            }
        }
        windows
    }
}

/// All indices of an array of this shape, the last axis fastest.
fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![Vec::new()], |all, &length| {
        all.iter().flat_map(|index| (0..length).map(move |at| [&index[..], &[at]].concat())).collect()
    })
}

/// Windows along an axis, one after the other until the next does not fit.
fn fits(kernel: &Kernel, length: usize) -> usize {
    let padded = kernel.before + length + kernel.after;
    (0..).step_by(kernel.stride).take_while(|at| at + (kernel.size - 1) * kernel.dilation < padded).count()
}

/// The position of an axis of `length` that stands for `position`, or the value there.
fn inside(mut position: i64, length: usize, border: Border) -> Result<usize, i64> {
    let last = length as i64 - 1;
    while position < 0 || position > last {
        position = match border {
            Border::Constant(value) => return Err(value),
            Border::Replicate => {
                if position < 0 {
                    0
                } else {
                    last
                }
            }
            Border::HalfSample => {
                if position < 0 {
                    -position - 1
                } else {
                    2 * last + 1 - position
                }
            }
            Border::WholeSample if last == 0 => 0,
            Border::WholeSample => {
                if position < 0 {
                    -position
                } else {
                    2 * last - position
                }
            }
        };
    }
    Ok(position as usize)
}

/// An axis whose windows fit into `length`, with any border that they see.
fn random_kernel(length: usize, random: &mut ChaCha8Rng) -> Kernel {
    loop {
        let size = random.random_range(1..=4);
        let (stride, dilation) = (random.random_range(1..=3), random.random_range(1..=2));
        let span = (size - 1) * dilation + 1;
        let [before, after] = [0; 2].map(|_| random.random_range(0..span.min(5)));
        let border = match random.random_range(0..5) {
            0 => Border::Replicate,
            1 => Border::HalfSample,
            2 => Border::WholeSample,
            3 => Border::Constant(0),
            _ => Border::Constant(random.random_range(-20..50)),
        };
        let kernel = match random.random_range(0..4) {
            0 => Kernel::same(size, dilation, border),
            1 => Kernel { stride, dilation, border, ..Kernel::valid(size) },
            _ => Kernel { size, stride, dilation, before, after, border },
        };
        if fits(&kernel, length) > 0 && sees_its_mirror(&kernel, length) {
            return kernel;
        }
    }
}

/// Whether each window spans what it reads of a mirrored border.
fn sees_its_mirror(kernel: &Kernel, length: usize) -> bool {
    (0..fits(kernel, length)).all(|window| {
        let first = (window * kernel.stride) as i64 - kernel.before as i64;
        let span = ((kernel.size - 1) * kernel.dilation) as i64;
        (0..kernel.size).all(|tap| {
            let position = first + (tap * kernel.dilation) as i64;
            inside(position, length, kernel.border).is_err()
                || (first..=first + span).contains(&(inside(position, length, kernel.border).unwrap() as i64))
        })
    })
}

pub fn random_case(axes: usize, random: &mut ChaCha8Rng) -> Case {
    let longest = [0, 12, 6, 4][axes];
    let lengths: Vec<usize> = (0..axes).map(|_| random.random_range(1..=longest)).collect();
    let along = lengths.iter().map(|&length| random_kernel(length, random)).collect();
    let beats = if random.random_bool(0.3) { random.random_range(2..=3) } else { 1 };
    Case {
        window: Window { kernels: along, beats, groups: 1, passes: 1, is_large: false },
        lengths,
        lanes: random.random_range(1..=2),
    }
}

/// As [`random_case`], but that the beats of a position, or of parts of it, come several times.
pub fn random_passes(axes: usize, random: &mut ChaCha8Rng) -> Case {
    let Case { window, lengths, lanes } = random_case(axes, random);
    let beats = random.random_range(1..=6);
    let divisors: Vec<usize> = (1..=beats).filter(|groups| beats % groups == 0).collect();
    let groups = divisors[random.random_range(0..divisors.len())];
    let window = Window { beats, groups, passes: random.random_range(2..=4), ..window };
    Case { window, lengths, lanes }
}

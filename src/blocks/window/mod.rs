//! Windows over what streams by: lines, pictures and volumes.
//!
//! A frame is a raster of positions, the innermost axis fastest. [`Window`] makes of it a stream of windows: for each
//! output position the values that a kernel sees, with those beyond the border. It is made of one window for each axis, the outermost
//! first: [`raster`] marks the ends of the axes, [`slide`] puts with each position those before and after it along one axis,
//! and [`framed`] leaves the windows. Separable filters take these one by one, with a filter between.

mod again;
mod border;
mod counter;
mod cursor;
mod flush;
mod kernel;
mod marks;
mod position;
mod raster;
mod schedule;
mod slide;
mod store;
mod timed;

pub use border::Border;
pub use counter::Counter;
pub use cursor::Inner;
pub use kernel::{Kernel, longest_lines};
pub use position::{Position, Positions, framed};
pub use raster::{Size, raster};
pub use slide::{Along, slide};
pub use timed::{timed_framed, timed_raster, timed_slide};

use crate::blocks::Loop;
use crate::hdl::{Payload, Stream};

/// The windows of a convolution or a filter over frames of fixed lengths.
///
/// Without stalls, and with one frame after the other:
/// - *Cycles a frame* ([`Window::cycles`]): `beats` times `max(length, (windows - 1) * stride + 1)` of each axis. So where there are
///   no more windows than the strides have positions for, these are the frame's beats: borders cost no cycle. It takes fewer
///   cycles only where an axis with more windows than that lies within one along which positions have no window.
/// - *Latency* ([`Window::latency`], counted in a module without pipelining): from a frame's first beat to its first window
///   `sum of (span - 1 - before) * line + 1` over the axes, where `line` is the beats at one position of the axis;
///   from its last beat to its last window `sum of (span - 1 - before + (windows - 1) * stride - (length - 1)) * line + 1`,
///   where the axes have no more windows than positions. Borders may add stages of the pipeline.
///   It is that of windows that come once.
/// - *Memory*: for each axis with a line of more than one beat one memory of `line` words of `span - 1` times the bits of a
///   position, times the kernels of the axes further out. Where beats come again, one of two groups of beats besides.
///
/// *Passes*: where rows of weights pass over a window several times, all lines may be read again for each pass: a position's beats, or those of
/// each of its groups, come `passes` times, and so do the windows. That takes a memory of two groups of beats as they come in, in place of one of
/// windows, which are as many times wider as they have taps. A position without a window takes as many cycles as one with: nothing is lost where
/// each has one.
///
/// ```
/// use ternlet::blocks::{Kernel, Border, Window};
/// use ternlet::hdl::{Module, unsigned};
/// // 3 x 3 windows over pictures of 28 x 28 pixels of 4 bits, with zeros around: one a clock cycle.
/// let kernel = Kernel::same(3, 1, Border::Constant(0));
/// let window = Window { kernels: vec![kernel, kernel], beats: 1, groups: 1, passes: 1, is_large: false };
/// let m = Module::new("patches");
/// let pixels = m.input_stream("x", true, &unsigned(4));
/// let patches = window.of(pixels, "patch", &[28, 28]);
/// assert_eq!(patches.payload().len(), 9);
/// m.output_stream("y", patches);
/// m.finish().unwrap();
/// assert_eq!(window.cycles(&[28, 28]), 28 * 28);
/// assert_eq!(window.latency(&[28, 28]), [28 + 1 + 2, 28 + 1 + 2]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The outermost first.
    pub kernels: Vec<Kernel>,
    /// Beats of a position: where its channels come one after the other, a window of each beat comes at that beat's turn.
    pub beats: usize,
    /// Parts of a position's beats, each of which comes again as a whole. They divide the beats.
    pub groups: usize,
    /// How often each of them comes: once, or again for each pass.
    pub passes: usize,
    /// Whether the longest lines, those of the outermost axis that has such of several beats, wait in a large memory of the family (SPRAM), if
    /// it has one. Through its one port a beat that does not come again passes in two clock cycles: a frame takes so many more, and where a
    /// position has several beats up to those of a position for each line besides.
    pub is_large: bool,
}

impl Window {
    /// Windows along each axis of frames of these lengths.
    pub fn windows(&self, lengths: &[usize]) -> Vec<usize> {
        self.kernels.iter().zip(lengths).map(|(kernel, length)| kernel.windows(*length)).collect()
    }

    /// For each window and each beat of a position, again for each pass, its taps, in raster order: those of the innermost axis follow each other. The
    /// windows come in raster order, `last` with the last of a frame; `last` of the beats is not looked at.
    ///
    /// # Panics
    /// If there are not as many lengths as axes, there are no beats or passes, groups do not divide the beats, an axis has no window, more positions are added than a window
    /// spans less one, or a mirroring border wants what a window does not see.
    #[track_caller]
    pub fn of<'m, P: Payload<'m>>(
        &self,
        beats: Stream<'m, P>,
        name: &str,
        lengths: &[usize],
    ) -> Stream<'m, Vec<P>> {
        self.check(lengths);
        let all: Vec<Loop> = lengths.iter().copied().map(Loop::Each).chain(self.loops()).collect();
        let turns = all.iter().map(|each| each.count()).collect();
        let marked = raster(&format!("{name}_raster"), self.again(beats), Size::Fixed(turns));
        let windows = self.axes(lengths).fold(marked, |positions, (kernel, along)| {
            slide(positions, &format!("{name}_axis_{}", along.outer), kernel, &along)
        });
        framed(name, windows)
    }

    /// The axes of frames of these lengths, the outermost first.
    fn axes(&self, lengths: &[usize]) -> impl Iterator<Item = (&Kernel, Along)> {
        let all: Vec<Loop> = lengths.iter().copied().map(Loop::Each).chain(self.loops()).collect();
        let lengths = lengths.to_vec();
        let longest = longest_lines(&self.kernels);
        self.kernels.iter().enumerate().map(move |(outer, kernel)| {
            let inner = Inner::Fixed(all[outer + 1..].to_vec());
            let is_large = self.is_large && longest == Some(outer);
            (kernel, Along { outer, length: Some(lengths[outer]), inner, is_large })
        })
    }

    /// Bits of the memories, for beats of `bits`.
    ///
    /// # Panics
    /// As [`Window::of`].
    #[track_caller]
    pub fn memory_bits(&self, lengths: &[usize], bits: u32) -> usize {
        self.check(lengths);
        let mut taps = bits as usize;
        let mut total = self.words_again() * taps;
        for (axis, kernel) in self.kernels.iter().enumerate() {
            let line = self.beats * lengths[axis + 1..].iter().product::<usize>();
            total += if line > 1 { line * (kernel.span() - 1) * taps } else { 0 };
            taps *= kernel.size;
        }
        total
    }

    /// Clock cycles from one frame to the next, without stalls; the docs of [`Window`] say where they are fewer.
    ///
    /// # Panics
    /// As [`Window::of`].
    #[track_caller]
    pub fn cycles(&self, lengths: &[usize]) -> usize {
        self.check(lengths);
        schedule::cycles(&self.kernels, lengths, self.turns())
    }

    /// Clock cycles from a frame's first beat to its first window, and from its last beat to its last window; less than 0 where the
    /// last windows see nothing of the last beats.
    ///
    /// # Panics
    /// As [`Window::of`], and if windows come again.
    #[track_caller]
    pub fn latency(&self, lengths: &[usize]) -> [i64; 2] {
        self.check(lengths);
        assert!(self.passes == 1, "the latency is that of windows that come once");
        schedule::latency(&self.kernels, lengths, self.beats)
    }

    #[track_caller]
    fn check(&self, lengths: &[usize]) {
        let axes = self.kernels.len();
        assert!(lengths.len() == axes, "a window of {axes} axes, but frames of {}", lengths.len());
        assert!(self.beats * self.passes > 0, "a position has a beat, and comes once at least");
        let whole = self.groups > 0 && self.beats.is_multiple_of(self.groups);
        assert!(whole, "{} groups do not divide the {} beats of a position", self.groups, self.beats);
        self.kernels.iter().zip(lengths).for_each(|(kernel, &length)| kernel.check(Some(length)));
    }
}

//! Where a beat is among windows that do not overlap.

use super::Tiles;
use crate::blocks::Kernel;
use crate::blocks::digit::{Digit, number};
use crate::hdl::{Module, Range, Signal};

/// A beat in its frame, counted.
pub(super) struct Place<'m> {
    /// Whether a window sees it.
    pub seen: Signal<'m>,
    /// Whether it is its window's first of this beat of a position, or its last.
    pub opens: Signal<'m>,
    pub closes: Signal<'m>,
    /// Whether no beat of the frame after it closes a window.
    pub last: Signal<'m>,
    /// Where the window's value is kept.
    pub address: Signal<'m>,
    /// Whether the beat before it in a window is kept at that address too.
    pub again: Signal<'m>,
    axes: Vec<Axis<'m>>,
    beat: Digit<'m>,
}

/// Along an axis: the place within a stride, and the window.
struct Axis<'m> {
    tap: Digit<'m>,
    window: Digit<'m>,
    before: usize,
    end: Signal<'m>,
    seen: Signal<'m>,
    opens: Signal<'m>,
    closes: Signal<'m>,
    last: Signal<'m>,
}

impl<'m> Axis<'m> {
    fn new(m: &'m Module, axis: usize, kernel: &Kernel, length: usize) -> Self {
        let &Kernel { size, stride, before, .. } = kernel;
        let (windows, reach) = (kernel.windows(length), before + length);
        let tap = Digit::new(m, format!("tap_{axis}"), stride.min(reach), before);
        // Positions after the last window count as one more.
        let window = Digit::new(m, format!("window_{axis}"), (reach - 1) / stride + 1, 0);
        let last_tap = (reach - 1) % stride;
        let end = window.end() & tap.is(last_tap);
        let between = if size < stride.min(reach) { tap.value.lt(size as i64) } else { m.always() };
        let after = if (reach - 1) / stride == windows { !window.is(windows) } else { m.always() };
        let opens = match before {
            0 => tap.is(0),
            before => window.is(0).mux(tap.is(before), if stride > reach { m.never() } else { tap.is(0) }),
        };
        let full = if size <= stride.min(reach) { tap.is(size - 1) } else { m.never() };
        Self {
            last: window.is(windows - 1),
            tap,
            window,
            before,
            end,
            seen: between & after,
            opens,
            closes: full | end,
        }
    }

    /// Counts on where `moves`; gives whether the next axis further out moves too.
    fn step(&self, moves: Signal<'m>) -> Signal<'m> {
        self.window.step(moves & (self.tap.end() | self.end));
        self.tap.step_from(moves, self.end, self.before);
        moves & self.end
    }
}

impl<'m> Place<'m> {
    pub fn new(m: &'m Module, tiles: &Tiles) -> Self {
        let axes =
            tiles.axes().enumerate().map(|(axis, (kernel, length))| Axis::new(m, axis, kernel, length));
        let axes: Vec<Axis<'m>> = axes.collect();
        let beat = Digit::new(m, "beat", tiles.beats, 0);
        let all = |of: fn(&Axis<'m>) -> Signal<'m>| {
            axes.iter().map(of).reduce(|all, one| all & one).unwrap_or(m.always())
        };
        let seen = all(|axis| axis.seen).named("seen");
        let kept = &axes[tiles.kept_from()..];
        let digit = |(axis, windows): (&Axis<'m>, &usize)| {
            (axis.window.value.assume_when(seen, Range::new(0, windows - 1)), *windows)
        };
        let windows = tiles.windows();
        let digits = kept.iter().zip(&windows[tiles.kept_from()..]).map(digit);
        let digits: Vec<_> = digits.chain([(beat.value, tiles.beats)]).collect();
        // The address stays until a window opens along the innermost axis that has several, and along those within it.
        let moving =
            windows.iter().rposition(|windows| *windows > 1).filter(|axis| *axis >= tiles.kept_from());
        let fresh =
            moving.map(|moving| axes[moving..].iter().map(|axis| axis.opens).reduce(|all, one| all & one));
        let again = fresh.flatten().map_or(m.always(), |fresh| !fresh);
        Self {
            seen,
            opens: all(|axis| axis.opens).named("opens"),
            closes: all(|axis| axis.closes).named("closes"),
            last: all(|axis| axis.last) & beat.end(),
            address: number(m, &digits).named("address"),
            again,
            axes,
            beat,
        }
    }

    /// Counts on where a beat enters.
    pub fn step(&self, enters: Signal<'m>) {
        self.beat.step(enters);
        let moves = enters & self.beat.end();
        self.axes.iter().rev().fold(moves, |moves, axis| axis.step(moves));
    }
}

//! Positions of frames in raster order: what windows take and give.

use crate::hdl::{Payload, Signal, Stream, of_field};

/// A position of a frame, or a window around it. Nets of the Verilog are called after its names.
#[derive(Clone)]
pub struct Position<'m, P> {
    /// What each tap is, such as `pixel`.
    pub of: &'static str,
    /// What windows see: its taps so far, one before the first window.
    pub taps: Vec<P>,
    /// What goes along with the position that a window is around, by name.
    pub carried: Vec<(&'static str, Signal<'m>)>,
    /// For each axis, the outermost first: whether this is the last position along it. It is right wherever the position is
    /// the last along all axes further in.
    pub ends: Vec<Signal<'m>>,
}

/// The stream is not framed: the positions say where a frame ends.
pub type Positions<'m, P> = Stream<'m, Position<'m, P>>;

impl<'m, P: Payload<'m>> Payload<'m> for Position<'m, P> {
    fn signals(&self) -> Vec<Signal<'m>> {
        [self.taps.signals(), self.carried_signals(), self.ends.clone()].concat()
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        let (taps, carried) = (self.taps.rebuild(signals), self.carried_signals().rebuild(signals));
        self.with(taps, carried, self.ends.rebuild(signals))
    }

    fn names(&self) -> Vec<String> {
        let carried = self.carried.iter().map(|(name, _)| (*name).to_owned()).collect();
        [of_field(self.of, self.taps.names()), carried, of_field("end", self.ends.names())].concat()
    }
}

impl<'m, P> Position<'m, P> {
    pub(super) fn carried_signals(&self) -> Vec<Signal<'m>> {
        self.carried.iter().map(|(_, signal)| *signal).collect()
    }

    /// Another position whose parts are called as those of this one.
    pub(super) fn with(&self, taps: Vec<P>, carried: Vec<Signal<'m>>, ends: Vec<Signal<'m>>) -> Self {
        let names = self.carried.iter().map(|(name, _)| *name);
        Self { of: self.of, taps, carried: names.zip(carried).collect(), ends }
    }

    /// Whether it is its frame's last.
    pub fn ends_frame(&self) -> Signal<'m> {
        self.ends.iter().copied().reduce(|all, end| all & end).expect("a frame has axes")
    }
}

/// The taps of windows, with `last` at the end of each frame.
#[track_caller]
pub fn framed<'m, P: Payload<'m>>(name: &str, windows: Positions<'m, P>) -> Stream<'m, Vec<P>> {
    let (taps, last) = (windows.payload().taps.clone(), windows.payload().ends_frame());
    let (stream, ready) = Stream::offer(name, windows.valid(), Some(last), taps);
    let taken = windows.take(ready);
    stream.after(taken.stages)
}

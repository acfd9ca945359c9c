//! Positions of frames in raster order: what windows take and give.

use crate::hdl::{Payload, Signal, Stream, of_field};

/// A position of a frame, or a window around it.
#[derive(Clone)]
pub struct Position<'m, P> {
    /// What windows see: its taps so far, one before the first window.
    pub taps: Vec<P>,
    /// What goes along with the position that a window is around.
    pub carried: Vec<Signal<'m>>,
    /// For each axis, the outermost first: whether this is the last position along it. It is right wherever the position is
    /// the last along all axes further in.
    pub ends: Vec<Signal<'m>>,
}

/// The stream is not framed: the positions say where a frame ends.
pub type Positions<'m, P> = Stream<'m, Position<'m, P>>;

impl<'m, P: Payload<'m>> Payload<'m> for Position<'m, P> {
    fn signals(&self) -> Vec<Signal<'m>> {
        [self.taps.signals(), self.carried.clone(), self.ends.clone()].concat()
    }

    fn rebuild(&self, signals: &mut dyn Iterator<Item = Signal<'m>>) -> Self {
        let (taps, carried) = (self.taps.rebuild(signals), self.carried.rebuild(signals));
        Self { taps, carried, ends: self.ends.rebuild(signals) }
    }

    fn names(&self) -> Vec<String> {
        let fields =
            [("tap", self.taps.names()), ("carried", self.carried.names()), ("end", self.ends.names())];
        fields.into_iter().flat_map(|(field, names)| of_field(field, names)).collect()
    }
}

impl<'m, P> Position<'m, P> {
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

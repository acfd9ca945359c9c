//! A timed run of streams without their integers: which beats pass in which clock cycle.
//!
//! What a datapath is made of is told as [`Actor`]s: when each takes a beat and when it gives one. A [`Timeline`] joins them by
//! channels and lets them run while nothing outside waits. It is for datapaths in which beats wait for each other, so that no
//! [`Pace`](super::Pace) says when they come.

mod awake;
mod beats;
mod buffers;
mod elastic;
mod network;
mod run;

pub use beats::{After, Framed, Gather, Headed, Repeat, Replay, Stepped, Zip};
pub use buffers::{Delay, Fifo, Fork, LargeFifo, Pipeline, Spill};
pub use elastic::{Elastic, Gauge};
pub use network::Timeline;
pub use run::{Cycles, Happened, Run};

/// What passes in a clock cycle: a beat of a stream, without its integers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// Whether it is its frame's last.
    pub last: bool,
    /// For each axis, the innermost in bit 0: whether it is the last along it.
    pub ends: u8,
    /// What else those that hand it to each other agree on.
    pub flags: u8,
}

impl Beat {
    /// Whether it is its frame's last: as it says itself, or as it is the last along all of so many axes.
    pub fn ends_frame(self, axes: usize) -> bool {
        self.last || axes > 0 && usize::from(self.ends) + 1 == 1 << axes
    }
}

/// A stream between two actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel(usize);

/// What takes and gives beats: a circuit's handshakes as plain code, a cycle at a time.
///
/// What it offers must not depend on what its takers are ready for, as `valid` may not on `ready`.
pub trait Actor {
    /// The beat that it offers at each output, where its inputs offer these.
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]);

    /// Whether it is ready for a beat of each input; `free` says of which outputs the taker is.
    fn takes(&self, inputs: &[Option<Beat>], free: &[bool], ready: &mut [bool]);

    /// The end of the cycle, in which a beat passed where it was offered and its taker was ready.
    fn step(&mut self, inputs: &[Option<Beat>], ready: &[bool], free: &[bool]);

    /// Whether a cycle in which no beat passes at it leaves it as it is, where its inputs offer these and these outputs are free: then it
    /// is left out of that cycle, and where all rest nothing will ever pass again. An actor that moves beats within itself says when it does not.
    fn rests(&self, _inputs: &[Option<Beat>], _free: &[bool]) -> bool {
        false
    }
}

/// The beat of an input that passes.
pub fn passing(inputs: &[Option<Beat>], ready: &[bool], input: usize) -> Option<Beat> {
    inputs[input].filter(|_| ready[input])
}

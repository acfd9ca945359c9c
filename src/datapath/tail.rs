//! The lanes that the last beat of a frame has too many.

use super::LaneStream;
use crate::hdl::Range;
use crate::stream::Port;

/// The same beats with 0 in the lanes that mean nothing in the last beat of a frame of `port`.
pub(super) fn zero_tail<'m>(stream: LaneStream<'m>, port: &Port) -> LaneStream<'m> {
    let tail = port.tail();
    if tail == port.lanes() {
        return stream;
    }
    stream.scan("tail", &Vec::<Range>::new(), &[], |state, lanes, last| {
        let masked = lanes.iter().enumerate();
        let masked = masked.map(|(lane, &value)| if lane < tail { value } else { last.mux(0, value) });
        (state, masked.collect())
    })
}

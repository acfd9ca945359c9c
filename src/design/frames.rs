//! The frames of a design's data: held where they are few, else read from their files as they are needed.

use super::beats::tokens;
use super::error::DesignError;
use super::located::Located;
use crate::datapath::{Datapath, Tensor};
use crate::stream::{Port, Ports, Tokens, Transfers};
use std::io;
use std::ops::Range;

/// Frames for each input stream of a datapath.
pub struct Frames {
    ports: Vec<Port>,
    count: usize,
    held: Held,
    /// Whether they go through the golden model at once.
    at_once: bool,
}

enum Held {
    Whole(Transfers),
    /// A tensor for each stream, whose integers are known to be in their ranges.
    InFiles(Vec<Located>),
}

impl Frames {
    /// Frames that are held. Parts of a larger input go through a golden model `at_once`, as they are put together again.
    pub fn whole(datapath: &dyn Datapath, frames: Transfers, at_once: bool) -> Self {
        let ports = datapath.ports().inputs;
        let mut streams = ports.iter().zip(&frames).filter(|(port, _)| !port.is_once());
        let count = streams.next().map_or(0, |(port, tokens)| tokens.frames(port).count());
        Self { ports, count, held: Held::Whole(frames), at_once: at_once || datapath.remembers() }
    }

    /// The frames of `tensors`, one for each input stream, which are read batch by batch; none where that cannot be done, or something is
    /// wrong with them: reading them whole says what.
    pub fn in_files(datapath: &dyn Datapath, tensors: Vec<Located>) -> Option<Self> {
        let ports = datapath.ports().inputs;
        let counts = ports.iter().zip(&tensors).map(|(port, tensor)| {
            let ends_in_a_frame = tensor.tails().any(|values| values == port.frame_values());
            (ends_in_a_frame && !port.is_varying() && !port.is_once())
                .then(|| tensor.len() / port.frame_values())
        });
        let counts = counts.collect::<Option<Vec<usize>>>()?;
        let count = *counts.first()?;
        let alike = counts.iter().all(|of_port| *of_port == count);
        if count == 0 || !alike || datapath.remembers() || is_carried(datapath, &tensors) {
            return None;
        }
        let frames = Self { ports, count, held: Held::InFiles(tensors), at_once: false };
        let sound = |batch| frames.frames(batch).is_ok_and(|frames| datapath.check(&frames).is_ok());
        frames.batches(batch_frames(&datapath.ports())).all(sound).then_some(frames)
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// The frames of these numbers, and all of a stream of one frame.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn frames(&self, frames: Range<usize>) -> Result<Transfers, DesignError> {
        match &self.held {
            Held::Whole(whole) if frames == (0..self.count) => Ok(whole.clone()),
            Held::Whole(whole) => {
                let streams = self.ports.iter().zip(whole);
                let part = |(port, tokens): (&Port, &Tokens)| match port.is_once() {
                    true => tokens.clone(),
                    false => tokens.some_frames(port, frames.clone()),
                };
                Ok(streams.map(part).collect())
            }
            Held::InFiles(tensors) => {
                let read = |(port, tensor): (&Port, &Located)| {
                    let unreadable = |source| DesignError::Unreadable { path: tensor.path.clone(), source };
                    tensor_of(port, tensor, &frames).map_err(unreadable)
                };
                self.ports.iter().zip(tensors).map(read).collect()
            }
        }
    }

    /// The numbers of all frames, at most `most` at a time, or all of them where they go through a golden model at once.
    pub fn batches(&self, most: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        batches(self.count, if self.at_once { self.count } else { most })
    }
}

/// The integers of a batch of frames, of all streams.
pub const BATCH_INTEGERS: usize = 1 << 20;

/// How many frames are a batch: at least one.
pub fn batch_frames(ports: &Ports) -> usize {
    let frame: usize = ports.each().map(|(port, _)| port.frame_values()).sum();
    (BATCH_INTEGERS / frame.max(1)).max(1)
}

/// `0..count` in ranges of at most `most`, all but one about equally long.
pub fn batches(count: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    let each = count.div_ceil(count.div_ceil(most.max(1)).max(1)).max(1);
    (0..count).step_by(each).map(move |start| start..(start + each).min(count))
}

/// Whether `datapath` lays out such tensors itself: a frame of them shows it.
fn is_carried(datapath: &dyn Datapath, tensors: &[Located]) -> bool {
    let ports = datapath.ports().inputs;
    let ([tensor], [port]) = (tensors, &ports[..]) else { return false };
    let Some(frame_from) = tensor.tails().position(|values| values == port.frame_values()) else {
        return true;
    };
    let (mut shape, values) = (tensor.shape.clone(), vec![0; port.frame_values()]);
    shape[..frame_from].fill(1);
    datapath.carry(&Tensor { shape, values }).is_some()
}

fn tensor_of(port: &Port, tensor: &Located, frames: &Range<usize>) -> io::Result<Tokens> {
    let frame = port.frame_values();
    let values = tensor.read(frames.start * frame..frames.end * frame)?;
    let shape = vec![frames.len(), frame];
    tokens(port, &Tensor { shape, values }).map_err(|why| io::Error::new(io::ErrorKind::InvalidData, why))
}

#[cfg(test)]
mod tests {
    use super::batches;

    #[test]
    fn batches_are_all_frames_in_their_order() {
        for (count, most) in [(0, 3), (1, 3), (3, 3), (4, 3), (10, 3), (300_000, 7489), (5, 0)] {
            let all: Vec<_> = batches(count, most).collect();
            assert!(all.iter().all(|batch| !batch.is_empty() && batch.len() <= most.max(1)));
            assert_eq!(all.into_iter().flatten().collect::<Vec<_>>(), (0..count).collect::<Vec<_>>());
        }
    }
}

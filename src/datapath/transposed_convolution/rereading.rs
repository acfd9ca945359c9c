//! Positions that are read again for each row and plane that they become.

use super::golden::TransposedShape;
use crate::blocks::{Loop, Walk, replay_walk, replay_words, timed_replay};
use crate::datapath::LaneStream;
use crate::stream::timeline::{Channel, Framed, Timeline};

/// The map that leaves is a raster. So a plane of the input is read once for each plane that it becomes, and within each of these a row once for each
/// row. Two of the largest that are read again lie in a memory.
#[derive(Clone, Debug)]
pub struct Rereading {
    size: Vec<usize>,
    /// How often what lies within an axis is read, for each.
    times: Vec<usize>,
    /// Beats of a position.
    beats: usize,
}

impl Rereading {
    /// Of groups a position is read for each position of its row that it becomes; else the array holds it meanwhile.
    pub fn new(shape: &TransposedShape, beats: usize) -> Self {
        let mut times = shape.kernel.clone();
        if shape.groups == 1 {
            *times.last_mut().expect("there is an axis") = 1;
        }
        Self { size: shape.size.clone(), times, beats }
    }

    /// Of constant weights, whose rows are those of all taps.
    pub fn of_rows(shape: &TransposedShape) -> Self {
        Self::new(&TransposedShape { groups: 1, ..shape.clone() }, 1)
    }

    /// The beats that are read again as a whole, in the order in which they are read.
    fn walk(&self) -> Walk {
        let outermost = self.times.iter().position(|times| *times > 1).unwrap_or(self.times.len());
        let loops = (outermost..self.times.len()).flat_map(|axis| {
            let along = if axis == outermost { 1 } else { self.size[axis] };
            [Loop::Each(along), Loop::Again(self.times[axis])]
        });
        Walk::new(loops.chain([Loop::Each(self.beats)]))
    }

    /// Positions of a frame, as they are read.
    pub fn vectors(&self) -> usize {
        self.size.iter().product::<usize>() * self.passes()
    }

    /// How often each beat is read.
    fn passes(&self) -> usize {
        self.times.iter().product()
    }

    /// Words of the memory, each of a beat.
    pub fn words(&self) -> usize {
        if self.passes() == 1 { 0 } else { replay_words(self.walk().count()) }
    }

    pub fn build<'m>(&self, x: LaneStream<'m>) -> LaneStream<'m> {
        let walk = self.walk();
        match (walk.count(), self.passes()) {
            (_, 1) => x.unframed(),
            (1, passes) => x.unframed().repeated(passes),
            _ => {
                let doc = "rows and planes, each for every one that it becomes; the next are taken meanwhile";
                replay_walk(x.unframed(), &walk, doc).unframed()
            }
        }
    }

    /// The same as a timed run.
    pub fn timed(&self, t: &mut Timeline, x: Channel) -> Channel {
        let x = t.through(x, 0, Framed::new(usize::MAX));
        timed_replay(t, x, self.walk().count(), self.passes())
    }
}

/// Which phase each vector meets, of the taps along all axes but the innermost; and then, of groups, which tap along that and which group.
pub fn turns(shape: &TransposedShape, by_group: bool) -> Vec<Loop> {
    let innermost = shape.size.len() - 1;
    let mut loops = Vec::new();
    for axis in 0..innermost {
        loops.extend([Loop::Again(shape.size[axis]), Loop::Each(shape.kernel[axis])]);
    }
    loops.push(Loop::Again(shape.size[innermost]));
    if by_group && shape.groups > 1 {
        loops.push(Loop::Each(shape.kernel[innermost] * shape.groups));
    }
    loops
}

//! Beats of a position that come again for each pass over its window.

use super::Window;
use crate::blocks::{Loop, replay, replay_words, timed_replay};
use crate::hdl::{Payload, Stream};
use crate::stream::timeline::{Channel, Framed, Timeline};

impl Window {
    /// How the beats of a position come.
    pub(super) fn loops(&self) -> Vec<Loop> {
        match (self.groups, self.passes) {
            (_, 1) => vec![Loop::Each(self.beats)],
            (1, passes) => vec![Loop::Again(passes), Loop::Each(self.beats)],
            (groups, passes) => vec![Loop::Each(groups), Loop::Again(passes), Loop::Each(self.part())],
        }
    }

    /// Beats of a position, with those that come again.
    pub(super) fn turns(&self) -> usize {
        self.beats * self.passes
    }

    /// Beats of a group, which come again as a whole.
    fn part(&self) -> usize {
        self.beats / self.groups
    }

    /// Words of the memory of what comes again.
    pub(super) fn words_again(&self) -> usize {
        if self.passes == 1 { 0 } else { replay_words(self.part()) }
    }

    #[track_caller]
    pub(super) fn again<'m, P: Payload<'m>>(&self, beats: Stream<'m, P>) -> Stream<'m, P> {
        if self.passes == 1 { beats } else { replay(beats.unframed(), self.part(), self.passes) }
    }

    /// The same as a timed run.
    pub(super) fn timed_again(&self, t: &mut Timeline, beats: Channel) -> Channel {
        if self.passes == 1 {
            return beats;
        }
        let beats = t.through(beats, 0, Framed::new(usize::MAX));
        timed_replay(t, beats, self.part(), self.passes)
    }
}

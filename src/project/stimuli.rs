//! What a simulation sends.

use super::error::Error;
use super::expected::expected;
use super::stage::Stage;
use crate::design::{BATCH_INTEGERS, Design, batch_frames, batches};
use crate::stream::{Draw, Transfers};
use crate::verify::Case;
use std::ops::Range;

/// Cycles without any transfer after which a design is stuck.
pub const STALL_LIMIT: u64 = 1_000_000;

/// Corners, random frames, and the design's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stimuli {
    /// Random frames; otherwise as many as suit the stage and the cycles that a frame takes.
    pub frames: Option<usize>,
    /// Decides the random frames and the stalls.
    pub seed: u64,
    /// Whether the design's data alone is sent, once, never stalled: of frames so long that all would take hours.
    pub once: bool,
}

impl Default for Stimuli {
    fn default() -> Self {
        Self { frames: None, seed: 1, once: false }
    }
}

impl Stimuli {
    /// How many random frames go into `design` at this stage.
    pub fn frames_of(&self, design: &Design, stage: Stage) -> usize {
        let inputs = design.datapath.ports().inputs;
        let longest = inputs.iter().map(|port| port.frame_beats()).max().unwrap_or(1).max(1);
        let usual = || {
            let cycles = design.datapath.footprint().cycles.max(longest as u64);
            stage.frames(longest, cycles) * design.datapath.frame_multiple()
        };
        self.frames.unwrap_or_else(usual)
    }

    /// Corners, then random frames, then the design's data, each with what the golden model makes of it, made one by one; or the data alone. More random
    /// frames than the usual number, or more data, are several cases, so that none takes more memory than another.
    pub fn cases<'d>(&self, design: &'d Design, stage: Stage) -> Cases<'d> {
        let usual = Self::default().frames_of(design, stage);
        let most = batch_frames(&design.datapath.ports()).max(usual);
        let random = batches(self.frames_of(design, stage), most).map(|frames| Part::Random(frames.len()));
        let corners = design.datapath.corners().into_iter().map(Part::Corner);
        let data = design.input.iter().flat_map(|input| input.batches(most)).map(Part::Data);
        let parts: Vec<Part> = match self.once {
            true => data.collect(),
            false => corners.chain(random).chain(data).collect(),
        };
        Cases { design, draw: Draw::seeded(self.seed), parts: parts.into_iter() }
    }
}

/// What a case is made of.
enum Part {
    Corner(Transfers),
    /// So many random frames.
    Random(usize),
    /// Frames of the design's data.
    Data(Range<usize>),
}

/// The cases of a simulation, of which each is made when it is asked for.
pub struct Cases<'d> {
    design: &'d Design,
    draw: Draw,
    parts: std::vec::IntoIter<Part>,
}

impl Iterator for Cases<'_> {
    type Item = Result<Sent, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let datapath = &self.design.datapath;
        let part = self.parts.next()?;
        let is_data = matches!(part, Part::Data(_));
        let inputs = match part {
            Part::Corner(inputs) => Ok(inputs),
            Part::Random(frames) => Ok(datapath.random(frames, &mut self.draw)),
            Part::Data(frames) => self.design.input.as_ref().expect("there is data").frames(frames),
        };
        let case = |inputs| Case { expected: expected(&**datapath, &inputs), inputs };
        Some(inputs.map(|inputs| Sent { case: case(inputs), is_data }).map_err(Error::from))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.parts.size_hint()
    }
}

impl ExactSizeIterator for Cases<'_> {}

impl Cases<'_> {
    /// The next cases, as many as are a batch together: none at the end.
    ///
    /// # Errors
    /// If the data cannot be read.
    pub fn batch(&mut self) -> Result<Vec<Sent>, Error> {
        let (mut batch, mut integers) = (Vec::new(), 0);
        while integers < BATCH_INTEGERS {
            let Some(sent) = self.next().transpose()? else { break };
            let Case { inputs, expected } = &sent.case;
            integers += inputs.iter().chain(expected).map(|tokens| tokens.values.len()).sum::<usize>();
            batch.push(sent);
        }
        Ok(batch)
    }
}

/// A case, and whether it is of the design's data.
pub struct Sent {
    pub case: Case,
    pub is_data: bool,
}

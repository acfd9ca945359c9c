//! What a simulation sends.

use super::stage::Stage;
use crate::design::Design;
use crate::stream::Draw;
use crate::verify::Case;

/// Cycles without any transfer after which a design is stuck.
pub const STALL_LIMIT: u64 = 1_000_000;

/// Corners, random frames, and the design's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stimuli {
    /// Random frames; otherwise as many as suit the stage and the frames' length.
    pub frames: Option<usize>,
    /// Decides the random frames and the stalls.
    pub seed: u64,
}

impl Default for Stimuli {
    fn default() -> Self {
        Self { frames: None, seed: 1 }
    }
}

impl Stimuli {
    /// How many random frames go into `design` at this stage.
    pub fn frames_of(&self, design: &Design, stage: Stage) -> usize {
        let inputs = design.datapath.ports().inputs;
        let longest = inputs.iter().map(|port| port.frame_beats()).max().unwrap_or(1);
        self.frames.unwrap_or_else(|| stage.frames(longest.max(1)) * design.datapath.frame_multiple())
    }

    /// Corners, then random frames, then the design's data, each with what the golden model makes of it.
    pub fn cases(&self, design: &Design, stage: Stage) -> Vec<Case> {
        let frames = self.frames_of(design, stage);
        let mut inputs = design.datapath.corners();
        if frames > 0 {
            inputs.push(design.datapath.random(frames, &mut Draw::seeded(self.seed)));
        }
        inputs.extend(design.input.clone());
        let case = |inputs| Case { expected: design.datapath.golden(&inputs), inputs };
        inputs.into_iter().map(case).collect()
    }
}

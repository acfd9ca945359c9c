//! The report page of a whole flow: one HTML file that needs nothing else.
//!
//! The template `report.html` says what stands where; the figures of the page are computed here and in [`figures`].

mod figures;
mod filters;
mod picture;
mod plot;

pub use picture::file;

use crate::datapath::Figure;
use crate::flow::{CriticalPath, Outcome, Placement, Synthesis};
use crate::verify::Report;
use askama::Template;
use figures::{Meter, PathBar, Resource, ScoreBar, Seed, Shade};

/// Everything that the page tells.
#[derive(Template)]
#[template(path = "report.html")]
pub struct Page<'a> {
    pub design: &'a str,
    pub board: &'a str,
    pub kind: &'a str,
    /// What it computes, a line a layer.
    pub doc: &'a str,
    pub facts: Vec<(String, String)>,
    pub simulator: &'a str,
    pub simulation: &'a Report,
    /// Of each output that a reference computed too: its name, how many integers, and how many of them differ.
    pub references: Vec<(&'a str, usize, usize)>,
    /// How many frames are named right, of how many.
    pub accuracy: Option<(usize, usize)>,
    /// Of maps each class with its Dice.
    pub dice: Vec<(i64, f64)>,
    pub synthesis: &'a Synthesis,
    pub pictures: Vec<Picture>,
    /// What the datapath shows of its data.
    pub figures: &'a [Figure],
    /// Its layers below what the device gives.
    pub roofline: Option<Figure>,
    pub version: &'a str,
}

/// A frame of the input as a picture, with what became of it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// At least 1; the rows follow each other in `pixels`.
    pub width: usize,
    pub pixels: Vec<i64>,
    pub label: i64,
    pub class: i64,
    /// A score for each class, or none.
    pub scores: Vec<i64>,
}

impl Page<'_> {
    /// The page. The same contents give the same text.
    pub fn html(&self) -> String {
        self.render().expect("rendering into memory")
    }

    /// Every check that does not hold, in a sentence each. A simulation without frames has shown nothing.
    fn failures(&self) -> Vec<String> {
        let (simulation, synthesis) = (self.simulation, self.synthesis);
        let mut failures = Vec::new();
        if simulation.frames == 0 {
            failures.push("No frame was simulated.".into());
        }
        if simulation.mismatches > 0 {
            failures.push(format!("{} integers differ from the golden model.", simulation.mismatches));
        }
        for (stream, values, different) in self.references.iter().filter(|(.., different)| *different > 0) {
            failures.push(format!(
                "Output {stream}: {different} of {values} integers differ from the reference's."
            ));
        }
        match &synthesis.outcome {
            Outcome::Placed(placement) if placement.timing_met => {}
            Outcome::Placed(placement) => {
                let (reached, needed) = (placement.fmax_mhz, synthesis.needed_mhz);
                failures.push(format!("The clock reaches {reached:.2} MHz, {needed} MHz are needed."));
            }
            Outcome::TooLarge { over } => failures.extend(over.iter().map(|usage| {
                format!("The design does not fit: {} {} of {}.", usage.used, usage.noun(), usage.there_is)
            })),
        }
        failures
    }

    /// What the design alone takes of the device, of each kind that the device has.
    fn resources(&self) -> Vec<Resource> {
        let (counts, device) = (&self.synthesis.counts, &self.synthesis.device);
        let rows = [
            ("look-up tables (LUT4)", counts.lut4, device.lut4),
            ("flip-flops", counts.ff, device.ff),
            ("block RAM", counts.block_ram, device.block_ram),
            ("DSP", counts.dsp, device.dsp),
            ("SPRAM", counts.spram, device.spram),
        ];
        let rows = rows.into_iter().filter(|(.., available)| *available > 0);
        rows.map(|(name, used, available)| Resource::new(name, used, available)).collect()
    }

    /// What the design and the board top around it take after placement.
    fn placed(&self, placement: &Placement) -> Vec<Resource> {
        let used = placement.used.iter();
        used.map(|usage| Resource::new(usage.noun(), usage.used, usage.there_is)).collect()
    }

    fn accuracy_percent(&self) -> Option<f64> {
        self.accuracy.map(|(right, of)| figures::percent(right as f64, of as f64))
    }

    /// Microseconds that `cycles` take on the board.
    fn microseconds(&self, cycles: &f64) -> f64 {
        cycles / self.synthesis.board_clock_mhz
    }

    fn frames_a_second(&self, cycles_a_frame: &f64) -> u64 {
        (1e6 * self.synthesis.board_clock_mhz / cycles_a_frame) as u64
    }

    /// The clock that was reached and the one that must be, on one scale.
    fn clock(&self, placement: &Placement) -> Meter {
        let (fmax_mhz, needed_mhz) = (placement.fmax_mhz, self.synthesis.needed_mhz);
        Meter::marked(fmax_mhz, needed_mhz, f64::max(fmax_mhz, needed_mhz))
    }

    /// A clock period of the frequency that must be reached.
    fn period_ns(&self) -> f64 {
        1e3 / self.synthesis.needed_mhz
    }

    /// What a period of the frequency that must be reached leaves over; less than 0 if the clock misses it.
    fn slack_ns(&self, placement: &Placement) -> f64 {
        self.period_ns() - 1e3 / placement.fmax_mhz
    }

    fn seeds(&self, placement: &Placement) -> Vec<Seed> {
        figures::seeds(placement, self.synthesis.needed_mhz)
    }

    fn path(&self, path: &CriticalPath) -> Vec<PathBar> {
        figures::path(path)
    }

    /// The least and the greatest value of a pixel: of all pictures, so that they compare.
    fn pixel_range(&self) -> (i64, i64) {
        let pixels = || self.pictures.iter().flat_map(|picture| picture.pixels.iter().copied());
        (pixels().min().unwrap_or(0).min(0), pixels().max().unwrap_or(0).max(1))
    }
}

impl Picture {
    fn height(&self) -> usize {
        self.pixels.len() / self.width
    }

    fn right(&self) -> bool {
        self.class == self.label
    }

    fn shades(&self, range: &(i64, i64)) -> Vec<Shade> {
        figures::shades(&self.pixels, self.width, *range)
    }

    fn bars(&self) -> Vec<ScoreBar> {
        figures::score_bars(&self.scores, self.class)
    }
}

//! The report page of a whole flow: one HTML file that needs nothing else.

use crate::flow::Synthesis;
use crate::verify::Report;
use askama::Template;

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
    /// Of each output that an outsider computed too: its name, how many integers, and how many of them differ.
    pub outsiders: Vec<(&'a str, usize, usize)>,
    /// How many frames are named right, of how many.
    pub accuracy: Option<(usize, usize)>,
    pub synthesis: &'a Synthesis,
    pub pictures: Vec<Picture>,
    pub version: &'a str,
}

/// A frame of the input as a picture, with what became of it.
pub struct Picture {
    pub width: usize,
    pub pixels: Vec<i64>,
    pub label: i64,
    pub class: i64,
    /// A score for each class.
    pub scores: Vec<i64>,
}

/// A rectangle of a picture, and how dark it is, 0 to 100.
struct Pixel {
    x: usize,
    y: usize,
    percent: i64,
}

/// A bar of a class, in percent of the room from the lowest score to the highest.
struct Bar {
    class: usize,
    score: i64,
    percent: i64,
    chosen: bool,
}

/// What is used of a resource of the device.
struct Resource {
    name: &'static str,
    used: u64,
    available: u64,
    percent: f64,
}

impl Page<'_> {
    /// The page. The same contents give the same text.
    pub fn html(&self) -> String {
        self.render().expect("rendering into memory")
    }

    fn resources(&self) -> Vec<Resource> {
        let (counts, device) = (&self.synthesis.counts, &self.synthesis.device);
        let rows = [
            ("look-up tables (LUT4)", counts.lut4, device.lut4),
            ("flip-flops", counts.ff, device.ff),
            ("block RAM", counts.bram, device.bram),
            ("DSP", counts.dsp, device.dsp),
            ("SPRAM", counts.spram, device.spram),
        ];
        let row = |(name, used, available)| Resource {
            name,
            used,
            available,
            percent: 100.0 * used as f64 / available as f64,
        };
        rows.into_iter().filter(|(.., available)| *available > 0).map(row).collect()
    }

    fn holds(&self) -> bool {
        self.synthesis.timing_met
            && self.simulation.mismatches == 0
            && self.outsiders.iter().all(|(.., different)| *different == 0)
    }

    /// `number` with a thin space between thousands.
    fn thousands(&self, number: &u64) -> String {
        let digits = number.to_string();
        let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group));
        groups.collect::<Vec<_>>().join("\u{2009}")
    }

    fn accuracy_percent(&self) -> String {
        let percent = |(right, of): (usize, usize)| format!("{:.1}", 100.0 * right as f64 / of.max(1) as f64);
        self.accuracy.map(percent).unwrap_or_default()
    }

    /// Microseconds from one frame to the next at the frequency that was asked.
    fn microseconds(&self) -> Option<String> {
        let cycles = self.simulation.initiation_interval?;
        Some(format!("{:.3}", cycles / self.synthesis.frequency_mhz))
    }

    fn frames_a_second(&self) -> Option<String> {
        let cycles = self.simulation.initiation_interval?;
        Some(self.thousands(&((1e6 * self.synthesis.frequency_mhz / cycles) as u64)))
    }

    /// How far the clock goes beyond what was asked, in percent of the greater.
    fn clock_percent(&self) -> f64 {
        let Synthesis { fmax_mhz, frequency_mhz, .. } = self.synthesis;
        100.0 * frequency_mhz.min(*fmax_mhz) / frequency_mhz.max(*fmax_mhz)
    }
}

impl Picture {
    fn height(&self) -> usize {
        self.pixels.len() / self.width
    }

    fn right(&self) -> bool {
        self.class == self.label
    }

    /// The pixels that are not white.
    fn ink(&self) -> Vec<Pixel> {
        let most = self.pixels.iter().copied().max().unwrap_or(0).max(1);
        let pixel = |(place, value): (usize, &i64)| Pixel {
            x: place % self.width,
            y: place / self.width,
            percent: value.max(&0) * 100 / most,
        };
        self.pixels.iter().enumerate().map(pixel).filter(|pixel| pixel.percent > 0).collect()
    }

    fn bars(&self) -> Vec<Bar> {
        let (lowest, highest) =
            (self.scores.iter().copied().min().unwrap_or(0), self.scores.iter().copied().max().unwrap_or(0));
        let bar = |(class, &score): (usize, &i64)| Bar {
            class,
            score,
            percent: (score - lowest) * 100 / (highest - lowest).max(1),
            chosen: class as i64 == self.class,
        };
        self.scores.iter().enumerate().map(bar).collect()
    }
}

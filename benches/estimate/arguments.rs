//! Which designs are compared.

use super::drawn::{CALIBRATION, HELD_OUT};
use std::ops::{Range, RangeInclusive};
use ternlet::device::Family;

/// Where designs come from.
pub enum Source {
    Files,
    /// Those of these seeds, which are more than are asked for: some are refused or too small.
    Drawn(Range<u64>),
}

pub struct Arguments {
    pub source: Source,
    pub designs: usize,
    pub family: Option<Family>,
    /// Estimated look-up tables.
    pub size: RangeInclusive<u64>,
    pub names: Vec<String>,
}

impl Arguments {
    /// # Panics
    /// If they are none.
    pub fn of(mut words: impl Iterator<Item = String>) -> Self {
        let (mut source, mut designs, mut family, mut names) = (Source::Files, None, None, Vec::new());
        let (mut least, mut most) = (None, None);
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap_or_else(|| panic!("{word} has a value"));
            let number = |text: String| text.parse().unwrap_or_else(|_| panic!("{word} {text}: no number"));
            match word.as_str() {
                // What cargo says.
                "--bench" => {}
                "--drawn" => {
                    source = Source::Drawn(match value().as_str() {
                        "calibration" => CALIBRATION,
                        "held-out" => HELD_OUT,
                        other => panic!("--drawn {other}: it is calibration or held-out"),
                    });
                }
                "--designs" => designs = Some(number(value()) as usize),
                "--least" => least = Some(number(value())),
                "--most" => most = Some(number(value())),
                "--family" => {
                    family = Some(Family::named(&value()).unwrap_or_else(|error| panic!("{error}")))
                }
                _ if word.starts_with("--") => {
                    panic!("{word}: the head of benches/estimate/main.rs lists them")
                }
                _ => names.push(word),
            }
        }
        let (usual, size) = match source {
            Source::Files => (usize::MAX, 0..=u64::MAX),
            Source::Drawn(_) => (200, 100..=20_000),
        };
        let size = least.unwrap_or(*size.start())..=most.unwrap_or(*size.end());
        Self { source, designs: designs.unwrap_or(usual), family, size, names }
    }

    /// Whether what is found belongs on the page of figures.
    pub fn is_for_page(&self) -> bool {
        self.names.is_empty() && matches!(&self.source, Source::Drawn(seeds) if *seeds == HELD_OUT)
    }

    /// Those for which estimates are calibrated, where none is named.
    pub fn families(&self) -> Vec<Family> {
        let calibrated = [Family::ICE40_HX, Family::ICE40_UP, Family::ECP5, Family::GOWIN];
        self.family.map_or(calibrated.into(), |family| vec![family])
    }
}

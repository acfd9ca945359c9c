//! What a person may ask of `lifting`.

use super::Lifting;
use super::scheme::{Scheme, SchemeConfig};
use super::width::fits;
use crate::datapath::{Config, ConfigError, Datapath, IntType, Problems, Source};
use serde::{Deserialize, Serialize};

/// From samples to subbands, or back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    #[default]
    Forward,
    Inverse,
}

/// How several levels share hardware.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hardware {
    /// Each level has its own; all run at once.
    #[default]
    Cascade,
    /// One level's hardware for all, one level of a frame behind the other.
    Folded,
}

/// How subbands leave, or come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subbands {
    /// Each as a stream of its own.
    #[default]
    Streams,
    /// All of a frame as one, in the raster order of Mallat's layout.
    Mallat,
}

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftingConfig {
    pub scheme: SchemeConfig,
    #[serde(default)]
    pub direction: Direction,
    pub levels: u32,
    /// The type of the samples.
    pub input: IntType,
    /// `[length]`, `[height, width]` or `[depth, height, width]`; the most of each, where frames vary.
    pub size: Vec<usize>,
    /// Whether each frame has a size of its own, up to `size`.
    #[serde(default)]
    pub varying: bool,
    /// Samples a beat of a line: 1, 2, 4, 8 or 16.
    #[serde(default = "one")]
    pub lanes: usize,
    #[serde(default)]
    pub hardware: Hardware,
    #[serde(default)]
    pub subbands: Subbands,
}

fn one() -> usize {
    1
}

impl Config for LiftingConfig {
    const KIND: &'static str = "lifting";
    const SUMMARY: &'static str =
        "wavelet transform by lifting, forward or inverse, of lines, pictures or volumes, several levels";
    const EXAMPLE: &'static str = r#"# Two levels of JPEG 2000's reversible 5/3 of lines of up to 64 samples.
name = "my_lifting"
board = "hx8k"
frequency_mhz = 60

[datapath]
kind = "lifting"
scheme = "jpeg2000_5_3"  # or haar, vc2_haar, vc2_haar_shift, vc2_5_3, vc2_9_7, vc2_13_7, vc2_dd_9_7, or a table as below
direction = "forward"    # or "inverse"
levels = 2               # 1 to 8
input = "u8"             # the samples: u or s, and 1 to 32 bits
size = [64]              # [length], [height, width] or [depth, height, width]
varying = true           # each frame of a size of its own, up to that; false: all of that size
lanes = 1                # samples a beat of a line: 1, 2, 4, 8 or 16
hardware = "cascade"     # all levels at once; or "folded": one level's hardware for all, smaller and slower
subbands = "streams"     # each subband on its own; or "mallat": a frame of all, from the approximation on

# A scheme of your own, in place of its name: target[n] -+ floor((sum of taps[k] * source[n + first + k] + offset) / 2^shift).
# [datapath.scheme]
# extension = "symmetric"        # or "clamp", "zero"
# order = "vertical_first"       # or "horizontal_first"
# level_shift = 0                # bits of accuracy that each level adds
# scaling = [1, 1]               # of the low and the high band
# steps = [
#     { kind = "predict", taps = [1, 1], first = 0, shift = 1, sign = "minus" },
#     { kind = "update", taps = [1, 1], first = -1, offset = 2, shift = 2, sign = "plus" },
# ]
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { scheme: SchemeConfig(scheme), direction, levels, input, size, varying, lanes, .. } = self;
        let (hardware, subbands) = (self.hardware, self.subbands);
        let mut problems = Problems::default();
        check_scheme(&scheme, &mut problems);
        let shown = format!("{size:?}");
        let axes = (1..=3).contains(&size.len());
        let why = "a frame has 1 to 3 axes";
        problems.require(
            axes,
            "size",
            &shown,
            why,
            "write [length], [height, width] or [depth, height, width]",
        );
        let lengths = size.iter().all(|length| (1..=1 << 16).contains(length));
        problems.require(
            lengths,
            "size",
            &shown,
            "an axis has 1 to 65536 samples",
            "write 1 to 65536 for each",
        );
        let longest = size.iter().copied().max().unwrap_or(1).clamp(1, 1 << 16);
        let most = longest.next_power_of_two().trailing_zeros().clamp(1, 8);
        let why = format!("{longest} samples allow 1 to {most} levels (8 at most)");
        problems.require((1..=most).contains(&levels), "levels", levels, &why, format!("write 1 to {most}"));
        problems.require(
            matches!(lanes, 1 | 2 | 4 | 8 | 16) && (lanes == 1 || size.len() == 1),
            "lanes",
            lanes,
            "a line takes 1, 2, 4, 8 or 16 samples a beat; a picture or a volume 1",
            "write 1",
        );
        if lanes > 1 {
            let whole_beats = !varying || longest.is_multiple_of(lanes) && direction == Direction::Forward;
            let why = "lines that vary come in whole beats, and forward alone";
            let help = format!("write varying = false, or a size that is a multiple of {lanes}");
            problems.require(whole_beats, "varying", varying, why, help);
            let why = "several samples a beat pass a cascade and leave as streams";
            let plain = hardware == Hardware::Cascade && subbands == Subbands::Streams;
            let help = "write lanes = 1, or hardware = \"cascade\" and subbands = \"streams\"";
            problems.require(plain, "lanes", lanes, why, help);
        }
        if problems.is_empty() {
            let holds = |bits: u32| {
                let sample = IntType { bits, ..input };
                fits(&scheme, size.len(), levels, (sample.lo(), sample.hi()), direction == Direction::Forward)
            };
            let widest = (1..=input.bits).rev().find(|bits| holds(*bits));
            let help = match widest {
                Some(bits) => format!("write \"{}\", or fewer levels", IntType { bits, ..input }),
                None => "take fewer levels, or a scheme that grows less".into(),
            };
            let why = format!("coefficients of {levels} levels have more than 62 bits");
            problems.require(widest == Some(input.bits), "input", format!("\"{input}\""), &why, help);
        }
        problems.finish(|| {
            let lifting =
                Lifting { scheme, direction, levels, input, size, varying, lanes, hardware, subbands };
            Box::new(lifting) as Box<dyn Datapath>
        })
    }
}

/// Notes what keeps `scheme` from being a transform.
pub fn check_scheme(scheme: &Scheme, problems: &mut Problems) {
    for (key, why) in scheme.problems() {
        let field = format!("scheme.{key}");
        problems.require(
            false,
            &field,
            "(as given)",
            &why,
            "see `ternlet new lifting` for a scheme that holds",
        );
    }
}

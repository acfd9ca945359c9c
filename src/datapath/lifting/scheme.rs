//! Lifting schemes as data: predict and update steps, their extension at the borders, and a final scaling.
//!
//! A line `x` of samples is split into its even samples `e[n] = x[2n]` and its odd ones `o[n] = x[2n + 1]`. A predict step
//! changes every odd sample by what its even neighbours say, an update step every even one by its odd neighbours:
//!
//! `target[n] <- target[n] -+ floor((sum of taps[k] * source[n + first + k] + offset) / 2^shift)`
//!
//! In the end the even samples are the low band and the odd ones the high band. Whatever the taps, each step is undone by
//! the same step with the other sign, so the inverse is the list backwards and gives the line back bit for bit.
//!
//! Sources: W. Sweldens, "The lifting scheme" (1996); A. R. Calderbank et al., "Wavelet transforms that map integers to
//! integers" (1998). The built-in schemes name theirs.

use crate::blocks::Border;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Which samples a step changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The odd ones, from the even ones.
    Predict,
    /// The even ones, from the odd ones.
    Update,
}

/// Whether what a step finds is taken from its target or added to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    Minus,
    Plus,
}

/// `target[n] <- target[n] -+ floor((sum of taps[k] * source[n + first + k] + offset) / 2^shift)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub kind: Kind,
    /// Coefficients, times `2^shift`.
    pub taps: Vec<i64>,
    /// The first tap's place among the sources, relative to the target's: 0 for the even sample before an odd one, -1 for the
    /// odd sample before an even one.
    pub first: i64,
    /// What is added before the shift: 0 rounds down, half of `2^shift` to the nearest. 0 to `2^shift - 1`.
    #[serde(default)]
    pub offset: i64,
    pub shift: u32,
    pub sign: Sign,
}

/// What stands for the samples beyond a line's ends, as a source of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extension {
    /// The line mirrored about its first and its last sample: `x[-i] = x[i]`, `x[N-1+i] = x[N-1-i]` (JPEG 2000).
    #[default]
    Symmetric,
    /// The nearest sample of the same parity (VC-2). For steps of the two nearest samples it is the same.
    Clamp,
    /// Nothing: such sources count as 0, so that the last even sample of an odd length stays as it is (Haar).
    Zero,
}

impl Extension {
    /// What lies beyond the border: of the samples where it is mirrored, else of those of the sources' parity.
    pub fn border(self) -> Border {
        match self {
            Self::Symmetric => Border::WholeSample,
            Self::Clamp => Border::Replicate,
            Self::Zero => Border::Constant(0),
        }
    }
}

/// The order in which the axes of a picture or volume are transformed; the inverse takes the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The outermost axis first: along the depth, then vertically, then horizontally (JPEG 2000).
    #[default]
    VerticalFirst,
    /// The innermost axis first: horizontally, then vertically, then along the depth (VC-2).
    HorizontalFirst,
}

/// A wavelet transform of integers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// In the order of the forward transform.
    pub steps: Vec<Step>,
    #[serde(default)]
    pub extension: Extension,
    #[serde(default)]
    pub order: Order,
    /// Bits that every level's samples are shifted left before their first axis is transformed, and right, to the nearest,
    /// behind the inverse (VC-2's accuracy bits).
    #[serde(default)]
    pub level_shift: u32,
    /// What the low and the high band are multiplied by in the end: each 1, -1, or such a power of two.
    #[serde(default = "ones")]
    pub scaling: [i64; 2],
}

fn ones() -> [i64; 2] {
    [1, 1]
}

impl Step {
    /// Where the last tap is, as `first`.
    pub fn last(&self) -> i64 {
        self.first + self.taps.len() as i64 - 1
    }

    /// The step in formulas: `odd[n] -= (even[n] + even[n + 1]) >> 1`.
    pub fn formula(&self) -> String {
        let (target, source) = match self.kind {
            Kind::Predict => ("odd", "even"),
            Kind::Update => ("even", "odd"),
        };
        let at = |place: i64| match place {
            0 => format!("{source}[n]"),
            place if place < 0 => format!("{source}[n - {}]", -place),
            place => format!("{source}[n + {place}]"),
        };
        let tap = |(place, tap): (i64, &i64)| match tap {
            1 => at(place),
            tap => format!("{tap} {}", at(place)),
        };
        let taps = (self.first..).zip(&self.taps).filter(|(_, tap)| **tap != 0).map(tap);
        let offset = (self.offset != 0).then(|| self.offset.to_string());
        let sum: Vec<String> = taps.chain(offset).collect();
        let sign = if self.sign == Sign::Plus { '+' } else { '-' };
        format!("{target}[n] {sign}= ({}) >> {}", sum.join(" + "), self.shift)
    }

    /// The step that undoes this one.
    pub fn undone(&self) -> Step {
        let sign = match self.sign {
            Sign::Minus => Sign::Plus,
            Sign::Plus => Sign::Minus,
        };
        Step { sign, ..self.clone() }
    }

    /// Whether the taps lie, and weigh, alike to both sides of the target.
    pub fn is_symmetric(&self) -> bool {
        let centre = if self.kind == Kind::Predict { 1 } else { -1 };
        self.first + self.last() == centre && self.taps.iter().eq(self.taps.iter().rev())
    }
}

/// A built-in scheme: its name, what it is, and the steps themselves.
struct BuiltIn {
    name: &'static str,
    doc: &'static str,
    scheme: fn() -> Scheme,
}

const BUILT_IN: [BuiltIn; 8] = [
    BuiltIn {
        name: "haar",
        doc: "S-transform: high = a - b, low = floor((a + b) / 2) (Said and Pearlman, 1996)",
        scheme: || Scheme {
            extension: Extension::Zero,
            scaling: [1, -1],
            ..jpeg2000(vec![predict(&[1], 0, 0, 0, Sign::Minus), update(&[1], 0, 0, 1, Sign::Plus)])
        },
    },
    BuiltIn {
        name: "jpeg2000_5_3",
        doc: "the reversible 5/3 of JPEG 2000 (ITU-T T.800, Annex F)",
        scheme: || {
            jpeg2000(vec![predict(&[1, 1], 0, 0, 1, Sign::Minus), update(&[1, 1], -1, 2, 2, Sign::Plus)])
        },
    },
    BuiltIn {
        name: "vc2_haar",
        doc: "VC-2's Haar without shift (SMPTE ST 2042-1, wavelet 3)",
        scheme: || Scheme { extension: Extension::Zero, ..vc2(0, haar_steps()) },
    },
    BuiltIn {
        name: "vc2_haar_shift",
        doc: "VC-2's Haar with one bit of shift a level (wavelet 4)",
        scheme: || Scheme { extension: Extension::Zero, ..vc2(1, haar_steps()) },
    },
    BuiltIn {
        name: "vc2_5_3",
        doc: "VC-2's LeGall 5/3, which rounds otherwise than JPEG 2000's (wavelet 1)",
        scheme: || {
            vc2(1, vec![predict(&[1, 1], 0, 1, 1, Sign::Minus), update(&[1, 1], -1, 2, 2, Sign::Plus)])
        },
    },
    BuiltIn {
        name: "vc2_9_7",
        doc: "VC-2's integer Daubechies 9/7 (wavelet 6)",
        scheme: || {
            let pair = |tap| [tap, tap];
            vc2(
                1,
                vec![
                    predict(&pair(6497), 0, 2048, 12, Sign::Minus),
                    update(&pair(217), -1, 2048, 12, Sign::Minus),
                    predict(&pair(3616), 0, 2048, 12, Sign::Plus),
                    update(&pair(1817), -1, 2048, 12, Sign::Plus),
                ],
            )
        },
    },
    BuiltIn {
        name: "vc2_13_7",
        doc: "VC-2's Deslauriers-Dubuc 13/7 (wavelet 2)",
        scheme: || {
            let (far, near) = (-1, 9);
            vc2(
                1,
                vec![
                    predict(&[far, near, near, far], -1, 8, 4, Sign::Minus),
                    update(&[far, near, near, far], -2, 16, 5, Sign::Plus),
                ],
            )
        },
    },
    BuiltIn {
        name: "vc2_dd_9_7",
        doc: "VC-2's Deslauriers-Dubuc 9/7 (wavelet 0)",
        scheme: || {
            vc2(
                1,
                vec![predict(&[-1, 9, 9, -1], -1, 8, 4, Sign::Minus), update(&[1, 1], -1, 2, 2, Sign::Plus)],
            )
        },
    },
];

fn haar_steps() -> Vec<Step> {
    vec![predict(&[1], 0, 0, 0, Sign::Minus), update(&[1], 0, 1, 1, Sign::Plus)]
}

fn predict(taps: &[i64], first: i64, offset: i64, shift: u32, sign: Sign) -> Step {
    Step { kind: Kind::Predict, taps: taps.into(), first, offset, shift, sign }
}

fn update(taps: &[i64], first: i64, offset: i64, shift: u32, sign: Sign) -> Step {
    Step { kind: Kind::Update, taps: taps.into(), first, offset, shift, sign }
}

fn jpeg2000(steps: Vec<Step>) -> Scheme {
    let (extension, order) = (Extension::Symmetric, Order::VerticalFirst);
    Scheme { steps, extension, order, level_shift: 0, scaling: ones() }
}

fn vc2(level_shift: u32, steps: Vec<Step>) -> Scheme {
    let (extension, order) = (Extension::Clamp, Order::HorizontalFirst);
    Scheme { steps, extension, order, level_shift, scaling: ones() }
}

impl Scheme {
    /// The names of the built-in schemes, each with what it is.
    pub fn names() -> impl Iterator<Item = (&'static str, &'static str)> {
        BUILT_IN.iter().map(|built_in| (built_in.name, built_in.doc))
    }

    /// The built-in scheme of this name.
    pub fn named(name: &str) -> Option<Scheme> {
        BUILT_IN.iter().find(|built_in| built_in.name == name).map(|built_in| (built_in.scheme)())
    }

    /// The steps of the inverse transform, in their order.
    pub fn inverse_steps(&self) -> Vec<Step> {
        self.steps.iter().rev().map(Step::undone).collect()
    }

    /// Whether extending the line once extends it for every step: then what holds inside a line holds at its ends.
    pub fn extends_at_once(&self) -> bool {
        let nearest = self.steps.iter().all(|step| step.taps.len() <= 2);
        let mirrors =
            self.extension == Extension::Symmetric || (self.extension == Extension::Clamp && nearest);
        self.steps.iter().all(Step::is_symmetric) && mirrors
    }

    /// What keeps the scheme from being a transform with an inverse, in hardware of at most 64 bits: pairs of a key and a
    /// reason.
    pub fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let mut require = |holds: bool, key: String, why: &str| {
            if !holds {
                problems.push((key, why.to_string()));
            }
        };
        require(!self.steps.is_empty(), "steps".into(), "a scheme has at least 1 step");
        require(self.steps.len() <= 16, "steps".into(), "a scheme has at most 16 steps");
        for (place, step) in self.steps.iter().enumerate() {
            let key = |name: &str| format!("steps[{place}].{name}");
            let taps = 1..=16;
            require(taps.contains(&step.taps.len()), key("taps"), "a step has 1 to 16 taps");
            let fits = step.taps.iter().all(|tap| tap.unsigned_abs() < 1 << 24);
            require(fits, key("taps"), "a tap has at most 24 bits");
            require((-16..=16).contains(&step.first), key("first"), "the first tap is -16 to 16 places away");
            require(step.shift <= 24, key("shift"), "a step shifts by 0 to 24 bits");
            let half = step.shift <= 24 && (0..1i64 << step.shift).contains(&step.offset);
            require(half, key("offset"), "an offset is 0 to 2^shift - 1");
        }
        // The ends of a line are looked at for every length that the steps reach across.
        let reach = |step: &Step| step.first.unsigned_abs().saturating_add(step.taps.len() as u64);
        let all = self.steps.iter().fold(0u64, |all, step| all.saturating_add(reach(step)));
        let why = "all steps together reach at most 40 samples far: their taps, and how far away the first ones are";
        require(all <= 40, "steps".into(), why);
        require(self.level_shift <= 8, "level_shift".into(), "a level shifts by 0 to 8 bits");
        let scales = self.scaling.iter().all(|scale| {
            let size = scale.unsigned_abs();
            size.is_power_of_two() && size <= 256
        });
        let why = "the steps do not invert: a band is scaled by 1, -1, or such a power of two up to 256, which the \
                   inverse can divide by";
        require(scales, "scaling".into(), why);
        problems
    }
}

/// A scheme in a design file: the name of a built-in one, or a table of steps.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct SchemeConfig(pub Scheme);

impl<'de> Deserialize<'de> for SchemeConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrTable;
        impl<'de> Visitor<'de> for NameOrTable {
            type Value = Scheme;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("the name of a scheme, or a table with its `steps`")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Scheme, E> {
                let names = || Scheme::names().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
                Scheme::named(name)
                    .ok_or_else(|| E::custom(format!("there is no scheme \"{name}\"; there are {}", names())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scheme, A::Error> {
                Scheme::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_any(NameOrTable).map(Self)
    }
}

//! Phase-locked loops: the cell, what is wired to it, and its settings for a frequency.

use std::fmt;

/// The phase-locked loop of a family.
pub struct PllCell {
    pub name: &'static str,
    /// Without the port of [`Pll::output`].
    pub ports: &'static [(&'static str, Net)],
    /// What Yosys and place and route read of the cell besides its parameters.
    pub attributes: &'static [(&'static str, &'static str)],
    /// The settings for the highest frequency not above the second argument, from the first, both in MHz; `None` if it cannot
    /// be made.
    pub settings: fn(f64, f64) -> Option<Pll>,
    /// The parameters that make the frequency, of those in [`Pll::parameters`].
    pub dividers: &'static [&'static str],
}

/// What is wired to a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Net {
    /// The board's oscillator.
    Oscillator,
    /// From one port of the loop to another.
    Feedback,
    /// Whether it is stable.
    Locked,
    Constant(bool),
}

/// Settings of a loop.
#[derive(Clone, Debug, PartialEq)]
pub struct Pll {
    pub output_mhz: f64,
    /// The port at which the clock comes out.
    pub output: &'static str,
    pub parameters: Vec<(&'static str, Setting)>,
}

/// A parameter's value; prints as Verilog.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Setting {
    Bits {
        width: u32,
        value: u32,
    },
    Number(u32),
    Text(&'static str),
    /// A frequency in MHz, as text.
    Megahertz(f64),
}

impl Pll {
    /// The better of two: the one with the higher frequency, the first of equals.
    pub(super) fn faster(best: Option<Pll>, next: Pll) -> Option<Pll> {
        match best {
            Some(best) if best.output_mhz >= next.output_mhz - ROUNDING => Some(best),
            _ => Some(next),
        }
    }
}

/// Of frequencies in MHz that are equal but for floating point.
pub(super) const ROUNDING: f64 = 1e-9;

/// The least divider that makes at most `wanted` of `mhz`.
pub(super) fn divider(mhz: f64, wanted: f64) -> f64 {
    (mhz / wanted - ROUNDING).ceil().max(1.0)
}

/// Whether `mhz` is between two limits, both allowed.
pub(super) fn within(mhz: f64, [least, greatest]: [f64; 2]) -> bool {
    (least..=greatest).contains(&mhz)
}

impl Pll {
    /// The value of a parameter that is a number.
    pub fn number(&self, parameter: &str) -> Option<u32> {
        self.parameters.iter().find_map(|(name, setting)| match setting {
            Setting::Bits { value, .. } | Setting::Number(value) if *name == parameter => Some(*value),
            _ => None,
        })
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Bits { width, value } => write!(f, "{width}'d{value}"),
            Setting::Number(value) => write!(f, "{value}"),
            Setting::Megahertz(mhz) => write!(f, "\"{mhz}\""),
            Setting::Text(text) => write!(f, "\"{text}\""),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::device::Family;

    #[test]
    fn what_makes_the_frequency_is_among_the_settings() {
        for pll in Family::ALL.iter().filter_map(|family| family.pll.as_ref()) {
            let settings = (pll.settings)(12.0, 48.0).expect("a usual frequency");
            assert!(pll.dividers.iter().all(|name| settings.number(name).is_some()), "{settings:?}");
        }
    }

    #[test]
    fn every_family_makes_usual_clocks_and_none_above_what_was_asked() {
        for (family, pll) in Family::ALL.iter().filter_map(|family| Some((family, family.pll.as_ref()?))) {
            for input in [12.0, 25.0, 27.0, 50.0] {
                for wanted in 16..=120 {
                    let wanted = f64::from(wanted) + 0.3;
                    let made = (pll.settings)(input, wanted).expect("a usual frequency").output_mhz;
                    assert!(
                        made <= wanted + 1e-6 && made > 0.8 * wanted,
                        "{family:?}: {made} for {wanted} from {input}"
                    );
                }
            }
            assert_eq!((pll.settings)(12.0, 0.1), None, "{family:?}");
        }
    }
}

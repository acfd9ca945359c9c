//! Phase-locked loops: the cell, what is wired to it, and its settings for a frequency.

use std::fmt;

/// The phase-locked loop of a family.
pub struct PllCell {
    pub name: &'static str,
    pub ports: &'static [(&'static str, Net)],
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
    /// The clock that is made.
    Clock,
    /// Whether it is stable.
    Locked,
    Constant(bool),
}

/// Settings of a loop.
#[derive(Clone, Debug, PartialEq)]
pub struct Pll {
    pub output_mhz: f64,
    pub parameters: Vec<(&'static str, Setting)>,
}

/// A parameter's value; prints as Verilog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Bits { width: u32, value: u32 },
    Text(&'static str),
}

impl Pll {
    /// The value of a parameter that is a number.
    pub fn number(&self, parameter: &str) -> Option<u32> {
        self.parameters.iter().find_map(|(name, setting)| match setting {
            Setting::Bits { value, .. } if *name == parameter => Some(*value),
            _ => None,
        })
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Bits { width, value } => write!(f, "{width}'d{value}"),
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
}

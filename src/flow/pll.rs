//! Settings of the phase-locked loop of an iCE40: `output = input (divf + 1) / (2^divq (divr + 1))`.

/// Settings of an `SB_PLL40` with simple feedback.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pll {
    /// 0 to 15
    pub divr: u32,
    /// 0 to 127
    pub divf: u32,
    /// 1 to 6
    pub divq: u32,
    /// Follows from the phase detector's frequency.
    pub filter_range: u32,
    pub output_mhz: f64,
}

impl Pll {
    /// The settings for the highest frequency that is not above `wanted_mhz`, of those with the phase detector between
    /// 10 and 133 MHz, the oscillator between 533 and 1,066 MHz and the output between 16 and 275 MHz (Lattice
    /// iCE40 sysCLOCK PLL guide); `None` if there are none.
    pub fn below(input_mhz: f64, wanted_mhz: f64) -> Option<Pll> {
        let mut best: Option<Pll> = None;
        for divr in 0..16 {
            let detector_mhz = input_mhz / f64::from(divr + 1);
            if !(10.0..=133.0).contains(&detector_mhz) {
                continue;
            }
            for divf in 0..128 {
                let oscillator_mhz = detector_mhz * f64::from(divf + 1);
                if !(533.0..=1066.0).contains(&oscillator_mhz) {
                    continue;
                }
                for divq in 1..=6 {
                    let output_mhz = oscillator_mhz / f64::from(1 << divq);
                    let allowed = (16.0..=275.0).contains(&output_mhz) && output_mhz <= wanted_mhz;
                    if allowed && best.is_none_or(|best| output_mhz > best.output_mhz) {
                        best = Some(Pll {
                            divr,
                            divf,
                            divq,
                            filter_range: filter_range(detector_mhz),
                            output_mhz,
                        });
                    }
                }
            }
        }
        best
    }
}

fn filter_range(detector_mhz: f64) -> u32 {
    let limits = [17.0, 26.0, 44.0, 66.0, 101.0];
    1 + limits.iter().filter(|limit| detector_mhz >= **limit).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_those_of_icepll() {
        let pll = Pll::below(12.0, 24.0).unwrap();
        assert_eq!(pll, Pll { divr: 0, divf: 63, divq: 5, filter_range: 1, output_mhz: 24.0 });
        let pll = Pll::below(12.0, 48.0).unwrap();
        assert_eq!(pll, Pll { divr: 0, divf: 63, divq: 4, filter_range: 1, output_mhz: 48.0 });
    }

    #[test]
    fn the_output_is_never_above_what_was_asked() {
        for wanted in 16..150 {
            let wanted = f64::from(wanted) + 0.3;
            let output = Pll::below(12.0, wanted).unwrap().output_mhz;
            assert!(output <= wanted && output > wanted - 3.1, "{output} for {wanted}");
        }
        assert_eq!(Pll::below(12.0, 15.0), None);
    }
}

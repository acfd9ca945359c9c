//! `y = (sum_i x_i^2) >> shift`: the energy of a frame, by which a detector of speech or motion decides whether to wake the rest.

use serde::{Deserialize, Serialize};
use ternlet::datapath::{Config, ConfigError, Datapath, IntType, LaneStream, Problems, Source};
use ternlet::hdl::{Module, Range, Signal, unsigned};
use ternlet::stream::{Port, Ports, Tokens, Transfers};

/// The table `[datapath]` of a design file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnergyConfig {
    /// Samples in a frame.
    pub samples: usize,
    /// Samples a beat.
    pub lanes: usize,
    pub input: IntType,
    /// Bits that are dropped from the sum.
    #[serde(default)]
    pub shift: u32,
}

/// The energy of each frame, in as many cycles as it has beats.
pub struct Energy {
    config: EnergyConfig,
}

/// `(sum_i x_i^2) >> shift`.
pub fn energy(x: &[i64], shift: u32) -> i64 {
    x.iter().map(|x| x * x).sum::<i64>() >> shift
}

impl Config for EnergyConfig {
    const KIND: &'static str = "energy";
    const SUMMARY: &'static str = "y = (sum_i x_i^2) >> shift: the energy of a frame";
    const EXAMPLE: &'static str = r#"# The energy of 64 samples, two a cycle.
name = "my_energy"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "energy"
samples = 64        # of a frame
lanes = 2           # samples in a beat
input = "s8"        # their type: u or s, and 1 to 16 bits
shift = 6           # bits that are dropped from the sum: here the mean
"#;

    fn load(self, _: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { samples, lanes, input, shift } = self;
        let mut problems = Problems::default();
        let few = (1..=1 << 16).contains(&samples);
        problems.require(few, "samples", samples, "a frame has 1 to 65536 samples", "write 1 to 65536");
        let whole = lanes > 0 && samples.is_multiple_of(lanes);
        problems.require(whole, "lanes", lanes, "a frame is whole beats", "write a divisor of `samples`");
        problems.require(
            input.bits <= 16,
            "input",
            input,
            "a sample has at most 16 bits",
            "write s16 or less",
        );
        problems.require(shift <= 47, "shift", shift, "the sum has at most 48 bits", "write 0 to 47");
        problems.finish(|| Box::new(Energy { config: self }) as Box<dyn Datapath>)
    }
}

impl Energy {
    /// A word that holds the greatest sum.
    fn sum(&self) -> Range {
        let EnergyConfig { samples, input, .. } = self.config;
        unsigned(2 * input.bits + samples.next_power_of_two().ilog2())
    }
}

impl Datapath for Energy {
    fn kind(&self) -> &'static str {
        EnergyConfig::KIND
    }

    fn doc(&self) -> String {
        let EnergyConfig { samples, lanes, input, shift } = &self.config;
        format!("y = (sum of {samples} squares) >> {shift} (x {input}, {lanes} a beat)")
    }

    fn ports(&self) -> Ports {
        let EnergyConfig { samples, lanes, input, shift } = self.config;
        let bits = self.sum().width().saturating_sub(shift).max(1);
        Ports {
            inputs: vec![Port::vectors("x", "x", lanes, input.range(), samples)],
            outputs: vec![Port::vectors("y", "y", 1, unsigned(bits), 1)],
        }
    }

    fn build<'m>(&self, _: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let (sum, shift) = (self.sum(), self.config.shift);
        let squared = |x: Vec<Signal<'m>>| {
            // A square is never negative, which the range of a product does not say.
            let squares = x.into_iter().map(|x| (x * x).wrap(unsigned(2 * self.config.input.bits)));
            squares.reduce(|a, b| a + b).expect("a beat has a sample").named("squares")
        };
        let energies = inputs.into_iter().map(|x| {
            let squares = x.map(squared);
            if self.config.samples == self.config.lanes {
                return squares.map(|squares| vec![squares >> shift]);
            }
            let sums = squares.fold("sum", &sum, &[0], |total, squares| (total + squares).wrap(sum.clone()));
            sums.map(|sum| vec![(sum >> shift).named("energy")])
        });
        energies.collect()
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let (ports, EnergyConfig { samples, shift, .. }) = (self.ports(), self.config);
        let x = inputs[0].unpack(&ports.inputs[0]);
        let energies: Vec<i64> = x.chunks(samples).map(|frame| energy(frame, shift)).collect();
        vec![Tokens::pack(&ports.outputs[0], &energies)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ternlet::datapath::NoFiles;
    use ternlet::project::check;
    use ternlet::tools::{Progress, Toolchain};

    #[test]
    fn hardware_equals_golden() {
        let toolchain = Toolchain::new(Progress::quiet()).unwrap();
        for (samples, lanes, bits, signed, shift) in [
            (1, 1, 8, true, 0),
            (6, 2, 8, true, 3),
            (4, 4, 1, false, 0),
            (5, 1, 16, true, 12),
            (3, 1, 4, false, 47),
        ] {
            let config = EnergyConfig { samples, lanes, input: IntType { signed, bits }, shift };
            let datapath = config.load(&NoFiles).unwrap();
            let checked = check(&toolchain, &*datapath, 200, 1).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(checked.simulated.mismatches, 0);
        }
    }
}

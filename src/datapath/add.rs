//! The sum of two feature maps, integer by integer: what a residual connection is.

use super::activation::{Activation, ActivationConfig};
use super::config::{Config, ConfigError, IntType, Problems};
use super::map::Map;
use super::requantize::{Scale, one};
use super::tensor::Source;
use super::thresholds::Steps;
use super::{Datapath, Footprint, LaneStream};
use crate::blocks::constant_multiple;
use crate::hdl::{Module, Range, Signal, Timing};
use crate::stream::timeline::{Channel, Timeline, Zip};
use crate::stream::{Pace, Ports, Reach, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddConfig {
    /// Positions of both maps, the outermost axis first; none where they are vectors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub size: Vec<usize>,
    pub channels: usize,
    /// Channels a beat, or those of several positions.
    #[serde(default = "one")]
    pub lanes: usize,
    /// The type of the integers of the first map, and of the second.
    pub a: IntType,
    pub b: IntType,
    /// What each is multiplied with before the sum: maps of different scales.
    #[serde(default = "ones")]
    pub factors: [i64; 2],
    /// What the sum becomes; one of both at most.
    pub requantize: Option<Scale>,
    pub thresholds: Option<Steps>,
}

fn ones() -> [i64; 2] {
    [1, 1]
}

/// Two maps side by side, added.
pub struct Add {
    map: Map,
    types: [IntType; 2],
    factors: [i64; 2],
    activation: Option<Activation>,
}

/// Bits of a factor at most.
const FACTOR_BITS: u32 = 24;

/// `a * factors[0] + b * factors[1]` of each two integers.
///
/// ```
/// use ternlet::datapath::add;
/// assert_eq!(add(&[1, -2], &[3, 5], [1, 1]), [4, 3]);
/// assert_eq!(add(&[1, -2], &[3, 5], [2, -1]), [-1, -9]);
/// ```
pub fn add(a: &[i64], b: &[i64], factors: [i64; 2]) -> Vec<i64> {
    a.iter().zip(b).map(|(a, b)| a * factors[0] + b * factors[1]).collect()
}

impl Config for AddConfig {
    const KIND: &'static str = "add";
    const SUMMARY: &'static str =
        "y = a + b of two feature maps, integer by integer, with a factor each and requantized if asked for";
    const EXAMPLE: &'static str = r#"# The two ends of a residual connection: pictures of 8 channels, back to 4 bits.
name = "my_add"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "add"
size = [4, 4]       # [width], [height, width] or [depth, height, width]; left out: vectors
channels = 8
lanes = 2           # channels in a beat, a divisor of the channels; or those of several positions of a line
a = "u4"            # the types of both: u or s, and 1 to 32 bits
b = "s5"
factors = [1, 1]    # what each is multiplied with before the sum: integers of at most 24 bits

# What the sum becomes; left out: it leaves as it is, exact.
[datapath.requantize]
output = "u4"
multiplier = 3      # one for all channels, or one for each
bias = 0
shift = 2
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { size, channels, lanes, a, b, factors, requantize, thresholds } = self;
        let mut problems = Problems::default();
        let map = Map::check_strips(&size, channels, lanes, &mut problems);
        let small = |factor: &i64| factor.unsigned_abs() < 1 << (FACTOR_BITS - 1);
        let why = format!("a factor has at most {FACTOR_BITS} bits");
        let help = "divide both by the same number";
        problems.require(factors.iter().all(small), "factors", format!("{factors:?}"), &why, help);
        if !problems.is_empty() {
            return problems.finish(|| unreachable!("there is a problem"));
        }
        let mut add = Add { map, types: [a, b], factors, activation: None };
        let sums = add.map.accumulators(add.sums());
        let activation = ActivationConfig { requantize, thresholds };
        add.activation = activation.load_lanes(sums, Some(lanes), None, source, &mut problems);
        problems.finish(|| Box::new(add) as Box<dyn Datapath>)
    }
}

impl Add {
    /// What an integer of an input can be times its factor.
    fn products(&self, input: usize) -> Range {
        let (ty, factor) = (self.types[input], self.factors[input]);
        Range::hull([(ty.lo() * factor).into(), (ty.hi() * factor).into()])
    }

    /// What the sum can be.
    fn sums(&self) -> Range {
        let [a, b] = [0, 1].map(|input| self.products(input));
        Range::new(a.lo() + b.lo(), a.hi() + b.hi())
    }

    fn product<'m>(&self, input: usize, x: Signal<'m>) -> Signal<'m> {
        match self.factors[input] {
            1 => x,
            factor => constant_multiple(x, factor).assume(self.products(input)),
        }
    }
}

impl Datapath for Add {
    fn kind(&self) -> &'static str {
        AddConfig::KIND
    }

    fn doc(&self) -> String {
        let Self { types: [a, b], factors: [by_a, by_b], .. } = self;
        let product =
            |factor: &i64, name: &str| if *factor == 1 { name.into() } else { format!("{factor} {name}") };
        format!(
            "y = {} + {} of maps of {} (a is {a}, b is {b}), {} channels a beat{}",
            product(by_a, "a"),
            product(by_b, "b"),
            self.map.frame(),
            self.map.lanes,
            self.activation.iter().map(|activation| format!("; {}", activation.title())).collect::<String>()
        )
    }

    fn ports(&self) -> Ports {
        let y = self.activation.as_ref().map_or(self.sums(), Activation::output);
        let inputs = ["a", "b"].iter().zip(self.types).map(|(name, ty)| self.map.port(name, ty.range()));
        Ports { inputs: inputs.collect(), outputs: vec![self.map.port("y", y)] }
    }

    fn build<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let (b, a) = (inputs.remove(1), inputs.remove(0));
        let sums = a.zip(b).map(|(a, b)| {
            a.iter().chain(&b).for_each(|x| m.ignore(*x));
            let sum = |(lane, (&a, &b)): (usize, (_, _))| {
                (self.product(0, a) + self.product(1, b)).hint(format!("sum_{lane}"))
            };
            a.iter().zip(&b).enumerate().map(sum).collect()
        });
        vec![self.activation.iter().fold(sums, |sums, activation| activation.after(sums))]
    }

    /// A beat a cycle, when both are there.
    fn schedule(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        let sums = inputs[0].joined(&inputs[1]);
        vec![match &self.activation {
            Some(activation) => sums.and_then(|sums| activation.pace(&sums, timing)),
            None => sums,
        }]
    }

    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let sums = t.add(&inputs, 1, Zip)[0];
        Some(vec![self.activation.iter().fold(sums, |sums, activation| activation.timed(t, sums))])
    }

    /// An adder for each bit of a sum.
    fn footprint(&self) -> Footprint {
        let bits = self.map.lanes as u128 * u128::from(self.sums().width());
        let streams = Footprint::of_streams(&self.ports());
        Footprint { lut4: streams.lut4.max(bits), ..streams }
    }

    fn reach(&self, _: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        let both = inputs[0].beside(inputs[1])?;
        (!self.remembers()).then(|| vec![both])
    }

    fn remembers(&self) -> bool {
        self.activation.as_ref().is_some_and(Activation::is_stochastic)
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let [a, b] = [0, 1].map(|input| inputs[input].unpack(&ports.inputs[input]));
        let sums = add(&a, &b, self.factors);
        let y = match &self.activation {
            Some(activation) => activation.of_all(sums),
            None => sums,
        };
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        self.activation.iter().flat_map(|activation| activation.facts(timing)).collect()
    }
}

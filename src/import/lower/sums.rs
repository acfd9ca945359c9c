//! Sums of two streams, made when it is known what becomes of them.

use super::Lowering;
use super::maker::{Keys, type_of};
use super::value::Origin;
use crate::import::activation::{PairSum, Staircase};
use toml::Value as Toml;

/// What a factor of the datapath `add` has at most.
const MOST_FACTOR: i64 = 1 << 23;

impl Lowering<'_> {
    /// The node that gives the stream, made if it is not yet; none where the stream is the design's input.
    pub fn emitted(&mut self, stream: usize) -> Result<Option<usize>, String> {
        match self.streams[stream].origin.clone() {
            Origin::Input(_) => Ok(None),
            Origin::Node(index) => Ok(Some(index)),
            Origin::Sum { name, streams, factors } => {
                if factors.iter().any(|factor| factor.abs() >= MOST_FACTOR) {
                    let why = "both sides have scales whose ratio is none of integers of 23 bits; share one quantizer, or quantize the sum";
                    return Err(why.into());
                }
                let index = self.add_node(name, streams, factors, None)?;
                self.streams[stream].origin = Origin::Node(index);
                Ok(Some(index))
            }
        }
    }

    /// A sum with small factors that gives the codes of all pairs; none where there is none, or the factors are small already.
    pub fn summed(
        &mut self,
        stream: usize,
        staircase: &Staircase,
    ) -> Result<Option<(usize, PairSum, u128)>, String> {
        let Origin::Sum { name, streams, factors } = self.streams[stream].origin.clone() else {
            return Ok(None);
        };
        let ([stairs], false) = (&staircase.channels[..], factors == [1, 1]) else { return Ok(None) };
        let of = |stream: usize| match &self.streams[stream].bounds[..] {
            [one] => *one,
            bounds => bounds.iter().fold(bounds[0], |(lo, hi), (low, high)| (lo.min(*low), hi.max(*high))),
        };
        let bounds = streams.map(of);
        let Some(sum) = PairSum::search(factors, bounds, stairs, staircase.codes) else { return Ok(None) };
        let pairs = bounds.iter().map(|(lo, hi)| (hi - lo + 1) as u128).product();
        let ty = type_of(staircase.codes.0, staircase.codes.1);
        let keys = self.clamped_keys(Keys::default().with_type("output", ty), staircase.codes, ty);
        let keys = keys
            .with("multiplier", 1)
            .with("bias", sum.bias)
            .with("shift", i64::from(sum.shift))
            .with("rounding", "floor");
        let index = self.add_node(name, streams, sum.factors, Some(keys))?;
        self.closed.insert(index);
        let layout = self.streams[stream].layout.clone();
        self.streams.push(super::value::Stream::new(Origin::Node(index), vec![staircase.codes], layout));
        Ok(Some((self.streams.len() - 1, sum, pairs)))
    }

    fn add_node(
        &mut self,
        name: String,
        streams: [usize; 2],
        factors: [i64; 2],
        requantize: Option<Keys>,
    ) -> Result<usize, String> {
        let layout = self.streams[streams[0]].layout.clone();
        let mut keys = Keys::default();
        if !layout.size().is_empty() {
            keys = keys.with_counts("size", layout.size());
        }
        let [a, b] = streams.map(|stream| self.stream_type(stream));
        keys = keys.with_count("channels", layout.rows()).with_type("a", a).with_type("b", b);
        if factors != [1, 1] {
            keys = keys.with("factors", factors.map(Toml::Integer).to_vec());
        }
        if let Some(requantize) = requantize {
            keys = keys.with("requantize", Toml::Table(requantize.0));
        }
        let from = streams.map(|stream| self.endpoint(stream));
        let [a, b] = from;
        self.maker.add(name, "add", &[("a", a), ("b", b)], keys)
    }
}

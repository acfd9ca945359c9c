//! How far a design is from what its device gives: multiplications a cycle, by how many there are to a byte of weights.

use super::{Axis, Curve, Datapath, Figure};
use crate::device::{Counts, Family, Resources};
use serde::Serialize;

/// An array of multipliers whose weights lie in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrayWork {
    /// Of its node in a graph.
    pub name: String,
    /// Products in a cycle in which it works.
    pub products: u64,
    /// Cycles of a frame in which it works, at least.
    pub cycles: u64,
    /// Bits of weights that are read for these products.
    pub weight_bits: u64,
}

/// The arrays of a design below the two roofs of its device.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Roofline {
    pub layers: Vec<RooflinePoint>,
    /// All arrays together.
    pub whole: RooflinePoint,
    /// Bytes that all block RAM of the device gives in a cycle.
    pub bytes_a_cycle: f64,
    /// Products in a cycle of arrays of this design's price in look-up tables, where four of five of the device were filled.
    pub products_a_cycle: f64,
}

/// What an array does while frames follow each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RooflinePoint {
    pub name: String,
    /// Products in a cycle, of all cycles of a frame.
    pub products_a_cycle: f64,
    /// To a byte of weights that is read.
    pub products_a_byte: f64,
}

/// The share of the look-up tables that is worth to fill: the router needs the rest.
const FILLED: f64 = 0.8;

impl Roofline {
    /// Of a design that takes so much of a device and so many cycles a frame; none where no weights lie in memory.
    pub fn of(
        datapath: &dyn Datapath,
        cycles_per_frame: f64,
        counts: &Counts,
        device: &Resources,
        family: Family,
    ) -> Option<Self> {
        let arrays = datapath.arrays();
        let point = |name: &str, arrays: &[ArrayWork]| {
            let sum = |of: fn(&ArrayWork) -> u64| {
                arrays.iter().map(|array| (of(array) * array.cycles) as f64).sum::<f64>()
            };
            let (products, bytes) = (sum(|array| array.products), sum(|array| array.weight_bits) / 8.0);
            let products_a_cycle = products / cycles_per_frame.max(1.0);
            RooflinePoint { name: name.into(), products_a_cycle, products_a_byte: products / bytes }
        };
        let [_, width] = *family.numbers().block_ram.first()?;
        let peak: u64 = arrays.iter().map(|array| array.products).sum();
        (!arrays.is_empty()).then(|| Self {
            layers: arrays.iter().map(|array| point(&array.name, std::slice::from_ref(array))).collect(),
            whole: point("the whole", &arrays),
            bytes_a_cycle: (device.block_ram * width) as f64 / 8.0,
            products_a_cycle: peak as f64 * FILLED * device.lut4 as f64 / counts.lut4.max(1) as f64,
        })
    }

    /// Products in a cycle that the device gives where so many come to a byte.
    pub fn roof(&self, products_a_byte: f64) -> f64 {
        (self.bytes_a_cycle * products_a_byte).min(self.products_a_cycle)
    }

    /// The roofs as a line, and the arrays as points below it.
    pub fn figure(&self) -> Figure {
        let bytes = || self.layers.iter().map(|layer| layer.products_a_byte);
        let knee = self.products_a_cycle / self.bytes_a_cycle.max(f64::MIN_POSITIVE);
        let lo = bytes().fold(knee, f64::min) / 2.0;
        let hi = bytes().fold(knee, f64::max) * 2.0;
        let roof = [lo, knee, hi].map(|place| (place, self.roof(place))).to_vec();
        let place = |point: &RooflinePoint| (point.products_a_byte, point.products_a_cycle);
        let curve = |name: &str, points, joined| Curve { name: name.into(), points, joined };
        Figure::Curves {
            title: "Its layers below what the device gives: block RAM ports on the left, look-up tables on the right".into(),
            x: Axis::log("products a byte of weights"),
            y: Axis::log("products a cycle"),
            curves: vec![
                curve("the device", roof, true),
                curve("layers", self.layers.iter().map(place).collect(), false),
                curve("the whole", vec![place(&self.whole)], false),
            ],
        }
    }
}

impl std::fmt::Display for Roofline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { whole, bytes_a_cycle, products_a_cycle, .. } = self;
        let ports = bytes_a_cycle * whole.products_a_byte;
        let limit = if ports < *products_a_cycle { "block RAM ports" } else { "look-up tables" };
        write!(
            f,
            "  {:.1} products a cycle of {:.1} that the device gives: look-up tables {products_a_cycle:.1}, block RAM ports {ports:.1}; {limit} limit",
            whole.products_a_cycle,
            self.roof(whole.products_a_byte),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roof_has_a_knee() {
        let point = RooflinePoint { name: "a".into(), products_a_cycle: 3.0, products_a_byte: 4.0 };
        let roofline = Roofline {
            layers: vec![point.clone()],
            whole: point,
            bytes_a_cycle: 60.0,
            products_a_cycle: 120.0,
        };
        assert_eq!((roofline.roof(1.0), roofline.roof(2.0), roofline.roof(8.0)), (60.0, 120.0, 120.0));
        let Figure::Curves { curves, .. } = roofline.figure() else { panic!("curves") };
        assert_eq!(curves[0].points, [(1.0, 60.0), (2.0, 120.0), (8.0, 120.0)]);
        let shown = "  3.0 products a cycle of 120.0 that the device gives: look-up tables 120.0, block RAM ports 240.0; look-up tables limit";
        assert_eq!(roofline.to_string(), shown);
    }
}

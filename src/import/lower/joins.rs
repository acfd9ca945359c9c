//! Tensors that meet: sums and concatenations.

use super::Lowering;
use super::codes::Codes;
use super::maker::{Keys, type_of};
use super::value::{Held, Layout, Origin, Stream, Value};
use crate::import::activation::Bounds;
use crate::import::exact::Rational;
use crate::import::meaning::{Each, Step};
use crate::import::onnx::Node;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::ToPrimitive;
use toml::Value as Toml;

/// What the inputs of `concat` are called.
const SIDES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

impl Lowering<'_> {
    /// `a + b` of two tensors.
    pub fn sum(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let (a, b) = (self.codes(node, 0)?, self.codes(node, 1)?);
        self.sum_of(node, a, b)
    }

    pub fn sum_of(&mut self, node: &Node, a: Codes, b: Codes) -> Result<Vec<Held>, String> {
        if a.layout != b.layout {
            return Err(format!(
                "it adds tensors of the shapes {:?} and {:?}, which are not alike",
                a.layout.shape(),
                b.layout.shape()
            ));
        }
        if a.stream == b.stream {
            return Err("it adds a tensor to itself; multiply it by 2".into());
        }
        let raw = "its sides are sums without a quantizer, or have scales that differ between channels; quantize a side, or share the quantizer";
        let scale = |codes: &Codes| codes.scale.only().and_then(|scale| scale.rational()).cloned().ok_or(raw);
        let (first, second) = (scale(&a)?, scale(&b)?);
        // Both as integers times one scale.
        let [f, g] = [first.numer() * second.denom(), second.numer() * first.denom()];
        let common = f.gcd(&g);
        let factors = [&f / &common, &g / &common].map(|factor: BigInt| factor.to_i64());
        let [Some(f), Some(g)] = factors else { return Err(raw.into()) };
        let unit: Rational = first / BigInt::from(f);
        let offset = a.offset.zip(&b.offset, |a, b| a.plus(b)).map_err(super::codes::two_roots)?.merged();
        let factors = [f, g];
        let streams = [a.stream, b.stream];
        let bounds = self.sum_bounds(streams, factors, a.layout.rows()).ok_or(raw)?;
        let name = self.maker.names.legal(&node.name, "add");
        let origin = Origin::Sum { name, streams, factors };
        self.streams.push(Stream::new(origin, bounds, a.layout.clone()));
        let step = Step::affine(Each::all(unit.into()), offset);
        Ok(vec![Held::Value(Value::new(self.streams.len() - 1, vec![step], a.layout))])
    }

    fn sum_bounds(&self, streams: [usize; 2], factors: [i64; 2], rows: usize) -> Option<Vec<Bounds>> {
        let [a, b] = streams.map(|stream| &self.streams[stream].bounds);
        let count = if a.len() == 1 && b.len() == 1 { 1 } else { rows };
        let of = |row: usize| {
            let ends = |bounds: &[Bounds], factor: i64| {
                let (lo, hi) = if let [one] = bounds { *one } else { bounds[row] };
                let ends = [i128::from(lo) * i128::from(factor), i128::from(hi) * i128::from(factor)];
                (ends[0].min(ends[1]), ends[0].max(ends[1]))
            };
            let ((a, b), (c, d)) = (ends(a, factors[0]), ends(b, factors[1]));
            let narrow = |end: i128| i64::try_from(end).ok().filter(|end| end.unsigned_abs() >> 61 == 0);
            Some((narrow(a + c)?, narrow(b + d)?))
        };
        (0..count).map(of).collect()
    }

    pub fn concat(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        if node.inputs.iter().all(|name| matches!(self.held.get(name), Some(Held::Constant(_)))) {
            return super::fold::concat(self, node);
        }
        let axis = node.attributes.int("axis", 1)?;
        let sides: Vec<Codes> =
            (0..node.inputs.len()).map(|index| self.codes(node, index)).collect::<Result<_, _>>()?;
        self.concat_of(node, axis, sides)
    }

    pub fn concat_of(&mut self, node: &Node, axis: i64, sides: Vec<Codes>) -> Result<Vec<Held>, String> {
        if !(2..=SIDES.len()).contains(&sides.len()) {
            return Err(format!("it joins {} tensors; 2 to {} are imported", sides.len(), SIDES.len()));
        }
        match self.axis(axis, sides[0].layout.shape().len())? {
            0 => return Err("it joins along the batch, of which one frame comes after the other".into()),
            1 => {}
            axis => {
                let Codes { stream, scale, offset, layout } = self.joined(node, sides, axis - 2)?;
                return Ok(vec![Held::Value(Value::new(stream, vec![Step::affine(scale, offset)], layout))]);
            }
        }
        let size = sides[0].layout.size().to_vec();
        let flattened = |layout: &Layout| matches!(layout, Layout::Vector { of: Some(_), .. });
        if sides.iter().any(|side| side.layout.size() != size || flattened(&side.layout)) {
            return Err("it joins tensors of several sizes, or flattened maps; join maps of one size".into());
        }
        let rows: Vec<usize> = sides.iter().map(|side| side.layout.rows()).collect();
        let total = rows.iter().sum();
        let mut bounds = Vec::new();
        let (mut scales, mut offsets) = (Vec::new(), Vec::new());
        for side in &sides {
            self.emitted(side.stream)?;
            let rows = side.layout.rows();
            bounds.extend(self.bounds(side.stream, true, rows));
            scales.extend(side.scale.expanded(rows));
            offsets.extend(side.offset.expanded(rows));
        }
        let types = sides.iter().map(|side| self.stream_type(side.stream));
        let (lo, hi) = types.fold((0, 0), |(lo, hi), ty| (lo.min(ty.lo()), hi.max(ty.hi())));
        let mut keys = Keys::default();
        if !size.is_empty() {
            keys = keys.with_counts("size", &size);
        }
        let channels: Vec<Toml> = rows.iter().map(|rows| Toml::Integer(*rows as i64)).collect();
        keys = keys.with("channels", channels).with_type("input", type_of(lo, hi));
        let name = self.maker.names.legal(&node.name, "concat");
        let from: Vec<(&str, crate::graph::Endpoint)> =
            SIDES.iter().zip(&sides).map(|(input, side)| (*input, self.endpoint(side.stream))).collect();
        let index = self.maker.add(name, "concat", &from, keys)?;
        self.closed.insert(index);
        let layout = match size.is_empty() {
            true => Layout::Vector { length: total, of: None },
            false => Layout::Map { channels: total, size },
        };
        if bounds.iter().all(|of| *of == bounds[0]) {
            bounds.truncate(1);
        }
        self.streams.push(Stream::new(Origin::Node(index), bounds, layout.clone()));
        let step = Step::affine(Each::of(scales).merged(), Each::of(offsets).merged());
        Ok(vec![Held::Value(Value::new(self.streams.len() - 1, vec![step], layout))])
    }

    /// Maps one after the other along an axis of positions: what a part of a map within that axis has are the channels of one position.
    pub fn joined(&mut self, node: &Node, sides: Vec<Codes>, axis: usize) -> Result<Codes, String> {
        if !(2..=SIDES.len()).contains(&sides.len()) {
            return Err(format!("it joins {} tensors; 2 to {} are imported", sides.len(), SIDES.len()));
        }
        let Codes { scale, offset, layout, .. } = sides[0].clone();
        let Layout::Map { channels, mut size } = layout else {
            return Err("it joins vectors along positions, which they have not".into());
        };
        let without = |size: &[usize]| [&size[..axis], &size[axis + 1..]].concat();
        if sides
            .iter()
            .any(|side| side.layout.rows() != channels || without(side.layout.size()) != without(&size))
        {
            return Err(
                "it joins tensors of several sizes; along an axis all others are of one length".into()
            );
        }
        let alike = |side: &Codes| {
            (0..channels).all(|channel| {
                side.scale.get(channel) == scale.get(channel)
                    && side.offset.get(channel) == offset.get(channel)
            })
        };
        if !sides.iter().all(alike) {
            return Err("what it joins have different scales; share one quantizer".into());
        }
        let (outer, inner) = (size[..axis].to_vec(), size[axis + 1..].iter().product::<usize>() * channels);
        let lengths: Vec<usize> = sides.iter().map(|side| side.layout.size()[axis]).collect();
        size[axis] = lengths.iter().sum();
        let mut from = Vec::new();
        let (mut lo, mut hi) = (0, 0);
        for (side, name) in sides.iter().zip(SIDES) {
            self.emitted(side.stream)?;
            let ty = self.stream_type(side.stream);
            (lo, hi) = (ty.lo().min(lo), ty.hi().max(hi));
            let keys = Keys::of_map(side.layout.size(), channels, ty);
            let whole = self.endpoint(side.stream);
            from.push((name, self.unnamed(node, "flatten", whole, keys)?));
        }
        let bounds = sides.iter().flat_map(|side| self.streams[side.stream].bounds.clone());
        let bounds = bounds.reduce(|(lo, hi), (least, most)| (lo.min(least), hi.max(most)));
        let parts: Vec<Toml> = lengths.iter().map(|length| Toml::Integer((length * inner) as i64)).collect();
        let mut keys = Keys::default();
        if !outer.is_empty() {
            keys = keys.with_counts("size", &outer);
        }
        let keys = keys.with("channels", parts).with_type("input", type_of(lo, hi));
        let name = self.maker.names.legal(&node.name, "concat");
        let mut index = self.maker.add(name, "concat", &from, keys)?;
        if !outer.is_empty() {
            let keys = Keys::of_map(&outer, size[axis] * inner, type_of(lo, hi));
            let joined = self.maker.endpoint(index);
            self.unnamed(node, "flatten", joined, keys)?;
            index = self.maker.nodes.len() - 1;
        }
        self.closed.insert(index);
        let layout = Layout::Map { channels, size };
        self.streams.push(Stream::new(Origin::Node(index), bounds.into_iter().collect(), layout.clone()));
        Ok(Codes { stream: self.streams.len() - 1, scale, offset, layout })
    }
}

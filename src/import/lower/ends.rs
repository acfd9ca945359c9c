//! What leaves the design: codes, scores, classes.

use super::codes::Codes;
use super::maker::{Keys, type_of};
use super::value::{Held, Layout, Origin, Stream, Value, View};
use super::{Lowered, Lowering, Outcome, Scores};
use crate::blocks::Ties;
use crate::graph::{Endpoint, Graph, WORLD};
use crate::import::activation::{Score, decide};
use crate::import::error::Problem;
use crate::import::exact::Surd;
use crate::import::meaning::{Each, Step};
use crate::import::onnx::Node;
use num_bigint::BigInt;

/// The streams of the design's outputs.
#[derive(Debug, Default)]
struct Leaving {
    outputs: Vec<(String, Endpoint)>,
    probes: Vec<(String, Endpoint)>,
    scores: Option<Scores>,
    outcomes: Vec<Outcome>,
}

impl Lowering<'_> {
    /// The index of the largest channel, or of the largest position along an axis.
    pub fn arg_max(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let shape = self.value(node, 0)?.layout.shape();
        let axis = self.axis(node.attributes.int("axis", 0)?, shape.len())?;
        let ties = if node.attributes.int("select_last_index", 0)? != 0 { Ties::Higher } else { Ties::Lower };
        let codes = self.codes(node, 0)?;
        let codes = match axis {
            0 => {
                return Err(
                    "it looks for the largest of the batch, of which one comes after the other".into()
                );
            }
            1 => codes,
            _ => self.as_channels(node, codes, axis - 2)?,
        };
        Ok(vec![self.index_of_largest(codes, ties)?])
    }

    /// The integers of each channel along an axis of positions as channels of their own.
    fn as_channels(&mut self, node: &Node, codes: Codes, axis: usize) -> Result<Codes, String> {
        if codes.scale.iter().any(|scale| scale.sign() <= 0) {
            return Err("its input falls with the codes that stand for it".into());
        }
        let size = codes.layout.size().to_vec();
        let others = (0..size.len()).filter(|other| *other != axis);
        let order: Vec<usize> = std::iter::once(size.len()).chain(others.clone()).chain([axis]).collect();
        let positions = std::iter::once(codes.layout.rows()).chain(others.map(|other| size[other])).collect();
        let layout = Layout::Map { channels: size[axis], size: positions };
        let stream = self.in_order(node, codes.stream, &order, &layout)?;
        // Each is compared with those of its own channel, whatever that stands for.
        Ok(Codes { stream, scale: Each::all(Surd::one()), offset: Each::all(Surd::zero()), layout })
    }

    /// That a node looks along the channels.
    fn along_channels(&self, node: &Node, default: i64) -> Result<(), String> {
        let axes = self.value(node, 0)?.layout.shape().len();
        let axis = node.attributes.int("axis", default)?;
        if self.axis(axis, axes)? == 1 {
            return Ok(());
        }
        Err(format!("it looks along axis {axis}; along the channels, axis 1, is imported"))
    }

    fn index_of_largest(&mut self, codes: Codes, ties: Ties) -> Result<Held, String> {
        let mut leaving = Leaving::default();
        let class = self.class(codes, ties, &mut leaving)?;
        let class = class.ok_or("no integers of 31 bits decide as its scores do; quantize the scores")?;
        self.scores = leaving.scores;
        self.score_outputs = leaving.outputs;
        Ok(Held::Class(class))
    }

    /// The largest channel and its index.
    pub fn top_k(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        self.along_channels(node, -1)?;
        let count = match self.optional(node, 1)? {
            Some(count) => count.integers()?.first().copied().unwrap_or(0),
            None => node.attributes.int("k", 0)?,
        };
        if count != 1 || node.attributes.int("largest", 1)? == 0 {
            return Err(
                "it takes several channels, or the smallest; the largest one (k = 1) is imported".into()
            );
        }
        let codes = self.codes(node, 0)?;
        let mut made = Vec::new();
        for (index, name) in node.outputs.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let is_taken = self.takers.get(&name[..]).is_some_and(|takers| *takers > 0);
            made.push(match index {
                _ if !is_taken => Held::Lost,
                0 => self.largest(node, codes.clone())?,
                _ => self.index_of_largest(codes.clone(), Ties::Lower)?,
            });
        }
        Ok(made)
    }

    /// The largest channel of each position: that of a line of all channels.
    fn largest(&mut self, node: &Node, codes: Codes) -> Result<Held, String> {
        if codes.scale.only().is_none_or(|scale| scale.sign() <= 0) || codes.offset.only().is_none() {
            return Err("channels of its input have different scales; share one quantizer".into());
        }
        let layout = codes.layout.clone();
        if matches!(layout, Layout::Vector { of: Some(_), .. }) {
            return Err("its input is a flattened map; take the largest before the map is flattened".into());
        }
        self.emitted(codes.stream)?;
        let (channels, positions) = (layout.rows(), layout.size().iter().product::<usize>());
        let input = self.stream_type(codes.stream);
        let flat = |size: &[usize], channels: usize| Keys::of_map(size, channels, input);
        let mut from = self.endpoint(codes.stream);
        if !layout.size().is_empty() {
            from = self.unnamed(node, "flatten", from, flat(layout.size(), channels))?;
        }
        let keys =
            flat(&[positions, channels], 1).with("operation", "max").with_counts("kernel", &[1, channels]);
        from = self.unnamed(node, "pool", from, keys)?;
        self.unnamed(node, "flatten", from, flat(&[positions, 1], 1))?;
        let index = self.maker.nodes.len() - 1;
        self.closed.insert(index);
        let layout = match layout {
            Layout::Map { size, .. } => Layout::Map { channels: 1, size },
            Layout::Vector { .. } => Layout::Vector { length: 1, of: None },
        };
        let bounds = self.bounds(codes.stream, false, channels);
        let hull = bounds.iter().fold(bounds[0], |(lo, hi), (least, most)| (lo.max(*least), hi.max(*most)));
        self.streams.push(Stream::new(Origin::Node(index), vec![hull], layout.clone()));
        let step = Step::affine(codes.scale, codes.offset);
        Ok(Held::Value(Value::new(self.streams.len() - 1, vec![step], layout)))
    }

    /// The largest of several: as `Softmax` at the end of a network leaves it.
    pub fn softmax(&mut self, node: &Node) -> Result<Vec<Held>, String> {
        let output = node.outputs.first().map_or("", |name| name);
        if !self.model.outputs.iter().any(|name| name == output) {
            return Err(
                "it is not at the end of the network; there it is left out, since it changes no class".into(),
            );
        }
        self.along_channels(node, if self.model.opset < 13 { 1 } else { -1 })?;
        self.notes.push(format!("{} is left out: it changes no class", node.shown()));
        self.without_softmax.insert(output.to_owned());
        self.passed(node)
    }

    /// Where the class of these scores leaves; none where no integers decide as they do.
    fn class(&mut self, codes: Codes, ties: Ties, leaving: &mut Leaving) -> Result<Option<Endpoint>, String> {
        self.emitted(codes.stream)?;
        let layout = self.streams[codes.stream].layout.clone();
        let (Layout::Map { .. } | Layout::Vector { of: None, .. }) = layout else {
            return Err(
                "its input is a flattened map, of which no class is taken; flatten before the last matrix"
                    .into(),
            );
        };
        let rows = layout.rows();
        let accumulators = self.endpoint(codes.stream);
        if let (Some(scale), Some(_)) = (codes.scale.only(), codes.offset.only())
            && scale.sign() > 0
        {
            if accumulators.node != WORLD {
                leaving.outputs.push(("score".into(), accumulators));
            }
            return self.argmax_node(codes.stream, ties).map(Some);
        }
        if ties == Ties::Higher {
            return Err(
                "of equals it takes the last one, of channels of different scales; share one quantizer"
                    .into(),
            );
        }
        let bounds = self.bounds(codes.stream, true, rows);
        let real = |each: &Each<Surd>| {
            (0..rows).map(|row| each.get(row).rational().cloned()).collect::<Option<Vec<_>>>()
        };
        let (Some(scales), Some(offsets)) = (real(&codes.scale), real(&codes.offset)) else {
            return Err("a batch norm without a quantizer stands at the end; put a quantizer after it".into());
        };
        let scores: Vec<Score> = (0..rows)
            .map(|row| Score {
                scale: scales[row].clone(),
                offset: offsets[row].clone(),
                bounds: bounds[row],
            })
            .collect();
        let decision = decide(&scores);
        leaving.scores =
            Some(Scores { accumulators: accumulators.clone(), scales, offsets, decision: decision.clone() });
        if accumulators.node != WORLD {
            leaving.probes.push(("accumulator".into(), accumulators.clone()));
        }
        let Some(decision) = decision else {
            leaving.outputs.push(("accumulator".into(), accumulators));
            leaving.probes.clear();
            return Ok(None);
        };
        // Scores in the widest word that they can take.
        let ends = (0..rows).flat_map(|row| {
            let of = |acc: i64| {
                BigInt::from(decision.multipliers[row]) * BigInt::from(acc)
                    + BigInt::from(decision.biases[row])
            };
            [of(bounds[row].0), of(bounds[row].1)]
        });
        let (lo, hi) = ends.fold((0i64, 0i64), |(lo, hi), end| {
            let end = i64::try_from(end).unwrap_or(i64::MAX);
            (lo.min(end), hi.max(end))
        });
        if hi == i64::MAX {
            return Ok(None);
        }
        let name = self.maker.names.legal("score", "score");
        let [multiplier, bias] = [("multiplier", &decision.multipliers), ("bias", &decision.biases)]
            .map(|(key, values)| self.per_row(&name, key, values));
        let ty = type_of(lo.min(-1), hi);
        let table = Keys::default()
            .with_type("output", ty)
            .with("multiplier", multiplier)
            .with("bias", bias)
            .with("shift", 0);
        let mut keys = Keys::default().with_count("rows", rows);
        if !layout.size().is_empty() {
            keys = keys.with_counts("size", layout.size());
        }
        let keys = keys
            .with_type("input", self.stream_type(codes.stream))
            .with("requantize", toml::Value::Table(table.0));
        let index = self.maker.add(name, "requantize", &[("acc", accumulators)], keys)?;
        self.streams.push(Stream::new(Origin::Node(index), vec![(lo, hi)], layout));
        let stream = self.streams.len() - 1;
        leaving.outputs.push(("score".into(), self.endpoint(stream)));
        self.argmax_node(stream, ties).map(Some)
    }

    fn argmax_node(&mut self, stream: usize, ties: Ties) -> Result<Endpoint, String> {
        let layout = self.streams[stream].layout.clone();
        let keys = match layout.size() {
            [] => Keys::default().with_count("columns", layout.rows()),
            size => Keys::default().with_counts("size", size).with_count("channels", layout.rows()),
        };
        let keys = keys.with_type("input", self.stream_type(stream));
        let keys = if ties == Ties::Higher { keys.with("ties", "higher") } else { keys };
        let name = self.maker.names.legal("class", "class");
        let from = self.endpoint(stream);
        let index = self.maker.add(name, "argmax", &[("x", from)], keys)?;
        Ok(self.maker.endpoint(index))
    }

    /// The design of all that was made.
    pub fn leave(mut self) -> Result<Lowered, Vec<Problem>> {
        let mut leaving = Leaving {
            scores: self.scores.take(),
            outputs: std::mem::take(&mut self.score_outputs),
            ..Leaving::default()
        };
        if let Some(scores) = leaving.scores.as_ref().filter(|scores| scores.accumulators.node != WORLD) {
            leaving.probes.push(("accumulator".into(), scores.accumulators.clone()));
        }
        for name in self.model.outputs.clone() {
            let made = self.output(&name, &mut leaving);
            made.map_err(|why| vec![Problem::new(format!("output {name:?}"), why)])?;
        }
        self.activations.sort_by_key(|activation| activation.number);
        for activation in self.activations.iter().filter(|activation| activation.codes.node != WORLD) {
            let name = activation.codes.node.clone();
            let taken = leaving
                .outputs
                .iter()
                .chain(&leaving.probes)
                .any(|(known, from)| *known == name || *from == activation.codes);
            if !taken {
                leaving.probes.push((name, activation.codes.clone()));
            }
        }
        let (shape, ty) = self.input;
        let Some(ty) = ty else {
            let why = "what integers come in is not said: write --input, such as --input u8/256";
            return Err(vec![Problem::of_file(why)]);
        };
        let mut graph = Graph::new(self.maker.nodes);
        (graph.outputs, graph.probes) = (leaving.outputs, leaving.probes);
        Ok(Lowered {
            graph,
            tensors: self.maker.tensors.list,
            layers: self.layers,
            activations: self.activations,
            scores: leaving.scores,
            outcomes: leaving.outcomes,
            input: (shape, ty),
            notes: self.notes,
        })
    }

    /// What comes in, as it is, out of a node: a design has one at least.
    fn passing(&mut self, stream: usize) -> Result<usize, String> {
        let Stream { bounds, layout, .. } = self.streams[stream].clone();
        let ty = self.stream_type(stream);
        let table = Keys::default().with_type("output", ty).with("multiplier", 1).with("shift", 0);
        let mut keys = Keys::default().with_count("rows", layout.rows());
        if !layout.size().is_empty() {
            keys = keys.with_counts("size", layout.size());
        }
        let keys = keys.with_type("input", ty).with("requantize", toml::Value::Table(table.0));
        let name = self.maker.names.legal("passing", "passing");
        let from = self.endpoint(stream);
        let index = self.maker.add(name, "requantize", &[("acc", from)], keys)?;
        self.streams.push(Stream::new(Origin::Node(index), bounds, layout));
        Ok(self.streams.len() - 1)
    }

    /// An output of the model as outputs of the design.
    fn output(&mut self, name: &str, leaving: &mut Leaving) -> Result<(), String> {
        let value = match self.held.get(name) {
            Some(Held::Class(class)) => {
                leaving.outputs.push(("class".into(), class.clone()));
                return Ok(());
            }
            Some(Held::Value(value)) if value.view == View::Plain => value.clone(),
            Some(Held::Value(_)) => return Err("its channels are the last axis; transpose it back".into()),
            Some(Held::Constant(_)) => return Err("it is a constant".into()),
            _ => return Err("it is an output of its node that is not imported; leave it out".into()),
        };
        let several = self.model.outputs.len() > 1;
        let mut codes = self.codes_of(name, value)?;
        self.emitted(codes.stream)?;
        let layout = codes.layout.clone();
        let quantized =
            self.activations.iter().any(|activation| activation.codes == self.endpoint(codes.stream));
        let is_plain = matches!(layout, Layout::Vector { of: None, .. });
        let is_flat = matches!(layout, Layout::Vector { of: Some(_), .. });
        let leaves = several || layout.rows() == 1 || quantized && !is_plain || is_flat;
        if leaves && self.endpoint(codes.stream).node == WORLD {
            codes.stream = self.passing(codes.stream)?;
        }
        if !self.without_softmax.contains(name) {
            leaving.outcomes.push(Outcome {
                tensor: name.into(),
                codes: self.endpoint(codes.stream),
                scale: codes.scale.clone(),
                offset: codes.offset.clone(),
                order: layout.order(),
            });
        }
        if leaves {
            let name = if several { self.maker.names.legal(name, "y") } else { "y".into() };
            leaving.outputs.push((name, self.endpoint(codes.stream)));
            return Ok(());
        }
        match self.class(codes, Ties::Lower, leaving)? {
            Some(class) => leaving.outputs.push(("class".into(), class)),
            None => self.notes.push("no integers decide as the scores do; the accumulators leave".into()),
        }
        Ok(())
    }
}

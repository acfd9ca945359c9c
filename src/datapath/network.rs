//! A pipeline of datapaths: the output stream of each is the input stream of the next.
//!
//! Where lanes differ, beats are cut and joined between layers; FIFOs keep layers of different speed busy. Layers whose
//! outputs a person wants to see are exposed: a copy of their output stream leaves the network.

use super::catalog::{Visitor, entries, visit};
use super::config::{Config, ConfigError, Problems};
use super::tensor::Source;
use super::{Datapath, LaneStream, place};
use crate::hdl::{Module, Signal, Stream, Timing};
use crate::stream::{Draw, Port, Ports, Tokens, Transfers};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A layer of a network in a design file: the configuration of any datapath of the catalog, by its `kind`.
pub struct LayerConfig(Box<Loader>);

/// Loads a configuration whose type only its `kind` names.
type Loader = dyn FnOnce(&dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>>;

impl<'de> Deserialize<'de> for LayerConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read(toml::Table);
        impl Visitor for Read {
            type Output = Result<Box<Loader>, toml::de::Error>;
            fn visit<C: Config>(self) -> Self::Output {
                let config = C::deserialize(self.0)?;
                Ok(Box::new(|source| config.load(source)))
            }
        }
        let mut table = toml::Table::deserialize(deserializer)?;
        let kinds = || entries().into_iter().map(|entry| entry.kind).collect::<Vec<_>>().join(", ");
        let Some(toml::Value::String(kind)) = table.remove("kind") else {
            return Err(D::Error::custom(format!("a layer has a kind = \"...\", one of {}", kinds())));
        };
        match visit(&kind, Read(table)) {
            Some(Ok(loader)) => Ok(Self(loader)),
            Some(Err(error)) => Err(D::Error::custom(error.message())),
            None => {
                let why = format!("there is no datapath \"{kind}\"; the datapaths are {}", kinds());
                Err(D::Error::custom(why))
            }
        }
    }
}

/// One entry of the list `layer`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The name of its instance and, if it is exposed, of its output stream.
    pub name: String,
    /// Whether a copy of its output leaves the network.
    #[serde(default)]
    pub expose: bool,
    /// Beats of room in front of it; 0 for none.
    #[serde(default)]
    pub fifo: usize,
    pub datapath: LayerConfig,
}

/// The table `datapath` of a design file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    pub layer: Vec<Entry>,
}

struct Layer {
    name: String,
    expose: bool,
    fifo: usize,
    datapath: Box<dyn Datapath>,
}

/// Datapaths behind each other.
pub struct Network {
    layers: Vec<Layer>,
}

impl Config for NetworkConfig {
    const KIND: &'static str = "network";
    const SUMMARY: &'static str = "a pipeline of datapaths, each fed by the one before";
    const EXAMPLE: &'static str = r#"# A ternary layer and the class of its results.
name = "my_network"
board = "icebreaker"
frequency_mhz = 24

[datapath]
kind = "network"

[[datapath.layer]]
name = "hidden"      # of the instance, and of the output stream if it is exposed
expose = true        # a copy of the output leaves the network
[datapath.layer.datapath]
kind = "ternary_mac"
rows = 3
columns = 4
lanes = 2
input = "u5"
weights = { from = "memory", values = [[1, 0, -1, 1], [0, 1, 1, -1], [-1, -1, 0, 1]] }
requantize = { output = "s7", multiplier = 3, shift = 1 }

[[datapath.layer]]
name = "class"
fifo = 4             # beats of room in front of this layer
[datapath.layer.datapath]
kind = "argmax"
columns = 3
input = "s7"
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let mut problems = Problems::default();
        problems.require(!self.layer.is_empty(), "layer", "[]", "a network has at least 1 layer", "add one");
        let mut layers: Vec<Layer> = Vec::new();
        for (index, Entry { name, expose, fifo, datapath }) in self.layer.into_iter().enumerate() {
            let place = format!("layer[{index}]");
            let sound = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            let why = "a name is lower-case letters, digits and underscores, a letter first";
            problems.require(
                sound,
                &format!("{place}.name"),
                format!("\"{name}\""),
                why,
                "write such a name",
            );
            let new = layers.iter().all(|layer| layer.name != name);
            problems.require(
                new,
                &format!("{place}.name"),
                format!("\"{name}\""),
                "two layers have this name",
                "rename one",
            );
            match (datapath.0)(source) {
                Ok(datapath) => {
                    if let Some(before) = layers.last() {
                        check_join(&place, before, &name, &*datapath, &mut problems);
                    }
                    layers.push(Layer { name, expose, fifo, datapath });
                }
                Err(inside) => problems.inside(&format!("{place}.datapath"), inside),
            }
        }
        problems.finish(|| Box::new(Network { layers }) as Box<dyn Datapath>)
    }
}

/// Notes where the output of `before` cannot be the input of `next`.
fn check_join(place: &str, before: &Layer, name: &str, next: &dyn Datapath, problems: &mut Problems) {
    let (out, ports) = (&before.datapath.ports().outputs[0], next.ports());
    let input = &ports.inputs[0];
    let field = format!("{place}.datapath");
    let kind = format!("\"{}\"", next.kind());
    let single = ports.inputs.len() == 1;
    problems.require(single, &field, &kind, "a layer has one input stream", "keep its weights in memory");
    let why = format!(
        "`{}` gives frames of {} integers, `{name}` takes {}",
        before.name,
        out.frame_values(),
        input.frame_values()
    );
    let mend = "make rows of the one and columns of the other equal";
    problems.require(out.frame_values() == input.frame_values(), &field, &kind, &why, mend);
    let (gives, takes) = (&out.fields[0].range, &input.fields[0].range);
    let why = format!("`{}` gives integers in {gives}, `{name}` takes {takes}", before.name);
    problems.require(takes.covers(gives), &field, &kind, &why, format!("widen the input of `{name}`"));
}

/// `stream` of `from` as a stream of `to`: the same integers in other lanes.
fn repack<'m>(stream: LaneStream<'m>, from: &Port, to: &Port) -> LaneStream<'m> {
    if from.lanes() == to.lanes() {
        return stream;
    }
    let tail = from.frame_values() - (from.frame_beats() - 1) * from.lanes();
    if from.lanes() == 1 {
        return stream.map(|lanes| lanes[0]).chunk(to.lanes()).framed(to.frame_beats());
    }
    let serial = stream.flatten(tail).framed(to.frame_values());
    let joined = serial.chunk(to.lanes());
    joined.framed(to.frame_beats())
}

impl Datapath for Network {
    fn kind(&self) -> &'static str {
        NetworkConfig::KIND
    }

    fn doc(&self) -> String {
        let layers = self.layers.iter().map(|layer| format!("{}: {}", layer.name, layer.datapath.doc()));
        layers.collect::<Vec<_>>().join("\n")
    }

    fn ports(&self) -> Ports {
        let inputs = self.layers[0].datapath.ports().inputs;
        let last = self.layers.len() - 1;
        let shown = self.layers.iter().enumerate().filter(|(index, layer)| layer.expose || *index == last);
        let output = |(_, layer): (usize, &Layer)| {
            let port = layer.datapath.ports().outputs.swap_remove(0);
            Port { name: layer.name.clone(), ..port }
        };
        Ports { inputs, outputs: shown.map(output).collect() }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let mut outputs = Vec::new();
        let mut streams = inputs;
        let mut from: Option<Port> = None;
        for (index, layer) in self.layers.iter().enumerate() {
            let ports = layer.datapath.ports();
            if let Some(from) = &from {
                let stream = repack(streams.remove(0), from, &ports.inputs[0]);
                streams = vec![if layer.fifo > 0 { stream.fifo(layer.fifo) } else { stream }];
            }
            let mut results = place(m, &layer.name, &*layer.datapath, streams);
            let result: Stream<'m, Vec<Signal<'m>>> = results.remove(0);
            let last = index + 1 == self.layers.len();
            streams = if layer.expose && !last {
                let mut copies = result.settled().fork(2);
                outputs.push(copies.remove(0));
                copies
            } else {
                vec![result]
            };
            from = Some(ports.outputs[0].clone());
        }
        outputs.append(&mut streams);
        outputs
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let mut outputs = Vec::new();
        let mut current = inputs.clone();
        for (index, layer) in self.layers.iter().enumerate() {
            let results = layer.datapath.golden(&current);
            if layer.expose || index + 1 == self.layers.len() {
                outputs.push(results[0].clone());
            }
            if let Some(next) = self.layers.get(index + 1) {
                let values = results[0].unpack(&layer.datapath.ports().outputs[0]);
                current = vec![Tokens::pack(&next.datapath.ports().inputs[0], &values)];
            }
        }
        outputs
    }

    fn corners(&self) -> Vec<Transfers> {
        self.layers[0].datapath.corners()
    }

    fn random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        self.layers[0].datapath.random(frames, draw)
    }

    fn check(&self, inputs: &Transfers) -> Result<(), (String, String)> {
        self.layers[0].datapath.check(inputs)
    }

    fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        let of = |layer: &Layer| {
            let facts = layer.datapath.facts(timing).into_iter();
            facts.map(|(what, value)| (format!("{}: {what}", layer.name), value)).collect::<Vec<_>>()
        };
        self.layers.iter().flat_map(of).collect()
    }
}

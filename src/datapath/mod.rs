//! The product: datapaths, each hardware and the integers that it must compute, side by side.

mod accumulators;
mod activation;
mod add;
mod argmax;
mod bandwise;
mod catalog;
mod chain;
mod codebook;
mod codebook_mac;
mod concat;
mod config;
mod convolution;
mod crop;
mod edge_enhance;
mod figure;
mod flatten;
mod footprint;
mod gradient_prune;
mod inset;
pub mod lifting;
mod mac;
mod map;
mod memory_kind;
mod nm_compress;
mod nm_group;
mod nm_groups;
mod nm_mac;
mod nm_pattern;
mod nm_select;
mod pad;
mod per_axis;
mod per_row;
mod picture;
mod pixel_shuffle;
mod pool;
mod random;
mod rearranged;
mod requantize;
mod roofline;
mod rounding;
mod row_constants;
mod row_memory;
mod scales;
mod schedule;
mod slb_select;
mod sr_ste_update;
mod tail;
mod tensor;
mod ternary_mac;
mod thresholds;
mod transposed_convolution;
mod treatment;
mod upsample;
mod wavelet_quantizer;
mod weight_keys;

pub use crate::stream::LaneStream;
pub use accumulators::Accumulators;
pub use activation::{Activation, ActivationConfig};
pub use add::{Add, AddConfig, add};
pub use argmax::{Argmax, ArgmaxConfig, ArgmaxOfPositions, argmax};
pub use catalog::{Catalog, Entry};
pub use codebook::Codebook;
pub use codebook_mac::{CodebookMacConfig, codebook_dot_product};
pub use concat::{Concat, ConcatConfig, concat};
pub use config::{Config, ConfigError, IntType, LoadError, Problems};
pub use convolution::{ConvolutionConfig, ConvolutionShape, convolution};
pub use crop::{Crop, CropConfig, crop};
pub use edge_enhance::{
    BandGain, EdgeEnhance, EdgeEnhanceConfig, LimitedReconstruction, MaximaBorder, Modulus, ModulusMaxima,
    Output, Plane, Smoothing, direction, gradient, is_maximum, modulus,
};
pub use figure::{Axis, Curve, Figure};
pub use flatten::{Flatten, FlattenConfig, FlattenOrder, NamedOrder, in_order};
pub use footprint::Footprint;
pub use gradient_prune::{
    FrameLength, GradientPrune, GradientPruneConfig, RandomConfig, ThresholdConfig, ThresholdHistory,
    measured_threshold, pruning_constant, stochastic_prune,
};
pub use lifting::{Lifting, LiftingConfig};
pub use mac::dot_product;
pub use memory_kind::MemoryKind;
pub use nm_compress::{NmCompress, NmCompressConfig, nm_largest_places};
pub use nm_group::{compress as compress_group, expand as expand_group};
pub use nm_mac::NmMacConfig;
pub use nm_pattern::NmPattern;
pub use nm_select::{NmSelect, NmSelectConfig, nm_select};
pub use pad::{Pad, PadConfig, pad};
pub use per_axis::{Around, PerAxis};
pub use per_row::PerRow;
pub use picture::Pictures;
pub use pixel_shuffle::{ChannelOrder, PixelShuffle, PixelShuffleConfig, pixel_shuffle};
pub use pool::{Pool, PoolConfig, PoolOperation, mean_factors, pool};
pub use random::RandomBits;
pub use requantize::{Requantize, RequantizeConfig, Scale, requantize};
pub use roofline::{ArrayWork, Roofline, RooflinePoint};
pub use rounding::RoundingMode;
pub use scales::{Scales, ScalesConfig, two_scale_sum};
pub use schedule::{schedule, schedule_of_frames};
pub use slb_select::{SlbSelect, SlbSelectConfig};
pub use sr_ste_update::{Factor, SrSteUpdate, SrSteUpdateConfig, sr_ste_weight};
pub use tensor::{NoFiles, Source, Tensor};
pub use ternary_mac::{TernaryMacConfig, ternary_dot_product};
pub use thresholds::{Form, FormChoice, Steps, Thresholds, ThresholdsConfig, threshold_code};
pub use transposed_convolution::{
    LARGEST_KERNEL, TransposedConvolutionConfig, TransposedShape, transposed_convolution,
};
pub use treatment::{Gain, Quantizer, Treatment};
pub use upsample::{Upsample, UpsampleConfig, upsample};
pub use wavelet_quantizer::{Fit, WaveletQuantizerConfig, fit};

use crate::hdl::{Circuit, Fields, Module, Range, Signal, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Draw, Pace, Port, Ports, Reach, Tokens, Transfers, corners_of};

/// Hardware and the integers that it must compute. They share the configuration and the ports, never a computation.
///
/// A datapath is a function of streams: what comes out depends on what went in, never on when.
pub trait Datapath: Send + Sync {
    /// The one word for it in TOML, Verilog, Rust and docs.
    fn kind(&self) -> &'static str;

    /// What this one computes, for the head of its Verilog file.
    fn doc(&self) -> String;

    fn ports(&self) -> Ports;

    /// The hardware between its streams, in the order of [`Datapath::ports`]. Lanes have at least the ranges of the ports
    /// when they come in, and must have at most these when they leave.
    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>>;

    /// The tokens of all outputs for those of all inputs, which are whole frames.
    fn golden(&self, inputs: &Transfers) -> Transfers;

    /// For each output when its beats come, where those of the inputs come so and the circuit is for `timing`; registers do not count. In
    /// closed form, and exact: every simulation of the check compares it. None where it depends on what the frames hold.
    fn schedule(&self, _inputs: &[Pace], _timing: Timing) -> Vec<Option<Pace>> {
        vec![None; self.ports().outputs.len()]
    }

    /// The same as a timed run of what it is made of, for a datapath in which beats wait for each other: its outputs, where `tokens` come
    /// through `inputs`. None where [`Datapath::schedule`] says it, or nobody does.
    fn timed(
        &self,
        _timeline: &mut Timeline,
        _inputs: Vec<Channel>,
        _tokens: &[Tokens],
    ) -> Option<Vec<Channel>> {
        None
    }

    /// How far its maps see along an axis of these, the outermost first, where the maps that come in see as far as `inputs` say. None
    /// where a position depends on more than what lies around it.
    fn reach(&self, _axis: usize, _inputs: &[Reach]) -> Option<Vec<Reach>> {
        None
    }

    /// Whether a frame's results depend on frames before it, as random numbers do that are drawn one after the other: then all frames
    /// go through the golden model at once. Otherwise they may come in batches.
    fn remembers(&self) -> bool {
        false
    }

    /// What the hardware takes at least, by the configuration alone: what is hopeless is refused before it is built.
    fn footprint(&self) -> Footprint {
        Footprint::of_streams(&self.ports())
    }

    /// Its arrays of multipliers with weights in memory.
    fn arrays(&self) -> Vec<ArrayWork> {
        Vec::new()
    }

    /// Inputs at the edges of what may come: extremes, zeros, alternations. Random ones follow from the ports.
    fn corners(&self) -> Vec<Transfers> {
        corners_of(&self.ports())
    }

    /// Of the usual number of random frames how many times as many it wants: where few of them show what is decided.
    fn frame_multiple(&self) -> usize {
        1
    }

    /// `frames` random frames for each input, of large ones fewer. A datapath whose inputs depend on each other, such as a size and as
    /// many samples, draws them together.
    fn random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        draw.transfers(&self.ports(), frames)
    }

    /// The tokens of all inputs that carry `tensor`, for a datapath whose ports alone do not say how: a picture of any size
    /// goes in as its size and its pixels. None where the ports say it.
    ///
    /// # Errors
    /// What the tensor has and what it should have, in one sentence.
    fn carry(&self, _tensor: &Tensor) -> Option<Result<Transfers, String>> {
        None
    }

    /// For each input what goes into it where nobody says what: the weights of the design file, where they are loaded.
    fn presets(&self) -> Vec<Option<Tokens>> {
        vec![None; self.ports().inputs.len()]
    }

    /// Whether data from a file is what it is made for, beyond the ranges of its ports: metadata must ascend, for example.
    /// The hardware has a defined result for the rest too, which random transfers hold it to.
    ///
    /// # Errors
    /// The stream, and in one sentence what is wrong with it and where.
    fn check(&self, _inputs: &Transfers) -> Result<(), (String, String)> {
        Ok(())
    }

    /// What a person sees of the design's data, for reports: pictures of `inputs` and the `outputs` that the
    /// golden model makes of them.
    fn figures(&self, _inputs: &Transfers, _outputs: &Transfers) -> Vec<Figure> {
        Vec::new()
    }

    /// Weights and the like that it holds, and what it chose for `timing`, for reports.
    fn facts(&self, _timing: Timing) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// The module `name` that is `datapath` between the ports of its streams, pipelined for `timing`.
///
/// # Panics
/// If the datapath breaks a design rule, which is a mistake of its author.
pub fn circuit(datapath: &dyn Datapath, name: &str, timing: Timing) -> Circuit {
    let m = Module::with_timing(name, timing);
    m.doc(datapath.doc());
    let ports = datapath.ports();
    let inputs =
        ports.inputs.iter().map(|port| m.input_stream(&port.name, port.is_framed(), &shape(port))).collect();
    for port in ports.inputs.iter().filter(|port| port.is_framed() && !port.is_varying()) {
        m.promise_frames(&port.name, port.frame_beats());
    }
    let outputs = datapath.build(&m, inputs);
    assert_eq!(outputs.len(), ports.outputs.len(), "`{}` gives a stream for each output", datapath.kind());
    for (port, stream) in ports.outputs.iter().zip(outputs) {
        m.output_stream_as(&port.name, stream.at_source(|stream| in_words(stream, port)), &shape(port));
    }
    m.finish().unwrap_or_else(|violations| {
        let violations: Vec<String> = violations.iter().map(ToString::to_string).collect();
        panic!("datapath `{}`:\n{}", datapath.kind(), violations.join("\n"))
    })
}

/// `datapath` as part `name` of `m`, fed by `inputs`. What leaves it need not be read.
pub fn place<'m>(
    m: &'m Module,
    name: &str,
    datapath: &dyn Datapath,
    inputs: Vec<LaneStream<'m>>,
) -> Vec<LaneStream<'m>> {
    let ports = datapath.ports();
    let inputs: Vec<_> =
        ports.inputs.iter().zip(inputs).map(|(port, stream)| in_ranges(stream, port)).collect();
    let outputs = m.part(name, datapath.doc(), |part| {
        let enter = |(port, stream): (&Port, _)| part.input_stream(&port.name, stream);
        let outputs = datapath.build(m, ports.inputs.iter().zip(inputs).map(enter).collect());
        assert_eq!(
            outputs.len(),
            ports.outputs.len(),
            "`{}` gives a stream for each output",
            datapath.kind()
        );
        let leave = |(port, stream): (&Port, _)| part.output_stream(&port.name, stream);
        ports.outputs.iter().zip(outputs).map(leave).collect::<Vec<_>>()
    });
    let named = |(port, stream): (&Port, LaneStream<'m>)| {
        stream.payload().iter().chain(&stream.last()).for_each(|signal| m.ignore(*signal));
        stream.named(format!("{name}_{}", port.name))
    };
    ports.outputs.iter().zip(outputs).map(named).collect()
}

/// What a stream of `port` carries.
fn shape(port: &Port) -> Fields {
    Fields::new(port.fields.iter().map(|field| (&field.name, field.lanes, field.range.clone())))
}

/// `stream` with each lane in the range of its field, no narrower.
fn in_ranges<'m>(stream: LaneStream<'m>, port: &Port) -> LaneStream<'m> {
    check_form(&stream, port);
    let widened = |(lane, range): (&Signal<'m>, &Range)| {
        if lane.range() == *range { *lane } else { lane.wrap(range.word()).assume(range.clone()) }
    };
    stream.map(|lanes| lanes.iter().zip(port.lane_ranges()).map(widened).collect())
}

fn check_form(stream: &LaneStream<'_>, port: &Port) {
    assert_eq!(stream.is_framed(), port.is_framed(), "stream `{}`", port.name);
    assert_eq!(stream.payload().len(), port.lanes(), "lanes of stream `{}`", port.name);
}

/// `stream` with each lane in the word of its field's range.
fn in_words<'m>(stream: LaneStream<'m>, port: &Port) -> LaneStream<'m> {
    check_form(&stream, port);
    let words = |lanes: Vec<Signal<'m>>| {
        lanes.iter().zip(port.lane_ranges()).map(|(lane, range)| lane.to_bits_of(range)).collect::<Vec<_>>()
    };
    stream.map(words)
}

//! Edges of pictures, for a person or for a network that follows: a reconstruction without the approximation, or the local maxima
//! of the modulus of a wavelet transform.
//!
//! Source: "Wavelet based edge feature enhancement for convolutional neural networks" (arXiv 1809.00982). Its first method
//! reconstructs from chosen subbands; its second takes the maxima of S. Mallat and S. Zhong, "Characterization of signals from
//! multiscale edges" (1992). What these leave open is a key here: scheme, gains, rounding, borders, ties, the modulus.

mod borders;
mod bound;
mod golden;
mod limited;
mod maxima;

pub use golden::{Plane, direction, gradient, is_maximum, modulus};
pub use limited::{BandGain, LimitedReconstruction};
pub use maxima::{MaximaBorder, Modulus, ModulusMaxima, Output, Smoothing};

use super::config::{Config, ConfigError, IntType, Problems};
use super::figure::Figure;
use super::footprint::line_bits;
use super::memory_kind::MemoryKind;
use super::picture::Pictures;
use super::tensor::{Source, Tensor};
use super::{Datapath, Footprint, LaneStream};
use crate::blocks::{self, Position, framed, raster, timed_framed, timed_raster};
use crate::hdl::{Module, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Draw, Field, Pace, Port, Ports, Tokens, Transfers};
use serde::{Deserialize, Serialize};

/// The table `datapath` of a design file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EdgeEnhanceConfig {
    /// `[height, width]`; the most of each, where sizes differ.
    pub size: Vec<usize>,
    /// Whether each picture has a size of its own, up to `size`.
    #[serde(default)]
    pub varying: bool,
    /// The type of a pixel.
    pub input: IntType,
    /// The second method.
    pub modulus_maxima: Option<ModulusMaxima>,
    /// The first one.
    pub limited_reconstruction: Option<LimitedReconstruction>,
    /// Where lines wait of which windows see several, with modulus maxima.
    #[serde(default, skip_serializing_if = "MemoryKind::is_default")]
    pub line_memory: MemoryKind,
}

/// The edges of each picture, as modulus maxima.
pub struct EdgeEnhance {
    pictures: Pictures,
    maxima: ModulusMaxima,
}

impl Config for EdgeEnhanceConfig {
    const KIND: &'static str = "edge_enhance";
    const SUMMARY: &'static str =
        "the edges of pictures: wavelet modulus maxima, or a reconstruction from chosen subbands";
    const EXAMPLE: &'static str = r#"# The edges of pictures of up to 64 x 48 pixels.
name = "my_edges"
board = "ulx3s"
frequency_mhz = 50

[datapath]
kind = "edge_enhance"
size = [48, 64]         # [height, width]
varying = true          # each picture of a size of its own, up to that; false: all of that size
input = "u8"            # the type of a pixel: u or s, and 1 to 32 bits
# line_memory = "spram" # of an iCE40 UltraPlus, with modulus maxima: for the lines of which windows see several; a pixel every two cycles then

[datapath.modulus_maxima]
scale = 2               # 1 to 4: derivatives over 1, 2, 4 or 8 pixels, the more smoothed
threshold = 20          # an edge has a modulus above it
smoothing = "rounded"   # to the pixels' width; "exact": nothing is rounded, the gradient is 64^(scale - 1) times as large
modulus = "exact"       # or "alpha_max_beta_min": -3.0 to +0.8 %, without multipliers
border = "replicate"    # beyond it lie copies of the outermost pixels; "reflect": the picture mirrored
output = "modulus"      # or "edges" (0 and 1), or "gradient" (both derivatives)

# The other method, in its place: the picture reconstructed from subbands, each with a gain.
# [datapath.limited_reconstruction]
# scheme = "jpeg2000_5_3" # or another of `ternlet new lifting`
# levels = 2
# output = "s9"           # what is beyond it is clamped; without the approximation it is around 0
# [datapath.limited_reconstruction.gains]
# ll2 = 0                 # the others are 1; { multiplier = 3, shift = 1 } is 1.5
"#;

    fn load(self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        let Self { size, varying, input, modulus_maxima, limited_reconstruction, line_memory } = self;
        let mut problems = Problems::default();
        let is_large = line_memory.is_large();
        let pictures = Pictures { is_large, ..Pictures::of_size(&size, varying, input, &mut problems) };
        let why = "only the lines of modulus maxima can wait there";
        let holds = !is_large || limited_reconstruction.is_none();
        problems.require(holds, "line_memory", "\"spram\"", why, "leave it out");
        match (modulus_maxima, limited_reconstruction) {
            (Some(maxima), None) => {
                let mut inside = Problems::default();
                maxima.check(input, &mut inside);
                if let Err(errors) = inside.finish(|| ()) {
                    problems.inside("modulus_maxima", errors);
                }
                problems.finish(|| Box::new(EdgeEnhance { pictures, maxima }) as Box<dyn Datapath>)
            }
            (None, Some(limited)) => {
                problems.finish(|| ())?;
                limited.load(&pictures, source).map_err(|errors| {
                    let mut problems = Problems::default();
                    problems.inside("limited_reconstruction", errors);
                    problems.finish(|| ()).expect_err("there is a problem")
                })
            }
            (maxima, _) => {
                let given = if maxima.is_some() { "2 methods" } else { "0 methods" };
                let help = "give one table, modulus_maxima or limited_reconstruction";
                problems.require(false, "modulus_maxima", given, "edges have one method", help);
                problems.finish(|| unreachable!("there is a problem"))
            }
        }
    }
}

impl EdgeEnhance {
    /// The values that leave for a picture.
    fn edges(&self, picture: &Plane) -> Vec<i64> {
        let ModulusMaxima { scale, threshold, smoothing, modulus: form, border, output } = self.maxima;
        let (w1, w2) = gradient(picture, scale, smoothing, border.border());
        let kept = is_maximum(&w1, &w2, form, threshold);
        let pixel = |((&w1, &w2), kept): ((&i64, &i64), bool)| match output {
            Output::Modulus => vec![if kept { modulus(w1, w2, form).0 } else { 0 }],
            Output::Edges => vec![kept.into()],
            Output::Gradient => {
                if kept {
                    vec![w1, w2]
                } else {
                    vec![0, 0]
                }
            }
        };
        w1.values.iter().zip(&w2.values).zip(kept).flat_map(pixel).collect()
    }

    fn output_port(&self) -> Port {
        let fields = self.maxima.fields(self.pictures.pixel).into_iter();
        let fields: Vec<Field> = fields.map(|(name, range)| Field::single(name, range)).collect();
        let frame = self.pictures.frame().with_channels(fields.len());
        Port { name: "y".into(), fields, frame }
    }
}

impl Datapath for EdgeEnhance {
    fn kind(&self) -> &'static str {
        EdgeEnhanceConfig::KIND
    }

    fn doc(&self) -> String {
        let Pictures { width, height, varying, pixel, .. } = self.pictures;
        let up_to = if varying { "up to " } else { "" };
        format!(
            "local maxima above {} of the modulus of the wavelet transform at scale {}; pictures of {up_to}{width} x {height} \
             pixels ({pixel})",
            self.maxima.threshold, self.maxima.scale
        )
    }

    fn ports(&self) -> Ports {
        Ports { inputs: self.pictures.inputs(), outputs: vec![self.output_port()] }
    }

    fn build<'m>(&self, _: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let Pictures { width, height, .. } = self.pictures;
        let mut inputs = inputs;
        let pixels = inputs.pop().expect("pixels come in");
        let size = match inputs.pop() {
            None => blocks::Size::Fixed(vec![height, width]),
            Some(size) => {
                let widths = size.map(|size| {
                    let [height, width] = size[..] else { unreachable!("a size is a height and a width") };
                    // `last` of the pixels says how high it is.
                    height.module().ignore(height);
                    vec![width]
                });
                blocks::Size::PerFrame { lengths: widths, most: vec![height, width] }
            }
        };
        let pixels = raster("raster", pixels.map(|pixel| pixel[0]), size);
        let pixels = pixels.map(|position| Position { of: "pixel", ..position });
        let edges = framed("edges", self.maxima.build(pixels, &self.pictures));
        vec![if self.output_port().is_framed() { edges } else { edges.unframed() }]
    }

    /// As `ModulusMaxima::pace` says, of pictures of one size.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        let fixed = !self.pictures.varying;
        vec![inputs.last().filter(|_| fixed).and_then(|pixels| self.maxima.pace(pixels, &self.pictures))]
    }

    /// As `ModulusMaxima::timed` says, of pictures of one size.
    fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, _: &[Tokens]) -> Option<Vec<Channel>> {
        let (width, height) = self.pictures.fixed()?;
        let pixels = timed_raster(t, inputs[0], &[height, width]);
        let edges = self.maxima.timed(t, pixels, &self.pictures);
        Some(vec![timed_framed(t, edges, 2)])
    }

    /// Two lines of the picture at least.
    fn footprint(&self) -> Footprint {
        let &Pictures { width, height, pixel, .. } = &self.pictures;
        Footprint::of_streams(&self.ports()).with_memory(line_bits(&[height, width], pixel.bits, 2))
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let port = self.output_port();
        let mut edges = Tokens { lanes: port.lanes(), ..Tokens::default() };
        for (width, pixels) in self.pictures.of(inputs) {
            edges.push_frame(&port, &self.edges(&Plane { width, values: pixels.to_vec() }));
        }
        vec![edges]
    }

    fn corners(&self) -> Vec<Transfers> {
        self.pictures.corners()
    }

    /// And twice as many at the borders of what is decided.
    fn frame_multiple(&self) -> usize {
        3
    }

    /// A third of them any pictures, the others such that a maximum is decided at a border.
    fn random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        let any = frames.div_ceil(3);
        let mut transfers = self.pictures.random(any, draw);
        for (tokens, more) in transfers.iter_mut().zip(self.border_pictures(frames - any, draw)) {
            tokens.append(&more);
        }
        transfers
    }

    fn carry(&self, tensor: &Tensor) -> Option<Result<Transfers, String>> {
        self.pictures.carry_tensor(tensor)
    }

    /// The first picture and its edges.
    fn figures(&self, inputs: &Transfers, outputs: &Transfers) -> Vec<Figure> {
        let pictures = self.pictures.of(inputs);
        let (Some(&(width, pixels)), Some(edges)) =
            (pictures.first(), outputs[0].frames(&self.output_port()).next())
        else {
            return Vec::new();
        };
        let picture = |title: &str, pixels: Vec<i64>, range| Figure::Picture {
            title: title.into(),
            width,
            pixels,
            range,
        };
        let original =
            picture("picture", pixels.to_vec(), (self.pictures.pixel.lo(), self.pictures.pixel.hi()));
        let fields = self.maxima.fields(self.pictures.pixel);
        let shown = fields.iter().enumerate().map(|(lane, (name, range))| {
            let values: Vec<i64> = edges.iter().skip(lane).step_by(fields.len()).copied().collect();
            let most = values.iter().map(|value| value.abs()).max().unwrap_or(0).max(1);
            picture(name, values, (if range.is_signed() { -most } else { 0 }, most))
        });
        std::iter::once(original).chain(shown).collect()
    }
}

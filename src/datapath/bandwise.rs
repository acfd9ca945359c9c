//! A wavelet transform, what becomes of each subband, and the transform back, as one streaming datapath.

use super::config::{Config, ConfigError, IntType};
use super::lifting::{
    Direction, Hardware, LiftingConfig, Scheme, SchemeConfig, Subband, Subbands, lines_ahead, low_shape,
    subbands,
};
use super::tensor::Source;
use super::treatment::Treatment;
use super::{Datapath, Figure, Footprint, LaneStream, place};
use crate::hdl::{Module, Range, Timing, unsigned};
use crate::stream::timeline::{Channel, Fifo, Fork, Timeline};
use crate::stream::{Draw, Field, Port, Ports, Tokens, Transfers, bounds};

/// The most samples of all random frames together, where every frame is as large as may be.
const RANDOM_SAMPLES: usize = 1 << 18;

/// The transform on both sides of the subbands.
#[derive(Clone, Debug)]
pub struct Transform {
    pub scheme: Scheme,
    pub levels: u32,
    /// The type of the samples that come, and of those that leave.
    pub input: IntType,
    pub output: IntType,
    /// The outermost axis first; the most where frames vary.
    pub size: Vec<usize>,
    pub varying: bool,
}

/// Frames of samples, each subband of which is treated on its own: a datapath of the kind, and with the description and the
/// facts, that its maker gives it.
pub struct Bandwise {
    kind: &'static str,
    doc: String,
    facts: Vec<(String, String)>,
    transform: Transform,
    forward: Box<dyn Datapath>,
    /// None where the treated subbands leave.
    inverse: Option<Box<dyn Datapath>>,
    /// Of each subband, in the order of the transform's ports.
    treatments: Vec<Treatment>,
}

impl Transform {
    fn lifting(&self, direction: Direction, sample: IntType) -> LiftingConfig {
        LiftingConfig {
            scheme: SchemeConfig(self.scheme.clone()),
            direction,
            levels: self.levels,
            input: sample,
            size: self.size.clone(),
            varying: self.varying,
            lanes: 1,
            hardware: Hardware::default(),
            subbands: Subbands::default(),
        }
    }

    /// The subbands that have values, in the order of the ports.
    fn subbands(&self) -> impl Iterator<Item = Subband> {
        let bands = subbands(&self.size, self.levels).into_iter();
        bands.filter(|band| band.shape.iter().all(|length| *length > 0))
    }

    /// The subbands that have values, as `ports` names them.
    pub fn bands(&self) -> Vec<String> {
        self.subbands().map(|band| band.name()).collect()
    }

    /// The transform forward alone.
    ///
    /// # Errors
    /// What keeps it from being one.
    pub fn forward(&self, source: &dyn Source) -> Result<Box<dyn Datapath>, Vec<ConfigError>> {
        self.lifting(Direction::Forward, self.input).load(source)
    }

    /// A datapath of `kind` with a treatment for each of [`Transform::bands`], and back if `reconstructs`.
    ///
    /// # Errors
    /// What keeps it from being a transform.
    pub fn bandwise(
        self,
        (kind, doc): (&'static str, String),
        treatments: Vec<Treatment>,
        reconstructs: bool,
        source: &dyn Source,
    ) -> Result<Bandwise, Vec<ConfigError>> {
        let forward = self.forward(source)?;
        let inverse = reconstructs.then(|| self.lifting(Direction::Inverse, self.output).load(source));
        let (inverse, facts) = (inverse.transpose()?, Vec::new());
        Ok(Bandwise { kind, doc, facts, forward, inverse, treatments, transform: self })
    }

    /// Coefficients of a subband of level `level` that wait while the levels after it are taken apart and put together: as
    /// many of its rows (of its planes in a volume) as those look ahead, and the row that comes.
    ///
    /// A row comes back from the next level when that one's pairs of rows up to `ahead` further are put together, whose details
    /// wait for `rows` more in turn: its forward side has then taken `2 * (rows + ahead) + 1` rows more.
    fn room(&self, level: u32, coefficients: usize) -> usize {
        let ahead = lines_ahead(&self.scheme);
        let rows = (level..self.levels).fold(0, |rows, _| 2 * (rows + ahead) + 1);
        let row: usize = low_shape(&self.size, level)[1..].iter().product();
        (rows * row).min(coefficients) + row.max(64)
    }
}

impl Bandwise {
    /// Of each subband its bounds in front of the inverse, or of the codes that leave.
    fn ranges(&self) -> Vec<Range> {
        match &self.inverse {
            Some(inverse) => {
                let ports = inverse.ports().inputs;
                let bands = &ports[ports.len() - self.treatments.len()..];
                bands.iter().map(|port| port.fields[0].range.clone()).collect()
            }
            None => {
                self.treatments.iter().map(|treatment| unsigned(treatment.code_bits().unwrap_or(0))).collect()
            }
        }
    }

    /// Whether each frame comes with its size.
    fn has_size(&self) -> bool {
        self.forward.ports().inputs.len() > 1
    }

    fn samples(&self) -> usize {
        self.transform.size.iter().product()
    }

    /// With what it tells of itself.
    pub fn with_facts(self, facts: Vec<(String, String)>) -> Bandwise {
        Bandwise { facts, ..self }
    }
}

impl Datapath for Bandwise {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn doc(&self) -> String {
        self.doc.clone()
    }

    fn facts(&self, _: Timing) -> Vec<(String, String)> {
        self.facts.clone()
    }

    fn ports(&self) -> Ports {
        let Ports { inputs, outputs } = self.forward.ports();
        let outputs = match &self.inverse {
            Some(inverse) => inverse.ports().outputs,
            None => {
                let bands = outputs.into_iter().zip(&self.treatments);
                let coded = bands.filter_map(|(port, treatment)| {
                    let bits = treatment.code_bits().filter(|bits| *bits > 0)?;
                    let field = Field { name: "code".into(), lanes: 1, range: unsigned(bits) };
                    Some(Port { fields: vec![field], ..port })
                });
                coded.collect()
            }
        };
        Ports { inputs, outputs }
    }

    fn build<'m>(&self, m: &'m Module, mut inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let ports = self.forward.ports();
        let size = (self.has_size() && self.inverse.is_some()).then(|| {
            let sizes = inputs.remove(0);
            let (now, later) = m.part("sizes", "the size of each frame for both transforms", |part| {
                let [now, later] = part.input_stream("x", sizes).fork_to(["now", "later"]);
                (part.output_stream("now", now), part.output_stream("later", later.fifo(4)))
            });
            inputs.insert(0, now);
            later
        });
        let bands = place(m, "forward", &*self.forward, inputs);
        let mut treated = Vec::new();
        let subbands = self.transform.subbands().zip(&ports.outputs);
        for (((band, (subband, port)), treatment), range) in
            bands.into_iter().zip(subbands).zip(&self.treatments).zip(self.ranges())
        {
            if self.inverse.is_none() && treatment.code_bits() == Some(0) {
                band.take(m.always());
                continue;
            }
            let doc = format!("what becomes of subband {}, and its room while the others come", port.name);
            treated.push(m.part(format!("band_{}", port.name), doc, |part| {
                let band = part.input_stream(&port.name, band);
                let band = band.map(|values| vec![treatment.build(values[0], &range)]);
                let band = match &self.inverse {
                    Some(_) => {
                        band.noted("waiting").fifo(self.transform.room(subband.level, port.frame_values()))
                    }
                    None => band,
                };
                part.output_stream("treated", band)
            }));
        }
        match &self.inverse {
            None => treated,
            Some(inverse) => {
                let inputs = size.into_iter().chain(treated).collect();
                place(m, "inverse", &**inverse, inputs)
            }
        }
    }

    /// The transform forward, room for each subband, and the transform back.
    fn timed(&self, t: &mut Timeline, mut inputs: Vec<Channel>, tokens: &[Tokens]) -> Option<Vec<Channel>> {
        let size = (self.has_size() && self.inverse.is_some()).then(|| {
            let copies = t.add(&[inputs[0]], 2, Fork::new(2));
            inputs[0] = copies[0];
            let later = t.through(copies[1], 2, Fifo::new(4));
            t.part("sizes", |t| t.crossing(later, "later"))
        });
        let forward = self.forward.ports().outputs;
        let bands = t.part("forward", |t| {
            let bands = self.forward.timed(t, inputs, tokens)?.into_iter().zip(&forward);
            Some(bands.map(|(band, port)| t.crossing(band, &port.name)).collect::<Vec<_>>())
        })?;
        let subbands = self.transform.subbands().zip(&forward).zip(&self.treatments);
        let kept = |((_, treatment), _): &((_, &Treatment), _)| {
            self.inverse.is_some() || treatment.code_bits() != Some(0)
        };
        let treat = |(((subband, port), _), band): (((Subband, &Port), _), Channel)| {
            t.part(format!("band_{}", port.name), |t| {
                let mut treated = t.crossing(band, &port.name);
                if self.inverse.is_some() {
                    let waiting = t.crossing(treated, "waiting");
                    let depth = self.transform.room(subband.level, port.frame_values());
                    treated = t.through(waiting, 2, Fifo::new(depth));
                }
                t.crossing(treated, "treated")
            })
        };
        let treated: Vec<Channel> = subbands.zip(bands).filter(kept).map(treat).collect();
        let Some(inverse) = &self.inverse else { return Some(treated) };
        let sizes = tokens.iter().take(usize::from(self.has_size())).cloned();
        let tokens: Transfers = sizes.chain(self.forward.golden(&tokens.to_vec())).collect();
        t.part("inverse", |t| {
            let given = inverse.timed(t, size.into_iter().chain(treated).collect(), &tokens)?;
            Some(vec![t.crossing(given[0], "y")])
        })
    }

    fn footprint(&self) -> Footprint {
        let streams = Footprint::of_streams(&self.ports());
        let inverse = self.inverse.as_ref().map(|inverse| inverse.footprint()).unwrap_or_default();
        Footprint { lut4: streams.lut4, ..self.forward.footprint() + inverse }
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        let bands = self.forward.golden(inputs).into_iter().zip(&self.treatments).zip(self.ranges());
        let treated = bands.map(|((band, treatment), range)| {
            let values = band.values.iter().map(|&value| treatment.of(value, bounds(&range))).collect();
            (treatment.code_bits(), Tokens { values, ..band })
        });
        match &self.inverse {
            None => treated.filter(|(bits, _)| *bits != Some(0)).map(|(_, tokens)| tokens).collect(),
            Some(inverse) => {
                let size = inputs.iter().take(usize::from(self.has_size())).cloned();
                inverse.golden(&size.chain(treated.map(|(_, tokens)| tokens)).collect())
            }
        }
    }

    fn corners(&self) -> Vec<Transfers> {
        let mut corners = self.forward.corners();
        if !self.transform.varying {
            // Those that alternate come last.
            let kept = corners.len().min((RANDOM_SAMPLES / self.samples()).max(1));
            corners.drain(..corners.len() - kept);
        }
        corners
    }

    fn random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        let most = (RANDOM_SAMPLES / self.samples()).max(1);
        self.forward.random(if self.transform.varying { frames } else { frames.min(most) }, draw)
    }

    fn carry(&self, tensor: &super::Tensor) -> Option<Result<Transfers, String>> {
        self.forward.carry(tensor)
    }

    /// The first frame, what comes back, and the difference, where these are pictures; of a volume the plane in its middle.
    fn figures(&self, inputs: &Transfers, outputs: &Transfers) -> Vec<Figure> {
        let (Some(_), [.., height, width]) = (&self.inverse, &self.transform.size[..]) else {
            return Vec::new();
        };
        let ports = self.ports();
        let x = usize::from(self.has_size());
        let frames = (inputs[x].frames(&ports.inputs[x]).next(), outputs[0].frames(&ports.outputs[0]).next());
        let (Some(original), Some(back)) = frames else { return Vec::new() };
        let (height, width) = if self.has_size() {
            let size = inputs[0].beat(0);
            (size[size.len() - 2] as usize, size[size.len() - 1] as usize)
        } else {
            (*height, *width)
        };
        let plane = original.len() / (height * width) / 2 * height * width;
        let cut = |values: &[i64]| values[plane..plane + height * width].to_vec();
        let (original, back) = (cut(original), cut(back));
        let difference: Vec<i64> =
            original.iter().zip(&back).map(|(one, other)| (one - other).abs()).collect();
        let picture = |title: &str, pixels: Vec<i64>, range| Figure::Picture {
            title: title.into(),
            width,
            pixels,
            range,
        };
        let Transform { input, output, .. } = &self.transform;
        let most = difference.iter().copied().max().unwrap_or(0).max(1);
        let shown = if input == output {
            (output.lo(), output.hi())
        } else {
            let most = back.iter().map(|value| value.abs()).max().unwrap_or(0).max(1);
            (if output.signed { -most } else { 0 }, most)
        };
        let mut figures = vec![
            picture("original", original, (input.lo(), input.hi())),
            picture("reconstruction", back, shown),
        ];
        if input == output {
            figures.push(picture("difference", difference, (0, most)));
        }
        figures
    }
}

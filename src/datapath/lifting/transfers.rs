//! Frames of a transform as the tokens of its streams, and as pictures.

use super::{Direction, Lifting, Subbands, forward, inverse, subbands};
use crate::datapath::picture::colours;
use crate::datapath::{Datapath, Figure, Tensor};
use crate::stream::{Draw, Port, Tokens, Transfers};

impl Lifting {
    /// The size of each frame.
    fn frame_sizes(&self, inputs: &Transfers) -> Vec<Vec<usize>> {
        let ports = self.ports().inputs;
        if self.has_size() {
            let sizes = inputs[0].values.chunks(self.size.len());
            return sizes.map(|size| size.iter().map(|length| *length as usize).collect()).collect();
        }
        let frames = inputs[0].frames(&ports[0]);
        let lengths = frames.map(|frame| if self.varying { vec![frame.len()] } else { self.size.clone() });
        lengths.collect()
    }

    /// What the datapath must give: [`forward`], or [`inverse`] clamped to the type of the samples.
    pub(super) fn transform(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let sizes = self.frame_sizes(inputs);
        let first = usize::from(self.has_size());
        let mut outputs: Transfers =
            ports.outputs.iter().map(|port| Tokens { lanes: port.lanes(), ..Tokens::default() }).collect();
        let mut places = vec![0; inputs.len()];
        let mut take = |stream: usize, count: usize| -> Vec<i64> {
            let lanes = inputs[stream].lanes.max(1);
            let start = places[stream];
            places[stream] += count.div_ceil(lanes) * lanes;
            inputs[stream].values[start..start + count].to_vec()
        };
        for size in sizes {
            let whole: usize = size.iter().product();
            if self.subbands == Subbands::Mallat {
                let values = take(first, whole);
                let values = match self.direction {
                    Direction::Forward => forward(&self.scheme, &size, &values, self.levels),
                    Direction::Inverse => self.clamped_inverse(&size, &values),
                };
                outputs[0].push_frame(&ports.outputs[0], &values);
                continue;
            }
            let bands: Vec<_> = subbands(&size, self.levels)
                .into_iter()
                .filter(|band| self.bands().iter().any(|most| most.name() == band.name()))
                .collect();
            match self.direction {
                Direction::Forward => {
                    let y = forward(&self.scheme, &size, &take(first, whole), self.levels);
                    for ((band, port), tokens) in bands.iter().zip(&ports.outputs).zip(&mut outputs) {
                        let values: Vec<i64> = band.places(&size).into_iter().map(|place| y[place]).collect();
                        if !values.is_empty() {
                            tokens.push_frame(port, &values);
                        }
                    }
                }
                Direction::Inverse => {
                    let mut y = vec![0; whole];
                    for (stream, band) in bands.iter().enumerate() {
                        let places = band.places(&size);
                        let values = take(first + stream, places.len());
                        places.into_iter().zip(values).for_each(|(place, value)| y[place] = value);
                    }
                    outputs[0].push_frame(&ports.outputs[0], &self.clamped_inverse(&size, &y));
                }
            }
        }
        outputs
    }

    fn clamped_inverse(&self, size: &[usize], y: &[i64]) -> Vec<i64> {
        let (lo, hi) = (self.input.lo(), self.input.hi());
        let x = inverse(&self.scheme, size, y, self.levels);
        x.into_iter().map(|value| value.clamp(lo, hi)).collect()
    }

    /// One frame of `size` at each input, its values drawn by `value` from a port.
    fn frame(
        &self,
        size: &[usize],
        transfers: &mut Transfers,
        mut fill: impl FnMut(&Port, usize, &mut Tokens),
    ) {
        let ports = self.ports().inputs;
        let first = usize::from(self.has_size());
        if first == 1 {
            let lengths: Vec<i64> = size.iter().map(|length| *length as i64).collect();
            transfers[0].push_beats(&ports[0], &lengths);
        }
        let counts: Vec<usize> = match self.direction {
            Direction::Inverse if self.subbands == Subbands::Mallat => vec![size.iter().product()],
            Direction::Forward => vec![size.iter().product()],
            Direction::Inverse => self
                .bands()
                .iter()
                .map(|most| {
                    let here = subbands(size, self.levels);
                    let band =
                        here.iter().find(|band| band.name() == most.name()).expect("the same subbands");
                    band.shape.iter().product()
                })
                .collect(),
        };
        for ((port, count), tokens) in ports[first..].iter().zip(counts).zip(&mut transfers[first..]) {
            if count > 0 {
                fill(port, count, tokens);
            }
        }
    }

    fn no_tokens(&self) -> Transfers {
        self.ports().inputs.iter().map(|port| Tokens { lanes: port.lanes(), ..Tokens::default() }).collect()
    }

    /// Frames of sizes of their own: every fourth as large as may be, many of them small along some axis.
    pub(super) fn random_frames(&self, frames: usize, draw: &mut Draw) -> Transfers {
        let mut transfers = self.no_tokens();
        for _ in 0..frames {
            let largest = draw.integer(0, 3) == 0;
            let size: Vec<usize> = self
                .size
                .iter()
                .map(|most| match draw.integer(0, 2) {
                    _ if largest => *most,
                    0 => draw.integer(1, (*most as i64).min(3)) as usize,
                    _ => draw.integer(1, *most as i64) as usize,
                })
                .collect();
            self.frame(&size, &mut transfers, |port, count, tokens| draw.frame(port, count, tokens));
        }
        transfers
    }

    /// The smallest and the largest frame, each of extremes and of extremes in turn.
    pub(super) fn corner_frames(&self) -> Vec<Transfers> {
        let sizes = [vec![1; self.size.len()], self.size.clone()];
        let corner = |pattern: usize| {
            let mut transfers = self.no_tokens();
            for size in &sizes {
                self.frame(size, &mut transfers, |port, count, tokens| {
                    let range = &port.fields[0].range;
                    let end = |bound: &num_bigint::BigInt| i64::try_from(bound).expect("at most 64 bits");
                    let ends = [end(range.lo()), end(range.hi())];
                    let values: Vec<i64> = (0..count)
                        .map(|place| match pattern {
                            0 | 1 => ends[pattern],
                            _ => ends[(place + pattern) % 2],
                        })
                        .collect();
                    tokens.push_beats(port, &values);
                });
            }
            transfers
        };
        (0..4).map(corner).collect()
    }

    /// The frames that `tensor` holds.
    ///
    /// # Errors
    /// What the tensor has and what it should have.
    pub(super) fn carried(&self, tensor: &Tensor) -> Result<Transfers, String> {
        let axes = self.size.len();
        let shape = &tensor.shape;
        if let Some(why) = colours(shape).filter(|_| axes == 2) {
            return Err(why);
        }
        if shape.len() < axes || tensor.values.is_empty() {
            return Err(format!("the tensor has shape {shape:?}, a frame has {axes} axes"));
        }
        let size = &shape[shape.len() - axes..];
        let fits = size.iter().zip(&self.size).all(|(length, most)| length <= most);
        if self.varying && !fits {
            return Err(format!(
                "a frame of {size:?} samples is larger than size = {:?}; give a larger size",
                self.size
            ));
        }
        let whole: usize = self.size.iter().product();
        if !self.varying && *size != self.size[..] && shape.last() != Some(&whole) {
            return Err(format!(
                "a frame of {size:?} samples is not one of size = {:?}; give its size, or say varying = true",
                self.size
            ));
        }
        let (lo, hi) = (self.input.lo(), self.input.hi());
        if let Some(place) = tensor.values.iter().position(|value| !(lo..=hi).contains(value)) {
            let value = tensor.values[place];
            return Err(format!(
                "sample {place} is {value}, but the datapath takes {} ({lo}..={hi}); a 16-bit picture wants \
                 input = \"u16\"",
                self.input
            ));
        }
        let mut transfers = self.no_tokens();
        let size = if self.varying { size } else { &self.size[..] };
        for frame in tensor.values.chunks(size.iter().product()) {
            self.frame(size, &mut transfers, |port, _, tokens| tokens.push_frame(port, frame));
        }
        Ok(transfers)
    }

    /// Of the first picture, or of the middle slices of the first volume: the samples, the subbands in Mallat's layout, what
    /// comes back from these, and by how much that differs.
    pub(super) fn pictures(&self, samples: &Transfers, bands: &Transfers) -> Vec<Figure> {
        let axes = self.size.len();
        if axes == 1 || self.varying {
            return Vec::new();
        }
        let whole: usize = self.size.iter().product();
        let x = &samples.last().expect("a stream of samples").values[..whole];
        let mut y = vec![0; whole];
        let mut bounds = vec![(0, 0); whole];
        for (number, band) in self.bands().iter().enumerate() {
            let places = band.places(&self.size);
            let values: Vec<i64> = match self.subbands {
                Subbands::Streams => bands[number].values[..places.len()].to_vec(),
                Subbands::Mallat => places.iter().map(|&place| bands[0].values[place]).collect(),
            };
            let most = values.iter().map(|value| value.abs()).max().unwrap_or(0).max(1);
            // The approximation from black to white, details around grey, each level's contrast its own.
            let is_low = band.bands.iter().all(|band| *band == super::Band::Low);
            let range = if is_low {
                (values.iter().copied().min().unwrap_or(0), most)
            } else {
                (-most / 4 - 1, most / 4 + 1)
            };
            for (place, value) in places.into_iter().zip(values) {
                (y[place], bounds[place]) = (value, range);
            }
        }
        let back = inverse(&self.scheme, &self.size, &y, self.levels);
        let difference: Vec<i64> = back.iter().zip(x).map(|(back, x)| (back - x).abs()).collect();
        let shown: Vec<i64> = y
            .iter()
            .zip(bounds)
            .map(|(value, (lo, hi))| (value.clamp(&lo, &hi) - lo) * 255 / (hi - lo).max(1))
            .collect();
        let plane: usize = self.size[axes - 2..].iter().product();
        let width = self.size[axes - 1];
        let slice = |values: &[i64], at: usize| values[at * plane..][..plane].to_vec();
        let middle = if axes == 3 { self.size[0] / 2 } else { 0 };
        let samples_range = (
            self.input.lo().max(x.iter().copied().min().unwrap_or(0)).min(0),
            x.iter().copied().max().unwrap_or(1),
        );
        let figure = |title: &str, pixels: Vec<i64>, range| Figure::Picture {
            title: title.into(),
            width,
            pixels,
            range,
        };
        vec![
            figure("original", slice(x, middle), samples_range),
            figure("subbands", slice(&shown, middle >> self.levels), (0, 255)),
            figure("reconstruction", slice(&back, middle), samples_range),
            figure("difference", slice(&difference, middle), (0, 1)),
        ]
    }
}

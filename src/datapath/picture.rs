//! Pictures as frames of pixels: of one size, or each of a size of its own.

use super::config::{IntType, Problems};
use super::tensor::Tensor;
use crate::blocks::{Along, Inner};
use crate::hdl::Range;
use crate::stream::{Draw, Field, Frame, Port, Tokens, Transfers};

/// The pictures that a datapath takes, a pixel a beat, row behind row.
#[derive(Clone, Copy, Debug)]
pub struct Pictures {
    pub width: usize,
    pub height: usize,
    /// Whether each has a size of its own, up to that, which a stream `size` says.
    pub varying: bool,
    pub pixel: IntType,
    /// Whether lines wait in a large memory of the family: then two clock cycles pass a pixel.
    pub is_large: bool,
}

/// Why a tensor of `shape` is no grey picture, where it looks like one of colours: the format has its channels innermost.
pub fn colours(shape: &[usize]) -> Option<String> {
    let [_, width, channels @ 2..=4] = *shape else { return None };
    (width > 4).then(|| {
        format!(
            "a picture of {channels} channels; a datapath of pictures takes grey ones, so convert it first, for instance \
             with `convert in.png -alpha off -colorspace Gray out.png`"
        )
    })
}

/// The most pixels a picture may have along an axis.
const LONGEST: usize = 1 << 14;

/// The most pixels of all random pictures together, and of all corners.
const RANDOM_PIXELS: usize = 1 << 18;

/// The longest side of most random pictures whose size is free.
const RANDOM_SIDE: usize = 20;

impl Pictures {
    /// The pictures of `size`, `[height, width]`; problems are noted.
    pub fn of_size(size: &[usize], varying: bool, pixel: IntType, problems: &mut Problems) -> Self {
        let sound = matches!(size, [height, width] if [height, width].iter().all(|side| (1..=LONGEST).contains(*side)));
        let why = format!("a picture is 1 to {LONGEST} pixels high and wide");
        problems.require(sound, "size", format!("{size:?}"), &why, "write [height, width]");
        let side = |place: usize| size.get(place).copied().unwrap_or(1).clamp(1, LONGEST);
        Self { width: side(1), height: side(0), varying, pixel, is_large: false }
    }

    pub fn pixels(&self) -> usize {
        self.width * self.height
    }

    /// The width and height of all pictures, where they have one.
    pub fn fixed(&self) -> Option<(usize, usize)> {
        (!self.varying).then_some((self.width, self.height))
    }

    /// The axis along which a window reaches to the rows above and below.
    pub fn rows(&self) -> Along {
        let inner = match self.varying {
            false => Inner::fixed(&[self.width]),
            true => Inner::Varying(self.width),
        };
        Along { outer: 0, length: self.fixed().map(|(_, height)| height), inner, is_large: self.is_large }
    }

    /// The axis along which a window reaches to the left and right.
    pub fn columns(&self) -> Along {
        let length = self.fixed().map(|(width, _)| width);
        Along { outer: 1, length, inner: Inner::fixed(&[]), is_large: false }
    }

    /// The streams that carry pictures in: their pixels `x`, and where sizes differ their `size` before.
    pub fn inputs(&self) -> Vec<Port> {
        let x = self.stream("x", "pixel", self.pixel.range());
        match self.varying {
            false => vec![x],
            true => vec![self.size_port(), x],
        }
    }

    /// A beat for each picture: how high and wide it is.
    fn size_port(&self) -> Port {
        let field = |(name, most): (&str, usize)| Field::single(name, Range::new(1, most));
        Port::single("size", [("height", self.height), ("width", self.width)].map(field).into())
    }

    pub fn frame(&self) -> Frame {
        let frame = Frame::of(&[self.height, self.width]);
        if self.varying { frame.sized_by("size") } else { frame }
    }

    /// A stream of as many integers as there are pixels.
    pub fn stream(&self, name: &str, field: &str, range: Range) -> Port {
        Port::new(name, field, 1, range, self.frame())
    }

    /// The pictures of `inputs`: their widths and pixels.
    pub fn of<'t>(&self, inputs: &'t Transfers) -> Vec<(usize, &'t [i64])> {
        let ports = self.inputs();
        let x = ports.len() - 1;
        let frames = inputs[x].frames(&ports[x]);
        match self.varying {
            false => frames.map(|pixels| (self.width, pixels)).collect(),
            true => frames.zip(inputs[0].values.chunks(2)).map(|(x, size)| (size[1] as usize, x)).collect(),
        }
    }

    /// The transfers of pictures of these widths and pixels.
    pub fn carry(&self, pictures: &[(usize, Vec<i64>)]) -> Transfers {
        let ports = self.inputs();
        let mut transfers: Transfers =
            ports.iter().map(|port| Tokens { lanes: port.lanes(), ..Tokens::default() }).collect();
        let x = ports.len() - 1;
        for (width, pixels) in pictures {
            transfers[x].push_frame(&ports[x], pixels);
            if self.varying {
                transfers[0].push_frame(&ports[0], &[(pixels.len() / width) as i64, *width as i64]);
            }
        }
        transfers
    }

    /// The transfers of a picture of any size, or of a list of pictures; none where all have one size, as the ports then
    /// say how.
    pub fn carry_tensor(&self, tensor: &Tensor) -> Option<Result<Transfers, String>> {
        if let Some(why) = colours(&tensor.shape) {
            return Some(Err(why));
        }
        (self.varying).then(|| {
            let (height, width) = match tensor.shape[..] {
                [height, width] | [_, height, width] => (height, width),
                _ => {
                    return Err(format!(
                        "the tensor has shape {:?}; a picture is [height, width], a list of them [count, height, width]",
                        tensor.shape
                    ));
                }
            };
            if tensor.values.is_empty() {
                return Err(format!("the tensor has shape {:?}: there is no pixel", tensor.shape));
            }
            for (what, length, most) in [("wide", width, self.width), ("high", height, self.height)] {
                if length > most {
                    return Err(format!(
                        "the picture is {length} pixels {what}, but size = [{}, {}] allows {most}; raise it, or give a \
                         smaller picture",
                        self.height, self.width
                    ));
                }
            }
            let outside = |value: &&i64| !(self.pixel.lo()..=self.pixel.hi()).contains(*value);
            if let Some(value) = tensor.values.iter().find(outside) {
                return Err(format!("a pixel is {value}, but input = \"{}\"; widen it", self.pixel));
            }
            let pictures: Vec<_> =
                tensor.values.chunks(height * width).map(|pixels| (width, pixels.to_vec())).collect();
            Ok(self.carry(&pictures))
        })
    }

    /// Alternations and constant extremes, each as a picture of full size where that is fixed (of large ones fewer), otherwise
    /// in sizes that are at the edge of what may be.
    pub fn corners(&self) -> Vec<Transfers> {
        let (lo, hi) = (self.pixel.lo(), self.pixel.hi());
        type Pick = fn(usize, usize, i64, i64) -> i64;
        let patterns: [Pick; 6] = [
            |x, y, lo, hi| if (x / 3 + y / 3) % 2 == 0 { hi } else { lo },
            |x, y, lo, hi| if (x + y) % 2 == 0 { lo } else { hi },
            |x, y, lo, hi| if x > y { lo } else { hi },
            |_, _, lo, hi| 0.clamp(lo, hi),
            |_, _, lo, _| lo,
            |_, _, _, hi| hi,
        ];
        let (most_wide, most_high) = (self.width, self.height);
        let sizes = match self.varying {
            false => vec![(most_wide, most_high)],
            true => {
                let (wide, high) = (most_wide.min(9), most_high.min(9));
                let mut sizes =
                    vec![(1, 1), (1, high), (wide, 1), (wide, high), (most_wide, 1), (1, most_high)];
                sizes.extend([(most_wide.min(2), most_high.min(2)), (most_wide, most_high.min(3))]);
                sizes
            }
        };
        let picture = |(width, height): (usize, usize), pick: Pick| {
            let pixels = (0..width * height).map(|place| pick(place % width, place / width, lo, hi));
            (width, pixels.collect())
        };
        let case = |pick| self.carry(&sizes.iter().map(|&size| picture(size, pick)).collect::<Vec<_>>());
        let most = match self.varying {
            false => (RANDOM_PIXELS / self.pixels()).max(1),
            true => patterns.len(),
        };
        patterns.into_iter().take(most).map(case).collect()
    }

    /// `frames` random pictures; of large ones fewer. By turns they are noise, patches and slopes. Where sizes differ most are
    /// small, and some are as wide or high as may be.
    pub fn random(&self, frames: usize, draw: &mut Draw) -> Transfers {
        let ports = self.inputs();
        let x = ports.len() - 1;
        let mut transfers: Transfers =
            ports.iter().map(|port| Tokens { lanes: port.lanes(), ..Tokens::default() }).collect();
        let side = |most: usize, long: bool, draw: &mut Draw| {
            if long { most } else { draw.integer(1, most.min(RANDOM_SIDE) as i64) as usize }
        };
        let (mut pixels, mut width, mut height) = (0, self.width, self.height);
        for frame in 0..frames {
            if self.varying {
                // Now and then two pictures of one width follow each other.
                if frame % 3 != 1 {
                    width = side(self.width, frame % 16 == 15, draw);
                }
                height = side(self.height, frame % 16 == 7, draw);
                transfers[0].push_frame(&ports[0], &[height as i64, width as i64]);
            }
            match frame % 4 {
                1 => transfers[x].push_frame(&ports[x], &self.patches(width, height, draw)),
                3 => transfers[x].push_frame(&ports[x], &self.slopes(width, height, draw)),
                _ => draw.frame(&ports[x], width * height, &mut transfers[x]),
            }
            pixels += width * height;
            if pixels + width * height > RANDOM_PIXELS {
                break;
            }
        }
        transfers
    }

    /// A picture of patches of one size, each of one value: noise is smoothed away, and has no large gradients.
    fn patches(&self, width: usize, height: usize, draw: &mut Draw) -> Vec<i64> {
        let (lo, hi) = (self.pixel.lo(), self.pixel.hi());
        let [wide, high] = [0; 2].map(|_| draw.integer(2, 8) as usize);
        let across = width.div_ceil(wide);
        let value = |draw: &mut Draw| match draw.integer(0, 3) {
            0 => lo,
            1 => hi,
            _ => draw.integer(lo, hi),
        };
        let values: Vec<i64> = (0..across * height.div_ceil(high)).map(|_| value(draw)).collect();
        let pixel = |place: usize| values[place / width / high * across + place % width / wide];
        (0..width * height).map(pixel).collect()
    }

    /// A picture whose gradients point everywhere and differ little from each other: a bowl around some place, of any
    /// steepness, from which the lowest value follows the highest.
    fn slopes(&self, width: usize, height: usize, draw: &mut Draw) -> Vec<i64> {
        let (lo, hi) = (self.pixel.lo(), self.pixel.hi());
        let [x, y] = [width, height].map(|length| draw.integer(0, length as i64 - 1));
        let [wide, high] = [0; 2].map(|_| draw.integer(0, 64));
        let (first, shift) = (draw.integer(lo, hi), draw.integer(0, 6));
        let pixel = |place: usize| {
            let [right, down] = [place % width, place / width].map(|place| place as i64);
            let rise = (wide * (right - x).pow(2) + high * (down - y).pow(2)) >> shift;
            lo + (first - lo + rise) % (hi - lo + 1)
        };
        (0..width * height).map(pixel).collect()
    }
}

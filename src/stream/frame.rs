//! What a frame is: the integers of a line, a picture, a volume or a vector, and their order.

use std::fmt;

/// An axis of positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    pub name: &'static str,
    /// Positions along it; the most where frames vary.
    pub length: usize,
}

/// Whether all frames have one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Each is as long as its axes say.
    Fixed,
    /// Each has lengths of its own, at most those of the axes; `last` ends it.
    Varying,
    /// There is one after a reset, as long as its axes say, whatever comes in other streams: weights that are loaded.
    Once,
    /// As `Varying`, and the beat of the input stream of this name that belongs to a frame holds its lengths, the outermost first.
    Sized(String),
}

/// A frame: positions along axes, the outermost first, in raster order, each of `channels` integers, which are innermost.
///
/// A vector has no axes: it is one position.
///
/// ```
/// use ternlet::stream::Frame;
/// let picture = Frame::of(&[480, 640]).with_channels(3);
/// assert_eq!((picture.positions(), picture.values()), (307_200, 921_600));
/// assert_eq!(picture.to_string(), "height 480 x width 640 x 3 channels");
/// assert_eq!(Frame::vector(64).to_string(), "64 channels");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    axes: Vec<Axis>,
    channels: usize,
    extent: Extent,
}

/// The axes of lines, pictures and volumes.
const SPACE: [&str; 3] = ["depth", "height", "width"];

impl Frame {
    /// One position of `channels` integers.
    pub fn vector(channels: usize) -> Self {
        Self { axes: Vec::new(), channels, extent: Extent::Fixed }
    }

    /// A line `[width]`, a picture `[height, width]` or a volume `[depth, height, width]` of one channel.
    ///
    /// # Panics
    /// If there are more than three lengths.
    pub fn of(lengths: &[usize]) -> Self {
        let axis = |(name, &length): (&&'static str, &usize)| Axis { name, length };
        let axes = SPACE[SPACE.len() - lengths.len()..].iter().zip(lengths).map(axis).collect();
        Self { axes, channels: 1, extent: Extent::Fixed }
    }

    /// `steps` positions one after the other in time, each of `channels` integers: weights as an array of multipliers wants them.
    pub fn steps(steps: usize, channels: usize) -> Self {
        Self { axes: vec![Axis { name: "step", length: steps }], channels, extent: Extent::Fixed }
    }

    pub fn with_channels(self, channels: usize) -> Self {
        Self { channels, ..self }
    }

    /// The same, but each frame may be shorter: `last` ends it.
    pub fn varying(self) -> Self {
        Self { extent: Extent::Varying, ..self }
    }

    /// The same, but there is one frame only, after a reset.
    pub fn once(self) -> Self {
        Self { extent: Extent::Once, ..self }
    }

    /// The same, but each frame has the lengths that a beat of input stream `size` holds.
    pub fn sized_by(self, size: impl Into<String>) -> Self {
        Self { extent: Extent::Sized(size.into()), ..self }
    }

    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    pub fn channels(&self) -> usize {
        self.channels
    }

    pub fn extent(&self) -> &Extent {
        &self.extent
    }

    pub fn is_varying(&self) -> bool {
        matches!(self.extent, Extent::Varying | Extent::Sized(_))
    }

    /// Whether there is but one.
    pub fn is_once(&self) -> bool {
        self.extent == Extent::Once
    }

    pub fn is_vector(&self) -> bool {
        self.axes.is_empty()
    }

    /// The length of each axis, the outermost first.
    pub fn lengths(&self) -> Vec<usize> {
        self.axes.iter().map(|axis| axis.length).collect()
    }

    /// Positions of a frame; the most where frames vary.
    pub fn positions(&self) -> usize {
        self.axes.iter().map(|axis| axis.length).product()
    }

    /// Integers of a frame; the most where frames vary.
    pub fn values(&self) -> usize {
        self.positions() * self.channels
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> =
            self.axes.iter().map(|axis| format!("{} {}", axis.name, axis.length)).collect();
        if self.channels != 1 || parts.is_empty() {
            let plural = if self.channels == 1 { "" } else { "s" };
            parts.push(format!("{} channel{plural}", self.channels));
        }
        write!(f, "{}{}", if self.is_varying() { "up to " } else { "" }, parts.join(" x "))
    }
}

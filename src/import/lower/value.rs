//! Tensors on their way through the graph.

use crate::datapath::IntType;
use crate::graph::Endpoint;
use crate::import::activation::{Bounds, Sides};
use crate::import::meaning::Step;
use crate::import::onnx::Constant;

/// What stands for a tensor of the file.
#[derive(Clone, Debug)]
pub enum Held {
    Constant(Constant),
    Value(Value),
    /// Indices of classes, which nothing computes with.
    Class(Endpoint),
    /// A tensor of which is known what is wrong with it.
    Lost,
}

/// The integers of a stream, and what the file makes of them.
#[derive(Clone, Debug)]
pub struct Value {
    /// Which stream.
    pub stream: usize,
    /// Channel by channel: of a map in the file's order, of a vector in the order of its stream.
    pub steps: Vec<Step>,
    /// A maximum of windows that stands after so many steps and is not made yet.
    pub pool: Option<(usize, Windows)>,
    pub layout: Layout,
    /// Whether nothing else takes the stream, or what was made of it on the way here.
    pub sole: bool,
    /// The tensor that left the last quantizer, and the number of its node.
    pub quantized: Option<(String, usize)>,
    pub view: View,
}

/// How the file sees a map, whose stream is the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Channels before positions, as `layout` says.
    #[default]
    Plain,
    /// Channels last, between two transposes.
    Last,
    /// The windows of a convolution, each as a vector, channels innermost.
    Columns(Box<Columns>),
}

/// Of FINN's Im2Col.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    pub kernel: Vec<usize>,
    pub strides: Vec<usize>,
    pub dilations: Vec<usize>,
    pub padding: Vec<[usize; 2]>,
}

/// The tensor that the file has: `[1, channels, size...]`, or `[1, length]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    Map {
        channels: usize,
        size: Vec<usize>,
    },
    /// A vector; of a map that was flattened its channels and positions, whose stream has channels innermost.
    Vector {
        length: usize,
        of: Option<(usize, usize)>,
    },
}

/// Windows of a pool, axis by axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// None: the whole map.
    pub kernel: Option<Vec<usize>>,
    pub stride: Vec<usize>,
    pub dilation: Vec<usize>,
    pub padding: Vec<[usize; 2]>,
    pub ceil: bool,
    /// The name of the node.
    pub name: String,
}

/// Integers that pass in hardware.
#[derive(Clone, Debug)]
pub struct Stream {
    pub origin: Origin,
    /// One for each channel, or one for all.
    pub bounds: Vec<Bounds>,
    /// Of sums with two scales: of which sums they are made, in each channel.
    pub sides: Vec<Vec<Sides>>,
    pub layout: Layout,
}

impl Stream {
    pub fn new(origin: Origin, bounds: Vec<Bounds>, layout: Layout) -> Self {
        Self { origin, bounds, sides: Vec::new(), layout }
    }
}

#[derive(Clone, Debug)]
pub enum Origin {
    /// What comes into the design; its type, if it is known yet.
    Input(Option<IntType>),
    /// What leaves a node.
    Node(usize),
    /// `factors[0] a + factors[1] b`, which is not made yet: what becomes of it may allow smaller factors.
    Sum { name: String, streams: [usize; 2], factors: [i64; 2] },
}

impl Layout {
    /// Rows of a position: channels, or all of a vector.
    pub fn rows(&self) -> usize {
        match self {
            Self::Map { channels, .. } => *channels,
            Self::Vector { length, .. } => *length,
        }
    }

    /// Positions along each axis; none of a vector.
    pub fn size(&self) -> &[usize] {
        match self {
            Self::Map { size, .. } => size,
            Self::Vector { .. } => &[],
        }
    }

    /// The shape that the file gives the tensor.
    pub fn shape(&self) -> Vec<usize> {
        [&[1, self.rows()][..], self.size()].concat()
    }

    /// For each row of the stream its place along the file's axis of channels.
    pub fn order(&self) -> Vec<usize> {
        match self {
            Self::Vector { of: Some((channels, positions)), .. } => (0..channels * positions)
                .map(|place| place % channels * positions + place / channels)
                .collect(),
            _ => (0..self.rows()).collect(),
        }
    }
}

impl Value {
    pub fn new(stream: usize, steps: Vec<Step>, layout: Layout) -> Self {
        Self { stream, steps, pool: None, layout, sole: true, quantized: None, view: View::Plain }
    }

    /// The same after another step.
    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

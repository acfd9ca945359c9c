//! From the nodes of a file to those of a design.
//!
//! Node after node, in an order in which each comes after what it takes. Nothing is made of a quantizer, a batch norm or a ReLU until a layer
//! needs integers: then all steps since the last integers become one staircase, in the layer that gives them if nothing else takes them.

mod codes;
mod dispatch;
mod elementwise;
mod ends;
mod fold;
mod im2col;
mod joins;
mod maker;
mod matrix;
mod names;
mod operands;
mod parts;
mod pools;
mod qlinear;
mod quantizers;
mod shapes;
mod sizes;
mod sums;
mod transposed;
mod value;
mod weights;

pub(super) use names::Names;

use crate::datapath::{Catalog, IntType, Tensor};
use crate::graph::{Endpoint, Graph};
use crate::import::activation::{Decision, Form, Margin, PairSum, Staircase};
use crate::import::error::Problem;
use crate::import::exact::{Rational, Surd, of_f64};
use crate::import::meaning::{Each, Step};
use crate::import::onnx::{Model, Node};
use maker::Maker;
use num_traits::Signed;
use std::collections::{HashMap, HashSet};
use value::{Held, Layout, Stream, Value, View, Windows};

/// What integers come into the design: each stands for itself divided by something.
#[derive(Clone, Debug, PartialEq)]
pub struct InputMeaning {
    pub ty: IntType,
    pub divisor: Rational,
}

impl InputMeaning {
    /// What is written `u8/256` or `s8`: a type, and by what its integers are divided.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (ty, divisor) = text.split_once('/').unwrap_or((text, "1"));
        let ty = toml::Value::from(ty).try_into::<IntType>().map_err(|error| error.message().to_owned())?;
        let divisor = divisor.parse::<f64>().ok().and_then(of_f64).filter(Rational::is_positive);
        let divisor =
            divisor.ok_or(format!("{text:?}: integers are divided by a number above 0; write u8/256"))?;
        Ok(Self { ty, divisor })
    }
}

/// What is not said by the file.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// The shape of the input, with its batch of 1.
    pub shape: Option<Vec<usize>>,
    pub input: Option<InputMeaning>,
}

/// A quantizer that became hardware.
#[derive(Clone, Debug)]
pub struct Activation {
    /// The tensor of the file that holds its codes or what they stand for.
    pub tensor: String,
    /// The number of its node in the file.
    pub number: usize,
    /// Where the codes pass.
    pub codes: Endpoint,
    pub staircase: Staircase,
    pub form: Made,
    /// Accumulators, or pairs of codes, that the form was held against.
    pub pairs: u128,
    pub margin: Margin,
    /// `scale * code + offset` is what a code of a channel stands for.
    pub scale: Each<Surd>,
    pub offset: Each<Surd>,
    /// For each row of the stream its place along the file's axis of channels.
    pub order: Vec<usize>,
}

/// An output of the model that leaves as integers.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The tensor of the file.
    pub tensor: String,
    pub codes: Endpoint,
    /// `scale * code + offset` is what a code of a channel stands for.
    pub scale: Each<Surd>,
    pub offset: Each<Surd>,
    /// As of an [`Activation`].
    pub order: Vec<usize>,
}

/// What computes an activation.
#[derive(Clone, Debug, PartialEq)]
pub enum Made {
    /// The design's input holds the codes: what is before the quantizer stays outside.
    Outside,
    Form(Form),
    Sum(PairSum),
}

impl Made {
    pub fn name(&self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Form(form) => form.name(),
            Self::Sum(_) => "requantize",
        }
    }
}

/// A matrix, and what became of it.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The node in the file.
    pub name: String,
    pub op: String,
    /// The node of the design.
    pub node: String,
    pub kind: String,
    /// The least and the greatest accumulator of each channel.
    pub bounds: Vec<(i64, i64)>,
}

/// The last accumulators of a network without a last quantizer.
#[derive(Clone, Debug)]
pub struct Scores {
    pub accumulators: Endpoint,
    /// `scale * acc + offset` is the score of each class.
    pub scales: Vec<Rational>,
    pub offsets: Vec<Rational>,
    /// The integers that decide; none where none do.
    pub decision: Option<Decision>,
}

/// A design that computes what a file means.
#[derive(Clone, Debug)]
pub struct Lowered {
    pub graph: Graph,
    pub tensors: Vec<(String, Tensor)>,
    pub layers: Vec<Layer>,
    /// In the order of the file.
    pub activations: Vec<Activation>,
    pub scores: Option<Scores>,
    pub outcomes: Vec<Outcome>,
    /// The shape of the input in the file's order, without its batch, and the type of its integers.
    pub input: (Vec<usize>, IntType),
    /// What a person should know.
    pub notes: Vec<String>,
}

/// The design that computes `model`, which reads its tensors from `file`.
///
/// # Errors
/// All that cannot be imported: every operator that is not, and every node that cannot be.
pub fn lower(model: &Model, wishes: &Wishes, catalog: &Catalog, file: &str) -> Result<Lowered, Vec<Problem>> {
    let unknown = dispatch::unknown(model);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut lowering = Lowering::new(model, catalog, file);
    let mut problems = Vec::new();
    lowering.enter(wishes).map_err(|problem| vec![problem])?;
    for (order, node) in model.nodes.iter().enumerate() {
        lowering.order = order;
        let lost = node.inputs.iter().any(|name| matches!(lowering.held.get(name), Some(Held::Lost)));
        let made = if lost { Ok(Vec::new()) } else { lowering.node(node) };
        let made = made.unwrap_or_else(|why| {
            problems.push(Problem::new(node.shown(), why));
            Vec::new()
        });
        let made = made.into_iter().map(Some).chain(std::iter::repeat(None));
        for (output, held) in node.outputs.iter().filter(|name| !name.is_empty()).zip(made) {
            lowering.hold(output, held.unwrap_or(Held::Lost));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    lowering.leave()
}

/// The work on one model.
struct Lowering<'m> {
    model: &'m Model,
    maker: Maker<'m>,
    held: HashMap<String, Held>,
    streams: Vec<Stream>,
    /// Whether the file's tensors have an axis of the batch; where they have none, it is ours alone.
    is_batched: bool,
    /// How many take a tensor.
    takers: HashMap<&'m str, usize>,
    /// The number of the node that is being made.
    order: usize,
    /// Nodes whose sums are taken as they are, or have their activation.
    closed: HashSet<usize>,
    /// What was made of a stream already.
    made: Vec<(Key, usize)>,
    layers: Vec<Layer>,
    activations: Vec<Activation>,
    input: (Vec<usize>, Option<IntType>),
    notes: Vec<String>,
    /// Outputs whose softmax was left out.
    without_softmax: HashSet<String>,
    /// Of a class that was taken, and the output next to it.
    scores: Option<Scores>,
    score_outputs: Vec<(String, Endpoint)>,
}

/// A stream, the steps on it, and a pool between.
type Key = (usize, Vec<Step>, Option<(usize, Windows)>);

impl<'m> Lowering<'m> {
    fn new(model: &'m Model, catalog: &'m Catalog, file: &str) -> Self {
        let mut takers: HashMap<&str, usize> = HashMap::new();
        for name in model.nodes.iter().flat_map(|node| &node.inputs).chain(&model.outputs) {
            *takers.entry(name).or_default() += 1;
        }
        let held =
            model.constants.iter().map(|(name, constant)| (name.clone(), Held::Constant(constant.clone())));
        Self {
            model,
            maker: Maker::new(catalog, file.into()),
            held: held.collect(),
            streams: Vec::new(),
            is_batched: true,
            takers,
            order: 0,
            closed: HashSet::new(),
            made: Vec::new(),
            layers: Vec::new(),
            activations: Vec::new(),
            input: (Vec::new(), None),
            notes: Vec::new(),
            without_softmax: HashSet::new(),
            scores: None,
            score_outputs: Vec::new(),
        }
    }

    /// Holds the input of the model.
    fn enter(&mut self, wishes: &Wishes) -> Result<(), Problem> {
        let [input] = &self.model.inputs[..] else {
            let names: Vec<&str> = self.model.inputs.iter().map(|input| &input.name[..]).collect();
            let why = format!("there are {} inputs ({}), and one is imported", names.len(), names.join(", "));
            return Err(Problem::of_file(why));
        };
        let wrong = |why: String| Problem::new(format!("input {:?}", input.name), why);
        let shape = shape(input.shape.as_deref(), wishes.shape.as_deref()).map_err(wrong)?;
        self.is_batched = input.shape.as_ref().is_none_or(|said| said.len() == shape.len());
        let layout = match &shape[..] {
            [1, length] => Layout::Vector { length: *length, of: None },
            [1, channels, size @ ..] if (1..=3).contains(&size.len()) => {
                Layout::Map { channels: *channels, size: size.into() }
            }
            _ => {
                let why = "it is [1, channels, ...] with up to three axes of positions, or [1, length]; say another with --input-shape";
                return Err(wrong(format!("its shape is {shape:?}, but {why}")));
            }
        };
        let noted = self.model.annotations.get(&input.name).and_then(|name| finn_type(name));
        let noted = noted.map(|ty| InputMeaning { ty, divisor: Rational::from_integer(1.into()) });
        let meaning = wishes.input.clone().or(noted);
        if meaning.as_ref().is_some_and(|meaning| !meaning.divisor.is_positive()) {
            return Err(wrong("its integers are divided by a number above 0".into()));
        }
        self.input = (shape[1..].into(), meaning.as_ref().map(|meaning| meaning.ty));
        let ty = meaning.as_ref().map(|meaning| meaning.ty);
        let bounds = vec![ty.map_or((0, 0), |ty| (ty.lo(), ty.hi()))];
        self.streams.push(Stream::new(value::Origin::Input(ty), bounds, layout.clone()));
        let scaled = meaning.map(|meaning| codes::scaled(meaning.divisor.recip()));
        let value = Value::new(0, scaled.into_iter().collect(), layout);
        self.hold(&input.name, Held::Value(value));
        Ok(())
    }

    /// Holds what a node gave.
    fn hold(&mut self, name: &str, held: Held) {
        let held = match held {
            Held::Value(value) => {
                let sole = value.sole && self.takers.get(name).copied().unwrap_or(0) <= 1;
                Held::Value(Value { sole, ..value })
            }
            other => other,
        };
        self.held.insert(name.into(), held);
    }

    /// An axis of a tensor of so many axes, its batch the first, as a node says it: from the end where it is negative.
    fn axis(&self, axis: i64, axes: usize) -> Result<usize, String> {
        let missing = usize::from(!self.is_batched);
        let found = match usize::try_from(axis) {
            Ok(axis) => axis.checked_add(missing).filter(|axis| *axis < axes),
            Err(_) => usize::try_from(axis + axes as i64).ok().filter(|axis| *axis >= missing),
        };
        found.ok_or_else(|| format!("it has no axis {axis}"))
    }

    /// The tensor that a node takes as input `index`.
    fn taken(&self, node: &Node, index: usize) -> Result<&Held, String> {
        let name = node.input(index).ok_or_else(|| format!("it has no input {index}"))?;
        self.held.get(name).ok_or_else(|| format!("its input {name:?} is made by nothing before it"))
    }

    fn value(&self, node: &Node, index: usize) -> Result<Value, String> {
        match self.taken(node, index)? {
            Held::Value(value) if !self.is_batched && !dispatch::takes_any_axes(&node.op, &value.layout) => Err(
                "the file's tensors have no batch, which it needs as their first axis; export it with a batch of 1".into(),
            ),
            Held::Value(value) if value.view == View::Plain => Ok(value.clone()),
            Held::Value(_) => Err(
                "the channels of its input are the last axis; Im2Col and a matrix are imported there, between two transposes"
                    .into(),
            ),
            Held::Constant(_) => Err(format!(
                "its input {index} is a constant; it is imported for what comes from the network's input"
            )),
            Held::Class(_) | Held::Lost => {
                Err("it computes with indices of classes, which is not imported".into())
            }
        }
    }

    fn constant(&self, node: &Node, index: usize) -> Result<&crate::import::onnx::Constant, String> {
        match self.taken(node, index)? {
            Held::Constant(constant) => Ok(constant),
            _ => Err(format!("its input {index} is no constant, as it must be to become hardware")),
        }
    }

    /// As [`Lowering::constant`], where the input may be left out.
    fn optional(&self, node: &Node, index: usize) -> Result<Option<&crate::import::onnx::Constant>, String> {
        if node.input(index).is_none() { Ok(None) } else { self.constant(node, index).map(Some) }
    }
}

/// The shape of the input, with a batch of 1.
fn shape(said: Option<&[Option<usize>]>, wished: Option<&[usize]>) -> Result<Vec<usize>, String> {
    let open = "write --input-shape, such as 1x1x28x28";
    match (said, wished) {
        (_, Some([1, rest @ ..]))
            if !rest.is_empty() && rest.iter().all(|length| (1..=1 << 16).contains(length)) =>
        {
            // A file may leave the batch out.
            if said.is_some_and(|said| ![rest.len(), rest.len() + 1].contains(&said.len())) {
                return Err(format!(
                    "its shape has {} axes, but --input-shape {}",
                    said.map_or(0, <[_]>::len),
                    rest.len() + 1
                ));
            }
            Ok([&[1], rest].concat())
        }
        (_, Some(wished)) => Err(format!(
            "--input-shape {wished:?}: a shape has a batch of 1, and lengths from 1 to 65536 after it"
        )),
        (Some([batch, rest @ ..]), None) => {
            if batch.is_some_and(|batch| batch != 1) {
                return Err(format!(
                    "its batch is {}, and hardware takes one after the other; {open}",
                    batch.unwrap_or(0)
                ));
            }
            let rest: Option<Vec<usize>> = rest.iter().copied().collect();
            let rest = rest.ok_or(format!("its shape is open; {open}"))?;
            if rest.iter().any(|length| *length > 1 << 16) {
                return Err(format!(
                    "its shape is {rest:?}, and an axis has at most 65536 positions; {open}"
                ));
            }
            Ok([&[1], &rest[..]].concat())
        }
        _ => Err(format!("it has no shape; {open}")),
    }
}

/// The type that FINN calls so.
fn finn_type(name: &str) -> Option<IntType> {
    let (signed, bits) = match name.strip_prefix("UINT") {
        Some(bits) => (false, bits),
        None => (true, name.strip_prefix("INT")?),
    };
    let bits = bits.parse().ok().filter(|bits| (1..=32).contains(bits))?;
    Some(IntType { signed, bits })
}

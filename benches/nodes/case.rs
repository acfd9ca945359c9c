//! A test of an operator: its model, and what goes in and comes out.

use crate::Outcome;
use crate::reals::{innermost, output};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use ternlet::datapath::{Catalog, Datapath, IntType};
use ternlet::design::{Choices, Design};
use ternlet::import::exact::Rational;
use ternlet::import::onnx::{Constant, Model, Values};
use ternlet::import::{Imported, InputMeaning, Request, Wishes, import};
use ternlet::stream::{Port, Tokens};

/// As ONNX's own runner of these tests allows it where numbers are float32.
const RELATIVE: f64 = 1e-3;
const ABSOLUTE: f64 = 1e-7;

pub struct Case {
    /// The model, in which every input but the data is bound to its value.
    bytes: Vec<u8>,
    data: Constant,
    /// Of each output of the model what is expected.
    expected: Vec<(String, Constant)>,
    /// The same where all inputs are data of one shape: they come in as one tensor, which a `Split` cuts.
    joined: Option<Box<Case>>,
}

impl Case {
    /// The test in `folder`.
    ///
    /// # Errors
    /// Why it is no model with tensors.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut bytes = fs::read(folder.join("model.onnx")).map_err(|error| error.to_string())?;
        let read = |bytes: &[u8]| Model::of_bytes(bytes, folder).map_err(|problems| problems[0].to_string());
        let model = read(&bytes)?;
        let tensors = |kind: &str, count: usize| -> Result<Vec<Vec<u8>>, String> {
            let file = |index| folder.join(format!("test_data_set_0/{kind}_{index}.pb"));
            (0..count)
                .map(|index| {
                    fs::read(file(index)).map_err(|error| format!("{kind} {index} is not there: {error}"))
                })
                .collect()
        };
        if is_bfloat(&bytes) {
            return Err("an input is of 16-bit floating point, and its data are the bits of it".into());
        }
        let inputs = tensors("input", model.inputs.len())?;
        let outputs = tensors("output", model.outputs.len())?;
        if inputs.is_empty() {
            return Err("there are 0 inputs".into());
        }
        let read = |tensor: &[u8]| {
            let model = read(&[&bytes[..], &bound("the tensor", tensor)].concat())?;
            Ok::<_, String>(model.constants["the tensor"].clone())
        };
        let data = read(&inputs[0])?;
        let expected =
            model.outputs.iter().zip(&outputs).map(|(name, tensor)| Ok((name.clone(), read(tensor)?)));
        let expected: Vec<(String, Constant)> = expected.collect::<Result<_, String>>()?;
        let sides = inputs.iter().map(|tensor| read(tensor)).collect::<Result<Vec<_>, _>>();
        let joined = sides.ok().and_then(|sides| joined(&bytes, &model, &sides));
        let joined = joined
            .map(|(bytes, data)| Box::new(Self { bytes, data, expected: expected.clone(), joined: None }));
        for (other, tensor) in model.inputs.iter().zip(&inputs).skip(1) {
            bytes.extend(bound(&other.name, tensor));
        }
        Ok(Self { bytes, data, expected, joined })
    }

    /// Imports the model, runs the golden model of its design, and compares. The data are a batch of frames, or one frame without a batch;
    /// the other inputs are bound, or are data too.
    pub fn run(&self) -> Outcome {
        let tried = || {
            std::iter::once(self)
                .chain(self.joined.as_deref())
                .flat_map(|case| [true, false].map(|is_batched| (case, is_batched)))
        };
        let mut outcomes = tried().map(|(case, is_batched)| case.tried(is_batched));
        let first = outcomes.next().expect("a try");
        match first {
            Outcome::Refused(_) => {
                outcomes.find(|outcome| !matches!(outcome, Outcome::Refused(_))).unwrap_or(first)
            }
            outcome => outcome,
        }
    }

    fn tried(&self, is_batched: bool) -> Outcome {
        let Some((ty, divisor, integers)) = integers(&self.data) else {
            return Outcome::Refused("its data are no numbers that are integers times a power of two".into());
        };
        let (frames, shape) = match &self.data.shape[..] {
            [] => return Outcome::Refused("its data are one number".into()),
            [batch, rest @ ..] if is_batched && !rest.is_empty() => (*batch, [&[1], rest].concat()),
            all => (1, [&[1], all].concat()),
        };
        if integers.is_empty() {
            return Outcome::Refused("its data are empty".into());
        }
        let wishes = Wishes { shape: Some(shape), input: Some(InputMeaning { ty, divisor }) };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("model.onnx");
        fs::write(&path, &self.bytes).expect("the temporary folder");
        let request = Request { model: path, name: Some("network".into()), wishes, ..Request::default() };
        let catalog = Catalog::standard();
        match import(&request, &catalog) {
            Err(error) => {
                let text = error.to_string();
                Outcome::Refused(text.split_once("model.onnx: ").map_or(text.clone(), |(_, why)| why.into()))
            }
            Ok(imported) => {
                let streams = run(&imported, &catalog, folder.path(), &integers, frames);
                self.compared(&imported, &streams, is_batched.then_some(frames))
            }
        }
    }

    fn compared(
        &self,
        imported: &Imported,
        streams: &BTreeMap<String, Vec<Vec<i64>>>,
        batch: Option<usize>,
    ) -> Outcome {
        let mut equal = 0;
        for (name, expected) in &self.expected {
            if self.data.shape.len() > 1
                && batch.is_some_and(|frames| expected.shape.first() != Some(&frames))
            {
                return Outcome::Refused(format!("{name} has other frames than its data"));
            }
            let Some(found) = output(imported, name, streams) else {
                return Outcome::Wrong(format!("{name} does not leave"));
            };
            let whole = expected.element.bounds().is_some();
            let left_out = !whole && imported.lowered.outcomes.iter().all(|outcome| outcome.tensor != *name);
            // Of scores whose softmax was left out the class.
            let wanted = if left_out { classes(expected) } else { numbers(expected) };
            let close = |found: f64, wanted: f64| match whole || left_out {
                true => found == wanted,
                false => (found - wanted).abs() <= ABSOLUTE + RELATIVE * wanted.abs(),
            };
            if found.len() != wanted.len() {
                return Outcome::Wrong(format!(
                    "{name} has {} numbers, and {} are expected",
                    found.len(),
                    wanted.len()
                ));
            }
            if let Some(place) = (0..found.len()).find(|place| !close(found[*place], wanted[*place])) {
                return Outcome::Wrong(format!(
                    "{name}[{place}] is {}, and {} is expected",
                    found[place], wanted[place]
                ));
            }
            equal += found.len();
        }
        Outcome::Equal(equal)
    }
}

/// The model in which all inputs are one, `the data`, joined along its channels and cut by a `Split`, and these data; none where they are not of one shape.
fn joined(bytes: &[u8], model: &Model, sides: &[Constant]) -> Option<(Vec<u8>, Constant)> {
    let shape = &sides.first().filter(|_| sides.len() > 1)?.shape;
    if shape.is_empty() || shape.len() > 5 || sides.iter().any(|side| side.shape != *shape) {
        return None;
    }
    // The channels of a tensor of one axis are that axis.
    let axis = usize::from(shape.len() > 1);
    let inner: usize = shape[axis..].iter().product();
    let values: Vec<Vec<f64>> = sides.iter().map(numbers).collect();
    let outer = values[0].len() / inner.max(1);
    let all = (0..outer)
        .flat_map(|outer| values.iter().flat_map(move |side| side[outer * inner..][..inner].to_vec()));
    let mut shape = shape.clone();
    shape[axis] *= sides.len();
    let data =
        Constant { shape: shape.clone(), element: sides[0].element, values: Values::F64(all.collect()) };
    let text = |tag, text: &str| field(tag, text.as_bytes());
    let attribute = [text(1, "axis"), vec![3 << 3], varint(axis), varint(20 << 3), vec![2]].concat();
    let outputs: Vec<u8> = model.inputs.iter().flat_map(|input| text(2, &input.name)).collect();
    let split =
        [text(1, "the data"), outputs, text(3, "the sides"), text(4, "Split"), field(5, &attribute)].concat();
    // [1, channels, ...], whatever the batch; or [length], which has none.
    let lengths = if axis == 0 { vec![shape[0]] } else { [&[1], &shape[1..]].concat() };
    let dims: Vec<u8> =
        lengths.iter().flat_map(|length| field(1, &[vec![1 << 3], varint(*length)].concat())).collect();
    let tensor = [vec![1 << 3, 1], field(2, &dims)].concat();
    let input = [text(1, "the data"), field(2, &field(1, &tensor))].concat();
    let graph = field(7, &[field(1, &split), field(11, &input)].concat());
    Some(([without_inputs(bytes)?, graph].concat(), data))
}

/// Whether an input of the graph is of bfloat16, which the files of data hold as integers.
fn is_bfloat(bytes: &[u8]) -> bool {
    let of = |bytes: &[u8], wanted: u64| -> Vec<Vec<u8>> {
        let fields = fields(bytes).unwrap_or_default().into_iter();
        fields.filter(|(tag, ..)| *tag == wanted).map(|(_, _, body)| body.to_vec()).collect()
    };
    let graphs = of(bytes, 7);
    let inputs = graphs.iter().flat_map(|graph| of(graph, 11));
    let types = inputs.flat_map(|input| of(&input, 2)).flat_map(|of_tensor| of(&of_tensor, 1));
    types.flat_map(|ty| of(&ty, 1)).any(|element| element == [16])
}

/// The file without the inputs of its graph.
fn without_inputs(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut model = Vec::new();
    for (tag, whole, body) in fields(bytes)? {
        match tag {
            7 => {
                let kept = fields(body)?
                    .into_iter()
                    .filter(|(tag, ..)| *tag != 11)
                    .flat_map(|(_, whole, _)| whole.to_vec());
                model.extend(field(7, &kept.collect::<Vec<_>>()));
            }
            _ => model.extend(whole),
        }
    }
    Some(model)
}

/// The tag of a field, all its bytes, and those of its body.
type Field<'b> = (u64, &'b [u8], &'b [u8]);

/// The fields of a message.
fn fields(mut bytes: &[u8]) -> Option<Vec<Field<'_>>> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let (key, mut used) = read_varint(bytes)?;
        let (start, length) = match key & 7 {
            0 => (used, read_varint(&bytes[used..])?.1),
            1 => (used, 8),
            5 => (used, 4),
            2 => {
                let (length, more) = read_varint(&bytes[used..])?;
                used += more;
                (used, length as usize)
            }
            _ => return None,
        };
        let end = start + length;
        fields.push((key >> 3, bytes.get(..end)?, bytes.get(start..end)?));
        bytes = &bytes[end..];
    }
    Some(fields)
}

fn read_varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let length = bytes.iter().position(|byte| *byte < 128)? + 1;
    let value = bytes[..length].iter().rev().fold(0u64, |value, byte| value << 7 | u64::from(byte & 127));
    Some((value, length))
}

/// What is added to a file so that a tensor becomes an initializer of this name: messages that come twice are merged.
fn bound(name: &str, tensor: &[u8]) -> Vec<u8> {
    let tensor = [tensor, &field(8, name.as_bytes())].concat();
    field(7, &field(5, &tensor))
}

fn field(tag: u8, bytes: &[u8]) -> Vec<u8> {
    [&varint(usize::from(tag) << 3 | 2)[..], &varint(bytes.len()), bytes].concat()
}

fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 128 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// Each number of a tensor as an integer divided by one power of two, and the smallest type for them.
fn integers(data: &Constant) -> Option<(IntType, Rational, Vec<i64>)> {
    let reals = data.reals().ok()?;
    let denominator = reals.iter().map(|real| real.denom().clone()).max()?;
    let integers: Vec<i64> = reals
        .iter()
        .map(|real| i64::try_from((real * &denominator).to_integer()).ok())
        .collect::<Option<_>>()?;
    let (lo, hi) = match data.element.bounds() {
        Some(bounds) if bounds.1 < 1 << 31 => bounds,
        _ => (*integers.iter().min()?, *integers.iter().max()?),
    };
    let fits = |bits: &u32| {
        let ty = IntType { signed: lo < 0, bits: *bits };
        ty.lo() <= lo && hi <= ty.hi()
    };
    let bits = (1..=62).find(fits)?;
    Some((IntType { signed: lo < 0, bits }, Rational::from_integer(denominator), integers))
}

/// All that leaves the design for these frames, by the name of its stream, and what comes in.
fn run(
    imported: &Imported,
    catalog: &Catalog,
    folder: &Path,
    integers: &[i64],
    frames: usize,
) -> BTreeMap<String, Vec<Vec<i64>>> {
    let path = folder.join("network.toml");
    for (path, bytes) in imported.files(&path) {
        fs::write(path, bytes).expect("the temporary folder");
    }
    let design = Design::read(&path, &Choices::default(), catalog).unwrap_or_else(|error| panic!("{error}"));
    let network: &dyn Datapath = design.probed.as_deref().unwrap_or(&*design.datapath);
    let ports = network.ports();
    let channels = imported.lowered.input.0[0];
    let inputs: Vec<Vec<i64>> =
        integers.chunks(integers.len() / frames).map(|frame| innermost(frame, channels)).collect();
    let outputs = network.golden(&vec![Tokens::pack(&ports.inputs[0], &inputs.concat())]);
    let frames_of = |(port, tokens): (&Port, &Tokens)| {
        (port.name.clone(), tokens.unpack(port).chunks(port.frame_values()).map(<[i64]>::to_vec).collect())
    };
    let mut streams: BTreeMap<_, _> = ports.outputs.iter().zip(&outputs).map(frames_of).collect();
    streams.insert("input".into(), inputs);
    streams
}

fn numbers(tensor: &Constant) -> Vec<f64> {
    match &tensor.values {
        Values::F32(values) => values.iter().map(|value| f64::from(*value)).collect(),
        Values::F64(values) => values.clone(),
        Values::Int(values) => values.iter().map(|value| *value as f64).collect(),
        _ => Vec::new(),
    }
}

/// The first largest channel of each position of `[frames, channels, ...]`.
fn classes(scores: &Constant) -> Vec<f64> {
    let [frames, channels, rest @ ..] = &scores.shape[..] else { return Vec::new() };
    let (positions, scores) = (rest.iter().product::<usize>(), numbers(scores));
    let class = |frame: usize, position: usize| {
        let score = |channel: usize| scores[(frame * channels + channel) * positions + position];
        (1..*channels).fold(0, |best, channel| if score(channel) > score(best) { channel } else { best })
            as f64
    };
    (0..*frames)
        .flat_map(|frame| (0..positions).map(move |position| (frame, position)))
        .map(|(frame, position)| class(frame, position))
        .collect()
}

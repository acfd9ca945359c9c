//! Small models, written byte by byte: what a file may say is more than any exporter would.

/// A message of protobuf, as bytes.
#[derive(Clone, Default)]
pub struct Message(pub Vec<u8>);

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 128 {
        bytes.push(value as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

impl Message {
    pub fn bytes(mut self, tag: u64, bytes: impl AsRef<[u8]>) -> Self {
        self.0.extend(varint(tag << 3 | 2));
        self.0.extend(varint(bytes.as_ref().len() as u64));
        self.0.extend(bytes.as_ref());
        self
    }

    pub fn int(mut self, tag: u64, value: i64) -> Self {
        self.0.extend(varint(tag << 3));
        self.0.extend(varint(value as u64));
        self
    }

    pub fn message(self, tag: u64, message: Message) -> Self {
        self.bytes(tag, message.0)
    }
}

/// A tensor of float32.
pub fn floats(name: &str, dims: &[i64], values: &[f32]) -> Message {
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let dims = dims.iter().fold(Message::default(), |message, dim| message.int(1, *dim));
    dims.int(2, 1).bytes(8, name).bytes(9, raw)
}

pub fn int_attribute(name: &str, value: i64) -> Message {
    Message::default().bytes(1, name).int(3, value).int(20, 2)
}

/// Integers next to each other, as newer files have them, or each with its tag.
pub fn ints_attribute(name: &str, values: &[i64], packed: bool) -> Message {
    let message = Message::default().bytes(1, name);
    let message = match packed {
        true => message.bytes(8, values.iter().flat_map(|value| varint(*value as u64)).collect::<Vec<_>>()),
        false => values.iter().fold(message, |message, value| message.int(8, *value)),
    };
    message.int(20, 7)
}

pub fn text_attribute(name: &str, value: &str) -> Message {
    Message::default().bytes(1, name).bytes(4, value).int(20, 3)
}

pub fn node(
    name: &str,
    op: &str,
    domain: &str,
    inputs: &[&str],
    outputs: &[&str],
    attributes: &[Message],
) -> Message {
    let message = inputs.iter().fold(Message::default(), |message, input| message.bytes(1, input));
    let message = outputs.iter().fold(message, |message, output| message.bytes(2, output));
    let message = message.bytes(3, name).bytes(4, op);
    attributes
        .iter()
        .fold(message, |message, attribute| message.message(5, attribute.clone()))
        .bytes(7, domain)
}

/// What comes in or leaves, with a shape; a length below 0 is left open.
pub fn value(name: &str, shape: &[i64]) -> Message {
    let dim = |length: &i64| {
        if *length < 0 { Message::default().bytes(2, "n") } else { Message::default().int(1, *length) }
    };
    let shape = shape.iter().fold(Message::default(), |message, length| message.message(1, dim(length)));
    Message::default()
        .bytes(1, name)
        .message(2, Message::default().message(1, Message::default().int(1, 1).message(2, shape)))
}

/// A graph that a test changes before it becomes a file.
#[derive(Clone)]
pub struct Model {
    pub nodes: Vec<Message>,
    pub tensors: Vec<Message>,
    pub inputs: Vec<Message>,
    pub outputs: Vec<Message>,
}

impl Model {
    /// `[1, 8, 4, 4]` by a quantizer, a convolution of 8 filters and another quantizer.
    pub fn layer() -> Self {
        let weights: Vec<f32> = (0..8 * 8).map(|index| (index % 3) as f32 - 1.0).collect();
        Self {
            nodes: vec![
                quant("/first", "x", "codes", &["scale", "zero", "bits"]),
                node("/layer", "Conv", "", &["codes", "weight"], &["sums"], &[]),
                quant("/last", "sums", "y", &["scale", "zero", "bits"]),
            ],
            tensors: vec![
                floats("scale", &[], &[0.5]),
                floats("zero", &[], &[0.0]),
                floats("bits", &[], &[4.0]),
                floats("weight", &[8, 8, 1, 1], &weights),
            ],
            inputs: vec![value("x", &[1, 8, 4, 4])],
            outputs: vec![value("y", &[1, 8, 4, 4])],
        }
    }

    pub fn with_tensor(mut self, index: usize, tensor: Message) -> Self {
        self.tensors[index] = tensor;
        self
    }

    pub fn with_node(mut self, index: usize, node: Message) -> Self {
        self.nodes[index] = node;
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut graph = Message::default();
        for (tag, messages) in [(1, &self.nodes), (5, &self.tensors), (11, &self.inputs), (12, &self.outputs)]
        {
            graph = messages.iter().fold(graph, |graph, message| graph.message(tag, message.clone()));
        }
        let opset = Message::default().bytes(1, "").int(2, 13);
        Message::default().int(1, 7).message(7, graph).message(8, opset).0
    }
}

/// A quantizer of QONNX.
pub fn quant(name: &str, input: &str, output: &str, parameters: &[&str; 3]) -> Message {
    let inputs = [&[input], &parameters[..]].concat();
    let attributes =
        [int_attribute("signed", 1), int_attribute("narrow", 0), text_attribute("rounding_mode", "ROUND")];
    node(name, "Quant", "qonnx.custom_op.general", &inputs, &[output], &attributes)
}

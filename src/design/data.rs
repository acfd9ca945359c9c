//! Real data for a datapath's streams.

use super::error::{Problem, Text};
use super::file::{File, Input, TensorRef};
use super::outside::{Expected, Labels};
use super::tensor_files::TensorFiles;
use crate::datapath::{Datapath, Source, StreamPort, Tensor, Tokens, Transfers};
use num_bigint::BigInt;
use std::cell::RefCell;

/// What a design file says of real data.
pub struct Data {
    pub input: Option<Transfers>,
    pub expected: Vec<Expected>,
    pub labels: Option<Labels>,
}

impl Data {
    /// # Errors
    /// All problems at once.
    pub fn read(
        text: &Text,
        file: &File,
        datapath: &dyn Datapath,
        files: &TensorFiles,
    ) -> Result<Self, Vec<Problem>> {
        let problems = RefCell::new(Vec::new());
        let note = |key: &str, why: String| {
            problems.borrow_mut().push(text.problem(key, format!("{key}: {why}")));
        };
        let input = file.input.as_ref().and_then(|input| {
            let found = transfers(input, datapath, files);
            found.map_err(|wrong| wrong.into_iter().for_each(|(key, why)| note(&key, why))).ok()
        });
        let outputs: Vec<String> = datapath.ports().outputs.into_iter().map(|port| port.name).collect();
        let results_of = |key: &str, stream: &str, path: &str, tensor: Option<&str>| {
            if file.input.is_none() {
                note(key, "there is no [input] that it could belong to; add one".into());
            }
            if !outputs.iter().any(|output| output == stream) {
                note(key, format!("there is no output `{stream}`; the outputs are {}", outputs.join(", ")));
            }
            files.tensor(path, tensor).map_err(|why| note(key, why)).ok()
        };
        let mut expected = Vec::new();
        for (stream, TensorRef { file, tensor }) in &file.expected {
            let key = format!("expected.{stream}");
            if let Some(Tensor { values, .. }) = results_of(&key, stream, file, tensor.as_deref()) {
                expected.push(Expected { stream: stream.clone(), values });
            }
        }
        let labels = file.labels.as_ref().and_then(|labels| {
            let tensor = results_of("labels", &labels.stream, &labels.file, labels.tensor.as_deref())?;
            if let Some(scores) = labels.scores.as_ref().filter(|scores| !outputs.contains(scores)) {
                note(
                    "labels.scores",
                    format!("there is no output `{scores}`; the outputs are {}", outputs.join(", ")),
                );
            }
            let values = datapath.ports().inputs[0].frame_values;
            if let Some([height, width]) = labels.picture.filter(|[height, width]| height * width != values) {
                note(
                    "labels.picture",
                    format!("{height} x {width} pixels are not the {values} integers of a frame"),
                );
            }
            let (picture, scores) = (labels.picture, labels.scores.clone());
            Some(Labels { stream: labels.stream.clone(), values: tensor.values, picture, scores })
        });
        let problems = problems.into_inner();
        if problems.is_empty() { Ok(Self { input, expected, labels }) } else { Err(problems) }
    }
}

/// The tokens of each input stream; problems come with their key.
pub fn transfers(
    input: &Input,
    datapath: &dyn Datapath,
    files: &TensorFiles,
) -> Result<Transfers, Vec<(String, String)>> {
    let ports = datapath.ports().inputs;
    let names = ports.iter().map(|port| port.name.as_str()).collect::<Vec<_>>().join(", ");
    let mut problems = Vec::new();
    if let Input::Each(streams) = input {
        let strangers = streams.keys().filter(|stream| ports.iter().all(|port| port.name != **stream));
        problems.extend(strangers.map(|stream| {
            (format!("input.{stream}"), format!("there is no input `{stream}`; the inputs are {names}"))
        }));
    }
    if let (Input::One(TensorRef { file, tensor }), []) = (input, &problems[..]) {
        let wrong = |why: String| vec![("input".to_owned(), why)];
        let tensor = files.tensor(file, tensor.as_deref()).map_err(wrong)?;
        if let Some(carried) = datapath.carry(&tensor) {
            return carried.map_err(|why| wrong(format!("{file}: {why}")));
        }
    }
    let mut found = Transfers::new();
    for port in &ports {
        let (key, tensor) = match input {
            Input::One(tensor) if ports.len() == 1 => ("input".to_owned(), Some(tensor)),
            Input::One(_) => ("input".to_owned(), None),
            Input::Each(streams) => (format!("input.{}", port.name), streams.get(&port.name)),
        };
        let Some(TensorRef { file, tensor }) = tensor else {
            let why = format!(
                "stream `{0}` has no data; the inputs are {names}, each with a table [input.{0}]",
                port.name
            );
            problems.push((key, why));
            continue;
        };
        let tokens = files
            .tensor(file, tensor.as_deref())
            .and_then(|tensor| tokens(port, &tensor).map_err(|why| format!("{file}: {why}")));
        match tokens {
            Ok(tokens) => found.push(tokens),
            Err(why) => problems.push((key, why)),
        }
    }
    let frames = |(port, tokens): (&StreamPort, &Tokens)| tokens.frames(port).count();
    let counts: Vec<usize> = ports.iter().zip(&found).map(frames).collect();
    if problems.is_empty() && counts.windows(2).any(|pair| pair[0] != pair[1]) {
        let why = format!("the inputs {names} have {counts:?} frames; give each as many");
        problems.push(("input".into(), why));
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// The beats of `port` that carry the tensor's integers.
///
/// # Errors
/// If its shape does not end in a frame, or an integer is out of its lane's range.
fn tokens(port: &StreamPort, tensor: &Tensor) -> Result<Tokens, String> {
    let (name, frame) = (&port.name, port.frame_values);
    let mut ends = (0..=tensor.shape.len()).map(|from| tensor.shape[from..].iter().product::<usize>());
    if tensor.values.is_empty() || !ends.any(|values| values == frame) {
        return Err(format!(
            "the tensor has shape {:?}, but a frame of stream `{name}` is {frame} integers; give a shape that ends \
             in them, such as [1, {frame}]",
            tensor.shape
        ));
    }
    let ranges: Vec<_> = port.lane_ranges().collect();
    for (place, value) in tensor.values.iter().enumerate() {
        let (frame_at, at) = (place / frame, place % frame);
        let range = ranges[at % ranges.len()];
        let big = BigInt::from(*value);
        if big < *range.lo() || big > *range.hi() {
            return Err(format!(
                "integer {at} of frame {frame_at} is {value}, but stream `{name}` takes {}..={}",
                range.lo(),
                range.hi()
            ));
        }
    }
    Ok(Tokens::pack(port, &tensor.values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hdl::unsigned;

    #[test]
    fn a_shape_ends_in_a_frame() {
        let port = StreamPort::frames("x", "x", 3, unsigned(4), 4);
        let tensor = |shape: &[usize]| Tensor {
            shape: shape.into(),
            values: (0..shape.iter().product::<usize>() as i64).collect(),
        };
        for shape in [&[2, 4][..], &[4], &[3, 2, 2]] {
            let tokens = tokens(&port, &tensor(shape)).unwrap();
            assert_eq!(tokens.unpack(&port), tensor(shape).values);
        }
        for shape in [&[4, 2][..], &[8], &[0, 4], &[]] {
            let error = tokens(&port, &tensor(shape)).unwrap_err();
            assert!(
                error.contains(&format!("has shape {shape:?}, but a frame of stream `x` is 4")),
                "{error}"
            );
        }
        let error = tokens(&port, &tensor(&[5, 4])).unwrap_err();
        assert_eq!(error, "integer 0 of frame 4 is 16, but stream `x` takes 0..=15");
    }
}

//! The data of an input table, as the tokens of a datapath's streams.

use super::beats::tokens;
use super::file::Input;
use super::frames::Frames;
use super::located::Located;
use super::patches::Patches;
use super::tensor_files::TensorFiles;
use crate::datapath::{Datapath, Tensor};
use crate::stream::{Port, Tokens, Transfers};
use num_traits::ToPrimitive;

/// What a table `[input]` gives.
pub struct Given {
    pub frames: Frames,
    /// How they were cut, if the data is larger than a frame.
    pub patches: Option<Patches>,
}

/// The tokens of each input stream; problems come with their key. What to do about numbers that are no integers is the `help`.
pub fn transfers(
    input: &Input,
    datapath: &dyn Datapath,
    files: &TensorFiles,
    help: &str,
) -> Result<Given, Vec<(String, String)>> {
    if let Some(frames) = in_files(input, datapath, files) {
        return Ok(Given { frames, patches: None });
    }
    let whole = |frames| Given { frames: Frames::whole(datapath, frames, false), patches: None };
    let ports = datapath.ports().inputs;
    let names = ports.iter().map(|port| port.name.as_str()).collect::<Vec<_>>().join(", ");
    let mut problems = Vec::new();
    if let Input::Each(streams) = input {
        let strangers = streams.keys().filter(|stream| ports.iter().all(|port| port.name != **stream));
        problems.extend(strangers.map(|stream| {
            (format!("input.{stream}"), format!("there is no input `{stream}`; the inputs are {names}"))
        }));
    }
    if let (Input::One(named), []) = (input, &problems[..]) {
        let wrong = |why: String| vec![("input".to_owned(), why)];
        let tensor = named.read(files, help).map_err(wrong)?;
        if let Some(carried) = datapath.carry(&tensor) {
            return carried.map(whole).map_err(|why| wrong(format!("{}: {why}", named.file)));
        }
    }
    let (mut found, mut patches) = (Transfers::new(), None);
    let presets = datapath.presets();
    let wanting = presets.iter().filter(|preset| preset.is_none()).count();
    for (port, preset) in ports.iter().zip(presets) {
        let (key, tensor) = match input {
            Input::One(tensor) if wanting == 1 && preset.is_none() => ("input".to_owned(), Some(tensor)),
            Input::One(_) => ("input".to_owned(), None),
            Input::Each(streams) => (format!("input.{}", port.name), streams.get(&port.name)),
        };
        if let (None, Some(preset)) = (tensor, preset) {
            found.push(preset);
            continue;
        }
        let Some(named) = tensor else {
            let why = format!(
                "stream `{0}` has no data; the inputs are {names}, each with a table [input.{0}]",
                port.name
            );
            problems.push((key, why));
            continue;
        };
        let tokens = named.read(files, help).and_then(|mut tensor| {
            if named.patches {
                let plan =
                    Patches::plan(datapath, &tensor.shape).map_err(|why| format!("{}: {why}", named.file))?;
                tensor = plan.cut(&tensor);
                patches = Some(plan);
            }
            let mend = named.scale.and_then(|scale| smaller(scale, port, &tensor)).unwrap_or_default();
            tokens(port, &tensor).map_err(|why| format!("{}: {why}{mend}", named.file))
        });
        match tokens {
            Ok(tokens) => found.push(tokens),
            Err(why) => problems.push((key, why)),
        }
    }
    let frames = |(port, tokens): (&Port, &Tokens)| (!port.is_once()).then(|| tokens.frames(port).count());
    let counts: Vec<usize> = ports.iter().zip(&found).filter_map(frames).collect();
    if problems.is_empty() && counts.windows(2).any(|pair| pair[0] != pair[1]) {
        let why = format!("the inputs {names} have {counts:?} frames; give each as many");
        problems.push(("input".into(), why));
    }
    if problems.is_empty()
        && let Err((stream, why)) = datapath.check(&found)
    {
        let (key, tensor) = match input {
            Input::One(tensor) => ("input".to_owned(), Some(tensor)),
            Input::Each(streams) => (format!("input.{stream}"), streams.get(&stream)),
        };
        let file = tensor.map(|tensor| format!("{}: ", tensor.file)).unwrap_or_default();
        problems.push((key, format!("{file}{why}")));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Given { frames: Frames::whole(datapath, found, patches.is_some()), patches })
}

/// The frames of large files, which are not read at once; none where something is wrong with them.
fn in_files(input: &Input, datapath: &dyn Datapath, files: &TensorFiles) -> Option<Frames> {
    let ports = datapath.ports().inputs;
    let given = match input {
        Input::One(_) => 1,
        Input::Each(streams) => streams.len(),
    };
    if given != ports.len() {
        return None;
    }
    let tensor = |port: &Port| match input {
        Input::One(tensor) => Some(tensor),
        Input::Each(streams) => streams.get(&port.name),
    };
    let tensors: Option<Vec<Located>> = ports.iter().map(|port| tensor(port)?.locate(files)).collect();
    Frames::in_files(datapath, tensors?)
}

/// The mend where integers of a `scale` are out of range.
fn smaller(scale: f64, port: &Port, tensor: &Tensor) -> Option<String> {
    let most = tensor.values.iter().map(|value| value.unsigned_abs()).max()? as f64;
    let room = port.lane_ranges().filter_map(|range| range.hi().to_f64()).fold(f64::INFINITY, f64::min);
    // Three digits, rounded down.
    let fits = scale * room / most;
    let step = 10f64.powf(fits.log10().floor() - 2.0);
    (most > room).then(|| format!("; the largest number fits with scale = {}", (fits / step).floor() * step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_that_is_too_large_is_told_one_that_fits() {
        let port = Port::vectors("x", "x", 1, crate::hdl::signed(8), 2);
        let scaled = |values: &[i64]| Tensor { shape: vec![2], values: values.into() };
        assert_eq!(smaller(100.0, &port, &scaled(&[-127, 3])), None);
        let mend = smaller(100.0, &port, &scaled(&[-200, 3])).unwrap();
        assert_eq!(mend, "; the largest number fits with scale = 63.5");
    }
}

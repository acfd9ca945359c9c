//! Bits and steps of a wavelet quantizer for a bit budget, from a tensor or picture.

use super::error::Error;
use crate::datapath::lifting::{Scheme, Subband, subbands};
use crate::datapath::{Catalog, IntType, NoFiles, Quantizer, Tensor, fit as fit_values};
use crate::design::{Fractions, TensorFiles};
use crate::graph::{Graph, GraphError};
use serde::{Serialize, Serializer};
use std::fmt;
use std::path::Path;
use toml::Value;

/// What is fitted.
#[derive(Clone, Debug)]
pub struct FitRequest {
    /// `FILE` or `FILE:TENSOR`, of 1 to 3 axes.
    pub input: String,
    /// Bits a value on average, at most.
    pub bits: f64,
    /// The name of a built-in scheme of lifting.
    pub scheme: String,
    pub levels: u32,
    /// The innermost axes that make a frame; all, if none is said.
    pub axes: Option<usize>,
}

/// A wavelet quantizer within its budget, and what the same bits do without it.
#[derive(Clone, Debug, Serialize)]
pub struct Fitted {
    pub input: String,
    pub scheme: String,
    pub levels: u32,
    pub bits: f64,
    pub mean_squared_error: f64,
    /// Quantized without a transform.
    pub uniform_mean_squared_error: f64,
    /// With the same bits for every subband.
    pub equal_bits_mean_squared_error: f64,
    /// Of those that have values, from the coarsest on.
    #[serde(serialize_with = "as_object")]
    pub subband_bits: Vec<(String, u32)>,
    /// The design file.
    pub design: String,
}

/// What to do about numbers that are no integers.
const WHOLE: &str = "scale and round them before you save them";

/// Each subband gets the bits that lower the mean squared error most. The design file names the input as it is seen from
/// the folder of `output`, where it is to be written.
///
/// # Errors
/// What of the request is impossible, with what would do.
pub fn fit(request: &FitRequest, output: Option<&Path>) -> Result<Fitted, Error> {
    let FitRequest { input, bits, scheme: name, levels, axes } = request;
    let (bits, levels) = (*bits, *levels);
    let bad = |why: String| Error::Refused(why);
    let scheme = Scheme::named(name).ok_or_else(|| {
        let names = Scheme::names().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        bad(format!("--scheme {name}: there is no such scheme; there are {names}"))
    })?;
    let whole = Path::new(input).is_file();
    let (file, tensor) = match input.rsplit_once(':').filter(|_| !whole) {
        Some((file, tensor)) => (file, Some(tensor)),
        None => (input.as_str(), None),
    };
    let Tensor { shape, values } =
        TensorFiles::relative_to("").read(file, tensor, Fractions::Refused(WHOLE)).map_err(bad)?;
    let axes = axes.unwrap_or(shape.len());
    if !(1..=3).contains(&axes) || axes > shape.len() || values.is_empty() {
        let why = "a transform takes frames of 1 to 3 axes with values; --axes says how many";
        return Err(bad(format!("{file}: the tensor has shape {shape:?}; {why}")));
    }
    let shape = shape[shape.len() - axes..].to_vec();
    let longest = shape.iter().copied().max().unwrap_or(1);
    let most = longest.next_power_of_two().trailing_zeros().clamp(1, 8);
    if !(1..=most).contains(&levels) {
        return Err(bad(format!("--levels {levels}: shape {shape:?} allows 1 to {most} levels")));
    }
    if !(bits > 0.0 && bits <= 12.0) {
        return Err(bad(format!("--bits {bits}: a value has more than 0 and at most 12 bits on average")));
    }
    let sample = sample_type(&values).ok_or_else(|| bad(format!("{file}: a value has more than 32 bits")))?;
    let named = seen_from(output, Path::new(file))
        .ok_or_else(|| bad(format!("{file}: the name is no text; rename it")))?;
    let frames = Frames { file: &named, tensor, scheme: name, levels, sample, shape: &shape };
    // What no hardware can be is known from ranges and sizes, before anything is fitted.
    let none = |band: Subband| (band.name(), Quantizer::of_step(0, 0.0, 0.0));
    let all = subbands(&shape, levels).into_iter().filter(|band| !band.shape.contains(&0));
    taken(&frames.design("", &all.map(none).collect::<Vec<_>>())).map_err(bad)?;
    let fitted = fit_values(&scheme, &shape, &values, levels, bits, (sample.lo(), sample.hi()));
    let comment = format!(
        "{:.3} bits a value, fitted by `ternlet fit`: mean squared error {:.3} against {:.3} without a transform.",
        fitted.bits, fitted.error, fitted.uniform_error
    );
    let design = frames.design(&comment, &fitted.bands);
    taken(&design).map_err(bad)?;
    Ok(Fitted {
        input: input.clone(),
        scheme: name.clone(),
        levels,
        bits: fitted.bits,
        mean_squared_error: fitted.error,
        uniform_mean_squared_error: fitted.uniform_error,
        equal_bits_mean_squared_error: fitted.equal_error,
        subband_bits: fitted.bands.iter().map(|(name, one)| (name.clone(), one.bits)).collect(),
        design,
    })
}

/// Whether `design` is one that ternlet takes.
fn taken(design: &str) -> Result<(), String> {
    let wrong = |errors: Vec<GraphError>| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        format!("no design can be made of it: {}", errors.join("; "))
    };
    let table = design.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let graph = Graph::of_table(&table).map_err(wrong)?;
    graph.load(&Catalog::standard(), &NoFiles).map(drop).map_err(wrong)
}

impl fmt::Display for Fitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { input, scheme, levels, bits, .. } = self;
        writeln!(f, "{input}: {scheme}, {levels} levels, {bits:.3} bits a value")?;
        writeln!(
            f,
            "  mean squared error {:.3}; quantized without a transform {:.3}, with equal bits for every subband {:.3}",
            self.mean_squared_error, self.uniform_mean_squared_error, self.equal_bits_mean_squared_error
        )?;
        let listed: Vec<String> =
            self.subband_bits.iter().map(|(name, bits)| format!("{name} {bits}")).collect();
        write!(f, "  bits: {}", listed.join(", "))
    }
}

fn as_object<S: Serializer>(pairs: &[(String, u32)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}

/// `file` as the design file at `output` names it: relative to its folder where it is inside, otherwise from the root.
/// None where that is no text.
fn seen_from(output: Option<&Path>, file: &Path) -> Option<String> {
    let folder = output.and_then(Path::parent).unwrap_or(Path::new(""));
    let inside = file.strip_prefix(folder).ok().filter(|_| file.is_relative() || folder.is_absolute());
    let whole = || std::path::absolute(file).unwrap_or(file.into());
    inside.map_or_else(whole, Path::to_path_buf).to_str().map(str::to_owned)
}

/// The narrowest type that holds all values.
fn sample_type(values: &[i64]) -> Option<IntType> {
    let (lo, hi) = (*values.iter().min()?, *values.iter().max()?);
    let signed = lo < 0;
    let fits = |bits: &u32| {
        let sample = IntType { signed, bits: *bits };
        sample.lo() <= lo && hi <= sample.hi()
    };
    (1..=32).find(fits).map(|bits| IntType { signed, bits })
}

/// What a design file says of an input and its frames; all but the quantizers.
struct Frames<'a> {
    file: &'a str,
    tensor: Option<&'a str>,
    scheme: &'a str,
    levels: u32,
    sample: IntType,
    shape: &'a [usize],
}

impl Frames<'_> {
    /// The design of these quantizers, each value as TOML writes it, whatever stands in a name.
    fn design(&self, comment: &str, bands: &[(String, Quantizer)]) -> String {
        let Self { file, tensor, scheme, levels, sample, shape } = self;
        let line = |key: &str, value: Value| format!("{key} = {value}\n");
        let text = |key: &str, text: &str| line(key, text.into());
        let lengths = shape.iter().map(|length| Value::from(*length as i64)).collect::<Vec<_>>();
        let tables = [
            text("name", &name_of(file)) + &text("board", "ulx3s") + &line("frequency_mhz", 25.into()),
            text("file", file) + &tensor.map(|tensor| text("tensor", tensor)).unwrap_or_default(),
            text("kind", "wavelet_quantizer")
                + &text("scheme", scheme)
                + &line("levels", i64::from(*levels).into())
                + &text("input", &sample.to_string())
                + &line("size", lengths.into()),
            bands.iter().map(|(name, quantizer)| line(name, table_of(quantizer))).collect(),
        ];
        let [head, input, datapath, subband] = tables;
        format!(
            "# {comment}\n{head}\n[input]\n{input}\n[datapath]\n{datapath}\n[datapath.subband]\n{subband}"
        )
    }
}

/// The keys of a quantizer that mean something.
fn table_of(quantizer: &Quantizer) -> Value {
    let Value::Table(mut table) = Value::try_from(quantizer).expect("a quantizer is a table of TOML") else {
        unreachable!("a quantizer is a table")
    };
    if quantizer.bits == 0 {
        table.retain(|key, _| ["bits", "offset", "fraction"].contains(&key));
    }
    Value::Table(table)
}

/// A name for the design of `file`.
fn name_of(file: &str) -> String {
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or("tensor").to_lowercase();
    let words = stem.split(|c: char| !c.is_ascii_lowercase() && !c.is_ascii_digit());
    let words = words.filter(|word| !word.is_empty()).map(|word| format!("_{word}")).collect::<String>();
    format!("quantized{words}").chars().take(48).collect::<String>().trim_end_matches('_').into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_any_files() {
        let long = "x".repeat(300);
        for (file, name) in [
            ("a/Photo-1 (copy).PNG", "quantized_photo_1_copy"),
            ("\u{e4}\".npy", "quantized"),
            ("__.npy", "quantized"),
            (&long, &format!("quantized_{}", "x".repeat(38))),
        ] {
            assert_eq!(name_of(file), name);
            assert_eq!(crate::graph::name_fault(name), None);
        }
    }
}

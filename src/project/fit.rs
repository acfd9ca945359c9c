//! Bits and steps of a wavelet quantizer for a bit budget, from a tensor or picture.

use super::error::Error;
use crate::datapath::lifting::Scheme;
use crate::datapath::{Fit, IntType, Quantizer, Source, Tensor, fit as fit_values};
use crate::design::TensorFiles;
use serde::{Serialize, Serializer};
use std::fmt;
use std::path::Path;

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
    let Tensor { shape, values } = TensorFiles::relative_to("").tensor(file, tensor).map_err(bad)?;
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
    let fitted = fit_values(&scheme, &shape, &values, levels, bits, (sample.lo(), sample.hi()));
    let named = seen_from(output, Path::new(file));
    Ok(Fitted {
        input: input.clone(),
        scheme: name.clone(),
        levels,
        bits: fitted.bits,
        mean_squared_error: fitted.error,
        uniform_mean_squared_error: fitted.uniform_error,
        equal_bits_mean_squared_error: fitted.equal_error,
        subband_bits: fitted.bands.iter().map(|(name, one)| (name.clone(), one.bits)).collect(),
        design: design_file(&fitted, &named, tensor, name, levels, sample, &shape),
    })
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
fn seen_from(output: Option<&Path>, file: &Path) -> String {
    let folder = output.and_then(Path::parent).unwrap_or(Path::new(""));
    let inside = file.strip_prefix(folder).ok().filter(|_| file.is_relative() || folder.is_absolute());
    let whole = || std::path::absolute(file).unwrap_or(file.into());
    inside.map_or_else(whole, Path::to_path_buf).display().to_string()
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

/// The design of `fitted`.
fn design_file(
    fitted: &Fit,
    file: &str,
    tensor: Option<&str>,
    scheme: &str,
    levels: u32,
    sample: IntType,
    shape: &[usize],
) -> String {
    let Fit { bits, error, uniform_error, bands, .. } = fitted;
    let tensor = tensor.map(|tensor| format!("tensor = \"{tensor}\"\n")).unwrap_or_default();
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or("tensor");
    let letters: String = stem
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' })
        .collect();
    let subbands = bands.iter().map(|(name, quantizer)| {
        let Quantizer { bits, multiplier, bias, shift, step, offset, fraction } = quantizer;
        if *bits == 0 {
            return format!("{name} = {{ bits = 0, offset = {offset}, fraction = {fraction} }}\n");
        }
        format!(
            "{name} = {{ bits = {bits}, multiplier = {multiplier}, bias = {bias}, shift = {shift}, step = {step}, offset = {offset}, \
             fraction = {fraction} }}\n"
        )
    });
    format!(
        "# {bits:.3} bits a value, fitted by `ternlet fit`: mean squared error {error:.3} against {uniform_error:.3} without a transform.\n\
         name = \"quantized_{letters}\"\nboard = \"ulx3s\"\nfrequency_mhz = 25\n\n\
         [input]\nfile = \"{file}\"\n{tensor}\n\
         [datapath]\nkind = \"wavelet_quantizer\"\nscheme = \"{scheme}\"\nlevels = {levels}\ninput = \"{sample}\"\nsize = {shape:?}\n\n\
         [datapath.subband]\n{}",
        subbands.collect::<String>()
    )
}

//! `ternlet fit`

use super::output::write_new;
use super::{Answer, Failure};
use crate::datapath::lifting::Scheme;
use crate::datapath::{Fit, IntType, Quantizer, Source, Tensor, fit};
use crate::design::TensorFiles;
use clap::Args;
use serde_json::json;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Choose the bits and steps of a wavelet quantizer for a bit budget, from a tensor or picture, and write the design file.
///
/// Each subband gets the bits that lower the mean squared error most. What the same bits do without a transform, and with equal
/// bits for every subband, is told beside it.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  ternlet fit examples/data/camera.png --bits 2 --levels 1\n  \
                    ternlet fit weights.safetensors:layer1.weight --bits 3 --scheme jpeg2000_5_3 -o weights.toml\n  \
                    ternlet fit examples/data/camera.png --bits 2 -o -          prints the design file")]
pub struct Arguments {
    /// A .safetensors, .npy or .png file of 1 to 3 axes.
    #[arg(value_name = "FILE[:TENSOR]")]
    input: String,
    /// Bits a value on average, at most.
    #[arg(long)]
    bits: f64,
    /// A built-in scheme of `ternlet new lifting`.
    #[arg(long, default_value = "haar")]
    scheme: String,
    #[arg(long, default_value_t = 1)]
    levels: u32,
    /// The innermost axes that make a frame, 1 to 3; those before them count frames [default: all].
    #[arg(long)]
    axes: Option<usize>,
    /// The design file, which must not be there yet; `-` prints it [default: none is written].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> Result<Answer, Failure> {
    let Arguments { input, bits, scheme: name, levels, axes, output } = arguments;
    let bad = |why: String| Failure::BadInput(why);
    let scheme = Scheme::named(&name).ok_or_else(|| {
        let names = Scheme::names().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
        bad(format!("--scheme {name}: there is no such scheme; there are {names}"))
    })?;
    let whole = Path::new(&input).is_file();
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
    let fitted = fit(&scheme, &shape, &values, levels, bits, (sample.lo(), sample.hi()));
    let named = seen_from(output.as_deref(), Path::new(file));
    let design = design_file(&fitted, &named, tensor, &name, levels, sample, &shape);
    let Fit { bits, error, uniform_error, equal_error, bands } = &fitted;
    let listed: Vec<String> = bands.iter().map(|(name, one)| format!("{name} {}", one.bits)).collect();
    let mut text = format!(
        "{input}: {name}, {levels} levels, {bits:.3} bits a value\n  mean squared error {error:.3}; quantized without a transform \
         {uniform_error:.3}, with equal bits for every subband {equal_error:.3}\n  bits: {}",
        listed.join(", ")
    );
    let bits_of: serde_json::Map<_, _> =
        bands.iter().map(|(name, one)| (name.clone(), one.bits.into())).collect();
    let json = json!({
        "input": input, "scheme": name, "levels": levels, "bits": bits, "mean_squared_error": error,
        "uniform_mean_squared_error": uniform_error, "equal_bits_mean_squared_error": equal_error,
        "subband_bits": bits_of, "design": design,
    });
    match output.as_deref() {
        None => {}
        Some(path) if path == Path::new("-") => text = design.trim_end().into(),
        Some(path) => {
            write_new(path, &design)?;
            let shown = path.display();
            write!(text, "\n{shown} is written; run\n  ternlet simulate {shown}")
                .expect("writing into memory");
        }
    }
    Ok(Answer::new(&json, text))
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

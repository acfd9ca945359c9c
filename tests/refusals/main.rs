//! What a person may give that is none of what is asked for: it is read where that is exact, else refused as bad input, at once, with a
//! help that works when it is followed.

mod campaign;
#[path = "../support/draw.rs"]
mod draw;
mod fit;
mod labels;
mod many;
mod messages;
mod names;
mod patches;
mod sizes;
mod tensors;
mod widths;

use safetensors::tensor::{Dtype, TensorView};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Seconds and bytes of memory that any input may take.
const MOST_SECONDS: u64 = 10;
const MOST_BYTES: u64 = 1 << 30;

/// What a run of the command line has shown.
pub struct Ran {
    pub status: Option<i32>,
    /// What it printed, then what it said.
    pub said: String,
    pub elapsed: Duration,
}

/// Runs the command line in `folder`, without more memory and time than any input may take.
pub fn ternlet(folder: &Path, arguments: &[&str]) -> Ran {
    // Room for the program itself, which maps more than it touches.
    limited(folder, arguments, MOST_BYTES + (256 << 20), MOST_SECONDS)
}

/// As [`ternlet`], with so many bytes of address space and seconds.
pub fn limited(folder: &Path, arguments: &[&str], bytes: u64, seconds: u64) -> Ran {
    let script = format!("ulimit -v {}; exec timeout {seconds} \"$0\" \"$@\"", bytes / 1024);
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_ternlet")]).args(arguments).current_dir(folder);
    let start = Instant::now();
    let output = command.env("RUST_BACKTRACE", "0").output().expect("a shell");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    Ran { status: output.status.code(), said, elapsed: start.elapsed() }
}

/// A folder with this design as `design.toml`.
pub fn folder(design: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("design.toml"), design).unwrap();
    folder
}

/// A design of `kind` with these keys.
pub fn design(kind: &str, keys: &str) -> String {
    format!("name = \"tested\"\n[datapath]\nkind = \"{kind}\"\n{keys}\n")
}

/// Writes a safetensors file of these tensors: name, type, shape, bytes.
pub fn save(path: &Path, tensors: &[(&str, Dtype, &[usize], Vec<u8>)]) {
    let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
        (*name, TensorView::new(*dtype, shape.to_vec(), bytes).expect("as many as its shape says"))
    });
    fs::write(path, safetensors::serialize(views, None).unwrap()).unwrap();
}

/// The bytes of 64-bit integers.
pub fn i64s(values: &[i64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A .npy file with a header of this type, order and shape.
pub fn npy(descr: &str, fortran: bool, shape: &str, bytes: &[u8]) -> Vec<u8> {
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}}}\n");
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), bytes].concat()
}

/// The integers of the first tensor of a .npy file of int64, as `golden` writes it.
pub fn results(path: &Path) -> Vec<i64> {
    let bytes = fs::read(path).unwrap();
    let start = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    bytes[start..].as_chunks::<8>().0.iter().map(|word| i64::from_le_bytes(*word)).collect()
}

/// Asserts that it is bad input, said at once with all of `words`, and no panic.
#[track_caller]
pub fn refused(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.status, Some(2), "{}", ran.said);
    for word in words {
        assert!(ran.said.contains(word), "no {word:?} in: {}", ran.said);
    }
    assert!(ran.elapsed < Duration::from_secs(MOST_SECONDS), "{:?}: {}", ran.elapsed, ran.said);
}

#[track_caller]
pub fn accepted(ran: &Ran) {
    assert_eq!(ran.status, Some(0), "{}", ran.said);
}

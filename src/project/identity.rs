//! What a board says that it holds.

use super::generate::Project;
use super::json::json;
use super::manifest::Manifest;
use crate::link::IDENTITY;
use crate::tools::key;

/// Groups of the version, and of the hash of the Verilog; the rest are of the hash of the manifest.
const VERSION: usize = 2;
const VERILOG: usize = 6;

/// The identity of `project`, in groups of 7 bits: the version of ternlet, its Verilog, and its manifest without what was measured
/// and what is told to a person, of which weights that are loaded are no part.
pub fn identity(project: &Project) -> [u8; IDENTITY] {
    let version = env!("CARGO_PKG_VERSION").split('.').map(|number| number.parse().unwrap_or(0));
    let manifest = key([json(&Manifest::of(project, None).for_host())]);
    let mut groups = [0; IDENTITY];
    groups.iter_mut().zip(version.take(VERSION)).for_each(|(group, number)| *group = number);
    groups[VERSION..].iter_mut().zip(bits_of(&project.hash, VERILOG)).for_each(|(group, bits)| *group = bits);
    let rest = &mut groups[VERSION + VERILOG..];
    let count = rest.len();
    rest.iter_mut().zip(bits_of(&manifest, count)).for_each(|(group, bits)| *group = bits);
    groups
}

/// The first groups of a hash: each of the lower 7 bits of two of its hexadecimal digits.
fn bits_of(hash: &str, groups: usize) -> impl Iterator<Item = u8> {
    let digits = hash.as_bytes().chunks_exact(2).take(groups);
    digits.map(|pair| {
        let digit = |place: usize| char::from(pair[place]).to_digit(16).unwrap_or(0) as u8;
        (digit(0) << 4 | digit(1)) & 0x7f
    })
}

/// An identity as a person reads it: version, Verilog and manifest.
pub fn shown(groups: &[u8; IDENTITY]) -> String {
    let digits = |groups: &[u8]| groups.iter().map(|group| format!("{group:02x}")).collect::<String>();
    let (version, rest) = groups.split_at(VERSION);
    let (verilog, manifest) = rest.split_at(VERILOG);
    format!(
        "ternlet {}.{}, Verilog {}, manifest {}",
        version[0],
        version[1],
        digits(verilog),
        digits(manifest)
    )
}

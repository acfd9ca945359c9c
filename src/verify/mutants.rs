//! Mutants: copies of a design, each with one small fault, all in one module. They test the tests: a check that lets a mutant
//! pass would let pass such a mistake.

use super::SimulationError;
use crate::tools::{ToolError, Toolchain, key};
use crate::verilog::SourceFile;
use serde::Serialize;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The input that says which mutant the module is; 0 for none, the design itself.
pub const SELECT: &str = "ternlet_mutant";

/// A design with many faults, of which its input [`SELECT`] wakes one.
#[derive(Clone, Debug)]
pub struct Mutants {
    /// The module is called as the design's.
    pub source: SourceFile,
    pub list: Vec<Mutant>,
    /// Holds the design without faults, for Yosys.
    pub(super) folder: PathBuf,
    pub(super) top: String,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mutant {
    /// What the input holds that wakes it.
    pub number: u32,
    /// What becomes of the bit: `inv`, `const0`, `const1`, or its exclusive or with another bit (or that bit's
    /// complement) of the same port: `cnot0`, `cnot1`.
    pub mode: String,
    /// The wire, where it has a name, else the cell and its port.
    pub what: String,
    pub bit: u32,
    /// File and line of the Verilog, if they are known.
    pub place: Option<String>,
    /// As Yosys applies it.
    #[serde(skip)]
    pub(super) command: String,
}

/// Yosys before it chooses mutants: one flat module, whose memories keep their contents as a whole.
fn preparation(sources: &[SourceFile], top: &str) -> String {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    format!(
        "read_verilog {}; hierarchy -check -top {top}; setattr -mod -unset keep_hierarchy *; proc; flatten; opt_clean; \
         memory_collect; opt_clean",
        names.join(" ")
    )
}

/// Module `top` of `sources` with `count` faults that are drawn by `seed`, fewer if there are not so many; cached by content.
///
/// # Errors
/// If Yosys fails.
pub fn mutants(
    toolchain: &Toolchain,
    sources: &[SourceFile],
    top: &str,
    count: u32,
    seed: u64,
) -> Result<Mutants, SimulationError> {
    let yosys = toolchain.yosys()?;
    let bits = u32::BITS - count.leading_zeros();
    // Not in a memory's own ports: those that it does not use must stay constant, the others are driven by other cells.
    let places = format!("{top}/t:* {top}/t:$mem* %d");
    let list = format!("mutate -list {count} -seed {seed} -ctrl {SELECT} {bits} 1 -o list.txt {places}");
    let script = format!("{}; write_rtlil design.il; {list}", preparation(sources, top));
    let mut parts = vec![yosys.version.as_str(), &script];
    parts.extend(sources.iter().flat_map(|source| [source.name.as_str(), source.text.as_str()]));
    let entry = toolchain.cache().entry("mutants", &key(parts), |folder| -> Result<(), ToolError> {
        for source in sources {
            write(folder, &source.name, &source.text)?;
        }
        yosys.run(folder, &["-q", "-p", &script])?;
        let list = read(folder, "list.txt")?;
        let apply = format!("read_rtlil design.il\n{list}\nwrite_verilog -noattr mutants.v\n");
        write(folder, "apply.ys", &apply)?;
        yosys.run(folder, &["-q", "-s", "apply.ys"])?;
        Ok(())
    })?;
    let text = read(&entry.path, "mutants.v")?;
    let list = read(&entry.path, "list.txt")?.lines().filter_map(Mutant::parse).collect();
    let source = SourceFile { name: "mutants.v".into(), text };
    Ok(Mutants { source, list, folder: entry.path, top: top.into() })
}

pub(super) fn write(folder: &Path, name: &str, text: &str) -> Result<(), ToolError> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(ToolError::at(&path))
}

pub(super) fn read(folder: &Path, name: &str) -> Result<String, ToolError> {
    let path = folder.join(name);
    fs::read_to_string(&path).map_err(ToolError::at(&path))
}

impl Mutant {
    /// The mutant of a line that `mutate -list` writes.
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        if words.next()? != "mutate" || words.next()? != "-ctrl" {
            return None;
        }
        let (_, _, number) = (words.next()?, words.next()?, words.next()?);
        let rest: Vec<&str> = words.collect();
        let options: Vec<(&str, &str)> =
            rest.chunks(2).filter_map(|pair| Some((*pair.first()?, *pair.get(1)?))).collect();
        let option = |name: &str| options.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let cell = || {
            let cell = option("-cell")?.trim_start_matches('\\');
            Some(format!("port {} of {cell}", option("-port")?.trim_start_matches('\\')))
        };
        let (what, bit) = match (option("-wire"), option("-wirebit")) {
            (Some(wire), Some(bit)) => (wire.trim_start_matches('\\').to_owned(), bit),
            _ => (cell()?, option("-portbit")?),
        };
        let place = option("-src").map(|src| src.split('.').take(2).collect::<Vec<_>>().join("."));
        Some(Self {
            number: number.parse().ok()?,
            mode: option("-mode")?.into(),
            what,
            bit: bit.parse().ok()?,
            place,
            command: format!("mutate {}", rest.join(" ")),
        })
    }
}

impl fmt::Display for Mutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, mode, what, bit, place, .. } = self;
        write!(f, "mutant {number}: {mode} of bit {bit} of {what}")?;
        match place {
            Some(place) => write!(f, " ({place})"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_yosys_is_a_mutant() {
        let line = "mutate -ctrl ternlet_mutant 8 17 -mode cnot1 -module mac -cell $add$mac.v:9$3 -port Y -portbit 1 \
                    -ctrlbit 3 -wire sum -wirebit 2 -src mac.v:7.28-7.31 -src mac.v:9.16-9.58";
        let mutant = Mutant::parse(line).unwrap();
        assert_eq!(mutant.to_string(), "mutant 17: cnot1 of bit 2 of sum (mac.v:7)");
        assert!(mutant.command.starts_with("mutate -mode cnot1 -module mac"));
        let line =
            "mutate -ctrl ternlet_mutant 8 3 -mode const1 -module mac -cell n288_adder -port b -portbit 9";
        assert_eq!(
            Mutant::parse(line).unwrap().to_string(),
            "mutant 3: const1 of bit 9 of port b of n288_adder"
        );
        assert_eq!(Mutant::parse(""), None);
    }
}

//! Simulation models of a family's cells: Yosys's own, and ours where it has only the ports of a cell.

use super::yosys::Netlist;
use super::{FlowError, read};
use crate::device::Family;
use crate::tools::Toolchain;
use crate::verilog::SourceFile;
use std::path::Path;

/// Verilog that simulates as the device works: a netlist or an unpacked bitstream, with models of all its cells.
#[derive(Clone, Debug)]
pub struct Gates {
    /// The gates first, then the models.
    pub sources: Vec<SourceFile>,
    /// Macros that the models need.
    pub defines: Vec<String>,
}

impl Netlist {
    /// This netlist, ready to be simulated.
    ///
    /// # Errors
    /// If a cell in it has no model.
    pub fn gates(&self, toolchain: &Toolchain) -> Result<Gates, FlowError> {
        let netlist = SourceFile { name: "netlist.v".into(), text: read(&self.verilog)? };
        gates(toolchain, self.family, netlist, self.cells()?.keys().map(String::as_str))
    }
}

/// `text`, which instantiates `cells`, next to the models of its family.
pub fn gates<'c>(
    toolchain: &Toolchain,
    family: Family,
    text: SourceFile,
    cells: impl Iterator<Item = &'c str>,
) -> Result<Gates, FlowError> {
    let Gates { sources, defines } = gates_with(toolchain, family, text, family.models.ours)?;
    // Names that start with a dollar are Yosys's own: what it writes as expressions, notes on the hierarchy, and modules of
    // the text itself.
    for cell in cells.filter(|cell| !cell.starts_with('$')) {
        if !sources.iter().any(|source| defines_module(&source.text, cell)) {
            return Err(FlowError::NoModel { cell: cell.into(), family: family.name });
        }
    }
    Ok(Gates { sources, defines })
}

/// `text` next to Yosys's models of the cells of `family` and `ours`, names and texts, which take the place of Yosys's where both
/// have one.
pub fn gates_with(
    toolchain: &Toolchain,
    family: Family,
    text: SourceFile,
    ours: &[(&str, &str)],
) -> Result<Gates, FlowError> {
    let models = &family.models;
    let theirs = with_includes(&toolchain.cell_models()?.join(models.yosys))?;
    let theirs = without(&theirs, |cell| ours.iter().any(|(_, text)| defines_module(text, cell)));
    let model = |name: &str, text: &str| SourceFile { name: name.into(), text: text.into() };
    let mut sources = vec![text, model("cells_sim.v", &theirs)];
    sources.extend(ours.iter().map(|(name, text)| model(name, text)));
    let defines = models.defines.iter().map(|define| (*define).into()).collect();
    Ok(Gates { sources, defines })
}

/// The names of the modules that a Verilog text defines.
fn modules(text: &str) -> impl Iterator<Item = &str> {
    text.split("module ").skip(1).map(|rest| {
        let name = rest.trim_start_matches('\\');
        name.split([' ', '(', '\n', ';']).next().unwrap_or_default()
    })
}

fn defines_module(text: &str, name: &str) -> bool {
    modules(text).any(|module| module == name)
}

/// The text of a file of Yosys, with the files that it includes.
fn with_includes(path: &Path) -> Result<String, FlowError> {
    let mut text = String::new();
    for line in read(path)?.lines() {
        match line.strip_prefix("`include \"").and_then(|rest| rest.strip_suffix('"')) {
            Some(name) => text += &with_includes(&path.with_file_name(name))?,
            None => {
                text += line;
                text.push('\n');
            }
        }
    }
    Ok(text)
}

/// `text` without the modules that are marked as black boxes, which have ports but do nothing, and those of these names.
fn without(text: &str, is_left_out: impl Fn(&str) -> bool) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in text.lines() {
        let names = |line: &str| line.starts_with("module ") && modules(line).any(&is_left_out);
        inside |= line.trim_start().starts_with("(* blackbox") || names(line);
        if !inside {
            kept += line;
            kept.push('\n');
        }
        inside &= line.trim() != "endmodule";
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_boxes_are_left_out() {
        let text = "module a ();\nendmodule\n(* blackbox, keep *)\nmodule b (x);\ninput x;\nendmodule\nmodule c ();\nendmodule\n";
        assert_eq!(without(text, |_| false), "module a ();\nendmodule\nmodule c ();\nendmodule\n");
        assert_eq!(without(text, |name| name == "a"), "module c ();\nendmodule\n");
    }
}

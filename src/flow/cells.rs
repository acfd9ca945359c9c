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

/// `text`, which instantiates `cells`, beside the models of its family.
pub fn gates<'c>(
    toolchain: &Toolchain,
    family: Family,
    text: SourceFile,
    cells: impl Iterator<Item = &'c str>,
) -> Result<Gates, FlowError> {
    let models = &family.models;
    let theirs = without_black_boxes(&with_includes(&toolchain.cell_models()?.join(models.yosys))?);
    let model = |name: &str, text: &str| SourceFile { name: name.into(), text: text.into() };
    let mut sources = vec![text, model("cells_sim.v", &theirs)];
    sources.extend(models.ours.iter().map(|(name, text)| model(name, text)));
    // Names that start with a dollar are Yosys's own: what it writes as expressions, notes on the hierarchy, and modules of
    // the text itself.
    for cell in cells.filter(|cell| !cell.starts_with('$')) {
        let defined = |text: &str| {
            text.split("module ").skip(1).any(|rest| {
                let name = rest.trim_start_matches('\\');
                name.strip_prefix(cell).is_some_and(|rest| rest.starts_with([' ', '(', '\n', ';']))
            })
        };
        if !sources.iter().any(|source| defined(&source.text)) {
            return Err(FlowError::NoModel { cell: cell.into(), family: family.name });
        }
    }
    let defines = models.defines.iter().map(|define| (*define).into()).collect();
    Ok(Gates { sources, defines })
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

/// `text` without the modules that are marked as black boxes: they have ports, but do nothing.
fn without_black_boxes(text: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in text.lines() {
        inside |= line.trim_start().starts_with("(* blackbox");
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
        assert_eq!(without_black_boxes(text), "module a ();\nendmodule\nmodule c ();\nendmodule\n");
    }
}

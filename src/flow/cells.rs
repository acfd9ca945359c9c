//! Simulation models of a family's cells: Yosys's own, and ours where it has only the ports of a cell.

use super::yosys::Netlist;
use super::{FlowError, read};
use crate::device::Family;
use crate::tools::Toolchain;
use crate::verilog::SourceFile;
use std::collections::{HashMap, HashSet};
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

impl Gates {
    /// The same without the models of cells that no gate is made of: a family has hundreds.
    pub fn in_use(self) -> Self {
        let Some((gates, models)) = self.sources.split_first() else { return self };
        let known: HashMap<&str, &str> = models.iter().flat_map(|model| bodies(&model.text)).collect();
        let mut used = HashSet::new();
        let mut texts = vec![gates.text.as_str()];
        while let Some(text) = texts.pop() {
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            let cells = words.filter_map(|word| known.get_key_value(word));
            texts.extend(cells.filter(|(cell, _)| used.insert(**cell)).map(|(_, body)| body));
        }
        let needed = |model: &SourceFile| SourceFile {
            name: model.name.clone(),
            text: without(&model.text, |cell| !used.contains(cell)),
        };
        let models = models.iter().map(needed).filter(|model| bodies(&model.text).next().is_some());
        let sources = std::iter::once(gates.clone()).chain(models).collect();
        Self { sources, defines: self.defines }
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

/// Each module that a Verilog text defines, and what it says.
fn bodies(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let starts = text.match_indices("module ").filter(|(at, _)| *at == 0 || text[..*at].ends_with('\n'));
    starts.filter_map(|(at, _)| {
        let rest = &text[at..];
        let body = &rest[..rest.find("endmodule")?];
        Some((modules(body).next()?, body))
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
    let mut attributes = String::new(); // of the module that comes
    for line in text.lines() {
        let names = |line: &str| line.starts_with("module ") && modules(line).any(&is_left_out);
        inside |= line.trim_start().starts_with("(* blackbox") || names(line);
        if inside {
            attributes.clear();
        } else if line.starts_with("(*") && line.ends_with("*)") {
            attributes += line;
            attributes.push('\n');
        } else {
            kept += &std::mem::take(&mut attributes);
            kept += line;
            kept.push('\n');
        }
        inside &= !line.split_whitespace().any(|word| word == "endmodule");
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
        let text = "(* box *)\nmodule a ();\nendmodule\n(* box *)\nmodule c ();\nendmodule\n";
        assert_eq!(without(text, |name| name == "a"), "(* box *)\nmodule c ();\nendmodule\n");
    }

    #[test]
    fn models_stay_that_gates_or_other_models_are_made_of() {
        let file = |name: &str, text: &str| SourceFile { name: name.into(), text: text.into() };
        let models = "`define ONE 1\nmodule IO (); endmodule\nmodule FF ();\nendmodule // FF\nmodule LUT ();\n  MUX m ();\nendmodule\nmodule MUX ();\nendmodule\n";
        let unused = file("unused.v", "module DSP ();\nendmodule\n");
        let sources = vec![file("netlist.v", "LUT #(.INIT(1)) a ();"), file("cells.v", models), unused];
        let gates = Gates { sources, defines: Vec::new() }.in_use();
        assert_eq!(gates.sources.len(), 2, "a file without a model is left out");
        assert_eq!(
            gates.sources[1].text,
            models.replace("module IO (); endmodule\nmodule FF ();\nendmodule // FF\n", "")
        );
    }
}

//! From Verilog to a netlist of a family's cells, with Yosys.

use super::board::Family;
use super::board_top::stub;
use super::design::Design;
use super::{FlowError, write};
use crate::tools::{ToolError, Toolchain, key};
use crate::verilog::SourceFile;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A design in a family's cells: what is counted is what is simulated and what is placed.
#[derive(Clone, Debug)]
pub struct Netlist {
    pub family: Family,
    pub counts: Counts,
    /// The netlist as Verilog; a hierarchy below the design's own top module.
    pub verilog: PathBuf,
    /// Names the netlist by its content.
    pub hash: String,
    pub yosys_version: String,
    pub cached: bool,
    json: PathBuf,
    statistics: PathBuf,
}

impl Netlist {
    /// How many of each cell there are, through the whole hierarchy.
    pub fn cells(&self) -> Result<BTreeMap<String, u64>, FlowError> {
        cells(&self.statistics)
    }
}

/// How many of each kind of cell, through the whole hierarchy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Four-input look-up tables; where a carry cell takes the place of look-up tables (two of each CCU2C on ECP5,
    /// one of each ALU on Gowin) they are counted too.
    pub lut4: u64,
    pub ff: u64,
    /// Carry cells: SB_CARRY, CCU2C (two bits each), ALU.
    pub carry: u64,
    pub bram: u64,
    /// Multipliers of any size.
    pub dsp: u64,
    pub spram: u64,
}

impl Counts {
    /// Sums the cells of `family` by what they take of the device.
    pub fn of(family: Family, cells: &BTreeMap<String, u64>) -> Counts {
        let mut counts = Counts::default();
        for (cell, count) in cells {
            let one = match family {
                Family::Ice40Hx | Family::Ice40Up => ice40_cell(cell),
                Family::Ecp5 => ecp5_cell(cell),
                Family::Gowin => gowin_cell(cell),
            };
            counts.lut4 += one.lut4 * count;
            counts.ff += one.ff * count;
            counts.carry += one.carry * count;
            counts.bram += one.bram * count;
            counts.dsp += one.dsp * count;
            counts.spram += one.spram * count;
        }
        counts
    }
}

fn ice40_cell(cell: &str) -> Counts {
    match cell {
        "SB_LUT4" => Counts { lut4: 1, ..Counts::default() },
        "SB_CARRY" => Counts { carry: 1, ..Counts::default() },
        "SB_MAC16" => Counts { dsp: 1, ..Counts::default() },
        "SB_SPRAM256KA" => Counts { spram: 1, ..Counts::default() },
        _ if cell.starts_with("SB_DFF") => Counts { ff: 1, ..Counts::default() },
        _ if cell.starts_with("SB_RAM40_4K") => Counts { bram: 1, ..Counts::default() },
        _ => Counts::default(),
    }
}

fn ecp5_cell(cell: &str) -> Counts {
    match cell {
        "LUT4" => Counts { lut4: 1, ..Counts::default() },
        "CCU2C" => Counts { lut4: 2, carry: 1, ..Counts::default() },
        "TRELLIS_DPR16X4" => Counts { lut4: 4, ..Counts::default() },
        "TRELLIS_FF" => Counts { ff: 1, ..Counts::default() },
        "DP16KD" | "PDPW16KD" => Counts { bram: 1, ..Counts::default() },
        "MULT18X18D" => Counts { dsp: 1, ..Counts::default() },
        _ => Counts::default(),
    }
}

fn gowin_cell(cell: &str) -> Counts {
    match cell {
        "LUT1" | "LUT2" | "LUT3" | "LUT4" | "RAM16SDP1" => Counts { lut4: 1, ..Counts::default() },
        "RAM16SDP2" => Counts { lut4: 2, ..Counts::default() },
        "RAM16SDP4" => Counts { lut4: 4, ..Counts::default() },
        "ALU" => Counts { lut4: 1, carry: 1, ..Counts::default() },
        _ if cell.starts_with("DFF") => Counts { ff: 1, ..Counts::default() },
        _ if cell.starts_with("MULT") => Counts { dsp: 1, ..Counts::default() },
        _ if ["SP", "SDP", "DP", "pROM"].iter().any(|start| cell.starts_with(start)) => {
            Counts { bram: 1, ..Counts::default() }
        }
        _ => Counts::default(),
    }
}

/// The synthesis command of the family; `-nowidelut` because wide multiplexers cost a quarter more look-up tables.
fn command(family: Family, dsp: bool) -> &'static str {
    match (family, dsp) {
        (Family::Ice40Hx, _) => "synth_ice40 -device hx",
        (Family::Ice40Up, true) => "synth_ice40 -device u -dsp",
        (Family::Ice40Up, false) => "synth_ice40 -device u",
        (Family::Ecp5, true) => "synth_ecp5 -nowidelut",
        (Family::Ecp5, false) => "synth_ecp5 -nowidelut -nodsp",
        (Family::Gowin, true) => "synth_gowin -nowidelut",
        (Family::Gowin, false) => "synth_gowin -nowidelut -nodsp",
    }
}

/// The Yosys commands that make cells of the design `top`.
///
/// Where Yosys 0.70's `ice40_dsp` takes a register into a DSP block, bits that the register holds twice lose their driver, such
/// as the copies of its sign where it is wider than the product (`sigO.replace` in `ice40_dsp.pmg` maps each bit of D to one of
/// Q). So such copies go before it runs, and the synthesis ends where a bit has no driver behind it, while that can be seen.
fn synthesis(family: Family, dsp: bool, top: &str) -> String {
    let synthesize = format!("{} -top {top}", command(family, dsp));
    match (family, dsp) {
        (Family::Ice40Up, true) => format!(
            "hierarchy -top {top}; proc; flatten; wreduce; {synthesize} -run begin:map_ram; check -assert; \
             {synthesize} -run map_ram:"
        ),
        // Only the board top has pads; elsewhere synth_gowin would put them around the design.
        (Family::Gowin, _) => format!("{synthesize} -noiopads"),
        _ => synthesize,
    }
}

/// Synthesizes `design` alone for `family`; cached by the sources, the command and Yosys's version.
pub fn netlist(toolchain: &Toolchain, design: &Design, family: Family) -> Result<Netlist, FlowError> {
    netlist_of(toolchain, design, family, true)
}

/// As [`netlist`], without DSP blocks unless `dsp`: then products are made of look-up tables.
pub fn netlist_of(
    toolchain: &Toolchain,
    design: &Design,
    family: Family,
    dsp: bool,
) -> Result<Netlist, FlowError> {
    let yosys = toolchain.yosys()?;
    let top = design.name;
    let synthesis = synthesis(family, dsp, top);
    let results = "tee -q -o cells.json stat -json; write_json netlist.json; write_verilog -noattr netlist.v";
    let script = format!("{}; {synthesis}; {results}", read_verilog(design.sources));
    let mut parts = vec![yosys.version.as_str(), &script];
    parts.extend(design.sources.iter().flat_map(|source| [source.name.as_str(), source.text.as_str()]));
    let entry = toolchain.cache().entry("netlist", &key(parts), |folder| -> Result<(), FlowError> {
        let _step = toolchain.progress().step(&format!("synthesizing {top} for {}", family.name()));
        write_sources(folder, design.sources)?;
        match yosys.run(folder, &["-p", &script]) {
            Err(ToolError::Failed { tail, .. }) if tail.contains("'check -assert'") => {
                Err(FlowError::ProductLost { design: top.into() })
            }
            other => Ok(other.map(|_| ())?),
        }
    })?;
    let path = |name: &str| entry.path.join(name);
    let verilog = fs::read(path("netlist.v")).map_err(ToolError::at(&path("netlist.v")))?;
    Ok(Netlist {
        family,
        counts: Counts::of(family, &cells(&path("cells.json"))?),
        hash: key([verilog]),
        verilog: path("netlist.v"),
        yosys_version: yosys.version,
        cached: entry.cached,
        json: path("netlist.json"),
        statistics: path("cells.json"),
    })
}

/// Puts the netlist, as it is, into the synthesized board top: `board.json` in `folder`, for nextpnr.
pub fn join(
    toolchain: &Toolchain,
    folder: &Path,
    design: &Design,
    netlist: &Netlist,
    board_top: &SourceFile,
) -> Result<(), FlowError> {
    fs::copy(&netlist.json, folder.join("netlist.json")).map_err(ToolError::at(&netlist.json))?;
    write(folder, &board_top.name, &board_top.text)?;
    write(folder, "stub.v", &stub(design))?;
    let (name, file) = (design.name, &board_top.name);
    let script = format!(
        "read_json netlist.json; setattr -mod -unset top {name}; design -stash mapped; \
         read_verilog {file} stub.v; {} -top {name}_board; \
         delete ={name}; design -copy-from mapped =*; write_json board.json",
        command(netlist.family, true)
    );
    toolchain.yosys()?.run(folder, &["-p", &script])?;
    Ok(())
}

/// The Yosys command that reads the sources.
fn read_verilog(sources: &[SourceFile]) -> String {
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    format!("read_verilog {}", names.join(" "))
}

fn write_sources(folder: &Path, sources: &[SourceFile]) -> Result<(), FlowError> {
    sources.iter().try_for_each(|source| write(folder, &source.name, &source.text))
}

/// The cells of `stat -json`, through the hierarchy.
pub fn cells(path: &Path) -> Result<BTreeMap<String, u64>, FlowError> {
    #[derive(Deserialize)]
    struct Statistics {
        design: Total,
    }
    #[derive(Deserialize)]
    struct Total {
        num_cells_by_type: BTreeMap<String, u64>,
    }
    let statistics: Statistics = super::read_json(path)?;
    Ok(statistics.design.num_cells_by_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(family: Family, cells: &[(&str, u64)]) -> Counts {
        Counts::of(family, &cells.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect())
    }

    #[test]
    fn cells_of_ice40_are_counted() {
        let cells = [("SB_CARRY", 14), ("SB_DFF", 26), ("SB_DFFESR", 10), ("SB_LUT4", 35), ("SB_MAC16", 1)];
        let counts = Counts { lut4: 35, ff: 36, carry: 14, bram: 2, dsp: 1, spram: 1 };
        let memories = [("SB_RAM40_4K", 1), ("SB_RAM40_4KNR", 1), ("SB_SPRAM256KA", 1), ("adder9", 1)];
        assert_eq!(count(Family::Ice40Up, &[&cells[..], &memories].concat()), counts);
    }

    #[test]
    fn a_carry_cell_takes_the_look_up_tables_under_it() {
        let ecp5 = count(Family::Ecp5, &[("CCU2C", 9), ("LUT4", 22), ("TRELLIS_FF", 63), ("DP16KD", 1)]);
        assert_eq!(ecp5, Counts { lut4: 40, ff: 63, carry: 9, bram: 1, dsp: 0, spram: 0 });
        let gowin = count(
            Family::Gowin,
            &[("ALU", 17), ("LUT1", 1), ("LUT3", 8), ("DFFRE", 10), ("DPX9B", 1), ("SDPB", 1), ("VCC", 2)],
        );
        assert_eq!(gowin, Counts { lut4: 26, ff: 10, carry: 17, bram: 2, dsp: 0, spram: 0 });
    }
}

//! From Verilog to a netlist of a family's cells, with Yosys.

use super::board_top::stub;
use super::design::Design;
use super::nextpnr::NETLIST;
use super::{FlowError, write};
use crate::device::{Counts, Family};
use crate::tools::{ToolError, Toolchain, key};
use crate::verilog::SourceFile;
use serde::Deserialize;
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
    if !family.has_cells() {
        return Err(FlowError::NoCells);
    }
    let yosys = toolchain.yosys()?;
    let top = design.name;
    let synthesis = family.synthesis_alone(dsp, top);
    let results = "tee -q -o cells.json stat -json; write_json netlist.json; write_verilog -noattr netlist.v";
    let script = format!("{}; {synthesis}; {results}", read_verilog(design.sources));
    let mut parts = vec![yosys.version.as_str(), &script];
    parts.extend(design.sources.iter().flat_map(|source| [source.name.as_str(), source.text.as_str()]));
    let entry = toolchain.cache().entry("netlist", &key(parts), |folder| -> Result<(), FlowError> {
        let _step = toolchain.progress().task(&format!("synthesizing {top} for {}", family.name));
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
        counts: counts(family, &cells(&path("cells.json"))?),
        hash: key([verilog]),
        verilog: path("netlist.v"),
        yosys_version: yosys.version,
        cached: entry.cached,
        json: path("netlist.json"),
        statistics: path("cells.json"),
    })
}

/// Puts the netlist, as it is, into the synthesized board top: [`NETLIST`] in `folder`, for place and route.
pub fn join(
    toolchain: &Toolchain,
    folder: &Path,
    design: &Design,
    netlist: &Netlist,
    board_top: &[SourceFile],
) -> Result<(), FlowError> {
    fs::copy(&netlist.json, folder.join("netlist.json")).map_err(ToolError::at(&netlist.json))?;
    write_sources(folder, board_top)?;
    write(folder, "stub.v", &stub(design))?;
    let name = design.name;
    let script = format!(
        "read_json netlist.json; setattr -mod -unset top {name}; design -stash mapped; \
         {} stub.v; {} -top {name}_board; \
         delete ={name}; design -copy-from mapped =*; write_json {NETLIST}",
        read_verilog(board_top),
        netlist.family.synthesis_command(true)
    );
    toolchain.yosys()?.run(folder, &["-p", &script])?;
    Ok(())
}

fn counts(family: Family, cells: &BTreeMap<String, u64>) -> Counts {
    family.count(cells.iter().map(|(cell, number)| (cell.as_str(), *number)))
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

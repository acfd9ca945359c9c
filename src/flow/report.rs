//! Reads what nextpnr reports: use of the device, clock frequency, critical path.

use crate::device::Family;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much of one kind of resource of the device is used, board top included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// `lut4`, `ff`, `block_ram`, `dsp` or `spram`; `logic_cell`, a look-up table with its flip-flop and carry, where these are
    /// placed as one; else nextpnr's own word.
    pub resource: String,
    pub used: u64,
    pub there_is: u64,
}

impl Usage {
    /// The resource in a person's words.
    pub fn noun(&self) -> &str {
        match self.resource.as_str() {
            "logic_cell" => "logic cells",
            "lut4" => "LUT4",
            "ff" => "flip-flops",
            "block_ram" => "block RAM",
            "dsp" => "DSP",
            "spram" => "SPRAM",
            other => other,
        }
    }
}

/// The slowest path from register to register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CriticalPath {
    pub delay_ns: f64,
    pub routing_ns: f64,
    pub steps: Vec<PathStep>,
}

/// A signal on the path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathStep {
    /// In the designer's words, as far as synthesis kept them.
    pub name: String,
    /// When the signal has arrived where it is used next, from the clock edge.
    pub at_ns: f64,
    /// Lines of Verilog that it comes from, such as `sums.v:2.36-2.43`.
    pub sources: Vec<String>,
}

/// The part of nextpnr's `--report` that we use.
#[derive(Debug, Deserialize)]
pub struct Report {
    fmax: BTreeMap<String, Fmax>,
    critical_paths: Vec<Path>,
}

#[derive(Debug, Deserialize)]
struct Fmax {
    achieved: f64,
}

#[derive(Debug, Deserialize)]
struct Path {
    from: String,
    to: String,
    path: Vec<Segment>,
}

#[derive(Debug, Deserialize)]
struct Segment {
    delay: f64,
    #[serde(rename = "type")]
    kind: String,
    net: Option<String>,
    #[serde(default)]
    sources: Vec<String>,
}

impl Report {
    /// The frequency of the slowest clock, to 0.01 MHz; `None` if the design has no clock.
    pub fn fmax_mhz(&self) -> Option<f64> {
        self.fmax.values().map(|clock| (clock.achieved * 100.0).round() / 100.0).min_by(f64::total_cmp)
    }

    /// The longest path between registers of one clock, its nets called as `rename` says.
    pub fn critical_path(&self, family: Family, rename: impl Fn(&str) -> String) -> Option<CriticalPath> {
        let delay = |path: &Path| path.path.iter().map(|segment| segment.delay).sum::<f64>();
        let inner = self.critical_paths.iter().filter(|path| path.from == path.to);
        let longest = inner.max_by(|a, b| delay(a).total_cmp(&delay(b)))?;
        let (mut at_ns, mut routing_ns, mut steps) = (0.0, 0.0, Vec::<PathStep>::new());
        for segment in &longest.path {
            at_ns += segment.delay;
            if segment.kind == "routing" {
                routing_ns += segment.delay;
            }
            let Some(name) = segment.net.as_deref().and_then(|net| designers_name(family, net)) else {
                continue;
            };
            let name = rename(&name);
            match steps.last_mut() {
                Some(last) if last.name == name => last.at_ns = at_ns,
                _ => steps.push(PathStep { name, at_ns, sources: designers_lines(&segment.sources) }),
            }
        }
        Some(CriticalPath { delay_ns: delay(longest), routing_ns, steps })
    }
}

/// Without the lines of Yosys's own cell libraries, which lie in an absolute path.
fn designers_lines(sources: &[String]) -> Vec<String> {
    sources.iter().filter(|source| !source.starts_with('/')).cloned().collect()
}

/// The kinds in the table that nextpnr prints before it places, and whether they hold the design's contents: no pins, no clock networks, and
/// nothing unused that is rare. In its `--report` cells that take the places of others, such as a carry those of look-up tables, are missing.
fn table(family: Family, log: &str) -> impl Iterator<Item = (bool, Usage)> {
    log.lines().filter_map(move |line| {
        let (kind, figures) = line.strip_prefix("Info:")?.split_once(':')?;
        let (used, rest) = figures.split_once('/')?;
        let there_is: u64 = rest.split_whitespace().next()?.parse().ok()?;
        let used: u64 = used.trim().parse().ok()?;
        let known = family.resource(kind.trim());
        let usage = Usage { resource: known.unwrap_or(kind.trim()).to_owned(), used, there_is };
        Some((known.is_some(), usage))
    })
}

/// What is used of each kind that designs are made of.
pub fn usage(family: Family, log: &str) -> Vec<Usage> {
    table(family, log).filter(|(known, _)| *known).map(|(_, usage)| usage).collect()
}

/// The kinds of which more is used than there are; the fullest of those that designs are made of, where nextpnr found no place for all.
pub fn overfull(family: Family, log: &str) -> Vec<Usage> {
    let (over, room): (Vec<_>, Vec<_>) =
        table(family, log).partition(|(_, usage)| usage.used > usage.there_is);
    if over.is_empty() && log.contains("Unable to find legal placement") {
        let known = room.into_iter().filter(|(known, _)| *known).map(|(_, usage)| usage);
        return known.max_by_key(|usage| 1000 * usage.used / usage.there_is.max(1)).into_iter().collect();
    }
    over.into_iter().map(|(_, usage)| usage).collect()
}

/// The name of a net in the board top's instance `core`, without what Yosys and nextpnr put around it; `None` if nothing of the designer's is left.
fn designers_name(family: Family, net: &str) -> Option<String> {
    let net = net.strip_prefix("core.").or_else(|| net.strip_prefix("core_")).unwrap_or(net);
    let end = family.net_endings.iter().filter_map(|cell| net.find(cell)).min().unwrap_or(net.len());
    let name = net[..end].split('$').next().unwrap_or_default().trim_end_matches('.');
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cut from a report of nextpnr-ice40 0.11.1.
    const REPORT: &str = r#"{
      "critical_paths": [
        {"from": "posedge clk$SB_IO_IN_$glb_clk", "path": [
          {"delay": 1.39, "from": {"cell": "scan_SB_DFFE_Q_1_D_SB_LUT4_O_LC", "loc": [3, 3], "port": "O"},
           "to": {"cell": "scan_SB_DFFE_Q_1_D_SB_LUT4_O_LC", "loc": [3, 3], "port": "O"}, "type": "clk-to-q"},
          {"delay": 1.76, "net": "scan[18]", "sources": ["board.v:2.12-2.16", "/share/ice40/cells_map.v:6.21-6.22"], "type": "routing"},
          {"delay": 1.20, "type": "logic"},
          {"delay": 1.76, "net": "core.add.y_SB_LUT4_O_3_I3[1]", "sources": [], "type": "routing"},
          {"delay": 0.87, "type": "logic"},
          {"delay": 0.61, "net": "core.add.y", "sources": [], "type": "routing"},
          {"delay": 0.18, "net": "$nextpnr_ICESTORM_LC_0$O", "sources": [], "type": "routing"},
          {"delay": 0.40, "type": "setup"}], "to": "posedge clk$SB_IO_IN_$glb_clk"},
        {"from": "<async>", "path": [{"delay": 20.0, "net": "sck", "type": "routing"}], "to": "posedge clk$SB_IO_IN_$glb_clk"}],
      "fmax": {"clk$SB_IO_IN_$glb_clk": {"achieved": 78.63, "constraint": 24}}}"#;

    #[test]
    fn a_report_is_read() {
        let report: Report = serde_json::from_str(REPORT).unwrap();
        assert_eq!(report.fmax_mhz(), Some(78.63));
        let path = report.critical_path(Family::ICE40_UP, str::to_owned).unwrap();
        assert!((path.delay_ns - 8.17).abs() < 1e-9 && (path.routing_ns - 4.31).abs() < 1e-9, "{path:?}");
        let names: Vec<&str> = path.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["scan[18]", "add.y"], "paths from pins are not register to register");
        assert_eq!(path.steps[0].sources, ["board.v:2.12-2.16"]);
    }

    /// Of nextpnr-himbaechel-gowin 0.11.1, whose report knows 157 look-up tables of this design: not those of carries.
    #[test]
    fn what_is_used_is_read_from_the_log() {
        let log = "Info: Device utilisation:\n\
                   Info: \t                 VCC:       1/      1   100%\n\
                   Info: \t                 IOB:       4/    274     1%\n\
                   Info: \t                LUT4:     219/   8640     2%\n\
                   Info: \t               BSRAM:       2/     26     7%\n";
        let usage = |resource: &str, used, there_is| Usage { resource: resource.into(), used, there_is };
        assert_eq!(super::usage(Family::GOWIN, log), [usage("lut4", 219, 8640), usage("block_ram", 2, 26)]);
    }

    #[test]
    fn what_is_over_is_read_from_the_log() {
        let log = "Info: Device utilisation:\n\
                   Info: \t         ICESTORM_LC:    6012/   5280   113%\n\
                   Info: \t        ICESTORM_RAM:       1/     30     3%\n\
                   ERROR: Unable to place cell 'x', no BELs remaining to implement cell type 'ICESTORM_LC'\n";
        assert_eq!(
            overfull(Family::ICE40_UP, log),
            [Usage { resource: "logic_cell".into(), used: 6012, there_is: 5280 }]
        );
        let log = "Info: \t         ICESTORM_LC:    5190/   5280    98%\n\
                   Info: \t        ICESTORM_PLL:       1/      1   100%\n\
                   ERROR: Unable to find legal placement for all cells, design is probably at utilisation limit.\n";
        assert_eq!(
            overfull(Family::ICE40_UP, log),
            [Usage { resource: "logic_cell".into(), used: 5190, there_is: 5280 }]
        );
        assert_eq!(overfull(Family::ICE40_UP, &log[..log.find("ERROR").unwrap()]), [], "another error");
    }

    #[test]
    fn names_are_the_designers() {
        let name = |net| designers_name(Family::ICE40_UP, net);
        assert_eq!(name("core.hidden.adder_3.sum[4]").as_deref(), Some("hidden.adder_3.sum[4]"));
        assert_eq!(name("core_y_ready_SB_LUT4_O_LC").as_deref(), Some("y_ready"));
        assert_eq!(designers_name(Family::ECP5, "total_CCU2C_S0_7_COUT").as_deref(), Some("total"));
        assert_eq!(name("$auto$alumacc.cc:485"), None);
    }
}

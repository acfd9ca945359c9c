//! Netlists that may be counted: each has passed simulation with models of its cells. Shared by the benchmarks.

use ternlet::datapath::{Datapath, circuit};
use ternlet::device::Family;
use ternlet::flow::{self, Access, Design, Netlist};
use ternlet::hdl::Timing;
use ternlet::stream::Ports;
use ternlet::tools::Toolchain;
use ternlet::verify::{Case, Plan, VerilatorTools, simulate};
use ternlet::verilog::{SourceFile, emit};

/// A circuit to be counted, with what it must compute.
pub struct Candidate {
    /// Its top module.
    pub name: &'static str,
    pub sources: Vec<SourceFile>,
    pub ports: Ports,
    pub case: Case,
}

impl Candidate {
    /// A datapath, whose golden model says what becomes of the inputs of `case`.
    pub fn of(name: &'static str, datapath: &dyn Datapath, timing: Timing, case: Case) -> Self {
        Self { name, sources: emit(&circuit(datapath, name, timing)), ports: datapath.ports(), case }
    }

    pub fn design(&self) -> Design<'_> {
        Design {
            name: self.name,
            sources: &self.sources,
            ports: self.ports.clone(),
            clocked: true,
            access: Access::Scan,
        }
    }

    /// The netlist of the circuit alone, without a board around it.
    pub fn netlist(&self, toolchain: &Toolchain, family: Family) -> Netlist {
        let name = self.name;
        let netlist =
            flow::netlist(toolchain, &self.design(), family).unwrap_or_else(|error| panic!("{error}"));
        let gates = netlist.gates(toolchain).unwrap_or_else(|error| panic!("{error}"));
        let plan = Plan {
            sources: &gates.sources,
            top: name,
            ports: &self.ports,
            defines: gates.defines,
            cases: std::slice::from_ref(&self.case),
            seed: 1,
            waves: None,
            stall_limit: 10_000,
        };
        let tools = VerilatorTools::of(toolchain).expect("Verilator");
        let report = simulate(&tools, &plan).unwrap_or_else(|error| panic!("the netlist of {name}: {error}"));
        assert_eq!(report.mismatches, 0);
        netlist
    }
}

//! A design and its Verilog.

use super::budget::check_machine;
use super::error::Error;
use super::products::shared_out;
use crate::datapath::circuit;
use crate::design::Design;
use crate::hdl::{Circuit, Latency};
use crate::tools::key;
use crate::verilog::{Comments, SourceFile, cell_models, emit_with};

/// The circuit of `design`, which from then on says which of its products get DSP blocks, if any may.
///
/// # Errors
/// If it is many times larger than any board.
pub(super) fn circuit_of(design: &mut Design, dsp: bool) -> Result<Circuit, Error> {
    check_machine(design)?;
    let there = if dsp { design.board.resources.dsp } else { 0 };
    let make = |design: &Design| circuit(&*design.datapath, &design.name, design.timing());
    let mut circuit = make(design);
    design.products = shared_out(&circuit, design.board.family, there);
    if design.products.is_some() {
        circuit = make(design);
    }
    Ok(circuit)
}

/// A design, and its Verilog, pipelined for its clock on its board.
pub struct Project {
    pub design: Design,
    /// The top module first.
    pub sources: Vec<SourceFile>,
    /// Models of the vendor's cells in it, which only a simulation reads.
    pub models: Vec<SourceFile>,
    pub clocked: bool,
    /// What the registers take.
    pub latency: Latency,
    /// Names the Verilog by its content.
    pub hash: String,
    /// Whether synthesis may make products in DSP blocks.
    pub dsp: bool,
}

impl Project {
    /// Generates the Verilog of `design`.
    ///
    /// # Errors
    /// If a module cannot have the design's name, or the design is many times larger than any board.
    pub fn generate(design: Design, dsp: bool) -> Result<Self, Error> {
        Self::generate_with(design, dsp, Comments::default())
    }

    /// As [`Project::generate`]; the Verilog has these comments.
    ///
    /// # Errors
    /// As [`Project::generate`].
    pub fn generate_with(mut design: Design, dsp: bool, comments: Comments) -> Result<Self, Error> {
        let circuit = circuit_of(&mut design, dsp)?;
        let sources = emit_with(&circuit, comments);
        if sources[0].name != format!("{}.v", design.name) {
            return Err(Error::ReservedName { name: design.name });
        }
        let models = cell_models(&circuit);
        let hash = key(sources.iter().flat_map(|source| [&source.name, &source.text]));
        Ok(Self { design, sources, models, clocked: circuit.clocked, latency: circuit.latency, hash, dsp })
    }

    /// Names what the results are of: the Verilog, and where and how fast it is to run.
    pub fn identity(&self) -> String {
        let Design { board, frequency_mhz, .. } = &self.design;
        key([&self.hash, &board.name, &frequency_mhz.to_string(), &self.dsp.to_string()])
    }

    /// The Verilog with the models of its cells.
    pub fn simulated_sources(&self) -> Vec<SourceFile> {
        [&self.sources[..], &self.models].concat()
    }
}

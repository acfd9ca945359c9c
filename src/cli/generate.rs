//! `ternlet generate`

use super::answer::pretty;
use super::arguments::DesignArguments;
use super::manifest::Manifest;
use super::output::Output;
use super::{Answer, Failure, Session};
use crate::datapath::circuit;
use crate::design::Design;
use crate::flow::{self, Direction, Stream};
use crate::stream::Port;
use crate::tools::key;
use crate::verify::Report;
use crate::verilog::{SourceFile, cell_models, emit};
use clap::Args;

/// Write the Verilog of a design, and a manifest of its streams.
///
/// The pipeline registers are placed for the design's clock on its board; everything lands in `build/<design name>/`:
/// `verilog/*.v`, one module a file, and `manifest.json` with the streams, their fields, ranges and lanes.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  ternlet generate examples/requantize.toml --board ulx3s --frequency 50"
)]
pub struct Arguments {
    #[command(flatten)]
    design: DesignArguments,
}

/// A design as Verilog, the top module first.
pub struct Generated {
    pub sources: Vec<SourceFile>,
    /// Models of the vendor's cells in it, which only a simulation reads.
    pub models: Vec<SourceFile>,
    pub clocked: bool,
    /// Names the Verilog by its content.
    pub hash: String,
    /// Whether synthesis may make products in DSP blocks.
    pub dsp: bool,
}

pub fn run(arguments: Arguments, session: Session) -> Result<Answer, Failure> {
    let (design, generated, output) = arguments.design.open(None, session)?;
    generated.publish(&design, &output, None)?;
    let lines: usize = generated.sources.iter().map(|source| source.text.lines().count()).sum();
    let modules = match generated.sources.len() {
        1 => "1 module".to_owned(),
        count => format!("{count} modules"),
    };
    let text = format!(
        "{}: {}\n  {modules} of Verilog, {lines} lines, in {}\n  the streams are described in {}",
        design.name,
        design.datapath.doc(),
        output.path("verilog").display(),
        output.path("manifest.json").display()
    );
    Ok(Answer::new(&Manifest::new(&design, &generated, None), text))
}

/// The Verilog of `design`, pipelined for its clock.
pub fn generate(design: &Design) -> Result<Generated, Failure> {
    let circuit = circuit(&*design.datapath, &design.name, design.timing());
    let sources = emit(&circuit);
    if sources[0].name != format!("{}.v", design.name) {
        let name = &design.name;
        let why =
            format!("name = \"{name}\": Verilog or C++ reserve this word; write another, such as my_{name}");
        return Err(Failure::BadInput(why));
    }
    let models = cell_models(&circuit);
    let hash = key(sources.iter().flat_map(|source| [&source.name, &source.text]));
    Ok(Generated { sources, models, clocked: circuit.clocked, hash, dsp: true })
}

impl Generated {
    /// What the flow needs to know of `design`.
    pub fn described<'a>(&'a self, design: &'a Design) -> flow::Design<'a> {
        let stream = |port: &Port, direction| Stream {
            name: port.name.clone(),
            direction,
            width: port.width(),
            framed: port.is_framed(),
        };
        let ports = design.datapath.ports();
        let inputs = ports.inputs.iter().map(|port| stream(port, Direction::Input));
        let outputs = ports.outputs.iter().map(|port| stream(port, Direction::Output));
        let Self { sources, clocked, .. } = self;
        flow::Design {
            name: &design.name,
            sources,
            streams: inputs.chain(outputs).collect(),
            clocked: *clocked,
        }
    }

    /// Writes the Verilog and its manifest, with the speed if it was measured.
    pub fn publish(
        &self,
        design: &Design,
        output: &Output,
        measured: Option<&Report>,
    ) -> Result<(), Failure> {
        let files = self.sources.iter().map(|source| (source.name.as_str(), source.text.as_str()));
        output.write_folder("verilog", files)?;
        output.write("manifest.json", pretty(&Manifest::new(design, self, measured)))
    }
}

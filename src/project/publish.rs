//! What each result leaves in the folder of a design's results.

use super::error::Error;
use super::flow::Flow;
use super::generate::Project;
use super::json::json;
use super::manifest::Manifest;
use super::mutated::Mutated;
use super::output::Output;
use super::page::page;
use super::prove::Proved;
use super::simulate::Simulated;
use super::synthesize::Synthesized;
use crate::flow::Outcome;
use crate::report::file;
use crate::verify::Report;

impl Output {
    /// The Verilog and its manifest, with the speed if it was `measured`, and what is to stand in the board's flash, where that is known.
    pub fn publish_verilog(&self, project: &Project, measured: Option<&Report>) -> Result<(), Error> {
        let files = project.sources.iter().map(|source| (source.name.as_str(), source.text.as_str()));
        self.write_folder("verilog", files)?;
        if let Ok(Some(image)) = project.flash_image() {
            self.write(&format!("{}.flash", project.design.name), image)?;
        }
        self.write("manifest.json", json(&Manifest::of(project, measured)))
    }

    /// The Verilog with its speed, what the simulation found, and the figures of the design's data.
    pub fn publish_simulation(&self, project: &Project, simulated: &Simulated) -> Result<(), Error> {
        match simulated.fault {
            Some(_) => self.adopt(Simulated::FAULT)?,
            None => self.remove(Simulated::FAULT)?, // of an earlier run that found a fault
        }
        if !simulated.stage.at_pins() {
            self.publish_verilog(project, simulated.measured())?;
        }
        self.write(simulated.stage.file(), json(simulated))?;
        for figure in simulated.shown.iter().flat_map(|shown| &shown.figures) {
            let (ending, bytes) = file(figure);
            self.write(&format!("{}.{ending}", figure.title().replace(' ', "_")), bytes)?;
        }
        Ok(())
    }

    /// The netlist, the bitstream if there is one, and the figures; the same result, with the paths of these copies.
    pub fn publish_synthesis(&self, mut synthesized: Synthesized) -> Result<Synthesized, Error> {
        let synthesis = &mut synthesized.synthesis;
        synthesis.netlist = self.copy(&synthesis.netlist, "netlist.v")?;
        if let Outcome::Placed(placement) = &mut synthesis.outcome {
            let extension = placement.bitstream.extension().unwrap_or_default().to_string_lossy();
            let name = format!("{}.{extension}", synthesis.design);
            placement.bitstream = self.copy(&placement.bitstream, &name)?;
        }
        self.write("synthesize.json", json(&synthesized))?;
        Ok(synthesized)
    }

    /// All steps, and the report page if the last was reached; the same result, with the paths of the copies.
    pub fn publish_flow(&self, project: &Project, flow: Flow) -> Result<Flow, Error> {
        self.publish_simulation(project, &flow.simulated)?;
        let synthesized = flow.synthesized.map(|synthesized| self.publish_synthesis(synthesized));
        let flow = Flow { synthesized: synthesized.transpose()?, ..flow };
        if let Some(synthesized) = &flow.synthesized {
            self.write("flow.json", json(&flow.steps(project)))?;
            self.write("report.html", page(&project.design, &flow.simulated, &synthesized.synthesis))?;
        }
        Ok(flow)
    }

    /// What became of the mutants.
    pub fn publish_mutants(&self, mutated: &Mutated) -> Result<(), Error> {
        self.write("mutate.json", json(mutated))
    }

    /// The verdict, and the waveform if there is one; the same result, with the path of this copy.
    pub fn publish_proof(&self, mut proved: Proved) -> Result<Proved, Error> {
        match &mut proved.waveform {
            Some(waveform) => *waveform = self.copy(waveform, Proved::WAVEFORM)?,
            None => self.remove(Proved::WAVEFORM)?, // of an earlier run that found a difference
        }
        self.write("prove.json", json(&proved))?;
        Ok(proved)
    }
}

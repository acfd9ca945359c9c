//! The whole way: simulated, then synthesized.

use super::dut::Dut;
use super::error::Error;
use super::generate::Project;
use super::json::Formatted;
use super::manifest::Manifest;
use super::simulate::{Simulated, Waves, simulate};
use super::stimuli::Stimuli;
use super::synthesize::{Synthesized, synthesize};
use crate::tools::Toolchain;
use serde::Serialize;
use std::fmt;

/// The results of the steps; none of a step that was not reached.
pub struct Flow {
    pub simulated: Simulated,
    pub synthesized: Option<Synthesized>,
}

/// The objects of the steps, as JSON holds them.
#[derive(Serialize)]
pub struct Steps<'a> {
    design: &'a str,
    generate: Formatted<Manifest<'a>>,
    simulate: Formatted<&'a Simulated>,
    synthesize: Option<Formatted<&'a Synthesized>>,
}

/// Simulates the Verilog of `project`, and synthesizes it if that holds.
///
/// # Errors
/// As of [`simulate`] and [`synthesize`].
pub fn flow(
    toolchain: &Toolchain,
    project: &Project,
    stimuli: &Stimuli,
    waves: &Waves,
    seeds: u32,
) -> Result<Flow, Error> {
    let simulated = simulate(toolchain, project, &Dut::rtl(project), stimuli, waves)?;
    let synthesized = match simulated.unmet() {
        Some(_) => None,
        None => Some(synthesize(toolchain, project, &simulated, seeds)?),
    };
    Ok(Flow { simulated, synthesized })
}

impl Flow {
    /// What does not hold, as a person reads it.
    pub fn unmet(&self) -> Option<String> {
        self.simulated.unmet().or_else(|| self.synthesized.as_ref()?.unmet())
    }

    /// The objects of the steps of `project`.
    pub fn steps<'a>(&'a self, project: &'a Project) -> Steps<'a> {
        Steps {
            design: &project.design.name,
            generate: Formatted::of(Manifest::of(project, self.simulated.measured())),
            simulate: Formatted::of(&self.simulated),
            synthesize: self.synthesized.as_ref().map(Formatted::of),
        }
    }
}

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.simulated)?;
        self.synthesized.as_ref().map_or(Ok(()), |synthesized| write!(f, "\n{}", synthesized.synthesis))
    }
}

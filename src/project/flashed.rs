//! What stands in a board's flash for a design.

use super::error::Error;
use super::generate::Project;
use crate::flash::image;
use crate::flow::Fed;
use crate::stream::{Port, Ports, Tokens, Transfers};
use crate::verify::Twin;

impl Project {
    /// The image of the streams that come from the flash, if any do: of the design's data, or of the weights in its files.
    ///
    /// # Errors
    /// If the design has neither.
    pub fn flash_image(&self) -> Result<Option<Vec<u8>>, Error> {
        let design = &self.design;
        if design.link.flash.is_empty() {
            return Ok(None);
        }
        let ports = design.datapath.ports();
        let tokens: Vec<Option<Tokens>> = match &design.input {
            Some(input) => input.frames(0..1)?.into_iter().map(Some).collect(),
            None => design.datapath.presets(),
        };
        let (mut fed, mut given) = (Vec::new(), Transfers::new());
        for stream in &design.link.flash {
            let found = ports.inputs.iter().zip(&tokens).find(|(port, _)| port.name == *stream);
            let Some((port, Some(tokens))) = found else {
                return Err(Error::NoWeights { design: design.name.clone(), stream: stream.clone() });
            };
            fed.push(port.clone());
            given.push(tokens.clone());
        }
        Ok(Some(image(&fed, &given)))
    }
}

/// Those of `tokens`, of the inputs of `all`, that are of `ports`.
pub(super) fn of_ports(ports: &[Port], all: &Ports, tokens: &Transfers) -> Transfers {
    let of = |port: &Port| {
        let place = all.inputs.iter().position(|input| input == port).expect("a port of the design");
        tokens[place].clone()
    };
    ports.iter().map(of).collect()
}

/// Writes `image` where `fed` reads it.
pub(super) fn write(twin: &mut Twin, fed: &Fed, image: &[u8]) {
    twin.write_flash(fed.flash.free_from, image);
}

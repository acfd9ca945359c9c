//! What stands in a board's flash for a design.

use super::error::Error;
use super::generate::Project;
use crate::flash::image;
use crate::flow::{Fed, Serial};
use crate::stream::{Ports, Tokens, Transfers};
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
        let inputs = design.datapath.ports().inputs;
        let tokens: Vec<Option<Tokens>> = match &design.input {
            Some(input) => input.frames(0..1)?.into_iter().map(Some).collect(),
            None => design.datapath.presets(),
        };
        let (mut ports, mut given) = (Vec::new(), Transfers::new());
        for stream in &design.link.flash {
            let found = inputs.iter().zip(&tokens).find(|(port, _)| port.name == *stream);
            let Some((port, Some(tokens))) = found else {
                return Err(Error::NoWeights { design: design.name.clone(), stream: stream.clone() });
            };
            ports.push(port.clone());
            given.push(tokens.clone());
        }
        Ok(Some(image(&ports, &given)))
    }
}

/// Those of `tokens`, of the inputs of `ports`, that go over the line, and the image of the others.
pub(super) fn split(serial: &Serial, ports: &Ports, tokens: &Transfers) -> (Transfers, Option<Vec<u8>>) {
    let of = |port| {
        let place = ports.inputs.iter().position(|input| input == port).expect("a port of the design");
        tokens[place].clone()
    };
    let sent = serial.ports.inputs.iter().map(of).collect();
    let fed = serial.fed.as_ref().map(|fed| image(&fed.ports, &fed.ports.iter().map(of).collect()));
    (sent, fed)
}

/// Writes `image` where `fed` reads it.
pub(super) fn write(twin: &mut Twin, fed: Option<&Fed>, image: Option<&[u8]>) {
    if let (Some(fed), Some(image)) = (fed, image) {
        twin.write_flash(fed.flash.free_from, image);
    }
}

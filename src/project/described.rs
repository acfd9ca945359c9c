//! A project as the flow knows it, with what is around it on its board.

use super::error::Error;
use super::generate::Project;
use super::identity::identity;
use crate::design::{Design, LinkKind};
use crate::flow;

impl Project {
    /// What the flow needs to know of the design.
    pub fn described(&self) -> flow::Design<'_> {
        flow::Design {
            name: &self.design.name,
            sources: &self.sources,
            ports: self.design.datapath.ports(),
            clocked: self.clocked,
            access: self.access(),
        }
    }

    /// Its board top, and the serial line in it.
    ///
    /// # Errors
    /// If it is behind a shift register, or the board has no line that is slow enough for its clock.
    pub fn on_line(&self) -> Result<(flow::BoardTop, flow::Serial), Error> {
        let Design { name, board, frequency_mhz, .. } = &self.design;
        let top = flow::board_top(&self.described(), board, *frequency_mhz)?;
        match &top.around {
            flow::Around::Uart(serial) => Ok((top.clone(), *serial.clone())),
            flow::Around::Scan(_) => Err(Error::Refused(format!(
                "{name} is behind a shift register, to which no host talks; say link = {{ kind = \"uart\" }}, or --link uart"
            ))),
        }
    }

    /// How its streams are reached at the pins of its board.
    fn access(&self) -> flow::Access {
        let Design { link, board, .. } = &self.design;
        match link.kind(board) {
            LinkKind::Scan => flow::Access::Scan,
            LinkKind::Uart => flow::Access::Uart(flow::UartAccess {
                identity: identity(self),
                ring: link.ring,
                baud: link.baud,
                flash: link.flash.clone(),
            }),
        }
    }
}

//! What a person is shown of a design's data.

use super::figures::figures;
use crate::datapath::Figure;
use crate::design::Design;
use crate::stream::Transfers;
use crate::verify::Case;

/// The design's data, of which only the first case is kept where it makes several.
#[derive(Clone, Debug)]
pub struct Shown {
    pub inputs: Transfers,
    /// What the golden model makes of it.
    pub outputs: Transfers,
    pub figures: Vec<Figure>,
}

impl Shown {
    pub fn of(design: &Design, Case { inputs, expected }: &Case) -> Self {
        let figures = figures(design, inputs, expected);
        Self { inputs: inputs.clone(), outputs: expected.clone(), figures }
    }
}

//! What a datapath shows of its design's data.

use crate::datapath::Figure;
use crate::design::Design;

/// Pictures and plots of the design's data, none if it has no data.
pub fn figures(design: &Design) -> Vec<Figure> {
    let datapath = &*design.datapath;
    design.input.as_ref().map(|input| datapath.figures(input, &datapath.golden(input))).unwrap_or_default()
}

//! The report page of `ternlet flow`.

use super::shown::Shown;
use super::simulate::Simulated;
use crate::datapath::Roofline;
use crate::design::{Design, Labels};
use crate::flow::Synthesis;
use crate::report::{Page, Picture};

/// Frames that the page shows.
const PICTURES: usize = 10;

/// The page of a flow that reached its end.
pub fn page(design: &Design, simulated: &Simulated, synthesis: &Synthesis) -> String {
    let datapath = &*design.datapath;
    let pictures = match (&simulated.shown, &design.labels) {
        (Some(shown), Some(labels)) => pictures(design, shown, labels),
        _ => Vec::new(),
    };
    let references = simulated.expected.iter();
    let cycles = simulated.report.initiation_interval;
    let roofline = cycles.and_then(|cycles| {
        let (counts, device) = (&synthesis.counts, &synthesis.device);
        Some(Roofline::of(datapath, cycles, counts, device, design.board.family)?.figure())
    });
    let page = Page {
        design: &design.name,
        board: &design.board.title,
        kind: datapath.kind(),
        doc: &datapath.doc(),
        facts: design.facts(),
        simulator: &simulated.simulator,
        simulation: &simulated.report,
        references: references
            .map(|(stream, found)| (stream.as_str(), found.values, found.different))
            .collect(),
        accuracy: simulated.accuracy.as_ref().map(|accuracy| (accuracy.right, accuracy.of)),
        dice: simulated.accuracy.iter().flat_map(|accuracy| accuracy.dice.clone()).collect(),
        synthesis,
        pictures,
        figures: simulated.shown.as_ref().map_or(&[][..], |shown| &shown.figures),
        roofline,
        version: env!("CARGO_PKG_VERSION"),
    };
    page.html()
}

/// The first frames that are named wrong, up to two, among the first that are named right.
fn pictures(design: &Design, shown: &Shown, labels: &Labels) -> Vec<Picture> {
    let Some([_, width]) = labels.picture else { return Vec::new() };
    let datapath = &*design.datapath;
    let port = &datapath.ports().inputs[0];
    let pixels = shown.inputs[0].unpack(port);
    let outputs = design.results(datapath, &shown.outputs);
    let of = |stream: &str| outputs.iter().find(|(name, _)| name == stream).map(|(_, tensor)| &tensor.values);
    let Some(classes) = of(&labels.stream) else { return Vec::new() };
    let scores = labels.scores.as_deref().and_then(of);
    let picture = |frame: usize| {
        let scores = scores.map(|scores| {
            let each = scores.len() / classes.len();
            scores[frame * each..(frame + 1) * each].to_vec()
        });
        Picture {
            width,
            pixels: pixels[frame * port.frame_values()..(frame + 1) * port.frame_values()].to_vec(),
            label: labels.values[frame],
            class: classes[frame],
            scores: scores.unwrap_or_default(),
        }
    };
    let frames = 0..classes.len().min(labels.values.len());
    let (right, wrong): (Vec<usize>, Vec<usize>) =
        frames.partition(|&frame| classes[frame] == labels.values[frame]);
    let wrong = wrong.into_iter().take(2).collect::<Vec<_>>();
    let right = right.into_iter().take(PICTURES - wrong.len());
    right.chain(wrong.iter().copied()).map(picture).collect()
}

//! The report page of `ternlet flow`.

use super::simulate::{Shown, Simulated};
use crate::design::{Design, Labels};
use crate::flow::Synthesis;
use crate::report::{Page, Picture};
use crate::stream::Transfers;

/// Frames that the page shows.
const PICTURES: usize = 10;

/// The page of a flow that reached its end.
pub fn page(design: &Design, simulated: &Simulated, synthesis: &Synthesis) -> String {
    let datapath = &*design.datapath;
    let Shown { outputs, figures } = &simulated.shown;
    let pictures = match (&design.input, &design.labels) {
        (Some(input), Some(labels)) => pictures(design, input, outputs, labels),
        _ => Vec::new(),
    };
    let references = simulated.expected.iter();
    let page = Page {
        design: &design.name,
        board: &design.board.title,
        kind: datapath.kind(),
        doc: &datapath.doc(),
        facts: datapath.facts(design.timing()),
        simulator: &simulated.simulator,
        simulation: &simulated.report,
        references: references
            .map(|(stream, found)| (stream.as_str(), found.values, found.different))
            .collect(),
        accuracy: simulated.accuracy.as_ref().map(|accuracy| (accuracy.right, accuracy.of)),
        synthesis,
        pictures,
        figures,
        version: env!("CARGO_PKG_VERSION"),
    };
    page.html()
}

/// The first frames of the input that are named wrong, up to two, among the first that are named right.
fn pictures(design: &Design, input: &Transfers, outputs: &Transfers, labels: &Labels) -> Vec<Picture> {
    let Some([_, width]) = labels.picture else { return Vec::new() };
    let datapath = &*design.datapath;
    let port = &datapath.ports().inputs[0];
    let pixels = input[0].unpack(port);
    let outputs = design.results(datapath, outputs);
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

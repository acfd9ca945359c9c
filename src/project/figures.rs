//! What a person sees of a design's data: what its datapath shows, and the classes of a map next to their labels.

use crate::datapath::Figure;
use crate::design::{Design, Labels};
use crate::stream::{Port, Transfers};

/// Pictures and plots of the design's data, of which the golden model makes `outputs`.
pub fn figures(design: &Design, input: &Transfers, outputs: &Transfers) -> Vec<Figure> {
    let mut figures = design.datapath.figures(input, outputs);
    figures.extend(design.labels.iter().flat_map(|labels| labelled(design, labels, input, outputs)));
    figures
}

/// A picture, or the middle slice of a volume along its outermost axis: the input, its labels, its classes, and where these differ.
fn labelled(design: &Design, labels: &Labels, input: &Transfers, outputs: &Transfers) -> Vec<Figure> {
    let ports = design.datapath.ports();
    let mut streams = ports.outputs.iter().zip(outputs);
    let Some((port, classes)) = streams.find(|(port, _)| port.name == labels.stream) else {
        return Vec::new();
    };
    if port.frame.axes().len() < 2 {
        return Vec::new();
    }
    let classes = design.tensor(port, classes);
    let x = design.tensor(&ports.inputs[0], &input[0]);
    let lengths = lengths(&classes.shape, port);
    let whole = lengths.iter().product();
    let (classes, labels) = (&classes.values[..whole], &labels.values[..whole]);
    let differences: Vec<i64> =
        classes.iter().zip(labels).map(|(class, label)| i64::from(class != label)).collect();
    let most = labels.iter().chain(classes).copied().max().unwrap_or(0).max(1);
    let mut shown = vec![
        ("labels", labels, (0, most)),
        ("classes", classes, (0, most)),
        ("differences", &differences[..], (0, 1)),
    ];
    if x.values.len() / x.shape[0] == whole {
        let pixels = &x.values[..whole];
        shown.insert(0, ("picture", pixels, (0, pixels.iter().copied().max().unwrap_or(0).max(1))));
    }
    let width = lengths[lengths.len() - 1];
    let plane = lengths[lengths.len() - 2] * width;
    let first = if lengths.len() == 3 { lengths[0] / 2 * plane } else { 0 };
    let figure = |(title, values, range): (&str, &[i64], _)| Figure::Picture {
        title: title.into(),
        width,
        pixels: values[first..first + plane].to_vec(),
        range,
    };
    shown.into_iter().map(figure).collect()
}

/// The lengths of the axes of maps, of which there is one a frame or, where the input was cut, one of this shape.
fn lengths(shape: &[usize], port: &Port) -> Vec<usize> {
    match shape {
        [_, lengths @ .., _] if lengths.len() == port.frame.axes().len() => lengths.into(),
        _ => port.frame.lengths(),
    }
}

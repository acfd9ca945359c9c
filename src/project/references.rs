//! What references say of the results of a design's data.

use crate::datapath::Tensor;
use crate::design::{Accuracy, Agreement, Design};
use std::collections::BTreeMap;
use std::fmt;

/// The golden results for the design's data, its probes among them, next to what references say they are.
pub fn against_references(
    design: &Design,
    results: &BTreeMap<String, Tensor>,
) -> (BTreeMap<String, Agreement>, Option<Accuracy>) {
    let agree = design.expected.iter().filter_map(|expected| {
        let stream = &expected.stream;
        Some((stream.clone(), expected.compare(results.get(stream)?)))
    });
    let accuracy = design.labels.as_ref().and_then(|labels| {
        let classes = results.get(&labels.stream)?;
        Some(labels.accuracy(classes))
    });
    (agree.collect(), accuracy)
}

/// The first output that is not what `[expected]` lists, as a person reads it.
pub fn unmet_reference(expected: &BTreeMap<String, Agreement>) -> Option<String> {
    let (stream, agreement) = expected.iter().find(|(_, agreement)| !agreement.equal)?;
    let Agreement { values, different, first, .. } = agreement;
    let first = first.as_deref().unwrap_or_default();
    Some(format!(
        "output {stream} is not what [expected] lists: {different} of {values} integers differ; {first}"
    ))
}

/// A line for each output of `[expected]`, and one for the accuracy.
pub fn write_references(
    f: &mut fmt::Formatter<'_>,
    expected: &BTreeMap<String, Agreement>,
    accuracy: Option<&Accuracy>,
) -> fmt::Result {
    for (stream, Agreement { equal, values, .. }) in expected {
        let word = if *equal { "equals" } else { "differs from" };
        write!(f, "\n  {stream} {word} what [expected] lists ({values} integers)")?;
    }
    accuracy.map_or(Ok(()), |accuracy| write!(f, "\n  accuracy {accuracy}"))
}

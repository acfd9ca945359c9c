//! What a golden model makes of frames, on all cores.

use crate::datapath::Datapath;
use crate::design::batches;
use crate::stream::{Port, Tokens, Transfers};
use rayon::prelude::*;

/// `datapath.golden(inputs)`. Where no frame's results depend on those before it, each core computes as many frames as another, and the
/// results come in the order of the frames.
pub fn expected(datapath: &dyn Datapath, inputs: &Transfers) -> Transfers {
    let ports = datapath.ports();
    let Some(count) = frames(&ports.inputs, inputs).filter(|_| !datapath.remembers()) else {
        return datapath.golden(inputs);
    };
    let parts: Vec<_> = batches(count, count.div_ceil(rayon::current_num_threads())).collect();
    if parts.len() < 2 {
        return datapath.golden(inputs);
    }
    let golden = |frames: std::ops::Range<usize>| {
        let streams = ports.inputs.iter().zip(inputs);
        datapath.golden(&streams.map(|(port, tokens)| tokens.some_frames(port, frames.clone())).collect())
    };
    let parts: Vec<Transfers> = parts.into_par_iter().map(golden).collect();
    parts.into_iter().reduce(joined).unwrap_or_default()
}

/// Frames of each stream; none where they have not as many, or none at all.
fn frames(ports: &[Port], inputs: &Transfers) -> Option<usize> {
    let mut counts = ports.iter().zip(inputs).map(|(port, tokens)| tokens.frames(port).count());
    let first = counts.next()?;
    counts.all(|count| count == first).then_some(first)
}

fn joined(mut first: Transfers, second: Transfers) -> Transfers {
    first.iter_mut().zip(&second).for_each(|(first, second): (&mut Tokens, &Tokens)| first.append(second));
    first
}

//! Datapaths one after the other, of which a datapath is made: each takes what the one before it gives.

use super::{Datapath, Footprint, LaneStream, place};
use crate::hdl::{Module, Timing};
use crate::stream::timeline::{Channel, Timeline};
use crate::stream::{Pace, Port, Ports, Reach, Tokens};

/// Parts with their names. All but the first have one input, and all have one output.
pub struct Chain(pub Vec<(&'static str, Box<dyn Datapath>)>);

impl Chain {
    pub fn ports(&self) -> Ports {
        let (first, last) = (self.0[0].1.ports(), self.0[self.0.len() - 1].1.ports());
        Ports { inputs: first.inputs, outputs: last.outputs }
    }

    pub fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        self.0.iter().fold(inputs, |streams, (name, part)| place(m, name, &**part, streams))
    }

    /// None where a part does not say it.
    pub fn schedule(&self, inputs: &[Pace], timing: Timing) -> Vec<Option<Pace>> {
        let first = Some(inputs.to_vec());
        let after = |paces: Option<Vec<Pace>>, part: &dyn Datapath| {
            part.schedule(&paces?, timing).into_iter().collect()
        };
        let last: Option<Vec<Pace>> = self.0.iter().fold(first, |paces, (_, part)| after(paces, &**part));
        vec![last.and_then(|paces| paces.into_iter().next())]
    }

    pub fn timed(&self, t: &mut Timeline, inputs: Vec<Channel>, tokens: &[Tokens]) -> Option<Vec<Channel>> {
        let (mut streams, mut tokens) = (inputs, tokens.to_vec());
        for (name, part) in &self.0 {
            let Ports { inputs, outputs } = part.ports();
            let cross = |t: &mut Timeline, ports: &[Port], streams: Vec<Channel>| {
                let streams = ports.iter().zip(streams);
                streams.map(|(port, stream)| t.crossing(stream, &port.name)).collect()
            };
            streams = t.part(*name, |t| {
                let streams = cross(t, &inputs, streams);
                let given = part.timed(t, streams, &tokens)?;
                Some(cross(t, &outputs, given))
            })?;
            tokens = part.golden(&tokens);
        }
        Some(streams)
    }

    pub fn reach(&self, axis: usize, inputs: &[Reach]) -> Option<Vec<Reach>> {
        self.0.iter().try_fold(inputs.to_vec(), |reach, (_, part)| part.reach(axis, &reach))
    }

    pub fn footprint(&self) -> Footprint {
        self.0.iter().map(|(_, part)| part.footprint()).fold(Footprint::default(), |sum, part| sum + part)
    }

    pub fn facts(&self, timing: Timing) -> Vec<(String, String)> {
        self.0.iter().flat_map(|(_, part)| part.facts(timing)).collect()
    }
}

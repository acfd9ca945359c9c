//! The pipeliner: assigns the operations of a feed-forward function to stages, and delays what crosses them.

use super::module::Module;
use super::node::{NodeId, Op};
use super::part::Home;
use super::signal::Signal;
use std::collections::HashMap;

/// The stages of the nodes that a function made.
pub(super) struct Schedule {
    first: NodeId,
    /// For each node from `first`, its stage; none for constants, which hold in every stage.
    stage: Vec<Option<u32>>,
    /// Register boundaries from the sources to the roots.
    pub stages: u32,
}

impl Module {
    /// Schedules the nodes from `first` on, which follow from `sources` alone, as soon as possible: each in the stage
    /// of its latest operand, or in the next one where it does not fit.
    ///
    /// # Panics
    /// If a node reads a signal that is neither of the payload nor constant: it would not be delayed with the rest.
    #[track_caller]
    pub(super) fn schedule(&self, first: NodeId, sources: &[Signal<'_>], roots: &[Signal<'_>]) -> Schedule {
        let (nodes, instances) = (self.nodes.borrow(), self.instances.borrow());
        let mut stage: Vec<Option<u32>> = vec![None; nodes.len() - first];
        let mut arrival: Vec<Option<f64>> = vec![None; nodes.len()];
        for (source, time) in sources.iter().zip(self.arrivals(sources)) {
            arrival[source.id] = Some(time);
        }
        let is_constant = |id: NodeId| matches!(nodes[id].op, Op::Constant(_));
        let operands_of = |id: NodeId| match nodes[id].op {
            Op::Output { instance, .. } => instances[instance].inputs.clone(),
            ref op => op.operands(),
        };
        let mut needed = vec![false; nodes.len() - first];
        let mut open: Vec<NodeId> = roots.iter().map(|root| root.id).collect();
        while let Some(id) = open.pop() {
            if id >= first && !std::mem::replace(&mut needed[id - first], true) {
                open.extend(operands_of(id));
            }
        }
        for id in (first..nodes.len()).filter(|id| needed[id - first]) {
            let (node, operands) = (&nodes[id], operands_of(id));
            let (mut latest, mut from) = (None, 0.0f64);
            for operand in operands.into_iter().filter(|&id| !is_constant(id)) {
                let Some(time) = arrival[operand] else {
                    if operand >= first {
                        continue; // It follows from constants alone.
                    }
                    let at = node.at;
                    panic!(
                        "{}:{} reads a signal from outside the payload of `map`; bring it in by `zip` or `scan`",
                        at.file(),
                        at.line()
                    );
                };
                let at = operand.checked_sub(first).and_then(|place| stage[place]).unwrap_or(0);
                if latest.is_none_or(|latest| at > latest) {
                    (latest, from) = (Some(at), time);
                } else if latest == Some(at) {
                    from = from.max(time);
                }
            }
            let Some(latest) = latest else { continue };
            let (at, time) = if let Op::Read { .. } = node.op {
                (latest + 1, self.timing.memory())
            } else {
                let delay = self.timing.delay(&nodes, &instances, id);
                if delay > 0.0 && !self.timing.fits(from + delay) && from > 0.0 {
                    (latest + 1, delay)
                } else {
                    (latest, from + delay)
                }
            };
            stage[id - first] = Some(at);
            arrival[id] = Some(time);
        }
        let stage_of = |id: NodeId| id.checked_sub(first).and_then(|place| stage[place]).unwrap_or(0);
        let last = roots.iter().map(|root| stage_of(root.id)).max().unwrap_or(0);
        Schedule { first, stage, stages: last }
    }

    /// Whether all of `signals` are there within a clock cycle.
    pub fn settles(&self, signals: &[Signal<'_>]) -> bool {
        self.timing.fits(self.latest(signals))
    }

    /// When the latest of `signals`, which exist already, is there, after the clock edge.
    pub(super) fn latest(&self, signals: &[Signal<'_>]) -> f64 {
        self.arrivals(signals).into_iter().fold(0.0, f64::max)
    }

    /// When each of `signals` is there.
    fn arrivals(&self, signals: &[Signal<'_>]) -> Vec<f64> {
        let (nodes, instances) = (self.nodes.borrow(), self.instances.borrow());
        let mut known: HashMap<NodeId, f64> = HashMap::new();
        let mut open: Vec<(NodeId, bool)> = signals.iter().map(|signal| (signal.id, false)).collect();
        while let Some((id, ready)) = open.pop() {
            let op = &nodes[id].op;
            if known.contains_key(&id) {
                continue;
            }
            if let Op::Read { .. } = op {
                known.insert(id, self.timing.memory());
            } else if op.is_state() || matches!(op, Op::Input | Op::Wire { .. } | Op::Output { .. }) {
                known.insert(id, 0.0);
            } else if ready {
                let from = op.operands().iter().map(|operand| known[operand]).fold(0.0, f64::max);
                known.insert(id, from + self.timing.delay(&nodes, &instances, id));
            } else {
                open.push((id, true));
                open.extend(op.operands().into_iter().map(|operand| (operand, false)));
            }
        }
        signals.iter().map(|signal| known[&signal.id]).collect()
    }

    /// Puts registers with clock enable `go` between the stages of `schedule`; the roots as they leave the last one.
    #[track_caller]
    pub(super) fn retime<'m>(
        &'m self,
        schedule: &Schedule,
        roots: &[Signal<'m>],
        go: Signal<'m>,
    ) -> Vec<Signal<'m>> {
        let mut delayed: HashMap<(NodeId, u32), NodeId> = HashMap::new();
        let count = schedule.first + schedule.stage.len();
        for id in schedule.first..count {
            let Some(stage) = schedule.of(id) else { continue };
            let mut op = self.nodes.borrow()[id].op.clone();
            let reads_at = if let Op::Read { enable, .. } = &mut op {
                *enable = Some(go.id);
                stage - 1
            } else {
                stage
            };
            op.for_each_operand(|operand| {
                if *operand != go.id {
                    *operand = self.bring(schedule, &mut delayed, *operand, reads_at, go);
                }
            });
            if let Op::Output { instance, .. } = op {
                let inputs = self.instances.borrow()[instance].inputs.clone();
                let inputs = inputs
                    .into_iter()
                    .map(|input| self.bring(schedule, &mut delayed, input, stage, go))
                    .collect();
                self.instances.borrow_mut()[instance].inputs = inputs;
            }
            self.nodes.borrow_mut()[id].op = op;
        }
        let bring = |root: &Signal<'m>| Signal {
            module: self,
            id: self.bring(schedule, &mut delayed, root.id, schedule.stages, go),
        };
        roots.iter().map(bring).collect()
    }

    /// Node `id` as it is in `stage`.
    #[track_caller]
    fn bring(
        &self,
        schedule: &Schedule,
        delayed: &mut HashMap<(NodeId, u32), NodeId>,
        id: NodeId,
        stage: u32,
        go: Signal<'_>,
    ) -> NodeId {
        let made = match schedule.of(id) {
            Some(made) => made,
            // The payload is there in stage 0; constants, and copies made here, are where they are read.
            None if id < schedule.first && !matches!(self.nodes.borrow()[id].op, Op::Constant(_)) => 0,
            None => return id,
        };
        let (name, scope, line) = {
            let node = &self.nodes.borrow()[id];
            (node.name.clone().or(node.hint.clone()), node.scope.clone(), node.at)
        };
        let mut current = id;
        for at in made + 1..=stage {
            current = *delayed.entry((id, at)).or_insert_with(|| {
                let copy = Signal { module: self, id: current }.delay(Signal { module: self, id: go.id });
                self.homes.borrow_mut()[copy.id] = Home::Readers(self.here.get());
                let age = at - made;
                let suffix = if age == 1 { "_q".to_string() } else { format!("_q{age}") };
                let node = &mut self.nodes.borrow_mut()[copy.id];
                (node.at, node.scope) = (line, scope.clone());
                node.hint = name.as_ref().map(|name| name.clone() + &suffix);
                copy.id
            });
        }
        current
    }
}

impl Schedule {
    fn of(&self, id: NodeId) -> Option<u32> {
        id.checked_sub(self.first).and_then(|place| self.stage.get(place).copied().flatten())
    }
}

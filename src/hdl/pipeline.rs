//! The pipeliner: assigns the operations of a feed-forward function to stages, and delays what crosses them.

use super::module::Module;
use super::node::{NodeId, Op};
use super::operands::Operands;
use super::part::Home;
use super::signal::Signal;
use std::cell::Ref;
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
        let before = self.arrivals(sources);
        let (nodes, instances) = (self.nodes.borrow(), self.instances.borrow());
        let mut is_source = vec![false; first];
        sources.iter().for_each(|source| is_source[source.id] = true);
        let is_constant = |id: NodeId| matches!(nodes[id].op, Op::Constant(_));
        let operands_of = |id: NodeId| match &nodes[id].op {
            Op::Output { instance, .. } => Operands::many(&instances[*instance].inputs),
            op => op.operands(),
        };
        let mut needed = vec![false; nodes.len() - first];
        let mut open: Vec<NodeId> = roots.iter().map(|root| root.id).collect();
        while let Some(id) = open.pop() {
            if id >= first && !std::mem::replace(&mut needed[id - first], true) {
                open.extend(operands_of(id));
            }
        }
        // For each node from `first`, its stage, and when it is there in it.
        let mut when: Vec<Option<(u32, f64)>> = vec![None; nodes.len() - first];
        for id in (first..nodes.len()).filter(|id| needed[id - first]) {
            let node = &nodes[id];
            let mut latest: Option<(u32, f64)> = None;
            for operand in operands_of(id).filter(|&id| !is_constant(id)) {
                let there = match operand.checked_sub(first) {
                    Some(place) => when[place], // None where it follows from constants alone.
                    None if is_source[operand] => Some((0, before[operand])),
                    None => panic!(
                        "{}:{} reads a signal from outside the payload of `map`; bring it in by `zip` or `scan`",
                        node.at.file(),
                        node.at.line()
                    ),
                };
                latest = match (latest, there) {
                    (Some((stage, from)), Some((at, time))) if stage == at => Some((at, from.max(time))),
                    (Some((stage, from)), Some((at, _))) if stage > at => Some((stage, from)),
                    (latest, there) => there.or(latest),
                };
            }
            let Some((stage, from)) = latest else { continue };
            let delay = || self.timing.delay(&nodes, &instances, id);
            when[id - first] = Some(match node.op {
                Op::Read { .. } => (stage + 1, self.timing.memory()),
                _ => match delay() {
                    delay if delay > 0.0 && from > 0.0 && !self.timing.fits(from + delay) => {
                        (stage + 1, delay)
                    }
                    delay => (stage, from + delay),
                },
            });
        }
        let stage: Vec<Option<u32>> = when.iter().map(|when| when.map(|(stage, _)| stage)).collect();
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
        let arrivals = self.arrivals(signals);
        signals.iter().map(|signal| arrivals[signal.id]).fold(0.0, f64::max)
    }

    /// When each node is there, at least as far as the last of `signals`.
    fn arrivals(&self, signals: &[Signal<'_>]) -> Ref<'_, Vec<f64>> {
        let (nodes, instances) = (self.nodes.borrow(), self.instances.borrow());
        let mut known = self.arrivals.borrow_mut();
        let count = signals.iter().map(|signal| signal.id + 1).max().unwrap_or(0);
        for id in known.len()..count {
            let arrival = match &nodes[id].op {
                Op::Read { .. } => self.timing.memory(),
                Op::Input | Op::Wire { .. } | Op::Output { .. } | Op::Register { .. } => 0.0,
                // An operand that was made later is a register that `retime` put in front.
                op => {
                    let from = op.operands().map(|operand| known.get(operand).copied().unwrap_or(0.0));
                    from.fold(0.0, f64::max) + self.timing.delay(&nodes, &instances, id)
                }
            };
            known.push(arrival);
        }
        drop(known);
        self.arrivals.borrow()
    }

    /// Puts registers with clock enable `go` between the stages of `schedule`; the roots as they leave the last one.
    #[track_caller]
    pub(super) fn retime<'m>(
        &'m self,
        schedule: &Schedule,
        roots: &[Signal<'m>],
        go: Signal<'m>,
    ) -> Vec<Signal<'m>> {
        self.arrivals.borrow_mut().truncate(schedule.first);
        let mut delayed: HashMap<(NodeId, u32), NodeId> = HashMap::new();
        let count = schedule.first + schedule.stage.len();
        for id in schedule.first..count {
            let Some(stage) = schedule.of(id) else { continue };
            // Nobody asks for it until it is back.
            let mut op = std::mem::replace(&mut self.nodes.borrow_mut()[id].op, Op::Input);
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
        let mut current = id;
        for at in made + 1..=stage {
            let made = || self.late(id, current, at - made, go);
            current = *delayed.entry((id, at)).or_insert_with(made);
        }
        current
    }

    /// The copy of node `id` that is `age` cycles late, of the copy before, or the node itself.
    #[track_caller]
    fn late(&self, id: NodeId, before: NodeId, age: u32, go: Signal<'_>) -> NodeId {
        let copy = Signal { module: self, id: before }.delay(Signal { module: self, id: go.id }).id;
        self.homes.borrow_mut()[copy] = Home::Readers(self.here.get());
        let mut nodes = self.nodes.borrow_mut();
        let node = &nodes[id];
        let hint = node.name.as_ref().or(node.hint.as_ref()).map(|name| aged(name, age));
        (nodes[copy].at, nodes[copy].scope) = (node.at, node.scope.clone());
        nodes[copy].hint = hint;
        copy
    }
}

/// `name` of a copy that is `age` cycles late.
pub(super) fn aged(name: &str, age: u32) -> String {
    match age {
        0 => name.into(),
        1 => format!("{name}_q"),
        _ => format!("{name}_q{age}"),
    }
}

impl Schedule {
    fn of(&self, id: NodeId) -> Option<u32> {
        id.checked_sub(self.first).and_then(|place| self.stage.get(place).copied().flatten())
    }
}

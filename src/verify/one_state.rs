//! Two copies of a circuit with one set of registers: what they must do in a cycle, whatever they have done before.

use super::alike::alike;
use super::blif::{Gate, Latch, gate, latch};
use std::collections::HashMap;

/// The signals of the miter: 1 in a cycle in which the copies differ at the outputs; 1 as long as what came in may come.
pub(super) const OUTPUTS: [&str; 2] = ["differ", "may_now"];

/// `miter`, in the format BLIF, with the only output `differ`.
pub(super) fn of_one_output(miter: &str) -> String {
    let [differ, _] = OUTPUTS;
    with_output(miter.lines().map(str::to_owned), differ)
}

/// Which registers the copies share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shared {
    All,
    /// Those whose next value is the same function of the state and inputs in both: not those that the fault reaches at once.
    Unreached,
    /// Those that hold the same under random inputs, whatever they are called.
    Alike,
}

/// `miter`, in the format BLIF, where registers of the copy `gate` are those of that name of `gold`, and the only output is
/// 1 where the copies differ at their outputs or in what a shared register holds next. As long as it is 0, both copies hold the
/// same there, so that they are equal if it is never 1. The converse does not hold: registers may differ unseen.
///
/// A solver that looks at one state instead of two finds in it what a handshake implies of another.
pub(super) fn with_one_state(miter: &str, shared: Shared) -> String {
    let twins = if shared == Shared::Alike { alike_twins(miter) } else { twins(miter) };
    let mut functions = (shared == Shared::Unreached).then(|| Functions::of(miter, &twins));
    let mut unequal = Vec::new();
    let mut lines = Vec::new();
    for line in miter.lines().filter(|line| *line != ".end") {
        let twin = latch(line).and_then(|gate| Some((gate, *twins.get(gate.q)?)));
        let twin = twin.filter(|(gate, gold)| match &mut functions {
            Some(functions) => functions.id(gate.next) == functions.id(gold.next),
            None => true,
        });
        match twin {
            Some((gate, gold)) => {
                lines.push(format!(".names {} {}\n1 1", gold.q, gate.q));
                unequal.push((gold.next, gate.next));
            }
            None => lines.push(line.to_owned()),
        }
    }
    let [differ, may_now] = OUTPUTS;
    let start = ".names unequal_0".to_owned();
    let chain = unequal.iter().enumerate().map(|(at, (gold, gate))| {
        format!(".names unequal_{at} {gold} {gate} unequal_{}\n1-- 1\n-10 1\n-01 1", at + 1)
    });
    let end = format!(".names {differ} {may_now} unequal_{} bad\n1-- 1\n-11 1\n.end", unequal.len());
    with_output(lines.into_iter().chain([start]).chain(chain).chain([end]), "bad")
}

/// For each register of `gate` the one of that name of `gold`, if both start with the same.
fn twins(miter: &str) -> HashMap<&str, Latch<'_>> {
    let latches = || miter.lines().filter_map(latch);
    let gold: HashMap<&str, Latch> =
        latches().filter_map(|latch| Some((latch.q.strip_prefix("gold.")?, latch))).collect();
    let twin = |gate: Latch<'_>| {
        let gold = *gold.get(gate.q.strip_prefix("gate.")?)?;
        Some(gold).filter(|gold| gold.first == gate.first)
    };
    latches().filter_map(|gate| Some((gate.q, twin(gate)?))).collect()
}

/// For each register of `gate` one of `gold` that holds the same under random inputs.
fn alike_twins(miter: &str) -> HashMap<&str, Latch<'_>> {
    let latches: HashMap<&str, Latch> =
        miter.lines().filter_map(latch).map(|latch| (latch.q, latch)).collect();
    alike(miter).into_iter().map(|(gate, gold)| (gate, latches[gold])).collect()
}

/// Which nets are the same function of registers and inputs, where twins are one register: those of one structure.
struct Functions<'a> {
    twins: &'a HashMap<&'a str, Latch<'a>>,
    /// The inputs of the gate that drives a net, and its truth table.
    gates: HashMap<&'a str, (Vec<&'a str>, Vec<&'a str>)>,
    ids: HashMap<&'a str, usize>,
    structures: HashMap<(Vec<usize>, Vec<&'a str>), usize>,
}

impl<'a> Functions<'a> {
    fn of(miter: &'a str, twins: &'a HashMap<&'a str, Latch<'a>>) -> Self {
        let mut gates = HashMap::new();
        let mut lines = miter.lines().peekable();
        while let Some(line) = lines.next() {
            let Some(Gate { mut nets, table }) = gate(line, &mut lines) else { continue };
            if let Some(output) = nets.pop() {
                gates.insert(output, (nets, table));
            }
        }
        Self { twins, gates, ids: HashMap::new(), structures: HashMap::new() }
    }

    fn id(&mut self, net: &'a str) -> usize {
        if let Some(id) = self.ids.get(net) {
            return *id;
        }
        let id = match self.gates.get(net).cloned() {
            Some((inputs, table)) => {
                let mut inputs: Vec<usize> = inputs.into_iter().map(|input| self.id(input)).collect();
                inputs.sort_unstable(); // gates of two inputs are symmetric
                let fresh = self.structures.len();
                *self.structures.entry((inputs, table)).or_insert(fresh)
            }
            None => {
                let fresh = self.structures.len();
                let name = self.twins.get(net).map_or(net, |gold| gold.q);
                *self.structures.entry((Vec::new(), vec![".input", name])).or_insert(fresh)
            }
        };
        self.ids.insert(net, id);
        id
    }
}

fn with_output(lines: impl Iterator<Item = String>, output: &str) -> String {
    let line = |line: String| if line.starts_with(".outputs ") { format!(".outputs {output}") } else { line };
    lines.map(line).fold(String::new(), |text, line| text + &line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const MITER: &str = ".model equivalence\n.inputs clk x\n.outputs differ may_now\n.latch x gold.a re clk 0\n\
                         .latch y gate.a re clk 0\n.latch y gate.b re clk 0\n.latch x gold.c re clk 0\n.latch y gate.c re clk 1\n\
                         .names gold.a gate.a differ\n10 1\n01 1\n.end\n";

    #[test]
    fn registers_of_one_name_become_one() {
        let one = with_one_state(MITER, Shared::All);
        assert!(one.contains(".outputs bad\n") && one.contains(".names gold.a gate.a\n1 1\n"), "{one}");
        assert!(!one.contains(".latch y gate.a"), "{one}");
        assert!(one.contains(".names unequal_0 x y unequal_1\n"), "what they hold next is compared: {one}");
        assert!(one.contains(".latch y gate.b"), "without a twin: {one}");
        assert!(one.contains(".latch y gate.c"), "they start differently: {one}");
        assert!(one.ends_with(".names differ may_now unequal_1 bad\n1-- 1\n-11 1\n.end\n"), "{one}");
    }

    #[test]
    fn registers_that_a_fault_reaches_stay_two() {
        let gate = ".names gate.a x n\n11 1\n.names x gold.a m\n11 1\n.names x k\n0 1\n";
        let latches = ".latch m gold.a re clk 0\n.latch n gate.a re clk 0\n.latch m gold.b re clk 0\n.latch k gate.b re clk 0\n";
        let miter = format!(".outputs differ may_now\n{latches}{gate}.end\n");
        let one = with_one_state(&miter, Shared::Unreached);
        assert!(!one.contains(".latch n gate.a"), "the same function of the shared register: {one}");
        assert!(one.contains(".latch k gate.b"), "another function: {one}");
    }

    #[test]
    fn the_miter_has_one_output() {
        assert_eq!(of_one_output(MITER), MITER.replace(".outputs differ may_now", ".outputs differ"));
    }
}

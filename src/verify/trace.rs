//! Inputs that tell two designs apart, simulated in the circuit of both.

use super::logic::Logic;
use super::vcd;

/// Before the name of a port in the circuit's outputs: 1 where the two differ there.
pub(super) const DIFFERS: &str = "_differs_";

/// What each net of a circuit is in each cycle.
pub(super) struct Trace<'a> {
    names: Vec<&'a str>,
    cycles: Vec<Vec<bool>>,
}

impl<'a> Trace<'a> {
    /// Of `circuit`, in the format BLIF, with the `inputs` that ABC writes: a line of what registers hold at first, then a line of bits for
    /// each cycle, in the order of the circuit's inputs.
    pub(super) fn of(circuit: &'a str, inputs: &str) -> Self {
        let logic = Logic::read(circuit);
        let mut nets = logic.start();
        let cycle = |line: &str| {
            logic.settle(&mut nets, line.bytes().map(|bit| u64::from(bit == b'1')));
            let seen = nets.iter().map(|net| net & 1 == 1).collect();
            logic.clock(&mut nets);
            seen
        };
        let cycles = inputs.lines().skip(1).filter(|line| !line.starts_with('#')).map(cycle).collect();
        Self { names: logic.names, cycles }
    }

    /// The first cycle in which the two differ, and the ports at which they do.
    pub(super) fn difference(&self) -> Option<(u32, Vec<String>)> {
        let ports = |nets: &Vec<bool>| -> Vec<String> {
            let nets = self.names.iter().zip(nets).filter(|(_, value)| **value);
            nets.filter_map(|(name, _)| name.strip_prefix(DIFFERS).map(str::to_owned)).collect()
        };
        let mut differing = (0..).zip(self.cycles.iter().map(ports));
        differing.find(|(_, ports)| !ports.is_empty())
    }

    /// The waveform, in the format VCD: ten steps a cycle, at whose begin the clock rises.
    pub(super) fn vcd(&self) -> String {
        vcd::text(&self.names, &self.cycles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A counter of two bits next to one whose high bit does not toggle.
    const COUNTERS: &str = ".model m\n.inputs clk step\n.outputs _differs_y differ\n.names differ_1 differ\n1 1\n\
                            .names _differs_y differ_1\n1 1\n.names gold.c[1] gate.c[1] _differs_y\n10 1\n01 1\n\
                            .names step gold.c[0] n\n10 1\n01 1\n.names carry gold.c[1] m\n10 1\n01 1\n.names step gold.c[0] carry\n11 1\n\
                            .names zero\n.names one\n1\n\
                            .latch n gold.c[0] re clk 0\n.latch m gold.c[1] re clk 0\n.latch zero gate.c[1] re clk 0\n.end\n";

    #[test]
    fn a_difference_is_seen_in_its_cycle() {
        let trace = Trace::of(COUNTERS, "000\n01\n00\n01\n00\n# DONE\n");
        assert_eq!(trace.cycles.len(), 4);
        assert_eq!(trace.difference(), Some((3, vec!["y".into()])));
        assert_eq!(Trace::of(COUNTERS, "000\n01\n00\n00\n").difference(), None);
    }

    #[test]
    fn the_waveform_has_the_registers_of_both() {
        let vcd = Trace::of(COUNTERS, "000\n01\n00\n01\n00\n# DONE\n").vcd();
        let (verilog, netlist) = vcd.split_once("$scope module netlist $end").expect("two scopes");
        assert!(verilog.contains(" c [1:0] $end"), "{vcd}");
        assert!(netlist.contains(" c [1:1] $end") && netlist.contains("\n#30\n"), "{vcd}");
        assert!(vcd.contains("\nb10 "), "the counter is 2 at the end: {vcd}");
    }
}

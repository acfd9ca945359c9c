//! A waveform in the format VCD.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Bits of one name: the number of each bit, and its net.
type Bits = BTreeMap<usize, usize>;

/// What nets of these names are in each cycle, ten steps a cycle, at whose begin the clock rises. Bits `x[0]`, `x[1]` are one vector;
/// a name after `gold.` is in the scope `verilog`, after `gate.` in `netlist`. Nets without a name of their own are left out.
pub(super) fn text(names: &[&str], cycles: &[Vec<bool>]) -> String {
    let mut scopes: [(&str, BTreeMap<&str, Bits>); 3] =
        ["", "verilog", "netlist"].map(|scope| (scope, BTreeMap::new()));
    for (net, name) in names.iter().enumerate() {
        if name.contains(['$', '~']) || *name == "clk" {
            continue;
        }
        let (scope, name) = match (name.strip_prefix("gold."), name.strip_prefix("gate.")) {
            (Some(name), _) => (1, name),
            (_, Some(name)) => (2, name),
            _ => (0, *name),
        };
        let (name, bit) = bit_of(name);
        scopes[scope].1.entry(name).or_default().insert(bit, net);
    }
    let mut vcd = String::from("$timescale 1 ns $end\n$scope module both $end\n$var wire 1 clk clk $end\n");
    for (scope, vectors) in &scopes {
        if !scope.is_empty() {
            line(&mut vcd, format_args!("$scope module {scope} $end"));
        }
        for (name, bits) in vectors {
            let (low, high) = ends(bits);
            let span = if (low, high) == (0, 0) { String::new() } else { format!(" [{high}:{low}]") };
            line(&mut vcd, format_args!("$var wire {} {} {name}{span} $end", high - low + 1, id(bits)));
        }
        if !scope.is_empty() {
            vcd += "$upscope $end\n";
        }
    }
    vcd += "$upscope $end\n$enddefinitions $end\n";
    let vectors: Vec<&Bits> = scopes.iter().flat_map(|(_, vectors)| vectors.values()).collect();
    let mut before: Vec<String> = vec![String::new(); vectors.len()];
    for (cycle, nets) in cycles.iter().enumerate() {
        line(&mut vcd, format_args!("#{}\n1clk", 10 * cycle));
        for (bits, before) in vectors.iter().zip(&mut before) {
            let value = value(bits, nets);
            if value != *before {
                line(&mut vcd, format_args!("b{value} {}", id(bits)));
                *before = value;
            }
        }
        line(&mut vcd, format_args!("#{}\n0clk", 10 * cycle + 5));
    }
    line(&mut vcd, format_args!("#{}", 10 * cycles.len()));
    vcd
}

fn line(vcd: &mut String, text: std::fmt::Arguments) {
    writeln!(vcd, "{text}").expect("writing to a string does not fail");
}

/// `x` and 3 of `x[3]`; of a name without a number, 0.
fn bit_of(name: &str) -> (&str, usize) {
    let numbered = name.strip_suffix(']').and_then(|name| name.rsplit_once('['));
    numbered.and_then(|(name, bit)| Some((name, bit.parse().ok()?))).unwrap_or((name, 0))
}

fn ends(bits: &Bits) -> (usize, usize) {
    let end = |bit: Option<(&usize, &usize)>| bit.map_or(0, |(bit, _)| *bit);
    (end(bits.first_key_value()), end(bits.last_key_value()))
}

/// What a vector is called in the list of changes: after its first net.
fn id(bits: &Bits) -> String {
    format!("n{}", bits.values().next().unwrap_or(&0))
}

/// The highest bit first; `x` for one that no net is left of.
fn value(bits: &Bits, nets: &[bool]) -> String {
    let (low, high) = ends(bits);
    let digit = |bit| bits.get(&bit).map_or('x', |net| if nets[*net] { '1' } else { '0' });
    (low..=high).rev().map(digit).collect()
}

//! A placed design as Verilog that can be simulated: the cells as the place-and-route program packed them, with what we put
//! right among them, which is what becomes the bitstream.

use super::board_top::{Around, board_top};
use super::cells::{Gates, gates_with};
use super::design::Design;
use super::scan_host::scan_host;
use super::{FlowError, read_json, write};
use crate::device::{Board, Correction, Family, PlacedCells};
use crate::tools::Toolchain;
use crate::verilog::SourceFile;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// What a simulation reads at inputs that are not connected, where the device reads something all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    Low,
    High,
    /// Registers of the design, another at each input: as good as random, and never a loop.
    Registers,
}

/// The file in which the notes on what was put right are, next to the placed design.
pub const CORRECTIONS: &str = "corrections.json";

/// Puts right what the family's place-and-route program is known to set wrongly in the file `placed` in `folder`, and writes
/// [`CORRECTIONS`].
pub fn correct(family: Family, folder: &Path, placed: &str) -> Result<(), FlowError> {
    let mut notes = Vec::new();
    if !family.corrections.is_empty() {
        let mut design: Value = read_json(&folder.join(placed))?;
        for correction in family.corrections {
            match corrected(&mut design, correction) {
                0 => {}
                cells => notes.push(format!("{cells} {}", correction.note)),
            }
        }
        write(folder, placed, &design.to_string())?;
    }
    write(folder, CORRECTIONS, &Value::from(notes).to_string())
}

/// The notes that [`correct`] wrote.
pub fn corrections(folder: &Path) -> Result<Vec<String>, FlowError> {
    read_json(&folder.join(CORRECTIONS))
}

/// Makes the correction in all cells that need it, and gives their number.
fn corrected(design: &mut Value, correction: &Correction) -> usize {
    let Correction { cell: kind, mark: (mark, marked), parameter, wrong, right, .. } = correction;
    let modules = design["modules"].as_object_mut().into_iter().flatten();
    let cells = modules.flat_map(|(_, module)| module["cells"].as_object_mut().into_iter().flatten());
    let mut count = 0;
    for (_, cell) in cells.filter(|(_, cell)| cell["type"] == *kind) {
        let Some(parameters) = cell["parameters"].as_object_mut() else { continue };
        let is_marked = parameters.get(*mark).and_then(Value::as_str).is_some_and(|it| it.trim() == *marked);
        let Some(value) = parameters.get(*parameter).and_then(Value::as_str) else { continue };
        let Some(high) = value.strip_suffix(wrong).filter(|_| is_marked) else { continue };
        let value = format!("{high}{right}");
        parameters.insert((*parameter).into(), value.into());
        count += 1;
    }
    count
}

#[derive(Deserialize)]
struct Placed {
    modules: BTreeMap<String, Module>,
}

#[derive(Deserialize)]
struct Module {
    ports: BTreeMap<String, Port>,
    cells: BTreeMap<String, Cell>,
}

#[derive(Deserialize)]
struct Port {
    direction: String,
    bits: Vec<Value>,
}

#[derive(Deserialize)]
struct Cell {
    r#type: String,
    parameters: BTreeMap<String, String>,
    connections: BTreeMap<String, Vec<Value>>,
}

/// The placed design in the file `placed`, which holds `design` on `board` timed for `wanted_mhz`, as Verilog: of a shift register after module
/// `<design>_host`, whose streams are those of the design, else as module `<design>_board`.
///
/// # Errors
/// If the family has no models of placed cells, or not of one that is in the design.
pub fn placed(
    toolchain: &Toolchain,
    design: &Design,
    board: &Board,
    wanted_mhz: f64,
    placed: &Path,
    open: Open,
) -> Result<Gates, FlowError> {
    let Some(known) = &board.family.placed else {
        return Err(FlowError::NoPlacedCells { board: board.title.clone() });
    };
    let Placed { modules } = read_json(placed)?;
    let cells = || modules.values().flat_map(|module| module.cells.values());
    let kinds = cells().map(|cell| cell.r#type.as_str());
    let (name, ours) = known.ours;
    let is_ours = |kind: &&str| ours.contains(&format!("module {kind} "));
    if let Some(cell) = kinds.filter(|kind| !is_ours(kind)).find(|kind| !known.is_theirs(kind)) {
        return Err(FlowError::NotModelled { cell: cell.into(), board: board.title.clone() });
    }
    let text = modules.values().map(|module| verilog(&format!("{}_board", design.name), module, known, open));
    let netlist = SourceFile { name: "placed.v".into(), text: text.collect() };
    let mut gates = gates_with(toolchain, board.family, netlist, &[(name, ours)])?;
    if let Around::Scan(scanned) = board_top(design, board, wanted_mhz)?.around {
        gates.sources.insert(0, scan_host(design, &scanned));
    }
    Ok(gates)
}

fn verilog(name: &str, module: &Module, known: &PlacedCells, open: Open) -> String {
    let net = |bit: &Value| match bit.as_u64() {
        Some(number) => format!("n{number}"),
        None => format!("1'b{}", bit.as_str().unwrap_or("x")),
    };
    let ports: Vec<String> =
        module.ports.iter().map(|(name, port)| format!("{} {name}", port.direction)).collect();
    let mut text = format!("module {name} ({});\n", ports.join(", "));
    let of_cells = module.cells.values().flat_map(|cell| cell.connections.values());
    let mut nets: Vec<u64> = of_cells.flatten().filter_map(Value::as_u64).collect();
    nets.extend(module.ports.values().flat_map(|port| &port.bits).filter_map(Value::as_u64));
    nets.sort_unstable();
    nets.dedup();
    nets.iter().for_each(|number| put(&mut text, format_args!("    wire n{number};")));
    for (name, port) in &module.ports {
        let bits = bits(&port.bits, net);
        match port.direction.as_str() {
            "input" => put(&mut text, format_args!("    assign {bits} = {name};")),
            _ => put(&mut text, format_args!("    assign {name} = {bits};")),
        }
    }
    let registers: Vec<String> =
        module.cells.values().filter_map(|cell| register(cell, known)).map(net).collect();
    let mut opened = 0;
    for (number, (name, cell)) in module.cells.iter().enumerate() {
        let connected = cell.connections.iter().filter(|(_, wires)| !wires.is_empty());
        let mut wired: Vec<String> =
            connected.map(|(port, wires)| format!(".{port}({})", bits(wires, net))).collect();
        for input in known.open_inputs(&cell.r#type) {
            if cell.connections.get(*input).is_none_or(Vec::is_empty) {
                wired.push(format!(".{input}({})", read_when_open(open, opened, &registers)));
                opened += 1;
            }
        }
        let parameters: Vec<String> =
            cell.parameters.iter().map(|(name, value)| format!(".{name}({})", constant(value))).collect();
        let parameters = parameters.join(", ");
        put(
            &mut text,
            format_args!(
                "    // {name}\n    {} #({parameters}) c{number} ({});",
                cell.r#type,
                wired.join(", ")
            ),
        );
    }
    text + "endmodule\n"
}

fn put(text: &mut String, line: std::fmt::Arguments) {
    writeln!(text, "{line}").expect("writing to a string does not fail");
}

/// The wires of a port, of which the JSON lists the lowest first.
fn bits(wires: &[Value], net: impl Fn(&Value) -> String) -> String {
    match wires {
        [wire] => net(wire),
        _ => format!("{{{}}}", wires.iter().rev().map(net).collect::<Vec<_>>().join(", ")),
    }
}

fn register<'c>(cell: &'c Cell, known: &PlacedCells) -> Option<&'c Value> {
    cell.connections.get(known.register_output(&cell.r#type)?)?.first()
}

fn read_when_open(open: Open, index: usize, registers: &[String]) -> String {
    match (open, registers) {
        (Open::Low, _) => "1'b0".into(),
        (Open::High, _) | (Open::Registers, []) => "1'b1".into(),
        // A stride that spreads neighbours over the design.
        (Open::Registers, _) => registers[(index * 7919) % registers.len()].clone(),
    }
}

/// A parameter's value: digits of 0 and 1 are a number, all else is text.
fn constant(value: &str) -> String {
    let value = value.trim();
    match !value.is_empty() && value.bytes().all(|digit| matches!(digit, b'0' | b'1')) {
        true => format!("{}'b{value}", value.len()),
        false => format!("\"{value}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn head(net_type: &str, table: &str) -> Value {
        let cell = json!({ "type": "ALU", "parameters": { "CIN_NETTYPE": net_type, "RAW_ALU_LUT": table } });
        json!({ "modules": { "top": { "cells": { "head": cell } } } })
    }

    /// The table of a head is replaced, and the same table elsewhere stays: there it adds one.
    #[test]
    fn only_a_head_that_a_signal_enters_is_put_right() {
        let [correction] = Family::GOWIN.corrections else { panic!("one is known") };
        let wrong = "00000000000000000101000001011010";
        for (net_type, count) in [("LOGIC", 1), ("LOGIC ", 1), ("GND", 0)] {
            let mut design = head(net_type, wrong);
            assert_eq!(corrected(&mut design, correction), count, "{net_type}");
            let table = &design["modules"]["top"]["cells"]["head"]["parameters"]["RAW_ALU_LUT"];
            let right = if count == 1 { "00000000000000000000000000001010" } else { wrong };
            assert_eq!(table, right);
            assert_eq!(corrected(&mut design, correction), 0, "once");
        }
    }

    #[test]
    fn open_inputs_are_wired() {
        let module: Module = serde_json::from_value(json!({
            "ports": { "clk": { "direction": "input", "bits": [1] }, "q": { "direction": "output", "bits": [4] } },
            "cells": {
                "r": { "type": "DFF", "parameters": { "INIT": "0" }, "connections": { "CLK": [1], "D": [3], "Q": [4] } },
                "a": { "type": "ALU", "parameters": { "ALU_MODE": "C2L" }, "connections": { "CIN": [], "I0": [4], "SUM": [3] } },
            },
        }))
        .unwrap();
        let known = Family::GOWIN.placed.as_ref().unwrap();
        let text = verilog("top", &module, known, Open::Registers);
        let alu =
            "    ALU #(.ALU_MODE(\"C2L\")) c0 (.I0(n4), .SUM(n3), .I1(n4), .I2(n4), .I3(n4), .CIN(n4));";
        assert!(text.contains(alu), "{text}");
        assert!(verilog("top", &module, known, Open::High).contains(".I3(1'b1), .CIN(1'b1)"));
        assert!(text.contains("    DFF #(.INIT(1'b0)) c1 (.CLK(n1), .D(n3), .Q(n4));"), "{text}");
        assert!(text.contains("    assign n1 = clk;\n    assign q = n4;"), "{text}");
    }
}

//! Evaluates a flat netlist of look-up tables, carries and flip-flops for 256 vectors at once: event-driven simulation of the same
//! takes minutes.

use serde_json::{Map, Value};
use std::collections::HashMap;

/// A bit of each vector.
pub type Bits = [u64; 4];

/// Where a bit comes from.
#[derive(Clone, Copy)]
enum Net {
    Constant(bool),
    Number(usize),
}

enum Kind {
    /// A table of four inputs.
    Table(u16),
    /// The majority of three.
    Carry,
    /// Two bits of ECP5's carry chain: two tables, and whether the upper and the lower half of each takes part in the carry.
    Pair([u16; 2]),
    FlipFlop,
}

struct Cell {
    kind: Kind,
    inputs: Vec<Net>,
    outputs: Vec<Option<usize>>,
}

/// A netlist with the values of its nets.
pub struct Cells {
    /// In an order in which they can be evaluated; flip-flops last.
    cells: Vec<Cell>,
    flip_flops: usize,
    ports: HashMap<String, Vec<Net>>,
    values: Vec<Bits>,
}

impl Cells {
    /// The module `top` of a file of Yosys's `write_json`.
    pub fn read(text: &str, top: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let module = &json["modules"][top];
        let mut cells = Vec::new();
        for (name, cell) in module["cells"].as_object().ok_or("no cells")? {
            cells.extend(Cell::read(cell).map_err(|why| format!("cell {name}: {why}"))?);
        }
        let mut ports = HashMap::new();
        for (name, port) in module["ports"].as_object().ok_or("no ports")? {
            ports.insert(name.clone(), nets(&port["bits"])?);
        }
        let in_ports = ports.values().flatten().copied();
        let in_cells = cells.iter().flat_map(|cell| cell.inputs.iter().copied());
        let outputs = cells.iter().flat_map(|cell| cell.outputs.iter().flatten().copied());
        let numbers = in_ports.chain(in_cells).filter_map(|net| match net {
            Net::Number(number) => Some(number),
            Net::Constant(_) => None,
        });
        let most = numbers.chain(outputs).max().unwrap_or(0);
        let (cells, flip_flops) = ordered(cells, most + 1)?;
        Ok(Self { cells, flip_flops, ports, values: vec![[0; 4]; most + 1] })
    }

    /// Gives bit `bit` of the joined `ports` the value `value(bit, vector)` in each vector.
    pub fn set(&mut self, ports: &[String], value: impl Fn(usize, usize) -> bool) -> Result<(), String> {
        for (bit, net) in self.nets(ports)?.into_iter().enumerate() {
            if let Net::Number(number) = net {
                for vector in 0..256 {
                    self.values[number][vector / 64] |= u64::from(value(bit, vector)) << (vector % 64);
                }
            }
        }
        Ok(())
    }

    /// Evaluates all cells, with `edges` clock edges between.
    pub fn run(&mut self, edges: usize) {
        for edge in 0..=edges {
            for cell in &self.cells[..self.flip_flops] {
                cell.evaluate(&mut self.values);
            }
            if edge < edges {
                let flip_flops = &self.cells[self.flip_flops..];
                let next: Vec<Bits> =
                    flip_flops.iter().map(|cell| value(cell.inputs[0], &self.values)).collect();
                for (cell, next) in flip_flops.iter().zip(next) {
                    self.values[cell.outputs[0].expect("an output")] = next;
                }
            }
        }
    }

    /// The bits of the joined `ports`.
    pub fn get(&self, ports: &[String]) -> Result<Vec<Bits>, String> {
        Ok(self.nets(ports)?.into_iter().map(|net| value(net, &self.values)).collect())
    }

    fn nets(&self, ports: &[String]) -> Result<Vec<Net>, String> {
        let of_port = |port: &String| self.ports.get(port).cloned().ok_or_else(|| format!("no port {port}"));
        Ok(ports.iter().map(of_port).collect::<Result<Vec<_>, _>>()?.concat())
    }
}

/// `cells`, each after those that it reads, and how many of them are no flip-flops, which come last.
fn ordered(cells: Vec<Cell>, nets: usize) -> Result<(Vec<Cell>, usize), String> {
    let is_flip_flop = |cell: &Cell| matches!(cell.kind, Kind::FlipFlop);
    let (flip_flops, mut open): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(is_flip_flop);
    let mut pending = vec![false; nets];
    open.iter().flat_map(|cell| cell.outputs.iter().flatten()).for_each(|&output| pending[output] = true);
    let mut ordered = Vec::new();
    while !open.is_empty() {
        let reads_pending = |cell: &Cell| {
            cell.inputs.iter().any(|net| matches!(net, Net::Number(number) if pending[*number]))
        };
        let (waiting, ready): (Vec<Cell>, Vec<Cell>) = open.into_iter().partition(reads_pending);
        if ready.is_empty() {
            return Err("a loop of cells".into());
        }
        ready
            .iter()
            .flat_map(|cell| cell.outputs.iter().flatten())
            .for_each(|&output| pending[output] = false);
        ordered.extend(ready);
        open = waiting;
    }
    let count = ordered.len();
    ordered.extend(flip_flops);
    Ok((ordered, count))
}

impl Cell {
    /// None for what computes nothing.
    fn read(cell: &Value) -> Result<Option<Self>, String> {
        let empty = Map::new();
        let pins = cell["connections"].as_object().unwrap_or(&empty);
        let net = |pin: &str| match pins.get(pin).map(nets).transpose()? {
            Some(nets) => nets.first().copied().ok_or_else(|| format!("pin {pin} has no bit")),
            None => Ok(Net::Constant(false)),
        };
        let input = |names: &[&str]| names.iter().map(|name| net(name)).collect::<Result<Vec<_>, String>>();
        let output = |names: &[&str]| -> Result<Vec<Option<usize>>, String> {
            let number = |name: &&str| {
                Ok(match net(name)? {
                    Net::Number(number) => Some(number),
                    Net::Constant(_) => None,
                })
            };
            names.iter().map(number).collect()
        };
        // Yosys puts a space after a text that would read as a number.
        let parameter = |name: &str| cell["parameters"][name].as_str().unwrap_or("").trim().to_string();
        let table =
            |name: &str| u16::from_str_radix(&parameter(name), 2).map_err(|error| format!("{name}: {error}"));
        let new = |kind, inputs, outputs| Ok(Some(Self { kind, inputs, outputs }));
        match cell["type"].as_str().unwrap_or("") {
            "SB_LUT4" => {
                new(Kind::Table(table("LUT_INIT")?), input(&["I0", "I1", "I2", "I3"])?, output(&["O"])?)
            }
            "LUT4" => new(Kind::Table(table("INIT")?), input(&["A", "B", "C", "D"])?, output(&["Z"])?),
            "SB_CARRY" => new(Kind::Carry, input(&["I0", "I1", "CI"])?, output(&["CO"])?),
            "CCU2C" if parameter("INJECT1_0") == "NO" && parameter("INJECT1_1") == "NO" => new(
                Kind::Pair([table("INIT0")?, table("INIT1")?]),
                input(&["A0", "B0", "C0", "D0", "A1", "B1", "C1", "D1", "CIN"])?,
                output(&["S0", "S1", "COUT"])?,
            ),
            "SB_DFF" => new(Kind::FlipFlop, input(&["D"])?, output(&["Q"])?),
            "TRELLIS_FF" if parameter("CEMUX") == "1" && matches!(net("LSR")?, Net::Constant(false)) => {
                new(Kind::FlipFlop, input(&["DI"])?, output(&["Q"])?)
            }
            "$scopeinfo" => Ok(None),
            other => Err(format!("a {other} is not simulated")),
        }
    }

    fn evaluate(&self, values: &mut [Bits]) {
        let inputs: Vec<Bits> = self.inputs.iter().map(|net| value(*net, values)).collect();
        let results: Vec<Bits> = match self.kind {
            Kind::Table(table) => vec![look_up(table, &inputs)],
            Kind::Carry => {
                let [a, b, c] = inputs[..] else { unreachable!("three inputs") };
                vec![words(|word| a[word] & b[word] | a[word] & c[word] | b[word] & c[word])]
            }
            Kind::Pair(tables) => {
                let mut carry = inputs[8];
                let mut results = Vec::new();
                for (table, inputs) in tables.into_iter().zip(inputs.chunks(4)) {
                    let passes = look_up(table, inputs);
                    // The carry that is made where none passes is the lower quarter of the table.
                    let made =
                        look_up(table & 0xf | table << 4 & 0xf0 | table << 8 & 0xf00 | table << 12, inputs);
                    results.push(words(|word| passes[word] ^ carry[word]));
                    carry = words(|word| passes[word] & carry[word] | !passes[word] & made[word]);
                }
                results.push(carry);
                results
            }
            Kind::FlipFlop => unreachable!("flip-flops have edges"),
        };
        for (output, result) in self.outputs.iter().zip(results) {
            if let Some(number) = output {
                values[*number] = result;
            }
        }
    }
}

/// What `table` holds for the inputs, the first of which is the least significant bit of the place.
fn look_up(table: u16, inputs: &[Bits]) -> Bits {
    words(|word| {
        let place = |place: u16| {
            let input =
                |(bit, input): (usize, &Bits)| if place >> bit & 1 == 1 { input[word] } else { !input[word] };
            inputs.iter().enumerate().map(input).fold(u64::MAX, |all, input| all & input)
        };
        (0..16).filter(|at| table >> at & 1 == 1).map(place).fold(0, |any, place| any | place)
    })
}

fn words(of: impl Fn(usize) -> u64) -> Bits {
    [0, 1, 2, 3].map(of)
}

fn value(net: Net, values: &[Bits]) -> Bits {
    match net {
        Net::Constant(set) => [if set { u64::MAX } else { 0 }; 4],
        Net::Number(number) => values[number],
    }
}

fn nets(bits: &Value) -> Result<Vec<Net>, String> {
    let net = |bit: &Value| match (bit.as_u64(), bit.as_str()) {
        (Some(number), _) => Ok(Net::Number(number as usize)),
        (_, Some("1")) => Ok(Net::Constant(true)),
        (_, Some("0" | "x" | "z")) => Ok(Net::Constant(false)),
        _ => Err(format!("{bit} is no bit")),
    };
    bits.as_array().ok_or("no bits")?.iter().map(net).collect()
}

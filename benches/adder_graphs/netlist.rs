//! Counts the look-up tables of a netlist that has computed the products of the matrix.

use super::cells::Cells;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use ternlet::device::Family;
use ternlet::hdl::signed;
use ternlet::stream::{Port, Ports};
use ternlet::tools::{Tool, Toolchain};
use ternlet::verilog::SourceFile;

/// Vectors that a netlist is simulated with.
const VECTORS: usize = 256;

/// A circuit that computes the product of a matrix and a vector of signed bytes.
pub struct Candidate {
    /// Its top module.
    pub top: &'static str,
    pub sources: Vec<SourceFile>,
    /// The ports that take the bytes, from column 0 up.
    pub x: Vec<String>,
    /// The ports that give the products, from row 0 up.
    pub y: Vec<String>,
    /// Bits of each product one after the other, and whether it is signed.
    pub products: Vec<(u32, bool)>,
    /// Clock cycles from `x` to `y`.
    pub latency: usize,
}

/// The look-up tables of `candidate`, after its netlist has passed simulation; none if it has not, or there is no netlist.
pub fn count(
    toolchain: &Toolchain,
    yosys: &Tool,
    candidate: &Candidate,
    matrix: &[Vec<i64>],
    family: Family,
) -> Option<u64> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    for source in &candidate.sources {
        fs::write(folder.join(&source.name), &source.text).expect("a temporary file");
    }
    let names: Vec<&str> = candidate.sources.iter().map(|source| source.name.as_str()).collect();
    let (command, top) = (family.synthesis_command(true), candidate.top);
    let script = format!(
        "read_verilog -sv {}; {command} -top {top}; tee -q -o counts.json stat -json; \
         setattr -mod -unset keep_hierarchy *; flatten; write_json netlist.json",
        names.join(" ")
    );
    {
        let _step =
            toolchain.progress().task(&format!("Yosys {} on {top} for {}", yosys.version, family.name));
        // Yosys 0.23 does not read all that a peer writes.
        if let Err(error) = yosys.run(folder, &["-q", "-p", &script]) {
            println!("  {top}: {error}");
            return None;
        }
    }
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("what Yosys wrote");
    if let Err(why) = holds(candidate, matrix, &read("netlist.json")) {
        println!("  {top}: {why}");
        return None;
    }

    #[derive(Deserialize)]
    struct Statistics {
        design: Total,
    }
    #[derive(Deserialize)]
    struct Total {
        num_cells_by_type: BTreeMap<String, u64>,
    }
    let statistics: Statistics = serde_json::from_str(&read("counts.json")).expect("the statistics of Yosys");
    let cells = &statistics.design.num_cells_by_type;
    Some(family.count(cells.iter().map(|(cell, number)| (cell.as_str(), *number))).lut4)
}

/// Whether the netlist computes the products of random vectors and of extreme ones, or why not.
fn holds(candidate: &Candidate, matrix: &[Vec<i64>], netlist: &str) -> Result<(), String> {
    let columns = matrix[0].len();
    let port = Port::vectors("x", "x", columns, signed(8), columns);
    let drawn = ternlet::stream::random(&Ports { inputs: vec![port], outputs: Vec::new() }, VECTORS, 27);
    let vectors: Vec<&[i64]> = drawn[0].values.chunks(columns).take(VECTORS).collect();
    let mut cells = Cells::read(netlist, candidate.top)?;
    let byte = |vector: &&[i64], bit: usize| vector[bit / 8] >> (bit % 8) & 1 == 1;
    cells.set(&candidate.x, |bit, vector| vectors.get(vector).is_some_and(|vector| byte(vector, bit)))?;
    cells.run(candidate.latency);
    let y = cells.get(&candidate.y)?;
    let mut low = 0;
    for (row, &(width, is_signed)) in matrix.iter().zip(&candidate.products) {
        for (place, vector) in vectors.iter().enumerate() {
            let bit = |bit: u32| i64::from(y[low + bit as usize][place / 64] >> (place % 64) & 1 == 1);
            let sum = (0..width).map(|place| bit(place) << place).sum::<i64>();
            let sum = if is_signed { sum - (bit(width - 1) << width) } else { sum };
            let product: i64 = vector.iter().zip(row).map(|(x, weight)| x * weight).sum();
            if sum != product {
                return Err(format!(
                    "its netlist computes {sum} where {row:?} times {vector:?} is {product}"
                ));
            }
        }
        low += width as usize;
    }
    Ok(())
}

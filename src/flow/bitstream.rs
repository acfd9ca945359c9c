//! A bitstream of an iCE40, turned back into Verilog that can be simulated: what will be loaded is what is tested.
//!
//! Project IceStorm's `iceunpack` and `icebox_vlog` read the configuration bits; nothing of what made them is used but the
//! names of the board's pins. The streams are reached as on the board: by its serial line, or through a shift register by a
//! model of the host at its four pins.

use super::board_top::{Around, BoardTop, board_top};
use super::cells::{Gates, gates};
use super::design::Design;
use super::scan_host::scan_host;
use super::{FlowError, read, write, yosys};
use crate::device::Board;
use crate::tools::{ToolError, Toolchain, key};
use crate::verilog::SourceFile;
use std::fs;
use std::path::Path;

/// The bitstream in the file `bitstream`, which holds `design` on `board` timed for `wanted_mhz`, as Verilog: of a shift register after
/// module `<design>_host`, whose streams are those of the design, else as module `<design>_board`.
///
/// # Errors
/// If the board is no iCE40, or the clock is not the one that the board top asks for. Cells that IceStorm's Verilog leaves
/// out, DSP and SPRAM, are the caller's to refuse: they cannot be seen in it.
pub fn unpacked(
    toolchain: &Toolchain,
    design: &Design,
    board: &Board,
    wanted_mhz: f64,
    bitstream: &Path,
) -> Result<Gates, FlowError> {
    if !board.family.unpacks {
        return Err(FlowError::NotUnpackable { board: board.title.clone() });
    }
    let (unpack, icebox, yosys) =
        (toolchain.find("iceunpack")?, toolchain.icebox_vlog()?, toolchain.yosys()?);
    let bits = fs::read(bitstream).map_err(ToolError::at(bitstream))?;
    let chip = format!("{}_board", design.name);
    let pins = board.family.constraints_file;
    let script = format!(
        "read_verilog chip.v; hierarchy -top board; proc; opt_clean; tee -q -o cells.json stat -json; rename board {chip}; \
         write_verilog -noattr unpacked.v"
    );
    let versions = [&unpack.version, &icebox.version, &yosys.version].map(String::as_bytes);
    let top = board_top(design, board, wanted_mhz)?;
    let constraints = top.constraints(board);
    let parts = [&bits[..], constraints.as_bytes(), script.as_bytes()];
    let key = key(parts.into_iter().chain(versions));
    let entry = toolchain.cache().entry("unpacked", &key, |folder| -> Result<(), FlowError> {
        let _step = toolchain.progress().task(&format!("unpacking the bitstream of {}", design.name));
        fs::copy(bitstream, folder.join("chip.bin")).map_err(ToolError::at(bitstream))?;
        write(folder, pins, &constraints)?;
        unpack.run(folder, &["chip.bin", "chip.asc"])?;
        let options = ["-s", "-S", "-l", "-d", &board.package, "-n", "board", "-p", pins, "chip.asc"];
        let output = icebox.run(folder, &options)?;
        write(folder, "chip.v", &with_clock_pin(&String::from_utf8_lossy(&output.stdout)))?;
        yosys.run(folder, &["-q", "-p", &script])?;
        Ok(())
    })?;
    let text = read(&entry.path.join("unpacked.v"))?;
    check_clock(board, &top, &read(&entry.path.join("chip.v"))?)?;
    let cells = yosys::cells(&entry.path.join("cells.json"))?;
    let unpacked = SourceFile { name: "unpacked.v".into(), text };
    let mut gates = gates(toolchain, board.family, unpacked, cells.keys().map(String::as_str))?;
    if let Around::Scan(scanned) = &top.around {
        gates.sources.insert(0, scan_host(design, scanned));
    }
    Ok(gates)
}

/// The pad of a phase-locked loop that takes its clock from a pin is wired to that pin in the die, of which icebox_vlog knows
/// nothing; the board has one such pin, `clk`.
fn with_clock_pin(chip: &str) -> String {
    let line = |line: &str| match line.trim_start().strip_prefix(".PACKAGEPIN(") {
        Some(_) => "  .PACKAGEPIN(clk),\n".to_owned(),
        None => format!("{line}\n"),
    };
    chip.lines().map(line).collect()
}

/// Whether the phase-locked loop in the bitstream is the one of the board top; the models of cells know no frequency.
fn check_clock(board: &Board, top: &BoardTop, chip: &str) -> Result<(), FlowError> {
    let set = |name: &str| {
        let (_, rest) = chip.split_once(&format!(".{name}("))?;
        let (_, digits) = rest.split_once(')')?.0.split_once("'b")?;
        u32::from_str_radix(digits, 2).ok()
    };
    let dividers = board.family.pll.as_ref().map_or(&[][..], |cell| cell.dividers);
    let found: Vec<_> = dividers.iter().map(|name| set(name)).collect();
    let asked: Vec<_> = dividers.iter().map(|name| top.pll.as_ref()?.number(name)).collect();
    if found == asked { Ok(()) } else { Err(FlowError::ClockDiffers { dividers, found, asked }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pad_of_the_loop_is_the_clock_pin() {
        let chip = "SB_PLL40_PAD pll (\n  .PACKAGEPIN(n420),\n  .LOCK(n1)\n);";
        assert_eq!(with_clock_pin(chip), "SB_PLL40_PAD pll (\n  .PACKAGEPIN(clk),\n  .LOCK(n1)\n);\n");
    }
}

//! What is hopeless is refused before anything is built: by how much, and what to change.

use super::error::Error;
use crate::datapath::Footprint;
use crate::design::Design;
use crate::device::Board;
use crate::flow::FlowError;

/// A design may have so many times what a board has. A rough estimate is then no reason to refuse one that fits, and what is over is
/// known exactly from synthesis.
const TIMES: u128 = 8;

/// The most integers of a frame that is simulated.
const MOST_INTEGERS: usize = 1 << 25;

/// Refuses what is many times the largest of all boards: memory and time of this machine would end before its Verilog.
///
/// # Errors
/// How much the design takes at least, and how much there is.
pub fn check_machine(design: &Design) -> Result<(), Error> {
    let most = |of: fn(&Board) -> u128| Board::all().iter().map(of).max().unwrap_or(0);
    check(design, "the largest board", most(lut4), most(memory_bits))
}

/// Refuses what is many times the design's board: nothing of it need be simulated and mapped.
///
/// # Errors
/// As [`check_machine`], or if it has none.
pub fn check_board(design: &Design) -> Result<(), Error> {
    if !design.board.is_some() {
        let (design, board) = (design.name.clone(), design.board.name.clone());
        return Err(FlowError::NoBoard { design, board }.into());
    }
    check(design, &design.board.name, lut4(&design.board), memory_bits(&design.board))
}

fn lut4(board: &Board) -> u128 {
    board.resources.lut4.into()
}

fn memory_bits(board: &Board) -> u128 {
    board.memory_bits().into()
}

fn check(design: &Design, board: &str, lut4: u128, memory_bits: u128) -> Result<(), Error> {
    let Footprint { lut4: used, memory_bits: bits, denser, rooms, .. } = design.datapath.footprint();
    let mut over = Vec::new();
    over.extend(skips(rooms, board, lut4 + memory_bits));
    if used > TIMES * lut4 {
        let help = "take fewer lanes or parallel rows (more cycles a frame)";
        over.push(format!("at least {} LUT4, of which {board} has {}; {help}", grouped(used), grouped(lut4)));
    }
    if bits > TIMES * memory_bits {
        let there =
            format!("{} bits of memory, of which {board} has {}", grouped(bits), grouped(memory_bits));
        let help = [vec!["store fewer words".to_owned()], denser].concat().join(", or ");
        over.push(format!("at least {there}; {help}"));
    }
    if over.is_empty() {
        Ok(())
    } else {
        Err(Error::TooLarge { design: design.name.clone(), over: over.join("\n") })
    }
}

/// What is wrong if the room on edges alone is more than so many bits: all memory, and a register with each look-up table.
fn skips(mut rooms: Vec<(String, u128)>, board: &str, there: u128) -> Option<String> {
    let all: u128 = rooms.iter().map(|(_, bits)| bits).sum();
    if all <= there {
        return None;
    }
    rooms.sort_by_key(|(_, bits)| std::cmp::Reverse(*bits));
    let largest = rooms.iter().take(3).map(|(edge, bits)| format!("{edge} holds {}", grouped(*bits)));
    Some(format!(
        "at least {} bits of room where paths meet, of which {board} has {} ({}); cut the frames into smaller ones, which overlap, let \
         fewer channels or bits skip, or take a larger board",
        grouped(all),
        grouped(there),
        largest.collect::<Vec<_>>().join(", ")
    ))
}

/// Refuses frames of which a simulation could not hold one.
///
/// # Errors
/// How many integers it is, and how many may be.
pub fn check_frames(design: &Design) -> Result<(), Error> {
    let ports = design.datapath.ports();
    let sizes = ports.each().map(|(port, _)| (&port.name, port.frame_values()));
    let (port, frame) = sizes.max_by_key(|(_, values)| *values).expect("a design has streams");
    if frame <= MOST_INTEGERS {
        return Ok(());
    }
    let over = format!(
        "a frame of {} integers (stream {port}), and a simulation holds {}; give it a smaller size",
        grouped(frame as u128),
        grouped(MOST_INTEGERS as u128)
    );
    Err(Error::TooLarge { design: design.name.clone(), over })
}

/// A number with its digits in groups of three.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let start = digits.len() % 3;
    let groups =
        digits.as_bytes()[start..].chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let first = (start > 0).then(|| digits[..start].to_owned());
    first.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_stand_in_groups() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (301_989_888, "301,989,888")] {
            assert_eq!(grouped(number), text);
        }
    }
}

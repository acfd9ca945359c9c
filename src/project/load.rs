//! Loads a bitstream with what the user has.

use super::dut::made;
use super::error::Error;
use super::generate::Project;
use crate::device::Board;
use crate::tools::{Toolchain, on_path, run_shown};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Where programs that load are to be had.
const SOURCES: [(&str, &str); 8] = [
    ("openFPGALoader", "https://github.com/trabucayre/openFPGALoader"),
    ("iceprog", "https://github.com/YosysHQ/icestorm"),
    ("ecpprog", "https://github.com/gregdavill/ecpprog"),
    ("fujprog", "https://github.com/kost/fujprog"),
    ("dfu-util", "https://dfu-util.sourceforge.net"),
    ("tinyprog", "https://github.com/tinyfpga/TinyFPGA-Bootloader"),
    ("icesprog", "https://github.com/wuxx/icesugar"),
    ("ecpdap", "https://github.com/adamgreig/ecpdap"),
];

/// What was loaded.
#[derive(Clone, Debug, Serialize)]
pub struct Loaded {
    pub design: String,
    pub board: String,
    pub bitstream: PathBuf,
    /// What loaded it, as a person would type it.
    pub command: String,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Loads the bitstream of `project` into its board; made where it has not been.
///
/// # Errors
/// If it does not fit, a tool fails, or nothing on this machine loads that board: then with the command to type.
pub fn load(toolchain: &Toolchain, project: &Project) -> Result<Loaded, Error> {
    let design = &project.design;
    let (placement, notes) = made(toolchain, project)?;
    let commands = commands(&design.board, &placement.bitstream);
    let found = commands.iter().find_map(|words| Some((on_path(words.first()?)?, words)));
    let Some((program, words)) = found else {
        return Err(Error::NoLoader { board: design.board.title.clone(), help: help(&commands) });
    };
    let _task = toolchain.progress().task(&format!("loading {} into {}", design.name, design.board.title));
    run_shown(&program, &words[1..])?;
    Ok(Loaded {
        design: design.name.clone(),
        board: design.board.name.clone(),
        bitstream: placement.bitstream,
        command: words.join(" "),
        notes,
    })
}

/// The words of the commands that load `bitstream`.
fn commands(board: &Board, bitstream: &Path) -> Vec<Vec<String>> {
    let word = |word: &str| word.replace("{bitstream}", &bitstream.display().to_string());
    board.loaders.iter().map(|loader| loader.split_whitespace().map(word).collect()).collect()
}

/// What to type, and where the programs are to be had.
fn help(commands: &[Vec<String>]) -> String {
    let line = |words: &Vec<String>| {
        let program = words.first().map_or("", String::as_str);
        let source = SOURCES.iter().find(|(name, _)| *name == program);
        let source = source.map(|(_, source)| format!("   ({program}: {source})")).unwrap_or_default();
        format!("\n  {}{source}", words.join(" "))
    };
    commands.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who adds a board with another program says where that one is to be had.
    #[test]
    fn every_loader_has_a_source() {
        for board in Board::all() {
            for words in commands(&board, Path::new("a b.bin")) {
                assert!(SOURCES.iter().any(|(name, _)| *name == words[0]), "{}", words[0]);
                assert!(words.contains(&"a b.bin".to_owned()), "a path stays one word: {words:?}");
            }
        }
    }
}

//! Loads a bitstream, and what is to stand in the flash, with what the user has.

use super::dut::made;
use super::error::Error;
use super::generate::Project;
use crate::flow;
use crate::tools::{ToolError, Toolchain, key, on_path, run_shown};
use serde::Serialize;
use std::fs;
use std::path::PathBuf;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bitstream: Option<PathBuf>,
    /// What stands in the flash, where streams come from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<PathBuf>,
    /// What loaded them, as a person would type it.
    pub commands: Vec<String>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Loads the bitstream of `project` into its board, made where it has not been, after what is to stand in its flash, if anything is; or `only_flash`.
///
/// # Errors
/// If it does not fit, a tool fails, or nothing on this machine loads that board: then with the command to type. If only the flash is asked for, and
/// nothing comes from there.
pub fn load(toolchain: &Toolchain, project: &Project, only_flash: bool) -> Result<Loaded, Error> {
    let design = &project.design;
    let board = &design.board;
    let (image, offset) = match (flash_file(toolchain, project)?, only_flash) {
        (None, true) => {
            let why =
                "nothing of it comes from the flash: name streams in link.flash, or leave --only-flash out";
            return Err(Error::Refused(format!("{}: {why}", design.name)));
        }
        (None, false) => (None, String::new()),
        (Some((image, offset)), _) => (Some(image), format!("{offset:#x}")),
    };
    let (bitstream, notes) = match only_flash {
        true => (None, Vec::new()),
        false => {
            let (placement, notes) = made(toolchain, project)?;
            (Some(placement.bitstream), notes)
        }
    };
    let flash_loaders = board.pins.flash.as_ref().map_or(&[][..], |flash| &flash.loaders);
    let shown = |path: &PathBuf| path.display().to_string();
    let of_image =
        image.as_ref().map(|path| filled(flash_loaders, &[("image", &shown(path)), ("offset", &offset)]));
    let of_bitstream = bitstream.as_ref().map(|path| filled(&board.loaders, &[("bitstream", &shown(path))]));
    let steps: Vec<Vec<Vec<String>>> = of_image.into_iter().chain(of_bitstream).collect();
    let found: Option<Vec<_>> = steps.iter().map(|commands| there(commands)).collect();
    let Some(found) = found else {
        let help = steps.iter().map(|commands| help(commands)).collect::<Vec<_>>().join("\nand");
        return Err(Error::NoLoader { board: board.title.clone(), help });
    };
    let _task = toolchain.progress().task(&format!("loading {} into {}", design.name, board.title));
    found.iter().try_for_each(|(program, words)| run_shown(program, &words[1..]).map(drop))?;
    Ok(Loaded {
        design: design.name.clone(),
        board: board.name.clone(),
        bitstream,
        image,
        commands: found.iter().map(|(_, words)| words.join(" ")).collect(),
        notes,
    })
}

/// The file of what is to stand in the flash, if anything is, and where it stands there.
fn flash_file(toolchain: &Toolchain, project: &Project) -> Result<Option<(PathBuf, u32)>, Error> {
    let Some(image) = project.flash_image()? else { return Ok(None) };
    let (_, flow::Serial { fed: Some(fed), .. }) = project.on_line()? else { return Ok(None) };
    let name = format!("{}.flash", project.design.name);
    let entry = toolchain.cache().entry("flash", &key([&image]), |folder| -> Result<(), ToolError> {
        let path = folder.join(&name);
        fs::write(&path, &image).map_err(ToolError::at(&path))
    })?;
    Ok(Some((entry.path.join(name), fed.flash.free_from)))
}

/// The words of the commands of a board, with these in the place of names.
fn filled(loaders: &[String], values: &[(&str, &str)]) -> Vec<Vec<String>> {
    let word = |word: &str| {
        values.iter().fold(word.to_owned(), |word, (name, value)| word.replace(&format!("{{{name}}}"), value))
    };
    loaders.iter().map(|loader| loader.split_whitespace().map(word).collect()).collect()
}

/// The first of the commands whose program is on PATH.
fn there(commands: &[Vec<String>]) -> Option<(PathBuf, &Vec<String>)> {
    commands.iter().find_map(|words| Some((on_path(words.first()?)?, words)))
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
    use crate::device::Board;

    /// Who adds a board with another program says where that one is to be had.
    #[test]
    fn every_loader_has_a_source() {
        for board in Board::all() {
            let of_flash = board.pins.flash.as_ref().map_or(&[][..], |flash| &flash.loaders);
            for (loaders, name) in [(&board.loaders[..], "bitstream"), (of_flash, "image")] {
                for words in filled(loaders, &[(name, "a b.bin"), ("offset", "0x1000")]) {
                    assert!(SOURCES.iter().any(|(name, _)| *name == words[0]), "{}", words[0]);
                    assert!(words.contains(&"a b.bin".to_owned()), "a path stays one word: {words:?}");
                    assert!(!words.concat().contains('{'), "{words:?}");
                }
            }
        }
    }
}

//! The board of a design: one that ternlet ships, or one that a file describes.

use super::error::{listed, of_toml};
use super::files::read_text;
use crate::device::Board;
use std::path::Path;

/// The board `name`, or the one of the file `name` relative to `folder` where that ends with `.toml`.
///
/// # Errors
/// What is wrong, with the lines of the file.
pub fn named(name: &str, folder: &Path) -> Result<Board, String> {
    if !name.ends_with(".toml") {
        return Board::named(name).map_err(|error| format!("{error}; or a file: \"boards/mine.toml\""));
    }
    let path = folder.join(name);
    let text = read_text(&path).map_err(|source| {
        format!("{}: {source}; `ternlet boards --show icebreaker` prints one to start from", path.display())
    })?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let board = Board::parse(&stem, &text).map_err(|error| listed(&path, &[of_toml(&text, &error)]))?;
    match board.is_some() && board.family.has_cells() {
        true => Ok(board),
        false => Err(format!(
            "{}: a board has a device of a family with cells; for only Verilog say family = \"generic\" in the design, and no board",
            path.display()
        )),
    }
}

//! Verdicts of a solver, kept by the content of what they are about.

use super::SimulationError;
use super::mutants::{read, write};
use crate::tools::{Entry, ToolError, Toolchain, key};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::Path;

/// The file of a verdict in the cache.
const VERDICT: &str = "verdict.json";

/// The verdict that is kept as `kind` under the hash of `parts`, with its folder; or the one that `make` makes in a new one, of which nothing else
/// but the files called `keeps` stays.
///
/// # Errors
/// If it cannot be made or kept.
pub(super) fn kept<T: Serialize + DeserializeOwned>(
    toolchain: &Toolchain,
    kind: &str,
    parts: Vec<&str>,
    keeps: &[&str],
    make: impl FnOnce(&Path) -> Result<T, ToolError>,
) -> Result<(T, Entry), SimulationError> {
    let entry = toolchain.cache().entry(kind, &key(parts), |work| -> Result<(), ToolError> {
        let verdict = make(work)?;
        for file in fs::read_dir(work).map_err(ToolError::at(work))?.flatten() {
            let path = file.path();
            let removed = match path.is_dir() {
                true => fs::remove_dir_all(&path),
                false if keeps.iter().any(|kept| path.ends_with(kept)) => Ok(()),
                false => fs::remove_file(&path),
            };
            removed.map_err(ToolError::at(&path))?;
        }
        write(work, VERDICT, &serde_json::to_string(&verdict).expect("a verdict is text"))
    })?;
    let unreadable = |error: serde_json::Error| ToolError::at(&entry.path)(error.into());
    let verdict = serde_json::from_str(&read(&entry.path, VERDICT)?).map_err(unreadable)?;
    Ok((verdict, entry))
}

//! Folders in which entries of the cache are built, and what is left of them where a build was killed.

use super::ToolError;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const PREFIX: &str = ".partial-";

/// An empty folder beside the entries of `kind`, that says whose process it is; gone when it is dropped.
pub fn folder_in(kind: &Path, key: &str) -> Result<TempDir, ToolError> {
    fs::create_dir_all(kind).map_err(ToolError::at(kind))?;
    let prefix = format!("{PREFIX}{}-{key}-", std::process::id());
    tempfile::Builder::new().prefix(&prefix).tempdir_in(kind).map_err(ToolError::at(kind))
}

/// Removes what is left in the cache `folder` of builds whose process is gone. What cannot be removed stays.
pub fn sweep(folder: &Path) {
    let kinds = fs::read_dir(folder).into_iter().flatten().flatten();
    let inside = kinds.flat_map(|kind| fs::read_dir(kind.path()).into_iter().flatten().flatten());
    for left in inside.filter(|entry| is_abandoned(&entry.file_name().to_string_lossy())) {
        let _ = fs::remove_dir_all(left.path());
    }
}

/// Whether this is the name of a folder of [`folder_in`] of a process that is no more.
fn is_abandoned(name: &str) -> bool {
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    match rest.split_once('-').and_then(|(process, _)| process.parse::<u32>().ok()) {
        Some(process) => {
            Path::new("/proc/self").exists() && !Path::new("/proc").join(process.to_string()).exists()
        }
        // As an older ternlet named them.
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_build_left_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let kind = folder.path().join("sums");
        let mine = folder_in(&kind, "k").unwrap();
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        let left = kind.join(format!("{PREFIX}{}-k-x7", gone.id()));
        fs::create_dir_all(left.join("deep")).unwrap();
        fs::create_dir_all(kind.join("finished")).unwrap();
        sweep(folder.path());
        assert!(mine.path().exists() && kind.join("finished").exists() && !left.exists());
        sweep(&folder.path().join("nowhere"));
    }
}

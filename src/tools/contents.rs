//! What is in an entry of the cache: a list of its files, kept in it, with which it is compared when it is used.

use super::ToolError;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How closely an entry is compared with what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// Each byte.
    Contents,
    /// The length of each file: for installed programs, of hundreds of megabytes.
    Lengths,
}

/// The list's name in the entry.
pub const LIST: &str = ".contents";

/// Folders that Python fills with what it compiles, as it likes.
const COMPILED: &str = "__pycache__";

/// Lists the files in `folder`.
pub fn write(folder: &Path, check: Check) -> Result<(), ToolError> {
    let list = || -> io::Result<()> {
        let mut files = BTreeMap::new();
        visit(folder, "", &mut |name, path| {
            if name != LIST {
                files.insert(name, state(path, check)?);
            }
            Ok(())
        })?;
        let lines: Vec<String> = files.iter().map(|(name, state)| format!("{state} {name}\n")).collect();
        fs::write(folder.join(LIST), lines.concat() + END)
    };
    list().map_err(ToolError::at(folder))
}

/// Whether `folder` has the files of its list, as they were when it was written. Others may have come since.
pub fn are_as_written(folder: &Path, check: Check) -> bool {
    let Ok(list) = fs::read_to_string(folder.join(LIST)) else { return false };
    let Some(lines) = list.strip_suffix(END) else { return false };
    lines.lines().all(|line| match line.split_once(' ') {
        Some((written, name)) => state(&folder.join(name), check).is_ok_and(|found| found == written),
        None => false,
    })
}

/// The last line, so that a list that was cut is seen.
const END: &str = "end\n";

fn visit(
    folder: &Path,
    prefix: &str,
    each: &mut impl FnMut(String, &Path) -> io::Result<()>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true if entry.file_name() == COMPILED => {}
            true => visit(&entry.path(), &format!("{name}/"), each)?,
            false => each(name, &entry.path())?,
        }
    }
    Ok(())
}

/// A word for what is in a file.
fn state(path: &Path, check: Check) -> io::Result<String> {
    match check {
        Check::Lengths => Ok(fs::metadata(path)?.len().to_string()),
        Check::Contents => {
            let (mut file, mut hasher) = (File::open(path)?, Sha256::new());
            let mut part = vec![0; 1 << 16];
            loop {
                match file.read(&mut part)? {
                    0 => break,
                    count => hasher.update(&part[..count]),
                }
            }
            Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_folders_are_listed_and_those_that_come_later_are_not_missed() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        file("a", "1");
        file("b/c d", "22");
        file("b/__pycache__/c", "3");
        for check in [Check::Contents, Check::Lengths] {
            write(folder.path(), check).unwrap();
            file("b/__pycache__/c", "");
            file("later", "4");
            assert!(are_as_written(folder.path(), check));
            file("b/c d", "33");
            assert_eq!(are_as_written(folder.path(), check), check == Check::Lengths);
            file("b/c d", "333");
            assert!(!are_as_written(folder.path(), check));
            file("b/c d", "22");
        }
        let list = fs::read_to_string(folder.path().join(LIST)).unwrap();
        fs::write(folder.path().join(LIST), &list[..list.len() / 2]).unwrap();
        assert!(!are_as_written(folder.path(), Check::Lengths), "a list that was cut says nothing");
    }
}

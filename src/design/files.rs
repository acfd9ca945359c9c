//! Files that a person names: read whole, and only where a read comes to an end.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The bytes of the file at `path`.
///
/// # Errors
/// As [`fs::read`]; and for what is no file: a pipe would wait for a writer, `/dev/zero` has no end.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    if found.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "a folder, not a file; name a file in it"));
    }
    if !found.is_file() {
        let why = "no regular file but a pipe or a device; save what comes from it as a file first";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    fs::read(path)
}

/// As [`read`], of a file of text.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// The folder of `path`, as names in that file are relative to it.
pub fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).into()
}

/// What stands after the last dot of a file's name, in lower-case letters: cameras write `IMG_0001.PNG`.
pub fn extension_of(path: &Path) -> String {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase()
}

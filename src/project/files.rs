//! Files that appear whole or not at all.

use super::error::Error;
use std::fs::{self, File, Permissions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::{TempDir, TempPath};

/// As [`write_anew`], but a file that holds these bytes already stays, with its time.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
    if holds(path, bytes.as_ref()) { Ok(()) } else { write_anew(path, bytes) }
}

/// Writes a file aside, then puts it where it belongs.
pub fn write_anew(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
    let put = || -> io::Result<()> { Ok(written_aside(path, bytes)?.persist(path)?) };
    put().map_err(Error::writing(path))
}

/// As [`write`], of more bytes than need be held at once: those that `fill` writes.
pub fn write_with(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), Error> {
    let put = || -> io::Result<()> {
        let aside = filled_aside(path, fill)?;
        if !are_equal(&aside, path).unwrap_or(false) {
            aside.persist(path)?;
        }
        Ok(())
    };
    put().map_err(Error::writing(path))
}

/// Whether two files hold the same bytes.
fn are_equal(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (BufReader::new(File::open(one)?), BufReader::new(File::open(other)?));
    loop {
        let (these, those) = (one.fill_buf()?, other.fill_buf()?);
        let length = these.len().min(those.len());
        if these[..length] != those[..length] || (length == 0 && these.len() != those.len()) {
            return Ok(false);
        }
        if length == 0 {
            return Ok(true);
        }
        one.consume(length);
        other.consume(length);
    }
}

/// Whether the file at `path` is there with these bytes.
pub fn holds(path: &Path, bytes: &[u8]) -> bool {
    let length = fs::metadata(path).map(|found| found.len());
    length.is_ok_and(|length| length == bytes.len() as u64)
        && fs::read(path).is_ok_and(|there| there == bytes)
}

/// As [`write`], but a file that is there already is an error.
pub fn write_new(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
    let put = || -> io::Result<()> { Ok(written_aside(path, bytes)?.persist_noclobber(path)?) };
    put().map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::AlreadyThere { path: path.into() },
        _ => Error::writing(path)(error),
    })
}

/// Whether files can be written in `folder`, which is made if it is not there.
pub fn check_folder(folder: &Path) -> Result<(), Error> {
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    fs::create_dir_all(folder).and_then(|()| aside(folder).map(drop)).map_err(Error::writing(folder))
}

/// The folder that `path` is in.
pub fn folder_of(path: &Path) -> PathBuf {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")).into()
}

fn aside(folder: &Path) -> io::Result<TempPath> {
    let permissions = Permissions::from_mode(0o666);
    let file = tempfile::Builder::new().permissions(permissions).prefix(ASIDE).tempfile_in(folder)?;
    Ok(file.into_temp_path())
}

/// What is written aside starts so.
const ASIDE: &str = ".writing-";

/// A file next to `path` with these bytes.
fn written_aside(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<TempPath> {
    filled_aside(path, |file| file.write_all(bytes.as_ref()))
}

/// A file next to `path` with what `fill` writes, on the disk, so that no cut file gets the name of a whole one.
fn filled_aside(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<TempPath> {
    let aside = aside(&folder_of(path))?;
    let mut file = File::create(&aside)?;
    fill(&mut file)?;
    file.sync_all()?;
    Ok(aside)
}

/// An empty folder in `folder`, gone when it is dropped.
pub fn folder_aside(folder: &Path) -> io::Result<TempDir> {
    tempfile::Builder::new().permissions(Permissions::from_mode(0o777)).prefix(ASIDE).tempdir_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.toml");
        write_new(&path, "mine").unwrap();
        let error = write_new(&path, "yours").unwrap_err();
        assert!(error.to_string().ends_with("x.toml is there already; name another file with -o"));
        assert_eq!(fs::read_to_string(path).unwrap(), "mine");
    }
}

//! The folder of a design's results. Each result appears whole or not at all, also when two runs write it at once.

use super::error::Error;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// A folder that can be written.
pub struct Output {
    folder: PathBuf,
}

impl Output {
    /// The chosen folder, or `build/<name>`; it is made if it is not there.
    pub fn open(chosen: Option<&Path>, name: &str) -> Result<Self, Error> {
        let folder = chosen.map_or_else(|| Path::new("build").join(name), Path::to_owned);
        check_folder(&folder)?;
        Ok(Self { folder })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        write(&self.path(name), bytes)
    }

    /// Copies a file of a cache, and gives the copy's path.
    pub fn copy(&self, from: &Path, name: &str) -> Result<PathBuf, Error> {
        let bytes = fs::read(from).map_err(Error::writing(from))?;
        self.write(name, bytes)?;
        Ok(self.path(name))
    }

    /// Makes `name` a folder of these files and no others.
    pub fn write_folder<'f>(
        &self,
        name: &str,
        mut files: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Result<(), Error> {
        let path = self.path(name);
        let mut replace = || -> io::Result<()> {
            let aside = || {
                let mut builder = tempfile::Builder::new();
                builder
                    .permissions(Permissions::from_mode(0o777))
                    .prefix(".writing-")
                    .tempdir_in(&self.folder)
            };
            let (new, old) = (aside()?, aside()?);
            files.try_for_each(|(name, text)| fs::write(new.path().join(name), text))?;
            // Of two runs that replace it at once, the second waits.
            let locked = File::open(&self.folder)?;
            locked.lock()?;
            match fs::rename(&path, old.path().join("old")) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            fs::rename(new.path(), &path)
        };
        replace().map_err(Error::writing(&path))
    }
}

/// Writes a file aside, then puts it where it belongs.
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
    let put = || -> io::Result<()> {
        let aside = aside(&folder_of(path))?;
        fs::write(&aside, bytes)?;
        Ok(aside.persist(path)?)
    };
    put().map_err(Error::writing(path))
}

/// As [`write`], but a file that is there already is an error.
pub fn write_new(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
    let put = || -> io::Result<()> {
        let aside = aside(&folder_of(path))?;
        fs::write(&aside, bytes)?;
        Ok(aside.persist_noclobber(path)?)
    };
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

fn aside(folder: &Path) -> io::Result<tempfile::TempPath> {
    let permissions = Permissions::from_mode(0o666);
    let file = tempfile::Builder::new().permissions(permissions).prefix(".writing-").tempfile_in(folder)?;
    Ok(file.into_temp_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(Some(&folder.path().join("a/b")), "").unwrap();
        output.write_folder("verilog", [("a.v", "1"), ("b.v", "2")].into_iter()).unwrap();
        output.write_folder("verilog", [("c.v", "3")].into_iter()).unwrap();
        let names = |path: &Path| -> Vec<String> {
            fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
        };
        assert_eq!(names(&output.path("verilog")), ["c.v"]);
        assert_eq!(names(&folder.path().join("a/b")), ["verilog"], "nothing stays beside it");
    }

    #[test]
    fn two_writers_do_not_disturb_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(Some(folder.path()), "").unwrap();
        std::thread::scope(|scope| {
            for text in ["first", "second"] {
                let output = &output;
                scope.spawn(move || {
                    for _ in 0..50 {
                        output.write_folder("verilog", [("a.v", text), ("b.v", text)].into_iter()).unwrap();
                        output.write("manifest.json", text).unwrap();
                    }
                });
            }
        });
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("verilog/a.v"), read("verilog/b.v"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

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

//! The folder of a design's results. It knows what ternlet wrote in it: that is replaced, and goes when the design changes; what
//! somebody else wrote or changed is never touched.

use super::error::Error;
use super::files::{check_folder, folder_aside, holds, write_anew};
use super::record::{Record, There};
use crate::tools::Progress;
use std::cell::RefCell;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// A folder that can be written, by this process alone as long as this is held.
pub struct Output {
    folder: PathBuf,
    /// Names the design whose results are written.
    design: String,
    record: RefCell<Record>,
    _locked: File,
}

impl Output {
    /// The chosen folder, or `build/<name>`; it is made if it is not there. `design` names the design's content: results of
    /// another are removed. Waits for another ternlet that writes there.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn open(chosen: Option<&Path>, name: &str, design: &str, progress: &Progress) -> Result<Self, Error> {
        let folder = chosen.map_or_else(|| Path::new("build").join(name), Path::to_owned);
        check_folder(&folder)?;
        let locked = lock(&folder, progress).map_err(Error::writing(&folder))?;
        let mut record = Record::read(&folder);
        let mut removed = Vec::new();
        for name in record.of_others(design) {
            let path = folder.join(&name);
            if path.is_file() && record.may_replace(&folder, &name) {
                fs::remove_file(&path).map_err(Error::writing(&path))?;
                removed.push(name.clone());
            }
            record.forget(&name);
        }
        if !removed.is_empty() {
            record.save(&folder)?;
            let listed = removed.join(", ");
            progress.note(format_args!("  results of another design are removed: {listed}"));
        }
        Ok(Self { folder, design: design.into(), record: RefCell::new(record), _locked: locked })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The path of a file that is about to be written.
    ///
    /// # Errors
    /// If there is one that ternlet did not write.
    pub fn claim(&self, name: &str) -> Result<PathBuf, Error> {
        match self.record.borrow().may_replace(&self.folder, name) {
            true => Ok(self.path(name)),
            false => Err(Error::NotOurs { path: self.path(name) }),
        }
    }

    /// Notes a file that was written at the path of [`Output::claim`], if it is there.
    pub fn adopt(&self, name: &str) -> Result<(), Error> {
        let Ok(bytes) = fs::read(self.path(name)) else { return Ok(()) };
        let mut record = self.record.borrow_mut();
        record.note(name, &bytes, &self.design);
        record.save(&self.folder)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<(), Error> {
        let (path, bytes) = (self.path(name), bytes.as_ref());
        let mut record = self.record.borrow_mut();
        match record.there(&self.folder, name) {
            There::NotOurs => return Err(Error::NotOurs { path }),
            There::Ours(there) if there == bytes => {}
            There::Ours(_) | There::Nothing => write_anew(&path, bytes)?,
        }
        record.note(name, bytes, &self.design);
        record.save(&self.folder)
    }

    /// Removes a file, if it is there and ternlet wrote it.
    pub fn remove(&self, name: &str) -> Result<(), Error> {
        if self.path(name).is_file() && self.claim(name).is_ok() {
            fs::remove_file(self.path(name)).map_err(Error::writing(self.path(name)))?;
            let mut record = self.record.borrow_mut();
            record.forget(name);
            record.save(&self.folder)?;
        }
        Ok(())
    }

    /// Copies a file of a cache, and gives the copy's path.
    pub fn copy(&self, from: &Path, name: &str) -> Result<PathBuf, Error> {
        let bytes = fs::read(from).map_err(Error::writing(from))?;
        self.write(name, bytes)?;
        Ok(self.path(name))
    }

    /// Makes `name` a folder of these files and no others; if it is that already, it stays, with its times.
    ///
    /// # Errors
    /// If there is a file in it that ternlet did not write.
    pub fn write_folder<'f>(
        &self,
        name: &str,
        files: impl Iterator<Item = (&'f str, &'f str)>,
    ) -> Result<(), Error> {
        let path = self.path(name);
        let files: Vec<(&str, &str)> = files.collect();
        let there: Vec<_> = fs::read_dir(&path).into_iter().flatten().flatten().collect();
        let stands = |(file, text): &(&str, &str)| holds(&path.join(file), text.as_bytes());
        if there.len() != files.len() || !files.iter().all(stands) {
            for file in &there {
                self.claim(&format!("{name}/{}", file.file_name().to_string_lossy()))?;
            }
            self.replace(&path, &files).map_err(Error::writing(&path))?;
        }
        let mut record = self.record.borrow_mut();
        record.forget_in(name);
        for (file, text) in files {
            record.note(&format!("{name}/{file}"), text.as_bytes(), &self.design);
        }
        record.save(&self.folder)
    }

    /// Puts a folder of these files in the place of the one at `path`.
    fn replace(&self, path: &Path, files: &[(&str, &str)]) -> io::Result<()> {
        let (new, old) = (folder_aside(&self.folder)?, folder_aside(&self.folder)?);
        for (file, text) in files {
            fs::write(new.path().join(file), text)?;
        }
        match fs::rename(path, old.path().join("old")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        fs::rename(new.path(), path)
    }
}

/// Held by one process at a time. Where the file system knows no locks, by everybody.
fn lock(folder: &Path, progress: &Progress) -> io::Result<File> {
    let file = File::open(folder)?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        let _task = progress.task(&format!("waiting for another ternlet that writes {}", folder.display()));
        file.lock()?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path, design: &str) -> Output {
        Output::open(Some(folder), "", design, &Progress::quiet()).unwrap()
    }

    fn names(path: &Path) -> Vec<String> {
        let files = fs::read_dir(path).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = files.collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let output = open(&folder.path().join("a/b"), "one");
        output.write_folder("verilog", [("a.v", "1"), ("b.v", "2")].into_iter()).unwrap();
        output.write_folder("verilog", [("c.v", "3")].into_iter()).unwrap();
        assert_eq!(names(&output.path("verilog")), ["c.v"]);
        assert_eq!(
            names(&folder.path().join("a/b")),
            [".ternlet.json", "verilog"],
            "nothing stays beside it"
        );
    }

    /// Each as a process of its own would: one after the other.
    #[test]
    fn two_writers_do_not_disturb_each_other() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for text in ["first", "second"] {
                let folder = folder.path();
                scope.spawn(move || {
                    for _ in 0..20 {
                        let output = open(folder, text);
                        output.write_folder("verilog", [("a.v", text), ("b.v", text)].into_iter()).unwrap();
                        output.write("manifest.json", text).unwrap();
                        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
                        assert_eq!([read("verilog/a.v"), read("manifest.json")], [text, text]);
                    }
                });
            }
        });
        assert_eq!(names(folder.path()), [".ternlet.json", "manifest.json", "verilog"]);
    }

    #[test]
    fn what_somebody_else_wrote_or_changed_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("verilog")).unwrap();
        for name in ["verilog/mine.v", "report.html"] {
            fs::write(path(name), "mine").unwrap();
        }
        let output = open(folder.path(), "one");
        let error = output.write_folder("verilog", [("a.v", "1")].into_iter()).unwrap_err().to_string();
        assert!(error.contains("verilog/mine.v was not written by ternlet, or was changed since"), "{error}");
        assert!(output.write("report.html", "ours").is_err());
        fs::remove_file(path("verilog/mine.v")).unwrap();
        output.write_folder("verilog", [("a.v", "1")].into_iter()).unwrap();
        fs::write(path("verilog/a.v"), "edited").unwrap();
        assert!(output.write_folder("verilog", [("a.v", "2")].into_iter()).is_err());
        output.write("page.html", "1").unwrap();
        output.write("page.html", "2").unwrap();
        drop(output);
        let other = open(folder.path(), "two");
        assert_eq!(
            names(folder.path()),
            [".ternlet.json", "report.html", "verilog"],
            "what is out of date goes"
        );
        assert_eq!(fs::read_to_string(path("verilog/a.v")).unwrap(), "edited");
        other.remove("report.html").unwrap();
        assert_eq!(fs::read_to_string(path("report.html")).unwrap(), "mine");
    }
}

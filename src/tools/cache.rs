//! Results kept by content: what was made once from the same inputs is not made again.

use super::ToolError;
use super::contents::{self, Check};
use super::partial;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of finished results, `<folder>/<kind>/<key>/`. An entry appears whole or not at all, and never changes: a list of
/// its files and what is in them is kept in it and compared at each use, so that one that was damaged is made again.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Where entries are looked for first, if that is another folder, which cannot be written.
    shared: Option<PathBuf>,
}

/// A finished result.
#[derive(Clone, Debug)]
pub struct Entry {
    pub path: PathBuf,
    /// Whether it was there already.
    pub cached: bool,
}

impl Cache {
    /// The user's cache: `$TERNLET_CACHE`, `$XDG_CACHE_HOME/ternlet` or `~/.cache/ternlet`. One of `$TERNLET_CACHE` that cannot be
    /// written is still read; what is new then goes where it would go without it.
    pub fn open() -> Result<Cache, ToolError> {
        let variable =
            |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let own = || {
            variable("XDG_CACHE_HOME")
                .map(|folder| folder.join("ternlet"))
                .or_else(|| Some(variable("HOME")?.join(".cache/ternlet")))
        };
        let missing = || ToolError::Missing {
            tool: "the cache folder".into(),
            help: "neither TERNLET_CACHE nor HOME is set; set TERNLET_CACHE to a folder that can be written"
                .into(),
        };
        let Some(chosen) = variable("TERNLET_CACHE") else {
            return Cache::at(own().ok_or_else(missing)?);
        };
        match Cache::at(&chosen) {
            Ok(cache) if cache.can_be_written() => Ok(cache),
            Err(error) if !chosen.is_dir() => Err(error),
            _ => Cache::above(chosen, own().ok_or_else(missing)?),
        }
    }

    /// The cache in `folder`, which is made if it is not there. What builds left in it whose process is gone is removed.
    pub fn at(folder: impl Into<PathBuf>) -> Result<Cache, ToolError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(ToolError::at(&folder))?;
        let folder = folder.canonicalize().map_err(ToolError::at(&folder))?;
        partial::sweep(&folder);
        Ok(Cache { folder, shared: None })
    }

    /// The cache in `folder`, where what is in `shared` already is taken from there.
    pub fn above(shared: impl Into<PathBuf>, folder: impl Into<PathBuf>) -> Result<Cache, ToolError> {
        Ok(Cache { shared: Some(shared.into()), ..Cache::at(folder)? })
    }

    fn can_be_written(&self) -> bool {
        tempfile::tempfile_in(&self.folder).is_ok()
    }

    /// Where new entries are written.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the entry is or would be.
    pub fn path(&self, kind: &str, key: &str) -> PathBuf {
        let shared = self.shared.as_ref().map(|shared| shared.join(kind).join(key));
        shared.filter(|path| path.is_dir()).unwrap_or_else(|| self.folder.join(kind).join(key))
    }

    /// The finished entry of this kind and key, if it is there and as it was written.
    pub fn finished(&self, kind: &str, key: &str, check: Check) -> Option<PathBuf> {
        let folders = self.shared.iter().chain([&self.folder]);
        folders.map(|folder| folder.join(kind).join(key)).find(|path| contents::are_as_written(path, check))
    }

    /// The finished entry of this kind and key; if there is none, or it was damaged, `build` fills an empty folder that then
    /// becomes it. Of two that build one entry at once, the later takes the earlier's. If `build` fails, nothing stays.
    pub fn entry<E: From<ToolError>>(
        &self,
        kind: &str,
        key: &str,
        build: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<Entry, E> {
        self.checked_entry(kind, key, Check::Contents, build)
    }

    /// As [`Cache::entry`], compared as `check` says.
    pub fn checked_entry<E: From<ToolError>>(
        &self,
        kind: &str,
        key: &str,
        check: Check,
        build: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<Entry, E> {
        if let Some(path) = self.finished(kind, key, check) {
            return Ok(Entry { path, cached: true });
        }
        let folder = self.folder.join(kind);
        let path = folder.join(key);
        let partial = partial::folder_in(&folder, key)?;
        build(partial.path())?;
        contents::write(partial.path(), check)?;
        if path.is_dir() && !contents::are_as_written(&path, check) {
            let aside = partial::folder_in(&folder, key)?;
            fs::rename(&path, aside.path().join("damaged")).map_err(ToolError::at(&path))?;
        }
        match fs::rename(partial.path(), &path) {
            Ok(()) => Ok(Entry { path, cached: false }),
            Err(_) if path.is_dir() => Ok(Entry { path, cached: true }),
            Err(source) => Err(ToolError::Io { path, source }.into()),
        }
    }
}

/// The key of a result that follows from `parts`: 32 hexadecimal digits of their SHA-256, each part behind its length.
pub fn key<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.as_ref().len() as u64).to_le_bytes());
        hasher.update(part.as_ref());
    }
    hasher.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &'static str) -> impl FnOnce(&Path) -> Result<(), ToolError> {
        move |folder| fs::write(folder.join("result"), text).map_err(ToolError::at(folder))
    }

    #[test]
    fn an_entry_is_built_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        assert!(!cache.entry("sums", "k", write("first")).unwrap().cached);
        let again = cache.entry("sums", "k", write("second")).unwrap();
        assert!(again.cached);
        assert_eq!(fs::read_to_string(again.path.join("result")).unwrap(), "first");
    }

    #[test]
    fn a_failed_build_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        let error = ToolError::Missing { tool: "t".into(), help: "m".into() };
        cache.entry("sums", "k", |_| Err::<(), _>(error)).unwrap_err();
        assert_eq!(fs::read_dir(folder.path().join("sums")).unwrap().count(), 0);
    }

    #[test]
    fn of_two_at_once_the_later_takes_the_earliers() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        let later = cache.entry("sums", "k", |partial| {
            cache.entry("sums", "k", write("earlier"))?;
            write("later")(partial)
        });
        assert_eq!(fs::read_to_string(later.unwrap().path.join("result")).unwrap(), "earlier");
        assert_eq!(fs::read_dir(folder.path().join("sums")).unwrap().count(), 1);
    }

    /// However a file of an entry is damaged, the next use makes the entry again, once.
    #[test]
    fn a_damaged_entry_is_made_again() {
        let damages: [fn(&Path); 5] = [
            |entry| fs::write(entry.join("result"), "").unwrap(),
            |entry| fs::write(entry.join("result"), "Firts").unwrap(),
            |entry| fs::remove_file(entry.join("result")).unwrap(),
            |entry| fs::remove_file(entry.join(contents::LIST)).unwrap(),
            |entry| fs::write(entry.join(contents::LIST), "").unwrap(),
        ];
        for damage in damages {
            let folder = tempfile::tempdir().unwrap();
            let cache = Cache::at(folder.path()).unwrap();
            damage(&cache.entry("sums", "k", write("first")).unwrap().path);
            let again = cache.entry("sums", "k", write("again")).unwrap();
            assert!(!again.cached && cache.entry("sums", "k", write("third")).unwrap().cached);
            assert_eq!(fs::read_to_string(again.path.join("result")).unwrap(), "again");
            assert_eq!(
                fs::read_dir(folder.path().join("sums")).unwrap().count(),
                1,
                "nothing stays beside it"
            );
        }
    }

    #[test]
    fn a_shared_cache_serves_and_what_is_new_goes_elsewhere() {
        let (shared, own) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        Cache::at(shared.path()).unwrap().entry("sums", "k", write("shared")).unwrap();
        let cache = Cache::above(shared.path(), own.path()).unwrap();
        let found = cache.entry("sums", "k", write("own")).unwrap();
        assert!(found.cached && found.path.starts_with(shared.path()));
        let made = cache.entry("sums", "other", write("own")).unwrap();
        assert!(!made.cached && made.path.starts_with(own.path().canonicalize().unwrap()));
        fs::write(found.path.join("result"), "").unwrap();
        let made = cache.entry("sums", "k", write("own")).unwrap();
        assert!(
            !made.cached && made.path.starts_with(own.path().canonicalize().unwrap()),
            "a damaged one is left"
        );
        assert!(cache.entry("sums", "k", write("own")).unwrap().cached);
    }

    /// Root may write everywhere but where the kernel says no.
    #[test]
    fn a_folder_that_cannot_be_written_is_known() {
        let system = Cache { folder: "/sys".into(), shared: None };
        assert!(!system.can_be_written());
        let folder = tempfile::tempdir().unwrap();
        assert!(Cache::at(folder.path()).unwrap().can_be_written());
    }

    #[test]
    fn keys_see_where_a_part_ends() {
        assert_ne!(key(["ab", "c"]), key(["a", "bc"]));
        assert_eq!(key(["ab"]).len(), 32);
    }
}

//! Results kept by content: what was made once from the same inputs is not made again.

use super::ToolError;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of finished results, `<folder>/<kind>/<key>/`. An entry appears whole or not at all, and never changes.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// A finished result.
#[derive(Clone, Debug)]
pub struct Entry {
    pub path: PathBuf,
    /// Whether it was there already.
    pub cached: bool,
}

impl Cache {
    /// The user's cache: `$TERNLET_CACHE`, `$XDG_CACHE_HOME/ternlet` or `~/.cache/ternlet`.
    pub fn open() -> Result<Cache, ToolError> {
        let variable =
            |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = variable("TERNLET_CACHE")
            .or_else(|| Some(variable("XDG_CACHE_HOME")?.join("ternlet")))
            .or_else(|| Some(variable("HOME")?.join(".cache/ternlet")))
            .ok_or_else(|| ToolError::Missing {
                tool: "the cache folder".into(),
                mend:
                    "neither TERNLET_CACHE nor HOME is set; set TERNLET_CACHE to a folder that can be written"
                        .into(),
            })?;
        Cache::at(folder)
    }

    /// The cache in `folder`, which is made if it is not there.
    pub fn at(folder: impl Into<PathBuf>) -> Result<Cache, ToolError> {
        let folder = folder.into();
        fs::create_dir_all(&folder).map_err(ToolError::at(&folder))?;
        let folder = folder.canonicalize().map_err(ToolError::at(&folder))?;
        Ok(Cache { folder })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the entry is or would be.
    pub fn path(&self, kind: &str, key: &str) -> PathBuf {
        self.folder.join(kind).join(key)
    }

    /// The finished entry of this kind and key; if there is none, `build` fills an empty folder that then becomes it.
    /// Of two that build one entry at once, the later takes the earlier's. If `build` fails, nothing stays.
    pub fn entry<E: From<ToolError>>(
        &self,
        kind: &str,
        key: &str,
        build: impl FnOnce(&Path) -> Result<(), E>,
    ) -> Result<Entry, E> {
        let path = self.path(kind, key);
        if path.is_dir() {
            return Ok(Entry { path, cached: true });
        }
        let beside = self.folder.join(kind);
        fs::create_dir_all(&beside).map_err(ToolError::at(&beside))?;
        let partial = tempfile::Builder::new()
            .prefix(&partial_prefix(key))
            .tempdir_in(&beside)
            .map_err(ToolError::at(&beside))?;
        build(partial.path())?;
        match fs::rename(partial.path(), &path) {
            Ok(()) => Ok(Entry { path, cached: false }),
            Err(_) if path.is_dir() => Ok(Entry { path, cached: true }),
            Err(source) => Err(ToolError::Io { path, source }.into()),
        }
    }

    /// Removes what builds of this entry left behind that were killed. Only for one who knows that nobody else builds it.
    pub fn sweep(&self, kind: &str, key: &str) -> Result<(), ToolError> {
        let Ok(entries) = fs::read_dir(self.folder.join(kind)) else { return Ok(()) };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(&partial_prefix(key)) {
                fs::remove_dir_all(entry.path()).map_err(ToolError::at(&entry.path()))?;
            }
        }
        Ok(())
    }
}

fn partial_prefix(key: &str) -> String {
    format!(".partial-{key}-")
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
        let error = ToolError::Missing { tool: "t".into(), mend: "m".into() };
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

    #[test]
    fn what_a_killed_build_left_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        fs::create_dir_all(folder.path().join("sums/.partial-k-x7")).unwrap();
        fs::create_dir_all(folder.path().join("sums/.partial-other-x7")).unwrap();
        cache.sweep("sums", "k").unwrap();
        cache.sweep("nothing", "k").unwrap();
        assert!(!folder.path().join("sums/.partial-k-x7").exists());
        assert!(folder.path().join("sums/.partial-other-x7").exists());
    }

    #[test]
    fn keys_see_where_a_part_ends() {
        assert_ne!(key(["ab", "c"]), key(["a", "bc"]));
        assert_eq!(key(["ab"]).len(), 32);
    }
}

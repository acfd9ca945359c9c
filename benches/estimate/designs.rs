//! A design for each datapath, and those of the examples.

use std::fs;
use std::path::{Path, PathBuf};
use ternlet::datapath::Catalog;
use ternlet::design::{Choices, Design};

/// All whose names hold one of `names`; all, if these are none.
pub fn all(names: &[String]) -> Vec<Design> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let catalog = Catalog::standard();
    let read = |path: &PathBuf| {
        Design::read(path, &Choices::default(), &catalog)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let files = files(folder.path(), &catalog);
    let asked = |path: &&PathBuf| names.is_empty() || names.iter().any(|name| stem(path).contains(name));
    files.iter().filter(asked).map(read).collect()
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}

fn files(folder: &Path, catalog: &Catalog) -> Vec<PathBuf> {
    let new = catalog.entries().iter().map(|entry| {
        let path = folder.join(format!("new_{}.toml", entry.kind));
        fs::write(&path, entry.example).expect("a temporary file");
        path
    });
    let examples = fs::read_dir("examples").expect("the examples");
    let examples = examples.map(|entry| entry.expect("an entry").path());
    let mut examples: Vec<PathBuf> =
        examples.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    examples.sort();
    new.chain(examples).collect()
}

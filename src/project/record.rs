//! What ternlet has written in a folder of results, so that it knows which files it may replace and which are out of date.

use super::error::Error;
use super::files::write;
use crate::tools::key;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The record's file in the folder.
pub const FILE: &str = ".ternlet.json";

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// Each file by its path in the folder.
    files: BTreeMap<String, Written>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Written {
    /// Names its content.
    content: String,
    /// Names the design that it is a result of.
    design: String,
}

/// What stands where a file is to be written.
pub enum There {
    Nothing,
    /// What ternlet wrote.
    Ours(Vec<u8>),
    /// What somebody else wrote or changed.
    NotOurs,
}

impl Record {
    /// The record in `folder`; an empty one if there is none that can be read.
    pub fn read(folder: &Path) -> Self {
        let text = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self).expect("names and hashes are JSON");
        write(&folder.join(FILE), text + "\n")
    }

    /// Whether the file is as ternlet wrote it, or is not there.
    pub fn may_replace(&self, folder: &Path, name: &str) -> bool {
        !matches!(self.there(folder, name), There::NotOurs)
    }

    /// What is there under this name.
    pub fn there(&self, folder: &Path, name: &str) -> There {
        let path = folder.join(name);
        match fs::read(&path) {
            Ok(bytes) if self.files.get(name).is_some_and(|written| written.content == key([&bytes])) => {
                There::Ours(bytes)
            }
            Err(_) if !path.exists() => There::Nothing,
            _ => There::NotOurs,
        }
    }

    /// Notes that the file was written for `design`.
    pub fn note(&mut self, name: &str, bytes: &[u8], design: &str) {
        let written = Written { content: key([bytes]), design: design.into() };
        self.files.insert(name.into(), written);
    }

    /// The files that were written for another design.
    pub fn of_others(&self, design: &str) -> Vec<String> {
        let others = self.files.iter().filter(|(_, written)| written.design != design);
        others.map(|(name, _)| name.clone()).collect()
    }

    pub fn forget(&mut self, name: &str) {
        self.files.remove(name);
    }

    /// Forgets the files in a folder.
    pub fn forget_in(&mut self, folder: &str) {
        let start = format!("{folder}/");
        self.files.retain(|name, _| !name.starts_with(&start));
    }
}

//! Rooms of graphs, kept in the user's cache.

use crate::graph::RoomStore;
use crate::tools::{Cache, ToolError};
use std::fs;

/// The file of an entry.
const FILE: &str = "rooms.json";

impl RoomStore for Cache {
    fn kept(&self, key: &str, make: &mut dyn FnMut() -> String) -> Option<String> {
        let entry = self.entry("rooms", key, |folder| {
            let path = folder.join(FILE);
            fs::write(&path, make()).map_err(ToolError::at(&path))
        });
        fs::read_to_string(entry.ok()?.path.join(FILE)).ok()
    }
}

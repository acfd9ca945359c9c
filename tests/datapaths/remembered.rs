//! Rooms that are found once are kept by content: the next load takes them, and another graph does not.

use crate::check::NoFiles;
use std::fs;
use std::path::Path;
use ternlet::datapath::Catalog;
use ternlet::graph::{Graph, Network, Room};
use ternlet::tools::{Cache, ToolError};

/// A skip around a window of a picture of so many columns, which has to hold some lines.
fn skip(width: usize) -> Graph {
    let size = format!("size = [12, {width}]\nchannels = 1");
    let toml = format!(
        "[[node]]\nname = \"largest\"\nkind = \"pool\"\noperation = \"max\"\ninput = \"u4\"\n{size}\nkernel = 3\nstride = 1\npadding = 1\n\
         [[node]]\nname = \"sum\"\nkind = \"add\"\n{size}\na = \"u4\"\nb = \"u4\"\nfrom = {{ a = \"input.x\", b = \"largest\" }}\n"
    );
    Graph::of_table(&toml.parse().unwrap()).unwrap()
}

fn rooms(network: &Network) -> Vec<(String, Room)> {
    network.rooms().map(|(into, room)| (into.to_string(), room.clone())).collect()
}

/// The entries of a cache, by their keys.
fn keys(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("rooms")).map(Iterator::collect).unwrap_or_else(|_| Vec::new());
    entries
        .into_iter()
        .map(|entry: Result<fs::DirEntry, _>| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn rooms_are_found_once() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path()).unwrap();
    let (catalog, graph) = (Catalog::standard(), skip(64));
    let found = rooms(&graph.load(&catalog, &NoFiles).unwrap());
    assert!(found.iter().any(|(_, room)| room.depth > 64), "{found:?}");
    for _ in 0..2 {
        assert_eq!(rooms(&graph.load_with(&catalog, &NoFiles, &cache).unwrap()), found);
        assert_eq!(keys(folder.path()).len(), 1);
    }
    // A little graph is not worth a file, and another one has rooms of its own.
    skip(8).load_with(&catalog, &NoFiles, &cache).unwrap();
    assert_eq!(keys(folder.path()).len(), 1);
    let wider = skip(80);
    let of_wider = rooms(&wider.load_with(&catalog, &NoFiles, &cache).unwrap());
    assert_eq!(of_wider, rooms(&wider.load(&catalog, &NoFiles).unwrap()));
    assert_eq!(keys(folder.path()).len(), 2);
}

/// What an entry says is what an edge gets, but where it says nothing that can be.
#[test]
fn rooms_come_from_the_entry() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (catalog, graph) = (Catalog::standard(), skip(64));
    let cache = Cache::at(first.path()).unwrap();
    let found = rooms(&graph.load_with(&catalog, &NoFiles, &cache).unwrap());
    let depth = found.iter().map(|(_, room)| room.depth).max().unwrap();
    let key = keys(first.path()).remove(0);
    let text = fs::read_to_string(first.path().join("rooms").join(&key).join("rooms.json")).unwrap();
    let deeper = text.replace(&format!("\"depth\":{depth}"), &format!("\"depth\":{}", depth + 100));
    for (text, expected) in [(deeper, depth + 100), ("[]".into(), depth), ("{".into(), depth)] {
        let cache = Cache::at(second.path().join(expected.to_string() + &text[..1])).unwrap();
        let write = |folder: &Path| -> Result<(), ToolError> {
            fs::write(folder.join("rooms.json"), &text).unwrap();
            Ok(())
        };
        cache.entry("rooms", &key, write).unwrap();
        let rooms = rooms(&graph.load_with(&catalog, &NoFiles, &cache).unwrap());
        assert_eq!(rooms.iter().map(|(_, room)| room.depth).max(), Some(expected));
    }
}

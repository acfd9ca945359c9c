//! In each folder of the source the files stand in an order: no two use each other, directly or through others.

use super::sources;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The circles that are left, by folder, and why.
const LEFT: &[(&str, &[&str], &str)] = &[
    (
        "hdl",
        &[
            "check", "cut", "layout", "module", "order", "part", "payload", "pipeline", "ports", "signal",
            "stream",
        ],
        "a signal knows its module, in which it makes others; a module knows how it ends as a circuit",
    ),
    (
        "hdl",
        &["flatten", "interpret", "slots"],
        "a value that is out of range is reported by where it stands",
    ),
    ("blocks/window", &["border", "kernel"], "a kernel has a border, which is checked against the kernel"),
    ("blocks/window", &["counter", "raster"], "a size is counted"),
    ("blocks/window", &["flush", "slide"], "an axis is what windows slide along"),
];

/// A file of the source as a module.
struct Source {
    path: Vec<String>,
    uses: Vec<Vec<String>>,
    /// By the name under which its folder gives it on, what it takes from one of its files.
    given_on: BTreeMap<String, String>,
}

#[test]
fn files_of_a_folder_stand_in_an_order() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let all: Vec<Source> = sources(&root).iter().map(|file| Source::read(&root, file)).collect();
    let folders: BTreeSet<&[String]> =
        all.iter().filter_map(|file| file.path.split_last()).map(|(_, f)| f).collect();
    let mut circles = BTreeSet::new();
    for folder in folders {
        let uses = uses_within(folder, &all);
        let name = folder.join("/");
        circles.extend(circles_of(&uses).into_iter().map(|circle| (name.clone(), circle)));
    }
    let left = |(folder, names, _): &(&str, &[&str], &str)| {
        ((*folder).to_owned(), names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>())
    };
    let left: BTreeSet<_> = LEFT.iter().map(left).collect();
    let fresh: Vec<_> = circles.difference(&left).collect();
    assert!(fresh.is_empty(), "files that use each other: {fresh:?}");
    let gone: Vec<_> = left.difference(&circles).collect();
    assert!(gone.is_empty(), "no circles any more, take them off the list: {gone:?}");
}

/// For each file or folder right in `folder` those that it uses.
fn uses_within(folder: &[String], all: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let inside = |path: &[String]| path.strip_prefix(folder).and_then(<[String]>::first).cloned();
    let children: BTreeSet<String> = all.iter().filter_map(|file| inside(&file.path)).collect();
    let face = all.iter().find(|file| file.path == folder);
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (file, own) in all.iter().filter_map(|file| Some((file, inside(&file.path)?))) {
        let found = file.uses.iter().filter_map(|path| inside(path));
        let given_on = |name: String| face.and_then(|face| face.given_on.get(&name)).cloned();
        let found =
            found.filter_map(|name| if children.contains(&name) { Some(name) } else { given_on(name) });
        let others: Vec<String> = found.filter(|name| children.contains(name) && *name != own).collect();
        uses.entry(own).or_default().extend(others);
    }
    uses
}

/// The sets of names of which each reaches each other.
fn circles_of(uses: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<BTreeSet<String>> {
    let reached = |from: &String| {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&String> = uses[from].iter().collect();
        while let Some(name) = next.pop() {
            if reached.insert(name.clone()) {
                next.extend(&uses[name]);
            }
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        uses.keys().map(|name| (name, reached(name))).collect();
    let circle = |name: &String| -> BTreeSet<String> {
        reached[name].iter().filter(|other| reached[other].contains(name)).cloned().collect()
    };
    uses.keys().map(circle).filter(|circle| circle.len() > 1).collect()
}

impl Source {
    fn read(root: &Path, file: &Path) -> Self {
        let inner = file.strip_prefix(root).unwrap().with_extension("");
        let mut path: Vec<String> = inner.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
        if ["mod", "lib"].contains(&path.last().unwrap().as_str()) {
            path.pop();
        }
        let text = fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let code: Vec<&str> = code.lines().map(|line| line.split("//").next().unwrap()).collect();
        let code = code.join("\n");
        let (mut uses, mut given_on) = (Vec::new(), BTreeMap::new());
        for statement in code.split("use ").skip(1) {
            let statement = statement.split(';').next().unwrap();
            for named in named(statement) {
                let (from, name) =
                    named.split_once(" as ").unwrap_or((&named, named.rsplit("::").next().unwrap()));
                let words: Vec<String> = from.split("::").map(|word| word.trim().to_owned()).collect();
                given_on.insert(name.trim().to_owned(), words[0].clone());
                uses.extend(absolute(&path, &words));
            }
        }
        for start in ["crate::", "super::"] {
            for place in code.match_indices(start).map(|(place, _)| place) {
                let end = code[place..].find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
                let words = code[place..][..end.unwrap_or(0)].split("::").map(str::to_owned);
                uses.extend(absolute(&path, &words.collect::<Vec<_>>()));
            }
        }
        Self { path, uses, given_on }
    }
}

/// The single paths of a `use`, whose braces may be nested.
fn named(statement: &str) -> Vec<String> {
    let Some((before, inner)) = statement.split_once('{') else { return vec![statement.trim().to_owned()] };
    let inner = inner.rsplit_once('}').map_or(inner, |(inner, _)| inner);
    let (mut depth, mut items) = (0, vec![String::new()]);
    for c in inner.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            ',' if depth == 0 => items.push(String::new()),
            c => items.last_mut().unwrap().push(c),
        }
    }
    let items = items.iter().filter(|item| !item.trim().is_empty()).flat_map(|item| named(item));
    items.map(|item| format!("{}{item}", before.trim())).collect()
}

/// The path from the root of the crate of what module `of` names by `words`; none where it is of another crate.
fn absolute(of: &[String], words: &[String]) -> Option<Vec<String>> {
    match words.first()?.as_str() {
        "crate" => Some(words[1..].to_vec()),
        "super" => {
            let up = words.iter().take_while(|word| *word == "super").count();
            Some([&of[..of.len().checked_sub(up)?], &words[up..]].concat())
        }
        _ => None,
    }
}

#[test]
fn a_circle_is_found() {
    let uses = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "a")];
    let uses = uses.map(|(from, to)| (from.to_owned(), BTreeSet::from([to.to_owned()]))).into();
    assert_eq!(circles_of(&uses), [["b".to_owned(), "c".to_owned()].into()].into());
    assert_eq!(named("super::{a::{B, c::*}, d}"), ["super::a::B", "super::a::c::*", "super::d"]);
}

//! What a person reads has the words of design files, not those of Rust, and nothing that a terminal obeys.

use crate::{design, folder, refused, ternlet};
use std::fs;
use ternlet::datapath::Catalog;
use ternlet::design::{Choices, Design};
use ternlet::graph::examples;

/// Words of Rust and of serde that mean nothing in a design file.
const FOREIGN: [&str; 24] = [
    "struct",
    "enum",
    "variant",
    "usize",
    "u8",
    "u16",
    "u32",
    "u64",
    "i64",
    "f64",
    "newtype",
    "tuple",
    "unit",
    "identifier",
    "Option",
    "untagged",
    "field",
    "map",
    "sequence",
    "deserialize",
    "expected Int",
    "Config",
    "panicked",
    "array",
];

/// Each value of each key of `table`, by its path.
fn paths(table: &toml::Table, before: &str) -> Vec<String> {
    let inner = |(key, value): (&String, &toml::Value)| {
        let path = format!("{before}{key}");
        let more = match value {
            toml::Value::Table(table) => paths(table, &format!("{path}.")),
            toml::Value::Array(list) => {
                let tables = list.iter().enumerate().filter_map(|(at, value)| Some((at, value.as_table()?)));
                tables.flat_map(|(at, table)| paths(table, &format!("{path}.{at}."))).collect()
            }
            _ => Vec::new(),
        };
        [vec![path], more].concat()
    };
    table.iter().flat_map(inner).collect()
}

fn at<'t>(root: &'t mut toml::Value, path: &str) -> &'t mut toml::Value {
    path.split('.').fold(root, |value, step| match value {
        toml::Value::Array(list) => &mut list[step.parse::<usize>().unwrap()],
        other => other.get_mut(step).unwrap(),
    })
}

/// All keys that there are: the examples, with the keys that they only show in comments, and tables of data.
fn designs() -> Vec<String> {
    let data = "\n[input]\nfile = \"x.npy\"\ntensor = \"t\"\nscale = 2.0\n[expected]\ny = { file = \"y.npy\" }\n\
                [labels]\nfile = \"l.npy\"\nstream = \"y\"\npicture = [2, 2]\nscores = \"y\"\n";
    let files = "name = \"tested\"\n[datapath]\nkind = \"nm_mac\"\nrows = 2\ncolumns = 8\npattern = \"2:4\"\ninput = \"s8\"\n\
                 weight = \"s4\"\nweights = { from = \"memory\", file = \"w.npy\", tensor = \"w\", metadata = \"m\" }\n\
                 [datapath.requantize]\noutput = \"s4\"\nshift = 3\nmultiplier = { file = \"m.npy\", tensor = \"m\" }\n\
                 bias = [1, 2]\nrounding = \"stochastic\"\nseed = 3\nproduct = \"auto\"\n";
    let own = examples(&Catalog::standard()).into_iter().map(|example| example.text.to_owned());
    let graph = examples(&Catalog::standard()).pop().unwrap().text.to_owned();
    let graph = graph + "[probes]\nsums = \"hidden.y\"\n[[fifo]]\ninto = \"class\"\ndepth = 4\n";
    own.map(|text| text + data).chain([files.into(), graph]).collect()
}

/// A value of each type in the place of each key of each table: what is said has no word of Rust.
#[test]
fn a_value_of_another_type_is_told_in_words_of_design_files() {
    let others =
        ["-1", "3", "4.5", "true", "\"other\"", "[]", "[1]", "[[1]]", "{}", "{ other = 1 }", "2026-11-29"];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("design.toml");
    let (mut refusals, mut wrong) = (0, Vec::new());
    for text in designs() {
        let table: toml::Table = text.parse().unwrap();
        for key in paths(&table, "") {
            for other in others {
                let mut changed = toml::Value::Table(table.clone());
                *at(&mut changed, &key) =
                    toml::from_str::<toml::Table>(&format!("v = {other}")).unwrap()["v"].clone();
                fs::write(&path, toml::to_string(&changed).unwrap()).unwrap();
                let Err(error) = Design::read(&path, &Choices::default(), &Catalog::standard()) else {
                    continue;
                };
                refusals += 1;
                // What is quoted is the person's own: lines of the file, and names of keys and words.
                let said = error.to_string();
                let lines =
                    said.lines().filter(|line| !line.starts_with("  ") && line.contains("design.toml"));
                for line in lines {
                    let own: String = line.split('`').step_by(2).collect();
                    let own: String = own.split('"').step_by(2).collect();
                    let words: Vec<&str> = own.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
                    let foreign = FOREIGN.iter().find(|foreign| match foreign.split_once(' ') {
                        Some(_) => own.contains(*foreign),
                        None => words.contains(foreign),
                    });
                    wrong.extend(foreign.map(|foreign| format!("{foreign}: {key} = {other}: {line}")));
                }
            }
        }
    }
    wrong.sort();
    wrong.dedup();
    assert!(refusals > 2000, "{refusals}");
    assert!(wrong.is_empty(), "{} of {refusals}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The likeliest first mistakes, and what is to be written instead.
#[test]
fn the_likeliest_mistakes_are_answered_with_what_to_write() {
    let said = |text: &str, words: &[&str]| {
        refused(&ternlet(folder(text).path(), &["generate", "design.toml"]), words)
    };
    let sr_ste = Catalog::standard().find("sr_ste_update").unwrap().example;
    let lambda = sr_ste.lines().find(|line| line.starts_with("lambda")).unwrap();
    let help = "expected a table { multiplier = 13, shift = 16 }, which is multiplier / 2^shift";
    said(&sr_ste.replace(lambda, "lambda = 0.0002"), &[help]);
    let keys = "rows = 2\ncolumns = 2\ninput = \"s8\"\nweights = [[1, 0], [0, -1]]";
    said(&design("ternary_mac", keys), &["weights", "expected a table with `from = \"...\"`"]);
    let keys = "rows = 2\ncolumns = 2\ninput = \"s8\"\nweights = \"w.npy\"";
    said(
        &design("ternary_mac", keys),
        &["expected a table { from = \"memory\", values = [...] }, or with file and tensor"],
    );
    let keys =
        "scheme = \"haar\"\nlevels = 1\ninput = \"u8\"\nsize = [8]\n[datapath.subband]\nl1 = 4\nh1 = 2";
    said(&design("wavelet_quantizer", keys), &["expected a table { bits = 4,", "as `ternlet fit` writes it"]);
    let argmax = design("argmax", "columns = 8\ninput = \"s8\"");
    let help =
        "expected a table [expected] with an entry for each output: y = { file = \"...\", tensor = \"...\" }";
    said(&format!("expected = \"y.npy\"\n{argmax}"), &[help]);
}

/// Names of files, keys and values come back without what a terminal obeys.
#[test]
fn nothing_that_a_terminal_obeys_is_printed() {
    let evil = "a\u{1b}]0;owned\u{7}\u{9b}2J\u{202e}b";
    let argmax = design("argmax", "columns = 8\ninput = \"s8\"");
    let text = toml::Value::from(evil);
    let folder = folder(&argmax);
    let path = folder.path();
    let write = |text: &str| fs::write(path.join("design.toml"), text).unwrap();
    let mut seen =
        vec![ternlet(path, &["golden", "design.toml", "--input", &format!("{evil}.npy"), "-o", "y.npy"])];
    seen.push(ternlet(path, &["generate", &format!("{evil}.toml")]));
    for text in [
        format!("{argmax}[input]\nfile = {text}\n"),
        format!("{argmax}[input]\nfile = \"x.npy\"\ntensor = {text}\n"),
        format!("{argmax}{} = 1\n", serde_json::to_string(evil).unwrap()),
        format!("board = {text}\n{argmax}"),
        argmax.replace("\"tested\"", &text.to_string()),
        argmax.replace("\"argmax\"", &text.to_string()),
        argmax.replace("\"s8\"", &text.to_string()),
        format!("{argmax}# {evil}\n"),
        format!("{argmax}x = {evil}\n"),
    ] {
        write(&text);
        seen.push(ternlet(path, &["generate", "design.toml"]));
    }
    for ran in seen {
        refused(&ran, &[]);
        let obeyed = ran.said.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
        assert_eq!(obeyed, None, "{}", ran.said);
    }
}

/// What a design says of itself has the words of design files too.
#[test]
fn a_design_tells_of_itself_without_names_of_types() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("design.toml");
    for example in examples(&Catalog::standard()) {
        fs::write(&path, example.text).unwrap();
        let design = Design::read(&path, &Choices::default(), &Catalog::standard()).unwrap();
        let facts =
            design.datapath.facts(design.timing()).into_iter().map(|(what, value)| format!("{what} {value}"));
        let told = facts.chain([design.datapath.doc()]).collect::<Vec<_>>().join("\n");
        let is_type = |word: &&str| {
            let joins = |pair: &[char]| pair[0].is_lowercase() && pair[1].is_uppercase();
            word.chars().collect::<Vec<_>>().windows(2).any(joins)
        };
        let found = told.split(|c: char| !c.is_alphanumeric()).find(is_type);
        assert_eq!(found, None, "{}: {told}", example.kind);
    }
}

//! What a person who takes over the Verilog of the examples reads.

use std::fs;
use std::path::{Path, PathBuf};
use ternlet::datapath::{Catalog, circuit};
use ternlet::design::{Choices, Design};
use ternlet::device::Board;
use ternlet::graph::examples;
use ternlet::verilog::{Comments, SourceFile, emit, emit_with};

fn designs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut designs: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    designs.sort();
    designs
}

fn design(path: &Path) -> Design {
    Design::read(path, &Choices::default(), &Catalog::standard()).unwrap_or_else(|error| panic!("{error}"))
}

fn verilog(design: &Design, comments: Comments) -> Vec<SourceFile> {
    emit_with(&circuit(&*design.datapath, &design.name, design.timing()), comments)
}

/// The name that a line declares, its text up to the name and what comes after it; none where it declares no port, wire or register.
fn declaration(line: &str) -> Option<(&str, &str, &str)> {
    let code = line.trim_start();
    if !["input", "output", "wire", "reg"].iter().any(|word| code.starts_with(&format!("{word} "))) {
        return None;
    }
    let end = line.find([';', ',', '=']).unwrap_or(line.find(" //").unwrap_or(line.len()));
    let head = line[..end].trim_end();
    let start = head.rfind(' ')? + 1;
    Some((&head[start..], &head[..start], &line[end..]))
}

#[test]
fn a_declaration_is_found() {
    assert_eq!(
        declaration("  wire signed [6:0] sum; // -3..=3"),
        Some(("sum", "  wire signed [6:0] ", "; // -3..=3"))
    );
    assert_eq!(declaration("  wire go = ~valid | ready;").unwrap().0, "go");
    assert_eq!(declaration("  output wire y_last").unwrap().0, "y_last");
    assert_eq!(declaration("  assign y = x;"), None);
}

/// A person reads a module in one sitting.
const MOST_LINES: usize = 400;

/// No net is a number to its reader, no range says what one bit says, no module is long, and every one is the design's.
#[test]
fn nets_have_names_and_modules_the_designs_prefix_and_few_lines() {
    for path in designs() {
        let design = design(&path);
        let files = verilog(&design, Comments::Headings);
        let (mut declared, mut numbers) = (0, 0);
        for SourceFile { name, text } in &files {
            let of_design =
                *name == format!("{}.v", design.name) || name.starts_with(&format!("{}_", design.name));
            assert!(of_design, "{name} of {}", design.name);
            let head = format!("// Design {}, text ", design.name);
            assert!(text.starts_with(&head), "{name} begins with {:?}", text.lines().next());
            for line in text.lines() {
                let Some((net, before, after)) = declaration(line) else { continue };
                declared += 1;
                let number =
                    net.strip_prefix('n').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
                numbers += usize::from(number);
                assert!(net.len() <= 60, "{name}: {net} is a long name");
                assert!(before.contains('[') || !after.contains("..="), "{name}: a range of one bit: {line}");
            }
            let lines = text.lines().count();
            assert!(lines <= MOST_LINES, "{name} has {lines} lines: more of it is a part of its own");
            assert!(!text.contains(".rs:") || text.contains("$display"), "{name} names our sources");
        }
        assert!(declared > 20, "{} has declarations", design.name);
        assert!(numbers * 20 < declared, "{}: {numbers} of {declared} nets are but numbers", design.name);
    }
}

/// Every file of a design, whatever its family makes of it, begins with its name and has its head: those of each datapath, and of a
/// matrix with one column a beat, for which a family may have a cell of its own.
#[test]
fn every_module_is_the_designs_on_every_family() {
    let catalog = Catalog::standard();
    let folder = tempfile::tempdir().unwrap();
    let all = examples(&catalog);
    let ternary = all.iter().find(|example| example.kind == "ternary_mac").unwrap().text;
    let text = ternary.replace("lanes = 3 ", "lanes = 1 ");
    assert_ne!(text, ternary);
    let texts: Vec<&str> = all.iter().map(|example| example.text).chain([text.as_str()]).collect();
    // One board of each family.
    let mut boards = Board::all();
    boards.sort_by_key(|board| board.family.name);
    boards.dedup_by_key(|board| board.family.name);
    let mut cells = 0;
    for (number, text) in texts.into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.toml"));
        fs::write(&path, text).unwrap();
        for board in &boards {
            let choices = Choices { board: Some(board.name.clone()), ..Choices::default() };
            let design = Design::read(&path, &choices, &catalog).unwrap_or_else(|error| panic!("{error}"));
            let name = &design.name;
            for file in verilog(&design, Comments::Headings) {
                let at = format!("{} of {name} on {}:\n{}", file.name, board.name, file.text);
                assert!(
                    file.name == format!("{name}.v") || file.name.starts_with(&format!("{name}_")),
                    "{at}"
                );
                assert!(file.text.starts_with(&format!("// Design {name}, text ")), "{at}");
                let module = file.name.strip_suffix(".v").unwrap();
                assert!(file.text.contains(&format!("\nmodule {module} ")), "{at}");
                cells += usize::from(file.text.contains("CCU2C"));
            }
        }
    }
    assert!(cells > 0, "no family has a cell of its own: the test looks at nothing new");
}

/// Comments change no hardware; with the source there is a line of ours after each declaration.
#[test]
fn source_lines_come_on_request_only() {
    let design = design(&designs()[0]);
    let without = |files: Vec<SourceFile>| -> Vec<String> {
        let code = |line: &str| line.split("//").next().unwrap_or_default().trim_end().to_string();
        files.iter().flat_map(|file| file.text.lines().map(code).collect::<Vec<_>>()).collect()
    };
    let source = verilog(&design, Comments::Source);
    assert!(
        source[0].text.lines().filter(|line| line.contains("// src/")).count() > 20,
        "{}",
        source[0].text
    );
    assert_eq!(without(source), without(verilog(&design, Comments::Headings)));
}

/// The hash in the heads is that of what is below them: another circuit has another, the same circuit the same.
#[test]
fn the_hash_tells_versions_apart() {
    let hash = |files: &[SourceFile]| -> Vec<String> {
        files.iter().map(|file| file.text.lines().next().unwrap().to_string()).collect()
    };
    let emitted = |bits: u32| {
        let m = ternlet::hdl::Module::new("adds");
        let x = m.input("x", ternlet::hdl::signed(bits));
        m.output("y", x.add_with_carry(x, None));
        emit(&m.finish().unwrap())
    };
    let (first, again, other) = (hash(&emitted(4)), hash(&emitted(4)), hash(&emitted(5)));
    assert_eq!(first, again);
    assert_eq!(first[0], first[1], "one hash for all files of a design");
    assert_ne!(first[1], other[1], "also where the file itself is the same");
}

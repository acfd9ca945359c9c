//! Names that a person gives to designs, nodes and streams: each is refused where it is written, or every tool takes it.

use crate::{accepted, design, folder, refused, ternlet};
use std::fs;
use std::path::{Path, PathBuf};
use ternlet::tools::{Progress, Toolchain};

/// Four nodes of other lanes in a row, with adaptors and room between them, called so.
fn chain(names: [&str; 4]) -> String {
    let lanes = [1, 2, 4, 1];
    let node = |(name, lanes): (&str, usize)| {
        let name = toml::Value::from(name);
        format!(
            "[[node]]\nname = {name}\nkind = \"requantize\"\nrows = 4\nlanes = {lanes}\ninput = \"s8\"\n\
             requantize = {{ output = \"s8\", multiplier = 3, shift = 1 }}\n\
             [[fifo]]\ninto = {name}\ndepth = 2\n"
        )
    };
    let nodes: String = names.into_iter().zip(lanes).map(node).collect();
    format!("name = \"tested\"\n{nodes}[outputs]\nleaving = {}\n", toml::Value::from(names[3]))
}

/// Words that stand in the Verilog of such a chain, or that a language reserves.
const WORDS: [&str; 24] = [
    "a",
    "b",
    "a_to_b",
    "a_to_b_fifo",
    "b_to_a",
    "clk",
    "rst",
    "y",
    "x",
    "acc",
    "acc_valid",
    "y_ready",
    "leaving",
    "leaving_payload",
    "and",
    "always",
    "main",
    "class",
    "done",
    "tested",
    "tested_a",
    "x_0",
    "x_1",
    "gold",
];

#[test]
fn nodes_may_have_the_names_of_nets_and_reserved_words() {
    let verilator = Toolchain::new(Progress::quiet()).unwrap().verilator().unwrap().tool;
    for at in 0..WORDS.len() {
        let names = [0, 1, 2, 3].map(|next| WORDS[(at + next * (1 + at % 5)) % WORDS.len()]);
        let folder = folder(&chain(names));
        accepted(&ternlet(folder.path(), &["generate", "design.toml"]));
        let verilog = folder.path().join("build/tested/verilog");
        let files =
            fs::read_dir(&verilog).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let files: Vec<String> = files.collect();
        let mut arguments = vec!["--lint-only", "-Wall", "--top-module", "tested"];
        arguments.extend(files.iter().map(String::as_str));
        verilator.run(&verilog, &arguments).unwrap_or_else(|error| panic!("{names:?}: {error}"));
    }
}

#[test]
fn names_that_cannot_be_are_refused_where_they_are_written() {
    let long = "n".repeat(65);
    let bad = [
        "",
        "A",
        "9a",
        "_a",
        "a_",
        "a__b",
        "a-b",
        "a b",
        "a.b",
        "\u{e4}",
        "a\n",
        "a\u{1b}[2J",
        "../a",
        &long,
    ];
    let generate = |text: &str, words: &[&str]| {
        let folder = folder(text);
        refused(&ternlet(folder.path(), &["generate", "design.toml"]), words);
        assert!(!folder.path().join("build").exists());
    };
    for name in bad.into_iter().chain(["input", "datapath", "board", "host"]) {
        generate(&chain(["a", "b", name, "c"]), &["design.toml:23", "node[2].name: "]);
    }
    let argmax = "[[node]]\nname = \"n\"\nkind = \"argmax\"\ncolumns = 4\ninput = \"s8\"\n";
    for name in bad {
        let quoted = serde_json::to_string(name).unwrap();
        let key = |key: &str| format!("name = \"tested\"\n{argmax}[{key}]\n{quoted} = \"n\"\n");
        generate(&key("outputs"), &["outputs."]);
        generate(&(key("probes") + "[outputs]\nindex = \"n\"\n"), &["probes."]);
        if !name.contains('.') {
            let from = toml::Value::from(format!("input.{name}"));
            generate(&format!("name = \"tested\"\n{argmax}from = {from}\n"), &["node[0].from: input "]);
        }
        generate(&format!("name = {quoted}\n{argmax}"), &["design.toml:1", "name = "]);
    }
}

#[test]
fn names_that_are_there_twice_are_refused() {
    let generate = |text: &str, words: &[&str]| {
        refused(&ternlet(folder(text).path(), &["generate", "design.toml"]), words);
    };
    generate(
        &chain(["a", "b", "c", "b"]),
        &["node[3].name: \"b\": node[1].name has this name too; rename one"],
    );
    let acc = chain(["a", "b", "c", "d"]).replace("leaving", "acc");
    generate(&acc, &["outputs.acc: `acc` is the name of an input too; rename one"]);
    let one = "name = \"tested\"\n[[node]]\nname = \"n\"\nkind = \"argmax\"\ncolumns = 4\ninput = \"s8\"\n\
               [outputs]\nx = \"n\"\n";
    generate(one, &["design.toml:8", "outputs.x: `x` is the name of an input too; rename one"]);
    let probes = one.replace("[outputs]\nx", "[outputs]\ny = \"n\"\n[probes]\ny");
    generate(&probes, &["probes.y: \"y\": outputs.y has this name too; rename one"]);
    let probes = one.replace("[outputs]\nx", "[outputs]\ny = \"n\"\n[probes]\nx");
    generate(&probes, &["probes.x: `x` is the name of an input too; rename one"]);
}

/// A port's name, a word of Verilog, of SystemVerilog, of C++: also where the design is not built.
#[test]
fn a_design_is_called_as_none_of_its_ports_and_no_reserved_word() {
    let keys =
        "rows = 2\nlanes = 1\ninput = \"s8\"\nrequantize = { output = \"u4\", multiplier = 3, shift = 2 }";
    for name in ["clk", "rst", "acc_valid", "y_ready", "y_payload", "y_last", "table", "logic", "namespace"] {
        let folder = folder(&design("requantize", keys).replace("tested", name));
        for command in [&["generate", "design.toml"][..], &["golden", "design.toml", "-o", "y.npy"]] {
            let help = format!("write another, such as my_{name}");
            refused(&ternlet(folder.path(), command), &["design.toml:1", &help]);
        }
        let text = fs::read_to_string(folder.path().join("design.toml")).unwrap();
        fs::write(folder.path().join("design.toml"), text.replace(name, &format!("my_{name}"))).unwrap();
        accepted(&ternlet(folder.path(), &["generate", "design.toml"]));
    }
}

/// The solver's copies of a design have names that no design can have.
#[test]
fn a_design_called_as_a_solvers_copy_is_mutated() {
    for name in ["gold", "gate", "equivalence"] {
        let keys = "rows = 2\nlanes = 1\ninput = \"s8\"\nrequantize = { output = \"u4\", multiplier = 3, shift = 2 }";
        let text = design("requantize", keys).replace("tested", name);
        let folder = folder(&text);
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_ternlet"))
            .args(["mutate", "design.toml", "--count", "60", "--frames", "1", "--json", "--quiet"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {said}");
        let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(object["design"], name);
        let proven = object["equivalent"].as_u64().unwrap_or_default()
            + object["survived"].as_u64().unwrap_or_default();
        assert!(proven > 0, "some mutant came to the solver: {object}");
    }
}

/// The design file that `fit` writes is TOML whatever its file and tensor are called, and says what was meant.
#[test]
fn fit_writes_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let bytes = crate::npy("<i8", false, "(8,)", &crate::i64s(&[1, 5, 3, 9, 2, 2, 7, 1]));
    for (index, name) in
        ["a\"b.npy", "a\\b.npy", "x\"\nscale = 3.0 #.npy", "\u{e4}'.npy", "'''.npy"].iter().enumerate()
    {
        fs::write(path.join(name), &bytes).unwrap();
        let file = format!("fitted_{index}.toml");
        accepted(&ternlet(path, &["fit", &format!("./{name}"), "--bits", "2", "-o", &file]));
        let written: toml::Table = fs::read_to_string(path.join(&file)).unwrap().parse().unwrap();
        let table = written["input"].as_table().unwrap();
        assert_eq!((table.len(), table["file"].as_str()), (1, Some(format!("./{name}").as_str())));
        accepted(&ternlet(path, &["golden", &file, "-o", "y.npy"]));
    }
    for name in ["a\"b", "t\\", "t\nscale = 2 #"] {
        let values = crate::i64s(&[1, 5, 3, 9]);
        crate::save(&path.join("t.safetensors"), &[(name, safetensors::tensor::Dtype::I64, &[4], values)]);
        let file = PathBuf::from("tensor.toml");
        _ = fs::remove_file(path.join(&file));
        accepted(&ternlet(
            path,
            &["fit", &format!("t.safetensors:{name}"), "--bits", "2", "-o", "tensor.toml"],
        ));
        accepted(&ternlet(path, &["golden", "tensor.toml", "-o", "y.npy"]));
    }
    assert!(Path::new(&path.join("y.npy")).is_file());
}

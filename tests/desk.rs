//! A board on a desk: `ternlet run` talks to it over a serial port, at whose other end its digital twin is.

use safetensors::SafeTensors;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn ternlet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ternlet")).args(arguments).output().expect("the command line starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A board that is a process, with its port; it ends when this does.
struct Board {
    process: Child,
    port: PathBuf,
    _folder: TempDir,
}

impl Board {
    fn of(design: &str, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = folder.path().join("board");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
        command.args(["twin", design, "--quiet", "--pty", port.to_str().unwrap()]).args(more);
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let begun = Instant::now();
        while !port.exists() {
            assert!(process.try_wait().unwrap().is_none(), "the twin of {design} ended");
            assert!(begun.elapsed() < Duration::from_secs(300), "the twin of {design} does not begin");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self { process, port, _folder: folder }
    }

    fn run(&self, design: &str, more: &[&str]) -> Output {
        // A busy machine is a slow board.
        let port = self.port.to_str().unwrap();
        ternlet(&[&["run", design, "--quiet", "--port", port, "--timeout", "120"], more].concat())
    }

    /// Ends it as Ctrl-C does.
    fn end(mut self) {
        // SAFETY: the process is ours.
        unsafe { libc::kill(self.process.id() as libc::pid_t, libc::SIGINT) };
        assert!(self.process.wait().unwrap().success(), "a twin ends well");
        assert!(!self.port.is_symlink(), "nothing of the port stays");
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// The example design that scales, with 40 frames of data.
fn design(folder: &Path, board: &str) -> String {
    let text = include_str!("../examples/requantize.toml");
    let board = format!("board = \"{board}\"");
    let text = text.replacen("board = \"icebreaker\"", &board, 1);
    assert!(text.contains(&board), "the example names its board");
    let path = folder.join("design.toml");
    fs::write(&path, text + "\n[input]\nfile = \"acc.npy\"\n").unwrap();
    let values: Vec<i32> = (0..40 * 8).map(|place: i32| (place * 397) % 20_000 - 10_000).collect();
    write_npy(&folder.join("acc.npy"), "<i4", &[40, 8], values.iter().flat_map(|value| value.to_le_bytes()));
    path.to_str().unwrap().to_owned()
}

/// An .npy file of version 1.
fn write_npy(path: &Path, kind: &str, shape: &[usize], bytes: impl Iterator<Item = u8>) {
    let shape: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let mut head = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
    let filled = (10 + head.len() + 1).next_multiple_of(64) - 10;
    head = format!("{head:<width$}\n", width = filled - 1);
    let begin = [&b"\x93NUMPY\x01\x00"[..], &(head.len() as u16).to_le_bytes(), head.as_bytes()].concat();
    fs::write(path, begin.into_iter().chain(bytes).collect::<Vec<u8>>()).unwrap();
}

#[test]
fn a_run_gives_what_the_golden_model_gives() {
    let folder = tempfile::tempdir().unwrap();
    let design = design(folder.path(), "icebreaker");
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let board = Board::of(&design, &[]);
    let output = board.run(&design, &["--check", "--json", "--output", &file("run.safetensors")]);
    assert!(output.status.success(), "{output:?}");
    let ran = json(&output);
    assert_eq!((&ran["frames"], &ran["checked"], &ran["mismatch"]), (&40.into(), &true.into(), &Value::Null));
    assert!(ran["bytes_heard"].as_u64() > Some(40 * 8) && ran["frames_per_second"].as_f64() > Some(0.0));
    assert!(ternlet(&["golden", &design, "-o", &file("golden.safetensors")]).status.success());
    let [run, golden] = ["run.safetensors", "golden.safetensors"].map(|name| fs::read(file(name)).unwrap());
    assert_eq!(run, golden, "the files are the same, byte for byte");
    // A second host finds the board as the first one left it.
    assert!(board.run(&design, &["--check"]).status.success());

    // A board that holds another design is refused, by name of both.
    let changed = fs::read_to_string(&design).unwrap().replacen("37", "38", 1);
    let other = file("other.toml");
    fs::write(&other, changed).unwrap();
    let output = board.run(&other, &["--check"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(said(&output).contains("holds another design (ternlet 0.1, Verilog "), "{}", said(&output));

    // A port that somebody has is nobody else's.
    board.end();
    let output = ternlet(&["run", &design, "--port", &file("board")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("there is no such port"), "{}", said(&output));
}

/// Bytes that are turned over, lost and invented are of no effect but on the time.
#[test]
fn noise_on_the_line_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let design = design(folder.path(), "ulx3s");
    let board = Board::of(&design, &["--noise", "7"]);
    let output = board.run(&design, &["--check", "--json"]);
    assert!(output.status.success(), "{output:?}");
    let ran = json(&output);
    assert!(ran["broken"].as_u64() > Some(0) || ran["refused"].as_u64() > Some(0), "there was noise: {ran}");
}

#[test]
fn a_board_that_says_nothing_is_named_with_its_port() {
    let folder = tempfile::tempdir().unwrap();
    let design = design(folder.path(), "icebreaker");
    let board = Board::of(&design, &[]);
    // SAFETY: the process is ours.
    unsafe { libc::kill(board.process.id() as libc::pid_t, libc::SIGSTOP) };
    let port = board.port.to_str().unwrap();
    let output = ternlet(&["run", &design, "--port", port, "--timeout", "0.3"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = said(&output);
    assert!(
        said.contains(port) && said.contains("answers in 0.3 s") && said.contains("ternlet load"),
        "{said}"
    );
}

#[test]
fn what_has_no_line_is_refused_with_what_to_say() {
    let folder = tempfile::tempdir().unwrap();
    let design = design(folder.path(), "icebreaker");
    for arguments in [&["run", "--port", "/dev/null"][..], &["twin"]] {
        let output = ternlet(&[arguments, &[&design, "--link", "scan"]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains("say link = { kind = \"uart\" }"), "{}", said(&output));
    }
    let text = fs::read_to_string(&design).unwrap();
    for (link, why) in [
        ("ring = 300", "ring = 300: a stream has a ring of 256, 512, 1024, 2048, 4096 or 8192 bytes"),
        ("baud = 9600", "baud = 9600: the least rate is 115200"),
        ("kind = \"usb\"", "unknown word `usb`, expected `uart` or `scan`"),
    ] {
        fs::write(&design, format!("link = {{ {link} }}\n{text}")).unwrap();
        let output = ternlet(&["generate", &design]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            said(&output).contains(why) && said(&output).contains("design.toml:1: "),
            "{}",
            said(&output)
        );
    }
}

/// A board that ternlet does not ship is a file.
#[test]
fn a_board_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let shown = ternlet(&["boards", "--show", "icebreaker"]);
    assert!(shown.status.success(), "{shown:?}");
    let text = String::from_utf8(shown.stdout).unwrap();
    let mine = folder.path().join("mine.toml");
    fs::write(&mine, text.replace("oscillator_mhz = 12", "oscillator_mhz = 16")).unwrap();
    let design = design(folder.path(), "mine.toml");
    let board = Board::of(&design, &[]);
    assert!(board.run(&design, &["--check"]).status.success());
    // Wrong in its third line.
    fs::write(&mine, text.replacen("package", "packing", 1)).unwrap();
    let output = ternlet(&["generate", &design]);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("mine.toml:") && said(&output).contains("packing"), "{}", said(&output));
    fs::remove_file(&mine).unwrap();
    let output = ternlet(&["generate", &design]);
    assert!(said(&output).contains("ternlet boards --show icebreaker"), "{}", said(&output));
}

/// Twenty digits through the tops of two families, with and without noise.
#[test]
#[ignore = "of the nightly"]
fn digits_are_told_apart_on_a_desk() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let design = examples.join("digits_ternary.toml");
    let design = design.to_str().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let digits = folder.path().join("digits.npy");
    let data = fs::read(examples.join("data/digits_test.safetensors")).unwrap();
    let data = SafeTensors::deserialize(&data).unwrap();
    let images = data.tensor("test.image").unwrap();
    let shape = [&[20], &images.shape()[1..]].concat();
    let bytes = shape.iter().product::<usize>();
    write_npy(&digits, "|u1", &shape, images.data()[..bytes].iter().copied());
    for board in ["icebreaker", "ulx3s"] {
        for noise in [&[][..], &["--noise", "5"]] {
            let twin = Board::of(design, &[&["--board", board], noise].concat());
            let input = ["--board", board, "--check", "--json", "--input", digits.to_str().unwrap()];
            let output = twin.run(design, &input);
            assert!(output.status.success(), "{board} {noise:?}: {output:?}");
            assert_eq!(json(&output)["frames"], 20);
        }
    }
}

/// A layer whose weights lie in SPRAM, with `frames` vectors, and the weights of these `seeds`: a design file for each.
fn loaded_layers(folder: &Path, shape: [usize; 4], seeds: &[u64], keys: [&str; 2]) -> Vec<String> {
    let [rows, columns, lanes, at_once] = shape;
    let [top, where_kept] = keys;
    let values: Vec<u8> = (0..4 * columns).map(|place| (place * 37 % 11) as u8).collect();
    write_npy(&folder.join("x.npy"), "|u1", &[4, columns], values.into_iter());
    let text = |seed: u64| {
        // Beats of `lanes * at_once` weights, row by row of those at once: each an integer, or five in one.
        let packed = where_kept.contains("trits5");
        let of_beat = if packed { (lanes * at_once).div_ceil(5) } else { lanes * at_once };
        let count = rows.div_ceil(at_once) * columns.div_ceil(lanes) * of_beat;
        let (all, least): (u64, i16) = if packed { (243, 0) } else { (3, -1) };
        let weight = |place: u64| ((place * 2_654_435_761 + seed * 97) >> 7) % all;
        let weights = (0..count as u64).flat_map(|place| (weight(place) as i16 + least).to_le_bytes());
        write_npy(&folder.join(format!("w{seed}.npy")), "<i2", &[1, count], weights);
        format!(
            "name = \"layer\"\nfrequency_mhz = 24\n{top}\n[datapath]\nkind = \"ternary_mac\"\nrows = {rows}\n\
             columns = {columns}\nlanes = {lanes}\nparallel_rows = {at_once}\ninput = \"u4\"\n\
             weights = {{ from = \"loaded\", {where_kept} }}\n[input.x]\nfile = \"x.npy\"\n[input.w]\nfile = \"w{seed}.npy\"\n"
        )
    };
    let file = |seed: &u64| {
        let path = folder.join(format!("layer{seed}.toml"));
        fs::write(&path, text(*seed)).unwrap();
        path.to_str().unwrap().to_owned()
    };
    seeds.iter().map(file).collect()
}

/// One board, one bitstream; other weights are other data.
fn weights_are_replaced(shape: [usize; 4], where_kept: &str) {
    let folder = tempfile::tempdir().unwrap();
    let keys = ["board = \"icebreaker\"", where_kept];
    let designs = loaded_layers(folder.path(), shape, &[1, 2], keys);
    let board = Board::of(&designs[0], &[]);
    let outputs: Vec<Vec<u8>> = designs
        .iter()
        .map(|design| {
            let results = folder.path().join("y.npy");
            let output = board.run(design, &["--check", "--json", "--output", results.to_str().unwrap()]);
            assert_eq!(output.status.code(), Some(0), "{}", said(&output));
            assert_eq!(json(&output)["frames"], 4);
            fs::read(results).unwrap()
        })
        .collect();
    assert_ne!(outputs[0], outputs[1], "other weights give other results");
    board.end();
}

#[test]
fn weights_are_replaced_without_another_bitstream() {
    weights_are_replaced([6, 40, 8, 2], SPRAM);
}

const SPRAM: &str = "memory = \"spram\"";

/// MNIST's pixels to 128 neurons, of whose weights, 160,768 bits at five in eight bits, the block RAM of the board holds 122,880: 40 a cycle.
#[test]
#[ignore = "of the nightly"]
fn a_large_layer_has_its_weights_in_spram() {
    let (shape, packed) = ([128, 784, 10, 4], "memory = \"spram\", packing = \"trits5\"");
    weights_are_replaced([128, 784, 8, 4], SPRAM);
    weights_are_replaced(shape, packed);
    let folder = tempfile::tempdir().unwrap();
    let design = loaded_layers(folder.path(), shape, &[3], ["board = \"icebreaker\"", packed]).remove(0);
    for stage in ["rtl", "netlist"] {
        let output = ternlet(&["simulate", &design, "--stage", stage, "--once", "--json", "--quiet"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let simulated = json(&output);
        assert_eq!(simulated["mismatches"], 0);
        assert!(simulated["initiation_interval"].as_f64() < Some(2540.0), "{simulated}");
    }
}

/// Weights that stand in the flash of the board, where its clock leaves by a pin and where it leaves by a cell.
#[test]
fn weights_come_from_the_flash() {
    for board in ["hx8k", "ulx3s"] {
        let folder = tempfile::tempdir().unwrap();
        let keys = [&format!("board = \"{board}\"\nlink = {{ flash = [\"w\"] }}"), "memory = \"block_ram\""];
        let designs = loaded_layers(folder.path(), [6, 40, 8, 2], &[1, 2], keys);
        let out = folder.path().join("out");
        let output = ternlet(&["generate", &designs[1], "-o", out.to_str().unwrap()]);
        assert!(output.status.success(), "{}", said(&output));
        let of_second = out.join("layer.flash").to_str().unwrap().to_owned();
        let twin = Board::of(&designs[0], &[]);
        assert!(twin.run(&designs[0], &["--check"]).status.success());
        // Each session reads them anew.
        assert!(twin.run(&designs[0], &["--check"]).status.success());
        let output = twin.run(&designs[1], &["--check"]);
        assert_eq!(output.status.code(), Some(1), "the flash has other weights: {}", said(&output));
        twin.end();
        // The same bitstream with another image.
        let twin = Board::of(&designs[0], &["--flash", &of_second]);
        let output = twin.run(&designs[1], &["--check", "--json"]);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(json(&output)["frames"], 4);
        twin.end();
        // Nothing of ours stands there: the design waits.
        let empty = folder.path().join("empty");
        fs::write(&empty, [0xff; 64]).unwrap();
        let twin = Board::of(&designs[0], &["--flash", empty.to_str().unwrap()]);
        let port = twin.port.to_str().unwrap();
        let output = ternlet(&["run", &designs[0], "--port", port, "--timeout", "2", "--quiet"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains("from the flash there (`ternlet load`)?"), "{}", said(&output));
    }
}

/// Two layers, whose weights stand in the flash one after the other.
#[test]
fn two_streams_come_from_one_flash() {
    let folder = tempfile::tempdir().unwrap();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    std::os::unix::fs::symlink(examples.join("data"), folder.path().join("data")).unwrap();
    let text = include_str!("../examples/digits_loaded.toml");
    let clock = "frequency_mhz = 24\n";
    let fed = text.replacen(clock, &format!("{clock}link = {{ flash = [\"score_w\", \"hidden_w\"] }}\n"), 1);
    assert_ne!(fed, text);
    let design = folder.path().join("design.toml");
    fs::write(&design, fed).unwrap();
    let design = design.to_str().unwrap();
    let twin = Board::of(design, &["--noise", "3"]);
    let output = twin.run(design, &["--check", "--json"]);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!((&json(&output)["frames"], &json(&output)["accuracy"]["right"]), (&360.into(), &348.into()));
}

/// The very bits of an iCE40, with a flash at its pins whose image is each case's.
#[test]
fn a_bitstream_reads_the_flash() {
    let folder = tempfile::tempdir().unwrap();
    let keys = ["board = \"hx8k\"\nlink = { flash = [\"w\"] }", "memory = \"block_ram\""];
    let design = loaded_layers(folder.path(), [4, 12, 4, 2], &[1], keys).remove(0);
    let stage = ["simulate", &design, "--stage", "bitstream", "--frames", "3", "--json", "--quiet"];
    let output = ternlet(&stage);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let simulated = json(&output);
    assert_eq!(simulated["mismatches"], 0);
    assert!(
        simulated["frames"].as_u64() > Some(7),
        "corners, three random frames and four of the data: {simulated}"
    );
}

#[test]
fn streams_that_no_flash_gives_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (keys, why) in [
        (
            "board = \"hx8k\"\nlink = { flash = [\"x\"] }",
            "flash names x: those that are written once after a reset are w",
        ),
        ("board = \"hx8k\"\nlink = { flash = [\"w\", \"w\"] }", "flash names w twice"),
        ("board = \"hx8k\"\nlink = { kind = \"scan\", flash = [\"w\"] }", "say kind = \"uart\""),
        ("board = \"tangnano9k\"\nlink = { flash = [\"w\"] }", "has no flash that ternlet knows"),
    ] {
        let design =
            loaded_layers(folder.path(), [4, 12, 4, 2], &[1], [keys, "memory = \"block_ram\""]).remove(0);
        let output = ternlet(&["twin", &design, "--quiet"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains(why), "{}", said(&output));
    }
}

/// With a loader that notes what it is given: the image goes first, behind the bitstream; or alone.
#[test]
fn the_flash_is_written_before_the_bitstream_is_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let keys = ["board = \"hx8k\"\nlink = { flash = [\"w\"] }", "memory = \"block_ram\""];
    let design = loaded_layers(folder.path(), [4, 12, 4, 2], &[1], keys).remove(0);
    let loader = folder.path().join("iceprog");
    let noted = folder.path().join("noted");
    fs::write(&loader, format!("#!/bin/sh\necho \"$@\" >> {}\n", noted.display())).unwrap();
    fs::set_permissions(&loader, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let load = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
        command.args(["load", &design, "--quiet", "--json"]).args(more);
        let output = command.env("PATH", format!("{}:{path}", folder.path().display())).output().unwrap();
        let calls = fs::read_to_string(&noted).unwrap_or_default();
        let _ = fs::remove_file(&noted);
        (output, calls.lines().map(str::to_owned).collect::<Vec<_>>())
    };
    let (output, calls) = load(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let [image, bitstream] = &calls[..] else { panic!("two calls: {calls:?}") };
    assert!(image.starts_with("-o 0x100000 ") && bitstream.starts_with("-S "), "{calls:?}");
    let written = fs::read(json(&output)["image"].as_str().unwrap()).unwrap();
    // The mark, and three beats of eight weights of two bits for each two of the rows.
    assert_eq!(written.len(), 4 + 2 * 3 * 2);
    let (output, calls) = load(&["--only-flash"]);
    assert!(output.status.success() && calls.len() == 1 && calls[0].starts_with("-o "), "{calls:?}");
    assert_eq!(json(&output)["bitstream"], Value::Null);
}

//! Whatever a design file and its data hold: `golden` and `generate` end with status 0, 1 or 2, within 10 s and 1 GB.

use crate::draw::Draw;
use crate::{MOST_SECONDS, Ran, i64s, npy, ternlet};
use rand::RngExt;
use std::fs;
use std::path::Path;
use std::time::Duration;
use ternlet::datapath::Catalog;
use ternlet::graph::examples;

/// Numbers at the edges of types, of limits and of sense.
const NUMBERS: [&str; 36] = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "8",
    "15",
    "16",
    "17",
    "31",
    "32",
    "33",
    "62",
    "63",
    "64",
    "65",
    "255",
    "256",
    "1000",
    "16384",
    "16385",
    "65535",
    "65536",
    "65537",
    "2147483647",
    "2147483648",
    "4294967295",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "-1",
    "-2",
    "-128",
    "-9223372036854775808",
    "0.5",
    "nan",
];

/// Values of every type.
const VALUES: [&str; 18] = [
    "true",
    "\"\"",
    "\"s8\"",
    "\"u1\"",
    "\"s32\"",
    "\"u32\"",
    "\"1:1\"",
    "\"16:16\"",
    "[]",
    "[[]]",
    "[1]",
    "[1, 0, -1]",
    "[[1, 0], [0, -1]]",
    "{}",
    "{ from = \"stream\" }",
    "2026-11-29",
    "\"haar\"",
    "[65536, 65536, 65536]",
];

impl Draw {
    /// The lines of `text` with one change, in `texts` of the same form.
    fn mutate(&mut self, text: &str, texts: &[&str]) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = self.below(lines.len());
        let other = self.of(texts).lines().map(str::to_owned).collect::<Vec<_>>();
        match self.below(12) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[self.below(lines.len())].clone()),
            2 => lines.insert(at, other[self.below(other.len())].clone()),
            3 => lines[at] = self.bytes(&lines[at].clone()),
            4 | 5 => {
                if let Some((key, _)) = lines[at].clone().split_once('=') {
                    lines[at] = format!("{key}= {}", self.of(&VALUES));
                }
            }
            6 | 7 => {
                if let Some((key, _)) = lines[at].clone().split_once('=') {
                    lines[at] = format!("{key}= {}", self.of(&NUMBERS));
                }
            }
            _ => lines[at] = self.number(&lines[at].clone()),
        }
        lines.join("\n") + "\n"
    }

    /// `line` with one of its numbers changed.
    fn number(&mut self, line: &str) -> String {
        let digit = |at: usize| line.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let starts: Vec<usize> =
            (0..line.len()).filter(|&at| digit(at) && (at == 0 || !digit(at - 1))).collect();
        if starts.is_empty() {
            return line.to_owned();
        }
        let start = starts[self.below(starts.len())];
        let end = (start..line.len()).find(|&at| !digit(at)).unwrap_or(line.len());
        format!("{}{}{}", &line[..start], self.of(&NUMBERS), &line[end..])
    }

    /// `text` with a byte changed, left out or added, as far as it is text.
    fn bytes(&mut self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        let at = self.below(bytes.len());
        match self.below(3) {
            0 if !bytes.is_empty() => drop(bytes.remove(at)),
            1 if !bytes.is_empty() => bytes[at] = self.0.random_range(0..=255),
            _ => bytes.insert(at, self.0.random_range(0..=255)),
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A file of data: whole, cut, or with bytes changed.
    fn data(&mut self) -> Vec<u8> {
        let count = [1, 8, 16, 64, 1024][self.below(5)];
        let values: Vec<i64> = (0..count).map(|_| self.0.random_range(-8..8)).collect();
        let shape =
            self.of(&["(8,)", "(2, 4)", "(1, 8)", "(16,)", "(64,)", "(1024,)", "(0,)", "(1,)", "(8, 8, 1)"]);
        let mut bytes =
            npy(self.of(&["<i8", "<f8", ">u8", "|u1"]), self.below(2) == 0, shape, &i64s(&values));
        for _ in 0..self.below(3) {
            let at = self.below(bytes.len());
            bytes[at] = self.0.random_range(0..=255);
        }
        if self.below(4) == 0 {
            bytes.truncate(self.below(bytes.len()));
        }
        bytes
    }
}

/// The design files to start from: those of the catalog, and graphs.
fn starts() -> Vec<&'static str> {
    let graphs = [
        include_str!("../../examples/digits_ternary.toml"),
        include_str!("../../examples/digits_sparse24.toml"),
        include_str!("../../examples/constant_rows.toml"),
        include_str!("../../examples/enhanced_camera.toml"),
    ];
    let own = examples(&Catalog::standard()).into_iter().map(|example| example.text);
    own.chain(graphs).collect()
}

/// What is wrong where `ran` has not ended as it may; its design is kept, as one more after `before`.
fn fault(ran: &Ran, what: &str, design: &Path, before: usize) -> Option<String> {
    let sound = matches!(ran.status, Some(0..=2)) && ran.elapsed < Duration::from_secs(MOST_SECONDS);
    (!sound).then(|| {
        let kept =
            std::env::temp_dir().join(format!("refusals-campaign-{}-{before}.toml", std::process::id()));
        _ = fs::copy(design, &kept);
        let said: String = ran.said.lines().take(5).collect::<Vec<_>>().join("\n");
        let Ran { status, elapsed, .. } = ran;
        format!("{what}: status {status:?} in {elapsed:?}; kept as {}\n{said}", kept.display())
    })
}

/// Asserts that `ran` has ended as it may.
fn ended(ran: &Ran, what: &str, design: &Path) {
    assert_eq!(fault(ran, what, design, 0), None);
}

/// What became of mutants.
#[derive(Default)]
struct Ends {
    /// How many of them were designs all the same.
    holds: usize,
    faults: Vec<String>,
}

/// `count` mutated examples of `seed`, each with mutated data.
fn mutated(seed: u64, count: usize) -> Ends {
    let (starts, mut draw) = (starts(), Draw::seeded(seed));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let design = path.join("design.toml");
    let mut ends = Ends::default();
    for number in 0..count {
        let mut text = draw.of(&starts).to_owned();
        for _ in 0..1 + draw.below(3) {
            text = draw.mutate(&text, &starts);
        }
        fs::write(&design, &text).unwrap();
        fs::write(path.join("x.npy"), draw.data()).unwrap();
        let generated = ternlet(path, &["generate", "design.toml", "-o", "out", "-q"]);
        ends.holds += usize::from(generated.status == Some(0));
        let golden = ternlet(path, &["golden", "design.toml", "--input", "x.npy", "-o", "y.safetensors"]);
        for (command, ran) in [("generate", generated), ("golden", golden)] {
            let what = format!("{command}, seed {seed}, number {number}");
            ends.faults.extend(fault(&ran, &what, &design, ends.faults.len() + 1000 * seed as usize));
        }
    }
    ends
}

/// Two threads of `count` mutants each, of `seed` and the next one; all faults are shown.
fn both_mutated(seed: u64, count: usize) -> usize {
    let ends = std::thread::scope(|scope| {
        let halves = [seed, seed + 1].map(|seed| scope.spawn(move || mutated(seed, count)));
        halves.map(|half| half.join().unwrap())
    });
    let faults: Vec<&str> = ends.iter().flat_map(|ends| &ends.faults).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} ended in no way that is allowed:\n{}", faults.len(), faults.join("\n"));
    ends.iter().map(|ends| ends.holds).sum()
}

#[test]
fn mutated_examples_end_well() {
    let holds = both_mutated(1, 60);
    assert!(holds > 12, "mutants that are designs go all the way: {holds} of 120");
}

/// Thousands of them; TERNLET_SEED chooses others.
#[test]
#[ignore = "make nightly"]
fn many_mutated_examples_end_well() {
    let seed = std::env::var("TERNLET_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1000);
    both_mutated(seed, 2500);
}

/// Bytes of no form, and forms without an end, up to 1 MB.
#[test]
fn bytes_of_any_form_end_well() {
    const MOST: usize = 1 << 20;
    let mut draw = Draw::seeded(3);
    let mut texts: Vec<Vec<u8>> = Vec::new();
    for length in [0, 1, 100, 10_000, MOST] {
        texts.push((0..length).map(|_| draw.0.random()).collect());
        texts.push((0..length).map(|_| draw.0.random_range(32..127)).collect());
    }
    let argmax = "\nkind = \"argmax\"\ncolumns = 4\ninput = \"s8\"\n";
    for part in [
        "[",
        "[[",
        "{a=",
        "a.",
        "a=[",
        "[a.",
        "\"",
        "#",
        "\n",
        "a = 1\n",
        "[[node]]\n",
        "[datapath]\n",
        "x = { y = [",
        "[[node]]\nname = \"a\"\n",
        "[[fifo]]\ninto = \"a\"\ndepth = 1\n",
    ] {
        texts.push(part.repeat(MOST / part.len()).into());
        texts.push(
            format!("name = \"tested\"\n[datapath]{argmax}x = {}", part.repeat(MOST / part.len() - 20))
                .into(),
        );
    }
    let nodes: String =
        (0..1000).map(|node| format!("[[node]]\nname = \"n{node}\"{argmax}from = \"input.x\"\n")).collect();
    texts.push(format!("name = \"tested\"\n{nodes}").into());
    let row = format!("[{}]", vec!["0"; 256].join(","));
    texts.push(
        format!(
            "name = \"tested\"\n[datapath]\nkind = \"ternary_mac\"\nrows = 256\ncolumns = 256\ninput = \"s8\"\n\
             weights = {{ from = \"memory\", values = [{}] }}\n",
            vec![row; 256].join(",")
        )
        .into(),
    );
    let folder = tempfile::tempdir().unwrap();
    let (path, design) = (folder.path(), folder.path().join("design.toml"));
    for (number, text) in texts.iter().enumerate() {
        fs::write(&design, text).unwrap();
        let what = format!("text {number}, {:?}", String::from_utf8_lossy(&text[..text.len().min(60)]));
        ended(&ternlet(path, &["generate", "design.toml", "-o", "out", "-q"]), &what, &design);
    }
    fs::write(&design, crate::design("argmax", "columns = 8\ninput = \"s8\"")).unwrap();
    for (number, text) in texts.iter().enumerate() {
        for extension in ["npy", "png", "safetensors"] {
            let name = format!("x.{extension}");
            fs::write(path.join(&name), text).unwrap();
            let ran = ternlet(path, &["golden", "design.toml", "--input", &name, "-o", "y.npy"]);
            ended(&ran, &format!("{extension} of text {number}"), &path.join(&name));
        }
    }
}

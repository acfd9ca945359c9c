//! What the papers claim, and what of it holds on small real data:
//!
//!     cargo run --release --example claims -- prune
//!     cargo run --release --example claims -- --all
//!
//! Of a claim that is named one seed is trained, with `--seeds 3` so many. With `--write` it takes its place in docs/claims.md; `--all` writes all of
//! them, of three seeds. `edge` wants MNIST's digits: `ternlet tools data -o build`. The status is 1 where a claim does not hold.

mod edge;
mod pruning;
mod slb;
mod sr_ste;
mod three_dq;

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use std::{fs, io};
use ternlet::design::Accuracy;
use ternlet::train::{Description, Integers, TrainError, Trainer};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/claims.md");

/// What a paper says and what was measured.
struct Claim {
    title: &'static str,
    paper: &'static str,
    /// What was trained here, on what.
    ours: String,
    /// The head of the table and its rows.
    table: Vec<Vec<String>>,
    /// Sentences, each with whether it holds.
    verdicts: Vec<(bool, String)>,
    /// What data of this size cannot show.
    limits: &'static str,
}

type Measure = fn(u64) -> Result<Claim, TrainError>;

const CLAIMS: [(&str, Measure); 6] = [
    ("sr_ste", sr_ste::claim),
    ("slb", slb::claim),
    ("unet3d", |seeds| three_dq::claim("unet3d", seeds)),
    ("vnet3d", |seeds| three_dq::claim("vnet3d", seeds)),
    ("edge", edge::claim),
    ("prune", pruning::claim),
];

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let one = |name: &str| CLAIMS.iter().filter(|(known, _)| *known == name).copied().collect::<Vec<_>>();
    let number = |seeds: &str| seeds.parse().ok().filter(|seeds| *seeds > 0);
    let (wanted, seeds, writes) = match given[..] {
        ["--all"] => (CLAIMS.to_vec(), Some(3), true),
        [name] => (one(name), Some(1), false),
        [name, "--seeds", seeds] => (one(name), number(seeds), false),
        [name, "--seeds", seeds, "--write"] => (one(name), number(seeds), true),
        _ => (Vec::new(), None, false),
    };
    let (false, Some(seeds)) = (wanted.is_empty(), seeds) else {
        let names = CLAIMS.map(|(name, _)| name).join(", ");
        eprintln!("error: write one of {names}, then --seeds 3, then --write; or --all");
        return ExitCode::from(2);
    };
    let mut all_hold = true;
    for (name, measure) in wanted {
        let begun = Instant::now();
        let written = measure(seeds).map_err(|error| error.to_string()).and_then(|claim| {
            let text = claim.text(name, seeds);
            println!("{text}");
            eprintln!("{name}: {:.0} s", begun.elapsed().as_secs_f64());
            all_hold &= claim.verdicts.iter().all(|(holds, _)| *holds);
            if writes { write(name, &text).map_err(|error| format!("{PAGE}: {error}")) } else { Ok(()) }
        });
        if let Err(why) = written {
            eprintln!("error: {why}");
            return ExitCode::from(2);
        }
    }
    if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Puts the section of a claim into the page, in the order of the claims.
fn write(name: &str, text: &str) -> io::Result<()> {
    let page = fs::read_to_string(PAGE).unwrap_or_default();
    let of = |name: &str| {
        let sections = page.split("\n## ").skip(1).map(|section| format!("## {section}"));
        sections
            .into_iter()
            .find(|section| section.lines().next().is_some_and(|line| line.ends_with(&format!("(`{name}`)"))))
    };
    let section =
        |(known, _): &(&str, Measure)| if *known == name { Some(text.to_owned()) } else { of(known) };
    let sections: Vec<String> = CLAIMS.iter().filter_map(section).collect();
    let sections: Vec<&str> = sections.iter().map(|section| section.trim_end()).collect();
    fs::write(PAGE, format!("{HEAD}{}\n", sections.join("\n\n")))
}

const HEAD: &str = "# What the papers claim, and what holds here

`cargo run --release --example claims -- --all` writes this page; with one of the names below in place of `--all`, and `--seeds 3`, it measures that claim alone. Each training is one of
`ternlet train`; what is counted are the integers that the hardware computes. The test part was looked at once, at the end of each training; nothing was chosen by it but where a claim says so.
One seed is worth half a point on 360 digits.

";

impl Claim {
    fn text(&self, name: &str, seeds: u64) -> String {
        let Self { title, paper, ours, table, verdicts, limits } = self;
        let mut text = format!("## {title} (`{name}`)\n\n**The paper**: {paper}\n\n**Here**: {ours}\n\n");
        for (row, cells) in table.iter().enumerate() {
            writeln!(text, "| {} |", cells.join(" | ")).expect("a string takes all");
            if row == 0 {
                writeln!(text, "|{}", "---|".repeat(cells.len())).expect("a string takes all");
            }
        }
        text += "\n";
        for (holds, what) in verdicts {
            let word = if *holds { "Holds" } else { "**Does not hold**" };
            writeln!(text, "- {word}: {what}").expect("a string takes all");
        }
        let seeds = if seeds == 1 { "one seed".into() } else { format!("{seeds} seeds") };
        text + &format!("\nNot shown by {seeds} of data so small: {limits}\n\n")
    }
}

/// A training of one of the files next to this folder with other keys, to its end.
fn trained(file: &str, seed: u64, change: impl FnOnce(&mut Description)) -> Result<Trainer, TrainError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/train");
    let mut trainer = Trainer::changed(&folder.join(file), Some(seed), change)?;
    while !trainer.is_done() {
        trainer.epoch()?;
    }
    Ok(trainer)
}

/// Its integers on the test part.
fn tested(trainer: &Trainer) -> Accuracy {
    let test = trainer.data.test.as_ref().expect("the files name test data");
    Integers::of(&trainer.network, trainer.data.divisor).accuracy(test)
}

fn percent(accuracy: &Accuracy) -> f64 {
    100.0 * accuracy.right as f64 / accuracy.of as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

//! What the papers claim, and what of it holds on small real data:
//!
//!     cargo run --release --example claims -- prune --seeds 3
//!     cargo run --release --example claims -- --all        (writes docs/claims.md; three seeds of each)
//!
//! The status is 1 where a claim does not hold.

mod pruning;
mod slb;
mod sr_ste;
mod three_dq;

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
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

const CLAIMS: [(&str, Measure); 5] = [
    ("sr_ste", sr_ste::claim),
    ("slb", slb::claim),
    ("unet3d", |seeds| three_dq::claim("unet3d", seeds)),
    ("vnet3d", |seeds| three_dq::claim("vnet3d", seeds)),
    ("prune", pruning::claim),
];

fn main() -> ExitCode {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let one = |name: &str| CLAIMS.iter().filter(|(known, _)| *known == name).copied().collect::<Vec<_>>();
    let (wanted, seeds) = match given[..] {
        ["--all"] => (CLAIMS.to_vec(), Some(3)),
        [name] => (one(name), Some(1)),
        [name, "--seeds", seeds] => (one(name), seeds.parse().ok().filter(|seeds| *seeds > 0)),
        _ => (Vec::new(), None),
    };
    let (false, Some(seeds)) = (wanted.is_empty(), seeds) else {
        let names = CLAIMS.map(|(name, _)| name).join(", ");
        eprintln!("error: write one of {names}, and --seeds 3; or --all");
        return ExitCode::from(2);
    };
    let mut page = String::from(HEAD);
    let mut all_hold = true;
    for (name, measure) in &wanted {
        let begun = Instant::now();
        match measure(seeds) {
            Ok(claim) => {
                let text = claim.text(name, seeds);
                println!("{text}");
                eprintln!("{name}: {:.0} s", begun.elapsed().as_secs_f64());
                page += &text;
                all_hold &= claim.verdicts.iter().all(|(holds, _)| *holds);
            }
            Err(error) => {
                eprintln!("error: {error}");
                return ExitCode::from(2);
            }
        }
    }
    if given == ["--all"]
        && let Err(error) = std::fs::write(PAGE, page)
    {
        eprintln!("error: {PAGE}: {error}");
        return ExitCode::from(2);
    }
    if all_hold { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

const HEAD: &str = "# What the papers claim, and what holds here

`cargo run --release --example claims -- --all` writes this page; with one of the names below, and `--seeds 3`, it measures that claim alone. Each training is one of
`ternlet train`; what is counted are the integers that the hardware computes. The test part was looked at once, at the end of each training; nothing was chosen by it.
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

//! What the campaign has shown, in tables.

use crate::designs;
use crate::outcome::Outcome;
use std::collections::BTreeMap;
use std::fmt;

#[derive(Default)]
struct Row {
    designs: usize,
    refused: usize,
    findings: usize,
    /// Designs that each check has shown to hold.
    checks: BTreeMap<String, usize>,
}

/// Designs, refusals, checks and findings of each kind; refusals by their first words.
#[derive(Default)]
pub struct Summary {
    rows: BTreeMap<&'static str, Row>,
    refusals: BTreeMap<String, usize>,
    found: Vec<(u64, String)>,
    slowest: (f64, u64),
    largest: (u64, u64),
}

/// Words of a refusal by which it is counted.
const WORDS: usize = 10;

impl Summary {
    pub fn of(outcomes: &[(u64, Outcome)]) -> Self {
        let mut all = Self::default();
        for (seed, outcome) in outcomes {
            let row = all.rows.entry(designs::kind(*seed)).or_default();
            row.designs += 1;
            row.refused += usize::from(outcome.refused.is_some());
            row.findings += usize::from(outcome.finding.is_some());
            outcome.checks.iter().for_each(|check| *row.checks.entry(check.clone()).or_default() += 1);
            if let Some(refused) = &outcome.refused {
                *all.refusals.entry(first_words(refused)).or_default() += 1;
            }
            if let Some(finding) = &outcome.finding {
                all.found.push((*seed, finding.lines().next().unwrap_or_default().to_owned()));
            }
            if outcome.generated_seconds > all.slowest.0 {
                all.slowest = (outcome.generated_seconds, *seed);
            }
            all.largest = all.largest.max((outcome.generated_bytes, *seed));
        }
        all
    }

    pub fn findings(&self) -> usize {
        self.found.len()
    }
}

/// The first words without the numbers, names and lists in them.
fn first_words(message: &str) -> String {
    let plain = |word: &&str| !word.contains(|c: char| c.is_ascii_digit() || "[]{}\"".contains(c));
    message.split_whitespace().filter(plain).take(WORDS).collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        const CHECKS: [&str; 5] = ["interpreter", "schedule", "stalls", "Verilator", "netlist"];
        writeln!(f, "{:<18} designs refused {} findings", "kind", CHECKS.join(" "))?;
        for (kind, row) in &self.rows {
            write!(f, "{kind:<18} {:7} {:7}", row.designs, row.refused)?;
            for check in CHECKS {
                write!(f, " {:1$}", row.checks.get(check).unwrap_or(&0), check.len())?;
            }
            writeln!(f, " {:8}", row.findings)?;
        }
        writeln!(f, "refusals:")?;
        self.refusals.iter().try_for_each(|(words, count)| writeln!(f, "{count:5} {words}"))?;
        writeln!(f, "slowest Verilog: {:.2} s, seed {}", self.slowest.0, self.slowest.1)?;
        writeln!(f, "largest: {} MB, seed {}", self.largest.0 >> 20, self.largest.1)?;
        self.found.iter().try_for_each(|(seed, finding)| writeln!(f, "finding: seed {seed}: {finding}"))?;
        let designs: usize = self.rows.values().map(|row| row.designs).sum();
        write!(f, "{designs} designs, {} findings ", self.findings())
    }
}

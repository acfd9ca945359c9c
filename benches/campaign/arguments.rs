//! What the campaign is asked to do.

use crate::{DESIGNS, FIRST_SEED};
use std::path::PathBuf;

/// How far a design goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    Interpreter,
    Verilator,
    Netlist,
}

impl Depth {
    pub const ALL: [(&str, Depth); 3] =
        [("interpreter", Depth::Interpreter), ("verilator", Depth::Verilator), ("netlist", Depth::Netlist)];

    pub fn word(self) -> &'static str {
        Self::ALL[self as usize].0
    }
}

pub struct Arguments {
    pub first: u64,
    pub designs: u64,
    pub kind: Option<String>,
    /// Each so manieth design of a kind; 0 for none.
    simulate: u64,
    netlist: u64,
    /// One design alone.
    pub seed: Option<u64>,
    /// In the process of one design: its seed, how far it goes, and a folder for its file.
    pub child: Option<(u64, Depth, PathBuf)>,
}

impl Arguments {
    /// # Panics
    /// If they are none.
    pub fn of(mut words: impl Iterator<Item = String>) -> Self {
        let mut all = Self {
            first: FIRST_SEED,
            designs: DESIGNS,
            kind: None,
            simulate: 4,
            netlist: 20,
            seed: None,
            child: None,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap_or_else(|| panic!("{word} has a value"));
            let number = |text: String| text.parse().unwrap_or_else(|_| panic!("{word} {text}: no number"));
            match word.as_str() {
                // What cargo says.
                "--bench" => {}
                "--first" => all.first = number(value()),
                "--designs" => all.designs = number(value()),
                "--kind" => all.kind = Some(value()),
                "--simulate" => all.simulate = number(value()),
                "--netlist" => all.netlist = number(value()),
                "--seed" => all.seed = Some(number(value())),
                "--child" => {
                    let (seed, word, folder) = (number(value()), value(), value());
                    let depth = Depth::ALL.into_iter().find(|(of, _)| *of == word).expect("a depth").1;
                    all.child = Some((seed, depth, folder.into()));
                }
                _ => panic!(
                    "{word}: the arguments are --designs, --first, --kind, --simulate, --netlist, --seed"
                ),
            }
        }
        all
    }

    /// How far the design of `seed` goes. Kinds follow each other in turn, so that each has its share.
    pub fn depth(&self, seed: u64) -> Depth {
        let turn = crate::designs::turn(seed);
        let due = |every: u64| every > 0 && turn.is_multiple_of(every);
        match (due(self.netlist), due(self.simulate)) {
            (true, _) => Depth::Netlist,
            (false, true) => Depth::Verilator,
            (false, false) => Depth::Interpreter,
        }
    }
}

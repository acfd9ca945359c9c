//! What became of a design's mutants.

use crate::verify::{Bound, Mutant};
use serde::Serialize;
use std::fmt;

/// The least share of mutants that compute something else that must be killed.
const BOUND: f64 = 0.99;

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "fate", rename_all = "snake_case")]
pub enum Fate {
    /// A wrong integer, a broken protocol, a stop.
    Killed {
        fault: String,
    },
    /// The right integers in other cycles: for a datapath, a function of streams, no wrong result.
    Retimed,
    Equivalent,
    EquivalentFor {
        cycles: u32,
    },
    /// Inputs that tell it apart exist, but not among the stimuli; or nobody knows.
    Survived {
        distinguishable: Option<bool>,
    },
}

/// A mutant and its fate.
#[derive(Clone, Debug, Serialize)]
pub struct Trial {
    #[serde(flatten)]
    pub mutant: Mutant,
    #[serde(flatten)]
    pub fate: Fate,
}

/// The mutants of a design, and what became of them.
#[derive(Clone, Debug, Serialize)]
pub struct Mutated {
    pub design: String,
    pub datapath: &'static str,
    pub seed: u64,
    pub frames: usize,
    pub mutants: usize,
    pub killed: usize,
    pub retimed: usize,
    pub equivalent: usize,
    pub survived: usize,
    /// Killed, of those that are neither equivalent nor only retimed.
    pub score: f64,
    /// How far a proof of equivalence goes that is not for all time.
    pub bound: Bound,
    /// All that were not killed.
    pub trials: Vec<Trial>,
}

impl Mutated {
    pub(super) fn of(
        design: &str,
        datapath: &'static str,
        seed: u64,
        frames: usize,
        bound: Bound,
        trials: Vec<Trial>,
    ) -> Self {
        let count = |of: fn(&Fate) -> bool| trials.iter().filter(|trial| of(&trial.fate)).count();
        let killed = count(|fate| matches!(fate, Fate::Killed { .. }));
        let retimed = count(|fate| matches!(fate, Fate::Retimed));
        let equivalent = count(|fate| matches!(fate, Fate::Equivalent | Fate::EquivalentFor { .. }));
        let mutants = trials.len();
        let wrong = mutants - equivalent - retimed;
        Self {
            design: design.into(),
            datapath,
            seed,
            frames,
            mutants,
            killed,
            retimed,
            equivalent,
            survived: wrong - killed,
            score: if wrong == 0 { 1.0 } else { killed as f64 / wrong as f64 },
            bound,
            trials: trials.into_iter().filter(|trial| !matches!(trial.fate, Fate::Killed { .. })).collect(),
        }
    }

    /// Why the stimuli are not good enough, as a person reads it.
    pub fn unmet(&self) -> Option<String> {
        (self.score < BOUND).then(|| {
            format!(
                "{} of {} mutants survived, so that {:.1} % were killed of at least {:.0} %: the stimuli of {} would not find \
                 such mistakes; add corner cases to the datapath, or more frames (--frames)",
                self.survived,
                self.mutants,
                100.0 * self.score,
                100.0 * BOUND,
                self.design
            )
        })
    }
}

impl fmt::Display for Mutated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { design, mutants, killed, retimed, equivalent, survived, score, bound, .. } = self;
        writeln!(
            f,
            "{design}: {mutants} mutants, {frames} random frames, seed {}",
            self.seed,
            frames = self.frames
        )?;
        writeln!(f, "  {killed} killed: wrong, stuck, or against the protocol")?;
        writeln!(f, "  {retimed} retimed: the right integers, but not in the design's cycles")?;
        writeln!(
            f,
            "  {equivalent} equivalent: proven for all time, or for all inputs in {} cycles from a reset on",
            bound.cycles
        )?;
        write!(
            f,
            "  {survived} survived: {:.1} % were killed of those that compute something else (at least {:.0} %)",
            100.0 * score,
            100.0 * BOUND
        )?;
        for Trial { mutant, fate } in &self.trials {
            match fate {
                Fate::Survived { distinguishable: Some(_) } => {
                    write!(f, "\n    {mutant}: inputs exist that would show it")?;
                }
                Fate::Survived { distinguishable: None } => {
                    write!(f, "\n    {mutant}: no proof within {} s of processor time", bound.seconds)?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

//! How thresholds are compared: as it is asked for, or as costs the least.

use serde::{Deserialize, Serialize};

/// How the code of an accumulator is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A comparator for each threshold.
    Comparators,
    /// A binary search, a memory and a comparator for each bit of the code: a beat a cycle.
    PipelinedSearch,
    /// A binary search by one memory and one comparator: a beat takes a cycle more than the code has bits.
    Search,
    /// A memory of the codes of all accumulators, which have at most 8 bits.
    Table,
}

impl Form {
    pub const ALL: [Form; 4] = [Form::Comparators, Form::PipelinedSearch, Form::Search, Form::Table];

    /// As a design file names it.
    pub fn name(self) -> &'static str {
        match self {
            Form::Comparators => "comparators",
            Form::PipelinedSearch => "pipelined_search",
            Form::Search => "search",
            Form::Table => "table",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Form::Comparators => "a comparator for each threshold",
            Form::PipelinedSearch => "a binary search, a comparator for each bit of the code",
            Form::Search => "a binary search by one comparator, a threshold a cycle",
            Form::Table => "a table of all accumulators",
        }
    }

    /// Cycles that a beat of codes of so many bits takes.
    pub fn cycles(self, bits: u32) -> usize {
        if self == Form::Search { bits as usize + 1 } else { 1 }
    }
}

/// How it is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormChoice {
    /// What costs the least of the forms that keep the pace: a block RAM counts as much as its share of the smallest board's look-up
    /// tables.
    #[default]
    Auto,
    Comparators,
    PipelinedSearch,
    Search,
    Table,
}

impl FormChoice {
    /// The form, if one is asked for.
    pub fn form(self) -> Option<Form> {
        match self {
            Self::Auto => None,
            Self::Comparators => Some(Form::Comparators),
            Self::PipelinedSearch => Some(Form::PipelinedSearch),
            Self::Search => Some(Form::Search),
            Self::Table => Some(Form::Table),
        }
    }
}

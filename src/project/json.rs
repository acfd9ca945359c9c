//! Results as JSON, the contract of docs/json.md.

use serde::Serialize;

/// The number of the contract: one more where a key goes or changes its meaning.
const FORMAT: u32 = 1;

/// A result after the number of its format.
#[derive(Serialize)]
pub struct Formatted<T> {
    format: u32,
    #[serde(flatten)]
    result: T,
}

impl<T> Formatted<T> {
    pub fn of(result: T) -> Self {
        Self { format: FORMAT, result }
    }
}

/// `result`, an object, as JSON for files and standard output, with its `format`.
pub fn json(result: &impl Serialize) -> String {
    serde_json::to_string_pretty(&Formatted::of(result)).expect("tables of numbers and strings")
}

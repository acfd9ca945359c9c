//! `ternlet datapaths`

use super::answer::{Answer, Failure};
use crate::datapath::Catalog;
use serde_json::json;

pub fn run(catalog: &Catalog) -> Result<Answer, Failure> {
    let entries = catalog.entries();
    let lines: Vec<String> =
        entries.iter().map(|entry| format!("{:<16} {}", entry.kind, entry.summary)).collect();
    Ok(Answer::new(&json!({ "datapaths": entries }), lines.join("\n")))
}

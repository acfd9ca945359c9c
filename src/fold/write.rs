//! The text of a design file with other foldings: all else stays as a person has written it.

use super::{Folded, KEYS};
use crate::design::Choices;
use toml_edit::{DocumentMut, Item, TableLike, Value};

/// `text`, a design file of the graph that was folded, with the keys of the folding, and with the board and the clock that were chosen.
///
/// # Errors
/// If it is not the design file of that graph.
pub fn rewritten(text: &str, folded: &Folded, choices: &Choices) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let table = document.as_table_mut();
    if let Some(board) = &choices.board {
        set(table, "board", board.as_str().into());
    }
    if let Some(mhz) = choices.frequency_mhz {
        set(table, "frequency_mhz", mhz.into());
    }
    for (index, node) in folded.nodes.iter().enumerate() {
        let found = match folded.graph.is_single() {
            true => document.get_mut("datapath").and_then(Item::as_table_like_mut),
            false => document.get_mut("node").and_then(|nodes| match nodes {
                Item::ArrayOfTables(tables) => tables.get_mut(index).map(|table| table as &mut dyn TableLike),
                Item::Value(Value::Array(tables)) => {
                    let table = tables.get_mut(index).and_then(Value::as_inline_table_mut);
                    table.map(|table| table as &mut dyn TableLike)
                }
                _ => None,
            }),
        };
        let table = found.ok_or_else(|| format!("there is no table of `{}`", node.name))?;
        for key in KEYS {
            match node.keys.get(key) {
                Some(&number) => set(table, key, number.into()),
                None => drop(table.remove(key)),
            }
        }
    }
    Ok(document.to_string())
}

/// Sets a key, with the comment that stands after its old value.
fn set(table: &mut dyn TableLike, key: &str, mut new: Value) {
    match table.get_mut(key) {
        Some(item) => {
            if let Some(old) = item.as_value() {
                *new.decor_mut() = old.decor().clone();
            }
            *item = Item::Value(new);
        }
        None => drop(table.insert(key, Item::Value(new))),
    }
}

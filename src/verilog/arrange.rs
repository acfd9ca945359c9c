//! The order in which a module is read: part by part, as its author described it.

use super::ast::*;
use std::sync::Arc;

/// An item, and the index of the part of the module that it belongs to, or the count of parts for what comes at the end.
pub type Placed = (usize, Item);

/// `items` of `module` in the order of `parts`, each part under a heading, what belongs to none under the module's; within a part they stay as they are. A net that is read before the line
/// that declares it is declared at the start. Nets of an index in `is_port` have their declaration.
pub fn arrange(
    module: &str,
    items: impl Iterator<Item = Placed>,
    parts: &[Arc<str>],
    is_port: &[bool],
) -> Vec<Item> {
    let mut of_part: Vec<Vec<Item>> = vec![Vec::new(); parts.len() + 1];
    items.for_each(|(part, item)| of_part[part].push(item));
    let early = read_early(of_part.iter().flatten(), is_port);
    let headed = of_part[..parts.len()].iter().filter(|items| !items.is_empty()).count() > 1;
    let mut body: Vec<Item> = Vec::new();
    let mut declarations: Vec<Item> = Vec::new();
    for (place, items) in of_part.into_iter().enumerate() {
        let items: Vec<Item> =
            items.into_iter().filter_map(|item| hoist(item, &early, &mut declarations)).collect();
        if let (Some(part), true, false) = (parts.get(place), headed, items.is_empty()) {
            let text = if part.is_empty() { module.into() } else { part.replace('/', ": ") };
            body.push(Item::Heading(text));
        }
        body.extend(items);
    }
    if !declarations.is_empty() {
        declarations.insert(0, Item::Heading("driven further down".into()));
    }
    declarations.into_iter().chain(body).collect()
}

/// By index, the nets that an item uses above their declaration.
fn read_early<'a>(items: impl Iterator<Item = &'a Item>, is_port: &[bool]) -> Vec<bool> {
    let mut declared = is_port.to_vec();
    let mut early = vec![false; is_port.len()];
    for item in items {
        item.for_each_use(&mut |used| early[used.net.index] |= !declared[used.net.index]);
        if let Item::Wire { net, .. } | Item::Reg { net, .. } = item {
            declared[net.index] = true;
        }
    }
    early
}

/// `item`, but its declaration among the `declarations` if its net is read `early`.
fn hoist(item: Item, early: &[bool], declarations: &mut Vec<Item>) -> Option<Item> {
    match item {
        Item::Wire { net, value, comment } if early[net.index] => {
            let target = Expr::net(&net);
            declarations.push(Item::Wire { net, value: None, comment });
            value.map(|value| Item::Assign { target, value, comment: String::new() })
        }
        Item::Reg { ref net, .. } if early[net.index] => {
            declarations.push(item);
            None
        }
        item => Some(item),
    }
}

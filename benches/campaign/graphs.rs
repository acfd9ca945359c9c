//! Small graphs: chains, forks, paths that meet again, a transform and back.

use super::arrays::ternary;
use super::draw::Draw;
use super::pictures::bands;

pub fn graph(draw: &mut Draw) -> String {
    match draw.below(5) {
        0 | 1 => chain(draw),
        2 => meeting(draw),
        3 => training(draw),
        _ => back(draw),
    }
}

fn node(name: &str, kind: &str, keys: &str) -> String {
    format!("[[node]]\nname = \"{name}\"\nkind = \"{kind}\"\n{keys}")
}

/// Vectors through two to four nodes, other lanes at each edge, some of which leave besides; room that a person gives.
fn chain(draw: &mut Draw) -> String {
    let mut ty = draw.ty(8);
    let (mut text, mut outputs) = (String::new(), "[outputs]\n".to_owned());
    let mut width = None;
    let nodes = 1 + draw.below(3);
    for number in 0..nodes {
        let name = format!("n{number}");
        let next = draw.ty(8);
        match (draw.below(3), width) {
            (0, Some(rows)) => {
                let lanes = 1 + draw.below(rows);
                let keys =
                    format!("rows = {rows}\nlanes = {lanes}\ninput = \"{ty}\"\n") + &draw.scale(rows, &next);
                text += &node(&name, "requantize", &keys);
            }
            _ => {
                let (keys, rows) = ternary(draw, width, &ty, Some(&next));
                text += &node(&name, "ternary_mac", &keys);
                width = Some(rows);
            }
        }
        // Weights that are streamed make a node of two inputs; which of them comes from where must then be said.
        if number > 0 && text.rsplit("[[node]]").next().is_some_and(|last| last.contains("\"stream\"")) {
            text += &format!("from = {{ x = \"n{}\" }}\n", number - 1);
        }
        if draw.one_in(2) {
            outputs += &format!("inner_{number} = \"{name}\"\n");
        }
        ty = next;
    }
    let columns = width.expect("a first node");
    let lanes = 1 + draw.below(columns);
    text += &node("class", "argmax", &format!("columns = {columns}\nlanes = {lanes}\ninput = \"{ty}\"\n"));
    outputs += "class = \"class\"\n";
    if draw.one_in(3) {
        text += &format!("[[fifo]]\ninto = \"class\"\ndepth = {}\n", draw.below(9));
    }
    text + &outputs
}

/// Metadata of the largest, and what it chooses of a copy of the same values.
fn meeting(draw: &mut Draw) -> String {
    let (kept, group) = draw.pattern();
    let groups = draw.count(1, 6);
    let columns = groups * group;
    let input = draw.ty(12);
    let keys = |draw: &mut Draw| {
        let lanes = group * (1 + draw.below(groups));
        format!("pattern = \"{kept}:{group}\"\ncolumns = {columns}\nlanes = {lanes}\ninput = \"{input}\"\n")
    };
    let compress = keys(draw);
    let select = keys(draw) + "from = { x = \"input.x\", metadata = \"compress.metadata\" }\n";
    let values = if draw.one_in(2) { "values = \"compress.values\"\n" } else { "" };
    node("compress", "nm_compress", &compress)
        + &node("select", "nm_select", &select)
        + &format!("[outputs]\n{values}chosen = \"select\"\n")
}

/// A step of training, whose gradients are pruned or scaled on their way.
fn training(draw: &mut Draw) -> String {
    let (kept, group) = draw.pattern();
    let columns = group * draw.count(1, 6);
    let bits = 3 + draw.below(8);
    let first = match draw.one_in(2) {
        true => {
            let lanes = 1 + draw.below(4);
            let keys = format!("input = \"s{bits}\"\nlanes = {lanes}\nframe = {columns}\n");
            let value = draw.below(1 << (bits - 2));
            node(
                "first",
                "gradient_prune",
                &(keys + &format!("threshold = {{ from = \"fixed\", value = {value} }}\n")),
            )
        }
        false => {
            let keys = format!("rows = {columns}\ninput = \"{}\"\n", draw.ty(12));
            node("first", "requantize", &(keys + &draw.scale(columns, &format!("s{bits}"))))
        }
    };
    let from = if first.contains("gradient_prune") { "first.y" } else { "first" };
    let keys = format!(
        "pattern = \"{kept}:{group}\"\ncolumns = {columns}\nlanes = {group}\nweight = \"s8\"\ngradient = \"s{bits}\"\n\
         learning_rate = {{ shift = 4 }}\nlambda = {{ multiplier = 13, shift = {} }}\nfrom = {{ g = \"{from}\" }}\n",
        draw.below(16)
    );
    first
        + &node("step", "sr_ste_update", &keys)
        + "[outputs]\nw_next = \"step.w_next\"\nsad = \"step.sad\"\n"
}

/// A transform, and its inverse from all subbands.
fn back(draw: &mut Draw) -> String {
    let axes = 1 + draw.below(2);
    let size: Vec<usize> = draw.size(axes, 80).into_iter().map(|length| length.max(2)).collect();
    let longest = size.iter().max().copied().unwrap_or(2);
    let levels = 1 + draw.below(longest.ilog2().min(3) as usize) as u32;
    let scheme = draw.quoted(&["haar", "jpeg2000_5_3", "vc2_5_3", "vc2_9_7", "vc2_13_7"]);
    let keys = format!("scheme = {scheme}\nlevels = {levels}\ninput = \"{}\"\nsize = {size:?}\n", draw.ty(8));
    let bands: Vec<String> = bands(&size, levels);
    let from: Vec<String> = bands.iter().map(|band| format!("{band} = \"there.{band}\"")).collect();
    let inverse = format!("direction = \"inverse\"\nfrom = {{ {} }}\n", from.join(", "));
    let outputs = match draw.one_in(2) {
        true => "[outputs]\nsame = \"back\"\n".to_owned(),
        false => format!("[outputs]\nsame = \"back\"\ndetail = \"there.{}\"\n", bands[bands.len() - 1]),
    };
    node("there", "lifting", &keys) + &node("back", "lifting", &(keys.clone() + &inverse)) + &outputs
}

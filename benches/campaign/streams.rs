//! Keys of the kinds that take integers one after the other, alone or in groups.

use super::draw::Draw;

pub fn argmax(draw: &mut Draw) -> String {
    let ties = draw.quoted(&["lower", "higher"]);
    let ties = draw.perhaps("ties", ties);
    if draw.one_in(3) {
        return super::maps::map(draw) + &ties;
    }
    let columns = draw.count(1, 40);
    let (lanes, input) = (1 + draw.below(columns), draw.ty(32));
    format!("columns = {columns}\ninput = \"{input}\"\n") + &draw.perhaps("lanes", lanes) + &ties
}

pub fn requantize(draw: &mut Draw) -> String {
    let rows = draw.count(1, 24);
    let (lanes, input, output) = (1 + draw.below(rows.min(8)), draw.ty(32), draw.ty(32));
    let keys = format!("rows = {rows}\ninput = \"{input}\"\n") + &draw.perhaps("lanes", lanes);
    keys + &draw.scale(rows, &output)
}

pub fn thresholds(draw: &mut Draw) -> String {
    let rows = draw.count(1, 24);
    let (lanes, bits) = (1 + draw.below(rows.min(8)), 1 + draw.mostly(12, 5, 32));
    let keys = format!("rows = {rows}\ninput = \"{}{bits}\"\n", draw.of(&["s", "u"]));
    keys + &draw.perhaps("lanes", lanes) + &draw.steps(rows, 1 << bits)
}

pub fn slb_select(draw: &mut Draw) -> String {
    let weights = draw.count(1, 24);
    let ((codebook, _), lanes, score) = (draw.codebook(), 1 + draw.below(weights.min(4)), draw.ty(32));
    format!("weights = {weights}\ncodebook = {codebook}\nscore = \"{score}\"\n")
        + &draw.perhaps("lanes", lanes)
}

/// Pattern, columns and lanes, rarely such that are refused.
fn groups(draw: &mut Draw) -> String {
    let (kept, group) = draw.pattern();
    let groups = draw.count(1, 8);
    let columns = if draw.one_in(20) { groups * group + 1 } else { groups * group };
    let lanes = group * (1 + draw.below(groups));
    format!("pattern = \"{kept}:{group}\"\ncolumns = {columns}\n") + &draw.perhaps("lanes", lanes)
}

pub fn nm_select(draw: &mut Draw) -> String {
    groups(draw) + &format!("input = \"{}\"\n", draw.ty(32))
}

pub fn nm_compress(draw: &mut Draw) -> String {
    let keys = groups(draw) + &format!("input = \"{}\"\n", draw.ty(32));
    let ties = draw.quoted(&["lower", "higher"]);
    keys + &draw.perhaps("ties", ties)
}

pub fn sr_ste_update(draw: &mut Draw) -> String {
    let mut keys = groups(draw);
    let sides = ["weight", "gradient"];
    for side in sides {
        let bits = 2 + draw.mostly(11, 6, 31);
        keys += &format!("{side} = \"s{bits}\"\n");
    }
    for factor in ["learning_rate", "lambda"] {
        let shift = draw.mostly(12, 4, 32);
        let multiplier = [1, 3, 13, 255, 65535][draw.below(5)];
        keys += &match draw.one_in(2) {
            true => format!("{factor} = {{ shift = {shift} }}\n"),
            false => format!("{factor} = {{ multiplier = {multiplier}, shift = {shift} }}\n"),
        };
    }
    let (shift, rounding) = (draw.mostly(8, 4, 32), draw.rounding());
    let ties = draw.quoted(&["lower", "higher"]);
    keys += &draw.perhaps("gradient_shift", shift);
    keys += &draw.perhaps("rounding", rounding);
    keys + &draw.perhaps("ties", ties)
}

pub fn gradient_prune(draw: &mut Draw) -> String {
    let bits = 2 + draw.mostly(10, 5, 31);
    let (lanes, layers) = (1 + draw.mostly(5, 3, 16), 1 + draw.below(4));
    let lengths: Vec<usize> = (0..layers).map(|_| draw.count(1, 40)).collect();
    let listed = draw.one_in(3);
    let frame = if listed { format!("{lengths:?}") } else { lengths[0].to_string() };
    let mut keys = format!("input = \"s{bits}\"\nlanes = {lanes}\nframe = {frame}\n");
    let most = (1i64 << (bits - 1)) - 1;
    keys += &match draw.below(3) {
        0 => format!("threshold = {{ from = \"fixed\", value = {} }}\n", draw.between(0, most)),
        1 => "threshold = { from = \"stream\" }\n".to_owned(),
        _ => {
            let (rate, frames) = (draw.between(1, 99) as f64 / 100.0, 1 << draw.below(5));
            let given = if listed { lengths.len() } else { 1 + draw.below(3) };
            let layers = if listed && draw.one_in(2) { String::new() } else { format!(", layers = {given}") };
            format!("threshold = {{ from = \"mean\", rate = {rate}, frames = {frames}{layers} }}\n")
        }
    };
    if draw.one_in(2) {
        let (bits, seed) = (1 + draw.mostly(12, 4, 32), 1 + draw.below(100_000));
        let shared = draw.one_in(3);
        keys += &format!("random = {{ bits = {bits}, seed = {seed}, shared = {shared} }}\n");
    }
    let output = draw.quoted(&["dense", "places", "bitmap"]);
    keys + &draw.perhaps("output", output)
}

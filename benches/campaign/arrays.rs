//! Keys of the matrix products: odd shapes, lanes that do not divide, weights of every form.

use super::draw::Draw;

/// Rows, columns, lanes in units of `group` columns, rows at once, and the form of the weights.
struct Shape {
    rows: usize,
    columns: usize,
    weights: &'static str,
    keys: String,
}

fn shape(draw: &mut Draw, group: usize, most: usize, fixed: Option<usize>) -> Shape {
    let (rows, columns) = (draw.count(1, 20), fixed.unwrap_or_else(|| draw.count(1, most)));
    let weights = ["stream", "memory", "memory", "constant"][draw.below(4)];
    let mut keys = format!("rows = {rows}\ncolumns = {columns}\n");
    if weights != "constant" {
        let lanes = group * (1 + draw.below(columns.div_ceil(group).min(16)));
        let parallel = 1 + draw.below(rows);
        keys += &draw.perhaps("lanes", lanes);
        keys += &draw.perhaps("parallel_rows", parallel);
    }
    Shape { rows, columns, weights, keys }
}

/// The table `weights`, with the rows of `matrix` where it holds any.
pub fn weights(from: &str, matrix: &[Vec<i64>], more: &str) -> String {
    match from {
        "stream" => "weights = { from = \"stream\" }\n".into(),
        _ => format!("weights = {{ from = \"{from}\", values = {matrix:?}{more} }}\n"),
    }
}

/// The table `requantize` to `output`; where the rows may leave as they are that, or `thresholds`, or none.
pub fn scaled(draw: &mut Draw, rows: usize, output: Option<&str>) -> String {
    match output {
        Some(output) => draw.scale(rows, output),
        None if draw.one_in(3) => {
            let reach = 1 << draw.below(16);
            draw.steps(rows, reach)
        }
        None if draw.one_in(2) => {
            let output = draw.ty(32);
            draw.scale(rows, &output)
        }
        None => String::new(),
    }
}

pub fn ternary_mac(draw: &mut Draw) -> String {
    let input = draw.ty(32);
    ternary(draw, None, &input, None).0
}

/// Of these columns and types where they are given; and its rows.
pub fn ternary(
    draw: &mut Draw,
    columns: Option<usize>,
    input: &str,
    output: Option<&str>,
) -> (String, usize) {
    let Shape { rows, columns, weights: from, mut keys } = shape(draw, 1, 40, columns);
    let sparse = 1 + draw.below(3);
    let matrix = draw.matrix(rows, columns, |draw| if draw.one_in(sparse) { draw.between(-1, 1) } else { 0 });
    let packing = match from {
        "memory" if draw.one_in(2) => format!(", packing = {}", draw.quoted(&["bits2", "trits5"])),
        _ => String::new(),
    };
    keys += &format!("input = \"{input}\"\n");
    keys += &weights(from, &matrix, &packing);
    (keys + &scaled(draw, rows, output), rows)
}

pub fn nm_mac(draw: &mut Draw) -> String {
    let (kept, group) = draw.pattern();
    let Shape { rows, columns, weights: from, mut keys } = shape(draw, group, 40, None);
    let (weight, lo, hi) = match draw.below(3) {
        0 => ("ternary".to_owned(), -1, 1),
        1 => {
            let bits = 2 + draw.below(7);
            (format!("s{bits}"), -(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        }
        _ => {
            let bits = 2 + draw.below(7);
            (format!("u{bits}"), 0, (1 << bits) - 1)
        }
    };
    let dense = draw.one_in(3);
    let mut matrix = draw.matrix(rows, columns, |draw| draw.between(lo, hi));
    if !dense {
        for group in matrix.iter_mut().flat_map(|row| row.chunks_mut(group)) {
            for _ in kept..group.len() {
                let kept: Vec<usize> = (0..group.len()).filter(|&at| group[at] != 0).collect();
                if let Some(&dropped) = kept.get(draw.below(kept.len())) {
                    group[dropped] = 0;
                }
            }
        }
    }
    let input = draw.ty(16);
    keys += &format!("pattern = \"{kept}:{group}\"\nweight = \"{weight}\"\ninput = \"{input}\"\n");
    if dense {
        keys += "dense = true\n";
    }
    keys += &weights(from, &matrix, "");
    keys + &scaled(draw, rows, None)
}

pub fn codebook_mac(draw: &mut Draw) -> String {
    let Shape { rows, columns, weights: from, mut keys } = shape(draw, 1, 24, None);
    let (mut codebook, mut entries) = draw.codebook();
    if draw.one_in(4) {
        entries = 2 + draw.below(15);
        let ty = draw.ty(8);
        codebook = format!("{{ from = \"stream\", entries = {entries}, type = \"{ty}\" }}");
    }
    let matrix = draw.matrix(rows, columns, |draw| draw.below(entries) as i64);
    let input = draw.ty(12);
    keys += &format!("codebook = {codebook}\ninput = \"{input}\"\n");
    keys += &weights(from, &matrix, "");
    keys + &scaled(draw, rows, None)
}

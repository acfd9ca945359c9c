//! Keys of the kinds that take lines, pictures and volumes.

use super::draw::Draw;
use ternlet::datapath::lifting::subbands;

/// The names of the subbands that have values.
pub fn bands(size: &[usize], levels: u32) -> Vec<String> {
    let some = |shape: &[usize]| shape.iter().all(|length| *length > 0);
    subbands(size, levels).iter().filter(|band| some(&band.shape)).map(|band| band.name()).collect()
}

/// A scheme by its name, or one of steps that nobody has named.
fn scheme(draw: &mut Draw) -> String {
    let names = [
        "haar",
        "jpeg2000_5_3",
        "vc2_haar",
        "vc2_haar_shift",
        "vc2_5_3",
        "vc2_9_7",
        "vc2_13_7",
        "vc2_dd_9_7",
    ];
    if !draw.one_in(5) {
        return draw.quoted(&names);
    }
    let steps: Vec<String> = (0..1 + draw.below(3)).map(|_| step(draw)).collect();
    let mut keys = format!("steps = [{}]", steps.join(", "));
    for (key, words) in [
        ("extension", &["symmetric", "clamp", "zero"][..]),
        ("order", &["vertical_first", "horizontal_first"]),
        ("level_shift", &["0", "1", "2"]),
        ("scaling", &["[1, 1]", "[2, 1]", "[1, -2]"]),
    ] {
        let word = if key.ends_with("shift") || key == "scaling" {
            draw.of(words).into()
        } else {
            draw.quoted(words)
        };
        if draw.one_in(2) {
            keys += &format!(", {key} = {word}");
        }
    }
    format!("{{ {keys} }}")
}

fn step(draw: &mut Draw) -> String {
    let taps: Vec<i64> = (0..1 + draw.below(4)).map(|_| draw.between(-3, 9)).collect();
    let (kind, sign) = (draw.quoted(&["predict", "update"]), draw.quoted(&["minus", "plus"]));
    let (first, offset, shift) = (draw.between(-2, 1), draw.between(0, 8), draw.below(5));
    format!(
        "{{ kind = {kind}, taps = {taps:?}, first = {first}, offset = {offset}, shift = {shift}, sign = {sign} }}"
    )
}

/// As many levels as `size` allows, at most three, and rarely one more.
fn levels(draw: &mut Draw, size: &[usize]) -> u32 {
    let longest = size.iter().max().copied().unwrap_or(1);
    let most = longest.next_power_of_two().trailing_zeros().clamp(1, 3);
    if draw.one_in(30) { most + 1 } else { 1 + draw.below(most as usize) as u32 }
}

fn frames(draw: &mut Draw, axes: usize, most: usize) -> (Vec<usize>, u32, String) {
    let (size, scheme) = (draw.size(axes, most), scheme(draw));
    let levels = levels(draw, &size);
    let keys = format!("scheme = {scheme}\nlevels = {levels}\n");
    (size, levels, keys)
}

pub fn lifting(draw: &mut Draw) -> String {
    let axes = 1 + draw.below(3);
    let (mut size, _, mut keys) = frames(draw, axes, 160);
    let (direction, varying) = (draw.quoted(&["forward", "inverse"]), draw.one_in(3));
    let input = draw.ty(16);
    if axes == 1 && draw.one_in(3) {
        let lanes = 2 << draw.below(4);
        if varying && draw.below(4) > 0 {
            size[0] = size[0].next_multiple_of(lanes);
        }
        keys += &format!("lanes = {lanes}\n");
    } else {
        let (hardware, bands) = (draw.quoted(&["cascade", "folded"]), draw.quoted(&["streams", "mallat"]));
        keys += &draw.perhaps("hardware", hardware);
        keys += &draw.perhaps("subbands", bands);
    }
    keys + &format!("direction = {direction}\ninput = \"{input}\"\nsize = {size:?}\nvarying = {varying}\n")
}

pub fn wavelet_quantizer(draw: &mut Draw) -> String {
    let axes = 1 + draw.below(3);
    let (size, levels, keys) = frames(draw, axes, 120);
    let (input, varying) = (draw.ty(10), draw.one_in(3) && (axes > 1 || draw.one_in(5)));
    let output = draw.quoted(&["samples", "codes"]);
    let mut quantizers = Vec::new();
    for band in bands(&size, levels) {
        let (bits, places) = (draw.below(8), draw.below(13));
        let mut keys = format!("bits = {bits}");
        if bits > 0 {
            let (multiplier, step) = (1 + draw.below(1 << places), 1 + draw.below(1 << places));
            keys += &format!(", multiplier = {multiplier}, shift = {places}, step = {step}");
        }
        let (bias, offset, fraction) = (draw.between(-3000, 3000), draw.between(-3000, 3000), draw.below(10));
        if draw.one_in(2) {
            keys += &format!(", bias = {bias}, offset = {offset}, fraction = {fraction}");
        }
        quantizers.push(format!("{} = {{ {keys} }}", band));
    }
    let keys = keys + &format!("input = \"{input}\"\nsize = {size:?}\n") + &draw.perhaps("output", output);
    keys + &format!("varying = {varying}\nsubband = {{ {} }}\n", quantizers.join(", "))
}

pub fn edge_enhance(draw: &mut Draw) -> String {
    let (size, levels, scheme) = frames(draw, 2, 120);
    let (input, varying) = (draw.ty(9), draw.one_in(3));
    let keys = format!("size = {size:?}\ninput = \"{input}\"\nvarying = {varying}\n");
    if draw.one_in(2) {
        let mut inside: Vec<String> = scheme.lines().map(str::to_owned).collect();
        if draw.one_in(2) {
            inside.push(format!("output = \"{}\"", draw.ty(12)));
        }
        let mut gains = Vec::new();
        for band in bands(&size, levels) {
            let (multiplier, shift) = (draw.between(-4, 9), draw.below(4));
            match draw.below(3) {
                0 => gains.push(format!("{} = {multiplier}", band)),
                1 => gains.push(format!("{} = {{ multiplier = {multiplier}, shift = {shift} }}", band)),
                _ => {}
            }
        }
        inside.push(format!("gains = {{ {} }}", gains.join(", ")));
        return keys + &format!("limited_reconstruction = {{ {} }}\n", inside.join(", "));
    }
    let mut inside =
        vec![format!("scale = {}", 1 + draw.below(4)), format!("threshold = {}", draw.below(40))];
    for (key, words) in [
        ("smoothing", &["rounded", "exact"][..]),
        ("modulus", &["exact", "alpha_max_beta_min"]),
        ("border", &["replicate", "reflect"]),
        ("output", &["modulus", "edges", "gradient"]),
    ] {
        let word = draw.quoted(words);
        if draw.one_in(2) {
            inside.push(format!("{key} = {word}"));
        }
    }
    keys + &format!("modulus_maxima = {{ {} }}\n", inside.join(", "))
}

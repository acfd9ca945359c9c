//! The widest types, factors and shifts that a configuration may have: golden models do not overflow, which tests would stop at, and
//! the circuit computes the same.

use ternlet::datapath::{Catalog, Datapath, NoFiles};
use ternlet::graph::Graph;
use ternlet::hdl::Timing;
use ternlet::project::{cases_of, check_interpreted};
use ternlet::stream::Draw;

/// Kinds with keys at the ends of what may be.
fn extremes() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for input in ["s32", "u32", "s1", "u1"] {
        found.push(("argmax", format!("columns = 3\ninput = \"{input}\"")));
        for (multiplier, bias) in
            [(i32::MIN, i32::MIN), (i32::MAX, i32::MAX), (i32::MIN, i32::MAX), (0, i32::MIN)]
        {
            for (shift, output, rounding) in
                [(0, "s32", "floor"), (62, "u1", "half_even"), (31, "u32", "toward_zero")]
            {
                let scale = format!(
                    "requantize = {{ output = \"{output}\", multiplier = {multiplier}, bias = {bias}, shift = {shift}, \
                     rounding = \"{rounding}\" }}"
                );
                found.push(("requantize", format!("rows = 2\nlanes = 2\ninput = \"{input}\"\n{scale}")));
                let mac = "rows = 2\ncolumns = 4\nweights = { from = \"stream\" }";
                found.push(("ternary_mac", format!("{mac}\ninput = \"{input}\"\n{scale}")));
            }
        }
        let ends = "thresholds = [[-9223372036854775808, 0, 2147483647], [-2147483648, 9223372036854775807, 9223372036854775807]]";
        let steps = format!("thresholds = {{ output = \"u2\", {ends}, signs = [-1, 1] }}");
        found.push(("thresholds", format!("rows = 2\nlanes = 2\ninput = \"{input}\"\n{steps}")));
        found.push(("thresholds", format!("rows = 2\ninput = \"{input}\"\n{steps}")));
        let stream = "rows = 2\ncolumns = 4\nlanes = 4\nweights = { from = \"stream\" }";
        found.push((
            "codebook_mac",
            format!("{stream}\ninput = \"{input}\"\ncodebook = [-32768, 32767, -1, 1]"),
        ));
        found.push(("nm_mac", format!("{stream}\ninput = \"{input}\"\npattern = \"2:4\"\nweight = \"s8\"")));
        let both = format!("channels = 2\na = \"{input}\"\nb = \"{input}\"");
        for factors in ["[1, 1]", "[8388607, -8388607]", "[0, -1]"] {
            found.push(("add", format!("{both}\nfactors = {factors}")));
        }
        for operation in ["max", "sum"] {
            let keys = format!("operation = \"{operation}\"\ninput = \"{input}\"\nsize = [5]\nchannels = 2");
            found.push(("pool", keys.clone()));
            found.push(("pool", format!("{keys}\nkernel = 3\nstride = 2\npadding = 1")));
        }
        found.push(("argmax", format!("size = [2]\nchannels = 4\nlanes = 2\ninput = \"{input}\"")));
        found.push(("concat", format!("size = [2]\nchannels = [2, 1]\ninput = \"{input}\"")));
        found.push(("nm_select", format!("pattern = \"2:4\"\ncolumns = 8\ninput = \"{input}\"")));
    }
    for bits in ["s32", "s2"] {
        let keys = format!("pattern = \"2:4\"\ncolumns = 8\nweight = \"{bits}\"\ngradient = \"{bits}\"");
        let factor = "{ multiplier = 65535, shift = 31 }";
        for (shift, factor) in [(31, factor), (0, "{ multiplier = 65535, shift = 0 }")] {
            let factors = format!("gradient_shift = {shift}\nlearning_rate = {factor}\nlambda = {factor}");
            found.push(("sr_ste_update", format!("{keys}\n{factors}")));
        }
    }
    for scheme in ["haar", "jpeg2000_5_3", "vc2_13_7"] {
        for (input, levels) in [("s32", 4), ("u32", 4), ("s32", 1)] {
            let keys = format!("scheme = \"{scheme}\"\nlevels = {levels}\ninput = \"{input}\"");
            for direction in ["forward", "inverse"] {
                found.push(("lifting", format!("{keys}\nsize = [16]\ndirection = \"{direction}\"")));
            }
        }
    }
    found
}

#[test]
fn golden_models_hold_at_the_ends_of_their_types() {
    let catalog = Catalog::standard();
    let extremes = extremes();
    for (kind, keys) in &extremes {
        let table = keys.parse().unwrap_or_else(|error| panic!("{error}: {keys}"));
        let graph = Graph::single(*kind, table);
        let network =
            graph.load(&catalog, &NoFiles).unwrap_or_else(|errors| panic!("{kind}: {}\n{keys}", errors[0]));
        let cases = cases_of(&network, 3, 1);
        check_interpreted(&network, &cases, Timing::combinational())
            .unwrap_or_else(|error| panic!("{kind}: {error}\n{keys}"));
    }
    assert!(extremes.len() > 100);
}

/// `value` with each integer type in it, such as `s8`, replaced by `ty`; that of the key `but` stays.
fn typed(value: &mut toml::Value, ty: &str, but: &str) {
    match value {
        toml::Value::String(text) => {
            let bits = text.strip_prefix(['s', 'u']).filter(|bits| bits.parse::<u32>().is_ok());
            if bits.is_some() {
                *text = ty.to_owned();
            }
        }
        toml::Value::Table(table) => {
            table.iter_mut().filter(|(key, _)| *key != but).for_each(|(_, value)| typed(value, ty, but));
        }
        toml::Value::Array(list) => list.iter_mut().for_each(|value| typed(value, ty, but)),
        _ => {}
    }
}

/// Each example with its types as wide and as narrow as may be: where that is a datapath, its golden model takes corners and random
/// frames without an overflow.
#[test]
fn examples_hold_with_the_widest_and_narrowest_types() {
    let catalog = Catalog::standard();
    let mut held = std::collections::BTreeSet::new();
    for entry in catalog.entries() {
        for (ty, but) in
            ["s32", "u32", "s16", "u16", "s2", "u1"].into_iter().flat_map(|ty| [(ty, ""), (ty, "weight")])
        {
            let mut root = toml::Value::Table(entry.example.parse().unwrap());
            typed(&mut root, ty, but);
            let graph = Graph::of_table(root.as_table().unwrap()).unwrap();
            let Ok(network) = graph.load(&catalog, &NoFiles) else { continue };
            let corners = network.corners().into_iter().take(8);
            for inputs in corners.chain([network.random(4, &mut Draw::seeded(3))]) {
                assert_eq!(network.golden(&inputs).len(), network.ports().outputs.len());
            }
            held.insert(entry.kind);
        }
    }
    let missing: Vec<_> =
        catalog.entries().iter().map(|entry| entry.kind).filter(|kind| !held.contains(kind)).collect();
    assert!(missing.is_empty(), "no type is taken by {missing:?}");
}

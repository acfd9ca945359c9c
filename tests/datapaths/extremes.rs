//! The widest types, factors and shifts that a configuration may have: golden models do not overflow, which tests would stop at, and
//! the circuit computes the same.

use crate::check::{datapath, problems, verilator};
use ternlet::datapath::{
    ArgmaxConfig, Catalog, Datapath, NoFiles, PoolConfig, RequantizeConfig, ThresholdsConfig,
};
use ternlet::graph::Graph;
use ternlet::hdl::Timing;
use ternlet::project::{cases_of, check_interpreted};
use ternlet::stream::Draw;

/// The least and the greatest bias.
const WIDEST_BIAS: [i64; 2] = [-(1 << 62), (1 << 62) - 1];

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
    // Exact scores of networks are wider than what multiplies.
    for input in ["s63", "u62", "s48", "u33"] {
        found.push(("argmax", format!("columns = 3\nlanes = 2\ninput = \"{input}\"")));
        found.push(("argmax", format!("size = [2]\nchannels = 4\nlanes = 2\ninput = \"{input}\"")));
        found.push(("flatten", format!("size = [2]\nchannels = 2\ninput = \"{input}\"")));
        let ends = "thresholds = [[-9223372036854775808, 0, 4611686018427387903], [-4611686018427387904, 4611686018427387904, 9223372036854775807]]";
        for form in ["comparators", "pipelined_search", "search"] {
            let steps =
                format!("thresholds = {{ output = \"u2\", {ends}, signs = [-1, 1], form = \"{form}\" }}");
            found.push(("thresholds", format!("rows = 2\ninput = \"{input}\"\n{steps}")));
        }
        for (multiplier, bias, shift, rest) in [
            (i32::MIN, WIDEST_BIAS[0], 0, "output = \"s63\", zero_point = 2147483647"),
            (
                i32::MAX,
                WIDEST_BIAS[1],
                31,
                "output = \"u62\", zero_point = -2147483648, rounding = \"half_even\"",
            ),
            (1, WIDEST_BIAS[1], 62, "output = \"s2\", rounding = \"stochastic\""),
        ] {
            let scale = format!(
                "requantize = {{ multiplier = {multiplier}, bias = {bias}, shift = {shift}, {rest} }}"
            );
            found.push(("requantize", format!("rows = 2\ninput = \"{input}\"\n{scale}")));
        }
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

/// Integers of 63 bits in Verilog, too.
#[test]
fn the_widest_accumulators_and_scores_are_exact_in_verilog() {
    let ends = [-(1i64 << 62), -1, (1 << 62) - 1];
    for signs in [1, -1] {
        let steps = format!("[thresholds]\noutput = \"u2\"\nthresholds = {ends:?}\nsigns = {signs}");
        let steps = datapath::<ThresholdsConfig>(&format!("rows = 3\nlanes = 3\ninput = \"s63\"\n{steps}"));
        verilator(&*steps, 60, 41, Timing::levels(3));
    }
    let scale = format!(
        "[requantize]\noutput = \"s63\"\nmultiplier = 268435455\nbias = [{}, {}, 5]",
        ends[0], ends[2]
    );
    for input in ["s35", "s63"] {
        let scale = format!("rows = 3\ninput = \"{input}\"\n{scale}");
        verilator(&*datapath::<RequantizeConfig>(&scale), 60, 42, Timing::levels(3));
    }
    for keys in ["columns = 4\nlanes = 3", "size = [2]\nchannels = 4\nlanes = 2"] {
        for input in ["s63", "u62"] {
            let classes = datapath::<ArgmaxConfig>(&format!("{keys}\ninput = \"{input}\""));
            verilator(&*classes, 60, 43, Timing::levels(3));
        }
    }
}

/// A type is as wide as what is computed with it, and a bias is no wider than the widest type.
#[test]
fn what_is_wider_is_refused() {
    for (type_, said) in [
        ("s64", "type `s64` has 64 bits; a type has 1 to 63"),
        ("u63", "type `u63` has 63 bits; a type has 1 to 62"),
        ("s0", "type `s0` has 0 bits; a type has 1 to 63"),
    ] {
        let text = problems::<ArgmaxConfig>(&format!("columns = 2\ninput = \"{type_}\""));
        assert!(text.contains(said), "{text}");
    }
    let text = problems::<PoolConfig>("operation = \"max\"\nsize = [2]\nchannels = 1\ninput = \"s33\"");
    assert!(text.contains("type `s33` has 33 bits; a type has 1 to 32"), "{text}");
    let scale = |keys: &str| format!("rows = 1\ninput = \"s40\"\n[requantize]\noutput = \"s63\"\n{keys}");
    let text = problems::<RequantizeConfig>(&scale("multiplier = 1\nbias = 4611686018427387904"));
    let why = "requantize.bias = 4611686018427387904: an integer has more than 63 bits; scale it down";
    assert!(text.contains(why), "{text}");
    let text = problems::<RequantizeConfig>(&scale("multiplier = 2147483648"));
    assert!(text.contains("requantize.multiplier = 2147483648: an integer has more than 32 bits"), "{text}");
}

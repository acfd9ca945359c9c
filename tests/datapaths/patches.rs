//! Volumes that are larger than the frames of a graph: what is joined of patches is what the graph of the whole volume gives.

use crate::check::{NoFiles, datapath};
use std::fs;
use std::path::Path;
use std::process::Command;
use ternlet::datapath::{Catalog, Config, ConvolutionConfig, Datapath, PoolConfig, Tensor};
use ternlet::design::{Patches, to_npy, to_safetensors};
use ternlet::graph::{Graph, Network};
use ternlet::stream::{Draw, Reach, Tokens};

/// Of a graph: the kernel, stride and padding of a convolution before a pool, the pool, and a convolution after it, of as many windows.
struct Kinds {
    before: [usize; 3],
    pool: &'static str,
    after: [usize; 3],
    zero_point: usize,
}

const PADDED: Kinds =
    Kinds { before: [3, 1, 1], pool: "operation = \"max\"\nkernel = 2", after: [3, 1, 1], zero_point: 0 };

/// Without padding, and with a last window of the pool that is not full.
const INSIDE: Kinds = Kinds {
    before: [3, 1, 0],
    pool: "operation = \"max\"\nkernel = 3\nstride = 2\nceil = true",
    after: [5, 1, 2],
    zero_point: 3,
};

const STRIDED: Kinds = Kinds {
    before: [3, 2, 1],
    pool: "operation = \"sum\"\nkernel = 3\nstride = 1\npadding = 1\nrequantize = { output = \"u4\", multiplier = 5, shift = 4 }",
    after: [1, 1, 0],
    zero_point: 1,
};

const CHANNELS: usize = 2;
const SCALE: &str = "requantize = { output = \"u4\", multiplier = 3, bias = 20, shift = 3 }";

fn convolution(size: &[usize], [kernel, stride, padding]: [usize; 3], zero_point: usize) -> String {
    let taps = CHANNELS * kernel.pow(size.len() as u32);
    let weight = |filter: usize, tap: usize| (tap * 5 + tap / 3 * 7 + filter * 2) as i64 % 3 - 1;
    let filter = |filter: usize| (0..taps).map(|tap| weight(filter, tap)).collect::<Vec<_>>();
    format!(
        "size = {size:?}\nchannels = 2\ninput = \"u4\"\nfilters = 2\nkernel = {kernel}\nstride = {stride}\npadding = {padding}\n\
         zero_point = {zero_point}\nlanes = 2\nweight = \"ternary\"\n{SCALE}\n\
         weights = {{ from = \"memory\", values = {:?} }}",
        [0, 1].map(filter)
    )
}

/// The lengths of the map that a datapath of these keys gives.
fn given<C: Config>(keys: &str) -> Vec<usize> {
    datapath::<C>(keys).ports().outputs[0].frame.lengths()
}

/// The nodes for maps of `size`.
fn nodes(kinds: &Kinds, size: &[usize]) -> String {
    let before = convolution(size, kinds.before, kinds.zero_point);
    let all = given::<ConvolutionConfig>(&before);
    let pool = format!("size = {all:?}\nchannels = 2\nlanes = 2\ninput = \"u4\"\n{}", kinds.pool);
    let low = given::<PoolConfig>(&pool);
    let after = convolution(&low, kinds.after, kinds.zero_point);
    let add = format!("size = {low:?}\nchannels = 2\na = \"u4\"\nb = \"u4\"\nfactors = [1, 3]\n{SCALE}");
    let concat =
        format!("size = {low:?}\nchannels = [2, 2]\ninput = \"u4\"\nfrom = {{ a = \"pool\", b = \"add\" }}");
    let class = format!("size = {low:?}\nchannels = 4\ninput = \"u4\"");
    let node = |(name, kind, keys): (&str, &str, String)| {
        format!("[[node]]\nname = \"{name}\"\nkind = \"{kind}\"\n{keys}\n")
    };
    let nodes = [
        ("before", "convolution", before),
        ("pool", "pool", pool),
        ("after", "convolution", after),
        ("add", "add", format!("{add}\nfrom = {{ a = \"pool\", b = \"after\" }}")),
        ("concat", "concat", concat),
        ("class", "argmax", class),
    ];
    let outputs = "[outputs]\nbefore = \"before\"\njoined = \"concat\"\nclass = \"class\"\n";
    nodes.map(node).concat() + outputs
}

fn network(toml: &str) -> Network {
    let graph = Graph::of_table(&toml.parse().unwrap()).unwrap();
    graph.load(&Catalog::standard(), &NoFiles).unwrap_or_else(|errors| panic!("{errors:?}\n{toml}"))
}

/// Two wholes.
fn wholes(size: &[usize], seed: u64) -> Tensor {
    let (shape, mut draw) = ([&[2], size, &[CHANNELS]].concat(), Draw::seeded(seed));
    let values = (0..shape.iter().product::<usize>()).map(|_| draw.integer(0, 15)).collect();
    Tensor { shape, values }
}

/// For each output its integers for `x`.
fn golden(network: &Network, x: &Tensor) -> Vec<(String, Vec<i64>)> {
    let ports = network.ports();
    let tokens = network.golden(&vec![Tokens::pack(&ports.inputs[0], &x.values)]);
    let named = ports.outputs.iter().zip(&tokens);
    named.map(|(port, tokens)| (port.name.clone(), tokens.unpack(port))).collect()
}

/// Asserts that patches of a graph are joined to what the graph of the `whole` gives.
fn joins(patch: &str, graph: &str, whole: &[usize], seed: u64) {
    let (small, large) = (network(patch), network(graph));
    let x = wholes(whole, seed);
    let patches = Patches::plan(&small, &x.shape).unwrap_or_else(|why| panic!("{whole:?}: {why}"));
    let frame = small.ports().inputs[0].frame.lengths();
    assert!(patches.count() > 1 || whole == frame, "{whole:?}");
    let expected = golden(&large, &x);
    for ((name, frames), (_, expected)) in golden(&small, &patches.cut(&x)).into_iter().zip(expected) {
        assert_eq!(patches.integers(&name) * 2, expected.len(), "{whole:?}, {name}");
        assert_eq!(patches.join(&name, &frames).values, expected, "{whole:?}, {name}");
    }
}

const CASES: [(&Kinds, &[usize], &[usize]); 11] = [
    (&PADDED, &[10], &[10]),
    (&PADDED, &[10], &[26]),
    (&PADDED, &[11], &[25]),
    (&PADDED, &[12, 14], &[20, 16]),
    (&PADDED, &[10, 12, 14], &[12, 20, 18]),
    (&INSIDE, &[18], &[64]),
    (&INSIDE, &[17], &[31]),
    (&INSIDE, &[18, 20], &[24, 36]),
    (&STRIDED, &[9], &[25]),
    (&STRIDED, &[12], &[30]),
    (&STRIDED, &[9, 8, 11], &[13, 8, 17]),
];

#[test]
fn what_is_joined_is_what_the_graph_of_the_whole_gives() {
    for (case, (kinds, patch, whole)) in CASES.into_iter().enumerate() {
        joins(&nodes(kinds, patch), &nodes(kinds, whole), whole, case as u64);
    }
}

/// A skip around a pool, and all that makes maps of another size.
fn with_a_skip(size: &[usize]) -> String {
    let low: Vec<usize> = size.iter().map(|length| length / 2).collect();
    let around = |ends: [usize; 2]| vec![ends; size.len()];
    // Along the innermost axis alone.
    let along = |factor| [&vec![1; size.len() - 1][..], &[factor]].concat();
    let map = format!("size = {size:?}\ninput = \"u4\"");
    let node = |(name, kind, keys): (&str, &str, String)| {
        format!("[[node]]\nname = \"{name}\"\nkind = \"{kind}\"\n{keys}\n")
    };
    let skip = "from = { a = \"before\", b = \"up\" }";
    let nodes = [
        ("before", "convolution", convolution(size, [3, 1, 1], 0)),
        ("pool", "pool", format!("{map}\nchannels = 2\nlanes = 2\noperation = \"max\"\nkernel = 2")),
        ("after", "convolution", convolution(&low, [3, 1, 1], 2)),
        ("up", "upsample", format!("size = {low:?}\nchannels = 2\nlanes = 2\ninput = \"u4\"\nfactor = 2")),
        ("skip", "concat", format!("{map}\nchannels = [2, 2]\n{skip}")),
        ("inner", "crop", format!("{map}\nchannels = 4\nmargin = {:?}", around([2, 1]))),
        (
            "outer",
            "pad",
            format!("{map}\nchannels = 4\npadding = {:?}\nvalue = 5\nfrom = \"skip\"", around([1, 3])),
        ),
        (
            "wide",
            "pixel_shuffle",
            format!("{map}\nchannels = 4\nfactor = {:?}\norder = \"crd\"\nfrom = \"skip\"", along(2)),
        ),
    ];
    let outputs = "[outputs]\nskip = \"skip\"\ninner = \"inner\"\nouter = \"outer\"\nwide = \"wide\"\n";
    nodes.map(node).concat() + outputs
}

#[test]
fn maps_of_other_sizes_are_joined_too() {
    for (case, (patch, whole)) in
        [(&[16][..], &[40][..]), (&[18], &[36]), (&[16, 18], &[24, 20]), (&[14, 16, 14], &[14, 24, 18])]
            .into_iter()
            .enumerate()
    {
        joins(&with_a_skip(patch), &with_a_skip(whole), whole, case as u64);
    }
}

/// As many positions as the frames of the outputs have.
#[test]
fn a_reach_has_the_length_of_its_map() {
    for (kinds, patch, _) in CASES {
        let network = network(&nodes(kinds, patch));
        for (axis, &length) in patch.iter().enumerate() {
            let reaches = network.reach(axis, &[Reach::input(length)]).unwrap();
            for (reach, port) in reaches.iter().zip(network.ports().outputs) {
                assert_eq!(reach.length, port.frame.lengths()[axis], "{}", port.name);
            }
        }
    }
}

/// A design file of patches, next to what the whole gives and classes of which one is wrong.
fn write_design(folder: &Path, patch: &[usize], whole: &[usize]) {
    let x = wholes(whole, 40);
    let expected = golden(&network(&nodes(&PADDED, whole)), &x);
    let tensors =
        expected.into_iter().map(|(name, values)| (name, Tensor { shape: vec![values.len()], values }));
    let tensors: Vec<_> = tensors.collect();
    let mut classes = tensors.iter().find(|(name, _)| name == "class").unwrap().1.clone();
    classes.values[5] = 1 - classes.values[5].min(1);
    fs::write(folder.join("x.npy"), to_npy(&x)).unwrap();
    fs::write(folder.join("y.safetensors"), to_safetensors(&tensors)).unwrap();
    fs::write(folder.join("classes.npy"), to_npy(&classes)).unwrap();
    let data = "name = \"patched\"\n[input]\nfile = \"x.npy\"\npatches = true\n\
                [labels]\nfile = \"classes.npy\"\nstream = \"class\"\n";
    let output = |name| format!("[expected.{name}]\nfile = \"y.safetensors\"\ntensor = \"{name}\"\n");
    let outputs = ["before", "joined", "class"].map(output).concat();
    fs::write(folder.join("design.toml"), format!("{data}{outputs}{}", nodes(&PADDED, patch))).unwrap();
}

#[test]
fn a_design_file_is_held_against_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    write_design(folder.path(), &[12, 14], &[20, 16]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
    command.args(["simulate", "design.toml", "--json", "--frames", "4"]).current_dir(folder.path());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).expect(&said);
    for name in ["before", "joined", "class"] {
        assert_eq!(result["expected"][name]["equal"], true, "{name}: {said}");
    }
    let accuracy = &result["accuracy"];
    assert_eq!((&accuracy["right"], &accuracy["of"]), (&159.into(), &160.into()), "{result}");
    // The one of class 0 is labelled 1, or another is labelled 0.
    let dice = accuracy["dice"].as_object().unwrap();
    assert!(!dice.is_empty() && !dice.contains_key("0"), "{result}");
    assert_eq!(dice.values().filter(|dice| dice.as_f64() != Some(1.0)).count(), 1, "{result}");
}

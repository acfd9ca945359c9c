//! Schedules by timed runs against circuits that nobody holds back: transforms in every form, random sizes of which nothing divides, and
//! several depths of the pipeline.

use crate::check::{datapath, tools};
use crate::schedule::{agrees, holds};
use ternlet::datapath::{
    Catalog, Datapath, LaneStream, LiftingConfig, WaveletQuantizerConfig, lifting::subbands,
};
use ternlet::graph::{Graph, examples};
use ternlet::hdl::{Module, Timing};
use ternlet::project::{cases_of, check_simulated};
use ternlet::stream::timeline::{Channel, Delay, Timeline};
use ternlet::stream::{Draw, Ports, Schedule, Tokens, Transfers};

pub const SCHEMES: [&str; 6] = ["haar", "jpeg2000_5_3", "vc2_5_3", "vc2_9_7", "vc2_13_7", "vc2_dd_9_7"];

/// A size of one to three axes, and levels that it has, so many at most.
pub fn size(most_levels: u32, random: &mut Draw) -> (Vec<usize>, i64) {
    let axes = random.integer(1, 3) as usize;
    let most = [36, 9, 5][axes - 1];
    let size: Vec<usize> = (0..axes).map(|_| random.integer(1, most) as usize).collect();
    let halvings = size.iter().max().map_or(0, |longest| longest.next_power_of_two().ilog2());
    (size, random.integer(1, i64::from(halvings.clamp(1, most_levels))))
}

pub fn pick<'a>(all: &[&'a str], random: &mut Draw) -> &'a str {
    all[random.integer(0, all.len() as i64 - 1) as usize]
}

/// A transform of the keys that are drawn.
fn transform(case: usize, varying: bool, random: &mut Draw) -> Box<dyn Datapath> {
    let (size, levels) = size(3, random);
    let lanes = if size.len() == 1 && !varying { 1 << random.integer(0, 2) } else { 1 };
    let subbands = if lanes == 1 { pick(&["streams", "streams", "mallat"], random) } else { "streams" };
    let direction = ["forward", "inverse"][case % 2];
    datapath::<LiftingConfig>(&format!(
        "scheme = \"{}\"\ndirection = \"{direction}\"\nlevels = {levels}\ninput = \"u4\"\nsize = {size:?}\n\
         varying = {varying}\nlanes = {lanes}\nsubbands = \"{subbands}\"",
        SCHEMES[case / 2 % SCHEMES.len()]
    ))
}

#[test]
fn transforms_of_frames_of_one_size() {
    let mut random = Draw::seeded(7);
    (0..60).for_each(|case| _ = latencies(&*transform(case, false, &mut random)));
}

#[test]
fn transforms_of_frames_of_many_sizes() {
    let mut random = Draw::seeded(8);
    (0..36).for_each(|case| _ = latencies(&*transform(case, true, &mut random)));
}

/// As [`agrees`], and all latencies are known.
fn latencies(datapath: &dyn Datapath) -> Schedule {
    let said = agrees(datapath);
    assert!(said.latency_cycles.is_some(), "{}: {said:?}", datapath.doc());
    said
}

/// What frames take where nothing is held up: a beat a cycle.
#[test]
fn a_transform_takes_a_beat_a_cycle() {
    for direction in ["forward", "inverse"] {
        for (size, lanes) in [("[64]", 1), ("[60]", 4), ("[16, 12]", 1), ("[4, 8, 6]", 1)] {
            let said = holds(&*datapath::<LiftingConfig>(&format!(
                "scheme = \"jpeg2000_5_3\"\ndirection = \"{direction}\"\nlevels = 2\ninput = \"u8\"\nsize = {size}\nlanes = {lanes}"
            )));
            let samples: u64 =
                size.trim_matches(['[', ']']).split(", ").map(|n| n.parse::<u64>().unwrap()).product();
            assert_eq!(said.initiation_interval, Some(samples / lanes), "{direction} {size}");
        }
    }
}

#[test]
fn subbands_quantized_and_put_together() {
    let mut random = Draw::seeded(9);
    for case in 0..24 {
        let (size, levels) = size(3, &mut random);
        let output = pick(&["samples", "samples", "codes"], &mut random);
        let varying = case % 4 == 3 && size.len() > 1;
        latencies(&*quantizer((SCHEMES[case % SCHEMES.len()], output), &size, levels, varying));
    }
}

/// Codes of 2 or 3 bits for each subband.
pub fn quantizer(
    (scheme, output): (&str, &str),
    size: &[usize],
    levels: i64,
    varying: bool,
) -> Box<dyn Datapath> {
    let bands = subbands(size, levels as u32).into_iter();
    let bands = bands.filter(|band| band.shape.iter().all(|length| *length > 0));
    let treated: String = bands
        .map(|band| {
            let bits = if band.level == 1 { 2 } else { 3 };
            format!("{} = {{ bits = {bits}, multiplier = 3, shift = 1, step = 1 }}\n", band.name())
        })
        .collect();
    datapath::<WaveletQuantizerConfig>(&format!(
        "scheme = \"{scheme}\"\nlevels = {levels}\ninput = \"u4\"\nsize = {size:?}\nvarying = {varying}\noutput = \"{output}\"\n\
         [subband]\n{treated}"
    ))
}

/// The design that `ternlet new` writes of each kind: what of its schedule is known is what the circuit shows.
#[test]
fn the_example_of_every_kind() {
    let catalog = Catalog::standard();
    let mut unknown = Vec::new();
    for example in examples(&catalog) {
        let design: toml::Table = example.text.parse().unwrap();
        let graph = Graph::of_table(&design).unwrap();
        let datapath =
            graph.load(&catalog, &crate::check::NoFiles).unwrap_or_else(|errors| panic!("{errors:?}"));
        if agrees(&datapath).latency_cycles.is_none() {
            unknown.push(example.kind);
        }
    }
    // Its thresholds follow the frames.
    assert_eq!(unknown, ["edge_enhance", "gradient_prune"]);
}

/// A datapath whose author forgot that a register is less.
struct Slow(Box<dyn Datapath>);

impl Datapath for Slow {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn doc(&self) -> String {
        self.0.doc()
    }

    fn ports(&self) -> Ports {
        self.0.ports()
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        self.0.build(m, inputs)
    }

    fn golden(&self, inputs: &Transfers) -> Transfers {
        self.0.golden(inputs)
    }

    fn timed(
        &self,
        timeline: &mut Timeline,
        inputs: Vec<Channel>,
        tokens: &[Tokens],
    ) -> Option<Vec<Channel>> {
        let outputs = self.0.timed(timeline, inputs, tokens)?;
        Some(outputs.into_iter().map(|output| timeline.through(output, 0, Delay::default())).collect())
    }
}

#[test]
fn the_check_fails_where_a_run_has_one_register_more() {
    let scheme = "scheme = \"jpeg2000_5_3\"\nlevels = 1\ninput = \"u4\"\nsize = [8]";
    let slow = Slow(datapath::<LiftingConfig>(scheme));
    let cases = cases_of(&slow, 10, 4);
    let error = check_simulated(&tools(), &slow, &cases, 4, Timing::levels(3)).unwrap_err().to_string();
    assert!(error.contains("to the first beat of l1, simulation shows"), "{error}");
    check_simulated(&tools(), &*slow.0, &cases, 4, Timing::levels(3)).unwrap();
}

pub fn graph(toml: &str) -> Box<dyn Datapath> {
    let graph = Graph::of_table(&toml.parse().unwrap()).unwrap_or_else(|errors| panic!("{errors:?}\n{toml}"));
    let loaded = graph.load(&Catalog::standard(), &crate::check::NoFiles);
    Box::new(loaded.unwrap_or_else(|errors| panic!("{errors:?}\n{toml}")))
}

/// A node that takes a vector of 8 integers and gives one, some cycles later.
fn vectors_node(name: &str, from: &str, random: &mut Draw) -> String {
    let head = format!("[[node]]\nname = \"{name}\"\nfrom = \"{from}\"\ninput = \"s5\"\n");
    let constant = random.integer(0, 3) == 3;
    let (lanes, parallel) = if constant { (8, 8) } else { (random.integer(1, 8), random.integer(1, 8)) };
    let scale = "output = \"s5\", multiplier = 3, shift = 3";
    let values = vec![vec![1; 8]; 8];
    head + &match random.integer(0, 3) {
        0 if !constant => {
            format!("kind = \"requantize\"\nrows = 8\nlanes = {lanes}\nrequantize = {{ {scale} }}\n")
        }
        _ => format!(
            "kind = \"ternary_mac\"\nrows = 8\ncolumns = 8\nlanes = {lanes}\nparallel_rows = {parallel}\nrequantize = {{ {scale} }}\n\
             weights = {{ from = \"{}\", values = {values:?} }}\n",
            if constant { "constant" } else { "memory" }
        ),
    }
}

/// Paths that part at an input or at a node and meet again, and outputs of other nodes on the way.
#[test]
fn graphs_in_which_paths_part_and_meet() {
    let mut random = Draw::seeded(11);
    let mut known = 0;
    for _ in 0..40 {
        let mut nodes = vec!["input.x".to_string()];
        let mut toml = String::new();
        for index in 0..random.integer(1, 4) {
            let from = nodes[random.integer(0, nodes.len() as i64 - 1) as usize].clone();
            toml += &vectors_node(&format!("n{index}"), &from, &mut random);
            nodes.push(format!("n{index}"));
        }
        let (w, g) = (&nodes[random.integer(0, nodes.len() as i64 - 2) as usize], &nodes[nodes.len() - 1]);
        let lanes = [4, 8][random.integer(0, 1) as usize];
        toml += &format!(
            "[[node]]\nname = \"join\"\nkind = \"sr_ste_update\"\npattern = \"2:4\"\ncolumns = 8\nlanes = {lanes}\nweight = \"s5\"\n\
             gradient = \"s5\"\nlearning_rate = {{ multiplier = 1, shift = 2 }}\nlambda = {{ multiplier = 1, shift = 3 }}\n\
             from = {{ w = \"{w}\", g = \"{g}\" }}\n[[node]]\nname = \"class\"\nkind = \"argmax\"\ncolumns = 8\ninput = \"s5\"\n\
             lanes = {}\nfrom = \"{g}\"\n[outputs]\nnext = \"join.w_next\"\nclass = \"class\"\nsad = \"join.sad\"\n",
            random.integer(1, 8)
        );
        known += usize::from(latencies(&*graph(&toml)).initiation_interval.is_some());
    }
    // In the others frames take more cycles and fewer by turns.
    assert!(known >= 30, "{known} of 40 intervals are known");
}

/// Inputs of which one is held for several cycles and the other not at all.
#[test]
fn graphs_of_two_inputs() {
    let argmax = |name: &str, lanes: usize| {
        format!(
            "[[node]]\nname = \"{name}\"\nkind = \"argmax\"\ncolumns = 8\nlanes = {lanes}\ninput = \"s5\"\nfrom = \"input.{name}\"\n"
        )
    };
    let outputs = "[outputs]\nfirst = \"a\"\nsecond = \"b\"\n";
    for (a, b) in [(8, 1), (1, 8), (4, 8), (3, 2)] {
        agrees(&*graph(&(argmax("a", a) + &argmax("b", b) + outputs)));
    }
    let select = |lanes: usize| {
        format!(
            "[[node]]\nname = \"s\"\nkind = \"nm_select\"\npattern = \"2:4\"\ncolumns = 16\nlanes = {lanes}\ninput = \"s6\"\n\
             [[node]]\nname = \"c\"\nkind = \"argmax\"\ncolumns = 8\nlanes = 4\ninput = \"s6\"\n"
        )
    };
    for lanes in [4, 8, 16] {
        holds(&*graph(&select(lanes)));
    }
    let weights = |from: &str| {
        format!(
            "[[node]]\nname = \"m\"\nkind = \"ternary_mac\"\nrows = 3\ncolumns = 4\nlanes = 1\nparallel_rows = 2\ninput = \"s5\"\n\
             weights = {{ from = \"{from}\" }}\n"
        )
    };
    let held = "[[node]]\nname = \"s\"\nkind = \"nm_select\"\npattern = \"2:4\"\ncolumns = 8\nlanes = 8\ninput = \"s5\"\n";
    let mac = weights("memory, values = [[1, 0, 1, 1], [1, 1, 1, 1], [0, 1, 1, 1]]")
        .replace("\"memory,", "\"memory\",")
        .replace("]]\" }", "]] }");
    holds(&*graph(&(held.to_string() + &mac)));
    holds(&*graph(&(held.to_string() + &weights("stream") + "from = { x = \"s\" }\n")));
}

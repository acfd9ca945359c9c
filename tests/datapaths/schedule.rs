//! Schedules against circuits that nobody holds back, at odd shapes and several depths of the pipeline.

use crate::check::{NoFiles, datapath, tools, verilator};
use crate::measured::{filled, measured, stalls_alike};
use crate::small::small_examples;
use std::rc::Rc;
use ternlet::datapath::{
    ArgmaxConfig, Catalog, CodebookMacConfig, Config, Datapath, EdgeEnhanceConfig, GradientPruneConfig,
    LaneStream, NmMacConfig, NmSelectConfig, RequantizeConfig, SlbSelectConfig, SrSteUpdateConfig,
    TernaryMacConfig, circuit, schedule,
};
use ternlet::graph::Graph;
use ternlet::hdl::{Circuit, Module, Timing};
use ternlet::project::{cases_of, check_simulated};
use ternlet::stream::{Draw, Pace, Ports, Schedule, Transfers};
use ternlet::verify::off_schedule;

const FRAMES: usize = 8;

/// The kinds that have no timed run.
const WITHOUT: [&str; 2] = ["edge_enhance", "gradient_prune"];

/// Whether outputs are ready, over and over: after and for many cycles, and for few.
const LONG: &[bool] = &{
    let mut ready = [false; 64];
    let mut cycle = 23;
    while cycle < ready.len() {
        ready[cycle] = true;
        cycle += 1;
    }
    ready
};
const SHORT: &[bool] = &[true, false, false, true, true, false, true, false, false, false, true];

/// Whether there is a timed run, which then waits as the circuit does.
fn waits(circuit: &Rc<Circuit>, datapath: &dyn Datapath, timing: Timing, inputs: &Transfers) -> bool {
    let alike = |ready| stalls_alike(circuit, datapath, timing, inputs, ready);
    let all =
        [LONG, SHORT].map(|ready| alike(ready).unwrap_or_else(|why| panic!("{}: {why}", datapath.doc())));
    all[0]
}

/// What of the schedule is known is what the circuit shows, at each depth of the pipeline, and the timed run waits as the circuit does.
pub fn agrees(datapath: &dyn Datapath) -> Schedule {
    agrees_for(datapath, &[Timing::combinational(), Timing::levels(3), Timing::levels(1)])
}

/// As [`agrees`], of circuits for these.
pub fn agrees_for(datapath: &dyn Datapath, timings: &[Timing]) -> Schedule {
    let inputs = datapath.random(FRAMES, &mut Draw::seeded(1));
    let mut last = None;
    for &timing in timings {
        let circuit = Rc::new(circuit(datapath, "dut", timing));
        let said = schedule(datapath, &circuit.latency, timing, &inputs);
        let measured = measured(&circuit, datapath, &inputs);
        let filled = filled(&said, &measured);
        assert_eq!(filled, measured, "{}, {timing:?}", datapath.doc());
        waits(&circuit, datapath, timing, &inputs);
        last = Some(said);
    }
    last.expect("a timing")
}

/// As [`agrees`], and all of it is known.
pub fn holds(datapath: &dyn Datapath) -> Schedule {
    let said = agrees(datapath);
    assert!(said.latency_cycles.is_some() && said.initiation_interval.is_some(), "{}", datapath.doc());
    said
}

fn hold<C: Config>(config: &str) -> Schedule {
    holds(&*datapath::<C>(config))
}

#[test]
fn a_beat_a_cycle() {
    for (columns, lanes) in [(1, 1), (7, 1), (7, 3), (8, 4), (5, 5)] {
        let schedule = hold::<ArgmaxConfig>(&format!("columns = {columns}\nlanes = {lanes}\ninput = \"s4\""));
        assert_eq!(schedule.initiation_interval, Some(columns));
    }
    for (rows, lanes) in [(1, 1), (5, 1), (5, 2)] {
        let scale = "[requantize]\noutput = \"u4\"\nmultiplier = 3\nshift = 2";
        hold::<RequantizeConfig>(&format!("rows = {rows}\nlanes = {lanes}\ninput = \"s8\"\n{scale}"));
        hold::<SlbSelectConfig>(&format!(
            "weights = {rows}\nlanes = {lanes}\ncodebook = \"odd2\"\nscore = \"s4\""
        ));
    }
    for (columns, lanes) in [(4, 4), (12, 4), (12, 8)] {
        let groups = format!("pattern = \"2:4\"\ncolumns = {columns}\nlanes = {lanes}");
        hold::<NmSelectConfig>(&format!("{groups}\ninput = \"s4\""));
        let rates = "weight = \"s8\"\ngradient = \"s8\"\ngradient_shift = 0\nlearning_rate = { shift = 2 }\n\
                     lambda = { shift = 3 }\nrounding = \"floor\"\nties = \"lower\"";
        hold::<SrSteUpdateConfig>(&format!("{groups}\n{rates}"));
    }
}

/// Where an output waits, what is in front of a register and what is after it shows: no beat may leave sooner or later than in the circuit.
#[test]
fn every_kind_waits_as_its_timed_run_does() {
    let mut without = Vec::new();
    for (entry, text) in small_examples() {
        let graph = Graph::of_table(&text.parse().unwrap()).unwrap();
        let datapath = graph.load(&Catalog::standard(), &NoFiles).unwrap();
        let inputs = datapath.random(FRAMES * datapath.frame_multiple(), &mut Draw::seeded(2));
        for timing in [Timing::combinational(), Timing::levels(3), Timing::levels(1)] {
            let circuit = Rc::new(circuit(&datapath, "dut", timing));
            if !waits(&circuit, &datapath, timing, &inputs) {
                without.push(entry.kind);
            }
        }
    }
    without.dedup();
    assert_eq!(without, WITHOUT);
}

/// The rows, columns, lanes and rows at once of arrays in which nothing divides, or nothing is folded.
const SHAPES: [(usize, usize, usize, usize); 9] = [
    (1, 1, 1, 1),
    (3, 5, 2, 2),
    (5, 4, 4, 5),
    (4, 6, 3, 1),
    (9, 4, 2, 8),
    (7, 3, 1, 3),
    (9, 2, 1, 4),
    (6, 5, 1, 6),
    (17, 3, 1, 8),
];

#[test]
fn arrays_however_they_are_folded() {
    for (rows, columns, lanes, parallel) in SHAPES {
        let shape = format!(
            "rows = {rows}\ncolumns = {columns}\nlanes = {lanes}\nparallel_rows = {parallel}\ninput = \"s4\"\n"
        );
        let values = vec![vec![1i64; columns]; rows];
        let memory = format!("weights = {{ from = \"memory\", values = {values:?} }}\n");
        let streamed = "weights = { from = \"stream\" }\n";
        for weights in [&memory, streamed] {
            hold::<TernaryMacConfig>(&format!("{shape}{weights}"));
            let scale = "[requantize]\noutput = \"u4\"\nmultiplier = 3\nshift = 2";
            hold::<TernaryMacConfig>(&format!("{shape}{weights}{scale}"));
            hold::<CodebookMacConfig>(&format!("{shape}{weights}codebook = \"odd2\""));
        }
    }
    let constant = "rows = 3\ncolumns = 2\ninput = \"s4\"\nweights = { from = \"constant\", values = [[1, 0], [-1, 1], [1, 1]] }";
    assert_eq!(hold::<TernaryMacConfig>(constant).initiation_interval, Some(1));
}

#[test]
fn sparse_weights_and_their_dense_fallback() {
    for (rows, columns, lanes, parallel) in [(3, 8, 4, 1), (5, 12, 8, 2), (4, 4, 4, 4)] {
        for dense in [false, true] {
            hold::<NmMacConfig>(&format!(
                "rows = {rows}\ncolumns = {columns}\nlanes = {lanes}\nparallel_rows = {parallel}\ninput = \"s4\"\n\
                 pattern = \"2:4\"\nweight = \"s3\"\ndense = {dense}\nweights = {{ from = \"stream\" }}"
            ));
        }
    }
}

#[test]
fn edges_of_pictures_of_one_size() {
    for (width, height) in [(2, 2), (5, 3), (3, 7), (12, 9)] {
        for maxima in
            ["scale = 1", "scale = 2\noutput = \"gradient\"", "scale = 3\nmodulus = \"alpha_max_beta_min\""]
        {
            let edges = datapath::<EdgeEnhanceConfig>(&format!(
                "size = [{height}, {width}]\ninput = \"u4\"\n[modulus_maxima]\n{maxima}"
            ));
            assert_eq!(holds(&*edges).initiation_interval, Some(width * height));
            let inputs = edges.random(FRAMES, &mut Draw::seeded(2));
            for timing in [Timing::combinational(), Timing::levels(3), Timing::levels(1)] {
                assert!(waits(&Rc::new(circuit(&*edges, "dut", timing)), &*edges, timing, &inputs));
            }
        }
    }
    // In front of a node that takes several pixels a beat.
    let edges = "name = \"edges\"\nkind = \"edge_enhance\"\nsize = [4, 6]\ninput = \"u4\"\n[node.modulus_maxima]\nscale = 2\noutput = \"edges\"";
    let class = "name = \"class\"\nkind = \"argmax\"\ncolumns = 24\nlanes = 3\ninput = \"u1\"";
    holds(&*chain(&[edges.into(), class.into()]));
    let varying = "size = [3, 4]\nvarying = true\ninput = \"u4\"\n[modulus_maxima]\nscale = 1";
    assert_eq!(agrees(&*datapath::<EdgeEnhanceConfig>(varying)).latency_cycles, None);
}

/// In which outputs the beats of a frame are known.
#[test]
fn pruned_gradients_of_each_form() {
    let fixed = "from = \"fixed\"\nvalue = 3";
    for (frame, lanes) in [(1, 1), (5, 1), (7, 2), (12, 4)] {
        for (output, known, interval) in [
            ("dense", &[true, true][..], true),
            ("places", &[false, true], false),
            ("bitmap", &[true, false, true], false),
        ] {
            for (threshold, is_fixed) in [(fixed, true), ("from = \"stream\"", false)] {
                let pruned = datapath::<GradientPruneConfig>(&format!(
                    "input = \"s4\"\nlanes = {lanes}\nframe = {frame}\noutput = \"{output}\"\n\
                     [threshold]\n{threshold}\n[random]\nbits = 4\nseed = 1"
                ));
                let said = agrees(&*pruned);
                let found: Vec<bool> =
                    said.outputs.iter().map(|output| output.latency_last_cycles.is_some()).collect();
                assert_eq!(found, known, "{}", pruned.doc());
                assert_eq!(said.initiation_interval.is_some(), interval && is_fixed, "{}", pruned.doc());
            }
        }
    }
}

fn chain(nodes: &[String]) -> Box<dyn Datapath> {
    let toml: String = nodes.iter().map(|node| format!("[[node]]\n{node}\n")).collect();
    let graph = Graph::of_table(&toml.parse().unwrap()).unwrap();
    Box::new(graph.load(&Catalog::standard(), &NoFiles).unwrap_or_else(|errors| panic!("{errors:?}")))
}

fn mac(name: &str, (rows, columns): (usize, usize), (lanes, parallel): (usize, usize), rest: &str) -> String {
    let values = vec![vec![1i64; columns]; rows];
    format!(
        "name = \"{name}\"\nkind = \"ternary_mac\"\nrows = {rows}\ncolumns = {columns}\nlanes = {lanes}\n\
         parallel_rows = {parallel}\ninput = \"u4\"\nweights = {{ from = \"memory\", values = {values:?} }}\n{rest}"
    )
}

/// Nodes that are slower or faster than those before them, with other lanes.
#[test]
fn chains_of_nodes() {
    let scale = "requantize = { output = \"u4\", multiplier = 3, bias = 8, shift = 2 }";
    for (first, second) in
        [((9, 1), (1, 1)), ((2, 2), (3, 2)), ((2, 3), (7, 5)), ((1, 7), (1, 5)), ((9, 7), (2, 1))]
    {
        let class = "name = \"c\"\nkind = \"argmax\"\ncolumns = 5\nlanes = 1\ninput = \"u4\"".to_string();
        holds(&*chain(&[mac("a", (7, 9), first, scale), mac("b", (5, 7), second, scale), class]));
    }
}

#[test]
fn what_differs_is_said() {
    let config = "columns = 5\nlanes = 2\ninput = \"s4\"";
    let datapath = datapath::<ArgmaxConfig>(config);
    let report = verilator(&*datapath, 20, 3, Timing::levels(3));
    let mut said = holds(&*datapath);
    said.outputs[0].latency_first_cycles = Some(1);
    said.outputs[0].latency_last_cycles = report.outputs[0].latency_last_cycles;
    said.initiation_interval = Some(4);
    assert_eq!(
        off_schedule(&said, &report),
        [
            format!(
                "the schedule says 1 cycles to the first beat of index, simulation shows {}",
                report.outputs[0].latency_first_cycles.unwrap()
            ),
            "the schedule says 4 cycles a frame, simulation shows 5".into()
        ]
    );
}

/// A datapath whose author is wrong about its cycles.
struct Hasty(Box<dyn Datapath>);

impl Datapath for Hasty {
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

    /// As if all lanes were compared at once.
    fn schedule(&self, inputs: &[Pace], _: Timing) -> Vec<Option<Pace>> {
        vec![Some(inputs[0].folded())]
    }
}

#[test]
fn the_check_fails_where_the_schedule_does_not_hold() {
    let hasty = Hasty(datapath::<ArgmaxConfig>("columns = 6\nlanes = 3\ninput = \"s4\""));
    let cases = cases_of(&hasty, 10, 4);
    let error = check_simulated(&tools(), &hasty, &cases, 4, Timing::levels(1)).unwrap_err().to_string();
    assert!(error.contains("the schedule says 2 cycles a frame, simulation shows 6"), "{error}");
}

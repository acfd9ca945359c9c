//! Room where paths meet, in random graphs of forks, joins and skips: none stands still while an output is held back, none is slower than
//! with FIFOs without end, and one beat less than is needed stands still.
//!
//! All graphs are run beat by beat as their datapaths say it (a timed run); every so many are built and interpreted too.

use crate::check::NoFiles;
use crate::timed::pick;
use rayon::prelude::*;
use std::rc::Rc;
use ternlet::datapath::{Catalog, Datapath, circuit};
use ternlet::graph::{Graph, Network, Reason};
use ternlet::hdl::{Latency, Timing};
use ternlet::stream::timeline::{Actor, Beat, Timeline};
use ternlet::stream::{Draw, Port, Tokens};
use ternlet::verify::{Case, Fault, Readiness, interpret};

/// Graphs, those of a longer check, and those that are interpreted too.
const GRAPHS: usize = 200;
const MANY: usize = 1000;
const INTERPRETED: usize = 40;

/// More frames than are on their way at once, and cycles in which an output is held back: more than all of them take.
const FRAMES: usize = 48;
const HELD: u64 = 1000;

/// More than waits anywhere.
const ENDLESS: usize = 8 * FRAMES;

fn load(toml: &str) -> Network {
    let graph = Graph::of_table(&toml.parse().unwrap()).unwrap_or_else(|errors| panic!("{errors:?}\n{toml}"));
    graph.load(&Catalog::standard(), &NoFiles).unwrap_or_else(|errors| panic!("{errors:?}\n{toml}"))
}

/// A stream of vectors of so many integers, by its name.
type Stream = (String, usize);

/// A graph that is drawn.
#[derive(Default)]
struct Drawn {
    toml: String,
    streams: Vec<Stream>,
    nodes: usize,
}

impl Drawn {
    fn node(&mut self, kind: &str, rest: &str) -> String {
        let name = format!("n{}", self.nodes);
        self.nodes += 1;
        self.toml += &format!("[[node]]\nname = \"{name}\"\nkind = \"{kind}\"\n{rest}\n");
        name
    }

    /// One of the streams of so many integers, the late ones rather.
    fn stream(&self, columns: usize, random: &mut Draw) -> String {
        let all: Vec<&Stream> = self.streams.iter().filter(|(_, own)| *own == columns).collect();
        let [a, b] = [0; 2].map(|_| random.integer(0, all.len() as i64 - 1) as usize);
        all[a.max(b)].0.clone()
    }

    /// Rows of sums, folded in some way.
    fn sums(&mut self, columns: usize, rows: usize, random: &mut Draw) {
        let from = self.stream(columns, random);
        let constant = random.integer(0, 4) == 0;
        let (lanes, parallel) = match constant {
            true => (columns, rows),
            false => (random.integer(1, columns as i64) as usize, random.integer(1, rows as i64) as usize),
        };
        let weights = if constant { "constant" } else { "memory" };
        let name = self.node(
            "ternary_mac",
            &format!(
                "rows = {rows}\ncolumns = {columns}\nlanes = {lanes}\nparallel_rows = {parallel}\ninput = \"s5\"\nfrom = \"{from}\"\n\
                 requantize = {{ output = \"s5\", multiplier = 3, shift = 3 }}\n\
                 weights = {{ from = \"{weights}\", values = {:?} }}",
                vec![vec![1; columns]; rows]
            ),
        );
        self.streams.push((name, rows));
    }

    fn scale(&mut self, columns: usize, random: &mut Draw) {
        let from = self.stream(columns, random);
        let lanes = random.integer(1, columns as i64);
        let name = self.node(
            "requantize",
            &format!(
                "rows = {columns}\nlanes = {lanes}\ninput = \"s5\"\nfrom = \"{from}\"\n\
                 requantize = {{ output = \"s5\", multiplier = 3, shift = 2 }}"
            ),
        );
        self.streams.push((name, columns));
    }

    fn join(&mut self, columns: usize, random: &mut Draw) {
        let (w, g) = (self.stream(columns, random), self.stream(columns, random));
        let lanes = if columns == 8 { [4, 8][random.integer(0, 1) as usize] } else { 4 };
        let name = self.node(
            "sr_ste_update",
            &format!(
                "pattern = \"2:4\"\ncolumns = {columns}\nlanes = {lanes}\nweight = \"s5\"\ngradient = \"s5\"\n\
                 learning_rate = {{ multiplier = 1, shift = 2 }}\nlambda = {{ multiplier = 1, shift = 3 }}\n\
                 from = {{ w = \"{w}\", g = \"{g}\" }}"
            ),
        );
        self.streams.push((format!("{name}.w_next"), columns));
    }

    /// The largest of each group by one path, or those of another path at their places.
    fn choose(&mut self, random: &mut Draw) {
        let (by, from) = (self.stream(8, random), self.stream(8, random));
        let lanes = pick(&["4", "8"], random);
        let shape = format!("pattern = \"2:4\"\ncolumns = 8\nlanes = {lanes}\ninput = \"s5\"");
        let largest = self.node("nm_compress", &format!("{shape}\nfrom = \"{by}\""));
        self.streams.push((format!("{largest}.values"), 4));
        let select = format!("{shape}\nfrom = {{ x = \"{from}\", metadata = \"{largest}.metadata\" }}");
        let chosen = self.node("nm_select", &select);
        self.streams.push((chosen, 4));
    }

    /// All that nobody takes, and a few streams more, leave.
    fn leave(mut self, random: &mut Draw) -> String {
        let mut outputs = String::new();
        for (number, (name, _)) in self.streams.iter().enumerate().skip(1) {
            let is_taken =
                self.toml.replace(&format!("name = \"{name}\""), "").contains(&format!("\"{name}\""));
            if !is_taken || random.integer(0, 5) == 0 {
                outputs += &format!("y{number} = \"{name}\"\n");
            }
        }
        self.toml += &format!("[outputs]\n{outputs}");
        self.toml
    }
}

/// A graph of forks, joins and skips.
fn drawn(random: &mut Draw) -> String {
    let mut drawn = Drawn { streams: vec![("input.x".into(), 8)], ..Drawn::default() };
    for _ in 0..random.integer(2, 8) {
        let has_short = drawn.streams.iter().any(|(_, columns)| *columns == 4);
        let columns = if has_short && random.integer(0, 2) == 0 { 4 } else { 8 };
        match random.integer(0, 9) {
            0..=3 => drawn.sums(columns, [8, 8, 4][random.integer(0, 2) as usize], random),
            4 | 5 => drawn.scale(columns, random),
            6 => drawn.choose(random),
            _ => drawn.join(columns, random),
        }
    }
    let columns = drawn.streams[drawn.streams.len() - 1].1;
    drawn.join(columns, random);
    drawn.leave(random)
}

/// Takes nothing for so many cycles.
struct Hold(u64);

impl Actor for Hold {
    fn offers(&self, inputs: &[Option<Beat>], outputs: &mut [Option<Beat>]) {
        outputs[0] = inputs[0].filter(|_| self.0 == 0);
    }

    fn takes(&self, _: &[Option<Beat>], _: &[bool], ready: &mut [bool]) {
        ready[0] = self.0 == 0;
    }

    fn step(&mut self, _: &[Option<Beat>], _: &[bool], _: &[bool]) {
        self.0 = self.0.saturating_sub(1);
    }

    fn rests(&self, _: &[Option<Beat>], _: &[bool]) -> bool {
        self.0 == 0
    }
}

/// The beats of an input.
fn beats(port: &Port, tokens: &Tokens) -> Vec<Beat> {
    let last = |beat: usize| (beat + 1).is_multiple_of(port.frame_beats());
    (0..tokens.beats()).map(|beat| Beat { last: last(beat), ends: last(beat).into(), flags: 0 }).collect()
}

/// The cycles in which each frame has left by all outputs, where the output of this number is held back, in a circuit of this latency for
/// this timing; none if the graph stands still.
fn ends_at(network: &Network, held: Option<usize>, at: (&Latency, Timing)) -> Option<Vec<u64>> {
    let ports = network.ports();
    let inputs = network.random(FRAMES, &mut Draw::seeded(1));
    let mut t = Timeline::of(at.0, at.1);
    let sources = ports.inputs.iter().zip(&inputs).map(|(port, tokens)| t.source(beats(port, tokens)));
    let sources = sources.collect();
    let given = network.timed(&mut t, sources, &inputs).expect("every node has a run").into_iter();
    let hold = |number: usize| if held == Some(number) { HELD } else { 0 };
    let outputs: Vec<_> = given.enumerate().map(|(number, y)| t.through(y, 0, Hold(hold(number)))).collect();
    let cycles = t.run(&outputs, 2 * HELD, 1 << 20)?;
    let mut ends = vec![0; FRAMES];
    for (beats, port) in cycles.outputs.iter().zip(&ports.outputs) {
        assert_eq!(beats.len(), FRAMES * port.frame_beats(), "all frames leave");
        let frames = beats.chunks(port.frame_beats()).map(|frame| frame[frame.len() - 1].0);
        ends.iter_mut().zip(frames).for_each(|(end, own)| *end = own.max(*end));
    }
    Some(ends)
}

/// The same without registers of a pipeline.
fn ends(network: &Network, held: Option<usize>) -> Option<Vec<u64>> {
    ends_at(network, held, (&Latency::default(), Timing::combinational()))
}

/// The same graph with other room at these inputs.
fn with_room(toml: &str, rooms: &[(String, usize)]) -> Network {
    let fifo = |(into, depth): &(String, usize)| format!("[[fifo]]\ninto = \"{into}\"\ndepth = {depth}\n");
    load(&(toml.to_owned() + &rooms.iter().map(fifo).collect::<String>()))
}

/// Where paths meet, and what is needed there.
fn needed(network: &Network) -> Vec<(String, usize)> {
    let known = network.rooms().filter(|(_, room)| !matches!(room.reason, Reason::Alone | Reason::Bursts));
    known.map(|(into, room)| (into.to_string(), room.needed.expect("all nodes have a run"))).collect()
}

/// A beat less before this input, and elsewhere what is needed.
fn one_less(needed: &[(String, usize)], before: &str) -> Vec<(String, usize)> {
    fewer(needed, before, 1)
}

fn fewer(needed: &[(String, usize)], before: &str, count: usize) -> Vec<(String, usize)> {
    let less =
        |(into, beats): &(String, usize)| (into.clone(), beats - if into == before { count } else { 0 });
    needed.iter().map(less).collect()
}

/// A graph against the same one with room without end, and with a beat less. Gives how many beats were needed.
fn checked(toml: &str) -> usize {
    let network = load(toml);
    let needed = needed(&network);
    let endless: Vec<_> = needed.iter().map(|(into, _)| (into.clone(), ENDLESS)).collect();
    let free = ends(&network, None).unwrap_or_else(|| panic!("stands still\n{toml}"));
    let fastest = ends(&with_room(toml, &endless), None).expect("room without end");
    for (own, fastest) in free.iter().zip(&fastest) {
        assert!(own <= fastest, "a frame ends in cycle {own}, not {fastest}\n{toml}\n{free:?}\n{fastest:?}");
    }
    let outputs = network.ports().outputs.len();
    for output in 0..outputs {
        assert!(ends(&network, Some(output)).is_some(), "stands still where output {output} is held\n{toml}");
    }
    for (into, beats) in needed.iter().filter(|(_, beats)| *beats > 0) {
        let less = with_room(toml, &one_less(&needed, into));
        let stands = (0..=outputs).any(|output| ends(&less, output.checked_sub(1)).is_none());
        assert!(stands, "{} beats before {into} would do\n{toml}", beats - 1);
    }
    needed.iter().map(|(_, beats)| beats).sum()
}

/// The graphs of a seed, all checked.
fn all_checked(seed: u64, count: usize) {
    let mut random = Draw::seeded(seed);
    let graphs: Vec<String> = (0..count).map(|_| drawn(&mut random)).collect();
    let some = graphs.par_iter().filter(|toml| checked(toml) > 0).count();
    assert!(some > count / 6, "{some} of {count} graphs need room");
}

#[test]
fn random_graphs_neither_stand_still_nor_wait() {
    all_checked(31, GRAPHS);
}

#[test]
#[ignore = "make nightly"]
fn many_random_graphs_neither_stand_still_nor_wait() {
    all_checked(32, MANY);
}

/// Whether the circuit of a graph stands still, at least where the output of some number is held back.
fn is_stuck(network: &Network, timing: Timing) -> bool {
    let inputs = network.random(8, &mut Draw::seeded(2));
    let (ports, case) = (network.ports(), Case { expected: network.golden(&inputs), inputs });
    let circuit = Rc::new(circuit(network, "dut", timing));
    let held = (0..ports.outputs.len()).map(Readiness::HeldBack);
    [Readiness::Always].into_iter().chain(held).any(|readiness| {
        match interpret(&circuit, &ports, &case, readiness).unwrap() {
            None => false,
            Some(Fault::Stuck { .. }) => true,
            Some(fault) => panic!("{}: {fault}", network.doc()),
        }
    })
}

/// Circuits do what timed runs say: with registers of a pipeline too, which only hold more.
#[test]
fn circuits_of_random_graphs_neither_stand_still_nor_wait() {
    let mut random = Draw::seeded(31);
    let graphs: Vec<String> = (0..GRAPHS).map(|_| drawn(&mut random)).collect();
    let (mut some, mut stuck) = (0, 0);
    for toml in graphs.iter().step_by(GRAPHS / INTERPRETED) {
        let network = load(toml);
        for timing in [Timing::combinational(), Timing::levels(3), Timing::levels(1)] {
            assert!(!is_stuck(&network, timing), "{timing:?}\n{toml}");
            let endless = needed(&network).into_iter().map(|(into, _)| (into, ENDLESS)).collect::<Vec<_>>();
            let [own, fastest] = [&network, &with_room(toml, &endless)].map(|network| {
                let ends = ends_at(network, None, (&circuit(network, "dut", timing).latency, timing));
                let ends = ends.expect("nothing stands still");
                ends[FRAMES - 1] - ends[FRAMES / 2]
            });
            // Depths are those without registers after memories or of a pipeline, and a beat for each of these.
            let most = fastest + fastest / 2;
            assert!(own <= most, "{own} cycles instead of {fastest}, {timing:?}\n{toml}");
        }
        let needed = needed(&network);
        for (into, _) in needed.iter().filter(|(_, beats)| *beats > 0) {
            some += 1;
            stuck +=
                usize::from(is_stuck(&with_room(toml, &one_less(&needed, into)), Timing::combinational()));
        }
    }
    // A register after a memory may hold the beat that is missing.
    assert!(some > 0 && 4 * stuck >= 3 * some, "{stuck} of {some} edges with a beat less");
}

/// Cycles between the last frames.
fn interval(network: &Network) -> u64 {
    interval_at(network, (&Latency::default(), Timing::combinational()))
}

fn interval_at(network: &Network, at: (&Latency, Timing)) -> u64 {
    let ends = ends_at(network, None, at).expect("nothing stands still");
    ends[FRAMES - 1] - ends[FRAMES - 2]
}

/// Maps that become smaller on their way, so that beats come in bursts.
fn chain(random: &mut Draw) -> String {
    let (size, mut channels) = (4 * random.integer(2, 4), 1);
    let mut toml = String::new();
    for (name, size) in [("one", size), ("two", size / 2)] {
        let (parallel_rows, turns) = (random.integer(1, 3), random.integer(1, 3));
        let filters = parallel_rows * turns;
        toml += &format!(
            "[[node]]\nname = \"{name}\"\nkind = \"convolution\"\nsize = [{size}, {size}]\nchannels = {channels}\ninput = \"u4\"\n\
             filters = {filters}\nkernel = 3\npadding = 1\nparallel_rows = {parallel_rows}\noutput_lanes = 1\nweight = \"ternary\"\n\
             requantize = {{ output = \"u4\", multiplier = 3, shift = 3 }}\n\
             weights = {{ from = \"memory\", values = {:?} }}\n\
             [[node]]\nname = \"pool_{name}\"\nkind = \"pool\"\noperation = \"max\"\nsize = [{size}, {size}]\n\
             channels = {filters}\nlanes = 1\ninput = \"u4\"\nkernel = 2\n",
            vec![vec![1; 9 * channels as usize]; filters as usize]
        );
        channels = filters;
    }
    toml
}

#[test]
fn bursts_do_not_slow_a_chain_down() {
    let mut random = Draw::seeded(33);
    let (mut some, mut slow) = (0, 0);
    for toml in (0..24).map(|_| chain(&mut random)) {
        let network = load(&toml);
        let edges: Vec<String> = network.rooms().map(|(into, _)| into.to_string()).collect();
        let endless: Vec<_> = edges[1..].iter().map(|into| (into.clone(), ENDLESS * 64)).collect();
        let fastest = interval(&with_room(&toml, &endless));
        let most = fastest + fastest / 100 + 1;
        assert!(interval(&network) <= most, "{} cycles instead of {fastest}\n{toml}", interval(&network));
        // Registers of pipelines delay all beats of a chain alike.
        for timing in [Timing::levels(3), Timing::levels(1)] {
            let latency = circuit(&network, "chain", timing).latency;
            let found = interval_at(&network, (&latency, timing));
            assert!(found <= most, "{found} cycles instead of {fastest} for {timing:?}\n{toml}");
        }
        let own: Vec<(String, usize)> =
            network.rooms().skip(1).map(|(into, room)| (into.to_string(), room.depth)).collect();
        for (into, depth) in own.iter().filter(|(_, depth)| *depth > 0) {
            some += 1;
            let less = interval(&with_room(&toml, &fewer(&own, into, 1 + depth / 8)));
            slow += usize::from(less > fastest + fastest / 100);
        }
    }
    // In a few the first frames alone are slower.
    assert!(some >= 6 && 10 * slow >= 9 * some, "{slow} of {some} edges need what they have");
}

/// What a skip around a window has to hold is what the window waits for, not a picture.
#[test]
fn a_skip_around_a_window_holds_a_few_lines() {
    for (kernel, padding, height, width) in [(3, 1, 12, 20), (5, 2, 9, 16), (3, 1, 40, 64), (7, 3, 8, 30)] {
        let size = format!("size = [{height}, {width}]\nchannels = 1");
        let network = load(&format!(
            "[[node]]\nname = \"largest\"\nkind = \"pool\"\noperation = \"max\"\ninput = \"u4\"\n{size}\n\
             kernel = {kernel}\nstride = 1\npadding = {padding}\n\
             [[node]]\nname = \"sum\"\nkind = \"add\"\n{size}\na = \"u4\"\nb = \"u4\"\nfrom = {{ a = \"input.x\", b = \"largest\" }}\n"
        ));
        let (_, room) = network.rooms().find(|(into, _)| into.to_string() == "sum.a").expect("a skip");
        let held = padding * width + padding;
        let needed = room.needed.expect("both have a run");
        assert!((held - 2..=held + 2).contains(&needed), "{needed} of {held} before {}", network.doc());
        assert!(room.depth <= held + 4, "{room:?} of {held}");
    }
}

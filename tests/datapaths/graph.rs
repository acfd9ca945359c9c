//! Graphs: hardware equals golden model, edges that cannot be are refused, and what is written back reads the same.

use crate::check::*;
use crate::schedule::agrees;
use crate::small;
use std::fs;
use std::path::Path;
use ternlet::blocks::Ties;
use ternlet::datapath::{
    ArgmaxConfig, Catalog, Datapath, IntType, NmCompressConfig, NmPattern, Tensor, nm_largest_places,
};
use ternlet::design::{Choices, Design};
use ternlet::graph::{Endpoint, Feed, Graph, Network, Node, examples};
use ternlet::hdl::Timing;
use ternlet::project::{cases_of, check_simulated};
use ternlet::stream::Draw;

fn graph(toml: &str) -> Graph {
    let table = toml.parse().unwrap_or_else(|error| panic!("{error}\n{toml}"));
    Graph::of_table(&table).unwrap_or_else(|errors| panic!("{errors:?}"))
}

fn network(toml: &str) -> Network {
    graph(toml).load(&Catalog::standard(), &NoFiles).unwrap_or_else(|errors| panic!("{errors:?}\n{toml}"))
}

/// The problems of a graph, one a line.
fn problems(toml: &str) -> String {
    let table = toml.parse().unwrap_or_else(|error| panic!("{error}\n{toml}"));
    let errors = match Graph::of_table(&table) {
        Err(errors) => errors,
        Ok(graph) => match graph.load(&Catalog::standard(), &NoFiles) {
            Err(errors) => errors,
            Ok(_) => panic!("no problem with\n{toml}"),
        },
    };
    errors.iter().map(|error| format!("{error}\n")).collect()
}

fn node(name: &str, rest: &str) -> String {
    format!("[[node]]\nname = \"{name}\"\n{rest}\n")
}

fn matrix(rows: usize, columns: usize) -> String {
    let weights =
        |row: usize| (0..columns).map(move |column| ((row * 5 + column * 3 + row * column) % 3) as i64 - 1);
    format!("{:?}", (0..rows).map(|row| weights(row).collect::<Vec<_>>()).collect::<Vec<_>>())
}

fn mac(rows: usize, columns: usize, lanes: usize, parallel_rows: usize, rest: &str) -> String {
    format!(
        "kind = \"ternary_mac\"\nrows = {rows}\ncolumns = {columns}\nlanes = {lanes}\nparallel_rows = {parallel_rows}\n\
         weights = {{ from = \"memory\", values = {} }}\n{rest}",
        matrix(rows, columns)
    )
}

#[test]
fn nodes_of_any_lanes_fit_together() {
    let scale = "input = \"u4\"\nrequantize = { output = \"u4\", multiplier = 3, bias = 8, shift = 2 }";
    for (lanes, parallel_rows, depth) in [(1, 1, 0), (3, 2, 0), (5, 3, 4), (7, 7, 1)] {
        let toml = node("a", &mac(7, 9, 2, parallel_rows, "input = \"u4\""))
            + &node("b", &mac(5, 7, lanes, 2, "input = \"s9\""))
            + &node("c", "kind = \"argmax\"\ncolumns = 5\nlanes = 2\ninput = \"s13\"")
            + &format!("[outputs]\na = \"a\"\nc = \"c\"\n[[fifo]]\ninto = \"b\"\ndepth = {depth}\n");
        interpreter(&network(&toml), 4, 19);
        let toml = node("a", &mac(7, 9, 4, parallel_rows, scale))
            + &node("b", &mac(6, 7, lanes, 3, "input = \"u4\""));
        interpreter(&network(&toml), 4, 20);
    }
}

/// Two nodes of `rows` integers a frame, of `from` and of `to` lanes.
fn lanes(rows: usize, from: usize, to: usize) -> String {
    let scale = |rest: &str| {
        format!(
            "kind = \"requantize\"\nrows = {rows}\nrequantize = {{ output = \"s9\", multiplier = 1 }}\n{rest}"
        )
    };
    node("a", &scale(&format!("lanes = {from}\ninput = \"s9\"")))
        + &node("b", &scale(&format!("lanes = {to}\ninput = \"s9\"")))
}

/// Lanes change at as many integers a cycle as divide both.
#[test]
fn beats_are_cut_and_joined_by_whole_pieces() {
    for (rows, from, to, cycles) in [
        (24, 8, 4, 6),
        (24, 4, 8, 6),
        (24, 6, 4, 12),
        (24, 8, 12, 6),
        (24, 8, 1, 24),
        (24, 1, 8, 24),
        (24, 3, 2, 24),
        (23, 8, 4, 6),
        (23, 4, 8, 6),
        (21, 8, 4, 6),
        (19, 6, 4, 10),
        (5, 1, 5, 5),
        (6, 6, 4, 3),
        (4, 4, 2, 2),
        (1, 1, 1, 1),
    ] {
        let network = network(&lanes(rows, from, to));
        assert_eq!(agrees(&network).initiation_interval, Some(cycles), "{rows} {from} {to}");
        interpreter(&network, 4, 22);
        if from > 1 && to > 1 {
            let report = verilator(&network, 50, 23, Timing::levels(2));
            assert_eq!(report.mismatches, 0, "{rows} {from} {to}");
        }
    }
}

#[test]
fn verilog_equals_golden() {
    let scale =
        "input = \"u5\"\nrequantize = { output = \"u4\", multiplier = [3, 5, 7, 2, 1, 9], shift = 3 }";
    let toml = node("hidden", &mac(6, 10, 5, 2, scale))
        + &node("score", &mac(4, 6, 2, 1, "input = \"u4\""))
        + &node("class", "kind = \"argmax\"\ncolumns = 4\ninput = \"s8\"")
        + "[outputs]\nhidden = \"hidden\"\nscore = \"score\"\nclass = \"class\"\n";
    let report = verilator(&network(&toml), 200, 21, Timing::levels(2));
    assert_eq!(report.mismatches, 0);
}

/// Metadata of the largest magnitudes, and these chosen by it from a copy of the same values: what the compression gives.
fn compress_and_select() -> String {
    node("compress", "kind = \"nm_compress\"\npattern = \"2:4\"\ncolumns = 16\ninput = \"s6\"")
        + &node(
            "select",
            "kind = \"nm_select\"\npattern = \"2:4\"\ncolumns = 16\ninput = \"s6\"\n\
             from = { x = \"input.x\", metadata = \"compress.metadata\" }",
        )
        + "[outputs]\nvalues = \"compress.values\"\nchosen = \"select\"\n"
}

#[test]
fn paths_that_part_meet_again() {
    let network = network(&compress_and_select());
    let ports = network.ports();
    assert_eq!(ports.inputs.len(), 1, "both nodes take the one input");
    let inputs = network.random(50, &mut Draw::seeded(5));
    let outputs = network.golden(&inputs);
    assert_eq!(outputs[0], outputs[1], "what is kept is what is chosen");
    let x = inputs[0].unpack(&ports.inputs[0]);
    let places = |group: &[i64]| nm_largest_places(group, 2, Ties::Lower);
    let kept = x.chunks(4).flat_map(|group| places(group).into_iter().map(|at| group[at as usize]));
    assert_eq!(outputs[0].unpack(&ports.outputs[0]), kept.collect::<Vec<_>>());
    interpreter(&network, 6, 22);
    let report = verilator(&network, 100, 23, Timing::levels(1));
    assert_eq!(
        (report.mismatches, report.initiation_interval),
        (0, Some(4.0)),
        "no path waits for the other"
    );
    let facts = network.facts(Timing::combinational());
    let fact = |edge: &str| facts.iter().find(|(what, _)| what == edge).map(|(_, value)| value.as_str());
    assert_eq!(
        fact("input.x -> select.x"),
        Some("one of 2 copies, a register for each that the other paths have more")
    );
}

/// A node that wants the whole frame before its first result, next to one that does not.
#[test]
fn a_frame_of_room_keeps_paths_from_locking() {
    for swap in [false, true] {
        let sums = node(
            "sums",
            &mac(
                8,
                8,
                1,
                1,
                "input = \"s6\"\nfrom = \"input.x\"\nrequantize = { output = \"s6\", multiplier = 1 }",
            ),
        );
        let (w, g) = if swap { ("sums", "input.x") } else { ("input.x", "sums") };
        let update = format!(
            "kind = \"sr_ste_update\"\npattern = \"2:4\"\ncolumns = 8\nlanes = 4\nweight = \"s6\"\ngradient = \"s6\"\n\
             learning_rate = {{ multiplier = 1, shift = 2 }}\nlambda = {{ multiplier = 1, shift = 3 }}\n\
             from = {{ w = \"{w}\", g = \"{g}\" }}"
        );
        let toml = sums + &node("update", &update);
        let joined = network(&toml);
        interpreter(&joined, 5, 24);
        assert_eq!(verilator(&joined, 60, 25, Timing::levels(2)).mismatches, 0);
        let short = if swap { "g" } else { "w" };
        let none = network(&format!("{toml}[[fifo]]\ninto = \"update.{short}\"\ndepth = 0\n"));
        let cases = cases_of(&none, 5, 24);
        let error = check_simulated(&tools(), &none, &cases, 24, Timing::levels(2)).expect_err("no room");
        assert!(error.to_string().contains("deadlock"), "{error}");
    }
}

/// Frames of one size, shorter than those that the next node may take and of any lanes, down to one integer.
#[test]
fn frames_of_one_size_enter_those_that_vary() {
    for (rows, parallel_rows) in [(5, 1), (5, 2), (6, 3), (8, 4), (1, 1), (2, 2)] {
        let prune = "kind = \"gradient_prune\"\nlanes = 4\nframe = [8, 3]\ninput = \"s8\"\n\
                     threshold = { from = \"fixed\", value = 5 }";
        let toml = node("a", &mac(rows, 4, 2, parallel_rows, "input = \"u4\"")) + &node("b", prune);
        interpreter(&network(&toml), 4, 31);
    }
}

/// Two nodes take the size of each picture, and one its pixels: a picture goes in as into the first alone.
#[test]
fn what_a_node_wants_together_enters_together() {
    let maxima = "kind = \"edge_enhance\"\nsize = [5, 9]\nvarying = true\nmodulus_maxima = { scale = 1, output = \"edges\" }";
    let toml = node("first", &format!("{maxima}\ninput = \"u4\""))
        + &node(
            "second",
            &format!("{maxima}\ninput = \"u1\"\nfrom = {{ size = \"input.size\", x = \"first\" }}"),
        );
    let network = network(&toml);
    let ports = network.ports();
    assert_eq!(ports.inputs.iter().map(|port| port.name.as_str()).collect::<Vec<_>>(), ["size", "x"]);
    let picture = Tensor { shape: vec![3, 4], values: (0..12).collect() };
    let carried = network.carry(&picture).expect("a way in").unwrap();
    assert_eq!((carried[0].values.as_slice(), carried[1].values.len()), (&[3, 4][..], 12));
    interpreter(&network, 6, 29);
    // Next to a node with inputs of its own, as many frames of each.
    let toml = toml
        + &node("other", "kind = \"argmax\"\ncolumns = 3\ninput = \"s4\"\nfrom = \"input.scores\"")
        + "[outputs]\nedges = \"second\"\nclass = \"other\"\n";
    let network = self::network(&toml);
    let ports = network.ports();
    for inputs in network.corners().into_iter().chain([network.random(7, &mut Draw::seeded(4))]) {
        let frames = ports.inputs.iter().zip(&inputs).map(|(port, tokens)| tokens.frames(port).count());
        let frames: Vec<usize> = frames.collect();
        assert!(frames[0] > 0 && frames.iter().all(|count| *count == frames[0]), "{frames:?}");
    }
    interpreter(&network, 6, 30);
}

#[test]
fn every_kind_is_a_node() {
    for (example, text) in small::small_examples() {
        let table: toml::Table = text.parse().unwrap();
        let single = Graph::of_table(&table).unwrap();
        let mut named = single.clone();
        if named.is_single() {
            named.nodes[0].name = "only".into();
        }
        let network = named.load(&Catalog::standard(), &NoFiles).unwrap();
        let alone = single.load(&Catalog::standard(), &NoFiles).unwrap();
        let inputs = network.random(20, &mut Draw::seeded(3));
        assert_eq!(network.golden(&inputs), alone.golden(&inputs), "{}", example.kind);
        interpreter_at(Timing::levels(3), &network, 2, 26);
    }
}

#[test]
fn a_probe_is_a_copy_that_the_hardware_does_not_have() {
    let toml = compress_and_select() + "[probes]\nplaces = \"compress.metadata\"\n";
    let network = network(&toml);
    assert_eq!(network.ports().outputs.len(), 2);
    let probed = network.probed().expect("a probe");
    let ports = probed.ports();
    assert_eq!(ports.outputs[2].name, "places");
    let inputs = probed.random(10, &mut Draw::seeded(7));
    assert_eq!(probed.golden(&inputs)[..2], network.golden(&inputs));
    interpreter(&probed, 3, 27);
    assert!(probed.facts(Timing::combinational()).iter().any(|(_, value)| value.starts_with("one of 2")));
}

#[test]
fn what_is_written_back_reads_the_same() {
    let mut texts: Vec<String> =
        examples(&Catalog::standard()).into_iter().map(|example| example.text.to_owned()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let designs = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    texts.extend(designs.map(|path| fs::read_to_string(path).unwrap()));
    texts.push(
        compress_and_select()
            + "[probes]\np = \"compress.metadata\"\n[[fifo]]\ninto = \"select.x\"\ndepth = 9\n",
    );
    assert!(texts.len() > 30);
    for text in texts {
        let graph = graph(&text);
        let written = graph.to_toml();
        assert_eq!(self::graph(&written), graph, "{written}");
    }
}

#[test]
fn a_graph_made_by_code_is_that_of_the_text() {
    let pattern = NmPattern::new(2, 4).unwrap();
    let s6 = IntType { signed: true, bits: 6 };
    let compress = NmCompressConfig { pattern, columns: 16, lanes: None, input: s6, ties: Ties::Lower };
    let largest = Node::new(
        "largest",
        &ArgmaxConfig { columns: 8, size: vec![], lanes: 1, input: s6, ties: Ties::Lower },
    );
    let made = Graph::new([
        Node::new("compress", &compress),
        largest.fed(Feed::One(Endpoint::stream("compress", "values"))),
    ]);
    let toml = node(
        "compress",
        "kind = \"nm_compress\"\npattern = \"2:4\"\ncolumns = 16\ninput = \"s6\"\nties = \"lower\"",
    ) + &node(
        "largest",
        "kind = \"argmax\"\ncolumns = 8\nlanes = 1\ninput = \"s6\"\nties = \"lower\"\nfrom = \"compress.values\"",
    );
    assert_eq!(made, graph(&toml));
    let network = made.load(&Catalog::standard(), &NoFiles).unwrap();
    let unread = network.facts(Timing::combinational());
    assert!(unread.contains(&("compress.metadata".into(), "nobody takes it".into())), "{unread:?}");
    interpreter(&network, 4, 28);
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let a = |rest: &str| node("a", &mac(7, 9, 2, 1, &format!("input = \"u4\"\n{rest}")));
    let argmax = |name: &str, rest: &str| node(name, &format!("kind = \"argmax\"\ncolumns = 7\n{rest}"));
    let scale = |name: &str, from: &str| {
        let scale = "rows = 2\ninput = \"s6\"\nrequantize = { output = \"s6\", multiplier = 1 }";
        node(name, &format!("kind = \"requantize\"\n{scale}\nfrom = \"{from}\""))
    };
    let cases: &[(String, &[&str])] = &[
        (
            a("") + &node("a", &mac(5, 6, 2, 1, "input = \"s5\"")),
            &["node[1].name: \"a\": node[0].name has this name too; rename one"],
        ),
        (
            a("") + &node("b", &mac(5, 6, 2, 1, "input = \"s9\"")),
            &[
                "node[1]: `a.y` gives frames of 7 channels, but `b.x` takes 6 channels; make the sizes of both equal",
            ],
        ),
        (
            a("") + &argmax("b", "input = \"s5\""),
            &["`a.y` gives integers in -256..=255, but `b.x` takes -16..=15; widen its input type"],
        ),
        (
            node("a", "kind = \"softmax\""),
            &["there is no datapath \"softmax\"; the datapaths are add, argmax,"],
        ),
        (
            argmax("b", "lane = 2\ninput = \"s13\""),
            &["unknown field `lane`, expected one of `channels`, `columns`, `size`, `lanes`, `input`"],
        ),
        (argmax("b", "lanes = 0\ninput = \"s13\""), &["node[0].lanes = 0: a beat has 1 to `columns` lanes"]),
        (
            argmax("b", "input = \"s13\"\nfrom = \"c\""),
            &["node[0].from: there is no node `c`; the nodes are b"],
        ),
        (
            argmax("b", "input = \"s13\"\nfrom = { y = \"input.x\" }"),
            &["node[0].from.y: there is no input `y`; the inputs are x"],
        ),
        (
            scale("b", "c") + &scale("c", "b") + &scale("d", "c"),
            &[
                "node[1].from: the nodes c, b feed each other in a loop, and none could begin; take `c` from an input or another node",
            ],
        ),
        (scale("b", "b"), &["node[0].from: the nodes b feed each other"]),
        (a("") + "[outputs]\ny = \"a.z\"\n", &["outputs.y: `a` gives no stream `z`; its streams are y"]),
        (
            node("c", "kind = \"nm_compress\"\npattern = \"2:4\"\ncolumns = 16\ninput = \"s6\"")
                + &argmax("b", "input = \"s6\""),
            &["node[1].from: `c` gives several streams (values, metadata); say which: \"c.values\""],
        ),
        (a("") + "[[fifo]]\ninto = \"b\"\ndepth = 2\n", &["fifo[0].into: there is no node `b`"]),
        (a("") + "[[fifo]]\ninto = \"a\"\n", &["fifo[0]: a FIFO has into = "]),
        (node("input", "kind = \"softmax\""), &["\"input\" stands for what is outside"]),
        ("node = []".into(), &["there are 0 nodes; a graph has 1 to 1024"]),
        ("[[node]]\nrows = 3\n".into(), &["node[0]: a node has a name", "node[0]: there is no kind"]),
        ("".into(), &["a design has a table [datapath] with its kind"]),
    ];
    for (toml, said) in cases {
        let problems = problems(toml);
        for line in *said {
            assert!(problems.contains(line), "{line}\nin\n{problems}\nof\n{toml}");
        }
    }
}

/// The form of old is refused with the same design in the new one, which is one.
#[test]
fn an_old_network_is_shown_in_its_new_form() {
    let old = format!(
        "name = \"old\"\nboard = \"hx8k\"\n[datapath]\nkind = \"network\"\n[[datapath.layer]]\nname = \"a\"\nexpose = true\n\
         [datapath.layer.datapath]\n{}\n[datapath.layer.datapath.requantize]\noutput = \"s6\"\nmultiplier = 1\n\
         [[datapath.layer]]\nname = \"b\"\nfifo = 4\n[datapath.layer.datapath]\nkind = \"argmax\"\ncolumns = 7\ninput = \"s6\"\n",
        mac(7, 9, 2, 1, "input = \"u4\"")
    );
    let said = problems(&old);
    let (_, new) = said.split_once("write this file so:\n\n").expect("the new form");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.toml");
    fs::write(&path, new).unwrap();
    let design = Design::read(&path, &Choices::default(), &Catalog::standard()).unwrap();
    assert_eq!((design.name.as_str(), design.board.name.as_str()), ("old", "hx8k"));
    let outputs: Vec<String> = design.datapath.ports().outputs.into_iter().map(|port| port.name).collect();
    assert_eq!(outputs, ["a", "b"]);
    assert_eq!(design.graph.fifos[0].depth, Some(4));
}

/// Also where the words for the size of pictures were others.
#[test]
fn an_old_network_of_pictures_is_shown_in_the_words_of_today() {
    for (size, varying) in [("", false), ("size = \"fixed\"\n", false), ("size = \"per_frame\"\n", true)] {
        let old = format!(
            "name = \"old\"\n[datapath]\nkind = \"network\"\n[[datapath.layer]]\nname = \"a\"\n[datapath.layer.datapath]\n\
             kind = \"edge_enhance\"\nwidth = 9\nheight = 7\n{size}input = \"u8\"\n\
             [datapath.layer.datapath.modulus_maxima]\nscale = 1\n"
        );
        let said = problems(&old);
        let (_, new) = said.split_once("write this file so:\n\n").expect("the new form");
        assert_eq!(graph(new).nodes[0].keys["size"], toml::Value::from(vec![7, 9]));
        assert_eq!(network(new).ports().inputs.len(), if varying { 2 } else { 1 }, "{new}");
    }
}

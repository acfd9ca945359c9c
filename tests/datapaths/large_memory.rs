//! What waits in a large memory of one port: lines of windows, and beats on edges. Without such memories all is as before.

use crate::check::{NoFiles, datapath, interpreter_at, problems};
use crate::schedule::agrees_for;
use ternlet::datapath::{Catalog, ConvolutionConfig, Datapath, EdgeEnhanceConfig, PoolConfig, circuit};
use ternlet::device::Family;
use ternlet::estimate::cost;
use ternlet::graph::Graph;
use ternlet::hdl::Timing;

/// A picture's convolution, in one pass over its windows and in several; pools; edges, of pictures of one size and of any.
const CONVOLUTION: &str = "size = [5, 7]\nchannels = 2\ninput = \"u3\"\nfilters = 4\nkernel = 3\npadding = 1\nweight = \"ternary\"\n\
                           weights = { from = \"memory\", values = [[1, 0, -1, 1, 0, -1, 1, 0, -1, 0, 1, 0, 0, -1, 0, 0, 1, 0], \
                           [0, 1, 0, 1, 1, 1, 0, 1, 0, -1, -1, -1, 0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1], \
                           [1, -1, 1, -1, 1, -1, 1, -1, 1, 0, 0, 0, 0, 0, 0, 0, 0, -1]] }\n";
const POOL: &str = "size = [6, 5]\nchannels = 2\ninput = \"s4\"\nkernel = 3\nstride = 2\npadding = 1\n";
const EDGES: &str =
    "size = [6, 9]\ninput = \"u5\"\nmodulus_maxima = { scale = 2, threshold = 3, border = \"reflect\" }\n";

fn all(more: &str) -> Vec<Box<dyn Datapath>> {
    let of = |keys: &str| format!("{keys}{more}");
    let top = |keys: &str| format!("{more}{keys}");
    vec![
        datapath::<ConvolutionConfig>(&of(CONVOLUTION)),
        datapath::<ConvolutionConfig>(&of(&format!(
            "{CONVOLUTION}parallel_columns = 3\nparallel_rows = 2\n"
        ))),
        datapath::<PoolConfig>(&of(&format!("{POOL}operation = \"max\"\n"))),
        datapath::<PoolConfig>(&of(&format!("{POOL}operation = \"sum\"\n"))),
        datapath::<EdgeEnhanceConfig>(&top(EDGES)),
        datapath::<EdgeEnhanceConfig>(&top(&format!("{EDGES}varying = true\n"))),
    ]
}

const SPRAM: &str = "line_memory = \"spram\"\n";

fn ultra_plus() -> Timing {
    Timing::clock(Family::named("ice40up").unwrap(), 24.0)
}

fn spram(datapath: &dyn Datapath, family: &str) -> u64 {
    let family = Family::named(family).unwrap();
    cost(&circuit(datapath, "dut", Timing::clock(family, 24.0)), family).spram
}

#[test]
fn lines_in_a_large_memory_give_the_same_integers() {
    for (datapath, plain) in all(SPRAM).into_iter().zip(all("")) {
        assert!(spram(&*datapath, "ice40up") > 0, "{}", datapath.doc());
        assert_eq!(spram(&*datapath, "ecp5") + spram(&*plain, "ice40up"), 0, "{}", datapath.doc());
        interpreter_at(ultra_plus(), &*datapath, 6, 1);
        interpreter_at(Timing::levels(2), &*datapath, 3, 1);
    }
}

#[test]
fn lines_in_a_large_memory_come_when_the_schedule_says() {
    all(SPRAM).iter().for_each(|datapath| _ = agrees_for(&**datapath, &[ultra_plus(), Timing::levels(1)]));
}

/// The sum of a map and its convolution: the map waits in a FIFO.
fn skip(fifo: &str) -> Result<Graph, String> {
    let text = format!(
        "[[node]]\nname = \"conv\"\nkind = \"convolution\"\n{CONVOLUTION}\
         requantize = {{ output = \"u4\", multiplier = 13, shift = 3 }}\n\
         [[node]]\nname = \"pool\"\nkind = \"pool\"\noperation = \"max\"\nsize = [5, 7]\nchannels = 4\ninput = \"u4\"\nkernel = 3\n\
         stride = 1\npadding = 1\n\
         [[node]]\nname = \"sum\"\nkind = \"add\"\nfrom = {{ a = \"pool\", b = \"conv\" }}\nsize = [5, 7]\nchannels = 4\na = \"u4\"\n\
         b = \"u4\"\n[[fifo]]\n{fifo}"
    );
    let graph = Graph::of_table(&text.parse().unwrap()).map_err(|errors| errors[0].to_string())?;
    assert_eq!(Graph::of_table(&graph.to_table()).unwrap(), graph);
    Ok(graph)
}

#[test]
fn beats_wait_in_a_large_memory_where_a_fifo_says() {
    let load = |fifo: &str| skip(fifo).unwrap().load(&Catalog::standard(), &NoFiles).unwrap();
    let plain = load("into = \"sum.b\"\ndepth = 90\n");
    assert_eq!(spram(&plain, "ice40up"), 0);
    // As many beats as the graph needs, and more.
    for fifo in ["memory = \"spram\"\n", "memory = \"spram\"\ndepth = 90\n"] {
        let large = load(&format!("into = \"sum.b\"\n{fifo}"));
        assert_eq!((spram(&large, "ice40up"), spram(&large, "ecp5")), (1, 0));
        interpreter_at(ultra_plus(), &large, 6, 1);
        let [said, other] = [&large, &plain].map(|graph| agrees_for(graph, &[ultra_plus()]));
        let [said, other] = [said, other].map(|schedule| schedule.initiation_interval.unwrap());
        assert!(100 * said <= 101 * other, "a frame every {said} cycles, and every {other} with two ports");
        let (_, room) = large.rooms().find(|(_, room)| room.is_large && room.depth > 0).unwrap();
        let fact = room.fact(&large.ports().outputs[0], ultra_plus()).unwrap();
        assert!(fact.contains(", 1 SPRAM ("), "{fact}");
    }
}

#[test]
fn a_fifo_says_its_depth_or_its_memory() {
    for fifo in ["", "memory = \"block_ram\"\n", "memory = \"flash\"\n", "memory = \"spram\"\nwidth = 3\n"] {
        let error = skip(&format!("into = \"sum.b\"\n{fifo}")).unwrap_err();
        assert!(error.contains("depth, its room in beats, or memory = \"spram\", or both"), "{error}");
    }
    let limited = "size = [6, 9]\ninput = \"u5\"\nline_memory = \"spram\"\nlimited_reconstruction = { scheme = \"haar\", levels = 1 }\n";
    let error = problems::<EdgeEnhanceConfig>(limited);
    assert!(error.contains("only the lines of modulus maxima can wait there"), "{error}");
}

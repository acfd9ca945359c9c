//! The text itself, as a person reads it. `UPDATE_GOLDEN=1` rewrites the files.

use crate::build::Build;
use num_bigint::BigInt;
use std::path::Path;
use std::rc::Rc;
use ternlet::datapath::{Catalog, circuit};
use ternlet::design::{Choices, Design};
use ternlet::hdl::*;
use ternlet::verilog::emit;

/// Source lines of assumptions move with every edit of the sources, and the hash in the heads with them.
fn without_line_numbers(text: &str) -> String {
    let mut parts = text.split(".rs:");
    let first = parts.next().unwrap_or_default().to_string();
    let text =
        parts.fold(first, |text, part| text + ".rs" + part.trim_start_matches(|c: char| c.is_ascii_digit()));
    let head = |line: &str| match (line.find(", text "), line.find(", written by ternlet ")) {
        (Some(hash), Some(version)) if line.starts_with("// Design ") => {
            assert!(
                line[hash + 7..version].len() == 12 && line.ends_with(env!("CARGO_PKG_VERSION")),
                "{line}"
            );
            format!("{}, text <hash>, written by ternlet <version>\n", &line[..hash])
        }
        _ => format!("{line}\n"),
    };
    text.lines().map(head).collect()
}

/// Compares the Verilog of `circuit` with `tests/golden/<its name>.v`, all files one after the other.
fn check(circuit: &Circuit) {
    check_as(&circuit.name, circuit);
}

fn check_as(name: &str, circuit: &Circuit) {
    let files = emit(circuit);
    assert_eq!(files, emit(circuit), "the text is the same each time");
    let text: Vec<String> =
        files.iter().map(|file| format!("// ---- {}\n{}", file.name, file.text)).collect();
    let text = without_line_numbers(&text.join("\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.v"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).expect("a writable folder");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text == golden, "{} differs; UPDATE_GOLDEN=1 rewrites it. Now:\n{text}", path.display());
}

/// What `ternlet new KIND` begins with, so that a change of what is emitted is seen in its diff.
#[test]
fn the_example_of_every_datapath() {
    let catalog = Catalog::standard();
    assert!(catalog.entries().len() > 10);
    for entry in catalog.entries() {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let path = folder.path().join("design.toml");
        std::fs::write(&path, entry.example).expect("a writable folder");
        let design =
            Design::read(&path, &Choices::default(), &catalog).unwrap_or_else(|error| panic!("{error}"));
        let circuit = circuit(&*design.datapath, &design.name, design.timing());
        check_as(&format!("datapaths/{}", entry.kind), &circuit);
    }
}

/// `y = a*b + c` in two pipeline stages, the second with clock enable and reset.
fn multiply_accumulate() -> Build {
    let mut m = Build::new("multiply_accumulate");
    m.circuit.doc = "accumulator <- accumulator + a * b, saturated\nThe product is registered once.".into();
    let enable = m.input("enable", Range::condition());
    let a = m.input("a", signed(8));
    let b = m.input("b", unsigned(4));
    let product = m.node(Op::Mul(a, b));
    m.named(product, "product");
    let product_q = m.register(m.range(product), product, None, None);
    m.named(product_q, "product_q");
    let accumulator = m.register(signed(12), 0, Some(enable), Some(0));
    let sum =
        m.node(Op::Adder { a: accumulator, b: product_q, carry_in: None, subtracts: false, inverted: false });
    m.named(sum, "sum");
    let next = m.typed(Op::Clamp(sum), signed(12));
    m.named(next, "next");
    if let Op::Register { next: place, .. } = &mut m.circuit.nodes[accumulator].op {
        *place = Some(next);
    }
    m.output("accumulator", accumulator);
    m
}

#[test]
fn registers_and_an_adder() {
    check(&multiply_accumulate().finish());
}

#[test]
fn words_comparisons_and_unread_bits() {
    let mut m = Build::new("words");
    m.circuit.doc = "Lanes of a word, each with its sign flipped where it is below the limit".into();
    let word = m.input("word", Type::Bits(14));
    let limit = m.input("limit", Range::new(-3, 4));
    let lanes: Vec<NodeId> = [0, 4, 9]
        .map(|lsb| {
            let bits = m.typed(Op::Slice { a: word, lsb }, Type::Bits(4));
            let lane = m.typed(Op::ToInt(bits), signed(4));
            let below = m.node(Op::Compare(Comparison::Lt, lane, limit));
            let zero = m.constant(0);
            let negated = m.node(Op::Sub(zero, lane));
            let flipped = m.node(Op::Mux { condition: below, then: negated, otherwise: lane });
            m.named(flipped, "lane")
        })
        .into();
    let bits: Vec<NodeId> = lanes.iter().map(|&lane| m.node(Op::ToBits(lane))).collect();
    let packed = m.node(Op::Concat(bits));
    m.output("packed", packed);
    let mask = m.typed(Op::Constant(0x2a.into()), Type::Bits(7));
    let low = m.typed(Op::Slice { a: packed, lsb: 1 }, Type::Bits(7));
    let masked = m.node(Op::And(low, mask));
    let inverted = m.node(Op::Not(masked));
    m.output("inverted", inverted);
    let half = m.node(Op::ShiftRight(limit, 1));
    let scaled = m.node(Op::ShiftLeft(half, 4));
    m.circuit.outputs.push(OutputPort { name: "scaled".into(), node: scaled, ty: Type::Int(signed(10)) });
    check(&m.finish());
}

#[test]
fn a_memory_and_a_rom() {
    let mut m = Build::new("buffer");
    let write = m.input("write", Range::condition());
    let place = m.input("place", unsigned(3));
    let sample = m.input("sample", signed(6));
    let buffer = m.memory("samples", signed(6), 8, None);
    m.circuit.memories[buffer].write = Some(Write { enable: write, address: place, value: sample });
    let old = m.read(buffer, place, None);
    let squares = (0..5).map(|i| BigInt::from(i * i)).collect();
    let rom = m.memory("squares", unsigned(5), 5, Some(squares));
    let address = m.typed(Op::Clamp(place), Range::new(0, 4));
    let square = m.read(rom, address, Some(write));
    m.named(square, "square");
    let sum = m.node(Op::Add(old, square));
    m.output("sum", sum);
    check(&m.finish());
}

#[test]
fn assumptions_are_checked_in_simulation_only() {
    let mut m = Build::new("assumptions");
    let a = m.input("a", signed(8));
    let small = m.typed(Op::Assume { a, when: None }, Range::new(-5, 20));
    m.named(small, "small");
    let bits = m.typed(Op::ToBits(a), Type::Bits(8));
    let digit = m.typed(Op::Slice { a: bits, lsb: 2 }, Type::Bits(4));
    let digit = m.typed(Op::ToInt(digit), unsigned(4));
    let digit = m.typed(Op::Assume { a: digit, when: None }, Range::new(0, 9));
    let sum = m.node(Op::Add(small, digit));
    let sum_q = m.register(m.range(sum), sum, None, Some(0));
    m.output("sum", sum_q);
    check(&m.finish());
}

#[test]
fn equal_modules_are_written_once_and_different_ones_get_their_own_names() {
    let adder = |name: &str, width: u32| {
        let mut m = Build::new(name);
        let (a, b) = (m.input("a", unsigned(width)), m.input("b", unsigned(width)));
        let carry = m.constant(1);
        let carry_in = m.typed(Op::Wire { driver: Some(carry) }, Range::condition());
        let sum = m.node(Op::Adder { a, b, carry_in: Some(carry_in), subtracts: false, inverted: false });
        m.output("sum", sum);
        m.finish()
    };
    let mut m = Build::new("hierarchy");
    let a = m.input("a", unsigned(4));
    let b = m.input("reg", unsigned(4));
    let mut parts = Vec::new();
    for (index, inner) in [adder("part", 4), adder("part", 4), adder("part", 5)].iter().enumerate() {
        parts.extend(m.instance(&format!("part{index}"), inner, vec![a, b]));
    }
    let accumulate = multiply_accumulate().finish();
    let a_word = m.node(Op::ToBits(a));
    let condition = m.typed(Op::Slice { a: a_word, lsb: 3 }, Type::Bits(1));
    let condition = m.typed(Op::ToInt(condition), Range::condition());
    m.instance("unread", &accumulate, vec![condition, a, b]);
    let total = parts.into_iter().reduce(|a, b| m.node(Op::Add(a, b))).expect("three parts");
    m.output("total", total);
    check(&m.finish());
}

#[test]
fn black_boxes_come_under_the_designs_name() {
    let black_box = BlackBox {
        name: "blinker".into(),
        parameters: vec![("PERIOD".into(), 12)],
        clocked: true,
        inputs: vec![("speed".into(), Type::Int(unsigned(2)))],
        outputs: vec![("led".into(), Type::Bits(1)), ("phase".into(), Type::Int(unsigned(3)))],
        source: "// by hand\nmodule blinker; endmodule\n",
        cells: None,
    };
    let mut m = Build::new("board");
    let speed = m.input("speed", unsigned(2));
    m.circuit.clocked = true;
    m.circuit.instances.push(Instance {
        name: "blinker".into(),
        definition: Definition::BlackBox(Rc::new(black_box)),
        inputs: vec![speed],
        at: std::panic::Location::caller(),
    });
    let led = m.typed(Op::Output { instance: 0, port: 0 }, Type::Bits(1));
    m.output("led", led);
    let circuit = m.finish();
    check(&circuit);
    let error = Interpreter::new(circuit).err().expect("a black box cannot be interpreted");
    assert_eq!(
        error.to_string(),
        "instance `blinker` is the black box `blinker`, which only a Verilog simulator runs: use Verilator"
    );
}

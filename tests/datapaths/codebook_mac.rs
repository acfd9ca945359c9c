use crate::check::*;
use proptest::prelude::*;
use ternlet::blocks::{Codebook, CodebookForm};
use ternlet::datapath::{CodebookMacConfig, Datapath, codebook_dot_product};
use ternlet::hdl::{Interpreter, Module, Range, Signal, Timing, signed, unsigned};

fn toml(
    (rows, columns): (usize, usize),
    codebook: &str,
    (lanes, parallel_rows): (usize, usize),
    input: &str,
    weights: &str,
) -> String {
    format!(
        "rows = {rows}\ncolumns = {columns}\ncodebook = {codebook}\nlanes = {lanes}\nparallel_rows = {parallel_rows}\n\
         input = \"{input}\"\nweights = {weights}\n"
    )
}

fn indices(rows: usize, columns: usize, entries: usize) -> Vec<Vec<usize>> {
    let index =
        |row: usize, column: usize| ((row * 7919 + column * 104_729 + row * column * 31) >> 2) % entries;
    (0..rows).map(|row| (0..columns).map(|column| index(row, column)).collect()).collect()
}

fn memory(rows: usize, columns: usize, entries: usize) -> String {
    format!("{{ from = \"memory\", values = {:?} }}", indices(rows, columns, entries))
}

fn mac(toml: &str) -> Box<dyn Datapath> {
    datapath::<CodebookMacConfig>(toml)
}

const CODEBOOKS: [(&str, usize); 11] = [
    ("\"binary\"", 2),
    ("\"ternary\"", 3),
    ("\"odd2\"", 4),
    ("\"odd3\"", 8),
    ("\"odd4\"", 16),
    ("[5, 5, 5]", 3),
    ("[0, 0]", 2),
    ("[-32768, 32767]", 2),
    ("[0, 1, 2, 3, 4]", 5),
    ("[17, -9, 200, 4, 4, -1, 0]", 7),
    ("{ from = \"stream\", entries = 5, type = \"s6\" }", 5),
];

#[test]
fn hardware_equals_golden_for_every_codebook_and_folding() {
    for (codebook, entries) in CODEBOOKS {
        for (shape, folding, input) in
            [((1, 1), (1, 1), "s8"), ((5, 7), (3, 2), "s5"), ((3, 8), (8, 3), "u4"), ((2, 3), (1, 2), "u1")]
        {
            let weights = memory(shape.0, shape.1, entries);
            interpreter(&*mac(&toml(shape, codebook, folding, input, &weights)), 3, 41);
            interpreter(&*mac(&toml(shape, codebook, folding, input, "{ from = \"stream\" }")), 3, 42);
        }
    }
}

#[test]
fn verilog_equals_golden() {
    for (codebook, entries) in [CODEBOOKS[3], CODEBOOKS[9], CODEBOOKS[10]] {
        for weights in [memory(5, 9, entries), "{ from = \"stream\" }".into()] {
            let mac = mac(&toml((5, 9), codebook, (4, 3), "s8", &weights));
            assert_eq!(verilator(&*mac, 150, 43, Timing::levels(3)).mismatches, 0, "{codebook}");
        }
    }
}

/// SLB's identity: `sum of (2k - (2^b - 1)) x = 2 * (sum of k x) - (2^b - 1) * (sum of x)`.
#[test]
fn odd_integers_need_two_sums() {
    for (bits, preset) in [(1, "binary"), (2, "odd2"), (3, "odd3"), (4, "odd4")] {
        let weights = memory(4, 9, 1 << bits);
        let mac = mac(&toml((4, 9), &format!("\"{preset}\""), (3, 2), "s8", &weights));
        let inputs = stimuli(&*mac, 50, 44).pop().unwrap();
        let x = inputs[0].unpack(&mac.ports().inputs[0]);
        let y = mac.golden(&inputs)[0].unpack(&mac.ports().outputs[0]);
        for (x, y) in x.chunks(9).zip(y.chunks(4)) {
            for (k, y) in indices(4, 9, 1 << bits).iter().zip(y) {
                let products: i64 = k.iter().zip(x).map(|(&k, x)| k as i64 * x).sum();
                assert_eq!(*y, 2 * products - ((1 << bits) - 1) * x.iter().sum::<i64>());
            }
        }
    }
}

/// Both forms, whatever they cost.
fn by_form(entries: &[i64], form: CodebookForm, range: &Range, x: &[i64], rows: &[Vec<usize>]) -> Vec<i64> {
    let m = Module::new("codebook");
    let ports: Vec<_> = (0..x.len()).map(|lane| m.input(format!("x{lane}"), range.clone())).collect();
    let places = Range::new(0, entries.len() - 1);
    let mut inputs: Vec<i64> = x.to_vec();
    let mut indices = Vec::new();
    for (row, of_row) in rows.iter().enumerate() {
        let lanes = of_row.iter().enumerate();
        indices.push(
            lanes.map(|(lane, _)| m.input(format!("k{row}_{lane}"), places.clone())).collect::<Vec<_>>(),
        );
        inputs.extend(of_row.iter().map(|&index| index as i64));
    }
    ports.iter().chain(indices.iter().flatten()).for_each(|port| m.ignore(*port));
    let codebook = Codebook::new(entries, x.len(), rows.len(), range.width()).with_form(form);
    let rows: Vec<&[Signal<'_>]> = indices.iter().map(Vec::as_slice).collect();
    for (row, dot) in codebook.dots(&ports, &rows).into_iter().enumerate() {
        m.output(format!("y{row}"), dot.whole());
    }
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    let inputs: Vec<_> = inputs.into_iter().map(Into::into).collect();
    let outputs = Interpreter::new(circuit).unwrap().cycle(false, &inputs);
    outputs.iter().map(|output| i64::try_from(output).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn both_forms_of_any_codebook(
        entries in prop::collection::vec(prop_oneof![-3i64..=3, -300i64..=300], 2..=16),
        is_signed in any::<bool>(),
        x in prop::collection::vec(0i64..16, 1..5),
        choices in prop::collection::vec(0usize..16, 10),
    ) {
        let range = if is_signed { signed(4) } else { unsigned(4) };
        let x: Vec<i64> = x.into_iter().map(|x| if is_signed { x - 8 } else { x }).collect();
        let row = |row: usize| (0..x.len()).map(|lane| choices[row * 5 + lane] % entries.len()).collect();
        let rows: Vec<Vec<usize>> = (0..2).map(row).collect();
        let expected: Vec<i64> = rows.iter().map(|row| codebook_dot_product(&x, row, &entries)).collect();
        for form in [CodebookForm::Multiples, CodebookForm::ShiftAdd] {
            prop_assert_eq!(by_form(&entries, form, &range, &x, &rows), expected.clone(), "{:?}", form);
        }
    }
}

/// What is shared pays where there are rows to share it.
#[test]
fn the_cheaper_form_is_taken_and_told() {
    let form = |bits: u32, rows: usize| {
        let weights = memory(8, 8, 1 << bits);
        let facts = mac(&toml((8, 8), &format!("\"odd{bits}\""), (4, rows), "s8", &weights))
            .facts(Timing::combinational());
        facts.into_iter().find(|(what, _)| what == "codebook").unwrap().1
    };
    let one = form(4, 1);
    let expected = "2 * (sum of u x) + -15 * (sum of x), u in 0..=15, by shift-adds: about ";
    assert!(one.starts_with(expected), "{one}");
    let many = form(3, 8);
    assert!(many.starts_with("shared multiples by 1, 3, 5, 7, picked per row: about "), "{many}");
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let problems = |codebook: &str, weights: &str| {
        problems::<CodebookMacConfig>(&toml((1, 2), codebook, (1, 1), "s8", weights))
    };
    let text = problems("[1]", "{ from = \"stream\" }");
    assert!(text.contains("codebook = 1: a codebook has 2 to 16 entries; write 2 to 16"), "{text}");
    let text = problems("[1, 40000]", "{ from = \"stream\" }");
    assert!(
        text.contains("codebook = 40000: an entry is -32768 to 32767; scale the codebook down"),
        "{text}"
    );
    let text = problems("\"odd5\"", "{ from = \"stream\" }");
    assert!(
        text.contains("expected \"binary\", \"ternary\", \"odd2\", \"odd3\", \"odd4\", a list"),
        "{text}"
    );
    let text = problems("\"ternary\"", "{ from = \"memory\", values = [[-1, 1]] }");
    assert!(
        text.contains(
            "-1 (row 0, column 0 of weights.values): an index is 0 to 2; write places of the codebook"
        ),
        "{text}"
    );
    let loaded = "{ from = \"stream\", entries = 4, type = \"s17\" }";
    let text = problems(loaded, "{ from = \"constant\", values = [[1, 1]] }");
    assert!(
        text.contains("codebook.type = \"s17\": an entry is -32768 to 32767; write at most s16 or u15"),
        "{text}"
    );
    assert!(text.contains("constant weights need a codebook that is known"), "{text}");
}

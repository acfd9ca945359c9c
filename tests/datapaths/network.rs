use crate::check::*;
use ternlet::datapath::{Config, NetworkConfig};
use ternlet::hdl::Timing;

/// The table `datapath` of a complete design file, without its `kind`.
fn example() -> String {
    let design: toml::Table = NetworkConfig::EXAMPLE.parse().unwrap();
    let mut table = design["datapath"].as_table().unwrap().clone();
    table.remove("kind");
    toml::to_string(&table).unwrap()
}

fn layer(name: &str, rest: &str, datapath: &str) -> String {
    format!("[[layer]]\nname = \"{name}\"\n{rest}\n[layer.datapath]\n{datapath}\n")
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
fn the_example_equals_golden() {
    interpreter(&*datapath::<NetworkConfig>(&example()), 5, 18);
}

#[test]
fn layers_of_any_lanes_fit_together() {
    let scale = "input = \"u4\"\nrequantize = { output = \"u4\", multiplier = 3, bias = 8, shift = 2 }";
    for (lanes, parallel_rows, fifo) in [(1, 1, 0), (3, 2, 0), (5, 3, 4), (7, 7, 1)] {
        let toml = layer("a", "expose = true", &mac(7, 9, 2, parallel_rows, "input = \"u4\""))
            + &layer("b", &format!("fifo = {fifo}"), &mac(5, 7, lanes, 2, "input = \"s9\""))
            + &layer("c", "", "kind = \"argmax\"\ncolumns = 5\nlanes = 2\ninput = \"s13\"");
        interpreter(&*datapath::<NetworkConfig>(&toml), 4, 19);
        let toml = layer("a", "", &mac(7, 9, 4, parallel_rows, scale))
            + &layer("b", "expose = true", &mac(6, 7, lanes, 3, "input = \"u4\""));
        interpreter(&*datapath::<NetworkConfig>(&toml), 4, 20);
    }
}

#[test]
fn verilog_equals_golden() {
    let scale =
        "input = \"u5\"\nrequantize = { output = \"u4\", multiplier = [3, 5, 7, 2, 1, 9], shift = 3 }";
    let toml = layer("hidden", "expose = true", &mac(6, 10, 5, 2, scale))
        + &layer("score", "expose = true\nfifo = 5", &mac(4, 6, 2, 1, "input = \"u4\""))
        + &layer("class", "", "kind = \"argmax\"\ncolumns = 4\ninput = \"s8\"");
    let report = verilator(&*datapath::<NetworkConfig>(&toml), 200, 21, Timing::levels(2));
    assert_eq!(report.mismatches, 0);
}

#[test]
fn what_cannot_be_is_named_with_its_mend() {
    let toml = layer("a", "", &mac(7, 9, 2, 1, "input = \"u4\""))
        + &layer("a", "", &mac(5, 6, 2, 1, "input = \"s5\""));
    let text = problems::<NetworkConfig>(&toml);
    for line in [
        "layer[1].name = \"a\": two layers have this name; rename one",
        "`a` gives frames of 7 integers, `a` takes 6",
        "`a` gives integers in -256..=255, `a` takes -16..=15; widen the input of `a`",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert!(problems::<NetworkConfig>("layer = []").contains("a network has at least 1 layer"));
    let text = problems::<NetworkConfig>(&layer("a", "", "kind = \"softmax\""));
    assert!(text.contains("there is no datapath \"softmax\"; the datapaths are argmax,"), "{text}");
    let text = problems::<NetworkConfig>(&layer(
        "a",
        "",
        "kind = \"argmax\"\ncolumns = 5\nlane = 2\ninput = \"s13\"",
    ));
    assert!(text.contains("unknown field `lane`, expected one of `columns`, `lanes`, `input`"), "{text}");
}

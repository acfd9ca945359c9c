//! 3DQ's two scales in a layer of `unet3d_ttq`, next to one scale: the sums of +1 and of -1 apart, joined, and scaled.

use crate::layer::netlist;
use crate::network::Network;
use ternlet::datapath::{Config, Datapath, NoFiles, TernaryMacConfig};
use ternlet::tools::Toolchain;

const BOARD: (&str, f64) = ("icebreaker", 24.0);
const LAYER: &str = "c2";

/// Constant graphs of two sums to those of one, at most: their trees have no input in common.
const MOST: f64 = 1.35;

/// A form of the weights, and whether it has the bound.
const FORMS: [(&str, &str, bool); 3] = [
    ("constant", "from = \"constant\"", true),
    ("in memory, 9 of 216 columns and 4 of 8 rows at once", "from = \"memory\"", false),
    ("in memory, 1 column and 8 rows at once", "from = \"memory\"", false),
];
const FOLDINGS: [&str; 3] = ["", "lanes = 9\nparallel_rows = 4\n", "lanes = 1\nparallel_rows = 8\n"];

pub fn run(toolchain: &Toolchain) -> bool {
    let network = Network::example("unet3d_ttq");
    let weight = format!("{LAYER}.weight");
    let rows = network.shape(&weight)[0];
    let matrix: Vec<&[i64]> = network.values(&weight).chunks(network.values(&weight).len() / rows).collect();
    let columns = matrix[0].len();
    let own = network.values(&format!("{LAYER}.scales"));
    println!("## Two scales in {LAYER} of unet3d_ttq: {rows} x {columns} ternary weights\n");
    println!(
        "| weights | LUT4 of one scale | two sums, joined | ratio | scaled by {own:?} |\n|---|---|---|---|---|"
    );
    let mut met = true;
    for ((name, from, bounded), folding) in FORMS.into_iter().zip(FOLDINGS) {
        let lut4 = |scales: &str| {
            let text = format!(
                "rows = {rows}\ncolumns = {columns}\ninput = \"u4\"\n{folding}weights = {{ {from}, values = {matrix:?}{scales} }}"
            );
            let config: TernaryMacConfig = toml::from_str(&text).expect("a table");
            let datapath: Box<dyn Datapath> =
                config.load(&NoFiles).unwrap_or_else(|errors| panic!("{errors:?}"));
            netlist(toolchain, &*datapath, BOARD).lut4
        };
        let [one, joined, scaled] =
            [String::new(), ", scales = [1, 1]".into(), format!(", scales = {own:?}")]
                .map(|scales| lut4(&scales));
        let ratio = joined as f64 / one as f64;
        println!("| {name} | {one} | {joined} | {ratio:.2} | {scaled} |");
        met &= !bounded || ratio <= MOST;
    }
    println!("\nconstant graphs at most {MOST} of one scale's: {}\n", if met { "met" } else { "MISSED" });
    met
}

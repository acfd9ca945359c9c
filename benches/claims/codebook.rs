//! Weights of codebooks in the first layer of `vowels`, in place of integers of 4 bits.

use crate::layer::Layer;
use crate::network::Network;
use crate::right;
use ternlet::tools::Toolchain;

const BOARD: (&str, f64) = ("icebreaker", 24.0);
const LAYER: &str = "conv1";
/// Entries of codebooks, and the bits of a weight of each.
const CODEBOOKS: [(usize, usize); 2] = [(8, 3), (4, 2)];
/// What may be lost of accuracy by eight entries, in percent.
const MOST_LOST: f64 = 1.0;

pub fn run(toolchain: &Toolchain) -> bool {
    let dense = Network::example("vowels");
    let frames = dense.values("frame").to_vec();
    let weights = dense.values(&weight()).len();
    let accuracy = |network: &Network| {
        let network = network.part(|_| true, &[("class", "class.index")]);
        right(&network.golden(&frames, "class"), dense.values("label"))
    };
    let row = |name: &str, network: &Network, bits: usize| {
        let Layer { cycles, counts } = Layer::of(toolchain, network, LAYER, BOARD);
        let (bits, right) = (bits * weights, accuracy(network));
        let (lut4, ff, block_ram, dsp) = (counts.lut4, counts.ff, counts.block_ram, counts.dsp);
        println!("| {name} | {bits} | {cycles} | {lut4} | {ff} | {block_ram} | {dsp} | {right:.1} % |");
        right
    };
    println!("## A codebook in the first layer of vowels\n");
    println!("| {LAYER} | bits of weights | cycles a frame | LUT4 | flip-flops | block RAM | DSP | right |");
    println!("|---|---|---|---|---|---|---|---|");
    let before = row("integers of 4 bits", &dense, 4);
    let after = CODEBOOKS.map(|(entries, bits)| {
        let (coded, codebook) = coded(&dense, &frames, entries);
        row(&format!("{codebook:?}"), &coded, bits)
    });
    let met = before - after[0] <= MOST_LOST;
    let verdict = if met { "met" } else { "MISSED" };
    println!("\nentries by Lloyd's method, nothing trained again; 8 lose at most {MOST_LOST} %: {verdict}\n");
    met
}

fn weight() -> String {
    format!("{LAYER}.weight")
}

/// The network with weights of a codebook of so many entries, each weight the nearest. Thresholds move with the means of sums.
fn coded(dense: &Network, frames: &[i64], entries: usize) -> (Network, Vec<i64>) {
    let codebook = nearest_entries(dense.values(&weight()), entries);
    let nearest =
        |weight: &i64| (0..entries).min_by_key(|entry| (codebook[*entry] - weight).abs()).expect("entries");
    let mut coded = dense.clone();
    coded.set(&weight(), dense.values(&weight()).iter().map(|weight| nearest(weight) as i64).collect());
    coded.node(LAYER).remove("weight");
    coded.change(LAYER, &format!("codebook = {codebook:?}"));
    let means = dense.means(LAYER, frames).into_iter().zip(coded.means(LAYER, frames));
    let moved: Vec<i64> = means.map(|(before, after)| (after - before).round() as i64).collect();
    let (signs, threshold) = (dense.values(&format!("{LAYER}.sign")), format!("{LAYER}.threshold"));
    let rows = dense.values(&threshold).chunks(dense.shape(&threshold)[1]).zip(signs).zip(moved);
    let thresholds =
        rows.flat_map(|((row, sign), moved)| row.iter().map(move |threshold| threshold + moved * sign));
    coded.set(&threshold, thresholds.collect());
    (coded, codebook)
}

/// Integers to which `weights` are near, by Lloyd's method from quantiles on.
fn nearest_entries(weights: &[i64], count: usize) -> Vec<i64> {
    let mut sorted = weights.to_vec();
    sorted.sort_unstable();
    let quantile = |entry: usize| sorted[(2 * entry + 1) * sorted.len() / (2 * count)] as f64;
    let mut entries: Vec<f64> = (0..count).map(quantile).collect();
    loop {
        let mut sums = vec![(0.0, 0.0); count];
        for weight in &sorted {
            let far = |entry: &usize| (entries[*entry] - *weight as f64).abs();
            let nearest = (0..count).min_by(|a, b| far(a).total_cmp(&far(b))).expect("entries");
            sums[nearest].0 += *weight as f64;
            sums[nearest].1 += 1.0;
        }
        let means: Vec<f64> = sums
            .iter()
            .zip(&entries)
            .map(|((sum, count), entry)| if *count > 0.0 { sum / count } else { *entry })
            .collect();
        if means == entries {
            return entries.iter().map(|entry| entry.round() as i64).collect();
        }
        entries = means;
    }
}

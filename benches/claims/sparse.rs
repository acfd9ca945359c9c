//! 2:4 weights in the middle layers of `tcnn`, as many multipliers as before.

use crate::layer::Layer;
use crate::network::Network;
use crate::right;
use ternlet::blocks::Ties;
use ternlet::datapath::nm_largest_places;
use ternlet::project::Mnist;
use ternlet::tools::Toolchain;

const BOARD: (&str, f64) = ("icebreaker", 24.0);

/// The layers, the multipliers that each has at once, and the keys with which 2:4 weights have as many: a group lies in a beat, and two of its
/// four columns have a multiplier each.
const LAYERS: [(&str, usize, &str); 2] = [
    ("conv2", 36, "pattern = \"2:4\"\nlanes = 4\nparallel_columns = 36\nparallel_rows = 2"),
    ("conv3", 12, "pattern = \"2:4\"\nlanes = 4\nparallel_columns = 12\nparallel_rows = 2"),
];

/// Training digits of which the means of sums are taken.
const CALIBRATED: usize = 200;

pub fn run(toolchain: &Toolchain) -> bool {
    let digits = Mnist::fetch(toolchain).unwrap_or_else(|error| panic!("{error}"));
    let integers = |bytes: &[u8]| bytes.iter().copied().map(i64::from).collect::<Vec<_>>();
    let (images, labels) = (integers(&digits.test.images), integers(&digits.test.labels));
    let accuracy = |network: &Network| {
        let network = network.part(|_| true, &[("class", "class.index")]);
        right(&network.golden(&images, "class"), &labels)
    };
    let dense = Network::example("tcnn");
    let train = integers(&digits.train.images[..CALIBRATED * images.len() / labels.len()]);

    println!("## 2:4 weights in the middle layers of tcnn\n");
    println!(
        "| | multipliers | cycles an image | LUT4 | flip-flops | block RAM |\n|---|---|---|---|---|---|"
    );
    let (mut sparse, mut met) = (dense.clone(), true);
    for (layer, multipliers, keys) in LAYERS {
        prune(&mut sparse, layer, &train);
        sparse.change(layer, keys);
        let [before, after] = [&dense, &sparse].map(|network| Layer::of(toolchain, network, layer, BOARD));
        for (name, found) in [("dense", &before), ("2:4", &after)] {
            let (counts, cycles) = (&found.counts, found.cycles);
            println!(
                "| {layer}, {name} | {multipliers} | {cycles} | {} | {} | {} |",
                counts.lut4, counts.ff, counts.block_ram
            );
        }
        met &= 2 * after.cycles <= before.cycles;
    }
    println!("\nhalf the cycles at as many multipliers: {}", if met { "met" } else { "MISSED" });
    println!(
        "{:.1} % of 500 test digits right in place of {:.1} %, masks by magnitude, nothing trained again\n",
        accuracy(&sparse),
        accuracy(&dense)
    );
    met
}

/// The two largest of each four weights next to each other, of equal ones the first; what the sums of a filter lose by it in the mean of
/// `images` its bias gets back.
fn prune(network: &mut Network, layer: &str, images: &[i64]) {
    let weight = format!("{layer}.weight");
    let shape = network.shape(&weight).to_vec();
    let taps: usize = shape[2..].iter().product();
    let mut values = network.values(&weight).to_vec();
    for filter in values.chunks_mut(shape[1] * taps) {
        for tap in 0..taps {
            for first in (0..shape[1]).step_by(4) {
                let at = |channel: usize| (first + channel) * taps + tap;
                let group: Vec<i64> = (0..4).map(|channel| filter[at(channel)]).collect();
                let kept = nm_largest_places(&group, 2, Ties::Lower);
                let pruned = (0..4).filter(|channel| !kept.contains(&(*channel as i64)));
                pruned.for_each(|channel| filter[at(channel)] = 0);
            }
        }
    }
    let before = network.means(layer, images);
    network.set(&weight, values);
    let after = network.means(layer, images);
    let multipliers = network.values(&format!("{layer}.multiplier")).to_vec();
    let bias = format!("{layer}.bias");
    let lost = before.iter().zip(after).map(|(before, after)| before - after);
    let all = network.values(&bias).iter().zip(lost).zip(multipliers);
    let corrected = all.map(|((bias, lost), multiplier)| bias + (lost * multiplier as f64).round() as i64);
    network.set(&bias, corrected.collect());
}

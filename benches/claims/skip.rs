//! The skip of `unet3d` over the right half of a brain, quantized by subbands: bits against Dice.

use crate::network::Network;
use ternlet::datapath::{Config, Datapath, NoFiles, WaveletQuantizerConfig};
use ternlet::stream::Tokens;

/// The half, in voxels, and the network's sizes in its example: whole and halved.
const HALF: [usize; 3] = [36, 90, 78];
const SIZES: [([i64; 3], [i64; 3]); 2] = [([16, 24, 24], [36, 90, 78]), ([8, 12, 12], [18, 45, 39])];
const CHANNELS: usize = 8;
const CODE_BITS: u32 = 4;

/// Subbands of one Haar level, by how many axes they are the differences along.
const BANDS: [(&str, usize); 8] =
    [("lll1", 0), ("hll1", 1), ("lhl1", 1), ("llh1", 1), ("hhl1", 2), ("hlh1", 2), ("lhh1", 2), ("hhh1", 3)];

/// Bits of the averages, and of differences along one axis, two and three.
const PLANS: [[u32; 4]; 5] = [[4, 4, 3, 2], [4, 3, 2, 0], [4, 3, 0, 0], [4, 2, 0, 0], [4, 0, 0, 0]];

/// What may be lost of Dice where bits are halved.
const MOST_LOST: f64 = 0.01;

pub fn run() -> bool {
    let mut network = Network::example("unet3d");
    SIZES.iter().for_each(|(from, to)| network.resize(*from, *to));
    let (image, tissue) = (network.values("half.image"), network.values("half.tissue"));
    let first = ["c1", "c2"];
    let skip = network.part(|node| first.contains(&node), &[("y", "c2.y")]).golden(image, "y");
    let mut rest = network.part(|node| !first.contains(&node), &[("class", "class.index")]);
    rest.change("pool", "from = \"input.deep\"");
    rest.change("concat", "from = { a = \"input.skip\", b = \"up.y\" }");
    let dice = |skipped: &[i64]| {
        let class = rest.golden_of(|input| if input == "skip" { skipped } else { &skip }, "class");
        [1, 2].map(|of| overlap(&class, tissue, of))
    };

    println!("## The skip of unet3d by subbands: the right half of a brain\n");
    println!(
        "| bits of averages, differences along one, two, three axes | bits of the skip | of before | Dice of grey, white |"
    );
    println!("|---|---|---|---|");
    let codes = skip.len() as u64 * u64::from(CODE_BITS);
    let before = dice(&skip);
    println!("| codes as they are | {codes} | 100 % | {:.4}, {:.4} |", before[0], before[1]);
    let mut met = false;
    for plan in PLANS {
        let quantizer = quantizer(plan);
        let (bits, after) = (bits(plan), dice(&quantized(&*quantizer, &skip)));
        println!(
            "| {plan:?} | {bits} | {:.0} % | {:.4}, {:.4} |",
            100.0 * bits as f64 / codes as f64,
            after[0],
            after[1]
        );
        let lost = before.iter().zip(after).map(|(before, after)| before - after).fold(0.0, f64::max);
        met |= 2 * bits <= codes && lost <= MOST_LOST;
    }
    println!(
        "\nhalf the bits or fewer for at most {MOST_LOST} of Dice: {}\n",
        if met { "met" } else { "MISSED" }
    );
    met
}

/// The Dice coefficient of class `of`.
fn overlap(class: &[i64], truth: &[i64], of: i64) -> f64 {
    let count = |values: &[i64]| values.iter().filter(|value| **value == of).count();
    let both = class.iter().zip(truth).filter(|(class, truth)| **class == of && **truth == of).count();
    2.0 * both as f64 / (count(class) + count(truth)) as f64
}

/// A code of so many bits steps through the differences of codes, which lie within -15 and 15: 0 is in the middle, and what is beyond the
/// last step is the last one.
fn subband(axes: usize, bits: u32) -> String {
    let (shift, middle) = (CODE_BITS.saturating_sub(bits.max(1)), 1 << bits >> 1);
    match (axes, bits) {
        (_, 0) => "{ bits = 0 }".into(),
        (0, bits) => format!("{{ bits = {bits}, multiplier = 1, step = 1 }}"),
        _ => format!(
            "{{ bits = {bits}, multiplier = 1, bias = {}, shift = {shift}, step = {}, offset = -{} }}",
            middle << shift,
            1 << shift,
            middle << shift
        ),
    }
}

fn quantizer(plan: [u32; 4]) -> Box<dyn Datapath> {
    let subbands: Vec<String> =
        BANDS.iter().map(|(name, axes)| format!("{name} = {}", subband(*axes, plan[*axes]))).collect();
    let text = format!(
        "scheme = \"haar\"\nlevels = 1\ninput = \"u{CODE_BITS}\"\nsize = {HALF:?}\noutput = \"samples\"\n[subband]\n{}",
        subbands.join("\n")
    );
    let config: WaveletQuantizerConfig = toml::from_str(&text).expect("a table");
    config.load(&NoFiles).unwrap_or_else(|errors| panic!("{errors:?}"))
}

/// Bits of all codes of the skip.
fn bits(plan: [u32; 4]) -> u64 {
    let length =
        |voxels: usize, is_difference: bool| if is_difference { voxels / 2 } else { voxels.div_ceil(2) };
    let of_band = |(name, axes): &(&str, usize)| {
        let lengths = name.bytes().zip(HALF).map(|(letter, voxels)| length(voxels, letter == b'h'));
        lengths.product::<usize>() as u64 * u64::from(plan[*axes])
    };
    CHANNELS as u64 * BANDS.iter().map(of_band).sum::<u64>()
}

/// Each channel of the skip by itself, to codes and back.
fn quantized(quantizer: &dyn Datapath, skip: &[i64]) -> Vec<i64> {
    let ports = quantizer.ports();
    let mut quantized = vec![0; skip.len()];
    for channel in 0..CHANNELS {
        let voxels: Vec<i64> = skip.iter().skip(channel).step_by(CHANNELS).copied().collect();
        let back = quantizer.golden(&vec![Tokens::pack(&ports.inputs[0], &voxels)]);
        let back = back[0].unpack(&ports.outputs[0]);
        assert_eq!(back.len(), voxels.len());
        let places = quantized.iter_mut().skip(channel).step_by(CHANNELS);
        places.zip(back).for_each(|(place, value)| *place = value.clamp(0, (1 << CODE_BITS) - 1));
    }
    quantized
}

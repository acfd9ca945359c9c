//! Keys of the kinds that take feature maps.

use super::draw::Draw;
use super::kernels::divisor;

/// The lengths of one to three axes.
fn size(draw: &mut Draw) -> Vec<usize> {
    let axes = 1 + draw.below(3);
    let most = [24, 9, 5][axes - 1];
    (0..axes).map(|_| draw.count(1, most)).collect()
}

/// Beats of a position, and lanes; rarely lanes that do not divide the channels.
fn channels(draw: &mut Draw) -> String {
    let (beats, lanes) = (draw.count(1, 6), draw.count(1, 4));
    let more = usize::from(draw.one_in(30));
    format!("channels = {}\nlanes = {lanes}\n", beats * lanes + more)
}

/// The same, or now and then all channels of several positions a beat.
fn channels_or_strips(draw: &mut Draw, size: &[usize]) -> String {
    if !draw.one_in(4) {
        return channels(draw);
    }
    let (channels, width) = (draw.count(1, 4), size[size.len() - 1]);
    let positions = divisor(draw, width, |_| true);
    format!("channels = {channels}\nlanes = {}\n", positions * channels)
}

/// A scale of all channels, in one of three designs.
fn scale(draw: &mut Draw) -> String {
    let output = draw.ty(32);
    if draw.one_in(3) { draw.scale(1, &output) } else { String::new() }
}

pub fn pool(draw: &mut Draw) -> String {
    let (operation, input, size) = (draw.quoted(&["max", "sum", "mean"]), draw.ty(32), size(draw));
    let mut keys = format!("operation = {operation}\nsize = {size:?}\ninput = \"{input}\"\n")
        + &channels_or_strips(draw, &size);
    if !draw.one_in(5) {
        let kernel: Vec<usize> = size.iter().map(|length| 1 + draw.below((*length).min(4))).collect();
        let padding: Vec<[usize; 2]> =
            kernel.iter().map(|kernel| [draw.below(*kernel), draw.below(*kernel)]).collect();
        let stride: Vec<usize> = kernel.iter().map(|_| 1 + draw.below(4)).collect();
        let ceil = draw.one_in(2);
        keys += &format!("kernel = {kernel:?}\n");
        keys += &draw.perhaps("padding", format!("{padding:?}"));
        keys += &draw.perhaps("stride", format!("{stride:?}"));
        keys += &draw.perhaps("ceil", ceil);
    }
    keys + &scale(draw)
}

pub fn add(draw: &mut Draw) -> String {
    let (size, a, b) = (size(draw), draw.ty(32), draw.ty(32));
    let mut keys = format!("size = {size:?}\na = \"{a}\"\nb = \"{b}\"\n") + &channels_or_strips(draw, &size);
    let factors = [draw.between(-40, 40), draw.between(-40, 40)];
    keys += &draw.perhaps("factors", format!("{factors:?}"));
    keys + &scale(draw)
}

pub fn concat(draw: &mut Draw) -> String {
    let (size, input, lanes) = (size(draw), draw.ty(32), draw.count(1, 4));
    let channels: Vec<usize> = (0..2 + draw.below(3)).map(|_| lanes * draw.count(1, 4)).collect();
    format!("size = {size:?}\nchannels = {channels:?}\nlanes = {lanes}\ninput = \"{input}\"\n")
}

/// Of one map alone.
pub fn map(draw: &mut Draw) -> String {
    let size = size(draw);
    map_of(draw, &size)
}

fn map_of(draw: &mut Draw, size: &[usize]) -> String {
    format!("size = {size:?}\ninput = \"{}\"\n", draw.ty(32)) + &channels(draw)
}

pub fn flatten(draw: &mut Draw) -> String {
    let size = size(draw);
    let turned: Vec<usize> = (0..=size.len()).map(|axis| (axis + 1) % (size.len() + 1)).collect();
    let order =
        if draw.one_in(3) { format!("{turned:?}") } else { draw.quoted(&["channel_last", "channel_first"]) };
    map_of(draw, &size) + &draw.perhaps("order", order)
}

/// Small ones, for each axis.
fn factors(draw: &mut Draw, axes: usize) -> Vec<usize> {
    (0..axes).map(|_| draw.count(1, 3)).collect()
}

pub fn upsample(draw: &mut Draw) -> String {
    let size = size(draw);
    let factors = factors(draw, size.len());
    map_of(draw, &size) + &format!("factor = {factors:?}\n")
}

/// Rarely of channels, or with lanes, that are not divided.
pub fn pixel_shuffle(draw: &mut Draw) -> String {
    let (size, input) = (size(draw), draw.ty(32));
    let factors = factors(draw, size.len());
    let (given, lanes) = (draw.count(1, 3), draw.count(1, 3));
    let more = usize::from(draw.one_in(30));
    let channels = factors.iter().product::<usize>() * given * lanes + more;
    let order = draw.quoted(&["dcr", "crd"]);
    format!(
        "size = {size:?}\ninput = \"{input}\"\nchannels = {channels}\nlanes = {lanes}\nfactor = {factors:?}\n"
    ) + &draw.perhaps("order", order)
}

/// Positions at both ends of each axis.
fn ends(draw: &mut Draw, size: &[usize]) -> Vec<[usize; 2]> {
    size.iter().map(|length| [draw.below(length.div_ceil(2)), draw.below(length.div_ceil(2))]).collect()
}

pub fn pad(draw: &mut Draw) -> String {
    let size = size(draw);
    let padding = ends(draw, &size);
    let value = draw.between(0, 2);
    map_of(draw, &size) + &format!("padding = {padding:?}\n") + &draw.perhaps("value", value)
}

pub fn crop(draw: &mut Draw) -> String {
    let size = size(draw);
    let margin = ends(draw, &size);
    map_of(draw, &size) + &format!("margin = {margin:?}\n")
}

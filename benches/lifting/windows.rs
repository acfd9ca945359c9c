//! The level of a transform by lifting, and the same by windows of 5 samples, two apart: each band as a filter of what a window sees.

use super::Unit;
use ternlet::blocks::{self, Along, Border, Inner, Kernel, Position, Positions, Size, framed, slide};
use ternlet::datapath::lifting::{Band, Level, Point, Scheme, forward, range, raster, reframed};
use ternlet::device::Family;
use ternlet::hdl::{Module, Range, Signal, Timing, unsigned};
use ternlet::stream::{Draw, Field, Frame, Port, Ports, Tokens};
use ternlet::verify::Case;
use ternlet::verilog::emit;

/// What computes a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Lifting,
    Windows,
}

/// A level of frames of `size` samples, each axis of an even length: samples in, all bands of a place out.
pub fn level(scheme: &Scheme, size: &[usize], by: By) -> Unit {
    let name = match (size.len(), by) {
        (1, By::Lifting) => "lifted_line",
        (1, By::Windows) => "filtered_line",
        (_, By::Lifting) => "lifted_picture",
        (_, By::Windows) => "filtered_picture",
    };
    let m = Module::with_timing(name, Timing::clock(Family::ICE40_HX, 100.0));
    let x = m.input_stream("x", true, &unsigned(8)).map(|x| vec![x]);
    let frame = Size::Fixed(size.to_vec());
    match by {
        By::Lifting => {
            let level =
                Level { scheme, input: (0, 255), first: 1, last: 1, most: size.to_vec(), fixed: true };
            let points = level.forward(raster(x, frame));
            let Point { values, wholes, .. } = points.payload().clone();
            // Along an even length every pair is whole.
            wholes.iter().for_each(|whole| m.ignore(*whole));
            let last = points.payload().ends_frame();
            m.output_stream("y", reframed(points, Some(last), values));
        }
        By::Windows => {
            let positions = blocks::raster("raster", x, frame);
            let filtered =
                (0..size.len()).fold(positions, |taken, outer| filtered(scheme, size, outer, taken));
            m.output_stream("y", framed("y", filtered).map(|mut values| values.remove(0)));
        }
    }
    let circuit = m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]));
    let ports = ports(scheme, size);
    Unit { name, sources: emit(&circuit), case: case(scheme, size, &ports), ports, meant: Tokens::clone }
}

/// The bands along the axis that lies within `outer` others; so far these have theirs.
fn filtered<'m>(
    scheme: &Scheme,
    size: &[usize],
    outer: usize,
    positions: Positions<'m, Vec<Signal<'m>>>,
) -> Positions<'m, Vec<Signal<'m>>> {
    let kernel = Kernel { stride: 2, before: 2, after: 1, border: Border::WholeSample, ..Kernel::valid(5) };
    let (length, inner) = (Some(size[outer]), Inner::fixed(&size[outer + 1..]));
    let along = Along { outer, length, inner, is_large: false };
    let windows = slide(positions, &format!("axis_{outer}"), &kernel, &along);
    windows.map(|Position { of, taps, carried, ends }| {
        let bands = |band: Band| {
            let of = |place: usize| {
                let x = [0, 1, 2, 3, 4].map(|tap: usize| taps[tap][place]);
                let high = |at: usize| x[at] - ((x[at - 1] + x[at + 1]) >> 1);
                let value = match band {
                    Band::High => high(3),
                    Band::Low => x[2] + ((high(1) + high(3) + 2) >> 2),
                };
                value.wrap(word(scheme, size.len(), outer, place | usize::from(band == Band::High) << outer))
            };
            (0..taps[0].len()).map(of).collect::<Vec<_>>()
        };
        Position { of, taps: vec![[bands(Band::Low), bands(Band::High)].concat()], carried, ends }
    })
}

/// The word of value number `value`, whose bits say which axes up to `outer` gave it their high band.
fn word(scheme: &Scheme, axes: usize, outer: usize, value: usize) -> Range {
    let band = |axis: usize| match value >> axis & 1 {
        _ if axis > outer => None,
        1 => Some(Band::High),
        _ => Some(Band::Low),
    };
    let (lo, hi) = range(scheme, (0, 255), 1, &(0..axes).map(band).collect::<Vec<_>>());
    Range::new(lo, hi).word()
}

fn ports(scheme: &Scheme, size: &[usize]) -> Ports {
    let field = |value: usize| {
        let name = (0..size.len()).map(|axis| if value >> axis & 1 == 1 { 'h' } else { 'l' }).collect();
        Field { name, lanes: 1, range: word(scheme, size.len(), size.len() - 1, value) }
    };
    let fields: Vec<Field> = (0..1 << size.len()).map(field).collect();
    let halves: Vec<usize> = size.iter().map(|length| length / 2).collect();
    let frame = Frame::of(&halves).with_channels(fields.len());
    let x = Port::new("x", "sample", 1, unsigned(8), Frame::of(size));
    Ports { inputs: vec![x], outputs: vec![Port { name: "y".into(), fields, frame }] }
}

/// Random frames, and all bands of each place, from Mallat's layout.
fn case(scheme: &Scheme, size: &[usize], ports: &Ports) -> Case {
    let mut draw = Draw::seeded(55);
    let mut tokens = [Tokens::default(), Tokens { lanes: ports.outputs[0].lanes(), ..Tokens::default() }];
    for _ in 0..40 {
        let mut frame = Tokens { lanes: 1, ..Tokens::default() };
        draw.frame(&ports.inputs[0], size.iter().product(), &mut frame);
        let bands = forward(scheme, size, &frame.values, 1);
        tokens[0].append(&frame);
        let [height, width] = if size.len() == 1 { [1, size[0]] } else { [size[0], size[1]] };
        let rows = if size.len() == 1 { 1 } else { height / 2 };
        let places = (0..rows).flat_map(|row| (0..width / 2).map(move |column| (row, column)));
        let beat = |(row, column): (usize, usize)| {
            let along = |value: usize, axis: usize, length: usize| (value >> axis & 1) * length / 2;
            let at = |value: usize| match size.len() {
                1 => bands[column + along(value, 0, width)],
                _ => bands[(row + along(value, 0, height)) * width + column + along(value, 1, width)],
            };
            (0..1 << size.len()).map(at).collect::<Vec<_>>()
        };
        tokens[1].push_frame(&ports.outputs[0], &places.flat_map(beat).collect::<Vec<_>>());
    }
    let [x, y] = tokens;
    Case { inputs: vec![x], expected: vec![y] }
}

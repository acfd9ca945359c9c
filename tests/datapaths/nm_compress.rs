use crate::check::*;
use serde_json::Value;
use ternlet::blocks::Ties;
use ternlet::datapath::{Datapath, LaneStream, NmCompressConfig, NmPattern, expand_group, nm_largest_places};
use ternlet::device::Family;
use ternlet::hdl::{Module, Signal, Timing};
use ternlet::stream::{Port, Ports, Tokens, Transfers};
use ternlet::verify::Case;

fn config(pattern: &str, columns: usize, lanes: usize, input: &str, ties: &str) -> String {
    format!(
        "pattern = \"{pattern}\"\ncolumns = {columns}\nlanes = {lanes}\ninput = \"{input}\"\nties = \"{ties}\""
    )
}

/// All groups of four 4-bit values, and the places that numpy keeps of each (`tests/vectors/nm_masks.py`).
fn all_groups(ties: &str) -> impl Iterator<Item = ([i64; 4], Vec<i64>)> {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/nm_masks.json")).unwrap();
    let lines = vectors[ties].as_array().unwrap().clone();
    let nibbles: Vec<u64> = lines
        .iter()
        .flat_map(|line| line.as_str().unwrap().chars())
        .map(|digit| digit.to_digit(16).unwrap().into())
        .collect();
    assert_eq!(nibbles.len(), 1 << 16);
    let pattern = NmPattern::new(2, 4).unwrap();
    nibbles.into_iter().enumerate().map(move |(number, nibble)| {
        let group = [12, 8, 4, 0].map(|shift| (number >> shift & 15) as i64 - 8);
        (group, pattern.decode(nibble).unwrap())
    })
}

#[test]
fn the_golden_model_keeps_what_numpy_keeps() {
    for (name, ties) in [("lower", Ties::Lower), ("higher", Ties::Higher)] {
        for (group, places) in all_groups(name) {
            assert_eq!(nm_largest_places(&group, 2, ties), places, "{group:?} {name}");
        }
    }
}

/// All 65,536 groups through the Verilog, against numpy and no model of ours.
#[test]
fn verilog_keeps_what_numpy_keeps() {
    for ties in ["lower", "higher"] {
        let datapath = datapath::<NmCompressConfig>(&config("2:4", 4, 4, "s4", ties));
        let ports = datapath.ports();
        let (mut x, mut values, mut metadata) = (Vec::new(), Vec::new(), Vec::new());
        for (group, places) in all_groups(ties) {
            x.extend(group);
            values.extend(places.iter().map(|&place| group[place as usize]));
            metadata.extend(places);
        }
        let inputs = vec![Tokens::pack(&ports.inputs[0], &x)];
        let expected =
            vec![Tokens::pack(&ports.outputs[0], &values), Tokens::pack(&ports.outputs[1], &metadata)];
        let cases = [Case { inputs, expected }];
        let report = verilator_on(&*datapath, &cases, 35, Timing::clock(Family::ICE40_HX, 100.0));
        assert_eq!((report.mismatches, report.beats_in), (0, 1 << 16));
        assert_eq!(report.initiation_interval, Some(1.0), "a group a cycle");
    }
}

#[test]
fn hardware_equals_golden_for_every_pattern() {
    for (pattern, columns, lanes, input) in [
        ("2:4", 12, 8, "s8"),
        ("1:1", 3, 2, "s4"),
        ("1:2", 10, 4, "s32"),
        ("3:3", 9, 6, "u32"),
        ("1:5", 10, 5, "s1"),
        ("5:7", 21, 14, "u5"),
        ("4:8", 24, 16, "s3"),
        ("8:16", 16, 16, "s2"),
        ("1:16", 16, 16, "u1"),
        ("15:16", 16, 16, "s4"),
    ] {
        for ties in ["lower", "higher"] {
            interpreter(
                &*datapath::<NmCompressConfig>(&config(pattern, columns, lanes, input, ties)),
                30,
                36,
            );
        }
    }
}

#[test]
fn verilog_equals_golden() {
    let report = verilator(
        &*datapath::<NmCompressConfig>(&config("3:6", 18, 12, "s6", "lower")),
        300,
        37,
        Timing::levels(2),
    );
    assert_eq!(report.mismatches, 0);
}

/// Each value at its place, and zeros elsewhere.
fn expanded<'m>(
    m: &'m Module,
    values: &[Signal<'m>],
    places: &[Signal<'m>],
    group: usize,
) -> Vec<Signal<'m>> {
    let at = |place: usize| {
        let values = values.iter().zip(places);
        values.fold(m.constant(0), |otherwise, (value, at)| at.eq(place as i64).mux(*value, otherwise))
    };
    (0..group).map(at).collect()
}

/// Compression, and expansion after it.
struct Masked(Box<dyn Datapath>, NmPattern);

impl Datapath for Masked {
    fn kind(&self) -> &'static str {
        "masked"
    }

    fn doc(&self) -> String {
        "what compression keeps, at its place".into()
    }

    fn ports(&self) -> Ports {
        let x = self.0.ports().inputs.remove(0);
        Ports { outputs: vec![Port { name: "y".into(), ..x.clone() }], inputs: vec![x] }
    }

    fn build<'m>(&self, m: &'m Module, inputs: Vec<LaneStream<'m>>) -> Vec<LaneStream<'m>> {
        let (kept, group) = (self.1.kept(), self.1.group());
        let mut compressed = self.0.build(m, inputs);
        let (metadata, values) = (compressed.remove(1), compressed.remove(0));
        let dense = values.zip(metadata).map(|(values, places)| {
            let groups = values.chunks(kept).zip(places.chunks(kept));
            groups.flat_map(|(values, places)| expanded(m, values, places, group)).collect()
        });
        vec![dense]
    }

    /// The original with the values set to 0 that N others of the group beat: the rule as a sentence, which no model sorts.
    fn golden(&self, inputs: &Transfers) -> Transfers {
        let ports = self.ports();
        let x = inputs[0].unpack(&ports.inputs[0]);
        let of_group = |group: &[i64]| -> Vec<i64> {
            let beats = |other: usize, place: usize| {
                let (a, b) = (group[other].abs(), group[place].abs());
                a > b || (a == b && other < place)
            };
            let kept =
                |place: usize| (0..group.len()).filter(|&other| beats(other, place)).count() < self.1.kept();
            (0..group.len()).map(|place| if kept(place) { group[place] } else { 0 }).collect()
        };
        let y: Vec<i64> = x.chunks(self.1.group()).flat_map(of_group).collect();
        vec![Tokens::pack(&ports.outputs[0], &y)]
    }
}

#[test]
fn compress_then_expand_is_the_masked_original() {
    for (kept, group) in [(2, 4), (1, 4), (4, 8), (2, 3), (5, 5), (1, 1), (7, 16)] {
        let inner = config(&format!("{kept}:{group}"), 2 * group, group, "s5", "lower");
        let masked = Masked(datapath::<NmCompressConfig>(&inner), NmPattern::new(kept, group).unwrap());
        interpreter(&masked, 100, 38);
        let x = &stimuli(&masked, 200, 39).pop().unwrap()[0];
        let mut y = Vec::new();
        for values in x.values.chunks(group) {
            let places = nm_largest_places(values, kept, Ties::Lower);
            let compressed: Vec<i64> = places.iter().map(|&place| values[place as usize]).collect();
            y.extend(expand_group(masked.1, &compressed, &places));
        }
        assert_eq!(masked.golden(&vec![x.clone()])[0].values, y);
    }
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<NmCompressConfig>(&config("2:4", 6, 4, "s8", "lower"));
    assert!(
        text.contains("columns = 6: a frame has 1 to 65536 columns in whole groups of 4; pad it"),
        "{text}"
    );
    let text = problems::<NmCompressConfig>(&config("2:4", 8, 4, "s8", "first"));
    assert!(text.contains("unknown variant `first`, expected `lower` or `higher`"), "{text}");
    let text = problems::<NmCompressConfig>(&config("4", 8, 4, "s8", "lower"));
    assert!(text.contains("`4` is no N:M pattern; write `2:4`"), "{text}");
}

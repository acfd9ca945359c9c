use crate::check::*;
use ternlet::datapath::{NmPattern, NmSelectConfig, nm_select};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::Tokens;

fn config(pattern: &str, columns: usize, lanes: usize, input: &str) -> String {
    format!("pattern = \"{pattern}\"\ncolumns = {columns}\nlanes = {lanes}\ninput = \"{input}\"")
}

/// A product with compressed weights is the product with the dense ones: what metadata is for.
#[test]
fn selected_activations_meet_their_weights() {
    for (group, mask) in
        [(4usize, 0b0101u32), (4, 0b1100), (8, 0b1001_0110), (16, 0x8421), (1, 1), (5, 0b11111)]
    {
        let places: Vec<i64> =
            (0..group).filter(|place| mask >> place & 1 == 1).map(|place| place as i64).collect();
        NmPattern::new(places.len(), group).unwrap().check(&places).unwrap();
        let x: Vec<i64> = (0..group as i64).map(|place| place * place - 7).collect();
        let dense: Vec<i64> =
            (0..group as i64).map(|place| if places.contains(&place) { 3 * place - 10 } else { 0 }).collect();
        let compressed = places.iter().map(|&place| dense[place as usize]);
        let dot: i64 = nm_select(&x, &places).iter().zip(compressed).map(|(x, w)| x * w).sum();
        assert_eq!(dot, x.iter().zip(&dense).map(|(x, w)| x * w).sum::<i64>());
    }
}

#[test]
fn hardware_equals_golden_for_every_pattern() {
    for (pattern, columns, lanes, input) in [
        ("2:4", 4, 4, "s8"),
        ("2:4", 12, 8, "u1"),
        ("1:1", 3, 2, "s4"),
        ("1:2", 10, 4, "s32"),
        ("3:3", 9, 6, "u32"),
        ("1:5", 10, 5, "s1"),
        ("5:7", 21, 14, "u5"),
        ("4:8", 40, 16, "s3"),
        ("8:16", 48, 32, "s2"),
        ("1:16", 16, 16, "u2"),
    ] {
        interpreter(&*datapath::<NmSelectConfig>(&config(pattern, columns, lanes, input)), 40, 31);
    }
}

#[test]
fn verilog_equals_golden() {
    for (toml, timing) in [
        (config("2:4", 20, 8, "s8"), Timing::combinational()),
        (config("3:6", 18, 12, "u4"), Timing::levels(1)),
    ] {
        let report = verilator(&*datapath::<NmSelectConfig>(&toml), 300, 32, timing);
        assert_eq!((report.mismatches, report.frames), (0, 305));
    }
}

#[test]
fn a_group_is_selected_in_every_cycle() {
    let report = verilator(
        &*datapath::<NmSelectConfig>(&config("2:4", 16, 4, "s8")),
        100,
        33,
        Timing::clock(Family::ICE40_HX, 200.0),
    );
    assert_eq!(report.initiation_interval, Some(4.0));
}

/// Random metadata must reach both what is possible and what is not.
#[test]
fn random_metadata_is_possible_and_not() {
    let datapath = datapath::<NmSelectConfig>(&config("2:4", 4, 4, "s8"));
    let pattern = NmPattern::new(2, 4).unwrap();
    let inputs = stimuli(&*datapath, 300, 34).pop().unwrap();
    let possible = inputs[1].values.chunks(2).filter(|places| pattern.check(places).is_ok()).count();
    assert!((100..250).contains(&possible), "{possible} of 300");
}

#[test]
fn impossible_metadata_is_refused_with_its_place() {
    let datapath = datapath::<NmSelectConfig>(&config("2:4", 8, 4, "s8"));
    let ports = datapath.ports().inputs;
    let check = |places: &[i64]| {
        let x = Tokens::pack(&ports[0], &vec![0; 2 * places.len()]);
        datapath.check(&vec![x, Tokens::pack(&ports[1], places)])
    };
    assert_eq!(check(&[0, 1, 2, 3, 0, 3, 1, 2]), Ok(()));
    let (stream, why) = check(&[0, 1, 2, 3, 0, 3, 2, 2]).unwrap_err();
    assert_eq!(stream, "metadata");
    let said = "group 1 of frame 1: places [2, 2] are impossible metadata; 2:4 keeps 2, ascending, of 0..=3";
    assert_eq!(why, said);
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<NmSelectConfig>(&config("2:4", 10, 6, "s8"));
    for line in [
        "columns = 10: a frame has 1 to 65536 columns in whole groups of 4; pad it with zeros to 12",
        "lanes = 6: a beat has whole groups of 4, at most the 10 columns and 4096 lanes; write a multiple of 4 up to 12",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let text = problems::<NmSelectConfig>(&config("0:4", 8, 4, "s8"));
    assert!(text.contains("pattern `0:4` is not N:M with 1 <= N <= M <= 16"), "{text}");
    let text = problems::<NmSelectConfig>(&config("2:4", 0, 0, "s8"));
    assert!(text.contains("columns = 0: ") && text.contains("lanes = 0: "), "{text}");
    let text = problems::<NmSelectConfig>(&config("2:4", 65536 + 4, 4, "s8"));
    assert!(text.contains("columns = 65540: a frame has 1 to 65536 columns"), "{text}");
}

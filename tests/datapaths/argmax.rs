use crate::check::*;
use crate::schedule::holds;
use ternlet::blocks::Ties;
use ternlet::datapath::{ArgmaxConfig, argmax};
use ternlet::hdl::Timing;

/// Against the standard library's `max_by_key`, which gives the last of equals: of the frame backwards, the first.
#[test]
fn the_golden_model_takes_the_first_or_last_of_equals() {
    for seed in 0..500usize {
        let frame: Vec<i64> =
            (0..1 + seed % 7).map(|place| ((seed * 31 + place * 17) % 5) as i64 - 2).collect();
        let oracle = frame.iter().enumerate().rev().max_by_key(|(_, value)| **value).unwrap().0;
        assert_eq!(argmax(&frame, Ties::Lower), oracle, "{frame:?}");
        let oracle = frame.iter().enumerate().max_by_key(|(_, value)| **value).unwrap().0;
        assert_eq!(argmax(&frame, Ties::Higher), oracle, "{frame:?}");
    }
}

#[test]
fn hardware_equals_golden() {
    for (columns, lanes, input) in
        [(1, 1, "s4"), (2, 1, "u1"), (10, 1, "s3"), (10, 3, "s32"), (7, 7, "u32"), (5, 2, "s1")]
    {
        let toml = format!("columns = {columns}\nlanes = {lanes}\ninput = \"{input}\"");
        interpreter(&*datapath::<ArgmaxConfig>(&toml), 30, 16);
        interpreter(&*datapath::<ArgmaxConfig>(&(toml + "\nties = \"higher\"")), 30, 16);
    }
    let report =
        verilator(&*datapath::<ArgmaxConfig>("columns = 10\ninput = \"s8\""), 500, 17, Timing::levels(2));
    assert_eq!(report.mismatches, 0);
    assert_eq!(report.initiation_interval, Some(10.0));
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let text = problems::<ArgmaxConfig>("columns = 3\nlanes = 4\ninput = \"s8\"");
    assert!(text.contains("lanes = 4: a beat has 1 to `columns` lanes; write 1 to 3"), "{text}");
}

#[test]
fn each_position_has_an_index() {
    for (case, keys) in [
        "size = [3]\nchannels = 1",
        "size = [5]\nchannels = 4",
        "size = [2, 3]\nchannels = 3\nlanes = 3",
        "size = [2, 2]\nchannels = 6\nlanes = 2",
        "size = [2, 3, 2]\nchannels = 9\nlanes = 3",
        "size = [1]\nchannels = 8\nlanes = 4",
    ]
    .iter()
    .enumerate()
    {
        let classes = datapath::<ArgmaxConfig>(&format!("input = \"s3\"\n{keys}"));
        interpreter(&*classes, 20, case as u64);
        holds(&*classes);
        let last = datapath::<ArgmaxConfig>(&format!("input = \"s2\"\nties = \"higher\"\n{keys}"));
        interpreter(&*last, 20, case as u64);
    }
    let classes = datapath::<ArgmaxConfig>("size = [3, 4]\nchannels = 6\nlanes = 2\ninput = \"s8\"");
    let report = verilator(&*classes, 200, 18, Timing::levels(2));
    assert_eq!((report.mismatches, report.initiation_interval), (0, Some(36.0)));
    let text = problems::<ArgmaxConfig>("size = [3, 4]\nchannels = 6\nlanes = 4\ninput = \"s8\"");
    assert!(text.contains("lanes = 4: lanes divide the 6 channels of a position; write 3 or 6"), "{text}");
}

use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::{
    CodebookMacConfig, Datapath, NmMacConfig, RequantizeConfig, TernaryMacConfig, ThresholdsConfig,
    threshold_code,
};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::{Draw, Tokens};

const FORMS: [&str; 4] = ["comparators", "pipelined_search", "search", "table"];

/// Rows, lanes, the accumulators' type, and how many thresholds a row has.
type Shape = (usize, usize, &'static str, usize);

/// A design whose thresholds are drawn within the type and beyond, some of them equal; `rest` are further keys.
fn config((rows, lanes, input, levels): Shape, form: &str, rest: &str) -> String {
    let mut draw = Draw::seeded((rows * 100 + lanes * 10 + levels) as u64);
    let bits: u32 = input[1..].parse().unwrap();
    let reach = 5i64 << (bits - 1) >> 2;
    let row = |draw: &mut Draw| {
        let mut row: Vec<i64> = (0..levels).map(|_| draw.integer(-reach, reach)).collect();
        row.sort_unstable();
        row
    };
    let thresholds: Vec<Vec<i64>> = (0..rows).map(|_| row(&mut draw)).collect();
    let signs: Vec<i64> = (0..rows).map(|_| 2 * draw.integer(0, 1) - 1).collect();
    format!(
        "rows = {rows}\nlanes = {lanes}\ninput = \"{input}\"\n{rest}\n[thresholds]\noutput = \"s8\"\nleast = {}\nform = \"{form}\"\n\
         thresholds = {thresholds:?}\nsigns = {signs:?}",
        if levels > 100 { -128 } else { lanes as i64 - 4 * (levels as i64 % 3) }
    )
}

const SHAPES: [Shape; 8] = [
    (1, 1, "s5", 1),
    (5, 1, "s7", 3),
    (5, 2, "u8", 2),
    (4, 4, "s8", 7),
    (3, 3, "u6", 15),
    (17, 3, "s6", 14),
    (2, 1, "s8", 100),
    (6, 2, "u1", 1),
];

#[test]
fn hardware_equals_golden_in_every_form() {
    for shape in SHAPES {
        for form in FORMS {
            interpreter(&*datapath::<ThresholdsConfig>(&config(shape, form, "")), 4, 21);
        }
    }
}

/// Rows at several positions: each frame is a line, a picture or a volume of rows.
#[test]
fn feature_maps_have_the_thresholds_of_their_channels() {
    for (size, shape) in
        [("[5]", (4, 2, "s6", 3)), ("[2, 3]", (3, 1, "s7", 7)), ("[2, 1, 2]", (6, 6, "s5", 2))]
    {
        for form in FORMS {
            let toml = config(shape, form, &format!("size = {size}"));
            let thresholds = datapath::<ThresholdsConfig>(&toml);
            interpreter(&*thresholds, 3, 22);
            holds(&*thresholds);
        }
    }
}

#[test]
fn verilog_equals_golden() {
    for (form, shape) in
        FORMS.iter().zip([(5, 2, "s11", 15), (3, 1, "s16", 7), (6, 3, "s12", 14), (5, 1, "s8", 3)])
    {
        for timing in [Timing::combinational(), Timing::levels(1)] {
            let thresholds = datapath::<ThresholdsConfig>(&config(shape, form, ""));
            let report = verilator(&*thresholds, 300, 23, timing);
            assert_eq!(report.mismatches, 0);
            assert_eq!(report.frames, 300 + 5 + 2 * shape.3, "each threshold is reached and missed by one");
        }
    }
}

/// A beat a cycle, and searched a threshold a cycle one cycle more than the code has bits.
#[test]
fn cycles_are_those_of_the_form() {
    let shapes: [Shape; 4] = [(1, 1, "s5", 1), (5, 2, "s6", 3), (4, 1, "s6", 15), (4, 1, "s6", 16)];
    for shape in shapes {
        for form in FORMS {
            let beats = (shape.0 as u64).div_ceil(shape.1 as u64);
            let bits = u64::from(shape.3.ilog2() + 1);
            let cycles = if form == "search" { beats * (bits + 1) } else { beats };
            let schedule = holds(&*datapath::<ThresholdsConfig>(&config(shape, form, "")));
            assert_eq!(schedule.initiation_interval, Some(cycles), "{form} {shape:?}");
        }
    }
}

/// The staircase of every `requantize` has thresholds, found by looking at all accumulators; both give the same.
#[test]
fn thresholds_equal_the_requantization_that_they_are_of() {
    for (multiplier, bias, shift, rounding, bounds) in [
        (37, 5, 6, "half_up", [0, 15]),
        (-21, 400, 7, "half_even", [-7, 7]),
        (5, -9, 4, "floor", [-8, 7]),
        (1, 0, 3, "away_from_zero", [-1, 1]),
        (-3, 0, 2, "half_toward_zero", [3, 5]),
    ] {
        let scale = format!(
            "rows = 1\ninput = \"s9\"\n[requantize]\noutput = \"s5\"\nbounds = {bounds:?}\nmultiplier = {multiplier}\nbias = {bias}\n\
             shift = {shift}\nrounding = \"{rounding}\""
        );
        let requantize = datapath::<RequantizeConfig>(&scale);
        let all: Vec<i64> = (-256..256).collect();
        let of = |datapath: &dyn Datapath| {
            let ports = datapath.ports();
            datapath.golden(&vec![Tokens::pack(&ports.inputs[0], &all)])[0].unpack(&ports.outputs[0])
        };
        let codes = of(&*requantize);
        let sign = if multiplier < 0 { -1 } else { 1 };
        let reach = |code: i64| {
            let reaching = all.iter().zip(&codes).filter(|(_, y)| **y >= code).map(|(acc, _)| sign * acc);
            reaching.min().unwrap_or(i64::MAX)
        };
        let thresholds: Vec<i64> = (bounds[0] + 1..=bounds[1]).map(reach).collect();
        let toml = format!(
            "rows = 1\ninput = \"s9\"\n[thresholds]\noutput = \"s5\"\nleast = {}\nthresholds = {thresholds:?}\nsigns = {sign}",
            bounds[0]
        );
        let compared = datapath::<ThresholdsConfig>(&toml);
        assert_eq!(of(&*compared), codes, "{scale}");
        for (acc, code) in all.iter().zip(&codes) {
            assert_eq!(threshold_code(*acc, &thresholds, sign, bounds[0]), *code);
        }
        interpreter(&*requantize, 20, 24);
        interpreter(&*compared, 20, 24);
    }
}

#[test]
fn the_form_follows_the_cost() {
    let of = |shape: Shape, timing| {
        let facts = datapath::<ThresholdsConfig>(&config(shape, "auto", "")).facts(timing);
        facts[0].1.clone()
    };
    let clock = Timing::clock(Family::ICE40_UP, 24.0);
    for (shape, form) in [
        ((8, 1, "s12", 1), "a comparator for each threshold"),
        ((16, 1, "s10", 3), "a comparator for each threshold"),
        ((16, 1, "s24", 255), "a binary search, a comparator for each bit"),
        ((4, 1, "s5", 15), "a table of all accumulators"),
    ] {
        let said = of(shape, clock);
        assert!(said.starts_with(form), "{shape:?}: {said}");
    }
}

const MAC: &str = "rows = 6\ncolumns = 5\ninput = \"s4\"\n";

/// Every kind of array, folded or not, whose rows leave as codes.
#[test]
fn rows_of_an_array_become_codes() {
    let values = [
        [1i64, -1, 0, 1, 1],
        [0, 1, 1, -1, 0],
        [1, 1, 1, 1, 1],
        [-1, 0, 0, 0, 1],
        [0, 0, 0, 1, 0],
        [1, 0, -1, -1, 0],
    ];
    let thresholds = "[thresholds]\noutput = \"s3\"\nleast = -3\nsigns = [1, -1, 1, 1, -1, 1]\nthresholds = [[-9, -2, 0, 1, 2, 30], \
                      [-3, -3, 0, 4, 4, 5], [0, 1, 2, 3, 4, 5], [-8, -5, 0, 0, 1, 9], [-4, -3, -2, -1, 0, 1], [1, 2, 3, 7, 8, 9]]\n";
    for folding in
        ["", "lanes = 2\nparallel_rows = 3\n", "lanes = 5\nparallel_rows = 4\n", "parallel_rows = 6\n"]
    {
        for form in ["auto", "comparators", "pipelined_search", "search"] {
            for from in ["memory", "constant"] {
                if from == "constant" && !folding.is_empty() {
                    continue;
                }
                let weights = format!("weights = {{ from = \"{from}\", values = {values:?} }}\n");
                let toml = format!("{MAC}{folding}{weights}{thresholds}form = \"{form}\"");
                let mac = datapath::<TernaryMacConfig>(&toml);
                interpreter(&*mac, 4, 25);
                holds(&*mac);
            }
        }
    }
    let thresholds = "[thresholds]\noutput = \"u2\"\nthresholds = [-9, 0, 9]\n";
    let weights = "weights = { from = \"stream\" }\nparallel_rows = 4\nlanes = 4\n";
    interpreter(
        &*datapath::<NmMacConfig>(&format!("{MAC}{weights}pattern = \"2:4\"\nweight = \"s4\"\n{thresholds}")),
        4,
        26,
    );
    interpreter(
        &*datapath::<CodebookMacConfig>(&format!("{MAC}{weights}codebook = \"odd2\"\n{thresholds}")),
        4,
        27,
    );
}

/// As many rows leave at once as keep the pace of the sums, and no more.
#[test]
fn rows_leave_as_fast_as_they_are_summed_up() {
    let values = vec![vec![1i64; 12]; 8];
    for (lanes, parallel, form, at_once, cycles) in [
        (12, 8, "comparators", 8, 1),
        (6, 8, "comparators", 4, 2),
        (3, 8, "comparators", 2, 4),
        (3, 4, "comparators", 1, 8),
        (2, 6, "comparators", 1, 12),
        (1, 8, "search", 2, 14),
        (12, 8, "search", 8, 3),
    ] {
        for activation in [
            format!("[thresholds]\noutput = \"u2\"\nthresholds = [0, 20, 40]\nform = \"{form}\""),
            "[requantize]\noutput = \"u2\"\nmultiplier = 3\nshift = 6".into(),
        ] {
            if activation.contains("requantize") && form == "search" {
                continue;
            }
            let mac = datapath::<TernaryMacConfig>(&format!(
                "rows = 8\ncolumns = 12\ninput = \"u4\"\nlanes = {lanes}\nparallel_rows = {parallel}\n\
                 weights = {{ from = \"memory\", values = {values:?} }}\n{activation}"
            ));
            assert_eq!(mac.ports().outputs[0].lanes(), at_once, "{lanes} {parallel} {activation}");
            let schedule = holds(&*mac);
            assert_eq!(schedule.initiation_interval, Some(cycles), "{lanes} {parallel} {activation}");
            let report = verilator(&*mac, 40, 28, Timing::levels(2));
            assert_eq!(report.mismatches, 0);
        }
    }
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let of = |rest: &str| {
        problems::<ThresholdsConfig>(&format!(
            "rows = 3\nlanes = 1\ninput = \"s12\"\n[thresholds]\noutput = \"u2\"\n{rest}"
        ))
    };
    for (rest, said) in [
        (
            "thresholds = [[1, 2, 3], [5, 4, 9], [1, 1, 1]]",
            "thresholds.thresholds = 4 (row 1, level 1 of the list): thresholds rise, but the one before is 5; where codes fall while the \
             accumulator rises, give the negative thresholds, which rise, and a sign of -1",
        ),
        (
            "thresholds = [[1, 2], [3, 4]]",
            "= 2 x 2 integers: there are thresholds of 2 rows for 3; give those of one row for all, or of 3",
        ),
        ("thresholds = [[1, 2], [3], [4, 5]]", "each row has as many thresholds as the others, 1 to 255"),
        (
            "thresholds = [1, 2, 3, 4]",
            "thresholds.output = \"u2\": codes are 0 to 4, but u2 holds 0 to 3; widen it, or write another least",
        ),
        (
            "thresholds = [1]\nsigns = [1, 0, 1]",
            "thresholds.signs = 0 (row 1): a sign is 1 or -1; write -1 where codes fall",
        ),
        (
            "thresholds = [1]\nform = \"table\"",
            "thresholds.form = \"table\": a table has accumulators of at most 8 bits, not -2048..=2047",
        ),
        ("thresholds = [1]\nform = \"tree\"", "unknown variant `tree`"),
        ("thresholds = \"none\"", "expected a list of integers for all rows"),
        ("thresholds = { file = \"t.npy\" }", "t.npy: no such file"),
    ] {
        let text = of(rest);
        assert!(text.contains(said), "{rest}: {text}");
    }
    let text = problems::<ThresholdsConfig>(
        "rows = 4\nlanes = 33\ninput = \"s8\"\n[thresholds]\noutput = \"u2\"\nthresholds = [1]",
    );
    let wide = "lanes = 33: a beat has at most the 4 accumulators of a position; write 1 to 4";
    assert!(text.contains(wide), "{text}");
    let text = problems::<ThresholdsConfig>(
        "rows = 6\nlanes = 4\nsize = [3, 3]\ninput = \"s8\"\n[thresholds]\noutput = \"u9\"\nthresholds = [1]",
    );
    for line in [
        "lanes = 4: a beat would hold channels of two positions, as 6 are no multiple of 4; write 3",
        "thresholds.output = \"u9\": a code has 1 to 8 bits; write u1 to u8, or s1 to s8",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let both =
        "[thresholds]\noutput = \"u2\"\nthresholds = [1]\n[requantize]\noutput = \"u2\"\nmultiplier = 1";
    let text = problems::<TernaryMacConfig>(&format!("{MAC}weights = {{ from = \"stream\" }}\n{both}"));
    assert!(
        text.contains("rows are requantized, or compared with thresholds; leave one of both tables out"),
        "{text}"
    );
}

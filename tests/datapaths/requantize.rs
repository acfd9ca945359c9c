use crate::check::*;
use crate::schedule::holds;
use ternlet::datapath::{RequantizeConfig, TernaryMacConfig, requantize};
use ternlet::device::Family;
use ternlet::hdl::{Rounding, Timing};
use ternlet::stream::Tokens;

/// Against the rounding of floating-point numbers, which are exact here.
#[test]
fn the_golden_model_rounds_as_ieee_numbers_do() {
    for rounding in Rounding::ALL {
        for shift in 0..6 {
            for acc in -70..70i64 {
                let exact = (acc * 3 - 7) as f64 / f64::from(1 << shift);
                let rounded = match rounding {
                    Rounding::Floor => exact.floor(),
                    Rounding::HalfUp => (exact + 0.5).floor(),
                    Rounding::HalfEven => exact.round_ties_even(),
                    Rounding::TowardZero => exact.trunc(),
                    Rounding::Ceil => exact.ceil(),
                    Rounding::AwayFromZero => exact.abs().ceil().copysign(exact),
                    Rounding::HalfAwayFromZero => exact.round(),
                    Rounding::HalfTowardZero => (exact.abs() - 0.5).ceil().copysign(exact),
                };
                let expected = rounded.clamp(-20.0, 40.0) as i64;
                assert_eq!(
                    requantize(acc, 3, -7, shift, rounding, -20, 40),
                    expected,
                    "{acc} {shift} {rounding:?}"
                );
            }
        }
    }
}

fn config(rows: usize, lanes: usize, input: &str, rest: &str) -> String {
    format!("rows = {rows}\nlanes = {lanes}\ninput = \"{input}\"\n[requantize]\n{rest}")
}

#[test]
fn hardware_equals_golden_for_every_rounding_and_folding() {
    for mode in Rounding::ALL {
        for (rows, lanes) in [(1, 1), (5, 1), (5, 2), (4, 4), (37, 5)] {
            let multipliers: Vec<i64> = (0..rows as i64).map(|row| (row * 97) % 61 - 20).collect();
            let biases: Vec<i64> = (0..rows as i64).map(|row| row * 31 - 200).collect();
            let rest = format!(
                "output = \"s5\"\nmultiplier = {multipliers:?}\nbias = {biases:?}\nshift = 6\nrounding = \"{mode}\"\n\
                 zero_point = {}",
                lanes as i64 - 3
            );
            let datapath = datapath::<RequantizeConfig>(&config(rows, lanes, "s9", &rest));
            interpreter(&*datapath, 4, 7);
        }
    }
}

/// What ONNX's QuantizeLinear gives for halves of these and a zero point of 3: rounding comes first.
#[test]
fn the_zero_point_is_added_after_the_rounding() {
    let of = |rest: &str| {
        let rest = format!("output = \"s8\"\nmultiplier = 1\nshift = 1\nrounding = \"half_even\"\n{rest}");
        let datapath = datapath::<RequantizeConfig>(&config(8, 1, "s16", &rest));
        let acc = Tokens::pack(&datapath.ports().inputs[0], &[5, -5, 6, -6, 7, -7, 10, -10]);
        interpreter(&*datapath, 4, 3);
        datapath.golden(&vec![acc])[0].unpack(&datapath.ports().outputs[0])
    };
    assert_eq!(of("zero_point = 3"), [5, 1, 6, 0, 7, -1, 8, -2]);
    assert_eq!(of("bias = 6"), [6, 0, 6, 0, 6, 0, 8, -2], "QONNX's Quant adds it before");
    let text = problems::<RequantizeConfig>(&config(
        8,
        1,
        "s16",
        "output = \"s8\"\nmultiplier = 1\nzero_point = 4294967296",
    ));
    assert!(text.contains("zero_point = 4294967296: a zero point has at most 32 bits"), "{text}");
}

#[test]
fn every_way_to_multiply_equals_golden() {
    for (multiplier, bias) in
        [("0", "5"), ("-1", "[9, 0, -4, 3, 8, 1]"), ("1365", "5"), ("-32768", "[9, 0, 4, 0, 9, 0]")]
    {
        for product in ["auto", "multiply", "shift_add", "serial"] {
            for lanes in [1, 2, 4, 6] {
                let rest = format!(
                    "output = \"u8\"\nmultiplier = {multiplier}\nbias = {bias}\nshift = 3\nproduct = \"{product}\""
                );
                if product != "shift_add" || lanes != 4 {
                    interpreter(&*datapath::<RequantizeConfig>(&config(6, lanes, "s7", &rest)), 4, 8);
                }
            }
        }
    }
    let rest = "output = \"s8\"\nmultiplier = [371, -41, 29, 35]\nbias = 7\nshift = 9";
    for (family, mhz) in
        [(Family::ICE40_HX, 200.0), (Family::ICE40_UP, 100.0), (Family::ECP5, 250.0), (Family::GOWIN, 12.0)]
    {
        for (lanes, input) in [(1, "s16"), (2, "u13"), (4, "s9")] {
            let timing = Timing::clock(family, mhz);
            let requantize = datapath::<RequantizeConfig>(&config(4, lanes, input, rest));
            interpreter_at(timing, &*requantize, 6, 8);
        }
    }
}

/// A bit of the accumulator a cycle: every sign of both factors, several rows and lanes, every rounding, the widest types, and noise.
#[test]
fn serial_products_equal_golden() {
    let serial = |rows, lanes, input: &str, rest: &str| {
        let rest = format!("product = \"serial\"\n{rest}");
        let requantize = datapath::<RequantizeConfig>(&config(rows, lanes, input, &rest));
        interpreter(&*requantize, 6, 15);
        let bits: u64 = input[1..].parse().unwrap();
        let schedule = holds(&*requantize);
        assert_eq!(schedule.initiation_interval, Some((rows as u64).div_ceil(lanes as u64) * (bits + 3)));
    };
    for (rows, lanes) in [(1, 1), (5, 1), (5, 2), (4, 4)] {
        for (sign, output) in [(1, "u7"), (-1, "s7"), (0, "s9")] {
            for input in ["s1", "u1", "s7", "u6"] {
                let row = |row: i64| if sign == 0 { 29 * row - 50 } else { sign * (29 * row + 3) };
                let multipliers: Vec<i64> = (0..rows as i64).map(row).collect();
                let biases: Vec<i64> = (0..rows as i64).map(|row| 900 * sign - 70 * row).collect();
                let rest = format!(
                    "output = \"{output}\"\nmultiplier = {multipliers:?}\nbias = {biases:?}\nshift = 3\nrounding = \"half_even\""
                );
                serial(rows, lanes, input, &rest);
            }
        }
    }
    let widest =
        "output = \"s63\"\nmultiplier = [2147483647, -2147483648, 0]\nbias = [1073741823, -1073741824, 9]";
    serial(3, 1, "s31", widest);
    serial(
        2,
        1,
        "s9",
        "output = \"s6\"\nmultiplier = 37\nbias = -3\nshift = 7\nrounding = \"stochastic\"\nseed = 11",
    );
    let rest = "product = \"serial\"\noutput = \"s24\"\nmultiplier = [371, -41, 290000, 35, 1]\nbias = [1, -7, 0, 99, 5]";
    for timing in [Timing::combinational(), Timing::levels(1)] {
        let report = verilator(&*datapath::<RequantizeConfig>(&config(5, 2, "s12", rest)), 300, 16, timing);
        assert_eq!(report.mismatches, 0);
    }
}

/// Where sums come rarely, a product that no hard multiplier takes is made a bit a cycle, and the sums wait for none.
#[test]
fn rare_products_are_serial() {
    let made = |columns: usize, multipliers: &str, product: &str| {
        let toml = format!(
            "rows = 3\ncolumns = {columns}\ninput = \"u4\"\nweights = {{ from = \"memory\", values = {:?} }}\n\
             [requantize]\noutput = \"s40\"\nmultiplier = {multipliers}\nbias = [5, -70000, 4]\nproduct = \"{product}\"",
            [vec![1i64; columns], vec![-1; columns], (0..columns as i64).map(|c| c % 3 - 1).collect()]
        );
        datapath::<TernaryMacConfig>(&toml)
    };
    let of = |columns, multipliers: &str| made(columns, multipliers, "auto");
    let product = |columns, multipliers: &str, family| {
        let facts = of(columns, multipliers).facts(Timing::clock(family, 24.0));
        facts.into_iter().find(|(what, _)| what == "product").expect("a product").1
    };
    let wide = "[2097151, -2000003, 1999999]";
    let serial = "an adder a lane, a bit of the accumulator a cycle: 13 cycles a beat";
    assert_eq!(product(32, wide, Family::ICE40_UP), serial);
    assert_eq!(product(32, "2033033", Family::ICE40_UP), serial, "a constant of many digits");
    assert_eq!(product(32, "65536", Family::ICE40_UP), "sums of shifts of constants");
    assert!(!product(9, wide, Family::ICE40_UP).starts_with("an adder"), "no time");
    assert!(product(32, "[21, 22, 23]", Family::ICE40_UP).starts_with("a hard multiplier"));
    for columns in [9, 32] {
        let mac = of(columns, wide);
        interpreter_at(Timing::clock(Family::ICE40_UP, 24.0), &*mac, 4, 17);
        let whole = holds(&*made(columns, wide, "multiply"));
        assert_eq!(holds(&*mac).initiation_interval, whole.initiation_interval);
    }
}

/// Rows are the channels of each position, and bounds may be narrower than a type.
#[test]
fn feature_maps_and_narrow_bounds() {
    for (size, rows, lanes) in [("[3]", 4, 2), ("[2, 3]", 5, 1), ("[2, 1, 2]", 3, 3)] {
        let multipliers: Vec<i64> = (0..rows as i64).map(|row| 29 * row - 50).collect();
        for bounds in ["[-7, 7]", "[-1, 1]", "[2, 5]", "[-8, -3]", "[0, 0]"] {
            let rest = format!(
                "output = \"s4\"\nbounds = {bounds}\nmultiplier = {multipliers:?}\nbias = 3\nshift = 5"
            );
            let toml = config(rows, lanes, "s7", &rest)
                .replace("[requantize]", &format!("size = {size}\n[requantize]"));
            interpreter(&*datapath::<RequantizeConfig>(&toml), 3, 14);
            // Of a vector whose last beat has lanes too many, these are 0 whatever the bounds.
            interpreter(&*datapath::<RequantizeConfig>(&config(rows, 2, "s7", &rest)), 3, 14);
        }
    }
    let text = problems::<RequantizeConfig>(&config(
        1,
        1,
        "s8",
        "output = \"s4\"\nbounds = [-9, 7]\nmultiplier = 1",
    ));
    let why = "requantize.bounds = [-9, 7]: bounds are two integers of s4, -8 to 7, the lesser first; widen the type, or leave them out";
    assert!(text.contains(why), "{text}");
}

#[test]
fn the_product_is_picked_by_family_and_clock() {
    let of = |multiplier: &str, lanes: usize, product: &str, family, mhz| {
        let rest = format!("output = \"u4\"\nmultiplier = {multiplier}\nshift = 9\nproduct = \"{product}\"");
        let requantize = datapath::<RequantizeConfig>(&config(lanes.max(4), lanes, "s12", &rest));
        let timing = Timing::clock(family, mhz);
        requantize.facts(timing).swap_remove(0).1
    };
    let (rows, one, few) = ("[37, 41, 29, 35]", "1365", "96");
    for (multiplier, lanes, product, family, mhz, picked) in [
        (rows, 1, "auto", Family::ICE40_UP, 24.0, "a hard multiplier (DSP) a lane"),
        (rows, 1, "auto", Family::ICE40_HX, 50.0, "a multiplier of look-up tables a lane"),
        (rows, 1, "auto", Family::ICE40_HX, 150.0, "rows of adders a lane"),
        (rows, 4, "auto", Family::ICE40_HX, 50.0, "sums of shifts of constants"),
        (one, 1, "auto", Family::ICE40_HX, 50.0, "sums of shifts of constants"),
        (one, 1, "auto", Family::ECP5, 50.0, "a hard multiplier (DSP) a lane"),
        (one, 1, "auto", Family::ECP5, 200.0, "sums of shifts of constants"),
        (one, 8, "auto", Family::ECP5, 50.0, "sums of shifts of constants"),
        (few, 1, "auto", Family::GOWIN, 24.0, "sums of shifts of constants"),
        (one, 1, "multiply", Family::ICE40_HX, 150.0, "a multiplier of look-up tables a lane"),
        (one, 1, "shift_add", Family::GOWIN, 24.0, "sums of shifts of constants"),
    ] {
        let found = of(multiplier, lanes, product, family, mhz);
        assert!(found.starts_with(picked), "{multiplier} {lanes} {product} {family:?} {mhz}: {found}");
    }
}

#[test]
fn the_widest_types_are_exact() {
    let rest = "output = \"s32\"\nmultiplier = [2147483647, -2147483648]\nbias = 2147483647\nshift = 31";
    interpreter(&*datapath::<RequantizeConfig>(&config(2, 1, "s32", rest)), 20, 9);
    let rest = "output = \"u32\"\nmultiplier = [2147483647, 1]\nbias = -2147483648\nshift = 62";
    interpreter(&*datapath::<RequantizeConfig>(&config(2, 2, "u32", rest)), 20, 9);
}

#[test]
fn verilog_equals_golden() {
    let rest = "output = \"u4\"\nmultiplier = [37, 41, 29, 35, 40]\nbias = [1, 2, 3, -4, 5]\nshift = 10";
    for timing in [Timing::combinational(), Timing::levels(1)] {
        let report = verilator(&*datapath::<RequantizeConfig>(&config(5, 2, "s12", rest)), 500, 10, timing);
        assert_eq!(report.mismatches, 0);
        // Besides the random ones the five extremes, and three frames about each of the 16 results.
        assert_eq!(report.frames, 500 + 5 + 3 * 16);
    }
}

/// Of many roundings of `a / 2^shift`, each is one of the two integers next to it, and the mean lies within five standard
/// deviations, each at most 1/2, of it.
#[test]
fn stochastic_rounding_keeps_the_mean() {
    let rest = "output = \"s16\"\nmultiplier = 5\nbias = 3\nshift = 7\nrounding = \"stochastic\"\nseed = 11";
    let datapath = datapath::<RequantizeConfig>(&config(4, 1, "s12", rest));
    let count = 20_000;
    for acc in [-2048i64, -77, -1, 0, 1, 25, 26, 1000] {
        let outputs = datapath.golden(&vec![Tokens::pack(&datapath.ports().inputs[0], &vec![acc; count])]);
        let exact = (acc * 5 + 3) as f64 / 128.0;
        let y = &outputs[0].values;
        assert!(y.iter().all(|y| [exact.floor(), exact.ceil()].contains(&(*y as f64))), "{acc}");
        let mean = y.iter().sum::<i64>() as f64 / count as f64;
        assert!((mean - exact).abs() <= 2.5 / (count as f64).sqrt(), "{acc}: {mean}, not {exact}");
    }
}

#[test]
fn stochastic_hardware_equals_golden() {
    for (rows, lanes, shift) in [(1, 1, 1), (5, 2, 6), (4, 4, 20), (37, 5, 0), (3, 1, 62)] {
        for multiplier in
            ["7".to_string(), format!("{:?}", (0..rows).map(|row| row * 3 - 5).collect::<Vec<i64>>())]
        {
            let rest = format!(
                "output = \"s9\"\nmultiplier = {multiplier}\nbias = -3\nshift = {shift}\nrounding = \"stochastic\""
            );
            interpreter(&*datapath::<RequantizeConfig>(&config(rows as usize, lanes, "s9", &rest)), 12, 12);
        }
    }
    let rest =
        "output = \"s5\"\nmultiplier = [9, -4, 3, 2, 5]\nshift = 6\nrounding = \"stochastic\"\nseed = 99";
    let report =
        verilator(&*datapath::<RequantizeConfig>(&config(5, 2, "s9", rest)), 500, 13, Timing::levels(1));
    assert_eq!(report.mismatches, 0);
}

#[test]
fn random_numbers_that_cannot_be_are_named_with_their_help() {
    let of = |lanes, rest: &str| {
        let rest = format!("output = \"u4\"\nmultiplier = 1\n{rest}");
        problems::<RequantizeConfig>(&config(32, lanes, "s12", &rest))
    };
    let text = of(1, "shift = 4\nrounding = \"stochastic\"\nseed = 0");
    assert!(
        text.contains("requantize.seed = 0: a shift register of zeros stays as it is; write 1 or more"),
        "{text}"
    );
    let text = of(32, "shift = 9\nrounding = \"stochastic\"");
    let why = "requantize.shift = 9: 32 numbers of 9 random bits are 288 a beat, and there are at most 256; take fewer";
    assert!(text.contains(why), "{text}");
    let text = of(1, "shift = 4\nseed = 5");
    let why =
        "requantize.seed = 5: only stochastic rounding draws random numbers; leave it out, or write rounding";
    assert!(text.contains(why), "{text}");
}

#[test]
fn what_cannot_be_is_named_with_its_help() {
    let rest = "output = \"u4\"\nmultiplier = [1, 2]\nshift = 63\nproduct = \"shift_add\"";
    let text = problems::<RequantizeConfig>(&config(3, 0, "s12", rest));
    for line in [
        "lanes = 0: a beat has 1 to 65536 accumulators; write 1 to 65536",
        "requantize.shift = 63: a shift is at most 62; scale the multiplier down",
        "requantize.multiplier = 2 integers: there are 2 integers for 3 rows; give one, or 3",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let text = problems::<RequantizeConfig>(&config(1, 1, "s65", "output = \"u4\"\nmultiplier = 1"));
    assert!(text.contains("type `s65` has 65 bits; a type has 1 to 63"), "{text}");
    let text =
        problems::<RequantizeConfig>(&config(1, 1, "s8", "output = \"u4\"\nmultiplier = 1\nshfit = 3"));
    assert!(text.contains("unknown field `shfit`"), "{text}");
}

//! Products where a board has too few DSP blocks.

use crate::check::*;
use ternlet::datapath::{NmMacConfig, RequantizeConfig, circuit};
use ternlet::device::Family;
use ternlet::hdl::{HardProducts, Module, Timing, signed};
use ternlet::project::shared_out;

/// The largest first, then as many of the next as there are; what needs several blocks none.
#[test]
fn the_largest_products_get_the_blocks() {
    let m = Module::new("products");
    for (index, bits) in [8, 12, 8, 4, 8, 20, 5].into_iter().enumerate() {
        let [a, b] = ["a", "b"].map(|name| m.input(format!("{name}{index}"), signed(bits)));
        m.output(format!("y{index}"), a * b);
    }
    let circuit = m.finish().unwrap();
    let of = |there| shared_out(&circuit, Family::ICE40_UP, there);
    assert_eq!(of(0), Some(HardProducts::NONE));
    assert_eq!(of(1), Some(HardProducts { bits: 64, of_these: 0 }));
    assert_eq!(of(3), Some(HardProducts { bits: 64, of_these: 2 }));
    assert_eq!(of(4), Some(HardProducts { bits: 0, of_these: 0 }));
    assert_eq!(of(8), None, "a product of 20 bits takes four, and of less than 11 bits none");
    assert_eq!(shared_out(&circuit, Family::ICE40_HX, 0), None);
}

#[test]
fn of_products_that_are_alike_the_first_get_the_blocks() {
    let timing = Timing::clock(Family::ICE40_UP, 24.0);
    let few = timing.with_products(HardProducts { bits: 64, of_these: 2 });
    let m = Module::with_timing("products", few);
    let takes = |a: u32, b: u32| m.takes_hard_multiplier(&signed(a), &signed(b));
    let asked = [(8, 8), (8, 9), (8, 7), (8, 8), (8, 8)];
    assert_eq!(asked.map(|(a, b)| takes(a, b)), [true, false, false, true, false]);
    assert!(!few.multiplies(&signed(8), &signed(8)), "not for what is to be known before");
    assert!(few.multiplies(&signed(8), &signed(9)) && timing.multiplies(&signed(8), &signed(8)));
    assert!(!timing.has_hard_multiplier(&signed(5), &signed(5)), "synthesis makes look-up tables of it");
}

/// A dense array of twelve products of 8 and 4 bits, of which none, some or all get a block.
#[test]
fn arrays_are_made_with_the_blocks_that_there_are() {
    let rest = "[requantize]\noutput = \"s8\"\nmultiplier = [901, -77, 1023, 5]\nbias = 3\nshift = 12";
    let toml = format!(
        "rows = 4\ncolumns = 6\nlanes = 6\nparallel_rows = 2\npattern = \"1:1\"\nweight = \"s4\"\ninput = \"s8\"\n\
         weights = {{ from = \"stream\" }}\n{rest}"
    );
    let mac = datapath::<NmMacConfig>(&toml);
    let clock = Timing::clock(Family::ICE40_UP, 24.0);
    let all = circuit(&*mac, "mac", clock);
    assert_eq!(all.products().len(), 14, "those of the array, and of the two rows after it");
    for (there, left) in [(0, 0), (2, 2), (8, 8), (13, 13)] {
        let timing = clock.with_products(shared_out(&all, Family::ICE40_UP, there).expect("too few"));
        assert_eq!(circuit(&*mac, "mac", timing).products().len(), left, "{there}");
        interpreter_at(timing, &*mac, 4, 18);
    }
    assert_eq!(shared_out(&all, Family::ICE40_UP, 14), None);
    let timing = clock.with_products(HardProducts { bits: 32, of_these: 5 });
    assert_eq!(verilator(&*mac, 200, 19, timing).mismatches, 0);
}

/// Four lanes alike, of which none, some or all get a block; what is asked for as a `*` is one all the same.
#[test]
fn lanes_share_the_blocks_that_there_are() {
    for product in ["auto", "multiply"] {
        let toml = format!(
            "rows = 8\nlanes = 4\ninput = \"s12\"\n[requantize]\noutput = \"s8\"\nproduct = \"{product}\"\n\
             multiplier = [901, -77, 1023, 5, 13, -1000, 700, 333]\nbias = 3\nshift = 12"
        );
        let requantize = datapath::<RequantizeConfig>(&toml);
        let clock = Timing::clock(Family::ICE40_UP, 24.0);
        let all = circuit(&*requantize, "lanes", clock);
        assert_eq!(all.products().len(), 4);
        for there in [0, 1, 3] {
            let timing = clock.with_products(shared_out(&all, Family::ICE40_UP, there).expect("too few"));
            let left = if product == "auto" { there } else { 4 };
            assert_eq!(circuit(&*requantize, "lanes", timing).products().len() as u64, left, "{product}");
            interpreter_at(timing, &*requantize, 4, 20);
        }
    }
}

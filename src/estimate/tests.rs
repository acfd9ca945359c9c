use super::cost;
use crate::device::{Counts, Family};
use crate::hdl::{Circuit, Module, Range, Signal, Type, signed, unsigned};

fn made(describe: impl Fn(&Module)) -> Circuit {
    let m = Module::new("small");
    describe(&m);
    m.finish().unwrap_or_else(|violations| panic!("{}", violations[0]))
}

fn operands(m: &Module, range: Range) -> [Signal<'_>; 2] {
    ["a", "b"].map(|name| m.input(name, range.clone()))
}

#[test]
fn an_adder_takes_a_look_up_table_a_bit() {
    let plain = made(|m| {
        let [a, b] = operands(m, signed(8));
        m.output("y", a + b);
    });
    let kept = made(|m| {
        let [a, b] = operands(m, signed(8));
        m.output("y", a.add_with_carry(b, None));
    });
    for (family, lut4, carry) in [(Family::ICE40_HX, 9, 8), (Family::ECP5, 10, 5), (Family::GOWIN, 9, 9)] {
        let expected = Counts { lut4, carry, ..Counts::default() };
        assert_eq!(cost(&plain, family), expected, "{family:?}");
        assert_eq!(cost(&kept, family), expected, "{family:?}, kept");
    }
}

/// On iCE40 the subtrahend is inverted in front of the carry chain.
#[test]
fn a_difference_takes_inverters_where_the_chain_has_none() {
    let kept = made(|m| {
        let [a, b] = operands(m, signed(8));
        m.output("y", a.subtract(b));
    });
    let plain = made(|m| {
        let [a, b] = operands(m, signed(8));
        m.output("y", a - b);
    });
    for (family, lut4) in [(Family::ICE40_HX, 17), (Family::ECP5, 10), (Family::GOWIN, 9)] {
        assert_eq!(cost(&kept, family).lut4, lut4, "{family:?}, kept");
        assert_eq!(cost(&plain, family).lut4, lut4, "{family:?}");
    }
}

/// Synthesis makes three of each, and of what nobody reads none.
#[test]
fn a_multiplexer_of_four_takes_three_look_up_tables_a_bit() {
    let circuit = made(|m| {
        let select = m.input("select", unsigned(2)).to_bits();
        let words: Vec<_> = (0..4).map(|i| m.input(format!("x{i}"), unsigned(8))).collect();
        let [low, high] = [0, 1].map(|place| select.slice(place, 1).int(unsigned(1)));
        let even = low.mux(words[1], words[0]);
        m.ignore(low.mux(words[3], words[0]));
        m.output("y", high.mux(low.mux(words[3], words[2]), even));
    });
    for family in Family::ALL {
        assert_eq!(cost(&circuit, family), Counts { lut4: 24, ..Counts::default() }, "{family:?}");
    }
}

/// The reset of an iCE40's flip-flop acts only where it is enabled, so the enable lets it through. Equal registers are one.
#[test]
fn a_bank_of_registers_shares_its_enable() {
    let circuit = made(|m| {
        let enable = m.input("enable", Range::condition());
        for i in 0..5 {
            let x = m.input(format!("x{i}"), unsigned(8));
            for copy in ["y", "z"] {
                let register = m.register(unsigned(8), 0).named(format!("{copy}_{i}"));
                register.set_when(enable, x);
                m.output(format!("{copy}{i}"), register.get());
            }
        }
    });
    for family in Family::ALL {
        let counts = cost(&circuit, family);
        assert_eq!(counts.ff, 40, "{family:?}");
        // Where gates make the reset, one stands before each bit too.
        if family.reset_priority == crate::device::ResetPriority::Gates {
            assert_eq!(counts.lut4, 40 + 1, "{family:?}");
            continue;
        }
        assert_eq!(counts.lut4 > 0, family.adders == crate::device::AdderForm::Polarity, "{family:?}");
        assert!(counts.lut4 <= 1, "{family:?}");
    }
}

#[test]
fn a_memory_takes_the_block_ram_that_its_words_fill() {
    let memory = |words: usize, width| {
        made(|m| {
            let memory = m.memory("words", words, Type::Bits(width));
            let address = m.input("address", Range::new(0, words - 1));
            let write = m.input("write", Range::condition());
            memory.write_when(write, address, m.input("value", unsigned(width)).to_bits());
            m.output("word", memory.read(address));
        })
    };
    let block_ram = |words, width, family| cost(&memory(words, width), family).block_ram;
    for (words, width, ice40, others) in [(512, 16, 2, 1), (256, 16, 1, 1), (2048, 9, 5, 1), (1024, 20, 5, 2)]
    {
        assert_eq!(block_ram(words, width, Family::ICE40_UP), ice40, "{words} x {width}");
        assert_eq!(block_ram(words, width, Family::ECP5), others, "{words} x {width}");
        assert_eq!(block_ram(words, width, Family::GOWIN), others, "{words} x {width}");
    }
    assert_eq!(block_ram(8, 4, Family::ECP5), 0);
    assert_eq!(cost(&memory(8, 4), Family::ICE40_HX).ff, 8 * 4 + 4, "a small one is flip-flops");
}

#[test]
fn a_product_takes_a_hard_multiplier_where_there_is_one() {
    let product = |width| {
        made(|m| {
            let [a, b] = operands(m, signed(width));
            m.output("y", a * b);
        })
    };
    for (family, dsp) in [(Family::ICE40_HX, 0), (Family::ICE40_UP, 1), (Family::ECP5, 1), (Family::GOWIN, 1)]
    {
        let counts = cost(&product(8), family);
        assert_eq!((counts.dsp, counts.lut4 > 0), (dsp, dsp == 0), "{family:?}");
        assert_eq!(cost(&product(3), family).dsp, 0, "{family:?}: too small");
    }
}

/// The register after a product is that of the multiplier on iCE40 UP.
#[test]
fn a_multiplier_holds_its_result() {
    let circuit = made(|m| {
        let [a, b] = operands(m, signed(8));
        let register = m.unreset_register(signed(16));
        register.set(a * b);
        m.output("y", register.get());
    });
    for (family, ff) in [(Family::ICE40_UP, 0), (Family::ICE40_HX, 16), (Family::ECP5, 16)] {
        assert_eq!(cost(&circuit, family).ff, ff, "{family:?}");
    }
}

#[test]
fn what_is_constant_takes_nothing() {
    let circuit = made(|m| {
        let x = m.input("x", unsigned(8));
        let register = m.register(unsigned(8), 3);
        register.set(3);
        m.ignore(x);
        m.output("y", register.get());
    });
    assert_eq!(cost(&circuit, Family::ICE40_HX), Counts::default());
}

/// Yosys 0.70 counts 24 look-up tables and 8 carry cells for the sum of three, 31, 79 and 158 look-up tables for the others, of which it
/// fills the rows in another order.
#[test]
fn sums_of_several_operands_and_products_are_rows_of_full_adders() {
    let three = made(|m| {
        let [a, b] = operands(m, unsigned(8));
        m.output("y", a + b + m.input("c", unsigned(8)));
    });
    let counts = cost(&three, Family::ICE40_HX);
    assert!(counts.lut4.abs_diff(24) <= 2 && counts.carry.abs_diff(8) <= 1, "{counts:?}");
    let eleven = made(|m| m.output("y", m.input("a", unsigned(8)) * 11));
    let product = made(|m| {
        let [a, b] = operands(m, unsigned(6));
        m.output("y", a * b);
    });
    let with_sum = made(|m| {
        let [a, b] = operands(m, signed(7));
        m.output("y", a * b + m.input("c", signed(10)));
    });
    for (circuit, lut4) in [(eleven, 31), (product, 79), (with_sum, 158)] {
        let found = cost(&circuit, Family::ICE40_HX).lut4;
        assert!(found.abs_diff(lut4) * 5 <= lut4, "{found} for {lut4}");
    }
}

#[test]
fn a_sum_that_others_read_stays_one() {
    let circuit = made(|m| {
        let [a, b] = operands(m, unsigned(8));
        let sum = a + b;
        m.output("sum", sum);
        m.output("y", sum + m.input("c", unsigned(8)));
    });
    assert_eq!(cost(&circuit, Family::ECP5), Counts { lut4: 20, carry: 10, ..Counts::default() });
}

#[test]
fn few_bits_are_gates() {
    let below = made(|m| m.output("y", m.input("a", unsigned(4)).lt(11)));
    let sum = made(|m| {
        let [a, b] = operands(m, unsigned(2));
        m.output("y", (a + b).wrap(unsigned(2)));
    });
    for family in [Family::ICE40_HX, Family::ECP5] {
        assert_eq!(cost(&below, family), Counts { lut4: 1, ..Counts::default() }, "{family:?}");
        assert_eq!(cost(&sum, family), Counts { lut4: 2, ..Counts::default() }, "{family:?}");
    }
}

/// Banks stand next to each other in the widest words: what Yosys's `memory_libmap` takes for them.
#[test]
fn banks_share_block_ram_and_constant_bits_take_none() {
    let numbers = Family::ICE40_HX.numbers();
    assert_eq!(
        [(575, 5), (257, 8), (1300, 12), (2100, 24)].map(|(words, bits)| numbers.block_rams(words, bits)),
        [1, 1, 5, 14]
    );
    assert_eq!(Family::ECP5.numbers().block_rams_and_banks(1025, 12, false), [1, 3]);
    assert_eq!(Family::GOWIN.numbers().block_rams(2100, 24), 4);
    let constant = made(|m| {
        let words = (0..256).map(|word| (word * 7 % 3 + 256).into()).collect();
        let memory = m.rom("words", unsigned(20), words);
        m.output("word", memory.read(m.input("address", unsigned(8))));
    });
    assert_eq!(cost(&constant, Family::ICE40_HX), Counts { block_ram: 1, ..Counts::default() });
}

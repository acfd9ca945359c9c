//! The MAC that was written by hand in rust-hdl and ours, against each other and the golden model.

use crate::logic_block::TernaryMacBlock;
use crate::{rust_hdl_verilog, simulated, ternary_mac};
use rust_hdl_core::prelude::*;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use ternlet::datapath::{Datapath, circuit};
use ternlet::hdl::Timing;
use ternlet::rust_hdl::Wire;
use ternlet::stream::Draw;

fn under_verilator<T: Block>(datapath: &dyn Datapath, block: T) {
    let report = simulated(datapath, &rust_hdl_verilog(block), "top").unwrap();
    assert_eq!(report.mismatches, 0);
}

#[test]
fn both_macs_compute_the_golden_sums_under_verilator() {
    let datapath = ternary_mac(1, 12, 4, 1, "s8");
    under_verilator(&*datapath, TernaryMacBlock::<8, 4, 32, 8, 12>::default());
    under_verilator(&*datapath, Mac::new(circuit(&*datapath, "mac", Timing::levels(2))).unwrap());
}

#[test]
fn the_hand_written_mac_has_any_shape() {
    under_verilator(&*ternary_mac(1, 40, 1, 1, "s3"), TernaryMacBlock::<3, 1, 3, 2, 9>::default());
    under_verilator(&*ternary_mac(1, 64, 16, 1, "s5"), TernaryMacBlock::<5, 16, 80, 32, 12>::default());
}

#[test]
fn a_wrong_hand_written_mac_is_found() {
    let mut sources = rust_hdl_verilog(TernaryMacBlock::<8, 4, 32, 8, 12>::default());
    assert!(sources[0].text.contains("sum = sum - lane;"), "{}", sources[0].text);
    sources[0].text = sources[0].text.replacen("sum = sum - lane;", "sum = sum + lane;", 1);
    let error = simulated(&*ternary_mac(1, 12, 4, 1, "s8"), &sources, "top").unwrap_err().to_string();
    assert!(error.starts_with("stream y, frame "), "{error}");
}

ternlet::rust_hdl_block! {
    /// One row of 12 columns, four a beat.
    struct Mac {
        inputs {
            clk: Clock, rst: Bit,
            x_valid: Bit, x_payload: Bits<32>, x_last: Bit,
            w_valid: Bit, w_payload: Bits<8>, w_last: Bit,
            y_ready: Bit,
        }
        outputs { x_ready: Bit, w_ready: Bit, y_valid: Bit, y_payload: Bits<12> }
    }
}

/// A beat of `x` and `w`.
#[derive(Clone, Copy)]
struct Beat {
    x: [i64; 4],
    w: [i64; 4],
    last: bool,
}

/// What a test bench does with either MAC, whose ports have the same names.
trait Pins: Block + Send + 'static {
    fn toggle(&mut self);
    fn drive(&mut self, rst: bool, beat: Option<Beat>, ready: bool);
    /// Whether the offered beat passes, and the sum that does.
    fn passing(&self) -> (bool, Option<i64>);
}

fn packed<const N: usize>(lanes: &[i64; 4]) -> Bits<N> {
    let width = N / 4;
    let lane = |word: u64, lane: &i64| (word << width) | (*lane as u64 & ((1 << width) - 1));
    lanes.iter().rev().fold(0, lane).into()
}

macro_rules! pins {
    ($block:ty) => {
        impl Pins for $block {
            fn toggle(&mut self) {
                self.clk.next = !self.clk.val();
            }

            fn drive(&mut self, rst: bool, beat: Option<Beat>, ready: bool) {
                self.rst.next = rst;
                self.x_valid.next = beat.is_some();
                self.w_valid.next = beat.is_some();
                if let Some(Beat { x, w, last }) = beat {
                    self.x_payload.next = packed(&x);
                    self.w_payload.next = packed(&w);
                    self.x_last.next = last;
                    self.w_last.next = last;
                }
                self.y_ready.next = ready;
            }

            fn passing(&self) -> (bool, Option<i64>) {
                let word = i64::try_from(self.y_payload.val().to_word()).unwrap();
                let sum = if word >= 1 << 11 { word - (1 << 12) } else { word };
                let passes = self.y_valid.val() && self.y_ready.val();
                (self.x_valid.val() && self.x_ready.val() && self.w_ready.val(), passes.then_some(sum))
            }
        }
    };
}

pins!(Mac);
pins!(TernaryMacBlock<8, 4, 32, 8, 12>);

/// The sums that `block` gives for `beats` in rust-hdl's simulator, with stalls on both sides.
fn in_rust_hdls_simulator<T: Pins>(block: T, beats: &Arc<Vec<Beat>>, sums: usize) -> Vec<i64> {
    let (send, seen) = channel();
    let (send, beats) = (Mutex::new(send), beats.clone());
    let mut sim = Simulation::new();
    // The clock rises at 10, 30, 50, ...
    sim.add_clock(10, |block: &mut Box<T>| block.toggle());
    sim.add_testbench(move |mut sim: Sim<T>| {
        let mut block = sim.init()?;
        block = sim.wait(15, block)?;
        let (mut sent, mut received, mut offers) = (0, 0, false);
        for cycle in 0..20 * beats.len() {
            // What is offered stays until it passes.
            offers |= cycle >= 2 && cycle % 5 != 0;
            let beat = beats.get(sent).filter(|_| offers).copied();
            block.drive(cycle < 2, beat, cycle >= 2 && cycle % 4 != 1);
            block = sim.wait(10, block)?;
            let (accepted, sum) = block.passing();
            sent += usize::from(accepted);
            offers &= !accepted;
            if let Some(sum) = sum {
                send.lock().unwrap().send(sum).unwrap();
                received += 1;
            }
            if received == sums {
                break;
            }
            block = sim.wait(10, block)?;
        }
        sim.done(block)
    });
    sim.run(Box::new(block), 10_000_000).unwrap();
    seen.try_iter().collect()
}

#[test]
fn both_macs_agree_in_rust_hdls_simulator() {
    let datapath = ternary_mac(1, 12, 4, 1, "s8");
    let mut sequences = datapath.corners();
    sequences.push(datapath.random(40, &mut Draw::seeded(5)));
    let (mut beats, mut expected) = (Vec::new(), Vec::new());
    for inputs in &sequences {
        let lanes = |stream: usize, beat: usize| <[i64; 4]>::try_from(inputs[stream].beat(beat)).unwrap();
        let beat = |index| Beat { x: lanes(0, index), w: lanes(1, index), last: inputs[0].last[index] };
        beats.extend((0..inputs[0].beats()).map(beat));
        expected.extend(datapath.golden(inputs)[0].values.iter().copied());
    }
    let beats = Arc::new(beats);
    let ours = Mac::new(circuit(&*datapath, "mac", Timing::levels(2))).unwrap();
    assert_eq!(in_rust_hdls_simulator(ours, &beats, expected.len()), expected);
    assert_eq!(in_rust_hdls_simulator(TernaryMacBlock::default(), &beats, expected.len()), expected);
}

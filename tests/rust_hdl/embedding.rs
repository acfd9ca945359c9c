//! A core next to rust-hdl's widgets computes what it computes alone.

use crate::{rust_hdl_verilog, simulated, ternary_mac};
use rust_hdl_core::prelude::*;
use rust_hdl_widgets::prelude::*;
use ternlet::datapath::circuit;
use ternlet::device::Family;
use ternlet::hdl::{Circuit, Timing};
use ternlet::verilog::emit;

ternlet::rust_hdl_block! {
    /// Four rows of 24 columns, four columns a beat, two rows at once.
    struct Mac {
        inputs {
            clk: Clock, rst: Bit,
            x_valid: Bit, x_payload: Bits<32>, x_last: Bit,
            w_valid: Bit, w_payload: Bits<16>, w_last: Bit,
            y_ready: Bit,
        }
        outputs { x_ready: Bit, w_ready: Bit, y_valid: Bit, y_payload: Bits<26>, y_last: Bit }
    }
}

fn mac() -> Circuit {
    circuit(&*ternary_mac(4, 24, 4, 2, "s8"), "mac", Timing::clock(Family::ICE40_HX, 100.0))
}

/// The core with rust-hdl's FIFO before it and a counter of its results.
#[derive(LogicBlock)]
struct Accelerator {
    pub clk: Signal<In, Clock>,
    pub rst: Signal<In, Bit>,
    pub x_valid: Signal<In, Bit>,
    pub x_ready: Signal<Out, Bit>,
    pub x_payload: Signal<In, Bits<32>>,
    pub x_last: Signal<In, Bit>,
    pub w_valid: Signal<In, Bit>,
    pub w_ready: Signal<Out, Bit>,
    pub w_payload: Signal<In, Bits<16>>,
    pub w_last: Signal<In, Bit>,
    pub y_valid: Signal<Out, Bit>,
    pub y_ready: Signal<In, Bit>,
    pub y_payload: Signal<Out, Bits<26>>,
    pub y_last: Signal<Out, Bit>,
    pub results: Signal<Out, Bits<8>>,
    words: RegisterFIFO<Bits<32>>,
    lasts: RegisterFIFO<Bit>,
    counter: DFF<Bits<8>>,
    mac: Mac,
}

impl Accelerator {
    fn new(mac: Mac) -> Self {
        Self {
            clk: Default::default(),
            rst: Default::default(),
            x_valid: Default::default(),
            x_ready: Default::default(),
            x_payload: Default::default(),
            x_last: Default::default(),
            w_valid: Default::default(),
            w_ready: Default::default(),
            w_payload: Default::default(),
            w_last: Default::default(),
            y_valid: Default::default(),
            y_ready: Default::default(),
            y_payload: Default::default(),
            y_last: Default::default(),
            results: Default::default(),
            words: Default::default(),
            lasts: Default::default(),
            counter: Default::default(),
            mac,
        }
    }
}

impl Logic for Accelerator {
    #[hdl_gen]
    fn update(&mut self) {
        self.words.clock.next = self.clk.val();
        self.lasts.clock.next = self.clk.val();
        dff_setup!(self, clk, counter);
        self.mac.clk.next = self.clk.val();
        self.mac.rst.next = self.rst.val();
        // rust-hdl's FIFO has no reset: it is emptied while ours is reset.
        self.x_ready.next = !self.words.full.val();
        self.words.write.next = self.x_valid.val() & !self.words.full.val() & !self.rst.val();
        self.lasts.write.next = self.x_valid.val() & !self.words.full.val() & !self.rst.val();
        self.words.data_in.next = self.x_payload.val();
        self.lasts.data_in.next = self.x_last.val();
        self.mac.x_valid.next = !self.words.empty.val();
        self.mac.x_payload.next = self.words.data_out.val();
        self.mac.x_last.next = self.lasts.data_out.val();
        self.words.read.next = !self.words.empty.val() & (self.mac.x_ready.val() | self.rst.val());
        self.lasts.read.next = !self.words.empty.val() & (self.mac.x_ready.val() | self.rst.val());
        self.mac.w_valid.next = self.w_valid.val();
        self.mac.w_payload.next = self.w_payload.val();
        self.mac.w_last.next = self.w_last.val();
        self.w_ready.next = self.mac.w_ready.val();
        self.y_valid.next = self.mac.y_valid.val();
        self.y_payload.next = self.mac.y_payload.val();
        self.y_last.next = self.mac.y_last.val();
        self.mac.y_ready.next = self.y_ready.val();
        if self.mac.y_valid.val() & self.y_ready.val() {
            self.counter.d.next = self.counter.q.val() + 1;
        }
        self.results.next = self.counter.q.val();
    }
}

#[test]
fn a_core_alone_is_our_own_emission_cycle_for_cycle() {
    let datapath = ternary_mac(4, 24, 4, 2, "s8");
    let own = simulated(&*datapath, &emit(&mac()), "mac").unwrap();
    let inside = simulated(&*datapath, &rust_hdl_verilog(Mac::new(mac()).unwrap()), "top").unwrap();
    assert_eq!(inside.mismatches, 0);
    assert_eq!(
        (inside.cycles, inside.frames, inside.latency_cycles, inside.initiation_interval),
        (own.cycles, own.frames, own.latency_cycles, own.initiation_interval)
    );
}

#[test]
fn a_core_beside_widgets_computes_the_same() {
    let datapath = ternary_mac(4, 24, 4, 2, "s8");
    let own = simulated(&*datapath, &emit(&mac()), "mac").unwrap();
    let sources = rust_hdl_verilog(Accelerator::new(Mac::new(mac()).unwrap()));
    let beside = simulated(&*datapath, &sources, "top").unwrap();
    assert_eq!((beside.mismatches, beside.beats_out), (0, own.beats_out));
    assert_eq!(
        beside.outputs[0].latency_first_cycles,
        own.outputs[0].latency_first_cycles.map(|cycles| cycles + 1),
        "rust-hdl's FIFO takes a cycle"
    );
}

/// Were a wire crossed between the two, the simulation would show it.
#[test]
fn a_wrong_core_is_found() {
    let datapath = ternary_mac(4, 24, 4, 2, "s8");
    let mut sources = rust_hdl_verilog(Accelerator::new(Mac::new(mac()).unwrap()));
    let text = &mut sources[0].text;
    assert!(text.contains(".x_payload(x_payload)"));
    *text = text.replace(".x_payload(x_payload)", ".x_payload({x_payload[30:0], x_payload[31]})");
    let error = simulated(&*datapath, &sources, "top").unwrap_err().to_string();
    assert!(error.starts_with("stream y, frame "), "{error}");
}

//! Every datapath's example as a block of rust-hdl: it passes that crate's checks, and what it writes is our own emission, cycle
//! for cycle.

use crate::small::small_examples;
use crate::{rust_hdl_verilog, simulated};
use rust_hdl_core::prelude::*;
use std::fs;
use ternlet::datapath::{Catalog, circuit};
use ternlet::design::{Choices, Design};
use ternlet::hdl::Circuit;
use ternlet::verilog::{SourceFile, emit};

/// A block for each datapath, with the ports of its small example.
macro_rules! blocks {
    ($($kind:ident $block:ident {
        inputs { $($input:ident: $input_type:ty),* }
        outputs { $($output:ident: $output_type:ty),* }
    })*) => {
        $(ternlet::rust_hdl_block! {
            struct $block {
                inputs { $($input: $input_type),* }
                outputs { $($output: $output_type),* }
            }
        })*

        /// What rust-hdl writes for the example of `kind`, which must pass its checks.
        fn verilog_of(kind: &str, circuit: Circuit) -> Vec<SourceFile> {
            match kind {
                $(stringify!($kind) => rust_hdl_verilog($block::new(circuit).unwrap_or_else(|errors| {
                    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                    panic!("{kind}:\n{}", errors.join("\n"))
                })),)*
                _ => panic!("a block for {kind} is missing here"),
            }
        }
    };
}

blocks! {
    add Add {
        inputs { clk: Clock, rst: Bit, a_valid: Bit, a_payload: Bits<8>, a_last: Bit, b_valid: Bit, b_payload: Bits<10>, b_last: Bit, y_ready: Bit }
        outputs { a_ready: Bit, b_ready: Bit, y_valid: Bit, y_payload: Bits<8>, y_last: Bit }
    }
    argmax Argmax {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<16>, x_last: Bit, index_ready: Bit }
        outputs { x_ready: Bit, index_valid: Bit, index_payload: Bits<4> }
    }
    codebook_mac CodebookMac {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<24>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<26> }
    }
    concat Concat {
        inputs { clk: Clock, rst: Bit, a_valid: Bit, a_payload: Bits<8>, a_last: Bit, b_valid: Bit, b_payload: Bits<8>, b_last: Bit, y_ready: Bit }
        outputs { a_ready: Bit, b_ready: Bit, y_valid: Bit, y_payload: Bits<8>, y_last: Bit }
    }
    convolution Convolution {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<4>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<4>, y_last: Bit }
    }
    crop Crop {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<8>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<8>, y_last: Bit }
    }
    edge_enhance EdgeEnhance {
        inputs { clk: Clock, rst: Bit, size_valid: Bit, size_payload: Bits<7>, x_valid: Bit, x_payload: Bits<8>, x_last: Bit, y_ready: Bit }
        outputs { size_ready: Bit, x_ready: Bit, y_valid: Bit, y_payload: Bits<10>, y_last: Bit }
    }
    flatten Flatten {
        inputs { x_valid: Bit, x_payload: Bits<4>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<4>, y_last: Bit }
    }
    gradient_prune GradientPrune {
        inputs { clk: Clock, rst: Bit, g_valid: Bit, g_payload: Bits<12>, g_last: Bit, layer_valid: Bit, layer_payload: Bit, y_ready: Bit, report_ready: Bit }
        outputs { g_ready: Bit, layer_ready: Bit, y_valid: Bit, y_payload: Bits<12>, y_last: Bit, report_valid: Bit, report_payload: Bits<14> }
    }
    lifting Lifting {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<8>, x_last: Bit, l1_ready: Bit, h1_ready: Bit }
        outputs { x_ready: Bit, l1_valid: Bit, l1_payload: Bits<10>, l1_last: Bit, h1_valid: Bit, h1_payload: Bits<9>, h1_last: Bit }
    }
    graph Graph {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<10>, x_last: Bit, hidden_ready: Bit, class_ready: Bit }
        outputs { x_ready: Bit, hidden_valid: Bit, hidden_payload: Bits<7>, hidden_last: Bit, class_valid: Bit, class_payload: Bits<2> }
    }
    nm_compress NmCompress {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<32>, x_last: Bit, values_ready: Bit, metadata_ready: Bit }
        outputs { x_ready: Bit, values_valid: Bit, values_payload: Bits<16>, values_last: Bit, metadata_valid: Bit, metadata_payload: Bits<4>, metadata_last: Bit }
    }
    nm_mac NmMac {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<40>, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<11>, y_last: Bit }
    }
    nm_select NmSelect {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<64>, x_last: Bit, metadata_valid: Bit, metadata_payload: Bits<8>, metadata_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, metadata_ready: Bit, y_valid: Bit, y_payload: Bits<32>, y_last: Bit }
    }
    pad Pad {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<8>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<8>, y_last: Bit }
    }
    pixel_shuffle PixelShuffle {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<8>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<8>, y_last: Bit }
    }
    pool Pool {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<8>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<8>, y_last: Bit }
    }
    requantize Requantize {
        inputs { clk: Clock, rst: Bit, acc_valid: Bit, acc_payload: Bits<16>, acc_last: Bit, y_ready: Bit }
        outputs { acc_ready: Bit, y_valid: Bit, y_payload: Bits<4>, y_last: Bit }
    }
    slb_select SlbSelect {
        inputs { clk: Clock, rst: Bit, scores_valid: Bit, scores_payload: Bits<32>, scores_last: Bit, index_ready: Bit, weight_ready: Bit }
        outputs { scores_ready: Bit, index_valid: Bit, index_payload: Bits<2>, index_last: Bit, weight_valid: Bit, weight_payload: Bits<3>, weight_last: Bit }
    }
    sr_ste_update SrSteUpdate {
        inputs { clk: Clock, rst: Bit, w_valid: Bit, w_payload: Bits<32>, w_last: Bit, g_valid: Bit, g_payload: Bits<32>, g_last: Bit, w_next_ready: Bit, sad_ready: Bit }
        outputs { w_ready: Bit, g_ready: Bit, w_next_valid: Bit, w_next_payload: Bits<32>, w_next_last: Bit, sad_valid: Bit, sad_payload: Bits<4> }
    }
    ternary_mac TernaryMac {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<24>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<22>, y_last: Bit }
    }
    thresholds Thresholds {
        inputs { clk: Clock, rst: Bit, acc_valid: Bit, acc_payload: Bits<24>, acc_last: Bit, y_ready: Bit }
        outputs { acc_ready: Bit, y_valid: Bit, y_payload: Bits<4>, y_last: Bit }
    }
    transposed_convolution TransposedConvolution {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<4>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<4>, y_last: Bit }
    }
    upsample Upsample {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<8>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<8>, y_last: Bit }
    }
    wavelet_quantizer WaveletQuantizer {
        inputs { clk: Clock, rst: Bit, x_valid: Bit, x_payload: Bits<4>, x_last: Bit, y_ready: Bit }
        outputs { x_ready: Bit, y_valid: Bit, y_payload: Bits<4>, y_last: Bit }
    }
}

#[test]
fn every_example_is_a_block_that_is_our_own_emission() {
    for (entry, text) in small_examples() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("design.toml");
        fs::write(&path, text).unwrap();
        let design = Design::read(&path, &Choices::default(), &Catalog::standard())
            .unwrap_or_else(|error| panic!("{error}"));
        let circuit = circuit(&*design.datapath, &design.name, design.timing());
        let own = simulated(&*design.datapath, &emit(&circuit), &design.name)
            .unwrap_or_else(|error| panic!("{}: {error}", entry.kind));
        let inside = simulated(&*design.datapath, &verilog_of(entry.kind, circuit), "top")
            .unwrap_or_else(|error| panic!("{} in rust-hdl: {error}", entry.kind));
        assert_eq!((own.mismatches, inside.mismatches), (0, 0), "{}", entry.kind);
        assert_eq!(
            (inside.cycles, inside.frames, inside.latency_cycles, inside.initiation_interval),
            (own.cycles, own.frames, own.latency_cycles, own.initiation_interval),
            "{}",
            entry.kind
        );
    }
}

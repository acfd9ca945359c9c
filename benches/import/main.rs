//! Trained networks, imported and held against what an independent program made of them.
//!
//! `cargo bench --bench import -- FOLDER [NAME]`: FOLDER holds `NAME.onnx`, `NAME.expected.safetensors` and the inputs. With `--times` they are
//! imported and no more, and the table of docs/import.md is written.

mod equal;
#[path = "../../tests/import/expected.rs"]
mod expected;

mod times;

use equal::{compare, streamed};
use expected::{Case, Expected, Network};
use std::path::PathBuf;
use std::time::Instant;

/// Each network, its expected integers and its input.
const NETWORKS: &[(&str, Case, &str, &str, &str)] = &[
    ("tcnn", Case { input: "u8/256", outside: 0 }, "tcnn", "mnist_test", "image"),
    ("tcnn_qcdq", Case { input: "u8/256", outside: 0 }, "tcnn", "mnist_test", "image"),
    ("tcnn_finn", Case { input: "u8", outside: 1 }, "tcnn", "mnist_test", "image"),
    ("resdw", Case { input: "u8/256", outside: 0 }, "resdw", "mnist_test", "image"),
    ("resdw_qcdq", Case { input: "u8/256", outside: 0 }, "resdw", "mnist_test", "image"),
    ("tfc", Case { input: "u8/256", outside: 0 }, "tfc", "mnist_test", "image"),
    ("tfc_qcdq", Case { input: "u8/256", outside: 0 }, "tfc", "mnist_test", "image"),
    ("vowels", Case { input: "s8/64", outside: 0 }, "vowels", "vowels_test", "frame"),
    ("vowels_qcdq", Case { input: "s8/64", outside: 0 }, "vowels", "vowels_test", "frame"),
    ("ptq_qop", Case { input: "u8/255", outside: 0 }, "ptq_qop", "mnist_test", "image"),
    ("ptq_qdq", Case { input: "u8/255", outside: 0 }, "ptq_qdq", "mnist_test", "image"),
    ("cov_3d", Case { input: "u8/256", outside: 0 }, "cov_3d", "cov_inputs", "brain"),
    ("cov_bipolar", Case { input: "u8/256", outside: 0 }, "cov_bipolar", "cov_inputs", "mnist"),
    ("cov_transpose", Case { input: "u8/256", outside: 0 }, "cov_transpose", "cov_inputs", "mnist"),
    ("cov_trunc", Case { input: "u8/256", outside: 0 }, "cov_trunc", "cov_inputs", "mnist"),
    ("unet3d", Case { input: "u8/256", outside: 0 }, "unet3d", "unet3d.expected", "image"),
    ("unet3d_qcdq", Case { input: "u8/256", outside: 0 }, "unet3d", "unet3d.expected", "image"),
    ("vnet3d", Case { input: "u8/256", outside: 0 }, "vnet3d", "vnet3d.expected", "image"),
    ("vnet3d_qcdq", Case { input: "u8/256", outside: 0 }, "vnet3d", "vnet3d.expected", "image"),
    ("unet3d_ttq", Case { input: "u8/256", outside: 0 }, "unet3d_ttq", "unet3d_ttq.expected", "image"),
];

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some((folder, wanted)) = arguments.split_first() else {
        println!("cargo bench --bench import -- FOLDER [NAME]");
        return;
    };
    let folder = PathBuf::from(folder);
    if std::env::args().any(|argument| argument == "--times") {
        return times::write(&folder);
    }
    println!(
        "| network | codes | thresholds | accumulators | classes | pairs | closest | close pairs | seconds |\n|---|---|---|---|---|---|---|---|---|"
    );
    for (name, case, expected, file, tensor) in NETWORKS {
        if !wanted.is_empty() && !wanted.iter().any(|wanted| wanted == name) {
            continue;
        }
        let run = || {
            let model = folder.join(format!("{}.onnx", name));
            let begin = Instant::now();
            Network::imported(&model, *case);
            let seconds = begin.elapsed().as_secs_f64();
            let network = Network::import(&model, *case);
            let expected = Expected::read(&folder.join(format!("{expected}.expected.safetensors")));
            let frames = streamed(Expected::read(&folder.join(format!("{file}.safetensors"))).tensor(tensor));
            let compared = compare(&network, *case, &expected, &frames);
            let report = network.imported.report();
            let closest = report.nodes.iter().filter_map(|node| node.margin).fold(f64::INFINITY, f64::min);
            let close: usize = report.nodes.iter().map(|node| node.close.len()).sum();
            println!(
                "| {} | {} | {} | {} | {} | {} | {closest:.1e} | {close} | {seconds:.2} |",
                name,
                compared.codes,
                compared.thresholds,
                compared.accumulators,
                compared.classes,
                report.pairs
            );
            for wrong in compared.wrong.iter().take(6) {
                println!("    {wrong}");
            }
        };
        if std::panic::catch_unwind(run).is_err() {
            println!("| {} | failed |", name);
        }
    }
}

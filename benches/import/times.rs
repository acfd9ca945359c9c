//! How long imports take, by the processor's time: what else the machine does counts little.

use crate::NETWORKS;
use crate::expected::Network;
use std::fs;
use std::path::Path;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/import.md");
const START: &str = "<!-- times -->\n";
const END: &str = "<!-- /times -->";

/// Imports each network, and writes the table.
pub fn write(folder: &Path) {
    let head = "| file | bytes | pairs proven | close pairs | seconds |\n|---|---|---|---|---|\n";
    println!("{}", head.trim_end());
    let mut rows = String::new();
    for (name, case, ..) in NETWORKS {
        let model = folder.join(format!("{name}.onnx"));
        let bytes = fs::metadata(&model).expect("the model").len();
        let begin = processor_seconds();
        let report = Network::imported(&model, *case).report();
        let seconds = processor_seconds() - begin;
        let close: usize = report.nodes.iter().map(|node| node.close.len()).sum();
        let row = format!("| `{name}` | {bytes} | {} | {close} | {seconds:.2} |", report.pairs);
        println!("{row}");
        rows.push_str(&row);
        rows.push('\n');
    }
    let page = fs::read_to_string(PAGE).expect("the page");
    let (before, rest) = page.split_once(START).expect("the mark of the table");
    let (_, after) = rest.split_once(END).expect("the mark of its end");
    fs::write(PAGE, format!("{before}{START}{head}{rows}{END}{after}")).expect("the page");
}

/// What this process has used.
fn processor_seconds() -> f64 {
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the call writes the structure that it is given.
    let usage = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr());
        usage.assume_init()
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

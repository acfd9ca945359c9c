//! da4ml and twn-generator, installed into the cache and run on the same matrices.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use ternlet::tools::{Tool, ToolError, Toolchain};

const PACKAGES: [&str; 4] = ["da4ml==0.6.0", "twn-generator==0.1.5", "scipy==1.17.1", "scikit-image==0.26.0"];

#[derive(Serialize)]
pub struct Matrix<'a> {
    pub name: &'a str,
    pub rows: &'a [Vec<i64>],
}

/// What a peer says of its graph for a matrix.
#[derive(Debug, Deserialize)]
pub struct Graph {
    pub adders: usize,
    /// Clock cycles from the vector to its product.
    pub latency: usize,
    /// To solve and to write, the best of three; of da4ml only.
    pub seconds: Option<f64>,
    /// Bits of each output and whether it is signed.
    pub outputs: Vec<(u32, bool)>,
}

#[derive(Debug, Deserialize)]
pub struct Graphs {
    pub da4ml: Graph,
    /// None where it found no graph.
    pub twn: Option<Graph>,
}

/// The graphs of both, by the names of the matrices; their Verilog is in `folder` then.
pub fn graphs(
    toolchain: &Toolchain,
    folder: &Path,
    matrices: &[Matrix],
) -> Result<HashMap<String, Graphs>, ToolError> {
    let mut python = Tool::new("python3", "python3", "");
    let entry = toolchain.cache().entry("peers", "adder-graphs-1", |folder| -> Result<(), ToolError> {
        let _step = toolchain.progress().task("installing da4ml and twn-generator");
        let mut arguments = vec!["-m", "pip", "install", "--quiet", "--target", "."];
        arguments.extend(PACKAGES);
        python.run(folder, &arguments).map(drop)
    })?;
    python.environment = vec![("PYTHONPATH".into(), entry.path.into())];
    let list = serde_json::to_string(matrices).expect("numbers and names");
    fs::write(folder.join("matrices.json"), list).map_err(ToolError::at(folder))?;
    let _step = toolchain.progress().task("solving with da4ml and twn-generator");
    python.run(folder, &[concat!(env!("CARGO_MANIFEST_DIR"), "/benches/adder_graphs/peers.py"), "."])?;
    let text = fs::read_to_string(folder.join("peers.json")).map_err(ToolError::at(folder))?;
    Ok(serde_json::from_str(&text).expect("what peers.py writes"))
}

//! `ternlet train`: what leaves is what was trained, the same every time; and what is refused.

mod exact;
mod refusals;
mod repeat;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A training file in `folder`: two epochs over real digits, with this method and these nodes.
fn file(folder: &Path, method: &str, nodes: &str) -> PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data");
    let of = |name: &str| {
        let file = data.join(format!("digits_{name}.safetensors"));
        format!("{name} = {{ file = {file:?}, frames = \"{name}.image\", labels = \"{name}.label\" }}\n")
    };
    let size = if nodes.contains("convolution") { "size = [8, 8]\n" } else { "" };
    let text = format!(
        "name = \"digits\"\n[data]\ninput = \"u5/16\"\n{size}{}{}[train]\nmethod = {method}\nepochs = 2\nbatch = 32\nrate = 0.05\n\
         warmup = 0.1\nvalidation = 0.2\nactivation = {{ bits = 3, clip = \"percentile\" }}\n{nodes}",
        of("train"),
        of("test")
    );
    let path = folder.join("train.toml");
    fs::write(&path, text).unwrap();
    path
}

/// Two matrices.
const VECTORS: &str = "[[node]]\nname = \"hidden\"\nkind = \"linear\"\nrows = 12\n\
                       [[node]]\nname = \"scores\"\nkind = \"linear\"\nrows = 10\n";

/// Two convolutions with padding, a stride and a pool, and a matrix.
const MAPS: &str = "[[node]]\nname = \"first\"\nkind = \"convolution\"\nfilters = 4\nkernel = [3, 3]\npadding = [1, 1]\n\
                    [[node]]\nname = \"half\"\nkind = \"max_pool\"\nkernel = [2, 2]\n\
                    [[node]]\nname = \"second\"\nkind = \"convolution\"\nfilters = 8\nkernel = [2, 3]\nstride = [2, 1]\npadding = [0, 1]\n\
                    [[node]]\nname = \"line\"\nkind = \"flatten\"\n\
                    [[node]]\nname = \"scores\"\nkind = \"linear\"\nrows = 10\n";

/// Branches that join: two maps of one step, as channels and as a sum, and a transposed convolution.
const BRANCHES: &str = "[[node]]\nname = \"first\"\nkind = \"convolution\"\nfilters = 4\nkernel = [3, 3]\npadding = [1, 1]\n\
                        [[node]]\nname = \"half\"\nkind = \"max_pool\"\nkernel = [2, 2]\n\
                        [[node]]\nname = \"deep\"\nkind = \"convolution\"\nfilters = 6\nkernel = [3, 3]\npadding = [1, 1]\n\
                        [[node]]\nname = \"up\"\nkind = \"transposed_convolution\"\nfilters = 3\nkernel = [2, 2]\n\
                        [[node]]\nname = \"both\"\nkind = \"concat\"\nfrom = [\"first\", \"up\"]\n\
                        [[node]]\nname = \"narrow\"\nkind = \"convolution\"\nfilters = 4\nkernel = [1, 1]\n\
                        [[node]]\nname = \"sum\"\nkind = \"add\"\nfrom = [\"first\", \"narrow\"]\n\
                        [[node]]\nname = \"last\"\nkind = \"convolution\"\nfilters = 4\nkernel = [2, 2]\nstride = [2, 2]\n\
                        [[node]]\nname = \"line\"\nkind = \"flatten\"\n\
                        [[node]]\nname = \"scores\"\nkind = \"linear\"\nrows = 10\n";

fn ternlet(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ternlet")).args(arguments).current_dir(folder).output().unwrap()
}

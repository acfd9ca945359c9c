//! Layers of trained networks, on what an independent program gave them and made of it (`tests/vectors/networks.py`).

use crate::check::*;
use std::fs;
use ternlet::datapath::{
    ArgmaxConfig, Catalog, Config, ConvolutionConfig, Datapath, NmMacConfig, PoolConfig, Source,
};
use ternlet::design::{Choices, Design, TensorFiles};
use ternlet::device::Family;
use ternlet::hdl::Timing;
use ternlet::stream::Tokens;
use ternlet::verify::Case;

struct Network {
    file: String,
    files: TensorFiles,
}

impl Network {
    fn of(name: &str) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/networks");
        Self { file: format!("{name}.safetensors"), files: TensorFiles::relative_to(folder) }
    }

    /// The keys that name a tensor.
    fn key(&self, tensor: &str) -> String {
        format!("file = \"{}\", tensor = \"{tensor}\"", self.file)
    }

    fn tensor(&self, tensor: &str) -> Vec<i64> {
        self.files.tensor(&self.file, Some(tensor)).unwrap().values
    }

    fn layer<C: Config>(&self, toml: &str) -> Box<dyn Datapath> {
        let config: C = toml::from_str(toml).unwrap_or_else(|error| panic!("{error}\n{toml}"));
        config.load(&self.files).unwrap_or_else(|errors| panic!("{}\n{toml}", errors[0]))
    }
}

/// A convolution 3 x 3 x 3 of 3DQ's U-Net on the volumes of `tests/vectors/networks.py`: its input, and the codes that leave it there.
fn volumes(name: &str, before: &str, shape: &str, weights: &str) -> (Box<dyn Datapath>, Case) {
    let ttq = Network::of("unet3d_ttq");
    let of = |tensor: &str| ttq.key(&format!("{name}.{tensor}"));
    let weights = match weights {
        "stream" => format!("from = \"stream\", scales = {{ {} }}", of("scales")),
        _ => format!("from = \"{weights}\", {}, scales = {{ {} }}", of("weight"), of("scales")),
    };
    let config: ConvolutionConfig = toml::from_str(&format!(
        "{shape}\nkernel = 3\npadding = 1\nweight = \"ternary\"\nweights = {{ {weights} }}\n[thresholds]\noutput = \"u4\"\n\
         thresholds = {{ {} }}\nsigns = {{ {} }}",
        of("threshold"),
        of("sign")
    ))
    .unwrap();
    let datapath = config.load(&ttq.files).unwrap_or_else(|errors| panic!("{}", errors[0]));
    let ports = datapath.ports();
    let mut inputs = vec![Tokens::pack(&ports.inputs[0], &ttq.tensor(before))];
    if let Some(w) = ports.inputs.get(1) {
        // All filters at once, all of their columns in a beat: for each position the whole tensor.
        let positions = ttq.tensor(before).len();
        inputs.push(Tokens::pack(w, &ttq.tensor(&format!("{name}.weight")).repeat(positions)));
    }
    let expected = vec![Tokens::pack(&ports.outputs[0], &ttq.tensor(&format!("{name}.code")))];
    (datapath, Case { inputs, expected })
}

#[test]
fn convolutions_of_a_trained_network_give_its_codes() {
    let c1 = "size = [16, 24, 24]\nchannels = 1\nfilters = 8\ninput = \"u8\"";
    let c4 = "size = [8, 12, 12]\nchannels = 16\nfilters = 16\ninput = \"u4\"";
    for (name, before, shape, weights) in [
        ("c1", "image", c1.to_string(), "constant"),
        ("c1", "image", format!("{c1}\nparallel_rows = 4"), "memory"),
        ("c1", "image", format!("{c1}\nparallel_rows = 8"), "stream"),
        ("c4", "c3.code", format!("{c4}\nlanes = 4\nparallel_rows = 8"), "memory"),
    ] {
        let (convolution, case) = volumes(name, before, &shape, weights);
        assert!(convolution.golden(&case.inputs) == case.expected, "{name} {weights}");
        let report = verilator_on(&*convolution, &[case], 36, Timing::clock(Family::ECP5, 40.0));
        assert_eq!((report.mismatches, report.frames), (0, 2), "{name} {weights}");
    }
    let c2 = "size = [16, 24, 24]\nchannels = 8\nfilters = 8\ninput = \"u4\"";
    let (convolution, case) = volumes("c2", "c1.code", c2, "memory");
    assert!(convolution.golden(&case.inputs) == case.expected);
}

/// The scores of a last layer, exact in 48 bits, and that the largest is the class of the network.
fn classes(network: &Network, scores: &dyn Datapath, x: &[i64], argmax: &str) -> Tokens {
    let classes = network.layer::<ArgmaxConfig>(&format!("input = \"s48\"\n{argmax}"));
    let inputs = vec![Tokens::pack(&scores.ports().inputs[0], x)];
    let expected = scores.golden(&inputs);
    let found = vec![Tokens::pack(&classes.ports().outputs[0], &network.tensor("class"))];
    assert!(classes.golden(&expected) == found, "{}", network.file);
    for (datapath, case) in [
        (scores, Case { inputs, expected: expected.clone() }),
        (&*classes, Case { inputs: expected.clone(), expected: found }),
    ] {
        verilator_on(datapath, &[case], 37, Timing::clock(Family::ECP5, 40.0));
    }
    expected.into_iter().next().unwrap()
}

#[test]
fn exact_scores_of_a_trained_network_give_its_classes() {
    let exact = |network: &Network, layer: &str| {
        let of = |tensor: &str| network.key(&format!("{layer}.{tensor}"));
        let (multiplier, bias) = (of("multiplier"), of("bias"));
        format!("[requantize]\noutput = \"s48\"\nmultiplier = {{ {multiplier} }}\nbias = {{ {bias} }}")
    };
    let resdw = Network::of("resdw");
    let pool = "operation = \"sum\"\nsize = [6, 6]\nchannels = 24\nkernel = 2\nstride = 2\ninput = \"u4\"";
    let pool = resdw.layer::<PoolConfig>(pool);
    let code = Tokens::pack(&pool.ports().inputs[0], &resdw.tensor("c4.code"));
    let x = pool.golden(&vec![code])[0].unpack(&pool.ports().outputs[0]);
    let fc = resdw.layer::<NmMacConfig>(&format!(
        "rows = 10\ncolumns = 216\nlanes = 8\npattern = \"1:1\"\nweight = \"s4\"\ninput = \"u6\"\n\
         weights = {{ from = \"memory\", {} }}\n{}",
        resdw.key("fc.weight"),
        exact(&resdw, "fc")
    ));
    let scores = classes(&resdw, &*fc, &x, "columns = 10");
    let wide = scores.values.iter().filter(|score| i32::try_from(**score).is_err()).count();
    assert!(wide > 100, "{wide} scores have more than 32 bits");
    let ttq = Network::of("unet3d_ttq");
    let weights =
        format!("from = \"constant\", {}, scales = {{ {} }}", ttq.key("o.weight"), ttq.key("o.scales"));
    let last = ttq.layer::<ConvolutionConfig>(&format!(
        "size = [16, 24, 24]\nchannels = 8\nfilters = 3\nkernel = 1\ninput = \"u4\"\nweight = \"ternary\"\n\
         weights = {{ {weights} }}\n{}",
        exact(&ttq, "o")
    ));
    classes(&ttq, &*last, &ttq.tensor("d.code"), "size = [16, 24, 24]\nchannels = 3\nlanes = 3");
}

/// The design of a network of the brain, with its probes, on the whole right half in place of two patches of it.
fn on_the_half(name: &str) -> Design {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let patches = fs::read_to_string(format!("{examples}/{name}.toml")).unwrap();
    let kept = |part: &&str| !part.starts_with("expected]") && !part.starts_with("labels]");
    let whole = format!("\n{patches}").split("\n[").filter(kept).collect::<Vec<_>>().join("\n[");
    let whole = whole
        .replace("size = [16, 24, 24]", "size = [36, 90, 78]")
        .replace("size = [8, 12, 12]", "size = [18, 45, 39]")
        .replace("\"data/", &format!("\"{examples}/data/"))
        .replace(
            &format!("networks/{name}.safetensors\"\ntensor = \"image\""),
            "networks/unet3d.safetensors\"\ntensor = \"half.image\"",
        );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("half.toml");
    fs::write(&path, whole).unwrap();
    Design::read(&path, &Choices::default(), &Catalog::standard()).unwrap_or_else(|error| panic!("{error}"))
}

/// 3DQ's networks on all that they were not trained on: the class of every voxel, the sum of the codes of every quantizer, and Dice
/// coefficients that the program that trained them printed.
#[test]
fn the_right_half_of_a_brain() {
    let tissue = Network::of("unet3d").tensor("half.tissue");
    let dice = |class: &[i64], of: i64| {
        let count = |values: &[i64]| values.iter().filter(|value| **value == of).count();
        let both =
            class.iter().zip(&tissue).filter(|(class, tissue)| **class == of && **tissue == of).count();
        2.0 * both as f64 / (count(class) + count(&tissue)) as f64
    };
    for (name, grey, white) in
        [("unet3d", 0.9475, 0.9456), ("vnet3d", 0.9538, 0.9474), ("unet3d_ttq", 0.9431, 0.9450)]
    {
        let (network, design) = (Network::of(name), on_the_half(name));
        let probed = design.probed.as_ref().unwrap();
        let data = design.input.as_ref().unwrap();
        let frames = data.frames(0..data.count()).unwrap();
        let results = design.results(&**probed, &probed.golden(&frames));
        let found = |stream: &str| {
            let (_, tensor) = results.iter().find(|(name, _)| name == stream).unwrap();
            &tensor.values
        };
        let class = found("class");
        assert!(*class == network.tensor("half.class"), "{name}");
        for (of, printed) in [(1, grey), (2, white)] {
            assert!((dice(class, of) - printed).abs() <= 0.000_05, "{name}: {} {printed}", dice(class, of));
        }
        // The first sum is that of the pixels.
        let codes = network.tensor("half.sum");
        let sums: Vec<i64> = ["c1", "c2", "a2", "dn", "c3", "c4", "up", "d", "a4"]
            .iter()
            .filter(|layer| results.iter().any(|(name, _)| name == *layer))
            .map(|layer| found(layer).iter().sum())
            .collect();
        assert_eq!(sums, codes[1..], "{name}");
    }
}

/// What `simulate` says of the design of a network with these arguments, which holds.
fn simulated(name: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let example = format!("{}/examples/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_ternlet"));
    let command = command.args(["simulate", &example, "--quiet", "-o"]).arg(folder.path()).args(arguments);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{name}: {said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("differs from"), "{name}: {said}");
    said
}

/// The networks, each with how many of its streams are listed: the code of every quantizer and the class.
const NETWORKS: [(&str, usize); 6] =
    [("tcnn", 4), ("resdw", 6), ("vowels", 3), ("unet3d", 7), ("vnet3d", 9), ("unet3d_ttq", 7)];

/// The Verilog with its probes on the real data, never stalled, stalled at random, with each stream held back in turn, and reset.
#[test]
#[ignore = "make nightly"]
fn every_code_of_every_network_under_all_stalls() {
    for (name, listed) in NETWORKS {
        let said = simulated(name, &["--frames", "0"]);
        assert_eq!(said.matches(" equals what [expected] lists").count(), listed, "{said}");
        assert!(said.contains("times under other stalls"), "{said}");
    }
}

/// The cells of synthesis have no probes: what leaves is compared.
#[test]
#[ignore = "make nightly"]
fn netlists_of_every_network_give_its_classes() {
    for (name, _) in NETWORKS {
        let said = simulated(name, &["--stage", "netlist", "--once"]);
        assert!(said.contains("class equals what [expected] lists"), "{said}");
    }
}

/// In one piece, its longest axis outermost: the class of every voxel as the independent program gave it.
#[test]
#[ignore = "make nightly"]
fn the_right_half_of_a_brain_in_hardware() {
    let said = simulated("unet3d_half", &["--once"]);
    assert!(said.contains("class equals what [expected] lists (252720 integers)"), "{said}");
    // What is listed is the half of the other order, turned.
    let turned = Network::of("unet3d_turned").tensor("half.class");
    let class = Network::of("unet3d").tensor("half.class");
    for (voxel, class) in class.into_iter().enumerate() {
        let (z, y, x) = (voxel / 7020, voxel / 78 % 90, voxel % 78);
        assert_eq!(turned[(y * 78 + x) * 36 + z], class, "{z} {y} {x}");
    }
}

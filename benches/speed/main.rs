//! How long the tool takes for trained networks, by the command line and wall clock, next to what is asked; the table of docs/figures.md.
//! Nothing else should run meanwhile. Names of rows as arguments choose rows, others stay as they are. Exit status 1 where a bound is missed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;
use ternlet::cli::shown_progress;
use ternlet::datapath::Catalog;
use ternlet::design::{Choices, Design, TensorFiles};
use ternlet::project::{Dut, Project};
use ternlet::tools::{Cache, Toolchain};
use ternlet::verify::{Bench, VerilatorTools};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/figures.md");
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
const START: &str = "<!-- speed -->\n";
const END: &str = "<!-- /speed -->";
const HEAD: &str = "| what | asked | found |\n|---|---|---|";

/// What a cache keeps of tools; all else in it are results.
const TOOLS: [&str; 3] = ["tools", "debian", "unpacked"];

/// A figure, and whether it is within its bound.
struct Row {
    what: String,
    asked: &'static str,
    found: String,
    is_met: bool,
}

impl Row {
    fn seconds(what: impl Into<String>, (asked, most): (&'static str, f64), seconds: f64) -> Self {
        Self { what: what.into(), asked, found: format!("{seconds:.2} s"), is_met: seconds <= most }
    }
}

fn main() -> ExitCode {
    let toolchain = Toolchain::new(shown_progress(false)).expect("a cache folder");
    toolchain.install().expect("the tools");
    toolchain.mnist().expect("MNIST's digits");
    let speed = Speed { tools: toolchain.cache().folder().into() };
    let measures: [(&str, &dyn Fn() -> Row); 7] = [
        ("flow", &|| speed.flow()),
        ("compile", &|| speed.compile()),
        ("generate", &|| speed.generate("unet3d")),
        ("load", &|| speed.slowest_load()),
        ("golden", &|| speed.golden()),
        ("cores", &|| speed.cores("tcnn")),
        ("cores_3d", &|| speed.cores("unet3d")),
    ];
    let chosen: Vec<String> = std::env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    let page = fs::read_to_string(PAGE).expect("the page");
    let (before, rest) = page.split_once(START).expect("the mark of the table");
    let (table, after) = rest.split_once(END).expect("the mark of its end");
    let mut lines: Vec<String> = table.lines().skip(HEAD.lines().count()).map(String::from).collect();
    lines.resize(measures.len(), String::new());
    let mut met = true;
    for (line, (name, measure)) in lines.iter_mut().zip(measures) {
        if !(chosen.is_empty() || chosen.iter().any(|chosen| chosen == name)) {
            continue;
        }
        let Row { what, asked, found, is_met } = measure();
        println!("{name}: {what}: {found} ({asked} asked: {})", if is_met { "met" } else { "MISSED" });
        *line = format!("| {what} | {asked} | {found} |");
        met &= is_met;
    }
    let table = [HEAD.lines().map(String::from).collect(), lines].concat().join("\n");
    fs::write(PAGE, format!("{before}{START}{table}\n{END}{after}")).expect("the page");
    if met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Speed {
    /// The user's cache.
    tools: PathBuf,
}

/// A cache that holds nothing but tools, and a folder for results.
struct Fresh {
    folder: tempfile::TempDir,
}

impl Fresh {
    fn of(tools: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("cache")).expect("the temporary folder");
        for kind in TOOLS.iter().filter(|kind| tools.join(kind).exists()) {
            symlink(tools.join(kind), folder.path().join("cache").join(kind)).expect("the temporary folder");
        }
        Self { folder }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// The seconds that the command line takes with these arguments; with a number of `cores`, on so many.
    fn run(&self, arguments: &[&str], cores: Option<usize>) -> f64 {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ternlet"));
        command
            .args(arguments)
            .arg("--quiet")
            .current_dir(self.folder.path())
            .env("TERNLET_CACHE", self.cache());
        command.envs(cores.map(|cores| ("RAYON_NUM_THREADS", cores.to_string())));
        let start = Instant::now();
        let output = command.output().expect("the command line starts");
        let seconds = start.elapsed().as_secs_f64();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        seconds
    }
}

fn example(name: &str) -> String {
    format!("{EXAMPLES}/{name}.toml")
}

impl Speed {
    fn fresh(&self) -> Fresh {
        Fresh::of(&self.tools)
    }

    fn flow(&self) -> Row {
        let seconds = self.fresh().run(&["flow", &example("tcnn"), "-o", "out"], None);
        Row::seconds("`flow examples/tcnn.toml`, nothing cached but the tools", ("180 s", 180.0), seconds)
    }

    /// Of the model that `simulate` compiles.
    fn compile(&self) -> Row {
        let fresh = self.fresh();
        let toolchain = Toolchain::at(Cache::at(fresh.cache()).expect("the cache"), shown_progress(false));
        let tools = VerilatorTools::of(&toolchain).expect("Verilator");
        let design = Design::read(Path::new(&example("unet3d")), &Choices::default(), &Catalog::standard());
        let project = Project::generate(design.expect("the example"), true).expect("its Verilog");
        let (dut, ports) = (Dut::rtl(&project), project.design.datapath.ports());
        let plan = dut.plan(&ports, 1);
        let start = Instant::now();
        Bench::compile(&tools, &plan).expect("the model");
        let seconds = start.elapsed().as_secs_f64();
        Row::seconds(
            "the co-simulation model of `unet3d`, Verilator's runtime with it",
            ("60 s", 60.0),
            seconds,
        )
    }

    fn generate(&self, name: &str) -> Row {
        let fresh = self.fresh();
        let seconds = fresh.run(&["generate", &example(name), "-o", "out"], None);
        Row::seconds(format!("`generate examples/{name}.toml`, nothing cached"), ("5 s", 5.0), seconds)
    }

    /// The example that takes longest from the file to the graph with its FIFO depths.
    fn slowest_load(&self) -> Row {
        let files =
            fs::read_dir(EXAMPLES).expect("the examples").map(|entry| entry.expect("an example").path());
        let designs = files.filter(|file| file.extension().is_some_and(|extension| extension == "toml"));
        let load = |file: PathBuf| {
            let design = Design::read(&file, &Choices::default(), &Catalog::standard()).expect("the example");
            let tensors = TensorFiles::relative_to(EXAMPLES);
            let start = Instant::now();
            design.graph.load(&Catalog::standard(), &tensors).expect("the example");
            (start.elapsed().as_secs_f64(), file)
        };
        let (seconds, file) = designs.map(load).max_by(|a, b| a.0.total_cmp(&b.0)).expect("an example");
        let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
        Row::seconds(
            format!("the slowest example from tensors to a graph with its FIFO depths: `{name}`"),
            ("1 s", 1.0),
            seconds,
        )
    }

    fn golden(&self) -> Row {
        let fresh = self.fresh();
        fresh.run(&["tools", "data", "-o", "data"], None);
        let images = "data/mnist.safetensors:test.image";
        let seconds =
            fresh.run(&["golden", &example("tcnn"), "--input", images, "-o", "class.safetensors"], None);
        Row::seconds("`golden`: the 500 test images of MNIST through `tcnn`", ("2 s", 2.0), seconds)
    }

    /// How many times faster a simulation is on two cores, its models compiled before.
    fn cores(&self, name: &str) -> Row {
        let fresh = self.fresh();
        let arguments = ["simulate", &example(name), "-o", "out"];
        fresh.run(&arguments, None);
        let [one, two] = [1, 2].map(|cores| fresh.run(&arguments, Some(cores)));
        Row {
            what: format!(
                "`simulate examples/{name}.toml` on two cores, compiled before: times as fast as on one"
            ),
            asked: "1.7",
            found: format!("{:.2} ({one:.1} s, {two:.1} s)", one / two),
            is_met: one / two >= 1.7,
        }
    }
}

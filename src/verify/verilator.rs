//! From Verilog to a loadable model: Verilator, one translation unit, a precompiled header, a runtime compiled once.

use super::SimulationError;
use crate::tools::{Cache, Tool, ToolError, Toolchain, Verilator, key, on_path};
use crate::verilog::SourceFile;
use std::cmp::Reverse;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What turns Verilog into a model.
#[derive(Clone, Debug)]
pub struct VerilatorTools {
    /// `verilator_bin` itself, not a wrapper around it.
    pub verilator: Tool,
    /// The folder that holds Verilator's `include`.
    pub verilator_root: PathBuf,
    /// A GNU C++ compiler.
    pub cxx: Tool,
    /// Where what is compiled is kept.
    pub cache: Cache,
}

impl VerilatorTools {
    /// Those of `toolchain`, installed if they are missing, with its cache.
    pub fn of(toolchain: &Toolchain) -> Result<Self, ToolError> {
        let Verilator { tool: verilator, root: verilator_root } = toolchain.verilator()?;
        let cache = toolchain.cache().clone();
        Ok(Self { verilator, verilator_root, cxx: toolchain.compiler()?, cache })
    }
}

/// Variants of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether it can write waveforms; such a model is slower and compiles longer.
    pub waves: bool,
    /// Macros for the Verilog: `NAME` or `NAME=VALUE`.
    pub defines: Vec<String>,
    /// An input of the top, of at most 32 bits, that each run sets once: [`super::Run::select`].
    pub select: Option<String>,
}

/// The file of a model in its entry of the cache.
const OBJECT: &str = "model.so";

const HOOKS: &str = include_str!("../../sim/hooks.h");
const HARNESS: &str = include_str!("../../sim/harness.h");

/// The parts of Verilator's runtime that a model needs, and what one with waveforms needs besides.
const RUNTIME: [&str; 2] = ["verilated", "verilated_threads"];
const WAVES_RUNTIME: &str = "verilated_vcd_c";

/// Above so many bytes of C++ a model is compiled in two halves side by side, and optimized less: the time grows faster than
/// the text, to minutes.
const LARGE: u64 = 2 << 20;

impl VerilatorTools {
    /// The same for the runtime, the header and every model, else the compiler ignores the precompiled header. Nothing
    /// of a model is visible from outside or unique in the process, so that models don't meet. GCC 12 vectorizes at -O2, and of the sum
    /// of four comparisons it makes -4 in place of 4.
    pub const CXX_FLAGS: [&str; 8] = [
        "-std=gnu++17",
        "-O2",
        "-fno-tree-vectorize",
        "-fPIC",
        "-fvisibility=hidden",
        "-fno-gnu-unique",
        "-w",
        "-pipe",
    ];

    /// Undefined bits become random numbers, and so do registers before their reset, that no result can lean on them.
    pub const VERILATOR_FLAGS: [&str; 11] = [
        "--cc",
        "--prefix",
        "Vmodel",
        "-O3",
        "--x-assign",
        "unique",
        "--x-initial",
        "unique",
        "--no-timing",
        "-Wno-fatal",
        "-Wno-lint",
    ];

    /// The shared object of module `top` with the test bench `text`, which includes C++ files of these names, and whether it was there already. Two processes that ask for the same at once both get it.
    pub(super) fn shared_object(
        &self,
        sources: &[SourceFile],
        top: &str,
        text: &dyn Fn(&[String]) -> String,
        options: &Options,
    ) -> Result<(PathBuf, bool), SimulationError> {
        let bench = text(&[]);
        let mut parts =
            vec![self.runtime_key(), bench, format!("{options:?}"), Self::VERILATOR_FLAGS.join(" ")];
        parts.extend(sources.iter().flat_map(|source| [source.name.clone(), source.text.clone()]));
        let name = format!("{top}-{}", key(&parts));
        let entry = self.cache.entry("models", &name, |folder| -> Result<(), SimulationError> {
            let work = tempfile::tempdir().map_err(|source| io("a temporary folder".as_ref(), source))?;
            let work = work.path();
            self.verilate(work, sources, top, options)?;
            let halves = halves(translation_units(work)?);
            write(&work.join("model.cc"), &text(&halves[0]))?;
            let rest: String = halves[1].iter().map(|unit| format!("#include \"{unit}\"\n")).collect();
            write(&work.join("rest.cc"), &rest)?;
            let runtime = self.runtime(options.waves)?;
            self.link(work, &runtime, !rest.is_empty(), &folder.join(OBJECT))
        })?;
        Ok((entry.path.join(OBJECT), entry.cached))
    }

    fn verilate(
        &self,
        work: &Path,
        sources: &[SourceFile],
        top: &str,
        options: &Options,
    ) -> Result<(), SimulationError> {
        for source in sources {
            let path = work.join(&source.name);
            fs::write(&path, &source.text).map_err(|source| io(&path, source))?;
        }
        let defines: Vec<String> = options.defines.iter().map(|define| macro_option(define)).collect();
        let mut args = Self::VERILATOR_FLAGS.to_vec();
        args.extend(["--top-module", top, "-Mdir", "."]);
        if options.waves {
            args.push("--trace");
        }
        args.extend(defines.iter().map(String::as_str));
        args.extend(sources.iter().map(|source| source.name.as_str()));
        self.verilator.run(work, &args)?;
        Ok(())
    }

    /// Compiles and links the model in `work`.
    fn link(
        &self,
        work: &Path,
        runtime: &Runtime,
        is_large: bool,
        path: &Path,
    ) -> Result<(), SimulationError> {
        let header = runtime.header.display().to_string();
        let hooks = runtime.header.with_file_name("hooks.h").display().to_string();
        let compile = |header: &str, name: &str| {
            let mut what = vec!["-include", header, "-c"];
            what.extend(is_large.then_some("-O1"));
            let source = format!("{name}.cc");
            what.push(&source);
            self.compile(work, &what, &work.join(format!("{name}.o")))
        };
        let mut objects = vec!["model.o".to_owned()];
        std::thread::scope(|scope| {
            let rest = is_large.then(|| scope.spawn(|| compile(&hooks, "rest")));
            compile(&header, "model")?;
            rest.map_or(Ok(()), |rest| rest.join().expect("no panic while compiling"))
        })?;
        objects.extend(is_large.then(|| "rest.o".to_owned()));
        objects.extend(runtime.objects.iter().map(|object| object.display().to_string()));
        let output = path.display().to_string();
        let mut args = vec!["-shared", "-o", &output];
        args.extend(objects.iter().map(String::as_str));
        if on_path("ld.mold").is_some() {
            args.push("-fuse-ld=mold");
        }
        self.cxx.run(work, &args)?;
        Ok(())
    }

    /// What else a model depends on: the tools, the machine and our own C++.
    fn runtime_key(&self) -> String {
        let parts = [
            &self.verilator.version,
            &self.verilator_root.display().to_string(),
            &self.cxx.version,
            std::env::consts::ARCH,
            &Self::CXX_FLAGS.join(" "),
            HOOKS,
            HARNESS,
        ];
        key(parts)
    }

    /// The header and the runtime, compiled side by side where they are missing.
    /// Threads that come meanwhile wait: else each would compile the same.
    fn runtime(&self, waves: bool) -> Result<Runtime, SimulationError> {
        static COMPILING: Mutex<()> = Mutex::new(());
        let _guard = COMPILING.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = |name: &str, build: &dyn Fn(&Path) -> Result<(), SimulationError>| {
            let name = format!("{name}-{}", self.runtime_key());
            self.cache.entry("verilator", &name, build).map(|entry| entry.path)
        };
        let common = entry("runtime", &|folder| {
            write(&folder.join("hooks.h"), HOOKS)?;
            write(&folder.join("harness.h"), HARNESS)?;
            let header = ["-x", "c++-header", "harness.h"];
            let compiled = std::thread::scope(|scope| {
                let precompiled =
                    scope.spawn(|| self.compile(folder, &header, &folder.join("harness.h.gch")));
                let objects = RUNTIME.map(|name| scope.spawn(move || self.runtime_object(folder, name)));
                let objects = objects.into_iter().chain([precompiled]);
                objects.map(|object| object.join().expect("no panic while compiling")).collect::<Vec<_>>()
            });
            compiled.into_iter().collect()
        })?;
        let mut objects: Vec<PathBuf> = RUNTIME.iter().map(|name| common.join(format!("{name}.o"))).collect();
        if waves {
            let folder = entry("waves", &|folder| {
                write(&folder.join("hooks.h"), HOOKS)?;
                self.runtime_object(folder, WAVES_RUNTIME)
            })?;
            objects.push(folder.join(format!("{WAVES_RUNTIME}.o")));
        }
        Ok(Runtime { header: common.join("harness.h"), objects })
    }

    fn runtime_object(&self, folder: &Path, name: &str) -> Result<(), SimulationError> {
        let source = self.verilator_root.join("include").join(format!("{name}.cpp")).display().to_string();
        self.compile(folder, &["-include", "hooks.h", "-c", &source], &folder.join(format!("{name}.o")))
    }

    fn compile(&self, folder: &Path, what: &[&str], output: &Path) -> Result<(), SimulationError> {
        let include = format!("-I{}", self.verilator_root.join("include").display());
        let output = output.display().to_string();
        let args = [&Self::CXX_FLAGS[..], &[&include], what, &["-o", &output]].concat();
        self.cxx.run(folder, &args)?;
        Ok(())
    }
}

/// What every model is compiled with.
struct Runtime {
    /// Its precompiled form lies beside it.
    header: PathBuf,
    objects: Vec<PathBuf>,
}

/// The option of Verilator that defines a macro: `NAME` or `NAME=VALUE`.
///
/// # Panics
/// If it is something else, such as the whole option: Verilator would define a macro that nobody reads, and the models of
/// cells would quietly be others.
fn macro_option(define: &str) -> String {
    let name = define.split('=').next().unwrap_or_default();
    let is_name = |name: &str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    assert!(!name.is_empty() && is_name(name), "a macro is NAME or NAME=VALUE, not {define:?}");
    format!("-D{define}")
}

/// The C++ files that Verilator wrote, each with its bytes.
fn translation_units(work: &Path) -> Result<Vec<(String, u64)>, SimulationError> {
    let entries = fs::read_dir(work).map_err(|source| io(work, source))?;
    let unit = |entry: fs::DirEntry| {
        let name = entry.file_name().into_string().ok().filter(|name| name.ends_with(".cpp"))?;
        Some((name, entry.metadata().ok()?.len()))
    };
    let mut units: Vec<_> = entries.filter_map(|entry| unit(entry.ok()?)).collect();
    units.sort();
    Ok(units)
}

/// Two halves of about as many bytes, the second empty where all together are not [`LARGE`].
fn halves(mut units: Vec<(String, u64)>) -> [Vec<String>; 2] {
    let is_large = units.iter().map(|unit| unit.1).sum::<u64>() > LARGE;
    units.sort_by_key(|unit| Reverse(unit.1));
    let mut halves: [(Vec<String>, u64); 2] = Default::default();
    for (name, bytes) in units {
        let smaller = usize::from(is_large && halves[1].1 < halves[0].1);
        halves[smaller].0.push(name);
        halves[smaller].1 += bytes;
    }
    halves.map(|half| half.0)
}

fn write(path: &Path, text: &str) -> Result<(), SimulationError> {
    fs::write(path, text).map_err(|source| io(path, source))
}

fn io(path: &Path, source: std::io::Error) -> SimulationError {
    SimulationError::Tool(ToolError::Io { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_are_options() {
        assert_eq!(macro_option("ICE40_HX"), "-DICE40_HX");
        assert_eq!(macro_option("DEPTH=4"), "-DDEPTH=4");
    }

    #[test]
    #[should_panic(expected = "a macro is NAME or NAME=VALUE, not \"+define+ICE40_HX\"")]
    fn an_option_is_no_macro() {
        macro_option("+define+ICE40_HX");
    }
}

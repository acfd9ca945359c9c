"""Writes lifting.json beside it: what three references make of small pictures and lines.

    apt-get install libopenjp2-7 && pip install numpy glymur packaging PyWavelets vc2-conformance
    python3 tests/vectors/lifting.py

- OpenJPEG (through glymur): the LL bands of the reversible 5/3, levels 1 to 3, odd sizes. A file is encoded without loss
  with so many resolutions, and read at a reduced one. Reduced reads clip to the range of the pixels, so 8-bit pixels are put
  in the middle of a 16-bit picture: + 32768 - 128, which the transform hands to LL as it is.
- vc2-conformance (GPL-3.0: run here, never copied): all bands of VC-2's filters, several levels, whose sizes are powers of two
  times odd numbers.
- PyWavelets: the high band of the 5/3 in floating point; the integer one is its ceiling.
"""

import json
import pathlib
import tempfile

import glymur
import numpy
import pywt
from vc2_conformance.pseudocode.picture_encoding import dwt
from vc2_conformance.pseudocode.state import State

random = numpy.random.default_rng(53)
HERE = pathlib.Path(__file__).parent
OFFSET = 32768 - 128


def openjpeg(height, width, levels):
    x = random.integers(0, 256, (height, width))
    if (height + width) % 3 == 0:
        x = numpy.where(random.random((height, width)) < 0.5, 0, 255)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/x.jp2"
        glymur.Jp2k(path, data=(x + OFFSET).astype(numpy.uint16), numres=levels + 1, cratios=[1])
        lows = [glymur.Jp2k(path)[:: 2**k, :: 2**k].astype(int) - OFFSET for k in range(1, levels + 1)]
    return {"x": x.tolist(), "ll": [low.tolist() for low in lows]}


def vc2(index, height, width, levels):
    x = random.integers(-128, 128, (height, width))
    state = State(wavelet_index=index, wavelet_index_ho=index, dwt_depth=levels, dwt_depth_ho=0)
    bands = dwt(state, [list(map(int, row)) for row in x])
    # There, level 1 is the coarsest.
    named = {f"ll{levels}": bands[0]["LL"]}
    for level in range(1, levels + 1):
        for name in ("HL", "LH", "HH"):
            named[f"{name.lower()}{levels + 1 - level}"] = bands[level][name]
    return {"x": x.tolist(), "levels": levels, "bands": named}


def pywavelets(length):
    x = random.integers(0, 256, length)
    _, detail = pywt.dwt(x.astype(float), "bior2.2", mode="reflect")
    high = -numpy.sqrt(2) * detail[1 : 1 + length // 2]
    return {"x": x.tolist(), "high": numpy.ceil(numpy.round(high, 9)).astype(int).tolist()}


shapes = [(5, 9), (8, 8), (9, 5), (13, 21), (16, 31), (33, 2), (7, 40), (25, 25)]
filters = {
    "vc2_dd_9_7": 0,
    "vc2_5_3": 1,
    "vc2_13_7": 2,
    "vc2_haar": 3,
    "vc2_haar_shift": 4,
    "vc2_9_7": 6,
}
vectors = {
    "openjpeg": [openjpeg(height, width, levels) for height, width in shapes for levels in (1, 3) if min(height, width) >= 2**levels],
    "vc2": {
        name: [vc2(index, height, width, levels) for height, width, levels in [(8, 8, 1), (8, 24, 3), (20, 12, 2), (2, 6, 1)]]
        for name, index in filters.items()
    },
    "pywavelets": [pywavelets(length) for length in (2, 3, 5, 8, 33, 63, 64)],
}
lines = [f" {json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in vectors.items()]
(HERE / "lifting.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")

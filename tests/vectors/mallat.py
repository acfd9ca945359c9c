"""Writes mallat.json beside it: where PyWavelets puts each coefficient of several levels in one array.

    pip install numpy PyWavelets
    python3 tests/vectors/mallat.py

Every coefficient is a number of its own: the bands from the approximation on, then from the coarsest level to the finest, each
in raster order; within a level in the order of its letters, innermost axis first: hl, lh, hh.
"""

import json
import pathlib

import numpy
import pywt


def layout(shape, levels):
    def band(size):
        nonlocal count
        start, count = count, count + int(numpy.prod(size))
        return numpy.arange(start, count).reshape(size)

    count, axes = 0, len(shape)
    halves = lambda level: tuple(length >> level for length in shape)
    coefficients = [band(halves(levels))]
    for level in range(levels, 0, -1):
        # PyWavelets names the outermost axis first.
        names = ["".join("ad"[bits >> axis & 1] for axis in reversed(range(axes))) for bits in range(1, 1 << axes)]
        coefficients.append({name: band(halves(level)) for name in names})
    if axes == 2:
        order = ["da", "ad", "dd"]
        coefficients[1:] = [tuple(bands[name] for name in order) for bands in coefficients[1:]]
    if axes == 1:
        coefficients[1:] = [bands["d"] for bands in coefficients[1:]]
    pack = {1: lambda c: pywt.coeffs_to_array([c[0]] + [{"d": d} for d in c[1:]])}.get(axes, pywt.coeffs_to_array)
    array, _ = pack(coefficients)
    return {"shape": shape, "levels": levels, "layout": array.astype(int).ravel().tolist()}


layouts = [layout([16], 3), layout([8, 12], 2), layout([16, 8], 3), layout([4, 8, 12], 2)]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(layouts) + "\n")

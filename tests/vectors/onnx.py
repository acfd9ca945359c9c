"""Writes tests/vectors/onnx: trained networks as ONNX files, and what an independent program made of them, without what is large.

    pip install numpy safetensors
    python3 tests/vectors/onnx.py FOLDER

FOLDER holds the networks as NAME.onnx, and NAME.expected.safetensors, made by a program that computes with rationals and knows nothing of this
one. Of each quantizer its bounds, signs and thresholds are kept; their codes for a few inputs stand in examples/data/networks.
"""

import shutil
import sys
from pathlib import Path

import numpy
from safetensors import safe_open
from safetensors.numpy import save_file

FOLDER = Path(sys.argv[1])
HERE = Path(__file__).resolve().parent / "onnx"

MODELS = """tcnn tcnn_qcdq tcnn_finn resdw resdw_qcdq tfc_qcdq vowels vowels_qcdq ptq_qop ptq_qdq cov_3d cov_bipolar cov_transpose cov_trunc
unet3d unet3d_qcdq vnet3d vnet3d_qcdq unet3d_ttq""".split()
EXPECTED = "tcnn resdw tfc vowels cov_3d cov_bipolar cov_transpose cov_trunc unet3d vnet3d unet3d_ttq".split()


def small(values):
    for kind in (numpy.uint8, numpy.int8, numpy.int16, numpy.int32, numpy.int64):
        bounds = numpy.iinfo(kind)
        if bounds.min <= values.min() and values.max() <= bounds.max:
            return numpy.ascontiguousarray(values.astype(kind))


for name in MODELS:
    shutil.copyfile(FOLDER / f"{name}.onnx", HERE / f"{name}.onnx")
for name in EXPECTED:
    with safe_open(FOLDER / f"{name}.expected.safetensors", "numpy") as file:
        kept = [key for key in file.keys() if key.split(".")[-1] in ("bounds", "sign", "threshold")]
        tensors = {key: file.get_tensor(key) for key in kept}
        metadata = {key: value for key, value in file.metadata().items() if key.startswith("quant")}
    # A threshold that is never reached is the largest of its type: one more than the greatest accumulator means the same.
    for key in [key for key in tensors if key.endswith(".threshold")]:
        most = numpy.abs(tensors[key.replace("threshold", "bounds")]).max() + 1
        tensors[key] = numpy.minimum(tensors[key], most)
    save_file({key: small(values) for key, values in tensors.items()}, HERE / f"{name}.expected.safetensors", metadata)

"""Layers of a U-Net with 3DQ's trained ternary quantization, and a few windows of its data, in plain Python. Writes ttq.json.

For each of three convolutions: the ternary weights as a matrix, both scales as integers, the thresholds and signs of the quantizer after it,
windows of its input and the codes that leave the quantizer there. The networks' integers and codes are of the exact program that made
unet3d_ttq.expected.safetensors, which agrees with qonnx; here they are only cut out: nothing is computed but which input a tap reads.

Run with python3 ttq.py FOLDER > ttq.json, where FOLDER has unet3d_ttq.safetensors and unet3d_ttq.expected.safetensors.
"""

import json
import random
import struct
import sys
from pathlib import Path

CODES = {"I8": "b", "U8": "B", "I16": "h", "I32": "i", "I64": "q", "F32": "f", "F64": "d"}


def tensors(path):
    """The tensors of a safetensors file: shape and flat values by name."""
    raw = Path(path).read_bytes()
    length = struct.unpack("<Q", raw[:8])[0]
    found = {}
    for name, entry in json.loads(raw[8 : 8 + length]).items():
        if name != "__metadata__":
            first, end = entry["data_offsets"]
            values = struct.unpack_from(
                "<%d%s" % ((end - first) // struct.calcsize(CODES[entry["dtype"]]), CODES[entry["dtype"]]), raw, 8 + length + first
            )
            found[name] = (entry["shape"], values)
    return found


def rows(tensor):
    shape, values = tensor
    width = len(values) // shape[0]
    return [list(values[row * width : (row + 1) * width]) for row in range(shape[0])]


def window(tensor, item, place):
    """The inputs of all taps of a 3x3x3 kernel at `place`, channel after channel, 0 outside."""
    (_, channels, depth, height, width), values = tensor
    taps = []
    for channel in range(channels):
        for dz in (-1, 0, 1):
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    z, y, x = place[0] + dz, place[1] + dy, place[2] + dx
                    inside = 0 <= z < depth and 0 <= y < height and 0 <= x < width
                    index = (((item * channels + channel) * depth + z) * height + y) * width + x
                    taps.append(values[index] if inside else 0)
    return taps


folder = Path(sys.argv[1])
weights, expected = tensors(folder / "unet3d_ttq.safetensors"), tensors(folder / "unet3d_ttq.expected.safetensors")
rng = random.Random(1904)
layers = []
for layer, before, after in [("c1", 0, 1), ("c2", 1, 2), ("c4", 3, 4)]:
    x, code = expected[f"quant{before}.code"], expected[f"quant{after}.code"]
    (_, channels, depth, height, width), codes = code
    windows, expected_codes = [], []
    for _ in range(12):
        place = [rng.randrange(depth), rng.randrange(height), rng.randrange(width)]
        item = rng.randrange(2)
        windows.append(window(x, item, place))
        index = lambda channel: (((item * channels + channel) * depth + place[0]) * height + place[1]) * width + place[2]
        expected_codes.append([codes[index(channel)] for channel in range(channels)])
    layers.append(
        {
            "layer": layer,
            "scales": list(expected[f"quant{after}.wp_wn"][1]),
            "weight": rows(weights[f"{layer}.weight"]),
            "thresholds": rows(expected[f"quant{after}.threshold"]),
            "signs": list(expected[f"quant{after}.sign"][1]),
            "bounds": rows(expected[f"quant{after}.bounds"]),
            "x": windows,
            "code": expected_codes,
        }
    )
print("[\n" + ",\n".join(json.dumps(layer, separators=(",", ":")) for layer in layers) + "\n]")

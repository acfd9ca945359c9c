"""Transposed convolutions by the reference evaluator of ONNX. Writes transposed_convolution.json.

Run with onnx 1.17 or later and numpy 2: python3 transposed_convolution.py > transposed_convolution.json
"""

import json

import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

rng = np.random.default_rng(1904_03110)


def transposed(x, w, **attributes):
    tensor = lambda name, array: helper.make_tensor_value_info(name, TensorProto.DOUBLE, array.shape)
    node = helper.make_node("ConvTranspose", ["x", "w"], ["y"], **attributes)
    inputs = [tensor("x", x), tensor("w", w)]
    output = [helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)]
    model = helper.make_model(helper.make_graph([node], "transposed", inputs, output))
    return ReferenceEvaluator(model).run(None, {"x": x, "w": w})[0]


def channels_last(map_):
    return np.moveaxis(map_[0], 0, -1).reshape(-1).astype(int).tolist()


def case(size, channels, filters, kernel, groups=1, low=0, high=16, stride=None, padding=None):
    x = rng.integers(low, high, (1, channels, *size)).astype(float)
    w = rng.integers(-1, 2, (channels, filters // groups, *kernel)).astype(float)
    # Of a group each: the evaluator takes no groups here.
    part, parts = channels // groups, []
    stride, padding = stride or kernel, padding or [(0, 0)] * len(kernel)
    pads = [before for before, _ in padding] + [after for _, after in padding]
    for group in range(groups):
        own = slice(group * part, (group + 1) * part)
        parts.append(transposed(x[:, own], w[own], strides=list(stride), kernel_shape=list(kernel), pads=pads))
    y = np.concatenate(parts, axis=1)
    assert np.all(y == np.rint(y))
    return {
        "size": list(size),
        "channels": channels,
        "filters": filters,
        "kernel": list(kernel),
        "stride": list(stride),
        "padding": [list(ends) for ends in padding],
        "groups": groups,
        "input": "u4" if low == 0 else "s5",
        "shape": list(y.shape[2:]),
        "x": channels_last(x),
        "w": w.reshape(channels, -1).astype(int).tolist(),
        "y": channels_last(y),
    }


cases = [
    case((7,), 3, 2, (2,)),
    case((4,), 4, 6, (5,), groups=2, low=-16),
    case((3, 4), 2, 3, (2, 2)),
    case((3, 2), 4, 2, (3, 2), low=-16),
    case((4, 3), 6, 6, (1, 2), groups=3),
    case((2, 5), 2, 1, (2, 1)),
    case((2, 3, 2), 3, 2, (2, 2, 2)),
    case((2, 2, 3), 4, 4, (3, 1, 2), groups=4, low=-16),
    case((1, 2, 2), 2, 2, (1, 2, 3), groups=2),
    case((6,), 2, 3, (3,), stride=(1,)),
    case((5,), 3, 2, (4,), stride=(2,), padding=[(1, 1)], low=-16),
    case((4,), 2, 4, (3,), stride=(2,), padding=[(1, 0)], groups=2),
    case((3, 4), 2, 3, (3, 3), stride=(2, 2), padding=[(1, 0), (1, 0)]),
    case((4, 3), 4, 2, (4, 2), stride=(2, 1), padding=[(1, 2), (0, 1)], low=-16),
    case((3, 3), 4, 4, (2, 3), stride=(3, 2), groups=2),
    case((2, 3), 1, 2, (2, 2), padding=[(1, 0), (0, 1)]),
    case((2, 3, 2), 2, 2, (3, 3, 3), stride=(2, 2, 2), padding=[(1, 1)] * 3),
]
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")

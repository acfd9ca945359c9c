"""Convolutions by the reference evaluator of ONNX, and by numpy.pad where the padding is not 0. Writes convolution.json.

Run with onnx 1.23 and numpy 2: python3 convolution.py > convolution.json
"""

import json

import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

rng = np.random.default_rng(20190403)


def conv(x, w, **attributes):
    tensor = lambda name, array: helper.make_tensor_value_info(name, TensorProto.DOUBLE, array.shape)
    node = helper.make_node("Conv", ["x", "w"], ["y"], **attributes)
    inputs = [tensor("x", x), tensor("w", w)]
    output = [helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)]
    model = helper.make_model(helper.make_graph([node], "conv", inputs, output))
    return ReferenceEvaluator(model).run(None, {"x": x, "w": w})[0]


def channels_last(map_):
    return np.moveaxis(map_[0], 0, -1).reshape(-1).astype(int).tolist()


def case(size, channels, filters, kernel, stride=1, dilation=1, before=0, after=0, groups=1, zero=0, low=0, high=16):
    axes = len(size)
    each = lambda n: list(n) if isinstance(n, tuple) else [n] * axes
    kernel, stride, dilation, before, after = map(each, (kernel, stride, dilation, before, after))
    x = rng.integers(low, high, (1, channels, *size)).astype(float)
    w = rng.integers(-1, 2, (filters, channels // groups, *kernel)).astype(float)
    pads = dict(strides=stride, dilations=dilation, group=groups, kernel_shape=kernel)
    if zero == 0:
        y = conv(x, w, pads=before + after, **pads)
    else:
        around = [(0, 0), (0, 0), *zip(before, after)]
        y = conv(np.pad(x, around, constant_values=zero), w, pads=[0] * 2 * axes, **pads)
    assert np.all(y == np.rint(y))
    return {
        "size": list(size),
        "channels": channels,
        "filters": filters,
        "kernel": kernel,
        "stride": stride,
        "dilation": dilation,
        "padding": [list(pair) for pair in zip(before, after)],
        "groups": groups,
        "zero_point": zero,
        "input": "u4" if low == 0 else "s5",
        "shape": list(y.shape[2:]),
        "x": channels_last(x),
        "w": w.reshape(filters, -1).astype(int).tolist(),
        "y": channels_last(y),
    }


cases = [
    case((9,), 2, 3, 3),
    case((12,), 4, 4, 5, stride=2, before=2, after=2, low=-16),
    case((11,), 6, 4, 3, dilation=3, before=1, after=4, groups=2),
    case((6, 5), 1, 2, 3, before=1, after=1),
    case((7, 8), 4, 6, (3, 2), stride=(2, 3), before=(1, 0), after=(0, 1), groups=2, low=-16),
    case((5, 6), 4, 4, 3, before=1, after=1, groups=4, zero=7),
    case((5, 5), 3, 6, (2, 3), dilation=(2, 1), groups=3, zero=-5, before=(1, 2), after=(2, 0), low=-16),
    case((4, 4), 4, 3, 1),
    case((7, 7), 2, 2, 1, stride=2),
    case((12, 11), 1, 1, 11, before=3, after=2),
    case((3, 4, 5), 2, 3, 3, before=1, after=1),
    case((5, 4, 6), 4, 2, (1, 2, 3), stride=(2, 1, 2), dilation=(1, 2, 1), groups=2, before=(0, 1, 1), after=(0, 0, 2)),
    case((3, 3, 3), 2, 4, 2, groups=2, low=-16, zero=3, before=1),
]
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")

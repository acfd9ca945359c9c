"""Datapaths on feature maps by ONNX's reference evaluator: writes maps.json.

Run with onnx 1.23.2 and numpy 2: python3 maps.py > maps.json

Each case has the keys of a design file (a TOML table) and the integers of its inputs and its output, positions in raster order, channels
innermost; ONNX has channels outermost, and its averages are multiplied with the positions of a window here.
"""

import json

import numpy as np
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

random = np.random.default_rng(15)


def run(operator, inputs, **attributes):
    """The output of one operator; inputs that are None are left out."""
    names = [chr(ord("a") + place) if x is not None else "" for place, x in enumerate(inputs)]
    given = [(name, x) for name, x in zip(names, inputs) if x is not None]
    infos = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape) for name, x in given
    ]
    node = helper.make_node(operator, names, ["y"], **attributes)
    graph = helper.make_graph([node], "one", infos, [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)])
    return ReferenceEvaluator(model).run(None, dict(given))[0]


def a_map(size, channels, lo=-8, hi=7):
    """Integers as ONNX has them: one image, channels, then the axes."""
    return random.integers(lo, hi, (1, channels, *size), endpoint=True).astype(np.float32)


def flat(x):
    """Channels innermost."""
    values = np.moveaxis(x, 1, -1).reshape(-1)
    assert np.array_equal(values, np.round(values))
    return [int(value) for value in values]


def case(keys, inputs, output):
    return {"keys": keys, "inputs": [flat(x) for x in inputs], "output": flat(output)}


def pooled(operation, size, channels, kernel, stride, padding, ceil):
    keys = f'operation = "{operation}"\nsize = {size}\nchannels = {channels}\ninput = "s4"\nkernel = {kernel}\n'
    keys += f"stride = {stride}\npadding = {[list(ends) for ends in padding]}\nceil = {str(bool(ceil)).lower()}"
    x = a_map(size, channels)
    attributes = {
        "kernel_shape": kernel,
        "strides": stride,
        "pads": [before for before, _ in padding] + [after for _, after in padding],
        "ceil_mode": ceil,
    }
    if operation == "max":
        return case(keys, [x], run("MaxPool", [x], **attributes))
    average = run("AveragePool", [x.astype(np.float64)], count_include_pad=1, **attributes)
    return case(keys, [x], np.round(average * np.prod(kernel)))


def pools():
    cases = []
    for operation in ["max", "sum"]:
        for size, channels, kernel, stride, padding, ceil in [
            ([8], 2, [2], [2], [(0, 0)], 0),
            ([9], 3, [3], [2], [(1, 1)], 0),
            ([6, 8], 3, [2, 2], [2, 2], [(0, 0), (0, 0)], 0),
            ([7, 9], 2, [3, 3], [2, 2], [(1, 1), (1, 1)], 0),
            ([5, 6], 2, [3, 2], [1, 2], [(1, 0), (0, 1)], 0),
            ([4, 4, 6], 2, [2, 2, 2], [2, 2, 2], [(0, 0)] * 3, 0),
            ([4, 3, 5], 2, [3, 2, 3], [1, 1, 2], [(1, 1), (0, 1), (1, 1)], 0),
        ]:
            cases.append(pooled(operation, size, channels, kernel, stride, padding, ceil))
    # Its averages of windows that are not full are divided by other numbers than those of full ones.
    for size, channels, kernel, stride, padding in [
        ([7], 2, [2], [2], [(0, 0)]),
        ([7, 8], 2, [2, 3], [2, 3], [(0, 0), (0, 0)]),
        ([8, 8], 1, [3, 3], [2, 2], [(0, 0), (1, 1)]),
        ([5, 7, 6], 2, [2, 2, 3], [2, 2, 3], [(0, 0)] * 3),
    ]:
        cases.append(pooled("max", size, channels, kernel, stride, padding, 1))
    x = a_map([4, 5], 3)
    whole = 'size = [4, 5]\nchannels = 3\ninput = "s4"'
    cases.append(case(f'operation = "max"\n{whole}', [x], run("GlobalMaxPool", [x])))
    average = run("GlobalAveragePool", [x.astype(np.float64)])
    cases.append(case(f'operation = "sum"\n{whole}', [x], np.round(average * 20)))
    return cases


def sums():
    cases = []
    for size, channels in [([5], 2), ([3, 4], 3), ([2, 3, 2], 2)]:
        a, b = a_map(size, channels), a_map(size, channels, 0, 15)
        keys = f'size = {size}\nchannels = {channels}\na = "s4"\nb = "u4"'
        cases.append(case(keys, [a, b], run("Add", [a, b])))
        scaled = run("Sub", [run("Mul", [a, np.float32(5)]), run("Mul", [b, np.float32(3)])])
        cases.append(case(f"{keys}\nfactors = [5, -3]", [a, b], scaled))
    return cases


def concatenations():
    cases = []
    for size, channels in [([5], [2, 1]), ([3, 4], [4, 2, 6]), ([2, 3, 2], [2, 2])]:
        maps = [a_map(size, count) for count in channels]
        cases.append(case(f'size = {size}\nchannels = {channels}\ninput = "s4"', maps, run("Concat", maps, axis=1)))
    return cases


def classes():
    cases = []
    for size, channels in [([9], 4), ([5, 4], 3), ([3, 2, 4], 6)]:
        x = a_map(size, channels, -2, 1)
        keys = f'size = {size}\nchannels = {channels}\ninput = "s2"'
        cases.append(case(keys, [x], run("ArgMax", [x], axis=1, keepdims=1)))
    return cases


def flattened():
    cases = []
    for size, channels in [([5], 3), ([3, 4], 2), ([2, 3, 2], 4)]:
        x = a_map(size, channels)
        keys = f'size = {size}\nchannels = {channels}\ninput = "s4"\norder = "channel_first"'
        y = run("Flatten", [x], axis=1).reshape(-1)
        cases.append({"keys": keys, "inputs": [flat(x)], "output": [int(value) for value in y]})
    return cases


def upsampled():
    cases = []
    for size, channels, factor in [([5], 2, [3]), ([3, 4], 3, [2, 2]), ([2, 3], 1, [1, 4]), ([2, 3, 2], 2, [2, 1, 3])]:
        x = a_map(size, channels)
        attributes = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        y = run("Resize", [x, None, np.array([1, 1, *factor], np.float32)], **attributes)
        cases.append(case(f'size = {size}\nchannels = {channels}\ninput = "s4"\nfactor = {factor}', [x], y))
    return cases


def shuffled():
    cases = []
    for size, channels, factor in [([3, 4], 8, 2), ([2, 3], 9, 3), ([1, 5], 4, 2)]:
        for order in ["DCR", "CRD"]:
            x = a_map(size, channels)
            keys = f'size = {size}\nchannels = {channels}\ninput = "s4"\nfactor = {factor}\norder = "{order.lower()}"'
            cases.append(case(keys, [x], run("DepthToSpace", [x], blocksize=factor, mode=order)))
    return cases


def padded():
    cases = []
    for size, channels, padding, value in [
        ([5], 2, [(1, 2)], 0),
        ([3, 4], 3, [(0, 1), (2, 0)], -3),
        ([2, 3, 2], 2, [(1, 1), (0, 0), (2, 1)], 7),
    ]:
        x = a_map(size, channels)
        pads = [0, 0] + [before for before, _ in padding] + [0, 0] + [after for _, after in padding]
        keys = f'size = {size}\nchannels = {channels}\ninput = "s4"\nvalue = {value}\n'
        keys += f"padding = {[list(ends) for ends in padding]}"
        cases.append(case(keys, [x], run("Pad", [x, np.array(pads), np.float32(value)])))
    return cases


def cropped():
    cases = []
    for size, channels, margin in [([6], 2, [(1, 2)]), ([3, 4], 3, [(0, 1), (2, 0)]), ([4, 3, 5], 2, [(1, 1), (0, 0), (2, 1)])]:
        x = a_map(size, channels)
        starts = np.array([before for before, _ in margin])
        ends = np.array([length - after for length, (_, after) in zip(size, margin)])
        keys = f'size = {size}\nchannels = {channels}\ninput = "s4"\nmargin = {[list(ends) for ends in margin]}'
        cases.append(case(keys, [x], run("Slice", [x, starts, ends, np.arange(2, 2 + len(size))])))
    return cases


kinds = {"pool": pools(), "add": sums(), "concat": concatenations(), "argmax": classes()}
kinds |= {"flatten": flattened(), "upsample": upsampled(), "pixel_shuffle": shuffled(), "pad": padded(), "crop": cropped()}
print(json.dumps(kinds))

"""Small models of operators around a quantizer, and what the reference evaluator of ONNX makes of them. Writes operators.safetensors: of each NAME the
file's bytes NAME.model, frames NAME.x, of each output OUT NAME.OUT; the metadata say what integers come in.

Run with onnx 1.17, numpy 2 and safetensors: python3 -P tests/vectors/operators.py

What onnxruntime's own operators mean (QLinearConcat and the like) is computed by the standard operators that they stand for.
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from safetensors.numpy import save_file

rng = np.random.default_rng(20261130)
FRAMES = 3
# A number before a quantizer is at least so far from a tie, in steps: no execution in floating point errs so much.
FAR = 1e-3
tensors, metadata = {}, {}


def model(nodes, constants, shape, outputs, element, opset):
    value = lambda name, shape, element=TensorProto.FLOAT: helper.make_tensor_value_info(name, element, shape)
    initializers = [numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()]
    graph = helper.make_graph(nodes, "operator", [value("x", shape, element)], [value(name, None) for name in outputs], initializers)
    opsets = [helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1), helper.make_opsetid("qonnx.custom_op.general", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def case(name, shape, nodes, constants, outputs=("y",), ty="u4", divisor=None, meant=None, before=None, scale=None, opset=19, element=None, alone=False):
    """`meant` are the nodes that the evaluator runs in place of `nodes`; `before` is the tensor that a quantizer of this `scale` takes.
    Where the largest of channels is to be `alone`, none is its equal: of equals ONNX says the first, and the evaluator takes another."""
    low, high = (0, 1 << int(ty[1:])) if ty[0] == "u" else (-(1 << int(ty[1:]) - 1), 1 << int(ty[1:]) - 1)
    made = model(nodes, constants, [1, *shape], outputs, element or TensorProto.FLOAT, opset)
    run = ReferenceEvaluator(model(meant or nodes, constants, [1, *shape], list(outputs) + ([before] if before else []), element or TensorProto.FLOAT, opset))
    kind = {None: np.float32, TensorProto.UINT8: np.uint8, TensorProto.INT8: np.int8}[element]
    xs, ys = [], {output: [] for output in outputs}
    while len(xs) < FRAMES:
        x = rng.integers(low, high, (1, *shape))
        if alone and np.any((x == x.max(axis=1, keepdims=True)).sum(axis=1) > 1):
            continue
        results = run.run(None, {"x": (x / (divisor or 1)).astype(kind)})
        if before:
            steps = results[-1].astype(np.float64) / np.asarray(scale)
            far = np.abs(steps - np.floor(steps) - 0.5).min()
            if far < FAR:
                continue
        xs.append(x)
        for output, result in zip(outputs, results):
            assert np.all(result == np.rint(result))
            ys[output].append(result.astype(np.int64))
    tensors[f"{name}.model"] = np.frombuffer(made.SerializeToString(), dtype=np.uint8)
    tensors[f"{name}.x"] = np.concatenate(xs).astype(np.int64)
    for output, values in ys.items():
        tensors[f"{name}.{output}"] = np.concatenate([value.reshape(1, -1) for value in values])
    metadata[name] = ty if divisor is None else f"{ty}/{divisor}"


def node(op, inputs, outputs, **attributes):
    inputs = ["" if name == "-" else name for name in inputs.split()]
    return helper.make_node(op, inputs, outputs.split(), name=f"/{op.lower()}_{outputs.split()[0]}", **attributes)


f32 = np.float32
quantize = node("QuantizeLinear", "z scale zero", "y")


def parameters(scale, zero=np.uint8(0), **more):
    return {"scale": f32(scale), "zero": zero, **more}


def weights(*shape, low=-1, high=2):
    return rng.integers(low, high, shape).astype(f32)


def quantized(name, shape, nodes, scale, zero=np.uint8(0), ty="u4", divisor=None, **constants):
    case(name, shape, [*nodes, quantize], parameters(scale, zero, **constants), before="z", scale=f32(scale), ty=ty, divisor=divisor)


# Functions that are no lines.
quantized("sigmoid", (3, 4, 5), [node("Sigmoid", "x", "z")], 1 / 255, ty="s8", divisor=16)
quantized("tanh", (12,), [node("Tanh", "x", "z")], 1 / 127, np.int8(0), ty="s8", divisor=32)
layer = node("Conv", "x w b", "s", kernel_shape=[3, 3], pads=[1, 1, 1, 1])
of_layer = {"w": weights(4, 3, 3, 3), "b": rng.normal(size=4).astype(f32)}
fall = {"slope": f32(-0.17)}
quantized("sigmoid_of_layer", (3, 4, 5), [layer, node("Mul", "s slope", "t"), node("Sigmoid", "t", "z")], 1 / 15, ty="s4", **of_layer, **fall)
quantized("tanh_of_layer", (3, 4, 5), [layer, node("Mul", "s slope", "t"), node("Tanh", "t", "z")], 1 / 7, np.int8(1), ty="s4", **of_layer, **fall)
quantized("leaky_relu", (3, 4, 5), [layer, node("LeakyRelu", "s", "z", alpha=0.1)], 0.4, np.int8(-3), ty="s4", **of_layer)
quantized("hard_sigmoid", (3, 4, 5), [layer, node("HardSigmoid", "s", "z", alpha=0.03, beta=0.4)], 1 / 15, ty="s4", **of_layer)
ends = {"least": f32(-1), "most": f32(1)}
quantized("hard_tanh", (3, 4, 5), [layer, node("Mul", "s slope", "t"), node("Clip", "t least most", "z")], 1 / 7, np.int8(0), ty="s4", **of_layer, **fall, **ends)

# Parts.
i64 = lambda *values: np.array(values, dtype=np.int64)
split = node("Split", "x lengths", "a b", axis=1)
convs = [node("Conv", "a u", "c", kernel_shape=[1, 1]), node("Conv", "b v", "d", kernel_shape=[3, 3], pads=[1, 1, 1, 1])]
join = node("Concat", "c d", "e", axis=1)
scaled = node("Mul", "e half", "z")
quantized("split_channels", (6, 4, 5), [split, *convs, join, scaled], 1.7, np.int8(0), lengths=i64(2, 4), u=weights(3, 2, 1, 1), v=weights(2, 4, 3, 3), half=f32(0.3))
quantized("split_vector", (10,), [node("Split", "x lengths", "a b", axis=-1), node("Gemm", "a u", "c", transB=1), node("Gemm", "b v", "d", transB=1), node("Add", "c d", "e"), scaled],
          1.7, np.int8(0), lengths=i64(3, 7), u=weights(4, 3), v=weights(4, 7), half=f32(0.3))
quantized("split_rows", (2, 6, 3), [node("Split", "x", "a b", axis=2, num_outputs=2), node("Add", "a b", "e"), scaled], 0.7, half=f32(0.23))
quantized("slice_positions", (2, 7, 6), [node("Slice", "x starts ends axes steps", "e"), scaled], 0.7, half=f32(0.23), starts=i64(1, -5), ends=i64(2**62, -1), axes=i64(2, 3), steps=i64(2, 1))
quantized("slice_channels", (7, 2, 3), [node("Slice", "x starts ends axes steps", "e"), node("Conv", "e u", "f", kernel_shape=[1, 1]), node("Mul", "f half", "z")], 0.7, np.int8(0),
          half=f32(0.23), u=weights(2, 3, 1, 1), starts=i64(1), ends=i64(6), axes=i64(1), steps=i64(2))
quantized("slice_line", (4, 9), [node("Slice", "x starts ends axes steps", "e"), scaled], 0.7, half=f32(0.23), starts=i64(0, 1), ends=i64(8, 3), axes=i64(2, 1), steps=i64(3, 1))
quantized("slice_vector", (9,), [node("Slice", "x starts ends axes steps", "e"), scaled], 0.7, half=f32(0.23), starts=i64(2), ends=i64(9), axes=i64(1), steps=i64(3))

# Ends.
case("top_of_map", (5, 2, 3), [node("TopK", "x one", "largest index", axis=1)], {"one": i64(1)}, outputs=("largest", "index"), alone=True)
case("top_of_vector", (7,), [node("TopK", "x one", "largest index", axis=-1)], {"one": i64(1)}, outputs=("largest", "index"), ty="s6", alone=True)
case("top_index", (9, 3), [node("TopK", "x one", "largest index", axis=1)], {"one": i64(1)}, outputs=("index",), alone=True)

# A convolution that FINN has made a matrix: channels last, and innermost in the rows of the matrix.
conv = weights(4, 3, 3, 2)
matrix = conv.transpose(0, 2, 3, 1).reshape(4, -1).T.copy()
columns = helper.make_node("Im2Col", ["t"], ["u"], name="/im2col", domain="qonnx.custom_op.general", kernel_size=[3, 2], stride=[2, 1], pad_amount=[1, 0, 2, 1], input_shape="(1,5,4,3)")
lowered = [node("Transpose", "x", "t", perm=[0, 2, 3, 1]), columns, node("MatMul", "u matrix", "v"), node("Transpose", "v", "e", perm=[0, 3, 1, 2]), scaled, quantize]
meant = [node("Conv", "x w", "e", kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 2, 1]), scaled, quantize]
case("im2col", (3, 5, 4), lowered, parameters(0.7, np.int8(0), half=f32(0.23), w=conv, matrix=matrix), meant=meant, before="z", scale=f32(0.7), ty="s4")

# Other sizes.
quantized("resize_scales", (2, 3, 4), [node("Resize", "x - scales", "e", mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"), scaled], 0.7, half=f32(0.23),
          scales=np.array([1, 1, 2, 3], dtype=f32))
for auto in ("SAME_UPPER", "SAME_LOWER", "VALID"):
    up = node("ConvTranspose", "x w", "e", kernel_shape=[3, 4], strides=[2, 2], auto_pad=auto)
    quantized(f"transposed_{auto.lower()}", (2, 3, 4), [up, scaled], 0.7, np.int8(0), half=f32(0.23), w=weights(2, 3, 3, 4))

# Integers.
u8 = lambda *shape: rng.integers(0, 256, shape).astype(np.uint8)
s8 = lambda *shape: rng.integers(-128, 128, shape).astype(np.int8)
UINT8, INT8 = TensorProto.UINT8, TensorProto.INT8
integer = node("ConvInteger", "x w xz wz", "y", kernel_shape=[3, 2], pads=[1, 0, 2, 1], strides=[2, 1])
case("conv_integer", (3, 5, 4), [integer], {"w": u8(4, 3, 3, 2), "xz": np.uint8(117), "wz": np.uint8(140)}, ty="u8", element=UINT8)
case("mat_mul_integer", (6,), [node("MatMulInteger", "x w xz wz", "y")], {"w": s8(6, 4), "xz": np.int8(-5), "wz": np.int8(3)}, ty="s8", element=INT8)


def dequantized(*names):
    return [node("DequantizeLinear", f"{name} {name}s {name}z", f"{name}f") for name in names]


def integers(name, shape, nodes, meant, **constants):
    constants = {"xs": f32(0.037), "xz": np.uint8(131), **parameters(0.021, np.uint8(120)), **constants}
    case(name, shape, nodes, constants, meant=[*meant, quantize], before="z", scale=f32(0.021), ty="u8", element=UINT8)


def microsoft(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs.split(), outputs.split(), name=f"/{op.lower()}", domain="com.microsoft", **attributes)


windows = {"kernel_shape": [2, 3], "strides": [2, 1]}
integers("qlinear_average_pool", (3, 4, 5), [microsoft("QLinearAveragePool", "x xs xz scale zero", "y", **windows)], [*dequantized("x"), node("AveragePool", "xf", "z", **windows)])
integers("qlinear_global_average_pool", (3, 3, 5), [microsoft("QLinearGlobalAveragePool", "x xs xz scale zero", "y")], [*dequantized("x"), node("GlobalAveragePool", "xf", "z")])
sides = {"lengths": i64(2, 3), "as": f32(0.037), "az": np.uint8(131), "bs": f32(0.011), "bz": np.uint8(90)}
integers("qlinear_concat", (5, 3, 2), [split, microsoft("QLinearConcat", "scale zero a as az b bs bz", "y", axis=1)], [split, *dequantized("a", "b"), node("Concat", "af bf", "z", axis=1)], **sides)
sums = {"lengths": i64(3, 3), "as": f32(0.037), "az": np.uint8(131), "bs": f32(0.011), "bz": np.uint8(90)}
halves = node("Split", "x lengths", "a b", axis=1)
integers("qlinear_add", (6, 3), [halves, microsoft("QLinearAdd", "a as az b bs bz scale zero", "y")], [halves, *dequantized("a", "b"), node("Add", "af bf", "z")], **sums)

# Along positions, and what is inside around a map.
case("argmax_of_rows", (3, 4, 5), [node("ArgMax", "x", "y", axis=2)], {}, ty="s3")
case("argmax_of_columns", (2, 3, 4), [node("ArgMax", "x", "y", axis=-1, keepdims=0, select_last_index=1)], {}, ty="s3")
case("argmax_of_line", (3, 6), [node("ArgMax", "x", "y", axis=2, select_last_index=1)], {}, ty="s3")
case("argmax_last_channel", (5, 3), [node("ArgMax", "x", "y", axis=1, select_last_index=1)], {}, ty="s3")
for axis in (2, 3):
    of_axis = [node("Slice", "x from to axis", "a"), node("Concat", "a x a", "e", axis=axis), scaled]
    quantized(f"concat_positions_{axis}", (2, 3, 4), of_axis, 0.7, np.int8(0), ty="s4", half=f32(0.23), **{"from": i64(1), "to": i64(3), "axis": i64(axis)})
for mode in ("edge", "reflect", "wrap"):
    padded = [node("Pad", "x pads", "e", mode=mode), scaled]
    quantized(f"pad_{mode}", (2, 3, 4), padded, 0.7, np.int8(0), ty="s4", half=f32(0.23), pads=i64(0, 0, 2, 1, 0, 0, 1, 2))
quantized("mat_mul_of_rows", (2, 3, 4), [node("MatMul", "x w", "e"), scaled], 0.7, np.int8(0), ty="s4", half=f32(0.23), w=weights(4, 5))
quantized("mat_mul_of_line", (3, 4), [node("MatMul", "x w", "e"), scaled], 0.7, np.int8(0), ty="s4", half=f32(0.23), w=np.stack([weights(4, 5)]))

# Windows with holes, and at borders.
quantized("max_dilated", (2, 6, 7), [node("MaxPool", "x", "e", kernel_shape=[2, 3], dilations=[3, 2], pads=[1, 0, 1, 0]), scaled], 0.7, np.int8(0), ty="s4", half=f32(0.23))
quantized("average_dilated", (2, 6, 7), [node("AveragePool", "x", "e", kernel_shape=[2, 3], dilations=[3, 2]), scaled], 0.7, np.int8(0), ty="s6", half=f32(0.23))
quantized("average_border", (2, 5, 6), [node("AveragePool", "x", "e", kernel_shape=[3, 3], pads=[1, 1, 1, 1]), scaled], 0.7, np.int8(0), ty="s6", half=f32(0.23))
quantized("average_ceil", (2, 5, 6), [node("AveragePool", "x", "e", kernel_shape=[2, 4], strides=[2, 3], ceil_mode=1), scaled], 0.7, np.int8(0), ty="s6", half=f32(0.23))
up = node("ConvTranspose", "x w", "e", kernel_shape=[2, 3], strides=[2, 1], dilations=[3, 2], pads=[1, 0, 0, 2])
quantized("transposed_dilated", (2, 3, 4), [up, scaled], 0.7, np.int8(0), ty="s4", half=f32(0.23), w=weights(2, 3, 2, 3))

save_file(tensors, Path(__file__).with_name("operators.safetensors"), metadata)
print(len(metadata), "models")

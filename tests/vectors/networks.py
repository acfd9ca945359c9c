"""Writes examples/data/networks/*.safetensors: the integers of trained networks, and what they make of a few inputs.

    pip install numpy onnx==1.17.0 safetensors
    python3 tests/vectors/networks.py FOLDER

FOLDER holds the networks as ONNX files (QONNX), NAME.onnx, and NAME.expected.safetensors: for each activation quantizer K the integer thresholds
(`quantK.threshold`, `.sign`) and codes for some inputs, made by a program that computes with rationals and knows nothing of this one.

The layers here are a few lines of numpy on integers. They first compute the expected codes of FOLDER, every one, and only then those of the
inputs that are written. So what ternlet is compared with was computed twice, by others.

Of each layer L: `L.weight` (ONNX's order; columns of a dense layer in the order in which a map streams: position, then channel), `L.threshold` and
`L.sign`: its code is the number of thresholds at or below sign times accumulator; where multipliers give the same codes `L.multiplier`, `L.bias`
and `L.shift`; of the last layer `L.multiplier` and `L.bias`: the largest of
multiplier times accumulator plus bias is the class, for all accumulators. `L.code` and `class` are results.
"""

import sys
from fractions import Fraction
from pathlib import Path

import numpy
import onnx
from onnx import numpy_helper
from safetensors import safe_open
from safetensors.numpy import save_file

FOLDER = Path(sys.argv[1])
HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "examples" / "data"

DIGITS = {"source": "digits: UCI Optical Recognition of Handwritten Digits, CC BY 4.0"}
VOWELS = {"source": "frames: UCI Japanese Vowels (Kudo, Toyama, Shimbo), CC BY 4.0"}


class Model:
    """An ONNX file: its weights as integers."""

    def __init__(self, name):
        graph = onnx.load(FOLDER / f"{name}.onnx").graph
        self.values = {value.name: numpy_helper.to_array(value) for value in graph.initializer}
        for node in graph.node:
            if node.op_type == "Constant":
                self.values[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
        self.quants = {node.input[0]: node for node in graph.node if node.op_type == "Quant"}

    def weight(self, layer):
        """The codes of a layer's weights: the quantizer divides, clamps and rounds in float32."""
        name = f"{layer}.weight"
        node = self.quants[name]
        scale, zero, bits = (self.values[value] for value in node.input[1:4])
        assert zero == 0
        narrow = next(attribute.i for attribute in node.attribute if attribute.name == "narrow")
        most = 2 ** (int(bits) - 1) - 1
        codes = numpy.round(numpy.clip(self.values[name] / scale, -most if narrow else -most - 1, most))
        return codes.astype(numpy.int64), scale


def tensors(path):
    with safe_open(path, "numpy") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}


def windows(x, kernel, stride, padding):
    """For each window of `x` (frames, channels, axes...) its taps: (frames, channels, windows..., taps...)."""
    x = numpy.pad(x, [(0, 0), (0, 0)] + [(padding, padding)] * len(kernel))
    axes = tuple(range(2, 2 + len(kernel)))
    steps = (slice(None), slice(None)) + (slice(None, None, stride),) * len(kernel)
    return numpy.lib.stride_tricks.sliding_window_view(x, kernel, axes)[steps]


def convolution(x, weight, stride=1, padding=0, groups=1):
    kernel = weight.shape[2:]
    taps = windows(x, kernel, stride, padding)
    outs, ins = len(weight) // groups, x.shape[1] // groups
    axes = ([1, *range(2 + len(kernel), 2 + 2 * len(kernel))], [1, *range(2, 2 + len(kernel))])
    parts = []
    for group in range(groups):
        part = numpy.tensordot(taps[:, group * ins : (group + 1) * ins], weight[group * outs : (group + 1) * outs], axes)
        parts.append(numpy.moveaxis(part, -1, 1))
    return numpy.concatenate(parts, 1)


def transposed(x, weight):
    """Of a kernel that is its stride: each position becomes a block of them."""
    kernel = weight.shape[2:]
    y = numpy.tensordot(x, weight, ([1], [0]))  # frames, positions..., channels, taps...
    axes = len(kernel)
    order = [0, axes + 1] + [axis for place in range(axes) for axis in (1 + place, 2 + axes + place)]
    shape = [len(x), weight.shape[1]] + [length * size for length, size in zip(x.shape[2:], kernel)]
    return y.transpose(order).reshape(shape)


def pool(x, most=True):
    taps = windows(x, (2,) * (x.ndim - 2), 2, 0)
    axes = tuple(range(x.ndim, taps.ndim))
    return taps.max(axes) if most else taps.sum(axes)


def codes(accumulator, threshold, sign):
    signed = accumulator * sign.astype(numpy.int64).reshape([-1] + [1] * (accumulator.ndim - 2))
    result = numpy.zeros(accumulator.shape, numpy.int64)
    for level in threshold.astype(numpy.int64).T:
        result += signed >= level.reshape([-1] + [1] * (accumulator.ndim - 2))
    return result


def scaling(threshold, sign, bounds):
    """Multipliers, biases and a shift of all channels such that `clamp((multiplier * accumulator + bias) >> shift, 0, 15)` is the code of
    every accumulator in bounds, with the least shift; none if there are none with multipliers of at most 15 bits."""
    for shift in range(4, 25):
        found = [channel_scaling(*channel, shift) for channel in zip(threshold, sign, bounds)]
        if all(found):
            return numpy.array([m for m, _ in found]), numpy.array([b for _, b in found]), shift
    return None


def channel_scaling(threshold, sign, bounds, shift):
    lo, hi = sorted(int(sign) * int(bound) for bound in bounds)
    m = numpy.arange(0, 1 << 14)
    low, high = numpy.full(m.shape, -(1 << 60)), numpy.full(m.shape, 1 << 60)
    for code, level in enumerate(map(int, threshold), 1):
        first, before = max(level, lo), min(level - 1, hi)  # the least accumulator of this code, and the greatest below it
        if first <= hi:
            low = numpy.maximum(low, (code << shift) - m * first)
        if before >= lo:
            high = numpy.minimum(high, (code << shift) - 1 - m * before)
    right = numpy.flatnonzero(low <= high)
    if not len(right):
        return None
    m, b = int(m[right[0]]), int(low[right[0]])
    every = numpy.arange(lo, hi + 1)
    assert numpy.array_equal(numpy.clip(m * every + b >> shift, 0, len(threshold)), (every[:, None] >= threshold).sum(1))
    return int(sign) * m, b


def streamed(x):
    """The integers of maps in the order of their streams: channels innermost."""
    return numpy.moveaxis(x, 1, -1).reshape(len(x), -1)


def decision(scale, offset, bounds):
    """Small integers m and b such that the first largest `m a + b` is the first largest `scale a + offset`, for all accumulators: of each
    class those in its bounds; without bounds all of them, where one scale is that of all.

    For each pair of classes and each accumulator of the first there is a greatest accumulator of the second that does not beat it. That it
    is the same by integers bounds the difference of two b from below and from above; a shortest path finds all b, or that there are none.
    """
    scale, offset = ([Fraction(float(value)) for value in values] for values in (scale, offset))
    pairs = [(i, j) for i in range(len(scale)) for j in range(i + 1, len(scale))]
    beaten = bounds and {pair: greatest_beaten(scale, offset, bounds, *pair) for pair in pairs}

    def limit(m, i, j):
        """Bounds of b[i] - b[j]."""
        if not bounds:
            step = int((offset[i] - offset[j]) / scale[0] // 1)
            return step * m[0], (step + 1) * m[0] - 1
        (first, _), (least, greatest), cut = bounds[i], bounds[j], beaten[i, j]
        product = m[i] * (first + numpy.arange(len(cut)))
        low = (m[j] * cut - product)[cut >= least]
        high = (m[j] * (cut + 1) - product - 1)[cut < greatest]
        return int(low.max(initial=-(2**60))), int(high.min(initial=2**60))

    random = numpy.random.default_rng(1)
    for most in (int(random.integers(1 << bits - 1, 1 << bits)) for bits in range(2, 40) for _ in range(200)):
        m = [round(value * most / max(scale)) for value in scale]
        limits = {}
        for place, pair in enumerate(pairs):
            low, high = limits[pair] = limit(m, *pair)
            if low > high:  # the pair that is hardest to please is asked first
                pairs.insert(0, pairs.pop(place))
                break
        else:
            b = potentials(len(m), limits)
            if b is not None and min(m) > 0:
                return m, b
    raise ValueError("no integers decide alike")


def greatest_beaten(scale, offset, bounds, i, j):
    """For each accumulator of class i the greatest of class j, which comes later, that does not beat it."""
    (first, last), (least, greatest) = bounds[i], bounds[j]
    cuts = [(scale[i] * a + offset[i] - offset[j]) / scale[j] // 1 for a in range(first, last + 1)]
    return numpy.clip(numpy.array(cuts, dtype=object), least - 1, greatest).astype(numpy.int64)


def potentials(count, limits):
    """Integers b with `low <= b[i] - b[j] <= high` for all limits, if there are any."""
    b = [0] * count
    for _ in range(count + 1):
        before = list(b)
        for (i, j), (low, high) in limits.items():
            b[i] = min(b[i], b[j] + high)
            b[j] = min(b[j], b[i] - low)
        if b == before:
            return b
    return None


def digits():
    """Real handwritten digits of 8 x 8 pixels, two of each kind, as pictures of 28 x 28: 20 x 20 by linear interpolation, zeros around.

    A pixel there is as wide as a stroke of MNIST, so that what is blurred around a stroke is taken away.
    """
    test, _ = tensors(DATA / "digits_test.safetensors")
    images, labels = test["test.image"].reshape(-1, 8, 8).astype(numpy.int64), test["test.label"].reshape(-1)
    chosen = [place for digit in range(10) for place in numpy.flatnonzero(labels == digit)[:2]]
    # Pixel p of 20 lies at (2 p + 1) * 8 / 40 - 1/2 of 8, in 40ths.
    at = numpy.clip((2 * numpy.arange(20) + 1) * 8 - 20, 0, 7 * 40)
    low, part = numpy.minimum(at // 40, 6), at - numpy.minimum(at // 40, 6) * 40
    blend = lambda x: x[..., low] * (40 - part) + x[..., low + 1] * part
    large = blend(blend(images[chosen]).swapaxes(1, 2)).swapaxes(1, 2)
    picture = numpy.zeros((len(chosen), 1, 28, 28), numpy.int64)
    picture[:, 0, 4:24, 4:24] = numpy.clip((large * 255 // (16 * 1600) - 80) * 2, 0, 255)
    return picture, labels[chosen].astype(numpy.int64)


def small(values):
    """`values` in the least type that holds them."""
    values = numpy.ascontiguousarray(values)
    for kind in (numpy.uint8, numpy.int8, numpy.int16, numpy.int32, numpy.int64):
        bounds = numpy.iinfo(kind)
        if values.size == 0 or (bounds.min <= values.min() and values.max() <= bounds.max):
            return values.astype(kind)
    raise ValueError("more than 64 bits")


class Network:
    """A network's integers, and what they make of inputs."""

    def __init__(self, name, layers, scales=None):
        """`layers`: of each activation after the input's its name, in the order of the quantizers."""
        self.name, self.layers = name, layers
        self.expected, self.metadata = tensors(FOLDER / f"{name}.expected.safetensors")
        self.saved, self.made = {}, {}
        for index, layer in enumerate(layers, 1):
            threshold, sign = (self.expected[f"quant{index}.{what}"] for what in ("threshold", "sign"))
            self.saved[f"{layer}.threshold"], self.saved[f"{layer}.sign"] = threshold, sign
            scaled = None if scales else scaling(threshold, sign, self.expected[f"quant{index}.bounds"])
            if scaled:
                self.saved[f"{layer}.multiplier"], self.saved[f"{layer}.bias"], shift = scaled
                self.saved[f"{layer}.shift"] = numpy.array([shift])
                print(f"{name}: {layer} by multipliers, shift {shift}")
        self.scales = scales

    def weight(self, layer, weight):
        self.saved[f"{layer}.weight"] = weight

    def act(self, layer, accumulator):
        self.made[layer] = codes(accumulator, self.saved[f"{layer}.threshold"], self.saved[f"{layer}.sign"])
        return self.made[layer]

    def sums(self, layer, x, compute):
        """The accumulator of a layer; with two scales from its sums at positive and at negative weights."""
        weight = self.saved[f"{layer}.weight"]
        if not self.scales:
            return compute(x, weight)
        wp, wn = self.scales[layer]
        self.saved[f"{layer}.scales"] = numpy.array([wp, wn])
        return wp * compute(x, (weight > 0).astype(numpy.int64)) - wn * compute(x, (weight < 0).astype(numpy.int64))

    def decide(self, layer, scale, offset, bounds):
        m, b = decision(scale, offset, bounds)
        self.saved[f"{layer}.multiplier"], self.saved[f"{layer}.bias"] = numpy.array(m), numpy.array(b)

    def classes(self, layer, accumulator):
        shape = [-1] + [1] * (accumulator.ndim - 2)
        m, b = (self.saved[f"{layer}.{what}"].reshape(shape) for what in ("multiplier", "bias"))
        return (accumulator * m + b).argmax(1)

    def check(self, run, image):
        """That our layers compute every code and class that is expected."""
        classes = run(image)
        count = 0
        for index, layer in enumerate(self.layers, 1):
            code = self.expected[f"quant{index}.code"]
            assert numpy.array_equal(self.made[layer][: len(code)], code), (self.name, layer)
            count += code.size
        assert numpy.array_equal(classes, self.expected["class"]), self.name
        print(f"{self.name}: {count} codes and {classes.size} classes as expected")

    def save(self, run, source, **inputs):
        image = inputs.get("image", inputs.get("frame"))
        classes = run(image)
        results = {f"{layer}.code": streamed(code) for layer, code in self.made.items()}
        # As streams carry them: channels innermost.
        inputs = {name: streamed(values) if values is image else values.reshape(len(values), -1) for name, values in inputs.items()}
        # The largest of its type is a threshold that is never reached.
        kept = {name: values if name.endswith(".threshold") else small(values) for name, values in self.saved.items()}
        results = {name: small(values) for name, values in {**results, "class": classes.reshape(len(classes), -1), **inputs}.items()}
        save_file({**kept, **results}, DATA / "networks" / f"{self.name}.safetensors", source)


def mnist():
    test, _ = tensors(FOLDER / "mnist_test.safetensors")
    return test["image"].astype(numpy.int64)


def dense(network, model, layer, name, positions):
    """The weights of a dense layer over a map, its columns in the order of the map's stream."""
    weight, scale = model.weight(layer)
    rows = len(weight)
    network.weight(name, numpy.moveaxis(weight.reshape(rows, -1, *positions), 1, -1).reshape(rows, -1))
    return scale


def step_of(model, network, index):
    """The step of activation quantizer `index`."""
    name = network.metadata[f"quant{index}"]
    node = next(node for node in model.quants.values() if node.output[0] == name)
    return float(model.values[node.input[1]])


def widest(weight, lo, hi):
    """Bounds of the accumulators of each row."""
    weight = weight.reshape(len(weight), -1)
    plus, minus = (numpy.where(part, weight, 0).sum(1) for part in (weight > 0, weight < 0))
    return [(int(least), int(most)) for least, most in zip(plus * lo + minus * hi, plus * hi + minus * lo)]


def tcnn():
    model, network = Model("tcnn"), Network("tcnn", ["conv1", "conv2", "conv3"])
    for layer, name in [("net.1", "conv1"), ("net.5", "conv2"), ("net.9", "conv3")]:
        network.weight(name, model.weight(layer)[0])
    scale = dense(network, model, "net.13", "dense", (5, 5))
    score = scale.reshape(-1).astype(float) * step_of(model, network, 3), model.values["net.13.bias"].astype(float)
    network.decide("dense", *score, widest(network.saved["dense.weight"], 0, 15))

    def run(image):
        saved, act = network.saved, network.act
        x = pool(act("conv1", convolution(image, saved["conv1.weight"], padding=1)))
        x = pool(act("conv2", convolution(x, saved["conv2.weight"], padding=1)))
        x = act("conv3", convolution(x, saved["conv3.weight"]))
        return network.classes("dense", streamed(x) @ saved["dense.weight"].T)

    network.check(run, mnist())
    image, label = digits()
    network.save(run, DIGITS, image=image, label=label)
    print("  of the 20 digits", (run(image) == label).sum())


def resdw():
    model, network = Model("resdw"), Network("resdw", ["c1", "dw", "pw", "a3", "c4"])
    for layer in ["c1", "dw", "pw", "c4"]:
        network.weight(layer, model.weight(layer)[0])
    scale = dense(network, model, "fc", "fc", (3, 3))
    # The pool averages 4 codes; ours adds them.
    score = scale.reshape(-1).astype(float) * step_of(model, network, 5) / 4, model.values["fc.bias"].astype(float)
    network.decide("fc", *score, widest(network.saved["fc.weight"], 0, 60))

    def run(image):
        saved, act = network.saved, network.act
        c1 = act("c1", convolution(image, saved["c1.weight"], stride=2, padding=1))
        x = act("dw", convolution(c1, saved["dw.weight"], padding=1, groups=12))
        x = act("pw", convolution(x, saved["pw.weight"]))
        x = act("a3", c1 + x)
        x = act("c4", convolution(x, saved["c4.weight"], stride=2))
        return network.classes("fc", streamed(pool(x, most=False)) @ saved["fc.weight"].T)

    network.check(run, mnist())
    image, label = digits()
    network.save(run, DIGITS, image=image, label=label)
    print("  of the 20 digits", (run(image) == label).sum())


def vowels():
    model, network = Model("vowels"), Network("vowels", ["conv1", "conv2"])
    for layer, name in [("net.1", "conv1"), ("net.5", "conv2")]:
        network.weight(name, model.weight(layer)[0])
    scale = dense(network, model, "net.10", "dense", (6,))
    score = scale.reshape(-1).astype(float) * step_of(model, network, 2), model.values["net.10.bias"].astype(float)
    network.decide("dense", *score, widest(network.saved["dense.weight"], 0, 15))

    def run(frame):
        saved, act = network.saved, network.act
        frame = codes(frame, network.expected["quant0.threshold"], network.expected["quant0.sign"]) - 128
        x = pool(act("conv1", convolution(frame, saved["conv1.weight"], padding=2)))
        x = pool(act("conv2", convolution(x, saved["conv2.weight"])))
        return network.classes("dense", streamed(x) @ saved["dense.weight"].T)

    test, _ = tensors(FOLDER / "vowels_test.safetensors")
    frame, label = test["frame"].astype(numpy.int64), test["label"].astype(numpy.int64)
    network.expected["class"] = (network.expected["score"]).argmax(1)
    for what in ("threshold", "sign"):
        network.saved[f"input.{what}"] = network.expected[f"quant0.{what}"]
    network.check(run, frame)
    network.save(run, VOWELS, frame=frame, label=label)
    print("  of all", (run(frame) == label).sum(), "of", len(label))


def brain(name, scales=None):
    unet = name != "vnet3d"
    layers = ["c1", "c2", "c3", "c4", "up", "d"] if unet else ["c1", "c2", "a2", "dn", "c3", "up", "d", "a4"]
    network = Network(name, layers, scales)
    if scales:
        weights, _ = tensors(FOLDER / f"{name}.safetensors")
        for layer in layers + ["o"]:
            network.weight(layer, weights[f"{layer}.weight"].astype(numpy.int64))
        scale, offset = network.expected["score.scale"], network.expected["score.offset"]
        bounds = None
    else:
        model = Model(name)
        for layer in (layers + ["o"] if unet else ["c1", "c2", "dn", "c3", "up", "d", "o"]):
            network.weight(layer, model.weight(layer)[0])
        scale, offset = network.expected["score.scale"], network.expected["score.offset"]
        bounds = widest(network.saved["o.weight"], 0, 15)
    network.decide("o", scale, offset, bounds)

    def padded(x, weight):
        return convolution(x, weight, padding=1)

    def down(x, weight):
        return convolution(x, weight, stride=2)

    def run_unet(image):
        layer = lambda name, x, compute: network.act(name, network.sums(name, x, compute))
        skip = layer("c2", layer("c1", image, padded), padded)
        x = layer("c4", layer("c3", pool(skip), padded), padded)
        x = numpy.concatenate([skip, layer("up", x, transposed)], 1)
        return network.classes("o", network.sums("o", layer("d", x, padded), convolution))

    def run_vnet(image):
        layer = lambda name, x, compute: network.act(name, network.sums(name, x, compute))
        s1 = layer("c1", image, padded)
        skip = network.act("a2", s1 + layer("c2", s1, padded))
        s2 = layer("dn", skip, down)
        up = layer("up", s2 + layer("c3", s2, padded), transposed)
        x = network.act("a4", layer("d", numpy.concatenate([skip, up], 1), padded) + up)
        return network.classes("o", network.sums("o", x, convolution))

    run = run_unet if unet else run_vnet
    image, tissue = network.expected["image"].astype(numpy.int64), network.expected["tissue"]
    network.check(run, image)
    half = network.expected["half.class"].reshape(1, -1)
    network.saved["half.class"], network.saved["half.sum"] = half, network.expected["half.sum"]
    volume, source = tensors(DATA / "brain_mni152_2mm.safetensors")
    if name == "unet3d":  # one copy for all three: what the networks were not trained on
        network.saved["half.image"], network.saved["half.tissue"] = (volume[what][37:73].reshape(1, -1) for what in ("t1", "tissue"))
    network.save(run, source, image=image, tissue=tissue)


def ttq_scales():
    expected, _ = tensors(FOLDER / "unet3d_ttq.expected.safetensors")
    layers = ["c1", "c2", "c3", "c4", "up", "d"]
    scales = {layer: tuple(map(int, expected[f"quant{index}.wp_wn"])) for index, layer in enumerate(layers, 1)}
    scales["o"] = tuple(map(int, expected["accumulator.wp_wn"]))
    return scales


tcnn()
resdw()
vowels()
brain("unet3d")
brain("vnet3d")
brain("unet3d_ttq", ttq_scales())

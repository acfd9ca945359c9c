"""Freezes vectors of the local modulus maxima, computed with SciPy's convolve1d, in edge_enhance.json.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.* scipy==1.17.* scikit-image==0.26.*
    venv/bin/python tests/vectors/edge_enhance.py

With the argument `canny` it prints how many of the maxima of camera.png lie within a pixel of an edge of scikit-image's Canny
detector, and the other way round: similar, not equal, as Canny interpolates and follows edges below the threshold.
"""

import json
import pathlib
import sys

import numpy as np
from scipy import ndimage

HERE = pathlib.Path(__file__).parent
MODES = {"replicate": "nearest", "reflect": "reflect"}


def correlate(x, axis, offsets, weights, mode):
    """y[n] = sum of weight * x[n + offset], as a kernel around its middle."""
    reach = max(abs(offset) for offset in offsets)
    kernel = np.zeros(2 * reach + 1, dtype=np.int64)
    for offset, weight in zip(offsets, weights):
        kernel[reach + offset] += weight
    # convolve1d turns the kernel around.
    return ndimage.convolve1d(x, kernel[::-1], axis=axis, output=np.int64, mode=mode)


def gradient(x, scale, rounded, border):
    mode, s = MODES[border], x.astype(np.int64)
    for level in range(scale - 1):
        d = 2**level
        offsets = [-1, 0, 1, 2] if d == 1 else [-3 * d // 2, -d // 2, d // 2, 3 * d // 2]
        for axis in (0, 1):
            s = correlate(s, axis, offsets, [1, 3, 3, 1], mode)
            if rounded:
                s = np.floor_divide(s + 4, 8)
    d = 2 ** (scale - 1)
    offsets = [0, 1] if d == 1 else [-d // 2, d // 2]
    return tuple(correlate(s, axis, offsets, [-2, 2], mode) for axis in (1, 0))


def maxima(w1, w2, threshold):
    """The kept pixels, by shifted copies of the squared modulus."""
    m2 = w1**2 + w2**2
    padded = np.pad(m2, 1)
    height, width = m2.shape
    shifted = lambda dr, dc: padded[1 + dr : 1 + dr + height, 1 + dc : 1 + dc + width]
    angle = np.degrees(np.arctan2(w2.astype(float), w1.astype(float))) % 180
    tangent = np.degrees(np.arctan2(106, 256))
    row = (angle < tangent) | (angle > 180 - tangent)
    column = abs(angle - 90) < tangent
    down_right = ~row & ~column & (angle < 90)
    kept = np.zeros(m2.shape, dtype=bool)
    for sector, (dr, dc) in [
        (row, (0, 1)),
        (column, (1, 0)),
        (down_right, (1, 1)),
        (~row & ~column & ~down_right, (1, -1)),
    ]:
        kept |= sector & (m2 >= shifted(-dr, -dc)) & (m2 > shifted(dr, dc))
    return kept & (m2 > threshold**2)


def freeze():
    random = np.random.default_rng(20261126)
    cases = []
    for height, width in [(1, 1), (1, 7), (6, 1), (2, 2), (5, 9), (12, 10)]:
        for border in MODES:
            for rounded in (True, False):
                for scale in (1, 2, 3, 4):
                    x = random.integers(0, 256, (height, width))
                    if random.random() < 0.5:
                        x = np.minimum(255, x // 8 + 24 * np.arange(width))
                    w1, w2 = gradient(x, scale, rounded, border)
                    threshold = int(random.integers(0, 1 + np.hypot(w1, w2).max() / 2))
                    cases.append(
                        dict(
                            width=width,
                            pixels=x.ravel().tolist(),
                            border=border,
                            rounded=rounded,
                            scale=scale,
                            threshold=threshold,
                            w1=w1.ravel().tolist(),
                            w2=w2.ravel().tolist(),
                            kept=maxima(w1, w2, threshold).ravel().astype(int).tolist(),
                        )
                    )
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / "edge_enhance.json").write_text(f"[\n{lines}\n]\n")


def canny():
    from skimage import feature, io

    x = io.imread(HERE / "../../examples/data/camera.png")
    w1, w2 = gradient(x, 3, True, "replicate")
    ours = maxima(w1, w2, 60)
    theirs = feature.canny(x.astype(float), sigma=2.0, low_threshold=8, high_threshold=8)
    near = lambda edges: ndimage.binary_dilation(edges, np.ones((3, 3)))
    print(f"maxima {ours.sum()}, of which near Canny's edges {(ours & near(theirs)).sum() / ours.sum():.3f}")
    print(f"Canny's edges {theirs.sum()}, of which near maxima {(theirs & near(ours)).sum() / theirs.sum():.3f}")


canny() if sys.argv[1:] == ["canny"] else freeze()

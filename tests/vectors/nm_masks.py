"""The 2:4 masks of all groups of four signed 4-bit values, in numpy: writes nm_masks.json.

Run with numpy 2: python3 nm_masks.py > nm_masks.json
"""

import json

import numpy as np

values = np.arange(-8, 8)
groups = np.stack(np.meshgrid(values, values, values, values, indexing="ij"), axis=-1).reshape(-1, 4)


def of_norms(w, n=2, m=4):
    """As torch.ao.pruning.WeightNormSparsifier and jax.lax.top_k: of equals the first are kept."""
    order = np.argsort(-np.abs(w), axis=1, kind="stable")
    mask = np.zeros(w.shape, dtype=bool)
    np.put_along_axis(mask, order[:, :n], True, axis=1)
    return mask


def of_argsort(w, n=2, m=4):
    """As devkit/sparse_ops of NM-sparsity: the first M - N of an ascending argsort become 0, so the last are kept."""
    index = np.argsort(np.abs(w), axis=1, kind="stable")[:, : m - n]
    mask = np.ones(w.shape, dtype=bool)
    np.put_along_axis(mask, index, False, axis=1)
    return mask


def nibbles(mask):
    """NVIDIA's metadata: idx0 | idx1 << 2, one hexadecimal digit a group, 128 groups a line."""
    places = np.nonzero(mask)[1].reshape(-1, 2)
    digits = "".join("%x" % nibble for nibble in places[:, 0] | places[:, 1] << 2)
    return [digits[start : start + 128] for start in range(0, len(digits), 128)]


print(
    json.dumps(
        {
            "about": "metadata of group (a, b, c, d) at 4096 (a + 8) + 256 (b + 8) + 16 (c + 8) + d + 8; see nm_masks.py",
            "lower": nibbles(of_norms(groups)),
            "higher": nibbles(of_argsort(groups)),
        },
        indent=0,
    )
)

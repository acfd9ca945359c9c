"""Training steps of SR-STE in exact fractions: writes sr_ste_update.json.

The step is written as in devkit/sparse_ops of NM-sparsity (Sparse.backward and a plain SGD step); masks by numpy.
Run with numpy 2: python3 sr_ste_update.py > sr_ste_update.json
"""

import json
import math
from fractions import Fraction

import numpy as np

HALF = Fraction(1, 2)
ROUNDINGS = {
    "floor": math.floor,
    "half_up": lambda x: math.floor(x + HALF),
    "half_even": round,
    "toward_zero": math.trunc,
}


def mask_of(w, n, m):
    groups = np.array(w).reshape(-1, m)
    order = np.argsort(-np.abs(groups), axis=1, kind="stable")
    mask = np.zeros(groups.shape, dtype=bool)
    np.put_along_axis(mask, order[:, :n], True, axis=1)
    return mask.reshape(-1)


def step(w, g, n, m, bits, rate, decay, gradient_shift, rounding):
    mask = mask_of(w, n, m)
    new = []
    for w_i, g_i, kept in zip(w, g, mask):
        g_i = Fraction(int(g_i), 2**gradient_shift)
        exact = int(w_i) - rate * (g_i + decay * (1 - int(kept)) * int(w_i))
        new.append(int(np.clip(ROUNDINGS[rounding](exact), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)))
    return new, int(np.sum(mask != mask_of(new, n, m)))


rng = np.random.default_rng(20210204)
cases = []
for n, m, bits, rate, decay, gradient_shift in [
    (2, 4, 8, (1, 2), (1, 3), 0),
    (2, 4, 16, (1, 4), (13, 16), 2),
    (1, 4, 12, (3, 3), (5, 4), 1),
    (4, 8, 6, (7, 4), (9, 3), 3),
]:
    for rounding in ROUNDINGS:
        w = rng.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), 48)
        w[: 2 * m] = rng.integers(-2, 3, 2 * m)
        w[-m:] = -(2 ** (bits - 1))
        g = rng.integers(-(2 ** (bits - 1)), 2 ** (bits - 1), 48)
        factors = [Fraction(multiplier, 2**shift) for multiplier, shift in (rate, decay)]
        new, sad = step(w, g, n, m, bits, *factors, gradient_shift, rounding)
        cases.append(
            {
                "pattern": f"{n}:{m}",
                "bits": bits,
                "learning_rate": rate,
                "lambda": decay,
                "gradient_shift": gradient_shift,
                "rounding": rounding,
                "w": w.tolist(),
                "g": g.tolist(),
                "w_next": new,
                "sad": sad,
            }
        )
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")

"""Hard weights of SLB in numpy: the one-hot row of the largest score, times the codebook. Writes slb_select.json.

Run with numpy 2: python3 slb_select.py > slb_select.json
"""

import json

import numpy as np

rng = np.random.default_rng(20200919)
cases = []
for codebook in [[-1, 1], [-3, -1, 1, 3], np.rint(np.linspace(-1, 1, 8) * 7).astype(int).tolist(), [5, -7, 0, 5, 2]]:
    scores = rng.integers(-3, 4, (32, len(codebook)))
    index = np.argmax(scores, axis=1)
    one_hot = np.eye(len(codebook), dtype=int)[index]
    cases.append(
        {
            "codebook": codebook,
            "scores": scores.reshape(-1).tolist(),
            "index": index.tolist(),
            "weight": (one_hot @ np.array(codebook)).tolist(),
        }
    )
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")

"""Writes examples/data/networks/unet3d_turned.safetensors: the right half of the brain of unet3d.safetensors with its longest axis outermost.

    pip install numpy safetensors
    python3 tests/vectors/turned.py

A stream of volumes keeps planes of the two inner axes. Of 36 x 90 x 78 voxels a plane has 7,020; with the axes in the order 90, 78, 36 it has
2,808. A network computes the same at each voxel if the axes of its weights are in that order too. Nothing is computed here: integers move.
"""

from pathlib import Path

from safetensors import safe_open
from safetensors.numpy import save_file

DATA = Path(__file__).resolve().parent.parent.parent / "examples" / "data" / "networks"
SIZE = (36, 90, 78)
AXES = (1, 2, 0)

with safe_open(DATA / "unet3d.safetensors", "numpy") as file:
    saved = {}
    for name in ("image", "class", "tissue"):
        volume = file.get_tensor(f"half.{name}").reshape(SIZE)
        saved[f"half.{name}"] = volume.transpose(AXES).copy()[None]
    for name in ("c1", "c2", "c3", "c4", "up", "d"):
        weight = file.get_tensor(f"{name}.weight")
        saved[f"{name}.weight"] = weight.transpose((0, 1, *(2 + axis for axis in AXES))).copy()
    metadata = file.metadata()
save_file(saved, DATA / "unet3d_turned.safetensors", metadata)

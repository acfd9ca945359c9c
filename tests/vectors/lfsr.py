"""Sequences of the registers of src/blocks/lfsr.rs, computed by the package `galois` (PyPI), which also proves that
their polynomials are primitive. Writes lfsr.json beside this file.

    pip install galois==0.4.11 && python tests/vectors/lfsr.py
"""

import json
import pathlib
import random

import galois

POLYNOMIALS = {
    64: (47, 28, 17),
    128: (95, 66, 29),
    256: (187, 125, 60),
    512: (384, 257, 123),
    1024: (765, 510, 264),
}


def main():
    draw = random.Random(5)
    vectors = []
    for degree, taps in POLYNOMIALS.items():
        polynomial = galois.Poly.Degrees([degree, *taps, 0])
        assert polynomial.is_primitive(), degree
        start = [draw.getrandbits(1) for _ in range(degree)]
        register = galois.FLFSR(polynomial.reverse(), state=start[::-1])
        assert register.characteristic_poly == polynomial
        bits = [int(bit) for bit in register.step(3 * degree)]
        assert bits[:degree] == start
        words = [bits[first : first + 32] for first in range(0, 3 * degree, 32)]
        numbers = [sum(bit << place for place, bit in enumerate(word)) for word in words]
        vectors.append({"degree": degree, "taps": taps, "words": numbers})
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("[\n" + ",\n".join(json.dumps(vector) for vector in vectors) + "\n]\n")


main()

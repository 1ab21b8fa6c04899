# SPDX-License-Identifier: MIT
"""R-38: the core's sine and cosine against the series in integers, which find that nothing is nearer."""

import math
from fractions import Fraction

import numpy as np
import pytest

from isopixel import _core

BITS = 256
# These have a sine or a cosine that lies some 2^-75 from a tie, or that a widespread libm rounds wrongly.
HARD = [
    "0x1.93312f70a8d1dp+1",
    "0x1.7cdbb7d4b9df7p+1",
    "0x1.7015602bad21ap-1",
    "0x1.0b7a3d030a5a5p+2",
    "0x1.260e6e82893f9p+3",
    "0x1.341edb4dd8920p+1",
    "0x1.87249d070f557p+2",
    "0x1.060f8d1643d8bp+0",
    "0x1.a064ddfea4aabp+2",
    "0x1.27040a9e42b11p+3",
    "0x1.a665f90b711a8p+2",
    "0x1.a1b2e305472ddp+2",
]


def series(y, first):
    """The sum of y^n/n! for n = first, first + 2, ... with signs that alternate, off by less than 2^-240."""
    x = int(Fraction(y) * 2**BITS)
    total, n, term = 0, first, x if first else 1 << BITS
    while term not in (0, -1):
        total += term
        term = -((term * x >> BITS) * x >> BITS) // ((n + 1) * (n + 2))
        n += 2
    return Fraction(total, 2**BITS)


def is_nearest(value, exact):
    """Whether no binary64 is nearer to a number that is not a tie."""
    error = abs(Fraction(value) - exact)
    return all(error < abs(Fraction(math.nextafter(value, end)) - exact) for end in (-math.inf, math.inf))


def arguments(count):
    rng = np.random.default_rng(1)
    yield from (float.fromhex(y) for y in HARD)
    yield from (float(y) for y in rng.uniform(0, 3 * math.pi + 0.1, count))
    yield from (float(y) for y in 2.0 ** rng.uniform(-31, 4, count // 4))
    for quarters in range(1, 13):  # the guess of the quarters changes here, and one of the two functions is almost 0
        y = quarters * math.pi / 4
        yield from (math.nextafter(y, 0), y, math.nextafter(y, 20), float(np.float32(y)))
    tiny = 2.0**-27  # from which on the sine is not the number itself
    yield from (math.nextafter(tiny, 0), tiny, math.nextafter(tiny, 1), 15.999999999, 1e-300)


@pytest.mark.parametrize("count", [3000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_sine_and_cosine(count):
    for y in arguments(count):
        sine, cosine = _core._testing.sine(y), _core._testing.cosine(y)
        assert is_nearest(sine, series(y, 1)) or (y < 1e-10 and sine == y), y.hex()
        assert is_nearest(cosine, series(y, 0)), y.hex()
        assert (_core._testing.sine(-y), _core._testing.cosine(-y)) == (-sine, cosine)


def test_zero():
    assert (_core._testing.sine(0.0), _core._testing.cosine(0.0)) == (0.0, 1.0)


def test_a_wrong_number_is_found():
    for y in (float.fromhex(y) for y in HARD):
        for function, first in ((_core._testing.sine, 1), (_core._testing.cosine, 0)):
            for end in (-10, 10):
                assert not is_nearest(math.nextafter(function(y), end), series(y, first))

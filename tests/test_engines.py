# SPDX-License-Identifier: MIT
"""The engines: each is chosen where it suits, and is exact on both sides of every bound, with every instruction set."""

import re
import subprocess

import numpy as np
import pytest

import isopixel
from isopixel import _core
from tests.support import assert_same, exact_method, isa_in_use, reference_resize


def chosen(in_size, out_size, channels=1, antialias=True):
    """The engine of the scalar set, which has the fewest, and the accumulator."""
    with isa_in_use("scalar"):
        engines, bits = _core._testing.plan(in_size, out_size, channels, exact_method(antialias))
    return engines[0], bits


def extremes(shape):
    """All 255; 254 and 255 in turns, whose means are ties or near them; noise of 0 and 255; one sample that differs."""
    yield np.full(shape, 255, np.uint8)
    image = np.full(shape, 254, np.uint8)
    image[::2, 1::2] = image[1::2, ::2] = 255
    yield image
    yield np.random.default_rng(1).integers(0, 2, shape, np.uint8) * np.uint8(255)
    image = np.full(shape, 255, np.uint8)
    image[0, 0] = 0
    yield image


def check(shape, size, antialias=True):
    """Every engine that suits, with every accumulator and every instruction set, against the reference."""
    for image in extremes(shape):
        expected = reference_resize(image, size, antialias)
        for isa in isopixel.available_isas():
            with isa_in_use(isa):
                check_engines(isa, image, size, antialias, expected)


def check_engines(isa, image, size, antialias, expected):
    engines, least = _core._testing.plan(image.shape[:2], size, image.shape[2], exact_method(antialias))
    for engine in engines:
        for bits in {"blocks": (32, 64), "sums": (32, 64, 128)}.get(engine, (least,)):
            if bits < least:
                continue
            out = np.full((1, *expected.shape), 7, np.uint8)
            _core._testing.resize_by(image[None], out, exact_method(antialias), engine, bits)
            assert_same(out[0], expected, f"{isa}, {engine} in {bits} bits, {image.shape} -> {size}, {antialias}")


def has_multiplier(d):
    """Whether floor(m / d) = (m·M >> 16) >> after for all m < 256·d, with M < 2^16: tried where the floor changes."""
    if d == 1:
        return True
    for after in range(8):
        multiplier = -(-(2 ** (16 + after)) // d)
        ends = (m for q in range(1, 257) for m in (q * d - 1, q * d) if m < 256 * d)
        if multiplier < 2**16 and all(m * multiplier >> 16 >> after == m // d for m in ends):
            return True
    return False


def odd_part(n):
    return n // (n & -n)


def has_reciprocal(d):
    return odd_part(d) < 256 and has_multiplier(odd_part(d))


def test_the_program(native):
    """Random shapes by every engine and instruction set of this CPU, from views, in pieces, in parts."""
    run = subprocess.run([native / "engines"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    counts = dict(re.findall(r"(\w+) (\d+)", run.stdout))
    # Every CPU has the set of plain loops, which has direct taps.
    always = {"taps", "direct", "blocks", "sums", "nearest", "halving"}
    wanted = always | ({"fused"} if "avx512vnni" in isopixel.available_isas() else set())
    assert {engine for engine, count in counts.items() if int(count) > 20} >= wanted, run.stdout


WITHOUT = [d for d in range(1, 256, 2) if not has_multiplier(d)]


def test_reciprocals(native):
    """By brute force over all numerators; those that have none are the same as by arithmetic here."""
    run = subprocess.run([native / "reciprocals"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == f"none: {' '.join(map(str, WITHOUT))}\n"


@pytest.mark.parametrize("d", [1, 3, 63, 127, 201, *WITHOUT, 251, 253, 255, 257, 259])
def test_taps_need_a_reciprocal(d):
    """The weights sum to 2·d and 2: D = 4·d."""
    assert chosen((2, 2), (d, 2), antialias=False) == ("taps" if has_reciprocal(d) else "blocks", 32)
    check((2, 2, 1), (d, 2), antialias=False)
    assert chosen((2, 2), (2, d), antialias=False)[0] == ("taps" if has_reciprocal(d) and d < 64 else "sums")


def test_taps_of_any_denominator():
    """Random two-tap sizes: the engine is the one that the bounds say."""
    rng = np.random.default_rng(1)
    seen = {"taps": 0, "blocks": 0, "sums": 0, "halving": 0}
    for _ in range(3000):
        h, w, out_h, out_w = (int(n) for n in 2 ** rng.uniform(0, 9, 4))
        channels = int(rng.integers(1, 7))
        v_y, v_x = out_h // np.gcd(h, out_h), out_w // np.gcd(w, out_w)
        taps = channels <= 4 and v_x <= 63 and has_reciprocal(int(4 * v_y * v_x))
        engine, bits = chosen((h, w), (out_h, out_w), channels, False)
        if (h, w) == (out_h, out_w):
            continue
        assert bits == 32
        expected = "taps" if taps else "blocks" if out_h >= 4 else "sums"
        if (h, w) == (2 * out_h, 2 * out_w):
            expected = "halving"
        assert engine == expected, (h, w, out_h, out_w, channels)
        seen[engine] += 1
    assert seen.pop("halving") > 0
    assert min(seen.values()) > 100, seen


# On both sides of each bound: the source's shape, the result's size, and what is chosen, without antialias.
TAPS_BOUNDS = [
    ((5, 7, 4), (10, 14), "taps"),
    ((5, 7, 5), (10, 14), "blocks"),
    ((3, 2, 1), (5, 61), "blocks"),  # 61·5 is above 255
    ((3, 2, 1), (4, 63), "taps"),  # weights of 126 fit 7 bits
    ((3, 3, 1), (4, 64), "blocks"),  # those of 128 do not
    ((7, 2, 1), (16320, 2), "taps"),  # 16,320 = 64·255
    ((7, 2, 1), (16383, 2), "blocks"),  # whose odd part is above 255
    ((7, 2, 1), (16384, 2), "sums"),  # weights of 32,768 do not fit 15 bits, for taps or blocks
    ((3, 32768, 1), (5, 16), "taps"),
    ((3, 32769, 1), (5, 3), "sums"),
    ((3, 8192, 4), (5, 16), "taps"),
    ((3, 8193, 4), (5, 3), "sums"),
    ((3, 10922, 3), (5, 2), "taps"),
    ((3, 10923, 3), (5, 3), "sums"),
    # D up to 256 has sums below 2^16, and is divided in another way.
    ((3, 3, 1), (8, 8), "taps"),
    ((3, 3, 3), (16, 4), "taps"),
    ((2, 2, 1), (5, 13), "taps"),
    ((2, 2, 4), (13, 5), "taps"),
    ((3, 3, 1), (1, 64), "sums"),
    ((3, 3, 1), (64, 1), "taps"),
    ((2, 2, 1), (65, 1), "taps"),
    ((2, 2, 2), (127, 1), "taps"),
]


@pytest.mark.parametrize(("shape", "size", "engine"), TAPS_BOUNDS, ids=str)
def test_bounds_of_taps(shape, size, engine):
    assert chosen(shape[:2], size, shape[2], False) == (engine, 32)
    check(shape, size, antialias=False)


# The same with antialias, for blocks.
BLOCKS_BOUNDS = [
    ((9, 10, 1), (3, 4), "sums", 32),
    ((9, 10, 1), (4, 4), "blocks", 32),
    ((5, 2, 256), (4, 3), "blocks", 32),
    ((5, 2, 257), (4, 3), "sums", 32),
    ((5, 32768, 1), (4, 3), "blocks", 64),
    ((5, 32769, 1), (4, 3), "sums", 64),
    ((5, 10922, 3), (4, 4), "blocks", 64),
    ((5, 10923, 3), (4, 4), "sums", 64),
    ((5, 128, 256), (4, 100), "blocks", 32),
    ((5, 129, 256), (4, 100), "sums", 32),
    ((16383, 3, 1), (64, 4), "blocks", 64),  # weights of 32,766 fit 15 bits
    ((16384, 3, 1), (63, 4), "sums", 64),  # those of 32,768 do not
    ((5, 3, 1), (16383, 2), "blocks", 32),
    ((5, 3, 1), (16384, 2), "sums", 32),
    ((5799, 3, 1), (4, 2), "blocks", 64),  # column sums below 2^32
    ((5801, 3, 1), (4, 2), "sums", 64),
    ((6484, 3, 1), (5, 2), "blocks", 64),
    ((6486, 3, 1), (5, 2), "sums", 64),
]


@pytest.mark.parametrize(("shape", "size", "engine", "bits"), BLOCKS_BOUNDS, ids=str)
def test_bounds_of_blocks(shape, size, engine, bits):
    assert chosen(shape[:2], size, shape[2]) == (engine, bits)
    check(shape, size)


def test_the_largest_column_sum():
    """Where BLOCKS_BOUNDS has them: 255·R·(R/2v + 2), which is above every sum of a column, has 32 bits."""
    for n_in, n_out in ((5799, 4), (6484, 5)):
        assert [(255 * 2 * n * (n // n_out + 2)).bit_length() for n in (n_in, n_in + 1)] == [32, 33]


def test_the_widest_result_of_blocks():
    """Too large to be tried: weights of the horizontal axis are below 2^31."""
    assert chosen((5, 2), (4, 2**30 - 1)) == ("blocks", 64)
    assert chosen((5, 3), (4, 2**30)) == ("sums", 64)


@pytest.mark.parametrize("width", [1, 3])
def test_the_largest_sums_of_blocks(isa, width):
    """Rows that are all the same, of which each result row is the resize of one; the largest sums on both axes."""
    shape = 5799, 32768
    assert chosen(shape, (4, width)) == ("blocks", 64)
    full = np.full(shape[1], 255, np.uint8)
    tie = np.repeat(np.uint8([254, 255]), shape[1] // 2)
    one_less = tie.copy()
    one_less[0] -= 1  # in the smallest weight of all
    for row in (full, tie, one_less):
        expected = np.broadcast_to(reference_resize(row[None], (1, width)), (4, width))
        assert_same(isopixel.resize(np.broadcast_to(row, shape), (4, width)), np.ascontiguousarray(expected), isa)

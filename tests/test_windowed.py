# SPDX-License-Identifier: MIT
"""The windowed filters (R-33, R-34, R-35, R-36) against the rules in Python's integers, near ties and far."""

import re
import subprocess
from functools import cache
from itertools import product

import numpy as np
import pytest
from spec import exact_filters, reference

import isopixel
from isopixel import _core
from tests.support import assert_same, random_image

AXES = {
    "area": exact_filters.area_axis,
    "bicubic": exact_filters.bicubic_axis,
    "bicubic-four-tap": exact_filters.four_tap_axis,
}
METHODS = list(AXES)


@cache
def weights(method, n_in, n_out):
    """An array of Python's integers for each result: the first sample, and the weights from it on."""
    rows = []
    for taps in AXES[method](n_in, n_out):
        first, last = min(j for j, _ in taps), max(j for j, _ in taps)
        row = np.zeros(last - first + 1, object)
        for j, weight in taps:
            row[j - first] += weight
        rows.append((first, row))
    return rows


def oracle(image, size, method):
    """R-36 on (H, W, C). Sums are taken with 64 bits where they fit, and else with as many as they need."""
    tall, wide = weights(method, image.shape[0], size[0]), weights(method, image.shape[1], size[1])
    bits = [max(int(np.abs(row).sum()) for _, row in axis).bit_length() for axis in (tall, wide)]
    kind_x, kind_y = (np.int64 if n < 63 else object for n in (bits[1] + 8, bits[0] + bits[1] + 10))
    lines = np.empty((image.shape[0], size[1], image.shape[2]), kind_x)
    numbers = image.astype(kind_x)
    for k, (first, row) in enumerate(wide):
        lines[:, k] = np.tensordot(row.astype(kind_x), numbers[:, first : first + len(row)], (0, 1))
    lines = lines.astype(kind_y)
    sums_x = np.array([row.sum() for _, row in wide]).astype(kind_y)[:, None]
    out = np.empty((*size, image.shape[2]), np.uint8)
    for i, (first, row) in enumerate(tall):
        n = np.tensordot(row.astype(kind_y), lines[first : first + len(row)], (0, 0))
        d = kind_y(row.sum()) * sums_x if kind_y is np.int64 else int(row.sum()) * sums_x
        out[i] = np.clip((2 * n + d) // (2 * d), 0, 255).astype(np.uint8)
    return out


def resized(image, size, method, **options):
    return isopixel.resize(image, size, method=method, axes="HWC", **options)


def settled(image, size, method, everything=False):
    """The result, and how many of its samples were settled in integers."""
    out = np.empty((1, *size, image.shape[2]), np.uint8)
    return out[0], _core._testing.settle(image[None], out, method, everything)


def random_side(rng, bits):
    return int(2 ** rng.uniform(0, bits))


@pytest.mark.parametrize("method", METHODS)
def test_small_sizes_are_those_of_the_reference(method, isa):
    rng = np.random.default_rng(1)
    for h, w, out_h, out_w in product((1, 2, 3, 7), (1, 2, 5, 12), (1, 2, 3, 9), (1, 4, 5)):
        image = random_image(rng, (h, w, 2))
        expected = reference.resize(image.tobytes(), image.shape, (out_h, out_w), method)
        expected = np.frombuffer(expected, np.uint8).reshape(out_h, out_w, 2)
        assert_same(resized(image, (out_h, out_w), method), expected, f"{isa} {image.shape} {out_h} {out_w}")


def test_the_oracle_is_the_reference():
    rng = np.random.default_rng(2)
    for _ in range(60):
        shape, size = (*rng.integers(1, 40, 2), 3), tuple(int(n) for n in rng.integers(1, 20, 2))
        image = random_image(rng, shape)
        for method in METHODS:
            expected = np.frombuffer(reference.resize(image.tobytes(), image.shape, size, method), np.uint8)
            assert_same(oracle(image, size, method).reshape(-1), expected, f"{method} {shape} {size}")


def compare(rng, samples, bits):
    """Random images until there are as many samples; each by every instruction set in turn. Returns the share."""
    done = in_integers = 0
    while done < samples:
        shape = random_side(rng, bits), random_side(rng, bits + 1), int(rng.integers(1, 10))
        size = random_side(rng, bits - 1), random_side(rng, bits - 1)
        method, image = str(rng.choice(METHODS)), random_image(rng, shape)
        if shape[:2] == size:
            continue
        expected = oracle(image, size, method)
        for isa in isopixel.available_isas():
            isopixel.set_isa(isa)
            out, count = settled(image, size, method)
            assert_same(out, expected, f"{isa} {method} {shape} {size}")
            in_integers += count
        done += expected.size
    return in_integers / (done * len(isopixel.available_isas()))


@pytest.fixture
def former_isa():
    former = isopixel.get_isa()
    yield
    isopixel.set_isa(former)


@pytest.mark.usefixtures("former_isa")
def test_against_the_oracle():
    assert 0 < compare(np.random.default_rng(3), 100_000, 6.5) < 0.01


@pytest.mark.slow
@pytest.mark.usefixtures("former_isa")
def test_ten_million_samples_against_the_oracle():
    assert 0 < compare(np.random.default_rng(4), 10_000_000, 9) < 0.01


# Of noise, the share of samples that the estimate leaves undecided: at most. With a bound twice as large this fails.
SHARES = [
    ("area", (512, 512), (224, 224), 0),  # D = 256: the estimate decides all
    ("area", (448, 448), (224, 224), 0),
    ("area", (270, 480), (56, 56), 0.1),
    ("bicubic", (256, 256), (224, 224), 0.1),
    ("bicubic", (270, 480), (56, 56), 0.13),
    ("bicubic", (112, 112), (224, 224), 0.08),
    ("bicubic-four-tap", (270, 480), (56, 56), 0.1),
]


@pytest.mark.parametrize(("method", "shape", "size", "most"), SHARES, ids=str)
def test_few_samples_are_undecided(method, shape, size, most, isa):
    image = np.random.default_rng(5).integers(0, 256, (*shape, 3), np.uint8)
    out, count = settled(image, size, method)
    assert 100 * count / out.size <= most
    everything, count = settled(image, size, method, everything=True)
    assert count == out.size
    assert_same(out, everything, isa)


def numerators(method, n_in, n_out, k, row):
    """N and D of result k of a row (the vertical weights cancel), for one row or for many."""
    first, taps = weights(method, n_in, n_out)[k]
    return row[..., first : first + len(taps)].astype(np.int64) @ taps.astype(np.int64), int(taps.sum())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "sizes",
    [(67, 16), (20, 33), *(pytest.param(n, marks=pytest.mark.slow) for n in [(96, 11), (100, 41), (137, 47)])],
    ids=str,
)
def test_near_ties_on_both_sides(method, sizes, isa):
    """Rows one of whose results is as near to a half as two of its samples can bring it, and a little further off.

    The distances go from 0 to far beyond the estimate's error, which is below 2^-10.
    """
    n_in, n_out = sizes
    rng = np.random.default_rng(6)
    k = n_out // 3
    first, taps = weights(method, n_in, n_out)[k]
    a, b = np.meshgrid(np.arange(256), np.arange(256))
    seen = set()
    for distance in (0, 1e-7, 1e-6, 1e-5, 5e-5, 1e-4, 2e-4, 3e-4, 5e-4, 1e-3, 2e-3):
        for side in (-1, 1):
            row = rng.integers(60, 200, n_in, np.uint8)
            rows = np.broadcast_to(row, (65536, n_in)).copy()
            at = first + rng.permutation(len(taps))[:2]
            rows[:, at[0]], rows[:, at[-1]] = a.ravel(), b.ravel()
            n, d = numerators(method, n_in, n_out, k, rows)
            off = np.remainder(2 * n + d, 2 * d)  # 0 at a tie
            off = np.where(off > d, off - 2 * d, off) / (2 * d)
            best = np.argsort(np.abs(off - side * distance))[:3]
            for image in rows[best]:
                image = image[None, :, None]
                assert_same(resized(image, (1, n_out), method), oracle(image, (1, n_out), method), isa)
            seen.update(np.round(np.log10(np.abs(off[best]) + 1e-12)))
    assert method == "area" or len(seen) > 2, seen  # the denominators of area are small


@pytest.mark.parametrize("method", METHODS)
def test_exact_ties(method, isa):
    """Halves go upwards: 2:1 has a denominator that is a power of two, and hundreds of ties in noise."""
    image = np.random.default_rng(7).integers(0, 256, (1, 40_000, 1), np.uint8)
    size = 1, 20_000
    n, d = numerators(method, 200, 100, 50, np.lib.stride_tricks.sliding_window_view(image[0, :, 0], 200)[::2])
    assert np.count_nonzero((2 * n % d == 0) & (2 * n // d % 2 == 1)) > 50
    assert_same(resized(image, size, method), oracle(image, size, method), isa)


# Sources of one pixel's resize: one whose D has at most 117 bits, by its bound, and one that is refused.
LARGEST = [
    ("bicubic", (65536, 2048), (65536, 4096)),
    ("bicubic", (1, 2**24), (1, 2**28)),
    ("area", (2**58, 2**57), (2**58, 2**59)),
]


@pytest.mark.parametrize(("method", "inside", "outside"), LARGEST, ids=str)
def test_sizes_beyond_the_integers_are_refused(method, inside, outside):
    assert _core._testing.plan(inside, (1, 1), 1, method)[0] == ["windowed"]
    assert _core._testing.plan(outside, (1, 1), 1, method) is None


def test_the_error_of_a_refusal():
    image = np.broadcast_to(np.uint8(7), (65536, 4096))
    with pytest.raises(ValueError, match="too large for an exact result"):
        isopixel.resize(image, (1, 1), method="bicubic")


@pytest.mark.parametrize(
    ("method", "shape", "size"),
    [
        ("bicubic", (1201, 1009, 1), (2, 3)),
        ("bicubic", (3001, 7, 3), (5, 2)),
        ("bicubic", (3, 4001, 1), (2, 2)),
        ("bicubic", (5, 30011, 1), (4, 3)),
        ("bicubic", (1, 33500, 1), (1, 5)),  # horizontal sums of 63 bits, and of more
        ("bicubic", (1, 40000, 1), (1, 5)),
        ("bicubic-four-tap", (3, 2, 1), (6007, 47)),
        ("area", (1201, 1009, 1), (2, 3)),
        ("area", (2, 40009, 2), (3, 4)),
    ],
    ids=str,
)
def test_long_numerators(method, shape, size, isa):
    """D of more than 64 bits."""
    check_all_ways(method, shape, size, isa)


# The windows inside an image have 4 times the scale, and those at its edges 2.5 and 3.5 times that; of 32,768 samples,
# or more, a part is made at a time.
@pytest.mark.parametrize(
    ("method", "shape", "size"),
    [
        ("bicubic", (1, 45000, 2), (1, 10)),  # those inside
        ("bicubic", (1, 12000, 9), (1, 10)),  # all but the outermost
        ("bicubic", (1, 30000, 9), (1, 11)),  # all, into two or more parts
        ("bicubic", (1, 9831, 40), (1, 48)),  # of 819 and 820 pixels, where 819 are made at a time
        ("area", (1, 50009, 9), (1, 11)),
    ],
    ids=str,
)
def test_windows_in_parts(method, shape, size, isa):
    check_all_ways(method, shape, size, isa)


def check_all_ways(method, shape, size, isa):
    for image in (random_image(np.random.default_rng(8), shape), np.full(shape, 255, np.uint8)):
        expected = oracle(image, size, method)
        for everything in (False, True):
            assert_same(settled(image, size, method, everything)[0], expected, f"{isa} {everything}")


@pytest.mark.parametrize("method", METHODS)
def test_constant_images_stay(method, isa):
    for value in (0, 1, 127, 128, 254, 255):
        image = np.full((23, 61, 3), value, np.uint8)
        for size in ((7, 11), (40, 90), (23, 5), (5, 61)):
            out, count = settled(image, size, method)
            assert (out == value).all(), f"{isa} {size}"
            assert count == 0  # nothing is near a tie


def test_the_program(native):
    """By the rules: pieces, parts of a result, rounding modes, every instruction set; no read beside a row."""
    run = subprocess.run([native / "windowed"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert int(re.match(r"(\d+) resizes", run.stdout)[1]) > 1000
    assert int(re.search(r"(\d+) settled", run.stdout)[1]) > 100

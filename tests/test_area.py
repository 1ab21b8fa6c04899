# SPDX-License-Identifier: MIT
"""OpenCV's INTER_AREA against its rules, written out with NumPy's binary32."""

import math

import numpy as np
import pytest

import isopixel
from isopixel import _core
from tests.support import assert_same, isa_in_use, random_image

METHOD = "opencv-3.4-area"


def scale_of(n_in, n_out):
    return 1.0 / (n_out / n_in)


def entries(n_in, n_out):
    """Of R-43: for each result the samples and their weights, in order."""
    scale = scale_of(n_in, n_out)
    for i in range(n_out):
        a, e = i * scale, i * scale + scale
        d = min(scale, n_in - a)
        hi = min(math.floor(e), n_in - 1)
        lo = min(math.ceil(a), hi)
        listed = [(lo - 1, np.float32((lo - a) / d))] if lo - a > 0.001 else []
        listed += [(j, np.float32(1 / d)) for j in range(lo, hi)]
        if e - hi > 0.001:
            listed.append((hi, np.float32(min(min(e - hi, 1), d) / d)))
        yield listed


def along(samples, n_out):
    """Sums of the first axis in binary32."""
    sums = np.zeros((n_out, *samples.shape[1:]), np.float32)
    for i, listed in enumerate(entries(len(samples), n_out)):
        for j, weight in listed:
            sums[i] += samples[j] * weight
    return sums


def clipped(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def expected(image, size):
    (h, w, c), (out_h, out_w) = image.shape, size
    scales = scale_of(h, out_h), scale_of(w, out_w)
    if not all(scale.is_integer() for scale in scales):
        columns = along(image.astype(np.float32).swapaxes(0, 1), out_w).swapaxes(0, 1)
        return clipped(along(columns, out_h))
    y, x = map(int, scales)
    sums = image.reshape(out_h, y, out_w, x, c).sum(axis=(1, 3), dtype=np.int64)
    if (y, x) == (2, 2) and c in (1, 3, 4):
        return (sums + 2 >> 2).astype(np.uint8)
    return clipped(sums.astype(np.float32) * (np.float32(1) / np.float32(y * x)))


FRACTIONS = [((49, 5), (1, 3)), ((1000, 2), (3, 1)), ((7, 1000), (7, 7)), ((301, 299), (300, 298)), ((50, 70), (3, 67))]
BLOCKS = [((48, 8), (1, 4)), ((10, 14), (5, 7)), ((30, 20), (3, 10)), ((9, 100), (9, 50)), ((6, 300), (2, 1))]


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5, 7])
@pytest.mark.parametrize("size, out_size", FRACTIONS + BLOCKS)
def test_shrinking(size, out_size, channels):
    """Near-integer ratios, long windows, noise; every instruction set."""
    rng = np.random.default_rng(1)
    if channels > 4 and (size, out_size) in FRACTIONS:
        with pytest.raises(ValueError, match="1 to 4 channels where it has fractions"):
            isopixel.resize(np.zeros((*size, channels), np.uint8), out_size, method=METHOD, axes="HWC")
        return
    for _ in range(4):
        image = random_image(rng, (*size, channels))
        for isa in isopixel.available_isas():
            with isa_in_use(isa):
                result = isopixel.resize(image, out_size, method=METHOD, axes="HWC")
            assert_same(result, expected(image, out_size), f"{isa}, {image.shape} -> {out_size}")


def test_random_sizes():
    rng = np.random.default_rng(2)
    for _ in range(150):
        out_h, out_w = (int(n) for n in rng.integers(1, 30, 2))
        h, w = (n + int(rng.integers(0, 5 * n)) for n in (out_h, out_w))
        if (h, w) == (out_h, out_w):
            continue
        image = random_image(rng, (h, w, int(rng.integers(1, 5))))
        for isa in isopixel.available_isas():
            with isa_in_use(isa):
                result = isopixel.resize(image, (out_h, out_w), method=METHOD, axes="HWC")
            assert_same(result, expected(image, (out_h, out_w)), f"{isa}, {image.shape} -> {out_h, out_w}")


def test_pieces():
    """Rows in groups of any number, upwards too, and bytes between them."""
    rng = np.random.default_rng(3)
    for size, out_size in FRACTIONS + BLOCKS:
        image = random_image(rng, (*size, 3))
        flipped = image[::-1].copy()[::-1]
        out = np.full((1, *out_size, 3), 7, np.uint8)
        stream = _core._testing.RowStream(size, out, METHOD)
        row = 0
        while row < size[0]:
            n = int(rng.integers(1, min(size[0] - row, 20) + 1))
            if rng.integers(2):
                stream.push_rows(flipped[None, row : row + n])
            else:
                stream.push(image[row : row + n].tobytes())
            row += n
        stream.finish()
        assert_same(out[0], expected(image, out_size), f"{size} -> {out_size}")


@pytest.mark.parametrize("block", [(256, 256), (257, 257), (1, 70000)])
def test_large_blocks(block):
    """Sums on both sides of 2^24, which binary32 rounds."""
    image = np.random.default_rng(4).integers(250, 256, (block[0], 2 * block[1], 1), np.uint8)
    assert_same(isopixel.resize(image, (1, 2), method=METHOD, axes="HWC"), expected(image, (1, 2)), f"{block}")


def test_a_block_of_too_many_samples_is_refused():
    """The sum of 255 of each is to stay below 2^31."""
    assert _core._testing.plan((128, 65793), (1, 1), 1, METHOD) is not None
    assert _core._testing.plan((8421505, 1), (1, 1), 1, METHOD) is None


@pytest.mark.parametrize(
    "samples, size, result",
    [
        ([0, 255], 4, [0, 0, 255, 255]),  # whole numbers of results to a sample repeat it
        ([0, 240], 3, [0, 120, 240]),
        ([0, 100, 200], 4, [0, 67, 133, 200]),
    ],
)
def test_growing(samples, size, result):
    """By R-44, on each axis."""
    row = np.array([samples], np.uint8)
    assert isopixel.resize(row, (1, size), method=METHOD).tolist() == [result]
    assert isopixel.resize(row.T.copy(), (size, 1), method=METHOD).tolist() == [[p] for p in result]

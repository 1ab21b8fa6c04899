# SPDX-License-Identifier: MIT
"""The methods that pick samples, against the rules of their places; in pieces, in threads, and of long rows."""

from itertools import pairwise

import numpy as np
import pytest

import isopixel
from isopixel import _core
from tests.support import assert_same, random_image


def nearest(n_in, n_out):  # R-32, where a common factor of the sizes cancels
    return [(2 * i + 1) * n_in // (2 * n_out) for i in range(n_out)]


def pillow(n_in, n_out):
    scale = n_in / n_out
    places = [scale * 0.5]
    while len(places) < n_out:
        places.append(places[-1] + scale)
    return [int(x) for x in places]


def opencv(n_in, n_out):
    return [min(int(i * (1.0 / (n_out / n_in))), n_in - 1) for i in range(n_out)]


def torch(n_in, n_out):
    scale = np.float32(n_in) / np.float32(n_out)
    return [min(int(np.float32(i) * scale), n_in - 1) for i in range(n_out)]


RULES = {"nearest": nearest, "pillow-4-nearest": pillow, "opencv-3.4-nearest": opencv, "torch-2.13-nearest": torch}
METHODS = pytest.mark.parametrize("method", RULES)


def expected(image, size, method):
    rows, columns = (RULES[method](n_in, n_out) for n_in, n_out in zip(image.shape[:2], size, strict=True))
    if image.shape[:2] == size:
        return image
    return image[rows][:, columns]


@METHODS
def test_sizes(method):
    """Small ones, and pairs whose places differ among the rules, for each number of channels with a loop of its own."""
    rng = np.random.default_rng(3)
    sizes = [(int(n), int(m)) for n, m in rng.integers(1, 40, (150, 2))]
    sizes += [(2, 98), (49, 1), (1, 1), (1000, 1), (1, 1000), (147, 97), (255, 85), (100, 300)]
    for n, (n_in, n_out) in enumerate(sizes):
        channels = n % 4 + 1 if method.startswith("pillow") else n % 6 + 1
        for shape, size in (((n_in, 9, channels), (n_out, 7)), ((5, n_in, channels), (8, n_out))):
            image = rng.integers(0, 256, shape, np.uint8)
            result = isopixel.resize(image, size, method=method, axes="HWC")
            assert_same(result, expected(image, size, method), f"{method}, {shape} -> {size}")


@METHODS
def test_pieces(method):
    """Rows, bytes and single pixels, in any order."""
    rng = np.random.default_rng(4)
    for _ in range(100):
        h, w, c, out_h, out_w = (int(n) for n in (*rng.integers(1, 30, 2), rng.integers(1, 5), *rng.integers(1, 60, 2)))
        image = random_image(rng, (h, w, c))
        out = np.full((1, out_h, out_w, c), 7, np.uint8)
        stream = _core._testing.RowStream((h, w), out, method)
        row = 0
        while row < h:
            n = int(rng.integers(1, h - row + 1))
            if rng.integers(2):
                stream.push_rows(image[None, row : row + n])
            else:
                data = image[row : row + n].tobytes()
                cuts = [0, *sorted(rng.integers(0, len(data) + 1, 5)), len(data)]
                for first, end in pairwise(cuts):
                    stream.push(data[first:end])
            row += n
        stream.finish()
        assert_same(out[0], expected(image, (out_h, out_w), method), f"{image.shape} -> {out.shape}")


@METHODS
@pytest.mark.parametrize("shape, size", [((1200, 900, 3), (701, 500)), ((300, 500, 3), (1100, 900))])
def test_threads(method, shape, size):
    """Each has some rows of the result, and starts with the source row that these need."""
    image = np.random.default_rng(5).integers(0, 256, shape, np.uint8)
    for threads in (2, 3, 7):
        result = isopixel.resize(image, size, method=method, threads=threads)
        assert_same(result, expected(image, size, method), f"{threads} threads")


def test_no_size_is_too_large():
    """Those of the exact bilinear are: products of sides beyond 2^61."""
    assert _core._testing.plan((3, 2**40 + 1), (2, 2**21 + 1), 1, "bilinear") is None
    assert _core._testing.plan((3, 2**40 + 1), (2, 2**21 + 1), 1, "nearest") == (["nearest"], 32)

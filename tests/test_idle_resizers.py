# SPDX-License-Identifier: MIT
"""No result depends on what the same thread has resized before, of which it keeps tables and scratch memory."""

import threading

import numpy as np
import pytest

import isopixel
from tests.support import assert_same, random_image

SHAPES = [(32, 32), (32, 31), (40, 50, 3), (17, 90, 4), (300, 200, 3), (2, 1000), (3, 40, 50, 3), (4, 30, 20, 1)]
SIZES = [(28, 28), (28, 29), (7, 9), (60, 75), (32, 32), (2, 300), (40, 50)]
METHODS = ["bilinear", "bilinear-two-tap", "opencv-3.4-linear", "torch-2.0-bilinear-antialias", "torch-2.3-bilinear"]


def in_new_thread(function):
    """What a function returns in a thread that has resized nothing."""
    results = []
    worker = threading.Thread(target=lambda: results.append(function()))
    worker.start()
    worker.join()
    return results[0]


def views(rng, image):
    """An image, a flip of its rows, or a crop."""
    rows = rng.choice([slice(None), slice(None, None, -1), slice(1, None)])
    return image[:, rows] if image.ndim == 4 else image[rows]


@pytest.mark.parametrize("seed", range(3))
def test_a_random_sequence(seed):
    """So few sizes that many come again, and so many that some are not kept."""
    rng = np.random.default_rng(seed)
    resizes = [(rng.integers(len(SHAPES)), rng.integers(len(SIZES)), rng.integers(len(METHODS))) for _ in range(24)]
    former = isopixel.get_isa()
    try:
        for number in rng.integers(len(resizes), size=300):
            shape, size, method = (from_[i] for from_, i in zip((SHAPES, SIZES, METHODS), resizes[number], strict=True))
            if rng.integers(8) == 0:
                isopixel.set_isa(str(rng.choice(isopixel.available_isas())))
            image, threads = views(rng, random_image(rng, shape)), int(rng.integers(1, 3))

            def resize(image=image, size=size, method=method, threads=threads):
                return isopixel.resize(image, size, method=method, threads=threads)

            assert_same(resize(), in_new_thread(resize), f"{image.shape} -> {size}, {method}")
    finally:
        isopixel.set_isa(former)


def test_streams_between_resizes():
    """One that ends early, and one that ends after it."""
    rng = np.random.default_rng(1)
    image, out = random_image(rng, (30, 40)), np.empty((1, 7, 9, 1), np.uint8)
    expected = in_new_thread(lambda: isopixel.resize(image, (7, 9)))
    for _ in range(3):
        assert_same(isopixel.resize(image, (7, 9)), expected, "a resize")
        streams = [isopixel._core.Stream("fixed,width=40", 1200, out, "bilinear") for _ in range(2)]
        streams[0].push(image.tobytes()[:617])
        streams[1].push(image.tobytes())
        with pytest.raises(ValueError, match="ended early"):
            streams[0].finish()
        streams[1].finish()
        assert_same(out[0, :, :, 0], expected, "a stream")

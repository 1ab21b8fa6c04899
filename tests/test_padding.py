# SPDX-License-Identifier: MIT
"""The padding of a row (R-12), which can be as good as all of an image, against the reference; and what it costs."""

import numpy as np
import pytest
from spec import reference

import isopixel
from isopixel import _core
from tests.support import assert_same

METHODS = ["bilinear", "bilinear-two-tap", "pillow-13-bilinear", "opencv-3.4-linear", "torch-2.0-bilinear-antialias"]
MOST = 2**31 - 1


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("width", "size"),
    [
        (40, (3, 7)), (40, (1, 60)), (40, (9, 60)), (40, (1, 40)), (40, (2, 40)), (5000, (1, 11)), (7, (50, 3)),
        *(pytest.param(*case, marks=pytest.mark.slow)
          for case in [(5000, (5, 3)), (20_011, (1, 5)), (20_011, (2, 5))]),
    ],
)  # fmt: skip
def test_padding_equals_the_reference(width, size, channels, method):
    for n in (1, 2, 4, width // 2, width * channels - 1, width * channels, width * channels + 2):
        layout = f"fixed,width={width},rows=extra,pad=201" + (",channels=3" if channels == 3 else "")
        data = np.random.default_rng(n).integers(0, 256, n, np.uint8).tobytes()
        shape, samples = reference.resized_layout(layout, data, size, method)
        expected = np.frombuffer(samples, np.uint8).reshape(shape if channels == 3 else shape[:2])
        assert_same(isopixel.from_bytes(data, layout, size, method=method), expected, (layout, n))


@pytest.mark.parametrize("size", [(1, 1), (1, 224), (224, 224), (3, 40_000)])
@pytest.mark.parametrize("method", ["bilinear", "bilinear-two-tap"])
@pytest.mark.parametrize("width", [3_000_017, 4_194_304])
def test_padding_equals_bytes(width, method, size):
    """Rows that the reference would take hours for: the same bytes with their padding, pushed."""
    layout = f"fixed,width={width},pad=77"
    for n in (1, 1_000_003, width - 1):
        data = np.random.default_rng(n).integers(0, 256, n, np.uint8).tobytes()
        whole = data + bytes([77]) * (width - n)
        expected = isopixel.from_bytes(whole, layout, size, method=method)
        assert_same(isopixel.from_bytes(data, layout, size, method=method), expected, (layout, n))


@pytest.mark.timeout(100)
@pytest.mark.parametrize("options", ["", ",channels=3", ",rows=extra,channels=3"])
def test_the_longest_rows_cost_nothing(options):
    """Of a byte, 6 GB of padding: hours for all of these if it were pushed. A constant image stays constant (R-4)."""
    layout = f"fixed,width={MOST}{options},pad=120"
    bits = _core._testing.plan((1, MOST), (224, 224), 1, "bilinear")[1]
    assert bits == 128
    for i in range(300):
        image = isopixel.from_bytes(b"x", layout, (1 + i % 7, 1 + i))
        assert (image == 120).all()
        assert isopixel.from_bytes(b"x", layout, (2, 2), method="bilinear-two-tap").min() == 120

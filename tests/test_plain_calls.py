# SPDX-License-Identifier: MIT
"""Most calls of resize are read by the core alone: they do, and refuse, what the checks in Python say."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import isopixel
from isopixel import _core
from tests.support import random_image

GRAY = np.arange(99, dtype=np.uint8).reshape(9, 11)
MEMORY = np.zeros(4000, np.uint8)

IMAGES = [
    GRAY,
    GRAY[::-1],
    GRAY[2:7, 3:8],
    GRAY[:, ::-1],
    GRAY[:, ::2],
    GRAY.T,
    GRAY[:0],
    GRAY[0],
    GRAY.astype(np.int8),
    GRAY.astype(np.float32),
    GRAY.tolist(),
    GRAY.view(np.matrix),
    np.ma.masked_array(GRAY),
    np.frombuffer(bytes(99), np.uint8).reshape(9, 11),  # which cannot be written to
    MEMORY[:56].reshape(7, 8),
    MEMORY[:60].reshape(4, 5, 3),
    MEMORY[:80].reshape(4, 5, 4),
    MEMORY[:120].reshape(2, 4, 5, 3),
    MEMORY[:60].reshape(3, 4, 5),
    MEMORY[:40].reshape(2, 4, 5),
    MEMORY[:100].reshape(4, 5, 5),
    MEMORY[:100].reshape(1, 4, 5, 5, 1),
    None,
]
SIZES = [
    (3, 4),
    [3, 4],
    (4, 4),
    (1, 1),
    (np.int64(3), 4),
    np.array([3, 4]),
    (3.0, 4),
    (True, 4),
    (3, 0),
    (-3, 4),
    (3,),
    (3, 4, 5),
    "34",
    7,
    None,
    (2**40, 2**40),
    (2**64, 3),
    (2**63 - 1, 1),
]
METHODS = [
    "bilinear",
    "bilinear-two-tap",
    "opencv-3.4-linear",
    "pillow-4-bilinear",
    "pillow-4-bilinear-alpha",
    "pillow-4-nearest",
    "bilinear\0",
    "bilinéar",
    "\ud800",
    np.str_("bilinear"),
    b"bilinear",
    None,
]
ANTIALIAS = [None, True, False, np.True_, 1, 0, "no"]
AXES = [None, "HW", "HWC", "CHW", "NHW", "NHWC", "NCHW", "WH", "", "hw", np.str_("HW"), 2]
OUTS = [
    None,
    MEMORY[2000:2012].reshape(3, 4),
    MEMORY[2000:2036].reshape(3, 4, 3),
    MEMORY[2000:2036].reshape(3, 3, 4),
    MEMORY[2000:2024].reshape(3, 8)[:, :4],
    MEMORY[2000:2024].reshape(3, 8)[:, ::2],
    MEMORY[50:62].reshape(3, 4),  # shares memory with an image
    MEMORY[56:68].reshape(3, 4),  # which ends before it
    as_strided(MEMORY[2000:], (3, 4), (1, 1)),
    np.zeros((3, 4), np.int8),
    np.broadcast_to(np.uint8(0), (3, 4)),
    [[0] * 4] * 3,
]
THREADS = [None, 1, 2, 0, -1, 2**31, 2**64, np.int64(2), True, 1.0, "1"]
CHOICES = {"method": METHODS, "antialias": ANTIALIAS, "axes": AXES, "out": OUTS, "threads": THREADS}
CHANNELS = [None, "CMYK", "grey"]


def outcome(image, size, options):
    """What a call returns, or raises, and what it writes."""
    MEMORY[:] = np.arange(MEMORY.size) % 251
    out = options.get("out")
    try:
        result = isopixel.resize(image, size, **options)
    except Exception as error:
        return type(error), str(error), bytes(MEMORY)
    assert out is None or result is out
    return result.dtype, result.shape, result.strides, result.tobytes(), result.flags.writeable, bytes(MEMORY)


def random_call(rng):
    """Arguments of which most are such as mostly given."""

    def pick(values, usual=1):
        return values[rng.integers(usual if rng.integers(3) else len(values))]

    options = {name: pick(values) for name, values in CHOICES.items() if rng.integers(2)}
    if rng.integers(9) == 0:
        options["channels"] = pick(CHANNELS)
    return pick(IMAGES, 3), pick(SIZES, 2), options


def test_what_is_read_by_the_core_alone_is_what_python_would_say(monkeypatch):
    rng = np.random.default_rng(1)
    calls = [random_call(rng) for _ in range(6000)]
    calls += [(image, size, {"axes": axes}) for image in IMAGES for size in SIZES[:2] for axes in AXES]
    calls += [(image, (3, 4), {"out": out}) for image in IMAGES for out in OUTS]
    calls += [(image, (3, 4), {"method": m, "axes": axes}) for image in IMAGES for m in METHODS for axes in AXES]
    actual = [outcome(*call) for call in calls]
    monkeypatch.setattr(_core, "resize_plainly", lambda *arguments: None)
    for call, got in zip(calls, actual, strict=True):
        assert got == outcome(*call), call


@pytest.mark.parametrize("shape", [(9, 11), (9, 11, 1), (9, 11, 3), (9, 11, 4), (2, 9, 11, 3)])
def test_usual_calls_are_read_by_the_core_alone(shape):
    image = random_image(np.random.default_rng(2), shape)
    expected = isopixel.resize(image, (5, 6))
    for size in ((5, 6), [5, 6]):
        for antialias in (None, True):
            for out in (None, np.empty_like(expected)):
                result = _core.resize_plainly(image, size, "bilinear", antialias, None, out, 1)
                assert (result == expected).all()
                assert out is None or result is out
    two_tap = _core.resize_plainly(image, (5, 6), "bilinear", False, None, None, 1)
    assert (two_tap == _core.resize_plainly(image[::-1][::-1], (5, 6), "bilinear-two-tap", None, None, None, 1)).all()


@pytest.mark.parametrize(
    ("method", "channels"),
    [
        ("nearest", (1, 2, 3, 4)),
        ("opencv-3.4-area", (1, 2, 3, 4)),
        ("torch-2.0-bilinear-antialias", (1, 2, 3, 4)),
        ("pillow-4-nearest", (1, 2, 3, 4)),
        ("pillow-4-bilinear", (1, 3)),  # which has to ask what four channels are
        ("pillow-4-bilinear-alpha", (2, 4)),
    ],
)
def test_usual_calls_of_other_methods(method, channels):
    for count in (1, 2, 3, 4):
        image = random_image(np.random.default_rng(3), (9, 11, count))
        result = _core.resize_plainly(image, (5, 6), method, None, None, None, 1)
        assert (result is not None) == (count in channels)
        if result is not None:
            assert (result == isopixel.resize(image[::-1][::-1], (5, 6), method=method)).all()


def test_a_wrong_number_of_arguments():
    with pytest.raises(TypeError, match="7 arguments, got 1"):
        _core.resize_plainly(GRAY)

# SPDX-License-Identifier: MIT
"""What isopixel.resize refuses, and what it says then."""

import re
import subprocess
import sys

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import isopixel
from isopixel import _core

IMAGE = np.zeros((4, 5), np.uint8)


@pytest.mark.parametrize(
    ("image", "error", "message"),
    [
        ([[1, 2]], TypeError, "image must be a NumPy array, got list: convert it with np.asarray"),
        (IMAGE.astype(np.float32), TypeError, "dtype uint8, got float32; convert it yourself"),
        (IMAGE.astype(np.float64), TypeError, "np.rint(image * 255).astype(np.uint8)"),
        (IMAGE.astype(np.int8), TypeError, "got int8"),
        (IMAGE.astype(np.uint16), TypeError, "got uint16"),
        (IMAGE.astype(bool), TypeError, "got bool"),
        (np.ma.masked_array(IMAGE), TypeError, "image is a masked array"),
        (np.zeros(5, np.uint8), ValueError, "rank 2, 3 or 4, got the shape (5,)"),
        (np.zeros((1, 1, 1, 1, 1), np.uint8), ValueError, "rank 2, 3 or 4"),
        (np.zeros((0, 5), np.uint8), ValueError, "image is empty: its shape is (0, 5) (axes HW)"),
        (np.zeros((4, 5, 0), np.uint8), ValueError, "image is empty"),
        (np.zeros((0, 4, 5, 3), np.uint8), ValueError, "image is empty"),
        (
            np.zeros((3, 4, 5), np.uint8),
            ValueError,
            "have 5 channels; say what its axes are: axes='HWC' or 'CHW' or 'NHW'",
        ),
        (np.zeros((2, 3, 4, 5), np.uint8), ValueError, "axes='NHWC' or 'NCHW'"),
    ],
)
def test_image(image, error, message):
    with pytest.raises(error, match=re.escape(message)):
        isopixel.resize(image, (2, 2))


@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (
            224,
            TypeError,
            "size must be (height, width), got the number 224: write (224, 224) for a square; "
            "for the shorter side use isopixel.torch.Resize(224)",
        ),
        (np.int64(3), TypeError, "got the number 3"),
        (None, TypeError, "size must be (height, width), got None"),
        ("22", TypeError, "got '22'"),
        (2.5, TypeError, "got 2.5"),
        (True, TypeError, "got True"),
        (bytearray(b"22"), TypeError, "got bytearray"),
        (np.array(5), TypeError, "got array(5)"),
        (np.ones((2, 2), int), TypeError, "size must be (height, width), got array"),
        ((2,), ValueError, "two numbers"),
        ((2, 3, 3), ValueError, "two numbers"),
        ((2.0, 3), TypeError, "whole numbers, got (2.0, 3)"),
        ((True, 3), TypeError, "whole numbers"),
        (("2", "3"), TypeError, "whole numbers"),
        ((0, 3), ValueError, "at least (1, 1), got (0, 3)"),
        ((3, -1), ValueError, "at least (1, 1), got (3, -1)"),
        ((2**32, 2**32), ValueError, "beyond the address space"),
        ((2**70, 1), ValueError, "beyond the address space"),
    ],
)
def test_size(size, error, message):
    with pytest.raises(error, match=re.escape(message)):
        isopixel.resize(IMAGE, size)


def test_a_result_beyond_the_memory():
    with pytest.raises(MemoryError):
        isopixel.resize(IMAGE, (2**29, 2**29))


def test_a_layout_that_the_core_has_no_memory_for():
    """Room for one more copy of the text, that of the bindings."""
    script = (
        "import resource, isopixel\n"
        "text = 'x' * (64 << 20)\n"
        "taken = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (taken + (96 << 20),) * 2)\n"
        "try:\n"
        "    isopixel.from_bytes(b'0', text)\n"
        "except MemoryError:\n"
        "    print('no memory')\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.stdout == "no memory\n", run.stderr[-1000:]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"axes": "HWC"}, ValueError, "axes='HWC' needs an image of rank 3, got the shape (4, 5)"),
        ({"axes": "WH"}, ValueError, "axes must be one of HW, HWC, CHW, NHW, NHWC, NCHW, got 'WH'"),
        ({"axes": 3}, ValueError, "got 3"),
        (
            {"method": "lanczos"},
            ValueError,
            "unknown method 'lanczos'; did you mean 'pillow-4-lanczos', 'pillow-12.2-lan",
        ),
        ({"method": 2}, TypeError, "method must be a name, such as 'bilinear', got 2; `isopixel methods` lists"),
        ({"antialias": 1}, TypeError, "antialias must be True, False or None"),
    ],
)
def test_options(options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        isopixel.resize(IMAGE, (2, 2), **options)


def read_only(array):
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        ([[0, 0], [0, 0]], TypeError, "out must be a uint8 array, got list"),
        (np.zeros((2, 2), np.int16), TypeError, "got int16"),
        (np.zeros((2, 3), np.uint8), ValueError, "out must have the shape (2, 2), got (2, 3)"),
        (np.zeros((2, 2, 1), np.uint8), ValueError, "out must have the shape (2, 2)"),
        (read_only(np.zeros((2, 2), np.uint8)), ValueError, "out is read-only"),
        (np.zeros((2, 4), np.uint8)[:, ::2], ValueError, "samples of a row next to each other, got the strides (4, 2)"),
        (np.zeros((2, 2), np.uint8).T, ValueError, "samples of a row next to each other"),
        (as_strided(np.zeros(9, np.uint8), (2, 2), (0, 1)), ValueError, "out has samples that share memory"),
        (as_strided(np.zeros(9, np.uint8), (2, 2), (1, 1)), ValueError, "out has samples that share memory"),
    ],
)
def test_out(out, error, message):
    with pytest.raises(error, match=re.escape(message)):
        isopixel.resize(IMAGE, (2, 2), out=out)


def test_images_of_out_that_overlap():
    batch = np.zeros((3, 4, 5, 1), np.uint8)
    memory = np.zeros(100, np.uint8)
    for strides, good in [
        ((4, 2), True),
        ((2, 6), True),
        ((-4, 2), True),
        ((2, 4), False),
        ((3, 2), False),
        ((0, 2), False),
    ]:
        out = as_strided(memory[50:], (3, 2, 2, 1), (*strides, 1, 1))
        if good:
            isopixel.resize(batch, (2, 2), out=out)
        else:
            with pytest.raises(ValueError, match="share memory"):
                isopixel.resize(batch, (2, 2), out=out)


def test_planes_of_out_that_overlap():
    image = np.zeros((2, 3, 4, 4), np.uint8)
    memory = np.zeros(100, np.uint8)
    with pytest.raises(ValueError, match="share memory"):
        isopixel.resize(image, (2, 2), axes="NCHW", out=as_strided(memory, (2, 3, 2, 2), (0, 4, 2, 1)))
    isopixel.resize(image, (2, 2), axes="NCHW", out=as_strided(memory, (2, 3, 2, 2), (4, 8, 2, 1)))


def test_images_of_a_result_that_overlap_in_the_core():
    out = as_strided(np.zeros(100, np.uint8), (3, 2, 2, 1), (2, 4, 1, 1))
    with pytest.raises(ValueError, match="rows or images of the result overlap"):
        _core.resize(np.zeros((3, 4, 5, 1), np.uint8), out, "NHWC", "bilinear", 1)


def test_out_that_overlaps_the_image():
    memory = np.arange(100, dtype=np.uint8).reshape(10, 10)
    before = memory.copy()
    with pytest.raises(ValueError, match="out shares memory with image"):
        isopixel.resize(memory[:5], (2, 10), out=memory[4:6])
    assert (memory == before).all()
    left, right = memory[:, :6], memory[:, 6:]  # the same range of memory, but no byte in common
    assert isopixel.resize(left, (10, 4), out=right) is right


def test_nothing_is_written_when_refused():
    out = np.full((2, 2), 9, np.uint8)
    for bad in ({"method": "x"}, {"axes": "CHW"}, {"antialias": 3}):
        with pytest.raises((TypeError, ValueError)):
            isopixel.resize(IMAGE, (2, 2), out=out, **bad)
    assert (out == 9).all()


def test_the_module_keeps_memory_safe():
    """Calls that the package never makes are refused all the same."""
    good, strided = np.zeros((1, 4, 4, 1), np.uint8), np.zeros((1, 4, 8, 1), np.uint8)[:, :, ::2]
    for image, out in (
        (good[0], good),
        (good, good.astype(np.int8)),
        (good, strided),
        (good, good[:0]),
    ):
        with pytest.raises((TypeError, ValueError)):
            _core.resize(image, out, "NHWC", "bilinear", 1)
    assert not _core.resize(strided, good, "NHWC", "bilinear", 1)  # to be copied first
    stream = _core._testing.RowStream((4, 4), good, "bilinear")
    for rows in (np.zeros((1, 2, 3, 1), np.uint8), np.zeros((1, 2, 4, 2), np.uint8), np.zeros((2, 2, 4, 1), np.uint8)):
        with pytest.raises(ValueError, match="not rows of this image"):
            stream.push_rows(rows)
    with pytest.raises(ValueError, match="not one image"):
        _core._testing.RowStream((4, 4), np.zeros((2, 4, 4, 1), np.uint8), "bilinear")
    with pytest.raises(ValueError, match="number of channels"):
        _core.Stream("nataraj,channels=3", 9, good, "bilinear")
    with pytest.raises(ValueError, match="below 1"):
        _core._testing.plan((1, 1), (0, 1), 1, "bilinear")
    with pytest.raises(TypeError, match="contiguous"):
        _core._testing.RowStream((4, 4), good, "bilinear").push(np.zeros(8, np.uint8)[::2])
    with pytest.raises(ValueError, match="no such method"):
        _core.resize(good, good.copy(), "NHWC", "lanczos", 1)
    with pytest.raises(ValueError, match="no such layout"):
        _core.Stream("round", 3, good, "bilinear")
    with pytest.raises(ValueError, match="below 1"):
        _core.layout_shape("nataraj", 0)
    with pytest.raises(ValueError, match="too large"):
        _core.layout_shape("nataraj", 2**63)

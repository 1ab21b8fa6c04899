# SPDX-License-Identifier: MIT
"""Peak memory: what a resize takes above its input and result does not grow with the input."""

import subprocess
import sys

import pytest

MIB = 1 << 20
LIMIT = 4 * MIB  # what isopixel.h promises

# The kernel's own count for this process, since that of getrusage is inherited from the parent.
PEAK = """
def peak():
    with open("/proc/self/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    return int(fields["VmHWM"].split()[0]) * 1024
"""

SCRIPT = f"""{PEAK}
import sys
import numpy as np
import isopixel

shape, size, threads, planted = map(eval, sys.argv[1:5])
isopixel.resize(np.zeros((3, 3), np.uint8), (2, 2))
image = np.full(shape, 255, np.uint8)
out = np.full((*size, *shape[2:]), 1, np.uint8)
before = peak()
scratch = np.full(planted, 1, np.uint8)
isopixel.resize(image, size, out=out, threads=threads, method=sys.argv[5])
print(peak() - before)
assert (out == 255).all()
"""


def rise(shape, size=(224, 224), threads=1, planted=0, method="bilinear"):
    """The rise of the peak memory in a fresh process, in bytes, from when source and result have been touched."""
    arguments = map(str, (shape, size, threads, planted, method))
    run = subprocess.run([sys.executable, "-c", SCRIPT, *arguments], check=True, capture_output=True, text=True)
    return int(run.stdout)


@pytest.mark.parametrize(
    "shape",
    [
        (100_000, 1024),
        (1, 100_000_000),
        pytest.param((100_000_000, 1), marks=pytest.mark.slow),
        pytest.param((300, 1_000_000, 3), marks=pytest.mark.slow),
    ],
)
def test_scratch_is_bounded(shape):
    assert rise(shape) < LIMIT


@pytest.mark.parametrize("shape", [(5, 32768), (5, 8192, 4), (5, 10922, 3)])
def test_the_widest_rows_of_a_block(shape):
    assert rise(shape, (4, 1)) < LIMIT


@pytest.mark.parametrize("threads", [1, 4])
def test_many_result_rows(threads):
    assert rise((4_000_000, 8), (2_000_000, 4), threads) < threads * LIMIT


@pytest.mark.parametrize(
    "method", ["pillow-13-bilinear", "pillow-13-lanczos", "opencv-3.4-linear", "torch-2.0-bilinear-antialias"]
)
@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((2, 4000, 3), (2000, 4000)),
        ((1, 1), (500_000, 1)),
        pytest.param((1, 1), (1, 500_000), marks=pytest.mark.slow),
        pytest.param((500_000, 1), (400_000, 1), marks=pytest.mark.slow),
        pytest.param((1, 500_000), (1, 300), marks=pytest.mark.slow),
        pytest.param((100_000, 1024), (224, 224), marks=pytest.mark.slow),
    ],
)
def test_frozen_methods(method, shape, size):
    """Their scratch grows with the rows and the axes, as isopixel.h says, and not with source or result."""
    channels = shape[2] if len(shape) == 3 else 1
    axes = sum(shape[:2]) + sum(size)
    promised = LIMIT + 250 * size[1] * channels + 150 * shape[1] * channels + 90 * axes
    assert rise(shape, size, method=method) < promised


def test_a_planted_scratch_is_found():
    assert rise((100_000, 1024), planted=64 * MIB) > LIMIT

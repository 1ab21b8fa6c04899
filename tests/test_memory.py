# SPDX-License-Identifier: MIT
"""Peak memory: what a resize takes above its input and result does not grow with the input."""

import subprocess
import sys

import pytest

MIB = 1 << 20
LIMIT = 4 * MIB  # the promise is 32

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
import isopix

shape, planted = eval(sys.argv[1]), int(sys.argv[2])
isopix.resize(np.zeros((3, 3), np.uint8), (2, 2))
image = np.full(shape, 255, np.uint8)
before = peak()
scratch = np.full(planted, 1, np.uint8)
out = isopix.resize(image, (224, 224))
assert (out == 255).all()
print(peak() - before)
"""


def rise(shape, planted=0):
    """The rise of the peak memory in a fresh process, in bytes, counted from when the input has been touched."""
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(shape), str(planted)], check=True, capture_output=True, text=True
    )
    return int(run.stdout)


@pytest.mark.parametrize("shape", [(100_000, 1024), (1, 100_000_000), (100_000_000, 1), (300, 1_000_000, 3)])
def test_scratch_is_bounded(shape):
    assert rise(shape) < LIMIT


def test_a_planted_scratch_is_found():
    assert rise((100_000, 1024), 64 * MIB) > LIMIT

# SPDX-License-Identifier: MIT
"""The fingerprint against the reference (R-8)."""

import numpy as np
import pytest
from spec import reference

import isopixel


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "u1"])
@pytest.mark.parametrize("shape", [(1,), (7,), (3, 4), (3, 4, 1), (2, 3, 4, 5)])
def test_equals_the_reference(dtype, shape):
    array = np.random.default_rng(0).integers(0, 256, shape).astype(dtype)
    little = array.astype(array.dtype.newbyteorder("<"))
    expected = reference.fingerprint(array.dtype.newbyteorder("=").name, shape, little.tobytes())
    assert isopixel.fingerprint(array) == expected


def test_the_memory_layout_does_not_matter():
    array = np.arange(60, dtype=np.float32).reshape(3, 4, 5)
    for same in (np.asfortranarray(array), array[::-1].copy()[::-1], np.repeat(array, 2, axis=1)[:, ::2]):
        assert isopixel.fingerprint(same) == isopixel.fingerprint(array)


def test_what_matters():
    array = np.zeros((2, 3), np.uint8)
    different = [array, array[..., None], array.T, array.reshape(6), array + np.uint8(1), array.astype(np.float32)]
    assert len({isopixel.fingerprint(a) for a in different}) == len(different)
    zeros = np.array([0.0, -0.0], np.float32)
    assert isopixel.fingerprint(zeros[:1]) != isopixel.fingerprint(zeros[1:])


@pytest.mark.parametrize(
    ("array", "error", "message"),
    [
        ([1, 2], TypeError, "NumPy array, got list"),
        (np.zeros(3), TypeError, "uint8 or float32, got float64"),
        (np.zeros(3, bool), TypeError, "got bool"),
        (np.zeros((2, 0), np.uint8), ValueError, "at least one sample"),
        (np.zeros((), np.uint8), ValueError, "rank 1 or more"),
    ],
)
def test_bad_arrays(array, error, message):
    with pytest.raises(error, match=message):
        isopixel.fingerprint(array)

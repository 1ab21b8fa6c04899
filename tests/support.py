# SPDX-License-Identifier: MIT
"""What several tests use: images that are hard to get right, and the reference on arrays."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from spec import reference

import isopixel


@contextmanager
def folder_of_another_user():
    """A folder that anybody may enter, for code that runs as a user who may not read everything."""
    with tempfile.TemporaryDirectory() as name:  # not tmp_path, whose parents another user may not enter
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def as_another_user():
    """If this is root, who may read everything, the user nobody for a while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@contextmanager
def isa_in_use(name):
    """An instruction set for a while: for tests that make what they expect once for all sets of this CPU."""
    former = isopixel.get_isa()
    isopixel.set_isa(name)
    try:
        yield
    finally:
        isopixel.set_isa(former)


def random_image(rng, shape):
    """An image of noise, of 0 and 255 alone, nearly saturated, or of one value."""
    kind = rng.integers(4)
    if kind == 0:
        return rng.integers(0, 256, shape, np.uint8)
    if kind == 1:
        return rng.integers(0, 2, shape, np.uint8) * np.uint8(255)
    if kind == 2:
        return rng.integers(253, 256, shape, np.uint8)
    return np.full(shape, rng.choice([0, 1, 254, 255]), np.uint8)


def cmyk(method, channels):
    """The argument channels of isopixel.resize for images without alpha, where a method asks for it."""
    alpha_form = f"{method}-alpha"
    return "CMYK" if channels == 4 and any(m.name == alpha_form for m in isopixel.methods()) else None


def exact_method(antialias):
    """The name of isopixel's own method, with antialias or without."""
    return "bilinear" if antialias else "bilinear-two-tap"


def reference_resize(image, size, antialias=True):
    """spec/reference.py on an array (H, W) or (H, W, C)."""
    shape = (*image.shape, 1)[:3]
    out = reference.resize(image.tobytes(), shape, size, exact_method(antialias))
    return np.frombuffer(out, np.uint8).reshape(*size, *image.shape[2:])


def assert_same(actual, expected, what):
    """Arrays equal in every bit; otherwise a message with the first difference."""
    assert actual.dtype == expected.dtype, what
    assert actual.shape == expected.shape, what
    wrong = np.argwhere(actual != expected)
    if len(wrong):
        first = tuple(wrong[0])
        raise AssertionError(
            f"{what}: {len(wrong)} samples differ, first {first}: {actual[first]}, not {expected[first]}"
        )

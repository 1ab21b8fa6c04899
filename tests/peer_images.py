# SPDX-License-Identifier: MIT
"""What Pillow, OpenCV and torch were seen to compute, and of which images: peers.json, and filters.json.

The former is of bilinear, the latter of the other filters. An input is named KIND_HxWxC, where the kind is one of
IMAGES. Its results are, for each of the methods in order, the first 20 hexadecimal digits of the SHA-256 of the
samples, or null where the peer has no such images.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np
from spec import frozen_reference

from tests.support import random_image


@cache
def load_cases(file="peers.json"):
    """Returns tuples (input, size, {method: digest})."""
    content = json.loads(Path(__file__).with_name(file).read_text(encoding="ascii"))
    return [
        (name, tuple(size), {method: d for method, d in zip(content["methods"], digests, strict=True) if d})
        for name, size, digests in content["cases"]
    ]


def shape_of(name):
    """The (height, width, channels) of an input."""
    return tuple(int(n) for n in name.partition("_")[2].split("x"))


@cache
def image(name):
    """The array of an input, which nobody may change."""
    made = IMAGES[name[0]](name, *shape_of(name))
    made.flags.writeable = False
    return made


def digest(samples):
    """The digest of a result, as peers.json and filters.json have it."""
    return hashlib.sha256(samples).hexdigest()[:20]


def random_bytes(name, *shape):
    """Bytes of NumPy's RandomState, whose output its policy keeps for ever, seeded with the name."""
    state = np.random.RandomState(int(hashlib.sha256(name.encode("ascii")).hexdigest()[:8], 16))
    return np.frombuffer(state.bytes(int(np.prod(shape))), np.uint8).reshape(shape)


def extremes(name, *shape):
    """255 where the random byte is odd, else 0."""
    return random_bytes(name, *shape) % 2 * np.uint8(255)


def gradient(_, h, w, c):
    """Slopes down and across that differ from channel to channel, modulo 256."""
    y, x, ch = np.ogrid[:h, :w, :c]
    down = y * 255 * (ch + 1) // max(1, 2 * (h - 1))
    across = x * 255 * (c - ch) // max(1, 3 * (w - 1))
    return ((down + across + 13 * ch) % 256).astype(np.uint8)


def saturated(_, h, w, c):
    """254 in the first channel, 255 in the others."""
    return np.where(np.arange(c) == 0, 254, 255).astype(np.uint8) * np.ones((h, w, 1), np.uint8)


IMAGES = {"r": random_bytes, "c": extremes, "g": gradient, "s": saturated}


def frozen_resize(method, array, size):
    """spec/frozen_reference.py on an array (H, W, C)."""
    samples = frozen_reference.resize(method, array.tobytes(), array.shape, size)
    return np.frombuffer(samples, np.uint8).reshape(*size, array.shape[2])


def random_cases(seed, channels, number=300, widening=1):
    """Images (H, W, C) and sizes: up and down, axes that keep their length, half sizes, tall images, single columns.

    One in five is `widening` times as wide.
    """
    rng = np.random.default_rng(seed)
    for i in range(number):
        h, w, out_h, out_w = (int(n) for n in rng.integers(1, 30, 4))
        if i % 5 == 0:
            h, w = 2 * out_h, 2 * out_w
        elif i % 5 == 1:
            h, w, out_w = 60 + 20 * h, 1 + w % 4, 1 + out_w % 6
        elif i % 5 == 2:
            w *= widening
        if i % 11 == 0:
            out_h = h
        if i % 13 == 0:
            out_w = w
        yield random_image(rng, (h, w, int(rng.choice(channels)))), (out_h, out_w)

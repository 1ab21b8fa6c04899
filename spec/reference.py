# SPDX-License-Identifier: MIT
"""The specification as a program: exact, slow, standard library only.

Every function cites the rules of SPEC.md that it computes. It is written to be compared with that text by eye, and the
fast implementations are compared with it by test; it uses nothing of theirs.
"""

import hashlib
from functools import lru_cache
from math import gcd

NATARAJ_WIDTHS = ((10, 32), (30, 64), (60, 128), (100, 256), (200, 384), (500, 512), (1000, 768))


@lru_cache(maxsize=4096)
def axis_weights(n_in, n_out, antialias):
    """R-2, R-3: for each result, the list of (sample, weight) with a weight above 0."""
    g = gcd(n_in, n_out)
    w, v = n_in // g, n_out // g
    half_width = 2 * max(w, v) if antialias else 2 * v
    return [
        [(j, weight) for j in range(n_in) if (weight := half_width - abs((2 * j + 1) * v - (2 * i + 1) * w)) > 0]
        for i in range(n_out)
    ]


def weight_sums(n_in, n_out, antialias):
    """R-4: the sum of the weights of each result of an axis, the factor of D that is its own."""
    return [sum(weight for _, weight in taps) for taps in axis_weights(n_in, n_out, antialias)]


def resize(samples, shape, size, antialias=True):
    """R-1 to R-4: resizes an image.

    Args:
        samples: the samples of an image, in C order.
        shape: its (height, width, channels).
        size: (height, width) of the result.
        antialias: the form of R-3.

    Returns:
        The samples of the result, bytes in C order.
    """
    height, width, channels = shape
    assert len(samples) == height * width * channels
    vertical = axis_weights(height, size[0], antialias)
    horizontal = axis_weights(width, size[1], antialias)
    # The inner sum of R-4 over l, once for each source row j: rows[j][k * channels + ch]; nothing is rounded.
    rows = []
    for j in range(height):
        row = samples[j * width * channels : (j + 1) * width * channels]
        rows.append(
            [
                sum(weight * row[sample * channels + ch] for sample, weight in taps)
                for taps in horizontal
                for ch in range(channels)
            ]
        )
    sums_x = [total for total in weight_sums(width, size[1], antialias) for _ in range(channels)]
    out = bytearray()
    for taps, sum_y in zip(vertical, weight_sums(height, size[0], antialias), strict=True):
        for k, sum_x in enumerate(sums_x):
            n = sum(weight * rows[j][k] for j, weight in taps)
            d = sum_y * sum_x
            out.append((2 * n + d) // (2 * d))
    return bytes(out)


def nataraj_size(n):
    """R-6, R-7: (height, width) of the image of n bytes."""
    if n < 1:
        raise ValueError("zero bytes are no image (R-7)")
    width = next((width for limit, width in NATARAJ_WIDTHS if n < limit * 1024), 1024)
    return -(-n // width), width


def nataraj_image(data):
    """R-6, R-7: the image of some bytes, as ((height, width), samples)."""
    height, width = nataraj_size(len(data))
    return (height, width), data + bytes(height * width - len(data))


def fingerprint(dtype, shape, raw):
    """R-8: the fingerprint of an array.

    Args:
        dtype: "uint8" or "float32".
        shape: the dimensions.
        raw: the samples in C order, little-endian.
    """
    assert dtype in ("uint8", "float32") and shape and min(shape) >= 1
    header = f"isopix-array-1 {dtype} {'x'.join(str(d) for d in shape)}\n"
    return "sha256:" + hashlib.sha256(header.encode("ascii") + raw).hexdigest()


def noise(s, k):
    """R-9: sample s of the formula "noise k"."""
    z = (s + 2654435769 * k) & 0xFFFFFFFF
    z = (z ^ (z >> 16)) * 2146121005 & 0xFFFFFFFF
    z = (z ^ (z >> 15)) * 2221713035 & 0xFFFFFFFF
    return (z ^ (z >> 16)) & 255


def vector_input(formula, length):
    """R-9: the samples of a formula such as "noise 7"."""
    name, k = formula.split(" ")
    k = int(k)
    if name == "constant":
        return bytes([k]) * length
    if name == "ramp":
        return bytes(k * s % 256 for s in range(length))
    if name == "noise":
        return bytes(noise(s, k) for s in range(length))
    if name == "extremes":
        return bytes(255 if noise(s, k) >= 128 else 0 for s in range(length))
    raise ValueError(f"unknown formula {formula!r}")

# SPDX-License-Identifier: MIT
"""The exact value that every peer's result is compared with: SPEC R-2 to R-4 in 64-bit integers, with NumPy alone."""

import math

import numpy as np


def resize(image, size, antialias):
    """Resizes an image exactly, as SPEC R-4 writes it.

    Args:
        image: uint8 (H, W) or (H, W, C).
        size: (height, width) of the result.
        antialias: the form of R-3.

    Returns:
        uint8 (height, width) or (height, width, C).
    """
    sums, d_vertical = weighted_sums(image, size[0], antialias)
    sums, d_horizontal = weighted_sums(sums.swapaxes(0, 1), size[1], antialias)
    n = sums.swapaxes(0, 1)
    d = np.multiply.outer(d_vertical, d_horizontal).reshape(*size, *[1] * (n.ndim - 2))
    bound = (2 * 255 + 1) * int(d_vertical.max()) * int(d_horizontal.max())  # of 2N + D, and of each of its parts
    assert bound < 2**63
    return ((2 * n + d) // (2 * d)).astype(np.uint8)


def weighted_sums(samples, n_out, antialias):
    """The inner sums of R-4 along axis 0, int64 (n_out, …), and the sum of the weights of each result, (n_out,)."""
    n_in = len(samples)
    sums = np.empty((n_out, *samples.shape[1:]), np.int64)
    totals = np.empty(n_out, np.int64)
    for i in range(n_out):
        first, weights = taps(i, n_in, n_out, antialias)
        sums[i] = np.tensordot(weights, samples[first : first + len(weights)].astype(np.int64), 1)
        totals[i] = weights.sum()
    return sums, totals


def taps(i, n_in, n_out, antialias):
    """R-2, R-3: the first sample that has weight in result i, and the weights from there on, int64."""
    g = math.gcd(n_in, n_out)
    w, v = n_in // g, n_out // g
    half_width = 2 * (max(w, v) if antialias else v)
    distance = np.abs((2 * np.arange(n_in, dtype=np.int64) + 1) * v - (2 * i + 1) * w)
    inside = np.flatnonzero(distance < half_width)
    return inside[0], half_width - distance[inside]

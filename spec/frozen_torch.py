# SPDX-License-Identifier: MIT
"""torch, frozen (R-27, R-28, R-48, R-49): from the planes of an image, which are lists of rows, to others."""

from functools import lru_cache
from math import floor

from spec.frozen_passes import bicubic, chosen, single, triangle, trunc, two_passes, windows


def torch_bits(m):
    """R-27: the number of bits of an axis."""
    for bits in range(22):
        if trunc(0.5 + m * 2 ** (bits + 1)) >= 2**15:
            return bits
    return 22


def antialias_axis(n_in, n_out, phi):
    """R-27 with R-21, R-48 with R-37: the weights of an axis, and their bits."""
    weights = windows(n_in, n_out, phi)
    return weights, torch_bits(max(u for taps in weights for _, u in taps))


@lru_cache(maxsize=256)
def triangle_axis(n_in, n_out):
    """R-27 with R-21."""
    return antialias_axis(n_in, n_out, triangle)


@lru_cache(maxsize=256)
def bicubic_axis(n_in, n_out):
    """R-48, antialiased."""
    return antialias_axis(n_in, n_out, bicubic)


@lru_cache(maxsize=256)
def two_tap_axis(n_in, n_out):
    """R-27 with R-28: the weights of an axis, and their bits."""
    s = n_in / n_out
    weights = []
    for i in range(n_out):
        x = max(0.0, s * (i + 0.5) - 0.5)
        j = min(floor(single(x)), n_in - 1)
        lam = min(max(x - j, 0.0), 1.0)  # the l of R-28
        u0 = 1.0 - lam
        u1 = 1.0 - abs(lam - 1.0)
        weights.append([(j, u0 + u1)] if j == n_in - 1 else [(j, u0), (j + 1, u1)])
    return weights, torch_bits(max(u for taps in weights for _, u in taps))


def four_tap_weight(x):
    """R-48: the phi of the four taps."""
    x = abs(x)
    if x < 1.0:
        return ((1.25 * x - 2.25) * x) * x + 1.0
    if x < 2.0:
        return ((-0.75 * x + 3.75) * x - 6.0) * x + 3.0
    return 0.0


@lru_cache(maxsize=256)
def four_tap_axis(n_in, n_out):
    """R-48: the weights of an axis, and their bits."""
    s = n_in / n_out
    m = 0.0
    weights = []
    for i in range(n_out):
        x = s * (i + 0.5) - 0.5
        j = min(floor(single(x)), n_in - 1)
        lam = min(max(x - j, 0.0), 1.0)  # the l of R-48
        sums = {}
        for t, d in ((j - 1, -1.0 - lam), (j, -lam), (j + 1, 1.0 - lam), (j + 2, 2.0 - lam)):
            sample = min(max(t, 0), n_in - 1)
            sums[sample] = sums.get(sample, 0.0) + four_tap_weight(d)
            m = max(m, sums[sample])
        weights.append(list(sums.items()))
    return weights, torch_bits(m)


def torch(planes, size, axis):
    """R-27: all channels."""
    return [two_passes(rows, size, axis, axis, False) for rows in planes]


@lru_cache(maxsize=256)
def nearest_axis(n_in, n_out):
    """R-49: the sample of each result."""
    s = single(n_in / n_out)
    return [min(floor(single(i * s)), n_in - 1) for i in range(n_out)]


def nearest(planes, size):
    """R-49: all channels."""
    h, w = len(planes[0]), len(planes[0][0])
    if max(h, w, *size) > 2**24:
        raise ValueError("a side is above 2^24 (R-49)")
    return [chosen(rows, nearest_axis(h, size[0]), nearest_axis(w, size[1])) for rows in planes]

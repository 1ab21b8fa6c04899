# SPDX-License-Identifier: MIT
"""OpenCV's bilinear, frozen (R-24 to R-26): from the planes of an image, which are lists of rows, to others."""

from functools import lru_cache
from math import floor

from spec.frozen_passes import rint, single


def opencv(planes, size, exact):
    """R-24: all channels."""
    if (len(planes[0]), len(planes[0][0])) == (2 * size[0], 2 * size[1]):
        upwards = len(planes) in ((1, 2, 3, 4) if exact else (1, 3, 4))
        return [halve(rows, upwards) for rows in planes]
    return [(opencv_exact if exact else opencv_linear)(rows, size) for rows in planes]


def halve(rows, upwards):
    """R-24: the mean of each 2 x 2 block; ties upwards or to even."""
    out = []
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        sums = [sum(block) for block in zip(upper[::2], upper[1::2], lower[::2], lower[1::2], strict=True)]
        out.append(bytes((s + 2) >> 2 if upwards else rint(s / 4) for s in sums))
    return out


def opencv_scale(n_in, n_out):
    """R-24: the scale s of an axis."""
    return 1.0 / (n_out / n_in)


def opencv_places(n_in, n_out):
    """R-24: the place x of each result."""
    s = opencv_scale(n_in, n_out)
    return [s * (i + 0.5) - 0.5 for i in range(n_out)]


@lru_cache(maxsize=256)
def linear_axis(n_in, n_out, horizontal):
    """R-25: for each result (sample, weight) twice."""
    weights = []
    for x in opencv_places(n_in, n_out):
        y = single(x)
        j = floor(y)
        f = single(y - j)
        if horizontal and (j < 0 or j >= n_in - 1):
            f = 0.0
        k0 = rint(single(single(1.0 - f) * 2048.0))
        k1 = rint(single(f * 2048.0))
        weights.append(((min(max(j, 0), n_in - 1), k0), (min(max(j + 1, 0), n_in - 1), k1)))
    return weights


def opencv_linear(rows, size):
    """R-25: one channel."""
    return two_taps(rows, linear_axis(len(rows), size[0], False), linear_axis(len(rows[0]), size[1], True))


def two_taps(rows, vertical, horizontal):
    """R-25, R-44: one channel, with the weights of both axes."""
    shifted = {}  # S >> 4 of the rows that are used
    out = []
    for (j0, v0), (j1, v1) in vertical:
        for j in (j0, j1):
            if j not in shifted:
                row = rows[j]
                shifted[j] = [(k0 * row[l0] + k1 * row[l1]) >> 4 for (l0, k0), (l1, k1) in horizontal]
        pairs = zip(shifted[j0], shifted[j1], strict=True)
        out.append(bytes((((v0 * s0) >> 16) + ((v1 * s1) >> 16) + 2) >> 2 for s0, s1 in pairs))
    return out


@lru_cache(maxsize=256)
def exact_axis(n_in, n_out):
    """R-26: for each result the list of (sample, weight)."""
    weights = []
    for x in opencv_places(n_in, n_out):
        j = floor(x)
        if j < 0 or n_in == 1:
            weights.append([(0, 256)])
        elif j >= n_in - 1:
            weights.append([(n_in - 1, 256)])
        else:
            k = rint((x - j) * 256.0)
            weights.append([(j, 256 - k), (j + 1, k)])
    return weights


def opencv_exact(rows, size):
    """R-26: one channel."""
    horizontal = exact_axis(len(rows[0]), size[1])
    sums = {}  # of the rows that are used, over the horizontal axis
    out = []
    for taps in exact_axis(len(rows), size[0]):
        for j, _ in taps:
            if j not in sums:
                sums[j] = [sum(k * rows[j][x] for x, k in across) for across in horizontal]
        totals = [sum(k * sums[j][x] for j, k in taps) for x in range(size[1])]
        out.append(bytes((n + 2**15) >> 16 for n in totals))
    return out

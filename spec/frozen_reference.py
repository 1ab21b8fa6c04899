# SPDX-License-Identifier: MIT
"""The frozen peers of SPEC.md (R-18 to R-28) as a program: slow, standard library only.

Python's floats are IEEE binary64, and each of its operations on them is rounded once, which is all that R-19 asks for.
"""

import struct
from functools import lru_cache
from math import ceil, floor
from sys import float_info

assert float_info.radix == 2 and float_info.mant_dig == 53

ANY = 2**31  # of channels: no limit of a method's own


def resize(method, samples, shape, size):
    """R-18: resizes an image by a frozen method.

    Args:
        method: a name of METHODS.
        samples: the samples of an image, in C order.
        shape: its (height, width, channels).
        size: (height, width) of the result.

    Returns:
        The samples of the result, bytes in C order.

    Raises:
        ValueError: the method does not exist, or refuses this image or size.
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}")
    numbers, function, options = METHODS[method]
    height, width, channels = shape
    if channels not in numbers:
        raise ValueError(f"{method} has no images of {channels} channels (R-18)")
    if not all(1 <= n < 2**31 for n in (height, width, *size)):
        raise ValueError("a side is not in 1 ... 2^31 - 1 (R-18)")
    assert len(samples) == height * width * channels
    if (height, width) == tuple(size):
        return bytes(samples)
    planes = [
        [samples[y * width * channels + ch : (y + 1) * width * channels : channels] for y in range(height)]
        for ch in range(channels)
    ]
    planes = function(planes, size, **options)
    return bytes(p for rows in zip(*planes, strict=True) for pixel in zip(*rows, strict=True) for p in pixel)


def single(x):
    """R-19: x rounded to binary32."""
    return struct.unpack("f", struct.pack("f", x))[0]


def trunc(x):
    """R-19: x rounded towards 0."""
    return int(x)


def rint(x):
    """R-19: x rounded to the nearest integer, ties to even."""
    return round(x)


def clip(a):
    """R-19."""
    return min(255, max(0, a))


def transpose(rows):
    """The columns of a plane."""
    return [bytes(column) for column in zip(*rows, strict=True)]


def vertical_pass(rows, weights, bits):
    """R-20, down the columns of one channel; weights[i] is a list of (sample, real weight)."""
    out = []
    for taps in weights:
        sums = [2**bits // 2] * len(rows[0])
        for j, u in taps:
            k = trunc(0.5 + u * 2**bits)
            sums = [total + k * p for total, p in zip(sums, rows[j], strict=True)]
        out.append(bytes(clip(total >> bits) for total in sums))
    return out


def two_passes(rows, size, vertical, horizontal, vertical_first):
    """R-20: the passes of one channel; vertical and horizontal are functions of n_in, n_out to (weights, bits)."""
    for upright in (vertical_first, not vertical_first):
        if upright and len(rows) != size[0]:
            rows = vertical_pass(rows, *vertical(len(rows), size[0]))
        if not upright and len(rows[0]) != size[1]:
            rows = transpose(vertical_pass(transpose(rows), *horizontal(len(rows[0]), size[1])))
    return rows


@lru_cache(maxsize=256)
def triangle(n_in, n_out):
    """R-21: for each result the list of (sample, weight)."""
    s = n_in / n_out
    f = max(s, 1.0)
    r = 1.0 / f
    weights = []
    for i in range(n_out):
        c = (i + 0.5) * s
        lo = max(0, trunc((c - f) + 0.5))
        hi = min(n_in, trunc((c + f) + 0.5))
        t = [max(0.0, 1.0 - abs(((j - c) + 0.5) * r)) for j in range(lo, hi)]
        total = 0.0
        for term in t:  # not sum(), which may compensate
            total += term
        weights.append([(lo + number, term / total) for number, term in enumerate(t)])
    return weights


def pillow_axis(n_in, n_out):
    """R-22: the weights of an axis, and their bits."""
    return triangle(n_in, n_out), 22


def pillow(planes, size, era):
    """R-22: all channels."""
    h, w = len(planes[0]), len(planes[0][0])
    for n_in, n_out in ((h, size[0]), (w, size[1])):
        if single(n_in) != n_in or 8 * n_out * (2 * ceil(max(n_in / n_out, 1.0)) + 1) >= 2**31:
            raise ValueError(f"Pillow cannot do {n_in} to {n_out} samples (R-22)")
    vertical_first = {
        "4": False,
        "12.2": h > 100 * w and size[0] < h,
        "13": h - size[0] > 0 and h - size[0] > 2 * (w - size[1]),
    }[era]
    return [two_passes(rows, size, pillow_axis, pillow_axis, vertical_first) for rows in planes]


def pillow_alpha(planes, size, era):
    """R-23: colours and, last, alpha."""
    *colours, alpha = planes
    colours = [combine(premultiplied, rows, alpha) for rows in colours]
    *colours, alpha = pillow([*colours, alpha], size, era)
    return [*(combine(divided, rows, alpha) for rows in colours), alpha]


def combine(function, rows, alpha):
    """A function of sample and alpha for each pixel."""
    return [bytes(map(function, row, alphas)) for row, alphas in zip(rows, alpha, strict=True)]


def premultiplied(p, a):
    """R-23: a sample before the passes."""
    t = p * a + 128
    return ((t >> 8) + t) >> 8


def divided(q, a):
    """R-23: a sample after them."""
    return 255 * q // a if a else 0


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


def opencv_places(n_in, n_out):
    """R-24: the place x of each result."""
    s = 1.0 / (n_out / n_in)
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
    horizontal = linear_axis(len(rows[0]), size[1], True)
    shifted = {}  # S >> 4 of the rows that are used
    out = []
    for (j0, v0), (j1, v1) in linear_axis(len(rows), size[0], False):
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


def torch_bits(weights):
    """R-27: the number of bits of an axis."""
    m = max(u for taps in weights for _, u in taps)
    for bits in range(22):
        if trunc(0.5 + m * 2 ** (bits + 1)) >= 2**15:
            return bits
    return 22


@lru_cache(maxsize=256)
def torch_antialias_axis(n_in, n_out):
    """R-27 with R-21: the weights of an axis, and their bits."""
    weights = triangle(n_in, n_out)
    return weights, torch_bits(weights)


@lru_cache(maxsize=256)
def torch_axis(n_in, n_out):
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
    return weights, torch_bits(weights)


def torch(planes, size, axis):
    """R-27: all channels."""
    return [two_passes(rows, size, axis, axis, False) for rows in planes]


# for each method its numbers of channels, and the function of planes and size with its options
METHODS = {
    **{f"pillow-{era}-bilinear": ((1, 3, 4), pillow, {"era": era}) for era in ("4", "12.2", "13")},
    **{f"pillow-{era}-bilinear-alpha": ((2, 4), pillow_alpha, {"era": era}) for era in ("4", "12.2", "13")},
    "opencv-3.4-linear": (range(1, 513), opencv, {"exact": False}),
    "opencv-3.4-linear-exact": (range(1, 513), opencv, {"exact": True}),
    "torch-2.0-bilinear-antialias": (range(1, ANY), torch, {"axis": torch_antialias_axis}),
    "torch-2.3-bilinear": (range(1, ANY), torch, {"axis": torch_axis}),
}

# SPDX-License-Identifier: MIT
"""What several frozen peers share: the numbers of R-19, the passes of R-20, the windows of R-21 and R-37.

Python's floats are IEEE binary64, and each of its operations on them is rounded once, which is all that R-19 asks for.
A product, sum or quotient of two binary32, rounded to binary64 and then to binary32, is that rounded once to binary32.
"""

import struct
from functools import lru_cache
from sys import float_info

from spec.trigonometry import cosine, sine

assert float_info.radix == 2 and float_info.mant_dig == 53

BINARY32 = struct.Struct("f")
PI = 3.141592653589793


def single(x):
    """R-19: x rounded to binary32."""
    return BINARY32.unpack(BINARY32.pack(x))[0]


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


def integer_weight(u, bits):
    """R-20: the k of a real weight."""
    return trunc((-0.5 if u < 0.0 else 0.5) + u * 2**bits)


def vertical_pass(rows, weights, bits):
    """R-20, down the columns of one channel; weights[i] is a list of (sample, real weight)."""
    out = []
    for taps in weights:
        sums = [2**bits // 2] * len(rows[0])
        for j, u in taps:
            k = integer_weight(u, bits)
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


def triangle(x):
    """R-21."""
    return max(0.0, 1.0 - abs(x))


def box(x):
    """R-37."""
    return 1.0 if -0.5 < x <= 0.5 else 0.0


def hamming(x):
    """R-37."""
    x = abs(x)
    if x == 0.0:
        return 1.0
    if x >= 1.0:
        return 0.0
    y = x * PI
    return (sine(y) / y) * (single(0.54) + single(0.46) * cosine(y))


def bicubic(x):
    """R-37."""
    x = abs(x)
    if x < 1.0:
        return ((1.5 * x - 2.5) * x) * x + 1.0
    if x < 2.0:
        return (((x - 5.0) * x + 8.0) * x - 4.0) * -0.5
    return 0.0


def lanczos(x):
    """R-37."""
    return sinc(x) * sinc(x / 3.0) if -3.0 <= x < 3.0 else 0.0


def sinc(x):
    """R-37: the sigma of lanczos."""
    if x == 0.0:
        return 1.0
    y = x * PI
    return sine(y) / y


# the support S of each filter
SUPPORT = {triangle: 1.0, box: 0.5, hamming: 1.0, bicubic: 2.0, lanczos: 3.0}


@lru_cache(maxsize=1024)
def windows(n_in, n_out, phi):
    """R-21, R-37: for each result the list of (sample, weight)."""
    s = n_in / n_out
    f = max(s, 1.0)
    w = SUPPORT[phi] * f
    r = 1.0 / f
    weights = []
    for i in range(n_out):
        c = (i + 0.5) * s
        lo = max(0, trunc((c - w) + 0.5))
        hi = min(n_in, trunc((c + w) + 0.5))
        t = [phi(((j - c) + 0.5) * r) for j in range(lo, hi)]
        total = 0.0
        for term in t:  # not sum(), which may compensate
            total += term
        weights.append([(lo + number, term / total) for number, term in enumerate(t)])
    return weights


def chosen(rows, ys, xs):
    """A sample of one channel for each result: those of the rows ys and the columns xs (R-40, R-41, R-49)."""
    return [bytes(rows[y][x] for x in xs) for y in ys]

# SPDX-License-Identifier: MIT
"""OpenCV's other filters, frozen (R-41 to R-47): from the planes of an image, which are lists of rows, to others."""

from functools import lru_cache
from math import ceil, floor

from spec.frozen_opencv import opencv_places, opencv_scale, two_taps
from spec.frozen_passes import PI, chosen, clip, rint, single
from spec.trigonometry import cosine, sine


def nearest_axis(n_in, n_out):
    """R-41: the sample of each result."""
    s = opencv_scale(n_in, n_out)
    return [min(floor(i * s), n_in - 1) for i in range(n_out)]


def nearest(planes, size):
    """R-41: all channels."""
    ys, xs = nearest_axis(len(planes[0]), size[0]), nearest_axis(len(planes[0][0]), size[1])
    return [chosen(rows, ys, xs) for rows in planes]


def area(planes, size):
    """R-42 to R-44: all channels."""
    h, w = len(planes[0]), len(planes[0][0])
    sy, sx = opencv_scale(h, size[0]), opencv_scale(w, size[1])
    if sy < 1.0 or sx < 1.0:
        return [two_taps(rows, growing_axis(h, size[0]), growing_axis(w, size[1])) for rows in planes]
    if sy == rint(sy) and sx == rint(sx):
        return [blocks(rows, rint(sy), rint(sx), len(planes) in (1, 3, 4)) for rows in planes]
    if len(planes) > 4:
        raise ValueError("OpenCV has no such area of more than 4 channels (R-43)")
    return [fractions(rows, fraction_axis(h, size[0]), fraction_axis(w, size[1])) for rows in planes]


def blocks(rows, by, bx, upwards):
    """R-42: the mean of each block of one channel; of four samples, ties upwards or to even."""
    if 255 * by * bx >= 2**31:
        raise ValueError("a block is too large (R-42)")
    part = single(1.0 / (by * bx))
    out = []
    for y in range(0, len(rows), by):
        columns = [sum(column) for column in zip(*rows[y : y + by], strict=True)]
        sums = [sum(columns[x : x + bx]) for x in range(0, len(columns), bx)]
        if (by, bx) == (2, 2) and upwards:
            out.append(bytes((s + 2) >> 2 for s in sums))
        else:
            out.append(bytes(clip(rint(single(single(s) * part))) for s in sums))
    return out


@lru_cache(maxsize=256)
def fraction_axis(n_in, n_out):
    """R-43: for each result the list of (sample, weight), in order."""
    s = opencv_scale(n_in, n_out)
    weights = []
    for i in range(n_out):
        a = i * s
        e = a + s
        d = min(s, n_in - a)
        hi = min(floor(e), n_in - 1)
        lo = min(ceil(a), hi)
        taps = []
        if lo - a > 0.001:
            taps.append((lo - 1, single((lo - a) / d)))
        taps += [(j, single(1.0 / d)) for j in range(lo, hi)]
        if e - hi > 0.001:
            taps.append((hi, single(min(min(e - hi, 1.0), d) / d)))
        weights.append(taps)
    return weights


def fractions(rows, vertical, horizontal):
    """R-43: one channel."""
    sums = {}  # B of the rows that are used
    out = []
    for taps in vertical:
        totals = [0.0] * len(horizontal)
        for j, beta in taps:
            if j not in sums:
                sums[j] = [running_sum(rows[j], across) for across in horizontal]
            totals = [single(v + single(beta * b)) for v, b in zip(totals, sums[j], strict=True)]
        out.append(bytes(clip(rint(v)) for v in totals))
    return out


def running_sum(row, taps):
    """R-43: the B of one result."""
    b = 0.0
    for j, alpha in taps:
        b = single(b + single(row[j] * alpha))
    return b


@lru_cache(maxsize=256)
def growing_axis(n_in, n_out):
    """R-44: for each result (sample, weight) twice."""
    s = opencv_scale(n_in, n_out)
    weights = []
    for i in range(n_out):
        j = floor(i * s)
        f = single((i + 1) - (j + 1) * (n_out / n_in))
        f = 0.0 if f <= 0.0 else f - floor(f)
        k0 = rint(single(single(1.0 - f) * 2048.0))
        k1 = rint(single(f * 2048.0))
        weights.append(((min(j, n_in - 1), k0), (min(j + 1, n_in - 1), k1)))
    return weights


def cubic_weights(f):
    """R-45: the four of a place, in binary32."""
    y = single(f + 1.0)
    g = single(1.0 - f)
    c0 = single(single(-0.75 * y) + 3.75)
    c0 = single(single(c0 * y) - 6.0)
    c0 = single(single(c0 * y) + 3.0)
    c1, c2 = cubic_centre(f), cubic_centre(g)
    c3 = single(single(single(1.0 - c0) - c1) - c2)
    return [c0, c1, c2, c3]


def cubic_centre(f):
    """R-45: c1 of f, and c2 of g."""
    c = single(single(1.25 * f) - 2.25)
    return single(single(single(c * f) * f) + 1.0)


H = 0.7071067811865476
LANCZOS4 = [(1, 0), (-H, -H), (0, 1), (H, -H), (-1, 0), (H, H), (0, -1), (-H, H)]  # A and B


def lanczos4_weights(f):
    """R-45: the eight of a place, in binary32 where it is said, else in binary64."""
    f3 = single(f + 3.0)
    y0 = -f3 * PI * 0.25
    kappas = []
    total = 0.0
    for t, (a, b) in enumerate(LANCZOS4):
        q = single(f3 - t)
        if abs(q) < single(1e-6):
            kappa = single(1e30)
        else:
            y = -q * PI * 0.25
            kappa = single((a * sine(y0) + b * cosine(y0)) / (y * y))
        kappas.append(kappa)
        total = single(total + kappa)
    part = single(1.0 / total)
    return [single(kappa * part) for kappa in kappas]


@lru_cache(maxsize=256)
def window_axis(n_in, n_out, function):
    """R-45: for each result the list of (sample, weight), of which a sample may have several."""
    weights = []
    for x in opencv_places(n_in, n_out):
        y = single(x)
        j = floor(y)
        kappas = function(single(y - j))
        first = j - (len(kappas) // 2 - 1)
        taps = [(min(max(first + t, 0), n_in - 1), rint(single(k * 2048.0))) for t, k in enumerate(kappas)]
        weights.append(taps)
    return weights


def window(planes, size, function):
    """R-45 to R-47: all channels."""
    channels = len(planes)
    vertical = window_axis(len(planes[0]), size[0], function)
    horizontal = window_axis(len(planes[0][0]), size[1], function)
    by_binary32 = 8 * (size[1] * channels // 8) if function is cubic_weights else 0  # of the samples of a row
    out = []
    for ch, rows in enumerate(planes):
        sums = {}  # S of the rows that are used
        plane = []
        for taps in vertical:
            for j, _ in taps:
                if j not in sums:
                    sums[j] = [sum(k * rows[j][x] for x, k in across) for across in horizontal]
            columns = zip(*(sums[j] for j, _ in taps), strict=True)
            plane.append(
                bytes(
                    (binary32_value if k * channels + ch < by_binary32 else integer_value)([v for _, v in taps], column)
                    for k, column in enumerate(columns)
                )
            )
        out.append(plane)
    return out


def integer_value(weights, sums):
    """R-47: a result of the horizontal sums and the vertical weights."""
    return clip((sum(v * s for v, s in zip(weights, sums, strict=True)) + 2**21) >> 22)


def binary32_value(weights, sums):
    """R-46: the same in binary32."""
    t0, t1, t2, t3 = (single(v * 2.0**-22 * s) for v, s in zip(weights, sums, strict=True))
    return clip(rint(single(t0 + single(t1 + single(t2 + t3)))))

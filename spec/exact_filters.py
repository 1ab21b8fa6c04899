# SPDX-License-Identifier: MIT
"""The weights of the exact methods other than bilinear (R-32 to R-35): for each result of an axis, (sample, weight)."""

from math import gcd


def reduced(n_in, n_out):
    """R-2: the w and v of an axis."""
    g = gcd(n_in, n_out)
    return n_in // g, n_out // g


def nearest_axis(n_in, n_out):
    """R-32."""
    w, v = reduced(n_in, n_out)
    return [[((2 * i + 1) * w // (2 * v), 1)] for i in range(n_out)]


def area_axis(n_in, n_out):
    """R-33."""
    w, v = reduced(n_in, n_out)
    return [
        [
            (j, weight)
            for j in range(i * w // v, min(n_in, (i + 1) * w // v + 1))  # those that can have one
            if (weight := min((i + 1) * w, (j + 1) * v) - max(i * w, j * v)) > 0
        ]
        for i in range(n_out)
    ]


def bicubic_axis(n_in, n_out):
    """R-34."""
    w, v = reduced(n_in, n_out)
    m = 2 * max(w, v)
    weights = []
    for i in range(n_out):
        place = (2 * i + 1) * w
        taps = []
        for j in range(
            max(0, (place - 2 * m) // (2 * v)), min(n_in, (place + 2 * m) // (2 * v) + 1)
        ):  # that can have one
            d = abs((2 * j + 1) * v - place)
            if d < m:
                taps.append((j, 3 * d**3 - 5 * d**2 * m + 2 * m**3))
            elif d < 2 * m:
                taps.append((j, -(d**3) + 5 * d**2 * m - 8 * d * m**2 + 4 * m**3))
        weights.append(taps)
    return weights


def four_tap_axis(n_in, n_out):
    """R-35: a sample may have several weights, which are added."""
    w, v = reduced(n_in, n_out)
    m = 2 * v
    weights = []
    for i in range(n_out):
        j, f = divmod((2 * i + 1) * w - v, m)
        taps = []
        for t, d in ((j - 1, m + f), (j, f), (j + 1, m - f), (j + 2, 2 * m - f)):
            if d < m:
                weight = 5 * d**3 - 9 * d**2 * m + 4 * m**3
            else:
                weight = -3 * d**3 + 15 * d**2 * m - 24 * d * m**2 + 12 * m**3
            taps.append((min(max(t, 0), n_in - 1), weight))
        weights.append(taps)
    return weights

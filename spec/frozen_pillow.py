# SPDX-License-Identifier: MIT
"""Pillow, frozen (R-22, R-23, R-39, R-40): from the planes of an image, which are lists of rows, to others."""

from functools import lru_cache
from math import ceil

from spec.frozen_passes import SUPPORT, chosen, single, trunc, two_passes, windows


def pillow(planes, size, phi, era):
    """R-22, R-39: all channels."""
    h, w = len(planes[0]), len(planes[0][0])
    for n_in, n_out in ((h, size[0]), (w, size[1])):
        reach = ceil(SUPPORT[phi] * max(n_in / n_out, 1.0))
        if single(n_in) != n_in or 8 * n_out * (2 * reach + 1) >= 2**31:
            raise ValueError(f"Pillow cannot do {n_in} to {n_out} samples (R-22)")
    vertical_first = {
        "4": False,
        "12.2": h > 100 * w and size[0] < h,
        "13": h - size[0] > 0 and h - size[0] > 2 * (w - size[1]),
    }[era]

    def axis(n_in, n_out):
        return windows(n_in, n_out, phi), 22

    return [two_passes(rows, size, axis, axis, vertical_first) for rows in planes]


def pillow_alpha(planes, size, phi, era):
    """R-23, R-39: all channels."""
    *colours, alpha = planes
    colours = [combine(premultiplied, rows, alpha) for rows in colours]
    *colours, alpha = pillow([*colours, alpha], size, phi, era)
    return [*(combine(divided, rows, alpha) for rows in colours), alpha]


def combine(function, rows, alpha):
    """A function of sample and alpha for each pixel."""
    return [bytes(map(function, row, alphas)) for row, alphas in zip(rows, alpha, strict=True)]


def premultiplied(p, a):
    """R-23: a sample before the passes."""
    t = p * a + 128
    return ((t >> 8) + t) >> 8


def divided(q, a):
    """R-23, R-39: a sample after them; with the triangle of R-22 no q is above its a."""
    return min(255, 255 * q // a) if a else q


@lru_cache(maxsize=256)
def nearest_axis(n_in, n_out):
    """R-40: the sample of each result."""
    s = n_in / n_out
    x = s * 0.5
    samples = []
    for _ in range(n_out):
        samples.append(trunc(x))
        x += s
    return samples


def nearest(planes, size):
    """R-40: all channels."""
    h, w = len(planes[0]), len(planes[0][0])
    if max(h, w, *size) > 2**24:
        raise ValueError("a side is above 2^24 (R-40)")
    return [chosen(rows, nearest_axis(h, size[0]), nearest_axis(w, size[1])) for rows in planes]

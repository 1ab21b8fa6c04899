# SPDX-License-Identifier: MIT
"""Which known functions turn one array into another."""

from isopixel._explain.operation import Explained, Explanation, Operation

__all__ = ["Explained", "Explanation", "Operation", "explain"]


def explain(before: object, after: object) -> Explained:
    """Names the known functions that turn one array into another, bit for bit.

    It knows the methods of `isopixel.methods()`, with crops, borders, turns, orders of channels, grays, rules of alpha,
    casts, scales and normalisations around them, as libraries compute them, and their chains. A crop before a resize
    may be anywhere, of at least 15 % of the height and of the width; one behind it is from the middle. It also knows
    resizes of the shorter side, and those to what lies within a size; JPEG round trips of the installed Pillow; images
    of bytes; and, of torch, OpenCV and Pillow if they are imported, what they resize in floats or otherwise. A name is
    told if the chain was computed and is the array in all its bits: a function without a name has none. Of grays that
    code writes out as a product of matrices (sum=product, sum=products) that is the product by the BLAS of the machine
    that explains, which may be another function elsewhere; before other functions, of those that agree one is told.

    The time grows with the number of pixels, of images of any size: about 0.2 s for 375 × 500, and 1 s for 1080 × 1920;
    twice that if nothing else is found, so that crops from anywhere and grays before other functions are looked for.

    Args:
        before: an image of numbers, (H, W), (H, W, C), (C, H, W), or one or several of these as a batch: an array, a
            PIL image, or a tensor of torch on the CPU. Or bytes, or a one-dimensional array of uint8, for the image of
            which `after` is looked for.
        after: what became of it, the same.

    Returns:
        All explanations that are exact, the simplest first; or, if there is none, the nearest ones; and a note, if
        what there is decides less than it seems.

    Raises:
        TypeError: what is no such array, or of numbers that are not real.
        ValueError: an empty array, or one of another rank.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
        >>> resized = isopixel.resize(image[..., ::-1], (20, 30), method="torch-2.3-bilinear")
        >>> print(isopixel.explain(image, resized / 255)[0])
        channels reversed | resize torch-2.3-bilinear size=20,30 | scale divided-by-255 arithmetic=float64
    """
    from isopixel._explain.search import search  # what it needs is not loaded with the package

    return search(before, after)

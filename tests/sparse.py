# SPDX-License-Identifier: MIT
"""Sparse files, and their exact images: sums over the few bytes that are not 0, with nothing of isopixel in them."""

import numpy as np


def make(path, length, blocks):
    """Writes a file of zeros with 255 in blocks of (offset, number of bytes)."""
    with path.open("wb") as file:
        file.truncate(length)
        for offset, n in blocks:
            file.seek(offset)
            while n > 0:
                n -= file.write(b"\xff" * min(n, 1 << 20))


def axis_weights(n_in, n_out, i):
    """The first sample with weight in result i with antialias, and the weights from there on (SPEC R-2, R-3)."""
    g = int(np.gcd(n_in, n_out))
    w, v = n_in // g, n_out // g
    radius = 2 * max(w, v)
    centre = (2 * i + 1) * w
    first = max(0, (centre - radius) // (2 * v))
    j = np.arange(first, min(n_in, (centre + radius) // (2 * v) + 2), dtype=np.int64)
    return first, np.maximum(0, radius - abs((2 * j + 1) * v - centre))


def image(length, width, size, blocks):
    """The image of such a file in rows of `width` bytes, resized with antialias (R-4)."""
    rows = -(-length // width)
    horizontal = [axis_weights(width, size[1], k) for k in range(size[1])]
    sums_x = [int(weights.sum()) for _, weights in horizontal]

    def part_of_row(k, begin, end):
        """Σ of the weights of result k in columns begin to end."""
        first, weights = horizontal[k]
        return int(weights[max(0, begin - first) : max(0, end - first)].sum())

    out = np.zeros(size, np.uint8)
    for i in range(size[0]):
        first, weights = axis_weights(rows, size[0], i)
        running = np.concatenate([[0], np.cumsum(weights)])
        sum_y = int(running[-1])
        numerators = [0] * size[1]

        def rows_from(begin, end, first=first, running=running):
            """Σ of the weights of result i in rows begin to end."""
            at = np.clip([begin - first, end - first], 0, len(running) - 1)
            return int(running[at[1]] - running[at[0]])

        for offset, n in blocks:
            begin, end = offset, offset + n
            while begin < end:  # the part of a row at both ends, and whole rows between
                row, column = divmod(begin, width)
                whole = (end - begin) // width if column == 0 else 0
                stop = begin + whole * width if whole else min(end, (row + 1) * width)
                weight = 255 * rows_from(row, row + max(whole, 1))
                for k in range(size[1]) if weight else ():
                    numerators[k] += weight * (sums_x[k] if whole else part_of_row(k, column, column + stop - begin))
                begin = stop
        for k, numerator in enumerate(numerators):
            d = sum_y * sums_x[k]
            out[i, k] = (2 * numerator + d) // (2 * d)
    return out

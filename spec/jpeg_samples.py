# SPDX-License-Identifier: MIT
"""What jpeg.py makes of coefficients: samples and colours (SPEC.md, R-58 to R-60)."""

from itertools import chain


class RefusedError(ValueError):
    """A file that the rules do not describe."""


def require(holds, what):
    """Refuses the file unless something holds."""
    if not holds:
        raise RefusedError(what)


def inverse_pass(i, shift):
    """R-58: a pass over eight numbers."""
    a = (i[2] + i[6]) * 4433
    e2, e3 = a - 15137 * i[6], a + 6270 * i[2]
    e0, e1 = (i[0] + i[4]) * 8192, (i[0] - i[4]) * 8192
    even = e0 + e3, e1 + e2, e1 - e2, e0 - e3
    b = (i[1] + i[3] + i[5] + i[7]) * 9633
    p, q = -7373 * (i[1] + i[7]), -20995 * (i[3] + i[5])
    r, t = b - 16069 * (i[3] + i[7]), b - 3196 * (i[1] + i[5])
    odd = 12299 * i[1] + p + t, 25172 * i[3] + q + r, 16819 * i[5] + q + t, 2446 * i[7] + p + r
    half = 2 ** (shift - 1)
    head = [(e + o + half) >> shift for e, o in zip(even, odd, strict=True)]
    tail = [(e - o + half) >> shift for e, o in zip(even, odd, strict=True)]
    return head + tail[::-1]


def inverse_dct(block, quantisation):
    """R-58: the eight rows of samples of a block."""
    c = [k * q for k, q in zip(block, quantisation, strict=True)]
    columns = [inverse_pass(c[u::8], 11) for u in range(8)]
    rows = [inverse_pass([column[y] for column in columns], 18) for y in range(8)]
    require(all(-512 <= o <= 511 for row in rows for o in row), "a block is out of range")
    return [[clip(o + 128) for o in row] for row in rows]


def clip(a):
    """The nearest of 0 … 255."""
    return min(255, max(0, a))


def samples_of(c):
    """R-58, R-59: the rows of samples of a component."""
    rows = []
    for y in range(c.blocks_y):
        blocks = [inverse_dct(c.blocks[y, x], c.quantisation) for x in range(c.blocks_x)]
        rows += [list(chain.from_iterable(block[i] for block in blocks))[: c.columns] for i in range(8)]
    return rows[: c.rows]


def upsampled(rows, fx, fy):
    """R-59: the rows of samples of a component, with fx times the columns and fy times the rows."""
    wide = len(rows[0]) > 2
    smooth_columns = fx == 2 and fy <= 2 and wide
    if fy == 2 and (fx == 1 or smooth_columns):
        taller = []
        for j, row in enumerate(rows):
            for other, half in ((rows[max(j - 1, 0)], 1), (rows[min(j + 1, len(rows) - 1)], 2)):
                sums = [3 * s + o for s, o in zip(row, other, strict=True)]
                taller.append([(s + half) >> 2 for s in sums] if fx == 1 else sums)
        rows = taller
    else:
        rows = [row for row in rows for _ in range(fy)]
    if smooth_columns:
        return [wider(row, fy) for row in rows]
    return [[s for s in row for _ in range(fx)] for row in rows]


def wider(t, fy):
    """R-59: a row of numbers with twice the columns."""
    left, right, shift = (1, 2, 2) if fy == 1 else (8, 7, 4)
    even = [(3 * a + b + left) >> shift for a, b in zip(t, [t[0], *t[:-1]], strict=True)]
    odd = [(3 * a + b + right) >> shift for a, b in zip(t, [*t[1:], t[-1]], strict=True)]
    return list(chain.from_iterable(zip(even, odd, strict=True)))


def colour(y, cb, cr):
    """R-60: red, green and blue."""
    b, r = cb - 128, cr - 128
    return (
        clip(y + ((91881 * r + 2**15) >> 16)),
        clip(y + ((-22554 * b - 46802 * r + 2**15) >> 16)),
        clip(y + ((116130 * b + 2**15) >> 16)),
    )

# SPDX-License-Identifier: MIT
"""Sine and cosine, correctly rounded (R-38): Taylor's series in integers, standard library only."""

from functools import lru_cache

BITS = 320
ONE = 2**BITS  # the unit of the integers
ERROR = 2**40  # bounds that of a sum: 200 terms cut off, each error multiplied by at most 16^16 / 16! < 2^20 on its way


@lru_cache(maxsize=2**16)
def sine(y):
    """R-38, of a binary64 that is not 0."""
    return rounded(series(y, 1)) if y > 0 else -rounded(series(-y, 1))


@lru_cache(maxsize=2**16)
def cosine(y):
    """R-38, of a binary64 that is not 0."""
    return rounded(series(abs(y), 0))


def series(y, k):
    """The sum of the terms y^k / k!, - y^(k+2) / (k+2)!, ... in units."""
    assert 0 < y <= 16
    numerator, denominator = y.as_integer_ratio()
    y = numerator * ONE // denominator
    square = y * y
    term = y if k else ONE
    total, sign = 0, 1
    while term:
        total += sign * term
        sign = -sign
        k += 2
        term = (term * square >> 2 * BITS) // ((k - 1) * k)
    return total


def rounded(total):
    """The binary64 nearest to a number of units, which is further from a tie than its error."""
    value = total / ONE  # of integers: rounded once, to nearest
    assert (total - ERROR) / ONE == value == (total + ERROR) / ONE
    return value

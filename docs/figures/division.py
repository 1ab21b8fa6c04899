# SPDX-License-Identifier: MIT
"""R-4's division: the float guess of the block engine, near a multiple of the divisor."""

import numpy as np
from spec.reference import weight_sums

from figures.svg import Drawing

SHARE = 1 - 2.0**-21  # block_resizer.cpp: so much of 1/sum is a reciprocal


def guesses(numerators, sum_y, sum_x):
    """What the kernels guess, in float32 as they do, with sums of 32 bits (where the shift is 1)."""
    reciprocal = np.float32(np.float32(SHARE * 2 / sum_y) * np.float32(SHARE / sum_x))
    return np.floor((numerators >> 1).astype(np.float32) * reciprocal).astype(np.int64)


def draw():
    """Numerators around the 200-fold of a divisor of 1080 × 1920 to 224 × 224."""
    sum_y, sum_x = max(weight_sums(1080, 224, True)), max(weight_sums(1920, 224, True))
    d, quotient, span = sum_y * sum_x, 200, 330
    n = np.arange(quotient * d - 70, quotient * d + span)
    exact, guess = n // d, guesses(n, sum_y, sum_x)
    assert set(exact - guess) == {0, 1} and exact[0] == guess[0] and exact[-1] == guess[-1]
    drawing = Drawing(520, 190, "The guessed and the exact quotient near a multiple of the divisor")
    left, width = 10, 500

    def x(numerator):
        return left + (numerator - n[0]) / (n[-1] - n[0]) * width

    def steps(values, low, high):
        points = []
        for i, value in enumerate(values):
            y = low if value < quotient else high
            points += [(float(x(n[i])), y), (float(x(n[i]) + width / len(n)), y)]
        return points

    wrong = n[guess < exact]
    drawing.rect(float(x(wrong[0])), 30, float(x(wrong[-1]) - x(wrong[0])), 105, "c6 faint")
    drawing.path(steps(exact, 120, 50), "c1 line")
    drawing.path(steps(guess, 126, 56), "c2 line")
    drawing.text(left, 112, quotient - 1, "start")
    drawing.text(left + width, 42, quotient, "end")
    middle = float(x(wrong[0]) + x(wrong[-1])) / 2
    drawing.text(middle, 88, "one too small:")
    drawing.text(middle, 104, "the rest is ≥ D, add 1")
    drawing.line(left, 135, left + width, 135)
    drawing.text(float(x(quotient * d)), 152, f"{quotient}·D", kind="small")
    drawing.text(float(x(wrong[-1])), 152, f"{quotient}·D + {wrong[-1] - quotient * d}", kind="small")
    drawing.text(left + width / 2, 172, f"numerator; D = {sum_y}·{sum_x} = {d:,}")
    drawing.line(10, 20, 40, 20, "c1 line")
    drawing.text(46, 24, "⌊n / D⌋", "start")
    drawing.line(130, 20, 160, 20, "c2 line")
    drawing.text(166, 24, "the guess, in float32", "start")
    return drawing

# SPDX-License-Identifier: MIT
"""The vertical triangle: rows folded in blocks, so that sums of 16 bits hold."""

import re
from pathlib import Path

from figures.svg import Drawing

KERNELS = Path(__file__).parents[2] / "src" / "kernels" / "kernels.h"
ROWS = int(re.search(r"kBlockRows = (\d+);", KERNELS.read_text(encoding="utf-8"))[1])
INT16_MAX = 2**15 - 1


def draw():
    """The largest moments of 1, 2, … rows of 255, against the largest signed number of 16 bits."""
    left, top, width, height, shown = 10, 30, 500, 170, ROWS + 3
    drawing = Drawing(520, 270, "The largest sums of the rows of a block, in 16 bits")
    scale, bar = height / 45000, width / shown

    def y(value):
        return top + height - value * scale

    for n in range(1, shown + 1):
        x = left + (n - 1) * bar
        plain, moment = 255 * n, 255 * n * (n - 1) // 2
        fits = moment <= INT16_MAX
        assert fits == (n <= ROWS)
        drawing.rect(x + 3, y(moment), bar - 6, moment * scale, f"{'c2' if fits else 'c6'} fill")
        drawing.rect(x + 3, y(plain), (bar - 6) / 3, plain * scale, "c1 fill")
        drawing.text(x + bar / 2, top + height + 15, n, kind="small")
        if n in (ROWS, ROWS + 1):
            drawing.text(x + bar / 2, y(moment) - 5, f"{moment:,}", "end" if fits else "middle", "small")
    drawing.line(left, y(INT16_MAX), left + width, y(INT16_MAX), "dashed")
    drawing.text(left + 4, y(INT16_MAX) - 6, f"2¹⁵ − 1 = {INT16_MAX:,}", "start")
    drawing.line(left, top + height, left + width, top + height)
    drawing.text(left + width / 2, top + height + 34, f"rows of a block; the kernels take at most {ROWS}")
    drawing.rect(left + 60, top + height + 48, 14, 14, "c1 fill")
    drawing.text(left + 80, top + height + 60, "Σ p, at most", "start")
    drawing.rect(left + 230, top + height + 48, 14, 14, "c2 fill")
    drawing.text(left + 250, top + height + 60, "Σ t·p, at most", "start")
    return drawing

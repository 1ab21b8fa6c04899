# SPDX-License-Identifier: MIT
"""Which engine and which accumulator the core chooses, by the sizes.

With the scalar set, which every machine has: the choice depends on the set, and the drawing must not depend on the CPU.
"""

from itertools import groupby

import isopixel
from figures.svg import Drawing
from isopixel._core import _testing

ISA = "scalar"

KINDS = {  # (engine, bits): the class of its colour, its name
    ("copy", 32): ("c0", "copy"),
    ("taps", 32): ("c1", "taps, 16 bits"),
    ("blocks", 32): ("c2", "blocks, 32 bits"),
    ("blocks", 64): ("c3", "blocks, 64 bits"),
    ("sums", 32): ("c4", "sums, 32 bits"),
    ("sums", 64): ("c5", "sums, 64 bits"),
    ("sums", 128): ("c6", "sums, 128 bits"),
}
CELL = 8


def sizes(first, last):
    """Sizes from one power of two to another, half an octave apart."""
    return [round(2 ** (k / 2)) for k in range(2 * first, 2 * last + 1)]


def chosen(shapes):
    """The class of the colour of what is chosen for each of some shapes."""
    isa = isopixel.get_isa()
    isopixel.set_isa(ISA)
    try:
        plans = [_testing.plan(*shape, "bilinear") for shape in shapes]
    finally:
        isopixel.set_isa(isa)
    return [KINDS[engines[0], bits][0] for engines, bits in plans]


def draw_map(drawing, left, top, sides, shapes, axes):
    """A cell for each column and row of sides, by what shapes(row, column) gives."""
    height = len(sides) * CELL
    for y, row in enumerate(sides):
        kinds = chosen([shapes(row, column) for column in sides])
        x = 0
        for kind, run in groupby(kinds):
            n = len(list(run))
            drawing.rect(left + x * CELL, top + height - (y + 1) * CELL, n * CELL, CELL, f"{kind} fill")
            x += n
    for k in range(1, len(sides), 8):
        drawing.text(left + (k + 0.5) * CELL, top + height + 14, short(sides[k]), kind="small")
        drawing.text(left - 5, top + height - (k + 0.1) * CELL, short(sides[k]), "end", "small")
    drawing.text(left + len(sides) * CELL / 2, top + height + 32, axes[0])
    drawing.text(left - 30, top - 8, axes[1], "start")


def short(n):
    """A size that fits an axis: 64k for 65536."""
    return f"{n >> 20}M" if n >> 20 else f"{n >> 10}k" if n >> 13 else str(n)


def draw_gray():
    """Gray images to 224 × 224, by height and width; and what the colours mean."""
    sides = sizes(3, 20)
    bottom = 26 + len(sides) * CELL
    drawing = Drawing(330, bottom + 136, "Which engine resizes a gray image to 224 × 224, by its height and width")
    axes = "width of a gray image", "its height; it becomes 224 × 224"
    draw_map(drawing, 32, 26, sides, lambda h, w: ((h, w), (224, 224), 1), axes)
    for k, (kind, name) in enumerate(KINDS.values()):
        x, y = 32 + k % 2 * 150, bottom + 46 + k // 2 * 22
        drawing.rect(x, y, 14, 14, f"{kind} fill")
        drawing.text(x + 20, y + 12, name, "start")
    return drawing


def draw_square():
    """Square images of three channels, by the sides of source and result."""
    sides = sizes(3, 20)
    drawing = Drawing(330, 26 + len(sides) * CELL + 46, "Which engine resizes a square RGB image, by both sides")
    axes = "side of a square RGB image", "side of the result"
    draw_map(drawing, 32, 26, sides, lambda o, i: ((i, i), (o, o), 3), axes)
    return drawing

# SPDX-License-Identifier: MIT
"""What make_vectors.py computes by the methods of R-32 to R-49: shapes and sizes that reach each branch of their rules.

Vectors are published, so a case is never changed; more are added behind the last ones.
"""

from spec.frozen_cases import ORDER

# (height, width) -> (height, width)
COMMON = [
    ((5, 7), (13, 9)), ((13, 11), (3, 4)), ((4, 9), (7, 3)), ((1, 1), (3, 5)), ((1, 6), (4, 3)), ((6, 1), (3, 4)),
    ((7, 9), (1, 1)), ((6, 9), (6, 4)), ((9, 6), (4, 6)), ((5, 4), (5, 4)), ((1, 3), (1, 17)), ((2, 2), (9, 9)),
    ((8, 6), (4, 3)), ((40, 30), (31, 37)), ((1, 3000), (1, 7)), ((700, 2), (4, 3)),
]  # fmt: skip
# what the eras of Pillow have beside the first
LATER = [ORDER[1], ORDER[4], ORDER[6], ((5, 7), (13, 9)), ((31, 17), (12, 16))]
ALPHA = [((5, 7), (11, 4)), ((9, 4), (8, 12)), ((13, 11), (3, 4)), ((2, 2), (9, 9)), ((31, 33), (8, 30))]
EXACT = [
    *COMMON, ((2, 2), (1, 1)), ((4, 4), (8, 8)), ((9, 6), (3, 2)), ((64, 48), (3, 5)), ((3, 40), (3, 2)),
    ((33, 31), (1, 1)), ((16, 16), (4, 4)), ((1, 33), (1, 99)), ((50, 38), (22, 22)), ((1, 4096), (1, 2)),
    ((97, 3001), (13, 37)), ((6001, 1), (337, 1)), ((20, 20), (27, 33)), ((128, 3), (65, 2)),
]  # fmt: skip
# the places at which the sums of each nearest in floating point fall to the other side
SUMS = {
    "pillow-4-nearest": [((2, 1), (7, 1)), ((1, 2), (1, 49)), ((53, 2), (59, 45))],
    "opencv-3.4-nearest": [((2, 9), (98, 51)), ((6, 14), (34, 18)), ((1, 10), (1, 74))],
    "torch-2.0-nearest": [((2, 6), (82, 74)), ((1, 14), (1, 46)), ((4, 2), (94, 98))],
}
OPENCV = [
    ((1, 33), (1, 99)), ((33, 1), (99, 1)), ((1, 4), (1, 1024)), ((1, 50_003), (1, 224)), ((3, 2), (147, 98)),
    ((31, 29), (9, 13)), ((6, 10), (2, 5)), ((8, 6), (4, 6)), ((8, 6), (4, 2)), ((1, 49), (1, 1)), ((2, 98), (4, 49)),
]  # fmt: skip
AREA = [
    ("noise 1", (8, 6, 1), (4, 3)), ("noise 2", (8, 6, 2), (4, 3)), ("noise 3", (8, 6, 5), (4, 3)),  # halves of R-42
    ("extremes 4", (8, 6, 2), (4, 3)), ("ramp 5", (4, 9, 5), (2, 3)), ("noise 6", (9, 8, 7), (3, 1)),
    ("noise 7", (700, 130, 1), (1, 1)), ("extremes 8", (650, 120, 2), (1, 1)),  # sums that binary32 does not hold
    ("noise 9", (98, 98, 3), (2, 2)), ("noise 10", (147, 49, 4), (3, 1)), ("noise 11", (103, 5, 1), (1, 1)),
    ("noise 12", (1, 4001, 1), (1, 2000)), ("noise 13", (2999, 1, 1), (1500, 1)),  # fractions up to 0.001
    ("noise 14", (1, 1501, 4), (1, 1500)), ("extremes 15", (4001, 1, 1), (2000, 1)),
    ("noise 16", (5, 9, 5), (10, 3)), ("noise 17", (9, 5, 6), (3, 10)), ("noise 18", (3, 50, 2), (64, 49)),
    ("noise 69", (64, 48, 1), (33, 31)), ("noise 78", (64, 48, 1), (33, 31)),  # each operation of R-43 in binary32
    ("noise 5", (49, 700, 1), (1, 350)), ("noise 8", (56, 56, 1), (28, 4)),  # ties: by fractions, and of a product
    ("ramp 3", (342, 385, 1), (1, 1)), ("noise 6", (60, 40, 1), (20, 20)),
    ("noise 19", (64, 48, 3), (63, 47)), ("extremes 20", (64, 48, 4), (33, 31)), ("constant 255", (31, 29, 3), (7, 9)),
]  # fmt: skip
WINDOW = [  # the first three have samples of both kinds of R-46
    ("extremes 21", (7, 5, 5), (9, 11)), ("extremes 22", (7, 5, 3), (9, 10)), ("extremes 23", (5, 7, 2), (9, 3)),
    ("noise 1", (12, 5, 5), (6, 5)), ("noise 2", (8, 13, 1), (4, 13)), ("extremes 3", (20, 7, 3), (10, 7)),  # ties
    ("noise 4", (16, 11, 4), (8, 11)), ("noise 5", (64, 37, 1), (32, 37)),
    ("noise 24", (3, 9, 7), (5, 8)), ("extremes 25", (64, 48, 1), (65, 49)), ("noise 26", (64, 48, 4), (37, 29)),
    ("noise 27", (1, 2, 1), (1, 206)), ("noise 28", (3, 3, 1), (147, 309)),  # an f of R-45 that binary32 makes 1
    ("noise 29", (2, 1, 1), (214, 1)), ("constant 255", (9, 7, 3), (20, 11)),
]  # fmt: skip
TORCH = [
    ("noise 1", (1, 301, 1), (1, 300)), ("extremes 2", (301, 1, 1), (300, 1)),  # running sums of R-48 that decide b
    ("extremes 3", (1, 13, 1), (1, 3)), ("noise 4", (1, 50, 2), (1, 3)), ("noise 5", (1, 200, 1), (1, 3)),
    ("noise 6", (1, 2000, 1), (1, 3)), ("noise 7", (501, 3, 5), (2, 4)), ("noise 8", (1, 100_002, 1), (1, 501)),
    ("extremes 9", (40, 56, 7), (64, 48)), ("noise 10", (2, 3, 3), (3, 2)), ("constant 255", (9, 7, 3), (20, 11)),
]  # fmt: skip


def exact_cases():
    """(method, formula, (height, width, channels), (height, width)) of each vector of R-32 to R-36."""
    for method in ("nearest", "area", "bicubic", "bicubic-four-tap"):
        for i, (shape, size) in enumerate(EXACT):
            yield method, f"noise {i + 1}", (*shape, (1, 3, 1, 4, 2)[i % 5]), size
        for i, (shape, size) in enumerate(EXACT[:24]):
            yield method, f"extremes {i + 1}", (*shape, 1), size
        yield method, "constant 255", (3, 40, 5), (5, 1)
        yield method, "ramp 1", (101, 256, 1), (5, 4)
        yield method, "ramp 64", (16, 17, 1), (8, 34)


def frozen_cases():
    """The same of the frozen methods (R-37 to R-49)."""
    for name, first in (("bicubic", "4"), ("lanczos", "4"), ("hamming", "4"), ("box", "7")):
        yield from of_shapes(f"pillow-{first}-{name}", COMMON + LATER[:3], (1, 3, 4))
        yield from of_shapes(f"pillow-{first}-{name}-alpha", ALPHA, (2, 4))
        for era in ("12.2", "13"):
            yield from of_shapes(f"pillow-{era}-{name}", LATER, (3, 1, 4))
            yield from of_shapes(f"pillow-{era}-{name}-alpha", ALPHA[1:3], (2, 4))
    yield from of_shapes("pillow-4-nearest", COMMON + SUMS["pillow-4-nearest"], (1, 2, 3, 4))
    yield from of_shapes("opencv-3.4-nearest", COMMON + OPENCV + SUMS["opencv-3.4-nearest"], (1, 3, 5, 2, 4))
    for method, more in (("area", AREA), ("cubic", WINDOW), ("lanczos4", WINDOW)):
        method = f"opencv-3.4-{method}"
        yield from of_shapes(method, COMMON + OPENCV, (1, 3, 4, 2))
        yield from ((method, *case) for case in more)
    for method in ("torch-2.1-bicubic-antialias", "torch-2.3-bicubic"):
        yield from of_shapes(method, COMMON, (1, 3, 4, 2, 5))
        yield from ((method, *case) for case in TORCH)
    yield from of_shapes("torch-2.0-nearest", COMMON + SUMS["torch-2.0-nearest"], (1, 3, 4, 2, 5))


def of_shapes(method, shapes, channels):
    """Each shape of noise and, in turn, of extremes."""
    for i, (shape, size) in enumerate(shapes):
        formula = "extremes" if i % 3 == 1 else "noise"
        yield method, f"{formula} {i + 1}", (*shape, channels[i % len(channels)]), size

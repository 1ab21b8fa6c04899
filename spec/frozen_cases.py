# SPDX-License-Identifier: MIT
"""What make_vectors.py computes by the frozen bilinear methods: shapes and sizes that reach each of R-20 to R-28."""

PILLOW = ("pillow-4-bilinear", "pillow-12.2-bilinear", "pillow-13-bilinear")
# the numbers of channels of the vectors, which are in the order of this
CHANNELS = {
    **dict.fromkeys(PILLOW, (1, 3, 4)),
    **{f"{method}-alpha": (4, 2) for method in PILLOW},
    "opencv-3.4-linear": (1, 3, 4, 2, 5),
    "opencv-3.4-linear-exact": (1, 3, 4, 2, 5),
    "torch-2.0-bilinear-antialias": (1, 3, 4, 2, 5),
    "torch-2.3-bilinear": (1, 3, 4, 2, 5),
}

# (height, width) -> (height, width) for every method
COMMON = [
    ((5, 7), (13, 9)), ((13, 11), (3, 4)), ((4, 9), (7, 3)), ((1, 1), (3, 5)), ((1, 6), (4, 3)), ((6, 1), (3, 4)),
    ((7, 9), (1, 1)), ((9, 8), (5, 1)), ((6, 9), (6, 4)), ((9, 6), (4, 6)), ((5, 4), (5, 4)), ((1, 3), (1, 17)),
    ((8, 6), (4, 3)), ((64, 48), (40, 56)), ((1, 5000), (1, 5)), ((700, 2), (4, 3)),
]  # fmt: skip
# both sides of the conditions of R-22
ORDER = [
    ((200, 2), (20, 5)), ((201, 2), (20, 5)), ((201, 2), (203, 5)), ((20, 9), (12, 5)), ((21, 9), (12, 5)),
    ((9, 4), (8, 12)), ((8, 4), (9, 1)), ((125, 94), (64, 64)), ((94, 125), (64, 64)),
]  # fmt: skip
# R-24, and half the size on one axis only; then ties and binary32 of
HALVES = [((8, 6, c), (4, 3)) for c in range(1, 6)] + [((8, 6, 1), (4, 6)), ((8, 6, 1), (4, 2)), ((6, 2, 2), (3, 1))]
PLACES = [((1, 33, 1), (1, 99)), ((33, 1, 1), (99, 1)), ((1, 4, 1), (1, 1024)), ((2, 1, 1), (4096, 1))]
PLACES += [((1, 100_003, 1), (1, 224)), ((100_003, 1, 1), (224, 1))]
# with the above all numbers of bits in R-27 from 14 to 22
BITS = [((1, n, 1), (1, 3)) for n in (7, 13, 50, 200, 300)] + [((501, 3, 5), (2, 4))]
# found by search: these results change where another thing is done that is nearly the same
CHOSEN = {
    "opencv": [
        ("extremes 20", (1, 29, 1), (1, 1792)),  # the two divisions of R-24
        ("noise 5", (1, 2, 1), (1, 8219)),  # in R-25 weights that sum to 2049
    ],
    "torch": [
        ("extremes 1", (1, 100_002, 1), (1, 501)),  # a place of R-28 that binary32 moves to the next sample
        ("ramp 7", (1, 100_002, 1), (1, 170)),  # the 22 of R-27
    ],
}


def cases():
    """(method, formula, (height, width, channels), (height, width)) of each vector."""
    for method, channels in CHANNELS.items():
        shapes = [((*shape, channels[i % len(channels)]), size) for i, (shape, size) in enumerate(COMMON)]
        if method.startswith("pillow"):
            shapes += [((*shape, channels[i % len(channels)]), size) for i, (shape, size) in enumerate(ORDER)]
        elif method.startswith("opencv"):
            shapes += HALVES + PLACES
        else:
            shapes += BITS
        for i, (shape, size) in enumerate(shapes):
            yield method, f"noise {i + 1}", shape, size
        for i, (shape, size) in enumerate(shapes[:6] + shapes[-2:]):
            yield method, f"extremes {i + 1}", shape, size
        yield method, "constant 255", (3, 40, channels[-1]), (5, 1)
        for case in CHOSEN.get(method.partition("-")[0], ()):
            yield method, *case

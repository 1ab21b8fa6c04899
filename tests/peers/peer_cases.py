# SPDX-License-Identifier: MIT
"""The random cases that a release of another library and its frozen peer are given: the same ones in every process."""

import random
from dataclasses import dataclass

# How a library is called, and with how many channels. Cases go through these in turn.
FORMS = {
    "pillow": tuple(
        (f"{name}, {mode}", c)
        for mode, c in (("L", 1), ("RGB", 3), ("CMYK", 4), ("LA", 2), ("RGBA", 4))
        for name in ("NEAREST", "BOX", "BILINEAR", "HAMMING", "BICUBIC", "LANCZOS")
    ),
    "opencv": tuple(
        (f"INTER_{name}", c)
        for c in range(1, 6)
        for name in ("NEAREST", "LINEAR", "LINEAR_EXACT", "AREA", "CUBIC", "LANCZOS4")
    ),
    "torch": tuple(
        (f"{name}, {memory}", c)
        for c in range(1, 6)
        for name in ("nearest", "bilinear", "bilinear-antialias", "bicubic", "bicubic-antialias")
        for memory in ("contiguous", "channels-last")
    ),
}
IDENTITY = bytes(range(256))
CONTENTS = (
    IDENTITY,
    IDENTITY,
    bytes(255 * (b > 127) for b in range(256)),
    bytes(253 + b % 3 for b in range(256)),
    bytes(b % 3 for b in range(256)),
    bytes(255 * (b > 250) for b in range(256)),
)
ALPHAS = (IDENTITY, bytes((0, 255, b % 4, b)[b // 64] for b in range(256)), bytes(255 * (b > 127) for b in range(256)))


@dataclass(frozen=True)
class Case:
    """One image and the size that it is resized to.

    Attributes:
        library: its name, a key of FORMS.
        index: of the case, among those of the library.
        form: how the library is called.
        shape: (height, width, channels) of the image.
        size: (height, width) of the result.
    """

    library: str
    index: int
    form: str
    shape: tuple[int, int, int]
    size: tuple[int, int]

    def image(self):
        """The samples of the image: noise of all values or of extreme ones, or one value."""
        rng = random.Random(f"image {self.library} {self.index}")
        height, width, channels = self.shape
        if rng.random() < 0.03:
            return bytes([rng.choice((0, 1, 127, 254, 255))]) * (height * width * channels)
        samples = bytearray(rng.randbytes(height * width * channels).translate(rng.choice(CONTENTS)))
        if self.form.endswith(("LA", "RGBA")):
            alpha = rng.randbytes(height * width).translate(rng.choice(ALPHAS))
            samples[channels - 1 :: channels] = alpha
        return bytes(samples)

    def __str__(self):
        return f"case {self.index}, {self.form}, {self.shape} to {self.size}"


def make_cases(library, count):
    """The first cases of a library."""
    return [make_case(library, index) for index in range(count)]


def make_case(library, index):
    """The case of an index."""
    rng = random.Random(f"case {library} {index}")
    form, channels = FORMS[library][index % len(FORMS[library])]
    height, width, h, w = rng.choices(SIZES, (8, 3, 1, 3, 2))[0](rng)
    if form == "INTER_AREA" and channels > 4 and h <= height and w <= width:  # OpenCV refuses fractions
        height, width = rng.randint(1, 4) * h, rng.randint(1, 4) * w
    # Here torch's filters with weights err (the first) or raise an error (the second), as R-27 says.
    faulty = (channels > 4 and w == 1) or (channels == 3 and h == w == 1)
    if faulty and form.endswith("contiguous") and not form.startswith("nearest"):
        w = 2
    return Case(library, index, form, (height, width, channels), (h, w))


def side(rng):
    """A side: 1, small, or larger."""
    return rng.choice((1, rng.randint(1, 9), rng.randint(1, 64), rng.randint(1, 64), rng.randint(1, 300)))


def any_sizes(rng):
    """Each axis for itself: up, down, equal, to 1, by a whole number."""

    def both(n):
        return n, rng.choice((side(rng), side(rng), side(rng), n, 1, 2 * n, max(1, n // 2), max(1, n // 3), n + 1))

    (height, h), (width, w) = both(side(rng)), both(side(rng))
    return height, width, h, w


def half_sizes(rng):
    """Half of both sides, for which OpenCV has a formula of its own, or nearly so."""
    h, w = side(rng), side(rng)
    near = rng.choice(((0, 0), (0, 0), (0, 0), (0, 1), (1, 0), (-1, 0)))
    return 2 * h + near[0], 2 * w + near[1], h, w


def large_sizes(rng):
    """A side of some thousands, down to a small one or little changed."""
    height, width = rng.choice(((rng.randint(1000, 5000), rng.randint(1, 40)), (rng.randint(1, 40), 2999)))
    return height, width, *rng.choice(((side(rng), side(rng)), (max(1, height - 3), width + 2)))


def tall_sizes(rng):
    """Around the bound from which Pillow 12.2 takes the vertical pass first: a height of 100 widths."""
    width = rng.randint(1, 4)
    height = max(1, 100 * width + rng.choice((-1, 0, 1, rng.randint(-50, 300))))
    return height, width, max(1, rng.choice((height, height - 1, height + 1, side(rng)))), rng.randint(1, 12)


def steep_sizes(rng):
    """Around the bound from which Pillow 13 does: a height that shrinks by twice as much as the width."""
    width, w = rng.randint(1, 60), rng.randint(1, 60)
    h = rng.randint(1, 60)
    return max(1, h + 2 * (width - w) + rng.choice((-1, 0, 1, 2, rng.randint(0, 200)))), width, h, w


SIZES = (any_sizes, half_sizes, large_sizes, tall_sizes, steep_sizes)

# SPDX-License-Identifier: MIT
"""What is timed."""

from dataclasses import dataclass

import numpy as np

LARGE = 2_000_000  # bytes of a source from which on it is also timed as one that comes from memory


@dataclass(frozen=True)
class Case:
    """One resize of a uint8 image.

    Attributes:
        kind: "triangle", "overhead" (a triangle so small that the call itself is timed), "mixed" (a triangle on one
            axis while the other is enlarged), "two taps" (no antialias) or "up".
        shape: (H, W) or (H, W, 3) of the source.
        size: (height, width) of the result.
    """

    kind: str
    shape: tuple[int, ...]
    size: tuple[int, int]

    @property
    def name(self):
        color = "RGB" if len(self.shape) == 3 else "gray"
        return f"{self.kind} {sides(*self.shape[:2])} {color} → {sides(*self.size)}"

    @property
    def antialias(self):
        return self.kind != "two taps"

    @property
    def nbytes(self):
        return int(np.prod(self.shape))

    @property
    def is_large(self):
        return self.nbytes >= LARGE

    def source(self):
        """The image, the same in every run."""
        return np.random.default_rng(0).integers(0, 256, self.shape, np.uint8)


def sides(height, width):
    """Text of a size."""
    return f"{height}²" if height == width else f"{height}×{width}"


def gray_and_rgb(kind, sides, size):
    """The two cases of a size."""
    return Case(kind, sides, size), Case(kind, (*sides, 3), size)


NET = (224, 224)
CASES = (
    *gray_and_rgb("triangle", (1080, 1920), NET),
    *gray_and_rgb("triangle", (2160, 3840), NET),
    *gray_and_rgb("triangle", (512, 512), NET),
    *gray_and_rgb("triangle", (256, 256), NET),
    Case("triangle", (100_000, 1024), NET),
    Case("triangle", (3000, 4000, 3), NET),  # a photograph from a telephone
    Case("triangle", (375, 500, 3), NET),  # one of ImageNet's usual size
    Case("triangle", (333, 487, 3), NET),  # another, of sides with a large ratio in lowest terms
    Case("overhead", (32, 32), (28, 28)),
    Case("mixed", (1080, 1920, 3), (2160, 224)),
    *gray_and_rgb("two taps", (1080, 1920), NET),
    *gray_and_rgb("up", (256, 256), (1024, 1024)),
    Case("up", (720, 1280, 3), (1080, 1920)),
)

# SPDX-License-Identifier: MIT
"""The pictures that the presets are compared on: PNG files of odd sizes, the same ones in every run."""

import io
import random

import numpy as np
from PIL import Image

SIZES = (
    *((480, 640), (640, 480), (333, 500), (500, 333), (257, 1023), (1023, 257), (224, 224), (256, 256), (231, 377)),
    *((721, 1280), (97, 131), (601, 599), (300, 301), (719, 1283), (17, 31), (611, 67), (704, 55), (31, 700)),
)
COUNT = 80
MODES = ("L", "LA", "P", "RGBA")  # of a picture each, behind those of RGB


def pictures():
    """Yields the content of each file."""
    rng = random.Random("pictures")
    sizes = [*SIZES, *((rng.randint(20, 700), rng.randint(20, 700)) for _ in range(COUNT - len(SIZES)))]
    for index, size in enumerate(sizes):
        mode = (["RGB"] * (COUNT - len(MODES)) + [*MODES])[index]
        image = Image.fromarray(pixels(index, *size)).convert("RGB" if mode == "RGBA" else mode)
        if mode == "RGBA":
            image.putalpha(Image.fromarray(pixels(index, *size)[..., 0]))
        file = io.BytesIO()
        image.save(file, "PNG", compress_level=1)
        yield file.getvalue()


def pixels(index, height, width):
    """Waves under noise; every fourth picture has the extreme values too."""
    rng = np.random.default_rng(index)
    y, x = np.mgrid[0:height, 0:width]
    waves = [128 + 90 * np.sin(x / 17 + y / 31 + k) * np.cos(y / 23 - k) for k in range(3)]
    samples = np.stack(waves, -1) + rng.normal(0, 250 if index % 4 == 3 else 25, (height, width, 3))
    return np.clip(samples, 0, 255).astype(np.uint8)

# SPDX-License-Identifier: MIT
"""JPEG files in the core beside Pillow and OpenCV, in one run: `python -m benchmarks.jpeg`.

Rounds are interleaved, and the shortest time of each decoder counts. The pixels are compared first.
"""

import io
import time

import cv2
import numpy as np
from PIL import Image

from isopixel import _core

SIZES = {(3000, 4000): 5, (375, 500): 60}  # (height, width): rounds
KINDS = {
    "baseline 4:2:0": {"subsampling": 2},
    "baseline 4:4:4": {"subsampling": 0},
    "progressive 4:2:0": {"subsampling": 2, "progressive": True},
}


def picture(height, width):
    """Waves with noise, of which a file has about as many bytes as of a photograph."""
    y, x = np.mgrid[0:height, 0:width]
    waves = np.stack([128 + 90 * np.sin(x / 37 + y / 51 + k) * np.cos(y / 43 - k) for k in range(3)], -1)
    return np.clip(waves + np.random.default_rng(5).normal(0, 8, waves.shape), 0, 255).astype(np.uint8)


def encoded(image, **settings):
    """Its JPEG file."""
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=85, **settings)
    return file.getvalue()


def shortest(decoders, data, rounds):
    """The shortest time of each decoder, in milliseconds."""
    times = {name: [] for name in decoders}
    for _ in range(rounds):
        for name, decode in decoders.items():
            begun = time.perf_counter()
            decode(data)
            times[name].append(1e3 * (time.perf_counter() - begun))
    return {name: min(measured) for name, measured in times.items()}


def main():
    """Prints a row for each size and kind of file."""
    decoders = {
        "isopixel": _core.decode_jpeg,
        "Pillow": lambda data: np.asarray(Image.open(io.BytesIO(data))),
        "OpenCV": lambda data: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR),
    }
    row = "{:12}{:20}{:>10}{:>14}{:>14}{:>14}{:>12}".format
    print(row("pixels", "kind", "KiB", *(f"{name}, ms" for name in decoders), "/ Pillow"))
    for (height, width), rounds in SIZES.items():
        image = picture(height, width)
        for kind, settings in KINDS.items():
            data = encoded(image, **settings)
            assert np.array_equal(_core.decode_jpeg(data), decoders["Pillow"](data))
            times = shortest(decoders, data, rounds)
            ratio = f"{times['isopixel'] / times['Pillow']:.2f}"
            print(row(f"{height} x {width}", kind, len(data) // 1024, *(f"{t:.2f}" for t in times.values()), ratio))


if __name__ == "__main__":
    main()

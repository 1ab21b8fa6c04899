# SPDX-License-Identifier: MIT
"""Times isopix beside its installed peers: one process, one thread, interleaved rounds.

Prints a Markdown table: milliseconds, minimum and median, and after them the peer's minimum divided by ours (above 1:
isopix is faster). Every peer gets a contiguous array, or its own image object made from one beforehand.
"""

import argparse
import importlib.metadata
import platform
import statistics
import time

import numpy as np

import isopix
from isopix import _core

# name, shape of the source, size of the result, antialias
CASES = [
    ("triangle 1080×1920 gray → 224²", (1080, 1920), (224, 224), True),
    ("triangle 1080×1920 RGB → 224²", (1080, 1920, 3), (224, 224), True),
    ("triangle 512² gray → 224²", (512, 512), (224, 224), True),
    ("triangle 256² RGB → 224²", (256, 256, 3), (224, 224), True),
    ("triangle 100000×1024 gray → 224²", (100_000, 1024), (224, 224), True),
    ("two taps 1080×1920 gray → 224²", (1080, 1920), (224, 224), False),
    ("up 256² gray → 1024²", (256, 256), (1024, 1024), True),
]


def isopix_call(image, size, antialias):
    out = np.empty((*size, *image.shape[2:]), np.uint8)
    return lambda: isopix.resize(image, size, antialias=antialias, out=out)


def pillow_call(image, size, antialias):
    from PIL import Image

    picture = Image.fromarray(image)
    return (lambda: picture.resize(size[::-1], Image.Resampling.BILINEAR)) if antialias else None


def opencv_call(image, size, antialias):
    import cv2

    cv2.setNumThreads(1)
    shrinks = size[0] < image.shape[0]
    method = cv2.INTER_AREA if antialias and shrinks else cv2.INTER_LINEAR
    return lambda: cv2.resize(image, size[::-1], interpolation=method)


def fast_image_resize_call(image, size, antialias):
    import cykooz_resizer as fir

    if not antialias:
        return None  # the package has no two-tap resize
    kind = fir.PixelType.U8 if image.ndim == 2 else fir.PixelType.U8x3
    source = fir.ImageData(image.shape[1], image.shape[0], kind, image.tobytes())
    result = fir.ImageData(size[1], size[0], kind)
    options = fir.ResizeOptions(resize_alg=fir.ResizeAlg.convolution(fir.FilterType.bilinear), use_alpha=False)
    resizer = fir.Resizer()
    return lambda: resizer.resize(source, result, options)


# the package's name in the index, what it is called in the table, and what makes a call of it
PEERS = [
    ("isopix", "isopix", isopix_call),
    ("pillow", "Pillow", pillow_call),
    ("opencv-python-headless", "OpenCV", opencv_call),
    ("cykooz.resizer", "fast_image_resize", fast_image_resize_call),
]


def installed():
    """The peers that are installed, by the name and version of the table."""
    found = {}
    for package, name, make in PEERS:
        try:
            found[f"{name} {importlib.metadata.version(package)}"] = make
        except importlib.metadata.PackageNotFoundError:
            print(f"({name} is not installed: pip install {package})")
    return found


def measure(calls, seconds):
    """Milliseconds of each call, a list per name, in rounds of all of them."""
    for call in calls.values():
        call()
    times = {name: [] for name in calls}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(next(iter(times.values()))) < 3:
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - start) * 1e3)
    return times


def cell(times, ours):
    """Minimum and median, and how much faster we are."""
    if times is None:
        return "–"
    text = f"{min(times):.3f} / {statistics.median(times):.3f}"
    return text if times is ours else f"{text} ({min(times) / min(ours):.2f}×)"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="to spend on each case (default 2)")
    seconds = parser.parse_args().seconds
    peers = installed()
    print(f"{platform.machine()}, {_core.compiler}, {_core.isa()}, one thread; ms, minimum / median (peer / isopix)\n")
    print(f"| case | {' | '.join(peers)} |\n|{'---|' * (len(peers) + 1)}")
    rng = np.random.default_rng(0)
    for name, shape, size, antialias in CASES:
        image = rng.integers(0, 256, shape, np.uint8)
        calls = {peer: make(image, size, antialias) for peer, make in peers.items()}
        times = measure({peer: call for peer, call in calls.items() if call}, seconds)
        ours = next(iter(times.values()))
        print(f"| {name} | {' | '.join(cell(times.get(peer), ours) for peer in peers)} |", flush=True)


if __name__ == "__main__":
    main()

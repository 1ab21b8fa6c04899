# SPDX-License-Identifier: MIT
"""What a call costs beside its samples: the first one of a size, and a batch of small images beside torch's."""

import functools
import math
import statistics
import time

import numpy as np

import isopixel
from benchmarks.cases import NET
from benchmarks.measure import Calls, interleaved

SIDE = 256
# Widths around it: twice as many as a thread keeps resizers, so that in turn each is a new one.
WIDTHS = range(SIDE - 16, SIDE + 16)
BATCH = 64
THREADS = 2


def first_calls(seconds):
    """Milliseconds of the first resize of a size, and of the same again; RGB, to NET."""
    rng = np.random.default_rng(0)
    out = np.empty((*NET, 3), np.uint8)
    resizes = [
        functools.partial(isopixel.resize, rng.integers(0, 256, (SIDE, width, 3), np.uint8), NET, out=out)
        for width in WIDTHS
    ]

    first, again = [math.inf] * len(resizes), [math.inf] * len(resizes)
    finish = time.perf_counter() + seconds
    while time.perf_counter() < finish:
        for i, resize in enumerate(resizes):
            begin = time.perf_counter()
            resize()
            middle = time.perf_counter()
            resize()
            end = time.perf_counter()
            first[i], again[i] = min(first[i], middle - begin), min(again[i], end - middle)
    return {"first": statistics.mean(first) * 1e3, "again": statistics.mean(again) * 1e3}


def batches(seconds):
    """Milliseconds of a batch of RGB images to NET, by isopixel and torch with as many threads each."""
    import torch

    images = np.random.default_rng(0).integers(0, 256, (BATCH, SIDE, SIDE, 3), np.uint8)
    planes = np.ascontiguousarray(np.moveaxis(images, -1, 1))
    out, planar_out = np.empty((BATCH, *NET, 3), np.uint8), np.empty((BATCH, 3, *NET), np.uint8)
    resize = functools.partial(isopixel.resize, size=NET, threads=THREADS)
    torchs = functools.partial(torch.nn.functional.interpolate, size=NET, mode="bilinear", antialias=True)
    calls = {
        "isopixel": functools.partial(resize, images, out=out),
        "isopixel, planar": functools.partial(resize, planes, axes="NCHW", out=planar_out),
        "torch": functools.partial(torchs, torch.from_numpy(images).permute(0, 3, 1, 2)),
        "torch, planar": functools.partial(torchs, torch.from_numpy(planes)),
    }
    torch.set_num_threads(THREADS)
    try:
        times = interleaved({name: Calls([call]) for name, call in calls.items()}, 1, seconds, warm=False)
    finally:
        torch.set_num_threads(1)
    return {name: min(values) for name, values in times.items()}


def measure(seconds, progress):
    """Both, each for so many seconds; progress is called with a text."""
    progress("calls: the first of a size, and batches")
    return {"first": first_calls(seconds), "batch": batches(seconds)}

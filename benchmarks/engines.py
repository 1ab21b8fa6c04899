# SPDX-License-Identifier: MIT
"""Times the engines that suit a size, with each instruction set, in interleaved rounds, one thread.

    python -m benchmarks.engines [--seconds=S] [--isa=NAME]… [HxWxC:HxW…]

Prints the least milliseconds of one resize, and of what precedes the first: the tables of a size. `*` marks the engine
that is chosen, and the share is the time of the best engine of the first set by that of this one.
"""

import argparse
import re
import time

import numpy as np

import isopixel
from isopixel import _core

CASES = (
    "1080x1920x1:224x224",
    "1080x1920x3:224x224",
    "2160x3840x1:224x224",
    "2160x3840x3:224x224",
    "512x512x1:224x224",
    "512x512x3:224x224",
    "1024x1024x3:224x224",
    "1536x1536x3:224x224",
    "1081x1921x3:224x224",
    "3000x4000x3:224x224",
    "100000x1024x1:224x224",
)
TIMES = 5  # resizes by one resizer


def seconds_of(isa, image, out, engine, bits, times):
    isopixel.set_isa(isa)
    start = time.perf_counter()
    _core._testing.resize_by(image, out, "bilinear", engine, bits, times)
    return time.perf_counter() - start


def least_seconds(image, runs, seconds):
    """The least times of runs (isa, engine, out, bits) in interleaved rounds, which last `seconds`.

    Returns:
        By isa and engine: the seconds of one resize, and of what precedes the first.
    """
    least = {}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(least) < 2 * len(runs):
        for isa, engine, out, bits in runs:
            for times in (0, TIMES):
                taken = seconds_of(isa, image, out, engine, bits, times)
                least[isa, engine, times] = min(taken, least.get((isa, engine, times), taken))
    return {
        (isa, engine): ((least[isa, engine, TIMES] - least[isa, engine, 0]) / TIMES, least[isa, engine, 0])
        for isa, engine, *_ in runs
    }


def measure(case, isas, seconds):
    """Prints the rows of one case, an engine and a set each."""
    height, width, channels, *size = map(int, re.fullmatch(r"(\d+)x(\d+)x(\d+):(\d+)x(\d+)", case).groups())
    image = np.random.default_rng(1).integers(0, 256, (1, height, width, channels), np.uint8)
    expected = None
    runs, chosen = [], set()
    for isa in isas:
        isopixel.set_isa(isa)
        engines, bits = _core._testing.plan((height, width), size, channels, "bilinear")
        for engine in engines:
            if engine == "sums" and len(engines) > 1:
                continue
            out = np.empty((1, *size, channels), np.uint8)
            _core._testing.resize_by(image, out, "bilinear", engine, bits)
            expected = out if expected is None else expected
            if not np.array_equal(out, expected):
                raise SystemExit(f"{case}: {isa}, {engine} differs")
            runs.append((isa, engine, out, bits))
        chosen.add((isa, engines[0]))
    least = least_seconds(image, runs, seconds)
    best = min(taken for (isa, _), (taken, _) in least.items() if isa == isas[0])
    for (isa, engine), (taken, setup) in least.items():
        name = engine + "*" * ((isa, engine) in chosen)
        milliseconds = f"{taken * 1e3:8.3f} {setup * 1e3:8.3f}"
        print(f"{case:24} {isa:11} {name:8} {milliseconds} {best / taken:6.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", default=CASES, help="source and result, such as 1080x1920x3:224x224")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each case")
    parser.add_argument("--isa", action="append", help="an instruction set; without it, all but plain and scalar")
    arguments = parser.parse_args()
    isas = arguments.isa or [name for name in isopixel.available_isas() if name not in ("plain", "scalar")]
    print(f"{'case':24} {'set':11} {'engine':8} {'ms':>8} {'setup':>8} {'share':>6}")
    for case in arguments.cases:
        measure(case, isas, arguments.seconds)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: MIT
"""Measures what each kind of an engine's work costs on this CPU, for the tables `Costs` in src/kernels.

    python -m benchmarks.tune [--seconds=S] [--isa=NAME]…

Times the engines that suit sizes of many kinds, and fits picoseconds a piece to the pieces that the core counts, so
that the relative errors are least and no piece costs less than nothing. Prints the times and the fit, and the table.
"""

import argparse

import numpy as np

import isopixel
from benchmarks.engines import least_seconds
from isopixel import _core

SIDES = ((256, 256), (300, 400), (333, 487), (375, 500), (512, 512), (640, 640), (600, 800), (768, 768), (720, 1280))
LARGER = ((1024, 1024), (1000, 1500), (1081, 1921), (1080, 1920), (1536, 2048), (2160, 3840))
SIZES = ((224, 224), (384, 384))
CASES = [
    (*sides, channels, *size)
    for sides in SIDES + LARGER
    for channels in (1, 3, 4)
    for size in SIZES
    if sides[0] > size[0] and sides[1] > size[1]
]


def measure(cases, seconds):
    """The counts and the time of a resize of each case, by engines: a list of (case, work, picoseconds) each."""
    measured = {}
    for height, width, channels, *size in cases:
        image = np.random.default_rng(1).integers(0, 256, (1, height, width, channels), np.uint8)
        out = np.empty((1, *size, channels), np.uint8)
        work = _core._testing.work((height, width), size, channels)
        _, bits = _core._testing.plan((height, width), size, channels, "bilinear")
        least = least_seconds(image, [(isopixel.get_isa(), engine, out, bits) for engine in work], seconds)
        for (_, engine), (taken, _) in least.items():
            case = f"{height}x{width}x{channels}:{size[0]}x{size[1]}"
            measured.setdefault(engine, []).append((case, work[engine], taken * 1e12))
    return measured


def fit(measured):
    """Returns what a piece of each kind costs: the least squares of relative errors, none of them below 0."""
    work = np.array([pieces for _, pieces, _ in measured])
    taken = np.array([picoseconds for *_, picoseconds in measured])
    kinds = [kind for kind in range(work.shape[1]) if work[:, kind].any()]
    while True:
        costs = np.zeros(work.shape[1])
        costs[kinds] = np.linalg.lstsq(work[:, kinds] / taken[:, None], np.ones(len(taken)), rcond=None)[0]
        if costs.min() >= 0:
            return costs
        kinds.remove(int(costs.argmin()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=0.2, help="for each case")
    parser.add_argument("--isa", action="append", help="an instruction set; without it, all but plain and scalar")
    arguments = parser.parse_args()
    for isa in arguments.isa or [name for name in isopixel.available_isas() if name not in ("plain", "scalar")]:
        isopixel.set_isa(isa)
        measured = measure(CASES, arguments.seconds)
        table = []
        for engine in ("direct", "fused", "blocks"):
            costs = fit(measured[engine]) if engine in measured else np.zeros(4)
            table.append("{" + ", ".join(f"{cost:.0f}" for cost in costs) + "}")
            for case, pieces, taken in measured.get(engine, ()):
                print(f"{isa:11} {engine:7} {case:22} {taken / 1e9:9.4f} ms, fit {np.dot(costs, pieces) / 1e9:9.4f}")
        print(f"{isa}: {{{', '.join(table)}}}", flush=True)


if __name__ == "__main__":
    main()

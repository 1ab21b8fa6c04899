# SPDX-License-Identifier: MIT
"""The frozen peers beside the libraries that they re-create, in the same rounds; their results have to be equal."""

import functools

import numpy as np

import isopixel
from benchmarks import peers
from benchmarks.cases import NET, Case
from benchmarks.measure import Calls, interleaved

CASES = (
    *(Case(kind, (1080, 1920, *c), NET) for kind in ("triangle", "two taps") for c in ((), (3,))),
    *(Case(kind, (256, 256, *c), NET) for kind in ("triangle", "two taps") for c in ((), (3,))),
    *(Case("up", (256, 256, *c), (1024, 1024)) for c in ((), (3,))),
)
# method, name of the library's column in peers.PACKAGES, kinds of case
METHODS = (
    ("pillow-13-bilinear", "Pillow", ("triangle", "up")),
    ("torch-2.0-bilinear-antialias", "torch", ("triangle", "up")),
    ("torch-2.3-bilinear", "torch", ("two taps",)),
    ("opencv-3.4-linear", "OpenCV LINEAR", ("two taps", "up")),
    ("opencv-3.4-linear-exact", "OpenCV EXACT", ("two taps", "up")),
)


def method_calls(method, case, images):
    out = peers.empty_result(case)
    resize = functools.partial(isopixel.resize, size=case.size, method=method, out=out)
    return Calls([functools.partial(resize, image) for image in images])


def measure(seconds, cache, progress):
    """Times each method and its library.

    Args:
        seconds: to spend on a case.
        cache: bytes of the last-level cache.
        progress: called with a text for each case.

    Returns:
        Records: the case, and by method the milliseconds of both and the number of samples that differ.
    """
    columns = {peer.name: peer for peer in peers.packages()}
    records = []
    for case in CASES:
        progress(f"{case.name}: frozen peers")
        image = case.source()
        record = {"case": case.name, "methods": {}}
        for method, library, kinds in METHODS:
            if case.kind not in kinds or library not in columns:
                continue
            runners = {
                "isopixel": method_calls(method, case, [image]),
                "library": columns[library].make(case, [image]),
            }
            different = int(np.sum(runners["isopixel"].result() != runners["library"].result()))
            times = interleaved(runners, 1, seconds, warm=case.nbytes <= cache)
            record["methods"][method] = {
                "library": f"{library} {columns[library].version}",
                "different": different,
                **{name: min(values) for name, values in times.items()},
            }
        records.append(record)
    return records

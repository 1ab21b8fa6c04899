# SPDX-License-Identifier: MIT
"""Large files: is the result of 5 GiB right, in how much memory, and how fast is a file of 1 GiB read and resized?

Needs 6 GiB of free memory, and 1.2 GiB of disk (the large file is sparse). Run it as `make bench-files`.
"""

import argparse
import hashlib
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from tests import sparse

import isopixel
from benchmarks.cases import Case
from benchmarks.measure import Calls
from benchmarks.peers import packages

MIB = 1 << 20
GIB = 1 << 30
LARGE = 5 * GIB
# Bytes that are not 0: from 0 on, around 2^31 and 2^32, and at the end.
BLOCKS = [(0, 9 * MIB), (2**31, 40 * MIB), (2**32 - 1, 3), (2**32 + 2, 25 * MIB), (LARGE - 30 * MIB, 30 * MIB)]

SCRIPT = """
import sys, time
import isopixel
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
before = peak()
begun = time.perf_counter()
image = isopixel.from_file(sys.argv[1], "fixed,width=1024", (224, 224))
print(time.perf_counter() - begun, peak() - before, isopixel.fingerprint(image))
"""


def check_large(folder):
    path = folder / "large"
    sparse.make(path, LARGE, BLOCKS)
    run = subprocess.run([sys.executable, "-c", SCRIPT, path], check=True, capture_output=True, text=True)
    seconds, kib, fingerprint = run.stdout.split()
    expected = isopixel.fingerprint(sparse.image(LARGE, 1024, (224, 224), BLOCKS))
    verdict = "equal to the closed form" if fingerprint == expected else "WRONG"
    memory = f"{int(kib) / 1024:.1f} MiB over the import"
    print(f"5 GiB, sparse, width 1024 → 224²: {float(seconds):.1f} s, {memory}, {verdict}\n")
    path.unlink()
    return fingerprint == expected


def read_in_blocks(path):
    block = memoryview(bytearray(MIB))
    with path.open("rb", buffering=0) as file:
        while file.readinto(block):
            pass


def measure_warm(folder, rounds):
    """Times from_file beside isopixel and peers that get the array, already read."""
    path = folder / "warm"
    with path.open("wb") as file:
        for i in range(1024):
            file.write(hashlib.shake_128(str(i).encode()).digest(MIB))
    array = np.fromfile(path, np.uint8).reshape(-1, 1024)
    case = Case("triangle", array.shape, (224, 224))
    runners = {
        "from_file": Calls([lambda: isopixel.from_file(path, "fixed,width=1024", case.size)]),
        "reading the file in the same blocks": Calls([lambda: read_in_blocks(path)]),
    } | {f"{peer.name}, of the array": peer.make(case, [array]) for peer in packages() if peer.takes(case)}
    times = {name: [] for name in runners}
    for _ in range(rounds):
        for name, runner in runners.items():
            times[name].append(runner.seconds([0]) * 1e3)
    fastest = min(times["from_file"])
    print("| 1 GiB, warm, width 1024 → 224², one thread | ms, minimum / median (by from_file) | GB/s |\n|---|---|---|")
    for name, measured in times.items():
        least, median = min(measured), statistics.median(measured)
        print(f"| {name} | {least:.0f} / {median:.0f} ({least / fastest:.2f}×) | {GIB / least / 1e6:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where the files are made (default: the system's folder for such)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        right = check_large(Path(folder))
        measure_warm(Path(folder), options.rounds)
    sys.exit(not right)


if __name__ == "__main__":
    main()

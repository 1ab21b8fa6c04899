# SPDX-License-Identifier: MIT
"""Large files: is the result of 5 GiB right, in how much memory, and how fast is a file of 1 GiB read and resized?

Needs 6 GiB of free memory, and 1.2 GiB of disk (the large file is sparse). Run it as `make bench-files`.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import isopix
import sparse
from bench import cell, installed

MIB = 1 << 20
GIB = 1 << 30
LARGE = 5 * GIB
# Bytes that are not 0: from 0 on, around 2^31 and 2^32, and at the end.
BLOCKS = [(0, 9 * MIB), (2**31, 40 * MIB), (2**32 - 1, 3), (2**32 + 2, 25 * MIB), (LARGE - 30 * MIB, 30 * MIB)]

SCRIPT = """
import sys, time
import isopix
def peak():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
before = peak()
begun = time.perf_counter()
image = isopix.from_file(sys.argv[1], "fixed,width=1024", (224, 224))
print(time.perf_counter() - begun, peak() - before, isopix.fingerprint(image))
"""


def check_large(folder):
    path = folder / "large"
    sparse.make(path, LARGE, BLOCKS)
    run = subprocess.run([sys.executable, "-c", SCRIPT, path], check=True, capture_output=True, text=True)
    seconds, kib, fingerprint = run.stdout.split()
    expected = isopix.fingerprint(sparse.image(LARGE, 1024, (224, 224), BLOCKS))
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
    """from_file beside peers, which get the array, already read."""
    path = folder / "warm"
    with path.open("wb") as file:
        for i in range(1024):
            file.write(hashlib.shake_128(str(i).encode()).digest(MIB))
    array = np.fromfile(path, np.uint8).reshape(-1, 1024)
    size = (224, 224)
    calls = {name: make(array, size, True) for name, make in installed().items()}
    ours = next(iter(calls))
    calls = {
        "from_file": lambda: isopix.from_file(path, "fixed,width=1024", size),
        "reading the file in the same blocks": lambda: read_in_blocks(path),
        f"{ours}, resize of the array": calls.pop(ours),
    } | calls
    times = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - start) * 1e3)
    print("| 1 GiB, warm, width 1024 → 224², one thread | ms, minimum / median (by from_file) | GB/s |\n|---|---|---|")
    for name, measured in times.items():
        print(f"| {name} | {cell(measured, times['from_file'])} | {GIB / min(measured) / 1e6:.2f} |")


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

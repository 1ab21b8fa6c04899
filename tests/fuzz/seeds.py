# SPDX-License-Identifier: MIT
"""Writes JPEG and WAV files that the fuzz target begins with into a folder: `python -m tests.fuzz.seeds FOLDER MOST`.

They are those of the tests of up to MOST bytes: of each kind of scan, sampling, table and marker, and of each refusal.
The corpus has the shortest inputs that reach the same lines, from which it is far to a whole file.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
from spec import reference, sound_cases

from tests import jpeg_files
from tests.test_jpeg import TEXTS
from tests.test_jpeg_reference import REFUSED

RANDOM = 300
ALLOCATIONS = bytes([20])  # the last byte is how many allocations succeed (jpeg.cpp): here all


def files():
    """The files."""
    yield from jpeg_files.corpus().values()
    yield from jpeg_files.small_files().values()
    yield from REFUSED.values()
    for of_text in TEXTS.values():
        yield from of_text
    yield from sounds()
    rng = np.random.default_rng(1)
    for _ in range(RANDOM):
        yield jpeg_files.random_file(rng)


def sounds():
    """WAV files, of each format, and broken; what is behind them chooses the layout (grammar.cpp)."""
    rng = np.random.default_rng(2)
    cases = [case[1:4] for case in sound_cases.SOUNDS] + [case[2:5] for case in sound_cases.REFUSED]
    for head, formula, n in cases:
        for _ in range(6):
            yield head + reference.vector_input(formula, n) + rng.integers(0, 256, 20, np.uint8).tobytes()


def write(folder, most):
    """Writes them, named by their contents."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files():
        seed = file + ALLOCATIONS
        if len(seed) <= most:
            (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))

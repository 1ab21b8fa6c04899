# SPDX-License-Identifier: MIT
"""Whether a build of examples/fingerprints.c and Python agree on files of this machine.

`python -m tests.embed.agree PROGRAM COUNT [FOLDER]` takes the files of the folder, or of /usr. It exits
with 1 at a difference.
"""

import random
import subprocess
import sys
from pathlib import Path

import isopixel

RECIPES = [
    "isopixel 1: nataraj | bilinear 224,224 | normalize mean=0.485 std=0.229",
    "isopixel 1: square,channels=3 | pillow-13-bilinear 224,224 "
    "| normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225",
    "isopixel 1: line | bilinear 32,32",
    "isopixel 1: wide,channels=3,pad=255 | opencv-3.4-linear 100,90",
    "isopixel 1: bigram,scale=log",
]
LARGEST = 1 << 22  # bytes of a file


def files_of(folder, count):
    """So many of a folder's regular files, always the same ones of the same folder."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    files = [path for path in files if 0 < path.stat().st_size <= LARGEST and "\n" not in str(path)]
    return random.Random(1).sample(files, min(count, len(files)))


def disagreements(program, files):
    """A line for each file and recipe with which C and Python differ; the files are shared out among the recipes."""
    found = []
    for number, line in enumerate(RECIPES):
        recipe = isopixel.Recipe.parse(line)
        chosen = files[number :: len(RECIPES)]
        ran = subprocess.run([program, line, *chosen], capture_output=True, text=True, check=True)
        printed = ran.stdout.splitlines()
        expected = [f"{isopixel.fingerprint(recipe(path))}  {path}" for path in chosen]
        found += [f"{line}: {e}, not {p}" for e, p in zip(expected, printed, strict=True) if e != p]
    return found


def main():
    program, count, *folder = sys.argv[1:]
    files = files_of(Path(*folder or ["/usr"]), int(count))
    found = disagreements(program, files)
    print(*found, f"{len(files) - len(found)} of {len(files)} files agree", sep="\n")
    sys.exit(bool(found) or len(files) < int(count))


if __name__ == "__main__":
    main()

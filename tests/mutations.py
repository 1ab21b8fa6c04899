# SPDX-License-Identifier: MIT
"""Plants the faults of tests/faults.toml, one after the other, in a copy of this tree, and runs the tests.

    python -m tests.mutations [WORD...]     only those whose file or text has one of the words

A fault is found if one of the tests that are named with it fails; a fault that survives shows what they do not look
at. Run by hand, from the folder of the repository, when all tests pass: all of them take an hour.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import tomllib

ROOT = Path(__file__).parents[1]
TREE = ROOT / "build" / "mutations"


def faults(words):
    """The faults that have one of the words, or all; each has to be at exactly one place."""
    chosen = []
    for fault in tomllib.loads((ROOT / "tests" / "faults.toml").read_text(encoding="utf-8"))["fault"]:
        places = (ROOT / fault["file"]).read_text(encoding="utf-8").count(fault["old"])
        if places != 1:
            sys.exit(f"{fault['file']} has {places} places with {fault['old']!r}: mend tests/faults.toml")
        if not words or any(word in f"{fault['file']} {fault['old']} {fault['new']}" for word in words):
            chosen.append(fault)
    return chosen


def copy_tree():
    """Brings the tracked files as they are now to the copy, which keeps what it has built."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in filter(None, map(bytes.decode, names)):
        source, copy = ROOT / name, TREE / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() or copy.read_bytes() != source.read_bytes():
            shutil.copyfile(source, copy)
            shutil.copymode(source, copy)


def passes(*command):
    """Whether a command in the copy succeeds; what it prints goes to build/mutations.log."""
    with TREE.with_suffix(".log").open("a") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n")
        log.flush()
        return subprocess.run(command, cwd=TREE, stdout=log, stderr=subprocess.STDOUT, check=False).returncode == 0


def build():
    """Whether the copy can be installed."""
    return passes("make", ".venv/test")


def passes_tests(fault):
    """Whether the quick tests that are named with a fault pass, and those of tests/native."""
    names = [f"tests/{name}.py" for name in fault["tests"].split()]
    return passes(
        ".venv/bin/python", "-m", "pytest", "-q", "-x", "-n", "2", "-m", "(not slow or native) and not peers", *names
    )


def main(words):
    """Plants each fault, and prints what finds it; returns how many survive."""
    chosen = faults(words)
    copy_tree()
    if not build():
        sys.exit(f"the copy cannot be installed: see {TREE.with_suffix('.log')}")
    survivors = 0
    for number, fault in enumerate(chosen, 1):
        begun = time.monotonic()
        path = TREE / fault["file"]
        whole = path.read_text(encoding="utf-8")
        path.write_text(whole.replace(fault["old"], fault["new"]), encoding="utf-8")
        try:
            finder = "the compiler" if not build() else None if passes_tests(fault) else "a test"
        finally:
            path.write_text(whole, encoding="utf-8")
        survivors += finder is None
        verdict = "SURVIVES" if finder is None else f"found by {finder}"
        seconds = time.monotonic() - begun
        what = f"{fault['file']}: {fault['new']!r}"
        print(f"{number:3} of {len(chosen)}  {seconds:4.0f} s  {what}: {verdict}", flush=True)
    print(f"{survivors} of {len(chosen)} faults survive")
    return survivors


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)

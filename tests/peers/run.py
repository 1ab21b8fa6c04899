# SPDX-License-Identifier: MIT
"""Compares releases of Pillow, OpenCV and torch, installed side by side, with the frozen peers, bit for bit.

Their decoders of JPEG, and TensorFlow's, are compared with isopixel's. Prints one line for each release and method, and
for each decoder. Exits with 1 if a sample differs that should not, or too few releases have a wheel.
"""

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.peers import decoders
from tests.peers.comparison import Expectation, compare
from tests.peers.environments import NoWheelError, WorkerError, prepare
from tests.peers.peer_cases import make_cases
from tests.peers.releases import COUNTS, FEWEST, RELEASES
from tests.peers.table import Row, table

WORKERS = 2


def main():
    options = parse()
    done = []
    if options.only != "jpeg":
        done.append(compare_resizes(options))
    if options.only != "resize":
        done.append(compare_decoders(options))
    return 0 if all(done) else 1


def compare_decoders(options):
    """Compares the decoders; returns whether all is as it should be."""
    results, count, missing = decoders.compare()
    few = decoders.too_few(results)
    for line in few:
        print(line, flush=True)
    if few or not all(result.is_right for result in results):
        return False
    text = decoders.section(results, count, missing)
    if options.write:
        before, heading, _ = options.write.read_text(encoding="utf-8").partition(decoders.HEADING)
        options.write.write_text((before if heading else f"{before}\n") + text, encoding="utf-8")
    print(text)
    return True


def compare_resizes(options):
    """Compares the methods; returns whether all is as it should be."""
    print("installing, or taking from build/peers", flush=True)
    environments, missing = installed(options.torch)
    print("computing what the frozen peers say", flush=True)
    expectations = {library: Expectation(make_cases(library, count)) for library, count in COUNTS.items()}
    for release in environments:
        expectations[release.library].prepare(release.methods)
    rows = []
    start = time.monotonic()
    print("comparing", flush=True)
    with ThreadPoolExecutor(WORKERS) as pool:

        def compared(release):
            return outcome(release, environments[release], expectations[release.library])

        for lines, of_release in pool.map(compared, environments):
            print(*lines, sep="\n", flush=True)
            rows += of_release
    print(f"compared in {time.monotonic() - start:.0f} s", flush=True)
    few = too_few(environments)
    for line in (*missing, *few):
        print(line, flush=True)
    if few or not all(row.equal for row in rows):
        return False
    if options.write:
        _, heading, after = options.write.read_text(encoding="utf-8").partition(f"\n{decoders.HEADING}")
        options.write.write_text(table(rows, missing) + heading + after, encoding="utf-8")
    print(table(rows, missing))
    return True


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--torch", metavar="PYTHON", help="compare the torch of this interpreter alone")
    parser.add_argument(
        "--only", choices=("resize", "jpeg"), help="compare the methods, or the decoders of JPEG, alone"
    )
    parser.add_argument("--write", type=Path, metavar="FILE.md", help="where the tables go, each if all of it is equal")
    return parser.parse_args()


def installed(torch_python):
    """The environments by release, and lines about the releases that have none."""
    environments, missing = {}, []
    only = version_of(torch_python) if torch_python else None
    for release in RELEASES:
        if only and release.library == "torch" and release.version != only:
            continue
        try:
            environments[release] = prepare(release, torch_python)
        except NoWheelError as error:
            missing.append(f"skipped {release}: {error}")
            print(missing[-1], flush=True)
    return environments, missing


def version_of(torch_python):
    """The version of torch that an interpreter has, without a local part."""
    command = [torch_python, "-c", "import torch; print(torch.__version__)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("+")[0]


def too_few(releases):
    """Lines about the libraries of which too few releases are there."""
    names = [release.library for release in releases]
    found = {library: names.count(library) for library in FEWEST}
    return [f"{found[name]} releases of {name}, at least {n} wanted" for name, n in FEWEST.items() if found[name] < n]


def outcome(release, environment, expectation):
    """Compares one release; returns the lines about it, and the Rows of the table."""
    counts = expectation.counts(release.methods)
    try:
        differences = compare(release, environment, expectation)
    except WorkerError as error:
        return [f"{release}: {error}"], [Row(release, method, 0, False) for method in counts]
    lines, rows = [], []
    for method, count in counts.items():
        found = differences[method]
        verdict = f"{len(found)} DIFFERENT" if found else "equal"
        lines += [f"{release!s:<18} {method:<30} {count:>5} cases  {verdict}"]
        lines += [f"    {difference}" for difference in found if difference.text]
        rows.append(Row(release, method, count, not found))
    return lines, rows


if __name__ == "__main__":
    sys.exit(main())

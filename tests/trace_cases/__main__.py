# SPDX-License-Identifier: MIT
"""Prints how many planted divergences are named: python -m tests.trace_cases [--digests] [--only TEXT] [--pairs N]."""

import argparse
import sys
import tempfile
from collections import defaultdict

from tests.trace_cases import cases
from tests.trace_cases.judge import digests, judged, traced


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--digests", action="store_true", help="compare traces without samples")
    parser.add_argument("--only", default="", help="the cases whose ids hold this text")
    parser.add_argument("--pairs", type=int, default=120, help="of two faults each")
    parser.add_argument("--equal", type=int, default=500, help="without a fault")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        groups = {
            "single": cases.single(folder),
            "paired": cases.paired(folder, options.pairs),
            "equal": cases.equal(folder, options.equal),
        }
        for name, group in groups.items():
            table(name, measured(group, options))


def measured(group, options):
    """Counts right verdicts by cause, and prints what is wrong."""
    counts = defaultdict(lambda: [0, 0, 0, 0])
    for case in group:
        if options.only not in case.id:
            continue
        cause = case.faults[0].cause if case.faults else "equal"
        try:
            traces = traced(case)
            verdict = judged(case, [digests(trace) for trace in traces] if options.digests else traces)
        except Exception as error:
            counts[cause][0] += 1
            print(f"CRASH {case.id} [{case.path}]: {error!r}"[:400], flush=True)
            continue
        right = (verdict.is_step, verdict.is_cause, verdict.is_rest)
        counts[cause] = [n + more for n, more in zip(counts[cause], (1, *right), strict=True)]
        if not all(right):
            words = ["" if is_right else word for is_right, word in zip(right, ("STEP", "CAUSE", "REST"), strict=True)]
            print(f"{' '.join(filter(None, words))}: {case.id}: {verdict.said}", flush=True)
    return counts


def table(name, counts):
    """Prints the counts."""
    print(f"\n{name:16}  cases   step  cause   rest")
    total = [sum(row[n] for row in counts.values()) for n in range(4)]
    for cause, row in [*sorted(counts.items()), ("all", total)]:
        print(f"{cause:16} {row[0]:6} {row[1]:6} {row[2]:6} {row[3]:6}")
    if total[0]:
        print(f"{'':23} {' '.join(f'{100 * n / total[0]:5.1f}%' for n in total[1:])}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())

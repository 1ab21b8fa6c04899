# SPDX-License-Identifier: MIT
"""Prints which answers of `trace diff` and `explain` are right, by cause; exits with 1 if a figure is not reached."""

import argparse
import sys

from tests.trace_cases.measuring import FIGURES, SIZES, measured


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.trace_cases", description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(FIGURES), metavar="part", help=f"of {', '.join(FIGURES)}")
    parser.add_argument("--only", default="", help="the cases whose ids hold this text")
    parser.add_argument("--count", type=int, help="how many cases; of single, how many of each fault")
    options = parser.parse_args()
    missed = []
    for part in options.parts:
        found = measured(part, options.count or SIZES[part], options.only, lambda line: print(line, flush=True))
        print("", *found.table(part), "", sep="\n", flush=True)
        missed += found.missed(part)
    print(*missed, sep="\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

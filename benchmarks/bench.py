# SPDX-License-Identifier: MIT
"""Times isopixel beside its peers, one thread each, in interleaved rounds, and compares all results with the exact one.

Without options the instruction sets and thread counts of isopixel are timed too, and the results are written to
benchmarks/results; a run of a part prints only. It ends with status 1 where a result of isopixel is not exact.
"""

import argparse
import json
import os
import re
import sys
from functools import partial
from pathlib import Path

import numpy as np

import isopixel
from benchmarks import calls, chart, filters, frozen, machine, oracle, peers, pillow_simd, report, scaling
from benchmarks.cases import CASES
from benchmarks.measure import interleaved, summary

RESULTS = Path(__file__).parent / "results"
ROTATED = 4  # times the last-level cache that all copies of a cold source are larger than
SWEEP_SHARE = 0.4  # of the seconds of a case, for a case of a sweep


def exactness(result, exact):
    """The share of samples that are not the exact value, and the largest difference."""
    difference = np.abs(np.subtract(result, exact, dtype=np.int16))
    return {"share": float((difference > 0).mean()), "largest": int(difference.max())}


def measure_case(case, columns, seconds, cache):
    """The times of all peers, with the source in the cache and, if it is large, in memory; and how exact they are."""
    image = case.source()
    record = {"case": case.name, "kind": case.kind, "bytes": case.nbytes, "exactness": {}}
    for source in ("hot", "cold") if case.is_large else ("hot",):
        copies = 1 if source == "hot" else ROTATED * cache // case.nbytes + 2
        images = [image.copy() for _ in range(copies)]
        runners = {peer.name: peer.make(case, images) for peer in columns if peer.takes(case)}
        if source == "hot":
            exact = oracle.resize(image, case.size, case.antialias)
            for name, runner in runners.items():
                record["exactness"][name] = exactness(runner.result(), exact)
        runners[report.READING] = peers.reading_calls(case, images)
        times = interleaved(runners, copies, seconds, warm=case.nbytes <= cache)
        record[source] = {name: summary(values) for name, values in times.items()}
    return record


class WithIsa:
    """Calls of isopixel with one instruction set."""

    def __init__(self, isa, case, images):
        self.isa = isa
        self.calls = peers.isopixel_calls(case, images)

    def seconds(self, copies):
        isopixel.set_isa(self.isa)
        return self.calls.seconds(copies)

    def result(self):
        isopixel.set_isa(self.isa)
        return self.calls.result()


def sweep(cases, variants, seconds, cache):
    """Times variants of isopixel beside each other with hot sources.

    Args:
        cases: the cases.
        variants: by name, what makes calls of a case and the copies of its source.
        seconds: to spend on a case.
        cache: bytes of the last-level cache.
    """
    records = []
    for case in cases:
        progress(f"{case.name}: {', '.join(variants)}")
        image = case.source()
        exact = oracle.resize(image, case.size, case.antialias)
        runners = {name: make(case, [image]) for name, make in variants.items()}
        right = {name: exactness(runner.result(), exact) for name, runner in runners.items()}
        times = interleaved(runners, 1, seconds, warm=case.nbytes <= cache)
        records.append(
            {"case": case.name, "exactness": right, "hot": {name: summary(values) for name, values in times.items()}}
        )
    return records


def sweep_isas(cases, isas, *arguments):
    """Times instruction sets, and goes back to the one that was chosen."""
    chosen = isopixel.get_isa()
    try:
        return sweep(cases, {isa: partial(WithIsa, isa) for isa in isas}, *arguments)
    finally:
        isopixel.set_isa(chosen)


def sweep_threads(cases, counts, *arguments):
    """Times numbers of threads on the large cases."""
    variants = {str(count): partial(peers.isopixel_calls, threads=count) for count in counts}
    return sweep([case for case in cases if case.is_large], variants, *arguments)


def inexact(results):
    """The cases of which a result of isopixel is not exact, or that of a frozen peer not the library's."""
    ours = [(record["case"], record["exactness"]["isopixel"]) for record in results.get("cases", ())]
    for part in ("isas", "threads"):
        for record in results.get(part, ()):
            ours += [(f"{record['case']}, {part} {name}", right) for name, right in record["exactness"].items()]
    departed = [
        f"{record['case']}, {method}"
        for record in results.get("frozen", ())
        for method, times in record["methods"].items()
        if times["different"]
    ]
    return [name for name, right in ours if right["largest"]] + departed


def write(folder, text, results):
    """Writes the report, all numbers and the chart."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.md").write_text(text, encoding="utf-8")
    (folder / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    chart.draw(results, folder / "results.png")
    scaling.draw(results["scaling"], folder / "scaling.png")


def progress(text):
    print(text, file=sys.stderr, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=3.0, help="to spend on each case and source (default 3)")
    parser.add_argument("--cases", type=re.compile, metavar="REGEX", help="only the cases whose name it is found in")
    parser.add_argument("--isa", metavar="all|NAME[,NAME]", help="only isopixel, with these instruction sets")
    parser.add_argument("--threads", metavar="N[,N]", help="only isopixel, with these numbers of threads")
    parser.add_argument("--output", type=Path, default=RESULTS, help="folder of the results (default %(default)s)")
    parser.add_argument("--pillow-simd", action="store_true", help="first build the environment of pillow-simd")
    return parser.parse_args()


def main():
    options = parse_arguments()
    if options.pillow_simd and not pillow_simd.is_built():
        pillow_simd.build()
    cases = [case for case in CASES if not options.cases or options.cases.search(case.name)]
    if not cases:
        sys.exit(f"no case is called {options.cases.pattern}")
    cache = machine.cache_bytes()
    swept = options.isa or options.threads
    full = not (swept or options.cases)
    sweep_seconds = options.seconds * SWEEP_SHARE
    results = {"machine": machine.describe()}
    if not swept:
        columns = [*peers.packages(), *peers.others()]
        results["peers"] = {peer.name: {"version": peer.version, "counts": peer.counts} for peer in columns}
        results["cases"] = []
        for case in cases:
            progress(case.name)
            results["cases"].append(measure_case(case, columns, options.seconds, cache))
    if full:
        results["frozen"] = frozen.measure(sweep_seconds, cache, progress)
        results["calls"] = calls.measure(options.seconds, progress)
        results["scaling"] = scaling.measure(columns, sweep_seconds, cache, progress)
    if options.isa or full:
        isas = isopixel.available_isas() if full or options.isa == "all" else options.isa.split(",")
        results["isas"] = sweep_isas(cases, isas, sweep_seconds, cache)
    if options.threads or full:
        counts = map(int, options.threads.split(",")) if options.threads else powers_of_two(os.cpu_count())
        results["threads"] = sweep_threads(cases, counts, sweep_seconds, cache)
    text = report.markdown(results)
    print(text)
    wrong = inexact(results)
    if full:
        write(options.output, text, results)
        wrong += filters.run(options.output, sweep_seconds, cache, progress)
    sys.exit(f"isopixel is not exact: {'; '.join(wrong)}" if wrong else 0)


def powers_of_two(most):
    """1, 2, 4, … up to most."""
    return [1 << bit for bit in range(most.bit_length())]


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: MIT
"""What the corpus reaches of the core: `make fuzz-coverage`.

Builds the fuzz target with Clang's counters in build/fuzz-coverage, runs it on tests/fuzz/corpus alone, prints what is
reached of each file of src/, and fails if that is too little: each function of isopixel.h is called, and of the lines
and branches there are as many reached as LINES and BRANCHES say, but for those that unreached.txt names with a reason.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
FUZZ = ROOT / "tests" / "fuzz"
BUILD = ROOT / "build" / "fuzz-coverage"
LINES, BRANCHES = 0.97, 0.90
MOST_EXCLUDED = 0.02  # of the lines
# The files that cannot run where the processor lacks a flag.
AVX512 = {"avx2", "avx512f", "avx512bw", "avx512dq", "avx512vl"}
AVX512_VNNI = AVX512 | {"avx512vbmi", "avx512_vnni"}
FLAGS = {
    "src/kernels/avx2.cpp": {"avx2"},
    "src/kernels/direct-256-inl.h": {"avx2"},
    "src/kernels/pictures-256-inl.h": {"avx2"},
    "src/kernels/avx512-inl.h": AVX512,
    "src/kernels/avx512.cpp": AVX512,
    "src/kernels/avx512vnni.cpp": AVX512_VNNI,
    "src/kernels/direct-512-inl.h": AVX512_VNNI,
    "src/kernels/fused-inl.h": AVX512_VNNI,
    "src/bilinear/fused_resizer.cpp": AVX512_VNNI,
    "src/bilinear/fused_table.cpp": AVX512_VNNI,
    "src/bilinear/fused_table.h": AVX512_VNNI,
}


def run(*command, **variables):
    """Runs a command, which has to succeed, with CMake from where `make` puts it; returns what it printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=os.environ | {"PATH": path} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}"[-4000:])
    return done.stdout


def profile():
    """Builds the target and runs the corpus; returns the options of llvm-cov for what was counted."""
    missing = [tool for tool in ("clang++-19", "llvm-cov-19", "llvm-profdata-19") if not shutil.which(tool)]
    if missing:
        sys.exit(f"missing {', '.join(missing)}: apt install clang-19 libclang-rt-19-dev llvm-19")
    run("cmake", "-S", FUZZ, "-B", BUILD, "-DCOVERAGE=ON", "-DCMAKE_CXX_COMPILER=clang++-19")
    run("cmake", "--build", BUILD, "--parallel", os.cpu_count())
    counts, merged = BUILD / "counts.profraw", BUILD / "counts.profdata"
    options = ("-runs=0", "-timeout=60", f"-artifact_prefix={BUILD}/")
    run(BUILD / "fuzz", *options, FUZZ / "corpus", LLVM_PROFILE_FILE=str(counts))
    run("llvm-profdata-19", "merge", "-o", merged, counts)
    return BUILD / "fuzz", f"-instr-profile={merged}", ROOT / "src"


def name_of(file):
    return Path(file).resolve().relative_to(ROOT).as_posix()


def counted(options):
    """What was counted of each file: how often each line ran, and each side of each branch; and of each function."""
    lines, branches = defaultdict(dict), defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for line in run("llvm-cov-19", "export", "-format=lcov", *options).splitlines():
        kind, _, rest = line.partition(":")
        if kind == "SF":
            file = name_of(rest)
        elif kind == "DA":
            number, count = map(int, rest.split(","))
            lines[file][number] = count
    (export,) = json.loads(run("llvm-cov-19", "export", *options))["data"]
    # What is compiled several times, for instruction sets or types, is one branch.
    for file in export["files"]:
        for line, column, end_line, end_column, taken, not_taken, *_ in file["branches"]:
            sides = branches[name_of(file["filename"])][line, column, end_line, end_column]
            sides[0] += taken
            sides[1] += not_taken
    functions = {function["name"]: function["count"] for function in export["functions"]}
    return lines, branches, functions


def excluded(lines):
    """The lines that unreached.txt excludes, of each file; each of its entries has to be of use."""
    left_out, reason, problems = defaultdict(set), "", []
    for entry in (FUZZ / "unreached.txt").read_text(encoding="utf-8").splitlines():
        if entry.startswith("#") or not entry:
            reason = entry.strip("# ")
            continue
        file, _, text = entry.partition(": ")
        source = ["", *(ROOT / file).read_text(encoding="utf-8").splitlines()]
        found = [n for n in range(1, len(source)) if source[n].strip() == text.strip()]
        counts = lines.get(file, {})  # none of a file that is not counted here
        block = {n for first in found for n in block_of(source, first)} & counts.keys()
        if not reason:
            problems.append(f"an entry without a reason: {entry}")
        elif not found:
            problems.append(f"an entry of a line that is not there: {entry}")
        elif counts and all(counts[n] for n in block):
            problems.append(f"an entry of lines that are reached: {entry}")
        left_out[file] |= {n for n in block if not counts[n]}
    return left_out, problems


def block_of(source, first):
    """A line, and all that is indented under it, with the brace that ends that."""
    indent = len(source[first]) - len(source[first].lstrip())
    last = first
    while last + 1 < len(source) and (not source[last + 1] or source[last + 1].startswith(" " * (indent + 1))):
        last += 1
    ends = last + 1 < len(source) and source[last + 1].startswith(" " * indent + "}")
    return range(first, last + 1 + ends)


def interface():
    """The names of the functions of isopixel.h."""
    header = (ROOT / "include" / "isopixel.h").read_text(encoding="utf-8")
    names = re.findall(r"^ISOPIXEL_API [^;(]*?(isopixel_\w+)\(", header, re.MULTILINE)
    if not names or len(names) != len(re.findall(r"^ISOPIXEL_API ", header, re.MULTILINE)):
        sys.exit("isopixel.h: functions whose names are not found")
    return names


def verdict(lines, branches, functions):
    """What is wrong with these numbers: lines in all, missed and excluded; branches in all and missed; calls."""
    shares = {
        "lines": (1 - lines[1] / (lines[0] - lines[2]), LINES),
        "branches": (1 - branches[1] / branches[0], BRANCHES),
        "lines that are not excluded": (1 - lines[2] / lines[0], 1 - MOST_EXCLUDED),
    }
    problems = []
    for name, (share, least) in shares.items():
        print(f"{name}: {share:.1%}, at least {least:.0%}")
        if share < least:
            problems.append(f"too few {name}: {share:.1%}")
    return problems + [f"{name}() of isopixel.h is never called" for name in interface() if not functions.get(name)]


def main():
    lines, branches, functions = counted(profile())
    for file, flags in FLAGS.items():
        if not flags <= set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split()):
            print(f"not counted: {file}, whose instruction set this processor does not have")
            lines.pop(file, None)  # None if it has no functions of its own
    left_out, problems = excluded(lines)
    row = "{:34}{:>8}{:>8}{:>10}{:>10}{:>8}".format
    print(row("", "lines", "missed", "excluded", "branches", "missed"))
    total = [0] * 5
    for file in sorted(lines):
        missed = [line for line, count in lines[file].items() if not count and line not in left_out[file]]
        sides = {place: both for place, both in branches[file].items() if place[0] not in left_out[file]}
        one_sided = [place for place, both in sides.items() for count in both if not count]
        numbers = [len(lines[file]), len(missed), len(left_out[file]), 2 * len(sides), len(one_sided)]
        total = [sum(pair) for pair in zip(total, numbers, strict=True)]
        print(row(file, *numbers))
        if "--missed" in sys.argv:
            show(file, missed, one_sided)
    print(row("all", *total))
    problems += verdict(total[:3], total[3:], functions)
    if problems:
        sys.exit("\n".join(problems))


def show(file, missed, one_sided):
    """Prints the lines that are not reached, and those of branches of which a side is not."""
    source = (ROOT / file).read_text(encoding="utf-8").splitlines()
    columns = defaultdict(list)
    for line, column, *_ in one_sided:
        columns[line].append(column)
    for line in sorted({*missed, *columns}):
        what = "missed" if line in missed else f"column {', '.join(map(str, columns[line]))}"
        print(f"    {line}: {source[line - 1]}    # {what}")


if __name__ == "__main__":
    main()

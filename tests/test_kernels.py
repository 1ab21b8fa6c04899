# SPDX-License-Identifier: MIT
"""Each function of each table of kernels: against the scalar one, and alone in what it shares with other files."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

import isopixel
from tests.builds import ROOT, build_plainly, checked_run
from tests.conftest import ISAS

MISTAKES = [
    "blocks.fold_rows",
    "blocks.blend_rows",
    "blocks.horizontal32.triangle",
    "blocks.horizontal32.taps",
    "blocks.horizontal32.taps:gap",  # a byte between two rows of the result
    "blocks.horizontal64.triangle",
    "blocks.horizontal64.triangle:run",  # only in segments longer than a run
    "blocks.horizontal64.taps",
    "taps.tap_row",
    "taps.tap_row:windows",  # taps of the last of four windows
    "taps.tap_row:wide",  # a sum of 16 bits with the highest of them
    "taps.blend_lines:whole",  # a numerator whose low bits are not cut off first
    "taps.blend_lines",
    "windows.weigh_rows",
    "windows.weigh_rows:wide",  # sums of the high bits of weights beyond 16 bits
    "windows.weigh_rows:clip",  # a sum below 0
    "windows.weigh_rows:quads",  # more quads than the scratch memory holds
    "windows.add_rows",
    "windows.round_rows",  # sums below 0
    "windows.round_rows:sums",  # sums of rows that came before
    "two_tap.blend_linear",
    "two_tap.blend_exact",
    "two_tap.blend_fixed",
    "multi_tap.sum_taps",
    "multi_tap.sum_taps:windows",  # taps of the last of four windows
    "multi_tap.blend_cubic",  # products and sums rounded together
    "multi_tap.blend_cubic:rest",  # binary32 for the samples behind the last eight too
    "multi_tap.blend_lanczos4",
    "halving.halve_rows",  # a half that is to go down to an even number
    "areas.sum_areas",  # products that are not rounded
    "areas.add_areas",
    "areas.round_areas",
    "windowed.add_rows",  # a weight that is off by a hundredth of a level
    "windowed.transpose",
    "windowed.add_columns",
    "windowed.round_sums",
    "pictures.inverse_dct",  # a level, in one sample
    "pictures.inverse_dct:range",
    "pictures.inverse_dct:products",  # modulo 2^16
    "pictures.transform_colours",
    "spectrum.estimate",  # the last bin of the last frame, by little
    "spectrum.estimate:convolution",
    "spectrum.estimate:sums",
    "spectrum.weigh",  # the last of an odd number of bins
    "spectrum.weigh:error",
    "direct.narrow_rows",
    "direct.wide_rows",
    "direct.wide_rows:window",
    "direct.blend",
    "direct.blend_small",
    "fused.sum_windows",
    "fused.sum_windows:middle",  # samples less 128
    "fused.sum_windows:large",  # the upper bits of weights
    "fused.fold_windows",
    "fused.fold_windows:bias",  # reciprocals whose product is too small
    "fused.fold_windows:fresh",
]


def run_kernels(native, *arguments):
    return subprocess.run([native / "kernels", *arguments], capture_output=True, text=True, check=False)


def test_every_set_is_known():
    assert set(isopixel.available_isas()) <= set(ISAS)


def test_the_program_has_the_sets_of_the_package(native):
    assert tuple(run_kernels(native, "--list").stdout.split()) == isopixel.available_isas()


@pytest.mark.parametrize(
    "isa", [pytest.param(isa, marks=pytest.mark.slow if isa == "plain" else ()) for isa in ISAS], indirect=True
)
def test_kernels(native, isa):
    """On random inputs that lean to the extremes; the scalar kernels against the definitions of kernels.h."""
    run = run_kernels(native, isa)
    assert run.returncode == 0, run.stdout + run.stderr
    passed = re.fullmatch(r"(\w+): (\d+) checks passed\n", run.stdout)
    assert passed and passed[1] == isa and int(passed[2]) > 95_000, run.stdout


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(native, mistake):
    best = isopixel.available_isas()[-1]
    if (mistake.startswith("fused") and best != "avx512vnni") or (mistake.startswith("direct") and best == "scalar"):
        pytest.skip(f"{best} has no such function; tests/test_emulation.py tries this mistake")
    check_that_a_mistake_is_found(native, best, mistake)


def check_that_a_mistake_is_found(native, best, mistake):
    run = run_kernels(native, "--wrong", mistake)
    function = mistake.split(":")[0]
    assert run.returncode == 1, run.stdout + run.stderr
    assert run.stdout.startswith(f"{best}: {function}("), run.stdout


def test_every_mistake_is_tried(native):
    run = run_kernels(native, "--wrong", "nothing")
    assert (run.returncode, run.stderr.split("--wrong accepts ")[1].split()) == (2, MISTAKES)


@pytest.fixture(scope="module")
def compile_commands():
    """How the library's files are compiled, by their names without the suffix."""
    commands = json.loads((build_plainly() / "compile_commands.json").read_text(encoding="utf-8"))
    return {Path(c["file"]).stem: shlex.split(c["command"]) for c in commands}


def global_symbols(command, folder, source, option):
    """The symbols that the object file of a source shares with others, when it is compiled by a file's command."""
    command = [*command, option]
    command[command.index("-o") + 1] = folder / "file.o"
    command[command.index("-c") + 1] = source
    checked_run(*command)
    lines = checked_run("nm", "--demangle", "--defined-only", "--extern-only", folder / "file.o").splitlines()
    return {line.split(maxsplit=2)[2] for line in lines}


# all inline functions become symbols, or few
@pytest.mark.parametrize("option", ["-O0", "-O3"])
@pytest.mark.parametrize(
    ("file", "table"),
    [
        ("plain", "kPlainKernels"),
        ("avx2", "kAvx2Kernels"),
        ("avx512", "kAvx512Kernels"),
        ("avx512vnni", "kAvx512VnniKernels"),
    ],
)
@pytest.mark.slow
def test_nothing_is_shared_but_the_table(compile_commands, tmp_path, file, table, option):
    """The linker keeps one copy of what several files define: it could be the one that needs these instructions."""
    if file not in compile_commands:
        pytest.skip(f"the build for this processor does not have {file}")
    source = ROOT / "src" / "kernels" / f"{file}.cpp"
    assert global_symbols(compile_commands[file], tmp_path, source, option) == {f"isopixel::{table}"}


def test_what_is_shared_is_found(compile_commands, tmp_path):
    command = compile_commands["scalar"]
    source = tmp_path / "shared.cpp"
    source.write_text("#include <algorithm>\nint least(int a, int b) { return std::min(a, b); }\n", encoding="utf-8")
    assert global_symbols(command, tmp_path, source, "-O3") == {"least(int, int)"}
    found = global_symbols(command, tmp_path, source, "-O0")
    assert found == {"least(int, int)", "int const& std::min<int>(int const&, int const&)"}

# SPDX-License-Identifier: MIT
"""The frozen peers' weights are defined by floating point: no option of whoever builds the library may change them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WEIGHTS = ROOT / "src" / "frozen" / "weights.cpp"
HOSTILE = "-Ofast -ffast-math -ffp-contract=fast -march=native"


def test_the_vectors_with_hostile_flags(tmp_path):
    """R-19: CMake's options come after the user's."""
    cmake = Path(sys.executable).parent / "cmake"
    options = ["-DISOPIXEL_TESTS=ON", "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_CXX_FLAGS={HOSTILE}"]
    build = [cmake, "--build", tmp_path, "--parallel", "2", "--target", "runner"]
    known = tmp_path / "cases.txt"
    write = [sys.executable, "-m", "tests.platforms.cases", "write", known]
    program = [tmp_path / "tests" / "platforms" / "runner", known]
    for command in ([cmake, "-S", ROOT, "-B", tmp_path, *options], build, write, program):
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr.startswith("plain scalar ")
    assert run.stdout.startswith(known.read_text(encoding="ascii"))


@pytest.mark.parametrize("flags", ["-ffast-math", "-Ofast"])
def test_fast_math_does_not_compile(flags, tmp_path):
    """Where somebody builds without CMake's options."""
    command = ["c++", "-std=c++17", flags, f"-I{ROOT / 'src'}", "-c", WEIGHTS, "-o", tmp_path / "weights.o"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "need -fno-fast-math" in run.stderr

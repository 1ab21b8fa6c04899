# SPDX-License-Identifier: MIT
"""The frozen peers' weights are defined by floating point: no option of whoever builds the library may change them."""

import subprocess

import pytest

from tests.builds import ROOT, build
from tests.platforms import cases

HOSTILE = "-Ofast -ffast-math -ffp-contract=fast -march=native"


@pytest.mark.slow
def test_the_vectors_with_hostile_flags(tmp_path):
    """R-19: CMake's options come after the user's."""
    folder = build("hostile", ["-DISOPIXEL_TESTS=ON", f"-DCMAKE_CXX_FLAGS={HOSTILE}"], ["runner"])
    known = tmp_path / "cases.txt"
    known.write_text("".join(f"{line}\n" for line in cases.known_lines()), encoding="ascii")
    command = [folder / "tests" / "platforms" / "runner", known]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stderr.startswith("plain scalar ")
    assert run.stdout.startswith(known.read_text(encoding="ascii"))


@pytest.mark.parametrize("flags", ["-ffast-math", "-Ofast"])
@pytest.mark.parametrize("file", ["frozen/weights", "kernels/scalar", "kernels/plain"])
@pytest.mark.slow
def test_fast_math_does_not_compile(file, flags, tmp_path):
    """Where somebody builds without CMake's options."""
    command = ["c++", "-std=c++17", flags, "-Isrc", "-Iinclude", "-c", f"src/{file}.cpp", "-o", tmp_path / "file.o"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "need -fno-fast-math" in run.stderr

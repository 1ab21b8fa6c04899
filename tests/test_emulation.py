# SPDX-License-Identifier: MIT
"""The sets of AVX-512 where the processor lacks them: their instructions emulated, by tests/emulation, on AVX2."""

import re
import subprocess

import pytest

import isopixel
from tests.builds import build_emulated
from tests.test_kernels import MISTAKES, check_that_a_mistake_is_found, run_kernels

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),  # with the sanitizer, the emulated sets take minutes to compile
    pytest.mark.skipif("avx2" not in isopixel.available_isas(), reason="the emulation is for processors with AVX2"),
]


@pytest.fixture(scope="module")
def emulated():
    """The folder of the programs of tests/native, with the emulated sets, and with the sanitizers."""
    return build_emulated("kernels", "engines", "windowed") / "tests" / "native"


@pytest.mark.parametrize("isa", ["avx512", "avx512vnni"])
def test_kernels(emulated, isa):
    run = run_kernels(emulated, isa)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.startswith(f"{isa}: ")


@pytest.mark.parametrize("mistake", [mistake for mistake in MISTAKES if mistake.startswith(("direct", "fused"))])
def test_a_mistake_is_found(emulated, mistake):
    check_that_a_mistake_is_found(emulated, "avx512vnni", mistake)


def test_engines(emulated):
    run = subprocess.run([emulated / "engines", "1000"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert int(re.search(r"fused (\d+)", run.stdout)[1]) > 100, run.stdout


def test_windowed(emulated):
    run = subprocess.run([emulated / "windowed"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, ""), run.stdout + run.stderr
    assert int(re.search(r"(\d+) settled", run.stdout)[1]) > 100, run.stdout

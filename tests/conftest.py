# SPDX-License-Identifier: MIT
"""What tests of several files need: the programs of tests/native, and the instruction sets one by one."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

import isopixel

ROOT = Path(__file__).parents[1]
# What tests/native is built with: "thread" for the thread sanitizer.
SANITIZER = os.environ.get("ISOPIXEL_TEST_SANITIZER", "address,undefined")
SANITIZERS = f"-fsanitize={SANITIZER} -fno-sanitize-recover=all -fno-omit-frame-pointer -Wall -Wextra -Werror"
ISAS = ("scalar", "plain", "avx2", "avx512", "neon")


def cmake(*arguments):
    """Runs CMake."""
    checked_run(Path(sys.executable).parent / "cmake", *arguments)


def checked_run(*command, **options):
    """Runs a command, which has to succeed; returns what it printed."""
    run = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="session")
def native(tmp_path_factory):
    """The folder of the programs of tests/native, built with the sanitizers, once for all workers."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    build = base / "native"
    with (base / "native.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (build / "complete").exists():
            flags = [f"-DCMAKE_{language}_FLAGS={SANITIZERS}" for language in ("C", "CXX")]
            flags.append("-DCMAKE_CXX_FLAGS_RELEASE=-O1")  # compiles in half the time
            cmake("-S", ROOT, "-B", build, "-DISOPIXEL_TESTS=ON", *flags)
            cmake("--build", build, "--parallel", "2")
            (build / "complete").touch()
    return build / "tests" / "native"


def use(name):
    """A generator for a fixture, during which the instruction set is in use.

    One that this CPU or build lacks is skipped, unless the environment variable ISOPIXEL_TEST_REQUIRE_ISA names it (some
    names with commas between them): then it is a failure.
    """
    required = [word for word in os.environ.get("ISOPIXEL_TEST_REQUIRE_ISA", "").split(",") if word]
    assert set(required) <= set(ISAS), f"ISOPIXEL_TEST_REQUIRE_ISA is {','.join(required)}, and there are {ISAS}"
    if name not in isopixel.available_isas():
        assert name not in required, f"ISOPIXEL_TEST_REQUIRE_ISA names {name}, which this CPU or build does not have"
        pytest.skip(f"this CPU or build does not have {name}")
    former = isopixel.get_isa()
    isopixel.set_isa(name)
    assert isopixel.get_isa() == name
    yield name
    isopixel.set_isa(former)


@pytest.fixture(params=ISAS)
def isa(request):
    """Each instruction set in turn, in use."""
    yield from use(request.param)


@pytest.fixture(params=ISAS[1:])
def vector_isa(request):
    """Each instruction set in turn, in use, but the scalar one, which the others are compared with."""
    yield from use(request.param)

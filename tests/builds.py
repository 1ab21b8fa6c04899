# SPDX-License-Identifier: MIT
"""What tests compile: a folder in build/tests for each set of flags, in which only what changed is compiled again."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What tests/native is built with: "thread" for the thread sanitizer.
SANITIZER = os.environ.get("ISOPIXEL_TEST_SANITIZER", "address,undefined")
SANITIZERS = f"-fsanitize={SANITIZER} -fno-sanitize-recover=all -fno-omit-frame-pointer"
HEADERS = "headers/own"  # where the header is installed, apart from those of others


def cmake(*arguments):
    """Runs CMake."""
    checked_run(Path(sys.executable).parent / "cmake", *arguments)


def checked_run(*command, **options):
    """Runs a command, which has to succeed; returns what it printed."""
    run = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def build(name, options, targets):
    """The folder build/tests/NAME, configured with some options, in which some targets are up to date.

    The workers of a test run share it: one builds at a time.
    """
    folder = ROOT / "build" / "tests" / name
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_new = not (folder / "CMakeCache.txt").exists()
        generator = ["-G", "Ninja"] if is_new and shutil.which("ninja") else []
        cmake("-S", ROOT, "-B", folder, f"-DCMAKE_INSTALL_INCLUDEDIR={HEADERS}", *generator, *options)
        if targets:
            cmake("--build", folder, "--parallel", "2", "--target", *targets)
    return folder


def build_with_sanitizers():
    """The programs of tests/native and tests/platforms, and the libraries."""
    flags = [f"-DCMAKE_{language}_FLAGS={SANITIZERS} -Wall -Wextra -Werror" for language in ("C", "CXX")]
    # -O1 compiles in half the time of -O3; -O0 saves half of that again, and the kernels' checks take it.
    options = ["-DISOPIXEL_TESTS=ON", "-DCMAKE_CXX_FLAGS_RELEASE=-O1", *flags]
    return build(SANITIZER.replace(",", "-"), options, ["all"])


def build_emulated(*targets):
    """Some of the programs of tests/native, with AVX-512 emulated; other sanitizers take minutes to compile that."""
    emulation = ROOT / "tests" / "emulation" / "emulation.cmake"
    flags = "-DCMAKE_CXX_FLAGS_RELEASE=-O1 -fsanitize=address"
    return build("emulated", ["-DISOPIXEL_TESTS=ON", flags, f"-DCMAKE_PROJECT_INCLUDE={emulation}"], targets)


def build_plainly(*targets):
    """The libraries as hosts build them, and compile_commands.json."""
    options = ["-DCMAKE_CXX_FLAGS_RELEASE=-O1 -DNDEBUG", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON"]
    return build("plain", options, targets)

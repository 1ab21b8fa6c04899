# SPDX-License-Identifier: MIT
"""The C interface from many threads at once; `make test-threads` runs this under the thread sanitizer."""

import os
import re
import subprocess

import pytest

from tests.builds import SANITIZER


def run_threads(native, *arguments):
    # The first race ends the program, which could hang in the report of a second one.
    environment = os.environ | {"TSAN_OPTIONS": "halt_on_error=1"}
    command = [native / "threads", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_threads(native):
    """The first use, a resize in several threads, resizes and streams at once while the instruction set changes."""
    run = run_threads(native)
    assert run.returncode == 0, run.stdout + run.stderr
    assert re.fullmatch(r"\d{5} passed, 0 failed\n", run.stdout), run.stdout


@pytest.mark.skipif(SANITIZER != "thread", reason="needs the thread sanitizer: make test-threads")
def test_a_race_is_found(native):
    run = run_threads(native, "--race")
    assert run.returncode != 0
    assert "ThreadSanitizer: data race" in run.stderr

# SPDX-License-Identifier: MIT
"""Interpreters beside the main one, in which pybind11 would wait for ever on some releases of Python."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
try:
    import _interpreters as interpreters  # Python 3.13 and newer
    run, create = interpreters.exec, lambda: interpreters.create("legacy")
except ImportError:
    import _xxsubinterpreters as interpreters
    run, create = interpreters.run_string, lambda: interpreters.create(isolated=False)
failed = run(create(), f"import sys; sys.path[:] = {sys.path!r}; import isopixel")
if failed is not None:
    raise RuntimeError(failed.formatted)
"""


def test_only_the_main_interpreter_imports_it():
    pytest.importorskip("_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters")
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 1
    assert "ImportError" in run.stderr
    assert "isopixel works in the main interpreter alone" in run.stderr

# SPDX-License-Identifier: MIT
"""The program isopixel: in this process, as most tests run it, and as a user does.

test_cli.py shows for each command that both give the same.
"""

import io
import re
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from isopixel.__main__ import main

PROGRAM = Path(sys.executable).parent / "isopixel"


def run(*arguments):
    """Runs the command line in this process; returns what subprocess.run does."""
    # as Python has them for a pipe
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors) for errors in ("strict", "backslashreplace"))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["isopixel", *map(str, arguments)])
        patch.delattr(sys.modules["__main__"], "__package__")  # where click finds how the program was started
        with pytest.raises(SystemExit) as ended:
            main()
    printed = []
    for file in (out, err):
        file.flush()
        printed.append(file.buffer.getvalue().decode("utf-8"))
    return subprocess.CompletedProcess(arguments, ended.value.code or 0, *printed)


def heed():
    """Has this process heed signals, as one that a person started: a shell's background ignores SIGINT."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def run_program(*arguments, **options):
    """Runs the program in a process of its own."""
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, **options)


def assert_refused(result, *words):
    """One line on stderr, no traceback, the exit code 2."""
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert re.fullmatch(r"isopixel: [^\n]+\n", result.stderr), result.stderr
    for word in words:
        assert word in result.stderr

# SPDX-License-Identifier: MIT
"""The command that runs a script or a module under a trace."""

import os
import signal
import subprocess
import sys

import pytest

from isopixel._trace.file import load
from tests.program import assert_refused, heed, run, run_program

SCRIPT = """
import os, sys
from PIL import Image
small = Image.new("RGB", (40, 70)).resize((4, 7))
print("arguments", sys.argv[1:], __name__, "to", sys.stdin.read() if "-" in sys.argv else "none")
exec(sys.argv[1])
"""


@pytest.fixture
def script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "script.py").write_text(SCRIPT, encoding="ascii")
    (tmp_path / "beside.py").write_text("here = 3", encoding="ascii")
    return tmp_path / "script.py"


def assert_traced():
    trace = load("a.trace")
    assert [step.name for step in trace.steps] == ["resize"] and trace.warnings == ()
    assert trace.steps[0].at == "script.py:4"


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("pass", 0, ""),
        pytest.param("import beside; print(beside.here)", 0, "", marks=pytest.mark.slow),
        pytest.param("sys.exit()", 0, "", marks=pytest.mark.slow),
        ("sys.exit(7)", 7, ""),
        pytest.param("sys.exit('bye')", 1, "bye\n", marks=pytest.mark.slow),
        ("raise ValueError('größe')", 1, "ValueError: größe\n"),
        pytest.param("raise OSError('x')", 1, "OSError: x\n", marks=pytest.mark.slow),
        pytest.param("import click; raise click.UsageError('x')", 1, "x\n", marks=pytest.mark.slow),
        pytest.param("raise KeyboardInterrupt", 130, "KeyboardInterrupt\n", marks=pytest.mark.slow),
        pytest.param(
            "os.kill(os.getpid(), 2); import time; time.sleep(9)", 130, "KeyboardInterrupt\n", marks=pytest.mark.slow
        ),
    ],
)
def test_a_script_ends_as_it_would(script, code, status, error):
    arguments = ("trace", "run", "-o", "a.trace", "--", "script.py", code, "-o", "--keep")
    traced = run_program(*arguments, env=os.environ, preexec_fn=heed)
    assert traced.returncode == status
    assert traced.stdout.startswith(f"arguments {[code, '-o', '--keep']} __main__")
    assert traced.stderr.endswith(error) and bool(traced.stderr) == bool(error)
    if "Traceback" in traced.stderr:
        assert traced.stderr.splitlines()[1].startswith(f'  File "{script}", line 6')  # nothing of ours above it
        assert "isopixel" not in traced.stderr
    assert_traced()


@pytest.mark.parametrize(
    "text",
    ["import os, sys\nos.chdir('/')\nprint(__file__, sys.argv[1:], sys.path[0])", "def f(:"],
)
def test_a_script_sees_and_says_what_it_would(script, text):
    """Its own path, which is absolute, and errors in its text."""
    script.write_text(text, encoding="ascii")
    plain = subprocess.run([sys.executable, "script.py", "a"], capture_output=True, text=True)
    traced = run_program("trace", "run", "-o", "a.trace", "--", "script.py", "a")
    assert (traced.returncode, traced.stdout, traced.stderr) == (plain.returncode, plain.stdout, plain.stderr)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "is_read"), [("sys.exit(1)", True), ("raise KeyError", True), ("raise KeyboardInterrupt", False)]
)
def test_what_an_interrupt_leaves_out(script, end, is_read):
    """What the samples show that are not kept: who interrupts a program does not want to wait for its trace."""
    code = (
        f"import isopixel; from numpy import eye; [isopixel.step('a', eye(30) * n * range(30)) for n in (1, 2)]; {end}"
    )
    run_program(
        "trace", "run", "-o", "a.trace", "--keep", "0", "--", "script.py", code, env=os.environ, preexec_fn=heed
    )
    trace = load("a.trace")
    assert bool(trace.findings) == is_read and trace.warnings == ()


@pytest.mark.slow
def test_a_script_that_is_killed_leaves_what_it_did(script):
    traced = run_program("trace", "run", "-o", "a.trace", "--", "script.py", "os.kill(os.getpid(), 9)")
    assert traced.returncode == -signal.SIGKILL
    trace = load("a.trace")
    assert len(trace.steps) == 1 and "breaks off" in trace.warnings[0]


@pytest.mark.slow
def test_a_module(script):
    traced = run_program("trace", "run", "-o", "a.trace", "--keep", "0", "--", "-m", "script", "sys.exit(5)")
    assert traced.returncode == 5 and "__main__" in traced.stdout
    assert_traced()
    assert all(value.array is None for value in load("a.trace").values)
    traced = run_program("trace", "run", "-o", "a.trace", "--", "-m", "none_such")
    assert (traced.returncode, traced.stderr) == (1, "ImportError: No module named none_such\n")


@pytest.mark.slow
def test_a_script_reads_its_input(script):
    traced = run_program("trace", "run", "-o", "a.trace", "--", "script.py", "pass", "-", input="größe")
    assert "to größe" in traced.stdout


def test_what_is_refused(script, tmp_path):
    assert_refused(run("trace", "run", "-o", "a.trace", "--", "none.py"), "there is no script 'none.py'")
    assert_refused(run("trace", "run", "-o", "none/a.trace", "--", "script.py"), "no folder")
    assert_refused(run("trace", "run", "-o", "script.py", "--", "script.py", "pass"), "not a trace")
    assert_refused(run("trace", "run", "-o", "a.trace", "--keep", "-1", "--", "script.py"), "keep is 0")
    assert_refused(run("trace", "run", "-o", "a.trace", "--", "-m"), "-m needs the name of a module")
    assert_refused(run("trace", "run", "-o", "a.trace"), "SCRIPT")
    assert script.read_text(encoding="ascii") == SCRIPT and not (tmp_path / "a.trace").exists()

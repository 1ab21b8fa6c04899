# SPDX-License-Identifier: MIT
"""The commands that record traces and compare them."""

import runpy
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

import click

from isopixel._cli.interrupts import NAMES
from isopixel._cli.options import PATH, check_folder
from isopixel._cli.trace_diff import diff_command, show_command
from isopixel._trace.recording.tracing import trace as begin_trace


@click.group("trace", short_help="Record what pipelines do to images, and compare them.")
def trace_command() -> None:
    """Record each step of a pipeline, and find where two of them part."""


trace_command.add_command(diff_command)
trace_command.add_command(show_command)


@trace_command.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument(
    "script", metavar="-- SCRIPT.py|-m MODULE [ARGUMENTS]...", nargs=-1, required=True, type=click.UNPROCESSED
)
@click.option("-o", "--output", type=PATH, required=True, help="Trace to write; a trace that is there is replaced.")
@click.option(
    "--keep", metavar="BYTES", type=int, default=64 << 20, show_default=True, help="Samples to keep; 0: digests alone."
)
def run(script: tuple[str, ...], output: Path, keep: int) -> None:
    """Run a Python script or module, and record what it does to images.

    It runs as `python SCRIPT.py` or `python -m MODULE` does, and ends with the same exit status. However it ends, the
    trace has what was done so far. Kept samples are the pictures themselves; and digests do not make a picture that
    somebody else has too unrecognisable.
    """
    check_folder(output)
    is_module = script[0] == "-m"
    if is_module and len(script) < 2:
        raise click.UsageError("-m needs the name of a module")
    name, *arguments = script[is_module:]
    if not is_module and not Path(name).exists():
        raise ValueError(f"there is no script {name!r}")
    recording = begin_trace(output, keep=keep)
    _default_signals()
    sys.argv = [name, *arguments]
    sys.path.insert(0, str(Path.cwd() if is_module else Path(name).resolve().parent))
    error: BaseException | None = KeyboardInterrupt()  # if one comes before the script
    with suppress(KeyboardInterrupt), recording:  # outside of what follows: its own errors are those of the command
        error = _error_of(name, is_module)
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt  # the trace is to end at once
    if isinstance(error, SystemExit):
        raise error
    if error is not None:
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(130 if isinstance(error, KeyboardInterrupt) else 1)


def _error_of(name: str, is_module: bool) -> BaseException | None:
    """Runs a script or module; returns the error that ended it, with the traceback from its first line on."""
    try:
        if is_module:
            runpy.run_module(name, run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(str(Path(name).absolute()), run_name="__main__")  # as Python itself has __file__
    except BaseException as error:
        found = error.__traceback__
        while found is not None and found.tb_frame.f_globals.get("__name__") in (__name__, "runpy", None):
            found = found.tb_next
        return error.with_traceback(found)
    return None


def _default_signals() -> None:
    """Lets signals do what they do in a script; those that are ignored stay so."""
    if threading.current_thread() is threading.main_thread():
        for number in [getattr(signal, name) for name in NAMES if hasattr(signal, name)]:
            if signal.getsignal(number) is not signal.SIG_IGN:
                is_interrupt = number == signal.SIGINT
                signal.signal(number, signal.default_int_handler if is_interrupt else signal.SIG_DFL)

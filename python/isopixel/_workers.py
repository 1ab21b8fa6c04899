# SPDX-License-Identifier: MIT
"""Processes that call functions for this one, which may die or be killed at any time.

They are programs of their own, and no forks of this one: so they need no guard of `__main__`, work in notebooks, and
inherit no locks. They end with this process, however that ends.
"""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Lock, local
from typing import IO, Any, NoReturn, TypeVar

from isopixel import _atomic
from isopixel._pool import PATIENCE, StoppedError, run_in_threads

TRIES = 3  # workers that may die over one call
EVERY = 0.1  # seconds between two reports of progress

_BEGIN = "import sys; sys.path[:] = sys.argv[1:]; from isopixel._workers import serve; serve()"

Item = TypeVar("Item")
Result = TypeVar("Result")
Report = Callable[[int], None]


class WorkerDiedError(Exception):
    """A call that no worker survived."""


class _Worker:
    """A process that makes one call after the other."""

    def __init__(self) -> None:
        # Ctrl-C goes to all processes of a terminal. This thread blocks it, which is never the main one, and so does
        # what it starts, from its first moment on; this process alone says what it means.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        group = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        command = [sys.executable, "-c", _BEGIN, *map(str, sys.path)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=group)

    def call(self, function: Callable[[Item, Report], Result], item: Item, report: Report) -> Result:
        """Returns what a function returns or raises; raises WorkerDiedError."""
        answers = self._process.stdout
        assert answers is not None
        kind = "progress"
        value: Any = 0
        try:
            self._send((function, item))
            while kind == "progress":
                report(value)
                kind, value = pickle.load(answers)
        except (EOFError, BrokenPipeError, pickle.UnpicklingError):
            raise WorkerDiedError(_end_of(self.wait(time.monotonic() + PATIENCE))) from None
        if kind == "error":
            raise value
        result: Result = value
        return result

    def _send(self, request: object) -> None:
        assert self._process.stdin is not None
        pickle.dump(request, self._process.stdin)
        self._process.stdin.flush()

    def end(self) -> None:
        """Asks the process to end at once."""
        self._process.terminate()

    def wait(self, until: float) -> int:
        """Waits for its end, which comes at this time at the latest; returns its exit code."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, until - time.monotonic()))
        self._process.kill()
        code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()
        return code


def run_in_workers(
    function: Callable[[Item, Report], Result],
    items: Iterable[Item],
    workers: int,
    on_done: Callable[[Item, Result | BaseException], object],
    on_progress: Callable[[Item, int], object] = lambda item, n: None,
    on_tick: Callable[[], object] = lambda: None,
) -> None:
    """Calls a function with all items in processes, as `run_in_threads` does in threads.

    If a worker dies, another one makes its call again; a call over which TRIES workers die ends with WorkerDiedError.
    What a worker prints goes to stderr.

    Args:
        function: one that can be pickled. It is called with an item and with what reports the progress, as whole
            numbers that are added up.
        items: what there is to do.
        workers: the number of processes.
        on_done: called in this thread with an item and what the call returned or raised.
        on_progress: called in any thread with an item and how much more of it is done; what a worker did that died is
            taken back.
        on_tick: called in this thread now and then.
    """
    mine = local()
    crew: list[_Worker] = []
    lock, ended = Lock(), False

    def worker() -> _Worker:
        if not hasattr(mine, "worker"):
            with lock:
                if ended:
                    raise StoppedError
                mine.worker = _Worker()
                crew.append(mine.worker)
        started: _Worker = mine.worker
        return started

    def work(item: Item, check: Callable[[], None]) -> Result:
        done = 0

        def report(n: int) -> None:
            nonlocal done
            done += n
            on_progress(item, n)

        for attempt in range(TRIES):
            check()
            try:
                return worker().call(function, item, report)
            except WorkerDiedError as error:
                report(-done)
                del mine.worker
                if attempt == TRIES - 1:
                    raise WorkerDiedError(f"{TRIES} workers died over it, the last one {error}") from None
        raise AssertionError

    def end() -> None:
        nonlocal ended
        with lock:
            ended = True
            for one in crew:
                one.end()

    try:
        run_in_threads(work, items, workers, on_done, on_tick, end)
    finally:
        until = time.monotonic() + PATIENCE
        for one in crew:
            one.wait(until)


def _end_of(code: int) -> str:
    """Returns how a process ended, of its exit code."""
    if code == -getattr(signal, "SIGKILL", 9):
        return "killed (by the system, if memory ran out)"
    if code < 0:
        with suppress(ValueError):
            return f"ended by {signal.Signals(-code).name}"
    return f"with the exit code {code}"


def serve() -> None:
    """What a worker does: it makes the calls that come, until there are no more."""
    signal.signal(signal.SIGTERM, lambda number, frame: _leave())
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)  # what a function prints is not to be among the answers
    while True:
        try:
            function, item = pickle.load(requests)
        except EOFError:
            return
        _answer(answers, _called(function, item, answers))


def _called(function: Callable[[Any, Report], object], item: object, answers: IO[bytes]) -> tuple[str, object]:
    done, due = 0, 0.0

    def report(n: int) -> None:
        nonlocal done, due
        done += n
        if (now := time.monotonic()) >= due:
            _answer(answers, ("progress", done))
            done, due = 0, now + EVERY

    try:
        return "result", function(item, report)
    except Exception as error:
        return "error", picklable(error)


def picklable(error: Exception) -> Exception:
    """Returns an error, or if it cannot be pickled, one with its message."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _answer(answers: IO[bytes], answer: object) -> None:
    try:
        pickle.dump(answer, answers)
        answers.flush()
    except BrokenPipeError:  # nobody waits for the call any more, which is not to take this for an error of a file
        _leave()


def _leave() -> NoReturn:
    _atomic.abandon()
    os._exit(128 + signal.SIGTERM)

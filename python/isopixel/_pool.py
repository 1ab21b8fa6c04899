# SPDX-License-Identifier: MIT
"""Work on many things in threads, a few of them at a time, which an interrupt ends at once."""

import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

AHEAD = 4  # things that wait or are worked on, for each thread
TICK = 0.1  # seconds between two looks at what is done, if nothing is
PATIENCE = 0.7  # seconds that threads have to end, when all has to

Item = TypeVar("Item")
Result = TypeVar("Result")


class StoppedError(Exception):
    """Ends the work on one thing, because all work ends."""


def cores() -> int:
    """Returns the number of cores that this process may use."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()) or 1


def run_in_threads(
    work: Callable[[Item, Callable[[], None]], Result],
    items: Iterable[Item],
    threads: int,
    on_done: Callable[[Item, Result | BaseException], object],
    on_tick: Callable[[], object] = lambda: None,
    on_end: Callable[[], object] = lambda: None,
) -> None:
    """Works on all items, and reports what came of each in order of completion.

    Items are taken one by one as threads get free, so that their number costs neither memory nor time. This thread
    holds no lock while it waits, and never longer than a tick: an interrupt is raised in it wherever it is.

    If anything is raised here (an interrupt, or an error of items, on_done or on_tick), what waits is dropped, and what
    is worked on ends at its next check. A thread that does not get there in time, since it is in a long call of C, is
    left behind: it ends by itself at its next check, or with the process.

    Args:
        work: called in one of the threads with an item and a check, to be called now and then, which raises
            StoppedError when all has to end.
        items: what there is to do.
        threads: how many things are worked on at once.
        on_done: called in this thread with an item and what work returned or raised.
        on_tick: called in this thread after each item, and at least every TICK seconds.
        on_end: called in this thread at the end, before the threads are waited for: it ends what they wait for.
    """
    waiting: SimpleQueue[tuple[Item] | None] = SimpleQueue()
    done: SimpleQueue[tuple[Item, Result | BaseException]] = SimpleQueue()
    stopped = False

    def check() -> None:
        if stopped:
            raise StoppedError

    def serve() -> None:
        while (taken := waiting.get()) is not None and not stopped:
            (item,) = taken
            try:
                result: Result | BaseException = work(item, check)
            except BaseException as error:  # whatever it is, it is for on_done
                result = error
            done.put((item, result))

    def collect() -> int:
        """Returns how many items are done, 0 or 1."""
        finished = []
        with suppress(Empty):
            finished.append(done.get(timeout=TICK))
        for item, result in finished:
            on_done(item, result)
        on_tick()
        return len(finished)

    crew = [Thread(target=serve, daemon=True) for _ in range(threads)]
    try:
        for thread in crew:
            thread.start()
        pending = 0
        for item in items:
            waiting.put((item,))
            pending += 1
            while pending == AHEAD * threads:
                pending -= collect()
        while pending:
            pending -= collect()
    finally:
        stopped = True
        for _ in crew:
            waiting.put(None)
        on_end()
        end = time.monotonic() + PATIENCE
        while any(thread.is_alive() for thread in crew) and time.monotonic() < end:
            time.sleep(0.001)


def call_in_thread(function: Callable[[], Result], on_tick: Callable[[], object] = lambda: None) -> Result:
    """Returns what a function returns, or raises what it raises: an interrupt ends it, though it is in a call of C.

    Args:
        function: called in a thread, with nothing.
        on_tick: as in `run_in_threads`.
    """
    results: list[Result | BaseException] = []
    run_in_threads(lambda item, check: function(), [None], 1, lambda item, result: results.append(result), on_tick)
    (result,) = results
    if isinstance(result, BaseException):
        raise result
    return result

# SPDX-License-Identifier: MIT
"""Engines: each makes shards, in any order, by as many hands as it has.

An engine is called with the function that makes a shard, which can be pickled; the numbers of the shards; and what is
called in this thread, with a number and what the function returned or raised, and now and then. What is raised there
ends the work.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import Protocol

from isopixel._corpus.shard import Made, OnRead
from isopixel._pool import TICK, cores
from isopixel._workers import run_in_workers

AHEAD = 2  # shards that wait or are worked on, for each worker of an executor
MANY = 256  # workers of an executor that does not tell their number

Done = Callable[[int, Made | BaseException], object]
Tick = Callable[[], object]
Read = Callable[[int, int], object]


class ShardsFailedError(RuntimeError):
    """Shards over which workers died; the others are made.

    Example:
        >>> import isopixel.corpus
        >>> issubclass(isopixel.corpus.ShardsFailedError, RuntimeError)
        True
    """


class Make(Protocol):
    """Makes a shard."""

    def __call__(self, i: int, on_read: OnRead = ...) -> Made:
        """Makes shard i, and reports the bytes that are read."""


Engine = Callable[[Make, Sequence[int], Done, Read, Tick], None]


def local(workers: int | None) -> Engine:
    """Returns the engine of processes of this machine, as many as there are cores if no number is given."""

    def run(make: Make, numbers: Sequence[int], on_done: Done, on_read: Read, on_tick: Tick) -> None:
        run_in_workers(make, numbers, min(workers or cores(), len(numbers)), on_done, on_read, on_tick)

    return run


def of_executor(executor: Executor) -> Engine:
    """Returns the engine of an executor of anybody's: of threads, of processes, of Dask, of MPI."""

    def run(make: Make, numbers: Sequence[int], on_done: Done, on_read: Read, on_tick: Tick) -> None:
        left = iter(numbers)
        most = AHEAD * (getattr(executor, "_max_workers", None) or MANY)
        pending: dict[Future[Made], int] = {}

        def submit(more: Iterable[int]) -> None:
            pending.update({executor.submit(make, i): i for i in more})

        try:
            submit(islice(left, most))
            while pending:
                for future in wait(pending, TICK, FIRST_COMPLETED).done:
                    i = pending.pop(future)
                    on_done(i, future.exception() or future.result())
                    submit(islice(left, 1))
                on_tick()
        finally:
            for future in pending:
                future.cancel()

    return run


def named(name: str, workers: int | None) -> Engine:
    """Returns the engine of a name; raises ValueError if there is none, ModuleNotFoundError if it is not installed."""
    if name == "local":
        return local(workers)
    if name == "ray":
        from isopixel._corpus.on_ray import run
    elif name == "spark":
        from isopixel._corpus.on_spark import run
    else:
        raise ValueError(f"engine is 'local', 'ray' or 'spark', not {name!r}")
    if workers is not None:
        raise ValueError(f"the number of workers is for the local engine: {name} has its own")
    return run

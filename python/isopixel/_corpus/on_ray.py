# SPDX-License-Identifier: MIT
"""The engine of Ray: a task for each shard, on the cluster that this process is connected to, or on this machine."""

import os
from collections.abc import Sequence
from itertools import islice
from typing import Any

from isopixel._corpus.engines import AHEAD, Done, Make, Read, Tick
from isopixel._pool import TICK
from isopixel._workers import WorkerDiedError

TRIES = 3  # of a task whose worker dies

try:
    import ray
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("the engine 'ray' needs Ray: pip install 'isopixel[ray]'", name="ray") from error


def run(make: Make, numbers: Sequence[int], on_done: Done, on_read: Read, on_tick: Tick) -> None:
    """Makes shards, as every engine does."""
    if not ray.is_initialized():
        ray.init(address=os.environ.get("RAY_ADDRESS"), log_to_driver=False)
    task = ray.remote(lambda i: make(i)).options(max_retries=TRIES - 1)  # it refuses a partial
    left = iter(numbers)
    pending: dict[Any, int] = {}
    try:
        while True:
            # Asked each time, since a cluster grows and shrinks, and has no key for what it has none of.
            workers = max(1, int(ray.cluster_resources().get("CPU", 1)))
            pending |= {task.remote(i): i for i in islice(left, max(0, AHEAD * workers - len(pending)))}
            if not pending:
                return
            for ready in ray.wait(list(pending), timeout=TICK)[0]:
                i = pending.pop(ready)
                on_done(i, _result(ready))
            on_tick()
    finally:
        for reference in pending:
            ray.cancel(reference, force=True)


def _result(reference: Any) -> Any:
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        return error.cause
    except ray.exceptions.RayError as error:  # the worker's, or its machine's
        return WorkerDiedError(str(error))

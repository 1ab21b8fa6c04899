# SPDX-License-Identifier: MIT
"""The engine of Spark: a task for each shard, in the session of this process, or in a new one."""

import functools
import os
import sys
import time
import uuid
from collections.abc import Sequence

from isopixel._corpus.engines import Done, Make, Read, ShardsFailedError, Tick
from isopixel._corpus.shard import Made
from isopixel._pool import TICK
from isopixel._workers import picklable

try:
    import pyspark
    from pyspark.errors import PySparkRuntimeError
    from pyspark.sql import SparkSession
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        "the engine 'spark' needs Spark: pip install 'isopixel[spark]'", name="pyspark"
    ) from error


Result = tuple[int, Made | Exception]


class _Lists(pyspark.AccumulatorParam[list[Result]]):  # type: ignore[misc]
    """Lists that grow by what the tasks add."""

    def zero(self, value: list[Result]) -> list[Result]:
        return []

    def addInPlace(self, value1: list[Result], value2: list[Result]) -> list[Result]:  # noqa: N802
        value1 += value2
        return value1


def run(make: Make, numbers: Sequence[int], on_done: Done, on_read: Read, on_tick: Tick) -> None:
    """Makes shards, as every engine does."""
    # As Spark's own scripts set it: workers are to be of the Python that this one is.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    context = _session().sparkContext
    made = context.accumulator([], _Lists())
    group = f"isopixel-{uuid.uuid4().hex}"
    failed: list[BaseException] = []

    def work() -> None:
        context.setJobGroup(group, "isopixel corpus", interruptOnCancel=True)
        try:
            # An action, so that each task adds once what it made, however often it was tried.
            context.parallelize(numbers, len(numbers)).foreach(functools.partial(_add, make, made))
        except BaseException as error:
            failed.append(error)

    thread = pyspark.InheritableThread(target=work, daemon=True)
    reported = 0
    thread.start()
    try:
        while reported < len(numbers):
            is_alive = thread.is_alive()
            for i, result in made.value[reported:]:
                reported += 1
                on_done(i, result)
            on_tick()
            if failed:
                raise ShardsFailedError(f"Spark gave up, and what is made is there: {failed[0]}")
            if not is_alive and reported == len(made.value):
                break
            time.sleep(TICK)
    finally:
        if thread.is_alive():
            context.cancelJobGroup(group)


def _session() -> SparkSession:
    """Returns the session of this process, or a new one; raises OSError."""
    try:
        return SparkSession.getActiveSession() or SparkSession.builder.getOrCreate()
    except PySparkRuntimeError as error:
        raise OSError(
            f"Spark cannot start: see that Java is on the path or in JAVA_HOME, as it says above ({error})"
        ) from error


def _add(make: Make, made: "pyspark.Accumulator[list[Result]]", i: int) -> None:
    result: Made | Exception
    try:
        result = make(i)
    except Exception as error:  # which is not for Spark to try again
        result = picklable(error)
    made.add([(i, result)])

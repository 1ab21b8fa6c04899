# SPDX-License-Identifier: MIT
"""How calls are timed; standard library alone, since it also runs in pillow_simd.py's environment."""

import itertools
import math
import statistics
import time

LEAST_ROUNDS = 5
RESOLVED = 50e-6  # seconds; shorter calls are timed in groups that last so long
WARMING = 5e-3  # seconds of calls before the timed ones, after which a source is where it stays in the caches


class Calls:
    """What one peer does in one case.

    Attributes:
        calls: functions without arguments that resize, one for each copy of the source.
        array: makes an array of what they return.
    """

    def __init__(self, calls, array=lambda result: result):
        self.calls = calls
        self.array = array

    def seconds(self, copies):
        """The time that the calls for these copies of the source take together."""
        calls = [self.calls[copy] for copy in copies]
        begin = time.perf_counter()
        for call in calls:
            call()
        return time.perf_counter() - begin

    def result(self):
        return self.array(self.calls[0]())


def summary(times):
    """What is kept of the milliseconds of one runner."""
    return {"minimum": min(times), "median": statistics.median(times), "rounds": len(times)}


def interleaved(runners, copies, seconds, warm):
    """Times the runners in rounds in which each has one turn.

    All runners take their copies of the source from one rotation, so that between two uses of a copy lie as many calls
    as there are copies, whether peers share the arrays or keep their own.

    Args:
        runners: by name, each with the method `seconds` of Calls.
        copies: number of copies of the source.
        seconds: to spend; there are at least LEAST_ROUNDS rounds.
        warm: whether a turn starts with calls that are not timed, to warm the caches that other runners have used.

    Returns:
        Milliseconds per call by name, a list with one value for each round.
    """
    rotation = itertools.cycle(range(copies))

    def turn(runner, calls):
        return runner.seconds(list(itertools.islice(rotation, calls))) / calls

    for runner in runners.values():
        turn(runner, 1)
    first = {name: turn(runner, 1) for name, runner in runners.items()}
    calls = math.ceil(RESOLVED / min(first.values()))
    warming = {name: math.ceil(WARMING / duration) for name, duration in first.items()}
    times = {name: [] for name in runners}
    end = time.perf_counter() + seconds
    for done in itertools.count():
        if done >= LEAST_ROUNDS and time.perf_counter() > end:
            return times
        for name, runner in runners.items():
            if warm:
                turn(runner, warming[name])
            times[name].append(turn(runner, calls) * 1e3)

# SPDX-License-Identifier: MIT
"""What takes long lets other threads of Python go on."""

import sys
import threading
import time

import numpy as np
import pytest

import isopixel
from isopixel import _core
from tests.support import assert_same


@pytest.fixture
def goes_on():
    """Whether another thread of Python has been running during a call, and its result.

    The interpreter takes no thread's turn away (its interval is an hour): another one runs only if the call lets it.
    """
    turns = 0
    stop = threading.Event()

    def work():
        nonlocal turns
        while not stop.is_set():
            turns += 1
            time.sleep(0)

    def call(function, *arguments):
        before = turns
        result = function(*arguments)
        return turns > before, result

    interval = sys.getswitchinterval()
    sys.setswitchinterval(3600)
    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.05)  # so that no wait for a turn is left that began before
    yield call
    stop.set()
    worker.join()
    sys.setswitchinterval(interval)


def some_time(attempt):
    """Whether an attempt succeeds within a minute: on a busy machine the other thread may not wake up in time."""
    end = time.monotonic() + 60
    while not attempt():
        if time.monotonic() > end:
            return False
    return True


DATA = bytes(range(256)) * 16 * 1024  # 4 MiB, and with hilbert as many pixels


def test_the_end_of_a_stream(goes_on):
    def attempt():
        out = np.empty((1, 64, 64, 1), np.uint8)
        stream = _core.Stream("hilbert", len(DATA), out, "bilinear")
        stream.push(DATA)
        return goes_on(stream.finish)[0]

    assert some_time(attempt)


def test_the_beginning_of_a_stream(goes_on):
    def attempt():
        out = np.empty((1, 64, 64, 1), np.uint8)
        return goes_on(_core.Stream, "hilbert", 16 * len(DATA), out, "bilinear")[0]

    assert some_time(attempt)


def test_a_stream_that_is_left(goes_on):
    def attempt():
        streams = [_core.Stream("hilbert", len(DATA), np.empty((1, 64, 64, 1), np.uint8), "bilinear")]
        streams[0].push(DATA)
        return goes_on(streams.clear)[0]

    assert some_time(attempt)


def test_a_table(goes_on):
    assert some_time(lambda: goes_on(_core.normalization_table, "0.5", "0.25", 300)[0])


def test_what_holds_it_is_found(goes_on):
    """Work of Python alone, which lets no other thread run."""
    for _ in range(20):
        assert goes_on(sum, range(100_000)) == (False, 4_999_950_000)


def test_results_are_the_same_in_threads():
    expected = isopixel.from_bytes(DATA, "hilbert", (64, 64))
    results = [None] * 4
    threads = [
        threading.Thread(target=lambda i=i: results.__setitem__(i, isopixel.from_bytes(DATA, "hilbert", (64, 64))))
        for i in range(len(results))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        assert_same(result, expected, "hilbert")

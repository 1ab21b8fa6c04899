# SPDX-License-Identifier: MIT
"""The pool of threads: what is reported, how far it looks ahead, and how it ends."""

import threading
import time

import pytest

from isopixel._pool import AHEAD, PATIENCE, StoppedError, run_in_threads


@pytest.mark.parametrize("threads", [1, 3])
def test_what_is_reported(threads):
    """Each item once: what the work returned, or raised."""
    done = {}

    def work(item, check):
        check()
        return 100 // item

    run_in_threads(work, range(50), threads, done.__setitem__)
    assert isinstance(done.pop(0), ZeroDivisionError)
    assert done == {item: 100 // item for item in range(1, 50)}
    run_in_threads(work, [], threads, pytest.fail)


def test_whatever_is_raised():
    """Nothing that a thread raises leaves the others waiting."""
    done = []

    def work(item, check):
        raise item

    run_in_threads(work, [SystemExit(), KeyboardInterrupt(), GeneratorExit()], 2, lambda *pair: done.append(pair))
    assert len(done) == 3 and all(item is error for item, error in done)


def test_the_order_is_that_of_completion():
    order = []
    first = threading.Event()

    def work(item, check):
        if item == 0:
            assert first.wait(60)

    def on_done(item, result):
        order.append(item)
        if len(order) == 5:
            first.set()

    run_in_threads(work, range(6), 2, on_done)
    assert order == [1, 2, 3, 4, 5, 0]


def test_items_are_taken_as_threads_get_free():
    taken = done = 0

    def items():
        nonlocal taken
        for taken in range(1, 101):
            assert taken - done <= 2 * AHEAD
            yield taken

    def on_done(item, result):
        nonlocal done
        done += 1

    run_in_threads(lambda item, check: None, items(), 2, on_done)
    assert taken == done == 100


@pytest.mark.parametrize("where", ["on_done", "on_tick", "items"])
def test_an_error_here_ends_all_work(where):
    """The work that goes on for ever at its next check; what waits is not begun."""
    begun, ended = [], []

    def work(item, check):
        begun.append(item)
        if item == 0:
            return
        try:
            while True:
                check()
                time.sleep(0.001)
        except StoppedError:
            ended.append(item)
            raise

    def fail(*arguments):
        if where != "on_tick" or len(begun) == 3:
            raise KeyboardInterrupt

    def items():
        yield from range(5)
        if where == "items":
            while len(begun) < 3:
                time.sleep(0.001)
            fail()

    calls = {name: fail if name == where else lambda *arguments: None for name in ("on_done", "on_tick")}
    alive = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        run_in_threads(work, items(), 2, calls["on_done"], calls["on_tick"])
    assert threading.active_count() == alive
    assert set(ended) == set(begun) - {0} and len(begun) <= 3


def test_work_that_does_not_end_is_left_behind():
    goes_on = threading.Event()

    def work(item, check):
        assert goes_on.wait(60)

    def fail():
        raise KeyboardInterrupt

    alive = threading.active_count()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_in_threads(work, range(9), 2, pytest.fail, fail)
    assert time.monotonic() - begun < PATIENCE + 2
    assert threading.active_count() == alive + 2
    goes_on.set()
    while threading.active_count() > alive:
        time.sleep(0.001)

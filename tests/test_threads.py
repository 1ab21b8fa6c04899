# SPDX-License-Identifier: MIT
"""Settings: threads, which change nothing but the time, and the choice of the instruction set."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import isopixel
from isopixel import _core
from tests.support import assert_same, exact_method

THREADS = (2, 3, 7, 64)
TALL = (6_000_000, 1000)  # a view of one row: some tenths of a second of work

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="no /proc to count threads in")


def noise(shape):
    return np.random.default_rng(1).integers(0, 256, shape, np.uint8)


IMAGES = [  # all with samples enough for several threads; with avx512vnni another engine is the fastest for some
    ((3000, 3000), (224, 224), True, "blocks"),
    ((2500, 1500, 3), (333, 224), True, "blocks or fused"),
    ((1500, 1500), (2999, 3100), True, "blocks"),
    ((700, 900, 3), (1400, 1350), True, "taps"),
    ((4000, 900), (1000, 3000), True, "blocks"),
    ((900, 4000, 3), (2000, 500), True, "blocks"),
    ((2600, 2600, 4), (1300, 1300), False, "halving"),
    ((2600, 2600, 4), (1300, 2600), False, "taps"),
    ((3000, 3000), (1499, 1501), False, "blocks"),
    ((100, 40_000, 3), (77, 500), True, "sums"),
    ((50_000, 99), (3, 50), True, "sums"),
    ((40_000, 300), (20_000, 10), True, "blocks or fused"),
    ((2000, 2000, 2), (2000, 2000), True, "copy"),
]


@pytest.mark.parametrize(("shape", "size", "antialias", "engine"), IMAGES, ids=str)
def test_rows_that_threads_share(shape, size, antialias, engine):
    assert _core._testing.plan(shape[:2], size, (*shape, 1)[2], exact_method(antialias))[0][0] in engine.split(" or ")
    image = noise(shape)[::-1]
    expected = isopixel.resize(image, size, antialias=antialias, threads=1)
    for threads in THREADS:
        canvas = np.full((size[0] + 2, *expected.shape[1:]), 171, np.uint8)
        isopixel.resize(image, size, antialias=antialias, out=canvas[1:-1], threads=threads)
        assert_same(canvas[1:-1], expected, f"{shape} -> {size}, {threads} threads")
        assert (canvas[[0, -1]] == 171).all()


@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("axes", ["NHWC", "NCHW", "NHW"])
def test_images_that_threads_share(axes, antialias):
    """Parts that begin and end within images, or hold several of them."""
    for n, size in ((3, (50, 301)), (100, (7, 30)), (7, (501, 64))):
        h, w = int((6e6 / n / 3) ** 0.5), int((6e6 / n / 3) ** 0.5) + 1
        batch = noise({"NHWC": (n, h, w, 3), "NCHW": (n, 3, h, w), "NHW": (n, 3 * h, w)}[axes])
        expected = isopixel.resize(batch, size, axes=axes, antialias=antialias, threads=1)
        one = isopixel.resize(batch[n - 1], size, axes=axes[1:], antialias=antialias, threads=1)
        assert_same(expected[n - 1], one, "the last image alone")
        for threads in THREADS:
            actual = isopixel.resize(batch, size, axes=axes, antialias=antialias, threads=threads)
            assert_same(actual, expected, f"{axes}, {n} images -> {size}, {threads} threads")


def assert_tasks(work, expected):
    """Asserts how many threads of this process run at most while `work` runs in one more, beside those before it.

    A busy machine may not let this thread look at the right time: it looks again, for up to two minutes.
    """
    tasks = Path("/proc/self/task")
    known = set()
    most = runs = 0
    end = time.monotonic() + 120
    while runs < 2 or (most < expected and time.monotonic() < end):
        # A thread that was joined is listed for a moment more, and may not have been seen while it ran.
        known |= set(tasks.iterdir())
        worker = threading.Thread(target=work)
        worker.start()
        seen = set()
        while worker.is_alive():
            running = set(tasks.iterdir()) - known
            most = max(most, len(running))
            seen |= running
        worker.join()
        known |= seen
        runs += 1
    assert most == expected


@needs_proc
@pytest.mark.parametrize(("threads", "rows", "expected"), [(1, 10, 1), (2, 10, 2), (5, 10, 5), (64, 6, 6), (64, 1, 1)])
def test_so_many_threads_run(threads, rows, expected):
    """As many as are asked for, or as the result has rows."""
    tall = np.broadcast_to(np.arange(1000, dtype=np.uint8), TALL)
    assert_tasks(lambda: isopixel.resize(tall, (rows, 10), threads=threads), expected)


@pytest.mark.slow
@needs_proc
def test_the_number_that_is_set_is_used():
    tall = np.broadcast_to(np.arange(1000, dtype=np.uint8), TALL)
    isopixel.set_num_threads(3)
    try:
        assert isopixel.get_num_threads() == 3
        assert_tasks(lambda: isopixel.resize(tall, (10, 10)), 3)
        assert_tasks(lambda: isopixel.resize(tall, (10, 10), threads=2), 2)
    finally:
        isopixel.set_num_threads(1)
    assert isopixel.get_num_threads() == 1
    assert_tasks(lambda: isopixel.resize(tall, (10, 10)), 1)


@pytest.mark.parametrize("threads", [0, -1, 2**31, 2**64, np.int64(0)])
def test_numbers_of_threads_out_of_range(threads):
    image = noise((3, 4))
    with pytest.raises(ValueError, match="threads must be"):
        isopixel.resize(image, (2, 2), threads=threads)
    with pytest.raises(ValueError, match="threads must be"):
        isopixel.set_num_threads(threads)
    assert isopixel.get_num_threads() == 1


def test_none_is_a_number_for_one_call_alone():
    assert isopixel.resize(noise((3, 4)), (2, 2), threads=None).shape == (2, 2)
    with pytest.raises(TypeError, match="threads must be a whole number, got None"):
        isopixel.set_num_threads(None)


@pytest.mark.parametrize("threads", [1.5, 2.0, True, np.True_, "x", "2", b"2", [2]])
def test_numbers_of_threads_of_a_wrong_type(threads):
    with pytest.raises(TypeError, match="threads must be a whole number"):
        isopixel.resize(noise((3, 4)), (2, 2), threads=threads)
    with pytest.raises(TypeError, match="threads must be a whole number"):
        isopixel.set_num_threads(threads)
    assert isopixel.get_num_threads() == 1


def test_any_whole_number_of_threads():
    image = noise((30, 40))
    expected = isopixel.resize(image, (7, 9))
    for threads in (None, 1, 2**31 - 1, np.uint8(2), np.int64(5)):
        assert_same(isopixel.resize(image, (7, 9), threads=threads), expected, f"{threads!r}")


def python(script, **environment):
    return subprocess.run(
        [sys.executable, "-c", script], env=os.environ | environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(("text", "threads"), [("", 1), ("1", 1), ("3", 3), ("0012", 12), (str(2**31 - 1), 2**31 - 1)])
def test_threads_from_the_environment(text, threads):
    run = python("import isopixel; print(isopixel.get_num_threads())", ISOPIXEL_NUM_THREADS=text)
    assert (run.returncode, run.stdout) == (0, f"{threads}\n"), run.stderr


GET_THREADS = "isopixel.get_num_threads()"
GET_ISA = "isopixel.get_isa()"
RESIZE = "isopixel.resize(np.zeros((2, 2), np.uint8), (1, 1))"
FROM_BYTES = "isopixel.from_bytes(b'0123', 'nataraj', (1, 1))"


def refusal_of(call, **environment):
    """The message of the ValueError that a call raises with an environment in which the package can be imported."""
    run = python(f"import isopixel\nimport numpy as np\nprint('imported')\n{call}", **environment)
    assert (run.returncode, run.stdout) == (1, "imported\n"), run.stderr
    message = run.stderr.splitlines()[-1]
    assert message.startswith("ValueError: the environment variable ISOPIXEL_"), run.stderr
    return message


def test_each_call_that_needs_the_environment():
    for call in (GET_ISA, RESIZE, FROM_BYTES):
        assert "ISOPIXEL_ISA" in refusal_of(call, ISOPIXEL_ISA="nosuch")
    assert "ISOPIXEL_NUM_THREADS" in refusal_of(RESIZE, ISOPIXEL_NUM_THREADS="x")
    # what was set before counts
    run = python(f"import isopixel\nimport numpy as np\nisopixel.set_isa('scalar')\n{RESIZE}", ISOPIXEL_ISA="nosuch")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("text", ["0", "x", "-1", "1.5", " 2", "²", str(2**31)])
def test_an_environment_that_is_no_number_of_threads(text):
    message = refusal_of(GET_THREADS, ISOPIXEL_NUM_THREADS=text)
    assert "ISOPIXEL_NUM_THREADS" in message and repr(text) in message


@pytest.mark.parametrize("name", isopixel.available_isas())
def test_an_instruction_set_from_the_environment(name):
    run = python("import isopixel; print(isopixel.get_isa())", ISOPIXEL_ISA=name)
    assert (run.returncode, run.stdout) == (0, f"{name}\n"), run.stderr


def test_the_best_instruction_set_without_a_name():
    run = python("import isopixel; print(isopixel.get_isa())", ISOPIXEL_ISA="")
    assert (run.returncode, run.stdout) == (0, f"{isopixel.available_isas()[-1]}\n"), run.stderr


@pytest.mark.parametrize("name", ["avx3", "AVX2", "scalar ", "x" * 1000])
def test_an_environment_with_an_unknown_instruction_set(name):
    message = refusal_of(GET_ISA, ISOPIXEL_ISA=name)
    assert "ISOPIXEL_ISA" in message and repr(name) in message
    assert ", ".join(isopixel.available_isas()) in message


@pytest.mark.parametrize("name", ["", "avx3", "AVX2", "scalar ", "scalar\0", "ß"])
def test_an_unknown_instruction_set(name):
    former = isopixel.get_isa()
    with pytest.raises(ValueError, match=f"no instruction set .*{', '.join(isopixel.available_isas())}"):
        isopixel.set_isa(name)
    assert isopixel.get_isa() == former


@pytest.mark.parametrize("name", [None, 2, b"scalar", ["scalar"]])
def test_an_instruction_set_of_a_wrong_type(name):
    with pytest.raises(TypeError, match="name must be a string"):
        isopixel.set_isa(name)


FORKS = """
import os, signal, threading
import numpy as np
import isopixel

image = np.random.default_rng(1).integers(0, 256, (1700, 1800), np.uint8)
expected = isopixel.resize(image, (300, 200), threads=1)
tall = np.broadcast_to(np.arange(1000, dtype=np.uint8), (300_000, 1000))
stop = threading.Event()

def work():
    while not stop.is_set():
        isopixel.resize(tall, (10, 10), threads=4)

signal.alarm(120)  # the end of this where no resize starts threads
tasks = len(os.listdir("/proc/self/task"))
worker = threading.Thread(target=work)
worker.start()
for _ in range(20):
    while len(os.listdir("/proc/self/task")) < tasks + 2:  # the worker, and at least one thread of its resize
        pass
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)  # the end of a child that hangs
        os._exit(not np.array_equal(isopixel.resize(image, (300, 200), threads=2), expected))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status != 0:
        break
stop.set()
worker.join()
print(status)
"""


@needs_proc
def test_a_fork_in_the_middle_of_a_resize():
    """The threads of the parent are not there in the child, which has to resize nevertheless."""
    run = python("import warnings; warnings.simplefilter('ignore')\n" + FORKS)
    assert (run.returncode, run.stdout) == (0, "0\n"), run.stderr


PLANS = """
import itertools, os, signal, threading
import numpy as np
import isopixel

image = np.random.default_rng(1).integers(0, 256, (60, 70), np.uint8)
sizes = [(20, 9 + i) for i in range(8)]
expected = [isopixel.resize(image, size) for size in sizes]
stop = threading.Event()

def plan():
    tiny = np.zeros((9, 9), np.uint8)
    for i in itertools.count():
        if stop.is_set():
            return
        isopixel.resize(tiny[: 1 + i % 9], (1, 1 + i % 5000))

signal.alarm(120)
workers = [threading.Thread(target=plan) for _ in range(2)]
for worker in workers:
    worker.start()
for _ in range(200):
    isopixel.resize(image, sizes[0])
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)  # the end of a child that hangs
        os._exit(not all(np.array_equal(isopixel.resize(image, s), e) for s, e in zip(sizes, expected)))
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if status != 0:
        break
stop.set()
for worker in workers:
    worker.join()
print(status)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.slow
def test_a_fork_while_other_threads_plan():
    """What threads keep for their next resize is in no state that a child could not use."""
    run = python("import warnings; warnings.simplefilter('ignore')\n" + PLANS)
    assert (run.returncode, run.stdout) == (0, "0\n"), run.stderr

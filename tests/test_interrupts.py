# SPDX-License-Identifier: MIT
"""Signals that end isopixel bytes: at once, whenever they come, and nothing is half-written."""

import os
import random
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

import isopixel
from isopixel._cli import interrupts
from tests.program import PROGRAM, heed

LARGE = 1 << 40  # bytes of a sparse file: minutes of reading


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A folder of very many small files and, at its end, a large one."""
    folder = tmp_path_factory.mktemp("many")
    for i in range(8000):
        (folder / f"{i:05}").write_bytes(b"%d" % i * 50)
    (folder / "zz").touch()
    os.truncate(folder / "zz", LARGE)
    return folder


@contextmanager
def started(*arguments, **options):
    """The program, which heeds the signals."""
    command = [PROGRAM, *map(str, arguments)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=heed, **options) as process:
        try:
            yield process
        finally:
            process.kill()


def pictures(out):
    """The number of pictures in a folder, all of which are whole, and nothing else is there."""
    made = list(out.rglob("*")) if out.exists() else []
    for path in made:
        assert path.suffix == ".png" and not path.name.startswith("."), path
    for path in random.sample(made, min(20, len(made))):
        isopixel.load(path)
    return len(made)


def names(folder):
    """The names of what is in a folder, if it is there."""
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def until(condition, process):
    """Waits for a condition."""
    while not condition():
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.005)


def until_it_listens(process):
    """Waits until the program has its own way to end: from then on it plans, or works."""

    def catches_sigterm():
        status = Path(f"/proc/{process.pid}/status").read_text()
        caught = int(next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")), 16)
        return caught >> (signal.SIGTERM - 1) & 1

    until(catches_sigterm, process)


def end(process, *numbers):
    """Sends signals, shortly one after the other; the program ends at once, with the first one's code."""
    for number in numbers:
        process.send_signal(number)
        time.sleep(0.05)
    begun = time.monotonic()
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - begun < 3  # a second, on a machine that does something else besides
    *progress, last = errors.splitlines()
    assert (process.returncode, last) == (128 + numbers[0], "isopixel: interrupted")
    assert all(" of 8,001 files, " in line for line in progress)


def interrupted_after(many, out, count, *numbers):
    """Interrupts the program when it has made some pictures."""
    with started("bytes", many, "-o", out, "--size", "8,8") as process:
        until(lambda: len(names(out)) >= count, process)
        end(process, *numbers)
    assert count <= pictures(out) < 8000


@pytest.mark.parametrize("numbers", [[signal.SIGINT], [signal.SIGINT] * 3, [signal.SIGTERM], [signal.SIGHUP]])
@pytest.mark.slow
def test_among_many_files(numbers, many, tmp_path):
    interrupted_after(many, tmp_path / "out", 30, *numbers)


def interrupted_early(many, out, seconds):
    """Interrupts the program when it has just begun."""
    with started("bytes", many, "-o", out, "--size", "8,8") as process:
        until_it_listens(process)
        time.sleep(seconds)
        end(process, signal.SIGINT)
    assert pictures(out) < 8000


def test_while_it_plans(many, tmp_path):
    interrupted_early(many, tmp_path / "out", 0.02)


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(20))
def test_at_any_moment(attempt, many, tmp_path):
    rng = random.Random(attempt)
    if attempt % 2:
        interrupted_after(many, tmp_path / "out", rng.randrange(1, 3000), signal.SIGINT)
    else:
        interrupted_early(many, tmp_path / "out", rng.uniform(0, 0.5))


def test_in_a_large_file(tmp_path):
    """Also where it is one of several; the others are there."""
    (tmp_path / "in").mkdir()
    for name in "abc":
        (tmp_path / "in" / name).write_bytes(b"bytes")
    (tmp_path / "in" / "large").touch()
    os.truncate(tmp_path / "in" / "large", LARGE)
    out = tmp_path / "out"
    with started("bytes", tmp_path / "in", "-o", out, "--size", "8,8", "--jobs", "1") as process:
        until(lambda: names(out) == ["a.png", "b.png", "c.png"], process)
        end(process, signal.SIGINT)
    assert pictures(out) == 3
    with started("bytes", tmp_path / "in" / "large", "-o", tmp_path / "large.png", "--size", "8,8") as process:
        until_it_listens(process)
        time.sleep(0.2)
        end(process, signal.SIGINT)
    assert names(tmp_path) == ["in", "out"]


def test_while_a_large_picture_is_written(tmp_path):
    """Which no thread can be told to leave."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "large").touch()
    os.truncate(tmp_path / "in" / "large", 250 << 20)
    out = tmp_path / "out"
    with started("bytes", tmp_path / "in", "-o", out, "--layout", "wide") as process:
        until(lambda: names(out), process)
        end(process, signal.SIGINT)
    assert pictures(out) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_copy_of_standard_input(number, tmp_path):
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with started("bytes", "-", stdin=subprocess.PIPE, env=environment) as process:
        process.stdin.write("some bytes" * 100_000)
        process.stdin.flush()
        until(lambda: names(tmp_path), process)
        end(process, number)
    assert names(tmp_path) == []


def test_a_signal_that_is_ignored(tmp_path):
    """As under nohup."""
    (tmp_path / "file").touch()
    os.truncate(tmp_path / "file", LARGE)
    ignore = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)  # noqa: E731
    with subprocess.Popen([PROGRAM, "bytes", tmp_path / "file", "--size", "8,8"], preexec_fn=ignore) as process:
        until_it_listens(process)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert process.poll() is None
        process.kill()


def raise_and_wait(number, seconds):
    """Raises a signal, whose handler Python calls soon after, be it not at once; and waits for that."""
    signal.raise_signal(number)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)


@pytest.fixture
def heeded():
    """This process heeds signals."""
    former = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    heed()
    yield
    for number, handler in former.items():
        signal.signal(number, handler)


def test_a_second_signal_does_not_disturb_the_end(heeded, monkeypatch):
    """But one that comes later does, in case that the first was lost."""
    monkeypatch.setattr(interrupts, "GRACE", 1000.0)
    former = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with interrupts.ended_by_signals():
        with pytest.raises(interrupts.EndedError) as caught:
            raise_and_wait(signal.SIGTERM, 60)
        assert caught.value.number == signal.SIGTERM
        raise_and_wait(signal.SIGINT, 0.2)
        monkeypatch.setattr(interrupts, "GRACE", 0.0)
        with pytest.raises(interrupts.EndedError) as caught:
            raise_and_wait(signal.SIGINT, 60)
        assert caught.value.number == signal.SIGINT
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == former

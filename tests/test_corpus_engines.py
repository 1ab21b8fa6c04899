# SPDX-License-Identifier: MIT
"""Who makes the shards of a corpus: any engine, in any order, after any end: the same bytes."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")
from isopixel import _workers, corpus
from isopixel._corpus import shard
from isopixel._workers import WorkerDiedError, run_in_workers

RECIPE = "isopixel 1: nataraj | bilinear 16,16"
ROWS = 8
SHARDS = 10


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    rng = np.random.default_rng(5)
    for i in range(ROWS * SHARDS - 1):
        (folder / f"f{i:02}").write_bytes(rng.bytes(int(rng.integers(1, 20_000))))
    (folder / "empty").touch()
    return folder


def shards_of(dst):
    """The bytes of each shard, by its name; nothing else is there."""
    found = {path.name: path.read_bytes() for path in (dst / "data").iterdir()}
    assert all(name.startswith("part-") for name in found)
    return found


@pytest.fixture(scope="module")
def expected(sources, tmp_path_factory):
    """The shards that one worker makes, and the manifest."""
    dst = tmp_path_factory.mktemp("expected") / "dst"
    made = corpus.make(sources, dst, RECIPE, rows=ROWS, workers=1)
    assert len(shards_of(dst)) == SHARDS
    return shards_of(dst), made


def check(dst, made, expected):
    assert shards_of(dst) == expected[0]
    assert made == expected[1] == corpus.read(dst)


def test_two_workers(sources, tmp_path, expected):
    progress = []
    made = corpus.make(sources, tmp_path, RECIPE, rows=ROWS, workers=2, on_progress=progress.append)
    check(tmp_path, made, expected)
    assert progress[-1].stage == "finish"
    length = sum(path.stat().st_size for path in sources.iterdir())
    assert (progress[-1].done_files, progress[-1].total_files) == (80, 80)
    assert (progress[-1].done_bytes, progress[-1].total_bytes) == (length, length)
    assert all(one.done_bytes <= length for one in progress)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_an_executor(kind, sources, tmp_path, expected):
    executor = ThreadPoolExecutor(3) if kind == "threads" else ProcessPoolExecutor(1, get_context("spawn"))
    with executor:
        check(tmp_path, corpus.make(sources, tmp_path, RECIPE, rows=ROWS, executor=executor), expected)


def test_three_parts(sources, tmp_path, expected):
    """In any order; who comes last writes the manifest."""
    with ThreadPoolExecutor(2) as executor:
        made = [
            corpus.make(sources, tmp_path, RECIPE, rows=ROWS, part=part, executor=executor)
            for part in ("2/3", "3/3", "2/3", "1/3")
        ]
    assert made[:3] == [None] * 3
    check(tmp_path, made[3], expected)
    for part in ("0/3", "4/3", "1", "1/0", "a/b", "1/3/4", "-1/3"):
        with pytest.raises(ValueError, match="part is k/n"):
            corpus.make(sources, tmp_path, RECIPE, rows=ROWS, part=part)


def test_the_longest_first_and_a_few_at_a_time(sources, tmp_path, expected):
    begun, lock, most = [], threading.Lock(), 0

    class Seen(ThreadPoolExecutor):
        """An executor that counts what was submitted and is not done."""

        pending = 0

        def submit(self, function, i):
            nonlocal most
            begun.append(i)
            with lock:
                self.pending += 1
                most = max(most, self.pending)
            future = super().submit(function, i)
            future.add_done_callback(self.done)
            return future

        def done(self, future):
            with lock:
                self.pending -= 1

    with Seen(1) as executor:
        check(tmp_path, corpus.make(sources, tmp_path, RECIPE, rows=ROWS, executor=executor), expected)
    assert most <= 2
    stats = expected[1].shards
    assert [stats[i]["source_bytes"] for i in begun] == sorted((s["source_bytes"] for s in stats), reverse=True)


def test_what_is_not_an_engine(sources, tmp_path):
    for options, error, message in (
        ({"engine": "dask"}, ValueError, "engine is 'local', 'ray' or 'spark'"),
        ({"workers": 0}, ValueError, "at least 1"),
        ({"io_threads": 0}, ValueError, "at least 1"),
    ):
        with pytest.raises(error, match=message):
            corpus.make(sources, tmp_path, RECIPE, **options)
        with pytest.raises(error, match=message):
            corpus.retry_errors(tmp_path, **options)
    assert list(tmp_path.iterdir()) == []


def test_retry_errors(tmp_path):
    """What could not be read is read again, what is broken is not; nothing else is touched."""
    src, dst = tmp_path / "src", tmp_path / "dst"
    src.mkdir()
    for i in range(6):
        (src / str(i)).write_bytes(b"some bytes")
    (src / "4").write_bytes(b"")
    (src / "link").symlink_to("missing")
    with ThreadPoolExecutor(2) as executor:
        first = corpus.make(src, dst, RECIPE, rows=2, executor=executor)
        assert first.errors == {"input": 1, "io": 1}
        (src / "missing").write_bytes(b"here it is")
        stamps = {path.name: path.stat().st_mtime_ns for path in (dst / "data").iterdir()}
        second = corpus.retry_errors(dst, executor=executor)
        assert second.errors == {"input": 1} == corpus.read(dst).errors
        changed = {path.name for path in (dst / "data").iterdir() if path.stat().st_mtime_ns != stamps[path.name]}
        assert changed == {"part-00003-of-00004.parquet"}
        assert corpus.retry_errors(dst, executor=executor) == second


def fail(item, report):
    """For a worker: what each kind of item does to it."""
    report(10)
    if item == "raise":
        raise ValueError("a message")
    if item == "end":
        raise EOFError("of a file, and not of the worker")
    if item == "strange":
        raise type("Strange", (Exception,), {})("which cannot be pickled")
    if item == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if isinstance(item, tuple):  # dies once
        with contextlib.suppress(FileExistsError):
            Path(item[0]).touch(exist_ok=False)
            os._exit(1)
    print("what a worker prints")
    assert sys.stdin.read() == ""
    return f"{item} is done"


def test_workers(tmp_path, capfd, monkeypatch):
    """One that dies is replaced; what it did is taken back."""
    monkeypatch.setattr(_workers, "TRIES", 2)
    done, progress = {}, {}
    items = ["a", "raise", "strange", "kill", (str(tmp_path / "once"),), "b", "end"]

    def on_progress(item, n):
        progress[item] = progress.get(item, 0) + n

    run_in_workers(fail, items, 2, done.__setitem__, on_progress)
    once = items[4]
    assert [done[item] for item in ("a", "b", once)] == ["a is done", "b is done", f"{once} is done"]
    assert isinstance(done["raise"], ValueError) and str(done["raise"]) == "a message"
    assert isinstance(done["strange"], RuntimeError) and "which cannot be pickled" in str(done["strange"])
    assert isinstance(done["end"], EOFError) and str(done["end"]) == "of a file, and not of the worker"
    assert isinstance(done["kill"], WorkerDiedError)
    assert str(done["kill"]) == "2 workers died over it, the last one killed (by the system, if memory ran out)"
    assert progress["kill"] == 0
    assert progress["a"] == progress[once] == 10
    printed = capfd.readouterr()
    assert printed.out == "" and printed.err.count("what a worker prints") == 3


def test_a_shard_that_kills_its_workers(sources, tmp_path, monkeypatch, expected):
    """The others are made, and there is no manifest; later it goes on."""
    monkeypatch.setattr(shard, "make", _die_over_3)
    monkeypatch.setattr(_workers, "TRIES", 1)
    with pytest.raises(corpus.ShardsFailedError, match=r"1 of 10 shards could not be made, .* with the exit code 7"):
        corpus.make(sources, tmp_path, RECIPE, rows=ROWS, workers=2)
    assert len(shards_of(tmp_path)) == SHARDS - 1 and not (tmp_path / "manifest.json").exists()
    monkeypatch.undo()
    with ThreadPoolExecutor(1) as executor:
        check(tmp_path, corpus.make(sources, tmp_path, RECIPE, rows=ROWS, executor=executor), expected)


def _die_over_3(dst, sha256, io_threads, again, i, on_read):
    if i == 3:
        os._exit(7)
    return shard.make(dst, sha256, io_threads, again, i, on_read)


def test_an_error_here_ends_the_workers(sources, tmp_path):
    begun = time.monotonic()

    def interrupt(progress):
        if progress.stage == "make":
            raise KeyboardInterrupt

    (tmp_path / "src").mkdir()
    with (tmp_path / "src" / "endless").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(KeyboardInterrupt):
        corpus.make(tmp_path / "src", tmp_path / "dst", RECIPE, workers=1, on_progress=interrupt)
    assert time.monotonic() - begun < 3
    assert not (tmp_path / "dst" / "data").exists() or list((tmp_path / "dst" / "data").iterdir()) == []


# --- killed


DRIVER = "import sys; from isopixel import corpus; corpus.make(*sys.argv[1:4], rows=4, workers=2)"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Enough to be killed at: some seconds of work."""
    folder = tmp_path_factory.mktemp("many")
    rng = np.random.default_rng(6)
    for i in range(240):
        (folder / f"f{i:03}").write_bytes(rng.bytes(1000) * int(rng.integers(1, 2000)))
    return folder


@pytest.fixture(scope="module")
def expected_of_many(many, tmp_path_factory):
    dst = tmp_path_factory.mktemp("expected") / "dst"
    made = corpus.make(many, dst, RECIPE, rows=4, workers=2)
    return shards_of(dst), made


def children(pid):
    """The processes that a process started: those of its first thread, then of others, of which some end meanwhile."""
    found = []
    for task in sorted(Path(f"/proc/{pid}/task").iterdir(), key=lambda task: task.name != str(pid)):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, (task / "children").read_text().split())
    return found


def temporaries(dst):
    return [path for path in (dst / "data").glob(".isopixel-*")] if (dst / "data").exists() else []


@contextlib.contextmanager
def driver(src, dst):
    # On a busy machine it yields to the test, which has to see it while it works.
    command = ["nice", "-n", "19", sys.executable, "-c", DRIVER, str(src), str(dst), RECIPE]
    with subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def until(condition, process):
    """Waits for a condition, while the process lives."""
    while not condition():
        assert process.poll() is None, "it was done before"
        time.sleep(0.001)


def writing(dst, pid="[0-9]*"):
    """The processes, or the one of a number, that have a temporary of a shard open, each with its path."""
    found = []
    for folder in Path("/proc").glob(f"{pid}/fd"):
        with contextlib.suppress(OSError):
            for link in folder.iterdir():
                path = str(link.readlink())
                if path.startswith(f"{dst}/data/.isopixel-") and not path.endswith(" (deleted)"):
                    found.append((int(folder.parent.name), Path(path)))
    return found


def kill_at_work(dst, pids, writers):
    """Kills processes with SIGKILL, at a moment when one of the writers has a shard half-written.

    They are stopped first, so that the moment does not pass.

    Returns:
        The temporaries of what is half-written.
    """
    while True:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        while any(state(pid) not in "TZ" for pid in pids):
            time.sleep(0.0001)
        if cut := {path for writer in writers for _, path in writing(dst, writer)}:
            break
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        time.sleep(0.01)  # a driver has to get to hand out the next shard
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return cut


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("whom", ["group", "driver", "worker"])
def test_killed(whom, seed, many, tmp_path, expected_of_many):
    """At a random moment, while a shard is half-written, as its temporary shows; then it goes on, to the same bytes."""
    rng = np.random.default_rng(seed)
    dst = tmp_path / "dst"
    with driver(many, dst) as process:
        count = int(rng.integers(0, 40))
        until(lambda: len(list((dst / "data").glob("part-*"))) >= count and temporaries(dst), process)
        time.sleep(float(rng.uniform(0, 0.02)))
        workers = children(process.pid)
        assert len(workers) == 2
        if whom == "group":
            cut = kill_at_work(dst, [process.pid, *workers], workers)
        elif whom == "driver":
            kill_at_work(dst, [process.pid], workers)
            until_gone(workers)
            cut = set()
        else:
            one = int(rng.choice(workers))
            cut = kill_at_work(dst, [one], [one])
        code = process.wait(60)
    made = len(list((dst / "data").glob("part-*")))
    assert (code, made) == (0, 60) if whom == "worker" else (code == -signal.SIGKILL and made < 60)
    assert set(temporaries(dst)) == cut
    for path in cut:  # they are removed a day later
        path.unlink()
    check(dst, corpus.make(many, dst, RECIPE, rows=4, workers=2), expected_of_many)


def until_gone(pids):
    """Waits until the workers of a killed driver have ended by themselves, in good time."""
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() and "Z" not in state(pid) for pid in pids):
        assert time.monotonic() < end
        time.sleep(0.01)


def state(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return "Z"


def test_workers_end_with_their_driver(tmp_path):
    """One whose driver is killed while it reads an endless file leaves nothing behind."""
    (tmp_path / "src").mkdir()
    with (tmp_path / "src" / "endless").open("wb") as file:
        file.truncate(1 << 40)
    dst = tmp_path / "dst"
    with driver(tmp_path / "src", dst) as process:
        until(lambda: temporaries(dst), process)
        workers = children(process.pid)
        process.kill()
        process.wait()
        assert workers
        until_gone(workers)
    assert list((dst / "data").iterdir()) == []

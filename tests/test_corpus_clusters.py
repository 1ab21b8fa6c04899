# SPDX-License-Identifier: MIT
"""Corpora by Ray, Spark and Dask, each of which starts on this machine: the same shards, whichever workers die."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")
from isopixel import corpus
from tests.test_arrow_engines import LOCAL
from tests.test_corpus_engines import (  # noqa: F401, fixtures
    RECIPE,
    ROWS,
    check,
    expected,
    expected_of_many,
    many,
    sources,
    state,
    temporaries,
    writing,
)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def local():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in LOCAL.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def ray(local):
    """Ray, which the first corpus starts."""
    module = pytest.importorskip("ray")
    yield module
    module.shutdown()


@pytest.fixture(scope="module")
def spark(local):
    """Spark, which the first corpus starts."""
    sql = pytest.importorskip("pyspark.sql")
    yield sql
    sql.SparkSession.builder.getOrCreate().stop()


@pytest.mark.parametrize("engine", ["ray", "spark"])
def test_an_engine(engine, request, sources, tmp_path, expected):  # noqa: F811
    request.getfixturevalue(engine)
    progress = []
    made = corpus.make(sources, tmp_path, RECIPE, rows=ROWS, engine=engine, on_progress=progress.append)
    check(tmp_path, made, expected)
    assert (progress[-1].stage, progress[-1].done_files) == ("finish", 80)


def test_dask(sources, tmp_path, expected):  # noqa: F811
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        made = corpus.make(sources, tmp_path, RECIPE, rows=ROWS, executor=client.get_executor())
    check(tmp_path, made, expected)


@pytest.mark.parametrize("engine", ["ray", "spark"])
def test_an_error(engine, request, tmp_path):
    """What stops the work in a worker is raised here, as the local engine raises it."""
    request.getfixturevalue(engine)
    src, dst = tmp_path / "src", tmp_path / "dst"
    src.mkdir()
    (src / "a").write_bytes(b"a")
    corpus.make(src, dst, RECIPE, workers=1)
    for path in (dst / "manifest.json", *(dst / "data").iterdir(), src / "a"):
        path.unlink()
    src.rmdir()
    with pytest.raises(ValueError, match="no source of a shard can be read, and neither can their folder"):
        corpus.make(src, dst, RECIPE, engine=engine)


def test_spark_without_java(tmp_path):
    pytest.importorskip("pyspark")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a").write_bytes(b"a")
    code = "import sys; from isopixel import corpus; corpus.make(*sys.argv[1:], engine='spark')"
    command = [sys.executable, "-c", code, tmp_path / "src", tmp_path / "dst", RECIPE]
    environment = os.environ | {"JAVA_HOME": str(tmp_path / "nowhere")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "OSError: Spark cannot start: see that Java is on the path or in JAVA_HOME" in done.stderr


@pytest.mark.parametrize("engine", ["ray", "spark"])
def test_an_interrupt(engine, request, tmp_path):
    """It ends the tasks that run."""
    request.getfixturevalue(engine)
    src, dst = tmp_path / "src", tmp_path / "dst"
    src.mkdir()
    with (src / "endless").open("wb") as file:
        file.truncate(1 << 40)

    def interrupt(progress):
        if writing(dst):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        corpus.make(src, dst, RECIPE, engine=engine, on_progress=interrupt)
    end = time.monotonic() + 10
    while writing(dst):
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.slow
def test_workers_of_ray_that_are_killed(ray, many, tmp_path, expected_of_many):  # noqa: F811
    """Twenty of them, each while it has a shard half-written, as the temporary shows that it leaves."""
    rng = np.random.default_rng(11)
    killed = runs = 0
    while killed < 20:
        dst = tmp_path / f"dst{runs}"
        runs += 1
        ended, cut = threading.Event(), set()
        with ThreadPoolExecutor(1) as pool:
            killer = pool.submit(kill_some, dst, rng, ended, cut, 20 - killed)
            try:
                with contextlib.suppress(corpus.ShardsFailedError):  # of a shard over which three were killed
                    corpus.make(many, dst, RECIPE, rows=4, engine="ray")
            finally:
                ended.set()
            killer.result()
        killed += len(cut)
        assert set(temporaries(dst)) == cut
        for path in cut:  # they are removed a day later
            path.unlink()
        check(dst, corpus.make(many, dst, RECIPE, rows=4, engine="ray"), expected_of_many)


def kill_some(dst, rng, ended, cut, most):
    """Kills workers of Ray that write, at random moments, and collects the temporaries that they leave."""
    while not ended.wait(float(rng.uniform(0.2, 1.5))) and len(cut) < most:
        for pid, _ in writing(dst)[:1]:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                assert not command or b"ray::" in command
                os.kill(pid, signal.SIGSTOP)
                while state(pid) not in "TZ":
                    time.sleep(0.0001)
                if found := {path for _, path in writing(dst, pid)}:
                    os.kill(pid, signal.SIGKILL)
                    cut |= found
                else:
                    os.kill(pid, signal.SIGCONT)

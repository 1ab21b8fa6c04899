# SPDX-License-Identifier: MIT
"""isopixel corpus make, show and verify."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

pytest.importorskip("pyarrow")
from isopixel import corpus
from isopixel._cli import progress
from isopixel._cli.corpus import _line, _time
from isopixel._corpus import engines, making, verifying
from tests.program import PROGRAM, assert_refused, run
from tests.test_corpus_verify import run_here

RECIPE = "isopixel 1: nataraj | bilinear 8,8"


@pytest.fixture
def in_threads(monkeypatch):
    """Nothing is done by workers, since it is not they that these tests are about."""
    with ThreadPoolExecutor(2) as executor:
        monkeypatch.setattr(engines, "local", lambda workers: engines.of_executor(executor))
        monkeypatch.setattr(verifying, "run_in_workers", run_here)
        yield


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "src"
    folder.mkdir()
    rng = np.random.default_rng(8)
    for i in range(10):
        (folder / f"f{i}").write_bytes(rng.bytes(1000 * i + 1))
    return folder


@pytest.fixture
def bad(sources):
    """With eight files that become no images, and a picture."""
    for i in range(6):
        (sources / f"empty{i}").touch()
    (sources / "link\x1b[2J").symlink_to("missing")
    os.mkfifo(sources / "pipe")
    (sources / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 and more")
    return sources


def test_make(sources, tmp_path):
    dst = tmp_path / "dst"
    result = run("corpus", "make", sources, dst, "--recipe", RECIPE, "--workers", 1)
    made = corpus.read(dst)
    first, second, third = result.stdout.splitlines()
    assert (result.returncode, result.stderr) == (0, "")
    assert first == f"10 images of 10 files in {dst}"
    assert re.fullmatch(r"0 MB in [\d.]+ s, \d+ files/s", second)
    assert third == f"digest       {made.digest}"
    assert made.images == 10


def test_errors(bad, tmp_path, in_threads):
    dst = tmp_path / "dst"
    result = run("corpus", "make", bad, dst, "--recipe", RECIPE)
    assert result.returncode == 1
    assert result.stdout.startswith(f"11 images of 19 files, 8 errors (7 input, 1 io) in {dst}\n")
    lines = result.stderr.splitlines()
    assert lines[0].startswith("isopixel: note: 1 of 19 files is a JPEG picture ('photo.jpg'), and what is stored")
    for i in range(5):
        assert lines[i + 1].startswith(f"isopixel: empty{i}: is empty")
    assert lines[6].startswith("isopixel: and 3 errors more")
    assert (
        lines[7] == f"isopixel: note: to read again what could not be read: isopixel corpus make {dst} --retry-errors"
    )
    (bad / "missing").write_bytes(b"some bytes")
    result = run("corpus", "make", dst, "--retry-errors", "--json")
    record = json.loads(result.stdout)
    assert (result.returncode, record["errors"], record["images"]) == (1, {"input": 7}, 12)
    assert len(record["first_errors"]) == 5 and record["first_errors"][0]["path"] == "empty0"
    assert record["digest"] == corpus.read(dst).digest


def test_show(bad, tmp_path, in_threads):
    dst = tmp_path / "dst"
    run("corpus", "make", bad, dst, "--recipe", RECIPE, "--rows", 5)
    (bad / "new").write_bytes(b"x")
    (bad / "f1").unlink()
    (bad / "f2").write_bytes(b"x")
    result = run("corpus", "show", dst)
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        f"recipe       {RECIPE}",
        f"source       {bad}",
        "shards       4 of 4",
        "rows         11 images of 19 files, 8 errors (7 input, 1 io)",
        f"bytes        {corpus.read(dst).source_bytes:,}",
        f"digest       {corpus.read(dst).digest}",
        "sources      1 new, 1 vanished, 1 resized since the plan",
    ]
    assert "isopixel: link\\x1b[2J" not in result.stdout and "\x1b" not in result.stderr
    record = json.loads(run("corpus", "show", dst, "--json").stdout)
    assert record["changes"] == {"new": ["new"], "vanished": ["f1"], "resized": ["f2"]}
    (dst / "manifest.json").unlink()
    next((dst / "data").iterdir()).unlink()
    result = run("corpus", "show", dst)
    assert (result.returncode, result.stdout.splitlines()[2:4]) == (
        1,
        ["shards       3 of 4", "rows         19 planned"],
    )
    record = json.loads(run("corpus", "show", dst, "--json").stdout)
    assert (record["shards_there"], record["rows"], "digest" in record) == (3, 19, False)
    bad.rename(tmp_path / "moved")
    result = run("corpus", "show", dst)
    assert "note: how the sources differ by now is not known" in result.stderr
    assert_refused(run("corpus", "show", tmp_path), "is not a corpus")


def test_verify(sources, tmp_path, in_threads):
    dst = tmp_path / "dst"
    run("corpus", "make", sources, dst, "--recipe", RECIPE)
    result = run("corpus", "verify", dst, "--sample", 3, "--workers", 1)
    assert (result.returncode, result.stdout) == (0, f"pass         10 rows, {corpus.read(dst).digest}\n")
    (path,) = (dst / "data").iterdir()
    content = bytearray(path.read_bytes())
    content[500] ^= 1
    path.write_bytes(content)
    result = run("corpus", "verify", dst, "--workers", 1)
    assert result.returncode == 1
    assert result.stdout.startswith("FAIL         data/part-00000-of-00001.parquet: row group 0 is broken")
    record = json.loads(run("corpus", "verify", dst, "--workers", 1, "--json").stdout)
    assert record["digest"] is None and record["findings"][0]["file"] == "data/part-00000-of-00001.parquet"
    assert_refused(run("corpus", "verify", sources), "is not a corpus")


def test_parts_with_errors(bad, tmp_path, in_threads):
    """Whoever makes a part knows of the errors in it, and of no others."""
    command = ["corpus", "make", bad, tmp_path / "dst", "--recipe", RECIPE, "--rows", 6, "--json", "--part"]
    for part, code, errors in (("2/4", 0, 0), ("1/4", 1, 6), ("1/4", 1, 6)):  # the second time it is there
        result = run(*command, part)
        record = json.loads(result.stdout)
        assert (result.returncode, record["errors_in_part"], record["shards"]) == (code, errors, 4), part
    result = run(*[word for word in command if word != "--json"], "1/4")
    assert result.returncode == 1
    assert result.stderr.startswith("isopixel: note: 6 files of this part became no image")


def test_what_is_there_is_not_counted(bad, tmp_path, in_threads):
    """The rate is that of the files that were read."""
    dst = tmp_path / "dst"
    command = ["corpus", "make", bad, dst, "--recipe", RECIPE, "--rows", 6]
    assert ", 0 files/s" not in run(*command).stdout.splitlines()[1]
    assert run(*command).stdout.splitlines()[1].endswith(", 0 files/s")
    progress = []
    next((dst / "data").iterdir()).unlink()
    corpus.make(bad, dst, RECIPE, rows=6, on_progress=progress.append)
    assert (progress[-1].done_files, progress[-1].total_files, progress[-1].errors) in ((6, 6, 8), (1, 1, 8))
    (bad / "missing").write_bytes(b"some bytes")
    progress.clear()
    corpus.retry_errors(dst, on_progress=progress.append)
    assert (progress[-1].done_files, progress[-1].total_files) == (6, 6)


def test_parts(sources, tmp_path, in_threads):
    command = ["corpus", "make", sources, tmp_path / "dst", "--recipe", RECIPE, "--rows", 3, "--part"]
    result = run(*command, "1/2")
    assert (result.returncode, "shards of other parts are missing" in result.stdout) == (0, True)
    assert run(*command, "2/2").stdout.startswith("10 images of 10 files")


def test_what_is_refused(sources, tmp_path, in_threads):
    dst = tmp_path / "dst"
    for arguments, message in (
        (["make", sources], "name the folder of the files, and that of the corpus; 1 place given"),
        (["make", sources, dst], "--recipe is missing"),
        (["make", sources, dst, "--retry-errors"], "name the corpus alone; 2 places"),
        (["make", dst, "--retry-errors", "--rows", 4], "leave out rows"),
        (["make", dst, "--retry-errors"], "is not a corpus"),
        (["make", sources, dst, "--recipe", RECIPE, "--bytes", "8GB"], "such as 8GiB"),
        (["make", sources, dst, "--recipe", RECIPE, "--bytes", "0"], "such as 8GiB"),
        (["make", sources, dst, "--recipe", RECIPE, "--part", "3/2"], "part is k/n"),
        (["make", tmp_path / "nowhere", dst, "--recipe", RECIPE], "nowhere"),
        (["make", "s3://key:secret@bucket", dst, "--recipe", RECIPE], "has credentials in it"),
        (["make", sources, dst, "--recipe", "isopixel 1: natarai"], "natarai"),
        (["make", sources, dst, "--recipe", RECIPE, "--list", tmp_path / "nowhere"], "nowhere"),
    ):
        assert_refused(run("corpus", *arguments), message)
        assert not dst.exists(), arguments
    assert run("corpus", "make", sources, dst, "--recipe", RECIPE, "--bytes", "10 KiB").returncode == 0
    assert len(list((dst / "data").iterdir())) == 6
    assert_refused(run("corpus", "make", sources, dst, "--recipe", RECIPE), "another bytes: 10240, and not 8589934592")


def test_a_worker_that_dies(sources, tmp_path, monkeypatch):
    def failing(*arguments, **options):
        raise engines.ShardsFailedError("1 of 3 shards could not be made")

    monkeypatch.setattr(making, "run", failing)
    assert_refused(run("corpus", "make", sources, tmp_path / "dst", "--recipe", RECIPE), "1 of 3 shards")


def test_without_pyarrow(sources, tmp_path):
    """The message says what to install."""
    code = "import sys; sys.modules['pyarrow'] = None; from isopixel.__main__ import main; main()"
    command = [sys.executable, "-c", code, "corpus", "make", str(sources), str(tmp_path / "dst"), "--recipe", RECIPE]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert "pip install 'isopixel[corpus]'" in result.stderr and "Traceback" not in result.stderr


def test_progress_in_a_log(sources, tmp_path, monkeypatch, in_threads):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    lines = run("corpus", "make", sources, tmp_path / "dst", "--recipe", RECIPE, "--rows", 4).stderr.splitlines()
    assert lines[-1] == "isopixel: writing the manifest"
    assert re.fullmatch(r"isopixel: 10 of 10 files, 0 of 0 MB, [\d,]+ files/s", lines[-2])


def test_lines_of_progress():
    at = making.Progress("make", 1000, 4000, 50_000_000, 200_000_000)
    assert _line(at, 10.0) == "1,000 of 4,000 files, 50 of 200 MB, 100 files/s, 30 s left"
    assert _line(making.Progress("make", 0, 4000, 0, 1), 10.0) == "0 of 4,000 files, 0 of 0 MB, 0 files/s"
    assert _line(making.Progress("list", 5000), 2.0) == "listing: 5,000 files, 2,500 files/s"
    assert _line(making.Progress("verify", 5, 10), 1.0) == "verifying: 5 of 10 rows, 5 rows/s"
    assert [_time(seconds) for seconds in (99, 100, 5999, 7200)] == ["99 s", "2 min", "100 min", "2.0 h"]


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_an_interrupt(number, tmp_path):
    """It ends within a second, with whole shards and no workers left, though a file is read that has no end."""
    (tmp_path / "src").mkdir()
    for i in range(8):
        (tmp_path / "src" / f"f{i}").write_bytes(bytes(1000))
    with (tmp_path / "src" / "endless").open("wb") as file:
        file.truncate(1 << 40)

    def heed():
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, signal.SIG_DFL)

    dst = tmp_path / "dst"
    command = [PROGRAM, "corpus", "make", tmp_path / "src", dst, "--recipe", RECIPE, "--rows", "2", "--workers", "2"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, preexec_fn=heed, start_new_session=True
    ) as process:
        while not (dst / "data").exists() or len(list((dst / "data").glob("part-*"))) < 4:
            assert process.poll() is None
            time.sleep(0.01)
        begun = time.monotonic()
        os.killpg(process.pid, number)  # as a terminal does
        _, errors = process.communicate(timeout=30)
        assert time.monotonic() - begun < 3  # a second, on a machine that does something else besides
    assert (process.returncode, errors) == (128 + number, "isopixel: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert len(list((dst / "data").iterdir())) == 4

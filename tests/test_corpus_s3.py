# SPDX-License-Identifier: MIT
"""Corpora of an S3 and in one, on loopback (tests/stores.py): the same shards as of folders, whatever is cut."""

import os
import signal
import subprocess
import sys
import threading
import zlib

import numpy as np
import pytest

pytest.importorskip("pyarrow")
pytest.importorskip("moto", reason="an S3 on loopback is moto's server; `make test-engines` installs it")
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

from isopixel import corpus
from isopixel._corpus.places import REMOTE_BLOCK
from tests.stores import Proxy, server, uri

RECIPE = "isopixel 1: nataraj | bilinear 16,16"
WHOLE = "isopixel 1: fixed,width=1024"  # whose images are as long as the files
ROWS = 8


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """An empty store; the environment has the credentials of its user."""
    with server(tmp_path_factory.mktemp("store") / "log") as started, pytest.MonkeyPatch.context() as patch:
        for name, value in started.credentials.items():
            patch.setenv(name, value)
        yield started


@pytest.fixture
def bucket(store, request):
    """A new bucket."""
    name = f"bucket-{abs(hash(request.node.nodeid))}"
    store.client().create_bucket(Bucket=name)
    return name


@pytest.fixture
def proxy(store):
    """A new proxy before the store."""
    made = Proxy(store.port)
    yield made
    made.close()


@pytest.fixture(scope="module")
def contents():
    rng = np.random.default_rng(7)
    made = {f"d{i % 3}/f{i:02}": rng.bytes(int(rng.integers(1, 20_000))) for i in range(37)}
    return made | {"empty": b"", "a b+%41?#ü": b"a name with all kinds of characters", "long": rng.bytes(20 << 20)}


def fill(store, bucket, contents):
    client = store.client()
    for name, content in contents.items():
        client.put_object(Bucket=bucket, Key=f"in/{name}", Body=content)


def write(folder, contents):
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def shards_of(dst):
    return {path.name: path.read_bytes() for path in (dst / "data").iterdir()}


@pytest.fixture(scope="module")
def expected(contents, tmp_path_factory):
    """The shards that are made of a folder, and the digest."""
    folder = tmp_path_factory.mktemp("expected")
    write(folder / "src", contents)
    made = corpus.make(folder / "src", folder / "dst", RECIPE, rows=ROWS, workers=1)
    assert (made.rows, made.errors) == (40, {"input": 1})
    return shards_of(folder / "dst"), made.digest


@pytest.mark.parametrize("io_threads", [1, 8])
def test_from_a_store_into_it(io_threads, store, bucket, contents, expected):
    fill(store, bucket, contents)
    src, dst = uri(f"{bucket}/in", store.port), uri(f"{bucket}/out/c", store.port)
    made = corpus.make(src, dst, RECIPE, rows=ROWS, workers=2, io_threads=io_threads)
    assert store.objects(bucket, "out/c/data/") == expected[0]
    assert (made.digest, made.source) == (expected[1], src)
    assert store.objects(bucket, "out/c/").keys() == {
        "plan.parquet",
        "manifest.json",
        *(f"data/{name}" for name in expected[0]),
    }
    assert corpus.read(dst) == made
    assert corpus.verify(dst, sample=40) == []
    assert [error.path for error in corpus.errors(dst)] == ["empty"]
    store.client().put_object(Bucket=bucket, Key="in/new", Body=b"new")
    assert corpus.changes(dst) == corpus.Changes(new=("new",))
    with pytest.raises(ValueError, match="another recipe"):
        corpus.make(src, dst, WHOLE, rows=ROWS)


def test_an_endpoint_of_the_environment(store, bucket, contents, expected, tmp_path, monkeypatch):
    """Then the address is the usual one; part by part, and on to the end in another process."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{store.port}")
    fill(store, bucket, contents)
    src, dst = f"s3://{bucket}/in", f"s3://{bucket}/out"
    assert corpus.make(src, dst, RECIPE, rows=ROWS, workers=1, part="2/2") is None
    made = corpus.make(src, dst, RECIPE, rows=ROWS, workers=1)
    assert (store.objects(bucket, "out/data/"), made.digest) == expected
    made = corpus.make(src, tmp_path, RECIPE, rows=ROWS, workers=1)
    assert (shards_of(tmp_path), made.digest) == expected


# --- what is wrong


def run(src, dst, recipe=RECIPE, environment=(), **options):
    """Makes a corpus in another process."""
    code = f"import sys; from isopixel import corpus; corpus.make(*sys.argv[1:], workers=1, **{options!r})"
    command = [sys.executable, "-c", code, str(src), str(dst), recipe]
    return subprocess.run(
        command, env=os.environ | dict(environment), capture_output=True, text=True, check=False, timeout=120
    )


WRONG = {"AWS_ACCESS_KEY_ID": "AKIANOBODY", "AWS_SECRET_ACCESS_KEY": "wrong"}


def test_wrong_credentials(store, bucket, contents, tmp_path):
    """They end the work, whenever they get wrong, and nothing is a row because of them."""
    fill(store, bucket, contents)
    src = uri(f"{bucket}/in", store.port)
    for place in (tmp_path / "dst", uri(f"{bucket}/out", store.port)):
        done = run(src, place, environment=WRONG)
        assert done.returncode == 1 and "OSError" in done.stderr, done.stderr
        assert "INVALID_ACCESS_KEY_ID" in done.stderr or "ACCESS_DENIED" in done.stderr
    assert not (tmp_path / "dst").exists() and store.objects(bucket, "out") == {}
    dst = tmp_path / "dst"
    assert run(src, dst, rows=ROWS, part="1/2").returncode == 0
    before = shards_of(dst)
    assert len(before) == 3
    done = run(src, dst, rows=ROWS, environment=WRONG)
    assert done.returncode == 1
    assert "no source of a shard can be read, and neither can their folder" in done.stderr
    assert "see that it is there and that the credentials are valid" in done.stderr
    assert shards_of(dst) == before and sorted(path.name for path in dst.iterdir()) == ["data", "plan.parquet"]


def rows_of(dst):
    return pa.concat_tables(pq.read_table(path) for path in sorted((dst / "data").iterdir()))


def errors_of(dst):
    """The error of each row that has one, by its path."""
    rows = rows_of(dst).to_pylist()
    return {row["path"]: (row["error_kind"], row["error"]) for row in rows if row["error"] is not None}


def test_objects_that_change(store, bucket, proxy, tmp_path):
    """One that vanishes, one that gets shorter, and two that are cut or replaced while they are read, are rows."""
    rng = np.random.default_rng(8)
    long = rng.bytes(3 * REMOTE_BLOCK)
    fill(store, bucket, {"cut": bytes(100_000), "good": b"good", "replaced": long, "short": b"long", "vanished": b"x"})
    client = store.client()
    seen = []

    def on_request(request):
        name = request.path.rpartition("/")[2]
        if request.method != "GET" or request.path.startswith(f"/{bucket}?"):
            return None
        seen.append(name)
        if name == "cut":
            return 50_000
        if name == "replaced" and seen.count(name) == 2:
            client.put_object(Bucket=bucket, Key="in/replaced", Body=long[::-1])
        return None

    src = uri(f"{bucket}/in", proxy.port)
    dst = tmp_path / "dst"
    listed = pa.table({"path": ["cut", "good", "replaced", "short", "vanished"], "size": [100_000, 4, None, 4, 1]})
    pq.write_table(listed, tmp_path / "list.parquet")
    client.put_object(Bucket=bucket, Key="in/short", Body=b"los")
    client.delete_object(Bucket=bucket, Key="in/vanished")
    proxy.on_request = on_request
    made = corpus.make(src, dst, RECIPE, workers=1, file_list=tmp_path / "list.parquet")
    assert (made.images, made.errors) == (1, {"io": 4})
    errors = errors_of(dst)
    assert errors.keys() == {"cut", "replaced", "short", "vanished"}
    assert seen.count("cut") >= 1 and seen.count("replaced") >= 2
    assert errors["short"] == ("io", "has 3 bytes, and had 4 when the corpus was planned")
    assert errors["replaced"] == ("io", "was replaced while it was read")
    assert all(kind == "io" and text for kind, text in errors.values()), errors
    proxy.on_request = lambda request: None
    fill(store, bucket, {"short": b"long", "vanished": b"x"})
    assert corpus.retry_errors(dst, workers=1).errors == {}


def test_objects_that_zlib_packed(store, bucket, tmp_path):
    """Also one that was cut when it was stored."""
    rng = np.random.default_rng(9)
    contents = {"a": rng.bytes(5000), "b": bytes(30 << 20), "c": rng.bytes(3000)}
    packed = {name: zlib.compress(content) for name, content in contents.items()}
    fill(store, bucket, packed | {"c": packed["c"][:-10]})
    made = corpus.make(uri(f"{bucket}/in", store.port), tmp_path / "dst", RECIPE, workers=1, decode="zlib")
    write(tmp_path / "src", contents)
    assert made.images == 2
    assert errors_of(tmp_path / "dst") == {"c": ("input", "is a zlib stream that ends too early")}
    (tmp_path / "src" / "c").unlink()
    corpus.make(tmp_path / "src", tmp_path / "expected", RECIPE, workers=1)
    made, expected = (rows_of(tmp_path / name).slice(0, 2) for name in ("dst", "expected"))
    assert made.equals(expected)


def test_memory(store, bucket, tmp_path):
    """Objects are read block by block: one of 256 MiB in the memory of a few blocks."""
    with fs.FileSystem.from_uri(uri(bucket, store.port))[0].open_output_stream(f"{bucket}/in/long") as out:
        for _ in range(32):
            out.write(bytes(8 << 20))
    code = (
        "import sys, resource; from isopixel import corpus\n"
        "corpus.make(*sys.argv[1:], workers=1); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    peaks = []
    for place in (tmp_path / "src", uri(f"{bucket}/in", store.port)):
        command = [sys.executable, "-c", code, str(place), str(tmp_path / f"dst{len(peaks)}"), RECIPE]
        write(tmp_path / "src", {"a": b"a few bytes"})
        peaks.append(int(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout) << 10)
    assert peaks[1] < peaks[0] + 8 * REMOTE_BLOCK


# --- killed

DRIVER = "import sys; from isopixel import corpus; corpus.make(*sys.argv[1:], workers=1, rows=4)"


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A folder, and the shards that are made of it: of 2, 9 and 22 MiB; the last one is uploaded in three pieces."""
    folder = tmp_path_factory.mktemp("killed")
    rng = np.random.default_rng(10)
    lengths = [1 << 19] * 4 + [9 << 18] * 4 + [11 << 19] * 4
    write(folder / "src", {f"f{i:02}": rng.bytes(length) for i, length in enumerate(lengths)})
    corpus.make(folder / "src", folder / "dst", WHOLE, rows=4, workers=1)
    return folder / "src", shards_of(folder / "dst")


@pytest.mark.parametrize("seed", range(20))
def test_an_upload_that_is_killed(seed, store, bucket, proxy, killed):
    """While bytes of a shard are on their way: there is no such object, and it goes on, to the same ones."""
    src, expected = killed
    rng = np.random.default_rng(seed)
    at = int(rng.integers(1, sum(map(len, expected.values())) * 0.9))
    dst = uri(f"{bucket}/c", proxy.port)
    begun, cut = threading.Event(), []

    def kill(request):
        uploads = [one for one in proxy.requests if one.method == "PUT" and "/part-" in one.path]
        if not cut and request in uploads and request.sent and sum(one.sent for one in uploads) >= at:
            begun.wait()
            os.killpg(process.pid, signal.SIGKILL)
            cut.append(request)
        if cut:
            raise ConnectionError  # what was on its way is lost

    proxy.on_piece = kill
    command = [sys.executable, "-c", DRIVER, str(src), dst, WHOLE]
    with subprocess.Popen(command, start_new_session=True) as process:
        begun.set()
        assert process.wait(60) == -signal.SIGKILL
    proxy.on_piece = lambda request: None
    assert cut[0].sent and not cut[0].is_whole
    there = store.objects(bucket, "c/data/")
    assert cut[0].path.rpartition("/")[2] not in there and there.items() < expected.items()
    made = corpus.make(src, dst, WHOLE, rows=4, workers=1)
    assert made.images == 12
    assert store.objects(bucket, "c/data/") == expected

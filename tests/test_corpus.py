# SPDX-License-Identifier: MIT
"""isopixel.corpus: the plan, the shards and the manifest."""

import hashlib
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np
import pytest

import isopixel
from isopixel import Recipe

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
from isopixel import corpus  # noqa: E402
from isopixel._corpus import listing, places, plan, shard  # noqa: E402
from isopixel._corpus.places import REMOTE_BLOCK, place_of  # noqa: E402
from isopixel._corpus.plan import Plan  # noqa: E402
from isopixel._corpus_digest import CorpusDigest  # noqa: E402
from tests.support import as_another_user, folder_of_another_user  # noqa: E402

RECIPE = "isopixel 1: nataraj | bilinear 8,8"
THREADS = ThreadPoolExecutor(2)


def make(src, dst, recipe, **options):
    """corpus.make without processes, which test_corpus_engines.py is about."""
    return corpus.make(src, dst, recipe, executor=THREADS, **options)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Forty files in folders, with everything that is no source."""
    folder = tmp_path_factory.mktemp("sources")
    rng = np.random.default_rng(3)
    for i in range(40):
        path = folder / f"d{i % 3}" / f"f{i:02}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(rng.bytes(int(rng.integers(1, 5000))))
    (folder / "a\nb").write_bytes(b"a newline in its name")
    (folder / "ü").write_bytes(b"beyond ASCII")
    (folder / os.fsdecode(b"bad\xff")).write_bytes(b"a name that is not UTF-8")
    (folder / "empty").touch()
    (folder / "dangling").symlink_to("nowhere")
    (folder / "loop").symlink_to("loop")
    (folder / "up").symlink_to(".")
    os.mkfifo(folder / "pipe")
    (folder / ".isopixel-0123456789abcdef").write_bytes(b"never completed")
    return folder


BAD = {
    "bad\\xff": ("input", "its name is not UTF-8"),
    "dangling": ("io", "No such file"),
    "empty": ("input", "is empty"),
    "loop": ("io", "symbolic links"),
    "pipe": ("input", "not a regular file"),
    "up": ("input", "a link to a folder, which is not followed"),
}


def rows_of(dst):
    """The rows of all shards, in their order."""
    return [row for path in sorted((dst / "data").iterdir()) for row in pq.read_table(path).to_pylist()]


def test_a_folder(sources, tmp_path):
    dst = tmp_path / "dst"
    made = make(sources, dst, RECIPE, rows=20)
    rows = rows_of(dst)
    assert [row["path"].encode() for row in rows] == sorted(row["path"].encode() for row in rows)
    good = [row for row in rows if row["error"] is None]
    assert {row["path"] for row in rows} - {row["path"] for row in good} == set(BAD)
    for row in rows:
        if row["error"] is not None:
            kind, message = BAD[row["path"]]
            assert row["error_kind"] == kind and message in row["error"]
            assert row["image"] is row["shape"] is row["fingerprint"] is row["source_sha256"] is row["n_bytes"] is None
            continue
        content = (sources / row["path"]).read_bytes()
        image = Recipe.parse(RECIPE)(content)
        assert (row["image"], row["shape"]) == (image.tobytes(), [8, 8])
        assert row["fingerprint"] == isopixel.fingerprint(image)
        assert (row["n_bytes"], row["source_sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert len(good) == 42
    assert (made.rows, made.images, made.errors) == (48, 42, {"input": 4, "io": 2})
    assert made.source_bytes == sum(row["n_bytes"] for row in good)
    assert (made.recipe, made.source, made.decode) == (RECIPE, str(sources), None)
    digest = CorpusDigest()
    digest.update(
        tuple(row[name] for name in ("path", "n_bytes", "source_sha256", "fingerprint", "error_kind")) for row in rows
    )
    assert made.digest == digest.text()
    assert corpus.read(dst) == made
    assert json.loads((dst / "manifest.json").read_text())["digest"] == made.digest
    assert sorted(p.name for p in dst.iterdir()) == ["data", "manifest.json", "plan.parquet"]
    assert sorted(p.name for p in (dst / "data").iterdir()) == [f"part-0000{i}-of-00003.parquet" for i in range(3)]


def test_the_layout_of_a_shard(sources, tmp_path):
    """What random access relies on: groups of 16 rows, one page each, images at the end of their column's chunk."""
    make(sources, tmp_path / "dst", RECIPE)
    (path,) = (tmp_path / "dst" / "data").iterdir()
    content, metadata = path.read_bytes(), pq.read_metadata(path)
    rows, at = pq.read_table(path).to_pylist(), 0
    for group in range(metadata.num_row_groups):
        n = metadata.row_group(group).num_rows
        assert n == min(16, 48 - at)
        column = metadata.row_group(group).column(1)
        assert column.path_in_schema == "image" and column.compression == "UNCOMPRESSED"
        values = b"".join(
            len(row["image"]).to_bytes(4, "little") + row["image"] for row in rows[at : at + n] if row["image"]
        )
        end = column.data_page_offset + column.total_compressed_size
        assert content[end - len(values) : end] == values
        at += n
    stats = json.loads(metadata.metadata[b"isopixel.shard"])
    assert (stats["shard"], stats["of"], stats["rows"], stats["errors"]) == (0, 1, 48, {"input": 4, "io": 2})
    assert metadata.metadata[b"isopixel.recipe"].decode() == RECIPE


def test_groups_of_large_images(tmp_path, monkeypatch):
    """A group ends before its images have more than GROUP_BYTES."""
    monkeypatch.setattr(shard, "GROUP_BYTES", 64 << 10)
    (tmp_path / "src").mkdir()
    for i, kib in enumerate([30, 34, 30, 70, 1, 1]):
        with (tmp_path / "src" / str(i)).open("wb") as file:
            file.truncate(kib << 10)
    make(tmp_path / "src", tmp_path / "dst", "isopixel 1: fixed,width=512")
    (path,) = (tmp_path / "dst" / "data").iterdir()
    metadata = pq.read_metadata(path)
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [2, 1, 1, 2]


def test_the_digest_does_not_depend_on_the_shards(sources, tmp_path):
    digests = {make(sources, tmp_path / str(rows), RECIPE, rows=rows).digest for rows in (1, 7, 4096)}
    digests.add(make(sources, tmp_path / "bytes", RECIPE, max_bytes=4000).digest)
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("sizes", "rows", "most", "expected"),
    [
        ([1, 1, 1, 1, 1], 2, 100, [0, 2, 4, 5]),
        ([5, 5, 5], 10, 10, [0, 2, 3]),
        ([50, 1, 50, 60, 1], 10, 51, [0, 2, 3, 4, 5]),
        ([0, 0, 0], 2, 1, [0, 2, 3]),
        ([100, 100], 10, 1, [0, 1, 2]),
        ([1], 1, 1, [0, 1]),
    ],
)
def test_cuts(sizes, rows, most, expected):
    assert plan.cuts(np.array(sizes, np.int64), rows, most) == expected


def test_random_cuts():
    """As a loop over the rows cuts."""
    rng = np.random.default_rng(4)
    for _ in range(100):
        sizes = rng.integers(0, 50, rng.integers(1, 60))
        rows, most = int(rng.integers(1, 9)), int(rng.integers(1, 120))
        starts, n, total = [0], 0, 0
        for i, size in enumerate(sizes):
            if n and (n == rows or total + size > most):
                starts.append(i)
                n = total = 0
            n, total = n + 1, total + size
        assert plan.cuts(sizes, rows, most) == [*starts, len(sizes)]


def test_it_goes_on_where_it_was(sources, tmp_path):
    """Shards that are there stay; a broken one, one that is cut, and one of another plan are made again."""
    dst = tmp_path / "dst"
    make(sources, dst, RECIPE, rows=10)
    paths = sorted((dst / "data").iterdir())
    before = {path: path.read_bytes() for path in paths}
    stamps = {path: path.stat().st_mtime_ns for path in paths}
    make(sources, tmp_path / "other", "isopixel 1: nataraj | bilinear 4,4", rows=10)
    paths[0].write_bytes(before[paths[0]][:-100])
    paths[1].unlink()
    paths[2].write_bytes((tmp_path / "other" / "data" / paths[2].name).read_bytes())
    paths[3].write_bytes(b"")
    (dst / "manifest.json").unlink()
    assert make(sources, dst, RECIPE, rows=10) is not None
    assert {path: path.read_bytes() for path in paths} == before
    assert paths[4].stat().st_mtime_ns == stamps[paths[4]]


def test_another_corpus_is_refused(sources, tmp_path):
    dst = tmp_path / "dst"
    make(sources, dst, RECIPE, rows=20)
    (tmp_path / "other").mkdir()
    for src, recipe, options, message in (
        (sources, "isopixel 1: nataraj | bilinear 8,9", {}, "another recipe: 'isopixel 1: nataraj | bilinear 8,8'"),
        (tmp_path / "other", RECIPE, {}, "another source"),
        (sources, RECIPE, {"rows": 21}, "another rows: 20, and not 21"),
        (sources, RECIPE, {"max_bytes": 5}, "another bytes"),
        (sources, RECIPE, {"decode": "zlib"}, "another decode: None, and not 'zlib'"),
    ):
        with pytest.raises(ValueError, match=message):
            make(src, dst, recipe, **{"rows": 20, **options})
    assert make(sources, dst, RECIPE, rows=20).rows == 48


def test_what_is_refused(sources, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    (tmp_path / "none").mkdir()
    for src, dst, error, message in (
        (sources, tmp_path / "full", ValueError, "is not empty, and holds no corpus"),
        (tmp_path / "none", tmp_path / "a", ValueError, "there are no files"),
        (tmp_path / "none", tmp_path / "none", ValueError, "is that of the sources"),
        (tmp_path / "nowhere", tmp_path / "b", FileNotFoundError, "nowhere"),
        (tmp_path / "full" / "file", tmp_path / "c", NotADirectoryError, "is not a folder"),
        ("s3://a:b@c/d", tmp_path / "d", ValueError, "credentials"),
    ):
        with pytest.raises(error, match=message):
            make(src, dst, RECIPE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "none"]
    with pytest.raises(FileNotFoundError, match="is not a corpus"):
        corpus.read(tmp_path)
    for options in ({"rows": 0}, {"max_bytes": 0}, {"decode": "gzip"}):
        with pytest.raises(ValueError, match=r"at least 1|decode is"):
            make(sources, tmp_path / "e", RECIPE, **options)


def test_a_corpus_among_its_sources(tmp_path):
    """It is passed over."""
    (tmp_path / "a").write_bytes(b"x")
    assert make(tmp_path, tmp_path / "dst", RECIPE).rows == 1
    assert make(tmp_path, tmp_path / "again", RECIPE).rows == 1 + 3


def test_two_files_of_one_path(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / os.fsdecode(b"a\xff")).write_bytes(b"x")
    (tmp_path / "src" / "a\\xff").write_bytes(b"x")
    with pytest.raises(ValueError, match="two files have the path"):
        make(tmp_path / "src", tmp_path / "dst", RECIPE)


def test_sources_that_change_after_the_plan(tmp_path):
    src, dst = tmp_path / "src", tmp_path / "dst"
    src.mkdir()
    for name in "abc":
        (src / name).write_bytes(b"some bytes")
    make(src, dst, RECIPE)
    (dst / "manifest.json").unlink()
    next((dst / "data").iterdir()).unlink()
    (src / "a").unlink()
    (src / "b").write_bytes(b"some more bytes")
    made = make(src, dst, RECIPE)
    assert (made.images, made.errors) == (1, {"io": 2})
    errors = [row["error"] for row in rows_of(dst)]
    assert errors == ["No such file or directory", "has 15 bytes, and had 10 when the corpus was planned", None]


def test_sources_that_are_gone(tmp_path):
    """Where nothing can be read, the job stops, and no shard of errors is written."""
    src, dst = tmp_path / "src", tmp_path / "dst"
    src.mkdir()
    (src / "a").write_bytes(b"some bytes")
    make(src, dst, RECIPE)
    (dst / "manifest.json").unlink()
    next((dst / "data").iterdir()).unlink()
    (src / "a").unlink()
    src.rmdir()
    with pytest.raises(ValueError, match="no source of a shard can be read, and neither can their folder"):
        make(src, dst, RECIPE)
    assert list((dst / "data").iterdir()) == []


def test_a_list(sources, tmp_path):
    listed = pa.table({"label": [7, 8, 9], "path": ["d1/f01", "d0/f00", "nowhere"], "split": ["x", None, "y"]})
    pq.write_table(listed, tmp_path / "list.parquet")
    made = make(sources, tmp_path / "dst", RECIPE, file_list=tmp_path / "list.parquet")
    rows = rows_of(tmp_path / "dst")
    assert [(row["path"], row["label"], row["split"]) for row in rows] == [
        ("d0/f00", 8, None),
        ("d1/f01", 7, "x"),
        ("nowhere", 9, "y"),
    ]
    assert made.errors == {"io": 1}
    pq.write_table(listed.slice(1), tmp_path / "list.parquet")
    with pytest.raises(ValueError, match="another list"):
        make(sources, tmp_path / "dst", RECIPE, file_list=tmp_path / "list.parquet")
    for columns, message in (
        ({"path": ["../x"]}, r"the path '\.\./x': paths are relative"),
        ({"path": ["/x"]}, "the path '/x'"),
        ({"path": ["a//b"]}, "the path 'a//b'"),
        ({"path": ["a/./b"]}, "the path"),
        ({"path": ["a/"]}, "the path 'a/'"),
        ({"path": [""]}, "the path ''"),
        ({"path": [None, "a"]}, "a row without a path"),
        ({"name": ["a"]}, "one column path"),
        ({"path": ["a"], "image": [1]}, "a column 'image'"),
        ({"path": ["a", "a"]}, "two files have the path 'a'"),
        ({"path": [["a"]]}, "has a column 'path' that cannot be large_string"),
        ({"path": ["a"], "size": [[1]]}, "has a column 'size' that cannot be int64"),
        ({"path": ["a"], "label": pa.array(["x"], pa.string_view())}, "cast it first"),
    ):
        pq.write_table(pa.table(columns), tmp_path / "list.parquet")
        with pytest.raises(ValueError, match=message):
            make(sources, tmp_path / "other", RECIPE, file_list=tmp_path / "list.parquet")
        assert not (tmp_path / "other").exists()
    (tmp_path / "list.parquet").write_text("a\nb\n")
    with pytest.raises(ValueError, match="it has to be a Parquet file"):
        make(sources, tmp_path / "other", RECIPE, file_list=tmp_path / "list.parquet")


def test_a_store(sources, tmp_path):
    """From a store into it, the same shards as from a folder into a folder."""
    store = pytest.importorskip("fsspec").filesystem("memory")
    src = tmp_path / "src"
    for path in sorted(sources.rglob("f*")):
        name = path.relative_to(sources)
        store.pipe(f"/in/{name}", path.read_bytes())
        (src / name).parent.mkdir(parents=True, exist_ok=True)
        (src / name).write_bytes(path.read_bytes())
    expected = make(src, tmp_path / "dst", RECIPE, rows=20)
    made = make("memory://in", "memory://out/c", RECIPE, rows=20, io_threads=3)
    assert (made.digest, made.source) == (expected.digest, "memory://in")
    for path in sorted((tmp_path / "dst" / "data").iterdir()):
        assert store.cat(f"/out/c/data/{path.name}") == path.read_bytes()
    assert corpus.read("memory://out/c") == made
    with pytest.raises(ValueError, match="another recipe"):
        make("memory://in", "memory://out/c", "isopixel 1: line | bilinear 8,8", rows=20)


def test_a_plan_that_is_there_first(sources, tmp_path, monkeypatch):
    """Of two drivers that list at the same time, the second one goes on with the plan of the first."""
    write = plan.write

    def late(dst, listed, settings):
        write(dst, listed.slice(0, 3), settings)  # by the other one
        write(dst, listed, settings)

    monkeypatch.setattr(plan, "write", late)
    assert make(sources, tmp_path / "dst", RECIPE).rows == 3
    assert Plan(place_of(str(tmp_path / "dst"))).rows == 3
    assert {path.name for path in (tmp_path / "dst").iterdir()} == {"data", "manifest.json", "plan.parquet"}


def test_a_broken_plan(sources, tmp_path):
    make(sources, tmp_path / "dst", RECIPE)
    for content in (
        b"",
        b"PAR1",
        b"nothing",
        (tmp_path / "dst" / "data").joinpath("part-00000-of-00001.parquet").read_bytes(),
    ):
        (tmp_path / "dst" / "plan.parquet").write_bytes(content)
        with pytest.raises(ValueError, match="is not the plan of a corpus, or is broken"):
            make(sources, tmp_path / "dst", RECIPE)


def test_what_cannot_be_read():
    """By another user: a file, and a folder, whose files nobody knows."""
    with folder_of_another_user() as folder:
        (folder / "in" / "closed").mkdir(parents=True)
        for name in ("good", "secret", "closed/file"):
            (folder / "in" / name).write_bytes(b"some bytes")
        (folder / "in" / "secret").chmod(0)
        (folder / "in" / "closed").chmod(0)
        (folder / "out").mkdir()
        (folder / "out").chmod(0o777)
        with as_another_user():
            made = make(folder / "in", folder / "out", RECIPE)
        (folder / "in" / "closed").chmod(0o755)
        assert [(row["path"], row["error"], row["error_kind"]) for row in rows_of(folder / "out")] == [
            ("closed", "a folder that cannot be read: Permission denied", "io"),
            ("good", None, None),
            ("secret", "Permission denied", "io"),
        ]
        assert made.errors == {"io": 2}


def test_an_object_that_is_replaced_while_it_is_read():
    """A long one, of which there are several requests."""
    store = pytest.importorskip("fsspec").filesystem("memory")
    for length, error in ((REMOTE_BLOCK, False), (REMOTE_BLOCK + 1, True)):
        store.pipe("/replaced/x", bytes(length))
        expected = pytest.raises(OSError, match="'x' was replaced while it was read") if error else nullcontext()
        with expected, place_of("memory://replaced").source("x") as source:
            assert sum(len(block) for block in source.blocks(0, length, lambda block: None)) == length
            store.pipe("/replaced/x", bytes(length + 5))


def test_places(tmp_path, monkeypatch):
    """A path means what lies in the working folder of the moment; a URI of this machine is a path."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        assert place_of("x").base == place_of(f"file://{tmp_path / name}/x/").base == str(tmp_path / name / "x")


def test_stores_that_nobody_knows():
    with pytest.raises(ValueError, match="neither pyarrow nor fsspec has a file system for nosuch://"):
        place_of("nosuch://bucket/x")


def test_an_error_of_a_store_is_one_of_reading():
    """Of whatever kind it is."""

    def fail():
        raise RuntimeError("the token has expired")

    with pytest.raises(OSError, match="RuntimeError: the token has expired"):
        places._as_os_error(fail)


def test_a_plan_that_leads_out_of_its_sources(tmp_path):
    """Whoever wrote it, nothing is read there."""
    (tmp_path / "secret").write_bytes(b"a secret")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "f").write_bytes(b"some bytes")
    names = ["../secret", "a/../../secret", "f"]
    listed = pa.table({"path": pa.array(names, pa.large_string())}, schema=pa.schema([listing.SCHEMA.field(0)]))
    for field in list(listing.SCHEMA)[1:]:
        listed = listed.append_column(field, pa.nulls(3, field.type))
    settings = plan.Settings(RECIPE, str(tmp_path / "src"))
    plan.write(place_of(str(tmp_path / "dst")), listed, settings)
    assert make(tmp_path / "src", tmp_path / "dst", RECIPE).errors == {"input": 2}
    assert [row["error"] for row in rows_of(tmp_path / "dst")] == [
        "leads out of the folder of the sources, and is not read",
        "leads out of the folder of the sources, and is not read",
        None,
    ]


def test_a_plan_that_says_what_no_plan_says(sources, tmp_path):
    """Of the wrong types, or without what it needs."""
    make(sources, tmp_path / "dst", RECIPE)
    path = tmp_path / "dst" / "plan.parquet"
    table, known = pq.read_table(path), json.loads(pq.read_metadata(path).metadata[b"isopixel.plan"])

    def write(table, text):
        with pq.ParquetWriter(path, table.schema) as writer:
            writer.write_table(table)
            writer.add_key_value_metadata({"isopixel.plan": text})

    write(table, json.dumps(known))
    make(sources, tmp_path / "dst", RECIPE)
    wrong = [(table, text) for text in ("5", '"x"', "null", "[]", "{}", "[" * 100_000)]
    for name in known:
        wrong += [(table, json.dumps(known | {name: value})) for value in (5.5, [], {"a": 1})]
    wrong += [
        (table.slice(0, 0), json.dumps(known)),
        (table.drop(["size"]), json.dumps(known)),
        (table.cast(pa.schema([("path", pa.large_string()), *list(table.schema)[1:]])), json.dumps(known)),
    ]
    for content, text in wrong:
        write(content, text)
        with pytest.raises(ValueError, match="is not the plan of a corpus, or is broken"):
            make(sources, tmp_path / "dst", RECIPE)


def test_the_plan_of_another_corpus(sources, tmp_path):
    """That lies where a worker looks, as on a machine that does not see the same folder."""
    make(sources, tmp_path / "dst", RECIPE)
    with pytest.raises(ValueError, match="holds another plan than where the work began"):
        shard.make(str(tmp_path / "dst"), "0" * 64, 1, False, 0)


def test_a_broken_page_of_a_plan(sources, tmp_path):
    """It is not the shard that cannot be written."""
    dst = tmp_path / "dst"
    make(sources, dst, RECIPE)
    content = bytearray((dst / "plan.parquet").read_bytes())
    column = pq.read_metadata(dst / "plan.parquet").row_group(0).column(0)
    content[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    (dst / "plan.parquet").write_bytes(content)
    next((dst / "data").iterdir()).unlink()
    plan.plan_of.cache_clear()
    with pytest.raises(OSError, match=r"plan\.parquet' cannot be read, or is broken"):
        make(sources, dst, RECIPE)


def test_a_plan_that_is_written_while_one_looks(sources, tmp_path, monkeypatch):
    """Between two looks of one driver another one may write its plan: that is a corpus, and not a full folder."""
    make(sources, tmp_path / "other", RECIPE)

    def then_write(look):
        def call(place, *arguments):
            answer = look(place, *arguments)
            if place.base == str(tmp_path / "dst") and not (tmp_path / "dst").exists():
                (tmp_path / "dst").mkdir()
                (tmp_path / "dst" / "plan.parquet").write_bytes((tmp_path / "other" / "plan.parquet").read_bytes())
            return answer

        return call

    for name in ("names", "exists"):
        monkeypatch.setattr(places.Place, name, then_write(getattr(places.Place, name)))
    assert make(sources, tmp_path / "dst", RECIPE).rows == 48


@pytest.mark.parametrize("text", ["5", '"x"', "[]", "null", "{}", "nonsense", "[" * 100_000])
def test_statistics_that_are_none(text, sources, tmp_path):
    """Such a shard is made again."""
    dst = tmp_path / "dst"
    made = make(sources, dst, RECIPE)
    (path,) = (dst / "data").iterdir()
    table = pq.read_table(path)
    with pq.ParquetWriter(path, table.schema) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"isopixel.shard": text})
    assert make(sources, dst, RECIPE) == made


@pytest.mark.parametrize("name", ["write", "read_list"])
def test_an_interrupt_before_the_plan_is_there(name, sources, tmp_path, monkeypatch):
    """It is heeded though what is waited for heeds none, as pyarrow while it sorts ten million names."""
    pq.write_table(pa.table({"path": ["ü"]}), tmp_path / "list.parquet")
    ended = threading.Event()
    monkeypatch.setattr(plan if name == "write" else listing, name, lambda *arguments: ended.wait(60))

    def interrupt(progress):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        listed = tmp_path / "list.parquet" if name == "read_list" else None
        make(sources, tmp_path / "dst", RECIPE, file_list=listed, on_progress=interrupt)
    ended.set()
    assert not (tmp_path / "dst").exists()

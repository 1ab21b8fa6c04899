# SPDX-License-Identifier: MIT
"""isopixel.corpus.verify finds each bit of a shard that is not as it was; changes and errors."""

import functools
import json
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
from isopixel import corpus  # noqa: E402
from isopixel._corpus import pages, verifying  # noqa: E402

RECIPE = "isopixel 1: nataraj | bilinear 4,4"
NAME = "data/part-00000-of-00001.parquet"


def run_here(function, items, workers, on_done, on_progress, on_tick):
    """What run_in_workers does, without workers."""
    for item in items:
        on_done(item, function(item, functools.partial(on_progress, item)))
        on_tick()


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(verifying, "run_in_workers", run_here)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A corpus of one shard with an error in it and columns that are carried along, and its sources."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "src").mkdir()
    rng = np.random.default_rng(7)
    for name in ("a", "b", "c"):
        (folder / "src" / name).write_bytes(rng.bytes(100))
    listed = {"path": ["a", "b", "c", "missing"], "label": [1, 2, None, 4], "is_bad": [True, False, None, True]}
    pq.write_table(pa.table(listed), folder / "list.parquet")
    with ThreadPoolExecutor(1) as executor:
        corpus.make(
            folder / "src", folder / "dst", RECIPE, file_list=folder / "list.parquet", rows=4, executor=executor
        )
    return folder


def found_with(dst, manifest, content):
    """What is found if the shard has this content."""
    (dst / NAME).write_bytes(content)
    shard = verifying._Shard(NAME, manifest.shards[0]["footer"], ())
    found = verifying._check(str(dst), manifest.recipe, manifest.source, None, shard, lambda n: None)
    return found or verifying._of_manifest(verifying.place_of(str(dst)), manifest)


def bits_that_escape(dst, bits):
    """Those of a shard's bits that can be flipped without a finding."""
    content, manifest = (dst / NAME).read_bytes(), corpus.read(dst)
    assert found_with(dst, manifest, content) == []
    escaped = []
    try:
        for bit in bits(8 * len(content)):
            flipped = bytearray(content)
            flipped[bit // 8] ^= 1 << bit % 8
            if not found_with(dst, manifest, bytes(flipped)):
                escaped.append(bit)
    finally:
        (dst / NAME).write_bytes(content)
    return escaped


def test_some_bits(small):
    """Some of each page and of the footer, and those of a checksum that has more than 32 bits."""
    assert bits_that_escape(small / "dst", lambda n: [*range(0, n, 251), 124, 125, 126]) == []


@pytest.mark.slow
def test_every_bit(small):
    """But of the footer, which has a digest, some."""
    metadata = pq.read_metadata(small / "dst" / NAME)
    column = metadata.row_group(0).column(metadata.num_columns - 1)
    end = 8 * (column.data_page_offset + column.total_compressed_size)
    assert bits_that_escape(small / "dst", lambda n: [*range(end), *range(end, n, 41), *range(n - 64, n)]) == []


def test_what_it_says(small, here):
    dst = small / "dst"
    assert corpus.verify(dst, sample=10, workers=1) == []
    content = (dst / NAME).read_bytes()
    image = pq.read_table(dst / NAME)["image"][1].as_py()
    at = content.index(image)
    try:
        (dst / NAME).write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        (found,) = corpus.verify(dst, workers=1)
        assert (found.file, found.path) == (NAME, None) and "row group 0 is broken" in found.what
        # where the checksums are right
        table = pq.read_table(dst / NAME)
        table = table.set_column(1, "image", pa.array([b"\0" * 16, *table["image"].to_pylist()[1:]], pa.binary()))
        pq.write_table(table, dst / NAME)
        (found,) = corpus.verify(dst, workers=1)
        assert found.what == "its footer is not the one that the manifest knows"
        (dst / NAME).unlink()
        (found,) = corpus.verify(dst, workers=1)
        assert found.file == NAME
    finally:
        (dst / NAME).write_bytes(content)


def test_images_are_compared_with_their_fingerprints(small):
    recipe = verifying.recipe_of(RECIPE)
    row = pq.read_table(small / "dst" / NAME).to_pylist()[0]
    assert verifying._of_image(row, recipe) is None
    for wrong in ({"image": b"\0" * 16}, {"shape": [2, 8]}, {"fingerprint": "sha256:" + "0" * 64}):
        assert verifying._of_image(row | wrong, recipe) == "its image does not have its fingerprint"
    for wrong in ({"image": b"\0" * 15}, {"shape": [4, 5]}):
        assert verifying._of_image(row | wrong, recipe) == "its image does not have its shape"


def test_rows_that_are_made_again(small, tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes((small / "src" / name).read_bytes())
    with ThreadPoolExecutor(1) as executor:
        corpus.make(tmp_path, tmp_path / "dst", RECIPE, executor=executor)
    (tmp_path / "a").write_bytes(b"other bytes")
    (tmp_path / "b").unlink()
    progress = []
    found = corpus.verify(tmp_path / "dst", sample=3, workers=1, on_progress=progress.append)
    assert (progress[-1].stage, progress[-1].total_files) == ("verify", 3)
    assert [(one.path, one.what) for one in found] == [
        ("a", "its source has changed"),
        ("b", "its source cannot be taken any more: No such file or directory"),
    ]


def test_the_manifest_and_the_plan(small, here):
    dst = small / "dst"
    stored = {name: (dst / name).read_bytes() for name in ("manifest.json", "plan.parquet")}
    try:
        record = json.loads(stored["manifest.json"])
        (dst / "manifest.json").write_text(json.dumps(record | {"digest": "sha256:" + "0" * 64}))
        (found,) = corpus.verify(dst, workers=1)
        assert (found.file, found.what) == ("manifest.json", "its digest is not that of the plan and the shards")
        (stats,) = record["shards"]
        others = {"recipe": RECIPE.replace("4,4", "4,5"), "source": "/elsewhere", "decode": "zlib", "rows": 9}
        others |= {"images": 2, "errors": {"io": 2}, "source_bytes": 0}
        others |= {"shards": [stats | {"taken_for_bytes": {"PNG": [1, "a"]}}]}
        for name, value in others.items():
            (dst / "manifest.json").write_text(json.dumps(record | {name: value}))
            assert [one.what for one in corpus.verify(dst, workers=1)] == [
                f"its {name} is not that of the plan and the shards"
            ]
        broken = [{}, record | {"more": 1}, record | {"shards": [1]}, []]
        broken += [
            record | {name: value} for name in record for value in (None, -1, [1], {"a": "b"}) if name != "decode"
        ]
        broken += [record | {"shards": [stats | {name: []}]} for name in stats]
        for one in broken:
            (dst / "manifest.json").write_text(json.dumps(one))
            with pytest.raises(ValueError, match=r"the manifest is broken|update isopixel"):
                corpus.verify(dst)
        (dst / "manifest.json").write_text(json.dumps(record | {"spec": 2}))
        with pytest.raises(ValueError, match="update isopixel"):
            corpus.verify(dst)
        (dst / "manifest.json").unlink()
        with pytest.raises(FileNotFoundError, match="is not finished"):
            corpus.verify(dst)
        (dst / "manifest.json").write_bytes(stored["manifest.json"])
        content = bytearray(stored["plan.parquet"])
        content[content.index(b"missing")] ^= 1  # a path
        for broken_plan in (b"", bytes(content)):
            (dst / "plan.parquet").write_bytes(broken_plan)
            (found,) = corpus.verify(dst, workers=1)
            assert found.file == "plan.parquet"
    finally:
        for name, content in stored.items():
            (dst / name).write_bytes(content)
    with pytest.raises(ValueError, match="sample is at least 0"):
        corpus.verify(dst, sample=-1)


@pytest.mark.parametrize(
    ("length", "checksum", "values"), [(0, 0, 0), (63, -1, 64), (64, 1 << 30, 16), ((1 << 31) - 1, -(1 << 31), 1 << 20)]
)
def test_heads(length, checksum, values):
    """What is written is read again."""
    head = pages.head_of(length, checksum, values)
    assert pages._is_right(head + b"\0" * 9, len(head) + length, values)
    assert not pages._is_right(head, len(head) + length + 1, values)
    assert not pages._is_right(head, len(head) + length, values + 1)
    for i in range(len(head)):
        assert not pages._is_right(head[:i], len(head) + length, values)


def test_changes_and_errors(tmp_path):
    src, dst = tmp_path / "src", tmp_path / "dst"
    src.mkdir()
    for name in ("a", "b", "c"):
        (src / name).write_bytes(b"some bytes")
    (src / "empty").touch()
    os.mkfifo(src / "pipe")
    (src / "link").symlink_to("missing")
    with ThreadPoolExecutor(1) as executor:
        corpus.make(src, dst, RECIPE, rows=2, executor=executor)
    assert corpus.changes(dst) == corpus.Changes()
    errors = list(corpus.errors(dst))
    assert [(error.path, error.kind) for error in errors] == [("empty", "input"), ("link", "io"), ("pipe", "input")]
    assert errors[1].message == "No such file or directory"
    (src / "a").unlink()
    (src / "b").write_bytes(b"more than some bytes")
    (src / "d" / "e").parent.mkdir()
    (src / "d" / "e").write_bytes(b"new")
    (src / "0").write_bytes(b"new")
    assert corpus.changes(dst) == corpus.Changes(new=("0", "d/e"), vanished=("a",), resized=("b",))


def test_no_changes_of_a_list(small):
    with pytest.raises(ValueError, match="of the files of a list"):
        corpus.changes(small / "dst")
    with pytest.raises(FileNotFoundError):
        corpus.errors(small)

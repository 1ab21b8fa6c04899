# SPDX-License-Identifier: MIT
"""isopixel.arrow: what transform makes of a batch is what the recipe makes of each file."""

import hashlib
import os
import sys
import zlib

import numpy as np
import pytest

import isopixel
from isopixel import Recipe

pa = pytest.importorskip("pyarrow")
from isopixel._corpus.rows import Row, batch_of  # noqa: E402
from isopixel.arrow import schema, transform  # noqa: E402

RECIPES = [
    "isopixel 1: nataraj | bilinear 8,8",
    "isopixel 1: nataraj",
    "isopixel 1: fixed,width=16,channels=3,offset=2 | bilinear 4,5 | normalize mean=0.5 std=0.25",
]


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(1)
    (tmp_path / "sub").mkdir()
    for name, length in {"a": 1000, "sub/b": 70_000, "c": 2_500_000}.items():
        (tmp_path / name).write_bytes(rng.bytes(length))
    return tmp_path


def check(row, recipe, content, path):
    """A row is what the recipe makes of the bytes, with their SHA-256."""
    image = Recipe.parse(recipe)(content)
    little = image.astype(image.dtype.newbyteorder("<"))
    assert row["path"] == path
    assert (row["image"], row["shape"]) == (little.tobytes(), list(image.shape))
    assert row["fingerprint"] == isopixel.fingerprint(image)
    assert (row["source_sha256"], row["n_bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert (row["error"], row["error_kind"]) == (None, None)


@pytest.mark.parametrize("io_threads", [1, 3])
@pytest.mark.parametrize("recipe", RECIPES)
def test_files(recipe, io_threads, folder):
    paths = ["c", "a", "sub/b"] * 4
    batch = pa.record_batch({"label": list(range(12)), "path": paths})
    made = transform(batch, recipe, root=folder, io_threads=io_threads)
    assert made.schema.equals(schema(recipe).append(pa.field("label", pa.int64())), check_metadata=True)
    for path, row in zip(paths, made.to_pylist(), strict=True):
        check(row, recipe, (folder / path).read_bytes(), path)
    assert made["label"].to_pylist() == list(range(12))
    assert made.schema.metadata[b"isopixel.recipe"].decode() == str(Recipe.parse(recipe))


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
def test_kinds_of_text(kind, folder):
    paths = pa.array(["a", "sub/b"])
    paths = paths.dictionary_encode() if kind == "dictionary" else paths.cast(getattr(pa, kind)())
    made = transform(pa.record_batch({"path": paths}), RECIPES[0], root=folder)
    assert made.schema.equals(schema(RECIPES[0])) and made["error"].null_count == 2


@pytest.mark.parametrize("kind", ["binary", "large_binary", "binary_view"])
def test_bytes_in_memory(kind):
    contents = [b"any bytes", b"x" * 3000, b"", None]
    column = pa.array(contents, getattr(pa, kind)())
    batch = pa.record_batch({"path": list("abcd"), "bytes": column})
    made = transform(batch, RECIPES[0]).to_pylist()
    for i in range(2):
        check(made[i], RECIPES[0], contents[i], "abcd"[i])
    for i in range(2, 4):
        assert made[i]["error_kind"] == "input" and "is empty" in made[i]["error"]


def test_a_table(folder):
    table = pa.table({"path": pa.chunked_array([["a"], ["c", "sub/b"]])})
    made = transform(table, RECIPES[0], root=str(folder))
    whole = transform(table.combine_chunks().to_batches()[0], RECIPES[0], root=folder)
    assert isinstance(made, pa.Table) and made.to_pylist() == whole.to_pylist()
    assert transform(table.slice(0, 0), RECIPES[0]).schema.equals(schema(RECIPES[0]), check_metadata=True)
    assert transform(table.slice(1, 1), RECIPES[0], root=folder)["path"].to_pylist() == ["c"]


def test_the_working_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    for path in ("sub/b", str(folder / "sub" / "b")):
        (row,) = transform(pa.record_batch({"path": [path]}), RECIPES[0]).to_pylist()
        check(row, RECIPES[0], (folder / "sub" / "b").read_bytes(), path)


def test_bad_files_are_rows(folder):
    (folder / "empty").touch()
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    names = {
        "empty": ("input", "is empty"),
        "loop": ("io", "symbolic links"),
        "nowhere": ("io", "No such file"),
        "pipe": ("io", "is not a regular file"),
        "sub": ("io", "Is a directory"),
        "nul\0": ("input", "null byte"),
        "a": ("io", "has 1,000 bytes, and had 999 when the corpus was planned"),
    }
    batch = pa.record_batch({"path": list(names), "size": [None] * 6 + [999]})
    for row, (path, (kind, message)) in zip(
        transform(batch, RECIPES[0], root=folder).to_pylist(), names.items(), strict=True
    ):
        assert row["error_kind"] == kind and message in row["error"], row
        assert str(folder) not in row["error"]
        rest = {name: value for name, value in row.items() if name not in ("error", "error_kind")}
        assert rest == {**dict.fromkeys(rest), "path": path}


def test_pictures(tmp_path):
    """A picture by a recipe of images; and one that is broken."""
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    isopixel.save(tmp_path / "a.png", image)
    content = (tmp_path / "a.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(content[:60])
    (tmp_path / "text").write_text("no picture")
    batch = pa.record_batch({"path": ["a.png", "cut.png", "text"]})
    recipe = "isopixel 1: image rgb | bilinear 2,2"
    good, *bad = transform(batch, recipe, root=tmp_path).to_pylist()
    check(good, recipe, content, "a.png")
    assert [row["error_kind"] for row in bad] == ["input", "input"]
    assert bad[1]["error"].startswith("it begins with 6e 6f 20 70, and a recipe of images reads")


PACKED = zlib.compress(bytes(range(256)) * 20_000)  # which unpacks to more than a block
SMALL = zlib.compress(b"any bytes")


@pytest.mark.parametrize("in_memory", [True, False])
@pytest.mark.parametrize("recipe", [*RECIPES, "isopixel 1: fixed,width=16 | bilinear 4,4"])
def test_what_zlib_packed(recipe, in_memory, tmp_path):
    contents = {"large": PACKED, "small": SMALL, "cut": PACKED[:-5], "begun": SMALL[:-1], "more": SMALL + b"x"}
    contents |= {"plain": b"any bytes", "empty": b"", "nothing": zlib.compress(b""), "twice": PACKED + b"x"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    columns = {"path": list(contents), "size": list(map(len, contents.values()))}
    if in_memory:
        columns["bytes"] = list(contents.values())
    large, small, *bad = transform(pa.record_batch(columns), recipe, root=tmp_path, decode="zlib").to_pylist()
    check(large, recipe, zlib.decompress(PACKED), "large")
    check(small, recipe, b"any bytes", "small")
    expected = ["ends too early"] * 2 + [
        "behind the end",
        "not a zlib stream",
        "is empty",
        "is empty",
        "behind the end",
    ]
    for row, message in zip(bad, expected, strict=True):
        assert row["error_kind"] == "input" and message in row["error"]


def test_a_stream_whose_end_fills_a_block(tmp_path):
    """What zlib has left to give when all is taken in is not lost."""
    for length in range((1 << 20) - 3, (1 << 20) + 4):
        content = bytes(length)
        (row,) = transform(
            pa.record_batch({"path": ["x"], "bytes": [zlib.compress(content)]}), RECIPES[0], decode="zlib"
        ).to_pylist()
        check(row, RECIPES[0], content, "x")


def test_what_is_refused(folder):
    path = pa.record_batch({"path": ["a"]})
    for batch, message in (
        (pa.record_batch({"name": ["a"]}), "one column 'path', and has 'name'"),
        (path.append_column("image", pa.array([1])), "a column 'image', which is the name"),
        (pa.record_batch({"path": pa.array(["a", None])}), "a row without a path"),
        (pa.RecordBatch.from_arrays([path["path"], path["path"], path["path"]], ["path", "x", "x"]), "two columns"),
    ):
        with pytest.raises(ValueError, match=message):
            transform(batch, RECIPES[0], root=folder)
    with pytest.raises(TypeError, match="not dict"):
        transform({"path": ["a"]}, RECIPES[0])
    with pytest.raises(ValueError, match="decode is None or one of 'zlib', not 'gzip'"):
        transform(path, RECIPES[0], decode="gzip")
    with pytest.raises(ValueError, match="unknown layout"):
        transform(path, "isopixel 1: natarai")


@pytest.mark.parametrize(
    "root",
    [
        "s3://key:secret@bucket/x",
        "s3://bucket/x?secret_key=1",
        "abfs://c@a/x?sas_token=1",
        "memory://x?access_key=1",
        "abfs://c@a/x?sig=secret@",
    ],
)
def test_no_credentials(root):
    with pytest.raises(ValueError, match="has credentials in it") as raised:
        transform(pa.record_batch({"path": ["a"]}), RECIPES[0], root=root)
    assert "secret@" not in str(raised.value)


def test_an_image_that_is_too_long_for_a_row(tmp_path):
    with (tmp_path / "long").open("wb") as file:
        file.truncate(1 << 31)
    batch = pa.record_batch({"path": ["long"]})
    (row,) = transform(batch, "isopixel 1: nataraj", root=tmp_path).to_pylist()
    assert row["error_kind"] == "input" and "an image in a corpus has at most" in row["error"]


def test_a_store(folder):
    """Objects of a file system of fsspec, in memory."""
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    contents = {"a": b"any bytes" * 50, "sub/b": np.random.default_rng(2).bytes(9 << 20), "empty": b""}
    for name, content in contents.items():
        store.pipe(f"/arrow/{name}", content)
    batch = pa.record_batch({"path": [*contents, "nowhere"]})
    *made, empty, missing = transform(batch, RECIPES[0], root="memory://arrow", io_threads=2).to_pylist()
    for row in made:
        check(row, RECIPES[0], contents[row["path"]], row["path"])
    assert (empty["error_kind"], missing["error_kind"]) == ("input", "io")


@pytest.mark.parametrize(
    ("columns", "name"),
    [({"path": [["a"]]}, "path"), ({"path": ["a"], "size": [[1]]}, "size"), ({"path": ["a"], "bytes": [1]}, "bytes")],
)
def test_columns_of_other_types(columns, name):
    with pytest.raises(ValueError, match=f"the batch has a column '{name}' that cannot be"):
        transform(pa.record_batch(columns), RECIPES[0])


def test_paths_that_lead_out_of_their_root(tmp_path):
    (tmp_path / "secret").write_bytes(b"a secret")
    (tmp_path / "in").mkdir()
    (row,) = transform(pa.record_batch({"path": ["../secret"]}), RECIPES[0], root=tmp_path / "in").to_pylist()
    assert (row["image"], row["error_kind"]) == (None, "input") and "leads out of the folder" in row["error"]


def test_images_are_let_go():
    # pyarrow keeps the memory of a memoryview that an array was made of, for ever: a corpus would fill the machine.
    image = np.zeros(1 << 20, np.uint8)
    views = sys.getrefcount(image)
    rows = [Row(image.data, (1024, 1024)), Row(error="is empty", error_kind="input")]
    batch = batch_of(pa.array(["a", "b"]), rows, [], schema("isopixel 1: square"))
    assert batch["image"].to_pylist() == [image.tobytes(), None]
    del rows
    assert sys.getrefcount(image) == views

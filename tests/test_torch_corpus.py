# SPDX-License-Identifier: MIT
"""isopixel.torch.Corpus: the arrays of the recipe, read from shards, alone and by workers; and corpora that changed."""

import hashlib
import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from isopixel import Recipe
from tests.test_read_picture import PIXELS, encoded

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
from isopixel import corpus  # noqa: E402
from isopixel._corpus import shard  # noqa: E402
from isopixel.torch import ByteImageFolder, Corpus  # noqa: E402

LINE = "isopixel 1: nataraj | bilinear 8,9"
NORMALIZED = "isopixel 1: nataraj,channels=3 | bilinear 8,9 | normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225"


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Forty files of different lengths in three folders, and three that are not images, one of them the first row."""
    folder = tmp_path_factory.mktemp("sources")
    rng = np.random.default_rng(5)
    for i in range(40):
        path = folder / f"d{i % 3}" / f"f{i:02}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(rng.bytes(int(rng.integers(1, 5000))))
    for name in ("d0/f", "d1/f07x", "d2/gone"):
        (folder / name).touch()
    return folder


BAD = ["d0/f", "d1/f07x", "d2/gone"]


def good(sources):
    """The paths of the files with an image, in the order of a corpus."""
    paths = (path.relative_to(sources).as_posix() for path in sources.rglob("*") if path.is_file())
    return sorted((path for path in paths if path not in BAD), key=str.encode)


@pytest.fixture(scope="module")
def dst(sources, tmp_path_factory):
    """A corpus of three shards, each of groups of 16 rows and fewer."""
    folder = tmp_path_factory.mktemp("corpora") / "dst"
    corpus.make(sources, folder, LINE, rows=20)
    return folder


@pytest.fixture
def copied(dst, tmp_path):
    """A copy of the corpus, to be changed."""
    for path in dst.rglob("*"):
        if path.is_file():
            to = tmp_path / "dst" / path.relative_to(dst)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())
    return tmp_path / "dst"


def check_items(data, root, paths):
    """Compares the items with what the recipe makes of the files."""
    assert data.paths == paths and len(data) == len(paths)
    for path, tensor in zip(paths, data, strict=True):
        array = data.recipe(root / path)
        if array.dtype == np.uint8:
            array = array[None] if array.ndim == 2 else np.moveaxis(array, 2, 0)
        assert tensor.shape == array.shape and tensor.numpy().dtype == array.dtype
        assert tensor.numpy().tobytes() == array.tobytes()


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        NORMALIZED,
        "isopixel 1: nataraj,channels=3 | pillow-13-bilinear 8,9",
        "isopixel 1: bigram",
        "isopixel 1: fixed,width=32",
        "isopixel 1: fixed,width=32,channels=3",
        "isopixel 1: square | normalize mean=0.5 std=0.25",
    ],
)
def test_the_same_bits(sources, tmp_path, line):
    """Of one size, and of many; as uint8 and float32; whatever the shards are."""
    for rows in (1, 7, 4096):
        corpus.make(sources, tmp_path / str(rows), line, rows=rows)
        data = Corpus(tmp_path / str(rows), verify=True)
        check_items(data, sources, good(sources))
        assert [path for path, _ in data.skipped] == BAD and all("is empty" in why for _, why in data.skipped)


@pytest.mark.parametrize(
    "line", ["image rgb | bilinear short=16 | crop 15,15", "image gray luma=pillow-7", "image rgba"]
)
def test_pictures(tmp_path, line):
    (tmp_path / "src").mkdir()
    pixels = {"a.jpg": (PIXELS[..., :3], "JPEG"), "b": (PIXELS[2:, 3:, :3], "PNG"), "c": (PIXELS[:-1, :, :3], "BMP")}
    for name, (image, kind) in pixels.items():
        (tmp_path / "src" / name).write_bytes(encoded(image, kind))
    (tmp_path / "src" / "b.txt").write_text("not a picture")
    corpus.make(tmp_path / "src", tmp_path / "dst", f"isopixel 1: {line}")
    data = Corpus(tmp_path / "dst")
    check_items(data, tmp_path / "src", ["a.jpg", "b", "c"])
    assert [path for path, _ in data.skipped] == ["b.txt"]


def test_groups_of_large_images(tmp_path, monkeypatch):
    """Row groups of different numbers of rows."""
    monkeypatch.setattr(shard, "GROUP_BYTES", 64 << 10)
    (tmp_path / "src").mkdir()
    for i, kib in enumerate([30, 34, 30, 70, 1, 0, 1]):
        (tmp_path / "src" / str(i)).write_bytes(bytes([i, 1]) * (kib << 9))
    corpus.make(tmp_path / "src", tmp_path / "dst", "isopixel 1: fixed,width=512")
    check_items(Corpus(tmp_path / "dst"), tmp_path / "src", [*"012346"])


def test_what_it_says(dst, sources):
    data = Corpus(dst)
    known = corpus.read(dst)
    assert (data.dst, data.recipe, data.digest) == (str(dst), Recipe.parse(LINE), known.digest)
    assert len(data) == known.images == 40 and len(data.skipped) == 3
    assert data.classes == [] and data.class_to_idx == {} and len(data.targets) == 0
    assert repr(data) == f"Corpus({str(dst)!r}, {LINE!r}): 40 images, 3 skipped"
    labelled = Corpus(dst, target=lambda path: path.split("/")[0])
    assert repr(labelled) == f"Corpus({str(dst)!r}, {LINE!r}): 40 images, 3 classes, 3 skipped"


def test_targets_of_paths(dst, sources):
    """Texts become the indices of classes, as in ByteImageFolder, whatever comes first; numbers stay."""
    data = Corpus(dst, target=lambda path: path.split("/")[0])
    folder = ByteImageFolder(sources, LINE, on_error="skip")
    assert (data.classes, data.class_to_idx) == (folder.classes, folder.class_to_idx)
    assert data.targets.tolist() == folder.targets == [target for _, target in data]
    for (image, target), (other, label) in zip(data, folder, strict=True):
        assert torch.equal(image, other) and target == label and type(target) is int
    reverse = Corpus(dst, target=lambda path: f"{99 - int(path[-2:]):02}")
    assert reverse.classes == [f"{n:02}" for n in range(60, 100)]
    assert [reverse.classes[target] for _, target in reverse] == [f"{99 - int(path[-2:]):02}" for path in data.paths]
    numbers = Corpus(dst, target=lambda path: np.int16(-int(path[-2:])))
    assert [target for _, target in numbers] == [-int(path[-2:]) for path in data.paths] and numbers.classes == []


def test_targets_of_columns(sources, tmp_path):
    paths = [*good(sources), "d0/f"]
    columns = {
        "path": paths,
        "label": pa.array([3 * i for i in range(41)], pa.uint8()),
        "family": pa.array([f"x{i % 4}" for i in range(41)]).dictionary_encode(),
        "score": [0.5] * 41,
        "split": [None, *["train"] * 40],
    }
    pq.write_table(pa.table(columns), tmp_path / "list.parquet")
    corpus.make(sources, tmp_path / "dst", LINE, file_list=tmp_path / "list.parquet", rows=9)
    data = Corpus(tmp_path / "dst", target="label")
    assert data.paths == paths[:-1] and data.targets.tolist() == [3 * i for i in range(40)]
    assert data[7][1] == 21 and data.classes == []
    data = Corpus(tmp_path / "dst", target="family")
    assert data.classes == ["x0", "x1", "x2", "x3"] and data.targets.tolist() == [i % 4 for i in range(40)]
    for target, message in (
        (
            "labels",
            "'labels' is not a column that the corpus carries along: it has 'label', 'family', 'score', 'split'",
        ),
        ("n_bytes", "'n_bytes' is not a column"),
        ("score", "the target of 'd0/f00' is 0.5: targets are either texts, or whole numbers of 64 bits"),
        ("split", "the target of 'd0/f00' is None"),
        (lambda path: 1 << 63, "is 9223372036854775808"),
        (lambda path: path if path == "d1/f22" else 1, "the target of 'd1/f22' is 'd1/f22'"),
        (lambda path: 1 if path == "d1/f22" else path, "the target of 'd1/f22' is 1"),
    ):
        with pytest.raises(ValueError, match=message):
            Corpus(tmp_path / "dst", target=target)
    with pytest.raises(TypeError, match="a column or a function of the path, not int"):
        Corpus(tmp_path / "dst", target=1)


def test_no_column(dst):
    with pytest.raises(ValueError, match="'label' is not a column that the corpus carries along: it has none"):
        Corpus(dst, target="label")


def test_indices(dst):
    data = Corpus(dst)
    items = list(data)
    assert len(items) == 40
    for part in (slice(2), slice(None, None, -7), slice(-2, None), slice(70, 90)):
        assert isinstance(data[part], list) and len(data[part]) == len(items[part])
        assert all(torch.equal(one, other) for one, other in zip(data[part], items[part], strict=True))
    for index in (-1, -40, np.int64(3), torch.tensor(1)):
        assert torch.equal(data[index], items[int(index)])
    for index in (40, -41):
        with pytest.raises(IndexError, match=f"there is no sample {index}: there are 40"):
            data[index]
    with pytest.raises(TypeError, match="a whole number or a slice, not str"):
        data["1"]


def test_items_are_apart(dst):
    """A tensor may be written to, and nothing else changes."""
    data = Corpus(dst)
    before = data[3].clone()
    data[3].fill_(7)
    assert torch.equal(data[3], before)


@pytest.mark.parametrize("context", ["fork", pytest.param("spawn", marks=pytest.mark.slow)])
def test_workers(dst, context):
    """The same batches as without workers, by those that are forked, and by those that get the data set pickled."""
    if context not in torch.multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {context}")
    data = Corpus(dst, target=lambda path: path.split("/")[0], verify=True)
    loader = DataLoader(data, batch_size=8, num_workers=2, multiprocessing_context=context)
    batches = list(loader)
    assert torch.equal(torch.cat([images for images, _ in batches]), torch.stack([image for image, _ in data]))
    assert torch.cat([targets for _, targets in batches]).tolist() == data.targets.tolist()


def test_workers_need_no_pyarrow(dst):
    """They read without it."""
    script = (
        "import pickle, sys\n"
        "data = pickle.load(sys.stdin.buffer)\n"
        "print(data[0].sum().item(), 'pyarrow' in sys.modules)\n"
    )
    data = Corpus(dst, verify=True)
    run = subprocess.run([sys.executable, "-c", script], input=pickle.dumps(data), stdout=subprocess.PIPE, check=True)
    assert run.stdout.decode().split() == [str(data[0].sum().item()), "False"]


def shards(folder):
    return sorted((folder / "data").iterdir())


def flip(path, offset):
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(content)


def test_a_flipped_bit(copied):
    """It is found with verify; without, if it is one of the length before an image."""
    data, checked = Corpus(copied), Corpus(copied, verify=True)
    before = list(data)
    content = shards(copied)[1].read_bytes()
    value = before[21].numpy().tobytes()
    at = content.index(len(value).to_bytes(4, "little") + value)
    flip(shards(copied)[1], at + 4 + 71)
    assert (data[21] != before[21]).sum() == 1
    message = rf"the image of '{data.paths[21]}' in '.*part-00001-of-00003.parquet'.*`isopixel corpus verify {copied}`"
    with pytest.raises(ValueError, match=message):
        checked[21]
    assert torch.equal(checked[20], before[20]) and torch.equal(checked[22], before[22])
    for changed in (at, at + 3):
        flip(shards(copied)[1], changed)
        with pytest.raises(ValueError, match=rf"part-00001-of-00003.parquet' was changed: no image begins at {at:,}"):
            data[21]
        flip(shards(copied)[1], changed)
    assert data[21].shape == (1, 8, 9)


def test_a_shard_that_is_gone(copied):
    data = Corpus(copied)
    content, value = shards(copied)[2].read_bytes(), data[-1].numpy().tobytes()
    shards(copied)[2].write_bytes(content[: content.index(value) + len(value) - 1])
    with pytest.raises(ValueError, match=r"part-00002-of-00003.parquet' was changed: no image begins at"):
        data[-1]
    shards(copied)[2].unlink()
    with pytest.raises(
        OSError, match=r"cannot read '.*part-00002-of-00003.parquet', a shard of a corpus: No such file"
    ):
        data[-1]
    assert data[0].shape == (1, 8, 9)
    with pytest.raises(
        FileNotFoundError, match=r"part-00002-of-00003.parquet' is missing; run `isopixel corpus verify"
    ):
        Corpus(copied)


def test_a_corpus_that_was_changed(copied, sources, tmp_path):
    """A shard with another footer, or none, is refused when the data set is made."""
    corpus.make(sources, tmp_path / "other", LINE.replace("8,9", "9,8"), rows=20)
    path = shards(copied)[1]
    content = path.read_bytes()
    for changed, message in (
        (shards(tmp_path / "other")[1].read_bytes(), "was changed after the corpus was finished"),
        (content[:-30] + bytes([content[-30] ^ 1]) + content[-29:], "was changed after the corpus was finished"),
        (content[:-100], "is not a Parquet file, or is broken"),
        (b"", "is not a Parquet file, or is broken"),
    ):
        path.write_bytes(changed)
        with pytest.raises(ValueError, match=f"part-00001-of-00003.parquet' {message}; run `isopixel corpus verify"):
            Corpus(copied)
    path.write_bytes(content)
    assert len(Corpus(copied)) == 40


@pytest.mark.parametrize(
    "layout",
    [
        {"compression": "zstd", "use_dictionary": False},
        {"compression": "none", "use_dictionary": ["image"]},
        {"compression": "none", "use_dictionary": False, "column_encoding": {"image": "DELTA_LENGTH_BYTE_ARRAY"}},
        {"compression": "none", "use_dictionary": False, "data_page_size": 100, "write_batch_size": 1},
    ],
)
def test_another_layout(copied, layout):
    """A corpus of a release that writes shards otherwise is refused, and not read wrongly."""
    known = json.loads((copied / "manifest.json").read_text())
    for path, stats in zip(shards(copied), known["shards"], strict=True):
        rows = pq.read_table(path)
        with pq.ParquetWriter(path, rows.schema, **layout) as writer:
            writer.write_table(rows, row_group_size=16)
            writer.add_key_value_metadata({"isopixel.shard": json.dumps(stats)})
        content = path.read_bytes()
        footer = content[-8 - int.from_bytes(content[-8:-4], "little") :]
        stats["footer"] = f"sha256:{hashlib.sha256(footer).hexdigest()}"
    (copied / "manifest.json").write_text(json.dumps(known))
    with pytest.raises(ValueError, match=r"do not lie as this release of isopixel writes them.*isopixel corpus verify"):
        Corpus(copied)


def test_what_is_refused(copied, tmp_path):
    pytest.importorskip("fsspec")
    (copied / "manifest.json").rename(tmp_path / "manifest.json")
    with pytest.raises(FileNotFoundError, match="is not finished"):
        Corpus(copied)
    with pytest.raises(FileNotFoundError, match="is not a corpus"):
        Corpus(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="is in a store, and random access is to local files: copy the corpus"):
        Corpus("memory://corpus")
    known = json.loads((tmp_path / "manifest.json").read_text())
    (copied / "manifest.json").write_text(json.dumps(known | {"spec": 99}))
    with pytest.raises(ValueError, match="99"):
        Corpus(copied)


def test_relative(dst, monkeypatch):
    """The working folder may change afterwards."""
    monkeypatch.chdir(dst.parent)
    data = Corpus("dst")
    monkeypatch.chdir(os.sep)
    assert data[0].shape == (1, 8, 9)

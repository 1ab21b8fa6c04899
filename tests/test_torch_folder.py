# SPDX-License-Identifier: MIT
"""isopixel.torch.ByteImageFolder: what it finds, alone and in the workers of a DataLoader, and bad files."""

import os
import pickle

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

import isopixel
from isopixel.torch import ByteImageFolder, PictureFolder
from tests.test_read_picture import PIXELS, encoded

LINE = "isopixel 1: nataraj | bilinear 8,9"
NORMALIZED = "isopixel 1: nataraj,channels=3 | bilinear 8,9 | normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225"


@pytest.fixture
def root(tmp_path):
    """Two classes: files of different lengths, one in a sub-folder, and one outside of all classes."""
    for number, name in enumerate(("b/two.bin", "a/x", "a/sub/deep", "b/one", "a/.hidden", "notes.txt")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(range(256)) * (number + 1) + bytes(number))
    return tmp_path


@pytest.fixture(params=["fork", pytest.param("spawn", marks=pytest.mark.slow)])
def context(request):
    """The ways to start workers that this system has."""
    if request.param not in torch.multiprocessing.get_all_start_methods():
        pytest.skip(f"this system has no {request.param}")
    return request.param


def test_what_it_finds(root):
    data = ByteImageFolder(root, LINE)
    assert data.root == str(root) and data.recipe == isopixel.Recipe.parse(LINE)
    assert data.classes == ["a", "b"] and data.class_to_idx == {"a": 0, "b": 1}
    names = [("a/.hidden", 0), ("a/sub/deep", 0), ("a/x", 0), ("b/one", 1), ("b/two.bin", 1)]
    assert data.samples == [(str(root / name), index) for name, index in names]
    assert data.targets == [0, 0, 0, 1, 1] and len(data) == 5
    assert repr(data) == f"ByteImageFolder({str(root)!r}, {LINE!r}): 5 files, 2 classes"
    with pytest.raises(IndexError):
        data[5]


@pytest.mark.parametrize(
    ("recipe", "shape", "dtype"),
    [
        (isopixel.Recipe("nataraj", (8, 9)), (1, 8, 9), torch.uint8),
        ("isopixel 1: nataraj,channels=3 | pillow-13-bilinear 8,9", (3, 8, 9), torch.uint8),
        ("isopixel 1: bigram", (1, 256, 256), torch.uint8),
        ("isopixel 1: line | bilinear 8,9 | normalize mean=0.5 std=0.25", (1, 8, 9), torch.float32),
        (NORMALIZED, (3, 8, 9), torch.float32),
    ],
)
def test_samples(root, recipe, shape, dtype):
    data = ByteImageFolder(root, recipe)
    for (path, target), (image, index) in zip(data.samples, data, strict=True):
        assert image.shape == shape and image.dtype == dtype and index == target
        array = data.recipe(path)
        wanted = array.reshape(shape) if dtype == torch.float32 or shape[0] == 1 else array.transpose(2, 0, 1)
        assert image.numpy().tobytes() == wanted.tobytes()


def test_workers(root, context):
    """The same batches as without workers."""
    data = ByteImageFolder(root, NORMALIZED)
    (images, targets), *rest = DataLoader(data, batch_size=5)
    assert not rest and targets.tolist() == data.targets
    loader = DataLoader(pickle.loads(pickle.dumps(data)), batch_size=2, num_workers=1, multiprocessing_context=context)
    batches = list(loader)
    assert torch.equal(torch.cat([images for images, _ in batches]), images)
    assert torch.equal(torch.cat([targets for _, targets in batches]), targets)


BAD = [("b/empty", ValueError), ("a/gone", FileNotFoundError), ("a/short", ValueError)]


def with_bad_files(root):
    """A data set of which some files have no image."""
    (root / "b" / "empty").touch()
    (root / "a" / "gone").symlink_to(root / "nowhere")
    (root / "a" / "short").write_bytes(b"x")
    return ByteImageFolder(root, "isopixel 1: fixed,width=7,rows=floor | bilinear 2,2")


def number_of(data, path):
    return [path for path, _ in data.samples].index(str(path))


@pytest.mark.parametrize(("name", "error"), BAD)
def test_a_bad_file_is_named(root, name, error):
    data = with_bad_files(root)
    with pytest.raises(OSError if error is FileNotFoundError else error) as caught:
        data[number_of(data, root / name)]
    assert str(root / name) in str(caught.value) and isinstance(caught.value.__cause__, error)


@pytest.mark.slow  # torch waits five seconds for a worker that had an error
@pytest.mark.parametrize(("name", "error"), BAD)
def test_a_worker_names_a_bad_file(root, name, error):
    """An error comes from there as a text."""
    data = with_bad_files(root)
    loader = DataLoader(torch.utils.data.Subset(data, [number_of(data, root / name)]), num_workers=1)
    with pytest.raises(OSError if error is FileNotFoundError else error, match=name):
        list(loader)


def test_links_to_folders(root, tmp_path_factory):
    for link in ("c", "a/linked"):
        other = tmp_path_factory.mktemp("other")
        (other / "file").write_bytes(b"bytes")
        (root / link).symlink_to(other)
    data = ByteImageFolder(root, LINE)
    assert [str(root / name) in dict(data.samples) for name in ("c/file", "a/linked/file")] == [True, True]
    (root / "a" / "sub" / "up").symlink_to(root / "a")
    with pytest.raises(ValueError, match="sub/up' is a link to a folder that was found before"):
        ByteImageFolder(root, LINE)


def test_a_folder_that_cannot_be_read(root, monkeypatch):
    """It is an error, and not a folder without files."""
    scandir = os.scandir

    def refusing(path):
        if os.fspath(path) == str(root / "a" / "sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(PermissionError, match="sub"):
        ByteImageFolder(root, LINE)


def test_what_is_refused(root, tmp_path_factory):
    empty = tmp_path_factory.mktemp("empty")
    with pytest.raises(ValueError, match="has no sub-folders"):
        ByteImageFolder(empty, LINE)
    (empty / "class one" / "sub").mkdir(parents=True)
    (empty / "two").mkdir()
    with pytest.raises(ValueError, match="classes without files: 'class one', 'two'"):
        ByteImageFolder(empty, LINE)
    with pytest.raises(FileNotFoundError):
        ByteImageFolder(empty / "nothing", LINE)
    with pytest.raises(NotADirectoryError):
        ByteImageFolder(root / "notes.txt", LINE)
    with pytest.raises(ValueError, match="isopixel"):
        ByteImageFolder(root, "nataraj")
    with pytest.raises(TypeError, match="line of text"):
        ByteImageFolder(root, None)


def test_what_is_skipped(root):
    """All that shows without reading a file; it is counted, and nothing of it is a sample."""
    (root / "b" / "empty").touch()
    (root / "a" / "gone").symlink_to(root / "nowhere")
    (root / "a" / "short").write_bytes(b"x")
    os.mkfifo(root / "a" / "sub" / "pipe")
    (root / "b" / "up").symlink_to(root)
    line = "isopixel 1: fixed,width=7,rows=floor | bilinear 2,2"
    data = ByteImageFolder(root, line, on_error="skip")
    names = ["a/.hidden", "a/sub/deep", "a/x", "b/one", "b/two.bin"]
    assert data.samples == [(str(root / name), int(name[0] == "b")) for name in names]
    assert len(data) == len(list(data)) == len(data.targets) == 5
    skipped = {str(root / name): reason for name, reason in SKIPPED.items()}
    assert [path for path, _ in data.skipped] == sorted(skipped)
    for path, why in data.skipped:
        assert skipped[path] in why
    assert repr(data).endswith("5 files, 2 classes, 5 skipped")
    (root / "b" / "one").unlink()  # what happens later is an error
    with pytest.raises(OSError, match=r"one.*No such file"):
        data[3]


SKIPPED = {
    "a/gone": "No such file",
    "a/short": "cannot make an image of 1 byte, layout 'fixed,",
    "a/sub/pipe": "is not a regular file",
    "b/empty": "is empty",
    "b/up": "a link to a folder that was found before",
}


def test_nothing_is_skipped(root):
    assert ByteImageFolder(root, LINE, on_error="skip").skipped == ByteImageFolder(root, LINE).skipped == []
    with pytest.raises(ValueError, match="on_error is 'raise' or 'skip', not 'ignore'"):
        ByteImageFolder(root, LINE, on_error="ignore")
    for path in (root / "b").iterdir():
        path.write_bytes(b"")
    with pytest.raises(ValueError, match="classes without files: 'b'"):
        ByteImageFolder(root, LINE, on_error="skip")


def test_no_folder_is_in_two_classes(root, tmp_path_factory):
    """Links from class to class would give the same file two labels."""
    for link, to in (("a/to_b", "b"), ("b/to_a", "a"), ("a/sub/root", ".")):
        (root / link).symlink_to(root / to)
        with pytest.raises(ValueError, match=f"{link}' is a link to a folder that was found before"):
            ByteImageFolder(root, LINE)
        (root / link).unlink()
    other = tmp_path_factory.mktemp("other")
    (other / "file").write_bytes(b"bytes")
    for link in ("a/one", "b/two"):
        (root / link).symlink_to(other)
    with pytest.raises(ValueError, match="b/two' is a link to a folder that was found before"):
        ByteImageFolder(root, LINE)
    for link, to in (("c", root / "a"), ("c", root)):
        (root / link).symlink_to(to)
        with pytest.raises(ValueError, match="c' is a link to the root or to the folder of another class"):
            ByteImageFolder(root, LINE)
        (root / link).unlink()


def test_indices(root):
    data = ByteImageFolder(root, LINE)
    samples = list(data)
    assert len(samples) == 5

    def same(found, expected):
        return len(found) == len(expected) and all(
            torch.equal(image, other) and target == label
            for (image, target), (other, label) in zip(found, expected, strict=True)
        )

    for part in (slice(2), slice(None, None, -2), slice(-2, None), slice(7, 9), slice(None)):
        assert isinstance(data[part], list) and same(data[part], samples[part])
    for index in (-1, -5, np.int64(3), np.uint8(2), torch.tensor(1)):
        assert same([data[index]], [samples[int(index)]])
    for index in (5, -6):
        with pytest.raises(IndexError, match=f"there is no sample {index}: there are 5"):
            data[index]
    for index in (1.0, "1", None, [1], np.array([1, 2])):
        with pytest.raises(TypeError, match=f"a whole number or a slice, not {type(index).__name__}"):
            data[index]


# PictureFolder

PHOTOS = "isopixel 1: image rgb | bilinear short=16 | crop 15,15"


@pytest.fixture
def photos(tmp_path):
    """Two classes of pictures, and what is none."""
    for name, kind in {"cat/a.jpg": "JPEG", "cat/sub/b": "PNG", "dog/c.bmp": "BMP"}.items():
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(PIXELS[..., :3], kind))
    return tmp_path / "photos"


@pytest.mark.parametrize("last", ["", " | normalize mean=0.485,0.456,0.406 std=0.229,0.224,0.225 rounding=steps"])
def test_pictures(photos, last, context, recwarn):
    data = PictureFolder(photos, PHOTOS + last)
    assert repr(data) == f"PictureFolder({str(photos)!r}, '{PHOTOS}{last}'): 3 files, 2 classes"
    assert data.classes == ["cat", "dog"] and data.targets == [0, 0, 1]
    recipe = isopixel.Recipe.parse(PHOTOS + last)
    for (path, target), (image, index) in zip(data.samples, data, strict=True):
        wanted = recipe(path) if last else recipe(path).transpose(2, 0, 1)
        assert index == target and image.shape == (3, 15, 15)
        assert image.numpy().tobytes() == wanted.tobytes()
    loader = DataLoader(pickle.loads(pickle.dumps(data)), batch_size=3, num_workers=1, multiprocessing_context=context)
    ((images, targets),) = loader
    assert torch.equal(images, torch.stack([image for image, _ in data])) and targets.tolist() == data.targets
    assert not [warning for warning in recwarn if warning.category is UserWarning]


def test_gray_pictures(photos):
    data = PictureFolder(photos, "isopixel 1: image gray luma=pillow-7 | bilinear 5,6")
    assert [image.shape for image, _ in data] == [(1, 5, 6)] * 3


def test_what_is_no_picture(photos):
    (photos / "dog" / "prog.exe").write_bytes(b"MZ\x90\0")
    (photos / "dog" / "empty").touch()
    (photos / "dog" / "broken.jpg").write_bytes((photos / "cat" / "a.jpg").read_bytes()[:-50])
    data = PictureFolder(photos, PHOTOS)
    told = {"prog.exe": "it begins with 4d 5a 90 00, and a recipe of images reads", "empty": "it is empty"}
    for name, why in {**told, "broken.jpg": ""}.items():
        path = str(photos / "dog" / name)
        with pytest.raises(ValueError) as caught:
            data[[path for path, _ in data.samples].index(path)]
        assert str(caught.value).startswith(f"cannot make the image of {path!r}: {why}")
        assert str(caught.value).count(path) == 1
    data = PictureFolder(photos, PHOTOS, on_error="skip")
    assert sorted(path for path, _ in data.skipped) == [str(photos / "dog" / name) for name in ("empty", "prog.exe")]
    assert all(why.startswith(told[path.rpartition("/")[2]]) for path, why in data.skipped)
    assert len(data) == 4  # that a picture is broken shows when it is read


def test_each_data_set_has_its_recipes(photos):
    with pytest.raises(ValueError, match=r"is of images: use isopixel\.torch\.PictureFolder"):
        ByteImageFolder(photos, PHOTOS)
    with pytest.raises(ValueError, match=r"is of bytes: use isopixel\.torch\.ByteImageFolder"):
        PictureFolder(photos, LINE)

# SPDX-License-Identifier: MIT
"""Images of bytes and of files (R-6, R-7)."""

import array
import os
import subprocess
import sys

import numpy as np
import pytest
from spec import reference

import isopixel
from isopixel._bytes_image import image_of
from isopixel._sources import BLOCK, open_file
from tests import sparse
from tests.support import as_another_user, assert_same, folder_of_another_user, reference_resize
from tests.test_memory import LIMIT, PEAK

LIMITS = [limit * 1024 for limit, _ in reference.WIDTH_TABLES["nataraj"][0]]
LENGTHS = [1, 2, 31, 32, 33, 63, 64, 1000, *(limit + d for limit in LIMITS for d in (-1, 0, 1)), 2 * BLOCK + 17]


def some_bytes(length):
    return np.random.default_rng(length).integers(0, 256, length, np.uint8).tobytes()


def nataraj(data):
    (height, width, _), samples = reference.layout_image("nataraj", data)
    return np.frombuffer(samples, np.uint8).reshape(height, width)


@pytest.mark.parametrize("length", LENGTHS)
def test_the_image_itself(length, tmp_path):
    data = some_bytes(length)
    (tmp_path / "file").write_bytes(data)
    assert_same(isopixel.from_bytes(data, "nataraj"), nataraj(data), "from_bytes")
    assert_same(isopixel.from_file(tmp_path / "file", "nataraj"), nataraj(data), "from_file")


@pytest.mark.parametrize("method", ["bilinear", "bilinear-two-tap"])
@pytest.mark.parametrize("size", [(16, 16), (3, 200)])
@pytest.mark.parametrize("length", [1, 33, 5000, *LIMITS[:4]])
def test_resized(length, size, method, tmp_path):
    check_resized(length, size, method, tmp_path / "file")


@pytest.mark.parametrize("length", [LIMITS[-1] + 1, 2 * BLOCK + 17])
def test_resized_from_several_blocks(length, tmp_path):
    check_resized(length, (16, 16), "bilinear", tmp_path / "file")


def check_resized(length, size, method, path):
    data = some_bytes(length)
    path.write_bytes(data)
    expected = reference_resize(nataraj(data), size, method == "bilinear")
    assert_same(isopixel.from_bytes(data, "nataraj", size, method=method), expected, "from_bytes")
    assert_same(isopixel.from_file(str(path), layout="nataraj", size=size, method=method), expected, "from_file")


def test_kinds_of_bytes():
    data = some_bytes(100)
    expected = isopixel.from_bytes(data, "nataraj")
    for same in (bytearray(data), memoryview(data), np.frombuffer(data, np.uint8), array.array("b", data)):
        assert_same(isopixel.from_bytes(same, "nataraj"), expected, type(same).__name__)


@pytest.mark.parametrize(
    ("data", "error", "message"),
    [
        (b"", ValueError, "data is empty"),
        ("text", TypeError, "data must be bytes, got str"),
        (5, TypeError, "data must be bytes, got int"),
        (np.zeros(4, np.float32), TypeError, "one-dimensional contiguous buffer of bytes, got format 'f'"),
        (np.zeros((2, 2), np.uint8), TypeError, r"shape \(2, 2\)"),
        (np.zeros(8, np.uint8)[::2], TypeError, "contiguous"),
    ],
)
def test_bad_data(data, error, message):
    with pytest.raises(error, match=message):
        isopixel.from_bytes(data, "nataraj")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"layout": "nataray"}, ValueError, r"unknown layout 'nataray'; did you mean 'nataraj'\? known: fixed, square"),
        ({"layout": None}, TypeError, "layout must be a string"),
        ({"size": 224}, TypeError, r"write \(224, 224\)"),
        ({"size": (0, 3)}, ValueError, "size must be at least"),
        ({"size": (2**62, 2**62)}, ValueError, "too large"),
        (
            {"size": (2, 2), "method": "lanczos"},
            ValueError,
            "unknown method 'lanczos'; did you mean 'pillow-4-lanczos', ",
        ),
        ({"method": "bilinear-two-tap"}, ValueError, "method 'bilinear-two-tap' needs a size"),
    ],
)
def test_bad_arguments(arguments, error, message, tmp_path):
    (tmp_path / "file").write_bytes(b"abc")
    with pytest.raises(error, match=message):
        isopixel.from_bytes(b"abc", **{"layout": "nataraj", **arguments})
    with pytest.raises(error, match=message):
        isopixel.from_file(tmp_path / "file", **{"layout": "nataraj", **arguments})


def test_files_that_are_none(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        isopixel.from_file(tmp_path / "missing", "nataraj")
    with pytest.raises(IsADirectoryError):
        isopixel.from_file(tmp_path, "nataraj")
    (tmp_path / "empty").touch()
    with pytest.raises(ValueError, match="empty' is empty, or does not report its length"):
        isopixel.from_file(tmp_path / "empty", "nataraj")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="not a regular file"):
        isopixel.from_file(tmp_path / "pipe", "nataraj")
    with pytest.raises(TypeError):
        isopixel.from_file(0, "nataraj")


def test_an_unreadable_file():
    with folder_of_another_user() as folder:
        path = folder / "secret"
        path.write_bytes(b"abc")
        path.chmod(0)
        with as_another_user():
            assert path.exists()
            with pytest.raises(PermissionError):
                isopixel.from_file(path, "nataraj")


@pytest.mark.parametrize(("change", "message"), [(-1, "shrank"), (1, "grew")])
def test_a_file_that_changes_while_it_is_read(change, message, tmp_path):
    path = tmp_path / "file"
    length = 3 * BLOCK
    path.write_bytes(bytes(length))
    with pytest.raises(OSError, match=f"{message} while it was read"), open_file(path) as source:
        image_of(source, "nataraj", (2, 2), "bilinear", lambda block: os.truncate(path, length + change), whole=False)


def test_every_block_is_shown(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(some_bytes(2 * BLOCK + 5))
    seen = []
    with open_file(path) as source:
        image_of(source, "nataraj", (2, 2), "bilinear", lambda block: seen.append(bytes(block)), whole=False)
    assert [len(block) for block in seen] == [BLOCK, BLOCK, 5]
    assert b"".join(seen) == path.read_bytes()


SPARSE = 400 << 20
BLOCKS = [(0, 3_000_000), (123_456_789, 9_000_001), (SPARSE - 5_000_000, 5_000_000)]


def test_the_closed_form_of_sparse_files(tmp_path):
    """tests/sparse.py against the reference, on small files."""
    rng = np.random.default_rng(3)
    for _ in range(30):
        length, width, h, w = (int(n) for n in (rng.integers(50, 3000), rng.integers(1, 60), *rng.integers(1, 9, 2)))
        begin = sorted(int(n) for n in rng.integers(0, length, 4))
        blocks = [(begin[0], begin[1] - begin[0]), (begin[2], begin[3] - begin[2])]
        sparse.make(tmp_path / "file", length, blocks)
        _, samples = reference.resized_layout(f"fixed,width={width}", (tmp_path / "file").read_bytes(), (h, w))
        assert sparse.image(length, width, (h, w), blocks).tobytes() == samples


@pytest.mark.parametrize(
    "layout",
    [
        "bigram",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("fixed,width=1024", "fixed,width=1000,channels=3,pad=1", "line")
        ),
    ],
)
def test_memory_does_not_grow_with_the_file(layout, tmp_path):
    """A sparse file of 400 MiB, in a fresh process."""
    path = tmp_path / "sparse"
    sparse.make(path, SPARSE, BLOCKS)
    script = f"""{PEAK}
import sys
import numpy as np
import isopixel
isopixel.from_bytes(b"abc", "nataraj", (2, 2))
before = peak()
image = isopixel.from_file(sys.argv[1], sys.argv[2], (224, 224))
print(peak() - before)
np.save(sys.argv[1] + ".npy", image)
"""
    run = subprocess.run([sys.executable, "-c", script, path, layout], check=True, capture_output=True, text=True)
    assert int(run.stdout) < LIMIT
    image = np.load(tmp_path / "sparse.npy")
    if layout == "fixed,width=1024":
        assert_same(image, sparse.image(SPARSE, 1024, (224, 224), BLOCKS), layout)
    assert image.any()

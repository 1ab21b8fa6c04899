# SPDX-License-Identifier: MIT
"""Layouts of a part of the bytes, and of those of a listing (R-91), against the reference."""

import contextlib
import hashlib
import json
import os
import re

import numpy as np
import pytest
from spec import recipe_images, reference

import isopixel
from isopixel import _bytes_image, _core, _listing, _sources
from isopixel._saving import load, read_manifest
from tests.program import assert_refused, run
from tests.support import assert_same
from tests.test_guard import LINE
from tests.test_layout import expected_image

LISTING = b"00401000 4D 5A 90 00 ?? ?? 04 00\r\n00401008 b8 ?? 00 ff\n"
PIECES = [b"00401000", b"0040", b"401000", b" ", b"  ", b" 4D", b" ??", b" ?", b" 5g", b"\t", b"\r", b"\n", b"\r\n"]
PIECES += [b" " * 990, b"\xef\xbb\xbf", b"\xe9", b"\0", b" " + b"5A " * 31, b"00401000 4D ?? 5a\r\n" * 3]


def random_listing(rng):
    """A text that is a listing, or nearly one."""
    kind = rng.integers(3)
    if kind == 0:
        return b"".join(PIECES[i] for i in rng.integers(len(PIECES), size=rng.integers(12)))
    lines = []
    for _ in range(rng.integers(1, 6)):
        address = b"0123456789abcdefABCDEF"[: rng.integers(8, 17)]
        words = [b"??" if rng.integers(4) == 0 else b"%02x" % n for n in rng.integers(256, size=rng.integers(1, 33))]
        end = [b"\n", b"\r\n", b" \t\r\n", b" \n"][rng.integers(4)]
        lines.append(b" ".join([address, *words]) + end)
    text = bytearray(
        b"".join([b"", b"\xef\xbb\xbf"][rng.integers(2) :] and lines) + [b"", b"\n", b" \t"][rng.integers(3)]
    )
    for _ in range(rng.integers(3) if kind == 2 else 0):
        at = int(rng.integers(len(text)))
        text[at : at + int(rng.integers(2))] = PIECES[rng.integers(len(PIECES))]
    return bytes(text)


@pytest.mark.parametrize("seed", [*range(2), *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 30))])
def test_the_reader_of_listings_is_that_of_the_reference(seed):
    """In pieces of any size, on texts of which about half are listings."""
    rng = np.random.default_rng(seed)
    read = 0
    for _ in range(500):
        text, unknown = random_listing(rng), [None, 0, 255][rng.integers(3)]
        listing = _core.Listing(unknown)
        step = int(rng.integers(1, len(text) + 2))
        pieces = [text[i : i + step] for i in range(0, len(text), step)]
        try:
            expected = reference.listing(text, unknown)
        except ValueError as error:
            line = re.match(r"line \d+", str(error))[0]
            with pytest.raises(ValueError, match=f"^x: {line}: not an address and up to 32 bytes: '"):
                _listing.listed_bytes(listing, pieces, "x")
        else:
            assert _listing.listed_bytes(listing, pieces, "x") == expected, text
            read += 1
    assert 125 < read < 375


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 3))])
def test_random_layouts_of_listings(seed, tmp_path):
    """From bytes and from a file, with each rule, a part, and either way with unknown bytes."""
    rng = np.random.default_rng(seed)
    made = 0
    for _ in range(200):
        rule = str(rng.choice(["fixed,width=5", *reference.LAYOUT_RULES[1:]]))
        part = f",offset={rng.integers(9)}" * int(rng.integers(2)) + f",length={rng.integers(1, 60)}" * int(
            rng.integers(2)
        )
        layout = f"{rule}{part},unknown={rng.choice(['0', '7', '255', 'drop'])}"
        text, size = random_listing(rng), (None, (3, 5))[rng.integers(2)]
        (tmp_path / "file").write_bytes(text)
        try:
            expected = expected_image(layout, text, size, "bilinear")
        except ValueError:
            for make in (isopixel.from_bytes, isopixel.from_file):
                with pytest.raises(ValueError, match=r"line \d+: not|no (known )?bytes|empty|offset="):
                    make(text if make is isopixel.from_bytes else tmp_path / "file", layout, size)
            continue
        made += 1
        assert_same(isopixel.from_bytes(text, layout, size), expected, f"{layout} {text}")
        assert_same(isopixel.from_file(tmp_path / "file", layout, size), expected, f"{layout} {text}")
        recipe = isopixel.Recipe(layout, size)
        assert_same(recipe.read(tmp_path / "file")[0], expected, f"{recipe} {text}")
    assert made > 60


@pytest.mark.parametrize(
    ("data", "layout", "message"),
    [
        (b"abc", "line,offset=3", "data: offset=3 is not below the number of bytes, 3"),
        (b"abc", "line,offset=9223372036854775807", "offset=9223372036854775807 is not below the number of bytes, 3"),
        (LISTING, "line,offset=12,unknown=0", "data: offset=12 is not below the number of bytes, 12"),
        (LISTING, "line,offset=12,unknown=drop", "data: offset=12 is not below the number of bytes, 9"),
        (b"00401000 ??\n", "line,unknown=drop", "data: there are no known bytes: an image needs at least one"),
        (b"\n", "line,offset=3,unknown=0", "data: there are no bytes: an image needs at least one"),
        (b"MZ\x90\0", "line,unknown=0", r"data: line 1: not an address and up to 32 bytes: 'MZ\x90\x00'"),
        (LISTING + b"0040", "line,length=1,unknown=0", "data: line 3: not an address and up to 32 bytes: '0040'"),
        (b"0" * 61, "line,unknown=0", f"data: line 1: not an address and up to 32 bytes: '{'0' * 60}...'"),
    ],
)
def test_messages(data, layout, message, tmp_path):
    with pytest.raises(ValueError, match=re.escape(message)):
        isopixel.from_bytes(data, layout)
    path = tmp_path / "file"
    path.write_bytes(data)
    expected = message.replace("data", repr(str(path)), 1)
    for make in (isopixel.from_file, lambda path, layout: isopixel.Recipe(layout).read(path)):
        with pytest.raises(ValueError, match=re.escape(expected)):
            make(path, layout)


def test_a_part_without_a_row(tmp_path):
    """What is named is what was given, or the part that it has; either makes no image."""
    (tmp_path / "file").write_bytes(b"0123456789")
    part, whole = "8 bytes, layout 'fixed,width=9,rows=floor'", "10 bytes, layout 'fixed,width=9,rows=floor,offset=2'"
    recipe = isopixel.Recipe("fixed,width=9,rows=floor,offset=2")
    for what, call in [(part, recipe), (whole, recipe.read), (whole, recipe._check_file)]:
        with pytest.raises(
            ValueError, match=f"cannot make an image of {what}.*: with rows=floor, this few bytes leave"
        ):
            call(tmp_path / "file")


def test_a_part_is_a_view():
    data = np.arange(96, dtype=np.uint8)
    image = isopixel.from_bytes(data, "fixed,width=8,offset=16,length=32")
    assert np.shares_memory(image, data)
    assert_same(image, data[16:48].reshape(4, 8), "a part")
    assert isopixel.from_bytes(LISTING, "line,unknown=0").flags.writeable


class CountingFile:
    """A file that counts how many of its bytes are read."""

    read_bytes = 0

    def __init__(self, file):
        self.file = file

    def readinto(self, block):
        n = self.file.readinto(block)
        type(self).read_bytes += n
        return n

    def __getattr__(self, name):
        return getattr(self.file, name)


@pytest.fixture
def counting(monkeypatch):
    """CountingFile, by which files are read for their images."""
    opened = _sources.open_regular

    @contextlib.contextmanager
    def open_counting(path, buffering=-1):
        with opened(path, buffering) as file:
            yield CountingFile(file)

    monkeypatch.setattr(_sources, "open_regular", open_counting)
    monkeypatch.setattr(CountingFile, "read_bytes", 0)
    return CountingFile


def test_only_the_part_is_read(counting, tmp_path):
    """Of a file that nobody could read as a whole; but the SHA-256 in a manifest is that of the whole file."""
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(1 << 42)
        file.seek(1 << 41)
        file.write(bytes(range(256)))
    layout = f"fixed,width=16,offset={(1 << 41) + 16},length=240"
    expected = np.arange(16, 256, dtype=np.uint8).reshape(15, 16)
    assert_same(isopixel.from_file(huge, layout), expected, layout)
    assert_same(isopixel.Recipe(layout)(huge), expected, layout)
    assert counting.read_bytes == 480
    small = tmp_path / "small"
    small.write_bytes(bytes(range(256)))
    image, source = isopixel.Recipe("fixed,width=16,offset=16").read(small)
    assert_same(image, expected, "read")
    assert counting.read_bytes == 480 + 256
    assert (source.bytes, source.sha256) == (256, hashlib.sha256(bytes(range(256))).hexdigest())


@pytest.mark.parametrize(
    ("change", "layout", "error"),
    [
        (-1, "line,length=3000000", None),
        (1, "line,length=3000000", None),
        (-1, "line,offset=3", "shrank"),
        (1, "line,offset=3", "grew"),
        (-2_000_000, "line,length=3000000", "shrank"),
    ],
)
def test_a_file_that_changes_while_its_part_is_read(change, layout, error, tmp_path):
    path, length = tmp_path / "file", 3 * _sources.BLOCK + 5
    path.write_bytes(bytes(length))
    expected = pytest.raises(OSError, match=f"{error} while it was read") if error else contextlib.nullcontext()
    with expected, _sources.open_file(path) as source:
        _bytes_image.image_of(
            source, layout, (2, 2), "bilinear", lambda block: os.truncate(path, length + change), whole=False
        )


WAV = b"RIFF" + bytes(40) + bytes(range(256)) * 3
RECIPE = "isopixel 1: fixed,width=16,offset=44,length=512 | bilinear 4,4 | normalize mean=0.5 std=0.5"


def test_goldens_and_manifests(tmp_path, monkeypatch):
    """They hold the line; and what is recorded of the source is the whole file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.wav").write_bytes(WAV)
    (tmp_path / "a.bytes").write_bytes(LISTING)
    for name, line in (("a.wav", RECIPE), ("a.bytes", "isopixel 1: square,offset=2,unknown=drop")):
        data = (tmp_path / name).read_bytes()
        dtype, shape, numbers = recipe_images.run_bytes(line, data)
        raw = numbers if dtype == "uint8" else b"".join(bits.to_bytes(4, "little") for bits in numbers)
        expected = reference.fingerprint(dtype, shape, raw)
        golden = run("golden", "record", name, "--recipe", line, "-o", "golden.json")
        assert (golden.returncode, golden.stderr) == (0, "")
        recorded = json.loads((tmp_path / "golden.json").read_text())
        assert (recorded["recipe"], recorded["files"][0]["fingerprint"]) == (line, expected)
        assert recorded["files"][0]["sha256"] == hashlib.sha256(data).hexdigest()
        assert run("golden", "check", "golden.json").returncode == 0
        other = recorded | {"recipe": line.replace("offset=", "offset=1")}
        (tmp_path / "golden.json").write_text(json.dumps(other))
        assert "other recipe" in run("golden", "check", "golden.json").stdout
        made = run("apply", name, "--recipe", line, "-o", "a.npy")
        assert (made.returncode, made.stderr) == (0, "") and expected in made.stdout
        manifest = read_manifest("a.npy")
        assert (manifest.recipe, manifest.fingerprint, manifest.source.bytes) == (line, expected, len(data))
        assert_same(load("a.npy"), isopixel.Recipe.parse(line)(name), line)
        assert isopixel.save("b.npy", load("a.npy"), recipe=line, source=name).recipe == line
    with pytest.raises(ValueError, match=r"makes the shape \(3, 3\), and the array has \(4, 4\)"):
        isopixel.save("b.npy", np.zeros((4, 4), np.uint8), recipe="isopixel 1: square,length=9", source="a.wav")
    with pytest.raises(ValueError, match=r"makes no image of the source: offset=5000 is not below the number of bytes"):
        isopixel.save("b.npy", np.zeros((4, 4), np.uint8), recipe="isopixel 1: line,offset=5000", source="a.wav")


def test_the_command_line(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(WAV)
    for options in ([], ["-o", tmp_path / "a.png"]):
        result = run("bytes", path, "--layout", "fixed,width=16,offset=44", *options)
        assert isopixel.fingerprint(np.frombuffer(WAV[44:], np.uint8).reshape(-1, 16)) in result.stdout
    assert_refused(
        run("bytes", path, "--layout", "line,offset=812"), f"'{path}': offset=812 is not below the number of bytes, 812"
    )
    assert_refused(run("bytes", path, "--layout", "line,unknown=0"), f"'{path}': line 1: not an address and up to 32")
    text = run("recipe", "isopixel 1:line,unknown=drop,offset=9223372036854775807,length=5").stdout
    assert "isopixel 1: line,offset=9223372036854775807,length=5,unknown=drop\n" in text
    assert "makes        uint8 (…, …)\n" in text
    assert re.search(
        r"unknown +a whole number from 0 to 255, drop +not a listing$", run("layouts").stdout, re.MULTILINE
    )
    listed = json.loads(run("layouts", "--json").stdout)["line"]
    assert [option["default"] for option in listed.values()] == ["0", None, None]
    dry = run("bytes", path, tmp_path, "--layout", "line,unknown=0", "--dry-run", "-o", tmp_path / "out")
    assert dry.returncode == 1 and "line 1: not an address and up to 32 bytes: 'RIFF" in dry.stderr


def test_the_guard_knows_what_reads_listings(tmp_path):
    (tmp_path / "a").write_bytes(LINE)
    (tmp_path / "b").write_bytes(LINE * 2)
    for layout in ("nataraj", "nataraj,unknown=0", "nataraj,unknown=drop,length=3"):
        one = run("bytes", tmp_path / "a", "--layout", layout)
        several = run("bytes", tmp_path / "a", tmp_path / "b", "--layout", layout, "-o", tmp_path / "out")
        for result in (one, several):
            assert ("as in 'isopixel 1: nataraj,unknown=0' (0 to 255, or drop)" in result.stderr) == (
                layout == "nataraj"
            )
            assert result.returncode == 0


def test_a_folder(tmp_path):
    torch = pytest.importorskip("torch")
    from isopixel.torch import ByteImageFolder

    for name, content in {"a/1.bytes": LISTING, "a/1.asm": b".text:00401000 push", "b/2.bytes": LISTING * 2}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    line = "isopixel 1: square,offset=1,unknown=drop | bilinear 3,3"
    folder = ByteImageFolder(tmp_path, line, on_error="skip")
    assert [reason for _, reason in folder.skipped] == [
        "line 1: not an address and up to 32 bytes: '.text:00401000 push'"
    ]
    shape, samples = reference.resized_layout("square,offset=1,unknown=drop", LISTING, (3, 3))
    assert torch.equal(folder[0][0].flatten(), torch.tensor(list(samples), dtype=torch.uint8)) and shape == (3, 3, 1)
    with pytest.raises(ValueError, match=r"cannot make the image of .*1\.asm': line 1: not an address"):
        ByteImageFolder(tmp_path, line)[0]


def test_the_beginning_of_a_listing(tmp_path):
    """What shows without reading a file: its first lines, though the last of them is cut."""
    path = tmp_path / "file"
    for content in (
        LISTING,
        LISTING * 99,
        b"\xef\xbb\xbf" + LISTING * 99,
        b"00401000" + b" 5A" * 32 + b" " * 895 + b"\n",
    ):
        path.write_bytes(content)
        assert _bytes_image.check_file(path, "line,unknown=0") == len(content)
    for content in (b"MZ" * 900, LISTING + b"MZ\n" + LISTING * 99, b"00401000 5A" + b" " * 1000):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="not an address"):
            _bytes_image.check_file(path, "line,unknown=0")

# SPDX-License-Identifier: MIT
"""Files that are plainly pictures or listings are not taken for bytes without a word."""

import io
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

import isopixel
from isopixel import _core
from isopixel._guard import HEAD, LISTING, Guard, described, kind_of, kind_of_file
from tests.program import assert_refused, run

RECIPE = "isopixel 1: nataraj | bilinear 8,8"
LINE = b"00401000 56 8D ?? 24\r\n"
NOTE = "what is stored in the file is taken for pixels: "
PICTURES = "for a picture, use a recipe of images, which begins with 'isopixel 1: image rgb'"
LISTINGS = (
    "for a listing, use a layout that says what its unknown bytes become, as in 'isopixel 1: nataraj,unknown=0' "
    "(0 to 255, or drop)"
)


def encoded(kind):
    """A small picture as Pillow writes it, or the beginning of one by its specification."""
    if kind == ".npy":
        file = io.BytesIO()
        np.save(file, np.zeros((3, 3)))
        return file.getvalue()
    starts = {
        "HEIF or AVIF": b"\0\0\0\x1cftypavif\0\0\0\0",
        "JPEG XL": b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ",
        "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 ",
        "OpenEXR": b"\x76\x2f\x31\x01\2\0\0\0",
        "Photoshop": b"8BPS\0\1\0\0\0\0\0\0",
        "DICOM": bytes(128) + b"DICM\2\0",
        LISTING: LINE * 3,
    }
    if kind in starts:
        return starts[kind] + bytes(200)
    if kind == "WebP" and not features.check("webp"):
        pytest.skip("this Pillow has no WebP")
    file = io.BytesIO()
    Image.fromarray(np.arange(300, dtype=np.uint8).reshape(10, 10, 3)).save(file, format=kind)
    return file.getvalue()


KINDS = ["JPEG", "PNG", "GIF", "WebP", "TIFF", "BMP", "HEIF or AVIF", "JPEG XL", "JPEG 2000", "OpenEXR", "Photoshop"]
KINDS += ["DICOM", ".npy", LISTING]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind(kind, tmp_path):
    content = encoded(kind)
    assert kind_of(content[:HEAD]) == kind
    assert described(kind).split()[0] == ("an" if kind in ("OpenEXR",) else "a")
    path = tmp_path / "file"
    path.write_bytes(content)
    assert kind_of_file(str(path)) == kind
    result = run("bytes", path, "--size", "8,8")
    advice = LISTINGS if kind == LISTING else PICTURES
    assert result.stderr == f"isopixel: note: 'file' is {described(kind)}, and {NOTE}{advice}\n"
    assert isopixel.fingerprint(isopixel.Recipe.parse(RECIPE)(path)) in result.stdout  # as before
    recorded = run("golden", "record", path, "--recipe", RECIPE, "-o", tmp_path / "g.json")
    assert f"file' is {described(kind)}, and {NOTE}{advice}\n" in recorded.stderr and recorded.returncode == 0
    assert run("golden", "check", tmp_path / "g.json").stderr == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_recipe_of_images(kind, tmp_path):
    """A file that is not a picture that it reads is an error, which says what it is; one that it reads has no note."""
    path = tmp_path / "file"
    path.write_bytes(encoded(kind))
    line = "isopixel 1: image rgb | bilinear 8,8"
    for command in (["apply", path], ["golden", "record", path, "-o", tmp_path / "g.json"]):
        result = run(*command, "--recipe", line)
        if kind in ("JPEG", "PNG", "BMP"):
            assert (result.returncode, result.stderr) == (0, "")
            continue
        advice = {LISTING: LISTINGS, ".npy": "load it with np.load"}
        what = f"it is {described(kind)}, and a recipe of images reads JPEG, PNG and BMP"
        assert_refused(result, f"isopixel: '{path}': {what}; {advice.get(kind, 'convert it to PNG first')}")


def test_what_is_none():
    for head in (b"", b"BM", b"BM" + bytes(60), b"MZ\x90\0", b"\x7fELF", b"PK\3\4", b"RIFF\0\0\0\0WAVE", b"\xff\x0a"):
        assert kind_of(head) is None
    for head in (b"00401000 56 8D\n", b"0040100a ??\n", b"10001000 ?? ??\r\n"):
        assert kind_of(head) == LISTING
    wide = b"0000000140001000" + b" 4d" * 32
    for head in (wide + b"\n", b"\xef\xbb\xbf" + wide + b" \t\r\n", b"0040100000 ?? \n"):  # all that R-17 has
        assert kind_of(head[:HEAD]) == LISTING
        assert _core.listing_of("line,unknown=0").push(head) is None  # and what reads it accepts
    for head in (
        wide + b" 4d\n",
        b"00401000\n",
        b"00401000 5\n",
        b"00401000 56 8D",
        b" 00401000 56\n",
        b"00401000  56\n",
        b"0040100g 56\n",
    ):
        assert kind_of(head) is None
    assert kind_of_file("/nowhere") is None
    with warnings.catch_warnings(action="error") if sys.version_info >= (3, 11) else warnings.catch_warnings():
        isopixel.Recipe.parse(RECIPE)(encoded("PNG"))  # bytes are bytes


@pytest.mark.slow
def test_random_bytes():
    random = np.random.default_rng(3).bytes(200_000 * HEAD)
    assert [kind for at in range(0, len(random), HEAD) if (kind := kind_of(random[at : at + HEAD]))] == []


@pytest.mark.slow
def test_files_of_this_machine():
    """What is neither a picture nor a listing by its name is none: executables, libraries, programs, archives."""
    found = {}
    suffixes = (".py", ".so", ".exe", ".zip", ".whl", ".txt", ".md", ".h", ".pyc", ".json", ".a", ".o")
    for top in ("/usr/bin", "/usr/lib", sys.prefix, Path(np.__file__).parent, Path(sys.base_prefix, "lib")):
        for folder, _, names in os.walk(top):
            for name in names if len(found) < 5000 else ():
                path = Path(folder, name)
                if (path.suffix in suffixes or folder == "/usr/bin") and path.is_file():
                    found[str(path)] = kind_of_file(str(path))
    assert len(found) > 500
    assert {path: kind for path, kind in found.items() if kind} == {}


def write(folder, **contents):
    for name, content in contents.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def test_many_files(tmp_path):
    png, jpeg = encoded("PNG"), encoded("JPEG")
    write(tmp_path / "in", a=png, b=jpeg, c=jpeg, d=b"MZ" * 99)
    result = run("bytes", tmp_path / "in", "-o", tmp_path / "out", "--size", "8,8")
    what = f"3 of 4 files are pictures (2 JPEG, 1 PNG; the first is '{tmp_path}/in/a')"
    assert result.stderr == f"isopixel: note: {what}, and {NOTE}{PICTURES}\n"
    assert len(list((tmp_path / "out").iterdir())) == 4
    write(tmp_path / "in", a=LINE)
    result = run("bytes", tmp_path / "in", "-o", tmp_path / "out", "--size", "8,8")
    assert (
        "3 of 4 files are pictures or listings of bytes in hexadecimal (2 JPEG, 1 listing; the first" in result.stderr
    )
    assert f"{PICTURES}; {LISTINGS}\n" in result.stderr
    write(tmp_path / "in", a=b"1", b=b"2")
    result = run("bytes", tmp_path / "in", "-o", tmp_path / "out", "--size", "8,8")
    assert f"1 of 4 files is a JPEG picture ('{tmp_path}/in/c'), and" in result.stderr


def test_a_file_is_what_it_begins_with(tmp_path):
    """Files are read in blocks of a MiB."""
    block, png = bytes(1 << 20), encoded("PNG")
    write(tmp_path, begins=png + block + block, ends=block + png)
    assert "note: 'begins' is a PNG picture" in run("bytes", tmp_path / "begins", "--size", "8,8").stderr
    assert run("bytes", tmp_path / "ends", "--size", "8,8").stderr == ""


def test_all():
    guard = Guard(isopixel.Recipe("line"))
    for path, kind in {"a": "PNG", "b": "JPEG", "c": LISTING, "d": LISTING, "e": None}.items():
        guard.see(path, kind)
    assert [guard.are_all(paths) for paths in ("a", "ab", "cd", "abc", "abe", "e")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.fixture
def model(tmp_path, monkeypatch):
    (tmp_path / "guarded_model.py").write_text("import torch\n\n\ndef scores(x):\n    return torch.zeros(1, 2)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "guarded_model:scores"
    sys.modules.pop("guarded_model", None)


def test_skew(model, tmp_path):
    """A false all-clear is refused; a few pictures among the files are counted."""

    def skew(*options):
        return run("skew", model, tmp_path / "in", "--recipe", RECIPE, "--against", "bilinear-two-tap", *options)

    for content, word in ((encoded("PNG"), "pictures (2 PNG"), (LINE, "listings of bytes in hexadecimal (2 listing")):
        write(tmp_path / "in", a=content, b=content)
        advice = PICTURES if content != LINE else LISTINGS
        assert_refused(skew(), f"2 of 2 files are {word}; the first is", f"{advice}; if their bytes are meant, say --b")
        assert (skew("--bytes").returncode, skew("--bytes").stderr) == (0, "")
    write(tmp_path / "in", a=encoded("PNG"), b=b"MZ" * 99)
    mixed = skew()
    assert mixed.returncode == 0
    assert f"isopixel: note: 1 of 2 files is a PNG picture ('{tmp_path}/in/a'), and {NOTE}" in mixed.stderr
    (tmp_path / "in" / "a").unlink()
    assert skew().stderr == ""
    (tmp_path / "in" / "b").unlink()
    write(tmp_path / "in", x__a=encoded("PNG"), y__b=encoded("JPEG"))  # a data set, with classes
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_refused(skew(), "2 of 2 files are pictures (1 JPEG, 1 PNG; the first is")


def test_folder(tmp_path):
    torch = pytest.importorskip("torch")
    from isopixel.torch import ByteImageFolder

    write(tmp_path / "in", x__a=encoded("PNG"), x__b=encoded("PNG"), y__c=b"MZ" * 99)
    with pytest.warns(UserWarning) as caught:
        folder = ByteImageFolder(tmp_path / "in", RECIPE)
    assert [str(warning.message) for warning in caught] == [
        f"2 of 3 files are pictures (2 PNG; the first is '{tmp_path}/in/x/a'), and {NOTE}{PICTURES}"
    ]
    assert caught[0].filename == __file__
    assert torch.equal(folder[0][0][0], torch.from_numpy(isopixel.Recipe.parse(RECIPE)(tmp_path / "in" / "x" / "a")))
    write(tmp_path / "in", x__a=b"1", x__b=b"2")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ByteImageFolder(tmp_path / "in", RECIPE)


def test_a_picture_beside_a_recipe_of_listings(model, tmp_path):
    """It cannot be taken for bytes: it is an error, and no note says otherwise."""
    torch_folder = pytest.importorskip("isopixel.torch").ByteImageFolder
    line = "isopixel 1: nataraj,unknown=0 | bilinear 8,8"
    write(tmp_path / "in", x__a=encoded("PNG"), y__b=encoded("PNG"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        torch_folder(tmp_path / "in", line)
    for options in ([], ["--bytes"]):
        result = run("skew", model, tmp_path / "in", "--recipe", line, *options)
        assert_refused(result, "none of 2 files can be read; the first is", "line 1: not an address")

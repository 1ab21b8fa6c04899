# SPDX-License-Identifier: MIT
"""The comparison of JPEG decoders (tests/peers/decoders.py): with what is installed, and with something wrong."""

import sys

import pytest

from isopixel._audit_jpeg import FUNCTIONS, SPEC
from tests.peers import decoders, run
from tests.peers.decoders import Decoder, Result, compared, expectation, section, too_few
from tests.peers.environments import Environment, NoWheelError, installed_version, python_of

STUB = """
# OpenCV, but one sample of some pictures is wrong.
import isopixel
from pathlib import Path
__version__ = "4.0.0"
IMREAD_COLOR, IMREAD_IGNORE_ORIENTATION = 1, 128

def imread(path, flags):
    assert flags == 129
    image = isopixel.read_picture(path, "bgr", orientation="ignore")
    if Path(path).stem == "{wrong}":
        image[-1, -1, -1] ^= 1
    if Path(path).stem == "{refused}":
        return None
    return image
"""


@pytest.fixture
def expected(tmp_path, monkeypatch):
    """Of a few files."""
    monkeypatch.setattr(decoders, "FILES", tmp_path / "jpeg")
    monkeypatch.setattr(decoders, "RANDOM", 2)
    monkeypatch.setattr(decoders, "corpus", dict)
    return expectation()


def test_the_files(expected, tmp_path):
    """Those of the specification that are images, and random ones, the same in each run."""
    names = {path.name for path in (tmp_path / "jpeg").iterdir()}
    assert names == expected.keys()
    assert {"spec-side-17-420.jpg", "encoded-1.jpg"} <= names and "spec-no-eoi.jpg" not in names
    assert 44 < sum(name.startswith("spec-") for name in names) < 52
    assert expectation() == expected


@pytest.mark.parametrize(
    "name", ["spec-q1", *(pytest.param(n, marks=pytest.mark.slow) for n in ("spec-adobe-0", "random-0", "encoded-1"))]
)
@pytest.mark.parametrize("kind", ["wrong", pytest.param("refused", marks=pytest.mark.slow)])
def test_one_wrong_picture_is_found(name, kind, expected, tmp_path):
    """And makes the decoder none of the functions that are known."""

    def result(wrong="", refused="", function=SPEC, version="4.0.0"):
        (tmp_path / "cv2.py").write_text(STUB.format(wrong=wrong, refused=refused))
        decoder = Decoder("opencv", "opencv-python-headless", version, function)
        return compared(decoder, Environment(sys.executable, (tmp_path,)), expected)

    if name == "spec-q1":
        assert result() == Result(result().decoder, [], is_right=True)
        assert not result(function=next(iter(FUNCTIONS.values()))).is_right
        (error,) = result(version="4.1.0").differing
        assert "has version 4.0.0" in error
    found = result(**{kind: name})
    assert not found.is_right
    if kind == "wrong" or name != "spec-q1":  # of which no samples can be had then
        assert found.differing == [f"{name}.jpg"]


@pytest.mark.parametrize("name", ["pillow", "opencv"])
def test_installed_release(name, expected):
    known = {decoder.version: decoder for decoder in decoders.DECODERS if decoder.name == name}
    package = next(iter(known.values())).package
    version = installed_version(package)
    if version not in known:
        pytest.skip(f"{package} {version or 'is not installed'}: no release of tests/peers/decoders.py")
    result = compared(known[version], Environment(sys.executable), expected)
    assert (result.differing, result.is_right) == ([], True)


def test_too_few():
    right = [Result(decoder, [], is_right=True) for decoder in decoders.DECODERS]
    assert too_few(right) == []
    same = [result for result in right if result.decoder.function == SPEC]
    assert too_few(same) == ["0 decoders of another function, at least 1 wanted"]
    assert too_few([*same[:9], right[0]]) == [f"9 decoders of {SPEC}, at least 10 wanted"]
    assert len(too_few([Result(decoder, ["a"], is_right=False) for decoder in decoders.DECODERS])) == 2


def test_a_python_that_is_not_there():
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert python_of(version)
    with pytest.raises(NoWheelError, match=r"no python3\.99 here"):
        python_of("3.99")


def test_the_page(tmp_path, monkeypatch):
    """Each part is written over its own."""
    page = tmp_path / "peers.md"
    page.write_text(f"# Methods\n\nold\n\n{decoders.HEADING}\n\nold\n")
    results = [Result(decoder, ["a"] * (decoder.function != SPEC), is_right=True) for decoder in decoders.DECODERS]
    monkeypatch.setattr(decoders, "compare", lambda: (results, 9, ["skipped x"]))
    monkeypatch.setattr(sys, "argv", ["run", "--only", "jpeg", "--write", str(page)])
    assert run.main() == 0
    text = page.read_text()
    assert text == f"# Methods\n\nold\n\n{section(results, 9, ['skipped x'])}"
    assert "skipped x." in text and "| Pillow | 4.2.1, 8.4.0 | libjpeg 9, as Pillow 4.2 to 8.4 | 1 |" in text
    results[0] = Result(results[0].decoder, ["a"], is_right=False)
    assert run.main() == 1 and page.read_text() == text

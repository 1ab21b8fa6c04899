# SPDX-License-Identifier: MIT
"""The methods by their names: which there are, what they cover, and that every way to a resize takes them."""

import json
import pickle
import re
import subprocess
import sys
from typing import get_args

import numpy as np
import pytest

import isopixel
from isopixel import _core, _images, _methods, _sources
from tests.program import run
from tests.support import assert_same, cmyk

NAMES = [method.name for method in isopixel.methods()]
FROZEN = [method.name for method in isopixel.methods() if method.is_frozen]
STREAMED = [method.name for method in isopixel.methods() if method.covers_layouts]
SIZE = (20, 24)


def noise(*shape):
    return np.random.default_rng(3).integers(0, 256, shape, np.uint8)


def most_channels(name):
    return next(c for c in (3, 4) if isopixel._methods.METHODS[name].covers(c))


def test_covers_no_fewer_channels_than_one():
    for method in isopixel.methods():
        assert not method.covers(0) and not method.covers(-1), method.name


def resized(image, size, name):
    """By the core itself, which does not ask what four channels are."""
    out = np.empty((1, *size, image.shape[2]), np.uint8)
    _images.resize_into(out, image[None], "NHWC", name, 1)
    return out[0]


# Heights and widths: the second is half the first, and neither; one shrinks, one grows.
PAIRS = [((40, 46), (20, 23)), ((37, 61), (50, 90)), ((96, 128), (96, 64)), ((90, 60), (30, 61))]
# R-46 has rows that do not end with whole vectors, and parts from R-47 in one sample of some ten thousand.
MANY_ROWS = [((9001, 5), (20000, 7))]


@pytest.mark.parametrize("name", NAMES)
def test_channels_apart_or_together(name):
    """Where the core says that it separates channels, planes are images of one channel; elsewhere they are not."""
    for channels in range(1, 7):
        apart = _core.separates_channels(name, channels)
        if not isopixel._methods.METHODS[name].covers(channels) or name.endswith("-alpha"):
            assert not apart
            continue
        differing = 0
        for source, size in PAIRS + MANY_ROWS * (name == "opencv-3.4-cubic"):
            image = noise(*source, channels)
            planes = [resized(plane, size, name) for plane in np.split(image, channels, axis=2)]
            differing += int((resized(image, size, name) != np.concatenate(planes, axis=2)).sum())
        assert apart == (differing == 0), channels


def test_names():
    assert tuple(NAMES) == tuple(row[0] for row in _core.methods) == get_args(_methods.MethodName)
    assert set(FROZEN) - set(STREAMED) == {name for name in NAMES if name.endswith("-alpha")}
    for method in isopixel.methods():
        assert pickle.loads(pickle.dumps(method)) == method
        if method.name in FROZEN:
            # Later releases resize by INTER_CUBIC with Intel IPP.
            for release in method.releases[:1] if method.filter == "cubic" else method.releases:
                assert isopixel.method_for(method.library, release, method.filter) == method.name


@pytest.mark.parametrize("name", NAMES)
def test_channels(name):
    """What is told to be covered is covered, and nothing else."""
    method = isopixel._methods.METHODS[name]
    for channels in (1, 2, 3, 4, 5, 6, 511, 512, 513, 65536, 65537):
        image = noise(2, 3, channels)
        if method.covers(channels):
            assert isopixel.resize(image, (3, 2), method=name, axes="HWC", channels=cmyk(name, channels)).shape == (
                3,
                2,
                channels,
            )
        else:
            with pytest.raises(ValueError, match=re.escape(f"{name!r} covers ")):
                isopixel.resize(image, (3, 2), method=name, axes="HWC")


@pytest.mark.parametrize("name", FROZEN)
def test_sides(name):
    most = isopixel._methods.METHODS[name].max_side
    channels = most_channels(name)
    small = np.zeros((1, 1, channels), np.uint8)
    large = np.broadcast_to(small, (1, most + 1, channels))
    for image, size in (
        (large, (1, 1)),
        (large.swapaxes(0, 1), (1, 1)),
        (small, (1, most + 1)),
        (small, (most + 1, 1)),
    ):
        with pytest.raises(ValueError, match=r"sides of at most 16,777,215 pixels"):
            isopixel.resize(image, size, method=name)
    if name == "opencv-3.4-linear":
        assert isopixel.resize(np.zeros((1, most), np.uint8), (1, 1), method=name).shape == (1, 1)


def test_messages():
    for image, name, words in [
        (noise(4, 4, 5), "pillow-4-bilinear", "'pillow-4-bilinear' covers 1, 3 or 4 channels"),
        (noise(4, 4, 2), "pillow-4-bilinear", "'pillow-4-bilinear' covers 1, 3 or 4 channels"),
        (noise(4, 4, 3), "pillow-13-bilinear-alpha", "'pillow-13-bilinear-alpha' covers 2 or 4 channels"),
        (noise(4, 4, 513), "opencv-3.4-linear", "'opencv-3.4-linear' covers 1 to 512 channels"),
    ]:
        with pytest.raises(ValueError, match=re.escape(words)):
            isopixel.resize(image, (2, 2), method=name, axes="HWC")
    with pytest.raises(ValueError, match=r"shape \(4, 4, 4\) \(axes CHW\).* covers 2 or 4 channels"):
        isopixel.resize(noise(4, 4, 4), (2, 2), method="pillow-13-bilinear-alpha", axes="CHW")
    with pytest.raises(ValueError, match=r"10 bytes.*'pillow-4-bilinear-alpha' covers 2 or 4 channels"):
        isopixel.from_bytes(bytes(10), "line", (2, 2), method="pillow-4-bilinear-alpha")
    with pytest.raises(ValueError, match=r"sides of at most 16,777,215"):
        isopixel.from_bytes(bytes(2**24), "line", (2, 2), method="torch-2.3-bilinear")
    with pytest.raises(ValueError, match="'pillow-4-bilinear' needs a size"):
        isopixel.from_bytes(b"bytes", "line", method="pillow-4-bilinear")
    with pytest.raises(ValueError, match="'pillow-4-bilinear' needs a size"):
        isopixel.Recipe("line", method="pillow-4-bilinear")


@pytest.mark.parametrize("name", FROZEN)
@pytest.mark.parametrize("antialias", [False, True])
def test_antialias_is_for_bilinear_alone(name, antialias):
    message = re.escape(f"antialias={antialias} is for method 'bilinear': {name!r} is one function; leave it out")
    with pytest.raises(ValueError, match=message):
        isopixel.resize(noise(3, 3, 4), (2, 2), method=name, antialias=antialias)


def test_antialias_is_a_part_of_the_name():
    """R-3: the flag is sugar for the name."""
    image = noise(30, 40, 3)
    for antialias, name in ((True, "bilinear"), (False, "bilinear-two-tap")):
        assert_same(isopixel.resize(image, SIZE, antialias=antialias), isopixel.resize(image, SIZE, method=name), name)
    with pytest.raises(ValueError, match="method 'bilinear,antialias=no'; the nearest are 'bilinear-two-tap'"):
        isopixel.Recipe.parse("isopixel 1: line | bilinear,antialias=no 2,2")


@pytest.mark.slow
def test_a_type_checker_finds_a_typo(tmp_path):
    """And accepts what methods() and method_for() return."""
    call = "import isopixel, numpy\nx = isopixel.resize(numpy.zeros((2, 2), numpy.uint8), (1, 1), method="
    for method, fails in [
        ("'pillow-13-bilinear'", False),
        ("isopixel.methods()[0].name", False),
        ("isopixel.method_for('torch', '2.13.0', 'bilinear')", False),
        ("'pilow-13-bilinear'", True),
    ]:
        (tmp_path / "call.py").write_text(f"{call}{method})\n")
        checker = [sys.executable, "-m", "mypy", "--cache-dir", tmp_path / "cache", tmp_path / "call.py"]
        found = subprocess.run(checker, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (found.returncode, "incompatible type" in found.stdout) == ((1, True) if fails else (0, False)), found


@pytest.mark.parametrize("name", NAMES)
def test_arrays(name):
    """Batches, views, planes, threads and out are images one by one."""
    channels = most_channels(name)
    batch = noise(3, 40, 52, channels)
    expected = np.stack([isopixel.resize(image, SIZE, method=name) for image in batch])
    assert_same(isopixel.resize(batch, SIZE, method=name), expected, name)
    assert_same(isopixel.resize(batch, SIZE, method=name, threads=3), expected, name)
    flipped = isopixel.resize(batch[:, ::-1], SIZE, method=name)
    assert_same(flipped, isopixel.resize(batch[:, ::-1].copy(), SIZE, method=name), name)
    out = np.zeros((3, 24, 30, channels), np.uint8)[:, 2:-2, 3:-3]
    assert isopixel.resize(batch, SIZE, method=name, out=out) is out
    assert_same(out, expected, name)
    if not name.endswith("-alpha"):
        planes = batch.transpose(0, 3, 1, 2)
        gray = np.stack([[isopixel.resize(plane.copy(), SIZE, method=name) for plane in image] for image in planes])
        assert_same(isopixel.resize(planes, SIZE, method=name, axes="NCHW"), gray, name)


def test_planes_of_opencv_are_gray():
    """Half of both sides: two channels are rounded otherwise than one."""
    image = noise(8, 8, 2)
    planes = isopixel.resize(image.transpose(2, 0, 1), (4, 4), method="opencv-3.4-linear", axes="CHW")
    assert not np.array_equal(planes.transpose(1, 2, 0), isopixel.resize(image, (4, 4), method="opencv-3.4-linear"))


@pytest.mark.parametrize("name", STREAMED)
@pytest.mark.parametrize("layout", ["nataraj", "fixed,width=64,channels=3", "hilbert", "bigram", "line"])
def test_bytes_and_files_and_recipes(name, layout, tmp_path, monkeypatch):
    data = noise(9_000).tobytes()
    if layout == "line":
        row = isopixel.from_bytes(data, layout)
        expected = isopixel.resize(row, (1, SIZE[0] * SIZE[1]), method=name).reshape(SIZE)
    else:
        expected = isopixel.resize(isopixel.from_bytes(data, layout), SIZE, method=name)
    assert_same(isopixel.from_bytes(data, layout, SIZE, method=name), expected, layout)
    path = tmp_path / "file"
    path.write_bytes(data)
    recipe = isopixel.Recipe(layout, SIZE, method=name)
    assert str(recipe).endswith(f" | {name} 20,24")
    assert recipe.method == name
    same = isopixel.Recipe.parse(f"  isopixel 1:{layout}|{name}  20,24\n")
    assert same == recipe and same.line == recipe.line and pickle.loads(pickle.dumps(recipe)) == recipe
    for block in (1, 100, 1 << 20):
        monkeypatch.setattr(_sources, "BLOCK", block)
        assert_same(isopixel.from_file(path, layout, SIZE, method=name), expected, layout)
    assert_same(recipe(path), expected, layout)
    assert_same(same(data), expected, layout)
    image, source = recipe.read(path)
    assert_same(image, expected, layout)
    for saved in (tmp_path / "saved.png", tmp_path / "saved.npy"):
        isopixel.save(saved, image, recipe=recipe, source=source)
        again, manifest = isopixel.load(saved), isopixel.read_manifest(saved)
        assert_same(again, expected, layout)
        assert manifest.recipe == str(recipe)


@pytest.mark.parametrize("name", ["pillow-13-bilinear", "opencv-3.4-linear", "torch-2.3-bilinear"])
def test_the_program(name, tmp_path):
    """One file, many, a recipe, a picture, a golden file."""
    (tmp_path / "files").mkdir()
    for i in range(3):
        (tmp_path / "files" / f"{i}").write_bytes(noise(5_000 + i).tobytes())
    first = tmp_path / "files" / "0"
    recipe = isopixel.Recipe("nataraj", SIZE, method=name)
    expected = recipe(first)
    output = tmp_path / "one.png"
    result = run("bytes", first, "--method", name, "--size", "20,24", "-o", output)
    assert result.returncode == 0, result.stderr
    assert_same(isopixel.load(output), expected, name)
    assert str(recipe) in run("show", output).stdout
    assert run("bytes", tmp_path / "files", "-o", tmp_path / "many", "--recipe", recipe).returncode == 0
    assert_same(isopixel.load(tmp_path / "many" / "0.png"), expected, name)
    by_options = run("bytes", tmp_path / "files", "-o", tmp_path / "more", "--method", name, "--size", "20,24")
    assert by_options.returncode == 0
    for i in range(3):
        assert (tmp_path / "more" / f"{i}.png").read_bytes() == (tmp_path / "many" / f"{i}.png").read_bytes()
    picture = tmp_path / "picture.npy"
    np.save(picture, noise(30, 40, 3))
    assert run("resize", picture, "--method", name, "--size", "20,24", "-o", tmp_path / "two.png").returncode == 0
    assert_same(isopixel.load(tmp_path / "two.png"), isopixel.resize(noise(30, 40, 3), SIZE, method=name), name)
    golden = tmp_path / "golden.json"
    assert run("golden", "record", first, "--recipe", recipe, "-o", golden).returncode == 0
    assert json.loads(golden.read_text())["files"][0]["fingerprint"] == isopixel.fingerprint(expected)
    assert run("golden", "check", golden).returncode == 0


def test_the_program_refuses(tmp_path):
    picture = tmp_path / "picture.npy"
    np.save(picture, noise(30, 40, 3))
    output = tmp_path / "out.png"
    alpha = ("--method", "pillow-13-bilinear-alpha")
    for arguments, words in [
        (("bytes", picture, *alpha, "--size", "3,3", "-o", output), "covers 2 or 4 channels"),
        (("bytes", picture, *alpha, "-o", output), "'pillow-13-bilinear-alpha' needs a size"),
        (
            ("bytes", picture, *alpha, "--recipe", "isopixel 1: line", "-o", output),
            "leave out --layout, --size and --method",
        ),
        (("resize", picture, *alpha, "--size", "3,3", "-o", output), "covers 2 or 4 channels"),
        (("resize", picture, "--method", "cubic", "--size", "3,3", "-o", output), "unknown method 'cubic'"),
    ]:
        result = run(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert words in result.stderr
    assert not output.exists()

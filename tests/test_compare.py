# SPDX-License-Identifier: MIT
"""The figure of several methods, and the command that makes it."""

import numpy as np
import pytest
from PIL import Image, ImageFont

import isopixel
from isopixel._difference import SCALE, difference, difference_picture
from isopixel._figure import figure
from isopixel._methods import kind_of_filter
from isopixel._page import PAPER
from tests import program

NAMES = [method.name for method in isopixel.methods()]


def run(*arguments):
    return program.run("compare", *arguments)


def places_of(picture, page):
    """Where a picture is to be found on a page, as (y, x)."""
    height, width = picture.shape[:2]
    data, row, found = page.tobytes(), picture[0].tobytes(), []
    at = data.find(row)
    while at >= 0:
        y, x = divmod(at // 3, page.shape[1])
        if np.array_equal(page[y : y + height, x : x + width], picture):
            found.append((y, x))
        at = data.find(row, at + 1)
    return found


def rgb(image):
    return image if image.ndim == 3 else image[:, :, None].repeat(3, axis=2)


@pytest.mark.parametrize("size", [(8, 8), (100, 40), (224, 224), (300, 16), (3, 500), (600, 600)])
@pytest.mark.parametrize("count", [1, 2, 3, 6, 8])
def test_all_is_on_the_page(size, count):
    """Each result and each difference once, in order, and nothing that is cut off at the edges."""
    shape = (*size, 3) if count % 2 else size
    rng = np.random.default_rng(count)
    names = [name for name in NAMES if not name.endswith("-alpha")][:count]
    results = {name: rng.integers(0, 256, shape, np.uint8) for name in names}
    page = figure("a title " * 20, results)
    scale = max(1, 256 // max(size))
    above = []
    for name, image in results.items():
        (place,) = places_of(rgb(image).repeat(scale, axis=0).repeat(scale, axis=1), page)
        above.append(place)
        if name != names[0]:
            differences = difference_picture(results[names[0]], image)
            ((y, x),) = places_of(differences.repeat(scale, axis=0).repeat(scale, axis=1), page)
            assert x == place[1] and y > place[0] + scale * size[0]
    assert above == sorted(above)
    for edge in (page[:14], page[-14:], page[:, :14], page[:, -14:]):
        assert (edge == PAPER).all()
    assert page.shape[1] <= max(1900, 4 * (size[1] + 60))


def test_captions():
    """What is written decides the page: the name and the numbers."""
    a = np.zeros((20, 30), np.uint8)
    b = a.copy()
    b[0, 0] = 2
    blank = figure("", {"": a, " ": b})
    named = figure("", {"": a, "pillow": b})
    assert blank.shape == named.shape and np.any(blank != named)
    assert np.any(figure("", {"": a, " ": b + 3})[-60:] != blank[-60:])
    c = b.copy()
    c[0, 1] = 2
    assert np.any(figure("", {"": a, " ": c})[-60:] != blank[-60:])  # the share and the mean


def test_the_scale_is_one_for_all_panels():
    """A panel with small differences is darker than one with large ones, and each colour has its line in the legend."""
    a = np.zeros((300, 200), np.uint8)
    page = figure("", {"first": a, "second": a + 1, "third": a + 150})
    panels = [difference_picture(a, a + d) for d in (1, 150)]
    for panel in panels:
        assert len(places_of(panel, page)) == 1
    assert panels[0].max() < panels[1].min()
    for step in SCALE:
        assert (page == step.colour).all(-1).sum() > 40, step
    alone = figure("", {"first": a + 9})
    assert not any((alone == step.colour).all(-1).any() for step in SCALE[1:])


def test_alpha_is_shown_on_a_board():
    image = np.zeros((300, 300, 4), np.uint8)
    image[..., 3] = 255
    image[:, 100:, 3] = 0
    page = figure("", {"bilinear": image})
    assert places_of(np.zeros((300, 100, 3), np.uint8), page)
    board = {204: 0, 255: 0}
    (y, x) = places_of(np.zeros((300, 100, 3), np.uint8), page)[0]
    values, counts = np.unique(page[y : y + 300, x + 100 : x + 300], return_counts=True)
    assert set(values.tolist()) == set(board) and abs(int(counts[0]) - int(counts[1])) < 10_000
    assert np.array_equal(figure("", {"bilinear": image[..., 2:]}), page)


def test_an_old_pillow(monkeypatch):
    monkeypatch.setattr(ImageFont, "load_default", lambda: None)
    with pytest.raises(ValueError, match=r"Pillow 10\.1 or newer"):
        figure("", {"bilinear": np.zeros((3, 3), np.uint8)})


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_program(channels, tmp_path):
    image = np.random.default_rng(1).integers(0, 256, (40, 50, channels), np.uint8).squeeze()
    np.save(tmp_path / "in.npy", image)
    result = run(tmp_path / "in.npy", "--size", "30,280", "-o", tmp_path / "out.png")
    assert (result.returncode, result.stderr) == (0, "")
    names = [m.name for m in isopixel.methods() if m.covers(channels) and kind_of_filter(m) == "bilinear"]
    names = [name for name in names if channels != 4 or f"{name}-alpha" not in names]
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines] == names
    first = isopixel.resize(image, (30, 280))
    for name, line in zip(names[1:], lines[1:], strict=True):
        found = difference(first, isopixel.resize(image, (30, 280), method=name))
        words = f"{100 * found.share:.3g} % differ, max {found.maximum:g}, mean {found.mean:.3g}"
        assert line.endswith(f"  {words}")
    page = np.asarray(Image.open(tmp_path / "out.png"))
    if channels in (1, 3):
        assert len(places_of(rgb(first), page)) == 1


@pytest.mark.parametrize("kind", ["nearest", "bicubic", "area"])
def test_a_kind_of_filter(kind, tmp_path):
    """The first method of the kind is isopixel's own, with which the others are compared."""
    np.save(tmp_path / "in.npy", np.random.default_rng(1).integers(0, 256, (9, 9, 3), np.uint8))
    result = run(tmp_path / "in.npy", "--size", "6,6", "--filter", kind, "-o", tmp_path / "out.png")
    assert (result.returncode, result.stderr) == (0, "")
    names = [m.name for m in isopixel.methods() if m.covers(3) and kind_of_filter(m) == kind]
    assert [line.split()[0] for line in result.stdout.splitlines()] == names
    assert names[0] == kind and any(name.startswith("opencv") for name in names)


def test_bytes(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(np.random.default_rng(1).integers(0, 256, 80_000, np.uint8).tobytes())
    names = ["pillow-4-bilinear", "bilinear"]
    options = [word for name in names for word in ("--method", name)]
    result = run(path, "--bytes", "nataraj", "--size", "256,256", *options, "-o", tmp_path / "out.png")
    assert (result.returncode, result.stderr) == (0, "")
    assert [line.split()[0] for line in result.stdout.splitlines()] == names
    page = np.asarray(Image.open(tmp_path / "out.png"))
    for name in names:
        assert len(places_of(rgb(isopixel.from_file(path, "nataraj", (256, 256), method=name)), page)) == 1


def test_a_method_twice(tmp_path):
    """It is one method, and the first stays the one that the others are compared with."""
    np.save(tmp_path / "in.npy", np.random.default_rng(1).integers(0, 256, (9, 9), np.uint8))
    options = [word for name in ("bilinear", "pillow-4-bilinear", "bilinear") for word in ("--method", name)]
    result = run(tmp_path / "in.npy", "--size", "6,6", *options, "-o", tmp_path / "out.png")
    assert (result.returncode, result.stderr) == (0, "")
    first, second = result.stdout.splitlines()
    assert first.split(maxsplit=1) == ["bilinear", "the others are compared with this one"]
    assert second.split()[0] == "pillow-4-bilinear"


def test_refused(tmp_path):
    image = tmp_path / "in.npy"
    np.save(image, np.zeros((4, 4, 3), np.uint8))
    np.save(tmp_path / "float.npy", np.zeros((4, 4), np.float32))
    np.save(tmp_path / "batch.npy", np.zeros((2, 4, 4, 3), np.uint8))
    output = tmp_path / "out.png"
    for arguments, words in [
        ((image, "-o", output), "--size"),
        ((image, "--size", "3,3"), "--output"),
        ((image, "--size", "3,3", "-o", tmp_path / "out.npy"), "figures are PNG"),
        ((image, "--size", "3,3", "--method", "cubic", "-o", output), "unknown method 'cubic'"),
        ((image, "--size", "3,3", "--method", "pillow-4-bilinear-alpha", "-o", output), "covers 2 or 4 channels"),
        ((image, "--size", "3,3", "--bytes", "round", "-o", output), "unknown layout 'round'"),
        ((image, "--size", "3,3", "--filter", "cubic", "-o", output), "'cubic' is not one of 'bilinear', 'nearest'"),
        ((image, "--size", "3,3", "--filter", "area", "--method", "area", "-o", output), "use one of the two"),
        ((tmp_path / "float.npy", "--size", "3,3", "-o", output), "is not a uint8 image"),
        ((tmp_path / "batch.npy", "--size", "3,3", "-o", output), "is not a uint8 image"),
        ((tmp_path / "missing.png", "--size", "3,3", "-o", output), "No such file"),
    ]:
        result = run(*arguments)
        assert (result.returncode, result.stdout) == (2, ""), arguments
        assert words in result.stderr
    assert not output.exists()

# SPDX-License-Identifier: MIT
"""What a mismatch costs on pictures: the ways that apply to a recipe of images, and what each makes."""

import json

import numpy as np
import pytest

import isopixel
from isopixel._skew import ways_of
from tests.program import assert_refused, run
from tests.skew_models import working_folder
from tests.support import assert_same
from tests.test_pictures import exif
from tests.test_read_picture import PIXELS, encoded

END = "crop 15,14 | normalize mean=0.5 std=0.25"
LINE = f"isopixel 1: image rgb orientation=apply | pillow-13-bilinear short=17 | {END}"
KIN = [
    "bilinear",
    "bilinear-two-tap",
    "pillow-4-bilinear",
    "pillow-12.2-bilinear",
    "opencv-3.4-linear",
    "opencv-3.4-linear-exact",
    "torch-2.0-bilinear-antialias",
    "torch-2.3-bilinear",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    yield from working_folder(tmp_path, monkeypatch)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(PIXELS[..., :3], "JPEG", exif=b"Exif\0\0" + exif(6)))
    return path


def test_the_bytes_of_pictures(folder, photo):
    """An option that would do nothing is refused."""
    refused = run("skew", "sums:scores", photo, "--recipe", LINE, "--bytes")
    what = f"the recipe '{isopixel.Recipe.parse(LINE)}' is of images: leave --bytes out, or use a recipe with a layout"
    assert_refused(refused, f"--bytes takes the bytes of pictures, and {what}, such as 'isopixel 1: nataraj | bil")


def names(line):
    return [way.name for way in ways_of(isopixel.Recipe.parse(line))]


def test_the_ways_by_default():
    """Those that apply to the recipe, and no others."""
    things = ["channels-reversed", "orientation-ignore", "crop-even", "squashed"]
    assert names(LINE) == [*things, *KIN, "jpeg-75"]
    assert names("isopixel 1: image rgb") == ["channels-reversed", "jpeg-75"]
    assert names("isopixel 1: image bgr orientation=ignore | crop 8,8 round=even") == [
        "channels-reversed",
        "orientation-apply",
        "crop-down",
        "jpeg-75",
    ]
    gray = "isopixel 1: image gray orientation=apply luma=opencv-4 | nearest short=9"
    assert names(gray) == [
        "luma-pillow-7",
        "luma-opencv-3.4",
        *("pillow-4-nearest", "opencv-3.4-nearest", "torch-2.0-nearest"),
        "jpeg-75",
    ]
    letterbox = "isopixel 1: image rgba | pillow-4-bilinear-alpha fit=9,9 | pad 9,9 value=114"
    assert names(letterbox)[:3] == ["squashed", "bilinear", "bilinear-two-tap"]
    assert "pillow-13-bilinear-alpha" in names(letterbox) and "pillow-13-bilinear" not in names(letterbox)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("orientation-ignore", "image rgb orientation=ignore | pillow-13-bilinear short=17 | crop 15,14"),
        ("crop-even", "image rgb orientation=apply | pillow-13-bilinear short=17 | crop 15,14 round=even"),
        ("squashed", "image rgb orientation=apply | pillow-13-bilinear 15,14"),
        ("area", "image rgb orientation=apply | area short=17 | crop 15,14"),
        ("opencv-3.4-linear", "image rgb orientation=apply | opencv-3.4-linear short=17 | crop 15,14"),
    ],
)
def test_what_a_way_makes(name, line, photo):
    """One thing is different, and the rest is the recipe's; of the image before it is normalised."""
    (way,) = ways_of(isopixel.Recipe.parse(LINE), [name])
    assert_same(way.make(photo), isopixel.Recipe.parse(f"isopixel 1: {line}")(photo), name)
    assert way.name == name and way.how


def test_reversed_channels(photo):
    recipe = isopixel.Recipe.parse(LINE)
    (way,) = ways_of(recipe, ["channels-reversed"])
    assert_same(way.make(photo), recipe.without_normalization()(photo)[..., ::-1], "reversed")
    assert way.make(photo).flags.c_contiguous


def test_several_resizes_and_crops(photo):
    line = "isopixel 1: image rgb orientation=apply | area short=30 | crop 27,26 | {} fit=9,99 | pad 15,15 | crop {}"
    recipe = isopixel.Recipe.parse(line.format("bicubic", "6,5 round=even"))
    made = {way.name: way.make(photo) for way in ways_of(recipe)}
    crops = line.format("bicubic", "6,5").replace("27,26", "27,26 round=even"), line.format("bicubic", "6,5")
    assert_same(made["crop-down"], isopixel.Recipe.parse(crops[1])(photo), "down")
    even = isopixel.Recipe.parse(crops[0].replace("6,5", "6,5 round=even"))
    assert_same(made["crop-even"], even(photo), "even")
    squashed = (
        "isopixel 1: image rgb orientation=apply | area 27,26 | bicubic fit=9,99 | pad 15,15 | crop 6,5 round=even"
    )
    assert_same(made["squashed"], isopixel.Recipe.parse(squashed)(photo), "squashed")


def test_the_command(folder, photo):
    """As it is used: a data set of two classes, and a model that sees the channels."""
    for name in ("a", "b"):
        (folder / "data" / name).mkdir(parents=True)
        for i in range(3):
            pixels = PIXELS[..., :3] // 2 + np.array([i + 9, 60, 100 * (name == "a")], np.uint8)
            (folder / "data" / name / f"{i}.png").write_bytes(encoded(pixels, "PNG"))
    (folder / "user_colours.py").write_text(
        "import torch\n\n\ndef scores(x):\n    return torch.stack([x[:, 2].mean(), x[:, 0].mean()])[None]\n"
    )
    report = folder / "report.html"
    result = run("skew", "user_colours:scores", folder / "data", "--recipe", LINE, "--json", "-o", report)
    assert (result.returncode, result.stderr) == (1, "")
    record = json.loads(result.stdout)
    assert [way["name"] for way in record["against"]] == names(LINE)
    flips = {way["name"]: way["flips"] for way in record["against"]}
    assert flips["channels-reversed"] == 6 and flips["orientation-ignore"] == flips["bilinear"] == 0
    assert "channels-reversed" in report.read_text(encoding="utf-8")
    (folder / "data" / "a" / "x.exe").write_bytes(b"MZ\x90\0")
    one = run("skew", "user_colours:scores", folder / "data", "--recipe", LINE, "--against", "squashed")
    assert one.returncode == 1 and f"{folder}/data/a/x.exe: it begins with 4d 5a 90 00, and" in one.stderr


def test_refused(photo):
    for name, line in {
        "crop-down": LINE,
        "orientation-apply": LINE,
        "luma-opencv-4": LINE,
        "torch-float32": LINE,
        "pillow-13-bilinear": LINE,
        "squashed": "isopixel 1: image rgb | bilinear 8,8",
        "bilinear": "isopixel 1: image rgb | crop 8,8",
        "pillow-4-bilinear": "isopixel 1: image rgba | bilinear 8,8",
        "jpeg-101": LINE,
    }.items():
        refused = run("skew", "m:f", photo, "--recipe", line, "--against", name)
        assert_refused(refused, f"there is no way '{name}' for this recipe")
    rgba = "isopixel 1: image rgba | bilinear 8,8"
    assert_refused(run("skew", "m:f", photo, "--recipe", rgba, "--against", "jpeg-75"), "JPEG has no alpha")

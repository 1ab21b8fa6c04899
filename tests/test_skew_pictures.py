# SPDX-License-Identifier: MIT
"""What a mismatch costs on pictures: the ways that apply to a recipe of images, and what each makes."""

import io
import json
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

import isopixel
from isopixel._difference import SCALE, difference_picture
from isopixel._skew import missing_ways, ways_of
from tests.html_page import Page
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
    "torch-float32",
    "torch-float32-antialias",
]
# Those of decoders are not measured where the package is missing, and then the command says so.
DECODERS = [
    name for name in ("decoder-tensorflow", "decoder-fast") if name not in missing_ways(isopixel.Recipe.parse(LINE))
]
SAVED = ["jpeg-95", "jpeg-75"]


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
    assert names(LINE) == [*things, *KIN, *DECODERS, *SAVED]
    assert names("isopixel 1: image rgb") == ["channels-reversed", *DECODERS, *SAVED]
    assert names("isopixel 1: image bgr orientation=ignore | crop 8,8 round=even") == [
        "channels-reversed",
        "orientation-apply",
        "crop-down",
        *DECODERS,
        *SAVED,
    ]
    gray = "isopixel 1: image gray orientation=apply luma=opencv-4 | nearest short=9"
    assert names(gray) == [
        "luma-pillow-7",
        "luma-opencv-3.4",
        *("pillow-4-nearest", "opencv-3.4-nearest", "torch-2.0-nearest"),
        *DECODERS,
        *SAVED,
    ]
    letterbox = "isopixel 1: image rgba | pillow-4-bilinear-alpha fit=9,9 | pad 9,9 value=114"
    assert names(letterbox)[:3] == ["squashed", "bilinear", "bilinear-two-tap"]
    assert not {*SAVED} & {*names(letterbox)}
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


def noisy(height, width):
    """A picture that JPEG changes much, and decoders decode differently."""
    y, x = np.mgrid[0:height, 0:width]
    smooth = np.stack([128 + 90 * np.sin(x / 5 + y / 9 + k) for k in range(3)], -1)
    return (smooth + np.random.default_rng(1).integers(-30, 31, smooth.shape)).clip(0, 255).astype(np.uint8)


def turned(samples):
    """What the recipe makes of these samples, stored for a viewer that turns them."""
    return isopixel.Recipe.parse(LINE).without_normalization()(np.rot90(samples, -1))


@pytest.mark.parametrize("name", ["decoder-tensorflow", "decoder-fast"])
@pytest.mark.parametrize("quality", [60, 95])
def test_another_decoder(name, quality, tmp_path):
    """The samples of the library, called as its users call it, and then the recipe's steps; PNG is as ever."""
    simplejpeg = pytest.importorskip("simplejpeg")
    content = encoded(noisy(41, 57), "JPEG", quality=quality, exif=b"Exif\0\0" + exif(6))
    samples = simplejpeg.decode_jpeg(content, "RGB", fastdct=True, fastupsample=name == "decoder-fast")
    recipe = isopixel.Recipe.parse(LINE)
    (way,) = ways_of(recipe, [name])
    path = tmp_path / "photo"
    path.write_bytes(content)
    assert_same(way.make(path), turned(samples), name)
    assert not np.array_equal(way.make(path), recipe.without_normalization()(path))
    assert f"simplejpeg {simplejpeg.__version__}" in way.how
    gray = encoded(noisy(41, 57)[..., 0], "JPEG")
    path.write_bytes(gray)
    samples = simplejpeg.decode_jpeg(gray, "GRAY", fastdct=True)
    assert_same(way.make(path), recipe.without_normalization()(np.repeat(samples, 3, axis=2)), "gray")
    path.write_bytes(encoded(noisy(41, 57), "PNG"))
    assert_same(way.make(path), recipe.without_normalization()(path), "PNG")


def test_two_decoders_by_one_package(tmp_path):
    """TensorFlow's interpolates colours, and the other one repeats them."""
    simplejpeg = pytest.importorskip("simplejpeg")
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(noisy(41, 57), "JPEG"))
    made = [way.make(path) for way in ways_of(isopixel.Recipe.parse("isopixel 1: image rgb"), DECODERS)]
    assert len(made) == 2 and not np.array_equal(*made)
    exact = simplejpeg.decode_jpeg(path.read_bytes(), "RGB")
    assert np.abs(made[0].astype(int) - exact).max() < 8 < np.abs(made[1].astype(int) - exact).max()


def tensorflow_with(decode_jpeg):
    """A TensorFlow that has this alone, and a specification, for which torch asks as it is imported."""
    module = ModuleType("tensorflow")
    module.__spec__ = ModuleSpec("tensorflow", None)
    module.__version__, module.io = "9", SimpleNamespace(decode_jpeg=decode_jpeg)
    return module


def test_tensorflow_where_it_is_installed_alone(monkeypatch, tmp_path):
    """Called as its users call it."""
    called = []

    def decode_jpeg(content, channels):
        called.append(content)
        return SimpleNamespace(numpy=lambda: np.full((21, 34, channels), 7, np.uint8))

    monkeypatch.setitem(sys.modules, "simplejpeg", None)
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow_with(decode_jpeg))
    recipe = isopixel.Recipe.parse("isopixel 1: image bgr")
    assert missing_ways(recipe) == {"decoder-fast": "simplejpeg"}
    (way,) = ways_of(recipe, ["decoder-tensorflow"])
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(PIXELS[..., :3], "JPEG"))
    assert (way.make(path) == 7).all() and called == [path.read_bytes()] and "by tensorflow 9" in way.how


def test_a_file_that_only_another_way_refuses(folder, monkeypatch, tmp_path):
    """It is left out, by the name of that way: of the recipe's picture nothing is wrong."""

    class RefusedError(Exception):
        """Of TensorFlow's own kind, which is none of Python's."""

    def decode_jpeg(content, channels):
        raise RefusedError("factors")

    monkeypatch.setitem(sys.modules, "simplejpeg", None)
    monkeypatch.setitem(sys.modules, "tensorflow", tensorflow_with(decode_jpeg))
    path, good = tmp_path / "photo.jpg", tmp_path / "good.png"
    path.write_bytes(encoded(noisy(41, 57), "JPEG", exif=b"Exif\0\0" + exif(6)))
    good.write_bytes(encoded(noisy(60, 60), "PNG"))
    line = "isopixel 1: image rgb orientation=apply | crop 50,40"
    for name, why in {
        "decoder-tensorflow": "its decoder refuses the file: factors",
        "orientation-ignore": "the image has 41 × 57 pixels (height × width), and the crop 50 × 40 does not lie in it",
    }.items():
        result = run("skew", "user_models:model", path, good, "--recipe", line, "--against", name)
        assert result.returncode == 1
        assert result.stderr.startswith(f"isopixel: {path}: {name}: {why}")


def test_without_a_decoder(folder, photo, monkeypatch):
    """One line in the text and in the report says what is not measured, and what to install; a name is refused."""
    for package in ("simplejpeg", "tensorflow"):
        monkeypatch.setitem(sys.modules, package, None)
    line = "decoder-tensorflow, decoder-fast: pip install simplejpeg"
    arguments = ["skew", "user_models:model", photo, "--recipe", "isopixel 1: image rgb orientation=apply | area 8,8"]
    text = run(*arguments, "-o", folder / "r.html").stdout
    assert f"not measured {line}\n" in text and "\ndecoder-" not in text
    assert line in Page((folder / "r.html").read_text("utf-8")).words
    missing = {"decoder-tensorflow": "simplejpeg", "decoder-fast": "simplejpeg"}
    assert json.loads(run(*arguments, "--json").stdout)["not_measured"] == missing
    named = run(*arguments, "--against", "decoder-fast")
    assert_refused(named, "'decoder-fast' needs simplejpeg: pip install simplejpeg")
    other = run(*arguments, "--against", "area-of-nothing")
    assert_refused(other, "there is no way 'area-of-nothing'")
    assert "not measured" not in run(*arguments, "--against", "jpeg-95").stdout
    assert missing_ways(isopixel.Recipe.parse("isopixel 1: line | area 8,8")) == {}


@pytest.mark.parametrize("quality", [75, 95, 20])
@pytest.mark.parametrize("mode", ["rgb", "bgr"])
def test_a_picture_that_was_saved_again(quality, mode, tmp_path):
    """At its full size, in its own colours, and with its orientation."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(noisy(41, 57), "JPEG", exif=b"Exif\0\0" + exif(6)))
    recipe = isopixel.Recipe.parse(LINE.replace("rgb", mode))
    (way,) = ways_of(recipe, [f"jpeg-{quality}"])
    again = np.asarray(Image.open(io.BytesIO(encoded(np.asarray(Image.open(path)), "JPEG", quality=quality))))
    assert_same(way.make(path), turned(again)[..., :: 1 if mode == "rgb" else -1], mode)
    assert not np.array_equal(way.make(path), recipe.without_normalization()(path))
    assert f"quality {quality}" in way.how


def test_gray_and_alpha_saved_again(tmp_path):
    path = tmp_path / "photo.png"
    for pixels in (PIXELS[..., 0], PIXELS[..., :2], PIXELS):
        path.write_bytes(encoded(pixels, "PNG"))
        colours = {2: pixels, 3: pixels[..., : 3 if pixels.shape[-1] == 4 else 1].squeeze()}[pixels.ndim]
        again = np.asarray(Image.open(io.BytesIO(encoded(colours, "JPEG", quality=75))).convert("RGB"))
        (way,) = ways_of(isopixel.Recipe.parse("isopixel 1: image rgb alpha=drop"), ["jpeg-75"])
        assert_same(way.make(path), again, pixels.shape)


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("is_rounded", [False, True])
def test_floats(antialias, is_rounded, photo):
    """As torch does it to tensors of floats: without rounding between the steps, nor before the normalisation."""
    line = (
        "isopixel 1: image rgb orientation=apply | bicubic short=17 | pad 32,30 value=1,2,3 | {} fit=20,20 | crop 15,14"
    )
    line = line.format("pillow-13-bilinear") + (" | normalize mean=0.5 std=0.25" if not is_rounded else "")
    name = "torch-float32-antialias" if antialias else "torch-float32"
    (way,) = ways_of(isopixel.Recipe.parse(line), [name])
    upright = cv2.cvtColor(cv2.imread(str(photo)), cv2.COLOR_BGR2RGB)
    x = torch.from_numpy(upright).permute(2, 0, 1)[None].float()
    interpolate = torch.nn.functional.interpolate
    x = interpolate(x, (27, 17), mode="bicubic", antialias=antialias)
    border = torch.tensor([1.0, 2.0, 3.0])[None, :, None, None].expand(1, 3, 32, 30).clone()
    border[..., 2:29, 6:23] = x
    x = interpolate(border, (20, 19), mode="bilinear", antialias=antialias)[..., 2:17, 2:16]
    expected = x[0].permute(1, 2, 0).numpy()
    if is_rounded:
        expected = np.rint(expected).clip(0, 255).astype(np.uint8)
    made = way.make(photo)
    assert made.dtype == expected.dtype and np.array_equal(made, expected)
    assert ("not rounded" in way.how) != is_rounded and "bicubic and bilinear" in way.how


def test_floats_of_gray(photo):
    (way,) = ways_of(
        isopixel.Recipe.parse("isopixel 1: image gray orientation=apply luma=pillow-7 | area 7,8"), ["torch-float32"]
    )
    assert way.make(photo).shape == (7, 8)


def test_pictures_of_bgr_have_their_colours(folder, photo):
    """The report shows what people see, and the differences of what the model gets."""
    line = "isopixel 1: image bgr orientation=apply | bilinear 8,8"
    result = run("skew", "user_models:model", photo, "--recipe", line, "--against", "area", "-o", folder / "r.html")
    assert result.returncode in (0, 1)
    seen, differences = Page((folder / "r.html").read_text(encoding="utf-8")).pictures
    image, other = (isopixel.Recipe.parse(line.replace("bilinear", m))(photo) for m in ("bilinear", "area"))
    assert_same(seen, image[..., ::-1], "colours")
    assert_same(differences, difference_picture(image, other), "differences")


def test_a_report_of_floats(folder, photo):
    """Differences below 1 are seen, and told."""
    report = folder / "r.html"
    (folder / "user_sums.py").write_text(
        "import torch\n\n\ndef scores(x):\n    total = x.sum()\n    return torch.stack([total, -total])[None]\n"
    )
    way = "torch-float32-antialias"
    result = run("skew", "user_sums:scores", photo, "--recipe", LINE, "--against", way, "-o", report)
    assert result.returncode in (0, 1), result
    page = Page(report.read_text(encoding="utf-8"))
    assert len(page.pictures) == 2 and page.pictures[1].any(-1).mean() > 0.9
    assert {tuple(colour) for colour in page.pictures[1].reshape(-1, 3)} <= {SCALE[0].colour, SCALE[1].colour}
    assert any("% differ, max" in words for words in page.words)


def test_how_many_are_jpeg(folder, photo):
    """Ways of decoders change no other files, and the number tells of how many they can."""
    (folder / "b.png").write_bytes(encoded(PIXELS[..., :3], "PNG"))
    arguments = ["skew", "user_models:model", photo, folder / "b.png", "--recipe", LINE.partition(" | normalize")[0]]
    assert "\nfiles        2 (1 JPEG)\n" in run(*arguments).stdout
    assert json.loads(run(*arguments, "--json").stdout)["jpeg_files"] == 1


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
        "torch-float32": "isopixel 1: image rgb | crop 8,8",
        "decoder-slow": LINE,
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

# SPDX-License-Identifier: MIT
"""isopixel.read_picture: the picture of a file, or of bytes, in each mode (R-50, R-51)."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

import isopixel
from tests.support import assert_same
from tests.test_pictures import exif

PIXELS = np.random.default_rng(5).integers(0, 256, (21, 34, 4), np.uint8)


def encoded(pixels, kind, **options):
    """The bytes of a picture."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format=kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "BMP"])
def test_a_picture(kind, tmp_path):
    """As Pillow and OpenCV read it: from a path, as a text or not, and from bytes of each type."""
    content = encoded(PIXELS[..., :3], kind)
    path = tmp_path / "a photo, without a suffix"
    path.write_bytes(content)
    rgb = np.asarray(Image.open(path).convert("RGB"))
    for source in (path, str(path), content, bytearray(content), memoryview(content)):
        assert_same(isopixel.read_picture(source), rgb, source)
    assert_same(isopixel.read_picture(path, "bgr"), cv2.imread(str(path)), kind)
    gray = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    assert_same(isopixel.read_picture(path, "gray", luma="opencv-4"), gray, kind)
    opaque = np.dstack([rgb, np.full((21, 34), 255, np.uint8)])
    assert_same(isopixel.read_picture(path, "rgba"), opaque, kind)


def test_alpha():
    content = encoded(PIXELS, "PNG")
    assert_same(isopixel.read_picture(content, "rgba"), PIXELS, "rgba")
    assert_same(isopixel.read_picture(content, alpha="drop"), PIXELS[..., :3], "drop")
    with pytest.raises(ValueError, match="the picture: it has transparency"):
        isopixel.read_picture(content)


def test_orientation(tmp_path):
    for orientation in range(2, 9):
        path = tmp_path / f"{orientation}.jpg"
        path.write_bytes(encoded(PIXELS[..., :3], "JPEG", exif=b"Exif\0\0" + exif(orientation)))
        with Image.open(path) as picture:
            upright, stored = np.asarray(ImageOps.exif_transpose(picture)), np.asarray(picture)
        assert_same(isopixel.read_picture(path, orientation="apply"), upright, orientation)
        assert_same(isopixel.read_picture(path, orientation="ignore"), stored, orientation)
        with pytest.raises(ValueError, match=rf"{orientation}.jpg': its EXIF orientation is {orientation}"):
            isopixel.read_picture(path)


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (["hsv"], {}, "hsv"),
        ([None], {}, "mode is one word"),
        (["rgb orientation=apply"], {}, "mode is one word"),
        (["rgb | crop 2,2"], {}, "mode is one word"),
        (["rgb"], {"orientation": True}, "orientation is one word"),
        (["rgb"], {"orientation": "upright"}, "upright"),
        (["rgb"], {"alpha": "drop | crop 2,2"}, "alpha is one word"),
        (["rgba"], {"alpha": "drop"}, "alpha"),
        (["rgb"], {"luma": "opencv-4"}, "luma"),
        (["gray"], {}, "luma"),
    ],
)
def test_refused_arguments(arguments, options, words):
    with pytest.raises(ValueError, match=words):
        isopixel.read_picture(encoded(PIXELS[..., :3], "PNG"), *arguments, **options)


def test_refused_sources(tmp_path):
    for source in (PIXELS, 3, None, [1, 2]):
        with pytest.raises(TypeError, match=f"or its bytes, not {type(source).__name__}"):
            isopixel.read_picture(source)
    with pytest.raises(FileNotFoundError):
        isopixel.read_picture(tmp_path / "missing.jpg")
    begins = "begins with 4d 5a 90 00, and a recipe of images reads JPEG, PNG and BMP"
    for content, words in {b"": "is empty$", b"MZ\x90\0": begins}.items():
        (tmp_path / "a.jpg").write_bytes(content)
        with pytest.raises(ValueError, match=f"a.jpg': it {words}"):
            isopixel.read_picture(tmp_path / "a.jpg")

# SPDX-License-Identifier: MIT
"""What is said of lines and images that recipes of images refuse (R-16, R-50 to R-56)."""

import re

import numpy as np
import pytest

from isopixel import Recipe, _core

SIXTEEN = " | crop square" * 16


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "image",
            "after image a recipe has the mode of the images, such as 'image rgb', not ''; known: rgb, bgr, gray",
        ),
        ("image rgba8", "'image rgb', not 'rgba8'; did you mean 'rgba'"),
        ("image rgb luma=pillow-7", "image rgb has no option 'luma'; known: orientation, alpha"),
        ("image rgba alpha=drop", "image rgba has no option 'alpha'"),
        ("image gray luma=pillow", "option luma of image gray cannot be 'pillow'; did you mean 'pillow-7'"),
        ("image rgb alpha", "option alpha of image rgb has no value: write alpha=..."),
        ("image rgb alpha=drop alpha=drop", "alpha is given twice in 'image rgb alpha=drop alpha=drop'"),
        ("image rgb | ", "a step of the recipe is empty: leave out its |"),
        ("image rgb |  | crop 1,1", "a step of the recipe is empty: leave out its |"),
        (f"image rgb{SIXTEEN} | crop 2,2", "a recipe has at most 16 steps beside normalize"),
        ("image rgb | bilinear 3", "a recipe's size is H,W, such as 224,224, each from 1 to 2147483647, not '3'"),
        ("image rgb | crop 1,2147483648", "from 1 to 2147483647, not '1,2147483648'"),
        ("image rgb | bilinear fit=3", "a recipe's size is H,W, such as 224,224, each from 1 to 2147483647, not '3'"),
        (
            "image rgb | bilinear short=0",
            "short= is the shorter side, such as short=256, from 1 to 2147483647, not 'short=0'",
        ),
        ("image rgb | bilinear shrot=3", "a size is H,W, short=S or fit=H,W, not 'shrot=3'; did you mean 'short='?"),
        ("image rgb | bilinear 3,4 round=down", "'bilinear 3,4' has no option 'round'; it has none"),
        ("image rgb | bilinear short=3 short=4", "'bilinear short=3' has no option 'short'; it has none"),
        ("image rgb | bilinear fit=3,4 round=up", "option round of 'bilinear fit=3,4' cannot be 'up'"),
        ("image rgb | crop", "crop has a size behind it, H,W or square, such as 'crop 224,224'"),
        ("image rgb | pad", "pad has a size behind it, H,W or square, such as 'pad 224,224'"),
        ("image rgb | crop 3,4 round=up", "option round of crop cannot be 'up'"),
        ("image rgb | crop 3,4 at=corner", "crop has no option 'at'"),
        ("image rgb | pad 3,4 value=256", "a value of pad is a whole number from 0 to 255, not '256'"),
        ("image rgb | pad 3,4 value=1,2,", "a value of pad is a whole number from 0 to 255, not ''"),
        ("image rgb | pad 3,4 value=", "option value of pad cannot be ''"),
        (
            "image rgb | pad 3,4 value=1,2",
            "pad has 2 values, and the image 3 channels: give one for all, or one for each",
        ),
        ("image gray | pad 3,4 value=1,2", "pad has 2 values, and the image 1 channel: give one"),
        (
            "image rgba | pillow-7-box 3,4",
            "the fourth channel of rgba is alpha, by which Pillow multiplies: the method is 'pillow-7-box-alpha'",
        ),
        (
            "image rgb | normalize mean=0 std=1 rounding=fused range=255",
            "rounding=fused is of samples from 0 to 1: it does not go with range=255",
        ),
        (
            "image rgb | normalize mean=0 std=1 rounding=reciprocal range=255",
            "rounding=reciprocal is of samples from 0 to 1: it does not go with range=255",
        ),
        ("image rgb | normalize mean= std=1", "option mean of normalize cannot be ''"),
        ("image rgb | normalize mean=0 std=1 range=1.0", "option range of normalize cannot be '1.0'"),
        *(
            (f"nataraj | {steps}{step}", f"has no other step than normalize: '{step}' is for images, as in 'image rgb'")
            for steps in ("", "bilinear 3,4 | ")
            for step in ("crop 3,4", "pad square", "bilinear short=3", "bilinear fit=3,4")
        ),
        ("nataraj | area 3,4 | area 3,5", "a layout's image is resized to H,W at most once"),
    ],
)
def test_lines(line, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Recipe.parse(f"isopixel 1: {line}")


def test_no_colon():
    with pytest.raises(ValueError, match=re.escape("a recipe begins with 'isopixel 1:'; the colon is missing")):
        Recipe.parse("isopixel 1")


PIXELS = np.zeros((2, 3, 3), np.uint8)


@pytest.mark.parametrize(
    ("line", "image", "orientation", "message"),
    [
        ("image rgb", PIXELS, 9, "an orientation is from 1 to 8, or 0 if it is not known"),
        ("image rgb orientation=ignore", PIXELS, -2, "an orientation is from 1 to 8, or 0 if it is not known"),
        ("image rgb", PIXELS, -1, "its orientation is told in two ways, and programs turn it in different ways: turn "),
        ("image rgb orientation=apply", PIXELS, -1, "turn it upright and save it first; orientation=ignore takes it "),
        ("image rgb", PIXELS[..., [0] * 5], 1, "4 (these and alpha), not 5"),
        (
            "image rgb | torch-2.0-nearest 1,16777217",
            PIXELS,
            1,
            "the method 'torch-2.0-nearest' does not cover images of 3 channels, or sides this long",
        ),
    ],
)
def test_images(line, image, orientation, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        _core.OpenRecipe(f"isopixel 1: {line}").run(image, orientation, True, 1)

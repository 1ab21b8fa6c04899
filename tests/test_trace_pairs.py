# SPDX-License-Identifier: MIT
"""Pipelines with two faults that hide each other: both are named, the first one first, whichever side they are on."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from isopixel import step
from isopixel._trace.comparing.divergence import diff
from tests.planted import SIZE, normalized, opened, read, resized
from tests.traces import recorded

pytestmark = pytest.mark.usefixtures("planted_pictures")

BACKWARDS = [2, 1, 0]


def unconverted():
    """As OpenCV reads it, BGR."""
    return cv2.imread("photo.png")


def converted_twice():
    return cv2.cvtColor(read(), cv2.COLOR_RGB2BGR)


def picture(image):
    return Image.fromarray(np.ascontiguousarray(image))


def saved_by_opencv(image):
    """An image as users save it that they take for RGB: OpenCV takes BGR, and gives that."""
    _, data = cv2.imencode(".jpg", np.ascontiguousarray(image[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, 90])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]


def divided(image, by=255):
    return np.asarray(image).astype(np.float32) / np.float32(by)


def kept(image):
    return image


def staged(image, stages):
    """What stages make of an image, one after the other, each with a checkpoint behind it."""
    for number, stage in enumerate(stages):
        image = stage(image)
        step(f"stage {number}", image)


def upright():
    return ImageOps.exif_transpose(opened("exif2.jpg"))


def gray_then_resized(image):
    return resized(picture(image).convert("L"))


def resized_then_gray(image):
    return resized(picture(image)).convert("L")


PAIRS = {
    "reversed, and gray before the resize": (
        lambda: gray_then_resized(opened()),
        lambda: resized_then_gray(unconverted()),
        ["channel-order", "order"],
        {"pillow.decode", "opencv.imread"},
    ),
    "reversed, and another gray": (
        lambda: opened().convert("L"),
        lambda: cv2.cvtColor(unconverted(), cv2.COLOR_RGB2GRAY),
        ["channel-order", "gray-formula"],
        {"pillow.decode", "opencv.imread"},
    ),
    "converted twice, and saved": (
        lambda: step("input", read()),
        lambda: step("input", saved_by_opencv(converted_twice())),
        ["channel-order", "jpeg-reencode"],
        {"opencv.cvtColor"},
    ),
    "reversed, and saved before a scale": (
        lambda: step("input", divided(resized(opened()))),
        lambda: step("input", divided(saved_by_opencv(np.asarray(resized(picture(unconverted())))))),
        ["channel-order", "jpeg-reencode"],
        {"pillow.decode", "opencv.imread"},
    ),
    "turned upright and mirrored, and another scale": (
        lambda: step("input", divided(ImageOps.mirror(upright()))),
        lambda: step("input", divided(cv2.flip(np.asarray(opened("exif2.jpg")), 1), 256)),
        ["exif", "scale"],
        {"pillow.exif_transpose"},
    ),
    "read upright and mirrored, and another scale": (
        lambda: step("input", divided(ImageOps.mirror(opened("exif2.jpg")))),
        lambda: step("input", divided(cv2.flip(read("exif2.jpg"), 1), 256)),
        ["exif", "scale"],
        {"pillow.decode", "opencv.imread"},
    ),
    "flipped and mirrored, and another scale": (
        lambda: step("input", divided(ImageOps.mirror(opened()))),
        lambda: step("input", divided(ImageOps.mirror(picture(cv2.flip(read(), 1))), 256)),
        ["flip", "scale"],
        {"opencv.flip"},
    ),
    "flipped and mirrored by one call, told by their places, and another scale": (
        lambda: staged(opened(), (kept, ImageOps.mirror, divided)),
        lambda: staged(opened(), (ImageOps.mirror, ImageOps.mirror, lambda image: divided(image, 256))),
        ["flip", "scale"],
        {"pillow.mirror"},
    ),
    "turned upright, and flipped": (
        lambda: step("input", divided(ImageOps.exif_transpose(opened("exif3.jpg")))),
        lambda: step("input", divided(ImageOps.mirror(opened("exif3.jpg")))),
        ["exif", "flip"],
        {"pillow.exif_transpose"},
    ),
    "turned upright, and cropped elsewhere": (
        lambda: ImageOps.exif_transpose(opened("exif3.jpg")).crop((50, 43, 150, 107)),
        lambda: opened("exif3.jpg").crop((51, 43, 151, 107)),
        ["exif", "crop-offset"],
        {"pillow.exif_transpose"},
    ),
    "reversed again, as a checkpoint shows, and another scale": (
        lambda: staged(read(), (kept, divided)),
        lambda: staged(read(), (lambda image: image[..., ::-1], lambda image: divided(image, 256))),
        ["channel-order", "scale"],
        {"“stage 0”"},
    ),
    "flipped, and cropped before the resize": (
        lambda: resized(opened()).crop((4, 4, 60, 60)),
        lambda: resized(ImageOps.flip(opened()).crop((4, 4, 60, 60))),
        ["flip", "order"],
        {"pillow.flip"},
    ),
    "flipped where it is converted, and wrapped": (
        lambda: cv2.add(np.asarray(resized(picture(read()))), np.full((*SIZE, 3), 30, np.uint8)),
        lambda: step("input", np.asarray(resized(picture(unconverted()[:, ::-1, BACKWARDS]))) + np.uint8(30)),
        ["flip", "wrap"],
        {"untraced code"},
    ),
    "flipped, and wrapped in one expression with a scale": (
        lambda: step("input", divided(np.clip(unconverted()[..., ::-1] * 1.2, 0, 255).astype(np.uint8))),
        lambda: step("input", divided((np.asarray(ImageOps.flip(opened())) * 1.2).astype(int).astype(np.uint8))),
        ["flip", "wrap"],
        {"pillow.flip"},
    ),
    "gray of what is reversed, and another scale": (
        lambda: step("input", divided(cv2.cvtColor(unconverted(), cv2.COLOR_BGR2GRAY))),
        lambda: step("input", divided(cv2.cvtColor(read(), cv2.COLOR_RGB2GRAY), 256)),
        ["scale"],
        {"“input”"},
    ),
    "saved there and back, and another scale": (
        lambda: step("input", divided(read())),
        lambda: step("input", divided(saved_by_opencv(read()), 256)),
        ["jpeg-reencode", "scale"],
        {"save and reload"},
    ),
    "flipped twice, and another mean": (
        lambda: step("input", normalized(cv2.flip(cv2.flip(read(), 1), 1))),
        lambda: step("input", normalized(read()) + np.float32(1)),
        ["unknown"],
        {"“input”"},
    ),
}


@pytest.mark.parametrize("backwards", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", PAIRS)
def test_pairs(name, backwards):
    *pipelines, expected, steps = PAIRS[name]
    found = diff(*(recorded(pipeline) for pipeline in (pipelines[::-1] if backwards else pipelines)))
    assert [[cause.id for cause in parting.causes] for parting in found.partings.found] == [[id] for id in expected]
    first = found.partings.found[0]
    sides = (found.a, first.a), (found.b, first.b)
    assert {side.nodes[part.number].name for side, part in sides if part.number is not None} == steps

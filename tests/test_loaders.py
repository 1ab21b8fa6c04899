# SPDX-License-Identifier: MIT
"""The tables "my model was trained with": each row's call, as the loader makes it, and the method that it names."""

import platform
import re
from pathlib import Path

import cv2
import numpy as np
import PIL
import pytest
import torch
from PIL import Image

import isopixel
from tests.support import random_image

IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
pytestmark = pytest.mark.skipif(not IS_X86, reason="the methods were measured on x86 alone")

ROOT = Path(__file__).parent.parent
VERSIONS = {"pillow": PIL.__version__, "opencv": cv2.__version__, "torch": torch.__version__}
# Photographs that shrink, also a little, and one that grows; (height, width) of source and result.
SIZES = [((480, 640), (224, 298)), ((900, 1200), (224, 298)), ((257, 260), (224, 224)), ((60, 80), (224, 224))]


def pillow(resample):
    """Image.resize of an RGB picture, without a reducing_gap, as torchvision and transformers call it too."""

    def call(image, size):
        return np.asarray(Image.fromarray(image).resize((size[1], size[0]), resample))

    return call


def torch_uint8(mode):
    """What torchvision's transforms.v2 calls for uint8 tensors, antialias=True being its default."""

    def call(image, size):
        tensor = torch.from_numpy(image).permute(2, 0, 1)[None].contiguous()
        made = torch.nn.functional.interpolate(tensor, size=size, mode=mode, align_corners=False, antialias=True)
        return made[0].permute(1, 2, 0).numpy()

    return call


def torch_float32(image, size):
    """transforms.functional.resize of torchvision: it casts to float32, and rounds."""
    tensor = torch.from_numpy(image).permute(2, 0, 1)[None].to(torch.float32)
    made = torch.nn.functional.interpolate(tensor, size=size, mode="bilinear", align_corners=False, antialias=True)
    return torch.round(made).to(torch.uint8)[0].permute(1, 2, 0).numpy()


def keras_float32(image, size):
    """keras.ops.image.resize of a float32 image, with torch as its backend: not rounded."""
    tensor = torch.from_numpy(image).permute(2, 0, 1)[None].to(torch.float32)
    made = torch.nn.functional.interpolate(tensor, size=size, mode="bilinear", align_corners=False, antialias=False)
    return made[0].permute(1, 2, 0).numpy()


def thumbnail(image, size):
    """Image.thumbnail to the sides of a size that keeps the ratio."""
    picture = Image.fromarray(image)
    picture.thumbnail((size[1], size[0]))
    return np.asarray(picture)


def phash(image, size):
    """ImageHash converts to gray first."""
    return np.asarray(Image.fromarray(image).convert("L").resize((32, 32), Image.Resampling.LANCZOS))


def opencv(*interpolation):
    """cv2.resize, with its default if there is no interpolation."""

    def call(image, size):
        return cv2.resize(image, (size[1], size[0]), **({"interpolation": interpolation[0]} if interpolation else {}))

    return call


CLIP_BY_TORCH = "transformers 5.24, torchvision processors of CLIP, SigLIP, ConvNeXT, BiT (DINOv2)"
CALLS = {
    "torchvision 0.29, `Resize` of PIL images, and `weights.transforms()`": pillow(Image.Resampling.BILINEAR),
    "torchvision 0.29, `v2.Resize` of uint8 tensors": torch_uint8("bilinear"),
    "torchvision 0.29, `v2.Resize(interpolation=BICUBIC)` of uint8 tensors": torch_uint8("bicubic"),
    "torchvision 0.29, `Resize` (v1) of uint8 tensors": torch_float32,
    "timm 1.0, `create_transform` of most models": pillow(Image.Resampling.BICUBIC),
    "CLIP, `clip.load`": pillow(Image.BICUBIC),
    "open_clip 3.3, `image_transform`": pillow(Image.Resampling.BICUBIC),
    "DINOv2, `make_classification_eval_transform`": pillow(Image.Resampling.BICUBIC),
    "transformers 5.24, PIL processors of CLIP, SigLIP, ConvNeXT, BiT (DINOv2)": pillow(Image.Resampling.BICUBIC),
    CLIP_BY_TORCH: torch_uint8("bicubic"),
    "transformers 5.24, PIL processor of ViT": pillow(Image.Resampling.BILINEAR),
    "transformers 5.24, torchvision processor of ViT": torch_uint8("bilinear"),
    "fastai 2.8, `Resize`": pillow(Image.Resampling.BILINEAR),
    "detectron2 0.6, `ResizeShortestEdge`": pillow(Image.BILINEAR),
    "Keras 3.15, `load_img(target_size=…)`": pillow(Image.Resampling.NEAREST),
    "Keras 3.15, `image_dataset_from_directory`, `Resizing`": keras_float32,
    "ImageHash 4.3, `phash`, `average_hash`": phash,
    "Pillow, `thumbnail`": thumbnail,
    "OpenCV, `cv2.resize`; insightface 2.1, PaddleOCR": opencv(),
    "Ultralytics 8.4, `LetterBox`": opencv(cv2.INTER_LINEAR),
    "mmcv 2.2, `imresize`": opencv(cv2.INTER_LINEAR),
    "albumentations 2.0, `Resize`": opencv(cv2.INTER_LINEAR),
    "albumentations 2.0, `Resize(interpolation=cv2.INTER_AREA)`": opencv(cv2.INTER_AREA),
    "albumentations 2.0, `Resize(interpolation=cv2.INTER_CUBIC)`": opencv(cv2.INTER_CUBIC),
    "EasyOCR 1.7, lines of text": opencv(Image.Resampling.LANCZOS),
}


def rows_of(path):
    """The rows of a file's table: [loader, what it calls, the method]."""
    table = (ROOT / path).read_text("utf-8").partition("| loader")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


GUIDE = rows_of("docs/guides/trained-with.md")


def images():
    rng = np.random.default_rng(14)
    for shape, size in SIZES:
        y, x = np.ogrid[: shape[0], : shape[1]]
        photograph = (127 + 90 * np.sin(x / 9 + y / 17)[..., None] * (1, 0.7, 0.4)).astype(np.uint8)
        photograph += rng.integers(0, 30, (*shape, 3), np.uint8)
        yield photograph, size
        yield random_image(rng, (*shape, 3)), size


def method_of(cell):
    """The method that a cell names, for the installed releases."""
    if asked := re.search(r'`method_for\("(\w+)", …, "([a-z-]+)"\)`', cell):
        library, filter = asked.groups()
        return isopixel.method_for(library, VERSIONS[library], filter)
    return re.search("`([a-z-]+)`", cell)[1]


def samples_that_differ(call, method):
    """How many samples of each image differ."""
    for image, size in images():
        made = call(image, size)
        if made.ndim == 2:
            image = np.asarray(Image.fromarray(image).convert("L"))
        expected = isopixel.resize(image, made.shape[:2], method=method)
        yield np.count_nonzero(made != expected)


def test_every_row_has_a_call():
    assert [loader for loader, _, _ in GUIDE] == list(CALLS) and len(CALLS) >= 20
    assert all(len(row) == 3 for row in GUIDE)


@pytest.mark.parametrize(("loader", "calls", "method"), GUIDE, ids=[row[0] for row in GUIDE])
def test_a_row(loader, calls, method):
    """The same bits; or, if there is no such method, at least one other bit than the near one."""
    if "Intel IPP" in calls and not cv2.ipp.useIPP():
        pytest.skip("an OpenCV without Intel IPP")
    differing = any(samples_that_differ(CALLS[loader], method_of(method)))
    assert differing == method.startswith("none")
    assert differing or method.startswith("`method_for(")


@pytest.mark.parametrize("loader", [row[0] for row in GUIDE if row[2].startswith("none")])
def test_none_is_said_of_what_is_none(loader):
    """No method at all has its bits."""
    if "INTER_CUBIC" in loader and not cv2.ipp.useIPP():
        pytest.skip("an OpenCV without Intel IPP")
    for method in isopixel.methods():
        if method.covers(3):
            assert any(samples_that_differ(CALLS[loader], method.name)), method.name


def test_readme_has_the_most_common_rows():
    rows = rows_of("README.md")
    assert 4 <= len(rows) <= 8 and all(row in GUIDE for row in rows)


def test_opencv_reads_the_number_of_a_filter_of_pillow():
    """The trap that the guide names."""
    assert Image.Resampling.LANCZOS == cv2.INTER_LINEAR == 1
    with pytest.raises(ValueError, match=r"Resampling\.LANCZOS is not a filter of opencv"):
        isopixel.method_for("opencv", cv2.__version__, Image.Resampling.LANCZOS)

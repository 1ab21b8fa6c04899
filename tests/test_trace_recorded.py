# SPDX-License-Identifier: MIT
"""What a recorded call is by its arguments is what its samples show: each reader against the library itself."""

import cv2
import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

import isopixel
from isopixel._trace.comparing.functions import Side, by_samples, without_axes
from isopixel._trace.comparing.recorded import recorded

RNG = np.random.default_rng(7)
PHOTO = cv2.GaussianBlur(RNG.integers(0, 256, (60, 80, 4), dtype=np.uint8), (5, 5), 0)
RGB = np.ascontiguousarray(PHOTO[..., :3])
PICTURE, ALPHA = Image.fromarray(RGB), Image.fromarray(PHOTO)
TENSOR = torch.from_numpy(RGB.transpose(2, 0, 1).copy())[None]
FILTERS = Image.Resampling
functional = torch.nn.functional

CALLS = {
    "pillow": lambda: PICTURE.resize((40, 30)),
    "pillow bilinear": lambda: PICTURE.resize((40, 30), FILTERS.BILINEAR),
    "pillow nearest": lambda: PICTURE.resize((41, 30), FILTERS.NEAREST),
    "pillow alpha": lambda: ALPHA.resize((40, 30), FILTERS.LANCZOS),
    "thumbnail": lambda: PICTURE.copy().thumbnail((60, 45)),
    "crop": lambda: PICTURE.crop((3, 5, 43, 50)),
    "transpose": lambda: PICTURE.transpose(Image.Transpose.ROTATE_90),
    "transpose back": lambda: PICTURE.transpose(Image.Transpose.ROTATE_270),
    "mirror": lambda: ImageOps.mirror(PICTURE),
    "flip": lambda: ImageOps.flip(PICTURE),
    "invert": lambda: ImageOps.invert(PICTURE),
    "gray": lambda: PICTURE.convert("L"),
    "gray of alpha": lambda: ALPHA.convert("L"),
    "without alpha": lambda: ALPHA.convert("RGB"),
    "opencv": lambda: cv2.resize(RGB, (40, 30)),
    "opencv area": lambda: cv2.resize(RGB, (40, 30), interpolation=cv2.INTER_AREA),
    "opencv exact": lambda: cv2.resize(RGB, (40, 30), interpolation=cv2.INTER_LINEAR_EXACT),
    "opencv lanczos": lambda: cv2.resize(RGB, (40, 30), interpolation=cv2.INTER_LANCZOS4),
    "cvtColor": lambda: cv2.cvtColor(RGB, cv2.COLOR_BGR2RGB),
    "cvtColor to gray": lambda: cv2.cvtColor(RGB, cv2.COLOR_RGB2GRAY),
    "cvtColor of BGR": lambda: cv2.cvtColor(RGB, cv2.COLOR_BGR2GRAY),
    "cvtColor of alpha": lambda: cv2.cvtColor(PHOTO, cv2.COLOR_BGRA2RGB),
    "cv2.flip": lambda: cv2.flip(RGB, 0),
    "cv2.flip of both": lambda: cv2.flip(RGB, -1),
    "cv2.rotate": lambda: cv2.rotate(RGB, cv2.ROTATE_90_CLOCKWISE),
    "cv2.transpose": lambda: cv2.transpose(RGB),
    "copyMakeBorder": lambda: cv2.copyMakeBorder(RGB, 1, 2, 3, 4, cv2.BORDER_CONSTANT, value=(9, 9, 9)),
    "copyMakeBorder of the edge": lambda: cv2.copyMakeBorder(RGB, 1, 2, 3, 4, cv2.BORDER_REPLICATE),
    "interpolate": lambda: functional.interpolate(TENSOR, (30, 40), mode="bilinear"),
    "interpolate antialias": lambda: functional.interpolate(TENSOR, (30, 40), mode="bicubic", antialias=True),
    "interpolate floats": lambda: functional.interpolate(TENSOR.float(), (30, 40), mode="bilinear", antialias=True),
    "align_corners": lambda: functional.interpolate(TENSOR.float(), (30, 40), mode="bilinear", align_corners=True),
    "divide": lambda: TENSOR.float() / 255,
    "float": lambda: TENSOR.float(),
    "torch.flip": lambda: torch.flip(TENSOR, (3,)),
    "np.flip": lambda: np.flip(RGB, 1),
    "np.fliplr": lambda: np.fliplr(RGB),
    "np.rot90": lambda: np.rot90(RGB),
    "np.pad": lambda: np.pad(RGB, ((1, 2), (3, 4), (0, 0))),
    "a slice": lambda: np.asarray(RGB[5:40, 10:70]),
    "a slice backwards": lambda: np.asarray(RGB[::-1, ::-1]),
    "a slice of channels first": lambda: np.asarray(RGB[5:40].transpose(2, 0, 1)),
    "a slice without alpha": lambda: np.asarray(PHOTO[..., 2::-1]),
    "a slice of a tensor": lambda: TENSOR[0, :, 5:-20, 10:],
    "a reshape": lambda: np.asarray(RGB.reshape(3, 60, 80)),
    "a view of a tensor": lambda: TENSOR.view(1, 60, 80, 3),
    "isopixel": lambda: isopixel.resize(RGB, (30, 40), method="area"),
    "isopixel's default": lambda: isopixel.resize(RGB, (30, 40)),
    "isopixel of two taps": lambda: isopixel.resize(RGB, (30, 40), antialias=False),
}


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.slow] * (n == "invert")) for n in CALLS])
def test_calls(name):
    with isopixel.trace() as recording:
        CALLS[name]()
    side = Side("A", recording.trace)
    node, before = side.nodes[-1], side.nodes[-2].value
    said = recorded(node, before, recording.trace.libraries)
    shown = side.function(len(side.nodes) - 1)
    assert said is not None and shown.is_exact
    if shown.chains == ((),):  # of axes alone
        assert without_axes(said) == ()
        return
    values = {without_axes(chain) for chain in (by_samples(before, node.value) or shown).chains}
    assert [without_axes(said)] == [chain for chain in values if chain == without_axes(said)], (said, values)


@pytest.mark.parametrize(
    "call",
    [
        lambda: PICTURE.resize((40, 30), FILTERS.BICUBIC, box=(1, 1, 60, 50)),
        lambda: PICTURE.convert("CMYK"),
        lambda: cv2.cvtColor(RGB, cv2.COLOR_RGB2HSV),
        lambda: cv2.copyMakeBorder(RGB, 1, 2, 3, 4, cv2.BORDER_WRAP),
        lambda: cv2.GaussianBlur(RGB, (3, 3), 0),
        lambda: np.rot90(RGB, 1, (1, 2)),
        lambda: np.pad(RGB, 3),
    ],
)
def test_calls_that_are_not_known(call):
    with isopixel.trace() as recording:
        call()
    side = Side("A", recording.trace)
    assert recorded(side.nodes[-1], side.nodes[-2].value, recording.trace.libraries) is None


@pytest.mark.parametrize(
    ("release", "name"),
    [("12.1.1", "pillow-4-bilinear"), ("13.0.0", "pillow-13-bilinear"), ("99.1", "pillow-installed-bilinear")],
)
def test_releases(release, name):
    with isopixel.trace() as recording:
        PICTURE.resize((40, 30), FILTERS.BILINEAR)
    side = Side("A", recording.trace)
    (operation,) = recorded(side.nodes[-1], side.nodes[-2].value, {"pillow": release})
    assert operation.name == name and operation.get("size") == (30, 40)

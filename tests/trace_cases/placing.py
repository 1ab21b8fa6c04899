# SPDX-License-Identifier: MIT
"""Faults in turns, crops, pads, and the order of what moves pixels."""

import cv2
import numpy as np
import torch
from PIL import Image, ImageOps
from torchvision import transforms

from tests.trace_cases.faults import Fault
from tests.trace_cases.same import PLACE
from tests.trace_cases.ways import NOTHING, UNRECORDED, Sizes, array, pil, tensor

nothing = array(lambda a, s: a, NOTHING)


def turns():
    flip = ("flip",)
    mirrored = PLACE["mirrored"]
    for way, name in zip(mirrored, ("slice", "cv2.flip", "transpose", "ImageOps.mirror"), strict=True):
        yield Fault(flip, f"left and right, {name}", "turn", nothing, way)
    yield Fault(flip, "top and bottom", "turn", nothing, pil(lambda p, s: ImageOps.flip(p), "flip"))
    yield Fault(flip, "np.flipud", "turn", nothing, array(lambda a, s: np.flipud(a).copy(), "flipud", UNRECORDED))
    yield Fault(
        flip,
        "RandomHorizontalFlip",
        "turn",
        pil(lambda p, s: p, NOTHING),
        pil(lambda p, s: transforms.RandomHorizontalFlip(1.0)(p), "RandomHorizontalFlip", "transpose", "hflip"),
    )
    yield Fault(
        flip,
        "torch.flip",
        "turn",
        nothing,
        tensor(lambda t, s: torch.flip(t, (-1,)), "flip"),
    )


def crops():
    cause = ("crop-offset",)
    odd = {"sizes": Sizes((233, 257), (160, 192))}

    def cut(a, s, top, left):
        return a[top : top + s.crop[0], left : left + s.crop[1]]

    def floor(a, s):
        return cut(a, s, (a.shape[0] - s.crop[0]) // 2, (a.shape[1] - s.crop[1]) // 2)

    centre_crop = pil(lambda p, s: transforms.CenterCrop(s.crop)(p), "CenterCrop", "crop", "center_crop")
    ceil = array(lambda a, s: cut(a, s, (a.shape[0] - s.crop[0] + 1) // 2, (a.shape[1] - s.crop[1] + 1) // 2))
    yield Fault(cause, "rounded up, and cut off", "place", ceil, array(floor), **odd)
    yield Fault(cause, "CenterCrop, and one further", "place", centre_crop, array(lambda a, s: off(a, s, 1, 1)))
    yield Fault(cause, "the middle, and the corner", "place", centre_crop, PLACE["corner"][0])
    yield Fault(
        cause,
        "crop boxes that differ by 2",
        "place",
        pil(lambda p, s: p.crop((10, 20, 10 + s.crop[1], 20 + s.crop[0])), "crop"),
        pil(lambda p, s: p.crop((12, 20, 12 + s.crop[1], 20 + s.crop[0])), "crop"),
    )
    yield Fault(
        cause,
        "FiveCrop's corner, and CenterCrop",
        "place",
        centre_crop,
        pil(lambda p, s: transforms.FiveCrop(s.crop)(p)[3], "FiveCrop", "crop", "five_crop"),
    )


def off(a, s, down, right):
    top, left = (round((n - m) / 2) for n, m in zip(a.shape[:2], s.crop, strict=True))
    return a[top + down : top + down + s.crop[0], left + right : left + right + s.crop[1]]


def letterboxed(value, at="middle"):
    """To a square of 320 with a border, as detectors do."""

    def run(a, s):
        ratio = 320 / max(a.shape[:2])
        size = (round(a.shape[1] * ratio), round(a.shape[0] * ratio))
        made = cv2.resize(a, size)
        spare = 320 - made.shape[0], 320 - made.shape[1]
        top, left = (0, 0) if at == "corner" else (spare[0] // 2, spare[1] // 2)
        border = (top, spare[0] - top, left, spare[1] - left)
        return cv2.copyMakeBorder(made, *border, cv2.BORDER_CONSTANT, value=(value,) * 3)

    return array(run, "copyMakeBorder")


def pads():
    value, position = ("pad-value",), ("pad-position",)
    letter = {"instead": ("resize", "place"), "kinds": ("png",), "scales": ("divided", "floats")}
    yield Fault(value, "letterbox, 114 and 0", "place", letterboxed(114), letterboxed(0), **letter)
    yield Fault(
        value,
        "np.pad with 0 and 255",
        "place",
        array(lambda a, s: np.pad(a, ((8, 8), (12, 12), (0, 0))), "pad", UNRECORDED),
        array(lambda a, s: np.pad(a, ((8, 8), (12, 12), (0, 0)), constant_values=255), "pad", UNRECORDED),
    )
    yield Fault(
        value,
        "Pad filled with 0 and 128",
        "place",
        pil(lambda p, s: transforms.Pad(9)(p), "Pad", "expand", "pad"),
        pil(lambda p, s: transforms.Pad(9, fill=128)(p), "Pad", "expand", "pad"),
    )
    yield Fault(
        value,
        "a constant, and the edge repeated",
        "place",
        array(lambda a, s: cv2.copyMakeBorder(a, 7, 7, 7, 7, cv2.BORDER_CONSTANT), "copyMakeBorder"),
        array(lambda a, s: cv2.copyMakeBorder(a, 7, 7, 7, 7, cv2.BORDER_REPLICATE), "copyMakeBorder"),
    )
    yield Fault(
        position,
        "letterbox, in the middle and the corner",
        "place",
        letterboxed(114),
        letterboxed(114, "corner"),
        **letter,
    )
    yield Fault(
        position,
        "np.pad behind, and on both sides",
        "place",
        array(lambda a, s: np.pad(a, ((0, 16), (0, 24), (0, 0))), "pad", UNRECORDED),
        array(lambda a, s: np.pad(a, ((8, 8), (12, 12), (0, 0))), "pad", UNRECORDED),
    )
    yield Fault(
        position,
        "ImageOps.expand, and paste",
        "place",
        pil(lambda p, s: ImageOps.expand(p, (6, 4, 6, 4), (0, 0, 0)), "expand"),
        pil(lambda p, s: pasted(p, (12, 8), (0, 0)), "paste", "new"),
    )
    yield Fault(
        position,
        "F.pad right, and left",
        "place",
        tensor(lambda t, s: torch.nn.functional.pad(t, (0, 10, 0, 0)), "pad"),
        tensor(lambda t, s: torch.nn.functional.pad(t, (10, 0, 0, 0)), "pad"),
    )


def pasted(picture, spare, at):
    ground = Image.new("RGB", (picture.width + spare[0], picture.height + spare[1]))
    ground.paste(picture, at)
    return ground


def orders():
    cause = ("order",)
    both = {"instead": ("place",), "sizes": Sizes((160, 192), (160, 192))}

    def resized(p):
        return p.resize((240, 220), Image.BILINEAR)

    def cropped(p):
        return p.crop((10, 8, 210, 208))

    yield Fault(
        cause,
        "crop and resize",
        "resize",
        pil(lambda p, s: resized(cropped(p)), "crop", "resize"),
        pil(lambda p, s: cropped(resized(p)), "crop", "resize"),
        instead=("place",),
    )
    yield Fault(
        cause,
        "gray, then resize",
        "resize",
        pil(lambda p, s: p.convert("L").resize(s.resize[::-1], Image.BILINEAR), "convert", "resize"),
        pil(lambda p, s: p.resize(s.resize[::-1], Image.BILINEAR).convert("L"), "convert", "resize"),
        scales=("divided", "symmetric", "floats"),
    )
    yield Fault(
        cause,
        "pad, then resize",
        "resize",
        array(lambda a, s: cv2.resize(framed(a), s.resize[::-1]), "resize", "copyMakeBorder"),
        array(lambda a, s: framed(cv2.resize(a, s.resize[::-1])), "resize", "copyMakeBorder"),
        **both,
    )
    yield Fault(
        cause,
        "resize, then the middle, with torchvision",
        "resize",
        pil(
            lambda p, s: transforms.Compose([transforms.Resize(210), transforms.CenterCrop(200)])(p),
            "Resize",
            "CenterCrop",
            "crop",
            "resize",
            "center_crop",
        ),
        pil(
            lambda p, s: transforms.Compose([transforms.CenterCrop(200), transforms.Resize(210)])(p),
            "Resize",
            "CenterCrop",
            "crop",
            "resize",
            "center_crop",
        ),
        instead=("place",),
    )


def framed(a):
    return cv2.copyMakeBorder(a, 10, 10, 10, 10, cv2.BORDER_CONSTANT, value=(0, 0, 0))


FAULTS = [fault for family in (turns, crops, pads, orders) for fault in family()]

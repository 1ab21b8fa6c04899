# SPDX-License-Identifier: MIT
"""Faults in the values of samples: brightness, casts, JPEG in between, scales, constants, dtypes, axes."""

import io
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageEnhance
from torchvision import transforms

from tests.trace_cases.faults import Fault
from tests.trace_cases.same import MEAN, SCALE, STD
from tests.trace_cases.ways import NOTHING, UNRECORDED, Sizes, Way, array, pil, tensor

nothing = array(lambda a, s: a, NOTHING)
CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


def wraps():
    cause = ("wrap",)
    clipped = array(lambda a, s: np.clip(a.astype(np.float64) * 1.2, 0, 255).astype(np.uint8))
    wrapped = array(lambda a, s: (a.astype(np.float64) * 1.2).astype(np.int64).astype(np.uint8))
    yield Fault(cause, "brighter by 1.2", "levels", clipped, wrapped)
    yield Fault(
        cause,
        "30 added, cv2 and NumPy",
        "levels",
        array(lambda a, s: cv2.add(a, np.full_like(a, 30)), "add"),
        array(lambda a, s: a + np.uint8(30)),
    )
    yield Fault(
        cause,
        "40 taken away",
        "levels",
        array(lambda a, s: np.clip(a.astype(np.int16) - 40, 0, 255).astype(np.uint8)),
        array(lambda a, s: a - np.uint8(40)),
    )
    yield Fault(
        cause,
        "torch, 60 added",
        "levels",
        tensor(lambda t, s: (t.int() + 60).clamp(0, 255).to(torch.uint8), "add", "clamp", "to", "int", "__add__"),
        tensor(lambda t, s: t + 60, "add", "__add__"),
    )
    yield Fault(
        cause,
        "doubled",
        "levels",
        array(lambda a, s: np.minimum(a.astype(np.uint16) * 2, 255).astype(np.uint8)),
        array(lambda a, s: a * np.uint8(2)),
    )
    yield Fault(
        cause,
        "ImageEnhance, and NumPy",
        "levels",
        pil(lambda p, s: ImageEnhance.Brightness(p).enhance(1.5), "enhance", "blend"),
        array(lambda a, s: (a * 1.5).astype(np.int32).astype(np.uint8)),
    )


def cuts():
    cause = ("cut-off",)

    def scaled(a):
        return a.astype(np.float64) * 0.83

    cut = array(lambda a, s: scaled(a).astype(np.uint8))
    yield Fault(
        cause, "darker, rounded and cut", "levels", array(lambda a, s: np.rint(scaled(a)).astype(np.uint8)), cut
    )
    yield Fault(
        cause,
        "cv2.convertScaleAbs, and astype",
        "levels",
        array(lambda a, s: cv2.convertScaleAbs(a, alpha=0.83), "convertScaleAbs"),
        cut,
    )
    resized = Sizes((150, 190), (120, 150))

    def floats(a, s):
        return cv2.resize(a.astype(np.float32), s.resize[::-1])

    yield Fault(
        cause,
        "floats of cv2, rounded and cut",
        "resize",
        array(lambda a, s: np.rint(floats(a, s)).astype(np.uint8), "resize", UNRECORDED),
        array(lambda a, s: floats(a, s).astype(np.uint8), "resize", UNRECORDED),
        sizes=resized,
    )

    def by_torch(t, s):
        return torch.nn.functional.interpolate(t[None].float(), s.resize, mode="bilinear", antialias=True)[0]

    yield Fault(
        cause,
        "floats of torch, rounded and cut",
        "resize",
        tensor(lambda t, s: by_torch(t, s).round().to(torch.uint8), "interpolate", "round", "to"),
        tensor(lambda t, s: by_torch(t, s).to(torch.uint8), "interpolate", "to", "byte"),
    )
    yield Fault(
        cause,
        "an average, rounded and cut",
        "levels",
        array(lambda a, s: np.round(a * 0.5 + 20).astype(np.uint8)),
        array(lambda a, s: (a * 0.5 + 20).astype(np.uint8)),
    )


def rejpeg(**options):
    def run(p, s):
        file = io.BytesIO()
        p.save(file, "JPEG", **options)
        return Image.open(file).convert("RGB")

    return pil(run, "save", "open", "load", "decode", "convert")


def by_file(p, s):
    handle, path = tempfile.mkstemp(suffix=".jpg")
    os.close(handle)
    try:
        p.save(path)
        return Image.open(path).convert("RGB")
    finally:
        Path(path).unlink()


def encoded(a, s, quality):
    _, data = cv2.imencode(".jpg", np.ascontiguousarray(a[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]


def saves():
    cause = ("jpeg-reencode",)
    kept = pil(lambda p, s: p, NOTHING)
    for quality in (95, 85, 75, 40):
        yield Fault(cause, f"quality {quality}", "save", kept, rejpeg(quality=quality))
    yield Fault(
        cause, "the defaults, by a file", "save", kept, pil(by_file, "save", "open", "load", "decode", "convert")
    )
    yield Fault(cause, "4:4:4", "save", kept, rejpeg(quality=90, subsampling=0))
    for quality in (95, 80):
        yield Fault(
            cause,
            f"imencode {quality}",
            "save",
            nothing,
            array(lambda a, s, quality=quality: encoded(a, s, quality), "imencode", "imdecode", UNRECORDED),
        )


def scales():
    cause = ("scale",)
    divided, floats, symmetric = (SCALE[name] for name in ("divided", "floats", "symmetric"))
    yield Fault(cause, "ToTensor, and not divided", "scale", divided[2], floats[0])
    yield Fault(cause, "divided by 255 and 256", "scale", divided[0], array(lambda a, s: a.astype(np.float32) / 256))
    yield Fault(cause, "0 to 1 and -1 to 1", "scale", divided[0], symmetric[0])
    yield Fault(cause, "0 to 1 and -1 to 1 by torch", "scale", divided[3], symmetric[2])
    yield Fault(
        cause,
        "divided twice",
        "scale",
        divided[2],
        Way(
            lambda p, s: transforms.ToTensor()(p) / 255,
            "pil",
            "tensor",
            ("ToTensor", "to_tensor", "div", "truediv", "__truediv__"),
        ),
    )
    yield Fault(
        cause,
        "normalised without the division",
        "scale",
        SCALE["normalised"][0],
        array(lambda a, s: (a.astype(np.float32) - np.float32(MEAN)) / np.float32(STD)),
    )
    yield Fault(
        cause,
        "divided by 127.5, and not",
        "scale",
        floats[1],
        tensor(lambda t, s: t.float() / 127.5, "float", "to", "div"),
    )


def normalised(mean, std):
    return array(lambda a, s: (a.astype(np.float32) / 255 - np.float32(mean)) / np.float32(std))


def torch_normalised(mean, std):
    return Way(
        lambda p, s: transforms.Normalize(mean, std)(transforms.ToTensor()(p)),
        "pil",
        "tensor",
        ("Normalize", "normalize", "ToTensor"),
    )


def constants():
    cause = ("constants",)
    imagenet, half = torch_normalised(MEAN, STD), torch_normalised((0.5,) * 3, (0.5,) * 3)
    yield Fault(cause, "ImageNet and a half", "scale", imagenet, half)
    yield Fault(cause, "ImageNet and CLIP", "scale", normalised(MEAN, STD), normalised(CLIP_MEAN, CLIP_STD))
    yield Fault(cause, "ImageNet and CLIP by torchvision", "scale", imagenet, torch_normalised(CLIP_MEAN, CLIP_STD))
    in_bgr = normalised(MEAN[::-1], STD[::-1])
    yield Fault(("constants", "channel-order"), "reversed", "scale", imagenet, in_bgr)
    yield Fault(cause, "the std left out", "scale", imagenet, normalised(MEAN, (1, 1, 1)))
    yield Fault(
        ("constants", "scale"),
        "ToTensor alone",
        "scale",
        imagenet,
        replace(SCALE["divided"][2], calls=("ToTensor", "to_tensor", NOTHING)),
    )
    yield Fault(cause, "CIFAR-10", "scale", imagenet, normalised((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)))


def roundings():
    cause = ("rounding",)
    steps = SCALE["normalised"]
    in_64 = array(lambda a, s: ((a / 255 - np.array(MEAN)) / np.array(STD)).astype(np.float32))
    reciprocal = array(lambda a, s: a.astype(np.float32) * np.float32(1 / 255))
    yield Fault(cause, "float64 until the end", "scale", steps[0], in_64)
    yield Fault(cause, "ToTensor, and float64 until the end", "scale", steps[2], in_64)
    yield Fault(cause, "divided, and times the reciprocal", "scale", SCALE["divided"][0], reciprocal)
    scale, shift = 1 / (255 * np.array(STD)), np.array(MEAN) / np.array(STD)
    fused = array(lambda a, s: a.astype(np.float32) * np.float32(scale) - np.float32(shift))
    yield Fault(cause, "one multiplication, one subtraction", "scale", steps[2], fused)
    hugging = array(
        lambda a, s: (a.astype(np.float32) - np.float32(np.array(MEAN) * 255)) / np.float32(np.array(STD) * 255)
    )
    yield Fault(cause, "constants times 255", "scale", steps[0], hugging)
    yield Fault(
        cause,
        "ToTensor, and v2.ToDtype",
        "scale",
        array(lambda a, s: (a * np.float64(1 / 255)).astype(np.float32)),
        array(lambda a, s: np.float32(a) * np.float32(0.00392156862745098)),
    )


def dtypes():
    cause = ("dtype",)
    last = {"is_last": True}
    divided = SCALE["divided"][0]
    yield Fault(cause, "float64", "scale", divided, array(lambda a, s: a / 255.0), **last)
    yield Fault(cause, "float16", "scale", divided, array(lambda a, s: (a / 255.0).astype(np.float16)), **last)
    yield Fault(
        cause, "floats and integers", "scale", SCALE["floats"][0], array(lambda a, s: a.astype(np.int64)), **last
    )
    yield Fault(
        cause,
        "double of torch",
        "scale",
        SCALE["floats"][1],
        tensor(lambda t, s: t.double(), "double", "to"),
        **last,
    )
    yield Fault(cause, "not cast", "scale", SCALE["floats"][1], array(lambda a, s: a, NOTHING), **last)


def shapes():
    cause = ("reshape",)
    oblong = {"sizes": Sizes((180, 240), (120, 150)), "is_last": True}
    chw = Way(lambda a, s: np.ascontiguousarray(a.transpose(2, 0, 1)), "array", "any", (UNRECORDED, NOTHING))
    yield Fault(
        cause,
        "reshape to CHW",
        "axes",
        chw,
        Way(lambda a, s: a.reshape(a.shape[2], *a.shape[:2]), "array", "any", (UNRECORDED,)),
        **oblong,
    )
    yield Fault(
        cause,
        "torch's view to CHW",
        "axes",
        Way(lambda a, s: torch.from_numpy(a.copy()).permute(2, 0, 1), "array", "any", ("permute", NOTHING)),
        Way(
            lambda a, s: torch.from_numpy(a.copy()).view(a.shape[2], *a.shape[:2]),
            "array",
            "any",
            (UNRECORDED, "view", "reshape"),
        ),
        **oblong,
    )
    yield Fault(
        cause,
        "height and width reshaped",
        "colour",
        nothing,
        array(lambda a, s: a.reshape(a.shape[1], a.shape[0], 3)),
        sizes=oblong["sizes"],
    )


FAULTS = [fault for family in (wraps, cuts, saves, scales, constants, roundings, dtypes, shapes) for fault in family()]

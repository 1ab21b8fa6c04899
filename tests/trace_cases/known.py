# SPDX-License-Identifier: MIT
"""Functions, and chains of them, that are known by name: `explain` has to find these names among all that fit."""

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from PIL import Image
from torch.nn.functional import interpolate

import isopixel
from tests.trace_cases import pictures

CONSTANTS = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "clip": ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
    "half": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
}
PILLOW = ("bilinear", "bicubic", "lanczos", "hamming", "box")
TURNS = {
    "flip-horizontal": Image.Transpose.FLIP_LEFT_RIGHT,
    "flip-vertical": Image.Transpose.FLIP_TOP_BOTTOM,
    "rotate-90": Image.Transpose.ROTATE_270,  # Pillow counts against the clock
    "rotate-180": Image.Transpose.ROTATE_180,
    "rotate-270": Image.Transpose.ROTATE_90,
    "transpose": Image.Transpose.TRANSPOSE,
    "transverse": Image.Transpose.TRANSVERSE,
}


@dataclass(frozen=True)
class Known:
    """Two arrays, and by what one became the other.

    Attributes:
        id: tells it from the others.
        before: the array that was there.
        after: what became of it.
        names: the kinds and names of the operations, in order; those of axes are left out.
        arguments: of operations, by kind: what has to be among their arguments.
    """

    id: str
    before: np.ndarray
    after: np.ndarray
    names: tuple[tuple[str, str], ...]
    arguments: dict


def known(count) -> Iterator[Known]:
    """Functions at random, half of them alone, half in chains."""
    for number in range(count):
        rng = random.Random(f"known {number}")
        chain = rng.choice(ALONE) if rng.random() < 0.5 else rng.choice(CHAINS)
        before = _start(chain, rng)
        value, names, arguments = before, [], {}
        for make in chain:
            value, name, *more = make(value, rng)
            names += name if isinstance(name, list) else [name]
            arguments |= more[0] if more else {}
        words = " | ".join(" ".join(name) for name in names)
        yield Known(f"#{number} {before.shape} {words}", before, value, tuple(names), arguments)


def is_among(case, explained):
    """Whether an exact explanation is by the true names; some operations may change places, as reversing channels."""
    for one in explained:
        operations = [operation for operation in one.operations if operation.kind != "axes"]
        if not one.is_exact or sorted((each.kind, each.name) for each in operations) != sorted(case.names):
            continue
        if all(each.get(name) == value for each in operations for name, value in case.arguments.get(each.kind, ())):
            return True
    return False


def _start(chain, rng):
    if chain[0] is layout:
        return np.frombuffer(pictures.program(rng.randrange(6)), np.uint8)[: rng.randrange(3000, 40000)]
    image = pictures.photograph(rng.randrange(12))
    height, width = rng.randrange(90, 240), rng.randrange(90, 250)
    image = np.ascontiguousarray(image[:height, :width])
    if chain[0] in (composited, dropped, premultiplied):
        y, x = np.mgrid[:height, :width]
        alpha = np.clip(150 + 160 * np.sin(x / 19) * np.cos(y / 23), 0, 255).astype(np.uint8)
        return np.dstack([image, alpha])
    if chain[0] is resize and len(chain) == 1 and rng.random() < 0.3:
        return image[..., 1].copy()
    return image


def resize(image, rng):
    size = rng.randrange(20, 300), rng.randrange(20, 300)
    library = rng.choice(("pillow", "pillow", "opencv", "torch", "isopixel", "older"))
    if library == "pillow":
        filter = rng.choice(PILLOW)
        made = Image.fromarray(image).resize(size[::-1], getattr(Image, filter.upper()))
        return np.asarray(made), ("resize", f"pillow-13-{filter}"), {"resize": [("size", size)]}
    if library == "opencv":
        filter = rng.choice(("linear", "linear-exact", "nearest", "area", "lanczos4"))
        flag = getattr(cv2, f"INTER_{filter.upper().replace('-', '_')}")
        made = cv2.resize(image, size[::-1], interpolation=flag)
        return made, ("resize", f"opencv-3.4-{filter}"), {"resize": [("size", size)]}
    if library == "torch":
        mode, antialias, name = rng.choice(
            (
                ("bilinear", True, "torch-2.0-bilinear-antialias"),
                ("bilinear", False, "torch-2.3-bilinear"),
                ("bicubic", True, "torch-2.1-bicubic-antialias"),
                ("bicubic", False, "torch-2.3-bicubic"),
                ("nearest", False, "torch-2.0-nearest"),
            )
        )
        tensor = torch.from_numpy(image.reshape(*image.shape[:2], -1).copy()).permute(2, 0, 1)[None]
        made = interpolate(tensor, size, mode=mode, antialias=antialias)[0].permute(1, 2, 0).numpy()
        return np.ascontiguousarray(made.reshape(*size, *image.shape[2:])), ("resize", name)
    methods = ("bilinear", "bicubic", "nearest", "area", "bilinear-two-tap", "bicubic-four-tap")
    older = ("pillow-4-bilinear", "pillow-12.2-bilinear", "pillow-4-bicubic", "pillow-12.2-lanczos")
    name = rng.choice(methods if library == "isopixel" else older)
    return isopixel.resize(image, size, method=name), ("resize", name)


def shrunk(image, rng):
    """A resize to a square that is smaller, as models want it."""
    size = rng.choice((64, 80, 88)), rng.choice((64, 80, 88))
    filter = rng.choice(("bilinear", "bicubic"))
    if rng.random() < 0.5:
        made = Image.fromarray(image).resize(size[::-1], getattr(Image, filter.upper()))
        return np.asarray(made), ("resize", f"pillow-13-{filter}"), {"resize": [("size", size)]}
    return cv2.resize(image, size[::-1]), ("resize", "opencv-3.4-linear"), {"resize": [("size", size)]}


def shorter(image, rng):
    """Torchvision's Resize of the shorter side, and its CenterCrop."""
    short = rng.choice((72, 80))
    height, width = image.shape[:2]
    size = (short, int(short * width / height)) if height <= width else (int(short * height / width), short)
    picture = Image.fromarray(image).resize(size[::-1], Image.BILINEAR)
    crop = rng.choice((56, 64))
    top, left = round((size[0] - crop) / 2), round((size[1] - crop) / 2)
    made = np.asarray(picture)[top : top + crop, left : left + crop].copy()
    return made, [("resize", "pillow-13-bilinear"), ("crop", "crop")]


def letterbox(image, rng):
    side = rng.choice((96, 128))
    ratio = side / max(image.shape[:2])
    made = cv2.resize(image, (round(image.shape[1] * ratio), round(image.shape[0] * ratio)))
    spare = side - made.shape[0], side - made.shape[1]
    border = spare[0] // 2, spare[0] - spare[0] // 2, spare[1] // 2, spare[1] - spare[1] // 2
    made = cv2.copyMakeBorder(made, *border, cv2.BORDER_CONSTANT, value=(114,) * 3)
    return made, [("resize", "opencv-3.4-linear"), *([("pad", "pad")] if any(spare) else [])]


def turn(image, rng):
    name = rng.choice(list(TURNS))
    return np.asarray(Image.fromarray(image).transpose(TURNS[name])), ("turn", name)


def crop(image, rng):
    height, width = (rng.randrange(40, side - 5) for side in image.shape[:2])
    top, left = rng.randrange(image.shape[0] - height + 1), rng.randrange(image.shape[1] - width + 1)
    arguments = {"crop": [("size", (height, width)), ("at", (top, left))]}
    return image[top : top + height, left : left + width].copy(), ("crop", "crop"), arguments


def pad(image, rng):
    top, bottom, left, right = (rng.randrange(1, 12) for _ in range(4))
    kind, flag = rng.choice(
        (("pad", cv2.BORDER_CONSTANT), ("pad-edge", cv2.BORDER_REPLICATE), ("pad-reflect", cv2.BORDER_REFLECT_101))
    )
    value = rng.choice((0, 114, 255))
    made = cv2.copyMakeBorder(image, top, bottom, left, right, flag, value=(value,) * 3)
    return made, ("pad", kind), {"pad": [("size", made.shape[:2]), ("at", (top, left))]}


def reverse(image, rng):
    return image[..., ::-1].copy(), ("channels", "reversed")


def gray(image, rng):
    if rng.random() < 0.5:
        return np.asarray(Image.fromarray(image).convert("L")), ("gray", "pillow-7")
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), ("gray", "opencv-4")


def channel(image, rng):
    place = rng.randrange(3)
    return image[..., place].copy(), ("channels", ("first", "second", "third")[place])


def dropped(image, rng):
    return image[..., :3].copy(), ("alpha", "dropped")


def composited(image, rng):
    value = rng.choice((0, 255))
    ground = Image.new("RGBA", image.shape[1::-1], (value, value, value, 255))
    ground.alpha_composite(Image.fromarray(image))
    return np.asarray(ground.convert("RGB")), ("alpha", "composited"), {"alpha": [("value", value)]}


def premultiplied(image, rng):
    return np.asarray(Image.fromarray(image).convert("RGBa")), ("alpha", "premultiplied")


def jpeg(image, rng):
    quality, subsampling = rng.choice((75, 85, 90, 95)), rng.choice((0, 2))
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=quality, subsampling=subsampling)
    return np.asarray(Image.open(file)), ("jpeg", "pillow"), {"jpeg": [("quality", quality)]}


def invert(image, rng):
    return 255 - image, ("levels", "inverted")


def scale(image, rng):
    name, run = rng.choice(
        (
            ("divided-by-255", lambda a: a.astype(np.float32) / 255),
            ("times-1/255", lambda a: a.astype(np.float32) * np.float32(1 / 255)),
            ("divided-by-256", lambda a: a.astype(np.float32) / 256),
            ("divided-by-127.5-minus-1", lambda a: a.astype(np.float32) / 127.5 - 1),
        )
    )
    return run(image), ("scale", name)


def normalize(image, rng):
    name = rng.choice(list(CONSTANTS))
    mean, std = (np.float32(values) for values in CONSTANTS[name])
    made = rng.choice(
        (
            lambda a: (a.astype(np.float32) / 255 - mean) / std,
            lambda a: ((a / 255 - np.array(CONSTANTS[name][0])) / np.array(CONSTANTS[name][1])).astype(np.float32),
            lambda a: isopixel.normalize(a, *CONSTANTS[name]).transpose(1, 2, 0),
        )
    )(image)
    return made.transpose(2, 0, 1).copy() if rng.random() < 0.7 else made, ("normalize", name)


def cast(image, rng):
    name = rng.choice(("float32", "float64", "int32", "int64"))
    return image.astype(name), ("cast", name)


def layout(data, rng):
    name = rng.choice(("nataraj", "nataraj,rows=floor", "fixed,width=128", "fixed,width=100,rows=floor", "square"))
    return isopixel.from_bytes(data.tobytes(), name), ("layout", name)


ALONE = [
    *[[resize]] * 6,
    *([one] for one in (turn, crop, pad, reverse, gray, channel, dropped, composited, premultiplied, jpeg, invert)),
    *([one] for one in (scale, normalize, cast, layout, shorter, letterbox)),
]
CHAINS = [
    [reverse, resize],
    [gray, resize],
    [turn, shrunk],
    [reverse, turn],
    [turn, crop],
    [reverse, crop],
    [dropped, reverse],
    [shrunk, normalize],
    [shrunk, scale],
    [reverse, normalize],
    [reverse, shrunk, normalize],
    [crop, normalize],
    [shorter, normalize],
    [letterbox, scale],
    [turn, normalize],
    [gray, scale],
    [crop, scale],
    [pad, scale],
]

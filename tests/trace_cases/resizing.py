# SPDX-License-Identifier: MIT
"""Faults in resizes."""

import cv2
import numpy as np
import torch
from PIL import Image
from torch.nn.functional import interpolate
from torchvision import transforms
from torchvision.transforms import v2

import isopixel
from tests.trace_cases.faults import Fault
from tests.trace_cases.same import RESIZE, by_isopixel, by_torch
from tests.trace_cases.ways import UNRECORDED, Sizes, Way, array, pil, tensor

UP = Sizes((512, 600))
NARROW = Sizes((96, 330), (80, 192))


def by_pillow(name):
    return pil(lambda p, s: p.resize(s.resize[::-1], getattr(Image, name)), "resize")


def by_cv2(name):
    return array(lambda a, s: cv2.resize(a, s.resize[::-1], interpolation=getattr(cv2, f"INTER_{name}")), "resize")


def by_float(**options):
    """A resize of floats by torch, back to uint8."""

    def run(t, s):
        made = interpolate(t[None].float(), s.resize, **options)[0]
        return made.round().clamp(0, 255).to(torch.uint8)

    return tensor(run, "interpolate", "to", "round", "clamp", "float")


bilinear, linear = by_pillow("BILINEAR"), RESIZE["opencv-3.4-linear"][0]
smooth, sharp = by_torch("bilinear", True), by_torch("bilinear")


def antialias():
    cause = ("antialias",)
    yield Fault(cause, "BILINEAR and INTER_LINEAR", "resize", bilinear, linear)
    yield Fault(cause, "torch with and without", "resize", smooth, sharp)
    yield Fault(
        cause,
        "v2.Resize with and without",
        "resize",
        tensor(lambda t, s: v2.Resize(s.resize, antialias=True)(t), "resize"),
        tensor(lambda t, s: v2.Resize(s.resize, antialias=False)(t), "resize"),
    )
    yield Fault(
        cause,
        "torch bicubic with and without",
        "resize",
        by_torch("bicubic", True),
        by_torch("bicubic"),
    )
    yield Fault(
        cause,
        "floats, with and without",
        "resize",
        by_float(mode="bilinear", antialias=True),
        by_float(mode="bilinear"),
    )
    yield Fault(
        cause,
        "isopixel with and without",
        "resize",
        array(lambda a, s: isopixel.resize(a, s.resize), "resize"),
        array(lambda a, s: isopixel.resize(a, s.resize, antialias=False), "resize"),
    )
    yield Fault(cause, "transforms.Resize and INTER_LINEAR", "resize", RESIZE["pillow-13-bilinear"][2], linear)
    yield Fault(cause, "BILINEAR and torch without", "resize", bilinear, sharp)
    yield Fault(
        cause,
        "by the letter of a ratio, fx and fy",
        "resize",
        pil(lambda p, s: p.resize((p.width // 2 + 1, p.height // 2 + 1), Image.BILINEAR), "resize"),
        array(lambda a, s: cv2.resize(a, (a.shape[1] // 2 + 1, a.shape[0] // 2 + 1)), "resize"),
        instead=("place",),
    )


def filters():
    cause = ("filter",)
    pairs = [("BICUBIC", "BILINEAR"), ("NEAREST", "BILINEAR"), ("LANCZOS", "BICUBIC"), ("BOX", "BILINEAR")]
    for one, other in [*pairs, ("HAMMING", "LANCZOS")]:
        yield Fault(cause, f"Pillow's {one} and {other}", "resize", by_pillow(one), by_pillow(other))
    default = pil(lambda p, s: p.resize((s.resize[1], s.resize[0])), "resize")
    yield Fault(cause, "the defaults of Pillow and torchvision", "resize", default, RESIZE["pillow-13-bilinear"][3])
    yield Fault(cause, "INTER_LANCZOS4 and INTER_LINEAR", "resize", by_cv2("LANCZOS4"), linear)
    yield Fault(cause, "INTER_NEAREST and INTER_LINEAR", "resize", by_cv2("NEAREST"), linear)
    yield Fault(cause, "torch bicubic and bilinear", "resize", by_torch("bicubic", True), smooth)
    yield Fault(cause, "INTER_CUBIC and INTER_LINEAR", "resize", by_cv2("CUBIC"), linear)
    yield Fault(("filter", "antialias"), "INTER_AREA and INTER_LINEAR", "resize", by_cv2("AREA"), linear)
    yield Fault(
        cause,
        "isopixel's bicubic and bilinear",
        "resize",
        array(lambda a, s: isopixel.resize(a, s.resize, method="bicubic"), "resize"),
        array(lambda a, s: isopixel.resize(a, s.resize), "resize"),
    )


def implementations():
    cause = ("implementation",)
    yield Fault(cause, "Pillow and torch with antialias", "resize", bilinear, smooth)
    yield Fault(cause, "Pillow and isopixel's exact one", "resize", bilinear, by_isopixel("bilinear"))
    yield Fault(cause, "INTER_LINEAR and INTER_LINEAR_EXACT", "resize", linear, by_cv2("LINEAR_EXACT"))
    yield Fault(cause, "INTER_LINEAR and torch without antialias", "resize", linear, sharp)
    yield Fault(cause, "bicubic of Pillow and torch", "resize", by_pillow("BICUBIC"), by_torch("bicubic", True))
    yield Fault(
        cause,
        "transforms.Resize of a picture and of a tensor",
        "resize",
        pil(lambda p, s: v2.Resize(s.resize)(p), "resize"),
        tensor(lambda t, s: v2.Resize(s.resize)(t), "resize"),
    )
    yield Fault(cause, "Pillow and cv2, enlarged", "resize", bilinear, linear, sizes=UP)
    yield Fault(cause, "torch and cv2, enlarged", "resize", smooth, linear, sizes=UP)


def releases():
    for name in ("bilinear", "bicubic", "lanczos"):
        old = by_isopixel(f"pillow-4-{name}")
        yield Fault(("pillow-release",), f"{name} of 12.1 and 13", "resize", old, by_pillow(name.upper()), sizes=NARROW)
    yield Fault(
        ("pillow-release",),
        "bilinear of 13 and 4, both by isopixel",
        "resize",
        by_isopixel("pillow-13-bilinear"),
        by_isopixel("pillow-4-bilinear"),
        sizes=NARROW,
    )


def corners():
    for name, options in (
        ("bilinear", {"mode": "bilinear"}),
        ("bicubic", {"mode": "bicubic"}),
    ):
        yield Fault(
            ("align-corners",),
            f"{name} of floats",
            "resize",
            by_float(**options),
            by_float(**options, align_corners=True),
        )
    as_floats = {"instead": ("place", "levels", "save", "scale")}
    yield Fault(
        ("align-corners",),
        "bilinear of floats, not rounded",
        "resize",
        tensor(lambda t, s: interpolate(t[None].float() / 255, s.resize, mode="bilinear")[0], "interpolate"),
        tensor(
            lambda t, s: interpolate(t[None].float() / 255, s.resize, mode="bilinear", align_corners=True)[0],
            "interpolate",
        ),
        **as_floats,
    )
    yield Fault(
        ("align-corners",),
        "Upsample",
        "resize",
        by_float(mode="bilinear", align_corners=False),
        by_float(mode="bilinear", align_corners=True),
        sizes=UP,
    )


def floats():
    cause = ("float-resize",)
    yield Fault(cause, "torch uint8 and floats, antialias", "resize", smooth, by_float(mode="bilinear", antialias=True))
    yield Fault(cause, "torch uint8 and floats", "resize", sharp, by_float(mode="bilinear"))
    as_floats = {"instead": ("place", "levels", "save", "scale")}
    to_tensor, resize = transforms.ToTensor(), transforms.Resize
    yield Fault(
        ("float-resize", "order"),
        "ToTensor before Resize",
        "resize",
        Way(lambda p, s: to_tensor(resize(s.resize)(p)), "pil", "tensor", ("ToTensor", "Resize", "to_tensor")),
        Way(
            lambda p, s: resize(s.resize, antialias=True)(to_tensor(p)),
            "pil",
            "tensor",
            ("ToTensor", "Resize", "to_tensor", "interpolate", "div"),
        ),
        **as_floats,
    )
    yield Fault(
        ("float-resize", "order"),
        "cv2 before and after astype",
        "resize",
        array(lambda a, s: cv2.resize(a, s.resize[::-1]).astype(np.float32), "resize", "astype"),
        array(lambda a, s: cv2.resize(a.astype(np.float32), s.resize[::-1]), "resize", "astype", UNRECORDED),
        **as_floats,
    )
    yield Fault(
        cause,
        "cv2 of floats, rounded",
        "resize",
        linear,
        array(lambda a, s: np.rint(cv2.resize(np.float32(a), s.resize[::-1])).astype(np.uint8), "resize", UNRECORDED),
    )


def nearest():
    cause = ("nearest-rule",)
    torch_nearest = by_torch("nearest")
    yield Fault(cause, "Pillow and cv2", "resize", by_pillow("NEAREST"), by_cv2("NEAREST"))
    yield Fault(cause, "cv2 and NEAREST_EXACT", "resize", by_cv2("NEAREST"), by_cv2("NEAREST_EXACT"))
    yield Fault(cause, "torch nearest and nearest-exact", "resize", torch_nearest, by_torch("nearest-exact"))
    yield Fault(cause, "Pillow and torch", "resize", by_pillow("NEAREST"), torch_nearest)
    yield Fault(
        cause,
        "by index, and Pillow",
        "resize",
        by_pillow("NEAREST"),
        array(
            lambda a, s: a[
                (np.arange(s.resize[0]) * a.shape[0] / s.resize[0]).astype(int)[:, None],
                (np.arange(s.resize[1]) * a.shape[1] / s.resize[1]).astype(int),
            ]
        ),
    )


def gaps():
    small = Sizes((60, 72))

    def gapped(name, gap):
        return pil(lambda p, s: p.resize(s.resize[::-1], getattr(Image, name), reducing_gap=gap), "resize")

    for name, gap in (("BILINEAR", 2.0), ("BICUBIC", 2.0), ("LANCZOS", 1.5)):
        yield Fault(
            ("reducing-gap",),
            f"{name}, {gap}",
            "resize",
            by_pillow(name),
            gapped(name, gap),
            sizes=small,
            instead=("place",),
        )

    def thumbnail(p, s):
        made = p.copy()
        made.thumbnail((70, 70))
        return made

    yield Fault(
        ("reducing-gap",),
        "thumbnail and resize",
        "resize",
        pil(lambda p, s: p.resize(fitted(p.size, 70), Image.BICUBIC), "resize"),
        pil(thumbnail, "thumbnail", "resize"),
        ("png",),
        instead=("place",),
    )


def fitted(size, side):
    """The (width, height) that thumbnail((side, side)) makes."""
    width, height = size
    if width >= height:
        return side, max(1, round(side * height / width))
    return max(1, round(side * width / height)), side


def sizes():
    cause = ("size",)
    more = {"instead": ("place",)}
    yield Fault(
        cause,
        "224 and 256",
        "resize",
        bilinear,
        pil(lambda p, s: p.resize((256, 256), Image.BILINEAR), "resize"),
        **more,
    )
    yield Fault(
        cause,
        "the shorter side, and both",
        "resize",
        pil(lambda p, s: transforms.Resize(128)(p), "resize"),
        pil(lambda p, s: transforms.Resize((128, 128))(p), "resize"),
        **more,
    )
    yield Fault(
        cause,
        "the longer side cut off, and rounded up",
        "resize",
        array(lambda a, s: cv2.resize(a, (int(a.shape[1] * 0.37), int(a.shape[0] * 0.37))), "resize"),
        array(lambda a, s: cv2.resize(a, (int(a.shape[1] * 0.37) + 1, int(a.shape[0] * 0.37) + 1)), "resize"),
        **more,
    )
    yield Fault(
        cause,
        "torch 200 and 208",
        "resize",
        tensor(lambda t, s: v2.Resize((200, 200), antialias=True)(t), "resize"),
        tensor(lambda t, s: v2.Resize((208, 208), antialias=True)(t), "resize"),
        **more,
    )
    swapped = ("height-width",)
    oblong = {"sizes": Sizes((160, 220)), "instead": ("place",)}
    yield Fault(
        swapped,
        "cv2 given (height, width)",
        "resize",
        linear,
        array(lambda a, s: cv2.resize(a, s.resize), "resize"),
        **oblong,
    )
    yield Fault(
        swapped,
        "Pillow given (height, width)",
        "resize",
        bilinear,
        pil(lambda p, s: p.resize(s.resize, Image.BILINEAR), "resize"),
        **oblong,
    )
    yield Fault(
        swapped,
        "torch given (width, height)",
        "resize",
        smooth,
        tensor(
            lambda t, s: interpolate(t[None], size=s.resize[::-1], mode="bilinear", antialias=True)[0], "interpolate"
        ),
        **oblong,
    )


FAULTS = [
    fault
    for family in (antialias, filters, implementations, releases, corners, floats, nearest, gaps, sizes)
    for fault in family()
]

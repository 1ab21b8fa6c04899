# SPDX-License-Identifier: MIT
"""Faults in reading files and in colours."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps
from torchvision import transforms
from torchvision.transforms.v2 import functional as F  # noqa: N812

import isopixel
from tests.trace_cases import pictures
from tests.trace_cases.faults import RGB, Fault
from tests.trace_cases.same import RESIZE
from tests.trace_cases.ways import NOTHING, OPEN, UNRECORDED, Way, array, of_path, pil

ONE_CHANNEL = ("divided", "symmetric", "floats")
opened = of_path(lambda f, s: Image.open(f).convert("RGB"), *OPEN, gives="pil")
read_bgr = of_path(lambda f, s: cv2.imread(f), "imread")
read_rgb = of_path(lambda f, s: cv2.cvtColor(cv2.imread(f), cv2.COLOR_BGR2RGB), "imread", "cvtColor")
nothing = array(lambda a, s: a, NOTHING)


def channel_orders():
    cause = ("channel-order",)
    yield Fault(cause, "imread without cvtColor", "read", opened, read_bgr)
    yield Fault(cause, "both by cv2, one converts", "read", read_rgb, read_bgr)
    yield Fault(cause, "read as RGB, reversed again", "colour", nothing, array(lambda a, s: a[..., ::-1]))
    yield Fault(
        cause,
        "converted twice",
        "read",
        read_rgb,
        of_path(
            lambda f, s: cv2.cvtColor(cv2.cvtColor(cv2.imread(f), cv2.COLOR_BGR2RGB), cv2.COLOR_RGB2BGR),
            "imread",
            "cvtColor",
        ),
    )
    yield Fault(
        cause,
        "IMREAD_COLOR_RGB and IMREAD_COLOR",
        "read",
        of_path(lambda f, s: cv2.imread(f, cv2.IMREAD_COLOR_RGB), "imread"),
        of_path(lambda f, s: cv2.imread(f, cv2.IMREAD_COLOR), "imread"),
    )
    yield Fault(
        cause, "read_picture bgr", "read", opened, of_path(lambda f, s: isopixel.read_picture(f, "bgr"), "read_picture")
    )
    yield Fault(
        cause,
        "merged in another order",
        "colour",
        pil(lambda p, s: p, NOTHING),
        pil(lambda p, s: Image.merge("RGB", p.split()[::-1]), "merge"),
    )


def grays():
    to_l = pil(lambda p, s: p.convert("L"), "convert")
    more = {"kinds": ("png",), "scales": ONE_CHANNEL}
    gray = ("gray-formula",)
    cv_gray = array(lambda a, s: cv2.cvtColor(a, cv2.COLOR_RGB2GRAY), "cvtColor")
    yield Fault(gray, "convert L and cvtColor", "colour", to_l, cv_gray, scales=ONE_CHANNEL)
    yield Fault(
        gray,
        "convert L and rgb_to_grayscale",
        "colour",
        to_l,
        Way(lambda t, s: F.rgb_to_grayscale(t), "tensor", "tensor", ("rgb_to_grayscale", "sum", "mul", "to")),
        **more,
    )
    mean = array(lambda a, s: a.mean(axis=2).astype(np.uint8))
    yield Fault(gray, "convert L and the mean", "colour", to_l, mean, **more)
    yield Fault(
        gray,
        "IMREAD_GRAYSCALE of a PNG and cvtColor",
        "read",
        of_path(lambda f, s: cv2.cvtColor(cv2.imread(f), cv2.COLOR_BGR2GRAY), "imread", "cvtColor"),
        of_path(lambda f, s: cv2.imread(f, cv2.IMREAD_GRAYSCALE), "imread"),
        **more,
    )
    yield Fault(
        gray,
        "open L and IMREAD_GRAYSCALE of a PNG",
        "read",
        of_path(lambda f, s: Image.open(f).convert("L"), *OPEN, gives="pil"),
        of_path(lambda f, s: cv2.imread(f, 0), "imread"),
        **more,
    )
    yield Fault(
        gray,
        "transforms.Grayscale of a picture and cvtColor",
        "colour",
        pil(lambda p, s: transforms.Grayscale()(p), "Grayscale", "convert", "to_grayscale"),
        cv_gray,
        scales=ONE_CHANNEL,
    )
    wrong = ("gray-of-bgr",)
    yield Fault(
        wrong,
        "RGB2GRAY of what imread returns",
        "read",
        of_path(lambda f, s: cv2.cvtColor(cv2.imread(f), cv2.COLOR_BGR2GRAY), "imread", "cvtColor"),
        of_path(lambda f, s: cv2.cvtColor(cv2.imread(f), cv2.COLOR_RGB2GRAY), "imread", "cvtColor"),
        scales=ONE_CHANNEL,
    )
    yield Fault(
        wrong,
        "BGR2GRAY of RGB",
        "colour",
        cv_gray,
        array(lambda a, s: cv2.cvtColor(np.ascontiguousarray(a), cv2.COLOR_BGR2GRAY), "cvtColor"),
        scales=ONE_CHANNEL,
    )
    yield Fault(
        wrong,
        "fromarray of BGR, then L",
        "read",
        of_path(lambda f, s: Image.open(f).convert("RGB").convert("L"), *OPEN, gives="pil"),
        of_path(
            lambda f, s: Image.fromarray(cv2.imread(f)).convert("L"), "imread", "convert", "fromarray", gives="pil"
        ),
        scales=ONE_CHANNEL,
    )


def orientations():
    upright = of_path(lambda f, s: ImageOps.exif_transpose(Image.open(f)), *OPEN, "exif_transpose", gives="pil")
    ignoring = of_path(lambda f, s: cv2.imread(f, 1 | cv2.IMREAD_IGNORE_ORIENTATION)[..., ::-1], "imread", UNRECORDED)
    by_recipe = of_path(lambda f, s: isopixel.read_picture(f, "rgb", orientation="ignore"), "read_picture")
    for n in (2, 3, 6, 8):
        kinds = (f"exif-{n}",)
        yield Fault(("exif",), f"{n}: open and imread", "read", opened, read_rgb, kinds)
        yield Fault(("exif",), f"{n}: exif_transpose and open", "read", upright, opened, kinds)
        yield Fault(("exif",), f"{n}: imread with and without", "read", read_rgb, ignoring, kinds)
        yield Fault(("exif",), f"{n}: imread and read_picture", "read", read_rgb, by_recipe, kinds)


def palettes():
    more = {"kinds": ("palette",), "scales": ONE_CHANNEL}
    indexes = of_path(lambda f, s: Image.open(f), *OPEN, gives="pil")
    yield Fault(
        ("palette",),
        "indexes as an array",
        "read",
        of_path(lambda f, s: np.array(Image.open(f).convert("RGB")), *OPEN),
        of_path(lambda f, s: np.array(Image.open(f)), *OPEN),
        **more,
    )
    yield Fault(("palette",), "imread and indexes", "read", read_rgb, indexes, **more, instead=("turn", "resize"))
    resized = indexes.run
    yield Fault(
        ("palette", "order"),
        "resized before it is converted",
        "read",
        of_path(lambda f, s: resized(f, s).convert("RGB").resize(s.resize[::-1]), *OPEN, "resize", gives="pil"),
        of_path(lambda f, s: resized(f, s).resize(s.resize[::-1]).convert("RGB"), *OPEN, "resize", gives="pil"),
        ("palette",),
        instead=("resize", "turn"),
    )
    yield Fault(
        ("palette",),
        "indexes taken for gray",
        "read",
        of_path(lambda f, s: Image.open(f).convert("L"), *OPEN, gives="pil"),
        of_path(lambda f, s: np.asarray(Image.open(f)), *OPEN),
        **more,
    )


def over(picture, value):
    ground = Image.new("RGBA", picture.size, (value, value, value, 255))
    ground.alpha_composite(picture)
    return ground.convert("RGB")


def alphas():
    more = {"kinds": ("alpha",), "read": "rgba"}
    four = ONE_CHANNEL
    premultiplied = RESIZE["pillow-13-bilinear"][0]
    yield Fault(
        ("alpha",),
        "a picture is premultiplied, cv2 is not",
        "resize",
        premultiplied,
        array(lambda a, s: cv2.resize(a, s.resize[::-1]), "resize"),
        **more,
        scales=four,
    )
    yield Fault(
        ("alpha", "order"),
        "dropped before the resize",
        "resize",
        pil(lambda p, s: p.convert("RGB").resize(s.resize[::-1], Image.BILINEAR), "convert", "resize"),
        pil(lambda p, s: p.resize(s.resize[::-1], Image.BILINEAR).convert("RGB"), "convert", "resize"),
        **more,
    )
    dropped = pil(lambda p, s: p.convert("RGB"), "convert")
    for value, name in ((255, "white"), (0, "black")):
        yield Fault(
            ("alpha",),
            f"dropped, and over {name}",
            "colour",
            dropped,
            pil(lambda p, s, value=value: over(p, value), "alpha_composite", "convert", "new", "paste"),
            **more,
        )
    blended = array(lambda a, s: np.rint(a[..., :3] * (a[..., 3:] / 255.0)).astype(np.uint8))
    yield Fault(
        ("alpha",), "dropped, and multiplied by hand", "colour", array(lambda a, s: a[..., :3]), blended, **more
    )
    yield Fault(
        ("alpha",),
        "imread drops it, over white by hand",
        "read",
        replace(read_rgb, calls=(*read_rgb.calls, NOTHING)),
        of_path(lambda f, s: over(Image.open(f), 255), *OPEN, "alpha_composite", "new", gives="pil"),
        ("alpha",),
    )
    yield Fault(
        ("alpha",),
        "pasted with a mask, and dropped",
        "colour",
        dropped,
        pil(lambda p, s: pasted(p), "paste", "new"),
        **more,
    )


def pasted(picture):
    ground = Image.new("RGB", picture.size, (255, 255, 255))
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def deep():
    more = {"kinds": ("deep",), "scales": ONE_CHANNEL, "instead": ("turn",)}
    whole = of_path(lambda f, s: cv2.imread(f, cv2.IMREAD_UNCHANGED), "imread")
    eight = of_path(lambda f, s: cv2.imread(f, cv2.IMREAD_GRAYSCALE), "imread")
    last = {**more, "is_last": True}
    yield Fault(("16-bit",), "all bits and 8 of them", "read", whole, eight, **last)
    yield Fault(
        ("16-bit",),
        "open and IMREAD_GRAYSCALE",
        "read",
        of_path(lambda f, s: np.array(Image.open(f)), *OPEN),
        eight,
        **last,
    )
    yield Fault(
        ("16-bit",),
        "cut to 8 bits, and divided by 257",
        "read",
        eight,
        of_path(lambda f, s: np.rint(cv2.imread(f, cv2.IMREAD_UNCHANGED) / 257).astype(np.uint8), "imread", UNRECORDED),
        **more,
    )
    yield Fault(
        ("16-bit",),
        "clipped by convert, and cut",
        "read",
        of_path(lambda f, s: np.minimum(np.array(Image.open(f)), 255).astype(np.uint8), *OPEN, UNRECORDED),
        eight,
        **more,
    )


def decoders():
    drafted = of_path(lambda f, s: draft(f, (120, 120)), *OPEN, "draft", gives="pil")
    more = {"kinds": ("jpeg",), "instead": ("place",)}
    yield Fault(("draft-decode",), "draft before load", "read", opened, drafted, **more)
    reduced = of_path(lambda f, s: cv2.imread(f, cv2.IMREAD_REDUCED_COLOR_2)[..., ::-1], "imread", UNRECORDED)
    yield Fault(("draft-decode",), "IMREAD_REDUCED_COLOR_2", "read", opened, reduced, **more)
    yield Fault(
        ("draft-decode",),
        "IMREAD_REDUCED_COLOR_4, both by cv2",
        "read",
        read_rgb,
        of_path(
            lambda f, s: cv2.cvtColor(cv2.imread(f, cv2.IMREAD_REDUCED_COLOR_4), cv2.COLOR_BGR2RGB),
            "imread",
            "cvtColor",
        ),
        **more,
    )
    yield Fault(
        ("draft-decode", "reducing-gap"),
        "thumbnail of a JPEG, and resize",
        "read",
        of_path(lambda f, s: Image.open(f).resize(fitted(f, 100), Image.BICUBIC), *OPEN, "resize", gives="pil"),
        of_path(lambda f, s: thumbnail(f, 100), *OPEN, "thumbnail", "resize", "draft", gives="pil"),
        kinds=("jpeg",),
        instead=("resize", "place"),
    )
    yield Fault(("decoder",), "CMYK by Pillow and by cv2", "read", opened, read_rgb, ("cmyk",))
    yield Fault(
        ("decoder",),
        "YCbCr converted by another decoder",
        "read",
        opened,
        of_path(lambda f, s: other_decoder(f), *OPEN, "draft", UNRECORDED),
        **more,
    )
    yield Fault(
        ("decoder",),
        "YCbCr converted by Pillow",
        "read",
        read_rgb,
        of_path(lambda f, s: ycbcr(f).convert("RGB"), *OPEN, "draft", gives="pil"),
        **more,
    )


def draft(path, size):
    picture = Image.open(path)
    picture.draft("RGB", size)
    return picture.convert("RGB")


def fitted(path, side):
    picture = Image.open(path)
    picture.thumbnail((side, side))
    return picture.size


def thumbnail(path, side):
    picture = Image.open(path)
    picture.thumbnail((side, side))
    return picture


def ycbcr(path):
    picture = Image.open(path)
    picture.draft("YCbCr", picture.size)
    return picture


def other_decoder(path):
    y, b, r = (np.asarray(plane).astype(np.float64) for plane in ycbcr(path).split())
    b, r = b - 128, r - 128
    planes = (y + 1.402 * r, y - 0.344136 * b - 0.714136 * r, y + 1.772 * b)
    return np.clip(np.floor(np.stack(planes, -1)), 0, 255).astype(np.uint8)


def beside(path, kind, more):
    """The path of another file of the case: of a kind, of the photograph with that number more."""
    number = int(Path(path).stem.rsplit("-", 1)[1]) + more
    return str(Path(path).with_name(pictures.name(kind, number)))


def sources():
    for kind in RGB:
        more = {"kinds": (kind,)}
        other = of_path(lambda f, s, kind=kind: Image.open(beside(f, kind, 6)).convert("RGB"), *OPEN, gives="pil")
        yield Fault(("source-file",), f"another {kind} of the same size", "read", opened, other, **more)
        by_cv2 = of_path(lambda f, s, kind=kind: cv2.imread(beside(f, kind, 6))[..., ::-1], "imread", UNRECORDED)
        yield Fault(("source-file",), f"another {kind}, by cv2", "read", opened, by_cv2, **more)
    as_jpeg = of_path(lambda f, s: Image.open(beside(f, "jpeg", 0)).convert("RGB"), *OPEN, gives="pil")
    yield Fault(("source-file",), "a JPEG of it", "read", opened, as_jpeg, ("png",))


FAULTS = [
    fault
    for family in (channel_orders, grays, orientations, palettes, alphas, deep, decoders, sources)
    for fault in family()
]

# SPDX-License-Identifier: MIT
"""What recorded calls of torch and torchvision are."""

from collections.abc import Callable, Mapping

from isopixel._explain.operation import Operation
from isopixel._trace.comparing.recorded.call import (
    Call,
    Chain,
    Reader,
    always,
    frozen_resize,
    padded,
    reshaped,
    sliced,
    top_left,
)
from isopixel._trace.comparing.recorded.pictures import pillow_resize

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


def _center_crop(call: Call) -> Chain | None:
    if call.before is None:
        return None
    at = tuple(round((old - new) / 2.0) for old, new in zip(call.before.size, call.after.size, strict=True))
    return (Operation("crop", "crop", (*call.size, ("at", at))),) if min(at) >= 0 else None


def _top_left_crop(call: Call) -> Chain | None:
    at = (call.argument("top"), call.argument("left"))
    return (Operation("crop", "crop", (*call.size, ("at", at))),) if None not in at else None


def _five_crop(call: Call) -> Chain:
    return (Operation("crop", "crop", (*call.size, ("at", "a corner or the middle"))),)  # which one is not recorded


def _vision_pad(call: Call) -> Chain | None:
    if call.argument("padding_mode") not in (None, "constant"):
        return None
    return padded(call, *top_left(call.argument("padding")), call.argument("fill"))


def _torch_pad(call: Call) -> Chain | None:
    pad = call.argument("pad")
    if call.argument("mode") not in (None, "constant") or not call.after.axes.endswith("HW"):
        return None
    left, _, top = [*list(pad), 0][:3]
    return padded(call, top, left, call.argument("value"))


def _subtracted(call: Call) -> Chain | None:
    number = call.argument("other")
    if isinstance(number, bool) or not isinstance(number, (int, float)) or call.argument("alpha") is not None:
        return None
    return (Operation("normalize", "normalize", (("mean", float(number)), ("std", 1.0))),)


def _interpolate(call: Call) -> Chain | None:
    mode = str(call.argument("mode") or "nearest")
    suffix = "-antialias" if call.argument("antialias") else ""
    corners = "-align-corners" if call.argument("align_corners") else ""
    if call.before is None:
        return None
    if call.before.dtype == "uint8" and not corners:
        return frozen_resize(call, "torch", mode, suffix)
    dtype = "installed" if call.before.dtype == "uint8" else call.before.dtype
    return (Operation("resize", f"torch-{dtype}-{mode}{suffix}{corners}", call.size),)


def _vision_resize(call: Call) -> Chain | None:
    """Returns what torchvision's resize is: Pillow's of images, torch's of tensors."""
    if call.before is None or call.before.kind.startswith("PIL"):
        return pillow_resize(call, "bilinear")
    word = str(call.argument("interpolation") or "bilinear").lower().rpartition(".")[2].replace("_", "-")
    smooth = call.argument("antialias") is not False and word in ("bilinear", "bicubic")
    suffix = "-antialias" if smooth else ""
    if call.before.dtype == "uint8":
        return frozen_resize(call, "torch", word, suffix)
    return (Operation("resize", f"torch-{call.before.dtype}-{word}{suffix}", call.size),)


def _gray(call: Call) -> Chain | None:
    """Returns what torchvision's gray is: Pillow's of images, its own of tensors."""
    if call.before is None or call.before.dtype != "uint8" or len(call.before.planes) != 3:
        return None
    gray = Operation("gray", "pillow-7" if call.before.kind.startswith("PIL") else "torchvision")
    return (gray, Operation("channels", "repeated")) if len(call.after.planes) == 3 else (gray,)


def _to_tensor(call: Call) -> Chain | None:
    if call.before is None or call.before.dtype != "uint8":
        return ()
    return (Operation("scale", "divided-by-255", (("arithmetic", "float32"),)),)


def _normalize(call: Call) -> Chain | None:
    mean, std = call.argument("mean"), call.argument("std")
    if not isinstance(mean, (list, tuple)) or not isinstance(std, (list, tuple)):
        return None
    arguments = (("mean", tuple(mean)), ("std", tuple(std)), ("order", "rgb"))
    return (Operation("normalize", "imagenet" if (tuple(mean), tuple(std)) == IMAGENET else "normalize", arguments),)


def _torch_flip(call: Call) -> Chain | None:
    dims = call.argument("dims")
    dims = dims if isinstance(dims, list) else [dims]
    turn = {"H": "flip-vertical", "W": "flip-horizontal"}
    axes = "".join(sorted(call.after.axes[dim] for dim in dims if isinstance(dim, int)) if call.after.axes else [])
    name = "rotate-180" if axes == "HW" else turn.get(axes)
    return (Operation("turn", name),) if name else None


def _cast(call: Call) -> Chain | None:
    if call.before is None or call.before.dtype == call.after.dtype:
        return ()
    rounding = (("rounding", "down"),) if "float" in call.before.dtype and "int" in call.after.dtype else ()
    return (Operation("cast", call.after.dtype, rounding),)


def _rounded(rounding: str) -> Callable[[Call], Chain]:
    """Returns the reader of a function that makes whole numbers, of the same dtype."""
    return lambda call: (Operation("cast", call.after.dtype, (("rounding", rounding),)),)


def clamped(call: Call) -> Chain:
    return (Operation("cast", call.after.dtype, (("overflow", "clip"),)),)


def _scaled(verb: str) -> Callable[[Call], Chain | None]:
    """Returns the reader of a product or quotient with a number."""

    def read(call: Call) -> Chain | None:
        number = call.argument("other", "value", "argument 1")
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return None
        return (Operation("scale", f"{verb}{number:g}", (("arithmetic", call.after.dtype),)),)

    return read


CALLS: Mapping[str, Mapping[str, Reader]] = {
    "torch": {
        "interpolate": _interpolate,
        **{f"{name}{end}": _scaled("divided-by-") for name in ("div", "divide", "true_divide") for end in ("", "_")},
        **{f"mul{end}": _scaled("times-") for end in ("", "_")},
        **{f"round{end}": _rounded("nearest") for end in ("", "_")},
        **{f"{name}{end}": _rounded("down") for name in ("floor", "trunc") for end in ("", "_")},
        **{f"{name}{end}": clamped for name in ("clamp", "clip") for end in ("", "_")},
        **{name: _cast for name in ("float", "double", "half", "bfloat16", "byte", "int", "long", "to", "type")},
        **{f"sub{end}": _subtracted for end in ("", "_")},
        "flip": _torch_flip,
        "pad": _torch_pad,
        "__getitem__": sliced,
        "view": reshaped,
        "reshape": reshaped,
    },
    "torchvision": {
        "resize": _vision_resize,
        "Resize": _vision_resize,
        "center_crop": _center_crop,
        "CenterCrop": _center_crop,
        "crop": _top_left_crop,
        "five_crop": _five_crop,
        "FiveCrop": _five_crop,
        "pad": _vision_pad,
        "Pad": _vision_pad,
        "hflip": always("turn", "flip-horizontal"),
        "vflip": always("turn", "flip-vertical"),
        "rgb_to_grayscale": _gray,
        "to_grayscale": _gray,
        "Grayscale": _gray,
        "to_tensor": _to_tensor,
        "normalize": _normalize,
        "Normalize": _normalize,
    },
}

# SPDX-License-Identifier: MIT
"""What recorded calls of Pillow and OpenCV are."""

from collections.abc import Mapping

from isopixel._explain.operation import REVERSED, Operation
from isopixel._trace.comparing.recorded.call import (
    UPRIGHT,
    Call,
    Chain,
    Reader,
    always,
    frozen_resize,
    padded,
    top_left,
)

TURNS = {
    "FLIP_LEFT_RIGHT": "flip-horizontal",
    "FLIP_TOP_BOTTOM": "flip-vertical",
    "ROTATE_90": "rotate-270",  # Pillow's turns are counter-clockwise
    "ROTATE_180": "rotate-180",
    "ROTATE_270": "rotate-90",
    "TRANSPOSE": "transpose",
    "TRANSVERSE": "transverse",
}
CV_TURNS = {"ROTATE_90_CLOCKWISE": "rotate-90", "ROTATE_180": "rotate-180", "ROTATE_90_COUNTERCLOCKWISE": "rotate-270"}
CV_FLIPS = {1: "flip-horizontal", 0: "flip-vertical", -1: "rotate-180"}


def pillow_resize(call: Call, default: str = "bicubic") -> Chain | None:
    before, box = call.before, call.argument("box")
    if (
        before is None
        or not before.kind.startswith("PIL")
        or (box and [0, 0, *before.size[::-1]] != list(map(round, box)))
    ):
        return None
    word = str(call.argument("resample", "interpolation", "method") or default).lower().rpartition(".")[2]
    mode = before.kind.removeprefix("PIL ")
    word = "nearest" if mode in ("P", "1") else word
    gap = call.argument("reducing_gap")
    if gap and _reduces(before.size, call.after.size, float(gap)):
        return (Operation("resize", f"pillow-reducing-gap-{float(gap):g}-{word}", call.size),)
    if mode in ("F", "I") and word != "nearest":
        return (Operation("resize", f"pillow-{before.dtype}-{word}", call.size),)
    return frozen_resize(call, "pillow", word, "-alpha" if mode in ("RGBA", "LA") else "")


def _reduces(old: tuple[int, int], new: tuple[int, int], gap: float) -> bool:
    """Returns whether a reducing gap makes Pillow reduce by a whole number first."""
    return any(int(side / other / gap) > 1 for side, other in zip(old, new, strict=True))


def _reduce(call: Call) -> Chain | None:
    """Returns the resize that a mean of whole numbers of pixels is."""
    return (Operation("resize", "pillow-reduce", call.size),) if call.argument("box") is None else None


def _thumbnail(call: Call) -> Chain | None:
    return pillow_resize(call)


def _convert(call: Call) -> Chain | None:
    mode, old = call.argument("mode"), call.before.kind.removeprefix("PIL ") if call.before is not None else ""
    if old in ("P", "PA"):
        expanded = Operation("channels", "palette-expanded")
        return (
            (expanded,)
            if mode in ("RGB", "RGBA")
            else (expanded, Operation("gray", "pillow-7"))
            if mode == "L"
            else None
        )
    if mode == "L" and old in ("RGB", "RGBA"):
        dropped = (Operation("alpha", "dropped"),) if old == "RGBA" else ()
        return (*dropped, Operation("gray", "pillow-7"))
    if (mode, old) in (("RGB", "RGBA"), ("L", "LA")):
        return (Operation("alpha", "dropped"),)
    return (Operation("channels", "repeated"),) if (mode, old) == ("RGB", "L") else None


def _orient(call: Call) -> Chain | None:
    turn = UPRIGHT.get(call.orientation)
    return (Operation("turn", turn),) if turn else None


def _crop(call: Call) -> Chain | None:
    box = call.argument("box")
    if not isinstance(box, (list, tuple)) or len(box) != 4:
        return None
    return (Operation("crop", "crop", (*call.size, ("at", (round(box[1]), round(box[0]))))),)


def _expand(call: Call) -> Chain:
    return padded(call, *top_left(call.argument("border") or 0), call.argument("fill"))


def _paste(call: Call) -> Chain | None:
    """Returns the pad that a paste on a larger ground is; its filling is the one value that all its samples have."""
    box = call.argument("box") or [0, 0]
    if call.before is None or call.argument("mask") is not None or call.before.size == call.after.size:
        return None
    grounds = [set(value.range) for value in call.operands if value.size == call.after.size]
    if call.after.dtype == "uint8" and len(grounds) == 1 and len(grounds[0]) == 1:
        return padded(call, int(box[1]), int(box[0]), *grounds[0])
    return (Operation("pad", "pad", (*call.size, ("at", (int(box[1]), int(box[0]))))),)


def _turn(call: Call) -> Chain | None:
    turn = TURNS.get(str(call.argument("method")))
    return (Operation("turn", turn),) if turn else None


def _cv_resize(call: Call) -> Chain | None:
    word = str(call.argument("interpolation") or "INTER_LINEAR").removeprefix("INTER_").lower().replace("_", "-")
    if call.before is None or call.before.dtype == "uint8":
        return frozen_resize(call, "opencv", word)
    return (Operation("resize", f"opencv-{call.before.dtype}-{word}", call.size),)


def _cv_colour(call: Call) -> Chain | None:
    code = str(call.argument("code")).removeprefix("COLOR_")
    old, _, new = code.partition("2")
    if new == "GRAY" and old in ("BGR", "RGB", "BGRA", "RGBA"):
        dropped = (Operation("alpha", "dropped"),) if len(old) == 4 else ()
        order = (("order", "bgr"),) if old.startswith("BGR") else ()
        version = call.libraries.get("opencv", "")
        return (*dropped, Operation("gray", "opencv-3.4" if version.startswith("3.") else "opencv-4", order))
    if old == "GRAY" and new in ("BGR", "RGB"):
        return (Operation("channels", "repeated"),)
    changes = [(old[:3] == new[2::-1], REVERSED), (len(old) == 4 and len(new) == 3, Operation("alpha", "dropped"))]
    if not {old, new} <= {"BGR", "RGB", "BGRA", "RGBA"} or len(new) > len(old):
        return None
    return tuple(operation for is_done, operation in changes if is_done)


def _cv_turn(call: Call) -> Chain | None:
    flip, code = call.argument("flipCode"), call.argument("rotateCode")
    turn = CV_FLIPS.get(max(-1, min(1, flip))) if isinstance(flip, int) else CV_TURNS.get(str(code))
    return (Operation("turn", turn),) if turn else None


def _cv_pad(call: Call) -> Chain | None:
    at = (call.argument("top"), call.argument("left"))
    border = str(call.argument("borderType") or "BORDER_CONSTANT")
    if None in at:
        return None
    if border == "BORDER_CONSTANT":
        return padded(call, *at, call.argument("value"))
    name = {"BORDER_REPLICATE": "pad-edge", "BORDER_REFLECT_101": "pad-reflect"}.get(border)
    return (Operation("pad", name, (*call.size, ("at", at))),) if name else None


CALLS: Mapping[str, Mapping[str, Reader]] = {
    "pillow": {
        "resize": pillow_resize,
        "thumbnail": _thumbnail,
        "reduce": _reduce,
        "convert": _convert,
        "exif_transpose": _orient,
        "alpha_composite": always("alpha", "composited"),
        "crop": _crop,
        "expand": _expand,
        "paste": _paste,
        "transpose": _turn,
        "mirror": always("turn", "flip-horizontal"),
        "flip": always("turn", "flip-vertical"),
        "invert": always("levels", "inverted"),
    },
    "opencv": {
        "resize": _cv_resize,
        "cvtColor": _cv_colour,
        "flip": _cv_turn,
        "rotate": _cv_turn,
        "transpose": always("turn", "transpose"),
        "copyMakeBorder": _cv_pad,
        "bitwise_not": always("levels", "inverted"),
    },
}

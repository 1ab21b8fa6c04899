# SPDX-License-Identifier: MIT
"""Which known functions a recorded call is, by its arguments and the library's release, without its samples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from isopixel._explain.operation import Kind, Operation
from isopixel._method_for import method_for
from isopixel._trace.path import Node
from isopixel._trace.records import Step, Value

Chain = tuple[Operation, ...]
REVERSED = Operation("channels", "reversed")

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
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
UPRIGHT = {
    2: "flip-horizontal",
    3: "rotate-180",
    4: "flip-vertical",
    5: "transpose",
    6: "rotate-90",
    7: "transverse",
    8: "rotate-270",
}  # by an Exif orientation, the turn that shows the picture upright


@dataclass(frozen=True)
class Call:
    """A recorded call.

    Attributes:
        step: the call.
        before: its first input; None if it has none.
        after: its result.
        libraries: the versions that were there.
        orientation: of the file that the samples are from.
    """

    step: Step
    before: Value | None
    after: Value
    libraries: Mapping[str, str]
    orientation: int

    def argument(self, *names: str) -> Any:
        """Returns the first of these arguments that is given."""
        return next((self.step.arguments[name] for name in names if self.step.arguments.get(name) is not None), None)

    @property
    def size(self) -> tuple[tuple[str, Any], ...]:
        """The size of the result, as an argument."""
        return (("size", self.after.size),)


def recorded(node: Node, before: Value | None, libraries: Mapping[str, str], orientation: int = 1) -> Chain | None:
    """Returns the known functions that a call is, by its name and arguments; None if that is not known.

    Args:
        node: what the call made.
        before: what it made that of.
        libraries: the versions that were there.
        orientation: the Exif orientation of the file that the samples are from.
    """
    if node.step is None:
        return None
    if node.saved is not None:
        return _reloaded(node, node.saved)
    reader = CALLS.get((node.step.library, node.step.name.removeprefix("v2.")))
    return reader(Call(node.step, before, node.value, libraries, orientation)) if reader is not None else None


def _reloaded(node: Node, saved: Step) -> Chain | None:
    """Returns what became of a picture that was saved and read again; None if that is not a matter of JPEG."""
    if node.facts.get("format") != "JPEG":
        return None
    quality = saved.arguments.get("quality")
    return (Operation("jpeg", saved.library, (("quality", quality),) if quality is not None else ()),)


def _resize(call: Call, library: str, word: str, suffix: str = "") -> Chain:
    """Returns the method that a filter of a library's release is; or, if none is frozen, what it is called."""
    try:
        name: str = method_for(library, call.libraries.get(library, ""), f"{word}{suffix}")
    except (ValueError, TypeError):
        name = f"{library}-installed-{word}{suffix}"
    return (Operation("resize", name, call.size),)


def _pillow_resize(call: Call, default: str = "bicubic") -> Chain | None:
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
    return _resize(call, "pillow", word, "-alpha" if mode in ("RGBA", "LA") else "")


def _reduces(old: tuple[int, int], new: tuple[int, int], gap: float) -> bool:
    """Returns whether a reducing gap makes Pillow reduce by a whole number first."""
    return any(int(side / other / gap) > 1 for side, other in zip(old, new, strict=True))


def _thumbnail(call: Call) -> Chain | None:
    return _pillow_resize(call)


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


def _center_crop(call: Call) -> Chain | None:
    if call.before is None:
        return None
    at = tuple(round((old - new) / 2.0) for old, new in zip(call.before.size, call.after.size, strict=True))
    return (Operation("crop", "crop", (*call.size, ("at", at))),) if min(at) >= 0 else None


def _top_left_crop(call: Call) -> Chain | None:
    at = (call.argument("top"), call.argument("left"))
    return (Operation("crop", "crop", (*call.size, ("at", at))),) if None not in at else None


def _turn(call: Call) -> Chain | None:
    turn = TURNS.get(str(call.argument("method")))
    return (Operation("turn", turn),) if turn else None


def _always(kind: Kind, name: str) -> Callable[[Call], Chain]:
    return lambda call: (Operation(kind, name),)


def _cv_resize(call: Call) -> Chain | None:
    word = str(call.argument("interpolation") or "INTER_LINEAR").removeprefix("INTER_").lower().replace("_", "-")
    if call.before is None or call.before.dtype == "uint8":
        return _resize(call, "opencv", word)
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
    changes = [(len(old) == 4 and len(new) == 3, Operation("alpha", "dropped")), (old[:3] == new[2::-1], REVERSED)]
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
        value = call.argument("value")
        colour = tuple(int(v) for v in value) if isinstance(value, (list, tuple)) else int(value or 0)
        if isinstance(colour, tuple):
            colour = colour[: len(call.after.planes)]
            colour = colour[0] if len(set(colour)) == 1 else colour
        return (Operation("pad", "pad", (*call.size, ("at", at), ("value", colour))),)
    name = {"BORDER_REPLICATE": "pad-edge", "BORDER_REFLECT_101": "pad-reflect"}.get(border)
    return (Operation("pad", name, (*call.size, ("at", at))),) if name else None


def _interpolate(call: Call) -> Chain | None:
    mode = str(call.argument("mode") or "nearest")
    suffix = "-antialias" if call.argument("antialias") else ""
    corners = "-align-corners" if call.argument("align_corners") else ""
    if call.before is None:
        return None
    if call.before.dtype == "uint8" and not corners:
        return _resize(call, "torch", mode, suffix)
    dtype = "installed" if call.before.dtype == "uint8" else call.before.dtype
    return (Operation("resize", f"torch-{dtype}-{mode}{suffix}{corners}", call.size),)


def _vision_resize(call: Call) -> Chain | None:
    """Returns what torchvision's resize is: Pillow's of images, torch's of tensors."""
    if call.before is None or call.before.kind.startswith("PIL"):
        return _pillow_resize(call, "bilinear")
    word = str(call.argument("interpolation") or "bilinear").lower().rpartition(".")[2].replace("_", "-")
    smooth = call.argument("antialias") is not False and word in ("bilinear", "bicubic")
    suffix = "-antialias" if smooth else ""
    if call.before.dtype == "uint8":
        return _resize(call, "torch", word, suffix)
    return (Operation("resize", f"torch-{call.before.dtype}-{word}{suffix}", call.size),)


def _to_tensor(call: Call) -> Chain | None:
    if call.before is None or call.before.dtype != "uint8":
        return ()
    return (Operation("scale", "divided-by-255", (("arithmetic", "float32"),)),)


def _normalize(call: Call) -> Chain | None:
    mean, std = call.argument("mean"), call.argument("std")
    if not isinstance(mean, (list, tuple)) or not isinstance(std, (list, tuple)):
        return None
    arguments = (("mean", tuple(mean)), ("std", tuple(std)), ("order", "rgb"), ("range", 1))
    return (Operation("normalize", "imagenet" if (tuple(mean), tuple(std)) == IMAGENET else "normalize", arguments),)


def _isopixel_resize(call: Call) -> Chain:
    return (Operation("resize", str(call.argument("method") or "bilinear"), call.size),)


def _layout(call: Call) -> Chain | None:
    layout = call.argument("layout")
    return (Operation("layout", layout),) if isinstance(layout, str) else None


def _np_pad(call: Call) -> Chain | None:
    width, mode = call.argument("pad_width"), call.argument("mode") or "constant"
    name = {"constant": "pad", "edge": "pad-edge", "reflect": "pad-reflect"}.get(mode)
    is_for_axes = isinstance(width, list) and len(width) >= 2 and all(isinstance(side, list) for side in width)
    if name is None or not is_for_axes or call.before is None or not call.before.axes:
        return None
    at = tuple(width[call.before.axes.index(axis)][0] for axis in "HW")
    value = (("value", call.argument("constant_values") or 0),) if name == "pad" else ()
    return (Operation("pad", name, (*call.size, ("at", at), *value)),)


def _np_flip(call: Call) -> Chain | None:
    axes, axis = call.after.axes, call.argument("axis")
    if not isinstance(axis, int) or not axes:
        return None
    turn = {"H": "flip-vertical", "W": "flip-horizontal"}.get(axes[axis])
    return (
        (Operation("turn", turn),)
        if turn
        else (REVERSED,)
        if len(call.after.planes) == 3 and axes[axis] == "C"
        else None
    )


def _torch_flip(call: Call) -> Chain | None:
    dims = call.argument("dims")
    dims = dims if isinstance(dims, list) else [dims]
    turn = {"H": "flip-vertical", "W": "flip-horizontal"}
    axes = "".join(sorted(call.after.axes[dim] for dim in dims if isinstance(dim, int)) if call.after.axes else [])
    name = "rotate-180" if axes == "HW" else turn.get(axes)
    return (Operation("turn", name),) if name else None


def _np_turn(call: Call) -> Chain | None:
    turns = call.argument("k") if call.argument("k") is not None else 1
    turn = {1: "rotate-270", 2: "rotate-180", 3: "rotate-90"}.get(turns % 4) if isinstance(turns, int) else None
    is_of_rows = call.after.axes[:2] == "HW" and call.argument("axes") in (None, [0, 1])
    return (Operation("turn", turn),) if turn and is_of_rows else None


def _cast(call: Call) -> Chain | None:
    if call.before is None or call.before.dtype == call.after.dtype:
        return ()
    return (Operation("cast", call.after.dtype),)


def _rounded(rounding: str) -> Callable[[Call], Chain]:
    """Returns the reader of a function that makes whole numbers, of the same dtype."""
    return lambda call: (Operation("cast", call.after.dtype, (("rounding", rounding),)),)


def _clamped(call: Call) -> Chain:
    return (Operation("cast", call.after.dtype, (("overflow", "clip"),)),)


def _scaled(verb: str) -> Callable[[Call], Chain | None]:
    """Returns the reader of a product or quotient with a number."""

    def read(call: Call) -> Chain | None:
        number = call.argument("other", "value", "argument 1")
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            return None
        return (Operation("scale", f"{verb}{number:g}", (("arithmetic", call.after.dtype),)),)

    return read


CALLS: dict[tuple[str, str], Callable[[Call], Chain | None]] = {
    ("pillow", "resize"): _pillow_resize,
    ("pillow", "thumbnail"): _thumbnail,
    ("pillow", "convert"): _convert,
    ("pillow", "exif_transpose"): _orient,
    ("pillow", "alpha_composite"): _always("alpha", "composited"),
    ("pillow", "crop"): _crop,
    ("pillow", "transpose"): _turn,
    ("pillow", "mirror"): _always("turn", "flip-horizontal"),
    ("pillow", "flip"): _always("turn", "flip-vertical"),
    ("pillow", "invert"): _always("levels", "inverted"),
    ("opencv", "resize"): _cv_resize,
    ("opencv", "cvtColor"): _cv_colour,
    ("opencv", "flip"): _cv_turn,
    ("opencv", "rotate"): _cv_turn,
    ("opencv", "transpose"): _always("turn", "transpose"),
    ("opencv", "copyMakeBorder"): _cv_pad,
    ("opencv", "bitwise_not"): _always("levels", "inverted"),
    ("torch", "interpolate"): _interpolate,
    **{
        ("torch", f"{name}{end}"): _scaled("divided-by-")
        for name in ("div", "divide", "true_divide")
        for end in ("", "_")
    },
    **{("torch", f"mul{end}"): _scaled("times-") for end in ("", "_")},
    **{("torch", f"round{end}"): _rounded("nearest") for end in ("", "_")},
    **{("torch", f"{name}{end}"): _rounded("down") for name in ("floor", "trunc") for end in ("", "_")},
    **{("torch", f"{name}{end}"): _clamped for name in ("clamp", "clip") for end in ("", "_")},
    **{("torch", name): _cast for name in ("float", "double", "half", "bfloat16", "byte", "int", "long", "to", "type")},
    ("torch", "flip"): _torch_flip,
    ("numpy", "clip"): _clamped,
    ("numpy", "pad"): _np_pad,
    ("numpy", "flip"): _np_flip,
    ("numpy", "fliplr"): _always("turn", "flip-horizontal"),
    ("numpy", "flipud"): _always("turn", "flip-vertical"),
    ("numpy", "rot90"): _np_turn,
    ("torchvision", "resize"): _vision_resize,
    ("torchvision", "Resize"): _vision_resize,
    ("torchvision", "center_crop"): _center_crop,
    ("torchvision", "CenterCrop"): _center_crop,
    ("torchvision", "crop"): _top_left_crop,
    ("torchvision", "hflip"): _always("turn", "flip-horizontal"),
    ("torchvision", "vflip"): _always("turn", "flip-vertical"),
    ("torchvision", "to_tensor"): _to_tensor,
    ("torchvision", "normalize"): _normalize,
    ("torchvision", "Normalize"): _normalize,
    ("isopixel", "resize"): _isopixel_resize,
    ("isopixel", "from_bytes"): _layout,
    ("isopixel", "from_file"): _layout,
}

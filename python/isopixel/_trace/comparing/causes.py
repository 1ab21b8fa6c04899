# SPDX-License-Identifier: MIT
"""Why two functions differ: the cause's id, the words, and the line that mends it."""

from collections.abc import Callable, Iterator, Sequence

from isopixel._explain.operation import Operation
from isopixel._trace.comparing.cause import Cause, pair
from isopixel._trace.comparing.filters import filter_of
from isopixel._trace.comparing.numeric_causes import NUMERIC, numeric_causes
from isopixel._trace.comparing.recorded import UPRIGHT
from isopixel._trace.comparing.resize_causes import float_resize_cause, resize_causes

Operations = Sequence[Operation]


FLIPS = ("flip-horizontal", "flip-vertical")
STEP = "isopixel.step(name, array)"


def unknown_cause(a: str | None, b: str | None) -> Cause:
    """Returns that a function is not known, or that one side alone makes a call that is not.

    Args:
        a: what side A does as a text: known functions, or a call; "" if that is not known, None if it does nothing.
        b: what side B does.
    """
    told = {"A": a, "B": b}
    missing = [side for side, text in told.items() if text == ""]
    known = "".join(f"; {side} {text or 'does nothing'}" for side, text in told.items() if text != "")
    if missing:
        where = "on both sides" if len(missing) == 2 else f"on side {missing[0]}"
        return Cause("unknown", f"not a function that is known, {where}{known}", f"add a step there, {where}: {STEP}")
    if None in told.values():
        side, text = next((side, text) for side, text in told.items() if text is not None)
        return Cause("one-sided", f"side {side} alone does this: {text}", "do it on both sides, or on neither")
    return Cause("unknown", f"not functions that are known{known}", f"the same call on both sides, or a step: {STEP}")


def same_call_cause(name: str, a: str, b: str) -> Cause:
    """Returns that a call of one name and the same arguments makes other samples, by the libraries of both sides."""
    words = f"{name} with the same arguments makes other samples of the same ones: A {a}, B {b}"
    if name.startswith("pillow.") and a != b:
        return Cause("pillow-release", words, "the same release on both sides, or a method of isopixel")
    return Cause("implementation", words, "the same release on the same processor, or a method of isopixel")


def cut_call_cause(name: str) -> Cause:
    """Returns that a call makes other samples, of which not all arguments are recorded."""
    words = f"{name} makes other samples of the same ones, with arguments of which a trace keeps the beginning alone"
    return Cause("unknown", words, "compare the arguments in the code of both sides, beyond what a trace keeps of them")


def causes_of(
    a: Operations,
    b: Operations,
    orientation: int,
    dtypes: tuple[str, str],
    shrinks: bool = True,
    reduces: bool = False,
) -> tuple[Cause, ...]:
    """Returns why two known functions differ that stand at one place of their sides.

    Args:
        a: what side A does: operations of one family, or none if it does nothing.
        b: what side B does.
        orientation: the Exif orientation of the file that both read.
        dtypes: of what they make.
        shrinks: of two resizes, whether one makes a side shorter.
        reduces: of one that one side alone does before another one, whether it divides both sides by whole numbers.

    Returns:
        The causes, at least one.
    """
    kinds = {operation.kind for operation in (*a, *b)}
    if kinds <= NUMERIC:
        return tuple(numeric_causes(a, b, dtypes))
    first = next(iter((*a, *b)))
    if len(a) == len(b) == 1 and kinds == {"resize"}:
        return tuple(resize_causes(a[0], b[0], shrinks))
    if len(a) == len(b) == 1 and (both := _BOTH.get(first.kind)) and len(kinds) == 1:
        return tuple(both(a[0], b[0], orientation))
    if not a or not b:
        side, operations = ("A", a) if a else ("B", b)
        return (_one_sided(side, operations[0], orientation, reduces),)
    return tuple(_mixed(a[0], b[0]))


def order_cause(a: Operations, b: Operations) -> Cause:
    """Returns that two sides do the same in another order; or one of them on floating-point samples."""
    one, other = (next((operation for operation in side if operation.kind == "resize"), None) for side in (a, b))
    if one and other and filter_of(one.name).is_float != filter_of(other.name).is_float:
        return float_resize_cause(one, other)
    if one and other and filter_of(one.name).has_alpha != filter_of(other.name).has_alpha:
        side = "A" if filter_of(one.name).has_alpha else "B"
        words = f"side {side} resizes with alpha, by which it multiplies the colours: A {_chain(a)}; B {_chain(b)}"
        return Cause("alpha", words, "image = image.convert('RGB')  # before the resize, on both sides")
    words = f"the sides run the same kinds of steps in another order: A {_chain(a)}; B {_chain(b)}"
    return Cause("order", words, "run the steps in one order on both sides, that of A")


def _chain(operations: Operations) -> str:
    return " | ".join(map(str, operations)) or "does nothing"


def _crops(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    if a.get("size") != b.get("size"):
        yield Cause(
            "size",
            f"the crops have other sizes: A {pair(a.get('size'))}, B {pair(b.get('size'))} (height, width)",
            f"crop to {pair(a.get('size'))} on both sides",
        )
    if a.get("at") != b.get("at") and (a.get("size") == b.get("size")):
        yield Cause(
            "crop-offset",
            f"the crops begin elsewhere: A at {pair(a.get('at'))}, B at {pair(b.get('at'))} (row, column)",
            "give the offset in whole numbers, instead of halving a difference: "
            f"top, left = {pair(a.get('at')).strip('()')}",
        )


def _pads(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    if a.get("size") != b.get("size"):
        words = f"the padded sizes differ: A {pair(a.get('size'))}, B {pair(b.get('size'))} (height, width)"
        yield Cause("size", words, f"pad to {pair(a.get('size'))} on both sides")
    if a.get("at") != b.get("at"):
        places = f"A at {pair(a.get('at'))}, B at {pair(b.get('at'))} (row, column)"
        words = f"the picture lies elsewhere in its padding: {places}"
        yield Cause("pad-position", words, f"put it at {pair(a.get('at'))} on both sides")
    values = a.get("value"), b.get("value")
    is_open = a.name == b.name == "pad" and None in values  # what a ground was filled with is not known
    if (a.name, values[0]) != (b.name, values[1]) and not is_open:
        words = f"the padding is filled differently: A {_filling(a)}, B {_filling(b)}"
        yield Cause("pad-value", words, f"fill with {_filling(a)} on both sides")


def _filling(operation: Operation) -> str:
    value = operation.get("value")
    return operation.name if value is None else pair(operation.get("value"))


def _turns(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    if UPRIGHT.get(orientation) in (a.name, b.name):
        words = f"the file has Exif orientation {orientation}: A applies {a.name}, B {b.name}"
        yield Cause("exif", words, "image = PIL.ImageOps.exif_transpose(image)")
    if not {a.name, b.name} <= {UPRIGHT.get(orientation)}:
        yield Cause(
            "flip", f"the sides turn the picture differently: A {a.name}, B {b.name}", f"{a.name} on both sides"
        )


def _grays(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    if a.name != b.name:
        yield Cause(
            "gray-formula",
            f"two formulas of gray: A is {a.name}, B is {b.name}",
            f'one of them on both sides, such as the recipe "isopixel 1: image gray luma={a.name}"'
            if a.name in ("pillow-7", "opencv-4", "opencv-3.4")
            else "one library makes gray on both sides",
        )
    if a.get("order") != b.get("order"):
        side = "A" if a.get("order") == "bgr" else "B"
        yield Cause(
            "gray-of-bgr",
            f"side {side} makes gray of channels in the wrong order: red counts as blue, and blue as red",
            "cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) for what cv2.imread returns, COLOR_RGB2GRAY for all else",
        )
    if a.name == b.name and a.get("rounding") != b.get("rounding"):
        side = "A" if a.get("rounding") == "down" else "B"
        words = f"side {side} cuts the fractions of gray off, the other rounds: A {a}, B {b}"
        yield Cause("cut-off", words, "gray = np.rint(gray).astype(np.uint8)  # on both sides")
    elif a.name == b.name and a.get("order") == b.get("order"):
        words = f"one formula of gray, added in another order or type: A {a}, B {b}"
        yield Cause("rounding", words, "one library makes gray on both sides")


def _alphas(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    yield Cause(
        "alpha",
        f"alpha is treated in two ways: A {_alpha(a)}, B {_alpha(b)}",
        "decide it before the first step, the same way on both sides: image.convert('RGB') drops alpha",
    )


def _alpha(operation: Operation) -> str:
    colour = {255: " on white", 0: " on black"}.get(operation.get("value"), "")
    rule = operation.get("rule")
    return f"{operation.name}{colour}{f' ({rule})' if rule else ''}"


def _jpegs(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    words = f"both save the image as JPEG on the way, with other settings: A {a}, B {b}"
    yield Cause("jpeg-reencode", words, "keep PNG or .npy between the steps, or the image itself")


def _levels(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    names = f"A {a}, B {b}"
    if a.get("overflow") != b.get("overflow"):
        side = "A" if a.get("overflow") == "wrap" else "B"
        words = f"uint8 wraps modulo 256 on side {side}, instead of stopping at 255: {names}"
        yield Cause("wrap", words, _stopping(a if side == "A" else b, a.get("rounding") or b.get("rounding")))
    elif a.get("rounding") != b.get("rounding"):
        side = "A" if a.get("rounding") == "down" else "B"
        words = f"side {side} cuts fractions off, the other rounds: {names}"
        yield Cause("cut-off", words, _stopping(a, "nearest"))
    else:
        yield Cause("scale", f"the levels are changed in two ways: {names}", f"{a} on both sides")


def _stopping(levels: Operation, rounding: str | None) -> str:
    """Returns the line that changes levels as an operation does, by a rounding, and stops at 0 and 255.

    The sum or product is one of floats: limits that come after one of uint8 are too late.
    """
    value, factor = levels.get("value"), levels.get("factor")
    changed = f"image * {factor}" if value is None else f"image + {float(value)}"
    whole = "np.trunc" if rounding == "down" else "np.rint"
    return f"image = {whole}({changed}).clip(0, 255).astype(np.uint8)  # on both sides"


def _layouts(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    one, other = _options(a), _options(b)
    rest = {name: (one.get(name), other.get(name)) for name in one | other if name not in ("rows", "edge")}
    differing = [name for name, values in rest.items() if values[0] != values[1]]
    remedy = f'image = isopixel.from_bytes(data, "{a.name}")'
    if differing:
        words = f"the same bytes lie in rows of another width: A is {a.name}, B is {b.name}"
        yield Cause("pad-value" if differing == ["pad"] else "byte-width", words, remedy)
    else:
        words = f"the last row is treated in two ways: A is {a.name}, B is {b.name}"
        yield Cause("byte-rows", words, remedy)


def _options(layout: Operation) -> dict[str, str]:
    rule, _, options = layout.name.partition(",")
    return {"rule": rule} | dict(option.partition("=")[::2] for option in options.split(",") if option)


def _channels(a: Operation, b: Operation, orientation: int) -> Iterator[Cause]:
    if "palette-expanded" in (a.name, b.name):
        yield palette_cause("A" if b.name == "palette-expanded" else "B")
    else:
        words = f"the channels are taken in two ways: A {a.name}, B {b.name}"
        yield Cause("channel-order", words, f"{a.name} on both sides")


def palette_cause(side: str) -> Cause:
    """Returns that a side takes the indexes of a palette for values."""
    words = f"the file has a palette, and side {side} takes its indexes for levels; the other expands its colours"
    return Cause("palette", words, "image = PIL.Image.open(path).convert('RGB')")


_BOTH: dict[str, Callable[[Operation, Operation, int], Iterator[Cause]]] = {
    "crop": _crops,
    "pad": _pads,
    "turn": _turns,
    "gray": _grays,
    "alpha": _alphas,
    "jpeg": _jpegs,
    "levels": _levels,
    "layout": _layouts,
    "channels": _channels,
}


def _one_sided(side: str, operation: Operation, orientation: int, reduces: bool = False) -> Cause:
    """Returns the cause of a function that one side alone runs; a resize may reduce by a whole number."""
    kind, name = operation.kind, operation.name
    if kind == "turn":
        if UPRIGHT.get(orientation) == name:
            words = f"the file has Exif orientation {orientation}, and side {side} alone applies it ({name})"
            return Cause("exif", words, "image = PIL.ImageOps.exif_transpose(image)  # cv2.imread does so by itself")
        words = f"side {side} alone {'flips' if name in FLIPS else 'turns'} the image ({name})"
        return Cause("flip", words, f"leave it out on side {side}: is it an augmentation that serves?")
    if kind == "channels" and name == "palette-expanded":
        return palette_cause("B" if side == "A" else "A")
    if kind == "channels" and name in ("reversed", "permuted"):
        words = (
            f"the channels are in another order: RGB on one side, BGR on the other (side {side} alone reverses them)"
        )
        return Cause("channel-order", words, "image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)  # after cv2.imread")
    if kind == "alpha":
        words = f"alpha is {_alpha(operation)} on side {side} alone"
        return Cause("alpha", words, "image = image.convert('RGB')  # or another rule, the same on both sides")
    if kind == "jpeg":
        words = f"side {side} alone saves the image as JPEG and reads it again ({operation})"
        return Cause("jpeg-reencode", words, "keep PNG or .npy between the steps, or the image itself")
    if kind == "reshape":
        words = f"side {side} reshapes the array where its axes should be exchanged: the samples end up elsewhere"
        shape = operation.get("shape")
        is_planar = isinstance(shape, tuple) and len(shape) >= 3 and shape[-3] in (1, 3, 4)
        return Cause(
            "reshape", words, f"image = image.transpose({'2, 0, 1' if is_planar else '1, 0, 2'})  # not reshape"
        )
    if kind == "resize" and reduces:
        words = f"side {side} reduces the picture by a whole number before it resizes it ({operation})"
        return Cause("reducing-gap", words, f"leave it out on side {side}, or reduce on both sides")
    if kind == "levels" and operation.get("overflow") == "wrap":
        words = f"uint8 wraps modulo 256 on side {side} ({operation})"
        return Cause("wrap", words, _stopping(operation, operation.get("rounding")))
    return Cause("one-sided", f"side {side} alone does this: {operation}", "do it on both sides, or on neither")


def _mixed(a: Operation, b: Operation) -> Iterator[Cause]:
    """Yields the cause of two functions of different kinds at one place."""
    kinds = {a.kind, b.kind}
    if kinds == {"gray", "channels"} or kinds == {"gray", "alpha"}:
        yield Cause("gray-formula", f"two ways to one channel: A {a}, B {b}", f"{a} on both sides")
    elif "alpha" in kinds:
        yield Cause("alpha", f"alpha is treated in two ways: A {a}, B {b}", "decide it before the first step")
    elif "reshape" in kinds:
        yield _one_sided("A" if a.kind == "reshape" else "B", a if a.kind == "reshape" else b, 1)
    else:
        yield Cause("order", f"the sides run other steps here: A {a}; B {b}", "run the same steps in the same order")

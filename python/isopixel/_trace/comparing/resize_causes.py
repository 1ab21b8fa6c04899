# SPDX-License-Identifier: MIT
"""Why two resizes differ."""

from collections.abc import Iterator

from isopixel._explain.operation import Operation
from isopixel._methods import METHODS
from isopixel._trace.comparing.cause import Cause
from isopixel._trace.comparing.filters import filter_of


def _size(operation: Operation) -> tuple[int, int] | None:
    size = operation.get("size")
    return size if isinstance(size, tuple) and len(size) == 2 else None


def resize_causes(a: Operation, b: Operation, shrinks: bool) -> Iterator[Cause]:
    """Yields why two resizes differ: in the filter, in the size, or in both.

    Args:
        a: what side A does.
        b: what side B does.
        shrinks: whether one of them makes a side shorter; if not, antialias changes nothing.
    """
    if a.name != b.name:
        yield _filters(a, b, shrinks)
    one, other = _size(a), _size(b)
    if one == other or one is None or other is None:
        if a.name == b.name:
            yield Cause("size", f"the resizes differ in an argument: A {a}, B {b}", "give both the same arguments")
    elif one == other[::-1]:
        yield Cause(
            "height-width",
            f"height and width are exchanged: A makes {_by(one)} (height × width), B {_by(other)}",
            "OpenCV and Pillow take (width, height), torch and isopixel (height, width): "
            f"cv2.resize(image, ({one[1]}, {one[0]})) or isopixel.resize(image, ({one[0]}, {one[1]}))",
        )
    else:
        yield Cause(
            "size",
            f"the sizes differ: A makes {_by(one)} (height × width), B {_by(other)}",
            f"write the size out on both sides, instead of rounding a ratio: size=({one[0]}, {one[1]})",
        )


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"


def _filters(a: Operation, b: Operation, shrinks: bool) -> Cause:
    """Returns why two resizes of different names differ."""
    f, g = filter_of(a.name), filter_of(b.name)
    names = f"A is {a.name}, B is {b.name}"
    freeze = _freeze(a, b)
    if f.is_float != g.is_float:
        return float_resize_cause(a, b)
    if f.aligns_corners != g.aligns_corners:
        side = "A" if f.aligns_corners else "B"
        words = f"{side} aligns the centres of the corner pixels (align_corners=True), the other does not: {names}"
        return Cause("align-corners", words, "align_corners=False on both sides")
    if f.reduces != g.reduces:
        side = "A" if f.reduces else "B"
        words = f"{side} reduces the picture by a whole number before it resizes (reducing_gap): {names}"
        return Cause("reducing-gap", words, "reducing_gap=None on both sides; `thumbnail` has 2.0 unless told")
    if f.kind == g.kind == "nearest":
        words = f"both take the nearest pixel, by two rules of which one that is: {names}"
        return Cause("nearest-rule", words, freeze)
    if f.kind != g.kind:
        words = f"the filters differ: A {f.kind or a.name}, B {g.kind or b.name} ({names})"
        return Cause("filter", words, f"name the filter on both sides, since defaults differ: {freeze}")
    if f.has_alpha != g.has_alpha:
        words = f"{'A' if f.has_alpha else 'B'} multiplies by alpha before it resizes, the other does not: {names}"
        return Cause("alpha", words, "decide before the first step what becomes of alpha: image.convert('RGB')")
    if f.antialias != g.antialias and shrinks:
        smooth, other = ("A", "B") if f.antialias else ("B", "A")
        words = f"{smooth} averages all pixels (antialias), {other} reads only those nearest to each result: {names}"
        return Cause("antialias", words, freeze)
    if f.library == g.library == "pillow":
        words = f"two releases of Pillow are two functions here: {names}"
        return Cause("pillow-release", words, freeze)
    words = f"two implementations of one filter, which round differently: {names}"
    return Cause("implementation", words, freeze)


def _freeze(a: Operation, b: Operation) -> str:
    """Returns the line by which both sides compute what A does; or B, if A's function has no name to be called by."""
    chosen = a if a.name in METHODS or b.name not in METHODS else b
    size = _size(chosen)
    if chosen.name not in METHODS or size is None:
        return "the same library, release and arguments on both sides, or a frozen method: isopixel.resize(…, method=…)"
    return f'image = isopixel.resize(image, ({size[0]}, {size[1]}), method="{chosen.name}")  # on both sides'


def float_resize_cause(a: Operation, b: Operation) -> Cause:
    """Returns that one of two resizes is of floating-point samples."""
    side, other = ("A", "B") if filter_of(a.name).is_float else ("B", "A")
    words = (
        f"{side} resizes floating-point samples, {other} uint8, which rounds in between: A is {a.name}, B is {b.name}"
    )
    return Cause("float-resize", words, f"resize before the conversion to float, also on side {side}")

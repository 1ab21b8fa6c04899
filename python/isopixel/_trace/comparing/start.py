# SPDX-License-Identifier: MIT
"""Where the comparison of two sides begins, and how the values differ there."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from isopixel._explain.operation import REVERSED, Operation
from isopixel._trace.comparing.cause import Cause
from isopixel._trace.comparing.causes import palette_cause
from isopixel._trace.comparing.functions import Chain, Side, by_digests, by_samples
from isopixel._trace.comparing.path import CHECKPOINT, LAYING, Node, permuted_key, relation
from isopixel._trace.comparing.recorded import UPRIGHT, recorded
from isopixel._trace.records import Value

FLAGS = {"IGNORE_ORIENTATION": 128, "COLOR_RGB": 256}
SPACES = ("PIL CMYK", "PIL YCbCr")
LAID = (*LAYING, "pillow.frombytes", "pillow.frombuffer", "isopixel.from_bytes", "isopixel.from_file")
DRAFTS = (2, 4, 8)  # by which a JPEG decoder divides the sides of what it makes, if it is asked for less


@dataclass(frozen=True)
class Start:
    """Where the comparison of two sides begins.

    Attributes:
        numbers: of the nodes on the sides, from which on their functions are compared.
        ahead: the functions that lie before on either side, as far as they differ.
        ahead_numbers: the nodes that these functions made; None of a side that does nothing there.
        causes: why the values there differ, if it is not by functions.
        note: why that decides less than it seems; or "".
    """

    numbers: tuple[int, int]
    ahead: tuple[Chain, Chain] = ((), ())
    ahead_numbers: tuple[int | None, ...] = (0, 0)
    causes: tuple[Cause, ...] = ()
    note: str = ""


def _is_opencv(node: Node) -> bool:
    return node.step is not None and node.step.library == "opencv"


def orientation_of(a: Side, b: Side) -> int:
    """Returns the Exif orientation of the file that the sides read; 1 if there is none."""
    return next((side.orientation for side in (a, b) if side.orientation in UPRIGHT), 1)


def start_of(a: Side, b: Side, common: tuple[int, int] | None) -> Start:
    """Returns where the comparison begins: behind what is the same but for the order of the channels."""
    after = common or (0, 0)
    places: dict[Hashable, list[int]] = {}
    for number in sorted({*range(after[1], len(b.nodes))} - b.inner):
        places.setdefault(permuted_key(b.nodes[number].value), []).append(number)
    shared = []
    for number in sorted({*range(after[0], len(a.nodes))} - a.inner):
        found = places.get(permuted_key(a.nodes[number].value), [])
        found = found[1:] if (number, *found[:1]) == common else found
        shared += [(number, found[0]), (number, found[-1])] if found else []
    if not shared:
        return start_of_sources(a, b) if common is None else Start(common)
    first, last = min(shared, key=sum), max(shared)
    old, new = a.nodes[first[0]].value.planes, b.nodes[first[1]].value.planes
    operation = REVERSED if new == (*old[2::-1], *old[3:]) else Operation("channels", "permuted")
    made = first if common is None else tuple(None if n == m else n for n, m in zip(first, common, strict=True))
    side = made.index(None) ^ 1 if None in made else _reversed_side(a, b, first)
    return Start(last, ((operation,), ()) if side == 0 else ((), (operation,)), made)


def _reversed_side(a: Side, b: Side, numbers: tuple[int, int]) -> int:
    """Returns which side, 0 or 1, reversed the channels at nodes: by its values; else the one that OpenCV decoded."""
    made = [
        number > 0 and relation(side.nodes[number - 1].value, side.nodes[number].value) == "permuted"
        for side, number in zip((a, b), numbers, strict=True)
    ]
    if made.count(True) == 1:
        return made.index(True)
    return 0 if _is_opencv(a.nodes[0]) and not _is_opencv(b.nodes[0]) else 1


def start_of_sources(a: Side, b: Side) -> Start:
    """Returns where the comparison of all that two sides do begins, and how their first values differ."""
    one, other = a.nodes[0], b.nodes[0]
    if relation(one.value, other.value) == "same":
        return Start((0, 0))
    if _begin_alike(one, other) and (layouts := _layouts(a, b)) is not None:
        return layouts
    digests = [str(node.facts.get("sha256", "")) for node in (one, other)]
    if "" not in digests and digests[0] != digests[1]:
        names = [str(node.facts.get("file") or "a file") for node in (one, other)]
        words = f"the sides read different files: A {names[0]} ({digests[0][:12]}…), B {names[1]} ({digests[1][:12]}…)"
        return Start((0, 0), _orders(a, b), causes=(Cause("source-file", words, "sha256sum FILE  # on both sides"),))
    facts = one.facts or other.facts
    if _is_deep(one.value) != _is_deep(other.value) or _draft(facts, one.value) != _draft(facts, other.value):
        return Start((0, 0), _orders(a, b), causes=(_read_differently(a, b),))
    if (layouts := _layouts(a, b)) is not None:
        return layouts
    if (converted := _converted(a, b)) is not None:
        return converted
    if (turned := _by_function(a, b)) is not None:
        return turned
    if (gray := _read_as_gray(a, b)) is not None:
        return gray
    return Start((0, 0), _orders(a, b), causes=(_read_differently(a, b),))


def _converted(a: Side, b: Side) -> Start | None:
    """Returns the start of two readings of a file of which one converts the colours itself; None if they are not."""
    numbers = [_number_of_rgb(side) for side in (a, b)]
    if max(numbers) == 0 or not (a.nodes[0].facts or b.nodes[0].facts).get("sha256"):
        return None
    one, other = numbers
    return Start((one, other), _orders(a, b), (one, other), (_decoder_cause(a, b),))


def _number_of_rgb(side: Side) -> int:
    """Returns the number of the first node; of the one that is RGB, if a file is read in another space of colours."""
    if side.nodes[0].value.kind not in SPACES:
        return 0
    values = enumerate(node.value for node in side.nodes)
    return next((n for n, v in values if v.kind not in SPACES and len(v.planes) == 3 and v.dtype == "uint8"), 0)


def _read_as_gray(a: Side, b: Side) -> Start | None:
    """Returns the start of two readings of one file, of which OpenCV makes gray on a side; None if they are not."""
    gray = [_is_opencv(side.nodes[0]) and "GRAYSCALE" in _flags(side.nodes[0]) for side in (a, b)]
    facts = a.nodes[0].facts or b.nodes[0].facts
    if gray[0] == gray[1] or facts.get("mode") != "RGB":
        return None
    formula = (Operation("gray", "opencv-png-3.4" if facts.get("format") == "PNG" else "opencv-reader"),)
    one, other = _orders(a, b)
    return Start((0, 0), (formula, other) if gray[0] else (one, formula))


def _is_deep(value: Value) -> bool:
    return value.dtype in ("uint16", "int16", "int32")


def _orders(a: Side, b: Side) -> tuple[Chain, Chain]:
    """Returns the reversal of the channels on the side, if it is one, whose source OpenCV read as BGR."""
    one, other = (
        _is_opencv(s.nodes[0]) and len(s.nodes[0].value.planes) >= 3 and "RGB" not in _flags(s.nodes[0]) for s in (a, b)
    )
    return ((REVERSED,) if one and not other else (), (REVERSED,) if other and not one else ())


def _flags(node: Node) -> str:
    """Returns the flags of OpenCV's reading as names; of a sum of them, those that matter here."""
    flags = node.step.arguments.get("flags", "") if node.step is not None else ""
    if not isinstance(flags, int):
        return str(flags)
    return (
        " ".join(name for name, bit in FLAGS.items() if flags & bit)
        if flags > 0
        else "UNCHANGED"
        if flags
        else "GRAYSCALE"
    )


def _layouts(a: Side, b: Side) -> Start | None:
    """Returns the start of two images of the same bytes; None if they are not."""
    one, other = (_recorded_source(side) for side in (a, b))
    if one and other and one[0].kind == other[0].kind == "layout":
        return Start((0, 0), (one, other))
    numbers = _image_of_bytes(a), _image_of_bytes(b)
    x, y = (side.nodes[number] for side, number in zip((a, b), numbers, strict=True))
    (height, width), (rows, columns) = x.value.size, y.value.size
    if not all(node.value.axes == "HW" and node.value.dtype == "uint8" for node in (x, y)):
        return None
    if (height, width) == (rows, columns) or not (_are_alike(x.value, y.value) or _are_laid(a, x, b, y)):
        return None
    shapes = f"A {x.value.shape}, B {y.value.shape}"
    remedy = 'image = isopixel.from_bytes(data, "nataraj")  # one layout, by name'
    if width != columns:
        cause = Cause("byte-width", f"the same bytes lie in rows of another width: {shapes}", remedy)
    else:
        cause = Cause("byte-rows", f"the last row is treated in two ways: {shapes}", remedy)
    return Start(numbers, causes=(cause,))


def _are_alike(x: Value, y: Value) -> bool:
    """Returns whether the samples of two values, one after the other, are the same as far as both go."""
    if x.array is None or y.array is None:
        return False
    shorter = min(x.array.size, y.array.size)
    return np.array_equal(x.array.reshape(-1)[:shorter], y.array.reshape(-1)[:shorter])


def _are_laid(a: Side, x: Node, b: Side, y: Node) -> bool:
    """Returns whether calls laid the same bytes in rows, by what is recorded of both; the last row can be left out."""
    if not all(node.name in LAID for node in (x, y)):
        return False
    is_one_width = x.value.shape[1] == y.value.shape[1]
    if is_one_width and abs(x.value.shape[0] - y.value.shape[0]) > 1:
        return False
    one, other = a.nodes[0], b.nodes[0]
    digest = one.facts.get("sha256")
    return _begin_alike(one, other) or (digest is not None and digest == other.facts.get("sha256"))


def _begin_alike(one: Node, other: Node) -> bool:
    """Returns whether two sources begin with the same bytes, of which at least one is not of a file as it is."""
    head = one.facts.get("head")
    is_cut = not (one.facts.get("file") and other.facts.get("file"))
    return head is not None and head == other.facts.get("head") and is_cut


def _image_of_bytes(side: Side) -> int:
    """Returns the number of the first node; of the second, if bytes were read that became an image there."""
    one, *others = side.nodes
    is_by_hand = any(node.step is None or node.step.library == CHECKPOINT or node.name in LAYING for node in others[:1])
    return int(is_by_hand and len(one.value.shape) == 1)


def _recorded_source(side: Side) -> Chain | None:
    node = side.nodes[0]
    return recorded(node, None, side.trace.libraries)


def _by_function(a: Side, b: Side) -> Start | None:
    """Returns the start of sources of which one is a function of the other; None if none is known."""
    values = a.nodes[0].value, b.nodes[0].value
    side = _made_side(a, b)
    before, after = values[1 - side], values[side]
    function = by_digests(before, after) or by_samples(before, after)
    if function is None:
        return None
    upright = UPRIGHT.get(orientation_of(a, b))
    turned = (chain for chain in function.chains if any(operation.name == upright for operation in chain))
    chain = next(turned, function.chains[0])
    return Start((0, 0), ((), chain) if side else (chain, ()), note=function.note)


def _made_side(a: Side, b: Side) -> int:
    """Returns which side's first value, 0 or 1, would be made of the other's, which has at least as much in it."""
    channels = [len(side.nodes[0].value.planes) for side in (a, b)]
    if channels[0] != channels[1]:
        return 0 if channels[0] < channels[1] else 1
    turned = [_is_upright(side.nodes[0], orientation_of(a, b)) for side in (a, b)]
    return 0 if turned[0] > turned[1] else 1 if turned[1] > turned[0] else _reversed_side(a, b, (0, 0))


def _read_differently(a: Side, b: Side) -> Cause:
    """Returns why two sources differ that are no known functions of each other, by what is known of the file."""
    one, other = a.nodes[0], b.nodes[0]
    x, y = one.value, other.value
    facts: Mapping[str, Any] = one.facts or other.facts
    drafts = [_draft(facts, value) for value in (x, y)]
    if drafts[0] != drafts[1]:
        side, draft = ("A", drafts[0]) if drafts[0] > 1 else ("B", drafts[1])
        words = f"side {side} decodes the JPEG file at 1/{draft} of its size (draft mode, or a reduced flag)"
        return Cause("draft-decode", words, "image.load() before image.thumbnail(…); no IMREAD_REDUCED_… flags")
    palettes = [value.kind in ("PIL P", "PIL PA") for value in (x, y)]
    if palettes[0] != palettes[1]:
        return palette_cause("A" if palettes[0] else "B")
    mode = facts.get("mode")
    if mode == "P" and len(x.planes) != len(y.planes):
        return palette_cause("A" if len(x.planes) < len(y.planes) else "B")
    if _is_deep(x) != _is_deep(y):
        words = f"the file has 16 bits a sample: A reads {x.dtype} {_span(x)}, B {y.dtype} {_span(y)}"
        return Cause(
            "16-bit", words, "image = cv2.imread(path, cv2.IMREAD_UNCHANGED)  # and one rule from 16 to 8 bits"
        )
    orientation = orientation_of(a, b)
    turned = [_is_upright(node, orientation) for node in (one, other)]
    if orientation != 1 and turned[0] != turned[1]:
        words = f"the file has Exif orientation {orientation}, and side {'A' if turned[0] else 'B'} alone applies it"
        return Cause("exif", words, "image = PIL.ImageOps.exif_transpose(image)  # cv2.imread does so by itself")
    if len(x.planes) != len(y.planes) and (mode in ("RGBA", "LA") or facts.get("transparency")):
        words = f"the file has alpha: A reads {len(x.planes)} channels, B {len(y.planes)}"
        return Cause("alpha", words, "image = image.convert('RGB')  # or another rule, the same on both sides")
    if facts.get("sha256") and x.size == y.size and len(x.planes) == len(y.planes) and x.dtype == y.dtype:
        return _decoder_cause(a, b)
    words = f"the sources are read differently: A {x.dtype} {x.shape} {_span(x)}, B {y.dtype} {y.shape} {_span(y)}"
    return Cause("unknown", words, "isopixel.step(name, array) right after the reading, on both sides")


def _decoder_cause(a: Side, b: Side) -> Cause:
    decoders = ", ".join(f"{side.name} {_decoder(side, side.nodes[0])}" for side in (a, b))
    words = f"two decoders make different pixels of the same file: {decoders}"
    return Cause("decoder", words, "decode once, and keep PNG or .npy; `isopixel audit` names the decoders")


def _draft(facts: Mapping[str, Any], value: Value) -> int:
    """Returns by what a decoder divided the sides of a picture; 1 if it did not."""
    size = _size(facts)
    if facts.get("format") != "JPEG" or size is None:
        return 1
    for sides in (size, size[::-1]):
        for draft in DRAFTS:
            if value.size == tuple(-(-side // draft) for side in sides) and value.size != sides:
                return draft
    return 1


def _size(facts: Mapping[str, Any]) -> tuple[int, int] | None:
    """Returns the height and width of a file's picture; None if they are not known."""
    size = facts.get("size")
    if not isinstance(size, (list, tuple)) or [type(side) for side in size] != [int, int]:
        return None
    return (size[0], size[1])


def _is_upright(node: Node, orientation: int) -> bool:
    """Returns whether a picture was turned by its orientation while it was read: by its size, else by its reader."""
    size = _size(node.facts)
    if orientation >= 5 and size is not None and size[0] != size[1]:
        return node.value.size == (size[1], size[0])
    return _is_opencv(node) and "UNCHANGED" not in _flags(node) and "IGNORE_ORIENTATION" not in _flags(node)


def _decoder(side: Side, node: Node) -> str:
    library = node.step.library if node.step is not None else ""
    versions = side.trace.libraries
    return f"{node.name} ({versions.get(f'{library}.jpeg') or versions.get(library) or 'version not recorded'})"


def _span(value: Value) -> str:
    return f"from {value.range[0]:g} to {value.range[1]:g}" if value.range else ""

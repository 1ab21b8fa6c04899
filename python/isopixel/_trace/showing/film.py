# SPDX-License-Identifier: MIT
"""Film strips of a report: the values on the way of a trace, one frame each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from isopixel._shown import shown
from isopixel._trace.comparing.divergence import Divergence
from isopixel._trace.comparing.functions import Side
from isopixel._trace.comparing.path import Node
from isopixel._trace.showing.seen import as_element, image_of, scale_of, seen, thumbnail
from isopixel._trace.showing.shown import arguments_of, shortened, sides_of, state

MOST = 60  # frames of a strip
FRAME = 132  # pixels of the longer side of a picture in a frame


@dataclass(frozen=True)
class Frame:
    """A frame of a strip.

    Attributes:
        state: as `state` has it; or "nothing" of a side that does nothing while the other parts, "empty" of none.
        number: of the node; "" if there is none.
        node: what it shows.
    """

    state: str
    number: str = ""
    node: Node | None = None


def frames_of(nodes: Sequence[Node]) -> Iterator[tuple[str, Node | None]]:
    """Yields the numbers and nodes of a way; of a long one those at its ends, and None for those between."""
    for number, node in enumerate(nodes):
        if len(nodes) <= MOST or number < MOST // 2 or number >= len(nodes) - MOST // 2:
            yield str(number), node
        elif number == MOST // 2:
            yield f"{len(nodes) - MOST:,} more", None


def strips(found: Divergence) -> Iterator[str]:
    """Yields the strips of both sides, such that the frames where they part stand above each other."""
    before, rest = zip(*(_halves(found, side, i) for i, side in enumerate((found.a, found.b))), strict=True)
    longest = max(map(len, before))
    yield '<div class="films">'
    for side, first, second in zip((found.a, found.b), before, rest, strict=True):
        yield from strip(side.name, [*[Frame("empty")] * (longest - len(first)), *first, *second])
    yield "</div>"


def _halves(found: Divergence, side: Side, i: int) -> tuple[list[Frame], list[Frame]]:
    """Returns the frames before a side parts, and those from there on."""
    numbered = {str(number): number for number in range(len(side.nodes))}
    frames = [
        Frame(state(found, side, numbered[number]) if number in numbered else "", number, node)
        for number, node in frames_of(side.nodes)
    ]
    if found.partings is None:
        return frames, []
    part = (found.partings.found[0].a, found.partings.found[0].b)[i]
    if part.number is not None:
        place = next((k for k, frame in enumerate(frames) if frame.number == str(part.number)), 0)
        return frames[:place], frames[place:]
    place = sum(frame.state == "common" for frame in frames)
    return frames[:place], [Frame("nothing"), *frames[place:]]


def strip(name: str, frames: Sequence[Frame]) -> Iterator[str]:
    """Yields a strip."""
    yield f'<div class="film"><div class="name">{name}</div>'
    for frame in frames:
        yield _frame(frame)
    yield "</div>"


def _frame(frame: Frame) -> str:
    if frame.state == "empty":
        return '<div class="frame empty"></div>'
    if frame.node is None:
        words = "nothing is done here" if frame.state == "nothing" else escape(frame.number)
        return f'<div class="frame nothing"><div class="blank">{words}</div></div>'
    node = frame.node
    arguments = arguments_of(node)
    return (
        f'<div class="frame {frame.state}"><div class="head">{frame.number} <b>{escape(shown(node.name))}</b></div>'
        f"{_picture(node)}"
        f'<div class="foot">{escape(shown(node.value.dtype))} {sides_of(node.value)}'
        f'<div class="arguments" title="{escape(arguments)}">{escape(shortened(arguments, 80))}</div>'
        f'<div class="at">{escape(shown(node.at))}</div></div></div>'
    )


def _picture(node: Node) -> str:
    """Returns the picture of a value; a blank of its proportions if its samples are not kept."""
    image = image_of(node.value)
    if image is not None:
        return f'<div class="picture">{as_element(thumbnail(seen(image, scale_of(image)), FRAME), "", FRAME)}</div>'
    if not node.value.axes:
        return '<div class="picture"><div class="blank">not an image</div></div>'
    height, width = node.value.size
    scale = FRAME / max(height, width)
    sides = f"width: {max(12, round(width * scale))}px; height: {max(12, round(height * scale))}px"
    return f'<div class="picture"><div class="blank grid" style="{sides}">no samples kept</div></div>'

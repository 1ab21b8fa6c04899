# SPDX-License-Identifier: MIT
"""Where two pipelines part: the last common value, the first functions that differ, and those after them."""

from dataclasses import dataclass

from isopixel._difference import Difference, difference
from isopixel._trace.comparing.functions import Side
from isopixel._trace.comparing.parting import Parting, Partings
from isopixel._trace.comparing.partings import partings
from isopixel._trace.comparing.path import key, relation
from isopixel._trace.comparing.start import start_of, start_of_sources
from isopixel._trace.records import Trace, Value
from isopixel._trace.values import tile_edges


@dataclass(frozen=True)
class Tile:
    """Where the first tile lies whose samples differ, if none are kept to tell more.

    Attributes:
        rows: the first, and the one after the last.
        columns: the first, and the one after the last.
        differing: how many tiles differ.
        total: how many there are.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    differing: int
    total: int


@dataclass(frozen=True)
class Divergence:
    """How two traces differ.

    Attributes:
        a: the side of A.
        b: the side of B.
        common: the numbers of the last nodes that are the same samples; None if there are none.
        partings: where the functions differ from there on; None if the last values are the same.
        values: at the first parting, those of A and B; the last ones if there is none.
        difference: of these values, if their samples are kept and comparable.
        tile: the first tile that differs, if the samples are not kept.
    """

    a: Side
    b: Side
    common: tuple[int, int] | None
    partings: Partings | None
    values: tuple[Value, Value]
    difference: Difference | None = None
    tile: Tile | None = None

    @property
    def is_equal(self) -> bool:
        """Whether the last values are the same samples."""
        return self.partings is None


def diff(a: Trace, b: Trace) -> Divergence:
    """Compares two traces.

    Args:
        a: the trace that is taken to be right, of training for example.
        b: the other one.

    Raises:
        ValueError: one of them made no value.
    """
    sides = Side("A", a), Side("B", b)
    for side in sides:
        if not side.nodes:
            raise ValueError(
                f"trace {side.name} has no step that made an image or an array: there is nothing to compare"
            )
    last = sides[0].nodes[-1].value, sides[1].nodes[-1].value
    common = last_common(*sides)
    if relation(*last) == "same":
        return Divergence(*sides, common, None, last)
    found = partings(*sides, start_of(*sides, common))
    if common is not None and _is_lone_turn(found.found[0]):
        common, found = _turned_before(*sides, common, found)
    values = _values_at(*sides, common, found.found[0])
    return Divergence(*sides, common, found, values, _difference(*values), _tile(*values))


def last_common(a: Side, b: Side) -> tuple[int, int] | None:
    """Returns the numbers of the last nodes of both sides whose samples are the same; None if there are none.

    A side may come back to what it had; then the last ones are those of which neither is early, and of these A's last.
    """
    places = {key(node.value): number for number, node in enumerate(b.nodes) if number not in b.inner}
    shared = [
        (number, other)
        for number, node in enumerate(a.nodes)
        if number not in a.inner and (other := places.get(key(node.value))) is not None
    ]
    return max(shared, key=lambda numbers: (min(numbers), numbers), default=None)


def _is_lone_turn(parting: Parting) -> bool:
    sides = parting.a.operations, parting.b.operations
    return () in sides and all(operation.kind == "turn" for operations in sides for operation in operations)


def _places(parting: Parting) -> tuple[int | None, int | None]:
    return parting.a.number, parting.b.number


def _turned_before(
    a: Side, b: Side, common: tuple[int, int], found: Partings
) -> tuple[tuple[int, int] | None, Partings]:
    """Returns the last common value and the partings, from the sources on if a turn that one side lacks is told there.

    Turns undo each other, so a side comes back to what it had: which of its turns the other side lacks is not told by
    the samples behind, but by the calls of all of them.
    """
    start = start_of_sources(a, b)
    earlier = partings(a, b, start)
    if not earlier.is_sure or len(earlier.found) > len(found.found):
        return common, found
    if _places(earlier.found[0]) == _places(found.found[0]):
        return common, earlier if len(earlier.found) < len(found.found) else found
    return (start.numbers if relation(a.nodes[0].value, b.nodes[0].value) == "same" else None), earlier


def _values_at(a: Side, b: Side, common: tuple[int, int] | None, parting: Parting) -> tuple[Value, Value]:
    """Returns the values of both sides at a parting; of a side that does nothing there, what it has then."""
    numbers = [parting.a.number, parting.b.number]
    before = common or (0, 0)
    first, second = (before[i] if number is None else number for i, number in enumerate(numbers))
    return a.nodes[first].value, b.nodes[second].value


def _difference(a: Value, b: Value) -> Difference | None:
    """Returns how two values differ; None if they cannot be compared sample by sample."""
    x, y = a.image, b.image
    if x is None or y is None or a.dtype != b.dtype or x.shape != y.shape or x.dtype.kind not in "uif":
        return None
    return difference(x, y)


def _tile(a: Value, b: Value) -> Tile | None:
    """Returns the first tile in which two values differ; None if their tiles cannot be compared."""
    if not a.tiles or len(a.tiles) != len(b.tiles) or a.size != b.size or a.dtype != b.dtype:
        return None
    differing = [i for i, (x, y) in enumerate(zip(a.tiles, b.tiles, strict=True)) if x != y]
    if not differing:
        return None
    tops, lefts = (tile_edges(side) for side in a.size)
    if len(a.tiles) != (len(tops) - 1) * (len(lefts) - 1):  # a trace is a file from elsewhere
        return None
    row, column = divmod(differing[0], len(lefts) - 1)
    return Tile((tops[row], tops[row + 1]), (lefts[column], lefts[column + 1]), len(differing), len(a.tiles))

# SPDX-License-Identifier: MIT
"""The places where the functions of two sides differ, from their last common value on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from isopixel._explain.operation import Operation
from isopixel._trace.comparing.alignment import alike, beside, cost, is_to_levels, nearest_pair
from isopixel._trace.comparing.cause import Cause
from isopixel._trace.comparing.causes import causes_of, order_cause, same_call_cause, unknown_cause
from isopixel._trace.comparing.filters import filter_of
from isopixel._trace.comparing.functions import Chain, Function, Side
from isopixel._trace.comparing.items import Item, Pair
from isopixel._trace.comparing.numeric_causes import NUMERIC, numeric_causes
from isopixel._trace.comparing.path import relation
from isopixel._trace.comparing.ranges import NOTE
from isopixel._trace.comparing.start import Start, orientation_of

LONGEST = 64  # nodes after the last common value whose functions are compared
MOST_WHOLE = 4  # steps that are explained as a whole, if one of them is not known
MOST_TRIES = 2  # steps of a side round which others are tried
SEEN = ("resize", "jpeg", "layout")  # families that code does by the calls of libraries alone
PLACES = ("size", "height-width", "exif", "draft-decode", "order", "byte-width", "byte-rows")  # they move what follows


@dataclass(frozen=True)
class Part:
    """What a side does at a parting.

    Attributes:
        number: of the node that it makes; None if it does nothing there.
        operations: what that is, if it is known; () otherwise.
        others: the other chains that it may be as well, by what is known.
        is_exact: whether the samples show it; otherwise the call's arguments say so.
        note: why that decides less than it seems; or "".
    """

    number: int | None
    operations: Chain = ()
    others: tuple[Chain, ...] = ()
    is_exact: bool = False
    note: str = ""


@dataclass(frozen=True)
class Parting:
    """A place where the functions of two sides differ.

    Attributes:
        a: what A does.
        b: what B does.
        causes: why they differ, at least one.
    """

    a: Part
    b: Part
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Partings:
    """Where the functions of two sides differ, and what is the same behind the first such place.

    Attributes:
        found: the places, the first one first; at least one.
        shared: the functions that both sides run behind the first one, each as a text.
        is_known: whether all functions behind it are known.
    """

    found: tuple[Parting, ...]
    shared: tuple[str, ...]
    is_known: bool

    @property
    def is_sure(self) -> bool:
        """Whether all functions are known, at the places too."""
        return self.is_known and all(cause.id != "unknown" for parting in self.found for cause in parting.causes)


def partings(a: Side, b: Side, start: Start) -> Partings:
    """Returns the places where the functions of two sides differ.

    Args:
        a: side A.
        b: side B, whose last value differs.
        start: where the comparison begins.
    """
    comparison = _Comparison(a, b, start)
    comparison.run()
    ends = Part(len(a.nodes) - 1), Part(len(b.nodes) - 1)
    found = comparison.found or [Parting(*ends, (unknown_cause("", ""),))]
    return Partings(tuple(found), tuple(comparison.shared), comparison.is_known)


class _Comparison:
    """The functions of two sides from a start on, beside each other."""

    def __init__(self, a: Side, b: Side, start: Start) -> None:
        self._sides = (a, b)
        self._start = start
        self._orientation = orientation_of(a, b)
        self._tries = [MOST_TRIES, MOST_TRIES]
        self.found: list[Parting] = []
        self.shared: list[str] = []
        self.is_known = max(len(a.nodes), len(b.nodes)) <= LONGEST
        self._functions: tuple[dict[int, Function], dict[int, Function]] = ({}, {})
        self._begins: tuple[dict[int, int], dict[int, int]] = ({}, {})  # of functions of several steps, what they read
        for side, functions, first in zip(self._sides, self._functions, self._start.numbers, strict=True):
            for number in range(first + 1, min(len(side.nodes), first + 1 + LONGEST)):
                functions[number] = side.function(number)

    def run(self) -> None:
        """Finds the places where they differ, and what is the same behind the first."""
        if self._start.causes:
            self.found.append(Parting(Part(self._start.numbers[0]), Part(self._start.numbers[1]), self._start.causes))
        pairs = beside(self._items(0), self._items(1))
        moved, ordered = self._reordered(pairs)
        left_out = moved | _float_casts(pairs, moved)
        hidden = self._hidden(pairs) - left_out
        self.is_known &= not hidden
        for place, (x, y) in enumerate(pairs):
            if place == min(moved, default=-1):
                self.found += ordered
            if place in left_out | hidden:
                continue
            if x and y and self.found and cost(x, y) and (self._may_be(0, x, y) or self._may_be(1, y, x)):
                self.is_known = False
            elif (parting := self._parting(x, y)) is not None:
                if not _is_guess(parting):
                    self.found.append(parting)
                elif self.found:
                    self.is_known = False
                else:
                    causes = parting.causes if _is_one_formula(parting) else (unknown_cause("", ""),)
                    self.found.append(replace(parting, causes=causes))
            elif x and y and self.found:
                operations = min(x.operations, y.operations, key=len)
                self.shared += [str(operation) for operation in operations] or [x.call]
        if hidden and not self.found:
            parts = [self._part(i, [item] if (item := pairs[min(hidden)][i]) else []) for i in (0, 1)]
            self.found.append(Parting(parts[0], parts[1], (unknown_cause("", ""),)))

    def _hidden(self, pairs: Sequence[Pair]) -> set[int]:
        """Returns the places of functions that the other side may run as well, inside of what is not known there."""
        hidden: set[int] = set()
        stretch: list[int] = []
        for place, pair in enumerate([*pairs, None]):
            if pair is not None and not self._is_settled(*pair):
                stretch.append(place)
                continue
            sides = [[item for n in stretch if (item := pairs[n][i])] for i in (0, 1)]
            for n in stretch:
                x, y = pairs[n]
                open_sides = [1 - i for i, item in enumerate((x, y)) if item] if None in (x, y) else [0, 1]
                if self._is_hideable(x, y) and any(self._may_hide(i, sides, (x, y)) for i in open_sides):
                    hidden.add(n)
            stretch = []
        return hidden

    def _is_settled(self, x: Item | None, y: Item | None) -> bool:
        """Returns whether two functions stand beside each other for certain."""
        if x is None or y is None or x.family != y.family or not (self._is_sure(0, x) and self._is_sure(1, y)):
            return False
        return x.family != "values" or cost(x, y) == 0

    def _is_hideable(self, x: Item | None, y: Item | None) -> bool:
        """Returns whether code that is not traced may do what two items do: a library's call is seen."""
        if x and y:
            return x.family == y.family == "values" and not (self._has_samples(0, x) and self._has_samples(1, y))
        item = x or y
        assert item is not None
        return item.family not in SEEN and not self._is_ahead(0 if x else 1, item)

    def _may_hide(self, i: int, sides: Sequence[Sequence[Item]], pair: Pair) -> bool:
        """Returns whether a side has, beside a pair, what is not known, or only by its range and may do more."""
        own, others = sides[i], sides[1 - i]
        if None in pair and (item := pair[1 - i]) and not item.operations:
            return any(not self._is_ahead(i, one) for one in own)
        if None in pair and others and (item := pair[1 - i]):
            return any(not self._is_sure(i, one) and not self._is_divided(i, one, item) for one in own)
        return bool(others) and any(not one.operations for one in own)

    def _is_divided(self, i: int, item: Item, other: Item) -> bool:
        """Returns whether a checkpoint of both sides lies before an item, and behind one of the other side."""
        own, others = self._sides[i].checkpoints, self._sides[1 - i].checkpoints
        return any(
            own[name] < item.numbers[0] and others[name] >= other.numbers[-1] for name in own.keys() & others.keys()
        )

    def _is_sure(self, i: int, item: Item) -> bool:
        """Returns whether what an item does is known, and that it is all that its steps do."""
        functions = [self._functions[i].get(number) for number in item.numbers]
        return bool(item.operations) and all(function is None or function.note != NOTE for function in functions)

    def _has_samples(self, i: int, item: Item) -> bool:
        return all(self._sides[i].nodes[number].value.array is not None for number in item.numbers)

    def _may_be(self, i: int, item: Item, other: Item) -> bool:
        """Returns whether an item may be the same as one of the other side, for all that is known."""
        return not item.operations and not (self._has_samples(i, item) and other.operations)

    def _items(self, i: int) -> list[Item]:
        """Returns the functions of a side; of a step that may be several, that which is most like the other side's."""
        first = self._start.ahead_numbers[i]
        items = [self._item(i, first, operation) for operation in self._start.ahead[i] if first is not None]
        others = [chain for function in self._functions[1 - i].values() for chain in function.chains]
        for number, function in list(self._functions[i].items()):
            if items and items[-1].numbers[0] >= number:  # it is in what was explained as a whole
                continue
            if not function.chains and (whole := self._around(i, number)) is not None:
                first, number, function = whole
                items = [item for item in items if item.numbers[0] <= first]
            if function.chains:
                chain = alike(function.chains, others)
                items += [self._item(i, number, operation) for operation in chain]
            else:
                items.append(Item((), (number,), self._sides[i].nodes[number].call))
        return items

    def _item(self, i: int, number: int, operation: Operation) -> Item:
        node = self._sides[i].nodes[number]
        is_reading = number == 0 or node.name == "pillow.exif_transpose"
        return Item((operation,), (number,), name=node.name, is_reading=is_reading)

    def _around(self, i: int, number: int) -> tuple[int, int, Function] | None:
        """Returns a row of steps round one that is not known which are known as a whole: the numbers of its ends."""
        side, start = self._sides[i], self._start.numbers[i]
        if self._tries[i] == 0:
            return None
        self._tries[i] -= 1
        for length in range(2, MOST_WHOLE + 1):
            for first in range(number - 1, max(start, number - length) - 1, -1):
                last = first + length
                if last < len(side.nodes) and (function := side.between(first, last)).chains:
                    self._functions[i][last], self._begins[i][last] = function, first
                    return first, last, function
        return None

    def _reordered(self, pairs: Sequence[Pair]) -> tuple[set[int], list[Parting]]:
        """Returns the places of functions that both sides run, but in another order, and their parting."""
        gaps: tuple[dict[str, int], dict[str, int]] = ({}, {})
        for place, pair in enumerate(pairs):
            for i in (0, 1):
                item = pair[i]
                if item is not None and pair[1 - i] is None and item.operations:
                    gaps[i].setdefault(item.family, place)
        moved = {place for family, place in gaps[0].items() if family in gaps[1] for place in (place, gaps[1][family])}
        if not moved:
            return moved, []
        stretch = pairs[min(moved) : max(moved) + 1]
        one, other = (self._part(i, [item for pair in stretch if (item := pair[i]) is not None]) for i in (0, 1))
        return moved, [Parting(one, other, (order_cause(one.operations, other.operations),))]

    def _parting(self, x: Item | None, y: Item | None) -> Parting | None:
        """Returns where two functions that stand beside each other differ; None if they are the same."""
        parts = self._part(0, [x] if x else []), self._part(1, [y] if y else [])
        if self._is_ahead(0, x) or self._is_ahead(1, y):  # the other side has other samples from there on
            parts = tuple(  # type: ignore[assignment]
                replace(part, number=ahead) if part.number is None else part
                for part, ahead in zip(parts, self._start.ahead_numbers, strict=True)
            )
        if x is not None and y is not None:
            if cost(x, y) == 0:
                return self._same_call(x, y)
            if x.family == y.family == "values":
                parts = self._values(x, y)
                if parts[0].operations == parts[1].operations:
                    return None
        if (x is None or x.operations) and (y is None or y.operations):
            first, second = (self._dtype(i, item if x and y else None) for i, item in enumerate((x, y)))
            dtypes = first, second
            shrinks = any(self._shrinks(i, item) for i, item in enumerate((x, y)) if item)
            causes = causes_of(parts[0].operations, parts[1].operations, self._orientation, dtypes, shrinks)
            if any(cause.id in PLACES for parting in self.found for cause in parting.causes):
                causes = tuple(cause for cause in causes if not self._follows(cause, x, y))
            return Parting(*parts, causes) if causes else None
        return Parting(*parts, (unknown_cause(*(self._told(i, (x, y)[i]) for i in (0, 1))),))

    def _dtype(self, i: int, item: Item | None) -> str:
        """Returns the dtype of what an item makes; of the side's last value, if there is none."""
        if item and item.operations and item.operations[-1].kind == "cast":
            return item.operations[-1].name
        return self._sides[i].nodes[item.numbers[-1] if item else -1].value.dtype

    def _shrinks(self, i: int, item: Item) -> bool:
        """Returns whether what an item makes is less high or wide than what it is made of; True if not known."""
        nodes, number = self._sides[i].nodes, item.numbers[0]
        size = item.operations[0].get("size") if item.operations else None
        if number == 0 or not isinstance(size, tuple):
            return True
        return any(new < old for new, old in zip(size, nodes[number - 1].value.size, strict=False))

    def _is_ahead(self, i: int, item: Item | None) -> bool:
        return item is not None and item.numbers[0] <= self._start.numbers[i]

    def _told(self, i: int, item: Item | None) -> str | None:
        """Returns what is known of what a side does: nothing, an operation, a call; "" if not even that."""
        if item is None:
            return None
        return " | ".join(map(str, item.operations)) or item.call

    def _part(self, i: int, items: Sequence[Item]) -> Part:
        """Returns what a side does in items."""
        if not items:
            return Part(None)
        numbers = [number for item in items for number in item.numbers]
        operations = tuple(operation for item in items for operation in item.operations)
        functions = [function for number in dict.fromkeys(numbers) if (function := self._functions[i].get(number))]
        others = tuple(chain for chain in functions[0].chains if chain != operations) if len(functions) == 1 else ()
        others = others if functions and operations in functions[0].chains else ()
        note = next((function.note for function in functions if function.note), self._start.note)
        return Part(numbers[0], operations, others, all(function.is_exact for function in functions), note)

    def _same_call(self, x: Item, y: Item) -> Parting | None:
        """Returns that the same call made different samples of the same ones; None if it did not."""
        (n, m), (a, b) = (x.numbers[0], y.numbers[0]), self._sides
        if min(n, m) == 0 or relation(a.nodes[n - 1].value, b.nodes[m - 1].value) != "same":
            return None
        if relation(a.nodes[n].value, b.nodes[m].value) == "same" or (self._is_exact(0, n) and self._is_exact(1, m)):
            return None
        if (others := self._others(x, y)) is not None:
            return others
        step = a.nodes[n].step
        library = step.library if step is not None else ""
        versions = [f"{library} {side.trace.libraries.get(library, 'of an unknown release')}" for side in self._sides]
        return Parting(self._part(0, [x]), self._part(1, [y]), (same_call_cause(a.nodes[n].name, *versions),))

    def _others(self, x: Item, y: Item) -> Parting | None:
        """Returns the parting of two conversions of values that cannot both be what they seem, if it is known."""
        functions = self._functions[0].get(x.numbers[0]), self._functions[1].get(y.numbers[0])
        if x.family != "values" or None in functions or len(set(x.numbers)) > 1 or len(set(y.numbers)) > 1:
            return None
        chains = nearest_pair(*(function.chains for function in functions if function is not None))
        if chains is None or not all(operation.kind in NUMERIC for chain in chains for operation in chain):
            return None
        parts = [replace(self._part(i, [item]), operations=chains[i]) for i, item in enumerate((x, y))]
        first, second = (
            side.nodes[item.numbers[0]].value.dtype for side, item in zip(self._sides, (x, y), strict=True)
        )
        return Parting(parts[0], parts[1], causes_of(*chains, self._orientation, (first, second)))

    def _is_exact(self, i: int, number: int) -> bool:
        function = self._functions[i].get(number)
        return number <= self._start.numbers[i] or (function is not None and function.is_exact)

    def _values(self, x: Item, y: Item) -> tuple[Part, Part]:
        """Returns what two conversions of values are, each as a whole if that is known on both sides."""
        first = next(
            (i for i, (one, other) in enumerate(zip(x.operations, y.operations, strict=False)) if one != other), 0
        )
        if [one.kind for one in x.operations] == [one.kind for one in y.operations]:
            parts = [self._part(i, [item]) for i, item in enumerate((x, y))]
            return tuple(replace(p, number=item.numbers[first]) for p, item in zip(parts, (x, y), strict=True))  # type: ignore[return-value]
        wholes = [self._whole(i, item) for i, item in enumerate((x, y))]
        numbers = (x.numbers[-1], y.numbers[-1])
        if not all(wholes):
            parts = [self._part(i, [item]) for i, item in enumerate((x, y))]
            return replace(parts[0], number=numbers[0]), replace(parts[1], number=numbers[1])
        one, other = (alike(wholes[i], wholes[1 - i]) for i in (0, 1))
        return Part(numbers[0], one, is_exact=True), Part(numbers[1], other, is_exact=True)

    def _whole(self, i: int, item: Item) -> list[Chain]:
        """Returns the conversions of values that a row of them is as one, beside what its steps do else."""
        side = self._sides[i]
        inside = [number for number in dict.fromkeys(item.numbers) if number in self._functions[i]]
        if not inside or item.is_exchanged:
            return []
        steps = [op for number in inside for chain in self._functions[i][number].chains[:1] for op in chain]
        others = [operation for operation in steps if operation.kind not in NUMERIC]
        wholes = [
            _end(tuple(operation for operation in chain if operation.kind in NUMERIC), is_to_levels(item))
            for chain in side.between(self._begins[i].get(inside[0], inside[0] - 1), inside[-1]).chains
            if [operation for operation in chain if operation.kind not in NUMERIC] == others
        ]
        return [chain for chain in wholes if chain]

    def _follows(self, cause: Cause, x: Item | None, y: Item | None) -> bool:
        """Returns whether a cause is but what a difference of sizes before it leads to."""
        if x is None or y is None or cause.id not in ("crop-offset", "pad-position", "size", "height-width"):
            return False
        if cause.id == "size" and x.family == y.family == "pad":
            return self._added(0, x) == self._added(1, y)
        return all(self._is_relative(i, item) for i, item in enumerate((x, y)))

    def _added(self, i: int, item: Item) -> tuple[int, ...]:
        """Returns the rows and columns that a pad adds."""
        nodes, number = self._sides[i].nodes, item.numbers[0]
        sizes = nodes[number].value.size, nodes[max(0, number - 1)].value.size
        return tuple(new - old for new, old in zip(*sizes, strict=True))

    def _is_relative(self, i: int, item: Item) -> bool:
        """Returns whether a crop or pad is centred, or a resize keeps the proportions, whatever comes in."""
        number, operation = item.numbers[0], item.operations[0]
        nodes = self._sides[i].nodes
        (height, width), size = nodes[max(0, number - 1)].value.size, operation.get("size")
        if not isinstance(size, tuple) or len(size) != 2:
            return False
        if operation.kind == "resize":
            return bool(abs(size[0] * width - size[1] * height) <= max(height, width))
        at = operation.get("at")
        return isinstance(at, tuple) and all(
            abs(2 * abs(place) - abs(whole - part)) <= 1
            for place, whole, part in zip(at, nodes[max(0, number - 1)].value.size, size, strict=False)
        )


def _is_guess(parting: Parting) -> bool:
    """Returns whether two functions are said to round differently by their ranges or calls, which do not tell that."""
    is_exact = all(part.is_exact for part in (parting.a, parting.b))
    return not is_exact and all(cause.id == "rounding" for cause in parting.causes)


def _is_one_formula(parting: Parting) -> bool:
    """Returns whether all that either side may do is one formula."""
    a, b = ((part.operations, *part.others) for part in (parting.a, parting.b))
    return all(cause.id == "rounding" for one in a for other in b for cause in numeric_causes(one, other, ("", "")))


def _end(chain: Chain, is_to_levels: bool) -> Chain:
    """Returns the conversions of a chain up to its first cast to uint8, or those behind the last one."""
    casts = [n for n, operation in enumerate(chain) if (operation.kind, operation.name) == ("cast", "uint8")]
    return chain if not casts else chain[: casts[0] + 1] if is_to_levels else chain[casts[-1] + 1 :]


def _float_casts(pairs: Sequence[Pair], moved: set[int]) -> set[int]:
    """Returns the places of casts that are there because one of two resizes is of floating-point samples."""
    rest = {place: pair for place, pair in enumerate(pairs) if place not in moved}
    sides = {
        int(filter_of(y.operations[0].name).is_float)
        for x, y in rest.values()
        if x and y and x.family == y.family == "resize" and _is_float(x) != _is_float(y)
    }
    if len(sides) != 1:
        return set()
    side = sides.pop()
    return {place for place, pair in rest.items() if not pair[1 - side] and (item := pair[side]) and _are_casts(item)}


def _is_float(item: Item) -> bool:
    return filter_of(item.operations[0].name).is_float


def _are_casts(item: Item) -> bool:
    return bool(item.operations) and all(operation.kind == "cast" for operation in item.operations)

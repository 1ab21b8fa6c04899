# SPDX-License-Identifier: MIT
"""The places where the functions of two sides differ, from a start on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from isopixel._trace.comparing.alignment import alike, beside, cost, nearest_pair
from isopixel._trace.comparing.cause import Cause
from isopixel._trace.comparing.causes import causes_of, cut_call_cause, order_cause, same_call_cause, unknown_cause
from isopixel._trace.comparing.filters import filter_of
from isopixel._trace.comparing.functions import Side
from isopixel._trace.comparing.hidden import hidden
from isopixel._trace.comparing.items import Item, Pair
from isopixel._trace.comparing.numeric_causes import NUMERIC, deep_causes, is_one_formula, numeric_causes
from isopixel._trace.comparing.operands import operands_cause
from isopixel._trace.comparing.parting import Part, Parting, Partings
from isopixel._trace.comparing.path import PARTS, relation
from isopixel._trace.comparing.start import Start, orientation_of
from isopixel._trace.comparing.stretch import LONGEST, Stretch

PLACES = ("size", "height-width", "exif", "draft-decode", "order", "byte-width", "byte-rows")  # they move what follows


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
        self._stretches = Stretch((a, b), 0, start), Stretch((a, b), 1, start)
        self._start = start
        self._orientation = orientation_of(a, b)
        self.found: list[Parting] = []
        self.shared: list[str] = []
        self.is_known = max(len(a.nodes), len(b.nodes)) <= LONGEST

    def run(self) -> None:
        """Finds the places where they differ, and what is the same behind the first."""
        if self._start.causes:
            self.found.append(Parting(Part(self._start.numbers[0]), Part(self._start.numbers[1]), self._start.causes))
        one, other = self._stretches
        pairs = beside(one.items(other.chains), other.items(one.chains))
        moved, ordered = self._reordered(pairs)
        left_out = moved | _float_conversions(pairs, moved)
        unseen = hidden(self._stretches, pairs) - left_out
        self.is_known &= not unseen
        for place, (x, y) in enumerate(pairs):
            if place == min(moved, default=-1):
                self.found += ordered
            if place in left_out and x and y and self.found:
                self.shared += [str(operation) for operation in min(x.operations, y.operations, key=len)]
            if place in left_out | unseen:
                continue
            if x and y and self.found and cost(x, y) and (one.may_be(x, y) or other.may_be(y, x)):
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
        if unseen and not self.found:
            self.found.append(Parting(*self._parts(*pairs[min(unseen)]), (unknown_cause("", ""),)))

    def _parts(self, x: Item | None, y: Item | None) -> tuple[Part, Part]:
        """Returns what each side does in an item, or in none."""
        one, other = self._stretches
        return one.part([x] if x else []), other.part([y] if y else [])

    def _reordered(self, pairs: Sequence[Pair]) -> tuple[set[int], list[Parting]]:
        """Returns the places of functions that both sides run, but in another order, and their parting."""
        gaps: tuple[dict[object, int], dict[object, int]] = ({}, {})
        for place, pair in enumerate(pairs):
            for i in (0, 1):
                item = pair[i]
                if item is not None and pair[1 - i] is None and item.operations:
                    gaps[i].setdefault(item.operations if item.family == "turn" else item.family, place)
        moved = {place for key in gaps[0].keys() & gaps[1].keys() for place in (gaps[0][key], gaps[1][key])}
        if not moved:
            return moved, []
        between = pairs[min(moved) : max(moved) + 1]
        a, b = (one.part([item for pair in between if (item := pair[i])]) for i, one in enumerate(self._stretches))
        return moved, [Parting(a, b, (order_cause(a.operations, b.operations),))]

    def _parting(self, x: Item | None, y: Item | None) -> Parting | None:
        """Returns where two functions that stand beside each other differ; None if they are the same."""
        one, other = self._stretches
        parts = self._parts(x, y)
        if one.is_ahead(x) or other.is_ahead(y):  # the other side has other samples from there on
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
            dtypes = (one.dtype(x), other.dtype(y)) if x and y else (one.dtype(None), other.dtype(None))
            shrinks = bool((x and one.shrinks(x)) or (y and other.shrinks(y)))
            reduces = any(side.reduces(item) for side, item in ((one, x), (other, y)) if item)
            causes = causes_of(parts[0].operations, parts[1].operations, self._orientation, dtypes, shrinks, reduces)
            if x and y and x.family == y.family == "values" and one.is_from_deep(x) and other.is_from_deep(y):
                causes = deep_causes(parts[0].operations, parts[1].operations, causes)
            if any(cause.id in PLACES for parting in self.found for cause in parting.causes):
                causes = tuple(cause for cause in causes if not self._follows(cause, x, y))
            return Parting(*parts, causes) if causes else None
        operands = operands_cause(one.nodes[x.numbers[0]], other.nodes[y.numbers[0]]) if x and y else None
        return Parting(*parts, (operands or unknown_cause(one.told(x), other.told(y)),))

    def _same_call(self, x: Item, y: Item) -> Parting | None:
        """Returns that the same call made different samples of the same ones; None if it did not."""
        (n, m), (a, b) = (x.numbers[0], y.numbers[0]), self._stretches
        if min(n, m) == 0 or relation(a.nodes[n - 1].value, b.nodes[m - 1].value) != "same":
            return None
        if relation(a.nodes[n].value, b.nodes[m].value) == "same" or (a.is_exact(n) and b.is_exact(m)):
            return None
        if not (a.is_whole(x) and b.is_whole(y)):
            return None  # what the step does besides makes the difference
        if (others := self._others(x, y)) is not None:
            return others
        if a.nodes[n].name in PARTS:  # bytes are cut or padded before they become rows
            return Parting(*self._parts(x, y), (unknown_cause("", ""),))
        if not a.nodes[n].is_told_whole:
            return Parting(*self._parts(x, y), (cut_call_cause(a.nodes[n].name),))
        step = a.nodes[n].step
        library = step.library if step is not None else ""
        versions = [f"{library} {one.side.trace.libraries.get(library, 'of an unknown release')}" for one in (a, b)]
        return Parting(*self._parts(x, y), (same_call_cause(a.nodes[n].name, *versions),))

    def _others(self, x: Item, y: Item) -> Parting | None:
        """Returns the parting of two conversions of values that cannot both be what they seem, if it is known."""
        one, other = self._stretches
        chains = nearest_pair(one.chains_of_one_step(x), other.chains_of_one_step(y)) if x.family == "values" else None
        if chains is None or not all(operation.kind in NUMERIC for chain in chains for operation in chain):
            return None
        a, b = (replace(part, operations=chain) for part, chain in zip(self._parts(x, y), chains, strict=True))
        dtypes = one.nodes[x.numbers[0]].value.dtype, other.nodes[y.numbers[0]].value.dtype
        return Parting(a, b, causes_of(*chains, self._orientation, dtypes))

    def _values(self, x: Item, y: Item) -> tuple[Part, Part]:
        """Returns what two conversions of values are, each as a whole if that is known on both sides."""
        (one, other), (a, b) = self._stretches, self._parts(x, y)
        if [operation.kind for operation in x.operations] == [operation.kind for operation in y.operations]:
            both = enumerate(zip(x.operations, y.operations, strict=True))
            differing = next((place for place, (f, g) in both if f != g), 0)
            return replace(a, number=x.numbers[differing]), replace(b, number=y.numbers[differing])
        wholes, others = one.whole(x), other.whole(y)
        if not wholes or not others:
            return replace(a, number=x.numbers[-1]), replace(b, number=y.numbers[-1])
        return (
            Part(x.numbers[-1], alike(wholes, others), is_exact=True),
            Part(y.numbers[-1], alike(others, wholes), is_exact=True),
        )

    def _follows(self, cause: Cause, x: Item | None, y: Item | None) -> bool:
        """Returns whether a cause is but what a difference of sizes before it leads to."""
        if x is None or y is None or cause.id not in ("crop-offset", "pad-position", "size", "height-width"):
            return False
        one, other = self._stretches
        if one.size_before(x) == other.size_before(y):
            return False
        if cause.id == "size" and x.family == y.family == "pad":
            return one.added(x) == other.added(y)
        return one.is_relative(x) and other.is_relative(y)


def _is_guess(parting: Parting) -> bool:
    """Returns whether two functions are said to round differently by their ranges or calls, which do not tell that."""
    is_exact = all(part.is_exact for part in (parting.a, parting.b))
    return not is_exact and all(cause.id == "rounding" for cause in parting.causes)


def _is_one_formula(parting: Parting) -> bool:
    """Returns whether all that either side may do is one formula, and the sides do not seem to do the same.

    If they do, it is something else that differs: samples at other places have the same ends.
    """
    a, b = ((part.operations, *part.others) for part in (parting.a, parting.b))
    return set(a) != set(b) and all(
        cause.id == "rounding" for one in a for other in b for cause in numeric_causes(one, other, ("", ""))
    )


def _float_conversions(pairs: Sequence[Pair], moved: set[int]) -> set[int]:
    """Returns the places of conversions that are there because one of two resizes is of floating-point samples."""
    rest = {place: pair for place, pair in enumerate(pairs) if place not in moved}
    sides = {
        int(filter_of(y.operations[0].name).is_float)
        for x, y in rest.values()
        if x and y and x.family == y.family == "resize" and _is_float(x) != _is_float(y)
    }
    if len(sides) != 1:
        return set()
    side = sides.pop()
    alone = {place: item for place, pair in rest.items() if not pair[1 - side] and (item := pair[side])}
    return {place for place, item in alone.items() if _are_casts(item)} or _divided(rest, alone, side)


def _divided(pairs: Mapping[int, Pair], alone: Mapping[int, Item], side: int) -> set[int]:
    """Returns the places of conversions before and behind a resize of floats that are together one of the other side.

    Args:
        pairs: by their places.
        alone: the items that one side alone has.
        side: which one, 0 or 1.
    """
    before = next((place for place, item in alone.items() if item.family == "values"), None)
    behind = next((n for n, (x, y) in pairs.items() if x and y and "values" in (x.family, y.family)), None)
    if before is None or behind is None or before > behind:
        return set()
    own, other = pairs[behind][side], pairs[behind][1 - side]
    assert own is not None and other is not None
    if not own.operations:
        return {before}  # what is not known may be the rest of it
    both = (*alone[before].operations, *own.operations)
    return {before, behind} if is_one_formula(both, other.operations) else set()


def _is_float(item: Item) -> bool:
    return filter_of(item.operations[0].name).is_float


def _are_casts(item: Item) -> bool:
    return bool(item.operations) and all(operation.kind == "cast" for operation in item.operations)

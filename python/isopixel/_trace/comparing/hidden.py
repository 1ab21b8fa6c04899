# SPDX-License-Identifier: MIT
"""Functions of one side that the other side may run as well, inside of what is not known there."""

from collections.abc import Sequence

from isopixel._trace.comparing.alignment import cost
from isopixel._trace.comparing.items import Item, Pair
from isopixel._trace.comparing.stretch import Stretch

SEEN = ("resize", "jpeg", "layout")  # families that code does by the calls of libraries alone

Stretches = tuple[Stretch, Stretch]


def hidden(stretches: Stretches, pairs: Sequence[Pair]) -> set[int]:
    """Returns the places of the pairs that may be the same, for all that is known."""
    found: set[int] = set()
    unsettled: list[int] = []
    for place, pair in enumerate([*pairs, None]):
        if pair is not None and not _is_settled(stretches, *pair):
            unsettled.append(place)
            continue
        sides = [[item for n in unsettled if (item := pairs[n][i])] for i in (0, 1)]
        for n in unsettled:
            x, y = pairs[n]
            open_sides = [1 - i for i, item in enumerate((x, y)) if item] if None in (x, y) else [0, 1]
            if _is_hideable(stretches, x, y) and any(_may_hide(stretches, i, sides, (x, y)) for i in open_sides):
                found.add(n)
        unsettled = []
    return found


def _is_settled(stretches: Stretches, x: Item | None, y: Item | None) -> bool:
    """Returns whether two functions stand beside each other for certain."""
    if x is None or y is None or x.family != y.family or not (stretches[0].is_sure(x) and stretches[1].is_sure(y)):
        return False
    return x.family != "values" or cost(x, y) == 0


def _is_hideable(stretches: Stretches, x: Item | None, y: Item | None) -> bool:
    """Returns whether code that is not traced may do what two items do: a library's call is seen."""
    if x and y:
        are_kept = stretches[0].has_samples(x) and stretches[1].has_samples(y)
        return x.family == y.family == "values" and not are_kept
    item = x or y
    assert item is not None
    return item.family not in SEEN and not stretches[0 if x else 1].is_ahead(item)


def _may_hide(stretches: Stretches, i: int, sides: Sequence[Sequence[Item]], pair: Pair) -> bool:
    """Returns whether a side has, beside a pair, what is not known, or only by its range and may do more."""
    own, others = sides[i], sides[1 - i]
    if None in pair and (item := pair[1 - i]) and not item.operations:
        return any(not stretches[i].is_ahead(one) for one in own)
    if None in pair and others and (item := pair[1 - i]):
        return any(not stretches[i].is_sure(one) and not _is_divided(stretches, i, one, item) for one in own)
    return bool(others) and any(not one.operations for one in own)


def _is_divided(stretches: Stretches, i: int, item: Item, other: Item) -> bool:
    """Returns whether a checkpoint of both sides lies before an item, and behind one of the other side."""
    own, others = stretches[i].side.checkpoints, stretches[1 - i].side.checkpoints
    return any(own[name] < item.numbers[0] and others[name] >= other.numbers[-1] for name in own.keys() & others.keys())

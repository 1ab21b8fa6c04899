# SPDX-License-Identifier: MIT
"""Reversals of the channels among the functions of two sides: which undo each other, and which are faults."""

from collections.abc import Sequence
from dataclasses import replace

from isopixel._explain.operation import REVERSED, Operation
from isopixel._trace.comparing.items import Item

BARRIERS = ("channels", "layout", "reshape")  # kinds that do not treat the channels alike


def gray_takes_reversals(a: Sequence[Item], b: Sequence[Item]) -> bool:
    """Returns whether reversals before gray are told as the order of the channels that gray takes.

    They are where both sides come to the same order by that; and where it is all in which the two grays differ. Else a
    reversal is a fault of its own, which is told at its place.
    """
    sides = [with_reversals_first(side, gray_takes=True) for side in (a, b)]
    places = [next((n for n, item in enumerate(side) if item.family == "gray"), None) for side in sides]
    orders = ["rgb" if place is None else side[place].order for side, place in zip(sides, places, strict=True)]
    if orders[0] == orders[1]:
        return True
    if None in places:
        return False
    grays = [side[place or 0] for side, place in zip(sides, places, strict=True)]
    names = [(gray.name, gray.operations[0].name) for gray in grays]  # of the call too: few colours fit many formulas
    before = [[item.family for item in side[:place]] for side, place in zip(sides, places, strict=True)]
    return names[0] == names[1] and before[0] == before[1]


def with_reversals_first(items: Sequence[Item], gray_takes: bool) -> list[Item]:
    """Moves each reversal of the channels as far to the front as its meaning allows; two in a row are none.

    Gray, JPEG, and normalisations with a constant for each channel, know the order of the channels: what is before them
    is exchanged for what is behind them by their argument.

    Args:
        items: of a side.
        gray_takes: whether a reversal before gray becomes the order that gray takes.
    """
    return _reversals_first(_without_round_trips(items), gray_takes)


def _without_round_trips(items: Sequence[Item]) -> list[Item]:
    """Returns items with each JPEG between two reversals, there and back, as one of channels in the other order."""
    kept: list[Item] = []
    for item in items:
        place = _reversal_before(kept) if item.operations == (REVERSED,) else None
        if place is not None and any(one.family == "jpeg" for one in kept[place:]):
            kept[place:] = [_exchanged(one) for one in kept[place + 1 :]]
        else:
            kept.append(item)
    return kept


def _reversals_first(items: Sequence[Item], gray_takes: bool) -> list[Item]:
    ordered: list[Item] = []
    for item in items:
        if item.operations == (REVERSED,):
            place = len(ordered)
            while place and not _is_barrier(ordered[place - 1]):
                place -= 1
            ordered[place:] = [_exchanged(one) for one in ordered[place:]]
            if place and ordered[place - 1].operations == (REVERSED,):
                del ordered[place - 1]
            else:
                ordered.insert(place, item)
        elif gray_takes and item.family == "gray" and (before := _reversal_before(ordered)) is not None:
            ordered[before:] = [_exchanged(one) for one in ordered[before + 1 :]]
            ordered.append(_exchanged(item))
        else:
            ordered.append(item)
    return ordered


def _reversal_before(items: Sequence[Item]) -> int | None:
    """Returns the place of a reversal from which on nothing hinders that it moves to the end."""
    for place in range(len(items) - 1, -1, -1):
        if items[place].operations == (REVERSED,):
            return place
        if _is_barrier(items[place]):
            return None
    return None


def _is_barrier(item: Item) -> bool:
    return not item.operations or item.family in BARRIERS


def _exchanged(item: Item) -> Item:
    """Returns a function of channels in the other order that does what it does."""
    operations = tuple(map(_exchanged_operation, item.operations))
    return replace(item, operations=operations, is_exchanged=not item.is_exchanged)


def _exchanged_operation(operation: Operation) -> Operation:
    arguments = dict(operation.arguments)
    if operation.kind in ("gray", "jpeg"):
        if arguments.pop("order", None) != "bgr":
            arguments["order"] = "bgr"
    elif operation.kind in ("normalize", "pad"):
        exchanged = {name: _exchanged_values(value) for name, value in arguments.items()}
        if "order" in arguments and exchanged != arguments:
            exchanged["order"] = "rgb" if arguments["order"] == "bgr" else "bgr"
        arguments = exchanged
    return replace(operation, arguments=tuple(arguments.items()))


def _exchanged_values(value: object) -> object:
    return (*value[2::-1], *value[3:]) if isinstance(value, tuple) and len(value) >= 3 else value

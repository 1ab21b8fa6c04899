# SPDX-License-Identifier: MIT
"""The functions of two sides, set beside each other: which are the same, which differ, which one side lacks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from isopixel._explain.operation import Operation
from isopixel._trace.comparing.numeric_causes import NUMERIC

REVERSED = Operation("channels", "reversed")
FLOATS = ("float32", "float64")
BARRIERS = ("channels", "layout", "reshape")  # kinds that do not treat the channels alike


@dataclass(frozen=True)
class Item:
    """One function on a side's way; conversions of values that follow each other are one.

    Attributes:
        operations: of one family; () if the function is not known.
        numbers: of the nodes that they make, one for each operation; one of a function that is not known.
        call: of a function that is not known, its library, name and arguments as a text; "" if it was not traced.
        is_exchanged: whether the operations are told for channels in the other order than the samples have.
    """

    operations: tuple[Operation, ...]
    numbers: tuple[int, ...]
    call: str = ""
    is_exchanged: bool = False

    @property
    def family(self) -> str:
        """What it is compared with: the kind of its operations, "values" for casts, scales and normalisations."""
        if not self.operations:
            return ""
        kind = self.operations[0].kind
        return "values" if kind in NUMERIC else kind


Pair = tuple[Item | None, Item | None]

GAP = 1.0  # the cost of a function that the other side lacks
MISMATCH = 2.5  # of two functions of different families: more than two gaps


def grouped(items: Sequence[Item]) -> list[Item]:
    """Returns items with their reversals of channels first, and conversions of values joined, up to each to uint8."""
    joined: list[Item] = []
    for item in _without_returns(_reversals_first(items)):
        last = joined[-1] if joined else None
        if last is not None and item.family == last.family == "values" and not is_to_levels(last):
            numbers = (*last.numbers, *item.numbers)
            joined[-1] = replace(last, operations=(*last.operations, *item.operations), numbers=numbers)
        else:
            joined.append(item)
    return joined


def _without_returns(items: Sequence[Item]) -> list[Item]:
    """Leaves out the conversions of uint8 to floats and back."""
    kept: list[Item] = []
    for item in items:
        is_cast = len(kept) >= 2 and is_to_levels(item) and is_to_levels(kept[-2])
        if is_cast and len(kept[-1].operations) == 1 and kept[-1].operations[0].name in FLOATS:
            kept.pop()
        else:
            kept.append(item)
    return kept


def is_to_levels(item: Item) -> bool:
    """Returns whether an item ends with a cast to uint8."""
    return bool(item.operations) and (item.operations[-1].kind, item.operations[-1].name) == ("cast", "uint8")


def _reversals_first(items: Sequence[Item]) -> list[Item]:
    """Moves each reversal of the channels as far to the front as its meaning allows; two in a row are none.

    Gray, JPEG, and normalisations with a constant for each channel, know the order of the channels: what is before them
    is exchanged for what is behind them by their argument.
    """
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
        elif item.family == "gray" and (before := _reversal_before(ordered)) is not None:
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


def cost(a: Item, b: Item) -> float:
    """Returns how unlike two functions are; 0 if they are the same."""
    if not a.operations or not b.operations:
        if REVERSED in (*a.operations, *b.operations):  # which digests show: what is not known is none
            return MISMATCH
        if a.operations or b.operations:
            return 1.5
        return 0.0 if a.call and a.call == b.call else 0.9
    if a.operations == b.operations:
        return 0.0
    if a.family != b.family:
        return MISMATCH
    if is_to_levels(a) != is_to_levels(b):
        return 0.9
    names = [[operation.name for operation in item.operations] for item in (a, b)]
    return 0.3 if names[0] == names[1] else 0.6


def aligned(a: Sequence[Item], b: Sequence[Item]) -> list[Pair]:
    """Returns two sequences of functions set beside each other at the least cost, with gaps where one lacks one."""
    # total[i][j]: the least cost of a[i:] beside b[j:].
    total = [[GAP * (len(a) - i + len(b) - j) for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            total[i][j] = min(cost(a[i], b[j]) + total[i + 1][j + 1], GAP + total[i + 1][j], GAP + total[i][j + 1])
    pairs: list[Pair] = []
    i = j = 0
    while i < len(a) or j < len(b):
        if i < len(a) and j < len(b) and total[i][j] == cost(a[i], b[j]) + total[i + 1][j + 1]:
            pairs.append((a[i], b[j]))
            i, j = i + 1, j + 1
            continue
        lacks = (
            i < len(a) and total[i][j] == GAP + total[i + 1][j],
            j < len(b) and total[i][j] == GAP + total[i][j + 1],
        )
        if lacks[0] and not (
            lacks[1] and a[i].family == "values"
        ):  # what is of levels comes before these are converted
            pairs.append((a[i], None))
            i += 1
        else:
            pairs.append((None, b[j]))
            j += 1
    return pairs


def in_order(pairs: Sequence[Pair]) -> list[Pair]:
    """Returns pairs with each reversal of the channels that one side alone has at its own place among them again."""
    ordered: list[Pair] = [pair for pair in pairs if not _is_reversal(pair)]
    for pair in filter(_is_reversal, pairs):
        side = 0 if pair[0] else 1
        number = (pair[0] or pair[1]).numbers[0]  # type: ignore[union-attr]
        before = (n for n, other in enumerate(ordered) if (item := other[side]) and item.numbers[0] < number)
        ordered.insert(max(before, default=-1) + 1, pair)
    return ordered


def _is_reversal(pair: Pair) -> bool:
    alone = pair[0] or pair[1]
    return None in pair and alone is not None and alone.operations == (REVERSED,)


def nearest_pair(
    a: Sequence[tuple[Operation, ...]], b: Sequence[tuple[Operation, ...]]
) -> tuple[tuple[Operation, ...], tuple[Operation, ...]] | None:
    """Returns the two chains that are most alike of those that are not the same; None if there are none."""
    pairs = [(one, other) for one in a for other in b if one != other]
    return min(pairs, key=lambda pair: _apart(*pair)) if pairs else None


def alike(own: Sequence[tuple[Operation, ...]], others: Sequence[tuple[Operation, ...]]) -> tuple[Operation, ...]:
    """Returns of all chains that a step may be the one that is most like a chain of the other side; else the first."""
    return min(own, key=lambda chain: min((_apart(chain, other) for other in others), default=0))


def _apart(a: tuple[Operation, ...], b: tuple[Operation, ...]) -> int:
    if a == b:
        return 0
    if [(one.kind, one.name) for one in a] == [(one.kind, one.name) for one in b]:
        return 1
    return 2 if [one.kind for one in a] == [one.kind for one in b] else 3

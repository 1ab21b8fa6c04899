# SPDX-License-Identifier: MIT
"""The functions of two sides, set beside each other: which are the same, which differ, which one side lacks."""

from collections.abc import Sequence
from dataclasses import replace

from isopixel._explain.operation import REVERSED, Operation
from isopixel._trace.comparing.items import Item, Pair
from isopixel._trace.comparing.ranges import FLOATS
from isopixel._trace.comparing.reversals import gray_takes_reversals, with_reversals_first

GAP = 1.0  # the cost of a function that the other side lacks
MISMATCH = 2.5  # of two functions of different families: more than two gaps
# Between functions that are as alike, by what is more certain; all less than any difference of functions.
OTHER_PLACE, OTHER_READING, OTHER_NAME = 4e-3, 2e-3, 1e-3


def beside(a: Sequence[Item], b: Sequence[Item]) -> list[Pair]:
    """Returns the functions of two sides, grouped, and set beside each other in the order in which they run."""
    gray_takes = gray_takes_reversals(a, b)
    return _in_order(aligned(grouped(a, gray_takes), grouped(b, gray_takes)))


def grouped(items: Sequence[Item], gray_takes: bool = True) -> list[Item]:
    """Returns items with their reversals of channels first, and conversions of values joined, up to each to uint8.

    Args:
        items: of a side.
        gray_takes: whether a reversal before gray becomes the order that gray takes.
    """
    joined: list[Item] = []
    for item in _without_returns(with_reversals_first(items, gray_takes)):
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
    if a.family != b.family or (a.family == "turn" and a.is_reading != b.is_reading):
        return MISMATCH
    if is_to_levels(a) != is_to_levels(b):
        return 0.9
    names = [[operation.name for operation in item.operations] for item in (a, b)]
    return 0.3 if names[0] == names[1] else 0.6


def _unlike(a: Item, b: Item) -> float:
    """Returns the cost of two functions; of those that cost the same, less for calls of one name at one place."""
    apart = OTHER_PLACE * (a.passed != b.passed) + OTHER_READING * (a.is_reading != b.is_reading)
    return cost(a, b) + apart + OTHER_NAME * (a.name != b.name)


def aligned(a: Sequence[Item], b: Sequence[Item]) -> list[Pair]:
    """Returns two sequences of functions set beside each other at the least cost, with gaps where one lacks one."""
    # total[i][j]: the least cost of a[i:] beside b[j:].
    total = [[GAP * (len(a) - i + len(b) - j) for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            total[i][j] = min(_unlike(a[i], b[j]) + total[i + 1][j + 1], GAP + total[i + 1][j], GAP + total[i][j + 1])
    pairs: list[Pair] = []
    families = [{item.family for item in side} for side in (a, b)]
    i = j = 0
    while i < len(a) or j < len(b):
        if i < len(a) and j < len(b) and total[i][j] == _unlike(a[i], b[j]) + total[i + 1][j + 1]:
            pairs.append((a[i], b[j]))
            i, j = i + 1, j + 1
            continue
        lacks = (
            i < len(a) and total[i][j] == GAP + total[i + 1][j],
            j < len(b) and total[i][j] == GAP + total[i][j + 1],
        )
        if lacks[0] and not (lacks[1] and _is_later(a[i], b[j], families)):
            pairs.append((a[i], None))
            i += 1
        else:
            pairs.append((None, b[j]))
            j += 1
    return pairs


def _is_later(a: Item, b: Item, families: Sequence[set[str]]) -> bool:
    """Returns whether a function of A that B lacks is told behind one of B that A lacks; `families` are the sides'.

    What is of levels comes before these are converted, what is of the reading before all else, and what one side alone
    does before what both do elsewhere.
    """
    is_elsewhere = a.family in families[1] and b.family not in families[0]
    return a.family == "values" or b.is_reading > a.is_reading or is_elsewhere


def _in_order(pairs: Sequence[Pair]) -> list[Pair]:
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

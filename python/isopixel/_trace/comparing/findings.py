# SPDX-License-Identifier: MIT
"""What samples show of the steps of a trace that does not keep them, while they are there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from isopixel._trace.checks import is_chains
from isopixel._trace.comparing.functions import MOST_TRIES, Function, Side, by_digests, by_samples
from isopixel._trace.comparing.numeric_causes import NUMERIC
from isopixel._trace.comparing.stretch import LONGEST
from isopixel._trace.records import Array, Finding, Trace, Value

# What is looked at, so that the end of a trace takes a second as a rule, and seconds at most.
MOST_SAMPLES = 16 << 20  # two pictures of 1080p, and what is made of them
MOST_PAIRS = 32  # of values
FEWEST_VALUES, SAMPLED = 8, 1 << 16  # among so many samples


def findings(trace: Trace, arrays: Mapping[str, Array]) -> tuple[Finding, ...]:
    """Returns what samples show of the steps on the way to the last value that their calls do not tell.

    Args:
        trace: what was recorded.
        arrays: by fingerprint, samples that are in memory, and that the trace does not keep.
    """
    if not arrays:
        return ()
    search = _Search(trace, arrays)
    steps = tuple(search.of_steps())
    return (*steps, *search.of_rows(steps))


class _Search:
    """What is found of a trace by samples that it does not keep, the last steps first: what is resized is small."""

    def __init__(self, trace: Trace, arrays: Mapping[str, Array]) -> None:
        kept = trace.arrays
        self._bare = trace.without_samples()
        self._kept = kept.keys()
        self._arrays = {**kept, **arrays}
        self._room = MOST_SAMPLES
        self._seen: set[tuple[str, str]] = set()  # pairs of fingerprints

    def of_steps(self) -> Iterator[Finding]:
        """Yields what single steps are: those that nothing else tells."""
        side = Side("", self._bare)
        for number in reversed(_numbers(side)):
            before, after = side.nodes[number - 1].value, side.nodes[number].value
            if not side.shows(number) and side.said(number) is None and by_digests(before, after) is None:
                yield from self._found(before, after)

    def of_rows(self, steps: tuple[Finding, ...]) -> Iterator[Finding]:
        """Yields what rows of steps are as a whole: of conversions of values, and round steps that are not known.

        Args:
            steps: what single steps are.
        """
        side = Side("", replace(self._bare, findings=(*self._bare.findings, *steps)))
        for first, last in _conversions(side):
            yield from self._found(side.nodes[first].value, side.nodes[last].value)
        numbers = _numbers(side)
        changed = [numbers[0] - 1, *(n for n in numbers if () not in side.function(n).chains)] if numbers else []
        for number in [n for n in changed[1:] if not side.function(n).chains][:MOST_TRIES]:
            for first, last in side.rows_around(changed, number):
                found = list(self._found(side.nodes[first].value, side.nodes[last].value))
                if any(finding.chains for finding in found):
                    yield from found
                    break

    def _found(self, before: Value, after: Value) -> Iterator[Finding]:
        old, new = (self._arrays.get(value.fingerprint) for value in (before, after))
        if old is None or new is None or {before.fingerprint, after.fingerprint} <= self._kept:
            return
        pair = before.fingerprint, after.fingerprint
        if pair in self._seen or len(self._seen) == MOST_PAIRS or old.size + new.size > self._room:
            return
        if _is_flat(old) or _is_flat(new):
            return
        self._seen.add(pair)
        self._room -= old.size + new.size
        function = by_samples(replace(before, array=old), replace(after, array=new)) or Function()
        finding = Finding(before.number, after.number, function.chains, function.note)
        if is_chains(finding.record):  # not too many, nor of infinite numbers
            yield finding


def _is_flat(array: Array) -> bool:
    """Returns whether an array has so few values that it decides little, and takes long: a mask, or one colour."""
    some = array.reshape(-1)[:: 1 + array.size // SAMPLED]
    return np.unique(some).size < FEWEST_VALUES


def _numbers(side: Side) -> range:
    """Returns the numbers of the last nodes, as many as are compared."""
    return range(max(1, len(side.nodes) - LONGEST), len(side.nodes))


def _conversions(side: Side) -> Iterator[tuple[int, int]]:
    """Yields the ends of rows of two or more steps that convert values, or may do so: from what the first reads.

    Of a long row all that end with it: the other side may have the values that one of them begins with.
    """
    row = [_numbers(side).start - 1]
    for number in _numbers(side):
        if not _converts(side, number):
            yield from ((first, row[-1]) for first in row[:-2])
            row = [number]
        elif () in side.function(number).chains:
            row[-1] = number
        else:
            row.append(number)
    yield from ((first, row[-1]) for first in row[:-2])


def _converts(side: Side, number: int) -> bool:
    """Returns whether a step converts values, or may do so, or does nothing."""
    before, after = side.nodes[number - 1].value, side.nodes[number].value
    has_form = before.size == after.size and len(before.planes) == len(after.planes) > 0
    chains = side.function(number).chains
    return has_form and all(operation.kind in NUMERIC for chain in chains[:1] for operation in chain)

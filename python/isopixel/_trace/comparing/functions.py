# SPDX-License-Identifier: MIT
"""Which function a step of a trace computes: by the digests of its values, by their samples, or as its call says."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from isopixel._explain import explain
from isopixel._explain.operation import REVERSED, Explained, Operation
from isopixel._trace.comparing.levels import chains_of_levels
from isopixel._trace.comparing.path import CHECKPOINT, Node, key, path, relation
from isopixel._trace.comparing.ranges import FLOATS, NOTE, chains_by_range
from isopixel._trace.comparing.recorded import recorded
from isopixel._trace.records import Finding, Trace, Value

Chain = tuple[Operation, ...]
MOST_WHOLE = 5  # steps that are explained as a whole, if one of them is not known; gray of three channels has as many
MOST_TRIES = 2  # steps of a side round which others are tried
FEWEST = 32  # samples, of fewer almost any function can be made


@dataclass(frozen=True)
class Function:
    """What turns a value into the next one.

    Attributes:
        chains: of operations, all that fit, the best one first; () if none is known.
        is_exact: whether the values show that it is one of them; otherwise the call's arguments say so.
        note: why this decides less than it seems; or "".
    """

    chains: tuple[Chain, ...] = ()
    is_exact: bool = False
    note: str = ""


def without_axes(chain: Chain) -> Chain:
    """Returns a chain without what only moves the axes."""
    return tuple(operation for operation in chain if operation.kind != "axes")


def by_digests(before: Value, after: Value) -> Function | None:
    """Returns what the digests of the channels show alone; None if they do not."""
    how = relation(before, after)
    if how == "same":
        return Function(((),), True)
    old, new = before.planes, after.planes
    if not old or not new or (before.dtype, before.size) != (after.dtype, after.size):
        return None
    if how == "permuted":
        is_reversed = new == (*old[2::-1], *old[3:])
        return Function(((REVERSED if is_reversed else Operation("channels", "permuted"),),), True)
    if len(old) == 4 and new == old[:3]:
        return Function(((Operation("alpha", "dropped"),),), True)
    if len(old) == 4 and new == old[2::-1]:
        return Function(((REVERSED, Operation("alpha", "dropped")),), True)
    if len(old) == 1 and set(new) == set(old):
        return Function(((Operation("channels", "repeated"),),), True)
    return None


def by_samples(before: Value, after: Value) -> Function | None:
    """Returns what the samples show, if they are kept and it is known; otherwise None."""
    if before.array is None or after.array is None or after.array.size < FEWEST:
        return None
    if not all(
        array.size and 0 < array.ndim <= 4 and array.dtype.kind in "uif" for array in (before.array, after.array)
    ):
        return None  # of which explain knows nothing
    found: Explained = explain(before.array, after.array)
    cast: Chain = ()
    for dtype in FLOATS if before.dtype == "uint8" and after.dtype in FLOATS else ():
        if not found.is_exact:  # perhaps of levels that are not scaled first
            cast = (Operation("cast", dtype),)
            found = explain(before.array.astype(dtype), after.array)
    chains = _chains(found, cast) or chains_of_levels(before, after)
    if not chains and before.array.size == after.array.size and before.array.shape != after.array.shape:
        found = explain(before.array, after.array.reshape(before.array.shape))
        chains = _chains(found, (Operation("reshape", "reshape", (("shape", after.array.shape),)),))
    return Function(chains, True, found.note) if chains else None


def _chains(found: Explained, before: Chain) -> tuple[Chain, ...]:
    """Returns the chains that are found to be exact and have names, each behind another one."""
    named = [one.operations for one in found if one.is_exact and _is_named(one.operations)]
    return tuple(dict.fromkeys((*before, *without_axes(chain)) for chain in named))


def _is_named(chain: Chain) -> bool:
    """Returns whether a chain holds no mere table, which any function of single samples is."""
    return not any(operation.kind == "levels" and operation.name == "table" for operation in chain)


class Side:
    """One of two traces that are compared: its way, and what the steps on it compute."""

    def __init__(self, name: str, trace: Trace) -> None:
        """Finds the way.

        Args:
            name: "A" or "B".
            trace: as it was recorded.
        """
        self.name = name
        self.trace = trace
        self.nodes: tuple[Node, ...] = path(trace)
        orientation = self.nodes[0].facts.get("orientation") if self.nodes else None
        self.orientation: int = orientation if isinstance(orientation, int) else 1  # of the file, by Exif
        self.checkpoints: dict[str, int] = self._checkpoints()  # by their names, the nodes whose values they saw last
        self._found: dict[tuple[int, int], Function] = {}
        self._findings: dict[Hashable, Finding] = {
            (key(trace.values[finding.before]), key(trace.values[finding.after])): finding for finding in trace.findings
        }
        self.inner = frozenset(self._inner())  # the nodes of round trips, whose channels are in another order

    def _checkpoints(self) -> dict[str, int]:
        fingerprints = [node.value.fingerprint for node in self.nodes]
        found: dict[str, int] = {}
        place = 0  # of the last checkpoint: the way may come to the same samples twice
        for step in self.trace.steps:
            if step.library == CHECKPOINT and step.output is not None:
                fingerprint = self.trace.values[step.output].fingerprint
                if fingerprint in fingerprints[place:]:
                    found[step.name] = place = fingerprints.index(fingerprint, place)
        return found

    def _inner(self) -> Iterator[int]:
        """Yields the nodes between two reversals of the channels, there and back, round a file that is written."""
        for number, node in enumerate(self.nodes[2:-1], 2):
            if node.saved is not None and self._reverses(number - 1) and self._reverses(number + 1):
                yield from (number - 1, number)

    def _reverses(self, number: int) -> bool:
        return any(REVERSED in chain for chain in self.function(number).chains)

    def function(self, number: int) -> Function:
        """Returns what makes a node of the one before it."""
        found = self._found.get((number - 1, number))
        if found is None:
            found = self._found[number - 1, number] = self._function(number)
        return found

    def between(self, first: int, last: int) -> Function:
        """Returns what makes a node of an earlier one, as a whole, if the values show it."""
        found = self._found.get((first, last))
        if found is None:
            found = self._by_values(self.nodes[first].value, self.nodes[last].value) or Function()
            self._found[first, last] = found
        return found

    def rows_around(self, changed: Sequence[int], number: int) -> Iterator[tuple[int, int]]:
        """Yields the ends of the rows of steps round one that is not known which may be known as a whole.

        Args:
            changed: the nodes of the steps that change something, behind the one that the first of them reads.
            number: of these, the node of the step that is not known.
        """
        place = changed.index(number)
        is_of_levels = all(self.nodes[n].value.dtype == "uint8" for n in (changed[place - 1], number))
        for length in range(2, MOST_WHOLE + 1):
            for begin in range(min(place, len(changed) - length) - 1, max(0, place - length) - 1, -1):
                first, last = changed[begin], changed[begin + length]
                ends = {changed[begin + 1], last} - {number}
                if not is_of_levels or not any(self.function(n).is_exact for n in ends):
                    yield first, last  # what is known beside uint8 can be undone: with it no more is known than without

    def said(self, number: int) -> Chain | None:
        """Returns what makes a node of the one before it by the call that is recorded; None if that is not known."""
        before, node = self.nodes[number - 1].value, self.nodes[number]
        inputs = [self.trace.values[place] for place in node.step.inputs] if node.step is not None else []
        read = next((value for value in inputs if value.fingerprint == before.fingerprint), before)
        return recorded(node, read, self.trace.libraries, self.orientation)

    def shows(self, number: int) -> bool:
        """Returns whether the samples of a node are kept, or were looked at while they were there."""
        value = self.nodes[number].value
        return value.array is not None or (
            number > 0 and self._finding(self.nodes[number - 1].value, value) is not None
        )

    def _finding(self, before: Value, after: Value) -> Finding | None:
        return self._findings.get((key(before), key(after)))

    def _by_values(self, before: Value, after: Value) -> Function | None:
        """Returns what the digests of two values show, or their samples, which may have been there before alone."""
        found = by_digests(before, after) or by_samples(before, after)
        if found is None and (finding := self._finding(before, after)) is not None and finding.chains:
            return Function(finding.chains, True, finding.note)
        return found

    def _function(self, number: int) -> Function:
        before, node = self.nodes[number - 1].value, self.nodes[number]
        said = self.said(number)
        found = self._by_values(before, node.value)
        if found is None and said is not None:
            return Function((without_axes(said),))
        if found is None:
            by_range = chains_by_range(before, node.value)
            return Function(by_range, False, NOTE) if by_range else Function()
        if said is not None and without_axes(said) in found.chains:
            chains = dict.fromkeys((without_axes(said), *found.chains))
            return Function(tuple(chains), True, found.note)
        return found

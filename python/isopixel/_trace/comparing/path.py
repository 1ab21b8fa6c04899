# SPDX-License-Identifier: MIT
"""The way to the last value of a trace, and which values are the same."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from isopixel._trace.records import CUT, Step, Trace, Value

SOURCES = ("open", "decode", "bytes")  # kinds of steps that make values of no others
PARTS = ("numpy.__getitem__", "numpy.reshape")  # steps that NumPy takes in no call that is recorded
LAYING = ("numpy.reshape", "torch.view", "torch.reshape")  # by which bytes become rows
CHECKPOINT = "checkpoint"  # the library of isopixel.step


@dataclass(frozen=True)
class Node:
    """A value on the way to the last one.

    Attributes:
        value: what was there.
        step: what made it of the value before; None if code did that was not traced.
        at: the file and line of the call; if it was not traced, of the next one that was.
        facts: of the file that it was read from.
        saved: the step that had written the value before to that file; None if it is another one's.
        operands: what the step read beside the value before.
    """

    value: Value
    step: Step | None
    at: str
    facts: Mapping[str, Any]
    saved: Step | None = None
    operands: tuple[Value, ...] = ()

    @property
    def name(self) -> str:
        """What made the value, as "pillow.resize"; a checkpoint's own name in quotation marks."""
        if self.step is None:
            return "untraced code"
        if self.saved is not None:
            return "save and reload"
        return f"“{self.step.name}”" if self.step.library == CHECKPOINT else f"{self.step.library}.{self.step.name}"

    @property
    def is_told_whole(self) -> bool:
        """Whether all of the arguments are recorded of the call that made it, and of what had saved it."""
        return not any(_is_cut(step.arguments) for step in (self.step, self.saved) if step is not None)

    @property
    def call(self) -> str:
        """The call that made it, with its arguments; "" if that was not traced."""
        if self.step is None or self.step.library == CHECKPOINT:
            return ""
        arguments = [f"{name}={value}" for name, value in self.step.arguments.items()]
        return f"{self.name}({', '.join([*arguments, *map(_operand, self.operands)])})"


def _is_cut(argument: object) -> bool:
    if isinstance(argument, Mapping):
        argument = [*argument, *argument.values()]
    return any(map(_is_cut, argument)) if isinstance(argument, list) else argument == CUT


def _operand(value: Value) -> str:
    """Returns an operand as a text by which it is told from others."""
    return f"{value.dtype} {'×'.join(map(str, value.shape))} {value.fingerprint.removeprefix('sha256:')[:8]}…"


def path(trace: Trace) -> tuple[Node, ...]:
    """Returns the way to the last image or named value, from its source on; () if nothing was made.

    A step's input is recognised by its samples, whatever holds them. What came to be between the steps is a node of its
    own, after the value that was seen last; a file that was written and read again continues the way to what was
    written. Steps that change nothing are left out.
    """
    made = [step for step in trace.steps if step.output is not None]
    way = _Way(trace, made)
    ends = (n for n in range(len(made) - 1, -1, -1) if way.is_of_pictures(n) and not way.is_part(n))
    last = next(ends, len(made) - 1)
    return _with_bytes_laid_at_once(tuple(way.back_from(last))[::-1]) if made else ()


def _with_bytes_laid_at_once(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Returns nodes without the bytes that are cut or padded before they become rows, which is a part of that."""
    laid = next((n for n, node in enumerate(nodes) if len(node.value.shape) != 1), 0)
    if laid < 2 or nodes[laid].name not in LAYING or any(node.value.dtype != "uint8" for node in nodes[: laid + 1]):
        return nodes
    return (nodes[0], *nodes[laid:])


class _Way:
    """The way back, from a value to the one that it was made of."""

    def __init__(self, trace: Trace, made: list[Step]) -> None:
        self._values = trace.values
        self._made = made
        self._makers: defaultdict[str, list[int]] = defaultdict(list)  # by a fingerprint, the steps that changed it
        self._first: dict[str, int] = {}  # by a fingerprint, the step that it came from first
        self._read: dict[str, int] = {}  # by a fingerprint, the step that read it first
        self._written: dict[str, tuple[int, Step]] = {}  # by a file's SHA-256, when it was written, and how
        for n, step in enumerate(made):
            for value in self._inputs(step):
                self._read.setdefault(value.fingerprint, n)
            output = self._output(n).fingerprint
            if all(value.fingerprint != output for value in self._inputs(step)):
                if step.library != CHECKPOINT or (n and relation(self._output(n - 1), self._output(n)) == "permuted"):
                    self._makers[output].append(n)  # of a checkpoint: code reversed the channels before it, or back
                self._first.setdefault(output, n)
        self._opened = _opened(trace)
        numbers = {step.number: n for n, step in enumerate(made)}
        done = 0
        for step in trace.steps:
            done = numbers.get(step.number, done)  # what was made before it was written
            if step.kind == "encode" and step.inputs and (digest := step.facts.get("sha256")):
                self._written[str(digest)] = (done, step)

    def back_from(self, n: int) -> Iterator[Node]:
        """Yields the nodes from the output of a step back to its source."""
        value, limit, at = self._output(n), n + 1, ""
        while True:
            maker = self._maker(value, limit)
            if maker is None:  # it was seen as an input alone, and made before that
                limit = min(limit, self._read.get(value.fingerprint, limit))
                yield Node(value, None, f"before {at}" if at else "", {})
                before = self._seen_last(limit, value)
            else:
                step = self._made[maker]
                limit, at = maker, step.at
                facts = step.facts or self._opened.get(step.number, {})
                since, saved = self._written.get(str(facts.get("sha256", "")), (limit, None))
                if since >= limit or step.kind not in SOURCES:
                    saved = None
                yield Node(self._output(maker), step, at, facts, saved, self._operands(step, limit))
                if saved is not None:
                    before = (self._values[saved.inputs[0]], since + 1)
                elif step.kind in SOURCES and step.library != CHECKPOINT and not step.inputs:
                    return
                elif step.inputs:
                    before = (self._chosen_input(step, limit), limit)
                else:
                    before = self._seen_last(limit, value)
            if before is None:
                return
            value, limit = before

    def is_of_pictures(self, n: int) -> bool:
        """Returns whether a step made an image, or read bytes, or is named: numbers are also made for other ends."""
        step = self._made[n]
        return bool(self._output(n).axes) or step.kind in SOURCES or step.library == CHECKPOINT

    def is_part(self, n: int) -> bool:
        """Returns whether a step is no call: a part of an array, which was seen when something read it."""
        step = self._made[n]
        return f"{step.library}.{step.name}" in PARTS

    def _maker(self, value: Value, limit: int) -> int | None:
        """Returns the last step before a limit that made a value of another; or the first from which it came."""
        makers = self._makers[value.fingerprint]
        if place := bisect_left(makers, limit):
            return makers[place - 1]
        first = self._first.get(value.fingerprint, limit)
        return first if first < limit else None

    def _seen_last(self, limit: int, value: Value) -> tuple[Value, int] | None:
        """Returns what was made last before a limit, and differs from a value; None if there is nothing."""
        for n in range(limit - 1, -1, -1):
            if self.is_of_pictures(n) and self._output(n).fingerprint != value.fingerprint:
                return self._output(n), n + 1
        return None

    def _chosen_input(self, step: Step, limit: int) -> Value:
        """Returns the first input that a step made; if there is none, the first."""
        inputs = self._inputs(step)
        return next((value for value in inputs if self._maker(value, limit) is not None), inputs[0])

    def _operands(self, step: Step, limit: int) -> tuple[Value, ...]:
        """Returns the inputs of a step but the one that it is thought to be made of."""
        if not step.inputs:
            return ()
        chosen = self._chosen_input(step, limit).fingerprint
        return tuple(value for value in self._inputs(step) if value.fingerprint != chosen)

    def _output(self, n: int) -> Value:
        number = self._made[n].output
        assert number is not None
        return self._values[number]

    def _inputs(self, step: Step) -> list[Value]:
        return [self._values[number] for number in step.inputs]


def _opened(trace: Trace) -> dict[int, Mapping[str, Any]]:
    """Returns by the numbers of the steps that decode what is known of the file that was opened before."""
    facts: Mapping[str, Any] = {}
    found = {}
    for step in trace.steps:
        if step.kind == "open":
            facts = step.facts
        elif step.kind == "decode":
            found[step.number] = facts
    return found


def key(value: Value) -> Hashable:
    """Returns what values of the same samples have in common, whatever the order of their axes."""
    return (value.dtype, value.size, value.planes) if value.planes else value.fingerprint


def permuted_key(value: Value) -> Hashable:
    """Returns what values have in common whose channels may be in another order."""
    return (value.dtype, value.size, tuple(sorted(value.planes))) if value.planes else value.fingerprint


def relation(a: Value, b: Value) -> Literal["same", "permuted"] | None:
    """Returns whether two values are the same samples, or would be in another order of the channels."""
    if key(a) == key(b):
        return "same"
    return "permuted" if permuted_key(a) == permuted_key(b) else None

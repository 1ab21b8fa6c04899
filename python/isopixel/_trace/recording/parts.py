# SPDX-License-Identifier: MIT
"""Arrays that are parts of others: slices, flips and reshapes, which no call shows but the memory that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from isopixel._trace.recording.where import where
from isopixel._trace.values import MOST_CHANNELS, samples_of

if TYPE_CHECKING:
    from isopixel._trace.recording.recorder import Recording
    from isopixel._trace.records import Array

MOST_WHOLES = 8  # times as large as a part is an array at most that is read for it: it is hashed too


@dataclass(frozen=True)
class Span:
    """What a part takes of an axis: from which place on, how many, and whether backwards."""

    start: int
    count: int
    is_backwards: bool = False

    def within(self, other: Span) -> Span | None:
        """Returns the same places of the same axis, counted in another span; None if some lie outside."""
        start = other.start - self.start if other.is_backwards else self.start - other.start
        found = Span(start, self.count, self.is_backwards != other.is_backwards)
        last = start + (1 - self.count if found.is_backwards else self.count - 1)
        return found if min(start, last) >= 0 and max(start, last) < other.count else None

    def __str__(self) -> str:
        """Returns it as Python writes a slice."""
        if not self.is_backwards:
            return f"{self.start}:{self.start + self.count}"
        stop = self.start - self.count
        return f"{self.start}:{stop if stop >= 0 else ''}:-1"


Spans = tuple[Span, ...]


class Parts:
    """The parts of arrays that a recording has seen."""

    def __init__(self, recording: Recording) -> None:
        """Starts with none."""
        self._recording = recording
        self._last: tuple[int, int, Spans] | None = None  # a part, what it is of, both as values, and its spans

    def see(self, thing: Any) -> None:
        """Records a step that makes what is read of the array that it is a part of, if it is one that no call made."""
        if not isinstance(thing, np.ndarray) or not isinstance(whole := thing.base, np.ndarray):
            return
        if not _is_fit(thing, whole) or (spans := _spans(thing, whole)) == _all(whole):
            return
        shape = _shape(thing, whole) if spans is None else {}
        read, made = samples_of(whole), samples_of(thing)
        if shape is None or read is None or made is None:
            return
        if self._recording.has_made(output := self._recording.value(made)):
            return
        source = self._recording.value(read)
        if spans is None:
            self._recording.step("reshape", "numpy", "layout", shape, inputs=(source,), output=output, at=where())
            return
        before, index = self._before(source, spans)
        given = {"index": list(map(str, index))}
        self._recording.step("__getitem__", "numpy", "crop", given, inputs=(before,), output=output, at=where())
        self._last = output, source, spans

    def _before(self, source: int, spans: Spans) -> tuple[int, Spans]:
        """Returns what a part was made of, and the spans of that: of the part that was seen just before, if it fits.

        NumPy keeps but the array that all of them are parts of.
        """
        if self._last is not None and self._last[1] == source and self._recording.last_made == self._last[0]:
            inner = [span.within(other) for span, other in zip(spans, self._last[2], strict=True)]
            found = tuple(span for span in inner if span is not None)
            if len(found) == len(inner):
                return self._last[0], found
        return source, spans


def _is_fit(part: Array, whole: Array) -> bool:
    """Returns whether an array lies in another one that is not too large, whose samples lie one beside the other."""
    if part.dtype != whole.dtype or not 0 < whole.nbytes <= MOST_WHOLES * part.nbytes:
        return False
    expected = whole.itemsize
    for stride, count in sorted(zip(whole.strides, whole.shape, strict=True)):
        if count > 1:
            if stride != expected:
                return False
            expected *= count
    return True


def _all(whole: Array) -> Spans:
    return tuple(Span(0, count) for count in whole.shape)


def _spans(part: Array, whole: Array) -> Spans | None:
    """Returns what a part takes of each axis; None if it is no slice of single steps of all axes in their order.

    The axis of channels may stand elsewhere.
    """
    left = _offset(part, whole)
    spans, axes = {}, {}
    for axis in sorted(range(whole.ndim), key=lambda axis: whole.strides[axis], reverse=True):
        place, left = divmod(left, whole.strides[axis]) if whole.shape[axis] > 1 else (0, left)
        spans[axis] = Span(place, 1)
        if whole.shape[axis] > 1:
            axes[whole.strides[axis]] = axis
    order = []
    for stride, count in zip(part.strides, part.shape, strict=True):
        if count == 1:
            continue
        if (found := axes.pop(abs(stride), None)) is None:
            return None
        spans[found] = Span(spans[found].start, count, stride < 0)
        order += [found] if count > MOST_CHANNELS else []
        if spans[found].within(Span(0, whole.shape[found])) is None:
            return None
    return tuple(spans[axis] for axis in range(whole.ndim)) if order == sorted(order) and not axes else None


def _offset(part: Array, whole: Array) -> int:
    """Returns how many bytes behind the first sample of the whole that of its part lies."""
    return int(part.__array_interface__["data"][0] - whole.__array_interface__["data"][0])


def _shape(part: Array, whole: Array) -> dict[str, Any] | None:
    """Returns the arguments by which samples have another shape, all of them or a part of a row; None of others."""
    if not part.flags.c_contiguous or not whole.flags.c_contiguous or (part.size < whole.size and whole.ndim > 1):
        return None
    start = _offset(part, whole) // whole.itemsize
    return {"shape": list(part.shape)} | ({} if part.size == whole.size else {"start": start})

# SPDX-License-Identifier: MIT
"""A call of a library that becomes a step: what it read, what it made, and which other libraries it called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from isopixel._trace.recording.arguments import failure_of, plain
from isopixel._trace.recording.libraries.library import Library
from isopixel._trace.recording.where import where
from isopixel._trace.values import is_array, samples_of

if TYPE_CHECKING:
    from isopixel._trace.recording.recorder import Recording

MOST_THINGS = 16  # of a list of images that is read or returned
MOST_DEPTH = 3  # of lists in lists

Named = Callable[[tuple[Any, ...], Mapping[str, Any]], Mapping[str, Any]]


class Call:
    """A call while it runs: the outermost one of its thread."""

    def __init__(self, recording: Recording, library: Library, name: str, kind: str) -> None:
        """Starts with nothing known of it."""
        self.library, self.kind = library, kind
        self._recording, self._name = recording, name
        self._by: list[str] = []
        self._failure = ""
        self._at = ""
        self._given: Mapping[str, Any] = {}
        self._arguments: dict[str, Any] = {}
        self._read: list[tuple[Any, int | None]] = []  # images, and their numbers; None of one that is not decoded

    def begin(self, name_arguments: Named, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Records what is read, before the call can change it."""
        try:
            self._at = where()
            self._given = name_arguments(args, kwargs)
            for name, thing in self._given.items():
                if name not in self.library.outputs:
                    self._read += [(image, self._value_read(image)) for image in _images(thing)]
            words = self.library.words(self._name, dict(self._given))
            self._arguments = plain({name: it for name, it in words.items() if name != "self" and not _images(it)})
        except Exception as error:
            self._failure = failure_of(error)

    def decoded(self, picture: Any, number: int | None) -> None:
        """Keeps the number of a picture that is read, and was decoded during the call."""
        self._read = [(thing, number if thing is picture else known) for thing, known in self._read]

    def nested(self, library: str, name: str) -> None:
        """Keeps the name of a function that this one called in turn, if it is of another library."""
        text = f"{library}.{name}"
        if library != self.library.name and text not in self._by:
            self._by.append(text)

    def end(self, result: Any, error: BaseException | None = None) -> None:
        """Records the step, or several of a function that returns several images."""
        facts: dict[str, Any] = {}
        numbers: list[int] = []
        made: list[Any] = []
        try:
            made = self._made(result) if error is None and self.kind != "encode" else []
            numbers = [number for thing in made if (number := self._value(thing)) is not None]
            facts = self.library.facts(self._name, self._given, result)
        except Exception as failure:
            self._failure = self._failure or failure_of(failure)
        if error is not None:
            facts = facts | {"error": type(error).__name__}
        inputs = tuple(number for _, number in self._read if number is not None)
        if not (inputs or numbers or self._failure or self.kind in ("decode", "bytes", "encode")):
            return
        is_in_place = bool(made and self._read) and made[0] is self._read[0][0] and inputs[:1] != tuple(numbers[:1])
        outputs: list[int | None] = [*numbers] or [None]
        for output in outputs:
            self._recording.step(
                self._name,
                self.library.name,
                self.kind,
                self._arguments,
                inputs=inputs,
                output=output,
                is_in_place=is_in_place,
                by=tuple(self._by),
                at=self._at,
                facts=facts,
                failure=self._failure,
            )

    def _made(self, result: Any) -> list[Any]:
        """Returns the images that a call made: what it returned, or the first one that it read, if that is nothing."""
        if result is None and self._read:
            return [self._read[0][0]]
        return _images(result)

    def _value_read(self, thing: Any) -> int | None:
        self._recording.parts.see(thing)
        return self._value(thing)

    def _value(self, thing: Any) -> int | None:
        samples = samples_of(thing)
        return None if samples is None else self._recording.value(samples)


def _images(thing: Any, depth: int = 0) -> list[Any]:
    """Returns an image, or those in lists, tuples and mappings, such as the samples of a data set."""
    if is_array(thing):
        return [thing]
    if depth == MOST_DEPTH or not isinstance(thing, (list, tuple, Mapping)):
        return []
    items = islice(thing.values() if isinstance(thing, Mapping) else thing, MOST_THINGS)
    return [image for item in items for image in _images(item, depth + 1)][:MOST_THINGS]

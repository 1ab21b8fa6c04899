# SPDX-License-Identifier: MIT
"""Targets of the images of a corpus: whole numbers as they are, texts as the indices of classes."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from isopixel._corpus.rows import NAMES

Target = str | Callable[[str], Any]  # a column that is carried along, or a function of the path


class Targets:
    """Targets of the images of one shard after another, in 8 bytes each."""

    def __init__(self, target: Target | None) -> None:
        """Makes no targets if target is None; raises TypeError if it cannot make any."""
        if not (target is None or isinstance(target, str) or callable(target)):
            raise TypeError(f"target is the name of a column or a function of the path, not {type(target).__name__}")
        self._target = target
        self._parts = [np.empty(0, np.int64)]
        self._kind: type | None = None  # str or int, as the first one
        self._codes: dict[str, int] = {}  # of texts, in the order in which they come

    def columns(self, names: list[str]) -> list[str]:
        """Returns which columns of shards are needed; raises ValueError if they do not carry the target's along."""
        if self._target is None:
            return []
        if not isinstance(self._target, str):
            return ["path"]
        carried = [name for name in names if name not in NAMES]
        if self._target not in carried:
            has = f"it has {', '.join(map(repr, carried))}" if carried else "it has none"
            raise ValueError(f"target {self._target!r} is not a column that the corpus carries along: {has}")
        return ["path", self._target]

    def add(self, rows: pa.Table) -> None:
        """Adds those of rows with images; raises ValueError for what is not a target, and what the function raises."""
        if self._target is None:
            return
        paths = rows["path"].to_pylist()
        targets = rows[self._target].to_pylist() if isinstance(self._target, str) else map(self._target, paths)
        numbers = (self._number(target, path) for target, path in zip(targets, paths, strict=True))
        self._parts.append(np.fromiter(numbers, np.int64, len(paths)))

    def _number(self, target: Any, path: str) -> int:
        kind = str if isinstance(target, str) else int
        if kind is not (self._kind or kind) or not (kind is str or _is_whole(target)):
            raise ValueError(
                f"the target of {path!r} is {target!r}: targets are either texts, or whole numbers of 64 bits"
            )
        self._kind = kind
        return self._codes.setdefault(target, len(self._codes)) if kind is str else operator.index(target)

    def finished(self) -> tuple[npt.NDArray[np.int64], list[str]]:
        """Returns all targets, and the texts among them, sorted, of which targets then are the indices."""
        numbers, classes = np.concatenate(self._parts), sorted(self._codes)
        if not classes:
            return numbers, classes
        index_of_code = np.empty(len(classes), np.int64)
        index_of_code[[self._codes[text] for text in classes]] = np.arange(len(classes))
        return index_of_code[numbers], classes


def _is_whole(target: Any) -> bool:
    try:
        return -1 << 63 <= operator.index(target) < 1 << 63
    except TypeError:
        return False

# SPDX-License-Identifier: MIT
"""A model that is run under a recipe and under other ways, and what changes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._difference import difference
from isopixel._recipe import Recipe
from isopixel._shown import counted
from isopixel._skew.files import Files
from isopixel._skew.model import Model, Scores
from isopixel._skew.way import Way, recipes_way
from isopixel._walk import reason

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Served:
    """What a model makes of the files under one way; all arrays have one element for each file.

    Attributes:
        way: how the inputs were made.
        predictions: the class with the highest score; the first of equal ones.
        tops: its score.
        changes: the absolute change of the top score: of the score of the class that the model predicts under the
            recipe.
        pixels: the share of the input's pixels that are not those of the recipe, from 0 to 1.
    """

    way: Way
    predictions: Ints
    tops: Floats
    changes: Floats
    pixels: Floats


@dataclass(frozen=True)
class Cost:
    """What a way costs, over some files.

    Attributes:
        files: how many.
        flips: how many predictions are not those under the recipe.
        mean: the mean change of the top score.
        maximum: the largest one.
        accuracy: the share of predictions that are right, from 0 to 1; None without labels.
    """

    files: int
    flips: int
    mean: float
    maximum: float
    accuracy: float | None

    @property
    def share(self) -> float:
        """The share of predictions that flip, from 0 to 1."""
        return self.flips / self.files


@dataclass(frozen=True)
class Skew:
    """A model under a recipe and under other ways.

    Attributes:
        model: the name of the model.
        recipe: what it was made for.
        files: those that were read; the others are its failures.
        classes: the names of all classes: of the folders, or the numbers of the scores.
        base: the model under the recipe.
        served: the model under the other ways.
    """

    model: str
    recipe: Recipe
    files: Files
    classes: tuple[str, ...]
    base: Served
    served: tuple[Served, ...]

    def flips(self, served: Served) -> npt.NDArray[np.bool_]:
        """Returns for each file whether its prediction flips."""
        flips: npt.NDArray[np.bool_] = served.predictions != self.base.predictions
        return flips

    def cost(self, served: Served, where: npt.NDArray[np.bool_] | None = None) -> Cost:
        """Returns what a way costs, over all files or some."""
        chosen = np.ones(len(self.files.paths), bool) if where is None else where
        changes = served.changes[chosen]
        accuracy = None
        if self.files.labels:
            accuracy = float((served.predictions == np.array(self.files.labels))[chosen].mean())
        flips = int(np.count_nonzero(self.flips(served)[chosen]))
        return Cost(len(changes), flips, float(changes.mean()), float(changes.max()), accuracy)

    def by_class(self, served: Served) -> dict[str, Cost]:
        """Returns what a way costs, by the names of the classes that files have.

        The class of a file is that of its folder; without labels, the one predicted under the recipe.
        """
        of_file = np.array(self.files.labels) if self.files.labels else self.base.predictions
        return {self.classes[i]: self.cost(served, of_file == i) for i in np.unique(of_file)}

    def worst(self, served: Served, count: int) -> list[int]:
        """Returns the indices of the files that suffer most: those that flip, then by the change of the top score.

        Files for which nothing changes are left out.
        """
        order = np.lexsort((-served.changes, ~self.flips(served)))
        return [int(i) for i in order[:count] if served.changes[i] > 0 or self.flips(served)[i]]


def measure(
    model: Model, recipe: Recipe, ways: Sequence[Way], files: Files, on_file: Callable[[], object] = lambda: None
) -> Skew:
    """Runs a model under a recipe and under other ways, on one file after the other.

    An input with the same bits as the recipe's is not run again. A file is left out if one of its inputs cannot be
    made, and listed in the result's `files.failures`.

    Args:
        model: a classifier.
        recipe: what it was made for.
        ways: the others.
        files: at least one.
        on_file: called after each file.

    Raises:
        ValueError: the model rejects an input, or changes its scores for the same one; no file can be read; the classes
            of the files are not as many as the model's.
    """
    first = recipes_way(recipe)
    read = Files(classes=files.classes, failures=list(files.failures), notes=files.notes)
    rows: list[list[tuple[int, float, float, float]]] = []
    classes = 0
    for i, path in enumerate(files.paths):
        images = []
        try:
            for way in (first, *ways):
                images.append(way.make(path))
        except (OSError, ValueError, MemoryError) as error:
            read.failures.append((path, ("" if way is first else f"{way.name}: ") + reason(error, path)))
            on_file()
            continue
        image, *others = images
        scores = _scores(model, recipe, image, path)
        if not rows:
            if not np.array_equal(_scores(model, recipe, image, path), scores):
                raise ValueError(
                    f"the model {model.name!r} returns different scores for the same input: is it in training mode?"
                )
            classes = _checked_classes(model, scores, files)
        read.paths.append(path)
        read.labels += files.labels[i : i + 1]
        rows.append([_row(scores, scores, 0.0)])
        for other in others:
            share = difference(image.astype(other.dtype, copy=False), other).share
            rows[-1].append(_row(scores, _scores(model, recipe, other, path) if share else scores, share))
        on_file()
    if not rows:
        path, why = read.failures[0]
        raise ValueError(
            f"none of {counted(len(read.failures), 'file')} can be read; the first is {str(path)!r}: {why}"
        )
    table = np.array(rows)
    base, *served = (
        Served(way, column[:, 0].astype(np.int64), *column[:, 1:].T)
        for way, column in zip((first, *ways), table.transpose(1, 0, 2), strict=True)
    )
    names = files.classes or tuple(map(str, range(classes)))
    return Skew(model.name, recipe, read, names, base, tuple(served))


def _row(base: Scores, scores: Scores, pixels: float) -> tuple[int, float, float, float]:
    """Returns what is kept of an input: the prediction, its score, the change of the top score, the share of pixels."""
    top, now = int(base.argmax()), int(scores.argmax())
    return now, float(scores[now]), abs(float(scores[top]) - float(base[top])), pixels


def _scores(model: Model, recipe: Recipe, image: npt.NDArray[Any], path: object) -> Scores:
    """Runs the model on an image, normalised if the recipe does that; an error names the file."""
    try:
        return model(_planes(recipe, image))
    except ValueError as error:
        raise ValueError(f"{str(path)!r}: {error}") from error


def _planes(recipe: Recipe, image: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Returns an image as a model gets it, (C, H, W)."""
    step = recipe.normalization
    if step is not None and image.dtype == np.uint8:
        return recipe._finished(image)
    planes = np.atleast_3d(image).transpose(2, 0, 1)
    if step is None:
        return planes
    # The samples are not those of a table: computed in double precision, and rounded once.
    mean, std = (np.array(words, np.float64)[:, None, None] for words in (step.mean, step.std))
    planes = (planes.astype(np.float64) * step.range / 255 - mean) / std
    return planes.astype(np.float32)


def _checked_classes(model: Model, scores: Scores, files: Files) -> int:
    """Returns the number of the model's classes; raises ValueError if the files have another number."""
    if files.classes and len(files.classes) != len(scores):
        raise ValueError(
            f"the files are in {counted(len(files.classes), 'folder')}, and the model {model.name!r} has "
            f"{counted(len(scores), 'class')}: "
            "give a folder for each, or, if the folders are not classes, the files themselves"
        )
    return len(scores)

# SPDX-License-Identifier: MIT
"""Ways to write a stage of a pipeline, and pipelines of them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image

# In the order in which a pipeline has them.
STAGES = ("read", "turn", "colour", "resize", "place", "levels", "save", "scale", "axes")
UNRECORDED = "unrecorded"  # among the calls of a way: code that no library runs, such as a slice
NOTHING = "nothing"


@dataclass(frozen=True)
class Sizes:
    """What both sides of a case have in common, (height, width)."""

    resize: tuple[int, int] = (224, 224)
    crop: tuple[int, int] = (160, 192)


@dataclass(frozen=True)
class Way:
    """One way to write a stage.

    Attributes:
        run: makes the stage's result, from that of the one before (of the first: from the path) and the sizes.
        takes: the form of what it reads: "path", "pil", "array" (H, W, C) or (H, W), "tensor" (C, H, W).
        gives: the form of its result; or "any", which no stage follows.
        calls: the functions, by the last part of their names, that do the stage's work, of which a tool may name any;
            UNRECORDED; and NOTHING, if the stage need not be named, because it changes no sample.
    """

    run: Callable
    takes: str
    gives: str
    calls: tuple[str, ...]


OPEN = ("open", "load", "decode", "convert")  # the calls of Pillow that read a picture


def of_path(run, *calls, gives="array"):
    return Way(run, "path", gives, calls)


def pil(run, *calls):
    return Way(run, "pil", "pil", calls)


def array(run, *calls):
    return Way(run, "array", "array", calls or (UNRECORDED,))


def tensor(run, *calls):
    return Way(run, "tensor", "tensor", calls)


def converted(image, has, wants):
    """The image in another form, as users convert it; the samples stay."""
    if has == wants:
        return image
    if has == "pil":
        image, has = np.asarray(image), "array"
    if has == "tensor":
        image, has = image[0].numpy() if len(image) == 1 else image.permute(1, 2, 0).numpy(), "array"
    if wants == "pil":
        return Image.fromarray(np.ascontiguousarray(image))
    if wants == "tensor":
        planes = torch.from_numpy(image.copy())
        return planes[None] if image.ndim == 2 else planes.permute(2, 0, 1).contiguous()
    return image


def run(stages, path, sizes, step, checkpoints):
    """Runs a pipeline; returns its result as an array, a tensor's with its channels last.

    Args:
        stages: names and ways, in order.
        path: of the file.
        sizes: what the ways need.
        step: as `isopixel.step`, for the result of the last stage, which it is given as an array.
        checkpoints: whether `step` is called after each stage.
    """
    value, form = path, "path"
    for number, (stage, way) in enumerate(stages):
        value, form = way.run(converted(value, form, way.takes), sizes), way.gives
        is_last = number == len(stages) - 1
        if checkpoints or is_last:
            seen = converted(value, form, "array") if form == "pil" else value
            value, form = step(stage, seen), "array" if form == "pil" else form
    return np.asarray(converted(value, form, "array") if form == "tensor" else value)

# SPDX-License-Identifier: MIT
"""What a trace holds: values, and the steps that made them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from isopixel._explain.operation import Operation

Array = npt.NDArray[Any]

MOST_CHAINS = 64  # of a finding; what more functions make decides nothing
CUT = "…"  # stands for the rest of an argument that is too long for a trace

# What a step does, by the table of its library.
KINDS = (
    "open",
    "decode",
    "bytes",
    "resize",
    "crop",
    "pad",
    "turn",
    "colour",
    "scale",
    "normalize",
    "cast",
    "layout",
    "encode",
    "orient",
    "paste",
    "other",
)


@dataclass(frozen=True)
class Value:
    """An array that was seen, as far as a trace describes it.

    Attributes:
        number: its place in the trace's values.
        kind: what held it: "ndarray", "PIL RGB", "Tensor", "npy".
        dtype: NumPy's name, or "bfloat16".
        shape: as it was.
        axes: what the axes are, as "HWC", "CHW", "HW", "NCHW" (N is 1); "" if it is not an image.
        range: its least and greatest value that are numbers; () if there are none.
        fingerprint: a digest of dtype, shape and samples (SPEC R-8, of any dtype).
        planes: a digest of each channel, of its height, width, dtype and samples; () if it is not an image.
        tiles: the CRC-32 of the samples of each tile, row by row, of a grid of at most 16 × 16 tiles, each of at least
            32 × 32 pixels but in images that are smaller; () if it is not an image.
        array: its samples, if the trace keeps them.
    """

    number: int
    kind: str
    dtype: str
    shape: tuple[int, ...]
    axes: str
    range: tuple[float, ...]
    fingerprint: str
    planes: tuple[str, ...] = ()
    tiles: Sequence[int] = ()
    array: Array | None = field(default=None, compare=False, repr=False)

    @property
    def size(self) -> tuple[int, int]:
        """The height and width; (0, 0) if it is not an image."""
        return (self.shape[self.axes.index("H")], self.shape[self.axes.index("W")]) if self.axes else (0, 0)

    @property
    def image(self) -> Array | None:
        """Its samples as (H, W, C); None if they are not kept, or it is not an image."""
        return None if self.array is None or not self.axes else as_image(self.array, self.axes)


def as_image(array: Array, axes: str) -> Array:
    """Returns a view of an array with these axes as (H, W, C)."""
    if axes[0] == "N":
        array, axes = array[0], axes[1:]
    return array[..., None] if axes == "HW" else array if axes == "HWC" else np.moveaxis(array, 0, 2)


@dataclass(frozen=True)
class Step:
    """A call that made a value of others.

    Attributes:
        number: its place in the trace's steps.
        name: of the function, as "resize", "v2.Resize"; of a checkpoint, as its author called it.
        library: "pillow", "opencv", "torch", "torchvision", "numpy", "isopixel"; "checkpoint" of `isopixel.step`.
        kind: one of KINDS.
        arguments: the call's, by name, without arrays; paths as their last part.
        inputs: the numbers of the values that it read.
        output: the number of the value that it made; None if it made none (it wrote a file, it failed).
        is_in_place: whether it wrote the value over its first input.
        by: the functions of other libraries that it called in turn, as "pillow.resize".
        at: the file, by its last part, and the line of the code that called it, as "train.py:12"; or "".
        facts: of what was read or written: "file", "bytes", "sha256", "format", "mode", "size", "orientation", …
        failure: the tracer's own error, by which the step is not complete; or "".
    """

    number: int
    name: str
    library: str
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[int, ...] = ()
    output: int | None = None
    is_in_place: bool = False
    by: tuple[str, ...] = ()
    at: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""


@dataclass(frozen=True)
class Finding:
    """What samples showed that a trace does not keep: which known functions make a value of an earlier one.

    Attributes:
        before: the number of the value that they read.
        after: of the one that they make.
        chains: of functions, all that fit, the best one first; () if none is known.
        note: why this decides less than it seems; or "".
    """

    before: int
    after: int
    chains: tuple[tuple[Operation, ...], ...] = ()
    note: str = ""

    @property
    def record(self) -> list[Any]:
        """The chains as JSON has them."""
        return [
            [[one.kind, one.name, {word: _lists(value) for word, value in one.arguments}] for one in chain]
            for chain in self.chains
        ]


def _lists(value: Any) -> Any:
    return list(map(_lists, value)) if isinstance(value, tuple) else value


@dataclass(frozen=True)
class Trace:
    """What was recorded of a pipeline.

    Attributes:
        isopixel: the release that recorded it; "" of a folder that another program wrote.
        machine: as "x86_64"; or "".
        libraries: by their names, the versions of those that were there.
        values: in the order in which they were seen.
        steps: in the order in which they ended.
        warnings: what the trace does not hold, for people.
        findings: what samples showed that are not kept, of steps that are not known by their calls.
    """

    isopixel: str
    machine: str
    libraries: Mapping[str, str]
    values: tuple[Value, ...]
    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def arrays(self) -> dict[str, Array]:
        """By fingerprint, the samples that it keeps."""
        return {value.fingerprint: value.array for value in self.values if value.array is not None}

    def without_samples(self) -> "Trace":
        """Returns it as it is if no samples are kept."""
        return replace(self, values=tuple(replace(value, array=None) for value in self.values))

# SPDX-License-Identifier: MIT
"""The functions by which programs are traced; what records is imported by the first trace alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from isopixel._trace.recording.recorder import Recording

Anything = TypeVar("Anything")

active: Recording | None = None  # of this process: a trace is of all its threads


def trace(path: str | os.PathLike[str] | None = None, *, keep: int = 64 << 20) -> Recording:
    """Records what image libraries do to pictures in a `with` block, step by step.

    Pillow, OpenCV, torchvision, torch, NumPy's conversions and isopixel are recorded, as far as they are imported, or
    are so inside the block: each call with its arguments, what it read and what it made. No result changes. Nothing is
    wrapped outside the block, and there is one trace at a time, of all threads of the process.

    Args:
        path: a file to write while the program runs, so that what a crash leaves is a trace too. One that is a trace is
            replaced at the beginning; any other file is not. None keeps the trace in memory alone.
        keep: how many bytes of samples may be kept, the first ones; 0 keeps digests alone, and the names of functions
            that the samples show when the trace ends. Kept samples are the pictures themselves. Digests do not make a
            picture unrecognisable for who has it, or guesses it.

    Returns:
        A context manager. Its attribute `trace` is what was recorded: the values, the steps that made them, and
        warnings of what was not seen.

    Raises:
        TypeError, ValueError: keep is not such a number; a file that is there is not a trace.
        OSError: the file cannot be written.
        RuntimeError: a trace is being recorded.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> with isopixel.trace("a.trace") as recording:
        ...     image = isopixel.from_bytes(b"any bytes", "square")
        ...     image = isopixel.resize(image, (2, 2))
        ...     image = isopixel.step("model input", image / np.float32(255))
        >>> [step.name for step in recording.trace.steps]
        ['from_bytes', 'resize', 'model input']
    """
    from isopixel._trace.recording.recorder import Recording

    return Recording(None if path is None else Path(path), keep)


def step(name: str, array: Anything, **notes: Any) -> Anything:
    """Names an array in the trace that is being recorded; without one it does nothing.

    Args:
        name: of the step, for people.
        array: an array, a tensor or a PIL image; of anything else the name alone is recorded.
        notes: what else is to be known, as numbers and short texts. Of paths the last part is recorded.

    Returns:
        The array, unchanged.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> image = np.zeros((2, 3), np.uint8)
        >>> isopixel.step("model input", image, mean=0.5) is image
        True
    """
    if active is not None:
        active.checkpoint(name, array, notes)
    return array

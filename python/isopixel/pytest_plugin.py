# SPDX-License-Identifier: MIT
"""The fixture `isopixel_golden`, for arrays and pipelines whose bits must not change."""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from _isopixel_pytest import UPDATE, isopixel_golden
from isopixel._atomic import replacing
from isopixel._files import read_small
from isopixel._golden import (
    LONGEST,
    Tolerance,
    array_difference,
    array_record,
    as_array,
    as_text,
    check_array_record,
    write_failure,
)
from isopixel._trace.comparing.divergence import diff
from isopixel._trace.file import load
from isopixel._trace.golden import digests_of, trace_of, write_comparison, write_digests
from isopixel._trace.showing.shown import as_lines

__all__ = ["Golden", "isopixel_golden"]


class Golden:
    """Compares arrays and traces with the goldens beside the test, in the folder `isopixel_goldens`.

    Example:
        >>> from pathlib import Path
        >>> import isopixel
        >>> from isopixel.pytest_plugin import Golden
        >>> image = isopixel.from_bytes(b"any bytes", "square")
        >>> Golden(Path("isopixel_goldens"), update=True, written={}, make_folder=Path).check(image, "any_bytes")
        >>> Golden(Path("isopixel_goldens"), update=False, written={}, make_folder=Path).check(image, "any_bytes")
        >>> [path.name for path in Path("isopixel_goldens").iterdir()]
        ['any_bytes.json']
    """

    written: dict[Path, str]  # while goldens are written: what each holds now

    def __init__(
        self, folder: Path, update: bool, written: dict[Path, str], make_folder: Callable[[str], Path]
    ) -> None:
        """Keeps its arguments.

        Args:
            folder: of the goldens.
            update: whether they are to be written.
            written: those written so far.
            make_folder: makes a folder of a name, or a similar one, for the arrays of a failure.
        """
        self.folder = folder
        self.update = update
        self.written = written
        self.make_folder = make_folder

    def check(
        self, array: Any, name: str, *, max_difference: float | None = None, max_share: float | None = None
    ) -> None:
        """Fails the test if an array is not, bit for bit, the one that was recorded under a name.

        What was expected, what is there and the difference are then written to pytest's temporary folder, which the
        message names: as PNG if they are uint8 images, and Pillow is installed, otherwise as .npy.

        A tolerance is for what is not computed by isopixel, whose bits do not change. It needs the samples in the
        golden, which are there for arrays of at most 4 MiB.

        Args:
            array: uint8 or float32, not empty: a NumPy array, a tensor of torch, or a PIL image without a palette.
            name: of the golden: ASCII letters, digits and _, and after the first character also . and -
            max_difference: a tolerance: by how much samples may differ, such as 1 level of uint8.
            max_share: a tolerance: which share of the samples may differ, from 0 to 1. If one of the two is given
                alone, the other is not limited.

        Raises:
            TypeError, ValueError: the array has no fingerprint, the name has other characters, or a tolerance is not a
                number in its range.
        """
        __tracebackhide__ = True
        _check_name(name)
        tolerance = _tolerance(max_difference, max_share)
        array = as_array(array)
        record = array_record(array)
        path = self.folder / f"{name}.json"
        if self.update:
            self._write(path, record)
            return
        if not path.exists():
            pytest.fail(f"there is no golden {path}; to write it: pytest {UPDATE}")
        try:
            golden = json.loads(read_small(path, LONGEST))
            check_array_record(golden)
        except (ValueError, RecursionError) as error:
            pytest.fail(f"the golden {path} cannot be used: {error}; to write it again: pytest {UPDATE}")
        if difference := array_difference(array, golden, tolerance):
            folder = self.make_folder(name)
            files = ", ".join(write_failure(folder, array, golden))
            pytest.fail(
                f"{name} differs from the golden {path}: {difference}; see {files} in {folder}; "
                f"if that is intended: pytest {UPDATE}"
            )

    def check_trace(self, trace: Any, name: str) -> None:
        """Fails the test if a traced pipeline does not end in the samples that it ended in when it was recorded.

        The message says with which step that began and, if it can be known, which function is which, why they differ,
        and what to do; the whole comparison is written to pytest's temporary folder, which the message names, as a
        report, and as the trace. The golden holds digests alone, some KiB, in the file NAME.trace beside the test.

        Args:
            trace: what `isopixel.trace` recorded, or the path of a trace.
            name: of the golden, as in `check`.

        Raises:
            TypeError, ValueError: it is not a trace of an image or an array, or the name has other characters.
        """
        __tracebackhide__ = True
        _check_name(name)
        found = trace_of(trace)
        digests = digests_of(found)
        path = self.folder / f"{name}.trace"
        if self.update:
            self._begin(path, digests.values[digests.steps[-1].output or 0].fingerprint)
            write_digests(path, found)
            return
        if not path.exists():
            pytest.fail(f"there is no golden {path}; to write it: pytest {UPDATE}")
        try:
            golden = load(path)
            compared = diff(golden, found)
        except ValueError as error:
            pytest.fail(f"the golden {path} cannot be used: {error}; to write it again: pytest {UPDATE}")
        if not compared.is_equal:
            folder = self.make_folder(name)
            names = (f"golden {name}", "this run")
            files = ", ".join(write_comparison(folder, compared, names))
            told = "\n".join(as_lines(compared, names))
            pytest.fail(
                f"{name} differs from the golden {path} (A):\n{told}\nsee {files} in {folder}; "
                f"if that is intended: pytest {UPDATE}"
            )

    def _write(self, path: Path, record: dict[str, Any]) -> None:
        self._begin(path, record["fingerprint"])
        with replacing(path) as (file,):
            file.write(as_text(record))

    def _begin(self, path: Path, fingerprint: str) -> None:
        """Makes the folder, unless the golden has been written in this run, of something else."""
        if self.written.setdefault(path, fingerprint) != fingerprint:
            pytest.fail(f"the golden {path} has been written in this run, from another array: give each its own name")
        self.folder.mkdir(exist_ok=True)


def _check_name(name: str) -> None:
    if not isinstance(name, str) or not re.fullmatch(r"\w[\w.-]*", name, re.ASCII):
        raise ValueError(f"a golden's name has ASCII letters, digits and . _ - in it, got {name!r}")


def _tolerance(max_difference: float | None, max_share: float | None) -> Tolerance | None:
    """Returns what may differ; None if nothing may."""
    if max_difference is None and max_share is None:
        return None
    difference = math.inf if max_difference is None else float(max_difference)
    share = 1.0 if max_share is None else float(max_share)
    if not (difference >= 0 and 0 <= share <= 1):
        raise ValueError(
            f"max_difference is at least 0, and max_share from 0 to 1, got {max_difference!r} and {max_share!r}"
        )
    return Tolerance(difference, share)

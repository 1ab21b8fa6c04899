# SPDX-License-Identifier: MIT
"""A pytest plugin: the fixture `isopixel_golden`, for arrays whose bits must not change."""

import json
import re
from pathlib import Path
from typing import Any

import numpy.typing as npt
import pytest

__all__ = ["Golden", "isopixel_golden"]

_UPDATE = "--isopixel-golden-update"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option to write goldens."""
    parser.getgroup("isopixel").addoption(_UPDATE, action="store_true", help="write the goldens of isopixel_golden")


class Golden:
    """Compares arrays with the goldens beside the test, in the folder `isopixel_goldens`.

    Example:
        >>> from pathlib import Path
        >>> import isopixel
        >>> from isopixel.pytest_plugin import Golden
        >>> image = isopixel.from_bytes(b"any bytes", "square")
        >>> Golden(Path("isopixel_goldens"), update=True, written={}).check(image, "any_bytes")
        >>> Golden(Path("isopixel_goldens"), update=False, written={}).check(image, "any_bytes")
        >>> [path.name for path in Path("isopixel_goldens").iterdir()]
        ['any_bytes.json']
    """

    written: dict[Path, str]  # while goldens are written: what each holds now

    def __init__(self, folder: Path, update: bool, written: dict[Path, str]) -> None:
        """Keeps the folder of the goldens, whether they are to be written, and those written so far."""
        self.folder = folder
        self.update = update
        self.written = written

    def check(self, array: npt.NDArray[Any], name: str) -> None:
        """Fails the test if an array is not, bit for bit, the one that was recorded under a name.

        Args:
            array: uint8 or float32, not empty.
            name: of the golden: ASCII letters, digits and _, and after the first character also . and -

        Raises:
            TypeError, ValueError: the array has no fingerprint, or the name has other characters.
        """
        from isopixel._files import read_small
        from isopixel._golden import LONGEST, array_difference, array_record, check_array_record

        __tracebackhide__ = True
        if not isinstance(name, str) or not re.fullmatch(r"\w[\w.-]*", name, re.ASCII):
            raise ValueError(f"a golden's name has ASCII letters, digits and . _ - in it, got {name!r}")
        record = array_record(array)
        path = self.folder / f"{name}.json"
        if self.update:
            self._write(path, record)
            return
        if not path.exists():
            pytest.fail(f"there is no golden {path}; to write it: pytest {_UPDATE}")
        try:
            golden = json.loads(read_small(path, LONGEST))
            check_array_record(golden)
        except (ValueError, RecursionError) as error:
            pytest.fail(f"the golden {path} cannot be used: {error}; to write it again: pytest {_UPDATE}")
        if difference := array_difference(array, golden):
            pytest.fail(f"{name} differs from the golden {path}: {difference}; if that is intended: pytest {_UPDATE}")

    def _write(self, path: Path, record: dict[str, Any]) -> None:
        from isopixel._atomic import replacing

        if self.written.setdefault(path, record["fingerprint"]) != record["fingerprint"]:
            pytest.fail(f"the golden {path} has been written in this run, from another array: give each its own name")
        self.folder.mkdir(exist_ok=True)
        with replacing(path) as (file,):
            file.write((json.dumps(record, indent=1) + "\n").encode("ascii"))


_WRITTEN = pytest.StashKey[dict[Path, str]]()


@pytest.fixture
def isopixel_golden(request: pytest.FixtureRequest) -> Golden:
    """The goldens beside the test that uses it: `isopixel_golden.check(array, "name")`.

    Example:
        >>> import isopixel
        >>> def test_pipeline(isopixel_golden):
        ...     isopixel_golden.check(isopixel.from_bytes(b"any bytes", "square"), "any_bytes")
    """
    written = request.config.stash.setdefault(_WRITTEN, {})
    return Golden(request.path.parent / "isopixel_goldens", request.config.getoption(_UPDATE), written)

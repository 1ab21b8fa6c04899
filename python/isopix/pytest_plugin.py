# SPDX-License-Identifier: MIT
"""A pytest plugin: the fixture `isopix_golden`, for arrays whose bits must not change."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

UPDATE = "--isopix-golden-update"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that lets goldens be written."""
    parser.getgroup("isopix").addoption(UPDATE, action="store_true", help="write the goldens of isopix_golden")


class Golden:
    """Compares arrays with the goldens beside the test, in the folder `isopix_goldens`."""

    def __init__(self, folder: Path, update: bool) -> None:
        """Takes the folder of the goldens, and whether they are to be written."""
        self.folder = folder
        self.update = update

    def check(self, array: npt.NDArray[Any], name: str) -> None:
        """Fails the test where an array is not, bit for bit, the one that was recorded under a name.

        Args:
            array: uint8 or float32, not empty.
            name: of the golden, letters, digits, and . _ - in it.

        Raises:
            TypeError, ValueError: an array that has no fingerprint, or another name.
        """
        from isopix.golden import array_difference, array_record

        __tracebackhide__ = True
        if not re.fullmatch(r"\w[\w.-]*", name, re.ASCII):
            raise ValueError(f"a golden's name has letters, digits and . _ - in it, got {name!r}")
        record = array_record(np.asarray(array))
        path = self.folder / f"{name}.json"
        if self.update:
            self.folder.mkdir(exist_ok=True)
            path.write_text(json.dumps(record, indent=1) + "\n", encoding="ascii")
        elif not path.exists():
            pytest.fail(f"there is no golden {path}; to write it: pytest {UPDATE}")
        elif difference := array_difference(np.asarray(array), json.loads(path.read_text(encoding="ascii"))):
            pytest.fail(f"{name} is not the golden {path}: {difference}; if that is meant: pytest {UPDATE}")


@pytest.fixture
def isopix_golden(request: pytest.FixtureRequest) -> Golden:
    """The goldens beside the test that asks for it: `isopix_golden.check(array, "name")`."""
    return Golden(request.path.parent / "isopix_goldens", request.config.getoption(UPDATE))

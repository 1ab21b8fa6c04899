# SPDX-License-Identifier: MIT
"""What pytest loads in each session where isopixel is installed: an option and a fixture.

It is a package of its own, since importing any part of isopixel loads its core and NumPy, and an installation that is
broken must not break the sessions of other projects.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from isopixel.pytest_plugin import Golden

UPDATE = "--isopixel-golden-update"

_WRITTEN = pytest.StashKey[dict[Path, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option to write goldens."""
    parser.getgroup("isopixel").addoption(UPDATE, action="store_true", help="write the goldens of isopixel_golden")


@pytest.fixture
def isopixel_golden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Golden:
    """The goldens beside the test that uses it: `isopixel_golden.check(array, "name")`.

    Example:
        >>> import isopixel
        >>> def test_pipeline(isopixel_golden):
        ...     isopixel_golden.check(isopixel.from_bytes(b"any bytes", "square"), "any_bytes")
    """
    try:
        from isopixel.pytest_plugin import Golden
    except Exception as error:  # whatever a broken installation raises
        reason = next(iter(str(error).strip().splitlines()), "")
        broken = f"isopixel cannot be imported: {type(error).__name__}: {reason}"
    else:
        broken = ""
    if broken:  # here, since below `except` pytest would show what was raised, in many lines
        pytest.fail(broken, pytrace=False)
    written = request.config.stash.setdefault(_WRITTEN, {})
    folder = request.path.parent / "isopixel_goldens"
    return Golden(folder, request.config.getoption(UPDATE), written, tmp_path_factory.mktemp)

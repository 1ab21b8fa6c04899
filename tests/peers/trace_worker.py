# SPDX-License-Identifier: MIT
"""Runs pytest with torchvision imported as preset_worker imports it; a test that is skipped is a failure."""

import sys

import pytest

import tests.peers.torchvision_beside  # noqa: F401, before what imports torchvision


class NoSkips:
    """Counts the tests that are skipped."""

    skipped = 0

    def pytest_runtest_logreport(self, report):
        self.skipped += report.skipped


if __name__ == "__main__":
    plugin = NoSkips()
    code = pytest.main(["-q", *sys.argv[1:]], plugins=[plugin])
    sys.exit(code or min(plugin.skipped, 1))

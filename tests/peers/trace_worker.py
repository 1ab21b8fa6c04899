# SPDX-License-Identifier: MIT
"""Runs pytest with torchvision imported as preset_worker imports it; a test that is skipped is a failure."""

import sys

import tests.peers.torchvision_beside  # noqa: F401, before what imports torchvision
from tests.peers.no_skips import main

if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: MIT
"""The command line."""

from isopix.cli.commands import run

__all__ = ["run"]

# SPDX-License-Identifier: MIT
"""The command line."""

from isopixel.cli.commands import run

__all__ = ["run"]

# SPDX-License-Identifier: MIT
"""The command line."""

from isopixel._cli.commands import run

__all__ = ["run"]

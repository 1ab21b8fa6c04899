# SPDX-License-Identifier: MIT
"""What a cause is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """Why two sides differ.

    Attributes:
        id: which of the known causes it is, as "antialias"; "unknown" if a function is not known, "one-sided" if a side
            does what the other does not, and that has no name of its own.
        words: a sentence for people.
        remedy: a line to type, or what to do.
    """

    id: str
    words: str
    remedy: str


def pair(value: object) -> str:
    """Returns a size, a place or a colour as a text."""
    return f"({', '.join(map(str, value))})" if isinstance(value, tuple) else str(value)

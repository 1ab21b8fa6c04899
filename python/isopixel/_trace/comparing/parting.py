# SPDX-License-Identifier: MIT
"""What is found where the functions of two sides differ."""

from dataclasses import dataclass

from isopixel._trace.comparing.cause import Cause
from isopixel._trace.comparing.functions import Chain


@dataclass(frozen=True)
class Part:
    """What a side does at a parting.

    Attributes:
        number: of the node that it makes; None if it does nothing there.
        operations: what that is, if it is known; () otherwise.
        others: the other chains that it may be as well, by what is known.
        is_exact: whether the samples show it; otherwise the call's arguments say so.
        note: why that decides less than it seems; or "".
    """

    number: int | None
    operations: Chain = ()
    others: tuple[Chain, ...] = ()
    is_exact: bool = False
    note: str = ""


@dataclass(frozen=True)
class Parting:
    """A place where the functions of two sides differ.

    Attributes:
        a: what A does.
        b: what B does.
        causes: why they differ, at least one.
    """

    a: Part
    b: Part
    causes: tuple[Cause, ...]


@dataclass(frozen=True)
class Partings:
    """Where the functions of two sides differ, and what is the same behind the first such place.

    Attributes:
        found: the places, the first one first; at least one.
        shared: the functions that both sides run behind the first one, each as a text.
        is_known: whether all functions behind it are known.
    """

    found: tuple[Parting, ...]
    shared: tuple[str, ...]
    is_known: bool

    @property
    def is_sure(self) -> bool:
        """Whether all functions are known, at the places too."""
        return self.is_known and all(cause.id != "unknown" for parting in self.found for cause in parting.causes)

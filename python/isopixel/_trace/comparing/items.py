# SPDX-License-Identifier: MIT
"""One function on a side's way, as the comparison of two sides sees it."""

from dataclasses import dataclass

from isopixel._explain.operation import Operation
from isopixel._trace.comparing.numeric_causes import NUMERIC


@dataclass(frozen=True)
class Item:
    """One function on a side's way; conversions of values that follow each other are one.

    Attributes:
        operations: of one family; () if the function is not known.
        numbers: of the nodes that they make, one for each operation; one of a function that is not known.
        call: of a function that is not known, its library, name and arguments as a text; "" if it was not traced.
        is_exchanged: whether the operations are told for channels in the other order than the samples have.
        name: what makes it, as "pillow.resize"; "" if that does not matter.
        is_reading: whether it is of the reading of a file, which turns pictures upright too.
        passed: the names of the checkpoints before it that the other side has too.
    """

    operations: tuple[Operation, ...]
    numbers: tuple[int, ...]
    call: str = ""
    is_exchanged: bool = False
    name: str = ""
    is_reading: bool = False
    passed: frozenset[str] = frozenset()

    @property
    def family(self) -> str:
        """What it is compared with: the kind of its operations, "values" for casts, scales and normalisations."""
        if not self.operations:
            return ""
        kind = self.operations[0].kind
        return "values" if kind in NUMERIC else kind

    @property
    def order(self) -> str:
        """The order of the channels that a function is told for, by its argument: "bgr", or "rgb"."""
        return "bgr" if any(operation.get("order") == "bgr" for operation in self.operations) else "rgb"


Pair = tuple[Item | None, Item | None]

# SPDX-License-Identifier: MIT
"""What an explanation is made of: known functions with their arguments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, overload

# What a function changes, in the order in which the operations of an explanation come.
Kind = Literal[
    "layout",  # bytes become an image, by a layout
    "channels",  # their order or number
    "gray",  # colours become gray
    "alpha",
    "turn",  # flips and turns by 90 degrees
    "crop",
    "pad",
    "resize",
    "jpeg",  # saved as JPEG and read again
    "levels",  # a function of each sample, from uint8 to uint8
    "cast",  # another dtype, the same values up to rounding
    "scale",  # by a constant
    "normalize",  # by mean and std
    "axes",  # their order or number; the samples keep their meaning
    "reshape",  # another shape in which the samples lose their meaning
]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Operation:
    """A known function with its arguments: one step of an explanation.

    Attributes:
        kind: what it changes.
        name: which function of that kind, as "pillow-13-bilinear" of resizes; a name means one function.
        arguments: by name, in the order in which they are shown; values are numbers, texts, and tuples of these.

    Example:
        >>> import isopixel
        >>> print(isopixel.Operation("crop", "crop", (("size", (224, 224)), ("at", (16, 58)))))
        crop size=224,224 at=16,58
    """

    kind: Kind
    name: str
    arguments: tuple[tuple[str, Any], ...] = ()

    def get(self, argument: str) -> Any:
        """Returns an argument; None if it has no such argument."""
        return dict(self.arguments).get(argument)

    def __str__(self) -> str:
        """Returns the operation as a text, such as "resize pillow-13-bilinear size=224,224"."""
        words = [f"{name}={_text(value)}" for name, value in self.arguments]
        return " ".join([*dict.fromkeys((self.kind, self.name)), *words])


REVERSED = Operation("channels", "reversed")  # red, green, blue as blue, green, red


@dataclass(frozen=True)
class Explanation:
    """A chain of known functions by which one array becomes another.

    Attributes:
        operations: in the order in which they run; () if nothing was done.
        share: the share of samples that differ from what the chain makes, from 0 to 1; 0 if it is exact.
        maximum: the largest absolute difference of a sample; 0 if it is exact.

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
        >>> explanation = isopixel.explain(image, image[::-1, :, ::-1])[0]
        >>> explanation.is_exact, [operation.name for operation in explanation.operations]
        (True, ['reversed', 'flip-vertical'])
    """

    operations: tuple[Operation, ...]
    share: float = 0.0
    maximum: float = 0.0

    @property
    def is_exact(self) -> bool:
        """Whether the chain makes the array bit for bit."""
        return self.share == 0

    def __str__(self) -> str:
        """Returns the chain as a text."""
        chain = " | ".join(map(str, self.operations)) or "the same samples"
        if self.is_exact:
            return chain
        return f"{chain}: {100 * self.share:.3g} % of the samples differ, by at most {self.maximum:g}"


@dataclass(frozen=True)
class Explained(Sequence[Explanation]):
    """What turns one array into another, as far as it is known: a sequence of explanations, the best one first.

    All are exact, the simplest first; or none is, and they are the nearest ones, by the share of samples that differ.

    Attributes:
        found: the explanations.
        note: why this decides less than it seems, as of flat images, which many functions leave the same; or "".

    Example:
        >>> import isopixel
        >>> import numpy as np
        >>> explained = isopixel.explain(np.zeros((4, 4), np.uint8), np.zeros((2, 2), np.uint8))
        >>> explained.is_exact, len(explained) > 20, explained.note != ""
        (True, True, True)
    """

    found: tuple[Explanation, ...]
    note: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether an explanation was found that makes the array bit for bit."""
        return bool(self.found) and self.found[0].is_exact

    @overload
    def __getitem__(self, index: int) -> Explanation: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Explanation]: ...
    def __getitem__(self, index: int | slice) -> Explanation | Sequence[Explanation]:
        """Returns an explanation, or several."""
        return self.found[index]

    def __len__(self) -> int:
        """Returns how many there are."""
        return len(self.found)

    def __iter__(self) -> Iterator[Explanation]:
        """Yields them, the best one first."""
        return iter(self.found)

    def __str__(self) -> str:
        """Returns them as lines: "=" before exact ones, "~" before others."""
        lines = [f"{'=' if one.is_exact else '~'} {one}" for one in self.found] or ["nothing known comes near"]
        return "\n".join([*lines, *[f"note: {self.note}"] * bool(self.note)])


def _text(value: Any) -> str:
    return ",".join(map(_text, value)) if isinstance(value, tuple) else str(value)

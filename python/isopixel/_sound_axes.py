# SPDX-License-Identifier: MIT
"""Where frequencies, times and decibels lie in the image of a sound, and the round ones among them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, pairwise, takewhile
from math import ceil, floor, log, log10

DECIBELS = 10 * log10(2) / 8  # of a level
MINUTES = 120  # seconds from which on times are shown as minutes and seconds
LONG_STEPS = (10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)  # seconds between two times

Ticks = list[tuple[str, float]]  # texts, and their places from 0 to 1
Place = Callable[[float], float]


@dataclass(frozen=True)
class SoundAxes:
    """The axes of the image that a layout makes of a sound (R-73, R-76, R-78).

    Attributes:
        rule: of the layout, logmel or logfft.
        options: of the layout, by name: those that are not the defaults.
        rows: of the image.
        frames: of the image, its columns.
    """

    rule: str
    options: dict[str, str]
    rows: int
    frames: int

    @classmethod
    def of(cls, layout: str, shape: tuple[int, int]) -> "SoundAxes":
        """Returns the axes of a canonical layout and the (rows, frames) that it makes."""
        rule, *options = layout.split(",")
        return cls(rule, dict(option.split("=") for option in options), *shape)

    def _number(self, name: str, default: int = 0) -> int:
        return int(self.options.get(name, default))

    @property
    def part(self) -> str:
        """What a row is."""
        return "band" if self.rule == "logmel" else "bin"

    @property
    def hop(self) -> float:
        """The seconds from a frame to the next one."""
        return self._number("hop") / self._number("rate")

    @property
    def full(self) -> float:
        """The decibels of the level 255, of full scale."""
        return 0 - DECIBELS * self._number("gain")

    def height_of(self, hertz: float) -> float:
        """Returns the place of a frequency, from 0 at the lower edge of row 0 to 1; a row's own is in its middle."""
        rate = self._number("rate")
        if self.rule == "logfft":
            return (hertz * self._number("window") / rate + 0.5) / self.rows
        low, high = self._number("low"), self._number("high", rate // 2)
        edge = (self.rows + 1) * log((hertz + 700) / (low + 700)) / log((high + 700) / (low + 700))
        return (edge - 0.5) / self.rows

    def column_of(self, seconds: float) -> float:
        """Returns the place of a time, from 0 at the left edge of frame 0 to 1; a frame's own is in its middle."""
        first = self._number("window") / 2 if self.options.get("ends") == "cut" else 0
        return ((seconds * self._number("rate") - first) / self._number("hop") + 0.5) / self.frames

    def frequencies(self, apart: float) -> Ticks:
        """Returns round frequencies in Hz that are at least this far apart, from 0 to 1."""
        top = self._number("rate") / 2
        if self.rule == "logmel":
            found = _spaced([*takewhile(lambda f: f <= top, _ones_twos_fives(0))], self.height_of, apart)
            if len(found) > 3:
                return [(f"{f:g}", self.height_of(f)) for f in found]
        return [(f"{f:g}", self.height_of(f)) for f in _regular(_ones_twos_fives(0), top, self.height_of, apart)]

    def times(self, apart: float) -> Ticks:
        """Returns round times in seconds, of long sounds in minutes and seconds, that are at least this far apart."""
        end = self.frames * self.hop + self._number("window") / self._number("rate")
        if end < MINUTES:
            return [(f"{s:g}", self.column_of(s)) for s in _regular(_ones_twos_fives(-7), end, self.column_of, apart)]
        steps = (*LONG_STEPS, *(3600 * n for n in (2, 5, 10, 20, 50, 100, 1000)))
        found = _regular(iter(steps), end, self.column_of, apart)
        return [(f"{s // 60:.0f}:{s % 60:02.0f}", self.column_of(s)) for s in found]

    def decibels(self) -> Ticks:
        """Returns the multiples of 20 dB, from 0 at the level 0 to 1 at 255."""
        lowest = self.full - 255 * DECIBELS
        multiples = range(20 * floor(self.full / 20), ceil(lowest), -20)
        return [(str(d), (d - lowest) / (255 * DECIBELS)) for d in multiples]


def _ones_twos_fives(exponent: int) -> Iterator[float]:
    """Yields 1, 2, 5, 10 … times a power of ten."""
    return (float(f"{m}e{e}") for e in count(exponent) for m in (1, 2, 5))


def _spaced(rising: list[float], place: Place, apart: float) -> list[float]:
    """Returns those values that lie in the image, and apart from the next one; of two the higher one."""
    found: list[float] = []
    for value in reversed(rising):
        if 0 <= place(value) <= 1 and (not found or place(found[-1]) - place(value) >= apart):
            found.append(value)
    return found[::-1]


def _regular(steps: Iterator[float], last: float, place: Place, apart: float) -> list[float]:
    """Returns the multiples of a step that lie in the image, of the first step by which these all lie apart."""
    for step in steps:
        if last / step > 10_000:
            continue
        found = [n * step for n in range(floor(last / step) + 1) if 0 <= place(n * step) <= 1]
        if all(place(b) - place(a) >= apart for a, b in pairwise(found)):
            return found
    return []

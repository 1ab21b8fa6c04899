# SPDX-License-Identifier: MIT
"""Which part of an image was turned and resized to make another one: an estimate, mostly far below a pixel.

Resizes keep the means of the equal shares of a part, but for what filters do at their edges. So a part is looked for
whose shares have the means that those of the image have: among parts of all sizes by few shares, of which the likeliest
are then moved by steps of Gauss and Newton, with more and more shares. Filters that leave samples out keep no means:
for these it is moved by single samples at last.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isopixel._explain.filters import Reals
from isopixel._explain.images import Array
from isopixel._explain.turns import EXCHANGED, TURNS, Edges, turned_back

SHARES = 12  # of an axis, by which parts are looked for, and
MORE, LINES = (32, 64), 64  # by which they are placed; and rows and columns whose samples do
STEP = 1.15  # from one side of a part to the next: the edges are off by half a share at most
LEAST, FEWEST = 0.15, 4  # of the source's side, that a part has; and pixels
MOST_ALIKE, MOST, MOST_PLACED = 4, 10, 4  # parts that are moved by few shares: of one size, and of all; and by more
STEPS, STILL = 6, 0.02  # and the share of what an edge is moved to see what changes, that is as good as none
LOW, BELOW = 0.4, 0.05  # correlations by few shares of what is not placed by more: and so much below the best one
LEAST_ALIKE = 0.6  # the correlation of what is placed

MIX = np.array([1.0, 2.0, 1.0])  # of the channels at first: of red, green and blue near to all grays

Boxes = Reals  # (B, 4): top, bottom, left and right of parts of the source as it stands, in pixels


@dataclass(frozen=True)
class Part:
    """A part of the source.

    Attributes:
        turn: how it is turned, its number in TURNS.
        edges: estimates of top, bottom, left and right in the source before that, in pixels: by means, and by samples.
    """

    turn: int
    edges: tuple[Edges, ...]


@dataclass(frozen=True)
class _Planes:
    """An image (H, W, C), with the sums of the samples above and left of each corner of pixels, (H + 1, W + 1, C)."""

    values: Array
    sums: Reals


def _planes(image: Array) -> _Planes:
    height, width, channels = image.shape
    sums = np.zeros((height + 1, width + 1, channels))
    np.cumsum(image, axis=0, out=sums[1:, 1:])
    np.cumsum(sums[1:, 1:], axis=1, out=sums[1:, 1:])
    return _Planes(image, sums)


def parts(source: Array, image: Array) -> Iterator[Part]:
    """Yields the parts that an image (h, w, 1) may be made of, the likeliest first.

    Args:
        source: (H, W, C), of whose up to three channels the image is a mix.
        image: what was made.
    """
    whole, target = _planes(source), _planes(image)
    n = min(SHARES, *image.shape[:2])
    turns, boxes = _likely(whole, target, n)
    boxes, alike = _moved(boxes, np.stack([_shares(target, turn, (n, n)) for turn in turns]), _Means(whole, (n, n)))
    seen: list[tuple[int, Reals]] = []
    for b in np.argsort(-alike, kind="stable"):
        if alike[b] < max(LOW, alike.max() - BELOW) or len(seen) == MOST_PLACED:
            return
        if not any(turns[b] == turn and _are_close(boxes[b], box) for turn, box in seen):
            seen.append((turns[b], boxes[b]))
            edges, correlations = zip(*_placed(whole, target, *seen[-1]), strict=True)
            if max(correlations) >= LEAST_ALIKE:
                yield Part(turns[b], edges)


def _placed(source: _Planes, target: _Planes, turn: int, box: Reals) -> Iterator[tuple[Edges, float]]:
    """Yields estimates of the edges of a part, with their correlations."""
    boxes = box[None]
    upright = turned_back(target.values, turn)[..., 0]
    for most in MORE:
        sides = boxes[0, 1::2] - boxes[0, ::2]
        n, m = (max(2, min(most, size // 2, int(side) // 2)) for size, side in zip(upright.shape, sides, strict=True))
        boxes, alike = _moved(boxes, _shares(target, turn, (n, m))[None], _Means(source, (n, m)))
    yield tuple(boxes[0].tolist()), float(alike[0])
    rows, columns = (np.arange(size)[:: 1 + size // LINES] for size in upright.shape)
    samples = _Samples(source, rows, columns, upright.shape)
    boxes, alike = _moved(boxes, upright[rows[:, None], columns][None], samples)
    yield tuple(boxes[0].tolist()), float(alike[0])


def _between(values: Array, y: Reals, x: Reals) -> Reals:
    """Returns linear interpolations between values (H, W, C), at rows (B, n) and columns (B, m): (B, n, m, C)."""
    top, left = y.clip(0, values.shape[0] - 2).astype(np.int64), x.clip(0, values.shape[1] - 2).astype(np.int64)
    dy, dx = (y - top).clip(0, 1)[:, :, None, None], (x - left).clip(0, 1)[:, None, :, None]
    top, left = top[:, :, None], left[:, None]
    above = values[top, left] * (1 - dx) + values[top, left + 1] * dx
    below = values[top + 1, left] * (1 - dx) + values[top + 1, left + 1] * dx
    made: Reals = above * (1 - dy) + below * dy
    return made


@dataclass(frozen=True)
class _Means:
    """The means of equal shares of boxes."""

    planes: _Planes
    shape: tuple[int, int]
    beyond: float = 0.0  # how far boxes may reach beyond the source

    def reach(self, boxes: Boxes) -> Reals:
        """Returns by how much edges are moved to see what changes, (B, 2)."""
        made: Reals = (boxes[:, 1::2] - boxes[:, ::2]) / (2 * np.array(self.shape))
        return made

    def of(self, boxes: Boxes) -> Reals:
        """Returns them: (B, n, m, C)."""
        (n, m), (top, bottom, left, right) = self.shape, boxes.T[..., None]
        y, x = top + (bottom - top) * np.arange(n + 1) / n, left + (right - left) * np.arange(m + 1) / m
        totals = np.diff(np.diff(_between(self.planes.sums, y, x), axis=1), axis=2)
        made: Reals = totals / ((bottom - top) * (right - left) / (n * m))[:, :, None, None]
        return made


@dataclass(frozen=True)
class _Samples:
    """The samples in the middle of some pixels of resized boxes, by linear interpolation and without antialiasing."""

    planes: _Planes
    rows: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    size: tuple[int, ...]
    beyond: float = 8.0  # some nearest samples are the first ones of their shares, and seem to be the middle ones

    def reach(self, boxes: Boxes) -> Reals:
        """Returns by how much edges are moved to see what changes, (B, 2)."""
        return np.full((len(boxes), 2), 0.5)

    def of(self, boxes: Boxes) -> Reals:
        """Returns them: (B, n, m, C)."""
        (height, width), (top, bottom, left, right) = self.size, boxes.T[..., None]
        y = top + (bottom - top) * (self.rows + 0.5) / height
        x = left + (right - left) * (self.columns + 0.5) / width
        return _between(self.planes.values, y - 0.5, x - 0.5)


def _shares(target: _Planes, turn: int, shape: tuple[int, int]) -> Reals:
    """Returns the means of the image's shares, turned back as the source stands: (n, m)."""
    height, width = target.values.shape[:2]
    whole = np.array([[0, height, 0, width]], np.float64)
    means = _Means(target, shape[::-1] if turn >= EXCHANGED else shape).of(whole)[0]
    return turned_back(means, turn)[..., 0]


def _likely(source: _Planes, target: _Planes, n: int) -> tuple[list[int], Boxes]:
    """Returns parts of all sizes whose means of n × n shares correlate best with the image's: turns, and boxes."""
    wanted = np.stack([_shares(target, turn, (n, n)).ravel() for turn in range(len(TURNS))], axis=1)
    wanted -= wanted.mean(0)
    wanted /= np.sqrt((wanted**2).sum(0)) + 1e-6
    wanted = np.hstack([wanted, np.ones((n * n, 1))]).astype(np.float32)
    height, width = source.values.shape[:2]
    found = []
    for h in _sides(height):
        for w in _sides(width):
            shape = int(height * n / h), int(width * n / w)
            box = np.array([[0, shape[0] * h / n, 0, shape[1] * w / n]])
            level = _Means(source, shape).of(box)[0] @ MIX[: source.values.shape[2]]
            level = (level - level.mean()).astype(np.float32)
            windows = np.lib.stride_tricks.sliding_window_view(level, (n, n))
            samples = windows.reshape(-1, n * n)
            products = samples @ wanted  # with the images, and with ones
            spread = np.einsum("ps,ps->p", samples, samples) - products[:, -1] ** 2 / (n * n)
            likeness = (products[:, :-1] / np.sqrt(spread.clip(1))[:, None]).ravel()
            for place in np.argpartition(-likeness, min(MOST_ALIKE, likeness.size) - 1)[:MOST_ALIKE]:
                at, turn = divmod(int(place), len(TURNS))
                y, x = divmod(at, windows.shape[1])
                top, left = y * h / n, x * w / n
                found.append((float(likeness[place]), turn, (top, top + h, left, left + w)))
    found.sort(reverse=True)
    kept: list[tuple[int, Reals]] = []
    for _, turn, edges in found:
        box = np.array(edges)
        if not any(turn == other and _are_close(box, beside) for other, beside in kept):
            kept.append((turn, box))
        if len(kept) == MOST:
            break
    return [turn for turn, _ in kept], np.stack([box for _, box in kept])


def _sides(full: int) -> Iterator[float]:
    """Yields the sides of parts of a side."""
    side = float(full)
    while side >= max(LEAST * full, min(full, FEWEST)):
        yield side
        side /= STEP


def _are_close(a: Reals, b: Reals) -> bool:
    """Returns whether two boxes are so close that one is moved to the other."""
    sides = np.maximum(a[1::2] - a[::2], b[1::2] - b[::2])
    return bool((np.abs(a - b) < np.repeat(sides, 2) / 8).all())


def _moved(boxes: Boxes, wanted: Reals, grid: _Means | _Samples) -> tuple[Boxes, Reals]:
    """Returns boxes moved so that what a grid has of them is near to what is wanted, (B, n, m), and their correlation.

    A mix of the channels is fitted at each step, and how it changes with each edge moves the edge.
    """
    count, (height, width) = len(boxes), grid.planes.values.shape[:2]
    wanted = (wanted - wanted.mean((1, 2), keepdims=True)).reshape(count, -1, 1)
    best, likeness = boxes, np.full(count, -1.0)
    for _ in range(STEPS):
        reach = np.repeat(grid.reach(boxes), 2, axis=1)
        beside = [boxes + sign * reach * one for one in np.eye(4) for sign in (1, -1)]
        made = grid.of(np.stack([boxes, *beside], axis=1).reshape(-1, 4))
        made = made.reshape(count, 1 + len(beside), wanted.shape[1], -1)
        made -= made.mean(2, keepdims=True)
        mixed = (made @ _solved(made[:, 0], wanted)[:, None])[..., 0]
        now = _correlation(mixed[:, 0], wanted[..., 0])
        best = np.where((now > likeness)[:, None], boxes, best)
        likeness = np.maximum(now, likeness)
        slopes = (mixed[:, 1::2] - mixed[:, 2::2]).transpose(0, 2, 1) / (2 * reach[:, None])
        step = _solved(np.concatenate([slopes, made[:, 0]], axis=2), wanted - mixed[:, 0, :, None])[:, :4, 0]
        boxes = boxes + step.clip(-3 * reach, 3 * reach)
        boxes = boxes.clip(-grid.beyond, np.array([height, height, width, width]) + grid.beyond)
        boxes[:, 1::2] = np.maximum(boxes[:, 1::2], boxes[:, ::2] + 1)
        if (np.abs(step) < STILL * reach).all():
            break
    return best, likeness


def _solved(columns: Reals, wanted: Reals) -> Reals:
    """Returns the least squares' solutions (B, k, 1) of columns (B, N, k) that are to make (B, N, 1)."""
    across = columns.transpose(0, 2, 1)
    square = across @ columns
    ridge = 1e-9 * np.trace(square, axis1=1, axis2=2)[:, None, None] + 1e-9
    made: Reals = np.linalg.solve(square + ridge * np.eye(square.shape[1]), across @ wanted)
    return made


def _correlation(a: Reals, b: Reals) -> Reals:
    made: Reals = (a * b).sum(1) / (np.sqrt((a * a).sum(1) * (b * b).sum(1)) + 1e-9)
    return made

# SPDX-License-Identifier: MIT
"""The weights of one axis (R-2, R-3): a triangle with its segments, and two taps."""

from itertools import pairwise

from spec.reference import axis_weights, weight_sums

from figures.svg import Drawing
from isopixel import _core


class Scale:
    """Positions of an axis, in units of 1/(2v) of a sample, as places in a drawing."""

    def __init__(self, n_in, n_out, antialias, width, margin):
        self.n_in, self.n_out = n_in, n_out
        self.w, self.v, self.half_width, most = _core.axis(n_in, n_out, antialias)
        self.weights = axis_weights(n_in, n_out, antialias)
        if antialias and n_in > n_out:
            assert most == max(weight_sums(n_in, n_out, antialias))
        self.step = (width - 2 * margin) / (2 * self.v * n_in)
        self.margin = margin

    def place(self, position):
        return self.margin + position * self.step

    def sample(self, j):
        return self.place((2 * j + 1) * self.v)

    def result(self, i):
        return self.place((2 * i + 1) * self.w)


def draw_samples(drawing, scale, y):
    """A row of boxes, a sample each, with its number."""
    side = 2 * scale.v * scale.step
    for j in range(scale.n_in):
        drawing.rect(scale.sample(j) - side / 2, y, side, 22, "box")
        drawing.text(scale.sample(j), y + 15, j)


def draw_triangle():
    """10 samples to 4: the weights of each result, and the segments between the centres of the results."""
    scale = Scale(10, 4, True, 520, 30)
    drawing = Drawing(520, 264, "The weights of an axis of 10 samples that becomes 4, and its segments")
    base, top = 150, 40
    height = (base - top) / scale.half_width
    for i, taps in enumerate(scale.weights):
        colour = f"c{i % 2 + 1}"
        left, right = ((2 * i + 1) * scale.w + side * scale.half_width for side in (-1, 1))
        drawing.path([(scale.place(left), base), (scale.result(i), top), (scale.place(right), base)], f"{colour} line")
        drawing.text(scale.result(i), top - 8, f"result {i}: Σ {sum(weight for _, weight in taps)}")
        for j, weight in taps:
            y = base - weight * height
            drawing.line(scale.sample(j), base, scale.sample(j), y, f"{colour} thin")
            drawing.dot(scale.sample(j), y, f"{colour} fill")
            # A number stands outside its triangle; a low one within, off the dashed line; over the dot if two meet.
            low, meets = weight < 3, 2 * weight == scale.half_width
            leftwards = (scale.sample(j) < scale.result(i)) != low
            x, anchor = (0, "middle") if meets else (-6, "end") if leftwards else (6, "start")
            drawing.text(scale.sample(j) + x, y + (8 if low else -9 if meets else -5), weight, anchor, "small")
    drawing.line(scale.place(0), base, scale.place(2 * scale.v * scale.n_in), base)
    draw_samples(drawing, scale, base + 8)
    edges = [0, *((2 * i + 1) * scale.w for i in range(scale.n_out)), 2 * scale.v * scale.n_in]
    for s, (left, right) in enumerate(pairwise(edges)):
        x, y = scale.place(left), base + 62
        drawing.rect(x, y, (right - left) * scale.step, 26, "box soft" if s % 2 else "box")
        drawing.text(x + (right - left) * scale.step / 2, y + 17, f"segment {s}", kind="small")
        count = sum(left <= (2 * j + 1) * scale.v < right for j in range(scale.n_in))
        drawing.text(
            x + (right - left) * scale.step / 2, y + 42, f"{count} samples" if count != 1 else "1 sample", kind="small"
        )
    for i in range(scale.n_out):
        drawing.line(scale.result(i), top, scale.result(i), base + 88, "dashed")
    return drawing


def draw_taps():
    """4 samples to 6: each result between its two samples."""
    scale = Scale(4, 6, True, 520, 30)
    drawing = Drawing(520, 160, "The two taps of each result of an axis of 4 samples that becomes 6")
    draw_samples(drawing, scale, 10)
    for i, taps in enumerate(scale.weights):
        colour = f"c{i % 2 + 1}"
        for j, weight in taps:
            drawing.path([(scale.sample(j), 32), (scale.result(i), 128)], f"{colour} thin")
            x = scale.sample(j) * 0.2 + scale.result(i) * 0.8
            drawing.text(x + (-8 if scale.sample(j) < scale.result(i) else 8), 116, weight, kind="small")
        side = 2 * scale.w * scale.step
        drawing.rect(scale.result(i) - side / 2, 128, side, 22, "box")
        drawing.text(scale.result(i), 143, f"result {i}")
    return drawing

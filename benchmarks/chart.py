# SPDX-License-Identifier: MIT
"""The times of the peers by those of isopixel as a bar chart."""

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot
from matplotlib.patches import Patch

from benchmarks.report import OURS, number, ratio

COLORS = {
    "fast_image_resize": "#d1495b",
    "torch": "#edae49",
    "OpenCV AREA": "#45459a",
    "OpenCV LINEAR": "#7d7dd0",
    "OpenCV EXACT": "#b3b3e6",
    "Pillow": "#00798c",
    "pillow-simd": "#66c2c9",
    "zimg": "#777777",
    "libyuv": "#bbbbbb",
}
CAPTION = "time divided by isopixel's (logarithmic); one thread, hot source; right of 1×: isopixel is faster"
INK = "#333333"
STYLE = {
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelcolor": INK,
    "axes.edgecolor": "#999999",
}
GAP = 2  # bars that are left free between two cases
BAR_HEIGHT = 0.13  # inches
LABEL_ROOM = 4  # factor by which the axis goes beyond the longest bars, for the values at their ends


def draw(results, path):
    """Writes a PNG; the length of a bar is the minimum of a peer with a hot source, divided by that of isopixel."""
    records = results["cases"]
    halves = split(records)
    rows = max(map(height, halves))
    with pyplot.rc_context(STYLE):
        size = (10, rows * BAR_HEIGHT + 1.2)
        figure, panels = pyplot.subplots(1, 2, figsize=size, sharex=True, layout="constrained")
        for axes, half in zip(panels, halves, strict=True):
            draw_panel(axes, half, rows)
        ratios = [ratio(record["hot"], name) for record in records for name in shown(record)]
        axes.set_xlim(min(1, *ratios) / LABEL_ROOM, max(1, *ratios) * LABEL_ROOM)
        names = [name for name in COLORS if any(name in record["hot"] for record in records)]
        figure.legend(
            [Patch(color=COLORS[name]) for name in names],
            [name if results["peers"][name]["counts"] else f"{name} (for information)" for name in names],
            loc="outside upper center",
            ncols=5,
            frameon=False,
            handlelength=1,
        )
        figure.supxlabel(CAPTION, fontsize=9)
        figure.savefig(path, dpi=150)
    pyplot.close(figure)


def shown(record):
    """The peers of a case, in the order of the bars."""
    return [name for name in COLORS if name in record["hot"]]


def height(records):
    """In bars."""
    return sum(len(shown(record)) + GAP for record in records)


def split(records):
    """The cases in two columns that are as even as may be."""
    cut = min(range(len(records)), key=lambda cut: max(height(records[:cut]), height(records[cut:])))
    return records[:cut], records[cut:]


def draw_panel(axes, records, rows):
    """Draws the bars of some cases, from the top down, where there is room for `rows` bars."""
    ticks, top = [], 0
    for record in records:
        times = record["hot"]
        names = shown(record)
        for place, name in enumerate(names, top):
            draw_bar(axes, place, ratio(times, name), COLORS[name])
        ticks.append((top + (len(names) - 1) / 2, f"{record['case']}\nisopixel {number(times[OURS]['minimum'])} ms"))
        top += len(names) + GAP
    axes.set_ylim(rows - GAP, -1)
    axes.set_yticks(*zip(*ticks, strict=True))
    axes.tick_params("y", length=0)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}×")
    axes.axvline(1, color=INK, linewidth=1)
    axes.grid(axis="x", color="#e5e5e5", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)


def draw_bar(axes, place, value, color):
    """Draws a bar from 1 to value, with the value at its end."""
    axes.barh(place, value - 1, 0.9, left=1, color=color)
    axes.annotate(
        f"{value:.{0 if value > 9.95 else 1 if value > 0.995 else 2}f}×",
        (value, place),
        (3 if value >= 1 else -3, 0),
        textcoords="offset points",
        ha="left" if value >= 1 else "right",
        va="center_baseline",
        fontsize=7,
    )

# SPDX-License-Identifier: MIT
"""How the time grows with the source, and with the scale: isopixel beside the best two peers."""

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot

from benchmarks.cases import NET, Case
from benchmarks.chart import COLORS, STYLE
from benchmarks.measure import interleaved

NAMES = ("isopixel", "fast_image_resize", "torch")
SOURCES = tuple(Case("triangle", (side, side, 3), NET) for side in (64, 256, 320, 512, 768, 1024, 2048, 4096, 8192))
SIDE = 2048  # of the source that becomes smaller and smaller
SCALES = (1.14, 1.5, 2, 3, 4, 6, 9, 16, 32, 64)
RESULTS = tuple(Case("triangle", (SIDE, SIDE, 3), (round(SIDE / scale),) * 2) for scale in SCALES)
OURS_COLOR = "#222222"


def measure(columns, seconds, cache, progress):
    """The minima in milliseconds, by peers, for each case: with the sources, and with the scales."""
    peers = [peer for peer in columns if peer.name in NAMES]
    records = {}
    for part, cases in (("sources", SOURCES), ("scales", RESULTS)):
        records[part] = []
        for case in cases:
            progress(f"scaling: {case.name}")
            image = case.source()
            runners = {peer.name: peer.make(case, [image]) for peer in peers}
            times = interleaved(runners, 1, seconds, warm=case.nbytes <= cache)
            least = {name: min(values) for name, values in times.items()}
            records[part].append({"source": case.shape[0], "result": case.size[0], "milliseconds": least})
    return records


def draw(records, path):
    """Writes a PNG of two panels, with logarithmic axes."""
    panels = (
        ("sources", "source", "side of a square RGB source, to 224²"),
        ("scales", None, f"scale of {SIDE}² RGB"),
    )
    with pyplot.rc_context(STYLE):
        figure, all_axes = pyplot.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
        for axes, (part, key, label) in zip(all_axes, panels, strict=True):
            rows = records[part]
            x = [row[key] if key else row["source"] / row["result"] for row in rows]
            for name in NAMES:
                y = [row["milliseconds"].get(name) for row in rows]
                if None not in y:
                    axes.plot(x, y, marker="o", markersize=3, color=COLORS.get(name, OURS_COLOR), label=name)
            axes.set(xscale="log", yscale="log", xlabel=label, ylabel="milliseconds")
            axes.grid(which="major", alpha=0.3)
            axes.spines[["top", "right"]].set_visible(False)
        all_axes[0].legend(frameon=False)
        figure.savefig(path, dpi=150)
        pyplot.close(figure)

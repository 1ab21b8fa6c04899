# SPDX-License-Identifier: MIT
"""Heat-maps of what the pairs of training and serving give."""


def draw(path, title, names, panels):
    """Writes a PNG with a heat-map for each panel: its title, its shares (trained, served), and its colours."""
    import matplotlib  # here, since the tests of the rest do without it

    matplotlib.use("Agg")
    from matplotlib import pyplot

    scale = max(1, len(names) / 6)
    figure, places = pyplot.subplots(1, len(panels), figsize=(10.5 * scale, 5 * scale), layout="constrained")
    for first, (axes, (heading, shares, colours)) in enumerate(zip(places, panels, strict=True)):
        axes.imshow(shares, cmap=colours, vmin=0, vmax=1)
        axes.set_title(heading, fontsize=11)
        axes.set_xticks(range(len(names)), names, rotation=35, ha="right")
        axes.set_yticks(range(len(names)), names if first == 0 else [""] * len(names))
        axes.set_xlabel("served with")
        if first == 0:
            axes.set_ylabel("trained with")
        for (row, column), share in ((place, shares[place]) for place in _places(shares)):
            red, green, blue, _ = matplotlib.colormaps[colours](share)
            is_dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.5
            text = f"{100 * share:.1f}"
            axes.text(column, row, text, ha="center", va="center", color="white" if is_dark else "black")
    figure.suptitle(title)
    figure.savefig(path, dpi=90)
    pyplot.close(figure)


def _places(shares):
    return [(row, column) for row in range(shares.shape[0]) for column in range(shares.shape[1])]

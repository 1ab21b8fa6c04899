# SPDX-License-Identifier: MIT
"""The directive `method-table`: what `isopixel.methods()` returns of a library, as a table."""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

import isopixel

HEADER = ("method", "computes", "releases measured", "channels")


def row(method):
    """Returns the cells of one method, each a node."""
    releases = " … ".join(dict.fromkeys(method.releases)) if method.releases else "–"
    channels = method.channels
    if channels is None:
        channels = "any"
    elif isinstance(channels, range):
        channels = f"{channels[0]} … {channels[-1]}"
    else:
        channels = ", ".join(map(str, channels))
    texts = (nodes.literal("", method.name), nodes.Text(method.call), nodes.Text(releases), nodes.Text(channels))
    return [nodes.paragraph("", "", text) for text in texts]


class MethodTable(SphinxDirective):
    """A row for each method of the library that it names, in the order of the core."""

    required_arguments = 1

    def run(self):
        (library,) = self.arguments
        group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (3, 5, 2, 1)), cols=4)
        head = [nodes.paragraph("", title) for title in HEADER]
        group += nodes.thead("", self._row(head))
        group += nodes.tbody(
            "", *(self._row(row(method)) for method in isopixel.methods() if method.library == library)
        )
        return [nodes.table("", group)]

    @staticmethod
    def _row(cells):
        return nodes.row("", *(nodes.entry("", cell) for cell in cells))


def setup(app):
    app.add_directive("method-table", MethodTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

# SPDX-License-Identifier: MIT
"""The directive `drawing`: a drawing of docs/figures, made anew, with the directive's text as its caption."""

from importlib import import_module

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class DrawingDirective(SphinxDirective):
    """Its argument is a module of docs/figures, and after a point the function, if that is not `draw`."""

    required_arguments = 1
    has_content = True

    def run(self):
        module, _, function = self.arguments[0].partition(".")
        drawing = getattr(import_module(f"figures.{module}"), function or "draw")()
        figure = nodes.figure("", nodes.raw("", str(drawing), format="html"))
        caption = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, caption)
        if caption.children:
            figure += nodes.caption("", "", *caption[0].children)
        return [figure]


def setup(app):
    app.add_directive("drawing", DrawingDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

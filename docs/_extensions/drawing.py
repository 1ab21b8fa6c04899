# SPDX-License-Identifier: MIT
"""The directive `drawing`: a drawing of docs/figures, made anew, with the directive's text as its caption."""

from importlib import import_module

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def drawn(name):
    """Returns a drawing as SVG."""
    module, _, function = name.partition(".")
    return str(getattr(import_module(f"figures.{module}"), function or "draw")())


class DrawingDirective(SphinxDirective):
    """Its arguments are modules of docs/figures; behind a point stands the function, if it is not `draw`."""

    required_arguments = 1
    optional_arguments = 1
    has_content = True

    def run(self):
        drawings = "".join(map(drawn, self.arguments))
        figure = nodes.figure("", nodes.raw("", f'<div class="drawing">{drawings}</div>', format="html"))
        caption = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, caption)
        if caption.children:
            figure += nodes.caption("", "", *caption[0].children)
        return [figure]


def setup(app):
    app.add_directive("drawing", DrawingDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

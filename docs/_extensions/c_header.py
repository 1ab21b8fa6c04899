# SPDX-License-Identifier: MIT
"""The directive `c-header`: include/isopixel.h as a page, from its comments and declarations."""

import re

from docutils import nodes
from docutils.statemachine import StringList
from header import HEADER, functions, members, paragraphs
from sphinx.util.docutils import SphinxDirective


class CHeader(SphinxDirective):
    """The header's paragraphs, with an entry of Sphinx's C domain for each function and type."""

    def run(self):
        self.env.note_dependency(str(HEADER))
        lines = []
        for comment, declarations in paragraphs(HEADER.read_text(encoding="utf-8")):
            if comment.startswith("SPDX"):
                continue
            if prototypes := functions(declarations):
                *others, last = (f":::{{c:function}} {prototype}" for prototype in prototypes)
                for directive in others:
                    lines += [directive, ":::", ""]
                lines += [last, "", *comment.splitlines(), ":::", ""]
            elif named := re.search(r"^typedef (struct|enum) (\w+)", declarations):
                definitions = members(declarations, ";" if named[1] == "struct" else ",")
                lines += [f"::::{{c:type}} {named[2]}", "", *comment.splitlines(), "", *definitions, "::::", ""]
            elif comment:
                lines += [*comment.splitlines(), ""]
        container = nodes.Element()
        self.state.nested_parse(StringList(lines, str(HEADER)), self.content_offset, container)
        return container.children


def setup(app):
    app.add_directive("c-header", CHeader)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

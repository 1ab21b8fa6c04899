# SPDX-License-Identifier: MIT
"""The directive `c-header`: include/isopixel.h as a page, from its comments and declarations.

The header is written in paragraphs: a comment, then what it is about, up to a blank line. A paragraph without a comment
is about what the paragraph before it said.
"""

import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

HEADER = Path(__file__).parents[2] / "include" / "isopixel.h"
COMMENT = re.compile(r"/\*(.*?)\*/\n?", re.DOTALL)
NOISE = re.compile(r"ISOPIXEL_API |extern \"C\" \{|^#.*$|^\}$", re.MULTILINE)


def paragraphs(text):
    """Yields (comment, declarations) of each paragraph of the header, either of them possibly empty."""
    for paragraph in re.split(r"\n\n(?=/\*|\S)", text):
        comment = COMMENT.match(paragraph)
        declarations = NOISE.sub("", paragraph[comment.end() :] if comment else paragraph).strip()
        yield (prose(comment[1]) if comment else ""), declarations


def prose(comment):
    """Returns a comment without its stars, as Markdown: what is indented by four is code already."""
    lines = [re.sub(r"^ ?\* ?", "", line) for line in comment.strip().splitlines()]
    return "\n".join(line[1:] if line.startswith(" - ") else line for line in lines)


def functions(declarations):
    """Returns the prototypes of functions, each on one line."""
    statements = (" ".join(s.split()) for s in declarations.split(";"))
    return [s for s in statements if re.match(r"(?!typedef)[\w *]+\w\(", s)]


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
            elif named := re.search(r"^typedef (?:struct|enum) (\w+)", declarations):
                code = ["```c", *declarations.splitlines(), "```"]
                lines += [f"::::{{c:type}} {named[1]}", "", *comment.splitlines(), "", *code, "::::", ""]
            elif comment:
                lines += [*comment.splitlines(), ""]
        container = nodes.Element()
        self.state.nested_parse(StringList(lines, str(HEADER)), self.content_offset, container)
        return container.children


def setup(app):
    app.add_directive("c-header", CHeader)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
